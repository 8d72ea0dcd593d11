//! What two administrators decide together, and one alone never does: accepting a refused extract, giving somebody a mandate.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::client::{Answer, Client};
use super::peer::{Person, Place, Serving, entity_code, personal_code};
use crate::country::Country;

const TABLE: &str = "raw_vrk__reklama";
const EXTRACT: &str = "vrk_reklama.v1.csv";
const WHY: &str = "VRK patvirtino: senos kampanijos iš išrašo išimtos.";

/// An administrator who is signed in.
struct Admin {
    person: Person,
    client: Client,
    account: i64,
}

impl Admin {
    fn csrf(&mut self) -> String {
        self.client.get("/administravimas").hidden("_csrf")
    }

    /// Sends a form with the token and the password.
    fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let (csrf, password) = (self.csrf(), self.person.password.clone());
        let own = [("_csrf", csrf.as_str()), ("slaptazodis", password.as_str())];
        self.client.post(path, &[&own, fields].concat())
    }

    /// Proposes to accept what was refused; gives the proposal's number.
    fn proposes(&mut self) -> i64 {
        let path = format!("/administravimas/israsas/{TABLE}");
        let extract = self.client.get(&path).hidden("israsas");
        number(&self.send(&path, &[("israsas", &extract), ("priezastis", WHY)]))
    }

    fn decides(&mut self, proposal: i64, decision: &str) -> Answer {
        self.send(&format!("/administravimas/siulymas/{proposal}"), &[("sprendimas", decision)])
    }
}

/// The proposal that an answer leads to.
fn number(answer: &Answer) -> i64 {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location.as_deref().and_then(|location| location.strip_prefix("/administravimas/siulymas/")).unwrap().parse().unwrap()
}

fn admin(place: &Place, serving: &Serving, person: Person) -> Admin {
    let client = place.sign_in(serving, &person);
    let account = count(place, &format!("SELECT id FROM account WHERE login = '{}'", person.login));
    Admin { person, client, account }
}

fn count(place: &Place, sql: &str) -> i64 {
    let store = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    store.read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

fn people(place: &Place, numbers: &[u32]) -> Vec<Person> {
    numbers.iter().map(|number| place.person(*number, "administratorius", &entity_code(900), "Registrų centras")).collect()
}

/// Every so manieth row goes, but the heading.
fn shrink(country: &Country, every: usize) {
    country.rewrite(EXTRACT, |row, line| (row % every == 0).then(|| line.to_owned()));
}

fn result(country: &Country) -> Value {
    country.status()["sources"].as_array().unwrap().iter().find(|line| line["table"] == TABLE).unwrap()["result"].clone()
}

fn acceptances(country: &Country) -> Vec<Value> {
    let text = fs::read_to_string(country.path("state/acceptances.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn two_administrators_accept_a_refused_extract_and_the_next_night_takes_it_and_one_alone_never_does() {
    let Some(place) = Place::prepare(201) else { return };
    let country = &place.country;
    let rows = || country.table("public", "reklama").len();
    let before = rows();
    let people = people(&place, &[1, 2]);
    shrink(country, 2);
    country.ok(&["run"]);
    assert_eq!(result(country), "stale");
    let serving = place.serve();
    let [mut one, mut other] = [0, 1].map(|at| admin(&place, &serving, people[at].clone()));

    // What everybody who administers sees: the source is stale, and why, in words.
    let page = one.client.get("/administravimas").text();
    assert!(page.contains("gerų eilučių gerokai mažiau negu praėjusį kartą") && page.contains("Kodėl ir ką daryti"), "{page}");
    let path = format!("/administravimas/israsas/{TABLE}");
    let extract = one.client.get(&path).hidden("israsas");
    // Without the password, with a reason that says nothing or holds a code, for another extract: nothing is proposed.
    let csrf = one.csrf();
    let mut refused = |fields: &[(&str, &str)], status: u16, word: &str| {
        let answer = one.client.post(&path, &[&[("_csrf", csrf.as_str())], fields].concat());
        assert!(answer.status == status && answer.text().contains(word), "{word}: {} {}", answer.status, answer.text());
    };
    let password = people[0].password.clone();
    let secret = format!("{} patvirtino, kad gerai", personal_code(784));
    refused(&[("israsas", &extract), ("priezastis", WHY)], 422, "slaptažodis neteisingas");
    refused(&[("israsas", &extract), ("priezastis", WHY), ("slaptazodis", "ne tas slaptažodis")], 422, "slaptažodis neteisingas");
    refused(&[("israsas", &extract), ("priezastis", &secret), ("slaptazodis", &password)], 422, "asmens kodo");
    refused(&[("israsas", &extract), ("priezastis", "gerai"), ("slaptazodis", &password)], 422, "bent 10");
    refused(&[("israsas", &"0".repeat(64)), ("priezastis", WHY), ("slaptazodis", &password)], 409, "Išrašas pasikeitė");
    assert_eq!(count(&place, "SELECT count(*) FROM proposal"), 0);

    let proposal = one.proposes();
    let again = one.send(&path, &[("israsas", &extract), ("priezastis", WHY)]);
    assert!(again.status == 409 && again.text().contains("Jau pasiūlyta"), "{}", again.text());
    // Alone: not in this session, and not in another one of the same account.
    let mut second = Admin { client: sign_in_next(&serving, &one.person), person: one.person.clone(), account: one.account };
    for alone in [&mut one, &mut second] {
        let answer = alone.decides(proposal, "patvirtinti");
        assert!(answer.status == 403 && answer.text().contains("Reikia kito administratoriaus"), "{}", answer.text());
        assert_eq!(alone.decides(proposal, "atmesti").status, 403);
    }
    assert!(acceptances(country).is_empty());
    country.ok(&["run"]);
    assert_eq!((result(country), rows()), ("stale".into(), before), "what one proposed lets nothing in");

    // The other one sees who proposes what, and why; confirms; and cannot do so twice.
    let page = other.client.get(&format!("/administravimas/siulymas/{proposal}")).text();
    assert!(page.contains(WHY) && page.contains(&extract) && page.contains(&format!("(paskyra {})", one.account)), "{page}");
    assert_eq!(other.decides(proposal, "atsaukti").status, 403, "another's proposal is not taken back");
    let confirmed = other.decides(proposal, "patvirtinti");
    assert_eq!(confirmed.status, 303, "{}", confirmed.text());
    let again = other.decides(proposal, "patvirtinti");
    assert!(again.status == 409 && again.text().contains("Jau nuspręsta"), "{}", again.text());
    let [accepted] = &acceptances(country)[..] else { panic!("{:?}", acceptances(country)) };
    assert_eq!((&accepted["source"], &accepted["extract"], &accepted["why"]), (&"vrk".into(), &extract.as_str().into(), &WHY.into()));
    assert_eq!(accepted["who"], format!("account {} of the form endpoint", one.account));
    assert_eq!(accepted["confirmed_by"], format!("account {} of the form endpoint", other.account));
    assert!(accepted["when"].as_str() > accepted["proposed"].as_str());
    assert!(other.client.get("/administravimas").text().contains("Priimtas: paims kita naktis"));
    country.ok(&["run"]);
    assert!(result(country) != "stale" && rows() < before, "{} of {before}", rows());
    let log = country.ok(&["audit-log", "show"]);
    for action in ["\"propose\"", "\"confirm proposal\""] {
        assert_eq!(log.matches(action).count(), 1, "{action}");
    }
    assert!(log.contains(WHY) && !log.contains(&personal_code(784)));
    country.ok(&["audit-log", "verify"]);
}

/// A sign-in with the code that comes next: the one of now is used up.
fn sign_in_next(serving: &Serving, person: &Person) -> Client {
    let mut client = Client::new(serving.port);
    let next = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 30;
    let code = person.totp.generate(next).to_string();
    let answer = client.post("/prisijungti", &[("vardas", &person.login), ("slaptazodis", &person.password), ("kodas", &code)]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    client
}

#[test]
fn a_confirmation_that_comes_too_late_or_of_somebody_who_may_no_more_accepts_nothing_and_says_so() {
    let Some(place) = Place::prepare(202) else { return };
    let country = &place.country;
    let people = people(&place, &[1, 2, 3]);
    let list = fs::read_to_string(country.path("mandates.csv")).unwrap();
    let without = |person: &Person| {
        let kept: String = list.lines().filter(|line| !line.starts_with(&person.code)).map(|line| format!("{line}\n")).collect();
        fs::write(country.path("mandates.csv"), kept).unwrap();
        country.ok(&["mandates", "import", "mandates.csv"]);
    };
    shrink(country, 2);
    country.ok(&["run"]);
    let serving = place.serve();
    let [mut one, mut two, mut three] = [0, 1, 2].map(|at| admin(&place, &serving, people[at].clone()));
    let told = |answer: &Answer, status: u16, word: &str| {
        assert!(answer.status == status && answer.text().contains(word), "{word}: {} {}", answer.status, answer.text());
        assert!(acceptances(country).is_empty(), "{word}");
    };
    // Another extract came meanwhile: that is not what was proposed.
    let proposal = one.proposes();
    country.rewrite(EXTRACT, |row, line| (row % 3 != 1).then(|| line.to_owned()));
    country.ok(&["run"]);
    assert_eq!(result(country), "stale");
    told(&two.decides(proposal, "patvirtinti"), 409, "Išrašas pasikeitė");
    told(&two.decides(proposal, "patvirtinti"), 409, "Jau nuspręsta");
    // Whoever proposed it is no administrator any more.
    let proposal = one.proposes();
    without(&people[0]);
    told(&two.decides(proposal, "patvirtinti"), 409, "Siūlytojas nebėra administratorius");
    assert_eq!(one.client.get("/administravimas").location.as_deref(), Some("/vaidmuo"), "and sees nothing more");
    // Nor is whoever would confirm.
    let proposal = three.proposes();
    let (csrf, password) = (two.csrf(), people[1].password.clone());
    without(&people[1]);
    let fields = [("_csrf", csrf.as_str()), ("slaptazodis", &password), ("sprendimas", "patvirtinti")];
    let answer = two.client.post(&format!("/administravimas/siulymas/{proposal}"), &fields);
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/vaidmuo")));
    assert!(acceptances(country).is_empty());
    // What is declined or taken back is not accepted either.
    fs::write(country.path("mandates.csv"), &list).unwrap();
    country.ok(&["mandates", "import", "mandates.csv"]);
    assert_eq!(one.decides(proposal, "atmesti").status, 303);
    told(&two.decides(proposal, "patvirtinti"), 409, "Jau nuspręsta");
    let proposal = three.proposes();
    assert_eq!(three.decides(proposal, "atsaukti").status, 303);
    told(&two.decides(proposal, "patvirtinti"), 409, "Jau nuspręsta");

    // Two confirm at the same moment: one of them does, the other one is told.
    let proposal = three.proposes();
    let path = format!("/administravimas/siulymas/{proposal}");
    let ready: Vec<_> = [&mut one, &mut two].map(|admin| (admin.csrf(), admin.person.password.clone(), admin.client.clone())).into();
    let statuses = std::thread::scope(|scope| {
        let confirm = |(csrf, password, mut client): (String, String, Client)| {
            let path = &path;
            scope.spawn(move || {
                let fields = [("_csrf", csrf.as_str()), ("slaptazodis", password.as_str()), ("sprendimas", "patvirtinti")];
                client.post(path, &fields).status
            })
        };
        let both: Vec<_> = ready.into_iter().map(confirm).collect();
        both.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(statuses == [303, 409] || statuses == [409, 303], "{statuses:?}");
    assert_eq!(acceptances(country).len(), 1);
    // The endpoint takes no more proposals of what is accepted already.
    let page = three.client.get(&format!("/administravimas/israsas/{TABLE}")).text();
    assert!(page.contains("Šis išrašas priimtas") && !page.contains("Siūlyti priimti"), "{page}");
}

#[test]
fn a_mandate_is_given_by_two_who_both_know_the_person_and_taken_away_by_one() {
    let Some(place) = Place::prepare(203) else { return };
    let country = &place.country;
    let people = people(&place, &[1, 2, 3]);
    let somebody = place.person(4, "istaiga", &entity_code(901), "Pavyzdžių įstaiga");
    let serving = place.serve();
    let [mut one, mut two] = [0, 1].map(|at| admin(&place, &serving, people[at].clone()));
    let path = "/administravimas/igaliojimai/naujas";
    let code = entity_code(902);
    let secret = personal_code(785);
    let form = |person: &str, role: &'static str| {
        let name = "Įstaiga <script>alert(1)</script> „Ąžuolas“".to_owned();
        [
            ("kodas", person.to_owned()),
            ("vaidmuo", role.to_owned()),
            ("organizacija", code.clone()),
            ("pavadinimas", name),
            ("pastas", "naujas@example.invalid".to_owned()),
            ("nuo", "2026-01-01".to_owned()),
            ("iki", String::new()),
            ("priezastis", "Naujas darbuotojas, įsakymas 2026/11.".to_owned()),
        ]
    };
    let propose = |admin: &mut Admin, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        admin.send(path, &fields)
    };
    // What is wrong is told at its field, and no code comes back.
    for (field, value, word) in [
        ("kodas", "38501010001", "asmens kodas"),
        ("vaidmuo", "ministras", "Pasirinkite rolę"),
        ("organizacija", "123456789", "juridinio asmens kodas"),
        ("pavadinimas", " ", "pavadinimą"),
        ("pavadinimas", secret.as_str(), "asmens kodo"),
        ("pastas", "be ženklo", "el. pašto adresas"),
        ("nuo", "vakar", "pirmą dieną"),
        ("iki", "2025-01-01", "Paskutinė diena"),
        ("priezastis", secret.as_str(), "asmens kodo"),
    ] {
        let mut fields = form(&secret, "km");
        fields.iter_mut().find(|(name, _)| *name == field).unwrap().1 = value.to_owned();
        let answer = propose(&mut one, &fields);
        assert!(answer.status == 422 && answer.text().contains(word), "{field}: {}", answer.text());
        let times = usize::from(field == "pavadinimas" && value == secret) + usize::from(field == "priezastis");
        assert_eq!(answer.text().matches(&secret).count(), times, "{field}: what was typed comes back in its own field alone");
    }
    let answer = propose(&mut one, &form(&people[0].code, "km"));
    assert!(answer.status == 422 && answer.text().contains("Įgaliojimo sau"), "nobody gives themselves a right: {}", answer.text());
    assert_eq!(count(&place, "SELECT count(*) FROM proposal"), 0);

    let proposal = number(&propose(&mut one, &form(&somebody.code, "km")));
    let address = format!("/administravimas/siulymas/{proposal}");
    let page = two.client.get(&address).text();
    assert!(page.contains("Įstaiga &lt;script&gt;") && !page.contains("<script>alert"), "{page}");
    assert!(page.contains("Ąžuolas Išgalvotasis4") && !page.contains(&somebody.code), "{page}");
    let confirm = |admin: &mut Admin, code: &str| admin.send(&address, &[("sprendimas", "patvirtinti"), ("kodas", code)]);
    assert_eq!(confirm(&mut one, &somebody.code).status, 403, "not by who proposed it");
    let other = confirm(&mut two, &secret);
    assert!(other.status == 422 && other.text().contains("Tai ne to žmogaus") && !other.text().contains(&secret), "{}", other.text());
    let given = format!("SELECT count(*) FROM mandate WHERE organisation_code = '{code}'");
    assert_eq!(count(&place, &given), 0);
    assert_eq!((confirm(&mut two, &somebody.code).status, count(&place, &given)), (303, 1));
    assert_eq!(confirm(&mut two, &somebody.code).status, 409);
    let answer = propose(&mut one, &form(&somebody.code, "km"));
    assert!(answer.status == 422 && answer.text().contains("jau yra"), "{}", answer.text());
    // Nor does whoever confirms get anything by it.
    let proposal = number(&propose(&mut one, &form(&people[1].code, "km")));
    let answer = two.send(&format!("/administravimas/siulymas/{proposal}"), &[("sprendimas", "patvirtinti"), ("kodas", &people[1].code)]);
    assert!(answer.status == 403 && answer.text().contains("Įgaliojimas sau"), "{}", answer.text());

    // It is found by the organisation or the person, with the role; what is looked for is sent, not put into an address.
    let csrf = one.csrf();
    let mut find = |words: &str, role: &str| {
        let page = one.client.post("/administravimas/igaliojimai", &[("_csrf", &csrf), ("ieskoti", words), ("vaidmuo", role)]);
        (page.text().matches("<tr><th scope=\"row\">").count(), page.text())
    };
    assert_eq!(find(&code, "").0, 1);
    assert_eq!(find("istaiga <script>", "").0, 1);
    assert_eq!(find("isgalvotasis4", "").0, 2);
    assert_eq!((find("isgalvotasis4", "km").0, find("isgalvotasis4", "lrtk").0), (1, 0));
    let (_, page) = find("", "");
    for person in people.iter().chain([&somebody]) {
        assert!(!page.contains(&person.code), "no code is shown");
    }

    // The right is there at once, and gone at once.
    let mut client = sign_in_next(&serving, &somebody);
    let id = count(&place, &format!("SELECT id FROM mandate WHERE organisation_code = '{code}'"));
    let page = client.get("/vaidmuo");
    client.post("/vaidmuo", &[("_csrf", &page.hidden("_csrf")), ("igaliojimas", &id.to_string())]);
    assert_eq!(client.get("/ataskaitos").status, 200);
    let address = format!("/administravimas/igaliojimai/{id}");
    let mark = one.client.get(&address).hidden("zyme");
    let end = |admin: &mut Admin, mark: &str| admin.send(&address, &[("zyme", mark), ("priezastis", "Žmogus nebedirba įstaigoje.")]);
    assert_eq!(end(&mut one, "kita").status, 409, "a number that another mandate has now");
    let ended = end(&mut one, &mark);
    assert_eq!((ended.status, ended.location.as_deref(), count(&place, &given)), (303, Some("/administravimas/igaliojimai?baigta=1"), 0));
    assert_eq!(client.get("/ataskaitos").location.as_deref(), Some("/vaidmuo"));

    // One administrator alone does not turn another one out.
    let third =
        format!("SELECT mandate.id FROM mandate JOIN account ON account.person = mandate.person WHERE login = '{}'", people[2].login);
    let id = count(&place, &third);
    let address = format!("/administravimas/igaliojimai/{id}");
    let mark = one.client.get(&address).hidden("zyme");
    let proposal = number(&one.send(&address, &[("zyme", &mark), ("priezastis", "Išėjo iš darbo lapkritį.")]));
    assert_eq!((one.decides(proposal, "patvirtinti").status, count(&place, &third)), (403, id));
    assert_eq!(two.decides(proposal, "patvirtinti").status, 303);
    assert_eq!(count(&place, &format!("SELECT count(*) FROM ({third})")), 0);

    // Codes stand in no page, log, audit entry or file of the store.
    let log = country.ok(&["audit-log", "show"]);
    for action in ["\"propose\"", "\"confirm proposal\"", "\"end mandate\""] {
        assert!(log.contains(action), "{action}");
    }
    let served = fs::read_to_string(country.path("serve.log")).unwrap();
    for person in people.iter().map(|person| &person.code).chain([&somebody.code, &secret]) {
        assert!(!log.contains(person) && !served.contains(person));
        for file in ["forms/forms.sqlite", "forms/forms.sqlite-wal"] {
            let bytes = fs::read(country.path(file)).unwrap_or_default();
            assert!(!bytes.windows(person.len()).any(|part| part == person.as_bytes()), "{file}");
        }
    }
    country.ok(&["audit-log", "verify"]);
}

//! Several submissions of one organisation in one signature: each gets a receipt of its own or stays as it is, and nobody sees more by it.

use forms::store::Durability;

use super::client::Answer;
use super::ground::{Ground, Visitor, ground};
use super::safety::FUNDS;
use super::way::{draft, press};

/// Two VIRS that no test has for itself alone: they are the last ones to be given away.
fn two_virs(ground: &Ground) -> [String; 2] {
    let virs = ground.place.country.table("public", "virs");
    let mut codes = virs.iter().filter(|row| row["virs_iki"].is_null()).map(|row| row["ja_kodas"].as_str().unwrap().to_owned());
    [codes.next().unwrap(), codes.next().unwrap()]
}

/// A submission that waits for its signature, and its document.
fn ready(visitor: &mut Visitor, virs: &str) -> (i64, Vec<u8>) {
    let id = draft(&mut visitor.client, "lesos", virs);
    assert_eq!(press(&mut visitor.client, id, "tikrinti", FUNDS).status, 303);
    assert_eq!(visitor.send(id, "perziureta"), 303);
    (id, visitor.client.get(&format!("/pateiktis/{id}/dokumentas.pdf")).body)
}

/// What the page says of the versions that it shows.
fn versions(page: &str) -> Vec<(String, String)> {
    let field = |rest: &str| {
        let mut parts = rest.split('"');
        Some((format!("versija-{}", parts.next()?), parts.nth(1)?.to_owned()))
    };
    page.split("name=\"versija-").skip(1).map(|rest| field(rest).unwrap()).collect()
}

/// Sends a container from the page as it is now.
fn send(visitor: &mut Visitor, container: &[u8]) -> Answer {
    let page = visitor.client.get("/pasirasyti-kartu");
    let shown = versions(&page.text());
    send_from(visitor, &page, &shown, container)
}

fn send_from(visitor: &mut Visitor, page: &Answer, shown: &[(String, String)], container: &[u8]) -> Answer {
    let csrf = page.hidden("_csrf");
    let mut fields = vec![("_csrf", csrf.as_str())];
    fields.extend(shown.iter().map(|(name, version)| (name.as_str(), version.as_str())));
    visitor.client.upload("/pasirasyti-kartu", &fields, ("konteineris", "dokumentai.asice", container)).unwrap()
}

/// The state of a submission, and how often it was handed in, by the audit log.
fn state(ground: &Ground, id: i64) -> (String, i64) {
    let state = ground.store.read(|connection| {
        Ok(connection.query_row("SELECT state || ' ' || (receipt IS NOT NULL) FROM submission WHERE id = ?1", [id], |row| row.get(0))?)
    });
    (state.unwrap(), ground.count(&format!("SELECT count(*) FROM audit WHERE action = 'submit' AND object = 'submission {id}'")))
}

fn waits() -> (String, i64) {
    ("reviewed 0".to_owned(), 0)
}

fn handed_in() -> (String, i64) {
    ("submitted 1".to_owned(), 1)
}

#[test]
fn what_waits_is_signed_in_one_container_and_each_gets_a_receipt_of_its_own() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let mut owner = ground.somebody("virs");
    let [one, other] = two_virs(ground);
    let virs = [owner.code.clone(), one, other];
    let empty = visitor.client.get("/pasirasyti-kartu");
    assert!(empty.status == 200 && empty.text().contains("Parašo nelaukia nė vienas"), "{}", empty.text());
    assert_eq!(visitor.client.get("/pasirasyti-kartu/dokumentai.zip").status, 404);
    let (first, first_document) = ready(&mut visitor, &virs[0]);
    assert!(!visitor.client.get("/pradzia").text().contains("/pasirasyti-kartu"), "one alone is signed alone");
    let (second, second_document) = ready(&mut visitor, &virs[1]);
    let (third, third_document) = ready(&mut visitor, &virs[2]);
    for page in ["/pradzia".to_owned(), format!("/pateiktis/{first}")] {
        assert!(visitor.client.get(&page).text().contains("href=\"/pasirasyti-kartu\""), "{page}");
    }
    // All of them, and nothing that is another's.
    let mut other = ground.somebody("istaiga");
    let (others, others_document) = ready(&mut other, &virs[1]);
    let page = visitor.client.get("/pasirasyti-kartu");
    let shown: Vec<String> = versions(&page.text()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(shown, [first, second, third].map(|id| format!("versija-{id}")));
    let bundle = visitor.client.get("/pasirasyti-kartu/dokumentai.zip").body;
    let times = |wanted: &[u8]| bundle.windows(wanted.len()).filter(|window| *window == wanted).count();
    assert_eq!(times(b"PK\x01\x02"), 3, "so many files");
    for (id, document) in [(first, &first_document), (second, &second_document), (third, &third_document)] {
        assert_eq!((times(format!("VIRSIS-{id:06}.pdf").as_bytes()), times(document)), (2, 1), "as it is, under its name");
    }
    // A file that is none of these documents, another organisation's among them, refuses all; so does another signer.
    let code = visitor.person.code.clone();
    let sign = |code: &str, documents: &[&[u8]]| ground.place.sign_together(code, documents);
    for (wrong, container) in [
        ("another organisation's", sign(&code, &[&first_document, &second_document, &others_document])),
        ("something else", sign(&code, &[&first_document, b"%PDF-1.7 something else", &second_document])),
        ("one twice", sign(&code, &[&first_document, &second_document, &second_document])),
        ("only another's", sign(&code, &[&others_document])),
        ("another signer", sign(&other.person.code, &[&first_document, &second_document])),
        ("no container", first_document.clone()),
        ("not signed", b"PK\x03\x04".to_vec()),
    ] {
        let answer = send(&mut visitor, &container);
        assert!(answer.status == 422 && answer.text().contains("Nieko nepateikta"), "{wrong}: {}", answer.text());
    }
    let good = sign(&code, &[&first_document, &second_document]);
    // Of what the page did not show, or showed as another version, nothing is handed in.
    let all = versions(&page.text());
    let older: Vec<_> = all.iter().map(|(name, version)| (name.clone(), (version.parse::<i64>().unwrap() - 1).to_string())).collect();
    for shown in [older.as_slice(), &all[1..], &[]] {
        assert_eq!(send_from(&mut visitor, &page, shown, &good).status, 422, "{shown:?}");
    }
    for id in [first, second, third, others] {
        assert_eq!(state(ground, id), waits());
    }
    let done = send(&mut visitor, &good);
    assert_eq!(done.status, 200, "{}", done.text());
    let text = done.text();
    let receipts: std::collections::BTreeSet<&str> =
        text.split("numeris <strong>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert!(receipts.len() == 2 && receipts.iter().all(|receipt| receipt.starts_with("VIRSIS-")), "{text}");
    assert_eq!(text.matches("Šio dokumento pasirašytame faile nėra").count(), 1, "the one that is missing is named: {text}");
    assert_eq!(versions(&text).len(), 1);
    assert_eq!([first, second, third, others].map(|id| state(ground, id)), [handed_in(), handed_in(), waits(), waits()]);
    let letter = format!("SELECT count(*) FROM outbox WHERE id LIKE 'new-data-{first}-%'");
    assert_eq!(ground.count(&letter), 1, "the VIRS is told, as ever");
    assert_eq!(ground.count(&format!("SELECT count(DISTINCT container) FROM submission WHERE id IN ({first}, {second})")), 1);
    // Sent again it changes nothing.
    let again = send(&mut visitor, &good);
    assert!(again.status == 422 && again.text().contains("jau pateikti"), "{}", again.text());
    assert_eq!([first, second, third].map(|id| state(ground, id)), [handed_in(), handed_in(), waits()]);
    // The container holds what is said about others: the VIRS gets the document about itself, and no more.
    let container = format!("/pateiktis/{first}/pasirasyta.asice");
    assert_eq!(visitor.client.get(&container).body, good);
    assert_eq!(owner.client.get(&container).status, 403);
    let seen = owner.client.get(&format!("/pateiktis/{first}")).text();
    assert!(!seen.contains("pasirasyta.asice") && seen.contains("kitų pateikimų dokumentų"), "{seen}");
    assert_eq!(owner.client.get(&format!("/pateiktis/{first}/dokumentas.pdf")).body, first_document);
    assert_eq!(ground.somebody("km").client.get(&container).body, good, "whoever reads everything may have it");
    let mut colleague = ground.somebody_of("istaiga", &visitor.code);
    assert_eq!(colleague.client.get(&container).status, 403, "the signer's code is in it");
    assert_eq!(other.client.get(&container).status, 403);
}

#[test]
fn what_does_not_hold_any_more_is_left_and_the_same_container_brings_it_in_later() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let [one, other] = two_virs(ground);
    let (first, first_document) = ready(&mut visitor, &one);
    let (second, second_document) = ready(&mut visitor, &other);
    // What was right when its document was formed is so no more.
    let content = |from: &str, to: &str| {
        let sql = "UPDATE submission SET content = replace(content, ?2, ?3) WHERE id = ?1 AND content LIKE '%' || ?2 || '%'";
        let changed =
            ground.store.write::<_, forms::Error>(Durability::OnDisk, |transaction| Ok(transaction.execute(sql, (second, from, to))?));
        assert_eq!(changed.unwrap(), 1);
    };
    content("2026-02-02", "2999-02-02");
    let container = ground.place.sign_together(&visitor.person.code, &[&first_document, &second_document]);
    let sent = send(&mut visitor, &container);
    let text = sent.text();
    assert!(sent.status == 200 && text.contains("Nepateikta: tuo metu pasikeitė"), "{text}");
    assert_eq!([first, second].map(|id| state(ground, id)), [handed_in(), waits()]);
    // There is a document in it that nobody else may know of.
    let path = format!("/pateiktis/{first}/pasirasyta.asice");
    let mut ministry = ground.somebody("km");
    assert_eq!((visitor.client.get(&path).status, ministry.client.get(&path).status), (200, 403));
    content("2999-02-02", "2026-02-02");
    let sent = send(&mut visitor, &container);
    assert!(sent.status == 200 && sent.text().contains("Daugiau parašo nelaukia niekas"), "{}", sent.text());
    assert_eq!([first, second].map(|id| state(ground, id)), [handed_in(), handed_in()]);
    assert_eq!(ministry.client.get(&path).status, 200, "by now all of it was handed in");
}

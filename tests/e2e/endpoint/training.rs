//! The training environment: made, served, and gone through to a receipt by somebody who has nothing but what its start page shows; and that
//! nothing real can become one.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::browser::{modules, run_script};
use super::client::{Answer, Client};
use super::way::{draft, press};
use crate::country::home;
use crate::workbooks::sheets;

const NOTICE: &str = "Mokomoji aplinka: duomenys sugalvoti, parašai ir gavimo numeriai negalioja";

/// A training environment in a folder of its own, on ports of its own.
pub(super) struct School {
    pub(super) folder: tempfile::TempDir,
    pub(super) ports: [u16; 3],
}

pub(super) struct Lesson(Child);

impl Drop for Lesson {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn virsis(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_virsis"));
    command.env_clear().args(arguments).current_dir(folder);
    command
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// `virsis demo --training` into this folder.
fn demo(folder: &Path) -> Output {
    virsis(&home(), &["demo", "--training", "--dir", &folder.display().to_string()]).output().unwrap()
}

impl School {
    pub(super) fn make() -> (Self, String) {
        let folder = tempfile::tempdir().unwrap();
        let made = demo(folder.path());
        assert!(made.status.success(), "{}", error(&made));
        let free = [0; 3].map(|_: u16| TcpListener::bind("127.0.0.1:0").unwrap());
        let ports = free.map(|listener| listener.local_addr().unwrap().port());
        let school = Self { folder, ports };
        let settings = fs::read_to_string(school.settings()).unwrap();
        let settings = settings.replace(":8081", &format!(":{}", ports[0])).replace(":8082", &format!(":{}", ports[1]));
        fs::write(school.settings(), settings + &format!("\n[serve]\naddress = \"127.0.0.1:{}\"\nschedules = []\n", ports[2])).unwrap();
        (school, String::from_utf8(made.stdout).unwrap())
    }

    pub(super) fn settings(&self) -> PathBuf {
        self.folder.path().join("virsis.toml")
    }

    pub(super) fn serve(&self) -> Lesson {
        let log = fs::File::create(self.folder.path().join("serve.log")).unwrap();
        let mut command = virsis(self.folder.path(), &["--config", "virsis.toml", "serve"]);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let answers = lines.any(|line| line.unwrap().starts_with("form endpoint"));
        assert!(answers, "{}", fs::read_to_string(self.folder.path().join("serve.log")).unwrap());
        Lesson(child)
    }

    /// Why it cannot be served.
    fn refused(&self) -> String {
        let output = virsis(self.folder.path(), &["--config", "virsis.toml", "serve"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", error(&output));
        error(&output)
    }
}

/// Rows of the table on the helper's start page, by login: password, one-time code, name, organisation, its code.
fn accounts(page: &str) -> BTreeMap<String, Vec<String>> {
    let cell = |cell: &str| cell.split("</td>").next().unwrap().replace("<code>", "").replace("</code>", "");
    let rows = page.split("<tr><th scope=\"row\">").skip(1);
    let rows = rows.map(|row| row.split("<td>").skip(1).map(cell).collect::<Vec<_>>());
    rows.map(|mut row| (row.remove(0), row)).collect()
}

fn sign_in(school: &School, helper: &mut Client, login: &str) -> Client {
    let all = accounts(&helper.get("/").text());
    let mut client = Client::new(school.ports[0]);
    let fields = [("vardas", login), ("slaptazodis", all[login][0].as_str()), ("kodas", all[login][1].as_str())];
    let answer = client.post("/prisijungti", &fields);
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/pradzia")), "{}", answer.text());
    client
}

/// The path of an address on this machine.
fn path(address: &str) -> &str {
    let after = address.split("//").nth(1).unwrap();
    &after[after.find('/').unwrap()..]
}

/// From a draft that is filled in to the page after the press of „Pasirašyti“: who signs is `login`.
fn signed_in_helper(client: &mut Client, helper: &mut Client, id: i64, login: &str) -> Answer {
    let step = |client: &mut Client, path: &str| {
        let page = client.get(&format!("/pateiktis/{id}"));
        client.post(&format!("/pateiktis/{id}/{path}"), &[("_csrf", &page.hidden("_csrf")), ("_versija", &page.hidden("_versija"))])
    };
    let left = step(client, "rc");
    let to_sign = path(left.location.as_deref().unwrap()).to_owned();
    let page = helper.get(&to_sign).text();
    assert!(page.contains("Pasirašyti (mokomasis parašas)") && page.contains(NOTICE), "{page}");
    assert!(helper.post(&to_sign, &[("asmuo", "niekas")]).text().contains("Pasirinkite, kas pasirašo"));
    let signed = helper.post(&to_sign, &[("asmuo", login)]);
    assert_eq!((signed.status, path(signed.location.as_deref().unwrap())), (303, format!("/pateiktis/{id}/rc").as_str()));
    assert!(client.get(&format!("/pateiktis/{id}/rc")).text().contains("Pateikti modulyje pasirašytą dokumentą"));
    step(client, "rc/paimti")
}

/// Text of a page without its marks.
fn plain(page: &str) -> String {
    let text: String = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join("\u{1}");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn whoever_practises_gets_to_a_receipt_with_what_the_start_page_shows_and_everything_says_that_it_is_practice() {
    let (school, told) = School::make();
    for login in ["transliuotojas", "leidejas", "ministerija", "lrtk", "zeit", "viea", "istaiga", "administratorius2", "analitikas"] {
        assert!(told.lines().any(|line| line.contains(&format!(" {login} ")) && line.contains(&format!("mokomes-{login}"))), "{told}");
    }
    assert!(told.contains("virsis.toml serve") && told.contains("virsis demo --training --dir"), "{told}");
    let _lesson = school.serve();
    let mut helper = Client::new(school.ports[1]);
    let start = helper.get("/").text();
    assert!(start.contains(NOTICE) && start.contains("Kaip pradėti iš naujo") && start.contains("virsis.toml serve</code>"), "{start}");
    let all = accounts(&start);
    let mut seen = plain(&start);

    let mut client = sign_in(&school, &mut helper, "ministerija");
    let before = Client::new(school.ports[0]).get("/prisijungti").text();
    assert_eq!(before.matches(NOTICE).count(), 1, "{before}");
    seen += &plain(&before);
    let id = draft(&mut client, "imokos", &all["transliuotojas"][4]);
    let fee = [
        ("imokos.0.suma", "1250,00"),
        ("imokos.0.nustatymo_data", "2026-01-15"),
        ("imokos.0.galiojimo_data", "2026-12-31"),
        ("imokos.0.dokumento_nr", "MOK-1"),
    ];
    assert_eq!(press(&mut client, id, "tikrinti", &fee).status, 303);
    let page = client.get(&format!("/pateiktis/{id}"));
    let reviewed = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
    let reviewed = reviewed.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(client.post(&format!("/pateiktis/{id}/perziureta"), &reviewed).status, 303);
    seen += &plain(&client.get(&format!("/pateiktis/{id}")).text());

    let refused = signed_in_helper(&mut client, &mut helper, id, "lrtk");
    assert_eq!(refused.status, 422, "somebody else's signature");
    let told = refused.text();
    assert!(
        told.contains("href=\"#modulis\">Pasirašė kitas asmuo")
            && told.contains("id=\"modulis\">Pasirašyti Registrų centro modulyje iš naujo"),
        "{told}"
    );
    assert!(!told.contains("id=\"konteineris-klaida\""), "nobody chose a file: {told}");
    let done = signed_in_helper(&mut client, &mut helper, id, "ministerija");
    assert_eq!(done.location.as_deref(), Some(format!("/pateiktis/{id}?pateikta=1").as_str()), "{}", done.text());
    let receipt = client.get(&format!("/pateiktis/{id}?pateikta=1")).text();
    assert!(receipt.contains("Pateikimo numeris: <strong>VIRSIS-") && receipt.contains(NOTICE), "{receipt}");
    seen += &plain(&receipt);

    // The document says it, too; and so does the letter to the broadcaster.
    let document = school.folder.path().join("dokumentas.pdf");
    fs::write(&document, client.get(&format!("/pateiktis/{id}/dokumentas.pdf")).body).unwrap();
    let text = Command::new("pdftotext").args(["-raw", &document.display().to_string(), "-"]).output();
    match text {
        Ok(text) => {
            let text = String::from_utf8(text.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(NOTICE), "{text}");
        }
        Err(_) => assert!(std::env::var_os("VIRSIS_PEERS_REQUIRED").is_none(), "no pdftotext"),
    }
    let letters = school.folder.path().join("letters");
    let letter = (0..600).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        fs::read_dir(&letters)
            .ok()?
            .find_map(|file| Some(file.ok()?.path()).filter(|path| path.extension().is_some_and(|end| end == "eml")))
    });
    let letter = fs::read_to_string(letter.expect("a letter")).unwrap();
    // Quoted-printable breaks lines.
    let letter = letter.replace("=\r\n", "");
    assert!(letter.contains("Mokomoji aplinka: duomenys sugalvoti"), "{letter}");

    independent(&school, &client.get(&format!("/pateiktis/{id}/pasirasyta.asice")).body);
    exercises_name_what_is_there(&mut helper, &seen);

    // Whoever has no token gets no container and leaves no document; another name for this machine gets nothing.
    assert_eq!(helper.send("/dokumentai", "POST", "application/pdf", b"%PDF-1.7").unwrap().status, 401);
    assert_eq!(helper.get("/nera").status, 404);
}

/// What has no page of its own says in its first lines, or in what describes it, that it is practice: workbooks and printed guides, data files.
#[test]
fn files_of_a_training_environment_say_that_all_is_invented_where_they_have_a_place_for_it() {
    let (school, _) = School::make();
    let public = school.folder.path().join("portal/latest/public");
    let synthetic = "Duomenys sugalvoti: tai bandomoji šalis, ne tikri asmenys ir įmonės.";
    assert!(fs::read_to_string(public.join("index.html")).unwrap().contains(synthetic));
    let workbook = fs::read_dir(public.join("virs"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "xlsx"));
    assert_eq!(sheets(&workbook.unwrap())[0].rows[1][0], synthetic);
    let report = school.folder.path().join("ataskaita.xlsx");
    let told =
        virsis(school.folder.path(), &["--config", "virsis.toml", "report", "run", "didziausi_lesu_gavejai", "--format", "xlsx", "--out"])
            .arg(&report)
            .output()
            .unwrap();
    assert!(told.status.success(), "{}", error(&told));
    assert_eq!(sheets(&report)[0].rows[1][0], NOTICE);
    for tier in ["public", "open"] {
        for file in ["datapackage.json", "llms.txt"] {
            let text = fs::read_to_string(public.join("..").join(tier).join(file)).unwrap();
            assert!(text.contains(synthetic), "{tier}/{file}");
        }
    }
    let text = Command::new("pdftotext").arg("-raw").arg(public.join("vadovai/zodynelis.pdf")).arg("-").output();
    match text {
        Ok(text) => {
            let text = String::from_utf8(text.stdout).unwrap();
            let pages: Vec<&str> = text.split_terminator('\u{C}').collect();
            assert!(pages.len() > 1 && pages.iter().all(|page| page.contains(synthetic)), "{text}");
        }
        Err(_) => assert!(std::env::var_os("VIRSIS_PEERS_REQUIRED").is_none(), "no pdftotext"),
    }
    // The same from the endpoint, of a report and of one that somebody built.
    let _lesson = school.serve();
    let mut helper = Client::new(school.ports[1]);
    let mut client = sign_in(&school, &mut helper, "analitikas");
    for (path, more) in [("/ataskaitos/nezinomi_savininkai", &[("p-riba", "0")][..]), ("/ataskaitos/sudaryti/savininkas", &[])] {
        let token = client.get(path).hidden("_csrf");
        let fields = [&[("_csrf", token.as_str()), ("kaip", "xlsx")][..], more].concat();
        let answer = client.post(path, &fields);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        fs::write(&report, answer.body).unwrap();
        assert_eq!(sheets(&report)[0].rows[1][0], NOTICE, "{path}");
    }
}

/// pyasice believes the container as well.
fn independent(school: &School, container: &[u8]) {
    let python = Command::new(home().join("tests/peers/container/python.sh")).output().unwrap();
    if python.status.code() == Some(77) {
        println!("SKIPPED: {}", String::from_utf8_lossy(&python.stderr));
        return;
    }
    let file = school.folder.path().join("pasirasyta.asice");
    fs::write(&file, container).unwrap();
    let judge = "import sys, io; sys.path.insert(0, sys.argv[1]); import make; from pyasice import Container\n\
                 c = Container(io.BytesIO(open(sys.argv[2], 'rb').read()))\n\
                 s = list(c.iter_signatures()); assert len(s) == 1; s[0].verify(); c.verify_container(); print('believed')";
    let peers = home().join("tests/peers/container");
    let told = Command::new(String::from_utf8(python.stdout).unwrap().trim()).args(["-c", judge]).arg(peers).arg(&file).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&told.stdout).trim(), "believed", "{}", error(&told));
}

/// Each label in bold of an answer is one of a guide, which a browser has seen on a page (`guides.rs`), or stands on a page seen here. Those of
/// steps are pressed, filled in or looked for (`exercises.rs`).
fn exercises_name_what_is_there(helper: &mut Client, seen: &str) {
    let bold =
        |html: &str| -> Vec<String> { html.split("<strong>").skip(1).map(|rest| plain(rest.split("</strong>").next().unwrap())).collect() };
    let catalog = catalog::Catalog::load(&home()).unwrap();
    let guided: Vec<String> = catalog.guides().all.iter().flat_map(|guide| bold(guide.page.html())).collect();
    let (mut unknown, mut known) = (Vec::new(), 0);
    for role in forms::Role::ALL {
        let page = helper.get(&format!("/pratimai/{}", role.code()));
        assert_eq!(page.status, 200, "an exercise for {}", role.code());
        let text = page.text();
        assert!(text.matches("Pavyko, jei").count() >= 2, "{}: each exercise says how one sees that it worked", role.code());
        let labels = bold(text.split("<h2>Pasitikrinkite</h2>").nth(1).unwrap());
        known += labels.len();
        unknown.extend(labels.into_iter().filter(|label| !guided.contains(label) && !seen.contains(label.as_str())));
    }
    assert!(unknown.is_empty(), "labels of answers that stand on no page: {unknown:?}");
    assert!(known > 20, "{known} labels");
}

#[test]
fn nothing_real_becomes_a_training_environment_and_none_becomes_real() {
    let (school, _) = School::make();
    let settings = fs::read_to_string(school.settings()).unwrap();
    // Without its mark the country might be real.
    let mark = school.folder.path().join("extracts/truth.json");
    fs::rename(&mark, school.folder.path().join("aside.json")).unwrap();
    let told = school.refused();
    assert!(told.contains("[training]") && told.contains("truth.json"), "{told}");
    // Nor is it replaced by another demo then.
    let again = demo(school.folder.path());
    assert!(again.status.code() == Some(1) && error(&again).contains("no demo made"), "{}", error(&again));
    fs::rename(school.folder.path().join("aside.json"), &mark).unwrap();
    // The practice authority is worth nothing without [training] …
    let real = settings.split("[training]").next().unwrap().to_owned() + "[serve]\naddress = \"127.0.0.1:0\"\nschedules = []\n";
    fs::write(school.settings(), real).unwrap();
    let told = school.refused();
    assert!(told.contains("MOKOMASIS"), "{told}");
    // … nor does anything real go together with it.
    fs::write(school.settings(), settings.clone() + "\n[mandates]\ntransport = \"file\"\nfile = \"mandates.csv\"\n").unwrap();
    assert!(school.refused().contains("[mandates]"));
    fs::write(school.settings(), settings).unwrap();

    // Somebody's own folder stays as it is.
    let own = tempfile::tempdir().unwrap();
    fs::write(own.path().join("virsis.toml"), "home = '.'\n").unwrap();
    assert_eq!(demo(own.path()).status.code(), Some(1));
    assert_eq!(fs::read_to_string(own.path().join("virsis.toml")).unwrap(), "home = '.'\n");
    assert_eq!(fs::read_dir(own.path()).unwrap().count(), 1);
}

#[test]
fn whoever_practises_in_a_browser_sees_the_notice_on_every_page_and_no_page_shuts_anybody_out() {
    let Some(modules) = modules() else { return };
    let (school, _) = School::make();
    let _lesson = school.serve();
    let origin = |port: u16| format!("http://127.0.0.1:{port}");
    let settings = serde_json::json!({"origin": origin(school.ports[0]), "helper": origin(school.ports[1])});
    run_script(&modules, "training", settings, |_| panic!("the helper signs"));
}

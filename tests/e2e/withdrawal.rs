//! What was published by mistake is taken back: from every release, from what is kept, and from the nights to come.

use std::io::Write;
use std::process::{Output, Stdio};

use crate::country::{Country, files, home};

/// Asks for a text to be taken back.
pub(crate) fn withdraw(country: &Country, text: &str, more: &[&str]) -> Output {
    let arguments = [&["release", "withdraw", "--why", "Paskelbta per klaidą", "--who", "Operatorė"][..], more].concat();
    let mut child = country.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{text}").unwrap();
    child.wait_with_output().unwrap()
}

/// Files below these folders in which the text stands as it is.
fn holding(country: &Country, folders: &[&str], text: &str) -> Vec<String> {
    let found = folders.iter().flat_map(|folder| files(&country.path(folder)));
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    found.filter(|path| std::fs::read(path).is_ok_and(|bytes| holds(&bytes))).map(|path| path.display().to_string()).collect()
}

#[test]
fn an_owner_who_must_go_is_gone_from_every_byte_and_does_not_come_back_with_the_next_night() {
    let country = Country::generate(61, &home()).whole();
    country.ok(&["run"]);
    country.ok(&["run", "--full"]);
    let owners = country.table("public", "savininkas");
    let person = owners.iter().find_map(|row| row["asmens_id"].as_str()).unwrap().to_owned();
    assert!(!holding(&country, &["portal"], &person).is_empty());

    let said = withdraw(&country, &person, &[]);
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(said.status.success() && text.contains("nothing was changed") && text.contains("portal: 2 releases"), "{text}");
    assert!(!text.contains(&person) && !String::from_utf8_lossy(&said.stderr).contains(&person));
    assert!(!holding(&country, &["portal"], &person).is_empty(), "only said");

    let done = withdraw(&country, &person, &["--yes"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(holding(&country, &["portal", "internal", "state"], &person), [""; 0]);
    let listed = country.ok(&["release", "list"]);
    assert_eq!(listed.lines().filter(|line| line.contains("withdrawn")).count(), 2, "{listed}");
    assert!(country.ok(&["verify"]).contains("was withdrawn on"));
    let page = std::fs::read_to_string(country.path("portal/latest/index.html")).unwrap();
    assert!(page.contains("Duomenys atšaukti") && page.contains("Paskelbta per klaidą"));
    assert!(country.refused(&["sql", "-c", "SELECT COUNT(*) FROM virs"]).contains("atšauktas"));

    country.ok(&["run"]);
    assert_eq!(holding(&country, &["portal", "internal"], &person), [""; 0], "the register still sends it");
    let after = country.table("public", "savininkas");
    assert!(!after.is_empty() && after.iter().all(|row| row["asmens_id"] != person.as_str()));
    country.ok(&["verify"]);
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(country.path("portal/latest/manifest.json")).unwrap()).unwrap();
    let before = manifest["previous"]["release"].as_str().unwrap();
    let before = std::fs::read_to_string(country.path("portal/releases").join(before).join("manifest.json")).unwrap();
    assert!(before.contains("Paskelbta per klaidą") && !before.contains(&person), "{before}");
    assert!(country.ok(&["run"]).contains("nothing changed"));
}

#[test]
fn a_code_that_stands_in_a_published_name_goes_with_its_release_and_rows_of_others_stay() {
    const CODE: &str = "38501010002";
    let country = Country::generate(62, &home()).whole();
    country.ok(&["run"]);
    let whole = country.table("public", "virs").len();
    // A spelling that no rule knew, as it once was.
    let release = std::fs::canonicalize(country.path("portal/latest")).unwrap();
    for file in files(&release).iter().filter(|file| file.extension().is_some_and(|kind| kind == "html")) {
        let text = std::fs::read_to_string(file).unwrap();
        std::fs::remove_file(file).unwrap();
        std::fs::write(file, text.replace("</h1>", " 385.0101.0002</h1>")).unwrap();
    }
    let done = withdraw(&country, "385.0101.0002", &["--yes"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(holding(&country, &["portal", "internal", "state"], "385.0101.0002"), [""; 0]);
    assert!(!String::from_utf8(done.stdout).unwrap().contains(CODE));
    country.ok(&["run"]);
    assert_eq!(country.table("public", "virs").len(), whole, "nothing that the sources say has it");
}

#[test]
fn neither_a_short_text_nor_a_telling_reason_is_taken() {
    let country = &crate::country::PUBLISHED.country;
    for (text, reason, why) in
        [("a b c", "klaida", "at least"), ("", "klaida", "at least"), ("33309240064", "kodas 333 0924 0064", "neither")]
    {
        let mut child = country
            .command(&["release", "withdraw", "--who", "v", "--why", reason])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{text}").unwrap();
        let said = child.wait_with_output().unwrap();
        let error = String::from_utf8(said.stderr).unwrap();
        assert!(said.status.code() == Some(1) && error.contains(why) && !error.contains("0924"), "{error}");
    }
}

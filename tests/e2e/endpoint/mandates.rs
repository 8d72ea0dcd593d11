//! Mandates from the user subsystem's signed web service and from a file: taken whole or not at all.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::peer::{entity_code, personal_code};
use crate::country::{Country, home};
use crate::registers::Service;

const HEADING: &str = "asmens_kodas,vaidmuo,organizacijos_kodas,organizacijos_pavadinimas,el_pastas,galioja_nuo,galioja_iki\n";
/// More than may always go.
const MANY: u32 = 40;

/// Lines of mandates of so many people.
fn lines(people: u32) -> Vec<String> {
    let line = |number: u32| {
        let (code, organisation) = (personal_code(number), entity_code(number));
        format!("{code},km,{organisation},\"Įstaiga „Ąžuolas“ {number}\",asmuo{number}@example.invalid,2020-01-01,\n")
    };
    (1..=people).map(line).collect()
}

/// A country whose endpoint is enabled, with these sections in its configuration.
fn configure(country: &Country, sections: &str) {
    let text = fs::read_to_string(country.path("virsis.toml")).unwrap();
    let own = text.split("[forms]").next().unwrap();
    fs::write(country.path("virsis.toml"), format!("{own}[forms]\nenabled = true\nstore = 'forms/forms.sqlite'\n{sections}")).unwrap();
}

/// Everything that is kept of mandates.
fn kept(country: &Country) -> Vec<forms::store::NewMandate> {
    let store = forms::Store::open(&country.path("forms/forms.sqlite")).unwrap();
    store.read(forms::store::all_mandates).unwrap()
}

#[test]
fn the_user_subsystem_is_asked_every_night_and_its_list_is_taken_whole_or_not_at_all() {
    let country = Country::generate(61, &home());
    let Some(service) = Service::start(&country) else { return };
    let manager = entity_code(7);
    country.ok(&["run"]);
    let serve = |lines: &[String]| {
        let rows: String = lines.iter().map(|line| format!("{manager},{line}")).collect();
        fs::write(country.path("served-mandates.csv"), format!("valdytojo_kodas,{HEADING}{rows}")).unwrap();
    };
    let behave = |mode: &str| configure(&country, &service.mandates(&manager, mode));
    let all = lines(MANY);
    serve(&all);
    behave("country");
    country.ok(&["forms", "import", "extracts"]);
    let said = String::from_utf8(country.run(&["doctor"]).stdout).unwrap();
    assert!(said.contains("ok     mandates: 40 mandates, all valid"), "{said}");
    assert_eq!(kept(&country).len(), 0, "looking changes nothing");
    country.ok(&["run"]);
    let before = kept(&country);
    assert_eq!(before.len(), all.len());
    assert!(before.iter().any(|one| one.organisation_name == "Įstaiga „Ąžuolas“ 1"));
    assert!(country.ok(&["status"]).contains("raw_naudotojai__igaliojimai"));
    assert!(country.ok(&["mandates", "fetch"]).contains("40 mandates, unchanged"));

    let refused = |word: &str| {
        let said = country.refused(&["mandates", "fetch"]);
        assert!(said.contains(word), "{word}: {said}");
        assert_eq!(kept(&country), before, "{word}: the mandates stay as they were");
        said
    };
    for (mode, word) in [
        ("unsigned", "no signature"),
        ("altered", "altered after it was signed"),
        ("other-key", "not made with a pinned key"),
        ("cut", "the connection broke"),
        ("replayed", "belongs to another question"),
        ("fault", "SOAP fault"),
        ("503", "status 503"),
    ] {
        behave(mode);
        refused(word);
    }
    behave("country");
    let wrong = "12345678901";
    let mut bad = all.clone();
    bad[2] = bad[2].replace(&personal_code(3), wrong);
    bad[4] = bad[4].replace(",km,", ",ministras,");
    serve(&bad);
    let said = refused("row 3 of the answer: asmens_kodas is not a valid personal code");
    assert!(said.contains("row 5 of the answer: vaidmuo must be one of") && !said.contains(wrong) && !said.contains("ministras"), "{said}");
    // A night tells of it and goes on with the mandates there are.
    let night = country.run(&["run"]);
    let told = String::from_utf8_lossy(&night.stdout).into_owned() + &String::from_utf8_lossy(&night.stderr);
    assert!(told.contains("the mandates stay as they were") && !told.contains(wrong) && kept(&country) == before);
    assert!(country.ok(&["sources"]).contains("row 3 of the answer"));

    // A list that shrank needs an operator's word; nobody at all does, too.
    serve(&all[..36]);
    assert!(country.ok(&["mandates", "fetch"]).contains("36 mandates"), "a tenth may go");
    serve(&all);
    country.ok(&["mandates", "fetch"]);
    serve(&all[..10]);
    refused("it has 10 mandates, 40 are in force");
    country.ok(&["run"]);
    let said = country.ok(&["sources"]);
    let hash = said.split("--extract ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    country.ok(&["accept", "naudotojai", "--extract", &hash, "--why", "bandymas", "--who", "bandytojas"]);
    assert!(country.ok(&["mandates", "fetch"]).contains("10 mandates"));
    serve(&[]);
    assert!(country.refused(&["mandates", "fetch"]).contains("it has 0 mandates"));

    let log = country.ok(&["audit-log", "show"]);
    assert!(log.contains("\"fetch mandates\"") && log.contains("\"system\""));
    let store = fs::read(country.path("forms/forms.sqlite")).unwrap();
    let code = personal_code(1);
    assert!(
        !store.windows(code.len()).any(|bytes| bytes == code.as_bytes()) && !log.contains(&code),
        "codes are kept as keyed hashes only"
    );
    country.ok(&["audit-log", "verify"]);
}

#[test]
fn a_file_of_mandates_is_checked_without_being_taken_over_and_read_every_night_only_if_it_is_closed() {
    let country = Country::generate(62, &home());
    let path = country.path("igaliojimai.csv");
    fs::write(&path, format!("{HEADING}{}", lines(3).concat())).unwrap();
    assert!(country.ok(&["mandates", "check", "igaliojimai.csv"]).contains("3 mandates, all valid"));
    assert!(country.refused(&["mandates", "fetch"]).contains("[mandates]"));
    assert!(!country.path("state/forms.sqlite").exists());
    configure(&country, "[mandates]\ntransport = 'file'\nfile = 'igaliojimai.csv'\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(country.refused(&["mandates", "fetch"]).contains("0600"));
    assert!(country.refused(&["check"]).contains("0600"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    country.ok(&["check"]);
    assert!(country.ok(&["mandates", "fetch"]).contains("3 mandates"));
    let wrong = lines(3).concat().replace(&entity_code(2), "123456789");
    fs::write(&path, format!("{HEADING}{wrong}")).unwrap();
    for command in [&["mandates", "check", "igaliojimai.csv"][..], &["mandates", "import", "igaliojimai.csv"], &["check"]] {
        let said = country.refused(command);
        assert!(
            said.contains("line 3: organizacijos_kodas is not a valid code of a legal entity") && !said.contains("123456789"),
            "{said}"
        );
    }
    assert_eq!(kept(&country).len(), 3);
    assert!(country.run(&["doctor"]).stdout.windows(16).any(|said| said == b"WRONG  mandates:"));
}

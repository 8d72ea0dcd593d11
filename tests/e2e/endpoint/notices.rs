//! Notifications: what a night changed about a VIRS, and what somebody else handed in, reaches those who represent it.

use std::fs;
use std::time::{Duration, Instant};

use super::peer::{Place, entity_code};
use super::way::hand_in;
use crate::country::files;

/// Delivery is looked at every five seconds; a machine under load takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// Letters as they were delivered.
fn letters(place: &Place) -> Vec<String> {
    let folder = place.country.path("letters");
    if !folder.exists() {
        return Vec::new();
    }
    files(&folder)
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

#[test]
fn a_virs_is_told_of_new_participants_and_of_what_others_handed_in() {
    let Some(place) = Place::prepare(15) else { return };
    place.country.ok(&["run"]);
    let participants = place.country.table("internal", "dalyvis");
    let active = place.country.table("public", "virs");
    let active: Vec<&str> = active.iter().filter(|row| row["virs_iki"].is_null()).filter_map(|row| row["ja_kodas"].as_str()).collect();
    let virs = participants.iter().filter_map(|row| row["ja_kodas"].as_str()).find(|code| active.contains(code)).unwrap().to_owned();
    let (own, km) = (place.person(1, "virs", &virs, "Savas VIRS"), place.person(2, "km", &entity_code(1), "Kultūros ministerija"));
    // One participation is gone.
    let changed = std::cell::Cell::new(0);
    place.country.rewrite("jadis_dalyviai.v1.csv", |number, line| {
        let fits = number > 0 && changed.get() == 0 && line.contains(&virs);
        changed.set(changed.get() + u32::from(fits));
        (!fits).then(|| line.to_owned())
    });
    assert_eq!(changed.get(), 1);
    place.country.ok(&["run"]);
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &km);
    let start = place.sign_in(&serving, &own).get("/pradzia").text();
    assert!(start.contains("Patikrinkite, kas pasikeitė registruose") && start.contains("liko 14 dienų"), "it is a task, too: {start}");
    assert!(start.contains("JADIS dalyviai, pranešta") && start.matches("name=\"pakeitimas\"").count() == 1, "only of that: {start}");
    let finding = [("auditai.0.data", "2026-05-05"), ("auditai.0.institucija", "Audito įstaiga"), ("auditai.0.isvada", "patvirtinta")];
    let outlets = place.country.table("public", "vip");
    let outlet = outlets.iter().find(|row| row["ja_kodas"] == virs.as_str()).map(|row| row["vip_nr"].as_str().unwrap().to_owned());
    if let Some(outlet) = &outlet {
        let code = entity_code(2);
        let mut fields = finding.to_vec();
        fields.extend([("auditai.0.institucijos_kodas", code.as_str()), ("auditai.0.vip_nr", outlet)]);
        hand_in(&place, &mut client, &km, "auditai", &virs, &[], &fields);
    }
    let wanted = 1 + usize::from(outlet.is_some());
    let begun = Instant::now();
    let to_own = || letters(&place).into_iter().filter(|letter| letter.contains("asmuo1@example.invalid")).collect::<Vec<_>>();
    while to_own().len() < wanted && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(to_own().len(), wanted);
    // A night with nothing new writes no letter again.
    let before = letters(&place).len();
    drop(serving);
    place.country.ok(&["run"]);
    let told = fs::read(place.country.path("state/notices.json")).unwrap();
    assert!(!String::from_utf8(told).unwrap().contains("Išgalvot"));
    let _serving = place.serve();
    assert_eq!(letters(&place).len(), before);
    for letter in letters(&place) {
        assert!(letter.contains("Auto-Submitted") && !letter.contains(&own.code) && !letter.contains(&km.code));
    }
}

/// Source of change × who is told: a VIRS's own words, and what follows from them, are news to nobody; one seat in the register is, to one.
#[test]
fn what_a_virs_hands_in_itself_is_no_news_from_registers_and_what_a_register_changes_is_told_by_its_name() {
    let Some(place) = Place::prepare(16) else { return };
    place.country.ok(&["run"]);
    let jadis = String::from_utf8_lossy(&fs::read(place.country.path("extracts/jadis_dalyviai.v1.csv")).unwrap()).into_owned();
    let all = place.country.table("public", "virs");
    let active: Vec<String> =
        all.iter().filter(|row| row["virs_iki"].is_null()).filter_map(|row| Some(row["ja_kodas"].as_str()?.to_owned())).collect();
    // Nobody but itself says who owns it, so what it hands in changes who is published as its owners.
    let virs = active.iter().find(|code| !jadis.contains(code.as_str())).unwrap().clone();
    let other = active.iter().find(|code| **code != virs).unwrap().clone();
    let (own, bystander) = (place.person(1, "virs", &virs, "Savas VIRS"), place.person(2, "virs", &other, "Kitas VIRS"));
    let secret = super::peer::personal_code(778);
    let owners = |country: &crate::country::Country| {
        let rows = country.table("internal", "dalyvis");
        rows.iter().filter(|row| row["ja_kodas"] == virs.as_str()).map(ToString::to_string).collect::<Vec<_>>()
    };
    let before = owners(&place.country);
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &own);
    let fields = [
        ("virs.0.virs_nuo", "2019-01-01"),
        ("virs.0.veiklos_rusys", "leidejas"),
        ("dalyviai.0.ja_kodas", virs.as_str()),
        ("dalyviai.0.dalyvio_rusis", "F"),
        ("dalyviai.0.vardas", "Ūla"),
        ("dalyviai.0.pavarde", "Išgalvotoji"),
        ("dalyviai.0.asmens_kodas", &secret),
        ("dalyviai.0.akcijos", "10"),
        ("dalyviai.0.visos_akcijos", "10"),
        ("dalyviai.0.nuo", "2020-01-01"),
    ];
    // The form begins with the participants that the system knows: the first of them is somebody else.
    hand_in(&place, &mut client, &own, "virs", "", &[], &fields);
    drop(serving);
    place.country.ok(&["run"]);
    assert_ne!(before, owners(&place.country), "its owners are published otherwise");
    let store = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    let written = |sql: &str| -> Vec<String> {
        let rows = store.read(|connection| {
            let mut select = connection.prepare(sql)?;
            Ok(select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        });
        rows.unwrap()
    };
    assert_eq!(written("SELECT id FROM outbox"), [""; 0], "nobody is told of what a VIRS said about itself");
    assert_eq!(written("SELECT what FROM register_change"), [""; 0]);

    // The register gives the other one another seat.
    let changed = std::cell::Cell::new(false);
    place.country.rewrite("JAR_IREGISTRUOTI.csv", |_, line| {
        if line.starts_with(&other) {
            changed.set(true);
            let mut cells: Vec<&str> = line.split('|').collect();
            cells[2] = "Kaunas, Pavyzdžio g. 1";
            return Some(cells.join("|"));
        }
        Some(line.to_owned())
    });
    assert!(changed.get());
    place.country.ok(&["run"]);
    assert_eq!(written("SELECT virs || ' ' || what FROM register_change"), [format!("{other} Buveinės adresas (JAR)")]);
    let letters = written("SELECT recipient || ': ' || body FROM outbox");
    assert_eq!(letters.len(), 1);
    assert!(letters[0].starts_with("asmuo2@") && letters[0].contains("– Buveinės adresas (JAR)\n"), "{}", letters[0]);
    assert!(letters[0].contains("/pradzia#pasikeite") && !letters[0].contains("JADIS") && !letters[0].contains("Pavyzdžio g."));
    assert!(!letters[0].contains(&bystander.code));
}

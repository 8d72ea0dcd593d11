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

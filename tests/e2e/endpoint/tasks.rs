//! What registers changed is a task of the VIRS until it says that it looked at that very thing.

use chrono::{TimeDelta, Utc};
use forms::store::{Durability, notice_change};

use super::ground::{Ground, Visitor, ground};
use super::way::{hand_in, send, signed};

const TASK: &str = "Patikrinkite, kas pasikeitė registruose";

/// Notes a change of a night, to be looked at within 14 days from then.
fn change(ground: &Ground, virs: &str, night: &str, what: &str, days_ago: i64) {
    let noticed = forms::today(Utc::now()) - TimeDelta::days(days_ago);
    let due = noticed + TimeDelta::days(14);
    let note = ground
        .store
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| notice_change(transaction, virs, night, what, noticed, due));
    note.unwrap();
}

fn confirm(visitor: &mut Visitor, change: &str) -> u16 {
    let csrf = visitor.csrf();
    visitor.client.post("/patikrinta", &[("_csrf", &csrf), ("pakeitimas", change)]).status
}

fn start(visitor: &mut Visitor) -> String {
    visitor.client.get("/pradzia").text()
}

#[test]
fn a_virs_confirms_one_thing_it_was_shown_once_and_nobody_else_can() {
    let Some(ground) = ground() else { return };
    let (mut own, mut other) = (ground.somebody("virs"), ground.somebody("virs"));
    assert!(!start(&mut own).contains(TASK));
    change(ground, &own.code, "000001", "Dalyviai (JADIS)", 17);
    change(ground, &other.code, "000001", "Dalyviai (JADIS)", 0);
    let page = own.client.get("/pradzia");
    assert!(page.text().contains(TASK) && page.text().contains("vėluojama 3 dienas"), "{}", page.text());
    assert!(start(&mut other).contains("liko 14 dienų"));
    let shown = page.hidden("pakeitimas");
    // Registers change something else before the button is pressed.
    change(ground, &own.code, "000002", "Licencijos (LIS)", 0);
    for role in ["km", "istaiga", "administratorius"] {
        assert_eq!(confirm(&mut ground.somebody_of(role, &own.code), &shown), 403, "{role}");
    }
    for odd in ["", "x", "1.5", "99999999999999999999"] {
        assert_eq!(confirm(&mut own, odd), 400, "{odd}");
    }
    let log = format!("SELECT count(*) FROM audit WHERE action = 'looked at change' AND object = 'virs {}'", own.code);
    assert_eq!([confirm(&mut other, &shown), confirm(&mut own, "0")], [303, 303], "another's, and none");
    assert_eq!(ground.count(&log), 0);
    assert_eq!([confirm(&mut own, &shown), confirm(&mut own, &shown)], [303, 303]);
    assert_eq!(ground.count(&log), 1, "confirmed and logged once");
    let page = start(&mut own);
    assert!(
        page.contains("Licencijos (LIS)") && page.contains("liko 14 dienų") && !page.contains("vėluojama"),
        "the later one stays: {page}"
    );
    assert!(!page.contains("Dalyviai (JADIS)"));
    assert!(start(&mut other).contains(TASK), "another's task stays");
}

#[test]
fn handing_in_own_data_closes_no_task_of_what_registers_changed() {
    let Some(ground) = ground() else { return };
    let mut own = ground.somebody("virs");
    change(ground, &own.code, "000001", "Dalyviai (JADIS)", 3);
    let activity = [("virs.0.virs_nuo", "2019-01-01"), ("virs.0.veiklos_rusys", "leidejas")];
    hand_in(&ground.place, &mut own.client, &own.person, "virs", "", &[], &activity);
    let page = own.client.get("/pradzia");
    assert!(page.text().contains("Dalyviai (JADIS)"), "nobody looked at it");
    let shown = page.hidden("pakeitimas");
    assert_eq!(confirm(&mut own, &shown), 303);
    assert!(!start(&mut own).contains(TASK));
}

/// Begins a correction.
fn correct(visitor: &mut Visitor, id: i64) -> i64 {
    let page = visitor.client.get(&format!("/pateiktis/{id}"));
    let (csrf, version) = (page.hidden("_csrf"), page.hidden("_versija"));
    let begun = visitor.client.post(&format!("/pateiktis/{id}/taisyti"), &[("_csrf", &csrf), ("_versija", &version)]);
    begun.location.unwrap().rsplit('/').next().unwrap().parse().unwrap()
}

#[test]
fn what_the_ministry_asks_is_a_task_until_who_hands_in_a_correction_says_that_it_answers_it() {
    const QUESTION: &str = "Patikslinkite dalyvius.";
    let Some(ground) = ground() else { return };
    let (mut own, mut km) = (ground.somebody("virs"), ground.somebody("km"));
    let activity = [("virs.0.virs_nuo", "2019-01-01"), ("virs.0.veiklos_rusys", "leidejas")];
    let first = hand_in(&ground.place, &mut own.client, &own.person, "virs", "", &[], &activity);
    let csrf = km.csrf();
    let asked = [("_csrf", csrf.as_str()), ("klausimas", QUESTION), ("iki", "2099-01-31")];
    assert_eq!(km.client.post(&format!("/pateiktis/{first}/patikslinti"), &asked).status, 303);
    // Something else is corrected: what was asked stays a task, about what holds now.
    let second = correct(&mut own, first);
    let container = signed(&ground.place, &mut own.client, &own.person, second, &[], &activity);
    let refused = send(&mut own.client, second, &container, None);
    assert!(refused.status == 422 && refused.text().contains("Pažymėkite, ar šiuo pateikimu patikslinote"), "{}", refused.text());
    assert_eq!(send(&mut own.client, second, &container, Some("ne")).status, 303);
    let page = start(&mut own);
    assert!(page.contains(QUESTION) && page.contains(&format!("href=\"/pateiktis/{second}\">Patikslinti")), "{page}");
    let third = correct(&mut own, second);
    let container = signed(&ground.place, &mut own.client, &own.person, third, &[], &activity);
    assert_eq!(send(&mut own.client, third, &container, Some("taip")).status, 303);
    assert!(!start(&mut own).contains(QUESTION));
    assert_eq!(ground.count(&format!("SELECT answered FROM clarification WHERE question = '{QUESTION}'")), third);
}

//! What registers changed is a task of the VIRS until it says that it looked, or hands in its own data anew.

use chrono::{TimeDelta, Utc};
use forms::store::{Durability, notice_change};

use super::ground::{Ground, Visitor, ground};
use super::way::hand_in;

const TASK: &str = "Patikrinkite, kas pasikeitė registruose";

/// Notes a change of a night, to be looked at within 14 days from then.
fn change(ground: &Ground, virs: &str, night: &str, days_ago: i64) {
    let noticed = forms::today(Utc::now()) - TimeDelta::days(days_ago);
    let due = noticed + TimeDelta::days(14);
    let note = ground
        .store
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| notice_change(transaction, virs, night, "Dalyviai", noticed, due));
    note.unwrap();
}

fn confirm(visitor: &mut Visitor, up_to: &str) -> u16 {
    let csrf = visitor.csrf();
    visitor.client.post("/patikrinta", &[("_csrf", &csrf), ("iki", up_to)]).status
}

fn start(visitor: &mut Visitor) -> String {
    visitor.client.get("/pradzia").text()
}

#[test]
fn a_virs_confirms_what_it_was_shown_once_and_nobody_else_can() {
    let Some(ground) = ground() else { return };
    let (mut own, mut other) = (ground.somebody("virs"), ground.somebody("virs"));
    assert!(!start(&mut own).contains(TASK));
    change(ground, &own.code, "000001", 17);
    change(ground, &other.code, "000001", 0);
    let page = own.client.get("/pradzia");
    assert!(page.text().contains(TASK) && page.text().contains("vėluojama 3 dienas"), "{}", page.text());
    assert!(start(&mut other).contains("liko 14 dienų"));
    let up_to = page.hidden("iki");
    // Registers change something else before the button is pressed.
    change(ground, &own.code, "000002", 0);
    for role in ["km", "istaiga", "administratorius"] {
        assert_eq!(confirm(&mut ground.somebody_of(role, &own.code), "999999"), 403, "{role}");
    }
    assert_eq!(confirm(&mut other, "0"), 303);
    for odd in ["", "x", "1.5", "99999999999999999999"] {
        assert_eq!(confirm(&mut own, odd), 400, "{odd}");
    }
    let log = format!("SELECT count(*) FROM audit WHERE action = 'looked at changes' AND object = 'virs {}'", own.code);
    assert_eq!(ground.count(&log), 0);
    assert_eq!([confirm(&mut own, &up_to), confirm(&mut own, &up_to)], [303, 303]);
    assert_eq!(ground.count(&log), 1, "confirmed and logged once");
    let page = start(&mut own);
    assert!(page.contains(TASK) && page.contains("liko 14 dienų") && !page.contains("vėluojama"), "the later one stays: {page}");
    assert!(start(&mut other).contains(TASK), "another's task stays");
}

#[test]
fn handing_in_the_own_data_anew_answers_what_registers_changed_and_a_draft_does_not() {
    let Some(ground) = ground() else { return };
    let mut own = ground.somebody("virs");
    change(ground, &own.code, "000001", 3);
    let activity = [("virs.0.virs_nuo", "2019-01-01"), ("virs.0.veiklos_rusys", "leidejas")];
    let id = super::way::draft(&mut own.client, "virs", "");
    assert_eq!(super::way::press(&mut own.client, id, "saugoti", &activity).status, 200);
    assert!(start(&mut own).contains(TASK));
    let handed_in = hand_in(&ground.place, &mut own.client, &own.person, "virs", "", &[], &activity);
    assert!(!start(&mut own).contains(TASK));
    let answered = format!("SELECT answered FROM register_change WHERE virs = '{}'", own.code);
    assert_eq!(ground.count(&answered), handed_in);
}

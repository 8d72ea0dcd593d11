//! What was typed and could not be saved is there again for the one who typed it, and for nobody else; nothing comes of it by itself.

use chrono::{SecondsFormat, TimeDelta, Utc};
use forms::store::Durability;

use super::client::Answer;
use super::ground::{Ground, Visitor, ground};
use super::way::{draft, press, records};

const TYPED: &str = "7654,32";
const AS_KEPT: &str = "7654.32";

fn change(ground: &Ground, sql: &str) {
    let changed = ground.store.write::<_, forms::Error>(Durability::Usual, |transaction| Ok(transaction.execute_batch(sql)?));
    changed.unwrap();
}

/// The number of somebody's account.
fn account(ground: &Ground, visitor: &Visitor) -> i64 {
    ground.count(&format!("SELECT id FROM account WHERE login = '{}'", visitor.person.login))
}

/// Nobody has used the visitor's session for hours.
fn fall_asleep(ground: &Ground, visitor: &Visitor) {
    change(ground, &format!("UPDATE session SET seen = '2020-01-01T00:00:00.000Z' WHERE account = {}", account(ground, visitor)));
}

/// Signs in once more, within the same half-minute if need be.
fn sign_in_again(ground: &Ground, visitor: &mut Visitor) {
    change(ground, &format!("UPDATE account SET totp_used = 0 WHERE login = '{}'", visitor.person.login));
    visitor.client = ground.sign_in(&visitor.person);
}

/// A page as it was before something happened, and what is sent from it.
fn send(visitor: &mut Visitor, id: i64, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let hidden = ["_csrf", "_versija", "_sandara"].map(|name| page.hidden(name));
    let mut sent = vec![("_csrf", hidden[0].as_str()), ("_versija", &hidden[1]), ("_sandara", &hidden[2]), ("veiksmas", "saugoti")];
    sent.extend(fields);
    visitor.client.post(&format!("/pateiktis/{id}"), &sent)
}

fn decide(visitor: &mut Visitor, id: i64, decision: &str) -> Answer {
    let page = visitor.client.get(&format!("/pateiktis/{id}/irasyta"));
    assert_eq!(page.status, 200);
    let (csrf, version) = (page.hidden("_csrf"), page.hidden("_versija"));
    visitor.client.post(&format!("/pateiktis/{id}/irasyta"), &[("_csrf", &csrf), ("_versija", &version), ("veiksmas", decision)])
}

#[test]
fn what_was_typed_into_an_ended_session_waits_for_the_same_person_and_is_applied_only_when_they_say_so() {
    let Some(ground) = ground() else { return };
    let virs = ground.virs();
    let mut own = ground.somebody("istaiga");
    let mut colleague = ground.somebody_of("istaiga", &own.code);
    let id = draft(&mut own.client, "lesos", &virs);
    let page = own.client.get(&format!("/pateiktis/{id}"));
    let before = ground.of_organisation(&own.code);
    fall_asleep(ground, &own);
    assert_eq!(own.client.get("/pradzia").location.as_deref(), Some("/prisijungti?baigesi=1"), "who comes back is told why");
    let sent = send(&mut own, id, &page, &[("lesos.0.suma", TYPED)]);
    assert_eq!((sent.status, sent.location.as_deref()), (303, Some("/prisijungti?issaugota=1")));
    assert!(own.client.get("/prisijungti?issaugota=1").text().contains("laikinai išsaugota"));
    assert_eq!(ground.of_organisation(&own.code), before, "the draft is as it was");
    for plain in [TYPED, AS_KEPT] {
        let sql = format!("SELECT count(*) FROM typed WHERE submission = {id} AND instr(sealed, CAST('{plain}' AS BLOB)) > 0");
        assert_eq!(ground.count(&sql), 0, "the store holds it encrypted only");
    }
    assert_eq!(ground.count(&format!("SELECT count(*) FROM typed WHERE submission = {id}")), 1);
    // A colleague shares the draft, but not what somebody else typed.
    assert!(!colleague.client.get("/pradzia").text().contains("Įrašyta, bet neišsaugota"));
    let other = colleague.client.get(&format!("/pateiktis/{id}/irasyta"));
    assert_eq!(other.location.as_deref(), Some(format!("/pateiktis/{id}").as_str()));

    sign_in_again(ground, &mut own);
    let start = own.client.get("/pradzia").text();
    assert!(start.contains("Įrašyta, bet neišsaugota") && start.contains(&format!("/pateiktis/{id}/irasyta")), "{start}");
    assert!(own.client.get(&format!("/pateiktis/{id}")).text().contains("Liko neišsaugota"));
    let shown = own.client.get(&format!("/pateiktis/{id}/irasyta")).text();
    assert!(shown.contains("7\u{a0}654,32") && shown.contains("Įrašyti į juodraštį"), "{shown}");
    assert_eq!(ground.of_organisation(&own.code), before, "looking changes nothing");
    assert_eq!(decide(&mut own, id, "grazinti").status, 303);
    assert!(ground.of_organisation(&own.code).contains(AS_KEPT));
    assert!(!own.client.get("/pradzia").text().contains("Įrašyta, bet neišsaugota"));
}

#[test]
fn nothing_is_kept_of_somebody_who_signed_out_nor_without_the_token_of_the_session_that_ended() {
    let Some(ground) = ground() else { return };
    let virs = ground.virs();
    let mut own = ground.somebody("istaiga");
    let id = draft(&mut own.client, "lesos", &virs);
    let page = own.client.get(&format!("/pateiktis/{id}"));
    let kept = format!("SELECT count(*) FROM typed WHERE submission = {id}");
    fall_asleep(ground, &own);
    let path = format!("/pateiktis/{id}");
    let forged = own.client.post(&path, &[("_csrf", "kitas"), ("_versija", "0"), ("lesos.0.suma", TYPED)]);
    assert_eq!(forged.location.as_deref(), Some("/prisijungti?baigesi=1"));
    assert_eq!(ground.count(&kept), 0, "another site could have sent it");
    sign_in_again(ground, &mut own);
    let csrf = own.csrf();
    let left = own.client.clone();
    assert_eq!(own.client.post("/atsijungti", &[("_csrf", &csrf)]).status, 303);
    own.client = left;
    assert_eq!(send(&mut own, id, &page, &[("lesos.0.suma", TYPED)]).location.as_deref(), Some("/prisijungti"));
    // Nor of a stranger's draft.
    let mut stranger = ground.somebody("istaiga");
    let csrf = stranger.csrf();
    assert_eq!(stranger.client.post(&path, &[("_csrf", &csrf), ("_versija", "0"), ("lesos.0.suma", TYPED)]).status, 404);
    assert_eq!(ground.count(&kept), 0);
}

#[test]
fn a_second_tab_says_that_what_was_typed_is_not_saved_and_keeps_it() {
    let Some(ground) = ground() else { return };
    let virs = ground.virs();
    let mut own = ground.somebody("istaiga");
    let id = draft(&mut own.client, "lesos", &virs);
    let first = own.client.get(&format!("/pateiktis/{id}"));
    assert_eq!(press(&mut own.client, id, "saugoti", &[("lesos.0.data", "2026-02-02")]).status, 200);
    let late = send(&mut own, id, &first, &[("lesos.0.suma", TYPED)]);
    let text = late.text();
    assert_eq!(late.status, 409);
    assert!(text.contains("Tai, ką įrašėte, dar neišsaugota") && text.contains("7\u{a0}654,32") && !text.contains("neprarasta"), "{text}");
    assert_eq!(decide(&mut own, id, "grazinti").status, 303);
    let kept = ground.of_organisation(&own.code);
    assert!(kept.contains(AS_KEPT) && kept.contains("2026-02-02"), "both are there: {kept}");
    // Nothing was typed: there is nothing to say but that the page is old.
    let nothing = send(&mut own, id, &first, &[]);
    assert_eq!(nothing.status, 409);
    assert!(nothing.text().contains("Puslapis pasenęs") && nothing.text().contains("neišsaugota"), "{}", nothing.text());
}

#[test]
fn a_page_of_another_session_of_the_same_person_loses_nothing_and_changes_nothing() {
    let Some(ground) = ground() else { return };
    let virs = ground.virs();
    let mut own = ground.somebody("istaiga");
    let id = draft(&mut own.client, "lesos", &virs);
    let page = own.client.get(&format!("/pateiktis/{id}"));
    // The session ended; in another tab of the same browser somebody signed in again.
    sign_in_again(ground, &mut own);
    let before = ground.of_organisation(&own.code);
    let late = send(&mut own, id, &page, &[("lesos.0.suma", TYPED)]);
    assert_eq!(late.status, 403);
    assert_eq!(ground.of_organisation(&own.code), before);
    assert!(late.text().contains("7\u{a0}654,32"), "{}", late.text());
    assert_eq!(decide(&mut own, id, "atmesti").status, 303);
    assert_eq!(ground.of_organisation(&own.code), before);
    assert_eq!(ground.count(&format!("SELECT count(*) FROM typed WHERE submission = {id}")), 0);
}

#[test]
fn what_was_typed_about_other_records_is_shown_but_never_put_into_those_of_now() {
    let Some(ground) = ground() else { return };
    let virs = ground.virs();
    let mut own = ground.somebody("istaiga");
    let id = draft(&mut own.client, "lesos", &virs);
    let one = [("lesos.0.suma", "1,00"), ("lesos.1.suma", "2,00")];
    assert_eq!(press(&mut own.client, id, "prideti:lesos", &[]).status, 303);
    assert_eq!(press(&mut own.client, id, "saugoti", &one).status, 200);
    let page = own.client.get(&format!("/pateiktis/{id}"));
    assert_eq!(press(&mut own.client, id, "salinti-taip:lesos:0", &[]).status, 303);
    let before = ground.of_organisation(&own.code);
    let late = send(&mut own, id, &page, &[("lesos.0.suma", TYPED), ("lesos.1.suma", "2,00")]);
    assert_eq!(late.status, 409);
    assert!(late.text().contains("7\u{a0}654,32") && !late.text().contains("value=\"grazinti\""), "{}", late.text());
    assert_eq!(decide(&mut own, id, "grazinti").status, 409);
    assert_eq!(ground.of_organisation(&own.code), before);
}

#[test]
fn a_record_with_something_in_it_goes_only_after_a_question_and_the_review_asks_for_what_holds_now() {
    let Some(ground) = ground() else { return };
    let outlets = ground.place.country.table("public", "vip");
    let mut own = ground.somebody("virs");
    let id = draft(&mut own.client, "virs", "");
    let known = outlets.iter().filter(|row| row["ja_kodas"] == own.code.as_str()).count();
    assert_eq!(records(&mut own.client, id, "vip"), known, "the form has what the system holds");
    let people = records(&mut own.client, id, "atsakingi");
    assert!(people > 0, "choose another seed");
    let asked = press(&mut own.client, id, "salinti:atsakingi:0", &[]);
    assert_eq!(asked.location.as_deref(), Some(format!("/pateiktis/{id}?salinti=atsakingi.0#atsakingi-0").as_str()));
    assert!(own.client.get(&format!("/pateiktis/{id}?salinti=atsakingi.0")).text().contains("Ar tikrai pašalinti"));
    assert_eq!(records(&mut own.client, id, "atsakingi"), people, "asking takes nothing out");
    assert_eq!(press(&mut own.client, id, "salinti-taip:atsakingi:0", &[]).status, 303);
    assert_eq!(records(&mut own.client, id, "atsakingi"), people - 1);
    let checked = press(&mut own.client, id, "tikrinti", &[("virs.0.virs_nuo", "2019-01-01"), ("virs.0.veiklos_rusys", "leidejas")]);
    assert_eq!(checked.status, 303, "{}", super::way::problems(&checked));
    let review = own.client.get(&format!("/pateiktis/{id}")).text();
    assert!(review.contains("Bus pašalinta: 1") && review.contains("Pakeista"), "{review}");
    let page = own.client.get(&format!("/pateiktis/{id}"));
    let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let unasked = own.client.post(&format!("/pateiktis/{id}/perziureta"), &fields);
    assert_eq!(unasked.status, 422);
    assert!(unasked.text().contains("Patvirtinkite šalinimą"), "{}", unasked.text());
    fields.push(("salinti", "taip"));
    assert_eq!(own.client.post(&format!("/pateiktis/{id}/perziureta"), &fields).status, 303);
}

#[test]
fn whoever_types_for_long_stays_signed_in() {
    let Some(ground) = ground() else { return };
    let mut own = ground.somebody("istaiga");
    let of = account(ground, &own);
    let unused_minutes = format!("SELECT CAST((julianday('now') - julianday(seen)) * 1440 AS INTEGER) FROM session WHERE account = {of}");
    // One minute more, and it would have ended by itself.
    let seen = (Utc::now() - TimeDelta::minutes(29)).to_rfc3339_opts(SecondsFormat::Millis, true);
    change(ground, &format!("UPDATE session SET seen = '{seen}' WHERE account = {of}"));
    assert!(ground.count(&unused_minutes) >= 28);
    // What the page asks for while somebody types into it.
    let awake = own.client.get("/budeti");
    assert_eq!((awake.status, awake.text().as_str()), (200, "{\"prisijungta\":true}"));
    assert_eq!(ground.count(&unused_minutes), 0, "the half-hour begins anew");
}

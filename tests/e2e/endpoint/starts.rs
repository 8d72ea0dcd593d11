//! What people of each role find on their start page.

use forms::Role;
use forms::store::{self, Durability, SetAside};

use super::ground::ground;
use super::ministry;
use super::safety::FUNDS;
use super::way::hand_in;

#[test]
fn analysts_and_administrators_find_what_was_handed_in_and_administrators_how_the_endpoint_is_doing() {
    let Some(ground) = ground() else { return };
    let mut giver = ground.somebody("istaiga");
    let virs = ground.virs();
    let id = hand_in(&ground.place, &mut giver.client, &giver.person, "lesos", &virs, &[], FUNDS);
    let latest = format!("<a href=\"/pateiktis/{id}\">");
    for (role, has, has_not) in [
        (
            "analitikas",
            &["Ką čia rasite", "Naujausi pateikimai"][..],
            &["Kaip veikia sistema", "Pateikti duomenis", "Dar nieko nepateikta"][..],
        ),
        (
            "administratorius",
            &["Kaip veikia sistema", "Nepristatyta laiškų", "Naujausi pateikimai"],
            &["Ką čia rasite", "Pateikti duomenis"],
        ),
        ("km", &["Pateikti duomenis"], &["Kaip veikia sistema", "Ką čia rasite"]),
    ] {
        let page = ground.somebody(role).client.get("/pradzia").text();
        assert!(has.iter().all(|text| page.contains(text)), "{role}: {page}");
        assert!(!has_not.iter().any(|text| page.contains(text)), "{role}: {page}");
        assert_eq!(page.contains(&latest), role != "km", "{role}: {page}");
    }
}

#[test]
fn whoever_handed_in_what_a_night_set_aside_finds_it_under_its_receipt_and_nobody_else_does() {
    let Some(ground) = ground() else { return };
    let (mut own, mut other) = (ground.somebody("virs"), ground.somebody("virs"));
    let (id, receipt) = ministry::hand_in(&ground.store, (Role::Virs, &own.code), "virs", &own.code, &[], false);
    let bad = SetAside { submission: id, place: 3, column: "inasas".to_owned(), rule: "money".to_owned() };
    let note = |records: &[SetAside]| {
        let noted = ground
            .store
            .write::<_, forms::Error>(Durability::OnDisk, |transaction| store::set_aside(transaction, "raw_formos__dalyviai", records));
        noted.unwrap();
    };
    note(&[bad]);
    let told = format!("<a href=\"/pateiktis/{id}\">Pateikimas {receipt}</a>: skiltis ");
    let page = own.client.get("/pradzia").text();
    assert!(page.contains("Pateikta, bet nepaskelbta") && page.contains(&told), "{page}");
    let line = page.lines().find(|line| line.contains(&told)).unwrap();
    assert!(line.contains(" 3, laukas „Įnašo dydis“"), "{line}");
    assert!(!other.client.get("/pradzia").text().contains("Pateikta, bet nepaskelbta"));
    note(&[]);
    assert!(!own.client.get("/pradzia").text().contains("Pateikta, bet nepaskelbta"));
}

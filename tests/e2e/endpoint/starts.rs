//! What people of each role find on their start page.

use super::ground::ground;
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

//! A store that is put back from its copy: nothing that ended comes back, no number is given twice, and the log says what happened.

use std::os::unix::fs::PermissionsExt;

use super::client::Client;
use super::peer::Place;
use super::safety::FUNDS;
use super::way::hand_in;

/// Puts a file in the store's place.
fn put_back(place: &Place, from: &str) {
    let store = place.country.path("forms/forms.sqlite");
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{beside}", store.display()));
    }
    std::fs::copy(place.country.path(from), &store).unwrap();
    std::fs::set_permissions(&store, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn receipt(client: &mut Client, id: i64) -> String {
    let page = client.get(&format!("/pateiktis/{id}")).text();
    page.split("<dt>Pateikimo numeris</dt><dd>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

#[test]
fn a_store_that_is_put_back_ends_all_sessions_gives_no_number_twice_and_says_so() {
    let Some(place) = Place::prepare(71) else { return };
    let virs = place.country.table("public", "virs");
    let virs = virs.iter().find(|row| row["virs_iki"].is_null()).unwrap()["ja_kodas"].as_str().unwrap();
    let people = [1, 2].map(|number| place.person(number, "istaiga", &super::peer::entity_code(500 + number), "Įstaiga"));
    let mut serving = place.serve();
    let mut client = place.sign_in(&serving, &people[0]);
    place.country.ok(&["backup", "copy.sqlite"]);
    let id = hand_in(&place, &mut client, &people[0], "lesos", virs, &[], FUNDS);
    let (first, cookies) = (receipt(&mut client, id), client.cookies.clone());
    place.country.ok(&["account", "sign-out", &people[0].login]);
    assert_eq!(client.get("/pradzia").status, 303);
    assert!(!place.country.ok(&["audit-log", "verify"]).contains("restored"));
    serving.kill();
    // A copy by hand has sessions in it; one by `virsis backup` has none.
    let by_hand = place.country.path("by-hand.sqlite");
    std::fs::copy(place.country.path("copy.sqlite"), &by_hand).unwrap();
    put_back(&place, "copy.sqlite");
    let cut = place.country.refused(&["audit-log", "verify"]);
    assert!(cut.contains("truncated or restored"), "{cut}");
    let mut serving = place.serve();
    let mut old = Client::new(place.port());
    old.cookies = cookies;
    assert_eq!(old.get("/pradzia").status, 303, "the session had ended");
    let told = place.country.ok(&["audit-log", "verify"]);
    assert!(told.lines().next().unwrap().contains("restored from an earlier copy"), "{told}");
    let mut other = place.sign_in(&serving, &people[1]);
    let later = hand_in(&place, &mut other, &people[1], "lesos", virs, &[], FUNDS);
    let second = receipt(&mut other, later);
    assert!(first != second && later > id, "{first} {second} {id} {later}");
    assert!([&first, &second].iter().all(|number| number.len() == "VIRSIS-26-12345678".len()), "{first} {second}");

    // By hand, while the endpoint is down: the session that is open now is in the copy, and has ended by the time it is put back.
    serving.kill();
    for end in ["", "-wal", "-shm"] {
        let store = format!("{}{end}", place.country.path("forms/forms.sqlite").display());
        if std::path::Path::new(&store).exists() {
            std::fs::copy(&store, format!("{}{end}", by_hand.display())).unwrap();
        }
    }
    let mut serving = place.serve();
    assert_eq!(other.get("/pradzia").status, 200, "started again without a change, nobody has to sign in anew");
    place.country.ok(&["account", "sign-out", &people[1].login]);
    serving.kill();
    put_back(&place, "by-hand.sqlite");
    let wal = format!("{}-wal", by_hand.display());
    if std::path::Path::new(&wal).exists() {
        std::fs::copy(wal, place.country.path("forms/forms.sqlite-wal")).unwrap();
    }
    let serving = place.serve();
    assert_eq!(other.get("/pradzia").status, 303, "the operator had ended it");
    let log = std::fs::read_to_string(place.country.path("serve.log")).unwrap();
    assert!(log.contains("restored from an earlier copy"));
    drop(serving);
}

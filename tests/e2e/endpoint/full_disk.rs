//! The disk of the store is full while somebody hands in: no receipt for what is not kept, and the same step succeeds once there is room.

use forms::Store;

use super::client::Client;
use super::peer::{Place, entity_code};
use crate::small_disk::SmallDisk;

#[test]
fn on_a_full_disk_nobody_gets_a_receipt_and_nothing_that_was_kept_is_lost() {
    let Some(place) = Place::prepare(41) else { return };
    let all = place.country.table("public", "virs");
    let virs = all.iter().find(|row| row["virs_iki"].is_null()).unwrap()["ja_kodas"].as_str().unwrap().to_owned();
    let person = place.person(1, "istaiga", &entity_code(1), "Įstaiga");
    let Some(disk) = SmallDisk::over(&place.country.path("forms"), "24m") else { return };
    let serving = place.serve_by(disk.command(&place.country, &["serve"]));
    let mut client = place.sign_in(&serving, &person);
    let page = client.get("/teikti/lesos");
    let begun = client.post("/teikti/lesos", &[("_csrf", &page.hidden("_csrf")), ("virs", &virs)]);
    let address = begun.location.unwrap();
    // SQLite would follow the way into the namespace back to the folder under the disk, so a copy is looked at.
    let copies = std::cell::Cell::new(0);
    let state = || -> String {
        let copy = place.country.path(&format!("copy{}.sqlite", copies.replace(copies.get() + 1)));
        let output = disk.command(&place.country, &["backup", copy.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let sql = "SELECT state || ' ' || version || ' ' || content || ' ' || coalesce(receipt, '') || (SELECT count(*) FROM outbox) FROM submission";
        Store::open(&copy).unwrap().read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?)).unwrap()
    };

    // Every step is tried without room first; the page it stands on can still be read, and what was kept is as it was.
    let mut document = Vec::new();
    for step in ["tikrinti", "perziureta", "parasas"] {
        let page = client.get(&address);
        let container = if step == "parasas" { place.sign(&person.code, &document) } else { Vec::new() };
        let sent = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
        let mut sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if step == "tikrinti" {
            sent.extend([
                ("lesos.0.sutarties_rusis", "dotacija"),
                ("lesos.0.suma", "10,50"),
                ("lesos.0.data", "2026-02-02"),
                ("veiksmas", "tikrinti"),
            ]);
        }
        let send = |client: &mut Client, sent: &[(&str, &str)]| match step {
            "tikrinti" => client.post(&address, sent),
            "perziureta" => client.post(&format!("{address}/perziureta"), sent),
            _ => client.upload(&format!("{address}/parasas"), sent, ("konteineris", "dokumentas.asice", &container)).unwrap(),
        };
        let version;
        let before = state();
        disk.leave(0);
        let refused = send(&mut client, &sent);
        assert_eq!(refused.status, 500, "{step}");
        assert_eq!(refused.location, None);
        let mut reader = client.clone();
        let read = [&address, "/pradzia", "/pateikimai"].map(|page| reader.get(page).status);
        assert_eq!(read, [200; 3], "{step}: pages can be read");
        disk.free();
        // What the page says of what was typed is true. There may still have been room for the draft in the log's file, but not for the document.
        let after = state();
        if refused.text().contains("Tai, ką įrašėte, išsaugota juodraštyje") {
            assert!(step == "tikrinti" && after.starts_with("draft ") && after.contains("10.50"), "{step}: {after}");
            version = client.get(&address).hidden("_versija");
            sent[1].1 = &version;
        } else {
            assert!(refused.text().contains("Anksčiau išsaugoti duomenys liko"), "{step}: {}", refused.text());
            assert_eq!(after, before, "{step}: as it was");
        }
        let done = send(&mut client, &sent);
        assert_eq!(done.status, 303, "{step}: {}", done.text());
        assert_ne!(state(), before);
        document = client.get(&format!("{address}/dokumentas.pdf")).body;
    }
    let receipt = client.get(&address).text();
    assert!(receipt.contains("<dt>Pateikimo numeris</dt><dd>VIRSIS-"), "{receipt}");
    let verified = disk.command(&place.country, &["audit-log", "verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let log = std::fs::read_to_string(place.country.path("serve.log")).unwrap();
    assert!(log.contains("full") && !log.contains("panicked") && !log.contains("10.50"), "{log}");
}

//! Signed releases as their readers check them: with this program, over HTTP too, and with stock minisign; and carried to a store.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::country::{Country, files, home};
use crate::file_server::FileServer;
use crate::withdrawal::withdraw;

/// A country that signs, with the key that readers are given.
pub(crate) fn signing() -> (Country, String) {
    let country = Country::with_virs("40", 91, &home());
    let path = country.path("virsis.toml");
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{settings}[secrets]\nsigning_key_file = 'secrets/signing.key'\n")).unwrap();
    let refused = country.refused(&["run"]);
    assert!(refused.contains("signing.key"), "a key that is not there is no reason to publish without signatures: {refused}");
    let said = country.ok(&["signing", "begin", "--list-key", "list.key"]);
    let key = said.lines().find(|line| line.starts_with("RW")).expect("the key for readers is printed").to_owned();
    country.ok(&["run"]);
    (country, key)
}

pub(crate) fn next_night(country: &Country, night: &str) {
    country.ok(&["generate", "--virs", "40", "--entities", "400", "--seed", "91", "--night", night, "--out", "extracts"]);
    country.ok(&["run"]);
}

#[test]
fn readers_believe_what_was_signed_and_nothing_older_or_changed() {
    let (country, key) = signing();
    let server = FileServer::start(country.path("portal"));
    let web = format!("http://{}", server.address);
    assert!(country.refused(&["verify", &web]).contains("--key"), "nobody trusts a portal without its key");
    let said = country.ok(&["verify", &web, "--key", &key]);
    assert!(said.contains("is what its publisher signed"), "{said}");

    let old: Vec<_> =
        ["latest.json", "latest.json.minisig"].map(|name| (name, fs::read(country.path("portal").join(name)).unwrap())).into();
    next_night(&country, "1");
    let said = country.ok(&["verify", &web]);
    assert!(said.starts_with("000002-") && said.contains("1 releases before it"), "{said}");
    // Who shows the state of before yesterday.
    let new: Vec<_> = old.iter().map(|(name, _)| (*name, fs::read(country.path("portal").join(name)).unwrap())).collect();
    old.iter().for_each(|(name, bytes)| fs::write(country.path("portal").join(name), bytes).unwrap());
    assert!(country.refused(&["verify", &web]).contains("Roll-back"));
    new.iter().for_each(|(name, bytes)| fs::write(country.path("portal").join(name), bytes).unwrap());
    country.ok(&["verify", &web]);

    // One byte of one file, and a file that is not there. (A file of its own: others may share the content.)
    let file = country.path("portal/latest/public/data/virs/virs.csv");
    let bytes = fs::read(&file).unwrap();
    let changed: Vec<u8> = bytes.iter().enumerate().map(|(place, byte)| if place == 100 { byte ^ 1 } else { *byte }).collect();
    fs::remove_file(&file).unwrap();
    fs::write(&file, &changed).unwrap();
    assert!(country.refused(&["verify", &web]).contains("virs.csv"));
    country.ok(&["verify", &web, "--manifests-only"]);
    fs::write(&file, &bytes).unwrap();

    // A key of one's own is no key of the publisher's.
    let other = signing();
    assert!(country.refused(&["verify", &web, "--key", &other.1, "--known", "other.json"]).contains("Wrong key"));
    stock_minisign_agrees(&country);
}

/// Every signature of the portal by the program that made the format.
fn stock_minisign_agrees(country: &Country) {
    let list_key = country.json("portal/keys/1.json")["list_keys"][0].as_str().unwrap().to_owned();
    let script = home().join("tests/peers/minisign/verify.sh");
    let checked = Command::new(script).arg(country.path("portal")).arg(list_key).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    match checked.status.code() {
        Some(77) => eprintln!("{said}"),
        code => assert_eq!(code, Some(0), "{said}"),
    }
}

#[test]
fn after_a_change_of_keys_readers_who_have_the_first_one_go_on() {
    let (country, key) = signing();
    country.ok(&["verify", "portal", "--key", &key]);
    country.ok(&["signing", "rotate", "--list-key", "list.key", "--new-key", "secrets/second.key"]);
    let refused = country.refused(&["run", "--full"]);
    assert!(refused.contains("signs no releases any more"), "the old key is not used by mistake: {refused}");
    let path = country.path("virsis.toml");
    let settings = fs::read_to_string(&path).unwrap().replace("secrets/signing.key", "secrets/second.key");
    fs::write(&path, settings).unwrap();
    next_night(&country, "1");
    let said = country.ok(&["verify", "portal"]);
    assert!(said.contains("list 2 of keys"), "{said}");
    let said = country.ok(&["verify", "portal", "--key", &key, "--known", "newcomer.json"]);
    assert!(said.contains("list 2 of keys"), "{said}");
}

#[test]
fn what_a_stolen_key_signed_is_signed_again_and_it_signs_nothing_any_more() {
    let (country, key) = signing();
    next_night(&country, "1");
    country.ok(&["verify", "portal", "--key", &key]);
    let portal = country.path("portal");
    let of_thief = |path: &str| fs::read(portal.join(path)).unwrap();
    let latest = format!("releases/{}", name(&portal.join("releases"), "000002"));
    let (signature, pointer) = (of_thief(&format!("{latest}/manifest.json.minisig")), ["latest.json", "latest.json.minisig"].map(of_thief));
    fs::create_dir(country.path("store")).unwrap();
    let to = format!("file://{}", country.path("store").display());
    country.ok(&["publish", "--to", &to]);
    let revoke = ["signing", "revoke", "--list-key", "list.key", "--new-key", "secrets/second.key"];
    let mistaken = ["signing", "revoke", "--list-key", "list.key", "--new-key", "secrets/signing.key"];
    assert!(country.refused(&mistaken).contains("nothing was revoked"));
    let said = country.ok(&revoke);
    assert!(said.contains("published list 2 of keys, without key") && said.contains("2 releases signed again"), "{said}");
    for (known, arguments) in [("virsis-known.json", vec![]), ("newcomer.json", vec!["--key", &key])] {
        let said = country.ok(&[&["verify", "portal", "--known", known], &arguments[..]].concat());
        assert!(said.contains("list 2 of keys"), "{said}");
    }
    stock_minisign_agrees(&country);
    // A store gets the new signatures, and nothing else again.
    let path = country.path("virsis.toml");
    let settings = fs::read_to_string(&path).unwrap().replace("secrets/signing.key", "secrets/second.key");
    fs::write(&path, settings).unwrap();
    let carried = country.ok(&["publish", "--to", &to]);
    assert!(carried.lines().filter(|line| line.contains(": 1 files carried")).count() == 2, "{carried}");
    country.ok(&["verify", "store", "--key", &key, "--known", "store.json"]);
    // Asked again, there is nothing left to do.
    assert!(country.ok(&revoke).contains("0 releases signed again"));
    // What the thief signs counts no more, with or without the pointer.
    let second = fs::read(portal.join(&latest).join("manifest.json.minisig")).unwrap();
    fs::write(portal.join(&latest).join("manifest.json.minisig"), &signature).unwrap();
    assert!(country.refused(&["verify", "portal"]).contains("Wrong key"));
    // Whoever interrupted it is helped by asking again.
    assert!(country.ok(&revoke).contains("1 release signed again"));
    assert_eq!(fs::read(portal.join(&latest).join("manifest.json.minisig")).unwrap(), second, "the same key, the same signature");
    ["latest.json", "latest.json.minisig"].iter().zip(&pointer).for_each(|(path, bytes)| fs::write(portal.join(path), bytes).unwrap());
    assert!(country.refused(&["verify", "portal"]).contains("Wrong key"));
}

#[test]
fn a_store_has_what_the_portal_has_and_its_readers_can_verify_it() {
    let (country, key) = signing();
    next_night(&country, "1");
    fs::create_dir(country.path("store")).unwrap();
    let to = format!("file://{}", country.path("store").display());
    let said = country.ok(&["publish", "--to", &to]);
    assert!(said.contains("readers see it"), "{said}");
    let said = country.ok(&["verify", "store", "--key", &key, "--known", "store.json"]);
    assert!(said.starts_with("000002-"), "{said}");
    let status = |of: &str| fs::read(country.path(of).join("status.json")).unwrap();
    assert_eq!(status("store"), status("portal"), "how the night went");
    let again = country.ok(&["publish", "--to", &to]);
    assert!(again.contains(": 0 files carried"), "{again}");
    next_night(&country, "2");
    country.ok(&["publish", "--to", &to, "--keep", "2"]);
    assert!(!country.path("store/releases").join(name(&country.path("portal/releases"), "000001")).exists());
    let said = country.ok(&["verify", "store", "--known", "store.json"]);
    assert!(said.starts_with("000003-"), "{said}");
    assert!(country.refused(&["publish", "--to", "sftp://example.invalid/portal"]).contains("rsync"));
}

#[test]
fn a_store_leads_its_readers_back_when_the_newest_releases_are_withdrawn_however_few_it_keeps() {
    const PLANTED: &str = "Zzyzx laikas";
    let (country, key) = signing();
    for (place, name) in [(1, PLANTED), (2, "Kitas laikas")] {
        country.rewrite("formos_vip.v1.csv", |row, line| {
            let mut cells: Vec<&str> = line.split('|').collect();
            if row == place {
                cells[2] = name;
            }
            Some(cells.join("|"))
        });
        country.ok(&["run"]);
    }
    fs::create_dir(country.path("store")).unwrap();
    let to = format!("file://{}", country.path("store").display());
    country.ok(&["publish", "--to", &to]);
    let said = country.ok(&["verify", "store", "--key", &key, "--known", "store.json"]);
    assert!(said.starts_with("000003-"), "{said}");
    assert!(withdraw(&country, PLANTED, &["--yes"]).status.success());
    country.ok(&["publish", "--to", &to, "--keep", "2"]);
    let said = country.ok(&["verify", "store", "--known", "store.json"]);
    assert!(said.starts_with("000001-"), "{said}");
    let holds = |path: &PathBuf| fs::read(path).is_ok_and(|bytes| bytes.windows(PLANTED.len()).any(|window| window == PLANTED.as_bytes()));
    let left: Vec<PathBuf> = files(&country.path("store")).into_iter().filter(holds).collect();
    assert!(left.is_empty(), "{left:?}");
}

fn name(folder: &Path, beginning: &str) -> String {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.into_iter().find(|name| name.starts_with(beginning)).unwrap()
}

//! Drills: the portal, the state, the store, and everything but the backup and the keys are lost and put back; what is said to be lost is what is lost.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::country::{Country, files};
use crate::signed::{next_night, signing};

/// A country that signs, with submissions in a store that lies apart from its state, and a reader who remembers its first release; and a backup.
fn backed_up() -> Country {
    let (country, key) = signing();
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    fs::write(country.path("virsis.toml"), settings + "[forms]\nenabled = true\nstore = 'store/forms.sqlite'\n").unwrap();
    fs::create_dir(country.path("store")).unwrap();
    country.ok(&["forms", "import", "extracts"]);
    country.ok(&["run"]);
    country.ok(&["verify", "portal", "--key", &key]);
    let said = country.ok(&["backup", "--all", "copy"]);
    assert!(said.contains("Keys are not in it"), "{said}");
    country
}

fn lose(country: &Country, parts: &[&str]) {
    for part in parts {
        fs::remove_dir_all(country.path(part)).unwrap();
    }
}

fn releases(country: &Country) -> Vec<String> {
    let listed = country.ok(&["release", "list"]);
    listed
        .lines()
        .skip(1)
        .map(|line| line.split("  ").next().unwrap().trim().to_owned() + if line.contains("withdrawn") { " lost" } else { "" })
        .collect()
}

/// Modes of folders and files, by path.
fn modes(country: &Country, folder: &str) -> BTreeMap<PathBuf, u32> {
    let all = files(&country.path(folder));
    let all = all.iter().filter(|path| !path.is_symlink()).flat_map(|path| [path.clone(), path.parent().unwrap().to_owned()]);
    let of_runs = |path: &PathBuf| !path.ends_with(".lock");
    all.filter(of_runs).map(|path| (path.clone(), fs::metadata(&path).unwrap().permissions().mode() & 0o777)).collect()
}

#[test]
fn a_lost_portal_comes_back_and_readers_who_saw_later_releases_go_on() {
    let country = backed_up();
    next_night(&country, "1");
    country.ok(&["verify", "portal"]);
    let (seen, data) = (releases(&country), country.data(&[]));
    lose(&country, &["portal"]);
    country.refused(&["verify"]);

    let said = country.ok(&["restore", "copy"]);
    assert!(said.contains("to be put back: the portal") && said.contains("nothing was changed"), "{said}");
    assert!(!country.path("portal/latest").exists());
    let said = country.ok(&["restore", "copy", "--yes"]);
    let lost = seen.last().unwrap();
    assert!(said.contains(&format!("LOST  1 release: {lost}")) && !said.contains("WATCH"), "{said}");
    assert_eq!(releases(&country).last().unwrap(), &format!("{lost} lost"));
    country.ok(&["verify"]);
    // Whoever saw the lost one is told the truth, and so is a newcomer.
    country.ok(&["verify", "portal"]);
    country.ok(&["run"]);
    assert!(country.ok(&["verify", "portal"]).starts_with(&format!("{:06}-", seen.len() + 1)), "its number is not given again");
    assert_eq!(country.data(&[]), data, "today's tables are the same");
    assert!(country.refused(&["restore", "copy", "--yes"]).contains("never overwritten"));
}

#[test]
fn what_was_removed_from_a_release_after_the_backup_does_not_come_back_with_it() {
    let country = backed_up();
    let name = owner(&country);
    crate::forget::forget(&country, &[&name], &["--yes"]);
    country.ok(&["verify", "portal"]);
    lose(&country, &["portal"]);
    let said = country.ok(&["restore", "copy", "--yes"]);
    assert!(said.contains("LOST  1 release: 000001-"), "{said}");
    let sought = publish::Sought::new(&[name]).unwrap();
    let holding: Vec<_> =
        files(&country.path("portal")).into_iter().filter(|path| path.is_file() && sought.is_in_file(path).unwrap()).collect();
    assert!(holding.is_empty(), "{holding:?}");
    country.ok(&["verify", "portal"]);
    country.ok(&["run"]);
    country.ok(&["verify", "portal"]);
    assert_eq!(releases(&country).len(), 2);
}

/// The name of a person who owns a VIRS.
fn owner(country: &Country) -> String {
    country.table("public", "savininkas").iter().find(|row| row["asmens_id"].is_string()).unwrap()["savininkas"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_lost_state_comes_back_and_what_was_withheld_since_stays_withheld() {
    let country = backed_up();
    next_night(&country, "1");
    let name = owner(&country);
    crate::forget::forget(&country, &[&name], &["--yes"]);
    country.ok(&["run"]);
    let (data, shown) = (country.data(&[]), releases(&country).len());
    lose(&country, &["state"]);
    let said = country.ok(&["restore", "copy", "--yes"]);
    assert!(said.contains("put back: the state folder") && said.contains("WATCH 2 texts were withheld after"), "{said}");
    assert_eq!(fs::metadata(country.path("state")).unwrap().permissions().mode() & 0o777, 0o700);
    country.ok(&["run"]);
    assert_eq!(country.data(&[]), data, "and he is left out as before");
    assert!(releases(&country).len() > shown, "nothing tells the program that the last release shows what there is");
    country.ok(&["verify", "portal"]);
}

#[test]
fn a_lost_store_comes_back_as_it_was() {
    let country = backed_up();
    let before = country.ok(&["audit-log", "show"]);
    country.ok(&["forms", "import", "extracts"]);
    country.ok(&["account", "sign-out", "--all"]);
    let after = country.ok(&["audit-log", "show"]);
    country.ok(&["audit-log", "verify"]);
    let later = country.path("later.json");
    country.ok(&["run"]);
    fs::copy(country.path("portal/latest.json"), &later).unwrap();
    // What SQLite left beside the lost store would be taken for the other's.
    fs::remove_file(country.path("store/forms.sqlite")).unwrap();
    fs::write(country.path("store/forms.sqlite-wal"), "x").unwrap();
    assert!(country.refused(&["restore", "copy", "--yes"]).contains("forms.sqlite-wal is left of the lost store"));
    lose(&country, &["store"]);
    country.ok(&["restore", "copy", "--yes"]);
    let now = country.ok(&["audit-log", "show"]);
    assert!(now == before && now != after, "{before}\n{after}\n{now}");
    assert_eq!(fs::metadata(country.path("store/forms.sqlite")).unwrap().permissions().mode() & 0o777, 0o600);
    // That its end is missing is seen without what this machine recorded of it, by a pointer that somebody kept.
    fs::remove_file(country.path("state/audit-head.jsonl")).unwrap();
    fs::remove_file(country.path("portal/latest.json")).unwrap();
    country.ok(&["audit-log", "verify"]);
    let refused = country.refused(&["audit-log", "verify", "--pointer", "later.json"]);
    assert!(refused.contains("later.json stands for is not in it"), "{refused}");
}

#[test]
fn all_but_the_backup_and_the_keys_is_lost() {
    let country = backed_up();
    let linked = |folder: &str| files(&country.path(folder)).iter().filter(|path| fs::symlink_metadata(path).unwrap().nlink() > 1).count();
    let (links, intact) = (linked("portal/releases"), country.ok(&["verify"]));
    let as_it_was = ["internal", "portal"].map(|folder| modes(&country, folder));
    next_night(&country, "1");
    country.ok(&["verify", "portal"]);
    for end in ["", ".minisig"] {
        fs::copy(country.path(&format!("portal/latest.json{end}")), country.path(&format!("kept.json{end}"))).unwrap();
    }
    lose(&country, &["portal", "internal", "state", "store"]);
    let said = country.ok(&["restore", "copy", "--yes"]);
    assert!(said.contains("WATCH the state was lost as well") && said.contains("WATCH if anything was forgotten"), "{said}");
    assert_eq!((linked("portal/releases"), country.ok(&["verify"])), (links, intact), "every byte, and no file twice");
    assert_eq!(["internal", "portal"].map(|folder| modes(&country, folder)), as_it_was, "who may read what");
    // Nobody knew of the second release: whoever saw it does not believe that there is none.
    assert!(country.refused(&["verify", "portal"]).contains("Roll-back"));

    lose(&country, &["portal"]);
    // Who forges a pointer does not decide where numbers go on.
    let pointer = fs::read_to_string(country.path("kept.json")).unwrap();
    fs::write(country.path("kept.json"), pointer.replace("\"number\": ", "\"number\": 9")).unwrap();
    assert!(country.refused(&["restore", "copy", "--pointer", "kept.json", "--yes"]).contains("none of our keys"));
    fs::write(country.path("kept.json"), pointer).unwrap();
    let said = country.ok(&["restore", "copy", "--pointer", "kept.json", "--yes"]);
    assert!(said.contains("LOST  1 release: 000002-") && !said.contains("WATCH the state"), "{said}");
    country.ok(&["verify", "portal"]);
    country.ok(&["run"]);
    country.ok(&["verify", "portal"]);
    country.ok(&["audit-log", "verify"]);
    country.ok(&["forms", "list"]);
}

#[test]
fn a_backup_has_no_keys_and_is_used_whole_or_not_at_all() {
    let country = backed_up();
    let keys = ["secrets/person.key", "secrets/signing.key", "list.key"].map(|path| fs::read(country.path(path)).unwrap());
    for path in files(&country.path("copy")).iter().filter(|path| path.is_file()) {
        let bytes = fs::read(path).unwrap();
        assert!(keys.iter().all(|key| !bytes.windows(key.len()).any(|part| part == key)), "{}", path.display());
    }
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&country.path("copy")), 0o700);
    assert!(country.refused(&["backup", "--all", "copy"]).contains("already exists"));
    assert!(country.refused(&["backup", "--all", "state/copy"]).contains("lies inside"));

    lose(&country, &["internal"]);
    let file = country.path("copy/internal/latest/data/virs/virs.parquet");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[1..]).unwrap();
    for arguments in [&["restore", "copy"][..], &["restore", "copy", "--yes"]] {
        assert!(country.refused(arguments).contains("is damaged"));
        assert!(!country.path("internal/latest").exists());
    }
    fs::write(&file, bytes).unwrap();
    let list = country.path("copy/files.jsonl");
    let lines = fs::read_to_string(&list).unwrap();
    fs::write(&list, lines.replacen("internal/", "../internal/", 1)).unwrap();
    assert!(country.refused(&["restore", "copy", "--yes"]).contains("files.jsonl is damaged"));
    fs::write(&list, lines).unwrap();

    // Cut short in the middle: nothing goes on before it is put back whole.
    fs::create_dir_all(country.path("internal/.restoring/objects")).unwrap();
    assert!(country.refused(&["run"]).contains("put back in part only"));
    country.ok(&["restore", "copy", "--yes"]);
    assert!(!country.path("internal/.restoring").exists());
    country.ok(&["verify"]);
    country.ok(&["run"]);
    fs::remove_file(country.path("copy/backup.json")).unwrap();
    assert!(country.refused(&["restore", "copy"]).contains("cut short"));
}

#[test]
fn a_list_of_keys_gets_an_end_and_another_key_and_readers_follow() {
    let (country, key) = signing();
    country.ok(&["verify", "portal", "--key", &key]);
    let renew = ["signing", "renew", "--list-key", "list.key"];
    assert!(country.refused(&[&renew[..], &["--until", "2020-01-01"]].concat()).contains("is over already"));
    let said = country.ok(&[&renew[..], &["--until", "2999-12-31", "--new-list-key", "second-list.key"]].concat());
    assert!(said.contains("list 2 of keys, which may be used until 2999-12-31"), "{said}");
    assert!(country.ok(&["verify", "portal"]).contains("list 2 of keys"));
    let new = said.lines().find(|line| line.starts_with("RW")).unwrap();
    country.ok(&["verify", "portal", "--key", new, "--known", "newcomer.json"]);
    assert!(country.refused(&renew).contains("signs no lists"), "the old key has ended");
    country.ok(&["signing", "renew", "--list-key", "second-list.key", "--until", "2998-12-31"]);
    next_night(&country, "1");
    assert!(country.ok(&["verify", "portal"]).contains("list 3 of keys"));
    assert!(String::from_utf8(country.run(&["doctor"]).stdout).unwrap().contains("list 3 of keys: holds until 2998-12-31"));
}

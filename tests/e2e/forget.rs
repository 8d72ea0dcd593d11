//! A person who must go is forgotten: in every release, which otherwise stands, in what is kept, and in the nights to come.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use publish::Sought;
use serde_json::Value;

use crate::country::{Country, copy_of_home, extract, files, home, rows};
use crate::singled_out::{STATISTICS, persons};

const WHY: &str = "Teismo sprendimas";

fn begin(country: &Country, texts: &[&str], more: &[&str]) -> Child {
    let arguments = [&["forget", "--why", WHY, "--who", "Operatorė"][..], more].concat();
    let mut child = country.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", texts.join("\n")).unwrap();
    child
}

/// Asks for somebody to be forgotten; what is said tells nobody who.
pub(crate) fn forget(country: &Country, texts: &[&str], more: &[&str]) -> String {
    let Output { status, stdout, stderr } = begin(country, texts, more).wait_with_output().unwrap();
    let (said, log) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{log}");
    assert!(texts.iter().all(|text| !said.contains(text) && !log.contains(text)), "{said}{log}");
    said
}

/// A country with a release of each of these nights.
fn nights(country: &Country, nights: std::ops::Range<u32>) {
    for night in nights {
        let extracts = country.path("extracts");
        fs::remove_dir_all(&extracts).unwrap();
        let (night, out) = (night.to_string(), extracts.display().to_string());
        country.ok(&["generate", "--seed", "7", "--virs", "60", "--entities", "1500", "--night", &night, "--out", &out]);
        country.ok(&["run"]);
    }
}

/// Files in which a text stands in any spelling, in tables and on pages.
fn holding(country: &Country, folders: &[&str], texts: &[&str]) -> Vec<PathBuf> {
    let sought = Sought::new(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()).unwrap();
    let found = folders.iter().flat_map(|folder| files(&country.path(folder)));
    found.filter(|path| path.is_file() && sought.is_in_file(path).unwrap()).collect()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// Folders of all releases of both sides.
fn releases(country: &Country) -> Vec<PathBuf> {
    let of = |side: &str| fs::read_dir(country.path(side).join("releases")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = of("portal").chain(of("internal")).collect();
    all.sort();
    all
}

fn verify_all(country: &Country) {
    for release in releases(country) {
        country.ok(&["verify", release.to_str().unwrap()]);
    }
}

/// A table of a release with its rows about persons: of the public or of the internal tier.
fn table(release: &Path, name: &str) -> Vec<Value> {
    let public = release.join("public");
    rows(if public.exists() { &public } else { release }, name)
}

/// Every file of the portal, the internal tier and the state folder, but for locks.
fn bytes(country: &Country) -> BTreeMap<PathBuf, Vec<u8>> {
    let all = ["portal", "internal", "state"].into_iter().flat_map(|folder| files(&country.path(folder)));
    let kept = all.filter(|path| path.is_file() && path.extension().is_none_or(|kind| kind != "lock") && !path.ends_with(".lock"));
    kept.map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

/// A donor whose gift stands in a cell that readers see: id and name.
fn donor(country: &Country) -> (String, String) {
    let shown: BTreeSet<(String, String)> = country
        .table("open", "stat_parama")
        .iter()
        .filter(|row| row["suma"].is_number() && row["asmenu"].as_i64() > Some(0))
        .map(|row| (row["metai"].to_string(), text(row, "davejo_rusis").to_owned()))
        .collect();
    let gifts = country.table("internal", "parama");
    let gift = gifts.iter().find(|row| {
        let cell = (row["metai"].to_string(), text(row, "davejo_rusis").to_owned());
        !text(row, "asmens_id").is_empty() && shown.contains(&cell)
    });
    let gift = gift.expect("some donor stands in a cell that is shown");
    (text(gift, "asmens_id").to_owned(), format!("{} {}", text(gift, "vardas"), text(gift, "pavarde")))
}

/// Numbers of persons that the open tier shows, by cell.
fn counted(country: &Country) -> BTreeMap<String, Option<i64>> {
    let names = ["stat_parama", "stat_reklama", "stat_pajamos", "stat_lesos"];
    let tables = names.into_iter().flat_map(|name| persons(&country.table("open", name)).into_iter().map(move |one| (name, one)));
    tables.map(|(name, (cell, count))| (format!("{name} {cell}"), count)).collect()
}

#[test]
fn a_donor_is_gone_from_three_releases_and_what_he_did_follows_from_no_later_one() {
    let country = Country::generate(7, &home()).whole();
    nights(&country, 0..3);
    let (id, name) = donor(&country);
    let before: BTreeMap<PathBuf, Vec<Value>> =
        releases(&country).into_iter().map(|release| (release.clone(), table(&release, "parama"))).collect();
    let statistics: Vec<Vec<Value>> = STATISTICS.iter().map(|name| country.table("open", name)).collect();
    let (untouched, shown) = (bytes(&country), counted(&country));
    assert!(!holding(&country, &["portal"], &[&id]).is_empty() && !holding(&country, &["state/published"], &[&id]).is_empty());

    let said = forget(&country, &[&name], &[]);
    assert!(
        said.contains("nothing was changed") && said.contains("portal: 3 releases") && said.contains("of out_parama (public)"),
        "{said}"
    );
    assert!(!said.contains("withdrawn as a whole") && !said.contains(&id), "{said}");
    let now = bytes(&country);
    let changed: Vec<_> = untouched.keys().filter(|path| now.get(*path) != untouched.get(*path)).collect();
    assert!(changed.is_empty() && now.len() == untouched.len(), "only said: {changed:#?}");

    forget(&country, &[&name], &["--yes"]);
    assert_eq!(holding(&country, &["portal", "internal", "state"], &[&id, &name]), Vec::<PathBuf>::new());
    verify_all(&country);
    assert!(country.ok(&["verify"]).contains("was revised on"));
    assert_eq!(country.ok(&["release", "list"]).lines().filter(|line| line.contains("revised")).count(), 3);
    for (release, rows) in &before {
        let is_his = |row: &&Value| row["asmens_id"] == id.as_str() || format!("{} {}", text(row, "vardas"), text(row, "pavarde")) == name;
        let others: Vec<&Value> = rows.iter().filter(|row| !is_his(row)).collect();
        let after = table(release, "parama");
        assert!(after.iter().eq(others.iter().copied()) && after.len() < rows.len(), "{}", release.display());
    }
    for (name, rows) in STATISTICS.iter().zip(&statistics) {
        assert_eq!(&country.table("open", name), rows, "{name} stands as it was");
    }

    country.ok(&["run"]);
    assert_eq!(holding(&country, &["portal", "internal", "state/published"], &[&id]), Vec::<PathBuf>::new());
    assert!(country.table("internal", "parama").iter().all(|row| row["asmens_id"] != id.as_str()), "the register still sends him");
    verify_all(&country);
    let names = fs::read_dir(country.path("portal/releases")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names.collect();
    assert_eq!(names.len(), 4);
    let against: Vec<&str> = names.iter().flat_map(|release| ["--against", release.as_str()]).collect();
    let said = country.ok(&[&["audit"], against.as_slice()].concat());
    assert!(said.contains("nothing can be worked out"), "{said}");
    let differences: Vec<(String, i64)> = counted(&country)
        .into_iter()
        .filter_map(|(cell, now)| Some((cell.clone(), (now? - (*shown.get(&cell)?)?).abs())))
        .filter(|(_, persons)| (1..3).contains(persons))
        .collect();
    assert!(differences.is_empty(), "{differences:?}");
}

#[test]
fn several_are_forgotten_one_after_the_other_however_often_the_command_is_killed() {
    let country = Country::generate(64, &home()).whole();
    country.ok(&["run"]);
    country.ok(&["run", "--full"]);
    let owners = country.table("internal", "savininkas");
    let ids: BTreeSet<&str> = owners.iter().map(|row| text(row, "asmens_id")).filter(|id| !id.is_empty()).collect();
    let ids: Vec<&str> = ids.into_iter().take(2).collect();
    let began = Instant::now();
    forget(&country, &ids[..1], &["--yes"]);
    let whole = began.elapsed();
    for part in 1..6_u32 {
        let mut child = begin(&country, &ids[1..], &["--yes"]);
        std::thread::sleep(whole * part / 6 + Duration::from_millis(5));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(country.ok(&["verify"]).lines().filter(|line| line.contains("is intact")).count(), 2);
    }
    forget(&country, &ids[1..], &["--yes"]);
    assert_eq!(holding(&country, &["portal", "internal", "state"], &ids), Vec::<PathBuf>::new());
    verify_all(&country);
    for release in releases(&country) {
        let manifest: Value = serde_json::from_slice(&fs::read(release.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["revised"].as_array().map(Vec::len), Some(2), "{}", release.display());
        assert!(manifest["withdrawn"].is_null());
    }
    let lines = fs::read_to_string(country.path("state/withdrawals.jsonl")).unwrap();
    assert!(lines.contains("revised_portal") && lines.contains("Operatorė"));
    let left: Vec<_> = fs::read_dir(country.path("portal")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".staging")), "{left:?}");
    country.ok(&["run"]);
    assert_eq!(holding(&country, &["portal", "internal"], &ids), Vec::<PathBuf>::new());
}

#[test]
fn a_release_of_other_definitions_is_withdrawn_as_a_whole_and_the_portal_alone_may_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_home(folder.path());
    let country = Country::generate(65, folder.path()).whole();
    country.ok(&["run"]);
    let owners = country.table("public", "savininkas");
    let id = owners.iter().find_map(|row| row["asmens_id"].as_str()).unwrap().to_owned();
    let model = folder.path().join("sql/models/out_savininkas.sql");
    let sql = fs::read_to_string(&model).unwrap();
    fs::write(&model, format!("{sql}-- Another word.\n")).unwrap();
    country.ok(&["run", "--full"]);
    let said = forget(&country, &[&id], &["--portal-only", "--yes"]);
    assert!(
        said.contains("is withdrawn as a whole: it was made with other definitions") && said.contains("of out_savininkas (public)"),
        "{said}"
    );
    assert_eq!(holding(&country, &["portal", "state"], &[&id]), Vec::<PathBuf>::new());
    assert!(!holding(&country, &["internal"], &[&id]).is_empty(), "left alone");
    let listed = country.ok(&["release", "list"]);
    assert!(listed.lines().any(|line| line.ends_with("withdrawn")) && listed.lines().any(|line| line.contains("revised")), "{listed}");
    verify_all(&country);
}

/// Two participants of VIRS who are called alike: a code names one of them, the name both.
#[test]
fn a_code_names_one_of_two_who_are_called_alike_and_the_name_names_both() {
    let country = Country::generate(66, &home()).whole();
    country.ok(&["run"]);
    let virs: BTreeSet<String> = country.table("public", "virs").iter().map(|row| text(row, "ja_kodas").to_owned()).collect();
    let (head, rows) = extract(&country.path("extracts/jadis_dalyviai.v1.csv"));
    let cell = |row: &[String], name: &str| row[head.iter().position(|column| column == name).unwrap()].clone();
    let person = |row: &Vec<String>| ["asmens_kodas", "vardas", "pavarde"].map(|name| cell(row, name));
    let known = |row: &&Vec<String>| row.len() == head.len() && virs.contains(&cell(row, "ja_kodas")) && cell(row, "iki").is_empty();
    let persons: Vec<[String; 3]> =
        rows.iter().filter(known).map(person).filter(|person| person.iter().all(|cell| !cell.is_empty())).collect();
    let [code, given, family] = &persons[0];
    let [other_code, other_given, other_family] = persons.iter().find(|[_, one, another]| one != given && another != family).unwrap();
    for file in fs::read_dir(country.path("extracts")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        country.rewrite(&file, |_, line| {
            let is_the_other = line.contains(other_code.as_str());
            let renamed = line.replace(other_given.as_str(), given).replace(other_family.as_str(), family);
            Some(if is_the_other { renamed } else { line.to_owned() })
        });
    }
    country.ok(&["run"]);
    let name = format!("{given} {family}");
    let called_so = || -> BTreeSet<String> {
        let rows = country.table("internal", "dalyvis");
        rows.iter()
            .filter(|row| format!("{} {}", text(row, "vardas"), text(row, "pavarde")) == name)
            .map(|row| text(row, "asmens_id").to_owned())
            .collect()
    };
    let both = called_so();
    assert_eq!(both.len(), 2);

    forget(&country, &[code], &["--yes"]);
    let left = called_so();
    assert_eq!(left.len(), 1);
    let gone: Vec<&str> = both.difference(&left).map(String::as_str).collect();
    assert_eq!(holding(&country, &["portal", "internal"], &gone), Vec::<PathBuf>::new());
    country.ok(&["run"]);
    assert_eq!(called_so(), left, "the other one stays in the nights to come");

    forget(&country, &[&name], &["--yes"]);
    country.ok(&["run"]);
    assert_eq!(holding(&country, &["portal", "internal"], &[&name]), Vec::<PathBuf>::new());
    verify_all(&country);
}

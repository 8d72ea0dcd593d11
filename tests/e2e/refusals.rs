//! Bad input: one clear error, exit code 1, `latest` unchanged, no cell value in the message.

use std::fs;
use std::path::Path;

use crate::country::{Country, files, home};

/// Bytes of everything the portal shows.
fn shown(country: &Country) -> Vec<(String, Vec<u8>)> {
    let root = country.path("portal/latest").canonicalize().unwrap();
    files(&root).into_iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

/// Changes one extract, forgets what was kept of it, runs, and expects a refusal that names the source and leaves the portal as it was.
fn spoil(country: &Country, file: &str, change: impl Fn(&Path), expected: &[&str]) {
    let path = country.path("extracts").join(file);
    let original = fs::read(&path).unwrap();
    let before = shown(country);
    fs::remove_dir_all(country.path("state/kept")).unwrap();
    change(&path);
    let error = country.refused(&["run"]);
    for word in expected {
        assert!(error.contains(word), "`{word}` is missing in: {error}");
    }
    assert!(shown(country) == before, "{file}: the portal changed");
    fs::write(&path, original).unwrap();
}

#[test]
fn spoiled_sources_are_refused_by_name_and_the_portal_stays() {
    let country = Country::generate(3, &home());
    country.ok(&["run"]);
    let jadis = "jadis_dalyviai.v1.csv";
    spoil(
        &country,
        jadis,
        |path| fs::remove_file(path).unwrap(),
        &["source jadis", jadis, "is missing", "put the register's extract there"],
    );
    let cut = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    spoil(&country, jadis, cut, &["source jadis", "truncated", "fetch the extract again"]);
    let rename = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        let heading = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let renamed = String::from_utf8_lossy(&bytes[..heading]).replacen("valstybe", "salis", 1);
        fs::write(path, [renamed.as_bytes(), &bytes[heading..]].concat()).unwrap();
    };
    spoil(&country, jadis, rename, &["source jadis", "field 8 of the first line", "is no heading"]);
    let html = |path: &Path| fs::write(path, "<!doctype html>\n<html><body>Klaida 503</body></html>\n").unwrap();
    spoil(&country, "gr_asmenys.v1.csv", html, &["source gr", "not a heading line"]);
    let ruin = |path: &Path| {
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        let (heading, rows) = text.split_once('\n').unwrap();
        let rows: String = rows.lines().map(|row| format!("X{row}\n")).collect();
        fs::write(path, format!("{heading}\n{rows}")).unwrap();
    };
    spoil(&country, "gr_asmenys.v1.csv", ruin, &["source gr", "bad", "quarantine"]);
    country.ok(&["run"]);
}

#[test]
fn several_spoiled_sources_are_all_named_at_once() {
    let country = Country::generate(4, &home());
    fs::remove_file(country.path("extracts/vrk_reklama.v1.csv")).unwrap();
    fs::write(country.path("extracts/lis_licencijos.v1.csv"), "").unwrap();
    let error = country.refused(&["run"]);
    assert!(error.contains("2 problems") && error.contains("source vrk") && error.contains("source lis"), "{error}");
    assert!(country.ok(&["status"]).contains("refused"));
}

#[test]
fn a_wrong_key_in_the_configuration_is_refused_by_name() {
    let country = Country::generate(5, &home());
    let path = country.path("virsis.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}[paths]\nportall = 'x'\n")).unwrap();
    let error = country.refused(&["run"]);
    assert!(error.contains("portall") && error.contains("docs/configuration.md"), "{error}");
}

#[test]
fn two_runs_at_once_are_refused() {
    let country = Country::generate(15, &home());
    fs::create_dir_all(country.path("state")).unwrap();
    let lock = fs::File::create(country.path("state/run.lock")).unwrap();
    lock.lock().unwrap();
    assert!(country.refused(&["run"]).contains("another run is in progress"));
    lock.unlock().unwrap();
    country.ok(&["run"]);
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let country = Country::generate(6, &home());
    fs::set_permissions(country.path("secrets/person.key"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(country.refused(&["run"]).contains("0600"));
}

#[test]
fn a_cluster_is_refused_by_a_program_that_has_none_and_what_it_left_is_removed() {
    let country = Country::generate(5, &home());
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    let engine = "[engine]\nkind = 'spark'\nremote = 'sc://localhost'\ntoken_file = 'secrets/spark.token'\nshared = 'shared'\n";
    fs::write(country.path("virsis.toml"), format!("{settings}{engine}")).unwrap();
    assert!(country.refused(&["run"]).contains("virsis-cluster"));
    fs::write(country.path("virsis.toml"), format!("{settings}{}", engine.replace("spark'", "duckdb'").replace("spark.token'", "x'")))
        .unwrap();
    country.ok(&["run"]);
    let left = country.path("shared/night-of-a-killed-run");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("part-00000.parquet"), "x").unwrap();
    assert!(country.ok(&["doctor"]).contains("DuckDB, in this process"));
    country.ok(&["run"]);
    assert!(!left.exists() && country.path("shared/.virsis-shared").exists());
}

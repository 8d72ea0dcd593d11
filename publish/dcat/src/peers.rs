//! Programs that nobody here wrote read the descriptions and hold them to the profiles' own rules: pySHACL, rdflib, mlcroissant (`tests/peers/dcat`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use catalog::Tier;
use tempfile::TempDir;

use crate::{DCAT_AP_2, JSON_LD, TURTLE, describe, sample};

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/dcat")
}

/// Python with the peers' packages; none, with a word, where they are missing, unless `VIRSIS_PEERS_REQUIRED=1`.
fn python() -> Option<String> {
    let python = Command::new(peers().join("python.sh")).output().unwrap();
    if python.status.code() == Some(77) {
        println!("SKIPPED: {}", String::from_utf8_lossy(&python.stderr));
        return None;
    }
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    Some(String::from_utf8(python.stdout).unwrap().trim().to_owned())
}

/// Folders of both tiers with what describes them.
fn written() -> TempDir {
    let catalog = sample::catalog();
    let folder = TempDir::new().unwrap();
    for tier in [Tier::Public, Tier::Open] {
        let place = folder.path().join(tier.name());
        fs::create_dir(&place).unwrap();
        for (path, bytes) in describe(&sample::described(&catalog, tier)).unwrap() {
            fs::write(place.join(path), bytes).unwrap();
        }
    }
    folder
}

fn judged(python: &str, folders: &[PathBuf]) -> (Output, String) {
    let output = Command::new(python).arg(peers().join("validate.py")).args(folders).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output, said)
}

#[test]
fn both_tiers_hold_to_every_profile() {
    let Some(python) = python() else { return };
    let folder = written();
    let (output, said) = judged(&python, &[folder.path().join("public"), folder.path().join("open")]);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("\n0 problems"), "{said}");
}

#[test]
fn a_broken_description_is_refused_with_the_rule() {
    let Some(python) = python() else { return };
    let folder = written();
    let open = folder.path().join("open");
    let breaking = |name: &str, from: &str, to: &str| {
        let whole = fs::read_to_string(open.join(name)).unwrap();
        assert!(whole.contains(from), "{name}");
        fs::write(open.join(name), whole.replacen(from, to, 1)).unwrap();
    };
    breaking(TURTLE, "\tdct:creator :publisher ;\n", "");
    breaking(TURTLE, "^^xsd:decimal", "^^xsd:string");
    breaking(DCAT_AP_2, "\tfoaf:name \"Pavyzdinė ministerija\"", "\tfoaf:nick \"Pavyzdinė ministerija\"");
    breaking(JSON_LD, "\"dcat:version\":\"000012-2026-11-28\"", "\"dcat:version\":\"kita\"");
    let (output, said) = judged(&python, &[open]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for rule in ["E144", "DCAT-AP 3.0.0: ", "DCAT-AP 2.1.1: ", "the other format lacks"] {
        assert!(said.contains(rule), "{rule}: {said}");
    }
}

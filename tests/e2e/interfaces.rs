//! The descriptions of interfaces in `docs/interfaces`: valid for a validator that nobody here wrote, and true of what is served.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::country::home;
use crate::signed::{next_night, signing};

/// Runs the validator over both descriptions and these files; gives what it found, or nothing where it is not installed.
fn validate(files: &[(&str, String)]) -> Option<(bool, String)> {
    let python = Command::new(home().join("tests/peers/metadata/python.sh")).output().unwrap();
    if python.status.code() == Some(77) {
        eprintln!("{}", String::from_utf8_lossy(&python.stderr));
        return None;
    }
    let mut validator = Command::new(String::from_utf8(python.stdout).unwrap().trim());
    validator.arg(home().join("tests/peers/metadata/interfaces.py"));
    for name in ["offered", "signing-module"] {
        validator.arg(home().join(format!("docs/interfaces/{name}.openapi.json")));
    }
    for (schema, path) in files {
        validator.args(["--file", *schema, path.as_str()]);
    }
    let found = validator.output().unwrap();
    Some((found.status.success(), String::from_utf8_lossy(&found.stdout).into_owned() + &String::from_utf8_lossy(&found.stderr)))
}

#[test]
fn what_is_offered_is_as_it_is_described() {
    let (country, _) = signing();
    next_night(&country, "1");
    country.ok(&["key", "rotate"]);
    country.ok(&["run"]);
    let path = |name: &str| country.path("portal").join(name).display().to_string();
    let mut files = vec![("Status", path("status.json")), ("Pointer", path("latest.json")), ("KeyList", path("keys/1.json"))];
    files.extend(fs::read_dir(country.path("portal/releases")).unwrap().map(|release| {
        let manifest = release.unwrap().path().join("manifest.json");
        ("Manifest", manifest.display().to_string())
    }));
    assert_eq!(files.len(), 6);
    let Some((valid, said)) = validate(&files) else { return };
    assert!(valid && said.contains("2 descriptions, 6 files"), "{said}");
    // The check can fail.
    let mut pointer: Value = country.json("portal/latest.json");
    pointer["number"] = "one".into();
    fs::write(country.path("wrong.json"), pointer.to_string()).unwrap();
    let (valid, said) = validate(&[("Pointer", country.path("wrong.json").display().to_string())]).unwrap();
    assert!(!valid && said.contains("not Pointer"), "{said}");
}

/// What the endpoint asks of the module stands in its source word for word.
#[test]
fn the_signing_module_is_asked_as_it_is_described() {
    let described: Value = serde_json::from_slice(&fs::read(home().join("docs/interfaces/signing-module.openapi.json")).unwrap()).unwrap();
    let asked = fs::read_to_string(home().join("pipelines/src/endpoint/signing_module.rs")).unwrap();
    let paths: Vec<&String> = described["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/dokumentai", "/dokumentai/{numeris}/konteineris"]);
    for word in ["/dokumentai", "/konteineris", "grizti", "numeris", "adresas"] {
        assert!(asked.to_lowercase().contains(word), "{word}");
    }
    let fields: Vec<&String> = described["components"]["schemas"]["Begun"]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["adresas", "numeris"]);
}

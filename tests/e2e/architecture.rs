//! The direction of flow: which crate may know which.

use std::collections::{BTreeMap, BTreeSet};

use crate::country::home;

#[test]
fn crates_depend_on_each_other_in_one_direction_only() {
    let members = [
        "data/catalog",
        "data/synthetic",
        "connectors",
        "connectors/xmlsignature",
        "connectors/xmltree",
        "connectors/viisp",
        "connectors/forms",
        "connectors/forms/container",
        "connectors/forms/document",
        "connectors/forms/intake",
        "connectors/forms/mail",
        "connectors/pdf",
        "transforms",
        "publish",
        "pipelines",
    ];
    let mut found = BTreeMap::new();
    for member in members {
        let text = std::fs::read_to_string(home().join(member).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let own: BTreeSet<&str> = members.iter().map(|member| member.rsplit('/').next().unwrap()).collect();
        let dependencies = manifest["dependencies"].as_table().unwrap();
        let known: Vec<String> = dependencies.keys().filter(|name| own.contains(name.as_str())).cloned().collect();
        found.insert(manifest["package"]["name"].as_str().unwrap().to_owned(), known);
    }
    let expected = [
        ("catalog", vec![]),
        ("connectors", vec!["catalog", "xmlsignature"]),
        ("container", vec!["xmltree"]),
        ("document", vec![]),
        ("forms", vec!["catalog", "container", "document", "intake", "mail", "pdf", "viisp"]),
        ("intake", vec![]),
        ("mail", vec![]),
        ("pipelines", vec!["catalog", "connectors", "forms", "publish", "synthetic", "transforms"]),
        ("pdf", vec!["catalog"]),
        ("publish", vec!["catalog", "pdf"]),
        ("synthetic", vec!["catalog"]),
        ("transforms", vec!["catalog"]),
        ("viisp", vec!["xmlsignature"]),
        ("xmlsignature", vec!["xmltree"]),
        ("xmltree", vec![]),
    ];
    let expected =
        expected.into_iter().map(|(name, known)| (name.to_owned(), known.into_iter().map(str::to_owned).collect::<Vec<_>>())).collect();
    assert_eq!(found, expected);
}

#[test]
fn sql_stays_portable_between_engines() {
    for folder in ["models", "checks"] {
        for entry in std::fs::read_dir(home().join("sql").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let code: String = text.lines().map(|line| line.split("--").next().unwrap_or_default().to_uppercase() + "\n").collect();
            for word in
                ["READ_", "COPY ", "PIVOT", "ASOF", "MACRO", "RECURSIVE", "SEMI JOIN", "ANTI JOIN", "QUALIFY", "EXCLUDE", "GROUP BY ALL"]
            {
                assert!(!code.contains(word), "{} uses {word}", path.display());
            }
            assert!(folder == "checks" || code.contains("ORDER BY"), "{} has no order", path.display());
        }
    }
}

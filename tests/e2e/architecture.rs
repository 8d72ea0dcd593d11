//! The direction of flow: which crate may know which, and that no file of a crate needs one that needs it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::country::{files, home};
use crate::modules::{circles, modules, needs};

/// The crates of the workspace, by folder.
const MEMBERS: [&str; 27] = [
    "connectors",
    "connectors/forms",
    "connectors/forms/container",
    "connectors/forms/document",
    "connectors/forms/intake",
    "connectors/forms/mail",
    "connectors/forms/training",
    "connectors/pdf",
    "connectors/viisp",
    "connectors/xmlsignature",
    "connectors/xmltree",
    "data/catalog",
    "data/personal",
    "data/spool",
    "data/synthetic",
    "pipelines",
    "publish",
    "publish/dcat",
    "publish/metadata",
    "publish/ownership",
    "publish/remote",
    "publish/sqlite",
    "publish/trust",
    "publish/xlsx",
    "transforms",
    "transforms/owners",
    "transforms/protection",
];

#[test]
fn crates_depend_on_each_other_in_one_direction_only() {
    let workspace: toml::Table = std::fs::read_to_string(home().join("Cargo.toml")).unwrap().parse().unwrap();
    let members: BTreeSet<&str> = workspace["workspace"]["members"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    assert_eq!(members, BTreeSet::from(MEMBERS));
    let mut found = BTreeMap::new();
    for member in MEMBERS {
        let text = std::fs::read_to_string(home().join(member).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let own: BTreeSet<&str> = MEMBERS.iter().map(|member| member.rsplit('/').next().unwrap()).collect();
        let dependencies = manifest["dependencies"].as_table().unwrap();
        let known: Vec<String> = dependencies.keys().filter(|name| own.contains(name.as_str())).cloned().collect();
        found.insert(manifest["package"]["name"].as_str().unwrap().to_owned(), known);
    }
    let expected = [
        ("catalog", vec!["personal"]),
        ("connectors", vec!["catalog", "xmlsignature"]),
        ("container", vec!["xmltree"]),
        ("dcat", vec!["catalog", "metadata"]),
        ("document", vec![]),
        ("forms", vec!["catalog", "container", "document", "intake", "mail", "pdf", "viisp"]),
        ("intake", vec![]),
        ("mail", vec![]),
        ("metadata", vec!["catalog"]),
        ("owners", vec!["catalog"]),
        ("ownership", vec!["catalog"]),
        (
            "pipelines",
            vec![
                "catalog",
                "connectors",
                "forms",
                "publish",
                "remote",
                "spool",
                "sqlite",
                "synthetic",
                "training",
                "transforms",
                "trust",
                "xlsx",
            ],
        ),
        ("pdf", vec!["catalog"]),
        ("personal", vec![]),
        ("protection", vec![]),
        ("publish", vec!["catalog", "dcat", "document", "metadata", "ownership", "pdf", "spool", "xlsx"]),
        ("remote", vec![]),
        ("spool", vec!["catalog"]),
        ("sqlite", vec!["catalog"]),
        ("synthetic", vec!["catalog"]),
        ("training", vec!["catalog"]),
        ("transforms", vec!["catalog", "owners", "protection", "spool"]),
        ("trust", vec![]),
        ("viisp", vec!["xmlsignature"]),
        ("xmlsignature", vec!["xmltree"]),
        ("xmltree", vec![]),
        ("xlsx", vec![]),
    ];
    let expected =
        expected.into_iter().map(|(name, known)| (name.to_owned(), known.into_iter().map(str::to_owned).collect::<Vec<_>>())).collect();
    assert_eq!(found, expected);
}

/// A workspace of its own, which is built beside the main one.
const CLUSTER: &str = "transforms/cluster";

#[test]
fn the_cluster_is_no_part_of_virsis_and_is_built_of_the_same_crates() {
    let read = |path: &str| -> toml::Table { std::fs::read_to_string(home().join(path)).unwrap().parse().unwrap() };
    let (main, cluster) = (read("Cargo.toml"), read(&format!("{CLUSTER}/Cargo.toml")));
    assert!(main["workspace"]["exclude"].as_array().unwrap().iter().any(|one| one.as_str() == Some(CLUSTER)));
    let own: Vec<&String> =
        cluster["dependencies"].as_table().unwrap().iter().filter(|(_, from)| from.get("path").is_some()).map(|(name, _)| name).collect();
    assert_eq!(own, ["pipelines", "transforms"]);
    // Otherwise DuckDB and Polars would be compiled a second time.
    assert_eq!(main["profile"], cluster["profile"]);
    let packages = |path: &str| -> BTreeMap<String, BTreeSet<String>> {
        let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for package in read(path)["package"].as_array().unwrap() {
            versions
                .entry(package["name"].as_str().unwrap().to_owned())
                .or_default()
                .insert(package["version"].as_str().unwrap().to_owned());
        }
        versions
    };
    let (main, cluster) = (packages("Cargo.lock"), packages(&format!("{CLUSTER}/Cargo.lock")));
    let other: Vec<_> = cluster.iter().filter(|(name, versions)| main.get(*name).is_some_and(|known| !versions.is_subset(known))).collect();
    assert!(other.is_empty(), "copy Cargo.lock to {CLUSTER} and let cargo add what is missing: {other:?}");
    let more: Vec<&String> = cluster.keys().filter(|name| !main.contains_key(*name)).collect();
    assert!((2..20).contains(&more.len()) && !main.contains_key("tonic"), "{more:?}");
}

#[test]
fn no_file_needs_one_that_needs_it() {
    let crates = MEMBERS.iter().chain([&CLUSTER]);
    let circles: Vec<_> = crates.map(|member| (member, circles(&modules(&home().join(member).join("src"))))).collect();
    let found: Vec<_> = circles.iter().filter(|(_, circle)| !circle.is_empty()).collect();
    assert!(found.is_empty(), "these need each other: {found:#?}");
}

#[test]
fn what_a_file_needs_is_told_by_what_it_names() {
    let pipelines = needs(&modules(&home().join("pipelines/src")));
    assert!(pipelines.len() > 60 && pipelines["run::night"].contains("sources::acquire"), "{} files", pipelines.len());
    let forms = needs(&modules(&home().join("connectors/forms/src")));
    assert!(forms["web::save"].contains("store::audit") && forms["web::frame"].contains("store::accounts"), "through a re-export");
    assert!(forms["web::visit"].contains("web::trouble"), "by `super`");
    assert!(forms["store"].iter().all(|other| !other.starts_with("store::")), "a folder's head ties its files together");
}

#[test]
fn only_the_web_service_reads_the_codes_that_a_register_is_asked_about() {
    let sources = ["connectors", "data", "pipelines", "publish", "transforms"].map(|folder| files(&home().join(folder)));
    let reads = |path: &Path| {
        let is_rust = path.extension().is_some_and(|ending| ending == "rs");
        is_rust && std::fs::read_to_string(path).unwrap().contains(".expose_to_register()")
    };
    let readers: BTreeSet<_> = sources.iter().flatten().filter(|path| reads(path)).map(|path| path.parent().unwrap()).collect();
    assert_eq!(readers, BTreeSet::from([home().join("connectors/src/ws").as_path()]));
}

/// What a file says outside its tests.
fn without_tests(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap().split("#[cfg(test)]\nmod tests").next().unwrap().to_owned()
}

#[test]
fn a_raw_table_is_named_by_its_connector_and_its_definitions_alone() {
    let catalog = catalog::Catalog::load(&home()).unwrap();
    let raw: Vec<String> = catalog.tables(catalog::Layer::Raw).map(|table| format!("\"{}\"", table.name)).collect();
    let is_test = |path: &Path| path.iter().any(|part| ["tests", "tests.rs", "testing.rs", "sample.rs"].iter().any(|test| part == *test));
    // The generator writes what the registers would.
    let is_own = |path: &Path| path.starts_with(home().join("data/synthetic")) || path.parent() == Some(&home().join("connectors/src"));
    let mut looked_at = 0;
    for folder in ["connectors", "data", "pipelines", "publish", "transforms"] {
        let sources = files(&home().join(folder)).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
        for path in sources.filter(|path| !is_test(path) && !is_own(path) && !path.ends_with("clean/ahead.rs")) {
            looked_at += 1;
            let text = without_tests(&path);
            assert!(!raw.iter().any(|name| text.contains(name)), "{} names a raw table; give the table a role", path.display());
        }
    }
    assert!(looked_at > 250, "{looked_at}");
    let extracts = connectors::CONNECTORS.iter().flat_map(|connector| connector.extracts.iter().map(|extract| (connector.source, extract)));
    for (source, extract) in extracts {
        let own = home().join(format!("connectors/src/{source}.rs"));
        assert!(without_tests(&own).contains(&format!("\"{}\"", extract.table)), "{} is named in another file", extract.table);
    }
}

#[test]
fn sql_stays_portable_between_engines() {
    for folder in ["models", "checks"] {
        for entry in std::fs::read_dir(home().join("sql").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            // Cells of a check's table stand in its SQL.
            let code = |line: &str| line.trim_start_matches("-- for:").split("--").next().unwrap_or_default().to_uppercase() + "\n";
            let code: String = text.lines().map(code).collect();
            for word in [
                "READ_",
                "COPY ",
                "PIVOT",
                "ASOF",
                "MACRO",
                "RECURSIVE",
                "SEMI JOIN",
                "ANTI JOIN",
                "QUALIFY",
                "EXCLUDE",
                "GROUP BY ALL",
                "VARCHAR",
            ] {
                assert!(!code.contains(word), "{} uses {word}", path.display());
            }
            assert!(folder == "checks" || code.contains("ORDER BY"), "{} has no order", path.display());
        }
    }
}

//! The direction of flow: which crate may know which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::country::{files, home};

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

/// The modules of a crate by their paths, `run::night`, with what they say without their tests and comments.
fn modules(source: &Path) -> BTreeMap<String, String> {
    let code = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect::<String>()
    };
    let name = |path: &Path| {
        let path = path.strip_prefix(source).unwrap().with_extension("");
        let parts: Vec<_> = path.iter().map(|part| part.to_str().unwrap()).filter(|part| *part != "mod").collect();
        parts.join("::")
    };
    let all = files(source).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    all.filter(|path| !path.ends_with("tests.rs")).map(|path| (name(&path), code(&path))).filter(|(name, _)| name != "main").collect()
}

/// The modules that a text names from the root of its crate, `crate::run::{self, Night}` among them.
fn named<'m>(modules: &'m BTreeMap<String, String>, text: &str) -> BTreeSet<&'m str> {
    let longest = |path: &str| {
        let parts: Vec<&str> = path.split("::").collect();
        (1..=parts.len()).rev().find_map(|count| modules.get_key_value(&parts[..count].join("::")).map(|(name, _)| name.as_str()))
    };
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let path: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || "_:".contains(*letter)).collect();
        let group = rest[path.len()..].strip_prefix('{').and_then(|group| group.split(';').next());
        let members = group.into_iter().flat_map(|group| group.split([',', '{', '}']).map(str::trim));
        let path = path.trim_end_matches(':');
        found.extend(longest(path).into_iter().filter(|_| group.is_none()));
        found.extend(members.filter(|member| !member.is_empty()).filter_map(|member| {
            let member = member.trim_end_matches("::self").trim_start_matches("self");
            longest(&[path, member].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("::"))
        }));
    }
    found
}

#[test]
fn no_file_of_the_pipeline_needs_one_that_needs_it() {
    let modules = modules(&home().join("pipelines/src"));
    assert!(modules.len() > 60 && modules.contains_key("run::night"), "{} files", modules.len());
    let needs: BTreeMap<&str, BTreeSet<&str>> = modules
        .iter()
        .map(|(name, text)| (name.as_str(), named(&modules, text).into_iter().filter(|other| other != name).collect()))
        .collect();
    assert!(
        needs["run::night"].contains("sources::acquire")
            && needs["config"].iter().all(|other| other.starts_with("config::") || *other == "refusal")
    );
    assert_eq!(circles(needs), BTreeMap::new(), "these need each other");
}

/// What cannot be put aside although whatever needs nothing that is left always is.
fn circles<'m>(mut needs: BTreeMap<&'m str, BTreeSet<&'m str>>) -> BTreeMap<&'m str, BTreeSet<&'m str>> {
    loop {
        let free: Vec<&str> = needs.iter().filter(|(_, others)| others.is_empty()).map(|(name, _)| *name).collect();
        if free.is_empty() {
            return needs;
        }
        needs.retain(|name, _| !free.contains(name));
        needs.values_mut().for_each(|others| others.retain(|other| !free.contains(other)));
    }
}

#[test]
fn no_file_of_publish_needs_one_that_needs_it() {
    let source = home().join("publish/src");
    let mut modules = modules(&source);
    modules.retain(|name, _| !["lib", "sample", "formats::samples"].contains(&name.as_str()));
    assert!(modules.len() > 30 && modules.contains_key("site::tier_site"), "{} files", modules.len());
    // `super` written out.
    for (name, text) in &mut modules {
        let folder = if source.join(name.replace("::", "/")).is_dir() {
            name.as_str()
        } else {
            name.rsplit_once("::").map_or("", |(folder, _)| folder)
        };
        let root = if folder.is_empty() { "crate::".to_owned() } else { format!("crate::{folder}::") };
        *text = text.replace("super::", &root);
        // What the crate shows to others says nothing of the file that it comes from.
        let shown = text.split("crate::").skip(1).find(|rest| rest.starts_with(|first: char| first.is_uppercase() || first == '{'));
        assert_eq!(shown.map(|rest| rest.chars().take(40).collect::<String>()), None, "{name}");
    }
    let needs: BTreeMap<&str, BTreeSet<&str>> = modules
        .iter()
        .map(|(name, text)| (name.as_str(), named(&modules, text).into_iter().filter(|other| other != name).collect()))
        .collect();
    assert!(needs["store::commit"].contains("incremental::file_stats") && needs["release"].contains("site::lists"));
    assert_eq!(circles(needs), BTreeMap::new(), "these need each other");
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

#[test]
fn sql_stays_portable_between_engines() {
    for folder in ["models", "checks"] {
        for entry in std::fs::read_dir(home().join("sql").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            // Cells of a check's table stand in its SQL.
            let code = |line: &str| line.trim_start_matches("-- for:").split("--").next().unwrap_or_default().to_uppercase() + "\n";
            let code: String = text.lines().map(code).collect();
            for word in
                ["READ_", "COPY ", "PIVOT", "ASOF", "MACRO", "RECURSIVE", "SEMI JOIN", "ANTI JOIN", "QUALIFY", "EXCLUDE", "GROUP BY ALL"]
            {
                assert!(!code.contains(word), "{} uses {word}", path.display());
            }
            assert!(folder == "checks" || code.contains("ORDER BY"), "{} has no order", path.display());
        }
    }
}

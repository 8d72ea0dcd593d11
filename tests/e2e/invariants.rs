//! The invariants of docs/architecture.md that the source text itself can break: which folder uses which, who prints, who opens an extract,
//! who releases a table, who writes files of a release, who looks at the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::country::{files, home};
use crate::named_tests::{between_backticks, is_there};

/// Crates whose code decides what is in a release, or in a generated country.
const DECIDE_A_RELEASE: &[&str] = &[
    "data/catalog",
    "data/personal",
    "data/synthetic",
    "transforms",
    "transforms/cluster",
    "publish",
    "publish/dcat",
    "publish/metadata",
    "publish/ownership",
    "publish/sqlite",
    "connectors/pdf",
];

/// Every Rust file under a `src` folder of the workspace, by its path, without tests and comments.
fn sources() -> BTreeMap<String, String> {
    let crates = ["connectors", "data", "pipelines", "publish", "transforms"];
    let all = crates.iter().flat_map(|folder| files(&home().join(folder)));
    let rust: Vec<PathBuf> = all.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect();
    let tests: BTreeSet<PathBuf> = rust.iter().flat_map(|path| test_modules(path)).collect();
    let is_source = |path: &&PathBuf| {
        let parts: Vec<_> = path.strip_prefix(home()).unwrap().iter().map(|part| part.to_str().unwrap()).collect();
        parts.contains(&"src") && !path.ancestors().any(|part| tests.contains(&part.with_extension("")))
    };
    let found: BTreeMap<String, String> = rust
        .iter()
        .filter(is_source)
        .map(|path| (path.strip_prefix(home()).unwrap().display().to_string(), code(&std::fs::read_to_string(path).unwrap())))
        .collect();
    assert!(found.len() > 300 && found.contains_key("pipelines/src/run/night.rs"), "{} files", found.len());
    assert!(!found.contains_key("publish/src/sample.rs"), "a module of tests is no source");
    found
}

/// What a file says without the tests at its foot and without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect()
}

/// Modules that a file declares for tests alone, as paths without an ending.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(path).unwrap();
    let is_root = ["lib.rs", "main.rs", "mod.rs"].iter().any(|name| path.ends_with(name));
    let folder = if is_root { path.parent().unwrap().to_owned() } else { path.with_extension("") };
    let declared = text.split("#[cfg(test)]\n").skip(1).filter_map(|rest| rest.lines().next()?.strip_suffix(';'));
    declared.filter_map(|line| Some(folder.join(line.split_once("mod ")?.1))).collect()
}

/// The files in which one of these words stands.
fn naming<'s>(sources: &'s BTreeMap<String, String>, words: &[&str]) -> BTreeSet<&'s str> {
    sources.iter().filter(|(_, text)| words.iter().any(|word| text.contains(word))).map(|(path, _)| path.as_str()).collect()
}

/// The section of docs/architecture.md under this heading.
fn section(heading: &str) -> String {
    let text = std::fs::read_to_string(home().join("docs/architecture.md")).unwrap();
    let rest = text.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no section {heading}")).1.to_owned();
    rest.split("\n## ").next().unwrap().to_owned()
}

/// The part of a crate that a path or a name after `crate::` belongs to: its folder, or its file in `src` itself.
fn room(path: &str) -> &str {
    path.split(['/', ':']).next().unwrap().trim_end_matches(".rs")
}

/// The rooms that a text of `pipelines` names from the root of the crate, those of `use crate::{home, progress}` among them.
fn rooms_named(text: &str) -> BTreeSet<&str> {
    let after = text.split("crate::").skip(1);
    let names = after.flat_map(|rest| match rest.strip_prefix('{') {
        Some(group) => group.split(['}', ';']).next().unwrap().split(',').map(str::trim).collect::<Vec<_>>(),
        None => vec![rest],
    });
    let word = |name: &'_ str| name.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(name.len());
    names.map(|name| &name[..word(name)]).filter(|name| !name.is_empty()).collect()
}

#[test]
fn a_folder_of_pipelines_uses_only_those_below_it() {
    let table = section("Folders of pipelines");
    let mut level: BTreeMap<String, usize> = BTreeMap::new();
    for (number, row) in table.lines().filter(|line| line.starts_with("| `")).enumerate() {
        let cell = row.split('|').nth(1).unwrap();
        let names = cell.split('`').skip(1).step_by(2);
        level.extend(names.map(|name| (room(name.trim_end_matches('/')).to_owned(), number)));
    }
    let sources = sources();
    let mut seen = 0;
    for (path, text) in &sources {
        let Some(file) = path.strip_prefix("pipelines/src/").filter(|file| !["lib.rs", "main.rs"].contains(file)) else { continue };
        let from = room(file);
        let own = level.get(from).unwrap_or_else(|| panic!("{from} is missing in the table of docs/architecture.md"));
        for to in rooms_named(text).into_iter().filter(|to| *to != from) {
            let other = level.get(to).unwrap_or_else(|| panic!("{path} uses {to}, which is missing in the table of docs/architecture.md"));
            assert!(other > own, "{path} uses {to}, which is not below {from} in the table of docs/architecture.md");
            seen += 1;
        }
    }
    assert!(seen > 150, "{seen} uses");
}

#[test]
fn only_the_command_line_prints() {
    let words = ["println!(", "print!(", "dbg!(", "io::stdout", "io::stderr"];
    let sources = sources();
    let may = ["pipelines/src/lib.rs", "pipelines/src/logging.rs", "pipelines/src/panics.rs"];
    let printing = naming(&sources, &words);
    let wrong: Vec<&&str> = printing.iter().filter(|path| !path.starts_with("pipelines/src/commands/") && !may.contains(path)).collect();
    assert!(wrong.is_empty(), "{wrong:?} print: hand the text to a command, or log it");
    assert!(printing.contains("pipelines/src/commands/run.rs") && may.iter().all(|path| printing.contains(path)));
}

#[test]
fn only_connectors_open_extracts() {
    let sources = sources();
    let known: BTreeSet<&str> =
        naming(&sources, &["paths.extracts"]).into_iter().filter(|path| !path.starts_with("connectors/src/")).collect();
    let expected = [
        // Generates them.
        "pipelines/src/commands/demo.rs",
        // Names the folder in a message.
        "pipelines/src/commands/doctor.rs",
        // Makes the path absolute and compares it with others.
        "pipelines/src/config/mod.rs",
        // Looks whether the country is synthetic.
        "pipelines/src/run/site.rs",
        // Removes used files.
        "pipelines/src/sources/retention.rs",
        // Hands the folder to the transport of `connectors`.
        "pipelines/src/sources/transports.rs",
        // Lists names.
        "pipelines/src/sources/unknown_files.rs",
        // Searches the bytes of every file for a withdrawn text.
        "pipelines/src/withdrawal/mod.rs",
    ];
    assert_eq!(known, BTreeSet::from(expected), "who knows the drop folder");
    let opening = ["File::open", "fs::read(", "fs::read_to_string", "sought.is_in_file"];
    let readers: Vec<&&str> = known.iter().filter(|path| opening.iter().any(|word| sources[**path].contains(word))).collect();
    assert_eq!(
        readers,
        [&"pipelines/src/config/mod.rs", &"pipelines/src/withdrawal/mod.rs"],
        "who of them reads files, the configuration among them"
    );
    // Nothing else has what it takes to read a workbook.
    for path in files(&home()).iter().filter(|path| path.ends_with("Cargo.toml") && path.parent() != Some(&home())) {
        let manifest = std::fs::read_to_string(path).unwrap();
        let is_connectors = path.parent().is_some_and(|folder| folder == home().join("connectors"));
        assert_eq!(manifest.contains("calamine"), is_connectors, "{}", path.display());
    }
}

#[test]
fn only_the_gate_makes_what_publishers_take() {
    let sources = sources();
    assert_eq!(naming(&sources, &["Released::admit("]), BTreeSet::from(["pipelines/src/run/admission.rs"]));
    let released = &sources["data/catalog/src/released.rs"];
    let (_, declared) = released.split_once("pub struct Released {").unwrap();
    assert!(!declared.split('}').next().unwrap().contains("pub"), "its fields are private");
    let (_, methods) = released.split_once("impl Released {").unwrap();
    assert_eq!((methods.matches("Self {").count(), methods.matches("Released {").count()), (1, 0), "only `admit` makes one");
}

#[test]
fn no_clock_decides_what_is_in_a_release() {
    let sources = sources();
    let wrong: Vec<&str> = naming(&sources, &["::now("])
        .into_iter()
        .filter(|path| DECIDE_A_RELEASE.iter().any(|folder| path.starts_with(&format!("{folder}/src/"))))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?} look at the clock");
    assert!(DECIDE_A_RELEASE.iter().all(|folder| sources.keys().any(|path| path.starts_with(&format!("{folder}/src/")))));
}

#[test]
fn unsafe_code_is_in_three_files() {
    let expected = ["data/spool/src/column.rs", "pipelines/src/memory.rs", "transforms/src/bridge.rs"];
    assert_eq!(naming(&sources(), &["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"]), BTreeSet::from(expected));
}

#[test]
fn only_the_release_store_writes_files_of_a_release() {
    let writing =
        ["File::create", "fs::write", "OpenOptions", "create_dir", "DirBuilder", "hard_link", "fs::rename", "fs::copy", "fs::remove"];
    let sources = sources();
    let (store, others): (Vec<&str>, Vec<&str>) = naming(&sources, &writing)
        .into_iter()
        .filter(|path| path.starts_with("publish/src/"))
        .partition(|path| path.starts_with("publish/src/store/"));
    assert!(others.is_empty() && store.contains(&"publish/src/store/staging.rs"), "{others:?} write files: only publish/src/store may");
    // The database file, where the store says.
    let computing: Vec<&str> = naming(&sources, &writing).into_iter().filter(|path| path.starts_with("transforms/src/")).collect();
    assert_eq!(computing, ["transforms/src/database/unwritten.rs"], "transforms keep everything else in memory");
    // Rows that wait have files without names, which nothing else opens.
    let waiting = ["tempfile::tempfile_in", "tempfile::tempfile("];
    let shipped: Vec<&str> = naming(&sources, &waiting).into_iter().filter(|path| !path.starts_with("tests/")).collect();
    assert_eq!(shipped, ["data/spool/src/column.rs"]);
    // What is handed to a cluster, in the folder that the run empties.
    let handing: Vec<&str> = naming(&sources, &writing).into_iter().filter(|path| path.starts_with("transforms/cluster/")).collect();
    assert_eq!(handing, ["transforms/cluster/src/parts.rs"]);
}

#[test]
fn every_test_that_holds_an_invariant_exists() {
    let text = section("Invariants");
    let is_test = |name: &&str| name.split_once("::").is_some_and(|(file, _)| file.ends_with(".rs") && file.contains('/'));
    let named: Vec<&str> = between_backticks(&text).filter(is_test).collect();
    assert!(named.len() > 15, "{named:?}");
    for test in named {
        assert!(is_there(test), "there is no {test}");
    }
}

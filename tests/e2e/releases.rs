//! Releases: same input, same bytes; tampering is noticed; the internal tier is closed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::country::{Country, differing, files, home, tells_of_releases};

fn contents(country: &Country, side: &str) -> BTreeMap<String, Vec<u8>> {
    let root = country.path(side).join("latest").canonicalize().unwrap();
    files(&root).into_iter().map(|path| (path.strip_prefix(&root).unwrap().display().to_string(), fs::read(path).unwrap())).collect()
}

#[test]
fn two_runs_on_the_same_input_give_the_same_bytes() {
    let (first, second) = (Country::generate(7, &home()).whole(), Country::generate(7, &home()).whole());
    // The surrogate ids depend on the key; two installations with one key must agree.
    fs::copy(first.path("secrets/person.key"), second.path("secrets/person.key")).unwrap();
    first.ok(&["run"]);
    second.ok(&["run"]);
    for side in ["portal", "internal"] {
        let (one, other) = (contents(&first, side), contents(&second, side));
        assert!(one.len() > 10);
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, bytes) in &one {
            assert!(bytes == &other[name], "{side}/{name} differs");
        }
    }
    let again = contents(&first, "portal");
    first.ok(&["run", "--full"]);
    let listed = first.ok(&["release", "list"]);
    assert_eq!(listed.lines().filter(|line| line.ends_with("latest")).count(), 1, "{listed}");
    assert_eq!(listed.lines().count(), 3, "{listed}");
    // But for what tells of the release itself, and of the one before.
    let tells = |name: &str| {
        let is_start = ["public/index.html", "open/index.html", "public/en/index.html", "open/en/index.html"].contains(&name);
        is_start || tells_of_releases(name) || name.split('/').any(|part| part.starts_with("manifest"))
    };
    for (name, bytes) in contents(&first, "portal").iter().filter(|(name, _)| !tells(name)) {
        assert!(bytes == &again[name], "{name} differs in the second release");
    }
}

#[test]
fn verify_notices_a_changed_byte_and_a_column_of_another_tier() {
    let country = Country::generate(8, &home());
    country.ok(&["run"]);
    country.ok(&["verify"]);
    let file = country.path("portal/latest/open/data/virs/virs.csv").canonicalize().unwrap();
    let original = fs::read(&file).unwrap();
    // Objects are shared by hard links: write a new file instead of into the old one.
    let replace = |bytes: &[u8]| {
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
    };
    let mut changed = original.clone();
    *changed.last_mut().unwrap() ^= 1;
    replace(&changed);
    let error = country.refused(&["verify"]);
    assert!(error.contains("virs.csv"), "{error}");
    replace(&original);
    country.ok(&["verify"]);
    fs::write(country.path("portal/latest/open/data/virs/asmenys.csv"), "asmens_kodas\n").unwrap();
    assert!(country.refused(&["verify"]).contains("asmenys.csv"));
}

#[test]
fn the_internal_tier_is_its_tables_alone_until_its_pages_are_asked_for() {
    let country = Country::published("40", 9);
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    let with_pages = settings.replace("[portal]\n", "[portal]\ninternal_pages = true\n");
    let latest = || country.path("internal/latest").canonicalize().unwrap();
    let endings = || -> BTreeSet<String> {
        let ending = |path: &PathBuf| path.extension().map_or_else(String::new, |ending| ending.to_string_lossy().into_owned());
        files(&latest()).iter().filter(|path| !path.ends_with("manifest.json")).map(ending).collect()
    };
    let tables_alone = BTreeSet::from(["parquet".to_owned(), "sha256".to_owned()]);
    assert_eq!(endings(), tables_alone);
    let (alone, rows) = (contents(&country, "internal"), country.table("internal", "virs"));
    assert!(
        rows.len() > 20 && country.ok(&["sql", "--tier", "internal", "-c", "SELECT COUNT(*) FROM virs"]).contains(&rows.len().to_string())
    );

    // Nothing in the registers is another; only the setting is.
    fs::write(country.path("virsis.toml"), &with_pages).unwrap();
    country.ok(&["run"]);
    let page = latest().join(format!("virs/{}.html", rows[0]["ja_kodas"].as_str().unwrap()));
    assert!(page.is_file() && latest().join("index.html").is_file() && latest().join("data/virs/virs.csv").is_file());
    assert_eq!(country.table("internal", "virs"), rows, "the rows of the JSON file are those that were Parquet alone");
    country.ok(&["verify"]);
    let whole = contents(&country, "internal");
    assert!(country.ok(&["run"]).contains("nothing changed"));
    country.ok(&["run", "--full"]);
    assert_eq!(
        differing(&whole, &contents(&country, "internal")),
        ["manifest.json", "manifest.sha256"],
        "printed whole, they are the same"
    );

    fs::write(country.path("virsis.toml"), &settings).unwrap();
    country.ok(&["run"]);
    assert_eq!(endings(), tables_alone);
    assert_eq!(differing(&alone, &contents(&country, "internal")), ["manifest.json", "manifest.sha256"]);
}

#[test]
fn the_internal_tier_is_closed_and_lies_outside_the_portal() {
    let country = Country::generate(9, &home());
    country.ok(&["run"]);
    let mode = |name: &str| fs::metadata(country.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("internal"), 0o700);
    // A file that the portal shows too is the very same file; whatever only the internal tier has is closed by itself as well.
    let published: Vec<Vec<u8>> = contents(&country, "portal").into_values().collect();
    let mut own = 0;
    for file in files(&country.path("internal/latest").canonicalize().unwrap()) {
        if fs::metadata(&file).unwrap().permissions().mode() & 0o077 == 0 {
            own += 1;
        } else {
            assert!(published.contains(&fs::read(&file).unwrap()), "{}", file.display());
        }
    }
    assert!(own > 10);
    assert!(!country.path("portal/latest/internal").exists());
    assert!(!country.table("internal", "asmens_duomenys").is_empty(), "codes that VIRS handed in are kept for staff");
}

//! What catalogues and tools are told of a release, judged by validators that nobody here wrote.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::country::{Country, home};

/// Two nights of a portal that has a web address.
static DESCRIBED: LazyLock<Country> = LazyLock::new(|| {
    let country = Country::with_virs("40", 97, &home()).whole();
    let path = country.path("virsis.toml");
    let settings = fs::read_to_string(&path).unwrap();
    let publication = "[publication]\nurl = 'https://virsis.example.lt'\nreleases_url = 'https://virsis.example.lt/releases'\ncontact = 'virsis@example.lt'\n\
                       publisher_code = '300000007'\n";
    fs::write(&path, format!("{settings}{publication}")).unwrap();
    country.ok(&["run"]);
    country.ok(&["generate", "--virs", "40", "--entities", "400", "--seed", "97", "--night", "1", "--out", "extracts"]);
    country.ok(&["run"]);
    country
});

fn tier(name: &str) -> String {
    DESCRIBED.path("portal/latest").join(name).display().to_string()
}

/// The Python of a folder of peers; `None`, with a word, where it is missing, unless `VIRSIS_PEERS_REQUIRED=1`.
fn python(peer: &str) -> Option<PathBuf> {
    let found = Command::new(home().join("tests/peers").join(peer).join("python.sh")).output().unwrap();
    if found.status.code() == Some(77) {
        eprintln!("{}", String::from_utf8_lossy(&found.stderr));
        return None;
    }
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    Some(String::from_utf8(found.stdout).unwrap().trim().into())
}

/// Runs a script of a folder of peers, which must find nothing wrong.
fn finds_nothing_wrong(peer: &str, script: &str, arguments: &[&str]) {
    let Some(python) = python(peer) else { return };
    let found = Command::new(python).arg(home().join("tests/peers").join(peer).join(script)).args(arguments).output().unwrap();
    let said = [found.stdout, found.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(found.status.success(), "{said}");
}

#[test]
fn tools_validate_the_descriptions_and_the_data_by_them() {
    for name in ["public", "open"] {
        finds_nothing_wrong("metadata", "validate.py", &[&tier(name)]);
    }
}

#[test]
fn catalogues_take_the_descriptions() {
    finds_nothing_wrong("dcat", "validate.py", &["--files", &tier("public"), &tier("open")]);
}

#[test]
fn pages_of_datasets_tell_search_engines_which_files_there_are() {
    for name in ["public", "open"] {
        let folder = DESCRIBED.path("portal/latest").join(name);
        let mut files = 0;
        for page in ["duomenys", "statistika"].iter().flat_map(|place| fs::read_dir(folder.join(place)).unwrap()) {
            let page = page.unwrap().path();
            if page.extension().is_none_or(|ending| ending != "html") {
                continue;
            }
            let html = fs::read_to_string(&page).unwrap();
            let said = html.split("<script type=\"application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
            let dataset: Value = serde_json::from_str(said.unwrap_or_else(|| panic!("{} says nothing", page.display()))).unwrap();
            let start = format!("https://virsis.example.lt/{name}/");
            assert!(page.ends_with(dataset["url"].as_str().unwrap().strip_prefix(&start).unwrap()), "{}", page.display());
            for file in dataset["distribution"].as_array().unwrap() {
                let path = folder.join(file["contentUrl"].as_str().unwrap().strip_prefix(&start).unwrap());
                assert_eq!(file["sha256"], hex::encode(Sha256::digest(fs::read(&path).unwrap())), "{}", path.display());
                files += 1;
            }
        }
        assert!(files > 100, "{files}");
    }
}

#[test]
fn other_systems_read_who_owns_whom() {
    finds_nothing_wrong("ownership", "validate.py", &[&format!("{}/nuosavybe", tier("public"))]);
    assert!(!DESCRIBED.path("portal/latest/open/nuosavybe/bods.jsonl").exists(), "the open tier shows no owner's person");
}

//! Invented releases on the disk, and what a reader of the store who follows the pointer sees of them.

use std::fs;
use std::path::Path;

use remote::{File, Pointer, Release};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::peer::Reader;

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The name of a release.
pub(crate) fn name(sequence: u64) -> String {
    format!("{sequence:06}-2026-03-{sequence:02}")
}

/// Writes a release: many small files of which some are new, a large one, and a manifest that lists them.
pub(crate) fn write(home: &Path, sequence: u64) {
    let folder = home.join(name(sequence));
    let mut listed = serde_json::Map::new();
    let mut add = |path: &str, content: &[u8]| {
        let full = folder.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, content).unwrap();
        listed.insert(path.to_owned(), sha256(content).into());
    };
    for number in 0..40 {
        let night = if number % 4 == 0 { sequence } else { 0 };
        add(&format!("open/data/{number}.csv"), format!("kodas,naktis\n{number},{night}\n").as_bytes());
    }
    for path in ["index.html", "public/style.css", "public/virs/1.json", "open/data/virs.parquet", "public/map.svg"] {
        add(path, format!("{path} {sequence}").as_bytes());
    }
    add("public/virsis.duckdb", &vec![u8::try_from(sequence % 250).unwrap(); 9 << 20]);
    fs::write(folder.join("manifest.json"), serde_json::to_vec(&json!({ "files": listed })).unwrap()).unwrap();
}

/// A release that was written, with the pointer to it.
pub(crate) fn release(home: &Path, sequence: u64) -> (Release, Pointer) {
    let folder = home.join(name(sequence));
    let manifest = fs::read(folder.join("manifest.json")).unwrap();
    let listed: Value = serde_json::from_slice(&manifest).unwrap();
    let paths = listed["files"].as_object().unwrap().keys().map(String::as_str).chain(["manifest.json"]);
    let file = |path: &str| {
        let content = fs::read(folder.join(path)).unwrap();
        File { path: path.to_owned(), sha256: sha256(&content), bytes: content.len() as u64 }
    };
    let release = Release { name: name(sequence), files: paths.map(file).collect(), folder, revised: false };
    let latest = serde_json::to_vec(&json!({ "release": release.name, "manifest": sha256(&manifest) })).unwrap();
    let signature = format!("parašas {}", sha256(&latest)).into_bytes();
    let page = format!("<a href=releases/{}/index.html>", release.name).into_bytes();
    let files = [("latest.json", latest), ("latest.json.minisig", signature), ("index.html", page)];
    (release, Pointer { files: files.map(|(path, content)| (path.to_owned(), content)).to_vec() })
}

/// What a reader who follows the pointer sees: the number of a whole release, 0 while there is none.
///
/// # Errors
/// What is wrong with what the pointer led to.
pub(crate) fn seen(reader: &Reader) -> Result<u64, String> {
    let Some(latest) = reader.get("latest.json") else { return Ok(0) };
    let led: Value = serde_json::from_slice(&latest.content).map_err(|error| error.to_string())?;
    let name = led["release"].as_str().unwrap();
    let get = |path: &str| reader.get(&format!("releases/{name}/{path}")).ok_or(format!("{path} of {name} is missing"));
    let manifest = get("manifest.json")?.content;
    if led["manifest"] != sha256(&manifest) {
        return Err(format!("the manifest of {name} is another"));
    }
    let listed: Value = serde_json::from_slice(&manifest).map_err(|error| error.to_string())?;
    for (path, wanted) in listed["files"].as_object().unwrap() {
        if *wanted != sha256(&get(path)?.content) {
            return Err(format!("{path} of {name} is another"));
        }
    }
    let signature = format!("parašas {}", sha256(&latest.content)).into_bytes();
    let beside = format!("pointers/{name}/{}/latest.json.minisig", sha256(&latest.content));
    match ["latest.json.minisig", &beside].iter().any(|at| reader.get(at).is_some_and(|got| got.content == signature)) {
        true => Ok(name[..6].parse().unwrap()),
        false => Err(format!("the pointer to {name} has no signature")),
    }
}

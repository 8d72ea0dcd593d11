//! Publishing to stores in memory and to folders, with invented releases.

mod frail;
mod interrupted;
mod nights;
mod removal;
mod together;

use std::collections::BTreeMap;
use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{Attributes, ObjectStore, ObjectStoreExt};
use serde_json::{Value, json};

use crate::store::sha256;
use crate::{Error, File, Options, Pointer, Release, Report, Target, publish};

const PREFIX: &str = "portalas";

/// A release of these files in a folder of its own, with a manifest that lists them, and the pointer to it.
fn release(home: &FilePath, sequence: u64, files: &[(&str, &str)]) -> (Release, Pointer) {
    let name = format!("{sequence:06}-2026-03-{sequence:02}");
    let folder = home.join(&name);
    let _ = std::fs::remove_dir_all(&folder);
    let mut release = Release { name, folder, files: Vec::new(), revised: false };
    for (path, text) in files {
        add(&mut release, path, text.as_bytes());
    }
    let listed: BTreeMap<&str, &str> = release.files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
    let manifest = serde_json::to_vec(&json!({ "files": listed })).unwrap();
    add(&mut release, "manifest.json", &manifest);
    let pointer = pointer_to(&release);
    (release, pointer)
}

fn add(release: &mut Release, path: &str, content: &[u8]) {
    let full = release.folder.join(path);
    std::fs::create_dir_all(full.parent().unwrap()).unwrap();
    std::fs::write(full, content).unwrap();
    release.files.push(File { path: path.to_owned(), sha256: sha256(content), bytes: content.len() as u64 });
}

fn pointer_to(release: &Release) -> Pointer {
    let manifest = release.files.iter().find(|file| file.path == "manifest.json").unwrap();
    let keys = format!("keys/{}.json", &release.name[..6]);
    let latest = serde_json::to_vec(&json!({ "release": release.name, "manifest": manifest.sha256, "keys": keys })).unwrap();
    let signature = format!("parašas {}", sha256(&latest)).into_bytes();
    let page = format!("<a href=releases/{}/index.html>", release.name).into_bytes();
    let list = (keys.as_str(), b"{}".to_vec());
    let files =
        [list, ("latest.json", latest), ("latest.json.minisig", signature), ("index.html", page.clone()), ("latest/index.html", page)];
    Pointer { files: files.map(|(path, content)| (path.to_owned(), content)).to_vec() }
}

fn memory() -> Arc<InMemory> {
    Arc::new(InMemory::new())
}

fn target(objects: Arc<dyn ObjectStore>) -> Target {
    Target::over(objects, PREFIX, true)
}

fn go(to: &Target, night: &(Release, Pointer)) -> Result<Report, Error> {
    with(to, night, Options::default())
}

fn with(to: &Target, night: &(Release, Pointer), options: Options) -> Result<Report, Error> {
    publish(to, &night.0, Some(&night.1), &options, &|_| {})
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// An object and what is said of it, by its address below the prefix.
fn object(objects: &dyn ObjectStore, address: &str) -> Option<(Bytes, Attributes)> {
    run(async {
        let found = objects.get(&Path::from(format!("{PREFIX}/{address}"))).await.ok()?;
        let attributes = found.attributes.clone();
        Some((found.bytes().await.unwrap(), attributes))
    })
}

/// Addresses of all objects below the prefix but those that only publishing reads.
fn addresses(objects: &dyn ObjectStore) -> Vec<String> {
    let listed: Vec<_> = run(objects.list(Some(&Path::from(PREFIX))).try_collect()).unwrap();
    let strip = |location: &Path| location.as_ref().strip_prefix(PREFIX).unwrap()[1..].to_owned();
    let mut addresses: Vec<String> = listed.iter().map(|object| strip(&object.location)).collect();
    addresses.retain(|address| !address.starts_with(".publishing/"));
    addresses.sort();
    addresses
}

/// What a reader who follows the pointer sees: the name of a whole release, or nothing yet; else what is wrong.
fn seen(objects: &dyn ObjectStore) -> Result<Option<String>, String> {
    let Some((latest, _)) = object(objects, "latest.json") else { return Ok(None) };
    let led: Value = serde_json::from_slice(&latest).unwrap();
    let name = led["release"].as_str().unwrap().to_owned();
    whole(objects, &name, led["manifest"].as_str())?;
    object(objects, led["keys"].as_str().unwrap()).ok_or("the list of keys that the pointer names is missing")?;
    let signature = format!("parašas {}", sha256(&latest)).into_bytes();
    let beside = format!("pointers/{name}/{}/latest.json.minisig", sha256(&latest));
    if !["latest.json.minisig", &beside].iter().any(|at| object(objects, at).is_some_and(|(found, _)| found == signature)) {
        return Err("the pointer has no signature".to_owned());
    }
    for page in ["index.html", "latest/index.html"] {
        if let Some((page, _)) = object(objects, page) {
            let page = String::from_utf8(page.to_vec()).unwrap();
            whole(objects, page.split('/').nth(1).unwrap(), None)?;
        }
    }
    Ok(Some(name))
}

/// Whether everything of a release is there, as its manifest says.
fn whole(objects: &dyn ObjectStore, name: &str, manifest: Option<&str>) -> Result<(), String> {
    let get = |path: &str| object(objects, &format!("releases/{name}/{path}")).ok_or(format!("{path} of {name} is missing"));
    let (bytes, _) = get("manifest.json")?;
    if manifest.is_some_and(|wanted| wanted != sha256(&bytes)) {
        return Err(format!("the manifest of {name} is another"));
    }
    let listed: Value = serde_json::from_slice(&bytes).unwrap();
    for (path, wanted) in listed["files"].as_object().unwrap() {
        if *wanted != sha256(&get(path)?.0) {
            return Err(format!("{path} of {name} is another"));
        }
    }
    Ok(())
}

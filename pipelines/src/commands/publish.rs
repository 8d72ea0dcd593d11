//! `virsis publish`: carries the portal's releases to a store, and then leads readers there to the latest one.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use publish::{Manifest, ReleaseSummary, path_in_release};
use remote::{File, Held, Options, Progress, Target, Verification};
use sha2::{Digest, Sha256};
use trust::Pointer;
use trust::layout::{POINTER, key_list, key_list_previous_signature, key_list_signature, manifest, signature};

use crate::cli::Publish;
use crate::config::Config;
use crate::progress;
use crate::refusal::Refusal;
use crate::run::lock;
use crate::run::status_file::STATUS;
use crate::signing::{self, Signing, newest_list};

/// How long a store is asked again that does not answer.
const PATIENCE: Duration = Duration::from_secs(300);
const MANIFESTS: [&str; 3] = ["manifest.json", "manifest.sha256", "manifest.json.minisig"];

pub(crate) fn run(config: &Config, order: &Publish) -> Result<()> {
    let _lock = lock::take(config)?;
    let (store, signing) = signing::open_store(config)?;
    let portal = &config.paths.portal;
    let Some(latest) = store.latest() else {
        return Err(Refusal::one(format!("there is no release in {} yet; run `virsis run` first", portal.display())).into());
    };
    let target = Target::open(&order.to, std::env::vars(), PATIENCE).map_err(Refusal::one)?;
    let latest = latest.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // A later one that was not withdrawn was never finished: the next run removes it.
    let is_finished = |release: &ReleaseSummary| release.withdrawn || release.name <= latest;
    let names: Vec<String> =
        publish::list(portal).map_err(Refusal::one)?.into_iter().filter(is_finished).map(|release| release.name).collect();
    // However few are kept, the one that is shown is, and with it those after it.
    let newest = names.len() - order.keep.unwrap_or(names.len()).max(2).min(names.len());
    let kept = &names[newest.min(names.iter().position(|name| *name == latest).unwrap_or(newest))..];
    let held = remote::held(&target)?;
    let verification = if order.read_back { Verification::All } else { Options::default().verification };
    // Releases after the one that is shown were withdrawn: readers are led back before these go.
    let (earlier, withdrawn): (Vec<&String>, Vec<&String>) = kept.iter().filter(|name| **name != latest).partition(|name| **name < latest);
    let allow_older = order.allow_older || !withdrawn.is_empty();
    let options = Options { keep: order.keep.map(|_| kept.len()), verification, allow_older, ..Options::default() };
    let carry_if_new = |name: &String| {
        let (release, manifest_sha256) = release(portal, name)?;
        let signature = release.files.iter().find(|file| file.path == MANIFESTS[2]).map(|file| &file.sha256);
        let is_same = |held: &Held| held.manifest_sha256.as_ref() == Some(&manifest_sha256) && held.signature_sha256.as_ref() == signature;
        let is_there = held.iter().any(|held| held.name == *name && is_same(held));
        if is_there { Ok(()) } else { carry(&target, &release, None, &options) }
    };
    let oldest = kept.first().and_then(|oldest| oldest.split_once('-')?.0.parse().ok()).unwrap_or(1);
    let pointer = remote::Pointer { files: pointer(config, signing.as_deref(), &latest, oldest)? };
    // What the pointer and the chain lead to must be there before. Where only the signature is another, the key that made it may be named by a list that
    // travels with the pointer.
    let is_as_it_was = |name: &&String| {
        let manifest = Manifest::read(&portal.join("releases").join(name));
        manifest.is_ok_and(|(_, sha256)| held.iter().any(|held| held.name == **name && held.manifest_sha256.as_ref() == Some(&sha256)))
    };
    let (after, before): (Vec<&String>, Vec<&String>) = earlier.into_iter().partition(is_as_it_was);
    before.into_iter().try_for_each(carry_if_new)?;
    carry(&target, &release(portal, &latest)?.0, Some(&pointer), &options)?;
    // One that cannot be carried does not keep the others from it; those that must go are the first.
    let failed: Vec<anyhow::Error> = withdrawn.into_iter().chain(after).filter_map(|name| carry_if_new(name).err()).collect();
    failed.into_iter().next().map_or(Ok(()), Err)
}

fn carry(target: &Target, release: &remote::Release, pointer: Option<&remote::Pointer>, options: &Options) -> Result<()> {
    let spinner = progress::spinner("publish", "carrying files");
    let told = |at: Progress| {
        if let Progress::Carried { done, of, .. } = at {
            spinner.set_message(format!("{}: {done} of {of} files", release.name));
        }
    };
    let report = remote::publish(target, release, pointer, options, &told)?;
    spinner.finish_and_clear();
    println!(
        "{}: {} files carried to {} ({} bytes), {} copied there, {} were there{}",
        release.name,
        report.uploaded,
        target.address(),
        report.bytes,
        report.copied,
        report.skipped,
        if report.pointed { "; readers see it" } else { "" }
    );
    report.expired.iter().for_each(|name| println!("  release {name} was removed there"));
    report.purge.iter().for_each(|address| println!("  caches must forget {address}"));
    Ok(())
}

/// A release with everything that belongs to it, and the SHA-256 of its manifest.
fn release(portal: &Path, name: &str) -> Result<(remote::Release, String)> {
    let folder = portal.join("releases").join(name);
    let (manifest, manifest_sha256) = Manifest::read(&folder).map_err(Refusal::one)?;
    let listed = manifest.all_files(&folder).map_err(Refusal::one)?;
    let mut files: Vec<File> = listed.into_iter().map(|file| File { path: file.path, sha256: file.sha256, bytes: file.bytes }).collect();
    let of_tiers = manifest.tiers.keys().map(|tier| path_in_release(*tier, MANIFESTS[0]));
    for path in of_tiers.chain(MANIFESTS.map(str::to_owned)) {
        let full = folder.join(&path);
        match fs::read(&full) {
            Ok(bytes) => files.push(File { path, sha256: hex::encode(Sha256::digest(&bytes)), bytes: bytes.len() as u64 }),
            // Releases made before there were signatures have none.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && path == MANIFESTS[2] => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", full.display())),
        }
    }
    let revised = manifest.withdrawn.is_some() || !manifest.revised.is_empty();
    Ok((remote::Release { name: name.to_owned(), folder, files, revised }, manifest_sha256))
}

/// What leads readers to the latest release, in the order in which it is written: lists of keys, the pointer, signed if this installation signs, and pages
/// for people.
fn pointer(config: &Config, signing: Option<&Signing>, latest: &str, oldest: u64) -> Result<Vec<(String, Vec<u8>)>> {
    let portal = &config.paths.portal;
    let mut files = Vec::new();
    for version in 1..=newest_list(portal)?.unwrap_or(0) {
        // What is listed must be signed by then.
        for path in [key_list_previous_signature(version), key_list_signature(version), key_list(version)] {
            if portal.join(&path).is_file() {
                let bytes = signing::read(portal, &path)?;
                files.push((path, bytes));
            }
        }
    }
    match signing {
        Some(signing) => {
            let own = Pointer::parse(&signing::read(portal, POINTER)?).map_err(Refusal::one)?;
            let manifest = signing::read(portal, &manifest(latest))?;
            // It counts with the portal's own, holds as long, and tells which releases the store keeps. So it is the same as often as it is made: readers
            // refuse another with the same number.
            let before = own.number.checked_sub(1).filter(|number| *number > 0).map(|number| Pointer { number, ..own.clone() });
            let signed = signing.pointer(&manifest, before.as_ref(), oldest, (own.renewed, own.expires), own.audit_log)?;
            files.extend([(POINTER.to_owned(), signed.bytes), (signature(POINTER), signed.signature.into_bytes())]);
        }
        None => files.push((POINTER.to_owned(), format!("{{\"release\": \"{latest}\"}}\n").into_bytes())),
    }
    if portal.join(STATUS).is_file() {
        files.push((STATUS.to_owned(), signing::read(portal, STATUS)?));
    }
    files.push(("index.html".to_owned(), leading(&format!("releases/{latest}/index.html"))));
    files.push(("latest/index.html".to_owned(), leading(&format!("../releases/{latest}/index.html"))));
    Ok(files)
}

/// A page that leads to another one. A store has no links.
fn leading(to: &str) -> Vec<u8> {
    format!(
        "<!DOCTYPE html>\n<html lang=\"lt\">\n<head>\n<meta charset=\"utf-8\">\n<title>VIRSIS</title>\n\
         <meta http-equiv=\"refresh\" content=\"0; url={to}\">\n</head>\n<body>\n<p><a href=\"{to}\">Naujausi duomenys</a></p>\n</body>\n</html>\n"
    )
    .into_bytes()
}

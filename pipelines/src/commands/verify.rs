//! `virsis verify`: is a release exactly what its manifest says, and has each tier only the columns it may have? Or, of a portal on the web: is what it
//! shows what its publisher signed, and nothing older?

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use catalog::Catalog;
use chrono::Utc;
use chrono_tz::Europe::Vilnius;
use trust::{Back, ChainEnd, Folder, HowMuch, Known, PublicKey, Request, Verified};

use super::web_portal::WebPortal;
use crate::cli::Verify;
use crate::config::Config;
use crate::home;
use crate::refusal::Refusal;

/// Files that are read at the same time.
const AT_ONCE: usize = 8;

pub(crate) fn run(load: &dyn Fn() -> Result<Config>, order: &Verify) -> Result<()> {
    match &order.what {
        Some(what) if what.starts_with("https://") || what.starts_with("http://") => portal(&WebPortal::new(what)?, what, order),
        Some(folder) if Path::new(folder).join(trust::layout::POINTER).is_file() => portal(&Folder::new(Path::new(folder)), folder, order),
        Some(folder) => one(Path::new(folder), &home::load_catalog(&load()?)?),
        None => {
            let config = load()?;
            let catalog = home::load_catalog(&config)?;
            for side in [&config.paths.portal, &config.paths.internal] {
                let latest = side.join("latest");
                if !latest.exists() {
                    return Err(Refusal::one(format!("there is no release in {} yet; run `virsis run` first", side.display())).into());
                }
                one(&latest, &catalog)?;
            }
            Ok(())
        }
    }
}

fn one(folder: &Path, catalog: &Catalog) -> Result<()> {
    let report = publish::verify(folder, catalog).map_err(Refusal::one)?;
    if let Some(withdrawn) = &report.withdrawn {
        println!("{} was withdrawn on {}: {}; manifest {}", report.release, withdrawn.date, withdrawn.why, report.manifest_sha256);
        return Ok(());
    }
    for revised in &report.revised {
        println!("{} was revised on {}: {}; manifest before {}", report.release, revised.date, revised.why, revised.manifest_sha256);
    }
    println!(
        "{} is intact: {} files, {} bytes, {} data files; manifest {}",
        report.release, report.files, report.bytes, report.data_files, report.manifest_sha256
    );
    Ok(())
}

/// Checks what a portal shows against its key and what was seen of it before, and remembers what it shows now.
fn portal(fetch: &dyn trust::Fetch, address: &str, order: &Verify) -> Result<()> {
    let known = known(order)?;
    let how_much = if order.manifests_only { HowMuch::Manifests } else { HowMuch::Everything };
    let request = Request { how_much, back: Back::First, at_once: AT_ONCE };
    let today = Utc::now().with_timezone(&Vilnius).date_naive();
    let verified = trust::verify(fetch, &known, &request, today).map_err(|refused| Refusal::one(format!("{address}: {refused}")))?;
    remember(&order.known, &verified.known)?;
    print_verified(&verified);
    Ok(())
}

/// What is known of the portal: what was remembered, or the key alone.
fn known(order: &Verify) -> Result<Known> {
    let key = order.key.as_deref().map(public_key).transpose()?;
    let remembered = match fs::read(&order.known) {
        Ok(bytes) => {
            let damaged = |error| Refusal::one(format!("{} is damaged: {error}; remove it and give --key", order.known.display()));
            Some(serde_json::from_slice::<Known>(&bytes).map_err(damaged)?)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", order.known.display())),
    };
    match (remembered, key) {
        (Some(known), Some(key)) if !known.trusts(&key) => Err(Refusal::one(format!(
            "{} remembers a portal with another key; give another file with --known for each portal",
            order.known.display()
        ))
        .into()),
        (Some(known), _) => Ok(known),
        (None, Some(key)) => Ok(Known::of(key)),
        (None, None) => Err(Refusal::one("this portal was never verified here; give its publisher's key with --key").into()),
    }
}

/// A key as text, or in a file as minisign writes it.
fn public_key(given: &str) -> Result<PublicKey> {
    let text = if Path::new(given).is_file() {
        fs::read_to_string(given).with_context(|| format!("cannot read {given}"))?
    } else {
        given.to_owned()
    };
    Ok(PublicKey::read(&text).map_err(|error| Refusal::one(format!("--key: {error}")))?)
}

fn remember(path: &Path, known: &Known) -> Result<()> {
    let beside = path.with_added_extension("new");
    let text = serde_json::to_vec_pretty(known)?;
    fs::write(&beside, text).and_then(|()| fs::rename(&beside, path)).with_context(|| format!("cannot write {}", path.display()))
}

fn print_verified(verified: &Verified) {
    let Verified { release, files, bytes, manifest_sha256, signed_by, expires, chain, .. } = verified;
    if let Some(withdrawn) = &verified.withdrawn {
        // Escaped: a reader's terminal shall not do what a stranger wrote.
        println!("{release} was withdrawn on {}: {:?}", withdrawn.date, withdrawn.why);
    }
    println!("{release} is what its publisher signed: {files} files, {bytes} bytes; manifest {manifest_sha256}");
    println!("signed by key {}, list {} of keys; the latest until {expires} at least", signed_by.number(), verified.keys_version);
    let why = match &chain.end {
        ChainEnd::Asked => "as far as asked".to_owned(),
        ChainEnd::First => "back to the first".to_owned(),
        ChainEnd::NotKept { release } => format!("{release}, which is before them, is not kept any more"),
    };
    println!("{} releases before it are those it was made after: {why}", chain.releases);
    verified.notes.iter().for_each(|note| println!("note: {note}"));
}

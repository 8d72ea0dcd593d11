//! `virsis audit-log`: the form endpoint's log of every action.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use forms::store;
use trust::Pointer;
use trust::layout;

use crate::config::Config;
use crate::endpoint::audit_head::{self, Verified};
use crate::home;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::state::{audit_heads, form_store};

/// `pointers` are files: signed pointers of this portal that somebody kept.
pub(crate) fn verify(config: &Config, hash: Option<&str>, pointers: &[PathBuf]) -> Result<()> {
    let store = form_store::open(config)?;
    let own = config.paths.portal.join(layout::POINTER);
    let anchors = anchors(pointers.iter().map(|path| (path, true)).chain(own.is_file().then_some((&own, false))))?;
    let salt = if anchors.is_empty() { [0; 32] } else { home::person_key(&config.secrets.person_key_file)?.salt() };
    let mut unseen: BTreeMap<&str, &PathBuf> = anchors.iter().map(|(path, anchor)| (anchor.as_str(), path)).collect();
    let Verified { chain, compared } = audit_head::verify(config, &store)?;
    let (entries, last) = chain.map_err(Refusal::one)?;
    let mut found = hash.is_none();
    store.read(|connection| {
        store::entries(connection, 1, |entry| {
            found |= hash == Some(entry.hash.as_str());
            if !unseen.is_empty() {
                unseen.remove(audit_heads::anchor_of(&entry.hash, &salt).as_str());
            }
            Ok(())
        })
    })?;
    if !found {
        return Err(
            Refusal::one("the chain is intact, but no entry has this hash: the log was truncated, or belongs to another store").into()
        );
    }
    if let Some(pointer) = unseen.into_values().next() {
        return Err(Refusal::one(format!(
            "the chain is intact, but the end of the log that {} stands for is not in it: the log was truncated since, or restored from an earlier copy",
            pointer.display()
        ))
        .into());
    }
    for (pointer, _) in &anchors {
        println!("the log has all that it had when {} was signed", pointer.display());
    }
    for (when, noted) in &compared.put_back {
        println!(
            "the store was restored from an earlier copy on {}; before that, the log had reached entry {noted}",
            when.format("%Y-%m-%d %H:%M UTC")
        );
    }
    if let Some(entry) = compared.missing {
        return Err(Refusal::one(format!(
            "the chain is intact, but entry {entry}, recorded in state/audit-head.jsonl, is not in it: the log was truncated or restored from an earlier copy"
        ))
        .into());
    }
    println!(
        "the chain is intact: {}; last hash {last}\nkeep this hash outside this machine: with `--hash` it proves later that the log was not truncated",
        counted(entries, "entry", "entries")
    );
    Ok(())
}

/// What stands for the end of the log in each pointer that says so.
fn anchors<'a>(pointers: impl Iterator<Item = (&'a PathBuf, bool)>) -> Result<Vec<(PathBuf, String)>> {
    let mut anchors = Vec::new();
    for (path, must_say) in pointers {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let pointer = Pointer::parse(&bytes).map_err(|reason| Refusal::one(format!("{} is no pointer: {reason}", path.display())))?;
        match pointer.audit_log {
            Some(anchor) => anchors.push((path.clone(), anchor)),
            None if must_say => {
                return Err(Refusal::one(format!("{} says nothing of the audit log; take a later one", path.display())).into());
            }
            None => {}
        }
    }
    Ok(anchors)
}

pub(crate) fn show(config: &Config, from: i64) -> Result<()> {
    form_store::open(config)?.read(|connection| {
        store::entries(connection, from, |entry| {
            let line = serde_json::json!({
                "entry": entry.entry, "at": entry.at, "actor": entry.actor, "action": entry.action, "object": entry.object,
                "detail": entry.detail, "hash": entry.hash,
            });
            println!("{line}");
            Ok(())
        })
    })?;
    Ok(())
}

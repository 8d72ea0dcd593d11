//! `virsis audit-log`: the form endpoint's log of every action.

use anyhow::Result;
use forms::store;

use crate::config::Config;
use crate::endpoint::audit_head::{self, Verified};
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::state::form_store;

pub(crate) fn verify(config: &Config, hash: Option<&str>) -> Result<()> {
    let store = form_store::open(config)?;
    let Verified { chain, compared } = audit_head::verify(config, &store)?;
    let (entries, last) = chain.map_err(Refusal::one)?;
    let mut found = hash.is_none();
    store.read(|connection| {
        store::entries(connection, 1, |entry| {
            found |= hash == Some(entry.hash.as_str());
            Ok(())
        })
    })?;
    if !found {
        return Err(
            Refusal::one("the chain is intact, but no entry has this hash: the log was truncated, or belongs to another store").into()
        );
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

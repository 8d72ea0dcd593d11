//! The head of the form endpoint's audit log, number and hash of the last entry, recorded outside the store in `state/audit-head.jsonl`.
//!
//! A hash chain shows that an entry was changed or removed, not that the log was truncated: a shorter chain is as valid as a longer one.
//! And a store restored from a copy brings back sessions that have ended since.

use anyhow::Result;
use chrono::{DateTime, Utc};
use forms::Store;
use forms::store::{self, Act, Actor, Durability};

use crate::config::Config;
use crate::state::audit_heads::{self, Head};
use crate::state::form_store;

/// How the log compares with the recorded heads.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// Times at which the store was restored, with the last entry that had been recorded before.
    pub(crate) put_back: Vec<(DateTime<Utc>, i64)>,
    /// The last recorded entry that should be in the log and is not.
    pub(crate) missing: Option<i64>,
}

/// All that can be said of the log: of its chain, and of what was recorded beside it.
pub(crate) struct Verified {
    /// How many entries it has and the last one's hash; or the first entry that does not fit.
    pub(crate) chain: std::result::Result<(i64, String), forms::Error>,
    pub(crate) compared: Compared,
}

/// Goes through all of the log.
pub(crate) fn verify(config: &Config, store: &Store) -> Result<Verified> {
    let chain = match store.read(store::verify) {
        Ok(whole) => Ok(whole),
        Err(broken @ forms::Error::AuditLog { .. }) => Err(broken),
        Err(error) => return Err(error.into()),
    };
    Ok(Verified { chain, compared: compare(config, store)? })
}

/// Records the head of the log, unless it has been recorded already.
pub(crate) fn note(config: &Config) -> Result<()> {
    note_of(config, &form_store::open(config)?, false)
}

fn note_of(config: &Config, store: &Store, put_back: bool) -> Result<()> {
    let Some((entry, hash)) = store.read(store::last_entry)? else { return Ok(()) };
    let last = audit_heads::read(&config.paths.state)?.pop();
    if !put_back && last.is_some_and(|last| (last.entry, &last.hash) == (entry, &hash)) {
        return Ok(());
    }
    // The entry must survive a power failure, or the next start would take the store for an earlier copy.
    store.flush()?;
    tracing::info!(entry, hash, "the audit log's last entry");
    audit_heads::add(&config.paths.state, &Head { when: Utc::now(), entry, hash, put_back })
}

/// Records the head as [`note`] does; an error is logged and stops nothing.
pub(crate) fn note_or_tell(config: &Config) {
    if let Err(error) = note(config) {
        tracing::error!(error = format!("{error:#}"), "the head of the audit log could not be recorded in state/audit-head.jsonl");
    }
}

/// Called before the endpoint starts: if the last recorded entry is missing, the store was restored from a copy. All sessions then end, since some
/// of them had ended after the copy was made, and the audit log says so.
pub(crate) fn begin(config: &Config) -> Result<()> {
    let store = form_store::open(config)?;
    let heads = audit_heads::read(&config.paths.state)?;
    let lost = match heads.last() {
        Some(last) => !has(&store, last)?,
        None => false,
    };
    if let (true, Some(last)) = (lost, heads.last()) {
        let ended = store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
            let ended = store::close_sessions(transaction, None)?;
            let detail = format!("entry {} was recorded and is missing; {ended} sessions ended", last.entry);
            store::note(
                transaction,
                Act { actor: Actor::System, action: "store put back", object: "audit".to_owned(), detail },
                Utc::now(),
            )?;
            Ok(ended)
        })?;
        tracing::warn!(
            noted = last.entry,
            sessions_ended = ended,
            "the store was restored from an earlier copy; review accounts and mandates closed since the copy was made, and submissions made since"
        );
    }
    note_of(config, &store, lost)
}

/// Compares the log with all recorded heads.
fn compare(config: &Config, store: &Store) -> Result<Compared> {
    let heads = audit_heads::read(&config.paths.state)?;
    let since = heads.iter().rposition(|head| head.put_back).unwrap_or(0);
    let mut compared = Compared::default();
    for (place, head) in heads.iter().enumerate() {
        if head.put_back {
            compared.put_back.push((head.when, heads[..place].last().map_or(0, |before| before.entry)));
        }
        if place >= since && !has(store, head)? {
            compared.missing = compared.missing.max(Some(head.entry));
        }
    }
    Ok(compared)
}

fn has(store: &Store, head: &Head) -> Result<bool> {
    Ok(store.read(|connection| store::hash_of(connection, head.entry))?.as_ref() == Some(&head.hash))
}

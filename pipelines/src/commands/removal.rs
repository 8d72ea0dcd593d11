//! What `virsis forget` and `virsis release withdraw` have in common: the texts, the reason, what is searched, and the record of it.
//!
//! The texts come from standard input or a file: an argument would show in the list of processes and in the shell's history.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use catalog::personal;
use chrono::{DateTime, Utc};
use publish::{Holding, Sought, Store};
use serde::{Deserialize, Serialize};
use transforms::PersonKey;

use crate::cli;
use crate::config::Config;
use crate::home;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::run::lock::{self, RunLock};
use crate::run::person_key;
use crate::signing::{self, Signing};
use crate::state::last_good::LastGoodExtracts;
use crate::state::ledger;
use crate::state::shown::Shown;
use crate::withdrawal::Places;
use crate::withdrawal::withheld::Withheld;

/// Longest reason, in characters; it is printed in a manifest and on a page.
const LONGEST_REASON: usize = 500;
/// The record of removals in the state folder.
const FILE: &str = "withdrawals.jsonl";

/// A removal in that record.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Line {
    when: DateTime<Utc>,
    who: String,
    why: String,
    /// Withdrawn releases.
    portal: Vec<String>,
    internal: Vec<String>,
    /// Releases that stand without some rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    revised_portal: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    revised_internal: Vec<String>,
    kept: Vec<String>,
}

/// A removal that is being prepared.
pub(super) struct Removal<'a> {
    pub(super) config: &'a Config,
    pub(super) order: &'a cli::Removal,
    pub(super) texts: Vec<String>,
    pub(super) sought: Sought,
    pub(super) key: PersonKey,
    pub(super) store: Store,
    signing: Option<Arc<Signing>>,
    pub(super) last_good: LastGoodExtracts,
    pub(super) now: DateTime<Utc>,
    _lock: RunLock,
}

/// Where what must go was found.
pub(super) struct Found {
    pub(super) holdings: Vec<Holding>,
    pub(super) places: Places,
}

impl<'a> Removal<'a> {
    /// Reads the texts, and completes a removal that was cut short before anything is looked for.
    pub(super) fn begin(config: &'a Config, order: &'a cli::Removal) -> Result<Self> {
        let texts = texts(order.file.as_deref())?;
        let sought = Sought::new(&texts).map_err(Refusal::one)?;
        check_reason(order, &sought)?;
        let lock = lock::take(config)?;
        let key = home::person_key(&config.secrets.person_key_file)?;
        person_key::is_newest(&key, config)?;
        let (store, signing) = signing::open_store(config)?;
        store.latest_manifest()?;
        let last_good = LastGoodExtracts::open(&config.paths.state, &key)?;
        Ok(Self { config, order, texts, sought, key, store, signing, last_good, now: Utc::now(), _lock: lock })
    }

    /// Looks for further texts, too.
    pub(super) fn seek_also(&mut self, texts: impl IntoIterator<Item = String>) -> Result<()> {
        self.texts.extend(texts);
        self.sought = Sought::new(&self.texts).map_err(Refusal::one)?;
        Ok(check_reason(self.order, &self.sought)?)
    }

    /// Searches releases and everything beside them.
    pub(super) fn find(&self) -> Result<Found> {
        Ok(Found { holdings: self.holdings()?, places: Places::find(self.config, &self.last_good, &self.sought)? })
    }

    fn holdings(&self) -> Result<Vec<Holding>> {
        let mut holdings = self.store.holding(&self.sought).map_err(Refusal::one)?;
        holdings.retain(|holding| !(self.order.portal_only && holding.internal));
        Ok(holdings)
    }

    /// Withholds the texts from every later release.
    pub(super) fn withhold(&self) -> Result<()> {
        let paths = &self.config.paths;
        Withheld::evened_out(paths, &self.key.salt())?.add(paths, &self.texts, &self.order.who, &self.order.why, self.now)
    }

    /// Records what was withdrawn and revised, and looks whether anything is left.
    pub(super) fn record(&self, found: &Found, is_revised: impl Fn(&Holding) -> bool) -> Result<()> {
        let of = |internal: bool, revised: bool| {
            let which = found.holdings.iter().filter(|one| one.internal == internal && is_revised(one) == revised);
            which.map(|one| one.release.clone()).collect::<Vec<_>>()
        };
        let line = Line {
            when: self.now,
            who: self.order.who.clone(),
            why: self.order.why.clone(),
            portal: of(false, false),
            internal: of(true, false),
            revised_portal: of(false, true),
            revised_internal: of(true, true),
            kept: found.places.kept.clone(),
        };
        ledger::append_line(&self.config.paths.state.join(FILE), &line)?;
        match &self.signing {
            Some(signing) => signing.renew_pointer(self.config, &self.store)?,
            None => Shown::note(self.config)?,
        }
        let left = self.holdings()?.len();
        anyhow::ensure!(left == 0, "{} still with the text; run the same command again", counted(left, "release is", "releases are"));
        println!("done: no release contains the text any more. `virsis run` publishes the next one, without the rows that contain it");
        Ok(())
    }
}

/// The texts, one per line.
fn texts(file: Option<&Path>) -> Result<Vec<String>> {
    let mut all = String::new();
    match file {
        Some(path) => all = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => {
            std::io::stdin().read_to_string(&mut all).context("cannot read from standard input")?;
        }
    }
    Ok(all.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn check_reason(order: &cli::Removal, sought: &Sought) -> Result<(), Refusal> {
    let why = order.why.trim();
    if why.is_empty() || why.chars().count() > LONGEST_REASON || order.who.trim().is_empty() {
        return Err(Refusal::one(format!("--who and --why must not be empty, and --why has at most {LONGEST_REASON} characters")));
    }
    if [&order.why, &order.who].into_iter().any(|text| sought.is_in(text) || personal::stands_in(text)) {
        return Err(Refusal::one("--why and --who are public: they must contain neither the withdrawn text nor a personal code"));
    }
    Ok(())
}

/// Prints the releases in which the text was found, each as `line` tells it; never the text.
pub(super) fn print_releases<'h>(holdings: impl Iterator<Item = &'h Holding> + Clone, line: impl Fn(&Holding) -> String) {
    for (internal, side) in [(false, "portal"), (true, "internal tier")] {
        let of = holdings.clone().filter(|holding| holding.internal == internal);
        println!("{side}: {} with the text", counted(of.clone().count(), "release", "releases"));
        of.for_each(|holding| println!("  {}: {}", holding.release, line(holding)));
    }
}

/// Prints where else it was found; `published` says what happens to what earlier statistics were made of.
pub(super) fn print_places(places: &Places, published: &str) {
    println!("last good extracts: {} with the text", counted(places.kept.len(), "table", "tables"));
    places.kept.iter().for_each(|table| println!("  {table}"));
    if !places.rewritten.is_empty() {
        println!("other files with the text, which are deleted and written again later: {}", places.rewritten.len());
    }
    if !places.published.is_empty() {
        println!("what earlier statistics were made of: {} with the text, {published}", counted(places.published.len(), "file", "files"));
    }
    if !places.stay.is_empty() {
        println!(
            "{} with the text, not deleted by this command; check and clear:",
            counted(places.stay.len(), "other file", "other files")
        );
        places.stay.iter().for_each(|path| println!("  {}", path.display()));
    }
}

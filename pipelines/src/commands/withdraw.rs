//! `virsis release withdraw`: removes a text that should never have been published from every release and from the stored extracts, and
//! withholds it from later releases.
//!
//! The text comes from standard input or a file: an argument would show in the list of processes and in the shell's history.

use std::fs;
use std::io::Read;

use anyhow::{Context, Result};
use catalog::personal;
use chrono::Utc;
use publish::{Holding, Sought, Store};
use serde::{Deserialize, Serialize};

use crate::cli::Withdraw;
use crate::config::Config;
use crate::home;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::run::lock;
use crate::state::last_good::LastGoodExtracts;
use crate::state::ledger;
use crate::withdrawal::Places;
use crate::withdrawal::withheld::Withheld;

/// Longest reason, in characters; it is printed in a manifest and on a page.
const LONGEST_REASON: usize = 500;
/// The record of withdrawals in the state folder.
const FILE: &str = "withdrawals.jsonl";

/// One withdrawal in that record.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    when: chrono::DateTime<Utc>,
    who: String,
    why: String,
    portal: Vec<String>,
    internal: Vec<String>,
    kept: Vec<String>,
}

pub(crate) fn run(config: &Config, order: &Withdraw) -> Result<()> {
    let texts = texts(order.file.as_deref())?;
    let sought = Sought::new(&texts).map_err(Refusal::one)?;
    check_reason(order, &sought)?;
    let _lock = lock::take(&config.paths.state)?;
    let key = home::person_key(&config.secrets.person_key_file)?;
    let store = Store::open(&config.paths.portal, &config.paths.internal)?;
    // Completes a withdrawal that was cut short, before anything is looked for.
    store.latest_manifest()?;
    let mut last_good = LastGoodExtracts::open(&config.paths.state, &key)?;
    let mut holdings = store.holding(&sought).map_err(Refusal::one)?;
    holdings.retain(|holding| !(order.portal_only && holding.internal));
    let places = Places::find(config, &last_good, &sought)?;
    print(&holdings, &places);
    if !order.yes {
        println!(
            "nothing was changed; --yes withdraws these releases, deletes the last good extracts of these tables and withholds the text from every later release"
        );
        return Ok(());
    }
    let now = Utc::now();
    // In this order nothing is published again if the command is cut short; running it again does the rest.
    Withheld::load(&config.paths.state, &key.salt())?.add(&config.paths.state, &texts, &order.who, &order.why, now)?;
    places.clear(config, &mut last_good)?;
    store.withdraw(&holdings, forms::today(now), &order.why)?;
    let of = |internal: bool| holdings.iter().filter(|one| one.internal == internal).map(|one| one.release.clone()).collect();
    let line = Line { when: now, who: order.who.clone(), why: order.why.clone(), portal: of(false), internal: of(true), kept: places.kept };
    ledger::append_line(&config.paths.state.join(FILE), &line)?;
    let left = store.holding(&sought)?.iter().filter(|holding| !(order.portal_only && holding.internal)).count();
    anyhow::ensure!(left == 0, "{} still with the text; run the same command again", counted(left, "release is", "releases are"));
    println!("done: no release contains the text any more. `virsis run` publishes the next one, without the rows that contain it");
    Ok(())
}

/// The texts, one per line.
fn texts(file: Option<&std::path::Path>) -> Result<Vec<String>> {
    let mut all = String::new();
    match file {
        Some(path) => all = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => {
            std::io::stdin().read_to_string(&mut all).context("cannot read from standard input")?;
        }
    }
    Ok(all.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn check_reason(order: &Withdraw, sought: &Sought) -> Result<(), Refusal> {
    let why = order.why.trim();
    if why.is_empty() || why.chars().count() > LONGEST_REASON || order.who.trim().is_empty() {
        return Err(Refusal::one(format!("--who and --why must not be empty, and --why has at most {LONGEST_REASON} characters")));
    }
    if [&order.why, &order.who].into_iter().any(|text| sought.is_in(text) || personal::stands_in(text)) {
        return Err(Refusal::one("--why and --who are public: they must contain neither the withdrawn text nor a personal code"));
    }
    Ok(())
}

/// Prints where the text was found, never the text.
fn print(holdings: &[Holding], places: &Places) {
    for (internal, side) in [(false, "portal"), (true, "internal tier")] {
        let of: Vec<&Holding> = holdings.iter().filter(|holding| holding.internal == internal).collect();
        println!("{side}: {} with the text", counted(of.len(), "release", "releases"));
        for holding in of {
            println!("  {}: in {} of {} files", holding.release, holding.holding, holding.files);
        }
    }
    println!("last good extracts: {} with the text", counted(places.kept.len(), "table", "tables"));
    places.kept.iter().for_each(|table| println!("  {table}"));
    if !places.rewritten.is_empty() {
        println!("other files with the text, which are deleted and written again later: {}", places.rewritten.len());
    }
    if !places.stay.is_empty() {
        println!(
            "{} with the text, not deleted by this command; check and clear:",
            counted(places.stay.len(), "other file", "other files")
        );
        places.stay.iter().for_each(|path| println!("  {}", path.display()));
    }
}

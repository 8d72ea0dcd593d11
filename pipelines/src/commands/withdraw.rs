//! `virsis release withdraw`: takes a text that should never have been published out of everything that was published and kept, and sees to
//! it that it does not come back.
//!
//! The text comes over standard input or from a file: on a command line it would stand in the list of processes and in the shell's history.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result};
use catalog::personal;
use chrono::Utc;
use publish::{Holding, Sought, Store};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::home;
use crate::refusal::Refusal;
use crate::run::lock;
use crate::sources::last_good::Kept;
use crate::state::ledger;
use crate::withdrawal::Places;
use crate::withdrawal::withheld::Withheld;

/// Longest reason; it stands in a manifest and on a page.
const LONGEST_REASON: usize = 500;
/// Where it is kept who withdrew what.
const FILE: &str = "withdrawals.jsonl";

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Withdraw {
    /// File with the texts, one a line: a personal code, a person's id, a name. Default: standard input. Never on the command line.
    file: Option<PathBuf>,
    /// Why; everybody can read it in the manifests and on the page in the release's place, so it must not name what goes.
    #[arg(long)]
    why: String,
    /// Who decides.
    #[arg(long, env = "USER")]
    who: String,
    /// Leave the releases of the internal tier, whose readers may see codes.
    #[arg(long)]
    portal_only: bool,
    /// Do it. Without this only what would be done is said.
    #[arg(long)]
    yes: bool,
}

/// A line of the file that keeps who withdrew what.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    when: chrono::DateTime<Utc>,
    who: String,
    why: String,
    portal: Vec<String>,
    internal: Vec<String>,
    kept: Vec<String>,
}

pub(crate) fn run(config: &Config, wanted: &Withdraw) -> Result<()> {
    let texts = texts(wanted.file.as_deref())?;
    let sought = Sought::new(&texts).map_err(Refusal::one)?;
    check_reason(wanted, &sought)?;
    let _lock = lock::take(&config.paths.state)?;
    let key = home::person_key(&config.secrets.person_key_file)?;
    let store = Store::open(&config.paths.portal, &config.paths.internal)?;
    // What an earlier withdrawal began is carried to its end first.
    store.latest_manifest()?;
    let mut kept = Kept::open(&config.paths.state, &key)?;
    let mut holdings = store.holding(&sought).map_err(Refusal::one)?;
    holdings.retain(|holding| !(wanted.portal_only && holding.internal));
    let places = Places::find(config, &kept, &sought)?;
    tell(&holdings, &places);
    if !wanted.yes {
        println!(
            "nothing was changed; with --yes these releases and what is kept of these tables are removed, and the text is withheld from now on"
        );
        return Ok(());
    }
    let now = Utc::now();
    // In this order nothing comes back if it is cut short: the same command then does the rest.
    Withheld::load(&config.paths.state, &key.salt())?.add(&config.paths.state, &texts, &wanted.who, &wanted.why, now)?;
    places.clear(config, &mut kept)?;
    store.withdraw(&holdings, forms::today(now), &wanted.why)?;
    let of = |internal: bool| holdings.iter().filter(|one| one.internal == internal).map(|one| one.release.clone()).collect();
    let line =
        Line { when: now, who: wanted.who.clone(), why: wanted.why.clone(), portal: of(false), internal: of(true), kept: places.kept };
    ledger::append_line(&config.paths.state.join(FILE), &line)?;
    let left = store.holding(&sought)?.iter().filter(|holding| !(wanted.portal_only && holding.internal)).count();
    anyhow::ensure!(left == 0, "{left} releases still hold it; run the same command again");
    println!("done; no release holds it any more. `virsis run` makes the next one, in which no row that shows it is published");
    Ok(())
}

/// The texts, one a line.
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

fn check_reason(wanted: &Withdraw, sought: &Sought) -> Result<(), Refusal> {
    let why = wanted.why.trim();
    if why.is_empty() || why.chars().count() > LONGEST_REASON || wanted.who.trim().is_empty() {
        return Err(Refusal::one(format!("say who decides (--who) and why (--why, at most {LONGEST_REASON} letters)")));
    }
    if [&wanted.why, &wanted.who].into_iter().any(|text| sought.is_in(text) || personal::stands_in(text)) {
        return Err(Refusal::one(
            "--why and --who are for everybody to read: they must hold neither what is withdrawn nor a personal code",
        ));
    }
    Ok(())
}

/// Says where it stands, never what.
fn tell(holdings: &[Holding], places: &Places) {
    for (internal, side) in [(false, "portal"), (true, "internal tier")] {
        let of: Vec<&Holding> = holdings.iter().filter(|holding| holding.internal == internal).collect();
        println!("{side}: {} releases hold it", of.len());
        for holding in of {
            println!("  {}: in {} of {} files", holding.release, holding.holding, holding.files);
        }
    }
    println!("kept for the next night: {} tables hold it", places.kept.len());
    places.kept.iter().for_each(|table| println!("  {table}"));
    if !places.made_anew.is_empty() {
        println!("other files that are removed and made anew: {}", places.made_anew.len());
    }
    if !places.stay.is_empty() {
        println!("{} files hold it that are not removed; look at them yourself:", places.stay.len());
        places.stay.iter().for_each(|path| println!("  {}", path.display()));
    }
}

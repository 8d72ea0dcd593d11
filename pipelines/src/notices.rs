//! After a night: tells VIRS, through the form endpoint's outbox, what changed about them, and who must hand in what.
//!
//! What a night told of is remembered in `state/notices.json` (0600) as salted hashes by VIRS and table, never as a value.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::AsArray;
use arrow::datatypes::Date32Type;
use catalog::{Catalog, Tier, for_each_row_hash};
use chrono::{DateTime, Utc};
use forms::{HalfYear, Night};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::{closed, endpoint, nightly};

/// Published tables whose facts come from registers, and are about one VIRS each.
const FROM_REGISTERS: &[&str] =
    &["out_dalyvis", "out_licencija", "out_valdymas", "out_finansai", "out_numeris", "out_parama", "out_reklama"];
/// Of them, the one whose changes a VIRS must check.
const PARTICIPANTS: &str = "out_dalyvis";
const CIRCULATION: &str = "out_tirazas";
const FILE: &str = "notices.json";

/// What was told of last time.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Told {
    /// The release.
    release: String,
    /// Submissions up to then.
    until: DateTime<Utc>,
    /// Hash of the rows of each table about each VIRS.
    hashes: BTreeMap<String, BTreeMap<String, u64>>,
}

/// Writes the letters of the night that has just ended.
///
/// # Errors
/// The release or the store cannot be read. The night itself stands.
pub(crate) fn write(config: &Config, now: DateTime<Utc>) -> Result<usize> {
    let latest = config.tier_root(Tier::Internal).join("latest").canonicalize().context("there is no release")?;
    let release = latest.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let catalog = nightly::load_catalog(config)?;
    let register = endpoint::register(&latest, &catalog)?;
    let store = endpoint::store(config)?;
    let origin = config.forms.origin.as_str();
    let feeds = endpoint::feeds(config, &catalog)?;
    let mut written = forms::set_aside(&store, &register, &feeds, origin, now)?;
    if let Some(half) = HalfYear::due_on(forms::today(now)) {
        written += forms::reminders(&store, &register, origin, half, &circulation_given(&latest, &catalog, half)?, now)?;
    }
    let path = config.paths.state.join(FILE);
    let told: Option<Told> = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let hashes = match &told {
        Some(told) if told.release == release => told.hashes.clone(),
        _ => hashes(&latest, &catalog, &nightly::person_key(&config.secrets.person_key_file)?.salt())?,
    };
    // In the first night everything is new; nobody wants to be told so.
    if let Some(told) = &told {
        let mut news = changes(&catalog, &told.hashes, &hashes)?;
        if config.forms.nightly_digest {
            gather(config, &catalog, &store, told.until, &mut news)?;
        }
        let news: Vec<Night> = news.into_values().collect();
        // Digests of two nights without a new release are two letters.
        let night = format!("{release}-{}", forms::today(now));
        written += forms::night(&store, &register, origin, &night, &news, now)?;
    }
    let told = Told { release, until: now, hashes };
    closed::replace(&path, &serde_json::to_vec(&told)?)?;
    Ok(written)
}

/// Which tables hold something else about which VIRS.
fn changes(
    catalog: &Catalog,
    before: &BTreeMap<String, BTreeMap<String, u64>>,
    now: &BTreeMap<String, BTreeMap<String, u64>>,
) -> Result<BTreeMap<String, Night>> {
    let mut news: BTreeMap<String, Night> = BTreeMap::new();
    for (table, hashes) in now {
        let Some(earlier) = before.get(table) else { continue };
        let codes: BTreeSet<&String> = hashes.keys().chain(earlier.keys()).collect();
        for code in codes.into_iter().filter(|code| hashes.get(*code) != earlier.get(*code)) {
            let night = news.entry(code.clone()).or_insert_with(|| Night { virs: code.clone(), ..Night::default() });
            night.registers.push(catalog.table(table)?.title.lt.clone());
            night.participants |= table == PARTICIPANTS;
        }
    }
    Ok(news)
}

/// Adds what others handed in since the last night.
fn gather(
    config: &Config,
    catalog: &Catalog,
    store: &forms::Store,
    since: DateTime<Utc>,
    news: &mut BTreeMap<String, Night>,
) -> Result<()> {
    let feeds = endpoint::feeds(config, catalog)?;
    for one in store.read(|connection| forms::store::handed_in_since(connection, since))? {
        let Some(feed) = feeds.iter().find(|feed| feed.name == one.feed && feed.about != forms::feed::About::Own) else { continue };
        let night = news.entry(one.virs.clone()).or_insert_with(|| Night { virs: one.virs.clone(), ..Night::default() });
        night.handed_in.push(format!("{} – {} ({})", one.organisation_name, feed.title, one.receipt.as_deref().unwrap_or_default()));
    }
    Ok(())
}

/// Hash of the rows of each table about each VIRS; the order of rows does not matter.
fn hashes(release: &Path, catalog: &Catalog, salt: &[u8; 32]) -> Result<BTreeMap<String, BTreeMap<String, u64>>> {
    let mut all = BTreeMap::new();
    for table in FROM_REGISTERS {
        let rows = endpoint::rows(release, catalog, table)?;
        let codes = rows.column_by_name("ja_kodas").context("a table about VIRS has their code")?.as_string::<i32>().clone();
        // A row's place in the table is no fact about anybody.
        let facts: Vec<_> = rows
            .schema()
            .fields()
            .iter()
            .zip(rows.columns())
            .filter(|(field, _)| field.name() != catalog::SEQUENCE)
            .map(|(_, column)| column.clone())
            .collect();
        let mut by_virs: BTreeMap<String, u64> = BTreeMap::new();
        for_each_row_hash(&facts, salt, |row, hash| {
            let sum = by_virs.entry(codes.value(row).to_owned()).or_default();
            *sum = sum.wrapping_add(hash);
        })?;
        all.insert((*table).to_owned(), by_virs);
    }
    Ok(all)
}

/// VIRS with circulation of a day in this half-year.
fn circulation_given(release: &Path, catalog: &Catalog, half: HalfYear) -> Result<Vec<String>> {
    let rows = endpoint::rows(release, catalog, CIRCULATION)?;
    let column = |name: &str| rows.column_by_name(name).with_context(|| format!("{CIRCULATION} has no column {name}"));
    let (codes, days) = (column("ja_kodas")?.as_string::<i32>(), column("data")?.as_primitive::<Date32Type>());
    let (first, last) = half.days();
    let inside = |row: &usize| days.value_as_date(*row).is_some_and(|day| (first..=last).contains(&day));
    Ok((0..rows.num_rows()).filter(inside).map(|row| codes.value(row).to_owned()).collect())
}

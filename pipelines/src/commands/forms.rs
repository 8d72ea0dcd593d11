//! `virsis forms`: the submissions, and the import of the history from before the endpoint.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray};
use catalog::personal;
use chrono::Utc;
use connectors::{Fetched, Files, MANUAL_FEEDS, Request, Transport};
use forms::state::State;
use forms::store::{self, Act, Actor, Durability, Filter, SetAsideNotice};

use crate::config::Config;
use crate::home;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::sources::submissions::came_from_files;
use crate::state::form_store;
use crate::state::last_good::LastGoodExtracts;

/// Rows of history by raw table.
type History = BTreeMap<&'static str, Vec<store::HistoryRow>>;

/// Largest number of submissions that are listed.
const MOST: usize = 100_000;
/// Longest time to read a folder.
const READ_WITHIN: Duration = Duration::from_secs(3600);

pub(crate) fn list(config: &Config, all: bool) -> Result<()> {
    let store = form_store::open(config)?;
    let (mut found, set_aside) =
        store.read(|connection| Ok((store::list(connection, Filter::All, MOST)?, store::all_set_aside(connection)?)))?;
    found.retain(|one| all || one.state == State::Submitted);
    println!("{:>7} {:<19} {:<16} {:<9} {:<10} {:<24} organisation", "id", "receipt", "feed", "VIRS", "state", "submitted (UTC)");
    for one in &found {
        let (receipt, submitted) = (one.receipt.as_deref().unwrap_or_default(), one.submitted.as_deref().unwrap_or_default());
        let state = one.state.code();
        println!("{:>7} {receipt:<19} {:<16} {:<9} {state:<10} {submitted:<24} {}", one.id, one.feed, one.virs, one.organisation_name);
    }
    println!("{}", counted(found.len(), "submission", "submissions"));
    for told in &set_aside {
        let SetAsideNotice { receipt, table, record } = told;
        println!("{receipt}: record {} of {table} was set aside by rule `{}` {}", record.place, record.rule, record.column);
    }
    Ok(())
}

pub(crate) fn show(config: &Config, id: i64) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    let feeds = home::load_feeds(config, &catalog)?;
    let submission = form_store::open(config)?.read(|connection| store::find(connection, id))?.ok_or_else(|| unknown(id))?;
    let feed = feeds.iter().find(|feed| feed.name == submission.feed).ok_or_else(|| unknown(id))?;
    println!("{} {}, VIRS {}, {}", feed.name, submission.receipt.as_deref().unwrap_or("-"), submission.virs, submission.state.code());
    for section in &feed.sections {
        for (place, record) in submission.entry.records(&section.name).iter().enumerate() {
            println!("{} {}", section.name, place + 1);
            // Personal values are shown only in the endpoint, where every look is logged, never in a terminal.
            for field in section.fields.iter().filter(|field| record.contains_key(field.name())) {
                let value = record[field.name()].as_str();
                // A draft may have a code in any field until it is checked.
                let hidden = field.column.personal.is_about_persons() || personal::stands_in(value);
                let value = if hidden { "***" } else { value };
                println!("    {} = {value}", field.name());
            }
        }
    }
    Ok(())
}

pub(crate) fn export(config: &Config, id: i64, out: &Path) -> Result<()> {
    let store = form_store::open(config)?;
    let (document, container) = store.read(|connection| Ok((store::document(connection, id)?, store::container(connection, id)?)))?;
    if document.is_none() {
        return Err(unknown(id).into());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(out).with_context(|| format!("cannot make {}", out.display()))?;
    for (ending, bytes) in [("pdf", document), ("asice", container)] {
        let Some(bytes) = bytes else { continue };
        let path = out.join(format!("VIRSIS-{id:06}.{ending}"));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        file.write_all(&bytes).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}", path.display());
    }
    store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
        let act = Act { actor: Actor::Operator, action: "export", object: format!("submission {id}"), detail: String::new() };
        store::note(transaction, act, Utc::now())
    })?;
    Ok(())
}

fn unknown(id: i64) -> Refusal {
    Refusal::one(format!("there is no submission {id}; `virsis forms list --all` lists all of them"))
}

/// Imports the history: all files of the folder, or none.
pub(crate) fn import(config: &Config, dir: &Path) -> Result<()> {
    let tables = read_history(config, dir)?;
    let store = form_store::open(config)?;
    refuse_missing(config, dir, &store, &tables)?;
    store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
        for (table, rows) in &tables {
            store::add_history(transaction, table, rows)?;
        }
        let detail = tables.iter().map(|(table, rows)| format!("{table} {}", rows.len())).collect::<Vec<_>>().join(", ");
        store::note(transaction, Act { actor: Actor::Operator, action: "import history", object: "history".to_owned(), detail }, Utc::now())
    })?;
    for (table, rows) in &tables {
        println!("{table}: {}", counted(rows.len(), "row", "rows"));
    }
    println!("the next `virsis run` reads them from the store; the files are no longer needed");
    Ok(())
}

/// The rows of every table of which there is a file in the folder.
fn read_history(config: &Config, dir: &Path) -> Result<History> {
    let catalog = home::load_catalog(config)?;
    let files = Files::new(dir);
    let salt = home::person_key(&config.secrets.person_key_file)?.salt();
    let (mut tables, mut wrong) = (BTreeMap::new(), Vec::new());
    for extract in MANUAL_FEEDS.extracts {
        let there = Files::names(extract).chain(Files::history_names(extract)).any(|name| dir.join(name).exists());
        if !there {
            continue;
        }
        let table = catalog.table(extract.table)?;
        let deadline = Instant::now() + READ_WITHIN;
        let request = Request { salt: &salt, ..Request::once(MANUAL_FEEDS.source, extract, table, deadline, dir) };
        match rows(&files, &request) {
            Ok(rows) => drop(tables.insert(extract.table, rows)),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if !wrong.is_empty() {
        return Err(Refusal(wrong).into());
    }
    if tables.is_empty() {
        return Err(Refusal::one(format!("{} has no files of the manual feeds (formos_….v1.csv)", dir.display())).into());
    }
    Ok(tables)
}

/// Refuses an import without which the next run would lose rows.
fn refuse_missing(config: &Config, dir: &Path, store: &forms::Store, tables: &History) -> Result<()> {
    let missing = missing(config, store, tables)?;
    if !missing.is_empty() {
        return Err(Refusal::one(format!(
            "nothing was imported: {} {} not in {}, but a run has read {}. A run removes used files with personal data ([retention]): \
             put them there again from their origin and import all of them at once. A file with nothing but its heading line says that there is no history to import",
            missing.join(", "),
            if missing.len() == 1 { "is" } else { "are" },
            dir.display(),
            if missing.len() == 1 { "it" } else { "them" },
        ))
        .into());
    }
    Ok(())
}

/// Files of manual feeds that an earlier run read, and whose rows are neither in this import nor in the store: without them the next run would
/// lose those rows.
fn missing(config: &Config, store: &forms::Store, tables: &History) -> Result<Vec<&'static str>> {
    let last_good = LastGoodExtracts::open(&config.paths.state, &home::person_key(&config.secrets.person_key_file)?)?;
    let mut missing = Vec::new();
    for extract in MANUAL_FEEDS.extracts {
        let from_files = last_good.index.tables.get(extract.table).is_some_and(|extract| came_from_files(&extract.memory));
        let is_there = tables.contains_key(extract.table) || store.read(|connection| store::has_history(connection, extract.table))?;
        if from_files && !is_there {
            missing.push(extract.file);
        }
    }
    Ok(missing)
}

fn rows(files: &Files, request: &Request<'_>) -> Result<Vec<store::HistoryRow>, connectors::Error> {
    let Fetched::Rows(batches) = files.open(request)? else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for batch in batches {
        let batch = batch?;
        if !batch.rejected.is_empty() {
            let rejected = counted(batch.rejected.len(), "row", "rows");
            let reason = format!("{rejected} of {} cannot be read; correct them first", request.extract.file);
            return Err(connectors::Error::Store { source_name: MANUAL_FEEDS.source, reason });
        }
        for row in 0..batch.rows.num_rows() {
            let columns = batch.rows.schema_ref().fields().iter().zip(batch.rows.columns());
            let value = |(field, column): (&std::sync::Arc<arrow::datatypes::Field>, &std::sync::Arc<dyn Array>)| {
                let texts = column.as_string::<i32>();
                (!texts.is_null(row)).then(|| (field.name().clone(), texts.value(row).to_owned()))
            };
            rows.push(columns.filter_map(value).collect());
        }
    }
    Ok(rows)
}

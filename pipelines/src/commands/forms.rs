//! `virsis forms`: what was handed in, and the history that came before.

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
use connectors::{CONNECTORS, Fetched, Files, Request, Transport};
use forms::state::State;
use forms::store::{self, Act, Actor, Durability, Filter, SetAsideNotice};

use crate::config::Config;
use crate::endpoint;
use crate::home;
use crate::refusal::Refusal;
use crate::sources::last_good::Kept;
use crate::sources::submissions::came_from_files;

/// Most submissions that are listed.
const MOST: usize = 100_000;
/// Reading a folder takes no longer.
const READ_WITHIN: Duration = Duration::from_secs(3600);
/// Source of the manual feeds.
const MANUAL_FEEDS: &str = "formos";

pub(crate) fn list(config: &Config, all: bool) -> Result<()> {
    let store = endpoint::store::store(config)?;
    let (mut found, set_aside) =
        store.read(|connection| Ok((store::list(connection, Filter::All, MOST)?, store::all_set_aside(connection)?)))?;
    found.retain(|one| all || one.state == State::Submitted);
    println!("{:>7} {:<19} {:<16} {:<9} {:<10} {:<24} by", "id", "receipt", "feed", "VIRS", "state", "handed in (UTC)");
    for one in &found {
        let (receipt, submitted) = (one.receipt.as_deref().unwrap_or_default(), one.submitted.as_deref().unwrap_or_default());
        let state = one.state.code();
        println!("{:>7} {receipt:<19} {:<16} {:<9} {state:<10} {submitted:<24} {}", one.id, one.feed, one.virs, one.organisation_name);
    }
    println!("{} submissions", found.len());
    for told in &set_aside {
        let SetAsideNotice { receipt, table, record } = told;
        println!("{receipt}: record {} of {table} is set aside by rule `{}` {}", record.place, record.rule, record.column);
    }
    Ok(())
}

pub(crate) fn show(config: &Config, id: i64) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    let feeds = endpoint::store::feeds(config, &catalog)?;
    let submission = endpoint::store::store(config)?.read(|connection| store::find(connection, id))?.ok_or_else(|| unknown(id))?;
    let feed = feeds.iter().find(|feed| feed.name == submission.feed).ok_or_else(|| unknown(id))?;
    println!("{} {}, VIRS {}, {}", feed.name, submission.receipt.as_deref().unwrap_or("-"), submission.virs, submission.state.code());
    for section in &feed.sections {
        for (place, record) in submission.entry.records(&section.name).iter().enumerate() {
            println!("{} {}", section.name, place + 1);
            // A person's names and code are for those who work on the page, whose look is noted; not for a terminal's history.
            for field in section.fields.iter().filter(|field| record.contains_key(field.name())) {
                let value = record[field.name()].as_str();
                // A draft may have a code where none belongs; it is told so only when it is checked.
                let hidden = field.column.personal.is_about_persons() || personal::stands_in(value);
                let value = if hidden { "***" } else { value };
                println!("    {} = {value}", field.name());
            }
        }
    }
    Ok(())
}

pub(crate) fn export(config: &Config, id: i64, out: &Path) -> Result<()> {
    let store = endpoint::store::store(config)?;
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
    Refusal::one(format!("there is no such submission: {id}; `virsis forms list --all` shows what was handed in"))
}

/// Brings the history in: all files of the folder, or none.
pub(crate) fn import(config: &Config, dir: &Path) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    let files = Files::new(dir);
    let salt = home::person_key(&config.secrets.person_key_file)?.salt();
    let (mut tables, mut wrong) = (BTreeMap::new(), Vec::new());
    for extract in CONNECTORS.iter().filter(|connector| connector.source == MANUAL_FEEDS).flat_map(|connector| connector.extracts) {
        let there = Files::names(extract).chain(Files::history_names(extract)).any(|name| dir.join(name).exists());
        if !there {
            continue;
        }
        let table = catalog.table(extract.table)?;
        let request = Request {
            source: MANUAL_FEEDS,
            extract,
            table,
            memory: None,
            rows_needed: true,
            wanted: None,
            salt: &salt,
            deadline: Instant::now() + READ_WITHIN,
            folder: dir,
        };
        match rows(&files, &request) {
            Ok(rows) => drop(tables.insert(extract.table, rows)),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if !wrong.is_empty() {
        return Err(Refusal(wrong).into());
    }
    if tables.is_empty() {
        return Err(Refusal::one(format!("{} holds no extract of the manual feeds (formos_….v1.csv)", dir.display())).into());
    }
    let store = endpoint::store::store(config)?;
    let missing = missing(config, &store, &tables)?;
    if !missing.is_empty() {
        return Err(Refusal::one(format!(
            "nothing was imported: {} {} not in {}, but a night has read {}. A night takes used files with personal data away ([retention]): \
             put them there again from where they came and import all at once. A file with its headings only says that there is nothing to bring in",
            missing.join(", "),
            if missing.len() == 1 { "is" } else { "are" },
            dir.display(),
            if missing.len() == 1 { "it" } else { "them" },
        ))
        .into());
    }
    store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
        for (table, rows) in &tables {
            store::add_history(transaction, table, rows)?;
        }
        let detail = tables.iter().map(|(table, rows)| format!("{table} {}", rows.len())).collect::<Vec<_>>().join(", ");
        store::note(transaction, Act { actor: Actor::Operator, action: "import history", object: "history".to_owned(), detail }, Utc::now())
    })?;
    for (table, rows) in &tables {
        println!("{table}: {} rows", rows.len());
    }
    println!("the next `virsis run` reads them; the files are needed no more");
    Ok(())
}

/// Files of manual feeds that a night has read, whose rows stand neither here nor in the store: without them the next night would lose what they
/// held.
fn missing(config: &Config, store: &forms::Store, tables: &BTreeMap<&str, Vec<store::HistoryRow>>) -> Result<Vec<&'static str>> {
    let kept = Kept::open(&config.paths.state, &home::person_key(&config.secrets.person_key_file)?)?;
    let mut missing = Vec::new();
    for extract in CONNECTORS.iter().filter(|connector| connector.source == MANUAL_FEEDS).flat_map(|connector| connector.extracts) {
        let from_files = kept.index.tables.get(extract.table).is_some_and(|kept| came_from_files(&kept.memory));
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
            let reason = format!("{} rows of {} cannot be read; mend them first", batch.rejected.len(), request.extract.file);
            return Err(connectors::Error::Store { source_name: MANUAL_FEEDS, reason });
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

//! Mandates, who may act for whom in the endpoint: from the signed web service of the Centre of Registers' user subsystem, or from a file.
//!
//! A list is imported as a whole or not at all. Personal codes do not leave this module: only keyed hashes are stored. Errors contain no cell.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray, RecordBatch};
use catalog::SecretCode;
use chrono::Utc;
use chrono_tz::Europe::Vilnius;
use connectors::naudotojai::MANDATES;
use connectors::{Fetched, Request, Transport, Ws};
use forms::store::{self, Act, Actor, Durability, NewMandate};
use forms::{MandateFlaw, MandateLine, PersonHash};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::config::{Config, MandatesConfig, MandatesFile, MandatesService};
use crate::home;
use crate::refusal::Refusal;
use crate::state::form_store;
use crate::state::ledger::{self, SourceLine};

/// A mandate as received; the headings of a file are these names.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    asmens_kodas: String,
    vaidmuo: String,
    organizacijos_kodas: String,
    organizacijos_pavadinimas: String,
    el_pastas: String,
    galioja_nuo: String,
    galioja_iki: String,
}

/// Reads mandates from a CSV file; the error names every wrong line by number. `hash` is applied to each personal code.
pub(crate) fn of_file(file: &Path, hash: impl Fn(&str) -> String) -> Result<Vec<NewMandate>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let (mut mandates, mut wrong) = (Vec::new(), Vec::new());
    for (place, line) in csv::Reader::from_reader(text).deserialize::<Line>().enumerate() {
        match line.map_err(|_| "its fields do not match the heading line").and_then(|line| mandate(&line, &hash)) {
            Ok(mandate) => mandates.push(mandate),
            Err(reason) => wrong.push(format!("{}, line {}: {reason}", file.display(), place + 2)),
        }
    }
    // All or nothing: a mandate that is left out would end silently.
    if wrong.is_empty() { Ok(mandates) } else { Err(Refusal(wrong).into()) }
}

/// Reads the mandates from the configured source.
pub(crate) fn ask(config: &Config, source: &MandatesConfig, hash: impl Fn(&str) -> String) -> Result<Vec<NewMandate>> {
    match source {
        MandatesConfig::File(MandatesFile { file }) => {
            let mode = std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(Refusal::one(format!(
                    "{}: others may read it, and it contains personal codes; set its mode to 0600",
                    file.display()
                ))
                .into());
            }
            of_file(file, hash)
        }
        MandatesConfig::Ws(ws) => of_service(config, ws, hash),
    }
}

fn of_service(config: &Config, settings: &MandatesService, hash: impl Fn(&str) -> String) -> Result<Vec<NewMandate>> {
    let catalog = home::load_catalog(config)?;
    let extract = &MANDATES.extracts[0];
    let table = catalog.table(extract.table)?;
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let codes = [SecretCode::new(&settings.manager)];
    let deadline = Instant::now() + Duration::from_secs(config.run.source_minutes * 60);
    let request = Request::once(MANDATES.source, extract, table, deadline, folder.path()).about(&codes);
    let ws = Ws::new(&settings.service, Utc::now().with_timezone(&Vilnius).date_naive())?;
    let Fetched::Rows(mut batches) = ws.open(&request)? else { return Ok(Vec::new()) };
    let (mut mandates, mut wrong) = (Vec::new(), Vec::new());
    for batch in &mut batches {
        let batch = batch?;
        for (row, number) in batch.row_numbers.iter().enumerate() {
            match mandate(&line(&batch.rows, row), &hash) {
                Ok(mandate) => mandates.push(mandate),
                Err(reason) => wrong.push(format!("row {number} of the answer: {reason}")),
            }
        }
    }
    batches.finish()?;
    if wrong.is_empty() { Ok(mandates) } else { Err(Refusal(wrong).into()) }
}

fn line(rows: &RecordBatch, row: usize) -> Line {
    let cell = |name: &str| {
        let column = rows.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        column.filter(|column| column.is_valid(row)).map(|column| column.value(row).to_owned()).unwrap_or_default()
    };
    Line {
        asmens_kodas: cell("asmens_kodas"),
        vaidmuo: cell("vaidmuo"),
        organizacijos_kodas: cell("organizacijos_kodas"),
        organizacijos_pavadinimas: cell("organizacijos_pavadinimas"),
        el_pastas: cell("el_pastas"),
        galioja_nuo: cell("galioja_nuo"),
        galioja_iki: cell("galioja_iki"),
    }
}

fn mandate(line: &Line, hash: impl Fn(&str) -> String) -> Result<NewMandate, &'static str> {
    let said = MandateLine {
        person: &line.asmens_kodas,
        role: &line.vaidmuo,
        organisation_code: &line.organizacijos_kodas,
        organisation_name: &line.organizacijos_pavadinimas,
        email: &line.el_pastas,
        valid_from: &line.galioja_nuo,
        valid_to: &line.galioja_iki,
    };
    said.read(hash).map_err(|flaw| match flaw {
        MandateFlaw::Person => "asmens_kodas is not a valid personal code",
        MandateFlaw::Role => "vaidmuo must be one of virs, km, lrtk, zeit, viea, istaiga, administratorius, analitikas",
        MandateFlaw::OrganisationCode => "organizacijos_kodas is not a valid code of a legal entity",
        MandateFlaw::OrganisationName => "organizacijos_pavadinimas is empty",
        MandateFlaw::ValidFrom => "galioja_nuo is not a date",
        MandateFlaw::ValidTo => "galioja_iki is not a date",
    })
}

/// What became of a fetched list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// So many mandates replaced all earlier ones.
    New(usize),
    /// The list is the one already in force.
    Unchanged(usize),
}

/// Fetches the list from the configured source and replaces the mandates with it; any error leaves them as they were.
pub(crate) fn fetch(config: &Config, source: &MandatesConfig) -> Result<Taken> {
    let persons = form_store::persons(config)?;
    let store = form_store::open(config)?;
    let new: BTreeSet<NewMandate> = ask(config, source, |code| persons.of(code))?.into_iter().collect();
    let old: BTreeSet<NewMandate> = store.read(store::all_mandates)?.into_iter().collect();
    if new == old {
        return Ok(Taken::Unchanged(new.len()));
    }
    let (gone, gates) = (old.len().saturating_sub(new.len()), &config.gates);
    let too_few = new.is_empty() || gone as u64 > gates.floor && gone as f64 > old.len() as f64 * gates.fewer_rows;
    let hash = hash(&new, &persons);
    if too_few && !ledger::accepted(&config.paths.state)?.iter().any(|line| line.extract == hash) {
        let name = MANDATES.source;
        return Err(Refusal::one(format!(
            "the list is refused: it has {} mandates, {} are in force; ask the user subsystem, or accept it with `virsis accept {name} --extract {hash} --why REASON`",
            new.len(),
            old.len()
        ))
        .into());
    }
    replace(&store, &new.into_iter().collect::<Vec<_>>(), Actor::System, "fetch mandates").map(Taken::New)
}

/// Turns an error of the source into a [`Refusal`], so that it ends with exit code 1.
pub(crate) fn refused(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<connectors::Error>() {
        Ok(error) => Refusal::one(error).into(),
        Err(error) => error,
    }
}

/// Replaces all mandates with these; returns how many they are.
pub(crate) fn replace(store: &forms::Store, mandates: &[NewMandate], actor: Actor, action: &str) -> Result<usize> {
    store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
        store::replace_all(transaction, mandates)?;
        let detail = mandates.len().to_string();
        store::note(transaction, Act { actor, action, object: "mandates".to_owned(), detail }, Utc::now())
    })?;
    Ok(mandates.len())
}

/// Identifies a list; keyed, since it is logged.
fn hash(mandates: &BTreeSet<NewMandate>, persons: &PersonHash) -> String {
    let mut hash = Sha256::new();
    // Hashes of persons are keyed, so that nobody without the key can make this one.
    hash.update(persons.of("mandates"));
    mandates.iter().for_each(|mandate| hash.update(format!("{mandate:?}\n")));
    hex::encode(hash.finalize())
}

/// Fetches mandates during a nightly run; returns how it went, for the ledger.
pub(crate) fn night(config: &Config, source: &MandatesConfig) -> SourceLine {
    let (verdict, rows, reason) = match fetch(config, source) {
        Ok(Taken::New(count)) => ("fresh", count, None),
        Ok(Taken::Unchanged(count)) => ("unchanged", count, None),
        Err(error) => ("stale", 0, Some(format!("source {}: {error:#}; the mandates stay as they were", MANDATES.source))),
    };
    match &reason {
        None => tracing::info!(mandates = rows, verdict, "mandates fetched"),
        Some(reason) => tracing::error!(reason, "mandates could not be updated"),
    }
    SourceLine {
        source: MANDATES.source.to_owned(),
        table: MANDATES.extracts[0].table.to_owned(),
        extract_date: None,
        ahead: BTreeMap::new(),
        rows: rows as u64,
        quarantined: 0,
        verdict: verdict.to_owned(),
        rule: reason.as_ref().map(|_| "mandates".to_owned()),
        reason,
    }
}

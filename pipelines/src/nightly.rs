//! The nightly run, in one function: connectors → transforms → SQL models → checks → gate → publish → release.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use catalog::{Catalog, Released, Tier};
use chrono::{NaiveDate, Utc};
use publish::{Committed, ReleaseInfo, SiteContext, SourceEntry, Store};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use transforms::{CheckResult, DuckDb, Models, PersonKey, Settings, Severity, SourceState};

use crate::config::Config;
use crate::ledger::{self, Entry, Outcome, SourceLine};
use crate::measure::Stages;
use crate::refusal::Refusal;
use crate::{progress, run_lock, sources};

/// File in the home of a made-up country: every page then says that the data is invented.
const SYNTHETIC_MARK: &str = "truth.json";
const SYNTHETIC_NOTICE: &str = "Duomenys sugalvoti: tai bandomoji šalis, ne tikri asmenys ir įmonės.";

/// Runs once and writes the ledger, whatever comes out.
///
/// # Errors
/// A [`Refusal`] when data is refused; `latest` is then as it was.
pub(crate) fn run(config: &Config, as_of: Option<NaiveDate>) -> Result<(Committed, Stages)> {
    let _lock = run_lock::take(&config.paths.state)?;
    let started = Utc::now();
    let mut stages = Stages::start();
    let mut lines = Vec::new();
    let result = run_stages(config, as_of, &mut stages, &mut lines);
    let outcome = match &result {
        Ok(_) => Outcome::Published,
        Err(error) if error.downcast_ref::<Refusal>().is_some() => Outcome::Refused,
        Err(_) => Outcome::Failed,
    };
    let entry = Entry {
        started,
        finished: Utc::now(),
        outcome,
        release: result.as_ref().ok().map(|committed| committed.name.clone()),
        reason: result.as_ref().err().map(|error| format!("{error:#}")),
        sources: lines,
        stages: stages.done.clone(),
    };
    ledger::append(&config.paths.state, &entry)?;
    result.map(|committed| (committed, stages))
}

fn run_stages(config: &Config, as_of: Option<NaiveDate>, stages: &mut Stages, lines: &mut Vec<SourceLine>) -> Result<Committed> {
    let catalog = load_catalog(config)?;
    let models = Models::load(&config.home).map_err(Refusal::one)?;
    let key = person_key(&config.secrets.person_key_file)?;
    stages.finish("definitions");

    let bar = progress::bar("read", sources::count());
    let read = sources::read(config, &catalog, &bar)?;
    bar.finish_and_clear();
    lines.extend(read.states.iter().map(source_line));
    let as_of = as_of.or(read.newest).ok_or_else(|| Refusal::one("no extract says when it was made; give the day with --as-of"))?;
    stages.finish("read and clean");

    let settings = Settings { as_of, bsi_policy: config.run.bsi_policy, key };
    let core = transforms::build(&catalog, read.cleaned, &settings, &read.states)?;
    tracing::info!(entities = core.entities, persons = core.persons, "owners resolved");
    for (table, rows) in core.not_virs.iter().filter(|(_, rows)| **rows > 0) {
        tracing::info!(table, rows, "rows about entities that are no VIRS left aside");
    }
    if core.gifts_before_bsi > 0 {
        tracing::warn!(gifts = core.gifts_before_bsi, "gifts older than data/law/bsi.csv left aside; add older sums if they should count");
    }
    stages.finish("owners and core tables");

    let mut engine = DuckDb::open()?;
    let bar = progress::bar("models", models.names().count());
    let mut done = |name: &str| {
        bar.set_message(name.to_owned());
        bar.inc(1);
    };
    models.run(&mut engine, core, &mut done)?;
    bar.finish_and_clear();
    stages.finish("sql models");

    let checks = models.check(&mut engine)?;
    stages.finish("checks");

    let out = models.take(&mut engine, &catalog)?;
    drop(engine);

    let tables = admit(&catalog, &out, &checks)?;
    drop(out);
    stages.finish("disclosure and gate");

    let release = ReleaseInfo {
        date: as_of,
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        definitions: fingerprint(&config.home)?,
        sources: read.states.iter().map(source_entry).collect(),
    };
    let notice = config.paths.extracts.join(SYNTHETIC_MARK).exists().then_some(SYNTHETIC_NOTICE);
    let spinner = progress::spinner("publish", "writing tables and pages");
    let staging = Store::open(&config.paths.portal, &config.paths.internal)?.stage()?;
    let written = publish::publish(&staging, &catalog, &tables, &SiteContext { release: &release, notice })?;
    tracing::info!(data_files = written.data_files, data_bytes = written.data_bytes, pages = written.pages, "release written");
    stages.finish("publish");

    let committed = staging.commit(&release)?;
    spinner.finish_and_clear();
    stages.finish("commit");
    tracing::info!(release = committed.name, "release published");
    Ok(committed)
}

/// Reads the definitions and refuses to run over contradictions.
pub(crate) fn load_catalog(config: &Config) -> Result<Catalog> {
    let catalog = Catalog::load(&config.home).map_err(Refusal::one)?;
    let problems: Vec<String> = catalog.problems().iter().map(ToString::to_string).collect();
    if problems.is_empty() { Ok(catalog) } else { Err(Refusal(problems).into()) }
}

/// Every table through disclosure control and the gate, for each of its tiers.
fn admit(catalog: &Catalog, out: &BTreeMap<String, RecordBatch>, checks: &[CheckResult]) -> Result<Vec<Released>> {
    for check in checks.iter().filter(|check| check.wrong > 0) {
        tracing::warn!(check = check.name, rows = check.wrong, severity = ?check.severity, "check found wrong rows");
    }
    let failed = checks.iter().filter(|check| check.severity == Severity::Error && check.wrong > 0);
    let mut refused: Vec<String> =
        failed.map(|check| format!("check {} found {} wrong rows; see sql/checks/{}.sql", check.name, check.wrong, check.name)).collect();
    let wanted: Vec<(&String, &RecordBatch, Tier)> = out
        .iter()
        .map(|(name, rows)| Ok(catalog.table(name)?.tiers.iter().map(move |tier| (name, rows, *tier))))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    let admitted: Vec<Result<Result<Released, catalog::Error>>> = wanted
        .par_iter()
        .map(|(name, rows, tier)| {
            let table = catalog.table(name)?;
            let seen = transforms::disclose(table, *tier, rows, catalog.law().minimum_persons_in_cell())?;
            Ok(Released::admit(table.clone(), *tier, seen, &CheckResult::evidence(checks, name)))
        })
        .collect();
    let mut released = Vec::with_capacity(admitted.len());
    for table in admitted {
        match table? {
            Ok(table) => released.push(table),
            Err(error) => refused.push(error.to_string()),
        }
    }
    if refused.is_empty() { Ok(released) } else { Err(Refusal(refused).into()) }
}

/// The secret key, from a file that only its owner may read.
pub(crate) fn person_key(path: &Path) -> Result<PersonKey> {
    let refuse = |reason: String| Refusal::one(format!("person key {}: {reason}", path.display()));
    let bytes = fs::read(path).map_err(|error| refuse(format!("{error}; make one with `virsis key`")))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_err(|error| refuse(error.to_string()))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(refuse("others may read it; set its mode to 0600".to_owned()).into());
        }
    }
    Ok(PersonKey::new(&bytes).map_err(|error| refuse(error.to_string()))?)
}

/// Hash of every file that decides the result besides the data and the program.
fn fingerprint(home: &Path) -> Result<String> {
    let mut files = Vec::new();
    for folder in ["data/columns", "data/tables", "data/datasets", "data/classifiers", "data/law", "sql/models", "sql/checks"] {
        for entry in fs::read_dir(home.join(folder)).with_context(|| format!("cannot list {folder}"))? {
            let entry = entry?;
            files.push((format!("{folder}/{}", entry.file_name().to_string_lossy()), entry.path()));
        }
    }
    files.sort();
    let mut hash = Sha256::new();
    for (name, path) in files {
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(&content));
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn source_line(state: &SourceState) -> SourceLine {
    SourceLine {
        source: state.source.clone(),
        table: state.table.clone(),
        extract_date: state.extract_date,
        rows: state.rows,
        quarantined: state.quarantined.values().sum(),
    }
}

fn source_entry(state: &SourceState) -> SourceEntry {
    SourceEntry {
        source: state.source.clone(),
        table: state.table.clone(),
        extract_date: state.extract_date,
        state: publish::SourceState::Fresh,
        stale_since: None,
        rows: state.rows,
        quarantined: state.quarantined.values().sum(),
    }
}

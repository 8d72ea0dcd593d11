//! The nightly run, in one function: connectors → transforms → SQL models → checks → gate → publish → release.
//!
//! A night in which nothing changed makes no release; one in which a little changed builds on the last. What is kept of the sources
//! changes after the release that shows it.

pub(crate) mod admission;
pub(crate) mod explain;
pub(crate) mod fingerprint;
pub(crate) mod lock;
pub(crate) mod previous;
pub(crate) mod status_file;
pub(crate) mod timings;

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use catalog::{Audience, Catalog, Layer, News};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Europe::Vilnius;
use connectors::Files;
use publish::{Committed, ReleaseInfo, SiteContext, Store};
use sha2::{Digest, Sha256};
use transforms::{DuckDb, Models, Remembered, SetAside, Settings, SourceState, Words};

use self::explain::Step;
use crate::config::Config;
use crate::endpoint::audit_head;
use crate::endpoint::mandates;
use crate::endpoint::notices;
use crate::home;
use crate::progress;
use crate::refusal::Refusal;
use crate::run::fingerprint::{Fingerprints, PROGRAM};
use crate::run::previous::{LastNight, Looking, Steps};
use crate::run::status_file::StatusFile;
use crate::run::timings::Stages;
use crate::sources::acquire::{self, Acquire};
use crate::sources::documents::Documents;
use crate::sources::last_good::{Index, Kept};
use crate::sources::quarantine::Quarantine;
use crate::sources::retention;
use crate::sources::source::{self, Sources, Verdict};
use crate::sources::transports::Transports;
use crate::sources::unknown_files;
use crate::state::ledger::{self, Entry, Outcome, SourceLine};
use crate::withdrawal::withheld::Withheld;

const SYNTHETIC_NOTICE: &str = "Duomenys sugalvoti: tai bandomoji šalis, ne tikri asmenys ir įmonės.";

/// So far the clock of a register, or its zone, may be ahead of ours.
const MARGIN: Days = Days::new(1);

/// What is asked of one run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Order {
    /// Day for which owners are resolved; by default the newest day on which an extract was made.
    pub(crate) as_of: Option<NaiveDate>,
    /// Make a release even if nothing changed, with every step run again.
    pub(crate) anew: bool,
}

/// How a night ended well.
#[derive(Debug)]
pub(crate) enum Night {
    Published(Committed),
    /// Nothing changed since this release.
    Unchanged(String),
}

/// What a night tells of itself, however far it came.
#[derive(Debug)]
pub(crate) struct Told {
    /// What each stage cost.
    pub(crate) stages: Stages,
    /// How each source went.
    pub(crate) lines: Vec<SourceLine>,
    /// What ran and what was skipped.
    pub(crate) steps: Vec<Step>,
}

impl Told {
    pub(crate) fn start() -> Self {
        Self { stages: Stages::start(), lines: Vec::new(), steps: Vec::new() }
    }
}

/// Runs once and writes the ledger, whatever comes out.
///
/// # Errors
/// A [`Refusal`] when data is refused; `latest` is then as it was. When a release was published but an extract with codes of persons could
/// not be removed, the ledger has both.
pub(crate) fn run(config: &Config, order: Order, told: &mut Told) -> Result<Night> {
    let _lock = lock::take(&config.paths.state)?;
    let started = Utc::now();
    let mandates = config.mandates.as_ref().filter(|_| config.forms.enabled).map(|source| mandates::night(config, source));
    let mut used = None;
    let result = run_stages(config, order, told, &mut used);
    // A run that read no source says nothing of sources.
    if !told.lines.is_empty() {
        told.lines.extend(mandates);
    }
    // However a night ends, codes of persons do not stay longer than the settings allow.
    let tidied = retention::tidy(config, used.as_ref(), started.into());
    ledger::append(&config.paths.state, &entry(started, &result, &tidied, told))?;
    if config.forms.enabled {
        audit_head::note_or_tell(config);
    }
    if config.forms.enabled && result.is_ok() {
        match notices::write(config, Utc::now()) {
            Ok(0) => {}
            Ok(letters) => tracing::info!(letters, "notifications written"),
            // The release stands; the next night tells of both.
            Err(error) => tracing::error!(error = format!("{error:#}"), "notifications could not be written"),
        }
    }
    result.and_then(|night| tidied.map(|()| night))
}

/// The ledger's line: how the night ended, and what went wrong, were it only with what had to be removed.
fn entry(started: DateTime<Utc>, night: &Result<Night>, tidied: &Result<()>, told: &Told) -> Entry {
    let (outcome, release) = match night {
        Ok(Night::Published(committed)) => (Outcome::Published, Some(committed.name.clone())),
        Ok(Night::Unchanged(release)) => (Outcome::Unchanged, Some(release.clone())),
        Err(error) if error.downcast_ref::<Refusal>().is_some() => (Outcome::Refused, None),
        Err(_) => (Outcome::Failed, None),
    };
    let wrong = night.as_ref().err().or(tidied.as_ref().err());
    Entry {
        started,
        finished: Utc::now(),
        outcome,
        release,
        reason: wrong.map(|error| format!("{error:#}")),
        sources: told.lines.clone(),
        stages: told.stages.done.clone(),
    }
}

fn run_stages(config: &Config, order: Order, told: &mut Told, used: &mut Option<Sources>) -> Result<Night> {
    let Told { stages, lines, steps } = told;
    let definitions = Fingerprints::take(&config.home)?;
    let catalog = home::load_catalog(config)?;
    let models = Models::load(&config.home).map_err(Refusal::one)?;
    let content = home::load_content(config)?;
    // Else old definitions would pass for the new ones in every night to come.
    if Fingerprints::take(&config.home)? != definitions {
        return Err(Refusal::one("the definitions under data/ or sql/ changed while they were read; run again").into());
    }
    let key = home::person_key(&config.secrets.person_key_file)?;
    let salt = key.salt();
    stages.finish("definitions");

    let withheld = Withheld::load(&config.paths.state, &salt)?;
    let mut kept = Kept::open(&config.paths.state, &key)?;
    kept.tidy()?;
    let accepted: HashSet<String> = ledger::accepted(&config.paths.state)?.into_iter().map(|line| line.extract).collect();
    let unknown = unknown_files::list(config)?;
    if !unknown.is_empty() {
        let files = unknown_files::told_without_names(&unknown);
        tracing::warn!(files, "files in the drop folder that nobody reads or removes; see docs/extract-format.md for the names");
    }
    if let Err(open) = Files::new(&config.paths.extracts).closed() {
        tracing::warn!("{open}");
    }
    let store = Store::open(&config.paths.portal, &config.paths.internal)?;
    let base = format!("{} {PROGRAM} {}", definitions.data, key.fingerprint());
    // Begun as soon as it is clear that the last night will be needed, while sources are still being read.
    let last = OnceLock::new();
    let look = || {
        last.get_or_init(|| match order.anew {
            true => LastNight::unusable("--anew").into(),
            false => LastNight::begin(&config.paths.state, &store, &base),
        });
    };
    let bar = progress::bar("read", acquire::count());
    let transports = Transports::new(config)?;
    let deadline = Instant::now() + Duration::from_secs(config.run.source_minutes * 60);
    let last_day = last_day(order, Utc::now());
    let acquire = Acquire {
        config,
        catalog: &catalog,
        key: &key,
        kept: &kept,
        accepted: &accepted,
        cleaned_by: &definitions.cleaning,
        salt: &salt,
        transports: &transports,
        deadline,
        last_day,
        bar: &bar,
        on_news: &look,
        met: Mutex::default(),
        entities: OnceLock::new(),
    };
    let mut sources = acquire.all()?;
    bar.finish_and_clear();
    let as_of = order
        .as_of
        .or_else(|| source::newest(&sources, last_day))
        .ok_or_else(|| Refusal::one("no extract says when it was made, on a day that has come; give the day with --as-of"))?;
    for source in sources.values_mut().filter(|source| source.verdict == Verdict::Stale) {
        source.entry.stale_since.get_or_insert(as_of);
    }
    steps.extend(explain::reading(&sources));
    lines.extend(sources.iter().map(|(table, source)| source.line(table)));
    let notice = config.paths.extracts.join(unknown_files::SYNTHETIC_MARK).exists().then_some(SYNTHETIC_NOTICE);
    let settings = format!("{:?} {:?} {notice:?} {}", config.run.bsi_policy, order.as_of, withheld.content());
    // By the day of the data, as everything in a release.
    let news: Vec<&News> = content.news.iter().filter(|news| news.is_shown(Audience::Portal, as_of)).collect();
    let mut index = Index {
        night: night(&sources, &[&definitions.definitions, PROGRAM, &key.fingerprint(), &settings, &format!("{news:?}")]),
        tables: sources.iter().map(|(table, source)| ((*table).to_owned(), source.entry.clone())).collect(),
        manifest_sha256: kept.index.manifest_sha256.clone(),
        as_of: kept.index.as_of,
        holds_until: kept.index.holds_until,
    };
    let shown = store.latest_manifest()?.filter(|sha256| *sha256 == index.manifest_sha256);
    let same_days = index.as_of.is_none_or(|day| day <= as_of) && index.holds_until.is_none_or(|day| as_of < day);
    let holds = index.night == kept.index.night && same_days;
    if let (true, Some(_), Some(latest)) = (holds && !order.anew, shown, store.latest()) {
        let release = latest.file_name().unwrap_or_default().to_string_lossy().into_owned();
        stages.finish("read and clean");
        kept.save(index)?;
        StatusFile::write(&config.paths.portal, &release, &sources)?;
        tracing::info!(release, "nothing changed since the latest release; none made");
        *used = Some(sources);
        return Ok(Night::Unchanged(release));
    }
    look();
    let mut raw = acquire.keep(&mut sources)?;
    for (table, rows) in withheld.leave_out(&catalog, &mut raw)? {
        tracing::warn!(table, rows, "rows left out that show what was withdrawn (state/withheld.jsonl says who decided it and why)");
    }
    stages.finish("read and clean");

    let documents = Documents::open(config, store.latest());
    documents.look_through(config, &mut raw, &withheld)?;
    stages.finish("documents");

    let settings = Settings { as_of, bsi_policy: config.run.bsi_policy };
    let states: Vec<SourceState> = sources.iter().map(|(table, source)| source.state(table)).collect();
    let core = transforms::build(&catalog, raw, &settings, &states)?;
    tracing::info!(entities = core.entities, persons = core.persons, "owners resolved");
    for (table, rows) in core.no_outlet.iter().filter(|(_, rows)| **rows > 0) {
        tracing::info!(table, rows, "rows about outlets that are not known left aside");
    }
    tell_set_aside(config, &catalog, &transports, &sources, &core.set_aside)?;
    if core.gifts_before_bsi > 0 {
        tracing::warn!(gifts = core.gifts_before_bsi, "gifts older than data/law/bsi.csv left aside; add older sums if they should count");
    }
    stages.finish("owners and core tables");

    (index.as_of, index.holds_until) = (Some(as_of), core.holds_until);
    let last = last.into_inner().map_or_else(|| LastNight::unusable("nobody looked"), Looking::wait);
    let mut engine = DuckDb::open()?;
    let bar = progress::bar("models", models.names().count());
    let mut done = |name: &str| {
        bar.set_message(name.to_owned());
        bar.inc(1);
    };
    let rows = |name: &str, words: Option<&Words>| last.rows(&catalog, name, words);
    let texts = |name: &str, words: Option<&Words>| last.texts(&catalog, name, words);
    let earlier = transforms::Earlier { remembered: &last.remembered, rows: &rows, texts: &texts };
    let mut sql = transforms::Night::new(&models, &catalog, &mut engine, core, earlier, &salt)?;
    sql.models(&mut done)?;
    bar.finish_and_clear();
    stages.finish("sql models");

    let checks = sql.checks()?;
    stages.finish("checks");

    let mut made = sql.finish(checks)?;
    drop(engine);
    steps.extend(explain::making(&made, &changed_core(&last.remembered, &made.remembered), last.why_not));
    let tables = admission::admit(&catalog, &made.changed, &made.checks)?;
    stages.finish("disclosure and gate");

    let release = ReleaseInfo {
        date: as_of,
        code_version: PROGRAM.to_owned(),
        definitions: definitions.definitions,
        sources: sources.iter().map(|(table, source)| source.shown(table)).collect(),
    };
    let spinner = progress::spinner("publish", "writing tables and pages");
    let staging = store.stage()?;
    let context = SiteContext { release: &release, news: &news, notice, salt };
    let (written, pages) = publish::publish(&staging, &catalog, &tables, last.release.as_ref(), &|file| documents.bytes(file), &context)?;
    tracing::info!(
        data_files = written.data_files,
        linked = written.data_files_linked,
        data_bytes = written.data_bytes,
        documents = written.documents,
        pages = written.pages,
        rendered = written.pages_rendered,
        "release written"
    );
    stages.finish("publish");

    let mut committed = staging.commit(&release)?;
    index.manifest_sha256.clone_from(&committed.manifest_sha256);
    kept.save(index)?;
    steps.push(explain::rendering(&written));
    let remembered = std::mem::take(&mut made.remembered);
    let next = Steps {
        base,
        manifest_sha256: committed.manifest_sha256.clone(),
        remembered,
        pages,
        stamps: std::mem::take(&mut committed.stamps),
    };
    if let Err(error) = next.save(&config.paths.state) {
        // The release stands; only the next night cannot build on it.
        tracing::warn!(%error, "what the next night could build on cannot be written; it will make everything again");
    }
    StatusFile::write(&config.paths.portal, &committed.name, &sources)?;
    *used = Some(sources);
    spinner.finish_and_clear();
    stages.finish("commit");
    tracing::info!(release = committed.name, "release published");
    Ok(Night::Published(committed))
}

/// The last day on which anything may have happened: a later one that an extract tells of decides nothing. Who asks for a later day means it.
fn last_day(order: Order, now: DateTime<Utc>) -> NaiveDate {
    let today = now.with_timezone(&Vilnius).date_naive();
    order.as_of.map_or(today, |day| day.max(today)) + MARGIN
}

/// Names the rows that two feeds brought under one key: in the log, under `state/quarantine` until the next night, and to whoever handed them in.
fn tell_set_aside(config: &Config, catalog: &Catalog, transports: &Transports, sources: &Sources, set_aside: &[SetAside]) -> Result<()> {
    for SetAside { core, raw, bad } in set_aside {
        let why = "another feed brought this key before; the row is set aside";
        tracing::warn!(table = raw, row = bad.row_number, into = core, rule = bad.rule, why);
    }
    let quarantine = Quarantine::begin(&config.paths.state)?;
    // Rows that are kept of an earlier night are numbered as they were then; nobody may be told of those of others.
    let is_stale = |raw: &str| sources.get(raw).is_some_and(|source| source.verdict == Verdict::Stale);
    let handed_in = |raw: &str| transports.handed_in(raw).filter(|_| !is_stale(raw));
    catalog.tables(Layer::Core).try_for_each(|table| quarantine.write_joined(&table.name, set_aside, handed_in))?;
    let Some(endpoint) = transports.endpoint() else { return Ok(()) };
    let rows: Vec<&SetAside> = set_aside.iter().filter(|aside| handed_in(&aside.raw).is_some()).collect();
    endpoint.note_joined(&rows).context("cannot note which submissions have rows whose keys another feed brought")
}

/// Core tables that hold something else than last time.
fn changed_core(earlier: &Remembered, now: &Remembered) -> Vec<String> {
    let is_core = |name: &&String| name.starts_with("core_");
    now.contents.keys().filter(is_core).filter(|name| now.contents.get(*name) != earlier.contents.get(*name)).cloned().collect()
}

/// Everything that decides a release: two nights with the same hash would publish the same.
fn night(sources: &Sources, rest: &[&str]) -> String {
    let mut hash = Sha256::new();
    for (table, source) in sources {
        hash.update(format!("{table} {} {:?}\n", source.entry.content(), source.entry.stale_since));
    }
    rest.iter().for_each(|part| hash.update(format!("{part}\n")));
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_that_stands_is_in_the_ledger_even_if_something_could_not_be_removed() {
        let line = |night: Result<Night>, tidied: Result<()>| {
            let entry = entry(Utc::now(), &night, &tidied, &Told::start());
            (entry.outcome, entry.release, entry.reason)
        };
        let unchanged = || Ok(Night::Unchanged("000007-2026-10-31".to_owned()));
        let release = Some("000007-2026-10-31".to_owned());
        let problem = || anyhow::anyhow!("cannot remove an extract");
        assert_eq!(line(unchanged(), Ok(())), (Outcome::Unchanged, release.clone(), None));
        assert_eq!(line(unchanged(), Err(problem())), (Outcome::Unchanged, release, Some("cannot remove an extract".to_owned())));
        assert_eq!(line(Err(Refusal::one("a gate").into()), Err(problem())).0, Outcome::Refused);
        assert_eq!(line(Err(problem()), Ok(())), (Outcome::Failed, None, Some("cannot remove an extract".to_owned())));
    }
}

//! The nightly run in five verbs: load, acquire, compute, publish, commit. Newcomers to the code start reading here.
//!
//! If nothing changed, no release is made; if a little changed, the run builds on the previous one ([`super::incremental`]). The last good extracts are
//! replaced after the release that was made from them stands.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use catalog::{Catalog, Content, Layer, Released};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Europe::Vilnius;
use publish::{Boundaries, Committed, PageHashes, Published, ReleaseInfo, SiteContext, Staging, StatisticFigures, Store};
use sha2::{Digest, Sha256};
use spool::Spool;
use transforms::scope::Tables;
use transforms::{Core, Models, PersonKey, Remembered, SetAside, Settings, SourceState, SqlResults, Words};

use super::incremental::fingerprint::{Fingerprints, PROGRAM};
use super::incremental::previous_night::{Examination, PreviousNight, PreviousNightFile};
use super::sql_access::SqlSettings;
use super::statistics::{self, ProtectedStatistics};
use super::status_file::StatusFile;
use super::{Completed, RunOptions, RunReport, admission, engine, explain, person_key, site};
use crate::config::Config;
use crate::endpoint::audit_head;
use crate::monitoring::lineage::MadeTable;
use crate::refusal::Refusal;
use crate::signing::{self, Signing};
use crate::sources::acquire;
use crate::sources::documents::Documents;
use crate::sources::quarantine::Quarantine;
use crate::sources::reader::Reader;
use crate::sources::source::{self, Sources, Verdict};
use crate::sources::transports::Transports;
use crate::sources::{rows, unknown_files, waves};
use crate::state::definitions::Definitions;
use crate::state::last_good::{Index, LastGoodExtracts};
use crate::state::ledger;
use crate::state::shared_folder::SharedFolder;
use crate::state::shown::Shown;
use crate::withdrawal::withheld::Withheld;
use crate::{home, progress};

/// How far the clock of a register, or its time zone, may be ahead of ours.
const MARGIN: Days = Days::new(1);

/// Performs the run; `used` receives the sources that it used, if it got so far.
pub(super) fn run(config: &Config, options: RunOptions, report: &mut RunReport, used: &mut Option<Sources>) -> Result<Completed> {
    let mut loaded = load(config, options)?;
    report.stages.finish("definitions");
    let mut last_good = LastGoodExtracts::open(&config.paths.state, &loaded.key)?;
    last_good.tidy()?;
    let acquired = match acquire(config, &loaded, &mut last_good, report)? {
        Extracts::Unchanged { release, sources } => {
            *used = Some(sources);
            return Ok(Completed::Unchanged(release));
        }
        Extracts::New(acquired) => *acquired,
    };
    let (acquired, computed) = compute(config, &mut loaded, acquired, report)?;
    let (staging, release, pages) = publish(&loaded, &acquired, &computed, report)?;
    let committed = commit(config, &loaded, (acquired, computed), (staging, &release, pages), &mut last_good, report, used)?;
    Ok(Completed::Published(committed))
}

/// What a run works with besides the sources.
struct Loaded {
    options: RunOptions,
    definitions: Fingerprints,
    catalog: Catalog,
    models: Models,
    content: Content,
    key: PersonKey,
    salt: [u8; 32],
    publication: publish::Publication,
    internal_pages: bool,
    sql: SqlSettings,
    boundaries: Option<Boundaries>,
    withheld: Withheld,
    store: Store,
    signing: Option<Arc<Signing>>,
    /// Where rows wait.
    spool: Spool,
    /// Where the tables of a cluster lie.
    shared: Option<SharedFolder>,
    /// What classifiers and forms say, for those who look after them.
    described: Option<Definitions>,
    /// What the previous run must have worked with, too, if this one is to build on it.
    base: String,
    /// The inspection of the previous run, which starts while sources are still being read, as soon as it will be needed.
    previous: OnceLock<Examination>,
}

/// Reads the definitions and everything else that is needed before any source is asked.
fn load(config: &Config, options: RunOptions) -> Result<Loaded> {
    let shared = engine::shared_folder(config)?;
    let definitions = Fingerprints::take(&config.home)?;
    let catalog = home::load_catalog(config)?;
    let models = Models::load(&config.home).map_err(Refusal::one)?;
    let content = home::load_content(config)?;
    // Otherwise old definitions would pass for the new ones in all later runs.
    if Fingerprints::take(&config.home)? != definitions {
        return Err(Refusal::one("the definitions under data/ or sql/ changed while they were read; run again").into());
    }
    // A form that contradicts the tables keeps the endpoint from starting, not the night from ending.
    let described = home::load_feeds(config, &catalog).map(|feeds| Definitions::of(&catalog, &feeds));
    let described = described.inspect_err(|error| tracing::warn!(error = format!("{error:#}"), "data/forms cannot be read")).ok();
    let key = home::person_key(&config.secrets.person_key_file)?;
    let salt = key.salt();
    let boundaries = home::load_boundaries(config, &catalog)?;
    let missing = boundaries.as_ref().map(|boundaries| boundaries.missing(&catalog)).unwrap_or_default();
    if !missing.is_empty() {
        tracing::warn!(codes = missing.join(" "), "portal.boundaries lacks municipalities; the map lists them below it");
    }
    let (store, signing) = signing::open_store(config)?;
    person_key::is_newest(&key, config)?;
    // Whoever put the portal back, and however far that got: what readers saw is not contradicted.
    signing::tell_lost(config, &store)?;
    Ok(Loaded {
        withheld: Withheld::evened_out(&config.paths, &salt)?,
        store,
        signing,
        spool: Spool::at(&config.paths.state),
        shared,
        described,
        base: format!("{} {PROGRAM} {}", definitions.data, key.fingerprint()),
        previous: OnceLock::new(),
        options,
        definitions,
        catalog,
        models,
        content,
        key,
        salt,
        publication: config.publication.clone(),
        internal_pages: config.portal.internal_pages,
        sql: SqlSettings::load(config)?,
        boundaries,
    })
}

impl Loaded {
    /// Says anew which release is the latest, also if it is the same.
    fn renew_pointer(&self, config: &Config) -> Result<()> {
        let Some(signing) = &self.signing else { return Shown::note(config) };
        if config.forms.enabled {
            // The pointer stands for the end of the log as it is now.
            audit_head::note_or_tell(config);
        }
        signing.renew_pointer(config, &self.store)
    }

    /// Starts the inspection of the previous run.
    fn examine_previous_night(&self, config: &Config) {
        self.previous.get_or_init(|| match self.options.full {
            true => PreviousNight::unusable("--full").into(),
            false => PreviousNight::examine(&config.paths.state, &self.store, &self.base),
        });
    }
}

/// The result of reading the sources.
enum Extracts {
    /// The latest release shows all of it already.
    Unchanged {
        release: String,
        sources: Sources,
    },
    New(Box<Acquired>),
}

/// The rows to make a release from.
struct Acquired {
    sources: Sources,
    transports: Transports,
    raw: Tables,
    as_of: NaiveDate,
    notice: Option<&'static str>,
    /// The index of last good extracts to save once the release stands.
    index: Index,
    documents: Documents,
}

/// Reads every source, and accepts the extracts that pass the gates.
fn acquire(config: &Config, loaded: &Loaded, last_good: &mut LastGoodExtracts, report: &mut RunReport) -> Result<Extracts> {
    unknown_files::warn(config)?;
    let accepted: HashSet<String> = ledger::accepted(&config.paths.state)?.into_iter().map(|line| line.extract).collect();
    let bar = progress::bar("read", waves::extracts().count());
    let transports = Transports::new(config)?;
    let last_day = last_day(loaded.options, Utc::now());
    let examine = || loaded.examine_previous_night(config);
    let reader = Reader {
        config,
        catalog: &loaded.catalog,
        key: &loaded.key,
        kept: last_good,
        accepted: &accepted,
        cleaned_by: &loaded.definitions.cleaning,
        salt: &loaded.salt,
        transports: &transports,
        spool: &loaded.spool,
        quarantine: Quarantine::begin(&config.paths.state)?,
        deadline: Instant::now() + Duration::from_secs(config.run.source_minutes * 60),
        last_day,
        bar: &bar,
        on_news: &examine,
        met: Mutex::default(),
        entities: OnceLock::new(),
    };
    let mut sources = acquire::acquire(&reader)?;
    bar.finish_and_clear();
    let as_of = day_of_data(loaded.options, &mut sources, last_day)?;
    report.steps.extend(explain::reading(&sources));
    report.lines.extend(sources.iter().map(|(table, source)| source.line(table)));
    let notice = site::notice(config);
    let index = index(config, loaded, last_good, &sources, as_of, notice);
    if let Some(release) = shown_already(loaded, last_good, &index, as_of)? {
        report.stages.finish("read and clean");
        last_good.save(index)?;
        loaded.renew_pointer(config)?;
        StatusFile::write(&config.paths.portal, &release, &sources)?;
        tracing::info!(release, "nothing changed since the latest release; no new one made");
        return Ok(Extracts::Unchanged { release, sources });
    }
    examine();
    let mut raw = rows::keep(last_good, &loaded.catalog, &mut sources)?;
    let documents = leave_out(config, loaded, &mut raw, report)?;
    Ok(Extracts::New(Box::new(Acquired { sources, transports, raw, as_of, notice, index, documents })))
}

/// The day of the data; sources that have become stale are stale since then.
fn day_of_data(options: RunOptions, sources: &mut Sources, last_day: NaiveDate) -> Result<NaiveDate> {
    let as_of = options.as_of.or_else(|| source::newest(sources, last_day));
    let as_of = as_of.ok_or_else(|| Refusal::one("no extract has a date that is not in the future; give the date with --as-of"))?;
    for source in sources.values_mut().filter(|source| source.verdict == Verdict::Stale) {
        source.entry.stale_since.get_or_insert(as_of);
    }
    Ok(as_of)
}

/// Removes rows with withheld text, gives those that stay the ids that are published, and removes the names of documents that may not be.
fn leave_out(config: &Config, loaded: &Loaded, raw: &mut Tables, report: &mut RunReport) -> Result<Documents> {
    let mut left_out = loaded.withheld.leave_out(&loaded.catalog, raw)?;
    // Withheld texts may be ids of any generation.
    for generation in 1..loaded.key.generation() {
        for rows in raw.values_mut() {
            *rows = transforms::renew_ids_once(&loaded.key, rows, generation)?;
        }
        for (table, rows) in loaded.withheld.leave_out(&loaded.catalog, raw)? {
            *left_out.entry(table).or_default() += rows;
        }
    }
    for (table, rows) in left_out {
        tracing::warn!(table, rows, "rows with withheld text left out (state/withheld.jsonl records who decided it and why)");
    }
    report.stages.finish("read and clean");
    let documents = Documents::open(config, loaded.store.latest());
    documents.look_through(config, raw, &loaded.withheld)?;
    report.stages.finish("documents");
    Ok(documents)
}

/// The last day on which anything may have happened; later dates in extracts are ignored. A later `--as-of` moves it.
fn last_day(options: RunOptions, now: DateTime<Utc>) -> NaiveDate {
    let today = now.with_timezone(&Vilnius).date_naive();
    options.as_of.map_or(today, |day| day.max(today)) + MARGIN
}

/// The new index of last good extracts, with the hash of everything that decides a release.
fn index(
    config: &Config,
    loaded: &Loaded,
    last_good: &LastGoodExtracts,
    sources: &Sources,
    as_of: NaiveDate,
    notice: Option<&str>,
) -> Index {
    let (sql, boundaries) = (loaded.sql.fingerprint(), loaded.boundaries.as_ref().map(Boundaries::fingerprint));
    let settings = format!(
        "{:?} {:?} {notice:?} {} {sql} {boundaries:?} {}",
        config.run.bsi_policy,
        loaded.options.as_of,
        loaded.withheld.content(),
        loaded.internal_pages
    );
    let news = format!("{:?}", site::news(&loaded.content, as_of));
    Index {
        night: night_hash(sources, &[&loaded.definitions.definitions, PROGRAM, &loaded.key.fingerprint(), &settings, &news]),
        tables: sources.iter().map(|(table, source)| ((*table).to_owned(), source.entry.clone())).collect(),
        manifest_sha256: last_good.index.manifest_sha256.clone(),
        as_of: last_good.index.as_of,
        holds_until: last_good.index.holds_until,
    }
}

/// The latest release, if this run's would show the same.
fn shown_already(loaded: &Loaded, last_good: &LastGoodExtracts, index: &Index, as_of: NaiveDate) -> Result<Option<String>> {
    let shown = loaded.store.latest_manifest()?.is_some_and(|sha256| sha256 == index.manifest_sha256);
    let same_days = index.as_of.is_none_or(|day| day <= as_of) && index.holds_until.is_none_or(|day| as_of < day);
    let holds = index.night == last_good.index.night && same_days && shown && !loaded.options.full;
    let latest = loaded.store.latest().filter(|_| holds);
    Ok(latest.map(|latest| latest.file_name().unwrap_or_default().to_string_lossy().into_owned()))
}

/// Hash of everything that decides a release: two runs with the same hash publish the same.
fn night_hash(sources: &Sources, rest: &[&str]) -> String {
    let mut hash = Sha256::new();
    for (table, source) in sources {
        hash.update(format!("{table} {} {:?}\n", source.entry.content(), source.entry.stale_since));
    }
    rest.iter().for_each(|part| hash.update(format!("{part}\n")));
    hex::encode(hash.finalize())
}

/// What was computed from the rows.
struct Computed {
    made: SqlResults,
    /// The changed tables, after disclosure control and the gate.
    tables: Vec<Released>,
    statistics: ProtectedStatistics,
    /// What the audit saw of the changed statistics.
    audited: Vec<StatisticFigures>,
    previous: PreviousNight,
}

/// Resolves owners, runs models and checks, and passes the resulting tables through disclosure control and the gate.
fn compute(config: &Config, loaded: &mut Loaded, mut acquired: Acquired, report: &mut RunReport) -> Result<(Acquired, Computed)> {
    let settings = Settings { as_of: acquired.as_of, bsi_policy: config.run.bsi_policy };
    let states: Vec<SourceState> = acquired.sources.iter().map(|(table, source)| source.state(table)).collect();
    let core = transforms::build(&loaded.catalog, (std::mem::take(&mut acquired.raw), &loaded.spool), &settings, &states)?;
    tell_of_core(&core);
    tell_set_aside(config, loaded, &acquired, &core.set_aside)?;
    report.stages.finish("owners and core tables");
    (acquired.index.as_of, acquired.index.holds_until) = (Some(acquired.as_of), core.holds_until);

    let previous = loaded.previous.take().map_or_else(|| PreviousNight::unusable("the previous run was not inspected"), Examination::wait);
    let mut engine = engine::open(config, loaded.shared.as_mut())?;
    let bar = progress::bar("models", loaded.models.names().count());
    let mut done = |name: &str| {
        bar.set_message(name.to_owned());
        bar.inc(1);
    };
    let rows = |name: &str, words: Option<&Words>| previous.rows(&loaded.catalog, name, words);
    let texts = |name: &str, words: Option<&Words>| previous.texts(&loaded.catalog, name, words);
    let results = transforms::PreviousResults { remembered: &previous.remembered, rows: &rows, texts: &texts };
    let mut sql = transforms::SqlRun::new(&loaded.models, &loaded.catalog, &mut *engine, core, results, (&loaded.salt, &loaded.spool))?;
    sql.models(&mut done)?;
    bar.finish_and_clear();
    report.stages.finish("sql models");
    let checks = sql.checks()?;
    report.stages.finish("checks");
    let mut made = sql.finish(checks)?;
    drop(engine);
    loaded.shared.as_mut().map_or(Ok(()), SharedFolder::empty)?;
    report.steps.extend(explain::making(&made, &changed_core(&previous.remembered, &made.remembered), previous.why_not));
    report.made = made.changed.iter().map(|(name, rows)| made_table(loaded, name, rows.num_rows())).collect::<Result<_>>()?;
    let statistics = statistics::protect(&loaded.catalog, &loaded.models, (&config.paths.state, &loaded.key), &mut made, &previous)?;
    statistics.tell();
    let audited = statistics.audit(&loaded.catalog, &config.paths.portal, &loaded.definitions.definitions)?;
    report.stages.finish("statistics protected");
    let tables = admission::admit(&loaded.catalog, (&loaded.key, &loaded.spool), &made.changed, &statistics.tables, &made.checks)?;
    report.stages.finish("disclosure and gate");
    Ok((acquired, Computed { made, tables, statistics, audited, previous }))
}

/// A table that was made anew, as the events of the run name it.
fn made_table(loaded: &Loaded, name: &str, rows: usize) -> Result<MadeTable> {
    Ok(MadeTable::new(loaded.catalog.table(name)?, loaded.models.needs(name), rows))
}

fn tell_of_core(core: &Core) {
    tracing::info!(entities = core.entities, persons = core.persons, "owners resolved");
    for (table, rows) in core.no_outlet.iter().filter(|(_, rows)| **rows > 0) {
        tracing::info!(table, rows, "rows about unknown outlets left out");
    }
    if core.gifts_before_bsi > 0 {
        tracing::warn!(
            gifts = core.gifts_before_bsi,
            "gifts before the first amount in data/law/bsi.csv left out; add earlier amounts if they should count"
        );
    }
}

/// Reports rows whose key another feed has, too: in the log, under `state/quarantine` until the next run, and to their submitters.
fn tell_set_aside(config: &Config, loaded: &Loaded, acquired: &Acquired, set_aside: &[SetAside]) -> Result<()> {
    for SetAside { core, raw, bad } in set_aside {
        let why = "another feed has a row with this key; the row was set aside";
        tracing::warn!(table = raw, row = bad.row_number, into = core, rule = bad.rule, why);
    }
    let quarantine = Quarantine::begin(&config.paths.state)?;
    // Rows of a last good extract are numbered as they were then: the numbers would lead to the wrong submitters.
    let is_stale = |raw: &str| acquired.sources.get(raw).is_some_and(|source| source.verdict == Verdict::Stale);
    let handed_in = |raw: &str| acquired.transports.handed_in(loaded.catalog.table(raw).ok()?).filter(|_| !is_stale(raw));
    loaded.catalog.tables(Layer::Core).try_for_each(|table| quarantine.write_joined(&table.name, set_aside, handed_in))?;
    let Some(endpoint) = acquired.transports.endpoint() else { return Ok(()) };
    let rows: Vec<&SetAside> = set_aside.iter().filter(|aside| handed_in(&aside.raw).is_some()).collect();
    endpoint.note_joined(&rows).context("cannot record which submissions have rows with a key of another feed")
}

/// Core tables that differ from last time.
fn changed_core(before: &Remembered, now: &Remembered) -> Vec<String> {
    let is_core = |name: &&String| name.starts_with("core_");
    now.contents.keys().filter(is_core).filter(|name| now.contents.get(*name) != before.contents.get(*name)).cloned().collect()
}

/// What was written for a release that does not stand yet.
type Pages = (Published, PageHashes);

/// Writes tables and pages to a staging folder beside the latest release.
fn publish(loaded: &Loaded, acquired: &Acquired, computed: &Computed, report: &mut RunReport) -> Result<(Staging, ReleaseInfo, Pages)> {
    let release = ReleaseInfo {
        date: acquired.as_of,
        code_version: PROGRAM.to_owned(),
        definitions: loaded.definitions.definitions.clone(),
        sources: acquired.sources.iter().map(|(table, source)| source.shown(table)).collect(),
        rounded_to: site::rounded_to(&loaded.catalog)?,
        publication: Some(loaded.publication.clone()),
        person_ids: Some(loaded.key.generation() as u64).filter(|generation| *generation > 1),
    };
    let spinner = progress::spinner("publish", "writing tables and pages");
    let staging = loaded.store.stage()?;
    let news = site::news(&loaded.content, acquired.as_of);
    let models = loaded.models.sql();
    let renew_ids =
        |rows: &RecordBatch, generation: u64| transforms::renew_ids(&loaded.key, rows, usize::try_from(generation).unwrap_or(usize::MAX));
    let pages = loaded.sql.pages(acquired.as_of);
    let context = SiteContext {
        release: &release,
        news: &news,
        audited: &computed.audited,
        models: &models,
        notice: acquired.notice,
        salt: loaded.salt,
        admit: &admission::admit_again,
        renew_ids: &renew_ids,
        sql: loaded.sql.access(pages.as_ref()),
        boundaries: loaded.boundaries.as_ref(),
        internal_pages: loaded.internal_pages,
    };
    let (last, documents) = (computed.previous.release.as_ref(), |file: &str| acquired.documents.bytes(file));
    let (written, pages) = publish::publish(&staging, &loaded.catalog, &computed.tables, last, &documents, &context)?;
    tracing::info!(
        data_files = written.data_files,
        linked = written.data_files_linked,
        data_bytes = written.data_bytes,
        documents = written.documents,
        pages = written.pages,
        rendered = written.pages_rendered,
        "release written"
    );
    spinner.finish_and_clear();
    report.stages.finish("publish");
    Ok((staging, release, (written, pages)))
}

/// Makes the release the latest one, and saves what the next run builds on.
fn commit(
    config: &Config,
    loaded: &Loaded,
    (acquired, computed): (Acquired, Computed),
    (staging, release, (written, pages)): (Staging, &ReleaseInfo, Pages),
    last_good: &mut LastGoodExtracts,
    report: &mut RunReport,
    used: &mut Option<Sources>,
) -> Result<Committed> {
    let Acquired { sources, mut index, .. } = acquired;
    computed.statistics.keep(&loaded.catalog, &config.paths.state, &loaded.key)?;
    let mut committed = staging.commit(release)?;
    index.manifest_sha256.clone_from(&committed.manifest_sha256);
    last_good.save(index)?;
    report.steps.push(explain::rendering(&written));
    let next = PreviousNightFile {
        base: loaded.base.clone(),
        manifest_sha256: committed.manifest_sha256.clone(),
        remembered: computed.made.remembered,
        page_hashes: pages,
        file_stats: std::mem::take(&mut committed.file_stats),
    };
    if let Err(error) = next.save(&config.paths.state) {
        // The release stands; only the next run cannot build on it.
        tracing::warn!(%error, "state/steps.json could not be written; the next run will be a full one");
    }
    if let Some(Err(error)) = loaded.described.clone().map(|described| described.save(&config.paths.state, &committed.name)) {
        tracing::warn!(
            error = format!("{error:#}"),
            "administrators will not see what changed in classifiers and forms since this release"
        );
    }
    loaded.renew_pointer(config)?;
    StatusFile::write(&config.paths.portal, &committed.name, &sources)?;
    *used = Some(sources);
    report.stages.finish("commit");
    tracing::info!(release = committed.name, "release published");
    Ok(committed)
}

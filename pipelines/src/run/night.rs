//! The nightly run in five verbs: load, acquire, compute, publish, commit. Whoever is new here begins to read with this file.
//!
//! A night in which nothing changed makes no release; one in which a little changed builds on the last ([`super::incremental`]). What is kept of the
//! sources changes after the release that shows it.

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use catalog::{Audience, Catalog, Content, Layer, News, Released};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Europe::Vilnius;
use connectors::Files;
use publish::{Committed, PageHashes, Published, ReleaseInfo, SiteContext, Staging, Store};
use sha2::{Digest, Sha256};
use transforms::wanted::Tables;
use transforms::{Core, DuckDb, Models, PersonKey, Remembered, SetAside, Settings, SourceState, SqlResults, Words};

use super::incremental::fingerprint::{Fingerprints, PROGRAM};
use super::incremental::previous_night::{Examination, PreviousNight, PreviousNightFile};
use super::status_file::StatusFile;
use super::{Night, Order, RunReport, admission, explain};
use crate::config::Config;
use crate::refusal::Refusal;
use crate::sources::acquire::{self, Acquire};
use crate::sources::documents::Documents;
use crate::sources::last_good::{Index, Kept};
use crate::sources::quarantine::Quarantine;
use crate::sources::source::{self, Sources, Verdict};
use crate::sources::transports::Transports;
use crate::sources::unknown_files;
use crate::state::ledger;
use crate::withdrawal::withheld::Withheld;
use crate::{home, progress};

const SYNTHETIC_NOTICE: &str = "Duomenys sugalvoti: tai bandomoji šalis, ne tikri asmenys ir įmonės.";

/// So far the clock of a register, or its zone, may be ahead of ours.
const MARGIN: Days = Days::new(1);

/// Runs a night to its end; `used` are the sources it used, if it came so far.
pub(super) fn run(config: &Config, order: Order, report: &mut RunReport, used: &mut Option<Sources>) -> Result<Night> {
    let mut loaded = load(config, order)?;
    report.stages.finish("definitions");
    let mut kept = Kept::open(&config.paths.state, &loaded.key)?;
    kept.tidy()?;
    let acquired = match acquire(config, &loaded, &mut kept, report)? {
        Extracts::Unchanged { release, sources } => {
            *used = Some(sources);
            return Ok(Night::Unchanged(release));
        }
        Extracts::New(acquired) => *acquired,
    };
    let (acquired, computed) = compute(config, &mut loaded, acquired, report)?;
    let (staging, release, pages) = publish(&loaded, &acquired, &computed, report)?;
    let committed = commit(config, &loaded, (acquired, computed), (staging, &release, pages), &mut kept, report, used)?;
    Ok(Night::Published(committed))
}

/// What a night works with, whatever the sources say.
struct Loaded {
    order: Order,
    definitions: Fingerprints,
    catalog: Catalog,
    models: Models,
    content: Content,
    key: PersonKey,
    salt: [u8; 32],
    withheld: Withheld,
    store: Store,
    /// What the previous night must have worked with, too, if tonight is to build on it.
    base: String,
    /// Begun as soon as it is clear that the previous night will be needed, while sources are still being read.
    previous: OnceLock<Examination>,
}

/// Reads the definitions and everything else that stands before any source is asked.
fn load(config: &Config, order: Order) -> Result<Loaded> {
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
    Ok(Loaded {
        withheld: Withheld::load(&config.paths.state, &salt)?,
        store: Store::open(&config.paths.portal, &config.paths.internal)?,
        base: format!("{} {PROGRAM} {}", definitions.data, key.fingerprint()),
        previous: OnceLock::new(),
        order,
        definitions,
        catalog,
        models,
        content,
        key,
        salt,
    })
}

impl Loaded {
    /// Begins to examine the previous night.
    fn examine_previous_night(&self, config: &Config) {
        self.previous.get_or_init(|| match self.order.anew {
            true => PreviousNight::unusable("--anew").into(),
            false => PreviousNight::examine(&config.paths.state, &self.store, &self.base),
        });
    }

    /// News by the day of the data, as everything in a release.
    fn news(&self, as_of: NaiveDate) -> Vec<&News> {
        self.content.news.iter().filter(|news| news.is_shown(Audience::Portal, as_of)).collect()
    }
}

/// What the sources brought.
enum Extracts {
    /// Nothing that the latest release does not show.
    Unchanged {
        release: String,
        sources: Sources,
    },
    New(Box<Acquired>),
}

/// Rows to make a release of.
struct Acquired {
    sources: Sources,
    transports: Transports,
    raw: Tables,
    as_of: NaiveDate,
    notice: Option<&'static str>,
    /// What is kept of the sources once the release stands.
    index: Index,
    documents: Documents,
}

/// Asks every source, and lets in what passes its gates.
fn acquire(config: &Config, loaded: &Loaded, kept: &mut Kept, report: &mut RunReport) -> Result<Extracts> {
    warn_of_drop_folder(config)?;
    let accepted: HashSet<String> = ledger::accepted(&config.paths.state)?.into_iter().map(|line| line.extract).collect();
    let bar = progress::bar("read", acquire::count());
    let transports = Transports::new(config)?;
    let last_day = last_day(loaded.order, Utc::now());
    let examine = || loaded.examine_previous_night(config);
    let acquire = Acquire {
        config,
        catalog: &loaded.catalog,
        key: &loaded.key,
        kept,
        accepted: &accepted,
        cleaned_by: &loaded.definitions.cleaning,
        salt: &loaded.salt,
        transports: &transports,
        deadline: Instant::now() + Duration::from_secs(config.run.source_minutes * 60),
        last_day,
        bar: &bar,
        on_news: &examine,
        met: Mutex::default(),
        entities: OnceLock::new(),
    };
    let mut sources = acquire.all()?;
    bar.finish_and_clear();
    let as_of = loaded.order.as_of.or_else(|| source::newest(&sources, last_day));
    let as_of = as_of.ok_or_else(|| Refusal::one("no extract says when it was made, on a day that has come; give the day with --as-of"))?;
    for source in sources.values_mut().filter(|source| source.verdict == Verdict::Stale) {
        source.entry.stale_since.get_or_insert(as_of);
    }
    report.steps.extend(explain::reading(&sources));
    report.lines.extend(sources.iter().map(|(table, source)| source.line(table)));
    let notice = config.paths.extracts.join(unknown_files::SYNTHETIC_MARK).exists().then_some(SYNTHETIC_NOTICE);
    let index = index(config, loaded, kept, &sources, as_of, notice);
    if let Some(release) = shown_already(loaded, kept, &index, as_of)? {
        report.stages.finish("read and clean");
        kept.save(index)?;
        StatusFile::write(&config.paths.portal, &release, &sources)?;
        tracing::info!(release, "nothing changed since the latest release; none made");
        return Ok(Extracts::Unchanged { release, sources });
    }
    examine();
    let mut raw = acquire.keep(&mut sources)?;
    for (table, rows) in loaded.withheld.leave_out(&loaded.catalog, &mut raw)? {
        tracing::warn!(table, rows, "rows left out that show what was withdrawn (state/withheld.jsonl says who decided it and why)");
    }
    report.stages.finish("read and clean");
    let documents = Documents::open(config, loaded.store.latest());
    documents.look_through(config, &mut raw, &loaded.withheld)?;
    report.stages.finish("documents");
    Ok(Extracts::New(Box::new(Acquired { sources, transports, raw, as_of, notice, index, documents })))
}

/// Says what stands in the drop folder that nobody reads, and whether others may write there.
fn warn_of_drop_folder(config: &Config) -> Result<()> {
    let unknown = unknown_files::list(config)?;
    if !unknown.is_empty() {
        let files = unknown_files::told_without_names(&unknown);
        tracing::warn!(files, "files in the drop folder that nobody reads or removes; see docs/extract-format.md for the names");
    }
    if let Err(open) = Files::new(&config.paths.extracts).closed() {
        tracing::warn!("{open}");
    }
    Ok(())
}

/// The last day on which anything may have happened: a later one that an extract tells of decides nothing. Who asks for a later day means it.
fn last_day(order: Order, now: DateTime<Utc>) -> NaiveDate {
    let today = now.with_timezone(&Vilnius).date_naive();
    order.as_of.map_or(today, |day| day.max(today)) + MARGIN
}

/// What is kept of the sources, with the hash of everything that decides a release.
fn index(config: &Config, loaded: &Loaded, kept: &Kept, sources: &Sources, as_of: NaiveDate, notice: Option<&str>) -> Index {
    let settings = format!("{:?} {:?} {notice:?} {}", config.run.bsi_policy, loaded.order.as_of, loaded.withheld.content());
    let news = format!("{:?}", loaded.news(as_of));
    Index {
        night: night_hash(sources, &[&loaded.definitions.definitions, PROGRAM, &loaded.key.fingerprint(), &settings, &news]),
        tables: sources.iter().map(|(table, source)| ((*table).to_owned(), source.entry.clone())).collect(),
        manifest_sha256: kept.index.manifest_sha256.clone(),
        as_of: kept.index.as_of,
        holds_until: kept.index.holds_until,
    }
}

/// The latest release, if it shows what tonight's would.
fn shown_already(loaded: &Loaded, kept: &Kept, index: &Index, as_of: NaiveDate) -> Result<Option<String>> {
    let shown = loaded.store.latest_manifest()?.is_some_and(|sha256| sha256 == index.manifest_sha256);
    let same_days = index.as_of.is_none_or(|day| day <= as_of) && index.holds_until.is_none_or(|day| as_of < day);
    let holds = index.night == kept.index.night && same_days && shown && !loaded.order.anew;
    let latest = loaded.store.latest().filter(|_| holds);
    Ok(latest.map(|latest| latest.file_name().unwrap_or_default().to_string_lossy().into_owned()))
}

/// Everything that decides a release: two nights with the same hash would publish the same.
fn night_hash(sources: &Sources, rest: &[&str]) -> String {
    let mut hash = Sha256::new();
    for (table, source) in sources {
        hash.update(format!("{table} {} {:?}\n", source.entry.content(), source.entry.stale_since));
    }
    rest.iter().for_each(|part| hash.update(format!("{part}\n")));
    hex::encode(hash.finalize())
}

/// What was worked out of the rows.
struct Computed {
    made: SqlResults,
    /// What passed disclosure control and the gate, of the tables that changed.
    tables: Vec<Released>,
    previous: PreviousNight,
}

/// Resolves owners, runs models and checks, and puts what they made through disclosure control and the gate.
fn compute(config: &Config, loaded: &mut Loaded, mut acquired: Acquired, report: &mut RunReport) -> Result<(Acquired, Computed)> {
    let settings = Settings { as_of: acquired.as_of, bsi_policy: config.run.bsi_policy };
    let states: Vec<SourceState> = acquired.sources.iter().map(|(table, source)| source.state(table)).collect();
    let core = transforms::build(&loaded.catalog, std::mem::take(&mut acquired.raw), &settings, &states)?;
    tell_of_core(&core);
    tell_set_aside(config, loaded, &acquired, &core.set_aside)?;
    report.stages.finish("owners and core tables");
    (acquired.index.as_of, acquired.index.holds_until) = (Some(acquired.as_of), core.holds_until);

    let previous = loaded.previous.take().map_or_else(|| PreviousNight::unusable("nobody examined it"), Examination::wait);
    let mut engine = DuckDb::open()?;
    let bar = progress::bar("models", loaded.models.names().count());
    let mut done = |name: &str| {
        bar.set_message(name.to_owned());
        bar.inc(1);
    };
    let rows = |name: &str, words: Option<&Words>| previous.rows(&loaded.catalog, name, words);
    let texts = |name: &str, words: Option<&Words>| previous.texts(&loaded.catalog, name, words);
    let results = transforms::PreviousResults { remembered: &previous.remembered, rows: &rows, texts: &texts };
    let mut sql = transforms::SqlRun::new(&loaded.models, &loaded.catalog, &mut engine, core, results, &loaded.salt)?;
    sql.models(&mut done)?;
    bar.finish_and_clear();
    report.stages.finish("sql models");
    let checks = sql.checks()?;
    report.stages.finish("checks");
    let made = sql.finish(checks)?;
    report.steps.extend(explain::making(&made, &changed_core(&previous.remembered, &made.remembered), previous.why_not));
    let tables = admission::admit(&loaded.catalog, &made.changed, &made.checks)?;
    report.stages.finish("disclosure and gate");
    Ok((acquired, Computed { made, tables, previous }))
}

fn tell_of_core(core: &Core) {
    tracing::info!(entities = core.entities, persons = core.persons, "owners resolved");
    for (table, rows) in core.no_outlet.iter().filter(|(_, rows)| **rows > 0) {
        tracing::info!(table, rows, "rows about outlets that are not known left aside");
    }
    if core.gifts_before_bsi > 0 {
        tracing::warn!(gifts = core.gifts_before_bsi, "gifts older than data/law/bsi.csv left aside; add older sums if they should count");
    }
}

/// Names the rows that two feeds brought under one key: in the log, under `state/quarantine` until the next night, and to whoever handed them in.
fn tell_set_aside(config: &Config, loaded: &Loaded, acquired: &Acquired, set_aside: &[SetAside]) -> Result<()> {
    for SetAside { core, raw, bad } in set_aside {
        let why = "another feed brought this key before; the row is set aside";
        tracing::warn!(table = raw, row = bad.row_number, into = core, rule = bad.rule, why);
    }
    let quarantine = Quarantine::begin(&config.paths.state)?;
    // Rows that are kept of an earlier night are numbered as they were then; nobody may be told of those of others.
    let is_stale = |raw: &str| acquired.sources.get(raw).is_some_and(|source| source.verdict == Verdict::Stale);
    let handed_in = |raw: &str| acquired.transports.handed_in(raw).filter(|_| !is_stale(raw));
    loaded.catalog.tables(Layer::Core).try_for_each(|table| quarantine.write_joined(&table.name, set_aside, handed_in))?;
    let Some(endpoint) = acquired.transports.endpoint() else { return Ok(()) };
    let rows: Vec<&SetAside> = set_aside.iter().filter(|aside| handed_in(&aside.raw).is_some()).collect();
    endpoint.note_joined(&rows).context("cannot note which submissions have rows whose keys another feed brought")
}

/// Core tables that hold something else than in the previous night.
fn changed_core(before: &Remembered, now: &Remembered) -> Vec<String> {
    let is_core = |name: &&String| name.starts_with("core_");
    now.contents.keys().filter(is_core).filter(|name| now.contents.get(*name) != before.contents.get(*name)).cloned().collect()
}

/// What was written of a release that does not stand yet.
type Pages = (Published, PageHashes);

/// Prints tables and pages beside the latest release.
fn publish(loaded: &Loaded, acquired: &Acquired, computed: &Computed, report: &mut RunReport) -> Result<(Staging, ReleaseInfo, Pages)> {
    let release = ReleaseInfo {
        date: acquired.as_of,
        code_version: PROGRAM.to_owned(),
        definitions: loaded.definitions.definitions.clone(),
        sources: acquired.sources.iter().map(|(table, source)| source.shown(table)).collect(),
    };
    let spinner = progress::spinner("publish", "writing tables and pages");
    let staging = loaded.store.stage()?;
    let context = SiteContext { release: &release, news: &loaded.news(acquired.as_of), notice: acquired.notice, salt: loaded.salt };
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

/// Swaps the release in, and writes down what the next night goes by.
fn commit(
    config: &Config,
    loaded: &Loaded,
    (acquired, computed): (Acquired, Computed),
    (staging, release, (written, pages)): (Staging, &ReleaseInfo, Pages),
    kept: &mut Kept,
    report: &mut RunReport,
    used: &mut Option<Sources>,
) -> Result<Committed> {
    let Acquired { sources, mut index, .. } = acquired;
    let mut committed = staging.commit(release)?;
    index.manifest_sha256.clone_from(&committed.manifest_sha256);
    kept.save(index)?;
    report.steps.push(explain::rendering(&written));
    let next = PreviousNightFile {
        base: loaded.base.clone(),
        manifest_sha256: committed.manifest_sha256.clone(),
        remembered: computed.made.remembered,
        page_hashes: pages,
        file_stats: std::mem::take(&mut committed.file_stats),
    };
    if let Err(error) = next.save(&config.paths.state) {
        // The release stands; only the next night cannot build on it.
        tracing::warn!(%error, "what the next night could build on cannot be written; it will make everything again");
    }
    StatusFile::write(&config.paths.portal, &committed.name, &sources)?;
    *used = Some(sources);
    report.stages.finish("commit");
    tracing::info!(release = committed.name, "release published");
    Ok(committed)
}

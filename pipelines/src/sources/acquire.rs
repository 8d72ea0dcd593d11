//! Acquiring: every source through its transport, the cleaner and the drift gates; what fails is carried over from what is kept.
//!
//! Three waves, because each decides what the next is asked for: who is a VIRS; facts about VIRS and their owners;
//! then the registers of a whole country, of which only the entities and persons just met are kept.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use arrow::array::{AsArray, RecordBatch};
use arrow::compute::concat_batches;
use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code};
use catalog::{Catalog, SecretCode, Table};
use chrono::NaiveDate;
use connectors::{CONNECTORS, Extract, Fetched, Memory, Request};
use indicatif::ProgressBar;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use transforms::wanted::{self, Tables};
use transforms::{Cleaned, Cleaner, PersonKey, Wanted, kept_schema, keyed_by, names_persons};

use crate::config::Config;
use crate::endpoint::entities::{self, Draft, EntityFile};
use crate::refusal::Refusal;
use crate::sources::gates::drift;
use crate::sources::last_good::{Kept, KeptTable};
use crate::sources::quarantine::Quarantine;
use crate::sources::question::{Question, sorted};
use crate::sources::read_ahead::read_ahead;
use crate::sources::source::{Source, Sources, Trouble, Verdict};
use crate::sources::submissions;
use crate::sources::transports::Transports;

/// Raw tables that say who is a VIRS, and whom VIRS themselves name as participants: small, and everything else hangs on them.
const LIST: &[&str] = &["raw_formos__virs", LICENCES, OWN_PARTICIPANTS];
const LICENCES: &str = "raw_lis__licencijos";
const OWN_PARTICIPANTS: &str = "raw_formos__dalyviai";
/// Participants: which rows are above a VIRS shows only when all have been read.
const PARTICIPANTS: &str = "raw_jadis__dalyviai";
/// Registers of a whole country, and the column by which they are narrowed.
const ENTITIES: &[&str] = &[entities::REGISTERED, "raw_jar__isregistruoti"];
const PERSONS: &str = "raw_gr__asmenys";
const COUNTRY_TABLES: &[&str] = &[ENTITIES[0], ENTITIES[1], PERSONS];
const ENTITY: &str = "ja_kodas";
const PERSON: &str = "asmens_id";

/// Reads sources.
pub(crate) struct Acquire<'a> {
    pub(crate) config: &'a Config,
    pub(crate) catalog: &'a Catalog,
    pub(crate) key: &'a PersonKey,
    pub(crate) kept: &'a Kept,
    /// Hashes of extracts that an operator lets through the drift gates.
    pub(crate) accepted: &'a HashSet<String>,
    /// Hash of the definitions and the program that clean tonight.
    pub(crate) cleaned_by: &'a str,
    /// Secret for hashes of files.
    pub(crate) salt: &'a [u8; 32],
    pub(crate) transports: &'a Transports,
    pub(crate) deadline: Instant,
    /// The last day on which anything may have happened.
    pub(crate) last_day: NaiveDate,
    pub(crate) bar: &'a ProgressBar,
    /// Hears that an extract brings something new, perhaps more than once.
    pub(crate) on_news: &'a (dyn Fn() + Sync),
    /// Personal codes met in tonight's extracts, where the population register is asked for each of them.
    pub(crate) met: Mutex<HashSet<SecretCode>>,
    /// The file of all entities, if the endpoint wants one.
    pub(crate) entities: OnceLock<EntityFile>,
}

/// How many extracts there are.
pub(crate) fn count() -> usize {
    extracts().count()
}

fn extracts() -> impl Iterator<Item = (&'static str, &'static Extract)> {
    CONNECTORS.iter().flat_map(|connector| connector.extracts.iter().map(|extract| (connector.source, extract)))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Acquire<'_> {
    /// Reads everything.
    ///
    /// # Errors
    /// A [`Refusal`] with one line for each source that failed and of which nothing is kept.
    pub(crate) fn all(&self) -> Result<Sources> {
        let (mut sources, mut unusable) = (Sources::new(), Vec::new());
        let quarantine = Quarantine::begin(&self.config.paths.state)?;
        let everything = |_: &Table| Question::default();
        unusable.extend(self.wave(&mut sources, &quarantine, |table| LIST.contains(&table), everything)?);
        let list = self.load(&sources, LIST)?;
        let virs = Arc::new(wanted::virs(&list));
        let about_virs = Question::about(ENTITY, &virs);
        // Whoever asks JADIS code by code begins here; the transport follows the chains.
        let mut first_owners = wanted::owners(&virs, &list);
        // A foreign owner's code is none that a Lithuanian register knows.
        first_owners.retain(|code| is_legal_entity_code(code) || is_old_legal_entity_code(code));
        let first_owners = sorted(first_owners.into_iter().map(SecretCode::new));
        // Licences are kept whole: one that makes nobody a VIRS tells of one all the same.
        if let Some(licences) = sources.get_mut(LICENCES) {
            licences.narrow_to.clone_from(&about_virs.wanted);
        }

        let is_country = |table: &str| COUNTRY_TABLES.contains(&table);
        let facts = self.wave(
            &mut sources,
            &quarantine,
            |table| !LIST.contains(&table) && !is_country(table),
            |table| {
                if table.name == PARTICIPANTS {
                    Question { codes: first_owners.clone(), ..Question::default() }
                } else if table.column(ENTITY).is_none() {
                    Question::default()
                } else {
                    about_virs.clone()
                }
            },
        )?;
        unusable.extend(facts);
        let owners = self.participants(&mut sources, &quarantine, &virs, &first_owners)?;

        if self.config.forms.enabled && !self.transports.asks_by_code(entities::REGISTERED) {
            let titles = self.load(&sources, &entities::TITLES)?;
            self.entities.get_or_init(|| EntityFile::new(entities::path(self.config), &sources, &titles));
        }
        let nothing_new = sources.values().all(|source| source.verdict == Verdict::Unchanged);
        if !(nothing_new && self.country_unchanged(&mut sources, is_country)) {
            let facts: Vec<&str> = sources.keys().copied().collect();
            let tables = self.load(&sources, &facts)?;
            let entities = Question::about(ENTITY, &Arc::new(wanted::entities(&owners, &tables)));
            let met = std::mem::take(&mut *lock(&self.met));
            let persons = Question { codes: sorted(met), ..Question::about(PERSON, &Arc::new(wanted::persons(&tables))) };
            drop(tables);
            let question = |table: &Table| if table.name == PERSONS { persons.clone() } else { entities.clone() };
            unusable.extend(self.wave(&mut sources, &quarantine, is_country, question)?);
            self.remember_persons(&mut sources, persons.wanted.as_ref())?;
        }
        unusable.sort();
        // All waves are gone through even so: whoever mends one source wants to know of the others.
        if unusable.is_empty() { Ok(sources) } else { Err(Refusal(unusable).into()) }
    }

    /// Reads the tables that `belongs` picks, several at a time; says which can neither be read nor carried over.
    fn wave(
        &self,
        sources: &mut Sources,
        quarantine: &Quarantine,
        belongs: impl Fn(&str) -> bool,
        question: impl Fn(&Table) -> Question + Sync,
    ) -> Result<Vec<String>> {
        let mut jobs: Vec<_> = extracts().filter(|(_, extract)| belongs(extract.table)).collect();
        // The largest first, so that no core waits for the last one at the end.
        jobs.sort_by_key(|(_, extract)| std::cmp::Reverse(self.kept.index.tables.get(extract.table).map(|kept| kept.profile.rows)));
        let read = |(source, extract): &(&'static str, &'static Extract)| {
            let table = self.catalog.table(extract.table)?;
            let result = self.one(source, extract, table, &question(table), true, quarantine);
            self.bar.set_message(extract.file);
            self.bar.inc(1);
            result
        };
        // A pool of its own: whoever waits for the network keeps no core.
        let pool = ThreadPoolBuilder::new().num_threads(self.config.run.parallel_sources).build().context("cannot start threads")?;
        let results: Vec<Result<Result<Source, Trouble>>> = pool.install(|| jobs.par_iter().with_max_len(1).map(read).collect());
        let mut unusable = Vec::new();
        for ((_, extract), result) in jobs.iter().zip(results) {
            match result? {
                Ok(source) => drop(sources.insert(extract.table, source)),
                Err(trouble) => unusable.push(trouble.what),
            }
        }
        Ok(unusable)
    }

    /// Reads one extract; what cannot be used is replaced by what is kept, where something is.
    fn one(
        &self,
        name: &'static str,
        extract: &'static Extract,
        table: &Arc<Table>,
        question: &Question,
        may_skip: bool,
        quarantine: &Quarantine,
    ) -> Result<Result<Source, Trouble>> {
        let schema = kept_schema(table);
        let kept = self.kept.get(extract.table, &schema);
        // A population register that is asked code by code needs the codes, and those are nowhere but in the extracts.
        let may_skip = may_skip && !(self.transports.asks_by_code(PERSONS) && names_persons(table));
        let may_skip = may_skip && kept.is_some_and(|kept| self.is_current(extract, kept));
        let same_question = kept.filter(|kept| may_skip && (kept.scope == question.scope || extract.table == PARTICIPANTS));
        let source = |verdict, trouble, entry, fresh| Source {
            source: name,
            verdict,
            trouble,
            entry,
            fresh,
            kept: OnceLock::new(),
            // All others were narrowed to it when they were read.
            narrow_to: question.wanted.clone().filter(|_| verdict == Verdict::Stale),
        };
        let current = |mut entry: KeptTable| {
            entry.stale_since = None;
            entry
        };
        let read = self.read(name, extract, table, question, kept.map(|kept| (&kept.memory, same_question.is_none())), quarantine);
        let trouble = match read {
            Ok(None) => match same_question {
                Some(kept) => return Ok(Ok(source(Verdict::Unchanged, None, current(kept.clone()), None))),
                None => unreachable!("no transport says that nothing changed where rows are needed"),
            },
            Ok(Some((cleaned, memory, draft))) => {
                let about_participants = [PARTICIPANTS, OWN_PARTICIPANTS].contains(&extract.table);
                let entry = KeptTable {
                    profile: cleaned.profile.clone(),
                    set_aside: if about_participants { cleaned.set_aside.clone() } else { BTreeMap::new() },
                    memory,
                    scope: question.scope.clone(),
                    asked: self.asked(extract.table, question),
                    schema: self.kept.schema_hash(&schema),
                    cleaned_by: self.cleaned_by.to_owned(),
                    keyed_by: keyed_by(table),
                    stale_since: None,
                };
                if let Some(kept) = same_question.filter(|kept| kept.profile.hash == entry.profile.hash) {
                    draft.into_iter().for_each(|draft| draft.finish(&entry.profile.hash));
                    return Ok(Ok(source(Verdict::Unchanged, None, KeptTable { scope: kept.scope.clone(), ..entry }, None)));
                }
                match self.refuse(name, extract, kept, &entry, &cleaned) {
                    None => {
                        (self.on_news)();
                        draft.into_iter().for_each(|draft| draft.finish(&entry.profile.hash));
                        return Ok(Ok(source(Verdict::Fresh, None, entry, Some((cleaned.rows, cleaned.keys)))));
                    }
                    Some(trouble) => trouble,
                }
            }
            Err(error) => match error.downcast::<connectors::Error>() {
                Ok(error) => Trouble { rule: error.rule(), what: error.to_string() },
                Err(error) => return Err(error),
            },
        };
        Ok(match kept {
            Some(kept) => {
                tracing::warn!(
                    source = name,
                    table = extract.table,
                    rule = trouble.rule,
                    reason = trouble.what,
                    "the last good extract stands in"
                );
                Ok(source(Verdict::Stale, Some(trouble), kept.clone(), None))
            }
            None => Err(trouble),
        })
    }

    /// Reads one extract to its end; `None` where nothing changed. `last` is what the transport remembers, and whether rows are needed even so.
    fn read(
        &self,
        source: &'static str,
        extract: &'static Extract,
        table: &Arc<Table>,
        question: &Question,
        last: Option<(&Memory, bool)>,
        quarantine: &Quarantine,
    ) -> Result<Option<(Cleaned, Memory, Option<Draft<'_>>)>> {
        let folder = self.kept.folder_of(extract.table)?;
        let wanted = Some(question.codes.as_slice());
        let (memory, rows_needed) = last.map_or((None, true), |(memory, needed)| (Some(memory), needed));
        let request =
            Request { source, extract, table, memory, rows_needed, wanted, salt: self.salt, deadline: self.deadline, folder: &folder };
        let Fetched::Rows(rows) = self.transports.of(extract.table).open(&request)? else { return Ok(None) };
        let mut cleaner = Cleaner::new(table, self.catalog, self.key, question.wanted.clone())?;
        cleaner.note_codes(self.transports.asks_by_code(PERSONS));
        cleaner.know_last_day(self.last_day);
        let mut draft = self.entities.get().filter(|_| extract.table == entities::REGISTERED).map(EntityFile::begin);
        let memory = read_ahead(rows, |batch| {
            batch.rejected.iter().for_each(|bad| cleaner.reject(bad.row_number, bad.rule));
            let good = cleaner.push(&batch.rows, &batch.row_numbers)?;
            draft.iter_mut().zip(&good).for_each(|(draft, rows)| draft.add(rows));
            Ok(())
        })?;
        let mut cleaned = cleaner.finish()?;
        let (rows, quarantined, aside) = (cleaned.profile.received, cleaned.quarantined.len(), cleaned.aside);
        tracing::info!(source, table = extract.table, rows, quarantined, aside, old_codes = cleaned.old_codes, "source read");
        for (rule, rows) in &cleaned.profile.doubted {
            tracing::warn!(source, table = extract.table, rule, rows, "days that lie ahead count for nothing; ask the register");
        }
        let handed_in = self.transports.handed_in(extract.table);
        quarantine.write(source, extract, &cleaned, handed_in)?;
        if let Some(handed_in) = handed_in {
            let noted = handed_in.note(extract.table, &cleaned.quarantined);
            noted.with_context(|| format!("cannot note which submissions have rows of {} that were set aside", extract.table))?;
        }
        lock(&self.met).extend(cleaned.codes.drain());
        Ok(Some((cleaned, memory, draft)))
    }

    /// Whether what is kept is what tonight would make of the same extract.
    fn is_current(&self, extract: &Extract, kept: &KeptTable) -> bool {
        // A version that believed any day may have kept one that has not come.
        let has_come = kept.profile.extract_date.is_none_or(|day| day <= self.last_day);
        kept.cleaned_by == self.cleaned_by && has_come && !kept.profile.waits() && self.is_in_entities(extract, kept)
    }

    /// Whether people can look up what is kept of this extract; else it must be read again.
    fn is_in_entities(&self, extract: &Extract, kept: &KeptTable) -> bool {
        extract.table != entities::REGISTERED || self.entities.get().is_none_or(|file| file.is_of(&kept.profile.hash))
    }

    /// About how many codes a register that answers code by code is asked.
    fn asked(&self, table: &str, question: &Question) -> u64 {
        if self.transports.asks_by_code(table) { question.codes.len() as u64 } else { 0 }
    }

    /// Whether this extract may not be used: too many bad rows, or too different from the last good one.
    fn refuse(&self, source: &str, extract: &Extract, kept: Option<&KeptTable>, entry: &KeptTable, new: &Cleaned) -> Option<Trouble> {
        let (table, hash, asked) = (extract.table, &new.profile.hash, entry.asked);
        if self.transports.handed_in(table).is_some() {
            // However bad one submission is, and however many rows somebody takes back: it must not stand in the way of all others.
            let what = submissions::lost(&self.config.gates, &kept?.memory, &entry.memory)?;
            return self.unless_accepted(source, table, hash, "other_store", &what);
        }
        let (bad, all) = (new.quarantined.len() as u64, new.profile.received);
        let allowed = (all as f64 * self.config.run.bad_rows_share) as u64;
        if bad > allowed.max(self.config.run.bad_rows_floor) {
            let what = format!(
                "source {source}: {bad} of {all} rows of {table} are bad, more than run.bad_rows_share allows; see state/quarantine/{table}.csv for rows and rules, then ask the register or raise the bound"
            );
            return Some(Trouble { rule: "bad_rows", what });
        }
        let old = kept?;
        let comparable = asked == old.asked && old.keyed_by == keyed_by(&new.table);
        let old_keys = if comparable { self.kept.keys(table, old) } else { Vec::new() };
        let drifts = drift(&self.config.gates, &old.expected(asked, self.last_day), &old_keys, &new.profile, &new.keys);
        for drift in drifts.iter().filter(|drift| !drift.refuses) {
            tracing::warn!(source, table, rule = drift.rule, reason = drift.what, "the extract is unlike the last one");
        }
        let rule = drifts.iter().find(|drift| drift.refuses)?.rule;
        let reasons: Vec<&str> = drifts.iter().filter(|drift| drift.refuses).map(|drift| drift.what.as_str()).collect();
        self.unless_accepted(source, table, hash, rule, &reasons.join("; "))
    }

    /// Why an extract is not used, unless an operator let this very one through.
    fn unless_accepted(&self, source: &str, table: &str, hash: &str, rule: &'static str, reasons: &str) -> Option<Trouble> {
        if self.accepted.contains(hash) {
            tracing::warn!(source, table, rule, hash, "let through: an operator accepted this extract");
            return None;
        }
        let what = format!(
            "source {source}: the extract of {table} is not used: {reasons}; ask the register, or let it through with `virsis accept {source} --extract {hash} --why REASON`"
        );
        Some(Trouble { rule, what })
    }

    /// Narrows participants to those above a VIRS; returns these entities.
    fn participants(
        &self,
        sources: &mut Sources,
        quarantine: &Quarantine,
        virs: &HashSet<String>,
        first_owners: &Arc<Vec<SecretCode>>,
    ) -> Result<HashSet<String>> {
        let tables = [PARTICIPANTS, OWN_PARTICIPANTS];
        let mut owners = wanted::owners(virs, &self.load(sources, &tables)?);
        let mut question = Question::about(ENTITY, &Arc::new(owners.clone()));
        // What is kept was narrowed to the owners of then; where they are others now, rows may be missing.
        let stale_question = |source: &Source| source.verdict == Verdict::Unchanged && source.entry.scope != question.scope;
        if sources.get(PARTICIPANTS).is_some_and(stale_question) {
            let Some((source, extract)) = extracts().find(|(_, extract)| extract.table == PARTICIPANTS) else { return Ok(owners) };
            let table = self.catalog.table(PARTICIPANTS)?;
            let whole = Question { codes: first_owners.clone(), ..Question::default() };
            if let Ok(read) = self.one(source, extract, table, &whole, false, quarantine)? {
                sources.insert(PARTICIPANTS, read);
            }
            owners = wanted::owners(virs, &self.load(sources, &tables)?);
            question = Question::about(ENTITY, &Arc::new(owners.clone()));
        }
        if let Some(source) = sources.get_mut(PARTICIPANTS) {
            match (source.fresh.as_mut(), &question.wanted) {
                (Some((rows, _)), Some(wanted)) => {
                    *rows = wanted.narrow(PARTICIPANTS, rows.clone())?;
                    source.entry.scope = question.scope;
                }
                _ => source.narrow_to = question.wanted,
            }
        }
        Ok(owners)
    }

    /// A population register that is asked code by code says nothing of persons whose codes are not at hand tonight, because the
    /// register that knows them is stale: what it said of them before stands.
    fn remember_persons(&self, sources: &mut Sources, wanted: Option<&Wanted>) -> Result<()> {
        let schema = kept_schema(self.catalog.table(PERSONS)?);
        let Some(kept) = self.kept.get(PERSONS, &schema).filter(|_| self.transports.asks_by_code(PERSONS)) else { return Ok(()) };
        let Some(source) = sources.get_mut(PERSONS) else { return Ok(()) };
        let (Some((fresh, _)), Some(wanted)) = (source.fresh.as_mut(), wanted) else { return Ok(()) };
        let told: HashSet<&str> =
            fresh.column_by_name(PERSON).into_iter().flat_map(|ids| ids.as_string::<i32>().iter().flatten()).collect();
        let values = wanted.values.iter().filter(|id| !told.contains(id.as_str())).cloned().collect();
        let others = Wanted { column: PERSON, values: Arc::new(values) }.narrow(PERSONS, self.kept.rows(PERSONS, kept, &schema)?)?;
        *fresh = concat_batches(&schema, [&*fresh, &others]).context("cannot join what the population register said")?;
        Ok(())
    }

    /// Whether the registers of the whole country say, too, that nothing changed; they are then not read.
    fn country_unchanged(&self, sources: &mut Sources, is_country: impl Fn(&str) -> bool) -> bool {
        let mut same = Vec::new();
        if COUNTRY_TABLES.iter().any(|table| self.transports.asks_by_code(table)) {
            return false;
        }
        for (source, extract) in extracts().filter(|(_, extract)| is_country(extract.table)) {
            let Ok(table) = self.catalog.table(extract.table) else { return false };
            // One that was stale may have been narrowed to the question of an earlier night.
            let current = |kept: &&KeptTable| kept.stale_since.is_none() && self.is_current(extract, kept);
            let Some(kept) = self.kept.get(extract.table, &kept_schema(table)).filter(current) else { return false };
            let Ok(folder) = self.kept.folder_of(extract.table) else { return false };
            let (memory, salt, deadline) = (Some(&kept.memory), self.salt, self.deadline);
            let request = Request { source, extract, table, memory, rows_needed: false, wanted: None, salt, deadline, folder: &folder };
            if !matches!(self.transports.of(extract.table).open(&request), Ok(Fetched::Unchanged)) {
                return false;
            }
            let entry = kept.clone();
            same.push((
                extract.table,
                Source { source, verdict: Verdict::Unchanged, trouble: None, entry, fresh: None, kept: OnceLock::new(), narrow_to: None },
            ));
        }
        self.bar.inc(same.len() as u64);
        sources.extend(same);
        true
    }

    /// Rows of some tables, from memory or from the disk, narrowed to what tonight asks for.
    fn load(&self, sources: &Sources, names: &[&str]) -> Result<Tables> {
        names
            .par_iter()
            .filter_map(|name| sources.get_key_value(name))
            .map(|(name, source)| Ok(((*name).to_owned(), self.rows(name, source)?)))
            .collect()
    }

    fn rows(&self, name: &str, source: &Source) -> Result<RecordBatch> {
        let rows = match &source.fresh {
            Some((rows, _)) => rows.clone(),
            None => match source.kept.get() {
                Some(rows) => rows.clone(),
                None => {
                    let rows = self.kept.rows(name, &source.entry, &kept_schema(self.catalog.table(name)?))?;
                    source.kept.get_or_init(|| rows).clone()
                }
            },
        };
        Ok(match &source.narrow_to {
            Some(wanted) => wanted.narrow(name, rows)?,
            None => rows,
        })
    }

    /// Writes what is fresh to what is kept, and hands out all rows. What was kept before stays until the index is saved.
    pub(crate) fn keep(&self, sources: &mut Sources) -> Result<Tables> {
        sources.par_iter().filter_map(|(name, source)| Some((name, source, source.fresh.as_ref()?))).try_for_each(
            |(name, source, (rows, keys))| self.kept.write(name, &source.entry, rows, keys).with_context(|| format!("cannot keep {name}")),
        )?;
        let names: Vec<&str> = sources.keys().copied().collect();
        let tables = self.load(sources, &names)?;
        for source in sources.values_mut() {
            (source.fresh, source.kept) = (None, OnceLock::new());
        }
        Ok(tables)
    }
}

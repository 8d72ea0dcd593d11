//! Acquiring: every source in its [wave](Wave); what fails is replaced by the last good extract.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use arrow::array::AsArray;
use arrow::compute::concat_batches;
use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code};
use catalog::{ENTITY, Role, SecretCode, Table};
use connectors::Fetched;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use transforms::scope::{self, Tables};
use transforms::{RowFilter, kept_schema};

use crate::refusal::Refusal;
use crate::sources::entities::{self, EntityFile};
use crate::sources::question::{Question, sorted};
use crate::sources::reader::{Job, Reader, lock};
use crate::sources::rows;
use crate::sources::source::{Source, Sources, Trouble, Verdict};
use crate::sources::waves::{PERSON, Wave, extract_of, extracts};
use crate::state::last_good::LastGoodExtract;

/// Reads everything.
///
/// # Errors
/// A [`Refusal`] with one line for each source that failed and of which nothing is kept.
pub(crate) fn acquire(reader: &Reader<'_>) -> Result<Sources> {
    let mut night = Acquire { reader, sources: Sources::new(), unusable: Vec::new() };
    let virs = night.list()?;
    let owners = night.facts(&virs)?;
    night.prepare_entity_file()?;
    let nothing_new = night.sources.values().all(|source| source.verdict == Verdict::Unchanged);
    if !(nothing_new && night.country_unchanged()?) {
        night.country(&owners)?;
    }
    night.unusable.sort();
    // All waves are gone through even so: whoever mends one source wants to know of the others.
    if night.unusable.is_empty() { Ok(night.sources) } else { Err(Refusal(night.unusable).into()) }
}

/// The waves under way.
struct Acquire<'r> {
    reader: &'r Reader<'r>,
    sources: Sources,
    /// What can neither be read nor replaced, and why.
    unusable: Vec<String>,
}

impl<'r> Acquire<'r> {
    /// The first wave; returns the codes of all VIRS.
    fn list(&mut self) -> Result<Arc<HashSet<String>>> {
        self.wave(Wave::List, |_| Question::default())?;
        let list = self.load(&self.names(Wave::List)?)?;
        let virs = Arc::new(scope::virs(self.reader.catalog, &list));
        // Licences are kept whole: one that makes nobody a VIRS tells of one all the same.
        if let Some(licences) = self.sources.get_mut(self.table(Role::Licences)?.name.as_str()) {
            licences.narrow_to = Question::about(ENTITY, &virs).filter;
        }
        Ok(virs)
    }

    /// The second wave; returns the codes of VIRS and all entities above them.
    fn facts(&mut self, virs: &Arc<HashSet<String>>) -> Result<HashSet<String>> {
        let stated = self.load(&[self.table(Role::StatedParticipants)?.name.as_str()])?;
        // Whoever asks JADIS code by code begins here; the transport follows the chains.
        let mut first_owners = scope::owners(self.reader.catalog, virs, &stated);
        // A foreign owner's code is none that a Lithuanian register knows.
        first_owners.retain(|code| is_legal_entity_code(code) || is_old_legal_entity_code(code));
        let first_owners = Question { codes: sorted(first_owners.into_iter().map(SecretCode::new)), ..Question::default() };
        let about_virs = Question::about(ENTITY, virs);
        self.wave(Wave::Facts, |table| match table.role {
            Some(Role::Participants) => first_owners.clone(),
            _ if table.column(ENTITY).is_none() => Question::default(),
            _ => about_virs.clone(),
        })?;
        self.participants(virs, &first_owners)
    }

    /// The third wave: entities and persons that the others named.
    fn country(&mut self, owners: &HashSet<String>) -> Result<()> {
        let facts: Vec<&str> = self.sources.keys().copied().collect();
        let tables = self.load(&facts)?;
        let entities = Question::about(ENTITY, &Arc::new(scope::entities(self.reader.catalog, owners, &tables)));
        let met = std::mem::take(&mut *lock(&self.reader.met));
        let persons = Question { codes: sorted(met), ..Question::about(PERSON, &Arc::new(scope::persons(&tables))) };
        drop(tables);
        self.wave(Wave::Country, |table| if table.role == Some(Role::Persons) { persons.clone() } else { entities.clone() })?;
        self.remember_persons(persons.filter.as_ref())
    }

    /// Reads the tables of a wave, several at a time; notes which can neither be read nor replaced.
    fn wave(&mut self, wave: Wave, question: impl Fn(&Table) -> Question + Sync) -> Result<()> {
        let reader = self.reader;
        let mut jobs = self.jobs(wave)?;
        // The largest first, so that no core waits for the last one at the end.
        jobs.sort_by_key(|job| std::cmp::Reverse(reader.kept.index.tables.get(job.extract.table).map(|kept| kept.profile.rows)));
        let read = |job: &Job<'_>| {
            let result = reader.one(job, &question(job.table));
            reader.bar.set_message(job.extract.file);
            reader.bar.inc(1);
            result
        };
        // A pool of its own: whoever waits for the network keeps no core.
        let pool = ThreadPoolBuilder::new().num_threads(reader.config.run.parallel_sources).build().context("cannot start threads")?;
        let results: Vec<Result<Result<Source, Trouble>>> = pool.install(|| jobs.par_iter().with_max_len(1).map(read).collect());
        for (job, result) in jobs.iter().zip(results) {
            match result? {
                Ok(source) => drop(self.sources.insert(job.extract.table, source)),
                Err(trouble) => self.unusable.push(trouble.what),
            }
        }
        Ok(())
    }

    fn jobs(&self, wave: Wave) -> Result<Vec<Job<'r>>> {
        let reader = self.reader;
        let job = |(source, extract): (&'static str, &'static connectors::Extract)| {
            Ok(Job { source, extract, table: reader.catalog.table(extract.table)?, may_skip: true })
        };
        let jobs: Vec<Job<'r>> = extracts().map(job).collect::<Result<_>>()?;
        Ok(jobs.into_iter().filter(|job| Wave::of(job.table) == wave).collect())
    }

    fn names(&self, wave: Wave) -> Result<Vec<&'static str>> {
        Ok(self.jobs(wave)?.iter().map(|job| job.extract.table).collect())
    }

    fn table(&self, role: Role) -> Result<&'r Arc<Table>> {
        Ok(self.reader.catalog.role(role)?)
    }

    fn load(&self, names: &[&str]) -> Result<Tables> {
        rows::load(self.reader.kept, self.reader.catalog, &self.sources, names)
    }

    /// Narrows participants to those above a VIRS; returns these entities.
    fn participants(&mut self, virs: &HashSet<String>, first_owners: &Question) -> Result<HashSet<String>> {
        let catalog = self.reader.catalog;
        let (table, stated) = (self.table(Role::Participants)?, self.table(Role::StatedParticipants)?);
        let name = table.name.as_str();
        let owners = |this: &Self| Ok::<_, anyhow::Error>(scope::owners(catalog, virs, &this.load(&[name, &stated.name])?));
        let mut above = owners(self)?;
        let mut question = Question::about(ENTITY, &Arc::new(above.clone()));
        // What is kept was narrowed to the owners of then; where they are others now, rows may be missing.
        let stale_question = |source: &Source| source.verdict == Verdict::Unchanged && source.entry.scope != question.scope;
        if self.sources.get(name).is_some_and(stale_question) {
            let Some((source, extract)) = extract_of(table) else { return Ok(above) };
            if let Ok(read) = self.reader.one(&Job { source, extract, table, may_skip: false }, first_owners)? {
                self.sources.insert(extract.table, read);
            }
            above = owners(self)?;
            question = Question::about(ENTITY, &Arc::new(above.clone()));
        }
        if let Some(source) = self.sources.get_mut(name) {
            match (source.fresh.as_mut(), &question.filter) {
                (Some((rows, _)), Some(filter)) => {
                    *rows = filter.apply(name, rows.clone())?;
                    source.entry.scope = question.scope;
                }
                _ => source.narrow_to = question.filter,
            }
        }
        Ok(above)
    }

    /// A population register that is asked code by code says nothing of persons whose codes are not at hand tonight, because the
    /// register that knows them is stale: what it said of them before stands.
    fn remember_persons(&mut self, filter: Option<&RowFilter>) -> Result<()> {
        let (reader, table) = (self.reader, self.table(Role::Persons)?);
        let (name, schema) = (table.name.as_str(), kept_schema(table));
        let Some(kept) = reader.kept.get(name, &schema).filter(|_| reader.asks_for_persons()) else { return Ok(()) };
        let Some(source) = self.sources.get_mut(name) else { return Ok(()) };
        let (Some((fresh, _)), Some(filter)) = (source.fresh.as_mut(), filter) else { return Ok(()) };
        let told: HashSet<&str> =
            fresh.column_by_name(PERSON).into_iter().flat_map(|ids| ids.as_string::<i32>().iter().flatten()).collect();
        let values = filter.values.iter().filter(|id| !told.contains(id.as_str())).cloned().collect();
        let others = RowFilter { column: PERSON, values: Arc::new(values) }.apply(name, reader.kept.rows(name, kept, &schema)?)?;
        *fresh = concat_batches(&schema, [&*fresh, &others]).context("cannot join what the population register said")?;
        Ok(())
    }

    /// Whether the registers of the whole country say, too, that nothing changed; they are then not read.
    fn country_unchanged(&mut self) -> Result<bool> {
        let (reader, jobs) = (self.reader, self.jobs(Wave::Country)?);
        if jobs.iter().any(|job| reader.transports.asks_by_code(job.table)) {
            return Ok(false);
        }
        let mut same = Vec::new();
        for job in jobs {
            // One that was stale may have been narrowed to the question of an earlier night.
            let current = |kept: &&LastGoodExtract| kept.stale_since.is_none() && reader.is_current(job.table, kept);
            let Some(kept) = reader.kept.get(job.extract.table, &kept_schema(job.table)).filter(current) else { return Ok(false) };
            let Ok(folder) = reader.kept.folder_of(job.extract.table) else { return Ok(false) };
            let answer = reader.transports.of(job.table).open(&reader.request(&job, Some(&kept.memory), &folder));
            if !matches!(answer, Ok(Fetched::Unchanged)) {
                return Ok(false);
            }
            let (verdict, entry, kept) = (Verdict::Unchanged, kept.clone(), OnceLock::new());
            same.push((
                job.extract.table,
                Source { source: job.source, verdict, trouble: None, entry, fresh: None, kept, narrow_to: None },
            ));
        }
        reader.bar.inc(same.len() as u64);
        self.sources.extend(same);
        Ok(true)
    }

    /// Has the register of entities written to a file for look-ups while it is read, where the endpoint wants one.
    fn prepare_entity_file(&self) -> Result<()> {
        let (reader, register) = (self.reader, self.table(Role::Entities)?);
        if reader.config.forms.enabled && !reader.transports.asks_by_code(register) {
            let titles = entities::TITLES.map(|role| self.table(role).map(|table| table.name.as_str()));
            let titles = titles.into_iter().collect::<Result<Vec<_>>>()?;
            let tables = self.load(&titles)?;
            reader.entities.get_or_init(|| EntityFile::new(entities::path(reader.config), &titles, &self.sources, &tables));
        }
        Ok(())
    }
}

//! Reading one extract through its transport and the cleaner. What cannot be used is replaced by the last good extract.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use catalog::{Catalog, Role, SecretCode, Table};
use chrono::NaiveDate;
use connectors::{Extract, Fetched, Memory, Request};
use indicatif::ProgressBar;
use spool::Spool;
use transforms::{Cleaned, Cleaner, PersonKey, kept_schema, keyed_by, names_persons};

use crate::config::Config;
use crate::sources::acceptance::{Acceptance, Candidate};
use crate::sources::entities::{Draft, EntityFile};
use crate::sources::quarantine::Quarantine;
use crate::sources::question::Question;
use crate::sources::read_ahead::read_ahead;
use crate::sources::source::{Source, Trouble, Verdict};
use crate::sources::transports::Transports;
use crate::state::last_good::{LastGoodExtract, LastGoodExtracts};

/// What reading needs.
pub(crate) struct Reader<'a> {
    pub(crate) config: &'a Config,
    pub(crate) catalog: &'a Catalog,
    pub(crate) key: &'a PersonKey,
    pub(crate) kept: &'a LastGoodExtracts,
    /// Hashes of extracts that an operator lets through the drift gates.
    pub(crate) accepted: &'a HashSet<String>,
    /// Hash of the definitions and the program that clean tonight.
    pub(crate) cleaned_by: &'a str,
    /// Secret for hashes of files.
    pub(crate) salt: &'a [u8; 32],
    pub(crate) transports: &'a Transports,
    /// Where rows wait.
    pub(crate) spool: &'a Spool,
    pub(crate) quarantine: Quarantine,
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

/// One extract of tonight.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) source: &'static str,
    pub(crate) extract: &'static Extract,
    pub(crate) table: &'a Arc<Table>,
    /// Whether the last good extract may count as tonight's if the source has nothing new.
    pub(crate) may_skip: bool,
}

/// An extract that was read to its end.
struct Read<'a> {
    cleaned: Cleaned,
    memory: Memory,
    /// The next file of entities, if this is the register of them.
    draft: Option<Draft<'a>>,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Reader<'_> {
    /// Whether the population register is asked for one code after another.
    pub(crate) fn asks_for_persons(&self) -> bool {
        self.catalog.role(Role::Persons).is_ok_and(|table| self.transports.asks_by_code(table))
    }

    /// The transport's question about one extract.
    pub(crate) fn request<'r>(&'r self, job: &Job<'r>, memory: Option<&'r Memory>, folder: &'r std::path::Path) -> Request<'r> {
        let Job { source, extract, table, .. } = *job;
        Request { memory, rows_needed: false, salt: self.salt, ..Request::once(source, extract, table, self.deadline, folder) }
    }

    /// Reads one extract; what cannot be used is replaced by what is kept, where something is.
    pub(crate) fn one(&self, job: &Job<'_>, question: &Question) -> Result<Result<Source, Trouble>> {
        let (extract, table) = (job.extract, job.table);
        let kept = self.kept.get(extract.table, &kept_schema(table));
        let source = |verdict, trouble, entry, fresh| Source {
            source: job.source,
            verdict,
            trouble,
            entry,
            fresh,
            kept: OnceLock::new(),
            // All others were narrowed to it when they were read.
            narrow_to: question.filter.clone().filter(|_| verdict == Verdict::Stale),
        };
        let same_question = kept.filter(|kept| self.may_skip(job, kept) && (kept.scope == question.scope || is_narrowed_later(table)));
        let trouble = match self.read(job, question, kept.map(|kept| (&kept.memory, same_question.is_none()))) {
            Ok(None) => {
                let kept = same_question.unwrap_or_else(|| unreachable!("no transport says that nothing changed where rows are needed"));
                return Ok(Ok(source(Verdict::Unchanged, None, LastGoodExtract { stale_since: None, ..kept.clone() }, None)));
            }
            Ok(Some(Read { cleaned, memory, draft })) => {
                let entry = self.entry(job, question, &cleaned, memory);
                if let Some(kept) = same_question.filter(|kept| kept.profile.hash == entry.profile.hash) {
                    draft.into_iter().for_each(|draft| draft.finish(&entry.profile.hash));
                    return Ok(Ok(source(Verdict::Unchanged, None, LastGoodExtract { scope: kept.scope.clone(), ..entry }, None)));
                }
                let submitted = self.transports.handed_in(table).is_some();
                let candidate = Candidate { source: job.source, extract, submitted, cleaned: &cleaned, entry: &entry };
                match self.acceptance().refusal(&candidate, kept) {
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
        let Some(kept) = kept else { return Ok(Err(trouble)) };
        let (rule, reason) = (trouble.rule, &trouble.what);
        tracing::warn!(source = job.source, table = extract.table, rule, reason, "the last good extract stands in");
        Ok(Ok(source(Verdict::Stale, Some(trouble), kept.clone(), None)))
    }

    fn acceptance(&self) -> Acceptance<'_> {
        Acceptance { config: self.config, kept: self.kept, accepted: self.accepted, last_day: self.last_day }
    }

    /// What will be kept of an extract.
    fn entry(&self, job: &Job<'_>, question: &Question, cleaned: &Cleaned, memory: Memory) -> LastGoodExtract {
        let about_participants = matches!(job.table.role, Some(Role::Participants | Role::StatedParticipants));
        LastGoodExtract {
            profile: cleaned.profile.clone(),
            set_aside: if about_participants { cleaned.set_aside.clone() } else { BTreeMap::new() },
            memory,
            scope: question.scope.clone(),
            // About how many codes a register that answers code by code was asked.
            asked: if self.transports.asks_by_code(job.table) { question.codes.len() as u64 } else { 0 },
            schema: self.kept.schema_hash(&kept_schema(job.table)),
            cleaned_by: self.cleaned_by.to_owned(),
            keyed_by: keyed_by(job.table),
            stale_since: None,
        }
    }

    /// Reads one extract to its end; `None` where nothing changed. `last` is what the transport remembers, and whether rows are needed even so.
    fn read(&self, job: &Job<'_>, question: &Question, last: Option<(&Memory, bool)>) -> Result<Option<Read<'_>>> {
        let (table, folder) = (job.table, self.kept.folder_of(job.extract.table)?);
        let (memory, rows_needed) = last.map_or((None, true), |(memory, needed)| (Some(memory), needed));
        let request = Request { rows_needed, ..self.request(job, memory, &folder) }.about(&question.codes);
        let Fetched::Rows(rows) = self.transports.of(table).open(&request)? else { return Ok(None) };
        let mut cleaner = Cleaner::new(table, self.catalog, self.key, question.filter.clone())?;
        cleaner.wait_in(self.spool);
        cleaner.note_codes(self.asks_for_persons());
        cleaner.know_last_day(self.last_day);
        let mut draft = self.entities.get().filter(|_| table.role == Some(Role::Entities)).map(EntityFile::begin);
        let memory = read_ahead(rows, |batch| {
            batch.rejected.iter().for_each(|bad| cleaner.reject(bad.row_number, bad.rule));
            let good = cleaner.push(&batch.rows, &batch.row_numbers)?;
            draft.iter_mut().zip(&good).for_each(|(draft, rows)| draft.add(rows));
            Ok(())
        })?;
        let mut cleaned = cleaner.finish()?;
        self.tell(job, &cleaned)?;
        lock(&self.met).extend(cleaned.codes.drain());
        Ok(Some(Read { cleaned, memory, draft }))
    }

    /// Tells operators, and those who submitted rows that were set aside, how the reading went.
    fn tell(&self, job: &Job<'_>, cleaned: &Cleaned) -> Result<()> {
        let (source, table) = (job.source, job.extract.table);
        let (rows, quarantined, aside) = (cleaned.profile.received, cleaned.quarantined.len(), cleaned.aside);
        tracing::info!(source, table, rows, quarantined, aside, old_codes = cleaned.old_codes, "source read");
        for (rule, rows) in &cleaned.profile.doubted {
            tracing::warn!(source, table, rule, rows, "days that lie ahead count for nothing; ask the register");
        }
        let handed_in = self.transports.handed_in(job.table);
        self.quarantine.write(source, job.extract, cleaned, handed_in)?;
        if let Some(handed_in) = handed_in {
            let noted = handed_in.note(table, &cleaned.quarantined);
            noted.with_context(|| format!("cannot note which submissions have rows of {table} that were set aside"))?;
        }
        Ok(())
    }

    /// Whether the last good extract may count as tonight's if the source has nothing new.
    fn may_skip(&self, job: &Job<'_>, kept: &LastGoodExtract) -> bool {
        // A population register that is asked code by code needs the codes, and those are nowhere but in the extracts.
        job.may_skip && !(self.asks_for_persons() && names_persons(job.table)) && self.is_current(job.table, kept)
    }

    /// Whether what is kept is what tonight would make of the same extract.
    pub(crate) fn is_current(&self, table: &Table, kept: &LastGoodExtract) -> bool {
        // A version that believed any day may have kept one that has not come.
        let has_come = kept.profile.extract_date.is_none_or(|day| day <= self.last_day);
        kept.cleaned_by == self.cleaned_by && has_come && !kept.profile.waits() && self.is_in_entities(table, kept)
    }

    /// Whether people can look up what is kept of this extract; else it must be read again.
    fn is_in_entities(&self, table: &Table, kept: &LastGoodExtract) -> bool {
        table.role != Some(Role::Entities) || self.entities.get().is_none_or(|file| file.is_of(&kept.profile.hash))
    }
}

/// Whether a table is narrowed only when it has been read: which participants are above a VIRS shows only then.
fn is_narrowed_later(table: &Table) -> bool {
    table.role == Some(Role::Participants)
}

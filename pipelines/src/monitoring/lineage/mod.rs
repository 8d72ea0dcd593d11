//! What a run read and made, as events of [OpenLineage](https://openlineage.io): a file of JSON lines for each run in `state/lineage`, and posted
//! where the settings say so. Nothing of it reaches a release.

mod event;
mod journal;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub(crate) use self::event::MadeTable;
use self::event::{Dataset, Event, EventType, Job};
use self::journal::Journal;
use crate::config::Config;
use crate::state::ledger::{Entry, Outcome};

/// The job that is a whole run; what it does for one table is `night.TABLE`.
const NIGHT: &str = "night";
/// The part of it that makes the core tables of the raw ones.
const CORE: &str = "night.core";

/// The events of one run. What goes wrong with them is logged: it is no reason to fail a night.
pub(crate) struct Lineage<'a> {
    journal: Journal<'a>,
    job: Job<'a>,
    run: Uuid,
}

impl<'a> Lineage<'a> {
    /// Says that a run has begun; `None` where the settings want no events.
    pub(crate) fn begin(config: &'a Config, started: DateTime<Utc>) -> Option<Self> {
        if config.lineage.keep_days == 0 {
            journal::remove_all(&config.paths.state);
            return None;
        }
        let run = Uuid::new_v4();
        let lineage = Self {
            journal: Journal::open(config, started, run),
            job: Job { namespace: &config.lineage.namespace, name: NIGHT.to_owned() },
            run,
        };
        lineage.journal.tell(&[Event::new(EventType::Start, started, run, &lineage.job)]);
        Some(lineage)
    }

    /// Says how it ended, what it read, and which tables it made, if their release stands.
    pub(crate) fn end(self, entry: &Entry, made: &[MadeTable]) {
        let raw: Vec<Dataset> = entry.sources.iter().map(|line| Dataset::read(self.job.namespace, &line.table, Some(line.rows))).collect();
        let night = |kind| Event::new(kind, entry.finished, self.run, &self.job).reads(raw.clone());
        let events = match entry.outcome {
            Outcome::Refused | Outcome::Failed => {
                vec![night(EventType::Fail).failed(entry.reason.as_deref().unwrap_or("no reason is known"))]
            }
            Outcome::Unchanged => vec![night(EventType::Complete)],
            Outcome::Published => {
                let outputs = made.iter().map(|table| Dataset::made(self.job.namespace, table)).collect();
                let parts = self.parts(entry, &raw, made);
                parts.into_iter().chain([night(EventType::Complete).makes(outputs)]).collect()
            }
        };
        self.journal.tell(&events);
    }

    /// The parts of a run that published: the core tables, and each table that changed.
    fn parts(&self, entry: &Entry, raw: &[Dataset], made: &[MadeTable]) -> Vec<Event> {
        let mut core: Vec<&String> = made.iter().flat_map(|table| &table.needs).filter(|name| name.starts_with("core_")).collect();
        core.sort();
        core.dedup();
        let core = core.into_iter().map(|name| Dataset::read(self.job.namespace, name, None)).collect();
        let mut events = self.part(entry, CORE.to_owned(), raw.to_vec(), core);
        for table in made {
            let needs = table.needs.iter().map(|name| Dataset::read(self.job.namespace, name, None)).collect();
            events.extend(self.part(entry, format!("{NIGHT}.{}", table.name), needs, vec![Dataset::made(self.job.namespace, table)]));
        }
        events
    }

    /// Begin and end of one part: those of the run, since nothing stands before its release does.
    fn part(&self, entry: &Entry, name: String, inputs: Vec<Dataset>, outputs: Vec<Dataset>) -> Vec<Event> {
        let (job, run) = (Job { namespace: self.job.namespace, name }, Uuid::new_v4());
        let event = |kind, when| Event::new(kind, when, run, &job).within(self.run, &self.job);
        vec![event(EventType::Start, entry.started), event(EventType::Complete, entry.finished).reads(inputs).makes(outputs)]
    }
}

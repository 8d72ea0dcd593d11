//! What the ledger tells of the runs so far, whichever process made them.

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::state::ledger::{self, Entry, Outcome, SourceLine};

/// All runs, the oldest first.
pub(crate) struct Nights(pub(crate) Vec<Entry>);

/// Whether a run ended with the release that it should, and removed what it had to remove.
pub(super) fn went_well(run: &Entry) -> bool {
    matches!(run.outcome, Outcome::Published | Outcome::Unchanged) && run.reason.is_none()
}

/// Whether the last good extract stood in for this one.
pub(crate) fn is_stale(line: &SourceLine) -> bool {
    line.verdict == "stale"
}

impl Nights {
    pub(crate) fn read(config: &Config) -> Result<Self> {
        Ok(Self(ledger::read(&config.paths.state)?))
    }

    pub(super) fn last(&self) -> Option<&Entry> {
        self.0.last()
    }

    /// The last run after which the portal showed all that the sources had.
    pub(super) fn last_good(&self) -> Option<&Entry> {
        self.0.iter().rev().find(|run| went_well(run))
    }

    /// The last run that made a release.
    pub(super) fn last_published(&self) -> Option<&Entry> {
        self.0.iter().rev().find(|run| run.outcome == Outcome::Published)
    }

    /// The sources as the last run that read them found them: one that failed before says nothing of them.
    pub(crate) fn sources(&self) -> &[SourceLine] {
        self.last_reading().map_or(&[], |run| &run.sources)
    }

    /// The last run that read the sources.
    pub(crate) fn last_reading(&self) -> Option<&Entry> {
        self.0.iter().rev().find(|run| !run.sources.is_empty())
    }

    /// When the first of the runs began in all of which since then this table was stale.
    pub(crate) fn stale_since(&self, table: &str) -> Option<DateTime<Utc>> {
        let lines = self.0.iter().rev().filter_map(|run| Some((run.started, run.sources.iter().find(|line| line.table == table)?)));
        lines.take_while(|(_, line)| is_stale(line)).last().map(|(started, _)| started)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::state::ledger::Stage;

    /// A run on a day of November 2026 that found one table of JAR so.
    pub(in crate::monitoring) fn run(day: u32, outcome: Outcome, verdict: Option<&str>) -> Entry {
        let started: DateTime<Utc> = format!("2026-11-{day:02}T00:30:00Z").parse().unwrap();
        let line = |verdict: &str| SourceLine {
            source: "jar".to_owned(),
            table: connectors::CONNECTORS[0].extracts[0].table.to_owned(),
            extract_date: Some(started.date_naive()),
            rows: 40,
            quarantined: 2,
            verdict: verdict.to_owned(),
            reason: (verdict == "stale").then(|| "source jar: no answer; ask the register".to_owned()),
            rule: (verdict == "stale").then(|| "unreachable".to_owned()),
            ahead: Default::default(),
        };
        let good = matches!(outcome, Outcome::Published | Outcome::Unchanged);
        Entry {
            started,
            finished: started + chrono::TimeDelta::seconds(90),
            outcome,
            release: good.then(|| format!("{day:06}-2026-11-{day:02}")),
            reason: (!good).then(|| "a gate; look".to_owned()),
            sources: verdict.map(line).into_iter().collect(),
            stages: vec![Stage { name: "read and clean".to_owned(), wall_ms: 1500, cpu_ms: 700, peak_mib: 3 }],
        }
    }

    #[test]
    fn a_table_is_stale_since_the_first_of_the_runs_in_a_row_that_found_it_so() {
        let nights = Nights(vec![
            run(1, Outcome::Published, Some("stale")),
            run(2, Outcome::Published, Some("fresh")),
            run(3, Outcome::Published, Some("stale")),
            run(4, Outcome::Failed, None),
            run(5, Outcome::Unchanged, Some("stale")),
        ]);
        let table = &nights.sources()[0].table;
        assert_eq!(nights.stale_since(table), Some(nights.0[2].started));
        assert_eq!(Nights(nights.0[..2].to_vec()).stale_since(table), None);
    }

    #[test]
    fn a_run_that_could_not_remove_an_extract_did_not_go_well() {
        let mut nights = Nights(vec![run(1, Outcome::Unchanged, None), run(2, Outcome::Published, None)]);
        nights.0[1].reason = Some("cannot remove an extract".to_owned());
        assert_eq!(nights.last_good().map(|run| run.started), Some(nights.0[0].started));
        assert_eq!(nights.last_published().map(|run| run.started), Some(nights.0[1].started));
    }
}

//! What became of the sources tonight.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use publish::{SourceEntry, SourceState};
use transforms::{AHEAD, RowFilter};

use crate::state::last_good::LastGoodExtract;
use crate::state::ledger::SourceLine;

/// How tonight's attempt at one extract ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Something new was read and accepted.
    Fresh,
    /// The source was asked, and has nothing new.
    Unchanged,
    /// Not reached or not accepted; the last good extract stands in.
    Stale,
}

impl Verdict {
    /// Name in ledger and status.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Unchanged => "unchanged",
            Self::Stale => "stale",
        }
    }

    /// What readers of the release are told: a source that has nothing new is as current as one that has.
    pub(crate) fn shown(self) -> SourceState {
        if self == Self::Stale { SourceState::Stale } else { SourceState::Fresh }
    }
}

/// Why an extract is not used.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// A word for machines.
    pub(crate) rule: &'static str,
    /// What happened and what to do, for operators.
    pub(crate) what: String,
}

/// One raw table of tonight. Not to be printed: its rows may hold codes that were handed in.
pub(crate) struct Source {
    pub(crate) source: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) trouble: Option<Trouble>,
    /// What will be kept of it.
    pub(crate) entry: LastGoodExtract,
    /// Of a fresh extract: rows, and keys for the next comparison. All others lie on the disk until they are needed.
    pub(crate) fresh: Option<(RecordBatch, Vec<u64>)>,
    /// Of all others: its rows as they are kept, once somebody has read them.
    pub(crate) kept: OnceLock<RecordBatch>,
    /// Where more may lie than is asked for tonight: what to keep to.
    pub(crate) narrow_to: Option<RowFilter>,
}

impl Source {
    /// For the ledger.
    pub(crate) fn line(&self, table: &str) -> SourceLine {
        let LastGoodExtract { profile, .. } = &self.entry;
        SourceLine {
            source: self.source.to_owned(),
            table: table.to_owned(),
            extract_date: profile.extract_date,
            rows: profile.received,
            quarantined: profile.quarantined.values().sum(),
            verdict: self.verdict.name().to_owned(),
            reason: self.trouble.as_ref().map(|trouble| trouble.what.clone()),
            rule: self.trouble.as_ref().map(|trouble| trouble.rule.to_owned()),
            ahead: self.ahead(),
        }
    }

    /// How many rows have a day that lies ahead, by rule: doubted, or set aside.
    fn ahead(&self) -> BTreeMap<String, u64> {
        let LastGoodExtract { profile, .. } = &self.entry;
        let set_aside = profile.quarantined.get_key_value(AHEAD);
        profile.doubted.iter().chain(set_aside).map(|(rule, rows)| (rule.clone(), *rows)).collect()
    }

    /// For the tables about sources.
    pub(crate) fn state(&self, table: &str) -> transforms::SourceState {
        let LastGoodExtract { profile, .. } = &self.entry;
        transforms::SourceState {
            source: self.source.to_owned(),
            table: table.to_owned(),
            extract_date: profile.extract_date,
            state: self.verdict.shown().code().to_owned(),
            rows: profile.received,
            quarantined: profile.quarantined.clone(),
            set_aside: self.entry.set_aside.clone(),
        }
    }

    /// For the manifest and the pages.
    pub(crate) fn shown(&self, table: &str) -> SourceEntry {
        let line = self.line(table);
        SourceEntry {
            source: line.source,
            table: line.table,
            extract_date: line.extract_date,
            state: self.verdict.shown(),
            stale_since: self.entry.stale_since,
            rows: line.rows,
            quarantined: line.quarantined,
        }
    }
}

/// All sources of tonight, by raw table.
pub(crate) type Sources = BTreeMap<&'static str, Source>;

/// The newest day on which a source says its extract was made, of those that have come.
pub(crate) fn newest(sources: &Sources, last_day: NaiveDate) -> Option<NaiveDate> {
    sources.values().filter_map(|source| source.entry.profile.extract_date).filter(|day| *day <= last_day).max()
}

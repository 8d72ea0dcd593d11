//! Whether an extract is let in: how many of its rows are bad, and how unlike the last good one it is.

use std::collections::HashSet;

use chrono::NaiveDate;
use connectors::Extract;
use transforms::{Cleaned, keyed_by};

use crate::config::Config;
use crate::sources::gates::drift;
use crate::sources::source::Trouble;
use crate::sources::submissions;
use crate::state::last_good::{LastGoodExtract, LastGoodExtracts};

/// What extracts are judged by.
pub(crate) struct Acceptance<'a> {
    pub(crate) config: &'a Config,
    pub(crate) kept: &'a LastGoodExtracts,
    /// Hashes of extracts that an operator lets through the drift gates.
    pub(crate) accepted: &'a HashSet<String>,
    /// The last day on which anything may have happened.
    pub(crate) last_day: NaiveDate,
}

/// An extract that was read to its end.
pub(crate) struct Candidate<'a> {
    pub(crate) source: &'a str,
    pub(crate) extract: &'a Extract,
    /// Whether people submitted it through the endpoint.
    pub(crate) submitted: bool,
    pub(crate) cleaned: &'a Cleaned,
    /// What would be kept of it.
    pub(crate) entry: &'a LastGoodExtract,
}

impl Acceptance<'_> {
    /// Why an extract may not be used, if it may not.
    pub(crate) fn refusal(&self, new: &Candidate<'_>, last_good: Option<&LastGoodExtract>) -> Option<Trouble> {
        if new.submitted {
            // However bad one submission is, and however many rows somebody takes back: it must not stand in the way of all others.
            let what = submissions::lost(&self.config.gates, &last_good?.memory, &new.entry.memory)?;
            return self.unless_accepted(new, "other_store", &what);
        }
        self.bad_rows(new).or_else(|| self.drifted(new, last_good?))
    }

    fn bad_rows(&self, new: &Candidate<'_>) -> Option<Trouble> {
        let (source, table) = (new.source, new.extract.table);
        let (bad, all) = (new.cleaned.quarantined.len() as u64, new.cleaned.profile.received);
        let allowed = (all as f64 * self.config.run.bad_rows_share) as u64;
        let what = || {
            format!(
                "source {source}: {bad} of {all} rows of {table} are bad, more than run.bad_rows_share allows; see state/quarantine/{table}.csv for rows and rules, then ask the register or raise the bound"
            )
        };
        (bad > allowed.max(self.config.run.bad_rows_floor)).then(|| Trouble { rule: "bad_rows", what: what() })
    }

    fn drifted(&self, new: &Candidate<'_>, old: &LastGoodExtract) -> Option<Trouble> {
        let (source, table, asked) = (new.source, new.extract.table, new.entry.asked);
        let comparable = asked == old.asked && old.keyed_by == keyed_by(&new.cleaned.table);
        let old_keys = if comparable { self.kept.keys(table, old) } else { Vec::new() };
        let expected = old.expected(asked, self.last_day);
        let drifts = drift(&self.config.gates, &expected, &old_keys, &new.cleaned.profile, &new.cleaned.keys);
        for drift in drifts.iter().filter(|drift| !drift.refuses) {
            tracing::warn!(source, table, rule = drift.rule, reason = drift.what, "the extract is unlike the last one");
        }
        let rule = drifts.iter().find(|drift| drift.refuses)?.rule;
        let reasons: Vec<&str> = drifts.iter().filter(|drift| drift.refuses).map(|drift| drift.what.as_str()).collect();
        self.unless_accepted(new, rule, &reasons.join("; "))
    }

    /// Why an extract is not used, unless an operator let this very one through.
    fn unless_accepted(&self, new: &Candidate<'_>, rule: &'static str, reasons: &str) -> Option<Trouble> {
        let (source, table, hash) = (new.source, new.extract.table, &new.cleaned.profile.hash);
        if self.accepted.contains(hash) {
            tracing::warn!(source, table, rule, hash, "let through: an operator accepted this extract");
            return None;
        }
        let what = format!(
            "source {source}: the extract of {table} is not used: {reasons}; ask the register, or let it through with `virsis accept {source} --extract {hash} --why REASON`"
        );
        Some(Trouble { rule, what })
    }
}

//! What a run says of whatever may go wrong: that it did, that it did not, or nothing.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::nights::{is_stale, went_well};
use crate::config::Config;
use crate::expiry;
use crate::state::ledger::{Entry, Outcome};

/// The list of signing keys, among what has an end.
pub(super) const KEY_LIST: &str = "list of signing keys";
/// How many days before something ends it is told, each time anew: a register takes weeks to issue a certificate.
const DAYS_AHEAD: [i64; 3] = [3, 14, 30];

/// What can go wrong: the night as a whole, one source, something that has an end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Subject {
    Night,
    Source(String),
    /// A file of certificates, by its setting and name, or the list of keys.
    Expiry(String),
}

/// How something is: well, or not, and then in which way. The same way on the next night is nothing new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Well,
    Wrong(String),
}

/// How everything is of which the run says something: one that failed before it read the sources says nothing of them.
pub(super) fn seen(run: &Entry) -> BTreeMap<Subject, State> {
    let mut seen = BTreeMap::from([(Subject::Night, night(run))]);
    for line in &run.sources {
        let state = seen.entry(Subject::Source(line.source.clone())).or_insert(State::Well);
        if is_stale(line) {
            *state = State::Wrong("stale".to_owned());
        }
    }
    seen
}

/// What ends soon, or has ended, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) subject: Subject,
    pub(super) end: DateTime<Utc>,
}

/// All that has an end which is known.
pub(super) fn endings(config: &Config, now: DateTime<Utc>) -> Result<Vec<Ending>> {
    let certificates = expiry::certificate_files(config).into_iter().filter_map(|file| {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        Some(Ending { subject: Subject::Expiry(format!("{} ({name})", file.setting)), end: file.next_end(now)? })
    });
    let list = expiry::key_list_end(config)?.map(|(_, end)| Ending { subject: Subject::Expiry(KEY_LIST.to_owned()), end });
    Ok(certificates.chain(list).collect())
}

/// How close an end is: in steps, so that each is told once.
pub(super) fn closeness(end: DateTime<Utc>, now: DateTime<Utc>) -> State {
    if end < now {
        return State::Wrong("ended".to_owned());
    }
    let within = DAYS_AHEAD.into_iter().find(|days| (end - now).num_days() < *days);
    within.map_or(State::Well, |days| State::Wrong(format!("within {days} days")))
}

/// Numbers in a reason differ from night to night; where the run ended does not.
fn night(run: &Entry) -> State {
    if went_well(run) {
        return State::Well;
    }
    let after = run.stages.last().map_or("the beginning", |stage| stage.name.as_str());
    State::Wrong(match run.outcome {
        Outcome::Refused => format!("refused after {after}"),
        Outcome::Failed => format!("failed after {after}"),
        Outcome::Published | Outcome::Unchanged => "extract not removed".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_thirty_fourteen_and_three_days_ahead_and_when_it_has_come() {
        let now: DateTime<Utc> = "2026-11-01T01:00:00Z".parse().unwrap();
        let way = |days: i64| match closeness(now + chrono::TimeDelta::days(days), now) {
            State::Well => "well".to_owned(),
            State::Wrong(way) => way,
        };
        assert_eq!([31, 30].map(way), ["well", "well"]);
        assert_eq!([29, 14, 13, 3].map(way), ["within 30 days", "within 30 days", "within 14 days", "within 14 days"]);
        assert_eq!([2, 0, -1].map(way), ["within 3 days", "within 3 days", "ended"]);
    }
}

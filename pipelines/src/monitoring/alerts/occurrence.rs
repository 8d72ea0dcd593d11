//! What a run says of whatever may go wrong: that it did, that it did not, or nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::nights::{is_stale, went_well};
use crate::state::ledger::{Entry, Outcome};

/// What can go wrong: the night as a whole, or one source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Subject {
    Night,
    Source(String),
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

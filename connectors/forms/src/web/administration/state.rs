//! How sources and nights are doing, and what waits for a second administrator.

use chrono::{DateTime, Utc};
use minijinja::{Value, context};

use super::super::frame::local;
use super::super::{Reply, Trouble, Visit};
use super::desk::{Desk, broken, desk};
use super::{acts, words};
use crate::administration::{Night, NightResult, SourceResult, SourceState};
use crate::store;

/// So many proposals are listed.
const PROPOSALS: usize = 20;

/// The page.
pub(in super::super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let Desk { person, port } = desk(visit)?;
    let state = port.state().map_err(broken)?;
    let proposals = visit.app.store.read(|connection| {
        let last = store::last_proposals(connection, PROPOSALS)?;
        last.iter().map(|one| acts::view(connection, one, visit.now)).collect::<Result<Vec<Value>, _>>()
    })?;
    let stale = state.sources.iter().filter(|one| one.result == SourceResult::Stale).count();
    let page = visit.app.templates.render(
        "admin_state.html",
        context! {
            frame => person.frame(), sources => state.sources.iter().map(source).collect::<Vec<_>>(), stale,
            nights => state.nights.iter().map(night).collect::<Vec<_>>(), proposals,
        },
    )?;
    Ok(Reply::page(page))
}

/// A source as pages show it.
pub(super) fn source(one: &SourceState) -> Value {
    let said = match one.result {
        SourceResult::Fresh => "gauta naujų duomenų",
        SourceResult::Unchanged => "naujų duomenų nėra",
        SourceResult::Stale => "pasenęs",
        SourceResult::Never => "dar neklausta",
    };
    context! {
        source => &one.source, source_title => &one.source_title, table => &one.table, title => &one.title, transport => one.transport, said,
        stale => one.result == SourceResult::Stale, since => one.stale_since.map(|at| time(at, "%Y-%m-%d")),
        date => one.extract_date.map(|day| day.to_string()), rows => one.rows, set_aside => one.set_aside, ahead => one.ahead,
        why => one.reason.as_ref().map(|_| words::rule(one.rule.as_deref().unwrap_or_default())), reason => &one.reason,
        refused => &one.refused, accepted => one.accepted,
    }
}

fn night(one: &Night) -> Value {
    let (said, good) = match one.result {
        NightResult::Published => ("paskelbta nauja laida", true),
        NightResult::Unchanged => ("naujų duomenų nebuvo", true),
        NightResult::Refused => ("atmesta", false),
        NightResult::Failed => ("nepavyko", false),
    };
    let stages: Vec<Value> =
        one.stages.iter().map(|(name, milliseconds)| context! { name => words::stage(name), length => length(*milliseconds) }).collect();
    context! {
        started => time(one.started, "%Y-%m-%d %H:%M"), length => length(one.milliseconds), said, good, release => &one.release,
        reason => &one.reason, stages,
    }
}

/// How long something took, as people say it.
fn length(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    match (seconds / 60, seconds % 60) {
        (0, 0..10) => format!("{},{} s", seconds, milliseconds % 1000 / 100),
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min. {seconds} s"),
    }
}

pub(super) fn time(at: DateTime<Utc>, format: &str) -> String {
    local(&store::stamp(at), format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_as_exactly_as_they_matter() {
        for (milliseconds, said) in [(0, "0,0 s"), (1_549, "1,5 s"), (9_999, "9,9 s"), (10_000, "10 s"), (61_000, "1 min. 1 s")] {
            assert_eq!(length(milliseconds), said);
        }
    }
}

//! Abandoned drafts: after so many days without a change they lose their content as if they had been discarded.

use chrono::{DateTime, Utc};
use rusqlite::Transaction;

use super::audit::{Act, Actor, note};
use super::stamp;
use super::submissions::{StepOutcome, advance, find};
use crate::Error;
use crate::state::Step;

/// So many at a time: others write meanwhile.
const AT_A_TIME: usize = 100;

/// Discards drafts that were last changed before a moment; returns how many.
///
/// # Errors
/// The store's.
pub fn discard_abandoned(transaction: &Transaction<'_>, touched_before: DateTime<Utc>, now: DateTime<Utc>) -> Result<usize, Error> {
    let sql = format!(
        "SELECT id FROM submission WHERE state IN ('draft', 'checked', 'formed', 'reviewed') AND changed < ?1 ORDER BY changed LIMIT {AT_A_TIME}"
    );
    let mut select = transaction.prepare_cached(&sql)?;
    let abandoned = select.query_map([stamp(touched_before)], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for id in &abandoned {
        let submission = find(transaction, *id)?.ok_or(Error::Content("a draft"))?;
        advance(transaction, &submission, Step::Discard, &StepOutcome::StateOnly, now)?;
        let act =
            Act { actor: Actor::System, action: Step::Discard.code(), object: format!("submission {id}"), detail: "abandoned".to_owned() };
        note(transaction, act, now)?;
    }
    Ok(abandoned.len())
}

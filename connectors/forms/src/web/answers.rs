//! Whether a correction answers what the ministry asked: whoever submits it says so of each request, and only then is that one done.

use minijinja::{Value, context};

use super::open::Open;
use super::{Trouble, Visit};
use crate::store::{self, Clarification};

/// What is still asked about the submission in whose place this one shall stand.
fn asked(visit: &Visit<'_>, open: &Open<'_>) -> Result<Vec<Clarification>, Trouble> {
    let Some(earlier) = open.submission.supersedes else { return Ok(Vec::new()) };
    Ok(visit.app.store.read(|connection| store::open_of(connection, earlier))?)
}

/// What was said of one request.
fn said(visit: &Visit<'_>, one: &Clarification) -> Option<bool> {
    match visit.sent(&name(one))? {
        "taip" => Some(true),
        "ne" => Some(false),
        _ => None,
    }
}

fn name(one: &Clarification) -> String {
    format!("patikslinta-{}", one.id)
}

/// The requests as the page to sign on shows them; `wanting` says that an answer was looked for, and those that have none are marked.
pub(super) fn shown(visit: &Visit<'_>, open: &Open<'_>, wanting: bool) -> Result<Vec<Value>, Trouble> {
    let view = |one: &Clarification| {
        let said = said(visit, one);
        let missing = wanting && said.is_none();
        context! { name => name(one), question => &one.question, due => &one.due, yes => said == Some(true), no => said == Some(false), missing }
    };
    Ok(asked(visit, open)?.iter().map(view).collect())
}

/// The requests that this submission answers; `None` while something was not said of each.
pub(super) fn given(visit: &Visit<'_>, open: &Open<'_>) -> Result<Option<Vec<i64>>, Trouble> {
    let mut answered = Vec::new();
    for one in asked(visit, open)? {
        match said(visit, &one) {
            Some(true) => answered.push(one.id),
            Some(false) => {}
            None => return Ok(None),
        }
    }
    Ok(Some(answered))
}

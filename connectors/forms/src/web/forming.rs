//! From a draft without problems to the document that its submitter reviews and signs.

use super::edit::{Feedback, form, problems_of};
use super::open::Open;
use super::{Reply, Trouble, Visit, files, reading};
use crate::Error;
use crate::app::act;
use crate::entry::{Entry, LeftOut};
use crate::paper::Paper;
use crate::state::Step;
use crate::store::{self, Durability, StepOutcome};
use crate::training::TRAINING_NOTICE;

/// Checks; when nothing is wrong, forms the document at once.
pub(super) fn check_and_form(visit: &Visit<'_>, open: &Open<'_>, entry: &Entry, left_out: &[LeftOut<'_>]) -> Result<Reply, Trouble> {
    let problems = problems_of(visit, open, entry)?;
    if !problems.is_empty() {
        return form(visit, open, entry, &Feedback { problems: &problems, left_out, ..Feedback::default() });
    }
    let pdf = document(visit, open, entry)?;
    let id = open.submission.id;
    visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        let checked =
            store::advance(transaction, &open.submission, Step::Check, &StepOutcome::StateOnly, visit.now)?.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(open.person.account.id, Step::Check.code(), id, ""), visit.now)?;
        store::advance(transaction, &checked, Step::Form, &StepOutcome::Document(&pdf), visit.now)?.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(open.person.account.id, Step::Form.code(), id, files::hash(&pdf)), visit.now)
            .map_err(|error: Error| error.into())
    })?;
    Ok(Reply::to(format!("/pateiktis/{id}")))
}

/// The document of what was entered, as a PDF.
fn document(visit: &Visit<'_>, open: &Open<'_>, entry: &Entry) -> Result<Vec<u8>, Trouble> {
    let supersedes = match open.submission.supersedes {
        Some(earlier) => visit.app.store.read(|connection| Ok(store::find(connection, earlier)?.and_then(|one| one.receipt)))?,
        None => None,
    };
    let before = reading::before(visit, open)?;
    let paper = Paper {
        feed: open.feed,
        submission: &open.submission,
        entry,
        before: &before,
        catalog: &visit.app.catalog,
        outlets: &open.outlets,
        virs_name: &visit.app.virs_name(&open.submission),
        person: &open.person.account.name(),
        attachments: &open.attachments,
        supersedes: supersedes.as_deref(),
        notice: visit.app.settings.training.then_some(TRAINING_NOTICE),
        formed: visit.now,
    };
    Ok(paper.to_pdf())
}

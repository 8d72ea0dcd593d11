//! Before the signature and after the receipt: the review, the way back, corrections, requests to clarify.

use chrono::NaiveDate;
use minijinja::context;

use super::open::of_this_version;
use super::search::MOST_DRAFTS;
use super::{Reply, Trouble, Visit, access, reading};
use crate::Role;
use crate::app::act;
use crate::compared::{compare, removes};
use crate::letters;
use crate::state::{State, Step};
use crate::store::{self, Durability, NewSubmission, StepOutcome, Submission};

/// Longest question of the ministry, in bytes.
const LONGEST_QUESTION: usize = 2_000;

/// One step that leaves nothing behind but the state.
fn step(visit: &Visit<'_>, id: i64, step: Step) -> Result<Submission, Trouble> {
    let open = of_this_version(visit, id)?;
    visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        let moved = store::advance(transaction, &open.submission, step, &StepOutcome::StateOnly, visit.now)?.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(open.person.account.id, step.code(), id, ""), visit.now)?;
        Ok(moved)
    })
}

/// The document was looked through; if it takes anything away, somebody said that it shall.
pub(super) fn review(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    if open.submission.state.after(Step::Review).is_some() && visit.sent("salinti") != Some("taip") {
        let before = reading::before(visit, &open)?;
        if removes(&compare(open.feed, &before, &open.submission.entry)) {
            return reading::review(visit, &open, true);
        }
    }
    step(visit, id, Step::Review)?;
    Ok(Reply::to(format!("/pateiktis/{id}")))
}

/// Back to entering.
pub(super) fn back(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    step(visit, id, Step::Back)?;
    Ok(Reply::to(format!("/pateiktis/{id}")))
}

/// The draft is discarded.
pub(super) fn discard(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    step(visit, id, Step::Discard)?;
    Ok(Reply::to("/pradzia?istrinta=1"))
}

/// A correction of what was submitted: a new draft with the same content.
pub(super) fn correct(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    if open.submission.state != State::Submitted {
        return Err(Trouble::Outdated);
    }
    let draft = visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        let filter = store::Filter::Open(open.person.acting.role, &open.person.acting.organisation_code);
        let drafts = store::list(transaction, filter, MOST_DRAFTS)?;
        for summary in &drafts {
            // One correction at a time: who has begun it goes on with it.
            if store::find(transaction, summary.id)?.is_some_and(|one| one.supersedes == Some(id)) {
                return Ok(summary.id);
            }
        }
        if drafts.len() == MOST_DRAFTS {
            return Err(Trouble::TooManyDrafts);
        }
        let new = NewSubmission {
            feed: &open.submission.feed,
            virs: &open.submission.virs,
            acting: &open.person.acting,
            account: open.person.account.id,
            entry: &open.submission.entry,
            supersedes: Some(id),
        };
        let draft = store::create(transaction, &new, visit.now)?;
        store::note(transaction, act(open.person.account.id, "correct", draft, format!("of {id}")), visit.now)?;
        Ok(draft)
    })?;
    Ok(Reply::to(format!("/pateiktis/{draft}")))
}

/// The ministry asks a VIRS to clarify what it submitted.
pub(super) fn clarify(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let (person, feed, submission) = access::readable(visit, id)?;
    if person.acting.role != Role::Km || submission.acting.role != Role::Virs {
        return Err(Trouble::Forbidden);
    }
    if submission.state != State::Submitted {
        return Err(Trouble::Outdated);
    }
    let question = visit.sent("klausimas").unwrap_or_default().trim();
    let due = visit.sent("iki").and_then(|text| text.parse::<NaiveDate>().ok()).filter(|due| *due >= visit.today());
    let error = match (question, due) {
        ("", _) => Some(("klausimas", "Parašykite, ką patikslinti.")),
        (text, _) if text.len() > LONGEST_QUESTION => Some(("klausimas", "Klausimas per ilgas: sutrumpinkite.")),
        (text, _) if catalog::personal::stands_in(text) => Some(("klausimas", "Klausime negali būti asmens kodo: ištrinkite jį.")),
        (_, None) => Some(("iki", "Nurodykite dieną, ne ankstesnę už šiandieną.")),
        _ => None,
    };
    if let (None, Some(due)) = (error, due) {
        visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
            // A correction that came a moment ago has answered all there was to ask; nothing would ever answer this.
            if store::find(transaction, id)?.is_none_or(|now| now.state != State::Submitted) {
                return Err(Trouble::Outdated);
            }
            // The page sent twice asks once.
            if store::open_of(transaction, id)?.iter().any(|asked| asked.question == question && asked.due == due.to_string()) {
                return Err(Trouble::Outdated);
            }
            store::ask(transaction, id, question, due, person.account.id, visit.now)?;
            store::note(transaction, act(person.account.id, "ask to clarify", id, format!("by {due}")), visit.now)?;
            let receipt = submission.receipt.clone().unwrap_or_default();
            let letter = letters::clarify(&feed.title, &receipt, id, due, &visit.app.settings.origin);
            let about = format!("clarify-{id}-{}", visit.now.timestamp_millis());
            visit.app.notify(transaction, (submission.acting.role, &submission.acting.organisation_code), &about, &letter, visit.now)?;
            Ok(())
        })?;
        return Ok(Reply::to(format!("/pateiktis/{id}?paprasyta=1")));
    }
    let page = visit.app.templates.render(
        "clarify.html",
        context! {
            frame => person.frame(), id, title => &feed.title, question, due => visit.sent("iki").unwrap_or_default(),
            wrong => error.map(|(field, _)| field), error => error.map(|(_, text)| text),
        },
    )?;
    Ok(Reply::page(page).with_status(axum::http::StatusCode::UNPROCESSABLE_ENTITY))
}

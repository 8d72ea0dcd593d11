//! Many submissions, one signature: everything of an organisation that waits for it, signed in one container.

use axum::http::StatusCode;
use minijinja::{Value, context};

use super::open::{self, Open};
use super::search::MOST_DRAFTS;
use super::signing::{sent, submit as submit_one, verify};
use super::visit::Person;
use super::{Method, Reply, Trouble, Visit, answers, files};
use crate::Error;
use crate::app::act;
use crate::store::{self, Durability, Filter};

/// What of the visitor's organisation and role waits for its signature; what was begun first comes first.
fn waiting<'a>(visit: &'a Visit<'_>, person: &Person) -> Result<Vec<Open<'a>>, Trouble> {
    let filter = Filter::Waiting(person.acting.role, &person.acting.organisation_code);
    let mut numbers: Vec<i64> =
        visit.app.store.read(|connection| store::list(connection, filter, MOST_DRAFTS))?.iter().map(|one| one.id).collect();
    numbers.sort_unstable();
    numbers.into_iter().map(|id| open::open(visit, id)).collect()
}

/// Where a page says of which version it shows a submission.
fn shown_as(id: i64) -> String {
    format!("versija-{id}")
}

/// What came of a container.
#[derive(Default)]
struct Outcome {
    /// What was submitted: numbers, what they are, receipts.
    done: Vec<Value>,
    /// What was not: numbers, and why.
    left: Vec<(i64, &'static str)>,
    /// Why nothing was.
    error: Option<String>,
}

/// The list, with a place for the container.
pub(super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    shown(visit, &Outcome::default())
}

fn shown(visit: &Visit<'_>, outcome: &Outcome) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let mut listed = Vec::new();
    for open in waiting(visit, &person)? {
        let id = open.submission.id;
        let why = outcome.left.iter().find(|(left, _)| *left == id).map(|(_, why)| *why);
        listed.push(context! {
            version => &open.submission.version, shown_as => shown_as(id), file => files::document_name(id), why,
            requests => answers::shown(visit, &open, visit.method == Method::Post)?, ..named(visit, &open)
        });
    }
    let page = visit.app.templates.render(
        "together.html",
        context! {
            frame => person.frame(), listed, done => &outcome.done, error => &outcome.error, can_sign => visit.app.trust.is_some(),
            sent => visit.method == Method::Post,
        },
    )?;
    Ok(Reply::page(page).with_status(if outcome.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

fn named(visit: &Visit<'_>, open: &Open<'_>) -> Value {
    context! { id => open.submission.id, feed => &open.feed.title, virs => visit.app.virs_name(&open.submission), code => &open.submission.virs }
}

/// A signed container was uploaded: whatever of the page that was sent is in it is submitted, each in a transaction of its own.
pub(super) fn submit(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let bytes = match sent(visit) {
        Ok(bytes) => bytes,
        Err(told) => return shown(visit, &Outcome { error: Some(told.to_owned()), ..Outcome::default() }),
    };
    // What the page did not show, or showed as it was before, is left alone: its document is none of those that may be in the container.
    let is_shown = |open: &Open<'_>| visit.sent(&shown_as(open.submission.id)) == Some(open.submission.version.to_string().as_str());
    let listed: Vec<Open<'_>> = waiting(visit, &person)?.into_iter().filter(is_shown).collect();
    let verified = match verify(visit, &person, &listed, bytes)? {
        Ok(verified) => verified,
        Err(told) => return shown(visit, &Outcome { error: Some(told), ..Outcome::default() }),
    };
    let mut outcome = Outcome::default();
    for (place, open) in listed.iter().enumerate() {
        let id = open.submission.id;
        let Some((_, answered)) = verified.holds.iter().find(|(held, _)| *held == place) else {
            outcome.left.push((id, "Šio dokumento pasirašytame faile nėra."));
            continue;
        };
        // One of those before it may have changed what it must fit to: it is held to what is there now.
        let again = open::open(visit, id)
            .and_then(|now| if now.submission.version == open.submission.version { Ok(now) } else { Err(Trouble::Outdated) });
        match again.and_then(|open| submit_one(visit, &open, &verified, answered)) {
            Ok(receipt) => outcome.done.push(context! { receipt, ..named(visit, open) }),
            Err(Trouble::Outdated) => outcome.left.push((
                id,
                "Nepateikta: tuo metu pasikeitė pats pateikimas arba tai, su kuo jis turi derėti. Atverkite jį ir pasitikrinkite.",
            )),
            // What was submitted before it has its receipt, and whoever sent the container must hear of that, too.
            Err(trouble) => {
                tracing::error!(submission = id, error = trouble.for_log(), "a submission with a valid signature could not be submitted");
                outcome.left.push((id, "Nepateikta dėl sistemos klaidos: įkelkite tą patį failą dar kartą po kelių minučių."));
            }
        }
    }
    shown(visit, &outcome)
}

/// The documents of all that waits, in one file.
pub(super) fn documents(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let waiting = waiting(visit, &person)?;
    let documents = visit.app.store.read(|connection| {
        let one = |open: &Open<'_>| {
            let id = open.submission.id;
            Ok(store::document(connection, id)?.map(|document| (files::document_name(id), document)))
        };
        waiting.iter().filter_map(|open| one(open).transpose()).collect::<Result<Vec<_>, Error>>()
    })?;
    if documents.is_empty() {
        return Err(Trouble::NotFound);
    }
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        let noted = |open: &Open<'_>| store::note(transaction, act(person.account.id, "read document", open.submission.id, ""), visit.now);
        waiting.iter().try_for_each(noted)
    })?;
    let bundle = container::bundle(&documents).map_err(|_| Error::Content("documents that fit into one file"))?;
    Ok(Reply::file("VIRSIS-dokumentai.zip", "application/zip", bundle))
}

//! Pages that only show: the review, the wait for a signature, what was handed in, lists.

use axum::http::StatusCode;
use minijinja::{Value, context};

use super::edit::Open;
use super::start::{frame, line, local};
use super::visit::Person;
use super::{Reply, Trouble, Visit};
use crate::app::{App, act};
use crate::entry::Entry;
use crate::feed::Feed;
use crate::paper;
use crate::register::Outlet;
use crate::state::State;
use crate::store::{self, Acting, Durability, Filter, Submission};
use crate::{Error, Role};

/// How many submissions a list shows.
const SHOWN: usize = 200;

/// What was entered, in words.
fn content(app: &App, feed: &Feed, entry: &Entry, outlets: &[Outlet], codes: bool) -> Vec<Value> {
    let part = |section: &crate::feed::Section| {
        let records: Vec<Value> = entry
            .records(&section.name)
            .iter()
            .enumerate()
            .map(|(place, record)| {
                let fields: Vec<Value> = paper::fields(section, record, &app.catalog, outlets, codes)
                    .map(|(field, value)| context! { title => &field.title, value })
                    .collect();
                context! { title => format!("{} {}", section.one, place + 1), fields }
            })
            .collect();
        context! { title => &section.title, single => section.max == 1, records }
    };
    feed.sections.iter().map(part).collect()
}

/// Attached documents. `signed` says whether the visitor may have signed ones; of a PDF that is seen only when it is opened.
fn attachments(open: &[store::Attachment], signed: bool) -> Vec<Value> {
    let one = |one: &store::Attachment| {
        let link = signed || one.media_type == intake::PDF;
        context! { id => &one.id, name => &one.name, size => one.size / 1024 + 1, sha256 => &one.sha256, link }
    };
    open.iter().map(one).collect()
}

/// The document is formed and shall be looked through.
pub(super) fn review(visit: &Visit<'_>, open: &Open<'_>) -> Result<Reply, Trouble> {
    let page = visit.app.templates.render(
        "review.html",
        context! {
            frame => frame(&open.person), id => &open.submission.id, version => &open.submission.version, title => &open.feed.title,
            virs => visit.app.virs_name(&open.submission), code => &open.submission.virs,
            sections => content(visit.app, open.feed, &open.submission.entry, &open.outlets, open.person.acting.role.sees_codes()),
            attachments => attachments(&open.attachments, open.person.acting.role.sees_codes() || open.submission.account == open.person.account.id),
        },
    )?;
    Ok(Reply::page(page))
}

/// The document was looked through and waits for its signature.
pub(super) fn sign(visit: &Visit<'_>, open: &Open<'_>, error: Option<&str>) -> Result<Reply, Trouble> {
    let handed_over = visit.app.store.read(|connection| store::signing(connection, open.submission.id, open.submission.version))?;
    let page = visit.app.templates.render(
        "sign.html",
        context! {
            frame => frame(&open.person), id => &open.submission.id, version => &open.submission.version, title => &open.feed.title,
            virs => visit.app.virs_name(&open.submission), code => &open.submission.virs, error, can_sign => visit.app.trust.is_some(),
            module => visit.app.signing_module.is_some(), handed_over => handed_over.is_some(),
            back => visit.path.last().is_some_and(|last| last == "rc"),
        },
    )?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut reply = Reply::page(page).with_status(status);
    reply.form_action = visit.app.signing_module.as_ref().map(|module| module.origin().to_owned());
    Ok(reply)
}

/// Whether somebody may read what was handed in: those who did, the VIRS it is about, and staff of institutions (table 5).
pub(super) fn may_read(acting: &Acting, submission: &Submission) -> bool {
    if submission.acting == *acting {
        return true;
    }
    submission.state.is_handed_in() && (acting.role.reads_all() || acting.role == Role::Virs && acting.organisation_code == submission.virs)
}

/// A submission that the visitor may read.
pub(super) fn readable<'a>(visit: &'a Visit<'_>, id: i64) -> Result<(Person, &'a Feed, Submission), Trouble> {
    let person = visit.person()?;
    let submission = visit.app.store.read(|connection| store::find(connection, id))?;
    let submission = submission.filter(|one| may_read(&person.acting, one)).ok_or(Trouble::NotFound)?;
    let feed = visit.app.feed(&submission.feed).ok_or(Trouble::NotFound)?;
    Ok((person, feed, submission))
}

/// Whether the signed document itself may be had: it holds codes, which some may not see.
pub(super) fn may_have_document(person: &Person, feed: &Feed) -> bool {
    person.acting.role.sees_codes() || !feed.sections.iter().flat_map(|section| &section.fields).any(crate::feed::Field::is_secret)
}

/// What was handed in, with its receipt, its history, and what the ministry asked.
pub(super) fn view(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let (person, feed, submission) = readable(visit, id)?;
    let (outlets, attached, history, asked) = visit.app.store.read(|connection| {
        let mut outlets = visit.app.outlets_of_entry(feed, &submission);
        outlets.extend(visit.app.outlets(connection, &submission.virs)?);
        Ok((outlets, store::attachments(connection, id)?, store::history_of(connection, id)?, store::open_of(connection, id)?))
    })?;
    let own = submission.acting == person.acting;
    // Codes of persons may stand on this page: that somebody else looked at them is noted, as it is for the document.
    if !own {
        let entry = act(person.account.id, "read submission", id, "");
        visit.app.store.write::<_, Error>(Durability::Usual, |transaction| store::note(transaction, entry, visit.now))?;
    }
    let codes = person.acting.role.sees_codes();
    let day = |stamp: &Option<String>| stamp.as_deref().map(|stamp| local(stamp, "%Y-%m-%d %H:%M"));
    let page = visit.app.templates.render(
        "view.html",
        context! {
            frame => frame(&person), id, version => &submission.version, title => &feed.title, state => submission.state.title(),
            discarded => submission.state == State::Discarded, current => submission.state == State::Submitted,
            virs => visit.app.virs_name(&submission), code => &submission.virs, organisation => &submission.acting.organisation_name,
            receipt => &submission.receipt, submitted => day(&submission.submitted),
            sections => content(visit.app, feed, &submission.entry, &outlets, codes),
            attachments => attachments(&attached, codes || submission.account == person.account.id),
            history => history.iter().map(|one| line(visit.app, one)).collect::<Vec<_>>(),
            questions => asked.iter().map(|one| context! { question => &one.question, due => &one.due }).collect::<Vec<_>>(),
            may_correct => own && submission.state == State::Submitted,
            may_ask => person.acting.role == Role::Km && submission.state == State::Submitted && submission.acting.role == Role::Virs,
            may_have_document => own || may_have_document(&person, feed),
            may_have_container => codes || submission.signer == Some(person.account.id), fresh => visit.asked("pateikta").is_some(),
        },
    )?;
    Ok(Reply::page(page))
}

/// What was handed in, by whom the visitor may read of.
pub(super) fn list(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let acting = &person.acting;
    let virs = visit.asked("virs").unwrap_or_default();
    let filter = match (acting.role.reads_all(), virs) {
        (false, _) => Filter::About(&acting.organisation_code),
        (true, "") => Filter::All,
        (true, code) => Filter::About(code),
    };
    let found = visit.app.store.read(|connection| store::list(connection, filter, SHOWN))?;
    let lines: Vec<Value> = found.iter().map(|one| line(visit.app, one)).collect();
    let page = visit.app.templates.render(
        "list.html",
        context! { frame => frame(&person), lines, reads_all => acting.role.reads_all(), virs, most => SHOWN, full => found.len() == SHOWN },
    )?;
    Ok(Reply::page(page))
}

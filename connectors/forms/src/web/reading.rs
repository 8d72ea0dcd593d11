//! Pages that only show: the review, the wait for a signature, what was submitted, lists.

use axum::http::StatusCode;
use minijinja::{Value, context};

use super::access::{may_have_container, may_have_document, readable};
use super::fields::title;
use super::frame::{line, local};
use super::open::{Open, WORTH, waiting_count};
use super::{Reply, Trouble, Visit, answers};
use crate::app::{App, act};
use crate::compared::{Compared, Fate, compare, differing, removes};
use crate::entry::{Entry, Record};
use crate::feed::{Feed, Field, Section};
use crate::register::Outlet;
use crate::state::State;
use crate::store::{self, Durability, Filter};
use crate::{Error, Role};
use crate::{held, paper};

/// How many submissions a list shows.
const SHOWN: usize = 200;

/// What was entered, in words.
fn content(app: &App, feed: &Feed, entry: &Entry, outlets: &[Outlet], codes: bool) -> Vec<Value> {
    let part = |section: &Section| {
        let records: Vec<Value> = entry
            .records(&section.name)
            .iter()
            .enumerate()
            .map(
                |(place, record)| context! { title => title(section, place), fields => fields(app, section, record, outlets, codes, None) },
            )
            .collect();
        context! { title => &section.title, single => section.max == 1, records }
    };
    feed.sections.iter().map(part).collect()
}

/// The same, held against what stands now.
fn compared(app: &App, parts: &[Compared<'_>], entry: &Entry, outlets: &[Outlet], codes: bool) -> Vec<Value> {
    let part = |part: &Compared<'_>| {
        let section = part.section;
        let record = |(place, (record, fate)): (usize, (&Record, &Fate<'_>))| {
            let (fate, before) = match fate {
                Fate::New => ("Nauja", None),
                Fate::Changed(before) => ("Pakeista", Some(*before)),
                Fate::Same => ("", None),
            };
            context! { title => title(section, place), fate, fields => fields(app, section, record, outlets, codes, before) }
        };
        let records: Vec<Value> = entry.records(&section.name).iter().zip(&part.fates).enumerate().map(record).collect();
        let removed = part
            .removed
            .iter()
            .map(|record| context! { title => &section.one, fields => fields(app, section, record, outlets, codes, None) });
        context! { title => &section.title, single => section.max == 1, records, removed => removed.collect::<Vec<_>>() }
    };
    parts.iter().map(part).collect()
}

/// Fields of a record in words; those that differ from what it said before say that, too.
fn fields(app: &App, section: &Section, record: &Record, outlets: &[Outlet], codes: bool, before: Option<&Record>) -> Vec<Value> {
    let differing: Vec<&str> =
        before.map(|before| differing(section, before, record).into_iter().map(Field::name).collect()).unwrap_or_default();
    let was = |field: &Field| {
        let value = before?.get(field.name());
        let hidden = field.is_secret() && !codes;
        Some(value.map_or("–".to_owned(), |value| {
            if hidden { "(nerodoma)".to_owned() } else { paper::shown(field, value, &app.catalog, outlets) }
        }))
    };
    let mut lines: Vec<Value> = paper::fields(section, record, &app.catalog, outlets, codes)
        .map(|(field, value)| {
            let was = if differing.contains(&field.name()) { was(field) } else { None };
            context! { title => &field.title, value, was }
        })
        .collect();
    // What is emptied stands nowhere else.
    let emptied = section.fields.iter().filter(|field| differing.contains(&field.name()) && !record.contains_key(field.name()));
    lines.extend(emptied.map(|field| context! { title => &field.title, value => "–", was => was(field) }));
    lines
}

/// What stands now where the submission will, with what is needed to tell it.
pub(super) fn before(visit: &Visit<'_>, open: &Open<'_>) -> Result<Entry, Trouble> {
    let (submission, context) = (&open.submission, visit.app.context(&open.submission));
    let after = (&submission.entry, submission.supersedes);
    Ok(visit.app.store.read(|connection| held::before(connection, open.feed, after, &context, &visit.app.register()))?)
}

/// Attached documents. `signed` says whether the visitor may have signed ones; of a PDF that is seen only when it is opened.
fn attachments(open: &[store::Attachment], signed: bool) -> Vec<Value> {
    let one = |one: &store::Attachment| {
        let link = signed || one.media_type == intake::PDF;
        context! { id => &one.id, name => &one.name, size => one.size / 1024 + 1, sha256 => &one.sha256, link, public => one.public }
    };
    open.iter().map(one).collect()
}

/// The document is formed and shall be looked through: what it adds, changes and takes away. `unasked` says that somebody did not confirm what
/// is taken away.
pub(super) fn review(visit: &Visit<'_>, open: &Open<'_>, unasked: bool) -> Result<Reply, Trouble> {
    let (before, entry) = (before(visit, open)?, &open.submission.entry);
    let parts = compare(open.feed, &before, entry);
    // Names of outlets that are taken away are known from what stands now only.
    let mut outlets = open.outlets.clone();
    outlets.extend(visit.app.store.read(|connection| visit.app.outlets(connection, &open.submission.virs))?);
    let page = visit.app.templates.render(
        "review.html",
        context! {
            frame => open.person.frame(), id => &open.submission.id, version => &open.submission.version, title => &open.feed.title,
            virs => visit.app.virs_name(&open.submission), code => &open.submission.virs,
            sections => compared(visit.app, &parts, entry, &outlets, open.person.acting.role.sees_codes()),
            attachments => attachments(&open.attachments, open.person.acting.role.sees_codes() || open.submission.account == open.person.account.id),
            removes => removes(&parts), unasked,
            removed => parts.iter().map(|part| part.removed.len()).sum::<usize>(),
        },
    )?;
    Ok(Reply::page(page).with_status(if unasked { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

/// What kept a document from being handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// Whether it answers what the ministry asked was not said.
    Unanswered,
    /// There is no signed file, or its signature was refused.
    Signature,
    /// It is not signed in the module yet.
    Unsigned,
    /// The module does not answer.
    Silent,
}

impl Obstacle {
    /// As the page knows it.
    fn code(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Signature => "signature",
            Self::Unsigned => "unsigned",
            Self::Silent => "silent",
        }
    }
}

/// The document was looked through and waits for its signature; `wrong` is what kept it from being handed in, in words.
pub(super) fn sign(visit: &Visit<'_>, open: &Open<'_>, wrong: Option<(Obstacle, &str)>) -> Result<Reply, Trouble> {
    let (obstacle, error) = wrong.unzip();
    let handed_over = visit.app.store.read(|connection| store::signing(connection, open.submission.id, open.submission.version))?;
    let page = visit.app.templates.render(
        "sign.html",
        context! {
            frame => open.person.frame(), id => &open.submission.id, version => &open.submission.version, title => &open.feed.title,
            virs => visit.app.virs_name(&open.submission), code => &open.submission.virs, error, obstacle => obstacle.map(Obstacle::code), can_sign => visit.app.trust.is_some(),
            module => visit.app.signing_module.is_some(), handed_over => handed_over.is_some(), requests => answers::shown(visit, open, obstacle == Some(Obstacle::Unanswered))?,
            // From the module, whether on the way back or with what came of it.
            back => visit.path.iter().any(|part| part == "rc"), together => waiting_count(visit, &open.person)? >= WORTH,
        },
    )?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut reply = Reply::page(page).with_status(status);
    reply.form_action = visit.app.signing_module.as_ref().map(|module| module.origin().to_owned());
    Ok(reply)
}

/// What was submitted, with its receipt, its history, and what the ministry asked.
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
            frame => person.frame(), id, version => &submission.version, title => &feed.title, state => submission.state.title(),
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
            may_have_container => may_have_container(visit, &person, &submission)?, sees_codes => codes, fresh => visit.asked("pateikta").is_some(),
            asked => visit.asked("paprasyta").is_some(),
        },
    )?;
    Ok(Reply::page(page))
}

/// What was submitted, by whom the visitor may read of.
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
        context! { frame => person.frame(), lines, reads_all => acting.role.reads_all(), virs, most => SHOWN, full => found.len() == SHOWN },
    )?;
    Ok(Reply::page(page))
}

//! What a sent form does to its draft, in four steps: the intent is parsed, applied to what was entered, all of it is saved in one
//! transaction, and the visitor is answered. Whatever the intent was, what was typed is saved.

use rusqlite::Transaction;

use super::edit::{FIND, Feedback, REMOVE, form};
use super::files::Upload;
use super::forming::check_and_form;
use super::intent::Intent;
use super::open::{Open, of_this_version};
use super::pages::{ERRORS, PAGE, Pages, on_page, wanted};
use super::{Reply, Trouble, Visit, files, lookups};
use crate::app::act;
use crate::entry::{Context, Entry, LeftOut};
use crate::problem::Problem;
use crate::register::only;
use crate::state::{State, Step};
use crate::store::{self, Durability};

/// What the draft becomes.
struct Edit<'v> {
    entry: Entry,
    /// What was taken out of records because it does not belong to what is chosen there.
    left_out: Vec<LeftOut<'v>>,
    /// Where on the form the visitor is led next: what follows its address.
    target: String,
    attachments: AttachmentEdit<'v>,
}

/// What becomes of the attachments.
struct AttachmentEdit<'v> {
    added: Vec<Upload<'v>>,
    change: Option<AttachmentChange>,
    /// Why one was not added, or will not be published.
    refused: Option<String>,
}

/// A change of an attachment that is there already.
enum AttachmentChange {
    Publish(i64, bool),
    Detach(i64),
}

/// Saves what was typed and does what the button says.
pub(super) fn save(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let mut open = of_this_version(visit, id)?;
    if open.submission.state != State::Draft {
        return Err(Trouble::Outdated);
    }
    let intent = Intent::of(visit).ok_or(Trouble::Malformed)?;
    let context = visit.app.context(&open.submission);
    let mut edit = apply(visit, &open, intent, &context)?;
    persist(visit, &mut open, &mut edit, &context)?;
    answer(visit, &open, intent, &edit)
}

/// Applies what was typed, and then the intent; nothing is saved yet.
fn apply<'v>(visit: &'v Visit<'_>, open: &Open<'v>, intent: Intent<'_>, context: &Context) -> Result<Edit<'v>, Trouble> {
    let mut entry = open.submission.entry.clone();
    entry.fill(open.feed, visit.form.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let target = apply_to_records(visit, open, intent, context, &mut entry)?;
    let page = match intent {
        Intent::Add(section) => {
            let records = entry.records(section).len();
            Pages::of(open.feed, &entry, wanted(visit)).of_record(section, records.saturating_sub(1))
        }
        _ => wanted(visit),
    };
    lookups::name_institutions(visit.app, open.feed, &mut entry);
    let left_out = entry.leave_out(open.feed);
    let attachments = apply_to_attachments(visit, open, intent)?;
    Ok(Edit { entry, left_out, target: on_page(&target, page), attachments })
}

/// Adds, removes or fills records; returns where on the form the visitor is led.
fn apply_to_records(
    visit: &Visit<'_>,
    open: &Open<'_>,
    intent: Intent<'_>,
    context: &Context,
    entry: &mut Entry,
) -> Result<String, Trouble> {
    let section_called = |name: &str| open.feed.section(name).ok_or(Trouble::Malformed);
    let target = match intent {
        Intent::Add(name) => {
            let section = section_called(name)?;
            if !entry.add(section, context) {
                return Ok(String::new());
            }
            let place = entry.records(&section.name).len() - 1;
            if let Some(outlet) = only(&open.outlets) {
                entry.choose_outlet(section, place, &outlet.number);
            }
            format!("#{name}-{place}")
        }
        Intent::Remove(name, place) | Intent::RemoveConfirmed(name, place) => {
            let section = section_called(name)?;
            // Somebody would have to enter it all again: nothing of that goes by one wrong click.
            if matches!(intent, Intent::Remove(..)) && entry.holds_something(section, place, context) {
                format!("?{REMOVE}={name}.{place}#{name}-{place}")
            } else {
                entry.remove(section, place);
                format!("#skiltis-{name}")
            }
        }
        Intent::Choose(section, place, code) => {
            choose(visit, open, entry, (section, place), code)?;
            format!("#{section}-{place}")
        }
        // What was found stands on the page that is shown next.
        Intent::Find(section, place) => format!("?{FIND}={section}.{place}#rasta"),
        Intent::Publish(..) => "#skiltis-priedai".to_owned(),
        Intent::Page(..) | Intent::Save | Intent::Show | Intent::Check | Intent::Detach(_) => String::new(),
    };
    Ok(target)
}

/// Fills a record with the legal entity that was chosen for it.
fn choose(visit: &Visit<'_>, open: &Open<'_>, entry: &mut Entry, (section, place): (&str, usize), code: &str) -> Result<(), Trouble> {
    let columns = open.feed.section(section).and_then(|section| section.entity.as_ref()).ok_or(Trouble::Malformed)?;
    let record = entry.sections.get_mut(section).and_then(|records| records.get_mut(place)).ok_or(Trouble::Malformed)?;
    let chosen = lookups::entity(visit, code).ok().flatten().ok_or(Trouble::NotFound)?;
    record.insert(columns.code.clone(), chosen.code);
    record.insert(columns.name.clone(), chosen.name);
    if let (Some(column), Some(form)) = (&columns.form, chosen.form) {
        record.insert(column.clone(), form);
    }
    Ok(())
}

/// Decides which uploaded documents are attached, and whether one may be published.
fn apply_to_attachments<'v>(visit: &'v Visit<'_>, open: &Open<'_>, intent: Intent<'_>) -> Result<AttachmentEdit<'v>, Trouble> {
    let room = open.feed.attachments.saturating_sub(open.attachments.len());
    let (added, mut refused) = files::accept(visit, room, open.feed.publishes);
    let change = match intent {
        Intent::Detach(attachment) => Some(AttachmentChange::Detach(attachment)),
        Intent::Publish(attachment, public) if open.feed.publishes => {
            let read = |connection: &_| store::read_attachment(connection, open.submission.id, attachment);
            let (name, _, bytes) = visit.app.store.read(read)?.ok_or(Trouble::NotFound)?;
            refused = public.then(|| files::not_public(&name, &bytes)).flatten().or(refused);
            refused.is_none().then_some(AttachmentChange::Publish(attachment, public))
        }
        _ => None,
    };
    Ok(AttachmentEdit { added, change, refused })
}

/// Saves all of it or nothing, and brings `open` up to what is saved.
fn persist(visit: &Visit<'_>, open: &mut Open<'_>, edit: &mut Edit<'_>, context: &Context) -> Result<(), Trouble> {
    let id = open.submission.id;
    let saved = visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        edit.entry.give(open.feed, context, |prefix| visit.app.number(transaction, prefix))?;
        if !store::save(transaction, &open.submission, &edit.entry, visit.now)? {
            return Err(Trouble::Outdated);
        }
        persist_attachments(visit, transaction, open, &mut edit.attachments)?;
        store::note(transaction, act(open.person.account.id, Step::Save.code(), id, ""), visit.now)?;
        Ok((store::find(transaction, id)?.ok_or(Trouble::NotFound)?, store::attachments(transaction, id)?))
    })?;
    (open.submission, open.attachments) = saved;
    let declared = visit.app.outlets_of_entry(open.feed, &open.submission);
    if !declared.is_empty() {
        open.outlets = declared;
    }
    Ok(())
}

fn persist_attachments(
    visit: &Visit<'_>,
    transaction: &Transaction<'_>,
    open: &Open<'_>,
    edit: &mut AttachmentEdit<'_>,
) -> Result<(), Trouble> {
    let id = open.submission.id;
    let note = |action: &str, detail: String| store::note(transaction, act(open.person.account.id, action, id, detail), visit.now);
    for (attachment, bytes) in &edit.added {
        if let Some(reason) = files::too_much(transaction, &open.submission, attachment)? {
            edit.refused = Some(reason.to_owned());
            continue;
        }
        store::add_attachment(transaction, id, attachment, bytes, visit.now)?;
        note(if attachment.public { "attach public" } else { "attach" }, attachment.sha256.clone())?;
    }
    match edit.change {
        Some(AttachmentChange::Publish(attachment, public)) => {
            store::publish_attachment(transaction, id, attachment, public)?;
            note(if public { "publish attachment" } else { "unpublish attachment" }, attachment.to_string())?;
        }
        Some(AttachmentChange::Detach(attachment)) => {
            store::remove_attachment(transaction, id, attachment)?;
            note("detach", attachment.to_string())?;
        }
        None => {}
    }
    Ok(())
}

/// Tells the visitor what became of it.
fn answer(visit: &Visit<'_>, open: &Open<'_>, intent: Intent<'_>, edit: &Edit<'_>) -> Result<Reply, Trouble> {
    let (id, left_out) = (open.submission.id, edit.left_out.as_slice());
    let show = |feedback: Feedback<'_>| form(visit, open, &edit.entry, &feedback);
    if let Some(refused) = &edit.attachments.refused {
        let problem = Problem { section: "priedai".into(), place: 0, column: String::new(), message: refused.clone() };
        return show(Feedback { problems: &[problem], left_out, ..Feedback::default() });
    }
    let saved = "Juodraštis išsaugotas. Duomenys dar nepateikti.";
    match intent {
        Intent::Page(page, None) => Ok(Reply::to(format!("/pateiktis/{id}?{PAGE}={page}#forma"))),
        Intent::Page(page, Some(field)) => Ok(Reply::to(format!("/pateiktis/{id}?{PAGE}={page}&{ERRORS}=1#{field}"))),
        Intent::Check => check_and_form(visit, open, &edit.entry, left_out).map_err(Trouble::after_saving),
        Intent::Save => show(Feedback { notice: Some(saved), left_out, ..Feedback::default() }),
        Intent::Show => show(Feedback { left_out, ..Feedback::default() }),
        Intent::Add(_)
        | Intent::Remove(..)
        | Intent::RemoveConfirmed(..)
        | Intent::Find(..)
        | Intent::Choose(..)
        | Intent::Detach(_)
        | Intent::Publish(..) => Ok(Reply::to(format!("/pateiktis/{id}{}", edit.target))),
    }
}

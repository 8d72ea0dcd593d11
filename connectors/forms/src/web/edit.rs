//! The form: entering, correcting, saving, checking. A submission that cannot be changed any more is shown by `reading`.

use axum::http::StatusCode;
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::fields::{Choices, Fields, Found};
use super::open::{Open, open};
use super::pages::{ERRORS, PAGE, Pages, on_page, wanted};
use super::{Method, Reply, Trouble, Visit, files, lookups, reading, registers, typed};
use crate::Error;
use crate::app::act;
use crate::entry::{Entry, LeftOut};
use crate::feed::{About, Feed, OUTLET, Section};
use crate::paper::Paper;
use crate::problem::Problem;
use crate::register::only;
use crate::state::{State, Step};
use crate::store::{self, Durability, Moved};

/// In the address of a form: the record whose legal entity is looked for.
pub(super) const FIND: &str = "ieskoti";
/// In the address of a form: the record that somebody wants to take out, and shall be asked about.
const REMOVE: &str = "salinti";

/// The page of a submission: the form while it can be changed, else what it is waiting for, or what was handed in.
pub(super) fn page(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    match open(visit, id) {
        Ok(open) => match open.submission.state {
            State::Draft => {
                let found = visit.asked(FIND).map(|wanted| find(visit, &open, wanted)).transpose()?;
                let asked = visit.asked(REMOVE).and_then(place_of);
                let notice = visit.asked("irasyta").map(|_| "Tai, ką buvote įrašę, grąžinta į juodraštį. Duomenys dar nepateikti.");
                form(visit, &open, &open.submission.entry, &Said { found, asked, notice, ..Said::default() })
            }
            State::Checked | State::Formed => reading::review(visit, &open, false),
            State::Reviewed | State::Signed => reading::sign(visit, &open, None),
            State::Submitted | State::Superseded | State::Discarded => reading::view(visit, id),
        },
        Err(Trouble::NotFound) => reading::view(visit, id),
        Err(trouble) => Err(trouble),
    }
}

/// What a form says beside what was entered.
#[derive(Default)]
struct Said<'a> {
    problems: &'a [Problem],
    notice: Option<&'a str>,
    left_out: &'a [LeftOut<'a>],
    found: Option<Found>,
    /// Section and place of a record that shall be taken out only if somebody says so again.
    asked: Option<(&'a str, usize)>,
}

/// A record in an address: `section.place`.
fn place_of(text: &str) -> Option<(&str, usize)> {
    let (section, place) = text.split_once('.')?;
    Some((section, place.parse().ok()?))
}

/// Looks for the legal entity of a record, `section.place`, by what stands in it: the beginning of a name, else of a code.
fn find(visit: &Visit<'_>, open: &Open<'_>, wanted: &str) -> Result<Found, Trouble> {
    let (section, place) = place_of(wanted).ok_or(Trouble::NotFound)?;
    let record = open.submission.entry.records(section).get(place).ok_or(Trouble::NotFound)?;
    let columns = open.feed.section(section).and_then(|section| section.entity.as_ref()).ok_or(Trouble::NotFound)?;
    let register = visit.app.look_up.as_ref().ok_or(Trouble::NotFound)?;
    let text = record.get(&columns.name).or_else(|| record.get(&columns.code)).map_or("", String::as_str);
    lookups::note(visit, &open.person, "juridiniai")?;
    Ok(Found { section: section.to_owned(), place, entities: register.entities(text) })
}

fn form(visit: &Visit<'_>, open: &Open<'_>, entry: &Entry, said: &Said<'_>) -> Result<Reply, Trouble> {
    // Errors of what was kept are shown on each page that they lead to, until it is kept again.
    let asked = (visit.method == Method::Get && visit.asked(ERRORS).is_some()).then(|| problems_of(visit, open, entry)).transpose()?;
    let problems = asked.as_deref().unwrap_or(said.problems);
    let pages = Pages::with_errors(open.feed, entry, wanted(visit), problems);
    let fields = Fields {
        pages: &pages,
        choices: Choices::default(),
        catalog: &visit.app.catalog,
        feed: open.feed,
        entry,
        outlets: &open.outlets,
        problems,
        left_out: said.left_out,
        today: visit.today().to_string(),
        look_up: visit.app.look_up.as_deref(),
        found: said.found.as_ref(),
        asked: said.asked,
    };
    let notice =
        said.notice.map(|notice| [Some(notice), fields.shortened().as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" "));
    let status = if problems.is_empty() || asked.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let attachments: Vec<_> =
        open.attachments.iter().map(|one| context! { id => &one.id, name => &one.name, size => one.size / 1024 + 1, public => one.public, pdf => one.media_type == intake::PDF }).collect();
    let page = visit.app.templates.render(
        "edit.html",
        context! {
            page => pages.shown(), pages => pages.count(), found => problems.len(),
            frame => open.person.frame(), id => &open.submission.id, version => &open.submission.version,
            title => &open.feed.title, virs => visit.app.virs_name(&open.submission), code => &open.submission.virs,
            shape => entry.shape(open.feed), sections => Value::from(Serde(fields.sections())), problems => Value::from(Serde(fields.problems())), notice, attachments, can_attach => open.feed.attachments > open.attachments.len(),
            publishes => open.feed.publishes, most_attachments => &open.feed.attachments, corrects => open.submission.supersedes.is_some(),
            whole => open.feed.whole, without_outlets => needs_outlets(open.feed) && open.outlets.is_empty(),
            registers => if open.feed.whole { registers::shown(visit.app, &open.submission.virs) } else { Value::from(()) },
            typed => typed::waiting(visit, open)?,
        },
    )?;
    Ok(Reply::page(page).with_status(status))
}

/// Whether nothing can be entered before there is an outlet to enter it for.
fn needs_outlets(feed: &Feed) -> bool {
    let required = |section: &Section| section.min > 0 && section.field(OUTLET).is_some_and(|field| field.is_outlet() && field.required);
    feed.about == About::Own && feed.sections.iter().all(required)
}

/// What a button of the form wants.
enum Wish<'a> {
    /// To see another page of the form; perhaps a field of it, to mend it.
    Page(usize, Option<&'a str>),
    Keep,
    /// To see the fields of what is chosen, where no script shows them at once.
    Show,
    Check,
    Add(&'a str),
    Remove(&'a str, usize),
    /// The same, and whoever presses it has been asked.
    Removed(&'a str, usize),
    Find(&'a str, usize),
    Choose(&'a str, usize, &'a str),
    Detach(i64),
    /// To have a document published, or not.
    Publish(i64, bool),
}

/// Whether a text may be the id of something on a page.
fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn wish(text: &str) -> Option<Wish<'_>> {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        ["puslapis", page] => Some(Wish::Page(page.parse().ok()?, None)),
        ["puslapis", page, field] if is_id(field) => Some(Wish::Page(page.parse().ok()?, Some(field))),
        ["saugoti"] => Some(Wish::Keep),
        ["rodyti"] => Some(Wish::Show),
        ["tikrinti"] => Some(Wish::Check),
        ["prideti", section] => Some(Wish::Add(section)),
        ["salinti", section, place] => Some(Wish::Remove(section, place.parse().ok()?)),
        ["salinti-taip", section, place] => Some(Wish::Removed(section, place.parse().ok()?)),
        ["ieskoti", section, place] => Some(Wish::Find(section, place.parse().ok()?)),
        ["parinkti", section, place, code] => Some(Wish::Choose(section, place.parse().ok()?, code)),
        ["salinti-priedas", id] => Some(Wish::Detach(id.parse().ok()?)),
        ["skelbti", id] => Some(Wish::Publish(id.parse().ok()?, true)),
        ["neskelbti", id] => Some(Wish::Publish(id.parse().ok()?, false)),
        _ => None,
    }
}

/// Takes over what was typed, keeps it, and does what the button says.
pub(super) fn save(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let mut open = open(visit, id)?;
    let version: i64 = visit.sent("_versija").and_then(|text| text.parse().ok()).ok_or(Trouble::Malformed)?;
    if version != open.submission.version || open.submission.state != State::Draft {
        return Err(Trouble::Outdated);
    }
    // A form sent by the return key alone names no button: it is kept.
    let wish = wish(visit.sent("veiksmas").unwrap_or("saugoti")).ok_or(Trouble::Malformed)?;
    let context = visit.app.context(&open.submission);
    let mut entry = open.submission.entry.clone();
    entry.fill(open.feed, visit.form.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut target = None;
    match wish {
        Wish::Add(section) => {
            let section = open.feed.section(section).ok_or(Trouble::Malformed)?;
            if entry.add(section, &context) {
                let place = entry.records(&section.name).len() - 1;
                if let Some(outlet) = only(&open.outlets) {
                    entry.choose_outlet(section, place, &outlet.number);
                }
                target = Some(format!("#{}-{place}", section.name));
            }
        }
        Wish::Remove(section, place) | Wish::Removed(section, place) => {
            let section = open.feed.section(section).ok_or(Trouble::Malformed)?;
            // Somebody would have to enter it all again: nothing of that goes by one wrong click.
            if matches!(wish, Wish::Remove(..)) && entry.holds_something(section, place, &context) {
                target = Some(format!("?{REMOVE}={name}.{place}#{name}-{place}", name = section.name));
            } else {
                entry.remove(section, place);
                target = Some(format!("#skiltis-{}", section.name));
            }
        }
        Wish::Publish(..) => target = Some("#skiltis-priedai".to_owned()),
        // What was found stands on the page that is shown next.
        Wish::Find(section, place) => target = Some(format!("?{FIND}={section}.{place}#rasta")),
        Wish::Choose(section, place, code) => {
            choose(visit, &open, &mut entry, (section, place), code)?;
            target = Some(format!("#{section}-{place}"));
        }
        _ => {}
    }
    let page = match wish {
        Wish::Add(section) => {
            let records = entry.records(section).len();
            Pages::of(open.feed, &entry, wanted(visit)).of_record(section, records.saturating_sub(1))
        }
        _ => wanted(visit),
    };
    let target = on_page(&target.unwrap_or_default(), page);
    lookups::name_institutions(visit.app, open.feed, &mut entry);
    let left_out = entry.leave_out(open.feed);
    let (uploads, mut refused) = files::accept(visit, open.feed.attachments.saturating_sub(open.attachments.len()), open.feed.publishes);
    let mut publish = None;
    if let (Wish::Publish(attachment, public), true) = (&wish, open.feed.publishes) {
        let found = visit.app.store.read(|connection| store::read_attachment(connection, id, *attachment))?;
        let (name, _, bytes) = found.ok_or(Trouble::NotFound)?;
        refused = public.then(|| files::not_public(&name, &bytes)).flatten().or(refused);
        publish = refused.is_none().then_some((*attachment, *public));
    }
    let saved = visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        entry.give(open.feed, &context, |prefix| visit.app.number(transaction, prefix))?;
        if !store::save(transaction, &open.submission, &entry, visit.now)? {
            return Err(Trouble::Outdated);
        }
        for (attachment, bytes) in &uploads {
            if let Some(reason) = files::too_much(transaction, &open.submission, attachment)? {
                refused = Some(reason.to_owned());
                continue;
            }
            store::add_attachment(transaction, id, attachment, bytes, visit.now)?;
            let action = if attachment.public { "attach public" } else { "attach" };
            store::note(transaction, act(open.person.account.id, action, id, &attachment.sha256), visit.now)?;
        }
        if let Some((attachment, public)) = publish {
            store::publish_attachment(transaction, id, attachment, public)?;
            let action = if public { "publish attachment" } else { "unpublish attachment" };
            store::note(transaction, act(open.person.account.id, action, id, attachment.to_string()), visit.now)?;
        }
        if let Wish::Detach(attachment) = wish {
            store::remove_attachment(transaction, id, attachment)?;
            store::note(transaction, act(open.person.account.id, "detach", id, attachment.to_string()), visit.now)?;
        }
        store::note(transaction, act(open.person.account.id, Step::Save.code(), id, ""), visit.now)?;
        Ok((store::find(transaction, id)?.ok_or(Trouble::NotFound)?, store::attachments(transaction, id)?))
    })?;
    (open.submission, open.attachments) = saved;
    let declared = visit.app.outlets_of_entry(open.feed, &open.submission);
    if !declared.is_empty() {
        open.outlets = declared;
    }
    if let Some(refused) = refused {
        let problem = Problem { section: "priedai".into(), place: 0, column: String::new(), message: refused };
        return form(visit, &open, &entry, &Said { problems: &[problem], left_out: &left_out, ..Said::default() });
    }
    let saved = "Juodraštis išsaugotas. Duomenys dar nepateikti.";
    match wish {
        Wish::Page(page, None) => Ok(Reply::to(format!("/pateiktis/{id}?{PAGE}={page}#forma"))),
        Wish::Page(page, Some(field)) => Ok(Reply::to(format!("/pateiktis/{id}?{PAGE}={page}&{ERRORS}=1#{field}"))),
        Wish::Check => check_and_form(visit, &open, &entry, &left_out).map_err(Trouble::after_saving),
        Wish::Keep => form(visit, &open, &entry, &Said { notice: Some(saved), left_out: &left_out, ..Said::default() }),
        Wish::Show => form(visit, &open, &entry, &Said { left_out: &left_out, ..Said::default() }),
        Wish::Add(_) | Wish::Remove(..) | Wish::Removed(..) | Wish::Find(..) | Wish::Choose(..) | Wish::Detach(_) | Wish::Publish(..) => {
            Ok(Reply::to(format!("/pateiktis/{id}{target}")))
        }
    }
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

/// What is wrong with what was entered.
fn problems_of(visit: &Visit<'_>, open: &Open<'_>, entry: &Entry) -> Result<Vec<Problem>, Trouble> {
    let said = (&open.submission, entry);
    Ok(visit.app.store.read(|connection| visit.app.problems(connection, open.feed, said, &open.outlets, visit.today()))?)
}

/// Checks; when nothing is wrong, forms the document at once.
fn check_and_form(visit: &Visit<'_>, open: &Open<'_>, entry: &Entry, left_out: &[LeftOut<'_>]) -> Result<Reply, Trouble> {
    let problems = problems_of(visit, open, entry)?;
    if !problems.is_empty() {
        return form(visit, open, entry, &Said { problems: &problems, left_out, ..Said::default() });
    }
    let supersedes = match open.submission.supersedes {
        Some(earlier) => visit.app.store.read(|connection| Ok(store::find(connection, earlier)?.and_then(|one| one.receipt)))?,
        None => None,
    };
    let before = reading::before(visit, open)?;
    let pdf = Paper {
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
        formed: visit.now,
    }
    .to_pdf();
    let id = open.submission.id;
    visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        let checked = store::advance(transaction, &open.submission, Step::Check, &Moved::Nothing, visit.now)?.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(open.person.account.id, Step::Check.code(), id, ""), visit.now)?;
        store::advance(transaction, &checked, Step::Form, &Moved::Document(&pdf), visit.now)?.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(open.person.account.id, Step::Form.code(), id, files::hash(&pdf)), visit.now)
            .map_err(|error: Error| error.into())
    })?;
    Ok(Reply::to(format!("/pateiktis/{id}")))
}

//! The form of a draft, as a page. What its buttons do is `save`'s; a submission that cannot be changed any more is shown by `reading`.

use axum::http::StatusCode;
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::fields::{Choices, Fields, Found};
use super::open::{Open, open};
use super::pages::{ERRORS, Pages, wanted};
use super::{Method, Reply, Trouble, Visit, lookups, reading, registers, typed};
use crate::entry::{Entry, LeftOut};
use crate::feed::{About, Feed, OUTLET, Section};
use crate::problem::Problem;
use crate::state::State;

/// In the address of a form: the record whose legal entity is looked for.
pub(super) const FIND: &str = "ieskoti";
/// In the address of a form: the record whose removal is to be confirmed.
pub(super) const REMOVE: &str = "salinti";

/// The page of a submission: the form while it can be changed, else what it is waiting for, or what was submitted.
pub(super) fn page(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    match open(visit, id) {
        Ok(open) => match open.submission.state {
            State::Draft => {
                let found = visit.asked(FIND).map(|wanted| find(visit, &open, wanted)).transpose()?;
                let to_confirm = visit.asked(REMOVE).and_then(place_of);
                let notice = visit.asked("irasyta").map(|_| "Tai, ką buvote įrašę, grąžinta į juodraštį. Duomenys dar nepateikti.");
                form(visit, &open, &open.submission.entry, &Feedback { found, to_confirm, notice, ..Feedback::default() })
            }
            State::Checked | State::Formed => reading::review(visit, &open, false),
            State::Reviewed | State::Signed => reading::sign(visit, &open, None),
            State::Submitted | State::Superseded | State::Discarded => reading::view(visit, id),
        },
        Err(Trouble::NotFound) => reading::view(visit, id),
        Err(trouble) => Err(trouble),
    }
}

/// What a form tells its visitor beside what was entered.
#[derive(Default)]
pub(super) struct Feedback<'a> {
    pub(super) problems: &'a [Problem],
    pub(super) notice: Option<&'a str>,
    /// What was taken out because it does not belong to what is chosen.
    pub(super) left_out: &'a [LeftOut<'a>],
    /// Legal entities that were looked for.
    pub(super) found: Option<Found>,
    /// Section and place of a record that is removed only after a second confirmation.
    pub(super) to_confirm: Option<(&'a str, usize)>,
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

/// The page that shows a draft for editing.
pub(super) fn form(visit: &Visit<'_>, open: &Open<'_>, entry: &Entry, feedback: &Feedback<'_>) -> Result<Reply, Trouble> {
    // Problems of a saved draft are shown on each page that they lead to, until it is saved again.
    let of_saved = (visit.method == Method::Get && visit.asked(ERRORS).is_some()).then(|| problems_of(visit, open, entry)).transpose()?;
    let problems = of_saved.as_deref().unwrap_or(feedback.problems);
    let pages = Pages::with_errors(open.feed, entry, wanted(visit), problems);
    let fields = Fields {
        pages: &pages,
        choices: Choices::default(),
        catalog: &visit.app.catalog,
        feed: open.feed,
        entry,
        outlets: &open.outlets,
        problems,
        left_out: feedback.left_out,
        today: visit.today().to_string(),
        look_up: visit.app.look_up.as_deref(),
        found: feedback.found.as_ref(),
        to_confirm: feedback.to_confirm,
    };
    let notice =
        feedback.notice.map(|notice| [Some(notice), fields.shortened().as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" "));
    let status = if problems.is_empty() || of_saved.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
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

/// What is wrong with what was entered.
pub(super) fn problems_of(visit: &Visit<'_>, open: &Open<'_>, entry: &Entry) -> Result<Vec<Problem>, Trouble> {
    let entered = (&open.submission, entry);
    Ok(visit.app.store.read(|connection| visit.app.problems(connection, open.feed, entered, &open.outlets, visit.today()))?)
}

//! The start page: what is to be done, what was begun, what was submitted.

use catalog::Audience;
use chrono::NaiveDate;
use minijinja::{Value, context};

use super::frame::{frame, line, local};
use super::open::WORTH;
use super::text::text;
use super::{Reply, Trouble, Visit, account, overview, typed};
use crate::app::App;
use crate::feed::About;
use crate::state::State;
use crate::store::{self, Act, Actor, Durability, Filter, Summary};
use crate::{Error, Role, days, set_aside};

/// How many submissions the start page lists; as many drafts as an organisation may have.
const SHOWN: usize = 50;

/// The last day on which a draft that nobody touches any more has its content.
fn kept_until(app: &App, one: &Summary) -> String {
    let changed = chrono::DateTime::parse_from_rfc3339(&one.changed);
    let until = changed.map(|changed| store::stamp(changed.to_utc() + chrono::TimeDelta::days(app.settings.draft_days.into())));
    local(&until.unwrap_or_default(), "%Y-%m-%d")
}

/// The start page.
pub(super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let (role, code) = (person.acting.role, person.acting.organisation_code.as_str());
    let (open, submissions, tasks, changes, aside) = visit.app.store.read(|connection| {
        Ok((
            store::list(connection, Filter::Open(role, code), SHOWN)?,
            store::list(connection, Filter::Submitted(role, code), SHOWN)?,
            store::open_for(connection, role, code)?,
            if role == Role::Virs { store::unseen_changes(connection, code)? } else { Vec::new() },
            store::set_aside_of(connection, role, code)?,
        ))
    })?;
    let waiting = open.iter().filter(|one| one.state == State::Reviewed).count();
    let submissions: Vec<Value> = submissions.iter().map(|one| line(visit.app, one)).collect();
    let open: Vec<Value> = open.iter().map(|one| context! { kept_until => kept_until(visit.app, one), ..line(visit.app, one) }).collect();
    let feeds: Vec<Value> = visit
        .app
        .feeds
        .iter()
        .filter(|feed| feed.role == role)
        .map(
            |feed| context! { name => &feed.name, title => &feed.title, description => &feed.description, own => feed.about == About::Own },
        )
        .collect();
    let tasks: Vec<Value> = tasks
        .iter()
        .map(|task| {
            let feed = visit.app.feed(&task.feed).map_or("", |feed| feed.title.as_str());
            context! { submission => &task.submission, feed, question => &task.question, due => due(&task.due, visit.today()) }
        })
        .collect();
    let not_taken = aside.iter().take(SHOWN);
    let not_taken: Vec<Value> = not_taken
        .map(|told| context! { submission => &told.record.submission, receipt => &told.receipt, place => set_aside::place(&visit.app.feeds, told) })
        .collect();
    let typed: Vec<Value> = typed::all(visit, person.account.id, &person.acting)?
        .iter()
        .map(|(one, kept)| {
            let feed = visit.app.feed(&one.feed).map_or("", |feed| feed.title.as_str());
            context! { submission => one.id, feed, virs => visit.app.virs_name(one), kept }
        })
        .collect();
    let changes: Vec<Value> = changes
        .iter()
        .map(|one| context! { id => one.id, what => &one.what, noticed => day(&one.noticed), due => due(&one.due, visit.today()) })
        .collect();
    let news = visit.app.content.news.iter().filter(|news| news.is_shown(Audience::Endpoint, visit.today()));
    let news: Vec<Value> =
        news.map(|news| context! { title => news.page.title(), date => news.date.to_string(), text => text(&news.page) }).collect();
    let page = visit.app.templates.render(
        "start.html",
        context! {
            frame => person.frame(), feeds, news, tasks, not_taken, typed, changes, waiting, together => waiting >= WORTH, looked => visit.asked("patikrinta").is_some(), discarded => visit.asked("istrinta").is_some(), open, submissions,
            overview => overview::of(visit, role)?, reads_all => role.reads_all(), code, draft_days => visit.app.settings.draft_days, password_until => account::given_until(&person),
        },
    )?;
    Ok(Reply::page(page))
}

/// The VIRS confirms that it looked at one thing that registers changed about it. A page sent twice confirms nothing more.
pub(super) fn looked(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    if person.acting.role != Role::Virs {
        return Err(Trouble::Forbidden);
    }
    let change: i64 = visit.sent("pakeitimas").and_then(|text| text.parse().ok()).ok_or(Trouble::Malformed)?;
    visit.app.store.write::<_, Error>(Durability::OnDisk, |transaction| {
        let virs = &person.acting.organisation_code;
        if store::looked_at_change(transaction, virs, change, person.account.id, visit.now)? {
            let (object, detail) = (format!("virs {virs}"), format!("change {change}"));
            store::note(
                transaction,
                Act { actor: Actor::Account(person.account.id), action: "looked at change", object, detail },
                visit.now,
            )?;
        }
        Ok(())
    })?;
    Ok(Reply::to("/pradzia?patikrinta=1"))
}

/// A day that the store holds, for a page: as machines and as people read it.
fn day(text: &str) -> Value {
    let words = text.parse().map_or_else(|_| text.to_owned(), days::in_words);
    context! { date => text, words }
}

/// The last day of a term, with how far it is.
fn due(text: &str, today: NaiveDate) -> Value {
    let (left, late) = text.parse().map_or_else(|_| (String::new(), false), |last| days::left(last, today));
    context! { day => day(text), left, late }
}

/// Help.
pub(super) fn help(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let signed_in = visit.signed_in().ok();
    let frame = signed_in.as_ref().map(|(session, account)| frame(session, account));
    let help = &visit.app.content.help;
    let page = visit
        .app
        .templates
        .render("help.html", context! { frame, title => help.title(), text => text(help), guides => &visit.app.guides })?;
    Ok(Reply::page(page))
}

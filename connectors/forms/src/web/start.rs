//! The start page: what is to be done, what was begun, what was handed in.

use catalog::Audience;
use chrono_tz::Europe::Vilnius;
use minijinja::{Value, context};

use super::text::text;
use super::visit::Person;
use super::{Reply, Trouble, Visit};
use crate::app::App;
use crate::feed::About;
use crate::store::{self, Filter, Summary};

/// How many submissions the start page lists; as many drafts as an organisation may have.
const SHOWN: usize = 50;

/// What every page shows of who is signed in.
pub(super) fn frame(person: &Person) -> Value {
    context! {
        csrf => &person.session.csrf,
        person => person.account.name(),
        role => person.acting.role.title(),
        organisation => &person.acting.organisation_name,
    }
}

/// A time that the store holds, as clocks in Lithuania showed it.
pub(super) fn local(stamp: &str, format: &str) -> String {
    let time = chrono::DateTime::parse_from_rfc3339(stamp).map(|time| time.with_timezone(&Vilnius));
    time.map_or_else(|_| stamp.to_owned(), |time| time.format(format).to_string())
}

/// A submission in a list.
pub(super) fn line(app: &App, one: &Summary) -> Value {
    let feed = app.feed(&one.feed).map_or_else(|| one.feed.clone(), |feed| feed.title.clone());
    let virs = app.register().virs(&one.virs).map_or_else(|| one.virs.clone(), |virs| virs.name.clone());
    let day = |stamp: &str| local(stamp, "%Y-%m-%d");
    context! {
        id => &one.id, feed, virs, code => &one.virs, state => one.state.title(), organisation => &one.organisation_name,
        changed => day(&one.changed), receipt => &one.receipt, submitted => one.submitted.as_deref().map(day),
    }
}

/// The start page.
pub(super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let (role, code) = (person.acting.role, person.acting.organisation_code.as_str());
    let (open, handed_in, tasks) = visit.app.store.read(|connection| {
        Ok((
            store::list(connection, Filter::Open(role, code), SHOWN)?,
            store::list(connection, Filter::HandedIn(role, code), SHOWN)?,
            store::open_for(connection, role, code)?,
        ))
    })?;
    let lines = |found: &[Summary]| found.iter().map(|one| line(visit.app, one)).collect::<Vec<_>>();
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
            context! { submission => &task.submission, feed, question => &task.question, due => &task.due }
        })
        .collect();
    let news = visit.app.content.news.iter().filter(|news| news.is_shown(Audience::Endpoint, visit.today()));
    let news: Vec<Value> =
        news.map(|news| context! { title => news.page.title(), date => news.date.to_string(), text => text(&news.page) }).collect();
    let page = visit.app.templates.render(
        "start.html",
        context! {
            frame => frame(&person), feeds, news, tasks, open => lines(&open), handed_in => lines(&handed_in),
            reads_all => role.reads_all(), code,
        },
    )?;
    Ok(Reply::page(page))
}

/// Help.
pub(super) fn help(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person().ok();
    let help = &visit.app.content.help;
    let page = visit
        .app
        .templates
        .render("help.html", context! { frame => person.as_ref().map(frame), title => help.title(), text => text(help) })?;
    Ok(Reply::page(page))
}

//! What every page has around it, and a submission as lists show it.

use chrono_tz::Europe::Vilnius;
use minijinja::{Value, context};

use crate::Role;
use crate::app::App;
use crate::store::{Account, Session, Summary};

/// What every page shows of who is signed in; the role and organisation, once they are chosen.
pub(super) fn frame(session: &Session, account: &Account) -> Value {
    let acting = session.acting.as_ref();
    context! {
        csrf => &session.csrf,
        person => account.name(),
        role => acting.map(|acting| acting.role.title()),
        administers => acting.is_some_and(|acting| acting.role == Role::Administratorius),
        reports => acting.is_some_and(|acting| acting.role.has_reports()),
        organisation => acting.map(|acting| &acting.organisation_name),
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

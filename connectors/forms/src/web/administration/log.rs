//! Searching the audit log, page by page; that somebody searched is in it, too. Nothing is changed here.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::Vilnius;
use minijinja::{Value, context};

use super::super::frame::local;
use super::super::{Reply, Trouble, Visit};
use super::desk::{Desk, act, broken, desk};
use super::{acts, state, words};
use crate::Error;
use crate::administration::LogState;
use crate::store::{self, AuditEntry, AuditFilter, Durability};

/// Entries on a page.
const SHOWN: usize = 50;

/// What was asked: only what can stand in the log again, so that nothing of what somebody typed does.
struct Asked {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    account: Option<i64>,
    action: Option<String>,
    feed: Option<String>,
    before: Option<i64>,
}

impl Asked {
    fn of(visit: &Visit<'_>, actions: &[String]) -> Self {
        let asked = |name: &str| visit.asked(name).map(str::trim).filter(|text| !text.is_empty());
        let day = |name: &str| asked(name).and_then(|text| text.parse::<NaiveDate>().ok());
        let number = |name: &str| asked(name).and_then(|text| text.parse::<i64>().ok()).filter(|number| *number > 0);
        Self {
            from: day("nuo"),
            until: day("iki"),
            account: number("paskyra"),
            action: asked("veiksmas").filter(|action| actions.iter().any(|known| known == action)).map(str::to_owned),
            feed: asked("forma").and_then(|name| visit.app.feed(name)).map(|feed| feed.name.clone()),
            before: number("pries"),
        }
    }

    fn filter(&self) -> AuditFilter {
        AuditFilter {
            from: self.from.and_then(begins),
            until: self.until.and_then(|day| day.succ_opt()).and_then(begins),
            actor: self.account.map(|id| format!("account {id}")),
            action: self.action.clone(),
            feed: self.feed.clone(),
            before: self.before,
        }
    }

    /// As the log says it.
    fn said(&self) -> String {
        let parts = [
            self.from.map(|day| format!("from {day}")),
            self.until.map(|day| format!("until {day}")),
            self.account.map(|id| format!("account {id}")),
            self.action.as_ref().map(|action| format!("action {action}")),
            self.feed.as_ref().map(|feed| format!("form {feed}")),
            self.before.map(|entry| format!("before {entry}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// The address of the next page.
    fn next(&self, last: i64) -> String {
        let mut address = form_urlencoded::Serializer::new(String::new());
        let pairs = [
            ("nuo", self.from.map(|day| day.to_string())),
            ("iki", self.until.map(|day| day.to_string())),
            ("paskyra", self.account.map(|id| id.to_string())),
            ("veiksmas", self.action.clone()),
            ("forma", self.feed.clone()),
            ("pries", Some(last.to_string())),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                address.append_pair(name, &value);
            }
        }
        format!("/administravimas/zurnalas?{}", address.finish())
    }
}

/// When a day begins in Lithuania.
fn begins(day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(Vilnius);
    midnight.earliest().map(|time| time.to_utc()).or_else(|| Some(day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(2)))
}

/// The page.
pub(in super::super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let Desk { person, port } = desk(visit)?;
    let actions = visit.app.store.read(store::audited_actions)?;
    let asked = Asked::of(visit, &actions);
    let log = port.log(&visit.app.store).map_err(broken)?;
    let found = visit.app.store.read(|connection| store::search_audit(connection, &asked.filter(), SHOWN + 1))?;
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        store::note(transaction, act(&person, "search audit log", "audit".to_owned(), asked.said()), visit.now)
    })?;
    let more = found.len() > SHOWN;
    let shown = &found[..found.len().min(SHOWN)];
    let accounts: BTreeSet<i64> = shown.iter().filter_map(|one| account_of(&one.actor)).collect();
    let names = visit.app.store.read(|connection| store::account_names(connection, accounts))?;
    let who = |one: &AuditEntry| match one.actor.as_str() {
        "nobody" => "neprisijungęs".to_owned(),
        "operator" => "operatorius serveryje".to_owned(),
        "system" => "sistema".to_owned(),
        actor => account_of(actor).map_or_else(|| actor.to_owned(), |id| acts::who(&names, id)),
    };
    let line = |one: &AuditEntry| {
        context! {
            entry => one.entry, at => local(&one.at, "%Y-%m-%d %H:%M:%S"), who => who(one), action => words::action(&one.action),
            object => words::object(&one.object), detail => &one.detail,
        }
    };
    let lines: Vec<Value> = shown.iter().map(line).collect();
    let choices: Vec<Value> = actions
        .iter()
        .map(|one| context! { code => one, title => words::action(one), chosen => asked.action.as_deref() == Some(one) })
        .collect();
    let feeds: Vec<Value> = visit
        .app
        .feeds
        .iter()
        .map(|feed| context! { code => &feed.name, title => &feed.title, chosen => asked.feed.as_deref() == Some(&feed.name) })
        .collect();
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let page = visit.app.templates.render(
        "admin_log.html",
        context! {
            frame => person.frame(), lines, actions => choices, feeds, from => day(asked.from), until => day(asked.until),
            account => asked.account.map(|id| id.to_string()).unwrap_or_default(), log => told(&log),
            next => shown.last().filter(|_| more).map(|last| asked.next(last.entry)),
        },
    )?;
    Ok(Reply::page(page))
}

fn account_of(actor: &str) -> Option<i64> {
    actor.strip_prefix("account ")?.parse().ok()
}

/// Whether the log is whole, in words.
fn told(log: &LogState) -> Value {
    let put_back: Vec<String> = log.put_back.iter().map(|at| state::time(*at, "%Y-%m-%d %H:%M")).collect();
    context! {
        whole => log.broken.is_none() && log.missing.is_none(), entries => log.entries, broken => &log.broken, missing => log.missing, put_back,
        last_hash => &log.last_hash, verified => state::time(log.verified, "%Y-%m-%d %H:%M"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_when_it_does_in_lithuania() {
        let at = |day: &str| store::stamp(begins(day.parse().unwrap()).unwrap());
        assert_eq!(at("2026-11-28"), "2026-11-27T22:00:00.000Z");
        assert_eq!(at("2026-07-01"), "2026-06-30T21:00:00.000Z");
    }

    #[test]
    fn the_next_page_asks_for_the_same_and_the_log_says_only_what_was_understood() {
        let asked = Asked {
            from: "2026-11-01".parse().ok(),
            until: None,
            account: Some(3),
            action: Some("sign in".into()),
            feed: None,
            before: None,
        };
        assert_eq!(asked.next(7), "/administravimas/zurnalas?nuo=2026-11-01&paskyra=3&veiksmas=sign+in&pries=7");
        assert_eq!(asked.said(), "from 2026-11-01, account 3, action sign in");
    }
}

//! What every page of administration begins with: who may see it. And what several of them say or check.

use axum::http::StatusCode;
use minijinja::context;
use rusqlite::Transaction;

use super::super::visit::Person;
use super::super::{Reply, Trouble, Visit};
use crate::administration::Administration;
use crate::store::{self, Act, Actor};
use crate::{Error, Role};

/// A reason says something, and not everything.
const SHORTEST_REASON: usize = 10;
const LONGEST_REASON: usize = 500;

/// An administrator at work.
pub(super) struct Desk<'a> {
    pub(super) person: Person,
    pub(super) port: &'a dyn Administration,
}

/// The one door to all of it. Whoever is no administrator reads the same whatever they ask for, and whether it is there or not.
pub(in super::super) fn allowed(visit: &Visit<'_>) -> Result<(), Trouble> {
    let person = visit.person()?;
    if person.acting.role == Role::Administratorius { Ok(()) } else { Err(Trouble::Forbidden) }
}

/// Who works here, and with what.
pub(super) fn desk<'a>(visit: &'a Visit<'_>) -> Result<Desk<'a>, Trouble> {
    allowed(visit)?;
    let port = visit.app.administration.as_deref().ok_or(Trouble::NotFound)?;
    Ok(Desk { person: visit.person()?, port })
}

/// Whether whoever sent this is an administrator at this very moment: the mandate may have been taken away since the page was read.
pub(super) fn still_allowed(visit: &Visit<'_>, transaction: &Transaction<'_>) -> Result<(), Trouble> {
    let token = visit.token.as_deref().ok_or(Trouble::SignIn)?;
    let session = store::find_session(transaction, token, visit.now)?.ok_or(Trouble::SignIn)?;
    let acting = session.acting.ok_or(Trouble::ChooseRole)?;
    if acting.role == Role::Administratorius { Ok(()) } else { Err(Trouble::Forbidden) }
}

/// What the pipeline could not do.
pub(super) fn broken(why: String) -> Trouble {
    Trouble::Broken(Error::Administration(why))
}

/// A page that says how something ended.
pub(super) fn told(visit: &Visit<'_>, person: &Person, status: StatusCode, title: &str, text: &str) -> Result<Reply, Trouble> {
    let page = visit.app.templates.render("admin_told.html", context! { frame => person.frame(), title, text })?;
    Ok(Reply::page(page).with_status(status))
}

/// The reason that was given, on one line, or what is wrong with it. It goes into the ledger and the audit log, which keep it for ever.
pub(super) fn reason(visit: &Visit<'_>) -> Result<String, &'static str> {
    let reason = visit.sent("priezastis").unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let letters = reason.chars().count();
    if letters < SHORTEST_REASON {
        return Err("Parašykite priežastį: bent 10 ženklų, kad ją suprastų ir kiti.");
    }
    if letters > LONGEST_REASON {
        return Err("Priežastis per ilga: sutrumpinkite iki 500 ženklų.");
    }
    if reason.chars().any(char::is_control) {
        return Err("Priežastyje yra neleistinų ženklų: ištrinkite juos.");
    }
    if catalog::personal::stands_in(&reason) {
        return Err("Priežastyje negali būti asmens kodo: ištrinkite jį.");
    }
    Ok(reason)
}

/// An act of administration, for the audit log.
pub(super) fn act<'a>(person: &Person, action: &'a str, object: String, detail: String) -> Act<'a> {
    Act { actor: Actor::Account(person.account.id), action, object, detail }
}

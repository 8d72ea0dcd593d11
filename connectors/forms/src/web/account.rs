//! Somebody's own account: where they are signed in, and their password. Both ask for the password once more; whoever comes through VIISP
//! has none, and must have signed in a moment ago.

use axum::http::StatusCode;
use chrono::TimeDelta;
use minijinja::{Value, context};
use rusqlite::Transaction;

use super::frame::local;
use super::visit::{Person, SESSION_COOKIE};
use super::{Reply, Trouble, Visit};
use crate::Error;
use crate::secrets::{hash_password, is_password, same, token};
use crate::store::{self, Act, Actor, COOKIE_HOURS, Durability};

/// Without a password, a sign-in proves who somebody is for so long.
const FRESH_MINUTES: i64 = 15;

const WRONG_PASSWORD: &str =
    "Dabartinis slaptažodis neteisingas. Bandykite dar kartą. Po penkių nesėkmingų bandymų paskyra užrakinama 15 minučių.";

/// Where something is wrong: the field, and what to do.
type Wrong = (&'static str, &'static str);

/// The hash of the password that somebody can sign in with, if they can.
fn password<'a>(visit: &Visit<'_>, person: &'a Person) -> Option<&'a str> {
    person.account.password.as_deref().filter(|_| visit.app.settings.local_accounts)
}

/// The page of the account.
pub(super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    show(visit, &visit.person()?, None)
}

fn show(visit: &Visit<'_>, person: &Person, wrong: Option<Wrong>) -> Result<Reply, Trouble> {
    let token = visit.token.as_deref().unwrap_or_default();
    let sessions = visit.app.store.read(|connection| store::sessions_of(connection, person.account.id, token, visit.now))?;
    let time = |stamp: &str| local(stamp, "%Y-%m-%d %H:%M");
    let sessions: Vec<Value> = sessions
        .iter()
        .map(|one| context! { created => time(&one.created), seen => time(&one.last_seen), organisation => &one.organisation_name, this => one.this })
        .collect();
    let offered = password(visit, person).map(|hash| visit.app.persons.offered_password(&person.session.csrf, hash));
    let done = match (visit.asked("pakeista"), visit.asked("atjungta")) {
        (Some(_), _) => Some("Slaptažodis pakeistas. Visi kiti prisijungimai baigti."),
        (_, Some(_)) => Some("Visi kiti prisijungimai baigti."),
        _ => None,
    };
    let page = visit.app.templates.render(
        "account.html",
        context! {
            frame => person.frame(), sessions, offered, done => done.filter(|_| wrong.is_none()), until => given_until(person),
            wrong => wrong.map(|(field, _)| field), error => wrong.map(|(_, text)| text),
        },
    )?;
    Ok(Reply::page(page).with_status(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

/// The last day of a password that an operator gave.
pub(super) fn given_until(person: &Person) -> Option<String> {
    person.account.password_until.map(|until| local(&store::stamp(until), "%Y-%m-%d"))
}

/// Puts the offered password in the place of the old one, and ends all other sessions.
pub(super) fn change_password(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let old = password(visit, &person).ok_or(Trouble::NotFound)?;
    if !shows_password(visit, &person, "senas", old)? {
        return show(visit, &person, Some(("senas", WRONG_PASSWORD)));
    }
    // Whoever cannot show it has not kept it, and could not sign in with it.
    let offered = visit.app.persons.offered_password(&person.session.csrf, old);
    if !same(visit.sent("naujas").unwrap_or_default().trim(), &offered) {
        return show(visit, &person, Some(("naujas", "Tai ne naujasis slaptažodis. Nukopijuokite jį iš šio puslapio ir įklijuokite.")));
    }
    let new = hash_password(&offered)?;
    begin_anew(visit, &person, "change password", "/paskyra?pakeista=1", |transaction| {
        if store::change_password(transaction, person.account.id, old, &new, visit.now)? { Ok(()) } else { Err(Trouble::Outdated) }
    })
}

/// Ends all other sessions.
pub(super) fn sign_out_elsewhere(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let wrong = match password(visit, &person) {
        Some(hash) if shows_password(visit, &person, "slaptazodis", hash)? => None,
        Some(_) => Some(WRONG_PASSWORD),
        None if visit.now - person.session.created <= TimeDelta::minutes(FRESH_MINUTES) => None,
        None => Some("Prisijungėte seniau nei prieš 15 minučių. Atsijunkite, prisijunkite iš naujo ir pakartokite."),
    };
    if let Some(wrong) = wrong {
        return show(visit, &person, Some(("slaptazodis", wrong)));
    }
    begin_anew(visit, &person, "end other sessions", "/paskyra?atjungta=1", |_| Ok(()))
}

/// Whether the password that was sent is theirs. Guessing it here is as hard as at the door.
fn shows_password(visit: &Visit<'_>, person: &Person, field: &str, hash: &str) -> Result<bool, Trouble> {
    let account = &person.account;
    let rests = account.locked_until.is_some_and(|until| until > visit.now);
    let shown = is_password(visit.sent(field).unwrap_or_default(), Some(hash)) && !rests;
    if !shown {
        visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
            if !rests {
                store::sign_in_failed(transaction, account.id, visit.now)?;
            }
            store::note(transaction, about_session(account.id, "password refused", String::new()), visit.now)
        })?;
    }
    Ok(shown)
}

/// Does something that must end all other sessions; this one goes on under another token.
fn begin_anew(
    visit: &Visit<'_>,
    person: &Person,
    action: &'static str,
    next: &str,
    work: impl FnOnce(&Transaction<'_>) -> Result<(), Trouble>,
) -> Result<Reply, Trouble> {
    let old = visit.token.as_deref().ok_or(Trouble::SignIn)?;
    let (fresh, csrf) = (token()?, token()?);
    visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
        work(transaction)?;
        let ended = store::keep_only_session(transaction, person.account.id, old, &fresh, &csrf)?;
        let detail = format!("{ended} other sessions ended");
        Ok(store::note(transaction, about_session(person.account.id, action, detail), visit.now)?)
    })?;
    Ok(Reply::to(next).with_cookie(SESSION_COOKIE, &fresh, COOKIE_HOURS * 3600))
}

fn about_session(account: i64, action: &str, detail: String) -> Act<'_> {
    Act { actor: Actor::Account(account), action, object: "session".to_owned(), detail }
}

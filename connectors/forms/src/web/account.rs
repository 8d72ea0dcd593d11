//! Somebody's own account: where they are signed in, and their password. Both ask for the password once more; whoever comes through VIISP
//! has none, and must have signed in a moment ago.

use axum::http::StatusCode;
use minijinja::{Value, context};
use rusqlite::Transaction;

use super::frame::local;
use super::visit::{Person, SESSION_COOKIE};
use super::{Reply, Trouble, Visit, proof};
use crate::secrets::{hash_password, same, token};
use crate::store::{self, COOKIE_HOURS, Durability};

/// Where something is wrong: the field, and what to do.
type Wrong = (&'static str, &'static str);

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
    let offered = proof::password(visit, person).map(|hash| visit.app.persons.offered_password(&person.session.csrf, hash));
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
    let old = proof::password(visit, &person).ok_or(Trouble::NotFound)?;
    if !proof::shows_password(visit, &person, "senas", old)? {
        return show(visit, &person, Some(("senas", proof::WRONG_PASSWORD)));
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
    if let Some(wrong) = proof::refused(visit, &person, "slaptazodis")? {
        return show(visit, &person, Some(("slaptazodis", wrong)));
    }
    begin_anew(visit, &person, "end other sessions", "/paskyra?atjungta=1", |_| Ok(()))
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
        Ok(store::note(transaction, proof::about_session(person.account.id, action, detail), visit.now)?)
    })?;
    Ok(Reply::to(next).with_cookie(SESSION_COOKIE, &fresh, COOKIE_HOURS * 3600))
}

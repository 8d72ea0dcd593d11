//! Signing in and out, and choosing in whose name to act.

use axum::http::StatusCode;
use minijinja::context;
use viisp::Ticket;

use super::visit::{HANDOVER_COOKIE, SESSION_COOKIE};
use super::{Reply, Trouble, Visit};
use crate::Error;
use crate::secrets::{is_password, token, totp_step};
use crate::store::{self, Account, Act, Actor, COOKIE_HOURS, Durability, Mandate};

/// A sign-in through VIISP takes no longer, in seconds.
const HANDOVER_SECONDS: i64 = 900;

/// The page to sign in on.
pub(super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    if visit.session.is_some() {
        return Ok(Reply::to("/pradzia"));
    }
    form(visit, None)
}

fn form(visit: &Visit<'_>, error: Option<&str>) -> Result<Reply, Trouble> {
    let settings = &visit.app.settings;
    let page = visit.app.templates.render(
        "signin.html",
        context! {
            error, ended => visit.asked("baigesi").is_some(), kept => visit.asked("issaugota").is_some(), hours => store::TYPED_HOURS,
            local => settings.local_accounts, viisp => visit.app.viisp.is_some(), login => visit.sent("vardas").unwrap_or_default(),
        },
    )?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Reply::page(page).with_status(status))
}

/// Name, password and one-time code. Whatever of them is wrong, the visitor reads the same.
pub(super) fn with_password(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    if !visit.app.settings.local_accounts {
        return Err(Trouble::NotFound);
    }
    let store = &visit.app.store;
    let login = visit.sent("vardas").unwrap_or_default().trim();
    let account = store.read(|connection| store::by_login(connection, login))?;
    let right_password =
        is_password(visit.sent("slaptazodis").unwrap_or_default(), account.as_ref().and_then(|one| one.password.as_deref()))
            && account.as_ref().is_some_and(|one| one.password_until.is_none_or(|until| until > visit.now));
    let secret = account.as_ref().and_then(|one| seed(visit, one)).unwrap_or_default();
    let step = totp_step(&secret, visit.sent("kodas").unwrap_or_default(), visit.now.timestamp());
    let locked = account.as_ref().is_some_and(|one| one.locked_until.is_some_and(|until| until > visit.now));
    let (token, csrf) = (token()?, token()?);
    let signed_in = store.write::<_, Error>(Durability::Usual, |transaction| {
        let id = account.as_ref().map(|one| one.id);
        let accepted = match (id, step) {
            (Some(id), Some(step)) if right_password && !locked => store::sign_in_succeeded(transaction, id, step, visit.now)?,
            _ => false,
        };
        let actor = id.map_or(Actor::Nobody, Actor::Account);
        let action = if accepted { "sign in" } else { "sign in refused" };
        store::note(transaction, Act { actor, action, object: "session".to_owned(), detail: "password".to_owned() }, visit.now)?;
        // Whoever signs in anew has left the session of before.
        if let (true, Some(old)) = (accepted, &visit.token) {
            store::close_session(transaction, old)?;
        }
        match (accepted, id) {
            (true, Some(id)) => store::open_session(transaction, &token, &csrf, id, visit.now)?,
            (false, Some(id)) if !locked => store::sign_in_failed(transaction, id, visit.now)?,
            _ => {}
        }
        Ok(accepted)
    })?;
    if !signed_in {
        let error = "Prisijungti nepavyko: patikrinkite vardą, slaptažodį ir vienkartinį kodą. Kodas galioja 30 sekundžių ir tik kartą. \
                     Po penkių nesėkmingų bandymų paskyra užrakinama 15 minučių. Administratoriaus duotas slaptažodis galioja 14 dienų.";
        return form(visit, Some(error));
    }
    enter(visit, &token)
}

/// The secret of somebody's one-time codes.
fn seed(visit: &Visit<'_>, account: &Account) -> Option<Vec<u8>> {
    let sealed = account.seed.as_deref()?;
    let seed = visit.app.persons.seal().open(&account.person, sealed);
    if seed.is_none() {
        tracing::error!(
            account = account.id,
            "the secret of one-time codes cannot be decrypted: is the person key another one? renew the account"
        );
    }
    seed
}

/// After signing in: the role, if there is but one to choose.
fn enter(visit: &Visit<'_>, token: &str) -> Result<Reply, Trouble> {
    let (_, mandates) = mandates(visit, token)?;
    match mandates.as_slice() {
        [only] => take(visit, token, only),
        _ => Ok(Reply::to("/vaidmuo").with_cookie(SESSION_COOKIE, token, COOKIE_HOURS * 3600)),
    }
}

fn mandates(visit: &Visit<'_>, token: &str) -> Result<(i64, Vec<Mandate>), Trouble> {
    visit
        .app
        .store
        .read(|connection| {
            let Some(session) = store::find_session(connection, token, visit.now)? else { return Ok(None) };
            let Some(account) = store::find_account(connection, session.account)? else { return Ok(None) };
            Ok(Some((account.id, store::of_person(connection, &account.person, visit.today())?)))
        })?
        .ok_or(Trouble::SignIn)
}

/// Acts in somebody's name from now on, with a token of its own.
fn take(visit: &Visit<'_>, old: &str, mandate: &Mandate) -> Result<Reply, Trouble> {
    let (fresh, csrf) = (token()?, token()?);
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        let Some(session) = store::find_session(transaction, old, visit.now)? else { return Ok(()) };
        store::take_role(transaction, old, &fresh, &csrf, mandate)?;
        let detail = format!("{} {}", mandate.role.code(), mandate.organisation_code);
        store::note(
            transaction,
            Act { actor: Actor::Account(session.account), action: "act for", object: "session".to_owned(), detail },
            visit.now,
        )
    })?;
    Ok(Reply::to("/pradzia").with_cookie(SESSION_COOKIE, &fresh, COOKIE_HOURS * 3600))
}

/// Somebody is typing: that the request came has kept the session awake. It lasts no longer than any other.
pub(super) fn awake(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    visit.session.as_ref().ok_or(Trouble::SignIn)?;
    Ok(Reply::json(&serde_json::json!({"prisijungta": true})))
}

/// In whose name to act.
pub(super) fn roles(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let (session, account) = visit.signed_in()?;
    let mandates = visit.app.store.read(|connection| store::of_person(connection, &account.person, visit.today()))?;
    let mandates: Vec<_> = mandates
        .iter()
        .map(|one| context! { id => &one.id, role => one.role.title(), organisation => &one.organisation_name, code => &one.organisation_code })
        .collect();
    let page = visit.app.templates.render("roles.html", context! { csrf => &session.csrf, person => account.name(), mandates })?;
    Ok(Reply::page(page))
}

/// A role was chosen.
pub(super) fn choose_role(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let token = visit.token.as_deref().ok_or(Trouble::SignIn)?;
    let chosen: i64 = visit.sent("igaliojimas").and_then(|id| id.parse().ok()).ok_or(Trouble::Malformed)?;
    let (_, mandates) = mandates(visit, token)?;
    let mandate = mandates.iter().find(|mandate| mandate.id == chosen).ok_or(Trouble::Forbidden)?;
    take(visit, token, mandate)
}

/// Ends the session.
pub(super) fn sign_out(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let (Some(token), Some(session)) = (&visit.token, &visit.session) else { return Err(Trouble::SignIn) };
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        store::close_session(transaction, token)?;
        let act = Act { actor: Actor::Account(session.account), action: "sign out", object: "session".to_owned(), detail: String::new() };
        store::note(transaction, act, visit.now)
    })?;
    Ok(Reply::to("/prisijungti").with_cookie(SESSION_COOKIE, "", 0))
}

/// First exchange with VIISP: a ticket, which the browser then takes to the portal.
pub(super) fn begin_viisp(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let viisp = visit.app.viisp.as_ref().ok_or(Trouble::NotFound)?;
    let (correlation, browser) = (token()?, token()?);
    let postback = format!("{}/viisp/atgal", visit.app.settings.origin);
    let postback = url::Url::parse(&postback).map_err(|_| Error::Settings("origin is no address".to_owned()))?;
    let ticket = match viisp.ticket(&postback, &correlation) {
        Ok(ticket) => ticket,
        Err(error) => {
            tracing::error!(%error, "VIISP gives no ticket");
            return form(visit, Some("VIISP šiuo metu neatsako. Bandykite po kelių minučių."));
        }
    };
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        store::begin_handover(transaction, &correlation, &browser, ticket.reveal(), visit.now)
    })?;
    let portal = viisp.portal();
    let page =
        visit.app.templates.render("viisp.html", context! { portal => portal.as_str(), ticket => ticket.reveal(), back => false })?;
    let mut reply = Reply::page(page).with_cookie(HANDOVER_COOKIE, &browser, HANDOVER_SECONDS);
    reply.form_action = Some(portal.origin().ascii_serialization());
    Ok(reply)
}

/// VIISP's portal sends the browser back, from another site: our cookies do not come along. So this only answers with a page of ours
/// that sends the ticket once more, from our own site, and then they do.
pub(super) fn back_from_viisp(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let ticket = Ticket::parse(visit.sent("ticket").unwrap_or_default()).map_err(|_| Trouble::Malformed)?;
    let page = visit.app.templates.render("viisp.html", context! { portal => "/viisp/testi", ticket => ticket.reveal(), back => true })?;
    Ok(Reply::page(page))
}

/// Second exchange: who it is. The ticket must be this browser's, or else somebody could sign in as whoever they talked into confirming
/// theirs. It is used up before VIISP is asked.
pub(super) fn finish_viisp(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let viisp = visit.app.viisp.as_ref().ok_or(Trouble::NotFound)?;
    let ticket = Ticket::parse(visit.sent("ticket").unwrap_or_default()).map_err(|_| Trouble::Malformed)?;
    let browser = visit.handover.as_deref().unwrap_or_default();
    let correlation = visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        let taken = store::take_handover(transaction, ticket.reveal(), browser, visit.now)?;
        if taken.is_none() {
            let act =
                Act { actor: Actor::Nobody, action: "sign in refused", object: "session".to_owned(), detail: "viisp ticket".to_owned() };
            store::note(transaction, act, visit.now)?;
        }
        Ok(taken)
    })?;
    let correlation = correlation.ok_or(Trouble::Forged)?;
    let person = match viisp.person(&ticket, &correlation) {
        Ok(person) => person,
        Err(error) => {
            tracing::error!(%error, "VIISP's answer is not believed");
            visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
                let act = Act { actor: Actor::Nobody, action: "sign in refused", object: "session".to_owned(), detail: "viisp".to_owned() };
                store::note(transaction, act, visit.now)
            })?;
            return form(visit, Some("Prisijungti per VIISP nepavyko. Bandykite dar kartą."));
        }
    };
    let (token, csrf) = (token()?, token()?);
    let open = visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        let hash = visit.app.persons.of(person.code.reveal());
        if let Some(old) = &visit.token {
            store::close_session(transaction, old)?;
        }
        let id = store::upsert_person(transaction, &hash, &person.given_names, &person.family_names, visit.now)?;
        let open = store::find_account(transaction, id)?.is_some();
        if open {
            store::open_session(transaction, &token, &csrf, id, visit.now)?;
        }
        let action = if open { "sign in" } else { "sign in refused" };
        let act = Act { actor: Actor::Account(id), action, object: "session".to_owned(), detail: "viisp".to_owned() };
        store::note(transaction, act, visit.now)?;
        Ok(open)
    })?;
    if !open {
        return form(visit, Some("Jūsų paskyra uždaryta. Kreipkitės į sistemos administratorių."));
    }
    Ok(enter(visit, &token)?.with_cookie(HANDOVER_COOKIE, "", 0))
}

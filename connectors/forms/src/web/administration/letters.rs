//! Letters that nobody got so far: how many, to what kind of recipient, since when, why. What a letter says, and to whose address it goes, is not
//! shown: an administrator sees that it waits.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use minijinja::{Value, context};

use super::super::frame::local;
use super::super::{Reply, Trouble, Visit};
use super::desk::{Desk, act, desk, reason, still_allowed};
use crate::Error;
use crate::store::{self, Durability, Undelivered};

/// Letters on the page.
const SHOWN: usize = 100;

/// The page.
pub(in super::super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    show(visit, &desk, None)
}

fn show(visit: &Visit<'_>, desk: &Desk<'_>, wrong: Option<(&str, &str)>) -> Result<Reply, Trouble> {
    let (letters, waiting, given_up, oldest) = visit.app.store.read(|connection| {
        let found = store::undelivered(connection, SHOWN)?;
        let letters = found.into_iter().map(|one| Ok((recipient(visit, connection, &one.id)?, one))).collect::<Result<Vec<_>, Error>>()?;
        Ok((letters, store::waiting(connection)?, store::given_up(connection)?, store::oldest_waiting(connection)?))
    })?;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (recipient, _) in letters.iter().filter(|(_, one)| one.given_up.is_none()) {
        *kinds.entry(&recipient.kind).or_default() += 1;
    }
    let kinds: Vec<Value> = kinds.into_iter().map(|(kind, count)| context! { kind, count }).collect();
    let lines: Vec<Value> = letters.iter().map(|(recipient, one)| line(recipient, one, wrong)).collect();
    let page = visit.app.templates.render(
        "admin_letters.html",
        context! {
            frame => desk.person.frame(), lines, kinds, waiting, given_up, oldest => oldest.map(|at| super::state::time(at, "%Y-%m-%d %H:%M")),
            most => SHOWN, full => letters.len() == SHOWN, delivers => visit.app.settings.mail.is_some(),
            done => visit.asked("bandoma").map(|_| "Laiškai bus siunčiami dar kartą per kelias sekundes.")
                .or_else(|| visit.asked("nesiunciama").map(|_| "Laiškas nebesiunčiamas.")),
            error => wrong.map(|(_, text)| text), typed => visit.sent("priezastis").unwrap_or_default(),
        },
    )?;
    Ok(Reply::page(page).with_status(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

/// To whom a letter goes, without an address.
struct Recipient {
    occasion: &'static str,
    kind: String,
    organisation: String,
}

/// The number of a letter says its occasion and the organisation: `clarify-12-…-188683671-0`.
fn recipient(visit: &Visit<'_>, connection: &rusqlite::Connection, id: &str) -> Result<Recipient, Error> {
    let occasion = match id {
        id if id.starts_with("night-") => "kas pasikeitė per naktį",
        id if id.starts_with("circulation-") => "priminimas apie tiražus",
        id if id.starts_with("funds-") => "priminimas apie lėšas",
        id if id.starts_with("set-aside-") => "dalis pateikimo nepaskelbta",
        id if id.starts_with("clarify-") => "prašoma patikslinti",
        id if id.starts_with("new-data-") => "pateikta naujų duomenų",
        _ => "kita",
    };
    let code = id.rsplit('-').nth(1).unwrap_or_default();
    let roles = store::roles_of(connection, code)?;
    let register = visit.app.register();
    let virs = register.virs(code);
    let kind = match (roles.as_slice(), virs) {
        ([], Some(_)) => "VIRS (adresas iš JAR)".to_owned(),
        ([], None) => "įgaliojimų nebėra".to_owned(),
        (roles, _) => roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", "),
    };
    let name = virs.map(|virs| virs.name.clone());
    let organisation = name.map_or_else(|| code.to_owned(), |name| format!("{name} ({code})"));
    Ok(Recipient { occasion, kind, organisation })
}

fn line(recipient: &Recipient, one: &Undelivered, wrong: Option<(&str, &str)>) -> Value {
    let time = |stamp: &str| local(stamp, "%Y-%m-%d %H:%M");
    context! {
        id => &one.id, occasion => recipient.occasion, kind => &recipient.kind, organisation => &recipient.organisation, domain => &one.domain,
        written => time(&one.written), attempts => one.attempts, next => time(&one.next_attempt), given_up => one.given_up.as_deref().map(time),
        failure => &one.failure, wrong => wrong.is_some_and(|(id, _)| id == one.id),
    }
}

/// Tries one again, or all; or gives one up.
pub(in super::super) fn change(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    match (visit.sent("veiksmas"), visit.sent("laiskas")) {
        (Some("visus"), _) => try_again(visit, &desk, None),
        (Some("bandyti"), Some(id)) => try_again(visit, &desk, Some(id)),
        (Some("nesiusti"), Some(id)) => give_up(visit, &desk, id),
        _ => Err(Trouble::Malformed),
    }
}

fn try_again(visit: &Visit<'_>, desk: &Desk<'_>, id: Option<&str>) -> Result<Reply, Trouble> {
    let found = visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        still_allowed(visit, transaction)?;
        let found = store::try_again(transaction, id, visit.now)?;
        if found > 0 {
            // Only a number that is one of a letter comes so far.
            let object = id.map_or_else(|| "letters".to_owned(), |id| format!("letter {id}"));
            store::note(transaction, act(&desk.person, "try letters again", object, found.to_string()), visit.now)?;
        }
        Ok(found)
    })?;
    if found == 0 && id.is_some() { Err(Trouble::Outdated) } else { Ok(Reply::to("/administravimas/laiskai?bandoma=1")) }
}

fn give_up(visit: &Visit<'_>, desk: &Desk<'_>, id: &str) -> Result<Reply, Trouble> {
    let why = match reason(visit) {
        Ok(why) => why,
        Err(text) => return show(visit, desk, Some((id, text))),
    };
    visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
        still_allowed(visit, transaction)?;
        if !store::give_up(transaction, id, visit.now)? {
            return Err(Trouble::Outdated);
        }
        Ok(store::note(transaction, act(&desk.person, "give up letter", format!("letter {id}"), why.clone()), visit.now)?)
    })?;
    Ok(Reply::to("/administravimas/laiskai?nesiunciama=1"))
}

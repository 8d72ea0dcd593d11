//! One mandate: proposing a new one, ending one that is in force. A personal code is typed, hashed and forgotten; no page shows it again.

use axum::http::StatusCode;
use minijinja::{Value, context};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::super::{Reply, Trouble, Visit, proof};
use super::acts;
use super::desk::{Desk, act, desk, reason, still_allowed, told};
use super::extract::propose_it;
use crate::mandate_line::{MandateFlaw, MandateLine};
use crate::store::{self, Durability, NewMandate, ProposalKind};
use crate::{Error, Role};

/// The longest of what is typed.
const LONGEST: usize = 250;

/// The form of a new one.
pub(in super::super) fn form(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    show_form(visit, &desk, None)
}

fn show_form(visit: &Visit<'_>, desk: &Desk<'_>, wrong: Option<(&str, &str)>) -> Result<Reply, Trouble> {
    let sent = |name: &str| visit.sent(name).unwrap_or_default();
    let roles: Vec<Value> = Role::ALL
        .iter()
        .map(|role| context! { code => role.code(), title => role.title(), chosen => sent("vaidmuo") == role.code() })
        .collect();
    let page = visit.app.templates.render(
        "admin_mandate_new.html",
        context! {
            frame => desk.person.frame(), roles, fetched => desk.port.mandates_are_fetched(), organisation_code => sent("organizacija"),
            organisation_name => sent("pavadinimas"), email => sent("pastas"), from => sent("nuo"), until => sent("iki"),
            typed => sent("priezastis"), today => visit.today().to_string(),
            password => proof::password(visit, &desk.person).is_some(), wrong => wrong.map(|(field, _)| field), error => wrong.map(|(_, text)| text),
        },
    )?;
    Ok(Reply::page(page).with_status(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

/// Proposes a new one.
pub(in super::super) fn propose(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    if desk.port.mandates_are_fetched() {
        return of_their_source(visit, &desk);
    }
    let mandate = match typed(visit) {
        Ok(mandate) => mandate,
        Err((field, text)) => return show_form(visit, &desk, Some((field, text))),
    };
    let why = match reason(visit) {
        Ok(why) => why,
        Err(text) => return show_form(visit, &desk, Some(("priezastis", text))),
    };
    if let Some(text) = proof::refused(visit, &desk.person, "slaptazodis")? {
        return show_form(visit, &desk, Some(("slaptazodis", text)));
    }
    if mandate.person == desk.person.account.person {
        return show_form(visit, &desk, Some(("kodas", "Įgaliojimo sau siūlyti negalima: tai turi padaryti du kiti administratoriai.")));
    }
    if visit.app.store.read(store::all_mandates)?.contains(&mandate) {
        return show_form(visit, &desk, Some(("kodas", "Toks įgaliojimas jau yra.")));
    }
    let about = visit.app.store.read(|connection| about(connection, &mandate))?;
    propose_it(visit, &desk, ProposalKind::AddMandate, &acts::said(&mandate)?, &about, &why)
}

fn of_their_source(visit: &Visit<'_>, desk: &Desk<'_>) -> Result<Reply, Trouble> {
    let text = "Įgaliojimai kasnakt gaunami iš jų šaltinio ir pakeičia visus esamus. Naują įgaliojimą įrašykite ten.";
    told(visit, &desk.person, StatusCode::CONFLICT, "Įgaliojimai tvarkomi kitur", text)
}

/// What was typed, or what is wrong with it: the field, and what to do.
fn typed(visit: &Visit<'_>) -> Result<NewMandate, (&'static str, &'static str)> {
    let sent = |name: &str| visit.sent(name).unwrap_or_default().trim();
    let line = MandateLine {
        person: sent("kodas"),
        role: sent("vaidmuo"),
        organisation_code: sent("organizacija"),
        organisation_name: sent("pavadinimas"),
        email: sent("pastas"),
        valid_from: sent("nuo"),
        valid_to: sent("iki"),
    };
    for (field, text) in [("pavadinimas", line.organisation_name), ("pastas", line.email)] {
        if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            return Err((field, "Per ilgas arba turi neleistinų ženklų: pataisykite."));
        }
        if catalog::personal::stands_in(text) {
            return Err((field, "Čia negali būti asmens kodo: ištrinkite jį."));
        }
    }
    let mandate = line.read(|code| visit.app.persons.of(code)).map_err(|flaw| match flaw {
        MandateFlaw::Person => ("kodas", "Tai ne asmens kodas: patikrinkite skaitmenis."),
        MandateFlaw::Role => ("vaidmuo", "Pasirinkite rolę."),
        MandateFlaw::OrganisationCode => ("organizacija", "Tai ne juridinio asmens kodas: patikrinkite skaitmenis."),
        MandateFlaw::OrganisationName => ("pavadinimas", "Įrašykite organizacijos pavadinimą."),
        MandateFlaw::ValidFrom => ("nuo", "Nurodykite pirmą dieną."),
        MandateFlaw::ValidTo => ("iki", "Nurodykite paskutinę dieną arba palikite tuščią."),
    })?;
    if mandate.email.as_ref().is_some_and(|address| address.matches('@').count() != 1 || address.contains(char::is_whitespace)) {
        return Err(("pastas", "Tai ne el. pašto adresas: patikrinkite."));
    }
    if mandate.valid_to.is_some_and(|last| last < mandate.valid_from || last < visit.today()) {
        return Err(("iki", "Paskutinė diena negali būti anksčiau už pirmąją ar šiandieną."));
    }
    Ok(mandate)
}

/// One in force, and the form to end it.
pub(in super::super) fn page(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    let mandate = visit.app.store.read(|connection| store::find_mandate(connection, id))?.ok_or(Trouble::NotFound)?;
    show(visit, &desk, id, &mandate, None)
}

fn show(visit: &Visit<'_>, desk: &Desk<'_>, id: i64, mandate: &NewMandate, wrong: Option<(&str, &str)>) -> Result<Reply, Trouble> {
    let facts = visit.app.store.read(|connection| acts::facts(connection, mandate))?;
    let facts: Vec<Value> = facts.into_iter().map(|(name, value)| context! { name, value }).collect();
    let page = visit.app.templates.render(
        "admin_mandate.html",
        context! {
            frame => desk.person.frame(), id, facts, mark => mark(mandate)?, fetched => desk.port.mandates_are_fetched(),
            two => mandate.role == Role::Administratorius, typed => visit.sent("priezastis").unwrap_or_default(),
            password => proof::password(visit, &desk.person).is_some(), wrong => wrong.map(|(field, _)| field), error => wrong.map(|(_, text)| text),
        },
    )?;
    Ok(Reply::page(page).with_status(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

/// Tells whether the mandate of a number is still the one that a page showed: another list of mandates gives the same numbers to others.
fn mark(mandate: &NewMandate) -> Result<String, Error> {
    Ok(hex::encode(Sha256::digest(acts::said(mandate)?)))
}

/// Ends one at once; an administrator's is proposed to be ended.
pub(in super::super) fn end(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    let found = visit.app.store.read(|connection| store::find_mandate(connection, id))?;
    let seen = visit.sent("zyme").ok_or(Trouble::Malformed)?;
    let Some(mandate) = found.filter(|one| mark(one).is_ok_and(|mark| mark == seen)) else { return changed(visit, &desk) };
    let why = match reason(visit) {
        Ok(why) => why,
        Err(text) => return show(visit, &desk, id, &mandate, Some(("priezastis", text))),
    };
    if let Some(text) = proof::refused(visit, &desk.person, "slaptazodis")? {
        return show(visit, &desk, id, &mandate, Some(("slaptazodis", text)));
    }
    if mandate.role == Role::Administratorius {
        // One administrator alone must not be able to turn all others out.
        let about = visit.app.store.read(|connection| about(connection, &mandate))?;
        return propose_it(visit, &desk, ProposalKind::EndMandate, &acts::said(&mandate)?, &about, &why);
    }
    let ended = visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
        still_allowed(visit, transaction)?;
        let about = about(transaction, &mandate)?;
        let ended = store::end_mandate(transaction, &mandate)?;
        if ended {
            store::note(transaction, act(&desk.person, "end mandate", "mandate".to_owned(), format!("{about}: {why}")), visit.now)?;
        }
        Ok(ended)
    })?;
    if ended { Ok(Reply::to("/administravimas/igaliojimai?baigta=1")) } else { changed(visit, &desk) }
}

fn changed(visit: &Visit<'_>, desk: &Desk<'_>) -> Result<Reply, Trouble> {
    let text = "Šio įgaliojimo nebėra: jis baigtas arba atėjo naujas įgaliojimų sąrašas. Suraskite įgaliojimą iš naujo.";
    told(visit, &desk.person, StatusCode::CONFLICT, "Įgaliojimas pasikeitė", text)
}

/// A mandate as the audit log names it: the role, the organisation's code, and the account of its holder, if there is one.
pub(super) fn about(connection: &Connection, mandate: &NewMandate) -> Result<String, Error> {
    let holder = store::by_person(connection, &mandate.person)?.map(|one| format!(" account {}", one.id)).unwrap_or_default();
    Ok(format!("{} {}{holder}", mandate.role.code(), mandate.organisation_code))
}

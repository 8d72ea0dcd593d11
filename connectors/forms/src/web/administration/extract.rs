//! One refused extract: why it was refused, and the proposal to accept it in spite of that.

use axum::http::StatusCode;
use minijinja::context;

use super::super::{Reply, Trouble, Visit, proof};
use super::acts::Subject;
use super::desk::{Desk, act, broken, desk, reason, still_allowed, told};
use super::state;
use crate::administration::SourceState;
use crate::store::{self, Durability, ProposalKind, Proposed};

fn find(desk: &Desk<'_>, table: &str) -> Result<SourceState, Trouble> {
    let state = desk.port.state().map_err(broken)?;
    state.sources.into_iter().find(|one| one.table == table).ok_or(Trouble::NotFound)
}

/// The page.
pub(in super::super) fn page(visit: &Visit<'_>, table: &str) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    let source = find(&desk, table)?;
    show(visit, &desk, &source, None)
}

fn show(visit: &Visit<'_>, desk: &Desk<'_>, source: &SourceState, wrong: Option<(&str, &str)>) -> Result<Reply, Trouble> {
    let page = visit.app.templates.render(
        "admin_extract.html",
        context! {
            frame => desk.person.frame(), one => state::source(source), typed => visit.sent("priezastis").unwrap_or_default(),
            password => proof::password(visit, &desk.person).is_some(), wrong => wrong.map(|(field, _)| field), error => wrong.map(|(_, text)| text),
        },
    )?;
    Ok(Reply::page(page).with_status(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

/// Proposes to accept it.
pub(in super::super) fn propose(visit: &Visit<'_>, table: &str) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    let source = find(&desk, table)?;
    let extract = visit.sent("israsas").ok_or(Trouble::Malformed)?;
    if source.refused.as_deref() != Some(extract) || source.accepted {
        let text = "Tai ne tas išrašas, kurį atmetė paskutinė naktis: atėjo kitas arba šis jau priimtas. Atverkite šaltinį iš naujo.";
        return told(visit, &desk.person, StatusCode::CONFLICT, "Išrašas pasikeitė", text);
    }
    let why = match reason(visit) {
        Ok(why) => why,
        Err(text) => return show(visit, &desk, &source, Some(("priezastis", text))),
    };
    if let Some(text) = proof::refused(visit, &desk.person, "slaptazodis")? {
        return show(visit, &desk, &source, Some(("slaptazodis", text)));
    }
    let subject = Subject { source: source.source, table: source.table, extract: extract.to_owned() };
    propose_it(visit, &desk, ProposalKind::Accept, &subject.text(), &format!("{} {extract}", subject.source), &why)
}

/// Proposes something; `about` says what in the audit log, without persons.
pub(super) fn propose_it(
    visit: &Visit<'_>,
    desk: &Desk<'_>,
    kind: ProposalKind,
    subject: &str,
    about: &str,
    why: &str,
) -> Result<Reply, Trouble> {
    let account = desk.person.account.id;
    let proposed = visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
        still_allowed(visit, transaction)?;
        let proposed = store::propose(transaction, kind, subject, why, account, visit.now)?;
        if let Proposed::New(id) = proposed {
            let detail = format!("{} {about}: {why}", kind.code());
            store::note(transaction, act(&desk.person, "propose", format!("proposal {id}"), detail), visit.now)?;
        }
        Ok(proposed)
    })?;
    match proposed {
        Proposed::New(id) => Ok(Reply::to(format!("/administravimas/siulymas/{id}"))),
        Proposed::Already(id) => {
            let text = format!("Tas pats jau pasiūlyta (pasiūlymas {id}) ir laukia kito administratoriaus. Antro tokio nereikia.");
            told(visit, &desk.person, StatusCode::CONFLICT, "Jau pasiūlyta", &text)
        }
        Proposed::TooMany => {
            let text = "Per daug nenuspręstų pasiūlymų. Pirmiausia nuspręskite dėl jų arba atšaukite savuosius.";
            told(visit, &desk.person, StatusCode::CONFLICT, "Per daug pasiūlymų", text)
        }
    }
}

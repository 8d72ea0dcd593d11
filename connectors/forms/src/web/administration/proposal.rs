//! One proposal: somebody else than who proposed it confirms or declines it. Everything is looked at once more at that moment, in the transaction
//! that decides: who asks, who proposed, whether what it is about is still what it was.

use axum::http::StatusCode;
use minijinja::context;
use rusqlite::Transaction;

use super::super::visit::Person;
use super::super::{Reply, Trouble, Visit, proof};
use super::acts::{self, Subject};
use super::desk::{Desk, act, broken, desk, still_allowed, told};
use crate::administration::{AcceptedExtract, NotAccepted};
use crate::store::{self, Decision, Durability, Proposal, ProposalKind};
use crate::{Error, Role, days, secrets};

/// The page.
pub(in super::super) fn page(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    show(visit, &desk.person, id, None)
}

fn show(visit: &Visit<'_>, person: &Person, id: i64, wrong: Option<(&str, &str)>) -> Result<Reply, Trouble> {
    let (proposal, one) = visit
        .app
        .store
        .read(|connection| {
            let Some(proposal) = store::find_proposal(connection, id)? else { return Ok(None) };
            let view = acts::view(connection, &proposal, visit.now)?;
            Ok(Some((proposal, view)))
        })?
        .ok_or(Trouble::NotFound)?;
    let page = visit.app.templates.render(
        "admin_proposal.html",
        context! {
            frame => person.frame(), one, own => proposal.proposed_by == person.account.id,
            password => proof::password(visit, person).is_some(), wrong => wrong.map(|(field, _)| field), error => wrong.map(|(_, text)| text),
        },
    )?;
    Ok(Reply::page(page).with_status(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

/// How an attempt to decide ended.
enum Ended {
    Done(Decision),
    /// Decided before, by whoever it was.
    Before,
    /// By the one who proposed it.
    Own,
    /// Only whoever proposed it takes it back.
    NotOwn,
    /// It cannot be done any more; why.
    Lapsed(&'static str),
    /// The code is not that of the person whom the proposal names.
    OtherPerson,
    /// One of the two would get the right themselves.
    ForThemselves,
}

/// Decides.
pub(in super::super) fn decide(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let desk = desk(visit)?;
    let decision = match visit.sent("sprendimas") {
        Some("patvirtinti") => Decision::Confirmed,
        Some("atmesti") => Decision::Declined,
        Some("atsaukti") => Decision::Withdrawn,
        _ => return Err(Trouble::Malformed),
    };
    if let Some(text) = proof::refused(visit, &desk.person, "slaptazodis")? {
        return show(visit, &desk.person, id, Some(("slaptazodis", text)));
    }
    let ended = visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
        still_allowed(visit, transaction)?;
        let proposal = store::find_proposal(transaction, id)?.ok_or(Trouble::NotFound)?;
        let ended = attempt(visit, &desk, transaction, &proposal, decision)?;
        let noted = match &ended {
            Ended::Done(decision) => Some(*decision),
            Ended::Lapsed(_) => Some(Decision::Lapsed),
            _ => None,
        };
        if let Some(decision) = noted {
            store::decide(transaction, id, decision, desk.person.account.id, visit.now)?;
            note(visit, &desk, transaction, &proposal, decision)?;
        }
        Ok(ended)
    })?;
    match ended {
        Ended::Done(_) => Ok(Reply::to(format!("/administravimas/siulymas/{id}"))),
        Ended::OtherPerson => {
            let text = "Tai ne to žmogaus asmens kodas, kurį nurodė siūlytojas. Patikrinkite kodą arba pasiūlymą atmeskite.";
            show(visit, &desk.person, id, Some(("kodas", text)))
        }
        Ended::Before => told(
            visit,
            &desk.person,
            StatusCode::CONFLICT,
            "Jau nuspręsta",
            "Dėl šio pasiūlymo jau nuspręsta arba jo laikas baigėsi. Nieko nepakeista.",
        ),
        Ended::Own => told(
            visit,
            &desk.person,
            StatusCode::FORBIDDEN,
            "Reikia kito administratoriaus",
            "Savo pasiūlymo patvirtinti ar atmesti negalite: tai turi padaryti kitas administratorius iš savo paskyros. Galite jį tik atšaukti.",
        ),
        Ended::NotOwn => told(
            visit,
            &desk.person,
            StatusCode::FORBIDDEN,
            "Ne jūsų pasiūlymas",
            "Atšaukti pasiūlymą gali tik tas, kas pasiūlė. Jei nesutinkate, pasiūlymą atmeskite.",
        ),
        Ended::ForThemselves => told(
            visit,
            &desk.person,
            StatusCode::FORBIDDEN,
            "Įgaliojimas sau",
            "Įgaliojimo sau nei siūlyti, nei tvirtinti negalima. Tai turi padaryti du kiti administratoriai arba operatorius serveryje.",
        ),
        Ended::Lapsed(why) => told(visit, &desk.person, StatusCode::CONFLICT, "Pasiūlymas nebegalioja", why),
    }
}

fn attempt(
    visit: &Visit<'_>,
    desk: &Desk<'_>,
    transaction: &Transaction<'_>,
    proposal: &Proposal,
    decision: Decision,
) -> Result<Ended, Trouble> {
    if !proposal.is_open(visit.now) {
        return Ok(Ended::Before);
    }
    let own = proposal.proposed_by == desk.person.account.id;
    match (decision, own) {
        (Decision::Withdrawn, true) | (Decision::Declined, false) => return Ok(Ended::Done(decision)),
        (Decision::Withdrawn, false) => return Ok(Ended::NotOwn),
        (_, true) => return Ok(Ended::Own),
        _ => {}
    }
    // Two administrators, both of them now: what somebody proposed whose mandate has ended since is nobody's proposal.
    let proposer = store::find_account(transaction, proposal.proposed_by)?;
    let mandates = proposer.as_ref().map(|one| store::of_person(transaction, &one.person, days::today(visit.now))).transpose()?;
    if !mandates.is_some_and(|all| all.iter().any(|one| one.role == Role::Administratorius)) {
        return Ok(Ended::Lapsed("Siūlytojas nebėra administratorius. Jei tai padaryti tebereikia, pasiūlykite iš naujo."));
    }
    match proposal.kind {
        ProposalKind::Accept => accept(visit, desk, proposal),
        ProposalKind::AddMandate => {
            let mandate = acts::mandate_of(&proposal.subject)?;
            let two = [proposer.map(|one| one.person), Some(desk.person.account.person.clone())];
            if two.into_iter().flatten().any(|person| person == mandate.person) {
                return Ok(Ended::ForThemselves);
            }
            let code = visit.sent("kodas").unwrap_or_default().trim();
            if !secrets::same(&visit.app.persons.of(code), &mandate.person) {
                return Ok(Ended::OtherPerson);
            }
            if desk.port.mandates_are_fetched() {
                return Ok(Ended::Lapsed("Įgaliojimai dabar gaunami iš jų šaltinio: tvarkykite juos ten."));
            }
            if store::all_mandates(transaction)?.contains(&mandate) {
                return Ok(Ended::Lapsed("Toks įgaliojimas jau yra."));
            }
            store::add_mandate(transaction, &mandate)?;
            Ok(Ended::Done(decision))
        }
        ProposalKind::EndMandate => {
            let mandate = acts::mandate_of(&proposal.subject)?;
            if store::end_mandate(transaction, &mandate)? {
                Ok(Ended::Done(decision))
            } else {
                Ok(Ended::Lapsed("Tokio įgaliojimo nebėra: jis jau baigtas arba pakeistas."))
            }
        }
    }
}

fn accept(visit: &Visit<'_>, desk: &Desk<'_>, proposal: &Proposal) -> Result<Ended, Trouble> {
    let Subject { source, table, extract } = Subject::of(&proposal.subject)?;
    let accepted = AcceptedExtract {
        source,
        table,
        extract,
        proposed_by: proposal.proposed_by,
        proposed: proposal.proposed,
        confirmed_by: desk.person.account.id,
        confirmed: visit.now,
        why: proposal.reason.clone(),
    };
    match desk.port.accept(&accepted) {
        Ok(()) => Ok(Ended::Done(Decision::Confirmed)),
        Err(NotAccepted::Changed) => {
            Ok(Ended::Lapsed("Išrašas pasikeitė: paskutinė naktis atmetė kitą arba šaltinis jau tvarkingas. Nieko nepriimta."))
        }
        Err(NotAccepted::Broken(why)) => Err(broken(why)),
    }
}

fn note(visit: &Visit<'_>, desk: &Desk<'_>, transaction: &Transaction<'_>, proposal: &Proposal, decision: Decision) -> Result<(), Error> {
    let action = match decision {
        Decision::Confirmed => "confirm proposal",
        Decision::Declined => "decline proposal",
        Decision::Withdrawn => "withdraw proposal",
        Decision::Lapsed => "proposal lapsed",
    };
    let about = match proposal.kind {
        ProposalKind::Accept => Subject::of(&proposal.subject).map(|one| format!("{} {}", one.source, one.extract))?,
        ProposalKind::AddMandate | ProposalKind::EndMandate => super::mandate::about(transaction, &acts::mandate_of(&proposal.subject)?)?,
    };
    let detail = format!("{} {about}, proposed by account {}: {}", proposal.kind.code(), proposal.proposed_by, proposal.reason);
    store::note(transaction, act(&desk.person, action, format!("proposal {}", proposal.id), detail), visit.now)
}

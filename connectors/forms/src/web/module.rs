//! Signing in the Centre of Registers' module: there, and back.

use super::open::of_this_version;
use super::reading::Obstacle;
use super::{Reply, Trouble, Visit, reading, signing};
use crate::Error;
use crate::app::act;
use crate::look_up::Unavailable;
use crate::state::State;
use crate::store::{self, Durability};

const UNSIGNED: &str = "Dokumentas modulyje dar nepasirašytas. Pasirašykite jį ir grįžkite.";
const SILENT: &str = "Registrų centro pasirašymo modulis šiuo metu neatsako. Bandykite po kelių minučių arba pasirašykite savo programa.";

/// Hands the document over and sends the browser to the module.
pub(super) fn leave(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    let module = visit.app.signing_module.as_ref().ok_or(Trouble::NotFound)?;
    if open.submission.state != State::Reviewed {
        return Err(Trouble::Outdated);
    }
    let document = visit.app.store.read(|connection| store::document(connection, id))?.ok_or(Error::Content("a formed document"))?;
    let back = format!("{}/pateiktis/{id}/rc", visit.app.settings.origin);
    let handed_over = match module.hand_over(&document, &back) {
        Ok(handed_over) => handed_over,
        Err(Unavailable) => return reading::sign(visit, &open, Some((Obstacle::Silent, SILENT))),
    };
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        store::begin_signing(transaction, id, open.submission.version, &handed_over.reference, visit.now)?;
        store::note(transaction, act(open.person.account.id, "leave to sign", id, ""), visit.now)
    })?;
    Ok(Reply::to(handed_over.address))
}

/// Takes the signed container from the module and hands the submission in.
pub(super) fn collect(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    let module = visit.app.signing_module.as_ref().ok_or(Trouble::NotFound)?;
    let reference = visit.app.store.read(|connection| store::signing(connection, id, open.submission.version))?;
    let reference = reference.ok_or(Trouble::Outdated)?;
    match module.collect(&reference) {
        Ok(Some(container)) => signing::submit_one(visit, &open, &container),
        Ok(None) => reading::sign(visit, &open, Some((Obstacle::Unsigned, UNSIGNED))),
        Err(Unavailable) => reading::sign(visit, &open, Some((Obstacle::Silent, SILENT))),
    }
}

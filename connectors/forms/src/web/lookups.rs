//! Look-ups while typing: a code goes to the register, a name comes back. Codes travel in the body, never in an address.

use serde_json::json;

use super::{Reply, Trouble, Visit};
use crate::Error;
use crate::look_up::Unavailable;
use crate::store::{self, Act, Actor, Durability};

/// Answers a look-up.
pub(super) fn answer(visit: &Visit<'_>, what: &str) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let register = visit.app.look_up.as_ref().ok_or(Trouble::NotFound)?;
    // Whoever may not see codes has no form that asks for one.
    if !person.acting.role.sees_codes() {
        return Err(Trouble::Forbidden);
    }
    let code = visit.sent("kodas").unwrap_or_default().trim();
    let right = match what {
        "asmuo" => catalog::codes::is_personal_code(code),
        "juridinis" => catalog::codes::is_legal_entity_code(code),
        _ => return Err(Trouble::NotFound),
    };
    if !right {
        return Err(Trouble::Malformed);
    }
    let entry = Act { actor: Actor::Account(person.account.id), action: "look up", object: what.to_owned(), detail: String::new() };
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| store::note(transaction, entry, visit.now))?;
    let found = match what {
        "asmuo" => register.person(code).map(|found| found.map(|(given, family)| vec![given, family])),
        // Names of VIRS are at hand; only others are asked about.
        _ => match visit.app.register().virs(code) {
            Some(virs) => Ok(Some(vec![virs.name.clone()])),
            None => register.entity(code).map(|found| found.map(|name| vec![name])),
        },
    };
    Ok(Reply::json(&match found {
        Ok(Some(values)) => json!({ "reiksmes": values }),
        Ok(None) => json!({ "pranesimas": "Registre tokio kodo nėra: patikrinkite kodą arba įrašykite duomenis patys." }),
        Err(Unavailable) => json!({ "pranesimas": "Registras šiuo metu neatsako: įrašykite duomenis patys." }),
    }))
}

//! Look-ups while typing: a code goes to the register, a name comes back; the beginning of a name brings legal entities to choose from. Codes and
//! names travel in the body, never in an address.

use serde_json::json;

use super::visit::Person;
use super::{Reply, Trouble, Visit};
use crate::Error;
use crate::app::App;
use crate::entry::Entry;
use crate::feed::Feed;
use crate::look_up::{Entity, Unavailable};
use crate::store::{self, Act, Actor, Durability};

const UNKNOWN: &str = "Registre tokio kodo nėra: patikrinkite kodą arba įrašykite duomenis patys.";
pub(super) const UNAVAILABLE: &str = "Registras šiuo metu neatsako: įrašykite duomenis patys.";

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
        "asmuo" if register.knows_persons() => catalog::codes::is_personal_code(code),
        "juridinis" => catalog::codes::is_legal_entity_code(code),
        "juridiniai" => visit.sent("pradzia").is_some(),
        _ => return Err(Trouble::NotFound),
    };
    if !right {
        return Err(Trouble::Malformed);
    }
    note(visit, &person, what)?;
    let found = match what {
        "asmuo" => register.person(code).map(|found| found.map(|(given, family)| json!([given, family]))),
        "juridinis" => entity(visit, code).map(|found| found.map(|one| json!([one.name, one.form.unwrap_or_default()]))),
        _ => return Ok(Reply::json(&suggestions(register.entities(visit.sent("pradzia").unwrap_or_default())))),
    };
    Ok(Reply::json(&match found {
        Ok(Some(values)) => json!({ "reiksmes": values }),
        Ok(None) => json!({ "pranesimas": UNKNOWN }),
        Err(Unavailable) => json!({ "pranesimas": UNAVAILABLE }),
    }))
}

/// Leaves a trace of a look-up: who looked where, never for whom.
pub(super) fn note(visit: &Visit<'_>, person: &Person, what: &str) -> Result<(), Trouble> {
    let entry = Act { actor: Actor::Account(person.account.id), action: "look up", object: what.to_owned(), detail: String::new() };
    Ok(visit.app.store.write::<_, Error>(Durability::Usual, |transaction| store::note(transaction, entry, visit.now))?)
}

/// The legal entity with this code; a VIRS is known even while the register is not at hand.
pub(super) fn entity(visit: &Visit<'_>, code: &str) -> Result<Option<Entity>, Unavailable> {
    let known = visit.app.look_up.as_ref().map_or(Err(Unavailable), |register| register.entity(code));
    match (known, visit.app.register().virs(code)) {
        (Ok(None) | Err(_), Some(virs)) => Ok(Some(Entity { code: virs.code.clone(), name: virs.name.clone(), ..Entity::default() })),
        (known, _) => known,
    }
}

/// Gives institutions the names that the register of legal entities has for their codes: a code has one name, whatever was typed. What depends
/// on a choice is left as it is, since a foreign code means nothing there; so is a code that the register does not know.
pub(super) fn name_institutions(app: &App, feed: &Feed, entry: &mut Entry) {
    let Some(register) = &app.look_up else { return };
    for section in &feed.sections {
        let Some(columns) = section.entity.as_ref().filter(|columns| section.condition(&columns.code).is_none()) else { continue };
        for record in entry.sections.get_mut(&section.name).into_iter().flatten() {
            let code = record.get(&columns.code).filter(|code| catalog::codes::is_legal_entity_code(code));
            if let Some(known) = code.and_then(|code| register.entity(code).ok().flatten()) {
                record.insert(columns.name.clone(), known.name);
            }
        }
    }
}

fn suggestions(found: Result<Vec<Entity>, Unavailable>) -> serde_json::Value {
    match found {
        Ok(found) => {
            let one = |one: &Entity| json!({ "kodas": one.code, "pavadinimas": one.name, "forma": one.form, "apie": about(one) });
            json!({ "rasta": found.iter().map(one).collect::<Vec<_>>() })
        }
        Err(Unavailable) => json!({ "pranesimas": UNAVAILABLE }),
    }
}

/// What tells an entity from others of its name.
pub(super) fn about(one: &Entity) -> String {
    let code = format!("kodas {}", one.code);
    let parts = [Some(code.as_str()), one.form.as_deref(), one.address.as_deref(), one.status.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

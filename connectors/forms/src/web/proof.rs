//! That whoever acts is the one who signed in: a session alone, which may be stolen, is not enough for what matters most. Whoever signs in with a
//! password shows it once more; whoever comes through VIISP has none, and must have signed in a moment ago.

use chrono::TimeDelta;

use super::visit::Person;
use super::{Trouble, Visit};
use crate::Error;
use crate::secrets::is_password;
use crate::store::{self, Act, Actor, Durability};

/// Without a password, a sign-in proves who somebody is for so long.
const FRESH_MINUTES: i64 = 15;

pub(super) const WRONG_PASSWORD: &str =
    "Dabartinis slaptažodis neteisingas. Bandykite dar kartą. Po penkių nesėkmingų bandymų paskyra užrakinama 15 minučių.";

/// The hash of the password that somebody can sign in with, if they can.
pub(super) fn password<'a>(visit: &Visit<'_>, person: &'a Person) -> Option<&'a str> {
    person.account.password.as_deref().filter(|_| visit.app.settings.local_accounts)
}

/// Why it is not proven who acts, if it is not; `field` has the password.
pub(super) fn refused(visit: &Visit<'_>, person: &Person, field: &str) -> Result<Option<&'static str>, Trouble> {
    Ok(match password(visit, person) {
        Some(hash) if shows_password(visit, person, field, hash)? => None,
        Some(_) => Some(WRONG_PASSWORD),
        None if visit.now - person.session.created <= TimeDelta::minutes(FRESH_MINUTES) => None,
        None => Some("Prisijungėte seniau nei prieš 15 minučių. Atsijunkite, prisijunkite iš naujo ir pakartokite."),
    })
}

/// Whether the password that was sent is theirs. Guessing it here is as hard as at the door.
pub(super) fn shows_password(visit: &Visit<'_>, person: &Person, field: &str, hash: &str) -> Result<bool, Trouble> {
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

/// An entry of the audit log about somebody's own session.
pub(super) fn about_session(account: i64, action: &str, detail: String) -> Act<'_> {
    Act { actor: Actor::Account(account), action, object: "session".to_owned(), detail }
}

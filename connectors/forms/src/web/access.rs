//! Who may read a submission, its document and its container.

use super::visit::Person;
use super::{Trouble, Visit};
use crate::feed::{Feed, Field};
use crate::store::{self, Acting, Submission};
use crate::{Error, Role};

/// Whether somebody may read a submission: those who submitted it, the VIRS it is about, and staff of institutions (table 5).
pub(super) fn may_read(acting: &Acting, submission: &Submission) -> bool {
    if submission.acting == *acting {
        return true;
    }
    submission.state.is_submitted() && (acting.role.reads_all() || acting.role == Role::Virs && acting.organisation_code == submission.virs)
}

/// A submission that the visitor may read.
pub(super) fn readable<'a>(visit: &'a Visit<'_>, id: i64) -> Result<(Person, &'a Feed, Submission), Trouble> {
    let person = visit.person()?;
    let submission = visit.app.store.read(|connection| store::find(connection, id))?;
    let submission = submission.filter(|one| may_read(&person.acting, one)).ok_or(Trouble::NotFound)?;
    let feed = visit.app.feed(&submission.feed).ok_or(Trouble::NotFound)?;
    Ok((person, feed, submission))
}

/// Whether the signed document itself may be had: it holds codes, which some may not see.
pub(super) fn may_have_document(person: &Person, feed: &Feed) -> bool {
    person.acting.role.sees_codes() || !feed.sections.iter().flat_map(|section| &section.fields).any(Field::is_secret)
}

/// Whether the signed container may be had. The signer's certificate in it holds the signer's code: whoever may see no codes has only what they
/// signed themselves. And it may hold what was signed together: others than the organisation that did so get it only if they may have each
/// document in it, none of which may be one that was not submitted.
pub(super) fn may_have_container(visit: &Visit<'_>, person: &Person, submission: &Submission) -> Result<bool, Error> {
    if !person.acting.role.sees_codes() && submission.signer != Some(person.account.id) {
        return Ok(false);
    }
    if submission.acting == person.acting {
        return Ok(true);
    }
    visit.app.store.read(|connection| {
        let Some(together) = store::in_container_of(connection, submission.id)? else { return Ok(false) };
        for id in together {
            let may = store::find(connection, id)?.is_some_and(|one| {
                let feed = visit.app.feed(&one.feed);
                may_read(&person.acting, &one) && feed.is_some_and(|feed| may_have_document(person, feed))
            });
            if !may {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

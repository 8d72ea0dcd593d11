//! A submission that somebody works on, with what its pages need.

use super::search::MOST_DRAFTS;
use super::visit::Person;
use super::{Trouble, Visit};
use crate::Error;
use crate::feed::{Feed, Section};
use crate::register::Outlet;
use crate::store::{self, Attachment, Filter, Submission};

/// A submission with what its pages need.
pub(super) struct Open<'a> {
    pub(super) person: Person,
    pub(super) feed: &'a Feed,
    pub(super) submission: Submission,
    pub(super) outlets: Vec<Outlet>,
    pub(super) attachments: Vec<Attachment>,
}

/// A submission that the visitor may work on: of the same role and organisation.
pub(super) fn open<'a>(visit: &'a Visit<'_>, id: i64) -> Result<Open<'a>, Trouble> {
    let person = visit.person()?;
    let (submission, known, attachments) = visit.app.store.read(|connection| {
        let Some(submission) = store::find(connection, id)? else { return Ok((None, Vec::new(), Vec::new())) };
        let outlets = visit.app.outlets(connection, &submission.virs)?;
        Ok((Some(submission), outlets, store::attachments(connection, id)?))
    })?;
    // Whoever may not see it learns nothing of its being there.
    let submission = submission.filter(|one| one.acting == person.acting).ok_or(Trouble::NotFound)?;
    let feed = visit.app.feed(&submission.feed).ok_or(Trouble::NotFound)?;
    let declared = visit.app.outlets_of_entry(feed, &submission);
    // A form that declares outlets itself offers exactly those.
    let declares = feed.sections.iter().any(Section::declares_outlets);
    let outlets = if declares { declared } else { known };
    Ok(Open { person, feed, submission, outlets, attachments })
}

/// The submission, if the page that was sent is of its present version.
pub(super) fn of_this_version<'a>(visit: &'a Visit<'_>, id: i64) -> Result<Open<'a>, Trouble> {
    let open = open(visit, id)?;
    let version: i64 = visit.sent("_versija").and_then(|text| text.parse().ok()).ok_or(Trouble::Malformed)?;
    if version == open.submission.version { Ok(open) } else { Err(Trouble::Outdated) }
}

/// From so many on it is worth signing them together.
pub(super) const WORTH: usize = 2;

/// How many submissions of the visitor's organisation and role wait for their signature.
pub(super) fn waiting_count(visit: &Visit<'_>, person: &Person) -> Result<usize, Error> {
    let filter = Filter::Waiting(person.acting.role, &person.acting.organisation_code);
    visit.app.store.read(|connection| Ok(store::list(connection, filter, MOST_DRAFTS)?.len()))
}

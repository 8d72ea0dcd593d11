//! Finding the VIRS, and beginning a draft about it.

use minijinja::{Value, context};

use super::start::frame;
use super::visit::Person;
use super::{Reply, Trouble, Visit};
use crate::app::act;
use crate::entry::{Context, Entry};
use crate::feed::{About, Feed};
use crate::register::MOST_FOUND;
use crate::store::{self, Durability, Filter, NewSubmission};

fn feed_of<'a>(visit: &'a Visit<'_>, person: &Person, name: &str) -> Result<&'a Feed, Trouble> {
    let feed = visit.app.feed(name).ok_or(Trouble::NotFound)?;
    if feed.role == person.acting.role { Ok(feed) } else { Err(Trouble::Forbidden) }
}

/// So many drafts one organisation has open at a time; corrections among them.
pub(super) const MOST_DRAFTS: usize = 50;

/// The search. Who hands in about themselves need not search.
pub(super) fn page(visit: &Visit<'_>, name: &str) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let feed = feed_of(visit, &person, name)?;
    let words = visit.asked("ieskoti").map(str::trim);
    let register = visit.app.register();
    let (mut found, own) = if feed.about == About::Own {
        (Vec::new(), true)
    } else {
        (words.map_or_else(Vec::new, |words| register.find(words, feed.about == About::Audiovisual)), false)
    };
    let more = found.len() > MOST_FOUND;
    found.truncate(MOST_FOUND);
    let found: Vec<Value> = found
        .iter()
        .map(|virs| {
            let outlets: Vec<&str> = register.outlets(&virs.code).iter().map(|outlet| outlet.name.as_str()).collect();
            context! { code => &virs.code, name => &virs.name, outlets => outlets.join(", "), ended => &virs.ended }
        })
        .collect();
    let page = visit.app.templates.render(
        "search.html",
        context! {
            frame => frame(&person), feed => context! { name => &feed.name, title => &feed.title, description => &feed.description },
            words => words.unwrap_or_default(), searched => words.is_some(), found, more, own,
            own_code => &person.acting.organisation_code, audiovisual => feed.about == About::Audiovisual,
        },
    )?;
    Ok(Reply::page(page))
}

/// Begins a draft; who has one about the same VIRS already goes on with it.
pub(super) fn begin(visit: &Visit<'_>, name: &str) -> Result<Reply, Trouble> {
    let person = visit.person()?;
    let feed = feed_of(visit, &person, name)?;
    let register = visit.app.register();
    let virs = match feed.about {
        About::Own => person.acting.organisation_code.clone(),
        about => {
            let code = visit.sent("virs").ok_or(Trouble::Malformed)?;
            let virs = register.virs(code).ok_or(Trouble::NotFound)?;
            if about == About::Audiovisual && !virs.audiovisual {
                return Err(Trouble::Forbidden);
            }
            virs.code.clone()
        }
    };
    let id = visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        let open = store::list(transaction, Filter::Open(person.acting.role, &person.acting.organisation_code), MOST_DRAFTS)?;
        let same = open.iter().find(|one| feed.whole && one.feed == feed.name && one.virs == virs);
        if let Some(same) = same {
            return Ok(same.id);
        }
        if open.len() == MOST_DRAFTS {
            return Err(Trouble::TooManyDrafts);
        }
        let context = Context {
            virs: virs.clone(),
            organisation_code: person.acting.organisation_code.clone(),
            organisation_name: visit.app.organisation_name(&person.acting.organisation_code, &person.acting.organisation_name),
        };
        let current = if feed.whole { store::current_of(transaction, &feed.name, &virs)? } else { None };
        let entry = match &current {
            Some(current) => current.entry.clone(),
            None => first_entry(feed, &context, register.outlets(&virs)),
        };
        let new = NewSubmission {
            feed: &feed.name,
            virs: &virs,
            acting: &person.acting,
            account: person.account.id,
            entry: &entry,
            supersedes: current.as_ref().map(|current| current.id),
        };
        let id = store::create(transaction, &new, visit.now)?;
        store::note(transaction, act(person.account.id, "begin", id, &feed.name), visit.now)?;
        Ok(id)
    })?;
    Ok(Reply::to(format!("/pateiktis/{id}")))
}

/// What a form begins with: of a VIRS that hands everything in for the first time, the outlets that are known of it.
fn first_entry(feed: &Feed, context: &Context, outlets: &[crate::register::Outlet]) -> Entry {
    let mut entry = Entry::begin(feed, context);
    let declares = |section: &&crate::feed::Section| section.field(crate::feed::OUTLET).is_some_and(|field| field.given.is_some());
    if let Some(section) = feed.sections.iter().find(declares) {
        let known = outlets.iter().map(|outlet| outlet.record.clone()).take(section.max).collect();
        entry.sections.insert(section.name.clone(), known);
    }
    entry
}

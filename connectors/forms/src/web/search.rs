//! Finding the VIRS, and beginning a draft about it.

use minijinja::{Value, context};

use super::visit::Person;
use super::{Reply, Trouble, Visit};
use crate::app::act;
use crate::entry::{Context, Entry};
use crate::feed::{About, Feed};
use crate::held::{Held, held};
use crate::register::{MOST_FOUND, Outlet, only};
use crate::store::{self, Durability, Filter, NewSubmission};

fn feed_of<'a>(visit: &'a Visit<'_>, person: &Person, name: &str) -> Result<&'a Feed, Trouble> {
    let feed = visit.app.feed(name).ok_or(Trouble::NotFound)?;
    if feed.role == person.acting.role { Ok(feed) } else { Err(Trouble::Forbidden) }
}

/// So many drafts one organisation has open at a time; corrections among them.
pub(super) const MOST_DRAFTS: usize = 50;

/// The search. Who submits about themselves need not search.
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
            frame => person.frame(), feed => context! { name => &feed.name, title => &feed.title, description => &feed.description },
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
    let context = Context {
        virs: virs.clone(),
        organisation_code: person.acting.organisation_code.clone(),
        organisation_name: visit.app.organisation_name(&person.acting.organisation_code, &person.acting.organisation_name),
    };
    let id = visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        let open = store::list(transaction, Filter::Open(person.acting.role, &person.acting.organisation_code), MOST_DRAFTS)?;
        for one in open.iter().filter(|one| feed.about == About::Own && one.feed == feed.name && one.virs == virs) {
            // A correction is of one submission; whoever brings something new does not mean that one.
            if feed.whole || store::find(transaction, one.id)?.is_some_and(|draft| draft.supersedes.is_none()) {
                return Ok(one.id);
            }
        }
        if open.len() == MOST_DRAFTS {
            return Err(Trouble::TooManyDrafts);
        }
        let Held { entry, submission: supersedes } = if feed.whole {
            held(transaction, feed, &context, &register)?
        } else {
            Held { entry: first_entry(feed, &context, &visit.app.outlets(transaction, &virs)?), submission: None }
        };
        let new =
            NewSubmission { feed: &feed.name, virs: &virs, acting: &person.acting, account: person.account.id, entry: &entry, supersedes };
        let id = store::create(transaction, &new, visit.now)?;
        store::note(transaction, act(person.account.id, "begin", id, &feed.name), visit.now)?;
        Ok(id)
    })?;
    Ok(Reply::to(format!("/pateiktis/{id}")))
}

/// What a form begins with that says one thing beside others: an empty record, with the outlet if there is but one.
fn first_entry(feed: &Feed, context: &Context, outlets: &[Outlet]) -> Entry {
    let mut entry = Entry::begin(feed, context);
    if let Some(outlet) = only(outlets) {
        for section in &feed.sections {
            (0..entry.records(&section.name).len()).for_each(|place| entry.choose_outlet(section, place, &outlet.number));
        }
    }
    entry
}

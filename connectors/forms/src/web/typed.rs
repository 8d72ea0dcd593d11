//! Input that could not be saved in its draft: the session had ended, the page was of an older version, or of another session. It is kept
//! encrypted for whoever typed it, and changes nothing until they look at it and confirm it.

use minijinja::context;
use serde::{Deserialize, Serialize};

use super::fields::title;
use super::frame::local;
use super::open::{Open, of_this_version, open};
use super::{Reply, Trouble, Visit};
use crate::Error;
use crate::app::act;
use crate::entry::{Entry, Record};
use crate::feed::{Feed, Field, Section};
use crate::paper::shown;
use crate::secrets::same;
use crate::store::{self, Account, Acting, Durability, Submission};

/// Longest text that is kept, in bytes: a form with hundreds of participants.
const LONGEST: usize = 2 << 20;
/// Clocks of the page.
const CLOCK: &str = "%Y-%m-%d %H:%M";

/// What is kept.
#[derive(Serialize, Deserialize)]
struct Typed {
    /// Which records the form had.
    shape: String,
    /// What stood in its fields.
    fields: Vec<(String, String)>,
}

/// Keeps what was typed where saving it failed for a reason that is not the writer's fault, and says so.
pub(super) fn keeping(visit: &Visit<'_>, id: i64, saved: Result<Reply, Trouble>) -> Result<Reply, Trouble> {
    let trouble = match saved {
        Err(trouble @ (Trouble::SignIn | Trouble::Forged | Trouble::Outdated)) => trouble,
        other => return other,
    };
    let kept = keep(visit, id).and_then(|kept| match (kept, &trouble) {
        (false, _) => Ok(None),
        (true, Trouble::SignIn) => Ok(Some(Reply::to("/prisijungti?issaugota=1"))),
        (true, _) => page(visit, id).map(|reply| Some(reply.with_status(trouble.words().0))),
    });
    match kept {
        Ok(Some(reply)) => Err(Trouble::Kept(Box::new(trouble), Box::new(reply))),
        Ok(None) => Err(trouble),
        Err(error) => {
            tracing::error!(submission = id, error = error.for_log(), "what was typed could not be saved");
            Err(trouble)
        }
    }
}

/// Keeps it; `false` where there is nothing to keep, or nobody to keep it for.
fn keep(visit: &Visit<'_>, id: i64) -> Result<bool, Trouble> {
    let Some((account, acting)) = writer(visit)? else { return Ok(false) };
    let found = visit.app.store.read(|connection| Ok((store::find(connection, id)?, store::find_account(connection, account)?)))?;
    let (Some(submission), Some(account)) = found else { return Ok(false) };
    let Some(feed) = visit.app.feed(&submission.feed).filter(|_| submission.acting == acting && submission.state.is_open()) else {
        return Ok(false);
    };
    let fields = visit.form.iter().filter(|(name, _)| feed.sections.iter().any(|section| name.starts_with(&format!("{}.", section.name))));
    let typed = Typed { shape: visit.sent("_sandara").unwrap_or_default().to_owned(), fields: fields.cloned().collect() };
    if differences(feed, &submission.entry, &typed).is_empty() {
        return Ok(false);
    }
    let plain = serde_json::to_vec(&typed).map_err(|_| Error::Content("what was typed"))?;
    if plain.len() > LONGEST {
        return Ok(false);
    }
    let sealed = visit.app.persons.seal_of_typed().close(&bound(&account, id), &plain)?;
    visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        store::keep_typed(transaction, account.id, id, &sealed, visit.now)?;
        Ok(store::note(transaction, act(account.id, "keep what was typed", id, ""), visit.now)?)
    })?;
    Ok(true)
}

/// Who typed it, and in whose name: whoever is signed in, else whose session has just ended by itself and sent the token of its forms.
fn writer(visit: &Visit<'_>) -> Result<Option<(i64, Acting)>, Trouble> {
    if let Some(session) = &visit.session {
        return Ok(session.acting.clone().map(|acting| (session.account, acting)));
    }
    let Some(token) = &visit.token else { return Ok(None) };
    let ended = visit.app.store.read(|connection| store::ended_session(connection, token, visit.now))?;
    let sent = visit.sent("_csrf").unwrap_or_default();
    Ok(ended.filter(|ended| same(sent, &ended.csrf)).map(|ended| (ended.account, ended.acting)))
}

/// Whose text about which draft it is: sealed for that alone.
fn bound(account: &Account, submission: i64) -> String {
    format!("{} {submission}", account.person)
}

/// What is kept for the visitor about a draft, and since when.
fn find(visit: &Visit<'_>, account: &Account, id: i64) -> Result<Option<(Typed, String)>, Trouble> {
    let Some((sealed, kept)) = visit.app.store.read(|connection| store::find_typed(connection, account.id, id, visit.now))? else {
        return Ok(None);
    };
    let plain = visit.app.persons.seal_of_typed().open(&bound(account, id), &sealed);
    Ok(plain.and_then(|plain| serde_json::from_slice(&plain).ok()).map(|typed| (typed, local(&kept, CLOCK))))
}

/// Since when something is kept for the visitor about this draft.
pub(super) fn waiting(visit: &Visit<'_>, open: &Open<'_>) -> Result<Option<String>, Trouble> {
    let account = open.person.account.id;
    let found = visit.app.store.read(|connection| store::find_typed(connection, account, open.submission.id, visit.now))?;
    Ok(found.map(|(_, kept)| local(&kept, CLOCK)))
}

/// Drafts about which something is kept for somebody who acts for this organisation, and since when.
pub(super) fn all(visit: &Visit<'_>, account: i64, acting: &Acting) -> Result<Vec<(Submission, String)>, Trouble> {
    let found = visit.app.store.read(|connection| {
        let kept = store::typed_of(connection, account, visit.now)?;
        kept.into_iter()
            .map(|(id, kept)| Ok(store::find(connection, id)?.map(|one| (one, local(&kept, CLOCK)))))
            .collect::<Result<Vec<_>, Error>>()
    })?;
    Ok(found.into_iter().flatten().filter(|(one, _)| one.acting == *acting && one.state.is_open()).collect())
}

/// What was typed beside what is saved, where the two differ.
pub(super) fn page(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = open(visit, id)?;
    let Some((typed, kept)) = find(visit, &open.person.account, id)? else { return Ok(Reply::to(format!("/pateiktis/{id}"))) };
    let entry = &open.submission.entry;
    let word = |field: &Field, value: Option<&String>| {
        value.map_or_else(|| "–".to_owned(), |value| shown(field, value, &visit.app.catalog, &open.outlets))
    };
    let lines: Vec<_> = differences(open.feed, entry, &typed)
        .iter()
        .map(|one| {
            context! {
                record => title(one.section, one.place), title => &one.field.title, saved => word(one.field, one.saved.as_ref()),
                typed => word(one.field, one.typed.as_ref()),
            }
        })
        .collect();
    let page = visit.app.templates.render(
        "typed.html",
        context! {
            frame => open.person.frame(), id, version => &open.submission.version, title => &open.feed.title,
            virs => visit.app.virs_name(&open.submission), code => &open.submission.virs, kept, lines,
            fits => typed.shape == entry.shape(open.feed) && open.submission.state.is_open(), hours => store::TYPED_HOURS,
        },
    )?;
    Ok(Reply::page(page))
}

/// The writer decides: it comes into the draft, or goes.
pub(super) fn decide(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    let account = &open.person.account;
    let forget = |action: &'static str| {
        visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
            store::forget_typed(transaction, account.id, id)?;
            Ok(store::note(transaction, act(account.id, action, id, ""), visit.now)?)
        })
    };
    match visit.sent("veiksmas") {
        Some("grazinti") => {
            let (typed, _) = find(visit, account, id)?.ok_or(Trouble::NotFound)?;
            // Records that are others by now would get what was typed about those of before.
            if typed.shape != open.submission.entry.shape(open.feed) {
                return Err(Trouble::Outdated);
            }
            let mut entry = typed.in_place_of(open.feed, &open.submission.entry);
            entry.leave_out(open.feed);
            let context = visit.app.context(&open.submission);
            visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
                entry.give(open.feed, &context, |prefix| visit.app.number(transaction, prefix))?;
                if !store::save(transaction, &open.submission, &entry, visit.now)? {
                    return Err(Trouble::Outdated);
                }
                Ok(())
            })?;
            forget("bring back what was typed")?;
            Ok(Reply::to(format!("/pateiktis/{id}?irasyta=1")))
        }
        Some("atmesti") => {
            forget("forget what was typed")?;
            Ok(Reply::to(format!("/pateiktis/{id}")))
        }
        _ => Err(Trouble::Malformed),
    }
}

impl Typed {
    /// The entry with what was typed in it, and records that it does not have.
    fn in_place_of(&self, feed: &Feed, saved: &Entry) -> Entry {
        let mut entry = saved.clone();
        for (name, _) in &self.fields {
            let mut parts = name.split('.');
            let section = parts.next().and_then(|section| feed.section(section));
            let place = parts.next().and_then(|place| place.parse::<usize>().ok());
            let (Some(section), Some(place)) = (section, place.filter(|place| section.is_some_and(|section| *place < section.max))) else {
                continue;
            };
            let records = entry.sections.entry(section.name.clone()).or_default();
            if records.len() <= place {
                records.resize_with(place + 1, Record::new);
            }
        }
        entry.fill(feed, self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        entry
    }
}

/// A field in which what was typed differs from what is saved.
struct Difference<'f> {
    section: &'f Section,
    place: usize,
    field: &'f Field,
    saved: Option<String>,
    typed: Option<String>,
}

fn differences<'f>(feed: &'f Feed, saved: &Entry, typed: &Typed) -> Vec<Difference<'f>> {
    let entry = typed.in_place_of(feed, saved);
    let mut found = Vec::new();
    for section in &feed.sections {
        for (place, record) in entry.records(&section.name).iter().enumerate() {
            let before = saved.records(&section.name).get(place);
            for field in &section.fields {
                let (saved, typed) = (before.and_then(|before| before.get(field.name())), record.get(field.name()));
                if saved != typed {
                    found.push(Difference { section, place, field, saved: saved.cloned(), typed: typed.cloned() });
                }
            }
        }
    }
    found
}

//! Telling the submitter and the ministry that the nightly run set records of a submission aside: by letter, once, and on the start page.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::days::today;
use crate::feed::Feed;
use crate::publishable::{DOCUMENTS, why};
use crate::register::Register;
use crate::store::{self, Durability, SetAsideNotice, Store};
use crate::{Error, Role, letters, notices};

/// So many places stand in one letter.
const MOST_PLACES: usize = 20;

/// Where in a form a record is that was set aside, in words.
pub(crate) fn place(feeds: &[Feed], told: &SetAsideNotice) -> String {
    if told.table == DOCUMENTS {
        return format!("dokumento, pažymėto kaip viešas, skelbti negalima: {}", why(&told.record.rule));
    }
    let mut sections = feeds.iter().flat_map(|feed| &feed.sections);
    let Some(section) = sections.find(|section| section.table.name == told.table) else { return String::new() };
    let record = if section.max == 1 { String::new() } else { format!(", {} {}", section.one.to_lowercase(), told.record.place) };
    let field = section.field(&told.record.column).map_or_else(String::new, |field| format!(", laukas „{}“", field.title));
    format!("skiltis „{}“{record}{field}", section.title)
}

/// Writes the letters about everything that is set aside now; one that was written before is not written again.
///
/// # Errors
/// The store's.
pub fn set_aside(store: &Store, register: &Register, feeds: &[Feed], origin: &str, now: DateTime<Utc>) -> Result<usize, Error> {
    store.write(Durability::OnDisk, |transaction| {
        let mut by_submission: BTreeMap<i64, Vec<SetAsideNotice>> = BTreeMap::new();
        for told in store::all_set_aside(transaction)? {
            by_submission.entry(told.record.submission).or_default().push(told);
        }
        let ministry: Vec<String> = store::organisations(transaction, Role::Km, today(now))?.into_iter().map(|(code, _)| code).collect();
        let mut written = 0;
        for (id, told) in by_submission {
            let Some(submission) = store::find(transaction, id)? else { continue };
            let Some(feed) = feeds.iter().find(|feed| feed.name == submission.feed) else { continue };
            let virs = register.virs(&submission.virs).map_or(submission.virs.as_str(), |virs| &virs.name);
            let mut places: Vec<String> = told.iter().take(MOST_PLACES).map(|told| place(feeds, told)).collect();
            if told.len() > MOST_PLACES {
                places.push(format!("ir dar {}", told.len() - MOST_PLACES));
            }
            let receipt = submission.receipt.as_deref().unwrap_or_default();
            let letter = letters::set_aside(&feed.title, receipt, virs, &places, origin);
            let submitter = (submission.acting.role, submission.acting.organisation_code.as_str());
            let others = ministry.iter().map(|code| (Role::Km, code.as_str())).filter(|to| *to != submitter);
            for to in std::iter::once(submitter).chain(others) {
                written += notices::post(transaction, register, to, &format!("set-aside-{id}"), &letter, now)?;
            }
        }
        Ok(written)
    })
}

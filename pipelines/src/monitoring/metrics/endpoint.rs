//! Metrics of the form endpoint: numbers of submissions, letters and attempts to sign in, nothing about anybody.

use anyhow::Result;
use chrono::{DateTime, Utc};
use forms::App;
use forms::state::State;
use forms::store::{self, SignIns};

use super::super::health;
use super::page::{Family, Page};
use crate::config::Config;

const WRITABLE: Family = Family::gauge("virsis_store_writable", &[], "1 if the form endpoint could keep a submission, 0 if not.");
const SUBMISSIONS: Family = Family::gauge("virsis_submissions", &["kind", "state"], "Submissions in the store, by form and state.");
const LETTERS: Family = Family::gauge("virsis_mail_queue_letters", &[], "Letters that are neither delivered nor given up.");
const OLDEST: Family = Family::gauge("virsis_mail_queue_oldest_age_seconds", &[], "Age of the oldest of them; 0 if there is none.");
const GIVEN_UP: Family = Family::gauge("virsis_mail_given_up_letters", &[], "Letters that nobody got, as the mail server never took them.");
const SIGN_INS: Family =
    Family::counter("virsis_sign_ins_total", &["outcome"], "Attempts to sign in to the form endpoint: `accepted` or `refused`.");

/// All of them.
#[cfg(test)]
pub(super) const FAMILIES: &[Family] = &[WRITABLE, SUBMISSIONS, LETTERS, OLDEST, GIVEN_UP, SIGN_INS];

pub(super) fn tell(page: &mut Page, config: &Config, endpoint: &App, sign_ins: &mut SignIns, now: DateTime<Utc>) -> Result<()> {
    page.say(&WRITABLE, &[], f64::from(u8::from(health::unwritable(config, endpoint).is_ok())))?;
    let (submissions, waiting, oldest, given_up, counted) = endpoint.store.read(|connection| {
        Ok((
            store::submissions_by_state(connection)?,
            store::waiting(connection)?,
            store::oldest_waiting(connection)?,
            store::given_up(connection)?,
            sign_ins.go_on(connection)?,
        ))
    })?;
    for feed in &endpoint.feeds {
        for state in State::ALL {
            let found = submissions.iter().find(|(kind, of, _)| *kind == feed.name && *of == state);
            page.say(&SUBMISSIONS, &[&feed.name, state.code()], found.map_or(0, |(_, _, count)| *count) as f64)?;
        }
    }
    page.say(&LETTERS, &[], waiting as f64)?;
    page.say(&OLDEST, &[], oldest.map_or(0, |written| (now - written).num_seconds().max(0)) as f64)?;
    page.say(&GIVEN_UP, &[], given_up as f64)?;
    *sign_ins = counted;
    page.say(&SIGN_INS, &["accepted"], counted.accepted as f64)?;
    page.say(&SIGN_INS, &["refused"], counted.refused as f64)
}

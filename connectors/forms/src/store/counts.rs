//! How much of everything there is, for those who watch over the endpoint: numbers alone, nothing about anybody.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::unstamp;
use crate::Error;
use crate::state::State;

/// Attempts to sign in, after some entry of the audit log up to its last one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignIns {
    /// The last entry that was looked at.
    pub entry: i64,
    /// How many succeeded.
    pub accepted: u64,
    /// How many were refused.
    pub refused: u64,
}

impl SignIns {
    /// With those that came since; the log is read from the last entry on that was looked at.
    ///
    /// # Errors
    /// The store's.
    pub fn go_on(self, connection: &Connection) -> Result<Self, Error> {
        let mut select = connection.prepare_cached(
            "SELECT coalesce(max(entry), ?1), count(*) FILTER (WHERE action = 'sign in'), count(*) FILTER (WHERE action = 'sign in refused')
             FROM audit WHERE entry > ?1",
        )?;
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        Ok(select.query_row([self.entry], |row| {
            let (accepted, refused) = (self.accepted + count(row.get(1)?), self.refused + count(row.get(2)?));
            Ok(Self { entry: row.get(0)?, accepted, refused })
        })?)
    }
}

/// How many submissions there are, by feed and state.
///
/// # Errors
/// The store's.
pub fn submissions_by_state(connection: &Connection) -> Result<Vec<(String, State, i64)>, Error> {
    let mut select = connection.prepare_cached("SELECT feed, state, count(*) FROM submission GROUP BY feed, state")?;
    let found = select.query_map([], |row| Ok((row.get(0)?, State::of(&row.get::<_, String>(1)?), row.get(2)?)))?;
    let found: Vec<(String, Option<State>, i64)> = found.collect::<Result<_, _>>()?;
    Ok(found.into_iter().filter_map(|(feed, state, count)| Some((feed, state?, count))).collect())
}

/// When the oldest letter was written that is neither delivered nor given up.
///
/// # Errors
/// The store's.
pub fn oldest_waiting(connection: &Connection) -> Result<Option<DateTime<Utc>>, Error> {
    let mut select = connection.prepare_cached("SELECT min(written) FROM outbox WHERE delivered IS NULL AND given_up IS NULL")?;
    let oldest: Option<Option<String>> = select.query_row([], |row| row.get(0)).optional()?;
    Ok(oldest.flatten().map(|written| unstamp(&written)).transpose()?)
}

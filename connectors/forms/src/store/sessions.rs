//! Sessions: who is signed in, in whose name, until when. The store holds only a hash of the token that the browser keeps.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use sha2::{Digest, Sha256};

use super::{Mandate, stamp, typed, unstamp};
use crate::days::today;
use crate::{Error, Role};

/// A session that nobody used for so long ends.
pub const IDLE_MINUTES: i64 = 30;
/// No session lasts longer.
pub const ABSOLUTE_HOURS: i64 = 12;
/// Whose a session was that ended by itself is remembered for so long.
const ENDED_HOURS: i64 = 12;
/// So long a browser keeps the cookie of a session. That the session lasts as long is not said by it.
pub const COOKIE_HOURS: i64 = ABSOLUTE_HOURS + ENDED_HOURS;
/// How exactly the last use is kept: writing at every page would be a write for every read.
const SEEN_SECONDS: i64 = 60;

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// The account.
    pub account: i64,
    /// What forms of this session must send along.
    pub csrf: String,
    /// In whose name, once chosen.
    pub acting: Option<Acting>,
    /// When it began.
    pub created: DateTime<Utc>,
    /// Whether the last use should be noted.
    pub stale: bool,
}

/// In whose name somebody acts.
#[derive(Debug, Clone)]
pub struct Acting {
    /// The role.
    pub role: Role,
    /// The organisation's code.
    pub organisation_code: String,
    /// Its name.
    pub organisation_name: String,
}

impl PartialEq for Acting {
    /// The same role for the same organisation, however its name is written: names change, and mandates do not all write them alike.
    fn eq(&self, other: &Self) -> bool {
        self.role == other.role && self.organisation_code == other.organisation_code
    }
}

impl Eq for Acting {}

/// What the store keeps of a token.
pub(crate) fn hashed(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Begins a session.
///
/// # Errors
/// The store's.
pub fn open(transaction: &Transaction<'_>, token: &str, csrf: &str, account: i64, now: DateTime<Utc>) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO session (token, account, csrf, created, seen) VALUES (:token, :account, :csrf, :now, :now)",
        named_params! {":token": hashed(token), ":account": account, ":csrf": csrf, ":now": stamp(now)},
    )?;
    Ok(())
}

/// The session of a token, if it has not ended. It acts in somebody's name only as long as the mandate is there and has not ended: one
/// that was taken away counts from the next page on, not from the next sign-in.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, token: &str, now: DateTime<Utc>) -> Result<Option<Session>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT session.account, csrf, role, organisation_code, organisation_name, seen, session.created, EXISTS
             (SELECT 1 FROM mandate WHERE mandate.person = account.person AND mandate.role = session.role
              AND mandate.organisation_code = session.organisation_code AND valid_from <= ?4 AND (valid_to IS NULL OR valid_to >= ?4))
         FROM session JOIN account ON account.id = account
         WHERE token = ?1 AND session.created > ?2 AND seen > ?3 AND closed IS NULL",
    )?;
    let (earliest, idle) = earliest(now);
    let found = select
        .query_row((hashed(token), earliest, idle, today(now).to_string()), |row| {
            let role: Option<String> = row.get(2)?;
            let has_mandate: bool = row.get(7)?;
            let acting = match role.as_deref().and_then(Role::of).filter(|_| has_mandate) {
                Some(role) => Some(Acting { role, organisation_code: row.get(3)?, organisation_name: row.get(4)? }),
                None => None,
            };
            let (seen, created) = (unstamp(&row.get::<_, String>(5)?)?, unstamp(&row.get::<_, String>(6)?)?);
            Ok(Session { account: row.get(0)?, csrf: row.get(1)?, acting, created, stale: now - seen > TimeDelta::seconds(SEEN_SECONDS) })
        })
        .optional()?;
    Ok(found)
}

/// Notes that a session was used.
///
/// # Errors
/// The store's.
pub fn touch(transaction: &Transaction<'_>, token: &str, now: DateTime<Utc>) -> Result<(), Error> {
    transaction.execute("UPDATE session SET seen = ?2 WHERE token = ?1", (hashed(token), stamp(now)))?;
    Ok(())
}

/// Chooses in whose name the session acts; its token is changed, so that one seen before is worth nothing.
///
/// # Errors
/// The store's.
pub fn take_role(transaction: &Transaction<'_>, old: &str, new: &str, csrf: &str, mandate: &Mandate) -> Result<(), Error> {
    transaction.execute(
        "UPDATE session SET token = :new, csrf = :csrf, role = :role, organisation_code = :code, organisation_name = :name WHERE token = :old",
        named_params! {
            ":old": hashed(old), ":new": hashed(new), ":csrf": csrf, ":role": mandate.role.code(),
            ":code": mandate.organisation_code, ":name": mandate.organisation_name,
        },
    )?;
    Ok(())
}

/// A session as its owner sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// When it began.
    pub created: String,
    /// When it was used last.
    pub last_seen: String,
    /// In whose name, once chosen.
    pub organisation_name: Option<String>,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// Where somebody is signed in now; the session used last first. `token` is that of the one that asks.
///
/// # Errors
/// The store's.
pub fn of_account(connection: &Connection, account: i64, token: &str, now: DateTime<Utc>) -> Result<Vec<SignedIn>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT created, seen, organisation_name, token = ?2 FROM session WHERE account = ?1 AND created > ?3 AND seen > ?4
         ORDER BY seen DESC, token",
    )?;
    let (earliest, idle) = earliest(now);
    let found = select.query_map((account, hashed(token), earliest, idle), |row| {
        Ok(SignedIn { created: row.get(0)?, last_seen: row.get(1)?, organisation_name: row.get(2)?, this: row.get(3)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Since when a session must have begun, and been used, not to have ended.
fn earliest(now: DateTime<Utc>) -> (String, String) {
    (stamp(now - TimeDelta::hours(ABSOLUTE_HOURS)), stamp(now - TimeDelta::minutes(IDLE_MINUTES)))
}

/// Changes the token of a session, so that one seen before is worth nothing, and ends all others of its account; says how many.
///
/// # Errors
/// The store's.
pub fn keep_only(transaction: &Transaction<'_>, account: i64, old: &str, new: &str, csrf: &str) -> Result<usize, Error> {
    transaction.execute("UPDATE session SET token = ?2, csrf = ?3 WHERE token = ?1", (hashed(old), hashed(new), csrf))?;
    Ok(transaction.execute("DELETE FROM session WHERE account = ?1 AND token <> ?2", (account, hashed(new)))?)
}

/// Ends all sessions of an account, or of everybody; says how many.
///
/// # Errors
/// The store's.
pub fn close_all(transaction: &Transaction<'_>, account: Option<i64>) -> Result<usize, Error> {
    transaction.execute("DELETE FROM ended_session WHERE ?1 IS NULL OR account = ?1", [account])?;
    Ok(transaction.execute("DELETE FROM session WHERE ?1 IS NULL OR account = ?1", [account])?)
}

/// Ends a session.
///
/// # Errors
/// The store's.
pub fn close(transaction: &Transaction<'_>, token: &str) -> Result<(), Error> {
    transaction.execute("DELETE FROM session WHERE token = ?1", [hashed(token)])?;
    transaction.execute("DELETE FROM ended_session WHERE token = ?1", [hashed(token)])?;
    Ok(())
}

/// A session that ended by itself: nobody acts by it any more, but a form that was sent too late is known to be of this person.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The account.
    pub account: i64,
    /// What forms of the session sent along.
    pub csrf: String,
    /// In whose name.
    pub acting: Acting,
}

/// The session of a token that ended by itself not long ago. Whoever signed out, or was signed out, has none.
///
/// # Errors
/// The store's.
pub fn ended(connection: &Connection, token: &str, now: DateTime<Utc>) -> Result<Option<Ended>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT account, ended.csrf, ended.role, organisation_code, organisation_name FROM
             (SELECT token, account, csrf, role, organisation_code, organisation_name FROM ended_session WHERE ended > ?4
              UNION ALL SELECT token, account, csrf, role, organisation_code, organisation_name FROM session
                  WHERE role IS NOT NULL AND (created <= ?2 OR seen <= ?3)) AS ended
         JOIN account ON account.id = account WHERE token = ?1 AND closed IS NULL",
    )?;
    let (earliest, idle) = earliest(now);
    let found = select
        .query_row((hashed(token), earliest, idle, stamp(now - TimeDelta::hours(ENDED_HOURS))), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get(4)?))
        })
        .optional()?;
    Ok(found.and_then(|(account, csrf, role, organisation_code, organisation_name)| {
        Some(Ended { account, csrf, acting: Acting { role: Role::of(&role)?, organisation_code, organisation_name } })
    }))
}

/// Removes sessions that ended by themselves, of which it is remembered for a while whose they were; and sign-ins that nobody finished.
///
/// # Errors
/// The store's.
pub fn end_stale(transaction: &Transaction<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let (earliest, idle) = earliest(now);
    transaction.execute(
        "INSERT OR REPLACE INTO ended_session (token, account, csrf, role, organisation_code, organisation_name, ended)
             SELECT token, account, csrf, role, organisation_code, organisation_name, ?3 FROM session
             WHERE role IS NOT NULL AND (created <= ?1 OR seen <= ?2)",
        (&earliest, &idle, stamp(now)),
    )?;
    transaction.execute("DELETE FROM ended_session WHERE ended <= ?1", [stamp(now - TimeDelta::hours(ENDED_HOURS))])?;
    typed::expire(transaction, now)?;
    transaction.execute("DELETE FROM session WHERE created <= ?1 OR seen <= ?2", (earliest, &idle))?;
    transaction.execute("DELETE FROM handover WHERE created <= ?1", [idle])?;
    Ok(())
}

//! Accounts: who somebody is, whether by password or by VIISP.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::{stamp, unstamp};
use crate::Error;

/// After this many wrong passwords in a row…
const FAILURES: i64 = 5;
/// …the account rests for so many minutes.
pub const LOCKED_MINUTES: i64 = 15;
/// A password that an operator gave is good for so many days: others have seen it.
pub const GIVEN_PASSWORD_DAYS: i64 = 14;

/// Somebody who may sign in.
#[derive(Clone)]
pub struct Account {
    /// Its number; stands in the audit log.
    pub id: i64,
    /// Keyed hash of the personal code.
    pub person: String,
    /// Given names.
    pub given_names: String,
    /// Family names.
    pub family_names: String,
    /// Argon2id hash of the password, of a local account.
    pub password: Option<String>,
    /// Until when the password is good, if an operator gave it.
    pub password_until: Option<DateTime<Utc>>,
    /// Secret of the one-time codes, of a local account; sealed.
    pub seed: Option<Vec<u8>>,
    /// The last time step whose code was used.
    pub totp_used: i64,
    /// Until when nobody can sign in.
    pub locked_until: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Account").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Account {
    /// Given and family names.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given_names, self.family_names)
    }
}

/// An account to be made.
pub struct NewAccount<'a> {
    /// Name to sign in with.
    pub login: &'a str,
    /// Keyed hash of the personal code.
    pub person: &'a str,
    /// Given names.
    pub given_names: &'a str,
    /// Family names.
    pub family_names: &'a str,
    /// Argon2id hash of the password.
    pub password: &'a str,
    /// Secret of the one-time codes; sealed.
    pub seed: &'a [u8],
}

const COLUMNS: &str = "id, person, given_names, family_names, password, password_until, seed, totp_used, locked_until";

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        person: row.get(1)?,
        given_names: row.get(2)?,
        family_names: row.get(3)?,
        password: row.get(4)?,
        password_until: row.get::<_, Option<String>>(5)?.map(|text| unstamp(&text)).transpose()?,
        seed: row.get(6)?,
        totp_used: row.get(7)?,
        locked_until: row.get::<_, Option<String>>(8)?.map(|text| unstamp(&text)).transpose()?,
    })
}

fn given_until(now: DateTime<Utc>) -> String {
    stamp(now + TimeDelta::days(GIVEN_PASSWORD_DAYS))
}

/// Makes a local account. A person who came through VIISP before keeps the same account.
///
/// # Errors
/// The name to sign in with, or the person, has a local account already.
pub fn create(transaction: &Transaction<'_>, account: &NewAccount<'_>, now: DateTime<Utc>) -> Result<i64, Error> {
    let taken: bool = transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM account WHERE login = :login OR person = :person AND login IS NOT NULL)",
        named_params! {":login": account.login, ":person": account.person},
        |row| row.get(0),
    )?;
    if taken {
        return Err(Error::Refused("this name, or this person, has an account already".to_owned()));
    }
    Ok(transaction.query_row(
        "INSERT INTO account (login, person, given_names, family_names, password, password_until, seed, created)
         VALUES (:login, :person, :given, :family, :password, :until, :seed, :now)
         ON CONFLICT (person) DO UPDATE SET login = :login, password = :password, password_until = :until, seed = :seed
         RETURNING id",
        named_params! {
            ":login": account.login, ":person": account.person, ":given": account.given_names, ":family": account.family_names,
            ":password": account.password, ":until": given_until(now), ":seed": account.seed, ":now": stamp(now),
        },
        |row| row.get(0),
    )?)
}

/// The account of a person whom VIISP named; made at the first time, with the names as they are today.
///
/// # Errors
/// The store's.
pub fn upsert_person(transaction: &Transaction<'_>, person: &str, given: &str, family: &str, now: DateTime<Utc>) -> Result<i64, Error> {
    Ok(transaction.query_row(
        "INSERT INTO account (person, given_names, family_names, created) VALUES (:person, :given, :family, :now)
         ON CONFLICT (person) DO UPDATE SET given_names = :given, family_names = :family RETURNING id",
        named_params! {":person": person, ":given": given, ":family": family, ":now": stamp(now)},
        |row| row.get(0),
    )?)
}

/// The local account of a name.
///
/// # Errors
/// The store's.
pub fn by_login(connection: &Connection, login: &str) -> Result<Option<Account>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE login = ?1 AND closed IS NULL");
    Ok(connection.prepare_cached(&sql)?.query_row([login], read).optional()?)
}

/// The account of a person.
///
/// # Errors
/// The store's.
pub fn by_person(connection: &Connection, person: &str) -> Result<Option<Account>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE person = ?1 AND closed IS NULL");
    Ok(connection.prepare_cached(&sql)?.query_row([person], read).optional()?)
}

/// An account by its number.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: i64) -> Result<Option<Account>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE id = ?1 AND closed IS NULL");
    Ok(connection.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// What people are called who have, or had, an account: by its number.
///
/// # Errors
/// The store's.
pub fn names(connection: &Connection, ids: impl IntoIterator<Item = i64>) -> Result<BTreeMap<i64, String>, Error> {
    let mut select = connection.prepare_cached("SELECT given_names || ' ' || family_names FROM account WHERE id = ?1")?;
    let mut names = BTreeMap::new();
    for id in ids {
        if let Some(name) = select.query_row([id], |row| row.get(0)).optional()? {
            names.insert(id, name);
        }
    }
    Ok(names)
}

/// Counts a failed sign-in; after too many the account rests.
///
/// # Errors
/// The store's.
pub fn failed(transaction: &Transaction<'_>, id: i64, now: DateTime<Utc>) -> Result<(), Error> {
    let until = stamp(now + TimeDelta::minutes(LOCKED_MINUTES));
    transaction.execute(
        "UPDATE account SET locked_until = CASE WHEN failures + 1 >= ?2 THEN ?3 ELSE locked_until END,
             failures = CASE WHEN failures + 1 >= ?2 THEN 0 ELSE failures + 1 END WHERE id = ?1",
        (id, FAILURES, until),
    )?;
    Ok(())
}

/// Notes a sign-in with the code of this time step. `false` when that code, or a later one, was used before: somebody saw it being typed;
/// or when the account rests, or was closed, since it was looked at: many guesses at once must not get past the lock.
///
/// # Errors
/// The store's.
pub fn succeeded(transaction: &Transaction<'_>, id: i64, totp_step: i64, now: DateTime<Utc>) -> Result<bool, Error> {
    let changed = transaction.execute(
        "UPDATE account SET failures = 0, locked_until = NULL, totp_used = ?2
         WHERE id = ?1 AND totp_used < ?2 AND closed IS NULL AND (locked_until IS NULL OR locked_until <= ?3)",
        (id, totp_step, stamp(now)),
    )?;
    Ok(changed == 1)
}

/// Closes the local account of a name and ends its sessions; gives its number.
///
/// # Errors
/// The store's.
pub fn close(transaction: &Transaction<'_>, login: &str, now: DateTime<Utc>) -> Result<Option<i64>, Error> {
    let id: Option<i64> = transaction
        .query_row("UPDATE account SET closed = ?2 WHERE login = ?1 AND closed IS NULL RETURNING id", (login, stamp(now)), |row| row.get(0))
        .optional()?;
    if let Some(id) = id {
        transaction.execute("DELETE FROM session WHERE account = ?1", [id])?;
    }
    Ok(id)
}

/// Gives a local account another password and another secret, opens it again if it was closed, and ends its sessions; gives its number.
/// `seal` is told whose the secret is.
///
/// # Errors
/// The store's, or those of `seal`.
pub fn renew(
    transaction: &Transaction<'_>,
    login: &str,
    password: &str,
    seal: impl FnOnce(&str) -> Result<Vec<u8>, Error>,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    let found: Option<(i64, String)> = transaction
        .query_row("SELECT id, person FROM account WHERE login = ?1", [login], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, person)) = found else { return Ok(None) };
    transaction.execute(
        "UPDATE account SET password = :password, password_until = :until, seed = :seed, totp = NULL, totp_used = 0, failures = 0,
             locked_until = NULL, closed = NULL WHERE id = :id",
        named_params! {":password": password, ":until": given_until(now), ":seed": seal(&person)?, ":id": id},
    )?;
    transaction.execute("DELETE FROM session WHERE account = ?1", [id])?;
    Ok(Some(id))
}

/// Puts the password that somebody takes in the place of the one they showed. `false` when that one is theirs no more, or the account rests.
///
/// # Errors
/// The store's.
pub fn change_password(transaction: &Transaction<'_>, id: i64, old: &str, new: &str, now: DateTime<Utc>) -> Result<bool, Error> {
    let changed = transaction.execute(
        "UPDATE account SET password = :new, password_until = NULL, failures = 0, locked_until = NULL
         WHERE id = :id AND password = :old AND closed IS NULL AND (locked_until IS NULL OR locked_until <= :now)",
        named_params! {":new": new, ":id": id, ":old": old, ":now": stamp(now)},
    )?;
    Ok(changed == 1)
}

/// Seals the secrets that an earlier program kept in clear; says how many.
///
/// # Errors
/// The store's, or those of `seal`.
pub(super) fn seal_seeds(transaction: &Transaction<'_>, seal: impl Fn(&str, &[u8]) -> Result<Vec<u8>, Error>) -> Result<usize, Error> {
    let mut select = transaction.prepare("SELECT id, person, totp FROM account WHERE totp IS NOT NULL")?;
    let found = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let found = found.collect::<Result<Vec<(i64, String, Vec<u8>)>, _>>()?;
    for (id, person, totp) in &found {
        transaction.execute("UPDATE account SET seed = ?2, totp = NULL WHERE id = ?1", (id, seal(person, totp)?))?;
    }
    Ok(found.len())
}

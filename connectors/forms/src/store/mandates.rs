//! Who may act for whom: mandates from the register of representatives (RC user subsystem), brought in as a file.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use serde::{Deserialize, Serialize};

use crate::{Error, Role};

/// A mandate to be kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NewMandate {
    /// Keyed hash of the person's code.
    pub person: String,
    /// The role.
    pub role: Role,
    /// For which organisation.
    pub organisation_code: String,
    /// Its name.
    pub organisation_name: String,
    /// Where notifications go.
    pub email: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// A mandate of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// Its number.
    pub id: i64,
    /// The role.
    pub role: Role,
    /// For which organisation.
    pub organisation_code: String,
    /// Its name.
    pub organisation_name: String,
}

/// Puts these mandates in the place of all there were: what the file does not name ends.
///
/// # Errors
/// The store's.
pub fn replace_all(transaction: &Transaction<'_>, mandates: &[NewMandate]) -> Result<(), Error> {
    transaction.execute("DELETE FROM mandate", [])?;
    mandates.iter().try_for_each(|mandate| add(transaction, mandate))
}

/// Adds one.
///
/// # Errors
/// The store's.
pub fn add(transaction: &Transaction<'_>, mandate: &NewMandate) -> Result<(), Error> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO mandate (person, role, organisation_code, organisation_name, email, valid_from, valid_to)
         VALUES (:person, :role, :code, :name, :email, :from, :to)",
    )?;
    insert.execute(named_params! {
        ":person": mandate.person, ":role": mandate.role.code(), ":code": mandate.organisation_code, ":name": mandate.organisation_name,
        ":email": mandate.email, ":from": mandate.valid_from.to_string(), ":to": mandate.valid_to.map(|day| day.to_string()),
    })?;
    Ok(())
}

/// Ends exactly this one, as a list does that does not name it. `false` when there is none that says all of it.
///
/// # Errors
/// The store's.
pub fn end(transaction: &Transaction<'_>, mandate: &NewMandate) -> Result<bool, Error> {
    let Some((id, _)) = numbered(transaction)?.into_iter().find(|(_, one)| one == mandate) else { return Ok(false) };
    Ok(transaction.execute("DELETE FROM mandate WHERE id = ?1", [id])? == 1)
}

/// A mandate by its number, which another list of mandates may give to another one.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: i64) -> Result<Option<NewMandate>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT person, role, organisation_code, organisation_name, email, valid_from, valid_to FROM mandate WHERE id = ?1",
    )?;
    select.query_row([id], |row| Ok(mandate(row, 0))).optional()?.transpose()
}

/// Whose mandate it is, if they have an account: its number, and their name.
pub type Holder = Option<(i64, String)>;

/// All mandates that have not ended, each with its number and whose it is.
///
/// # Errors
/// The store's.
pub fn in_force(connection: &Connection, today: NaiveDate) -> Result<Vec<(i64, NewMandate, Holder)>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT mandate.id, mandate.person, role, organisation_code, organisation_name, email, valid_from, valid_to, account.id,
             given_names || ' ' || family_names
         FROM mandate LEFT JOIN account ON account.person = mandate.person
         WHERE valid_to IS NULL OR valid_to >= ?1 ORDER BY organisation_name, organisation_code, role, mandate.id",
    )?;
    let mut rows = select.query([today.to_string()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let holder = row.get::<_, Option<i64>>(8)?.zip(row.get::<_, Option<String>>(9)?);
        found.push((row.get(0)?, mandate(row, 1)?, holder));
    }
    Ok(found)
}

/// The roles that somebody has for an organisation.
///
/// # Errors
/// The store's.
pub fn roles_of(connection: &Connection, organisation: &str) -> Result<Vec<Role>, Error> {
    let mut select = connection.prepare_cached("SELECT DISTINCT role FROM mandate WHERE organisation_code = ?1 ORDER BY role")?;
    let found = select.query_map([organisation], |row| row.get::<_, String>(0))?;
    found.map(|role| Role::of(&role?).ok_or(Error::Content("a role"))).collect()
}

/// All mandates there are.
///
/// # Errors
/// The store's.
pub fn all(connection: &Connection) -> Result<Vec<NewMandate>, Error> {
    Ok(numbered(connection)?.into_iter().map(|(_, mandate)| mandate).collect())
}

fn numbered(connection: &Connection) -> Result<Vec<(i64, NewMandate)>, Error> {
    let mut select = connection
        .prepare("SELECT id, person, role, organisation_code, organisation_name, email, valid_from, valid_to FROM mandate ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut mandates = Vec::new();
    while let Some(row) = rows.next()? {
        mandates.push((row.get(0)?, mandate(row, 1)?));
    }
    Ok(mandates)
}

/// The mandate whose columns begin at this place of a row.
fn mandate(row: &Row<'_>, first: usize) -> Result<NewMandate, Error> {
    let (role, from, to): (String, String, Option<String>) = (row.get(first + 1)?, row.get(first + 5)?, row.get(first + 6)?);
    let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| Error::Content("a day of a mandate"));
    Ok(NewMandate {
        person: row.get(first)?,
        role: Role::of(&role).ok_or(Error::Content("a role"))?,
        organisation_code: row.get(first + 2)?,
        organisation_name: row.get(first + 3)?,
        email: row.get(first + 4)?,
        valid_from: day(&from)?,
        valid_to: to.as_deref().map(day).transpose()?,
    })
}

/// The mandates a person has on a day.
///
/// # Errors
/// The store's.
pub fn of_person(connection: &Connection, person: &str, today: NaiveDate) -> Result<Vec<Mandate>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT id, role, organisation_code, organisation_name FROM mandate
         WHERE person = ?1 AND valid_from <= ?2 AND (valid_to IS NULL OR valid_to >= ?2) ORDER BY organisation_name, role",
    )?;
    let read = |row: &Row<'_>| {
        let role: String = row.get(1)?;
        Ok(Role::of(&role).map(|role| (row.get(0), role, row.get(2), row.get(3))))
    };
    let mut mandates = Vec::new();
    for found in select.query_map((person, today.to_string()), read)? {
        let Some((id, role, code, name)) = found? else { return Err(Error::Content("a role")) };
        mandates.push(Mandate { id: id?, role, organisation_code: code?, organisation_name: name? });
    }
    Ok(mandates)
}

/// Addresses of those who represent a VIRS.
///
/// # Errors
/// The store's.
pub fn addresses(connection: &Connection, role: Role, organisation: &str, today: NaiveDate) -> Result<Vec<String>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT DISTINCT email FROM mandate WHERE organisation_code = ?1 AND role = ?2 AND email IS NOT NULL
         AND valid_from <= ?3 AND (valid_to IS NULL OR valid_to >= ?3) ORDER BY email",
    )?;
    let found = select.query_map((organisation, role.code(), today.to_string()), |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Organisations that somebody has this role for: code and name.
///
/// # Errors
/// The store's.
pub fn organisations(connection: &Connection, role: Role, today: NaiveDate) -> Result<Vec<(String, String)>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT organisation_code, min(organisation_name) FROM mandate
         WHERE role = ?1 AND valid_from <= ?2 AND (valid_to IS NULL OR valid_to >= ?2) GROUP BY organisation_code ORDER BY 1",
    )?;
    let found = select.query_map((role.code(), today.to_string()), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

//! Who may act for whom: mandates from the register of representatives (RC user subsystem), brought in as a file.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, Transaction, named_params};

use crate::{Error, Role};

/// A mandate to be kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
    let mut insert = transaction.prepare_cached(
        "INSERT INTO mandate (person, role, organisation_code, organisation_name, email, valid_from, valid_to)
         VALUES (:person, :role, :code, :name, :email, :from, :to)",
    )?;
    for mandate in mandates {
        insert.execute(named_params! {
            ":person": mandate.person, ":role": mandate.role.code(), ":code": mandate.organisation_code, ":name": mandate.organisation_name,
            ":email": mandate.email, ":from": mandate.valid_from.to_string(), ":to": mandate.valid_to.map(|day| day.to_string()),
        })?;
    }
    Ok(())
}

/// All mandates there are.
///
/// # Errors
/// The store's.
pub fn all(connection: &Connection) -> Result<Vec<NewMandate>, Error> {
    let mut select = connection
        .prepare("SELECT person, role, organisation_code, organisation_name, email, valid_from, valid_to FROM mandate ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut mandates = Vec::new();
    while let Some(row) = rows.next()? {
        let (role, from, to): (String, String, Option<String>) = (row.get(1)?, row.get(5)?, row.get(6)?);
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| Error::Content("a day of a mandate"));
        mandates.push(NewMandate {
            person: row.get(0)?,
            role: Role::of(&role).ok_or(Error::Content("a role"))?,
            organisation_code: row.get(2)?,
            organisation_name: row.get(3)?,
            email: row.get(4)?,
            valid_from: day(&from)?,
            valid_to: to.as_deref().map(day).transpose()?,
        });
    }
    Ok(mandates)
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

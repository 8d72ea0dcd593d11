//! Signed containers: each is kept once, however many submissions came in it.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::sessions::Acting;
use crate::Error;

/// Submissions of an organisation that came in this very container.
///
/// # Errors
/// The store's.
pub fn submitted_with(connection: &Connection, acting: &Acting, bytes: &[u8]) -> Result<Vec<i64>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT submission.id FROM submission JOIN container ON container.id = submission.container
         WHERE role = ?1 AND organisation_code = ?2 AND length(bytes) = ?3 AND bytes = ?4 ORDER BY submission.id",
    )?;
    let found = select.query_map((acting.role.code(), &acting.organisation_code, bytes.len() as i64, bytes), |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Keeps a container with so many documents, unless it is kept already for another submission of the same organisation; gives its number.
pub(super) fn keep(transaction: &Transaction<'_>, acting: &Acting, bytes: &[u8], documents: usize) -> Result<i64, Error> {
    if let Some(other) = submitted_with(transaction, acting, bytes)?.first() {
        return Ok(transaction.query_row("SELECT container FROM submission WHERE id = ?1", [other], |row| row.get(0))?);
    }
    transaction.execute("INSERT INTO container (bytes, documents) VALUES (?1, ?2)", (bytes, documents as i64))?;
    Ok(transaction.last_insert_rowid())
}

/// The signed container of a submission.
///
/// # Errors
/// The store's.
pub fn container(connection: &Connection, id: i64) -> Result<Option<Vec<u8>>, Error> {
    let mut select = connection
        .prepare_cached("SELECT bytes FROM container JOIN submission ON submission.container = container.id WHERE submission.id = ?1")?;
    Ok(select.query_row([id], |row| row.get(0)).optional()?)
}

/// Submissions that came in the same container, itself among them; `None` when it holds other documents, too, or there is none.
///
/// # Errors
/// The store's.
pub fn in_container_of(connection: &Connection, id: i64) -> Result<Option<Vec<i64>>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT together.id, documents FROM submission JOIN container ON container.id = submission.container
         JOIN submission AS together ON together.container = container.id WHERE submission.id = ?1 ORDER BY together.id",
    )?;
    let (mut found, mut documents) = (Vec::new(), 0);
    for row in select.query_map([id], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))? {
        let (together, held) = row?;
        found.push(together);
        documents = held;
    }
    Ok((!found.is_empty() && found.len() as i64 == documents).then_some(found))
}

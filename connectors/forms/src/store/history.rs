//! Rows that the ministry's old database held, brought in once; submissions take their place row by row.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction};

use crate::Error;

/// One row: values by column.
pub type HistoryRow = BTreeMap<String, String>;

/// Puts rows in the place of all earlier history of a table.
///
/// # Errors
/// The store's.
pub fn add(transaction: &Transaction<'_>, table: &str, rows: &[HistoryRow]) -> Result<(), Error> {
    transaction.execute("DELETE FROM history WHERE raw_table = ?1", [table])?;
    let mut insert = transaction.prepare_cached("INSERT INTO history (raw_table, record) VALUES (?1, ?2)")?;
    for row in rows {
        insert.execute((table, serde_json::to_string(row).map_err(|_| Error::Content("a row of history"))?))?;
    }
    Ok(())
}

/// The history of a table, in the order in which it came.
///
/// # Errors
/// The store's.
pub fn rows(connection: &Connection, table: &str) -> Result<Vec<HistoryRow>, Error> {
    let mut select = connection.prepare_cached("SELECT record FROM history WHERE raw_table = ?1 ORDER BY id")?;
    let mut rows = Vec::new();
    for record in select.query_map([table], |row| row.get::<_, String>(0))? {
        rows.push(serde_json::from_str(&record?).map_err(|_| Error::Content("a row of history"))?);
    }
    Ok(rows)
}

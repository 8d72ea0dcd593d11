//! The history: rows of the ministry's old database, imported once. Submissions replace them row by row.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction};

use crate::Error;
use crate::feed::{ENTITY, OUTLET};

/// One row: values by column.
pub type HistoryRow = BTreeMap<String, String>;

/// Puts rows in the place of all earlier history of a table, and notes that it was brought in, were it empty.
///
/// # Errors
/// The store's.
pub fn add(transaction: &Transaction<'_>, table: &str, rows: &[HistoryRow]) -> Result<(), Error> {
    transaction.execute("DELETE FROM history WHERE raw_table = ?1", [table])?;
    let mut insert = transaction.prepare_cached("INSERT INTO history (raw_table, record) VALUES (?1, ?2)")?;
    for row in rows {
        insert.execute((table, serde_json::to_string(row).map_err(|_| Error::Content("a row of history"))?))?;
    }
    transaction.execute("INSERT INTO history_table (raw_table) VALUES (?1) ON CONFLICT DO NOTHING", [table])?;
    Ok(())
}

/// Whether the history of a table was brought in.
///
/// # Errors
/// The store's.
pub fn is_there(connection: &Connection, table: &str) -> Result<bool, Error> {
    let mut select = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM history_table WHERE raw_table = ?1)")?;
    Ok(select.query_row([table], |row| row.get(0))?)
}

/// The history of a table about one VIRS or legal entity, or one outlet: rows whose `column` has this value.
///
/// # Errors
/// The store's.
pub fn about(connection: &Connection, table: &str, column: &str, value: &str) -> Result<Vec<HistoryRow>, Error> {
    // The two columns that facts hang on have an index each (`filling.sql`), which only the very expression makes use of.
    let place = match column {
        ENTITY => "$.ja_kodas",
        OUTLET => "$.vip_nr",
        _ => return Err(Error::Content("a column that no history is told by")),
    };
    let sql = format!("SELECT record FROM history WHERE raw_table = ?1 AND json_extract(record, '{place}') = ?2 ORDER BY id");
    let mut select = connection.prepare_cached(&sql)?;
    let records = select.query_map((table, value), |row| row.get::<_, String>(0))?;
    records.map(|record| serde_json::from_str(&record?).map_err(|_| Error::Content("a row of history"))).collect()
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

#[cfg(test)]
mod tests {
    use rusqlite_migration::Migrations;

    use super::*;
    use crate::store::{SCHEMA, Store};

    #[test]
    fn circulation_that_was_handed_in_as_a_part_of_the_own_data_stays_in_the_place_of_the_same_day_of_history() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        let before = SCHEMA.iter().position(|step| *step == rusqlite_migration::M::up(include_str!("filling.sql"))).unwrap();
        let mut connection = Connection::open(&path).unwrap();
        Migrations::from_slice(&SCHEMA[..before]).to_latest(&mut connection).unwrap();
        let circulation = |day: &str, copies: u32| format!("{{\"data\":\"{day}\",\"tirazas\":\"{copies}\",\"vip_nr\":\"VIP-1\"}}");
        let history = [circulation("2025-06-30", 1), circulation("2025-12-31", 2)];
        let insert = "INSERT INTO history (raw_table, record) VALUES ('raw_formos__tirazai', ?1)";
        for row in &history {
            connection.execute(insert, [row]).unwrap();
        }
        let sql = "INSERT INTO account (person, given_names, family_names, created) VALUES ('p', 'A', 'B', '')";
        connection.execute(sql, []).unwrap();
        for (state, day) in [("submitted", "2025-12-31"), ("superseded", "2026-06-30")] {
            let content = format!("{{\"virs\":[{{}}],\"tirazai\":[{}]}}", circulation(day, 3));
            let sql =
                "INSERT INTO submission (feed, virs, state, role, organisation_code, organisation_name, account, content, created, changed)
                VALUES ('virs', '1', ?1, 'virs', '1', 'X', 1, ?2, '', '')";
            connection.execute(sql, [state, &content]).unwrap();
        }
        drop(connection);
        let store = Store::open(&path).unwrap();
        let rows = store.read(|connection| about(connection, "raw_formos__tirazai", OUTLET, "VIP-1")).unwrap();
        let told: Vec<(&str, &str)> = rows.iter().map(|row| (row["data"].as_str(), row["tirazas"].as_str())).collect();
        assert_eq!(told, [("2025-06-30", "1"), ("2025-12-31", "3")]);
        let brought_in = |table: &str| store.read(|connection| is_there(connection, table)).unwrap();
        assert!(brought_in("raw_formos__tirazai") && !brought_in("raw_formos__vip"));
    }

    #[test]
    fn a_table_that_is_empty_is_brought_in_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        store.write(crate::store::Durability::Usual, |transaction| add(transaction, "raw_formos__vip", &[])).unwrap();
        assert!(store.read(|connection| is_there(connection, "raw_formos__vip")).unwrap());
    }
}

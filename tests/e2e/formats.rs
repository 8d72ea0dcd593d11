//! CSV, JSON, JSON Lines and Parquet of each table hold the same, read back by DuckDB and compared cell by cell.

use std::path::Path;

use duckdb::Connection;

use crate::country::{PUBLISHED, files};

fn count(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{error}\n{sql}"))
}

/// Name and type of each column of a Parquet file, as DuckDB sees them.
fn columns(connection: &Connection, file: &str) -> Vec<(String, String)> {
    let mut statement =
        connection.prepare(&format!("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('{file}'))")).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// Rows of each side that the other has not.
fn differences(connection: &Connection, left: &str, right: &str) -> i64 {
    let one_way = |a, b| count(connection, &format!("SELECT count(*) FROM (({a}) EXCEPT ALL ({b}))"));
    one_way(left, right) + one_way(right, left)
}

fn compare(connection: &Connection, parquet: &Path) -> i64 {
    let file = |extension: &str| parquet.with_extension(extension).display().to_string();
    let columns = columns(connection, &file("parquet"));
    let types = columns.iter().map(|(name, kind)| format!("'{name}': '{kind}'")).collect::<Vec<_>>().join(", ");
    let plain = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    // CSV writes text that a spreadsheet would run as a formula behind an apostrophe, and cannot tell empty text from none.
    let unguarded = columns
        .iter()
        .map(|(name, kind)| match kind.as_str() {
            "VARCHAR" => format!("CASE WHEN regexp_matches(\"{name}\", '^''[-=+@\\t\\r]') THEN substr(\"{name}\", 2) ELSE \"{name}\" END"),
            _ => format!("\"{name}\""),
        })
        .collect::<Vec<_>>()
        .join(", ");
    let no_empty =
        columns.iter().map(|(name, kind)| if kind == "VARCHAR" { format!("NULLIF(\"{name}\", '')") } else { format!("\"{name}\"") });
    let no_empty = no_empty.collect::<Vec<_>>().join(", ");
    let source = format!("SELECT {plain} FROM read_parquet('{}')", file("parquet"));
    let without_empty = format!("SELECT {no_empty} FROM read_parquet('{}')", file("parquet"));
    let csv = format!(
        "SELECT {unguarded} FROM read_csv('{}', header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', auto_detect = false, columns = {{{types}}})",
        file("csv")
    );
    let json = format!("SELECT {plain} FROM read_json('{}', format = 'array', columns = {{{types}}})", file("json"));
    let lines = format!("SELECT {plain} FROM read_json('{}', format = 'newline_delimited', columns = {{{types}}})", file("jsonl"));
    assert_eq!(differences(connection, &without_empty, &csv), 0, "{}", file("csv"));
    assert_eq!(differences(connection, &source, &json), 0, "{}", file("json"));
    assert_eq!(differences(connection, &source, &lines), 0, "{}", file("jsonl"));
    count(connection, &format!("SELECT count(*) FROM ({source})"))
}

#[test]
fn all_formats_of_each_table_hold_the_same_cells() {
    let connection = Connection::open_in_memory().unwrap();
    let country = &PUBLISHED.country;
    let (mut tables, mut rows) = (0, 0);
    for root in ["portal/latest", "internal/latest"] {
        for file in files(&country.path(root).canonicalize().unwrap()) {
            // The rows behind statistics are for machines, and so are histories.
            let is_for_machines = file.iter().any(|part| part == "statistikos-eilutes");
            if is_for_machines || file.display().to_string().contains("__istorija") {
                assert!(file.extension().is_some_and(|extension| extension == "parquet"), "{}", file.display());
            } else if file.extension().is_some_and(|extension| extension == "parquet") {
                tables += 1;
                rows += compare(&connection, &file);
            }
        }
    }
    assert!(tables > 100 && rows > 5_000, "{tables} tables, {rows} rows");
}

#[test]
fn one_changed_cell_is_noticed() {
    let connection = Connection::open_in_memory().unwrap();
    let country = &PUBLISHED.country;
    let folder = tempfile::tempdir().unwrap();
    let original = country.path("portal/latest/public/data/virs");
    for extension in publish::PUBLISHERS.map(|publisher| publisher.extension()) {
        std::fs::copy(original.join(format!("virs.{extension}")), folder.path().join(format!("virs.{extension}"))).unwrap();
    }
    let parquet = folder.path().join("virs.parquet");
    compare(&connection, &parquet);
    let path = folder.path().join("virs.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("true", "false", 1)).unwrap();
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| compare(&connection, &parquet))).is_err());
}

//! Released tables as one DuckDB file, which its command line, its libraries and a browser open as it is.

use std::path::Path;

use arrow::array::RecordBatch;
use catalog::{DatabaseTable, Table, TableColumn};
use duckdb::vtab::arrow::{ArrowBatchRegistration, ArrowVTab};
use duckdb::{Config, Connection};

use crate::Error;
use crate::engine::sql_error;

mod bare;
mod unwritten;

/// What DuckDB has written since its version 1.0, and every later one reads.
const STORAGE_VERSION: &str = "v1.0.0";
/// Packings that would make the bytes others each time: FSST has tables of symbols made of samples that are drawn anew, and whatever packs
/// numbers into bits (dictionaries of texts among them) leaves what lay in the memory behind the last one and in the place of empty cells.
/// Without them every text stands in the file as it is.
const NOT_USED: &str = "fsst,dict_fsst,bitpacking,dictionary";
/// So many rows are written at a time: a row group of DuckDB's.
const PART: usize = 122_880;
/// How the operating system says that a disk is full; DuckDB repeats it.
const FULL: &str = "No space left on device";
/// What the file is called while it is written.
const FILE: &str = "release";

/// Writes these tables, in this order, to a file that is not there yet: each under its subject's name, with the titles of table and
/// columns as comments. The same tables give the same bytes, and no byte is what lay in memory before.
///
/// # Errors
/// DuckDB refuses the rows, or the file cannot be written.
pub fn write_database(path: &Path, tables: &[&dyn DatabaseTable]) -> Result<(), Error> {
    // One thread, so that rows lie as they come; nothing is put anywhere but into the file.
    let open = || -> duckdb::Result<Connection> {
        let config = Config::default().threads(1)?.with("temp_directory", "")?.enable_autoload_extension(false)?;
        let connection = Connection::open_in_memory_with_flags(config)?;
        connection.register_table_function::<ArrowVTab>("arrow")?;
        connection.execute_batch(&format!(
            "SET disabled_compression_methods = '{NOT_USED}'; ATTACH {} AS {FILE} (STORAGE_VERSION '{STORAGE_VERSION}'); USE {FILE};",
            text(&path.display().to_string())
        ))?;
        Ok(connection)
    };
    let connection = open().map_err(|error| sql_error("starting DuckDB", &error))?;
    for of in tables {
        let table = of.table();
        let rows = of.rows().map_err(|reason| Error::Earlier { table: table.name.clone(), reason })?;
        let rows = bare::bare(&rows).map_err(Error::arrow(&table.name))?;
        write_table(&connection, table, &rows).map_err(|error| failed(&table.name, path, &error))?;
    }
    let closed = || {
        connection.execute_batch(&format!("CHECKPOINT {FILE};"))?;
        let mut places = Vec::new();
        for of in tables {
            places.append(&mut unwritten::unwritten(&connection, of.table().subject())?);
        }
        connection.execute_batch(&format!("USE memory; DETACH {FILE};"))?;
        Ok(places)
    };
    let places = closed().map_err(|error| failed("closing the database", path, &error))?;
    unwritten::wipe(path, &places).map_err(|error| Error::Sql { file: path.display().to_string(), reason: error.to_string() })
}

/// A full disk is told as such, with its place; of anything else only what holds no value.
fn failed(what: &str, path: &Path, error: &duckdb::Error) -> Error {
    match error.to_string().contains(FULL) {
        true => Error::Sql { file: path.display().to_string(), reason: FULL.to_owned() },
        false => sql_error(what, error),
    }
}

fn write_table(connection: &Connection, table: &Table, rows: &RecordBatch) -> duckdb::Result<()> {
    let name = identifier(table.subject());
    let columns = rows.schema();
    let mut statement = format!("CREATE TABLE {name} AS");
    // In parts, since DuckDB holds what a statement makes until it ends.
    for from in (0..rows.num_rows().max(1)).step_by(PART) {
        let part = ArrowBatchRegistration::new(rows.slice(from, PART.min(rows.num_rows() - from)));
        connection.execute(&format!("{statement} SELECT * FROM arrow(?)"), [&part])?;
        statement = format!("INSERT INTO {name}");
        // What was written stays in memory for readers that there are none of: nearly the whole file in the end. DuckDB complains of a limit that
        // is too small, after it has let go of whatever it can.
        let _ = connection.execute_batch("SET memory_limit = '1MB'");
        connection.execute_batch("RESET memory_limit")?;
    }
    let mut comments = format!("COMMENT ON TABLE {name} IS {};", text(&format!("{}. {}", table.title.lt, table.description.lt)));
    for column in columns.fields().iter().filter_map(|field| table.column(field.name())) {
        comments.push_str(&format!("COMMENT ON COLUMN {name}.{} IS {};", identifier(&column.column.name), text(&said(column))));
    }
    connection.execute_batch(&comments)
}

/// What a column's comment says: title and unit.
fn said(column: &TableColumn) -> String {
    match &column.column.unit {
        Some(unit) => format!("{}, {unit}", column.column.title.lt),
        None => column.column.title.lt.clone(),
    }
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};
    use arrow::datatypes::{DataType, Int64Type};
    use catalog::{Catalog, Kind, Layer};

    use super::*;

    const ROWS: usize = 130_000;

    fn written(path: &Path, tables: &[(Arc<Table>, RecordBatch)]) {
        let tables: Vec<&dyn DatabaseTable> = tables.iter().map(|table| table as &dyn DatabaseTable).collect();
        write_database(path, &tables).unwrap();
    }

    fn tables() -> Vec<(Arc<Table>, RecordBatch)> {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let made = |table: Arc<Table>| {
            let column = |(place, field): (usize, &Arc<arrow::datatypes::Field>)| -> ArrayRef {
                let number = |row: usize| (row * (place + 7)) % 9_973;
                let filled = |row: usize| !field.is_nullable() || row % 11 != 3;
                match field.data_type() {
                    kind if *kind == Kind::Text.arrow() => Arc::new(
                        (0..ROWS)
                            .map(|row| {
                                filled(row).then(|| match row % 9_001 {
                                    // Longer than several blocks, and than a segment takes.
                                    17 => "ilgas tekstas ".repeat(if row == 17 { 45_000 } else { 400 + row % 100 }),
                                    _ => format!("tekstas „{}“", number(row)),
                                })
                            })
                            .collect::<StringArray>(),
                    ),
                    kind if *kind == Kind::Integer.arrow() => {
                        Arc::new((0..ROWS).map(|row| filled(row).then(|| number(row) as i64)).collect::<Int64Array>())
                    }
                    kind if *kind == Kind::Date.arrow() => {
                        Arc::new((0..ROWS).map(|row| filled(row).then(|| number(row) as i32)).collect::<Date32Array>())
                    }
                    kind @ arrow::datatypes::DataType::Decimal128(..) => Arc::new(
                        (0..ROWS)
                            .map(|row| filled(row).then(|| number(row) as i128))
                            .collect::<Decimal128Array>()
                            .with_data_type(kind.clone()),
                    ),
                    kind => arrow::array::new_null_array(kind, ROWS),
                }
            };
            let fields: Vec<_> = table.schema().fields().iter().map(|field| Arc::new(field.as_ref().clone().with_nullable(true))).collect();
            let columns = fields.iter().enumerate().map(column).collect();
            let rows = RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(fields)), columns).unwrap();
            (table, rows)
        };
        catalog.tables(Layer::Out).filter(|table| table.payments.is_some()).take(2).cloned().map(made).collect()
    }

    /// Where another process of this test is to write the file.
    const WRITE_TO: &str = "VIRSIS_TEST_DATABASE";

    /// The C library fills memory with these bytes where a process asks for it: what DuckDB leaves as it was shows them.
    #[test]
    fn no_byte_is_what_lay_in_memory_before() {
        if let Some(path) = std::env::var_os(WRITE_TO) {
            return written(Path::new(&path), &tables());
        }
        let folder = tempfile::tempdir().unwrap();
        let written = |filling: &str| {
            let path = folder.path().join(filling);
            let written = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "database::tests::no_byte_is_what_lay_in_memory_before"])
                .env(WRITE_TO, &path)
                .env("GLIBC_TUNABLES", format!("glibc.malloc.perturb={filling}"))
                .output()
                .unwrap();
            assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stdout));
            std::fs::read(path).unwrap()
        };
        same(&written("90"), &written("165"));
    }

    fn same(first: &[u8], second: &[u8]) {
        let differing: Vec<usize> = (0..first.len().max(second.len())).filter(|&at| first.get(at) != second.get(at)).collect();
        assert!(
            differing.is_empty(),
            "{} of {} bytes differ, first at {:?}",
            differing.len(),
            first.len(),
            &differing[..differing.len().min(40)]
        );
    }

    #[test]
    fn the_same_tables_give_the_same_bytes_and_are_read_back_with_their_titles() {
        let (folder, tables) = (tempfile::tempdir().unwrap(), tables());
        let made = |name: &str| {
            let path = folder.path().join(name);
            written(&path, &tables);
            std::fs::read(path).unwrap()
        };
        let (first, second) = (made("a.duckdb"), made("b.duckdb"));
        same(&first, &second);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing lies beside the files");
        let config = Config::default().access_mode(duckdb::AccessMode::ReadOnly).unwrap();
        let read = Connection::open_with_flags(folder.path().join("a.duckdb"), config).unwrap();
        for (table, rows) in &tables {
            let asked = |sql: &str| read.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
            let name = table.subject();
            assert_eq!(asked(&format!("SELECT CAST(COUNT(*) AS VARCHAR) FROM {name}")), rows.num_rows().to_string());
            let comment = asked(&format!("SELECT comment FROM duckdb_tables() WHERE table_name = '{name}'"));
            assert!(comment.starts_with(&table.title.lt), "{comment}");
            let without =
                asked(&format!("SELECT CAST(COUNT(*) AS VARCHAR) FROM duckdb_columns() WHERE table_name = '{name}' AND comment IS NULL"));
            assert_eq!(without, "0");
            for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
                let Some(texts) = column.as_string_opt::<i32>() else { continue };
                let mut statement = read.prepare(&format!("SELECT {} FROM {name} ORDER BY rowid", identifier(field.name()))).unwrap();
                let found: Vec<Option<String>> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
                assert!(found.iter().map(Option::as_deref).eq(texts.iter()), "{}", field.name());
            }
            let column = table.columns.iter().position(|column| column.column.kind == Kind::Integer);
            if let Some(place) = column {
                let sum: i64 = rows.column(place).as_primitive::<Int64Type>().iter().flatten().sum();
                let found = asked(&format!("SELECT CAST(SUM({}) AS VARCHAR) FROM {name}", table.columns[place].column.name));
                assert_eq!(found, sum.to_string());
            }
        }
    }

    #[test]
    fn what_stands_below_an_empty_cell_is_in_no_byte() {
        let folder = tempfile::tempdir().unwrap();
        let table = tables().remove(0).0;
        let written = |name: &str, hidden: usize| {
            let emptied = |array: &dyn Array| {
                let empty: BooleanArray = (0..array.len()).map(|row| Some(!row.is_multiple_of(3))).collect();
                arrow::compute::nullif(array, &empty).unwrap()
            };
            let of = |row: usize| if row.is_multiple_of(3) { 7 } else { hidden + row };
            let columns: Vec<ArrayRef> = table
                .schema()
                .fields()
                .iter()
                .map(|field| -> ArrayRef {
                    let rows = 0..5_000;
                    match field.data_type() {
                        DataType::Utf8 => Arc::new(rows.map(|row| Some(format!("{:011}", of(row)))).collect::<StringArray>()),
                        DataType::Int64 => Arc::new(rows.map(|row| Some(of(row) as i64)).collect::<Int64Array>()),
                        DataType::Date32 => Arc::new(rows.map(|row| Some(of(row) as i32)).collect::<Date32Array>()),
                        DataType::Boolean => Arc::new(rows.map(|row| Some(of(row) % 2 == 1)).collect::<BooleanArray>()),
                        kind => Arc::new(rows.map(|row| Some(of(row) as i128)).collect::<Decimal128Array>().with_data_type(kind.clone())),
                    }
                })
                .map(|array| emptied(&array))
                .collect();
            let fields: Vec<_> = table.schema().fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
            let rows = RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(fields)), columns).unwrap();
            let path = folder.path().join(name);
            super::tests::written(&path, &[(table.clone(), rows)]);
            std::fs::read(path).unwrap()
        };
        assert!(written("a.duckdb", 39_105) == written("b.duckdb", 48_411_090));
    }
}

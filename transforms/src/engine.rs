//! The SQL engine behind one small trait, so that the same files can run elsewhere; the embedded one is DuckDB.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::RecordBatch;
use duckdb::vtab::arrow::{ArrowBatchRegistration, ArrowVTab};
use duckdb::{Config, Connection, Statement, ffi};
use spool::join;

use crate::Error;

/// Where all tables are kept; statements are meant to see only views of what they name. It is a database of its own, since DuckDB packs none but
/// such a one.
const STORE: &str = "store";
/// Where one statement's views live.
const BENCH: &str = "bench";

/// Bytes by which memory may grow before tables are packed. Packed tables take an eighth, and whatever a statement reads of them is unpacked for
/// that time; packing all of small ones would only cost time.
const UNPACKED: i64 = 64 << 20;
/// Rows of a table that are taken in before memory is looked at: two of DuckDB's groups.
const REGISTERED_AT_ONCE: usize = 2 * 122_880;

/// Runs portable SQL over named tables.
pub trait Engine {
    /// Makes `rows` a table called `name`.
    ///
    /// # Errors
    /// The engine refuses the rows.
    fn register(&mut self, name: &str, rows: &RecordBatch) -> Result<(), Error>;

    /// Runs `sql`, which sees the tables of `needs` and no others, and keeps the result as a table called `name`.
    /// `file` names the statement in errors.
    ///
    /// # Errors
    /// The statement is wrong, or names a table that is not among `needs`.
    fn keep(&mut self, file: &str, sql: &str, needs: &[String], name: &str) -> Result<(), Error>;

    /// Runs `sql`, which sees the tables of `needs` and no others.
    ///
    /// # Errors
    /// As [`Engine::keep`].
    fn query(&mut self, file: &str, sql: &str, needs: &[String]) -> Result<RecordBatch, Error>;

    /// Hands out the rows of a table in parts, in the order in which they were made.
    ///
    /// # Errors
    /// There is no such table, or `part` fails.
    fn rows(&mut self, name: &str, part: &mut dyn FnMut(RecordBatch) -> Result<(), Error>) -> Result<(), Error>;

    /// Forgets a table.
    ///
    /// # Errors
    /// There is no such table.
    fn forget(&mut self, name: &str) -> Result<(), Error>;

    /// Makes the tables that are kept smaller, before they are only read for a while. Nothing, where they are small already.
    ///
    /// # Errors
    /// The engine's.
    fn pack(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// DuckDB in memory, without access to files or the network.
pub struct DuckDb {
    connection: Connection,
    shown: BTreeSet<String>,
    /// Bytes in use when tables were last packed.
    packed: i64,
}

impl std::fmt::Debug for DuckDb {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("DuckDb")
    }
}

impl DuckDb {
    /// An empty engine.
    ///
    /// # Errors
    /// DuckDB does not start.
    pub fn open() -> Result<Self, Error> {
        let start = || -> duckdb::Result<Connection> {
            // Nothing of a table is ever written to a disk, were it only for the time of one statement: codes of persons may stand in it.
            // It is said first, as without access to files it can't be changed any more.
            let config = Config::default().with("temp_directory", "")?.enable_autoload_extension(false)?.enable_external_access(false)?;
            let connection = Connection::open_in_memory_with_flags(config)?;
            connection.register_table_function::<ArrowVTab>("arrow")?;
            connection.execute_batch(&format!(
                "ATTACH ':memory:' AS {STORE} (COMPRESS); CREATE SCHEMA {BENCH}; SET schema = '{BENCH}'; SET lock_configuration = true;"
            ))?;
            Ok(connection)
        };
        Ok(Self { connection: start().map_err(|error| sql_error("starting DuckDB", &error))?, shown: BTreeSet::new(), packed: 0 })
    }

    /// Runs `sql` as [`Engine::query`] does, with `$name` parameters bound as text; the statement casts them.
    ///
    /// # Errors
    /// The statement is wrong, or a parameter has not its type.
    pub fn query_with(
        &mut self,
        file: &str,
        sql: &str,
        needs: &[String],
        parameters: &BTreeMap<String, String>,
    ) -> Result<RecordBatch, Error> {
        let failed = |error: duckdb::Error| sql_error(file, &error);
        self.show(needs).map_err(failed)?;
        let mut statement = self.connection.prepare(sql.trim().trim_end_matches(';')).map_err(failed)?;
        let named: HashMap<&str, &str> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let result = if named.is_empty() { statement.query_arrow([]) } else { statement.query_arrow(&named) }.map_err(failed)?;
        let rows = fetch(file, result)?;
        all_handed_over(file, &statement)?;
        Ok(rows)
    }

    /// Bytes in use.
    fn memory(&self) -> duckdb::Result<i64> {
        self.connection.query_row("SELECT CAST(SUM(memory_usage_bytes) AS BIGINT) FROM duckdb_memory()", [], |row| row.get(0))
    }

    fn pack_if_grown(&mut self) -> Result<(), Error> {
        let memory = self.memory().map_err(|error| sql_error("asking for the memory in use", &error))?;
        if memory > self.packed + UNPACKED { self.pack() } else { Ok(()) }
    }

    /// Makes exactly the tables of `needs` visible.
    fn show(&mut self, needs: &[String]) -> duckdb::Result<()> {
        let wanted: BTreeSet<String> = needs.iter().cloned().collect();
        let hide = self.shown.difference(&wanted).map(|name| format!("DROP VIEW {BENCH}.{name};"));
        let show = wanted.difference(&self.shown).map(|name| format!("CREATE VIEW {BENCH}.{name} AS SELECT * FROM {STORE}.{name};"));
        let statements: String = hide.chain(show).collect();
        self.connection.execute_batch(&statements)?;
        self.shown = wanted;
        Ok(())
    }
}

impl Engine for DuckDb {
    fn register(&mut self, name: &str, rows: &RecordBatch) -> Result<(), Error> {
        let failed = |error: duckdb::Error| sql_error(name, &error);
        let mut begin = format!("CREATE TABLE {STORE}.{name} AS");
        for first in (0..rows.num_rows().max(1)).step_by(REGISTERED_AT_ONCE) {
            let part = rows.slice(first, REGISTERED_AT_ONCE.min(rows.num_rows() - first));
            self.connection.execute(&format!("{begin} SELECT * FROM arrow(?)"), [&ArrowBatchRegistration::new(part)]).map_err(failed)?;
            self.pack_if_grown()?;
            begin = format!("INSERT INTO {STORE}.{name}");
        }
        Ok(())
    }

    fn keep(&mut self, file: &str, sql: &str, needs: &[String], name: &str) -> Result<(), Error> {
        let failed = |error: duckdb::Error| sql_error(file, &error);
        self.show(needs).map_err(failed)?;
        let sql = sql.trim().trim_end_matches(';');
        self.connection.execute_batch(&format!("CREATE TABLE {STORE}.{name} AS\n{sql}")).map_err(failed)?;
        self.pack_if_grown()
    }

    fn query(&mut self, file: &str, sql: &str, needs: &[String]) -> Result<RecordBatch, Error> {
        self.query_with(file, sql, needs, &BTreeMap::new())
    }

    fn rows(&mut self, name: &str, part: &mut dyn FnMut(RecordBatch) -> Result<(), Error>) -> Result<(), Error> {
        let failed = |error: duckdb::Error| sql_error(name, &error);
        let mut statement = self.connection.prepare(&format!("SELECT * FROM {STORE}.{name}")).map_err(failed)?;
        statement.stream_arrow([]).map_err(failed)?.try_for_each(|rows| part(rows.map_err(failed)?))?;
        all_handed_over(name, &statement)
    }

    fn forget(&mut self, name: &str) -> Result<(), Error> {
        let failed = |error: duckdb::Error| sql_error(name, &error);
        self.show(&[]).map_err(failed)?;
        self.connection.execute_batch(&format!("DROP TABLE {STORE}.{name}")).map_err(failed)
    }

    fn pack(&mut self) -> Result<(), Error> {
        let failed = |error| sql_error("packing tables", &error);
        self.connection.execute_batch(&format!("CHECKPOINT {STORE}")).map_err(failed)?;
        self.packed = self.memory().map_err(failed)?;
        Ok(())
    }
}

fn fetch(file: &str, result: duckdb::Arrow<'_>) -> Result<RecordBatch, Error> {
    let schema = result.get_schema();
    join(&schema, result.collect()).map_err(Error::arrow(file))
}

/// Types of the engine whose values Arrow has no place for: they would be handed over as other values.
const NOT_HANDED_OVER: [(u32, &str); 4] = [
    (ffi::DUCKDB_TYPE_DUCKDB_TYPE_UHUGEINT, "UHUGEINT"),
    (ffi::DUCKDB_TYPE_DUCKDB_TYPE_BIGNUM, "BIGNUM"),
    (ffi::DUCKDB_TYPE_DUCKDB_TYPE_BIT, "BIT"),
    (ffi::DUCKDB_TYPE_DUCKDB_TYPE_TIME_TZ, "TIME WITH TIME ZONE"),
];

/// Refuses the result of a statement that has a column of such a type.
fn all_handed_over(file: &str, statement: &Statement<'_>) -> Result<(), Error> {
    not_handed_over(statement).map_or(Ok(()), |reason| Err(Error::Sql { file: file.to_owned(), reason }))
}

/// A column of such a type, and the type.
fn not_handed_over(statement: &Statement<'_>) -> Option<String> {
    (0..statement.column_count()).find_map(|place| {
        let kind = statement.column_logical_type(place).raw_id();
        let (_, kind) = NOT_HANDED_OVER.iter().find(|(known, _)| *known == kind)?;
        let name = statement.column_name(place).map_or("?", |name| name.as_str());
        Some(format!("column {name} is of type {kind}, which cannot be told as it is; write CAST(… AS VARCHAR) around it"))
    })
}

pub(crate) fn sql_error(file: &str, error: &duckdb::Error) -> Error {
    Error::Sql { file: file.to_owned(), reason: without_values(&error.to_string()) }
}

/// Kinds of error that speak of the statement alone. All others (conversion, out of range, …) may quote the cell they failed on.
const ABOUT_THE_STATEMENT: &[&str] = &["Parser Error", "Binder Error", "Catalog Error", "Permission Error", "Not implemented Error"];

/// What a statement that needs more memory than there is ends with.
const OUT_OF_MEMORY: &str = "Out of Memory Error";

/// An engine's message without any cell value.
#[must_use]
pub(crate) fn without_values(message: &str) -> String {
    let (kind, _) = message.split_once(':').unwrap_or(("Error", ""));
    if kind == OUT_OF_MEMORY {
        return format!("{kind}: nothing is put on a disk while a statement runs, and the memory did not suffice; ask for less at a time");
    }
    if ABOUT_THE_STATEMENT.contains(&kind) {
        return message.to_owned();
    }
    let known = kind.ends_with("Error") && kind.len() < 40 && kind.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' ');
    format!("{}: its details are withheld, since they may quote data", if known { kind } else { "Error" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, AsArray, Int64Array, StringArray};
    use arrow::datatypes::Int64Type;
    use std::path::Path;
    use std::sync::Arc;

    fn engine() -> DuckDb {
        let mut engine = DuckDb::open().unwrap();
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(0..5000));
        engine.register("core_a", &RecordBatch::try_from_iter([("n", column)]).unwrap()).unwrap();
        engine
    }

    fn all(engine: &mut DuckDb, name: &str) -> RecordBatch {
        let mut parts = engine.query("t", &format!("SELECT * FROM {STORE}.{name} LIMIT 0"), &[]).map(|none| vec![none]).unwrap();
        let mut taken = |rows| {
            parts.push(rows);
            Ok(())
        };
        engine.rows(name, &mut taken).unwrap();
        join(&parts[0].schema(), parts).unwrap()
    }

    #[test]
    fn a_statement_sees_only_the_tables_it_needs() {
        let mut engine = engine();
        let needs = ["core_a".to_owned()];
        engine.keep("t", "SELECT CAST(SUM(n) AS BIGINT) AS s FROM core_a", &needs, "out_s").unwrap();
        assert!(engine.query("t", "SELECT * FROM core_a", &["out_s".to_owned()]).is_err());
        let sum = engine.query("t", "SELECT * FROM out_s", &["out_s".to_owned()]).unwrap();
        assert_eq!(sum.column(0).as_primitive::<Int64Type>().value(0), 4999 * 2500);
        assert_eq!(all(&mut engine, "core_a").num_rows(), 5000);
        engine.forget("core_a").unwrap();
        assert!(engine.rows("core_a", &mut |_| Ok(())).is_err() && engine.forget("core_a").is_err());
    }

    #[test]
    fn what_is_packed_is_smaller_and_handed_out_as_it_was() {
        const MANY: i64 = 200_000;
        let rows = |count: i64| {
            let text: ArrayRef =
                Arc::new((0..count).map(|n| (n % 7 != 3).then(|| format!("pavadinimas {}", n % 40))).collect::<StringArray>());
            let number: ArrayRef = Arc::new(Int64Array::from_iter((0..count).map(|n| (n % 5 != 1).then_some((n * 7919) % 1000))));
            RecordBatch::try_from_iter_with_nullable([("select", text, true), ("n", number, true)]).unwrap()
        };
        let mut engine = DuckDb::open().unwrap();
        for (name, count) in [("core_none", 0), ("core_small", 20), ("core_large", MANY)] {
            engine.register(name, &rows(count)).unwrap();
        }
        let before = engine.memory().unwrap();
        engine.pack().unwrap();
        let after = engine.memory().unwrap();
        assert!(after * 3 < before, "{before} bytes, then {after}");
        for (name, count) in [("core_none", 0), ("core_small", 20), ("core_large", MANY)] {
            assert_eq!(all(&mut engine, name), rows(count), "{name}");
        }
        engine.keep("t", "SELECT n FROM core_large WHERE n < 5", &["core_large".to_owned()], "out_few").unwrap();
        engine.forget("core_large").unwrap();
        assert!(all(&mut engine, "out_few").num_rows() > 100);
        engine.keep("t", "SELECT CAST('101' AS BIT) AS b", &[], "out_bits").unwrap();
        let said = engine.rows("out_bits", &mut |_| Ok(())).unwrap_err().to_string();
        assert!(said.contains("column b is of type BIT"), "{said}");
        let (mut parts, refused) = (0, || Error::Sql { file: "t".to_owned(), reason: "no more".to_owned() });
        let mut some = |_| (parts < 3).then(|| parts += 1).ok_or_else(refused);
        assert!(engine.rows("out_few", &mut |_| Err(refused())).is_err());
        engine.register("core_large", &rows(MANY)).unwrap();
        assert!(engine.rows("core_large", &mut some).is_err() && parts == 3, "nothing is taken out that nobody takes");
        assert_eq!(all(&mut engine, "core_large").num_rows() as i64, MANY);
        // Tables that would not go into two measures of what may lie there unpacked.
        let many = rows(MANY);
        for number in 0..4 * UNPACKED / before {
            engine.register(&format!("core_{number}"), &many).unwrap();
            assert!(engine.memory().unwrap() < 2 * UNPACKED, "{number}");
        }
    }

    #[test]
    fn files_and_the_network_are_out_of_reach() {
        let mut engine = engine();
        for sql in
            ["SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "COPY (SELECT 1) TO '/tmp/x.csv'", "INSTALL httpfs"]
        {
            assert!(engine.query("t", sql, &[]).is_err(), "{sql}");
        }
    }

    #[test]
    fn a_statement_that_needs_more_memory_than_there_is_ends_and_nothing_of_it_lies_on_a_disk() {
        let mut engine = engine();
        let setting = |engine: &mut DuckDb, name: &str| {
            let rows = engine.query("t", &format!("SELECT current_setting('{name}') AS s"), &[]).unwrap();
            rows.column(0).as_string::<i32>().value(0).to_owned()
        };
        assert_eq!(setting(&mut engine, "temp_directory"), "");
        for sql in ["SET temp_directory = '/tmp/x'", "RESET temp_directory", "SET memory_limit = '1MB'", "PRAGMA temp_directory = '/tmp/x'"]
        {
            assert!(engine.query("t", sql, &[]).is_err(), "{sql}");
        }
        // The limit is locked for statements, so this one opens an engine of its own.
        let config = Config::default().with("temp_directory", "").unwrap().with("memory_limit", "40MB").unwrap();
        let small = Connection::open_in_memory_with_flags(config).unwrap();
        let sql = "SELECT COUNT(*) FROM (SELECT DISTINCT md5(CAST(i AS VARCHAR)) FROM range(3000000) t(i))";
        let error = small.execute_batch(sql).unwrap_err();
        let said = sql_error("t", &error).to_string();
        assert!(said.contains("ask for less") && !Path::new(".tmp").exists(), "{said}");
    }

    #[test]
    fn messages_about_statements_are_kept_and_those_that_may_quote_cells_are_not() {
        let mut engine = engine();
        let mut said = |sql: &str| engine.query("t", sql, &["core_a".to_owned()]).unwrap_err().to_string();
        assert!(said("SELECT nothing FROM core_a").contains("nothing"));
        for sql in [
            "SELECT CAST(n + 39105039490 AS INTEGER) FROM core_a",
            "SELECT CAST(n + 39105039490 AS DECIMAL(5,0)) FROM core_a",
            "SELECT CAST('jonas' || n AS INTEGER) FROM core_a",
            "SELECT CAST('39105039490' || CAST(n AS VARCHAR) AS DATE) FROM core_a",
        ] {
            let said = said(sql);
            assert!(said.contains("withheld") && !said.contains("3910503") && !said.contains("jonas"), "{said}");
        }
    }
}

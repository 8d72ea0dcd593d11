//! The SQL engine behind one small trait, so that the same files can run elsewhere; the embedded one is DuckDB.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use duckdb::vtab::arrow::{ArrowBatchRegistration, ArrowVTab};
use duckdb::{Config, Connection};

use crate::Error;

/// Where all tables are kept; statements never see it, only views of what they name.
const STORE: &str = "store";
/// Where one statement's views live.
const BENCH: &str = "bench";

/// Runs portable SQL over named tables.
pub trait Engine {
    /// Makes `rows` a table called `name`.
    ///
    /// # Errors
    /// The engine refuses the rows.
    fn register(&mut self, name: &str, rows: &RecordBatch) -> Result<(), Error>;

    /// Runs `sql`, which sees the tables of `needs` and no others; with `keep`, the result becomes a table of that name.
    /// `file` names the statement in errors.
    ///
    /// # Errors
    /// The statement is wrong, or names a table that is not among `needs`.
    fn query(&mut self, file: &str, sql: &str, needs: &[String], keep: Option<&str>) -> Result<RecordBatch, Error>;
}

/// DuckDB in memory, without access to files or the network.
pub struct DuckDb {
    connection: Connection,
    shown: BTreeSet<String>,
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
            let config = Config::default().enable_autoload_extension(false)?.enable_external_access(false)?;
            let connection = Connection::open_in_memory_with_flags(config)?;
            connection.register_table_function::<ArrowVTab>("arrow")?;
            connection.execute_batch(&format!("CREATE SCHEMA {STORE}; CREATE SCHEMA {BENCH}; SET schema = '{BENCH}';"))?;
            Ok(connection)
        };
        Ok(Self { connection: start().map_err(|error| sql_error("starting DuckDB", &error))?, shown: BTreeSet::new() })
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
        let schema = result.get_schema();
        let batches: Vec<RecordBatch> = result.collect();
        concat_batches(&schema, &batches).map_err(Error::arrow(file))
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
        let registration = ArrowBatchRegistration::new(rows.clone());
        let statement = format!("CREATE TABLE {STORE}.{name} AS SELECT * FROM arrow(?)");
        self.connection.execute(&statement, [&registration]).map_err(|error| sql_error(name, &error))?;
        Ok(())
    }

    fn query(&mut self, file: &str, sql: &str, needs: &[String], keep: Option<&str>) -> Result<RecordBatch, Error> {
        let failed = |error: duckdb::Error| sql_error(file, &error);
        self.show(needs).map_err(failed)?;
        let sql = sql.trim().trim_end_matches(';');
        let Some(name) = keep else { return self.query_with(file, sql, needs, &BTreeMap::new()) };
        let sql = sql.trim().trim_end_matches(';');
        self.connection.execute_batch(&format!("CREATE TABLE {STORE}.{name} AS\n{sql}")).map_err(failed)?;
        self.query_with(file, &format!("SELECT * FROM {STORE}.{name}"), needs, &BTreeMap::new())
    }
}

fn sql_error(file: &str, error: &duckdb::Error) -> Error {
    Error::Sql { file: file.to_owned(), reason: without_values(&error.to_string()) }
}

/// An engine's message with everything quoted cut out, except names: a conversion error quotes the cell it failed on.
#[must_use]
pub(crate) fn without_values(message: &str) -> String {
    let is_name = |text: &str| {
        text.bytes().any(|byte| byte.is_ascii_lowercase() || byte == b'_')
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.' || byte.is_ascii_digit())
    };
    let mut cleaned = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = &rest[start..=start];
        let (before, quoted) = (&rest[..start], &rest[start + 1..]);
        cleaned.push_str(before);
        let Some(end) = quoted.find(quote) else {
            cleaned.push('…');
            return cleaned;
        };
        let inside = if is_name(&quoted[..end]) { &quoted[..end] } else { "…" };
        cleaned.push_str(&format!("{quote}{inside}{quote}"));
        rest = &quoted[end + 1..];
    }
    cleaned.push_str(rest);
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, AsArray, Int64Array};
    use arrow::datatypes::Int64Type;
    use std::sync::Arc;

    fn engine() -> DuckDb {
        let mut engine = DuckDb::open().unwrap();
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(0..5000));
        engine.register("core_a", &RecordBatch::try_from_iter([("n", column)]).unwrap()).unwrap();
        engine
    }

    #[test]
    fn a_statement_sees_only_the_tables_it_needs() {
        let mut engine = engine();
        let needs = ["core_a".to_owned()];
        let sum = engine.query("t", "SELECT CAST(SUM(n) AS BIGINT) AS s FROM core_a", &needs, Some("out_s")).unwrap();
        assert_eq!(sum.column(0).as_primitive::<Int64Type>().value(0), 4999 * 2500);
        assert!(engine.query("t", "SELECT * FROM core_a", &[], None).is_err());
        assert_eq!(engine.query("t", "SELECT * FROM out_s", &["out_s".to_owned()], None).unwrap().num_rows(), 1);
    }

    #[test]
    fn files_and_the_network_are_out_of_reach() {
        let mut engine = engine();
        for sql in
            ["SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "COPY (SELECT 1) TO '/tmp/x.csv'", "INSTALL httpfs"]
        {
            assert!(engine.query("t", sql, &[], None).is_err(), "{sql}");
        }
    }

    #[test]
    fn messages_keep_names_and_lose_values() {
        let cleaned =
            without_values("Conversion Error: Could not convert string 'Jonas X' to INT32 in column \"ja_kodas\" \"39001010000\"");
        assert_eq!(cleaned, "Conversion Error: Could not convert string '…' to INT32 in column \"ja_kodas\" \"…\"");
    }
}

//! Why a transform stopped. Never a cell value: table, column, row number, check name.

/// Errors of the transforms.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A definition or a legal parameter is missing or wrong.
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    /// An Arrow kernel failed; the message holds types and lengths only.
    #[error("table {table}: {reason}")]
    Arrow {
        /// The table at work.
        table: String,
        /// Arrow's words.
        reason: arrow::error::ArrowError,
    },
    /// Polars failed; kept to the step's name, since its messages may quote values.
    #[error("step {step}: the data frame operation failed ({kind})")]
    Frame {
        /// The step at work.
        step: &'static str,
        /// Polars' error kind.
        kind: &'static str,
    },
    /// The SQL engine failed on a file of `sql/`.
    #[error("{file}: {reason}")]
    Sql {
        /// File under `sql/`, or the statement's purpose.
        file: String,
        /// The engine's words, with quoted values cut out.
        reason: String,
    },
    /// The cluster that is to run the SQL cannot be used.
    #[error("the cluster cannot be used: {reason}")]
    Cluster {
        /// What is wrong and what to do.
        reason: String,
    },
    /// Rows cannot wait where they should.
    #[error(transparent)]
    Spool(#[from] spool::Error),
    /// A header line of a SQL file is missing or names something that is not there.
    #[error("{file}: {reason}")]
    Header {
        /// File under `sql/`.
        file: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// What an earlier night made of a table cannot be read.
    #[error("table {table} of the latest release: {reason}; `virsis run --full` makes everything again")]
    Earlier {
        /// The table.
        table: String,
        /// What is wrong.
        reason: String,
    },
    /// A statement looks something up in a table that has no single text as its key.
    #[error("table {table} cannot be looked up: its key is not one text; take it out of the `looks_up` lines under sql/")]
    NoLookup {
        /// The table.
        table: String,
    },
    /// A statistic is not the sum of the rows that its definition names.
    #[error(
        "table {table}: {cells} cells of {column} are not what the rows of {rows} add up to, so that they cannot be protected; make sql/models/{table}.sql and [statistic] of its definition agree"
    )]
    Untraced {
        /// The statistic.
        table: String,
        /// Its column.
        column: String,
        /// The table of its rows.
        rows: String,
        /// How many cells.
        cells: usize,
    },
    /// The engine of disclosure control cannot decide.
    #[error("statistics of {rows}: {reason}; they are not published, since nobody can say what they would tell of persons")]
    Unprotected {
        /// The table of their rows.
        rows: String,
        /// Why, in the engine's words.
        reason: String,
    },
    /// The key that turns persons into surrogate ids is not usable.
    #[error("person key: {reason}")]
    Key {
        /// What is wrong and what to do.
        reason: String,
    },
}

impl Error {
    pub(crate) fn arrow(table: &str) -> impl Fn(arrow::error::ArrowError) -> Self + '_ {
        move |reason| Self::Arrow { table: table.to_owned(), reason }
    }

    pub(crate) fn frame(step: &'static str) -> impl Fn(polars::error::PolarsError) -> Self {
        move |error| Self::Frame { step, kind: frame_kind(&error) }
    }
}

fn frame_kind(error: &polars::error::PolarsError) -> &'static str {
    use polars::error::PolarsError as E;
    match error {
        E::ColumnNotFound(_) => "column not found",
        E::SchemaMismatch(_) | E::SchemaFieldNotFound(_) => "schema mismatch",
        E::ShapeMismatch(_) => "shape mismatch",
        E::Duplicate(_) => "duplicate",
        E::InvalidOperation(_) => "invalid operation",
        E::ComputeError(_) => "computation",
        _ => "other",
    }
}

//! Why the cluster did not do what it was asked, in words without any cell value: messages of Spark quote the values that they failed on.

use std::error::Error as _;
use std::io;

use tonic::{Code, Status};

/// Conditions that speak of the statement alone; of their message the first line is passed on.
const ABOUT_THE_STATEMENT: &[&str] = &[
    "AMBIGUOUS_COLUMN_OR_FIELD",
    "AMBIGUOUS_REFERENCE",
    "COLUMN_ALREADY_EXISTS",
    "DATATYPE_MISMATCH",
    "DUPLICATED_CTE_NAMES",
    "GROUP_BY_AGGREGATE",
    "GROUP_BY_POS_OUT_OF_RANGE",
    "INCOMPATIBLE_COLUMN_TYPE",
    "INVALID_IDENTIFIER",
    "MISSING_AGGREGATION",
    "MISSING_GROUP_BY",
    "NESTED_AGGREGATE_FUNCTION",
    "NUM_COLUMNS_MISMATCH",
    "NUM_TABLE_VALUE_ALIASES_MISMATCH",
    "PARSE_EMPTY_STATEMENT",
    "PARSE_SYNTAX_ERROR",
    "TABLE_OR_VIEW_NOT_FOUND",
    "UNRESOLVED_COLUMN",
    "UNRESOLVED_ROUTINE",
    "UNSUPPORTED_DATATYPE",
    "UNSUPPORTED_FEATURE",
    "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY",
    "WRONG_NUM_ARGS",
];

/// Conditions of which nothing but the name may be said. Any other name is not said either: it could be made of anything.
const BY_NAME_ALONE: &[&str] = &[
    "ARITHMETIC_OVERFLOW",
    "BINARY_ARITHMETIC_OVERFLOW",
    "CANNOT_MERGE_SCHEMAS",
    "CANNOT_PARSE_DECIMAL",
    "CANNOT_PARSE_TIMESTAMP",
    "CANNOT_READ_FILE_FOOTER",
    "CAST_INVALID_INPUT",
    "CAST_OVERFLOW",
    "CONNECT_CLIENT_UNEXPECTED_MISSING_SQL_QUERY",
    "DATETIME_FIELD_OUT_OF_BOUNDS",
    "DATETIME_OVERFLOW",
    "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
    "DIVIDE_BY_ZERO",
    "FAILED_READ_FILE",
    "INTERNAL_ERROR",
    "INTERVAL_ARITHMETIC_OVERFLOW",
    "INVALID_HANDLE",
    "INVALID_PARAMETER_VALUE",
    "NUMERIC_OUT_OF_SUPPORTED_RANGE",
    "NUMERIC_VALUE_OUT_OF_RANGE",
    "OPERATION_CANCELED",
    "PATH_ALREADY_EXISTS",
    "PATH_NOT_FOUND",
    "SCALAR_SUBQUERY_TOO_MANY_ROWS",
    "SESSION_NOT_SAME",
    "TASK_WRITE_FAILED",
    "UNABLE_TO_ACQUIRE_MEMORY",
    "UNSUPPORTED_CALL",
];

/// What the operating system says on a machine of the cluster whose disk is full.
const NO_ROOM: &str = "No space left on device";

/// Why the cluster did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble(pub(crate) String);

impl Trouble {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// What the server answered, or what became of the connection to it.
    pub(crate) fn of(status: &Status) -> Self {
        if let Some(broken) = of_connection(status) {
            return Self(broken);
        }
        Self(match status.code() {
            Code::Unauthenticated | Code::PermissionDenied => {
                "the cluster refuses the token; engine.token_file must hold what its spark.connect.authenticate.token is".to_owned()
            }
            Code::Unavailable => lost(""),
            Code::DeadlineExceeded => {
                "the cluster did not answer in time; engine.statement_minutes says how long a statement may take".to_owned()
            }
            Code::Unimplemented => "the server does not know the call; it must be Spark Connect of Apache Spark 4".to_owned(),
            _ => without_values(status.message()),
        })
    }

    /// What became of a connection that could not be made.
    pub(crate) fn of_transport(error: &tonic::transport::Error) -> Self {
        Self(told(error))
    }
}

/// What is said of a connection that broke; nothing, if the server itself answered.
fn of_connection(status: &Status) -> Option<String> {
    status.source().map(told)
}

/// An error of the connection, by its kind: its words could be the other side's.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = Some(error);
    let mut kind = String::new();
    while let Some(error) = cause {
        let text = error.to_string();
        if text.contains("certificate") || text.contains("UnknownIssuer") {
            return "the certificate of the cluster is not one that is trusted for its name; set engine.authorities_file, or let its operator \
                    renew it"
                .to_owned();
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            kind = format!(" ({})", io.kind());
        }
        cause = error.source();
    }
    lost(&kind)
}

fn lost(kind: &str) -> String {
    format!("the cluster cannot be reached, or was lost{kind}; see that its Spark Connect server runs at engine.remote, and run again")
}

/// A message of Spark without any cell value.
fn without_values(message: &str) -> String {
    let message = message.trim_start();
    let first = message.lines().next().unwrap_or_default();
    if let Some(condition) = condition(first)
        && is_of(condition, ABOUT_THE_STATEMENT)
    {
        // A failed task's message would quote what it failed on.
        return first.chars().take(500).collect();
    }
    if message.contains(NO_ROOM) {
        return "a machine of the cluster finds no room left: in the shared folder, or in its own scratch folder".to_owned();
    }
    let named = message.match_indices('[').filter_map(|(at, _)| condition(&message[at..])).find(|name| is_of(name, BY_NAME_ALONE));
    match named {
        Some("TASK_WRITE_FAILED") => {
            "a worker could not write its part ([TASK_WRITE_FAILED]): the shared folder may be full, or closed to it; the driver's log says more"
                .to_owned()
        }
        Some(name) => format!("[{name}]: its details are withheld, since they may quote data"),
        None => "the cluster failed; its details are withheld, since they may quote data: its driver's log has them".to_owned(),
    }
}

/// The condition that a message begins with: `[DIVIDE_BY_ZERO] …`, `[UNRESOLVED_COLUMN.WITH_SUGGESTION] …`.
fn condition(message: &str) -> Option<&str> {
    let (name, _) = message.strip_prefix('[')?.split_once(']')?;
    Some(name)
}

/// Whether a list has a condition. What stands after the dot is Spark's own word, too, if it is one.
fn is_of(condition: &str, list: &[&str]) -> bool {
    let (name, part) = condition.split_once('.').unwrap_or((condition, ""));
    list.contains(&name) && part.len() < 60 && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_about_statements_are_kept_and_those_that_may_quote_cells_are_not() {
        let kept = "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `nothing` cannot be resolved.";
        assert_eq!(without_values(&format!("{kept}\n== SQL ==\n…")), kept);
        for quoting in [
            "[CAST_INVALID_INPUT] The value '39105039490' of the type \"STRING\" cannot be cast to \"INT\"",
            "Job aborted due to stage failure: Task 0 … [CAST_INVALID_INPUT] The value '39105039490' … SQLSTATE: 22018",
            "[39105039490] what a cluster says that is not one",
            "[CAST_INVALID_INPUT.39105039490] what a cluster says that is not one",
            "[PARSE_SYNTAX_ERROR.39105039490] what a cluster says that is not one",
            "39105039490",
            "",
        ] {
            let said = without_values(quoting);
            assert!(said.contains("withheld") && !said.contains("3910503"), "{said}");
        }
        assert!(
            without_values("[TASK_WRITE_FAILED] Task failed while writing rows to file:/x. 39105039490")
                .contains("shared folder may be full")
        );
        assert!(without_values("x [DIVIDE_BY_ZERO] 5").starts_with("[DIVIDE_BY_ZERO]: "));
        assert!(without_values("Task failed: java.io.IOException: No space left on device 39105039490").contains("no room left"));
    }

    #[test]
    fn what_the_server_answers_is_told_from_a_connection_that_broke() {
        let said = |status: Status| Trouble::of(&status).0;
        assert!(said(Status::unauthenticated("39105039490")).contains("engine.token_file"));
        assert!(said(Status::unavailable("39105039490")).contains("was lost"));
        let broken = Status::from_error(Box::new(io::Error::from(io::ErrorKind::ConnectionReset)));
        assert!(said(broken).contains("was lost (connection reset)"));
    }
}

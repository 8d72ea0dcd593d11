//! That it is remembered what releases showed of a table: `[history]` of its definition, and the columns that histories have beside the table's own.
//!
//! Two times are told apart (valid time and transaction time in SQL:2011): a fact holds from one day to another ([`VALID_FROM`],
//! [`VALID_UNTIL`]), and releases have shown it from one day to another ([`SHOWN_SINCE`], [`SHOWN_UNTIL`]).

use serde::Deserialize;

/// The day from which a fact holds.
pub const VALID_FROM: &str = "galioja_nuo";
/// The last day on which it holds.
pub const VALID_UNTIL: &str = "galioja_iki";
/// The day of the first release that showed a row.
pub const SHOWN_SINCE: &str = "zinoma_nuo";
/// The day of the first release that no longer showed it; empty while it is shown.
pub const SHOWN_UNTIL: &str = "zinoma_iki";
/// The number of the first release that showed it.
pub const FIRST_RELEASE: &str = "leidimas_nuo";
/// The number of the last release that showed it; empty while it is shown.
pub const LAST_RELEASE: &str = "leidimas_iki";
/// What became of a row: a code of the classifier `pokyciai`.
pub const CHANGE: &str = "pokytis";
/// Of a row that changed: in which columns.
pub const CHANGED_COLUMNS: &str = "pakeisti_stulpeliai";

/// `[history]` of a table: which of its columns say when its facts hold. Where none does, the fact is only known to have been shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The date column from which a fact holds.
    #[serde(default)]
    pub from: Option<String>,
    /// The date column until which it holds.
    #[serde(default)]
    pub until: Option<String>,
}

//! Of a table of payments: what was paid, by whom and when, so that pages can say who pays whom how much.

use serde::Deserialize;

/// What makes a row a payment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payments {
    /// Columns of money that make the amount together; an empty one counts nothing.
    pub amounts: Vec<String>,
    /// The year to which it belongs.
    pub year: String,
    /// Its day, by which the newest come first.
    pub day: String,
    /// Who paid: of these sets of columns the first of which something is filled.
    pub payer: Vec<Vec<String>>,
    /// Columns that tell payers of one name apart.
    #[serde(default)]
    pub payer_id: Vec<String>,
}

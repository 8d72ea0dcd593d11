//! Of a table of payments: what was paid, by whom and when, so that pages can say who pays whom how much.

use serde::Deserialize;

use crate::{Kind, Table};

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

impl Payments {
    /// What is wrong with it.
    pub(crate) fn problems(&self, table: &Table) -> Vec<String> {
        let all = self.amounts.iter().chain([&self.year, &self.day]).chain(self.payer.iter().flatten()).chain(&self.payer_id);
        let unknown = all.filter(|name| table.column(name).is_none());
        let mut found: Vec<String> = unknown.map(|name| format!("its payments name {name}, which is no column of it")).collect();
        let wrong = |name: &str, kind: Kind| table.column(name).is_some_and(|used| used.column.kind != kind);
        let amounts = self.amounts.iter().filter(|name| wrong(name, Kind::Money));
        found.extend(amounts.map(|name| format!("{name} is an amount of its payments, so it must be money")));
        if wrong(&self.year, Kind::Integer) || wrong(&self.day, Kind::Date) {
            found.push("the year of its payments must be a whole number, and their day a date".to_owned());
        }
        found
    }
}

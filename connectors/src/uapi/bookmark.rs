//! A place in the log of changes.

use super::fields::Object;
use super::page::take;
use crate::http::Problem;

/// Number that stands for the last change.
pub(super) const LAST: i64 = -1;
/// A place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bookmark {
    pub(super) number: i64,
    pub(super) id: String,
    pub(super) revision: String,
}

impl Bookmark {
    /// The place of a change in the log.
    pub(super) fn take(change: &mut Object, revision: &str) -> Result<Self, Problem> {
        let number = change.remove("_cid").as_ref().and_then(serde_json::Value::as_i64);
        let number = number.ok_or(Problem::Cut { found: "a line that is no change" })?;
        Ok(Self { number, id: take(change, "_id")?, revision: take(change, revision)? })
    }
}

//! How large a country is, and the day that its extracts show.

use chrono::NaiveDate;
use serde::Serialize;

use crate::draws::date;

/// The day that all extracts show.
pub const AS_OF: NaiveDate = date(2026, 10, 31);

/// How large a country is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    /// VIRS, at least 40.
    pub virs: usize,
    /// Registered legal entities, VIRS among them.
    pub entities: usize,
    /// Participants of entities; `None` for 2.35 per entity.
    pub participations: Option<usize>,
    /// Rows of political advertising, support and public funds together; `None` for 40 per VIRS in a small country and
    /// 450 in one of 1 000 VIRS and more.
    pub money_rows: Option<usize>,
}

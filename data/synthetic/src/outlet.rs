//! One outlet (VIP) of a VIRS.

use chrono::NaiveDate;

/// One outlet.
pub(crate) struct Outlet {
    /// `VIP-000001`.
    pub(crate) number: String,
    /// The place of its VIRS among all VIRS.
    pub(crate) virs: usize,
    /// Its name.
    pub(crate) name: String,
    /// Its kind, as the classifier has it.
    pub(crate) kind: &'static str,
    /// Day of registration.
    pub(crate) registered: NaiveDate,
    /// Day on which it ceased.
    pub(crate) closed: Option<NaiveDate>,
}

impl Outlet {
    /// Whether copies of it are printed.
    pub(crate) fn is_printed(&self) -> bool {
        matches!(self.kind, "laikrastis" | "zurnalas")
    }
}

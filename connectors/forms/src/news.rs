//! What came to a VIRS overnight.

/// What came to one VIRS overnight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OvernightChanges {
    /// Code of the VIRS.
    pub virs: String,
    /// What registers changed about it: what, and in which register; never a value.
    pub registers: Vec<String>,
    /// Whether its participants in JADIS are among that.
    pub participants: bool,
    /// What others submitted.
    pub handed_in: Vec<NewData>,
}

/// A submission of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewData {
    /// Its number, by which it is opened.
    pub submission: i64,
    /// Who submitted it.
    pub provider: String,
    /// Title of the feed.
    pub feed: String,
    /// Receipt number.
    pub receipt: String,
}

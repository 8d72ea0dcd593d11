//! The tables that ownership is read from.

use arrow::array::RecordBatch;

use crate::Error;

/// Histories of tables as the public tier has them: every row that was ever shown, and when.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// Those who make and spread public information.
    pub virs: &'a RecordBatch,
    /// Ultimate owners.
    pub owners: &'a RecordBatch,
    /// Every holding above a VIRS.
    pub chains: &'a RecordBatch,
    /// Majorities, step by step.
    pub control: &'a RecordBatch,
    /// Direct participants.
    pub participants: &'a RecordBatch,
    /// Members of governing bodies.
    pub management: &'a RecordBatch,
    /// Those who answer for the content of outlets.
    pub responsible: &'a RecordBatch,
}

/// Names of the tables.
pub(crate) const VIRS: &str = "out_virs__istorija";
pub(crate) const OWNERS: &str = "out_savininkas__istorija";
pub(crate) const CHAINS: &str = "out_grandis__istorija";
pub(crate) const CONTROL: &str = "out_kontrole__istorija";
pub(crate) const PARTICIPANTS: &str = "out_dalyvis__istorija";
pub(crate) const MANAGEMENT: &str = "out_valdymas__istorija";
pub(crate) const RESPONSIBLE: &str = "out_atsakingas__istorija";

impl<'a> Tables<'a> {
    /// The names of the tables, for whoever has to read them first.
    pub const NAMES: [&'static str; 7] = [VIRS, OWNERS, CHAINS, CONTROL, PARTICIPANTS, MANAGEMENT, RESPONSIBLE];

    /// The tables, each found by its name.
    ///
    /// # Errors
    /// [`Error::NoTable`] for the first that is not found.
    pub fn find(table: impl Fn(&'static str) -> Option<&'a RecordBatch>) -> Result<Self, Error> {
        let find = |name| table(name).ok_or(Error::NoTable { table: name });
        Ok(Self {
            virs: find(VIRS)?,
            owners: find(OWNERS)?,
            chains: find(CHAINS)?,
            control: find(CONTROL)?,
            participants: find(PARTICIPANTS)?,
            management: find(MANAGEMENT)?,
            responsible: find(RESPONSIBLE)?,
        })
    }
}

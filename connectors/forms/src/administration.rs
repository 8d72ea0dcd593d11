//! What administrators look at and decide that the endpoint itself knows nothing of: sources and nights, the definitions under `data/`, what is
//! beside the audit log. A port; the pipeline puts behind it what its commands read and write.

use catalog::Content;
use chrono::{DateTime, NaiveDate, Utc};

use crate::Store;

/// How the last night found a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceResult {
    /// Something new was read and accepted.
    Fresh,
    /// It was asked and has nothing new.
    Unchanged,
    /// It could not be used: the last good extract stands in.
    Stale,
    /// No night has asked it.
    Never,
}

/// A table of a source, as the last night found it.
#[derive(Debug, Clone)]
pub struct SourceState {
    /// The source's name.
    pub source: String,
    /// What people read.
    pub source_title: String,
    /// The raw table: stands in addresses.
    pub table: String,
    /// What people read.
    pub title: String,
    /// How it is reached.
    pub transport: &'static str,
    /// How it went.
    pub result: SourceResult,
    /// When the first of the nights in a row began that could not use it.
    pub stale_since: Option<DateTime<Utc>>,
    /// The day its extract was made.
    pub extract_date: Option<NaiveDate>,
    /// Rows of it.
    pub rows: u64,
    /// Rows that were set aside.
    pub set_aside: u64,
    /// Rows whose days lie ahead.
    pub ahead: u64,
    /// Why it could not be used: a word for programs.
    pub rule: Option<String>,
    /// The same for operators, who read English.
    pub reason: Option<String>,
    /// Hash of the extract that may be accepted in spite of that.
    pub refused: Option<String>,
    /// Whether that very extract has been accepted since: the next night takes it.
    pub accepted: bool,
}

/// How a night ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NightResult {
    /// With a release.
    Published,
    /// There was nothing new.
    Unchanged,
    /// The data was refused.
    Refused,
    /// With a fault.
    Failed,
}

/// A night.
#[derive(Debug, Clone)]
pub struct Night {
    /// When it began.
    pub started: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// How it ended.
    pub result: NightResult,
    /// The release it made, or found to be good still.
    pub release: Option<String>,
    /// Why there was none, for operators.
    pub reason: Option<String>,
    /// Its stages, each with its milliseconds.
    pub stages: Vec<(String, u64)>,
}

/// Sources and nights.
#[derive(Debug, Clone, Default)]
pub struct SystemState {
    /// All sources, in their order.
    pub sources: Vec<SourceState>,
    /// The last nights, the newest first.
    pub nights: Vec<Night>,
}

/// What two administrators decided about an extract.
#[derive(Debug, Clone)]
pub struct AcceptedExtract {
    /// The source.
    pub source: String,
    /// The raw table.
    pub table: String,
    /// Hash of the extract.
    pub extract: String,
    /// Account of whoever proposed it.
    pub proposed_by: i64,
    /// When.
    pub proposed: DateTime<Utc>,
    /// Account of whoever confirmed it.
    pub confirmed_by: i64,
    /// When.
    pub confirmed: DateTime<Utc>,
    /// Why.
    pub why: String,
}

/// Why an extract was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAccepted {
    /// It is not what the last night refused: another extract came, or the source is good again.
    Changed,
    /// A defect, or a fault of the machine.
    Broken(String),
}

/// What is known of the audit log beside its own chain.
#[derive(Debug, Clone)]
pub struct LogState {
    /// How many entries it has.
    pub entries: i64,
    /// The last one's hash.
    pub last_hash: String,
    /// The first entry that does not fit, and why; `None` if the chain is whole.
    pub broken: Option<String>,
    /// The last entry that was recorded outside and is not there.
    pub missing: Option<i64>,
    /// When the store was put back from a copy.
    pub put_back: Vec<DateTime<Utc>>,
    /// When all of it was gone through.
    pub verified: DateTime<Utc>,
}

/// A classifier whose codes changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassifierChange {
    /// Its name.
    pub name: String,
    /// Codes that came, with their titles.
    pub came: Vec<(String, String)>,
    /// Codes that went.
    pub went: Vec<(String, String)>,
    /// Codes that have another title: the old one and the new one.
    pub retitled: Vec<(String, String, String)>,
}

/// A form whose fields changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormChange {
    /// What people call it.
    pub title: String,
    /// Fields that came.
    pub came: Vec<String>,
    /// Fields that went.
    pub went: Vec<String>,
    /// Fields that are asked otherwise: which, what of them, before and now.
    pub changed: Vec<(String, String, String, String)>,
}

/// What the definitions say now, beside those of the latest release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DefinitionChanges {
    /// The release; `None` while none was made by a program that remembers them.
    pub release: Option<String>,
    /// How many classifiers and codes there are.
    pub classifiers: usize,
    /// How many codes they have.
    pub codes: usize,
    /// How many forms there are.
    pub forms: usize,
    /// Classifiers that differ.
    pub changed_classifiers: Vec<ClassifierChange>,
    /// Forms that differ.
    pub changed_forms: Vec<FormChange>,
}

/// What only the pipeline knows and does. Errors are for the log of operators.
pub trait Administration: Send + Sync {
    /// Sources and the last nights.
    ///
    /// # Errors
    /// The ledger or the definitions cannot be read.
    fn state(&self) -> Result<SystemState, String>;

    /// Lets exactly this extract through the drift gates, if it is what the last night refused; done twice, it says so twice.
    ///
    /// # Errors
    /// [`NotAccepted`].
    fn accept(&self, accepted: &AcceptedExtract) -> Result<(), NotAccepted>;

    /// Whether nights bring a list of mandates that takes the place of all there are.
    fn mandates_are_fetched(&self) -> bool;

    /// News and help as they lie in the definitions now, or all that is wrong with them.
    ///
    /// # Errors
    /// What `virsis check` says of them, each with its file and line.
    fn content(&self) -> Result<Content, Vec<String>>;

    /// What the definitions say otherwise than those of the latest release.
    ///
    /// # Errors
    /// What `virsis check` says of them.
    fn definitions(&self) -> Result<DefinitionChanges, Vec<String>>;

    /// Whether the audit log is whole; gone through not at every look.
    ///
    /// # Errors
    /// It cannot be read.
    fn log(&self, store: &Store) -> Result<LogState, String>;
}

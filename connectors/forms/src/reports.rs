//! Reports over the internal tier of the last release, standard ones and such as people build: a port; the pipeline puts its queries behind it.

use crate::built::{BuiltTable, Choice};

/// What can be asked for.
#[derive(Debug, Clone)]
pub struct ReportTitle {
    /// Its name in addresses and files: small letters and underscores.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it tells.
    pub description: String,
    /// What it must be told.
    pub parameters: Vec<ReportParameter>,
}

/// One parameter of a report.
#[derive(Debug, Clone)]
pub struct ReportParameter {
    /// Its name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// What its value must be, in words.
    pub kind: &'static str,
    /// What is taken where nothing is given, as people write it.
    pub default: Option<String>,
    /// Whether a value must be given.
    pub required: bool,
}

/// A report's rows as people read them.
#[derive(Debug, Clone)]
pub struct MadeReport {
    /// Of which parameters, day and tier it tells; what it says if it is empty.
    pub said: Vec<String>,
    /// Headings, and whether each column has numbers.
    pub columns: Vec<(String, bool)>,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
    /// How many rows there are.
    pub count: usize,
}

/// A format to keep a report in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For programs and spreadsheets.
    Csv,
    /// For programs.
    Json,
    /// For Excel.
    Xlsx,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Xlsx];

    /// The end of a file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A report to keep.
#[derive(Debug, Clone)]
pub struct ReportFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many rows it has.
    pub count: usize,
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReport {
    /// No report is called so, or not for whoever may see no codes.
    Unknown,
    /// What was asked cannot be answered; why and what to do, for whoever asked.
    Refused(String),
    /// A defect, or a fault of the machine; for the operator.
    Broken(String),
}

/// Answers what the last release holds.
pub trait Reports: Send + Sync {
    /// All reports that may be had; `codes` says whether personal codes may be seen.
    ///
    /// # Errors
    /// [`NoReport::Broken`].
    fn all(&self, codes: bool) -> Result<Vec<ReportTitle>, NoReport>;

    /// A report's first rows, at most so many. `given` are names and values of parameters.
    ///
    /// # Errors
    /// [`NoReport`].
    fn made(&self, name: &str, given: &[(String, String)], codes: bool, most: usize) -> Result<MadeReport, NoReport>;

    /// All of its rows in a file.
    ///
    /// # Errors
    /// [`NoReport`].
    fn file(&self, name: &str, given: &[(String, String)], codes: bool, format: ReportFormat) -> Result<ReportFile, NoReport>;

    /// The tables of which reports are built.
    ///
    /// # Errors
    /// [`NoReport::Broken`].
    fn tables(&self, codes: bool) -> Result<Vec<BuiltTable>, NoReport>;

    /// The first rows of what was chosen of a table, at most so many, and the SQL that asks for them.
    ///
    /// # Errors
    /// [`NoReport`].
    fn built(&self, table: &str, choice: &Choice, codes: bool, most: usize) -> Result<(MadeReport, String), NoReport>;

    /// All of its rows in a file.
    ///
    /// # Errors
    /// [`NoReport`].
    fn built_file(&self, table: &str, choice: &Choice, codes: bool, format: ReportFormat) -> Result<ReportFile, NoReport>;
}

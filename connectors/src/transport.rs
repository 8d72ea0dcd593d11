//! What every transport has in common: what it is asked, what it brings, what it remembers until the next night.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use arrow::array::RecordBatch;
use catalog::{SecretCode, Table};
use serde::{Deserialize, Serialize};

use crate::{Error, Extract};

/// Brings extracts in; one implementation per protocol.
pub trait Transport: Send + Sync {
    /// Name in the configuration and in `virsis sources`.
    fn name(&self) -> &'static str;

    /// Whether it asks for one code after another, so that [`Request::codes`] must say which.
    fn asks_by_code(&self) -> bool {
        false
    }

    /// Begins to read one extract.
    ///
    /// # Errors
    /// The source cannot be reached, refuses, or does not begin as this extract should.
    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error>;
}

/// What is asked of a transport. Not to be printed: it holds codes.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Code of classifier `saltiniai`.
    pub source: &'static str,
    /// What the connector declares.
    pub extract: &'static Extract,
    /// The raw table it fills.
    pub table: &'a Table,
    /// What the transport remembered of the last extract that was accepted.
    pub memory: Option<&'a Memory>,
    /// Whether rows must come even if nothing changed since then, because tonight's question is another and other rows are kept.
    pub rows_needed: bool,
    /// The codes of the entities or persons asked about; none means the whole register.
    pub codes: Option<&'a [SecretCode]>,
    /// A secret of this installation. What is remembered of bytes that may be about persons is hashed under it.
    pub salt: &'a [u8; 32],
    /// When the night gives up on its sources.
    pub deadline: Instant,
    /// A closed folder (mode 0700) of this extract's own, kept between nights.
    pub folder: &'a Path,
}

impl<'a> Request<'a> {
    /// A question that stands alone: nothing is remembered of an earlier answer, and nothing will be.
    #[must_use]
    pub fn once(source: &'static str, extract: &'static Extract, table: &'a Table, deadline: Instant, folder: &'a Path) -> Self {
        Self { source, extract, table, memory: None, rows_needed: true, codes: None, salt: &[0; 32], deadline, folder }
    }

    /// The same question, about these codes.
    #[must_use]
    pub fn about(self, codes: &'a [SecretCode]) -> Self {
        Self { codes: Some(codes), ..self }
    }

    /// The memory, if [`Fetched::Unchanged`] is an answer.
    #[must_use]
    pub fn unchanged_since(&self) -> Option<&Memory> {
        self.memory.filter(|_| !self.rows_needed)
    }
}

/// What a transport brings.
pub enum Fetched {
    /// The source says, or its bytes show, that nothing changed since [`Request::memory`]; never where rows are needed.
    Unchanged,
    /// The extract, as it comes in.
    Rows(Box<dyn Rows>),
}

impl std::fmt::Debug for Fetched {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Unchanged => "Unchanged",
            Self::Rows(_) => "Rows",
        })
    }
}

/// An extract on its way in. The first error ends it: what came before must not be used.
pub trait Rows: Iterator<Item = Result<Batch, Error>> + Send {
    /// After the last batch: what to remember if the extract is accepted.
    ///
    /// # Errors
    /// What is remembered cannot be made, for example because the source answers no more.
    fn finish(self: Box<Self>) -> Result<Memory, Error>;
}

/// What a transport remembers of an extract: an entity tag, a change number, a hash. Never a cell value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(pub BTreeMap<String, String>);

impl Memory {
    /// One remembered value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// A row that could not even be split into its fields, or one of whose fields says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected {
    /// Row of the file, from 1; the heading line counts.
    pub row_number: u64,
    /// `quotes` (quotation marks or line ends where none may be), `columns` (wrong number of fields), `encoding` (bytes that are no text), `json` (a line that is no object), `nested` (a value in
    /// it that is no single one) or `cell` (an error, a formula without a value, a number too large to be exact, or shown as something else).
    pub rule: &'static str,
}

/// Some rows of an extract, all text, columns as the raw table defines them.
#[derive(Debug)]
pub struct Batch {
    /// The rows; an empty field is null.
    pub rows: RecordBatch,
    /// Where in the file each row stands, from 1; the heading line counts.
    pub row_numbers: Vec<u64>,
    /// Rows that are not among `rows`.
    pub rejected: Vec<Rejected>,
}

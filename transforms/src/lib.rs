//! Transforms: raw text becomes typed columns, persons become surrogate ids, holdings become owners,
//! core tables become publishable ones through the SQL models, and each tier gets only what it may see.

pub mod bridge;
mod cast;
mod cells;
mod clean;
mod core_tables;
mod database;
mod disclosure;
mod engine;
mod error;
mod header;
mod holdings;
mod incremental;
mod keys;
mod known_codes;
mod models;
mod person_names;
mod persons;
mod profile;
mod pseudonyms;
mod renewed_ids;
mod row_filter;
pub mod scope;
mod speakers;
mod statistics;
mod subjects;
mod support;
mod template;
mod virs;

pub use clean::{Cleaned, Cleaner, Quarantined};
pub use core_tables::{Core, SetAside, Settings, SourceState, build};
pub use database::write_database;
pub use disclosure::attack::{RowFinding, RowLeak, attack_rows, has_columns};
pub use disclosure::disclose;
pub use engine::{DuckDb, Engine};
pub use error::Error;
pub use header::Header;
pub use incremental::{
    PreviousResults, ReadRows, ReadTexts, Remembered, RowHashes, RunReason, SqlResults, SqlRun, StatementReport, Words, content_hash,
};
pub use keys::keyed_by;
pub use models::{CheckResult, Models, Severity};
pub use persons::{KEY_BYTES, PersonCells, PersonKey};
pub use profile::{AHEAD, FEW, Profile};
pub use pseudonyms::{kept_schema, names_persons};
pub use renewed_ids::{renew_ids, renew_ids_of_facts, renew_ids_once};
pub use row_filter::RowFilter;
pub use statistics::{
    Audit, Audited, Finding, Leak, MergedCell, ProtectedFamily, PublishedPast, PublishedPattern, PublishedTables, Summary,
    SuppressedFigures, audit, families, looked_up, protect, tiers_differ,
};

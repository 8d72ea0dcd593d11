//! What can go wrong, for operators. What a person on a page did wrong is told there, in Lithuanian, and is no [`Error`].

use std::path::PathBuf;

/// An error of the endpoint. Never holds a value that somebody typed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {path}: {source}", path = path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `data/forms` contradicts the tables.
    #[error("{}", .0.join("; "))]
    Definitions(Vec<String>),
    /// The store refuses.
    #[error("the store of submissions: {0}")]
    Store(#[from] rusqlite::Error),
    /// The store cannot be brought to this program's shape.
    #[error("the store of submissions cannot be migrated: {0}; was it written by a newer program?")]
    Migration(#[from] rusqlite_migration::Error),
    /// No connection to the store is free in time.
    #[error("no connection to the store is free: {0}")]
    Pool(#[from] r2d2::Error),
    /// What the store holds cannot be understood.
    #[error("the store holds something that this program does not understand: {0}")]
    Content(&'static str),
    /// The audit log is not whole.
    #[error("the audit log is broken at entry {entry}: {reason}")]
    AuditLog {
        /// Sequence number of the first entry that does not fit.
        entry: i64,
        /// What does not fit.
        reason: &'static str,
    },
    /// A template is wrong: a defect.
    #[error("a page cannot be rendered: {0}")]
    Template(#[from] minijinja::Error),
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes")]
    Random,
    /// A password cannot be hashed.
    #[error("a password cannot be hashed")]
    Password,
    /// A report cannot be made: a defect, or a fault of the machine.
    #[error("a report cannot be made: {0}")]
    Report(String),
    /// What administrators look at cannot be read: a defect, or a fault of the machine.
    #[error("administration: {0}")]
    Administration(String),
    /// What an operator asked for is refused.
    #[error("{0}")]
    Refused(String),
    /// Settings contradict each other.
    #[error("[forms] {0}")]
    Settings(String),
    /// Delivery of mail cannot be prepared.
    #[error("[forms.mail] {0}")]
    Mail(String),
}

//! How readers of a release ask its tables themselves: the database file, and the pages on which a browser asks it.

use std::path::Path;

use anyhow::Result;
use catalog::DatabaseTable;
use chrono::NaiveDate;
use publish::{BrowserEngine, DatabaseWriter, SqlAccess, SqlPages};
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::queries::examples;
use crate::queries::report::Report;
use crate::refusal::Refusal;

/// DuckDB, which publishing does not know.
#[derive(Debug)]
pub(super) struct DuckDbFile;

impl DatabaseWriter for DuckDbFile {
    fn write(&self, path: &Path, tables: &[&dyn DatabaseTable], _last: Option<&Path>) -> Result<(), String> {
        transforms::write_database(path, tables).map_err(|error| error.to_string())
    }
}

/// SQLite, which publishing does not know either.
#[derive(Debug)]
pub(super) struct SqliteFile;

impl DatabaseWriter for SqliteFile {
    fn write(&self, path: &Path, tables: &[&dyn DatabaseTable], last: Option<&Path>) -> Result<(), String> {
        sqlite::write(path, tables, last).map_err(|error| error.to_string())
    }
}

/// What the settings say a release has.
#[derive(Debug)]
pub(super) struct SqlSettings {
    has_database: bool,
    has_sqlite: bool,
    engine: Option<BrowserEngine>,
    examples: Vec<publish::Example>,
    reports: Vec<Report>,
}

impl SqlSettings {
    pub(super) fn load(config: &Config) -> Result<Self> {
        let engine = config.portal.browser_engine.as_deref().map(BrowserEngine::load).transpose().map_err(Refusal::one)?;
        let (examples, reports) = match engine {
            Some(_) => (examples::load_all(&config.home)?, Report::load_all(&config.home)?),
            None => (Vec::new(), Vec::new()),
        };
        Ok(Self { has_database: config.portal.database, has_sqlite: config.portal.sqlite, engine, examples, reports })
    }

    /// Tells whether two runs have the same.
    pub(super) fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(format!("{self:?}")))
    }

    /// The pages of a release of this day.
    pub(super) fn pages(&self, date: NaiveDate) -> Option<SqlPages> {
        let engine = self.engine.clone()?;
        let reports = self.reports.iter().map(|report| report.shown(date)).collect();
        Some(SqlPages { engine, examples: self.examples.clone(), reports })
    }

    /// What publishing is told.
    pub(super) fn access<'a>(&self, pages: Option<&'a SqlPages>) -> SqlAccess<'a> {
        let (database, sqlite): (Option<&dyn DatabaseWriter>, Option<&dyn DatabaseWriter>) =
            (self.has_database.then_some(&DuckDbFile as _), self.has_sqlite.then_some(&SqliteFile as _));
        SqlAccess { database, sqlite, pages, as_it_stands: false }
    }
}

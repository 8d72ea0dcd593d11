//! One extract asked for outside a run, for `virsis fetch` and `virsis doctor`: nothing is remembered, nothing kept.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::AsArray;
use catalog::{Catalog, Role, SecretCode, Table};
use connectors::{About, Connector, Extract, Fetched, Request, Rows};
use tempfile::TempDir;
use transforms::kept_schema;

use crate::config::Config;
use crate::home;
use crate::sources::transports::Transports;
use crate::state::last_good::LastGoodExtracts;

/// What probes need.
pub(crate) struct Probes<'a> {
    config: &'a Config,
    pub(crate) catalog: &'a Catalog,
    pub(crate) transports: Transports,
    folder: TempDir,
    /// A VIRS to ask about, where registers answer code by code; none before the first run.
    virs: Vec<SecretCode>,
}

/// How one was answered.
pub(crate) enum Answer {
    Rows(Box<dyn Rows>),
    /// There is nobody to ask about; why.
    NotAsked(&'static str),
}

impl<'a> Probes<'a> {
    pub(crate) fn new(config: &'a Config, catalog: &'a Catalog) -> Result<Self> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let virs = known_virs(config, catalog).unwrap_or_default();
        Ok(Self { config, catalog, transports: Transports::new(config)?, folder, virs })
    }

    /// Asks for one extract, as if for the first time.
    pub(crate) fn ask(&self, connector: &Connector, extract: &'static Extract, table: &Arc<Table>) -> Result<Answer> {
        if self.transports.asks_by_code(table) {
            if extract.asked_by.is_some_and(|asked_by| asked_by.about == About::Persons) {
                return Ok(Answer::NotAsked("it is asked only about persons who are met in a run"));
            }
            if self.virs.is_empty() {
                return Ok(Answer::NotAsked("it is asked about VIRS, and none is known before the first run"));
            }
        }
        let deadline = Instant::now() + Duration::from_secs(self.config.run.source_minutes * 60);
        let request = Request::once(connector.source, extract, table, deadline, self.folder.path()).about(&self.virs);
        match self.transports.of(table).open(&request)? {
            Fetched::Rows(rows) => Ok(Answer::Rows(rows)),
            Fetched::Unchanged => unreachable!("nothing was remembered"),
        }
    }
}

/// The first VIRS of the last run.
fn known_virs(config: &Config, catalog: &Catalog) -> Option<Vec<SecretCode>> {
    let key = home::person_key(&config.secrets.person_key_file).ok()?;
    // Looking must not make the folder.
    let kept = LastGoodExtracts::exists(&config.paths.state).then(|| LastGoodExtracts::open(&config.paths.state, &key).ok())??;
    let list = catalog.role(Role::RegisteredVirs).ok()?;
    let schema = kept_schema(list);
    let rows = kept.rows(&list.name, kept.get(&list.name, &schema)?, &schema).ok()?;
    let codes = rows.column_by_name("ja_kodas")?.as_string::<i32>();
    Some(codes.iter().flatten().take(1).map(SecretCode::new).collect())
}

//! Look-ups while typing: persons through the population register's web service, one code at a time; legal entities in the file that runs write.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::AsArray;
use catalog::{Catalog, Role, SecretCode};
use connectors::{Fetched, Request};
use forms::{Entities, Entity, LookUp, Unavailable};
use tempfile::TempDir;

use crate::config::Config;
use crate::home;
use crate::sources::entities;
use crate::sources::transports::Transports;
use crate::sources::waves::extract_of;

/// Timeout of a look-up: somebody is waiting for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The registers that can be asked about one code.
struct Registers {
    catalog: Catalog,
    config: Config,
    folder: TempDir,
    knows_persons: bool,
    entities: Entities,
}

/// The look-ups that the configuration makes possible: entities always, persons with a web service.
///
/// # Errors
/// A section of the configuration cannot be used.
pub(crate) fn prepare(config: &Config) -> Result<Box<dyn LookUp>> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (catalog, entities) = (home::load_catalog(config)?, Entities::new(entities::path(config)));
    let knows_persons = Transports::new(config)?.asks_by_code(catalog.role(Role::Persons)?);
    Ok(Box::new(Registers { catalog, config: config.clone(), folder, knows_persons, entities }))
}

impl Registers {
    /// The first row of the population register about a code: the values of these columns.
    fn ask(&self, code: &str, columns: [&str; 2]) -> Result<Option<[Option<String>; 2]>, Unavailable> {
        // New for each look-up: a client gives up after a few failures in a row, which is right for a run, but the endpoint runs for months.
        let transports = Transports::new(&self.config).map_err(|_| Unavailable)?;
        let table = self.catalog.role(Role::Persons).map_err(|_| Unavailable)?;
        let (source, extract) = extract_of(table).ok_or(Unavailable)?;
        let codes = [SecretCode::new(code)];
        let request = Request::once(source, extract, table, Instant::now() + PATIENCE, self.folder.path()).about(&codes);
        // The error never contains the code.
        let unavailable = |error: connectors::Error| {
            tracing::warn!(%error, "a look-up was not answered");
            Unavailable
        };
        let Fetched::Rows(batches) = transports.of(table).open(&request).map_err(unavailable)? else { return Ok(None) };
        for batch in batches {
            let rows = batch.map_err(unavailable)?.rows;
            if rows.num_rows() > 0 {
                let cell = |name: &str| Some(rows.column_by_name(name)?.as_string::<i32>().iter().next()??.to_owned());
                return Ok(Some(columns.map(cell)));
            }
        }
        Ok(None)
    }
}

impl LookUp for Registers {
    fn knows_persons(&self) -> bool {
        self.knows_persons
    }

    fn person(&self, code: &str) -> Result<Option<(String, String)>, Unavailable> {
        if !self.knows_persons {
            return Err(Unavailable);
        }
        let found = self.ask(code, ["vardas", "pavarde"])?;
        Ok(found.and_then(|[given, family]| Some((given?, family?))))
    }

    fn entity(&self, code: &str) -> Result<Option<Entity>, Unavailable> {
        self.entities.of_code(code)
    }

    fn entities(&self, beginning: &str) -> Result<Vec<Entity>, Unavailable> {
        self.entities.beginning(beginning)
    }
}

//! Prints releases anew without some of their rows, by the definitions and the gate of every night.

use std::collections::BTreeMap;

use anyhow::Result;
use catalog::{Catalog, Content, News};
use chrono::NaiveDate;
use publish::{Extent, Holding, Removal, Reprint, Sought, Store};
use transforms::{Models, PersonKey};

use super::incremental::fingerprint::Fingerprints;
use super::sql_access::{DuckDbFile, SqliteFile};
use super::{admission, site};
use crate::config::Config;
use crate::home;
use crate::refusal::Refusal;

/// What releases are printed by.
pub(crate) struct Printer {
    pub(crate) catalog: Catalog,
    content: Content,
    definitions: String,
    notice: Option<&'static str>,
    models: BTreeMap<String, String>,
    salt: [u8; 32],
}

impl Printer {
    /// Reads the definitions and the content.
    pub(crate) fn load(config: &Config, key: &PersonKey) -> Result<Self> {
        Ok(Self {
            catalog: home::load_catalog(config)?,
            content: home::load_content(config)?,
            definitions: Fingerprints::take(&config.home)?.definitions,
            notice: site::notice(config),
            models: Models::load(&config.home).map_err(Refusal::one)?.sql(),
            salt: key.salt(),
        })
    }

    /// Prepares the removal of what these releases hold.
    pub(crate) fn prepare(
        &self,
        store: &Store,
        holdings: Vec<Holding>,
        sought: &Sought,
        why: (Extent, NaiveDate, &str),
    ) -> Result<Removal> {
        let news = |day: NaiveDate| -> Vec<&News> { site::news(&self.content, day) };
        let reprint = Reprint {
            catalog: &self.catalog,
            definitions: &self.definitions,
            admit: &admission::admit_again,
            news: &news,
            notice: self.notice,
            models: &self.models,
            salt: self.salt,
            database: &DuckDbFile,
            sqlite: &SqliteFile,
            rounded_to: site::rounded_to(&self.catalog)?,
        };
        Ok(store.prepare_removal(holdings, sought, &reprint, why)?)
    }
}

//! Documents that institutions submitted for publication. Each is checked again in every run that makes a release, on the very bytes that would be
//! published, so that improved detection applies to older documents, too. The row of a document that is held back is published without it, and
//! its submitter is notified.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use catalog::{PUBLISHED_FILE, published_cell, published_files, published_path};
use forms::store::{self, Durability, SetAside};
use forms::{DOCUMENTS, NOT_FOUND, Store, WITHDRAWN, publishable};
use sha2::{Digest, Sha256};
use transforms::scope::Tables;

use crate::config::Config;
use crate::sources::quarantine::Quarantine;
use crate::withdrawal::withheld::Withheld;

/// The tier's folder in a release of the portal.
const PUBLIC: &str = "public";

/// Where documents are read from.
pub(crate) struct Documents {
    /// The endpoint's store, if there is an endpoint.
    store: Option<Store>,
    /// The latest release, which has the documents if the store cannot be read.
    latest: Option<PathBuf>,
}

impl Documents {
    pub(crate) fn open(config: &Config, latest: Option<PathBuf>) -> Self {
        let open = || match Store::open(&config.forms.store) {
            Ok(store) => Some(store),
            Err(error) => {
                tracing::warn!(%error, "the endpoint's store cannot be read; documents are taken from the latest release");
                None
            }
        };
        Self { store: config.forms.enabled.then(open).flatten(), latest }
    }

    /// A document, by its hash.
    pub(crate) fn bytes(&self, sha256: &str) -> Option<Vec<u8>> {
        let handed_in = self.store.as_ref().and_then(|store| match store.read(|connection| store::published(connection, sha256)) {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "a document cannot be read");
                None
            }
        });
        let released = || fs::read(self.latest.as_ref()?.join(PUBLIC).join(published_path(sha256))).ok();
        handed_in.or_else(released).filter(|bytes| hex::encode(Sha256::digest(bytes)) == sha256)
    }

    /// Checks every document that a row names, and removes the names of those that may not be published.
    pub(crate) fn look_through(&self, config: &Config, tables: &mut Tables, withheld: &Withheld) -> Result<()> {
        let mut known: BTreeMap<String, Option<&'static str>> = BTreeMap::new();
        for (name, rows) in tables.iter_mut() {
            let Ok(place) = rows.schema().index_of(PUBLISHED_FILE) else { continue };
            let mut judge = |cell: &str| -> Option<String> {
                let named = published_files(cell).unwrap_or_default();
                let good = |file: &&str| known.entry((*file).to_owned()).or_insert_with(|| self.fault(file, withheld)).is_none();
                let good: Vec<&str> = named.into_iter().filter(good).collect();
                (!good.is_empty()).then(|| published_cell(&good))
            };
            let cells: StringArray = rows.column(place).as_string::<i32>().iter().map(|cell| judge(cell?)).collect();
            let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
            columns[place] = Arc::new(cells);
            *rows = RecordBatch::try_new(rows.schema(), columns).with_context(|| format!("cannot leave documents of {name} out"))?;
        }
        let bad = known.into_iter().filter_map(|(file, rule)| Some((file, rule?))).collect();
        self.tell(config, bad)
    }

    /// The rule that a document breaks.
    fn fault(&self, sha256: &str, withheld: &Withheld) -> Option<&'static str> {
        let Some(bytes) = self.bytes(sha256) else { return Some(NOT_FOUND) };
        match publishable(&bytes) {
            Err(refusal) => Some(refusal.rule()),
            Ok(text) => withheld.is_in(&text).then_some(WITHDRAWN),
        }
    }

    /// Reports receipts and rules, never what was found.
    fn tell(&self, config: &Config, bad: Vec<(String, &'static str)>) -> Result<()> {
        let (mut records, mut lines) = (Vec::new(), Vec::new());
        for (file, rule) in bad {
            let found = self.store.as_ref().map(|store| store.read(|connection| store::publishers(connection, &file))).transpose()?;
            for (submission, receipt) in found.unwrap_or_default() {
                let place = records.iter().filter(|one: &&SetAside| one.submission == submission).count() + 1;
                records.push(SetAside { submission, place, column: PUBLISHED_FILE.to_owned(), rule: rule.to_owned() });
                tracing::warn!(receipt, rule, "a document is not published");
                lines.push((receipt, place, rule));
            }
        }
        Quarantine::begin(&config.paths.state)?.write_documents(&lines)?;
        let Some(store) = &self.store else { return Ok(()) };
        Ok(store.write::<_, forms::Error>(Durability::OnDisk, |transaction| store::set_aside(transaction, DOCUMENTS, &records))?)
    }
}

//! What the form endpoint and the nightly run share of it: the store of submissions, the feeds, the key for persons.

use anyhow::{Context, Result};
use catalog::Catalog;
use forms::{Feed, PersonHash, Store};

use crate::config::Config;
use crate::home;
use crate::refusal::Refusal;

/// Opens the store of submissions.
pub(crate) fn store(config: &Config) -> Result<Store> {
    Store::open(&config.forms.store).with_context(|| format!("cannot open {}", config.forms.store.display()))
}

/// The key under which the endpoint hashes codes of persons.
pub(crate) fn persons(config: &Config) -> Result<PersonHash> {
    Ok(PersonHash::new(home::person_key(&config.secrets.person_key_file)?.salt()))
}

/// The feeds.
pub(crate) fn feeds(config: &Config, catalog: &Catalog) -> Result<Vec<Feed>> {
    Ok(Feed::load_all(&config.home, catalog).map_err(Refusal::one)?)
}

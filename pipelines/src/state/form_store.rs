//! The form endpoint's store of submissions, as commands, runs and the endpoint itself open it.

use anyhow::{Context, Result};
use forms::{PersonHash, Store};

use crate::config::Config;
use crate::home;

/// Opens the store.
pub(crate) fn open(config: &Config) -> Result<Store> {
    Store::open(&config.forms.store).with_context(|| format!("cannot open {}", config.forms.store.display()))
}

/// Hashes personal codes as the store keeps them.
pub(crate) fn persons(config: &Config) -> Result<PersonHash> {
    Ok(PersonHash::new(home::person_key(&config.secrets.person_key_file)?.salt()))
}

//! Assembles the form endpoint from definitions, store, the list of VIRS in the last release, and look-ups through the connectors.

mod administration;
pub(crate) mod audit_head;
mod changed_definitions;
pub(crate) mod look_up;
pub(crate) mod mandates;
pub(crate) mod notices;
pub(crate) mod register;
pub(crate) mod reports;
pub(crate) mod rules;
pub(crate) mod signing_module;
pub(crate) mod training;

use anyhow::Result;
use catalog::Tier;
use forms::{App, Parts};

use self::administration::PipelineAdministration;
use self::rules::NightlyRules;
use crate::config::Config;
use crate::home;
use crate::refusal::Refusal;
use crate::state::form_store;

/// The endpoint, without its network.
pub(crate) fn app(config: &Config) -> Result<App> {
    training::check(config)?;
    let catalog = home::load_catalog(config)?;
    let parts = Parts {
        feeds: home::load_feeds(config, &catalog)?,
        store: form_store::open(config)?,
        persons: form_store::persons(config)?,
        register: register::source(config.tier_root(Tier::Internal).join("latest"), catalog.clone()),
        rules: Box::new(NightlyRules::new(catalog.clone(), home::person_key(&config.secrets.person_key_file)?)),
        look_up: Some(look_up::prepare(config)?),
        content: home::load_content(config)?,
        guides: config.publication.guides_address(),
        administration: Some(Box::new(PipelineAdministration::new(config, catalog.clone())?)),
        reports: Some(Box::new(reports::InternalReports::new(config, catalog.clone()))),
        signing_module: signing_module::prepare(config)?,
        catalog,
    };
    Ok(App::new(config.forms.clone(), parts).map_err(Refusal::one)?)
}

//! `virsis mandates import|check|fetch`: who may act for whom, from a file or from the configured source.

use std::path::Path;

use anyhow::Result;
use forms::store::Actor;

use crate::config::Config;
use crate::endpoint::mandates::{self, Taken};
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::state::form_store;

pub(crate) fn import(config: &Config, file: &Path) -> Result<()> {
    let persons = form_store::persons(config)?;
    let mandates = mandates::of_file(file, |code| persons.of(code))?;
    let count = mandates::replace(&form_store::open(config)?, &mandates, Actor::Operator, "import mandates")?;
    println!("{}; all earlier ones have ended", counted(count, "mandate", "mandates"));
    Ok(())
}

pub(crate) fn check(file: &Path) -> Result<()> {
    // No code is stored, so none needs to be hashed.
    let mandates = mandates::of_file(file, |_| String::new())?;
    println!("{}, all valid; nothing was changed", counted(mandates.len(), "mandate", "mandates"));
    Ok(())
}

pub(crate) fn fetch(config: &Config) -> Result<()> {
    let Some(source) = &config.mandates else {
        return Err(Refusal::one("no source of mandates is configured; add [mandates] (docs/forms.md), or import a file").into());
    };
    match mandates::fetch(config, source).map_err(mandates::refused)? {
        Taken::New(count) => println!("{}; all earlier ones have ended", counted(count, "mandate", "mandates")),
        Taken::Unchanged(count) => println!("{}, unchanged", counted(count, "mandate", "mandates")),
    }
    Ok(())
}

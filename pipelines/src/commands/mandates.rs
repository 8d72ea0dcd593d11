//! `virsis mandates import|check|fetch`: who may act for whom, out of a file, or as the configured source says.

use std::path::Path;

use anyhow::Result;
use forms::store::Actor;

use crate::config::Config;
use crate::endpoint;
use crate::endpoint::mandates::{self, Taken};
use crate::refusal::Refusal;

pub(crate) fn import(config: &Config, file: &Path) -> Result<()> {
    let persons = endpoint::store::persons(config)?;
    let mandates = mandates::of_file(file, |code| persons.of(code))?;
    let count = mandates::replace(&endpoint::store::store(config)?, &mandates, Actor::Operator, "import mandates")?;
    println!("{count} mandates; those of before have ended");
    Ok(())
}

pub(crate) fn check(file: &Path) -> Result<()> {
    // Without the key: nothing is kept of any code.
    let mandates = mandates::of_file(file, |_| String::new())?;
    println!("{} mandates, all in order; nothing was changed", mandates.len());
    Ok(())
}

pub(crate) fn fetch(config: &Config) -> Result<()> {
    let Some(source) = &config.mandates else {
        return Err(Refusal::one("no source of mandates is configured; set [mandates] (docs/forms.md), or import a file").into());
    };
    match mandates::fetch(config, source).map_err(mandates::refused)? {
        Taken::New(count) => println!("{count} mandates; those of before have ended"),
        Taken::Unchanged(count) => println!("{count} mandates, as before"),
    }
    Ok(())
}

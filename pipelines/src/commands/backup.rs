//! `virsis backup`: a consistent copy of the form endpoint's store, while it runs.

use std::path::Path;

use anyhow::Result;

use crate::commands::account::refused;
use crate::config::Config;
use crate::endpoint::audit_head;
use crate::state::form_store;

pub(crate) fn run(config: &Config, file: &Path) -> Result<()> {
    form_store::open(config)?.back_up(file).map_err(refused)?;
    audit_head::note_or_tell(config);
    println!("copied to {}; the copy contains personal codes: keep it private", file.display());
    Ok(())
}

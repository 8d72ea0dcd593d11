//! `virsis accept`: lets one refused extract through the drift gates and records who decided so and why.

use anyhow::Result;
use chrono::Utc;

use crate::config::Config;
use crate::sources::accepting;
use crate::state::ledger::Acceptance;

pub(crate) fn run(config: &Config, source: String, extract: String, why: String, who: String) -> Result<()> {
    accepting::accept(config, Acceptance { when: Utc::now(), source, extract, who, why, proposed: None, confirmed_by: None })?;
    println!("accepted; the next `virsis run` lets this extract, and no other, through the drift gates");
    Ok(())
}

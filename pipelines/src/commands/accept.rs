//! `virsis accept`: lets one refused extract through the drift gates and records who decided so and why.

use anyhow::Result;
use chrono::Utc;
use connectors::CONNECTORS;
use connectors::naudotojai::MANDATES;

use crate::config::Config;
use crate::refusal::Refusal;
use crate::state::ledger::{self, Acceptance};

/// Hexadecimal digits of an extract's hash.
const HASH_DIGITS: usize = 64;

pub(crate) fn run(config: &Config, source: String, extract: String, why: String, who: String) -> Result<()> {
    if !CONNECTORS.iter().chain([&MANDATES]).any(|connector| connector.source == source) {
        return Err(Refusal::one(format!("there is no source `{source}`; `virsis sources` lists them")).into());
    }
    if extract.len() != HASH_DIGITS || !extract.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refusal::one("--extract takes the hash given in the refusal: 64 hexadecimal digits").into());
    }
    if why.trim().is_empty() || who.trim().is_empty() {
        return Err(Refusal::one("--who and --why must not be empty: the ledger records who accepted the extract and why").into());
    }
    let refused = ledger::read(&config.paths.state)?.iter().any(|run| {
        run.sources.iter().any(|line| line.source == source && line.reason.as_ref().is_some_and(|reason| reason.contains(&extract)))
    });
    if !refused {
        return Err(Refusal::one(format!(
            "no run has refused an extract of {source} with this hash; `virsis sources` lists refused extracts with their hashes"
        ))
        .into());
    }
    ledger::accept(&config.paths.state, &Acceptance { when: Utc::now(), source, extract: extract.to_lowercase(), who, why })?;
    println!("accepted; the next `virsis run` lets this extract, and no other, through the drift gates");
    Ok(())
}

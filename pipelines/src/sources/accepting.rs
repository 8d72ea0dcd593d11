//! Accepting a refused extract: exactly one, by its hash, with who decided so and why.

use anyhow::Result;
use connectors::CONNECTORS;
use connectors::naudotojai::MANDATES;

use crate::config::Config;
use crate::refusal::Refusal;
use crate::state::ledger::{self, Acceptance};

/// Records that an extract which some run refused is let through the drift gates.
///
/// # Errors
/// A [`Refusal`] if no run has refused it, or if it does not say who accepts it and why.
pub(crate) fn accept(config: &Config, mut acceptance: Acceptance) -> Result<()> {
    let Acceptance { source, extract, who, why, .. } = &acceptance;
    if !CONNECTORS.iter().chain([&MANDATES]).any(|connector| connector.source == source) {
        return Err(Refusal::one(format!("there is no source `{source}`; `virsis sources` lists them")).into());
    }
    if !ledger::is_extract(extract) {
        return Err(Refusal::one("--extract takes the hash given in the refusal: 64 hexadecimal digits").into());
    }
    if why.trim().is_empty() || who.trim().is_empty() {
        return Err(Refusal::one("--who and --why must not be empty: the ledger records who accepted the extract and why").into());
    }
    let refused = ledger::read(&config.paths.state)?.iter().any(|run| {
        run.sources.iter().any(|line| line.source == *source && line.refused().is_some_and(|hash| hash.eq_ignore_ascii_case(extract)))
    });
    if !refused {
        return Err(Refusal::one(format!(
            "no run has refused an extract of {source} with this hash; `virsis sources` lists refused extracts with their hashes"
        ))
        .into());
    }
    acceptance.extract = acceptance.extract.to_lowercase();
    ledger::accept(&config.paths.state, &acceptance)
}

//! Look-ups while typing, through the web services of the population register and the register of legal entities.

use anyhow::Result;
use forms::LookUp;

use crate::config::Config;

/// The look-ups that the configuration makes possible. So far none: the connectors' web services answer about extracts, for the night.
#[expect(clippy::unnecessary_wraps, reason = "services that cannot be prepared will be refused here")]
pub(crate) fn prepare(_config: &Config) -> Result<Option<Box<dyn LookUp>>> {
    Ok(None)
}

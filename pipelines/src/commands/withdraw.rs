//! `virsis release withdraw`: removes a text that should never have been published with every release that contains it and from the stored
//! extracts, and withholds it from later releases.

use anyhow::Result;

use super::removal::{Removal, print_places, print_releases};
use crate::cli;
use crate::config::Config;

pub(crate) fn run(config: &Config, order: &cli::Removal) -> Result<()> {
    let mut removal = Removal::begin(config, order)?;
    let found = removal.find()?;
    print_releases(found.holdings.iter(), |holding| format!("in {} of {} files", holding.holding, holding.files));
    print_places(&found.places, "which are deleted");
    if !order.yes {
        println!(
            "nothing was changed; --yes withdraws these releases, deletes the last good extracts of these tables and withholds the text from every later release"
        );
        return Ok(());
    }
    // In this order nothing is published again if the command is cut short; running it again does the rest.
    removal.withhold()?;
    found.places.clear(config, &mut removal.last_good)?;
    found.places.clear_published()?;
    removal.store.withdraw(&found.holdings, forms::today(removal.now), &order.why)?;
    removal.record(&found, |_| false)
}

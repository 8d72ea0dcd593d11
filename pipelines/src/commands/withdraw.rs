//! `virsis release withdraw`: removes a text that should never have been published with every release that shows it, from what later releases
//! remember of these, and from the stored extracts, and withholds it from later releases.

use anyhow::Result;
use publish::{Extent, Outcome};

use super::forget::{revised, told};
use super::removal::{Removal, print_places, print_releases};
use crate::cli;
use crate::config::Config;
use crate::run::reprint::Printer;

pub(crate) fn run(config: &Config, order: &cli::Removal) -> Result<()> {
    let mut removal = Removal::begin(config, order)?;
    let printer = Printer::load(config, &removal.key)?;
    let found = removal.find()?;
    let why = (Extent::Releases, forms::today(removal.now), order.why.as_str());
    let prepared = printer.prepare(&removal.store, found.holdings.clone(), &removal.sought, why)?;
    print_releases(prepared.outcomes().map(|(holding, _)| holding).collect::<Vec<_>>().into_iter(), |holding| {
        match prepared.outcomes().find(|(one, _)| *one == holding) {
            Some((_, Outcome::Revised(rows))) => format!("only remembers it, and stands without: {}", told(rows)),
            _ => format!("in {} of {} files", holding.holding, holding.files),
        }
    });
    print_places(&found.places, "which are deleted");
    if !order.yes {
        println!(
            "nothing was changed; --yes withdraws these releases, deletes the last good extracts of these tables and withholds the text from every later release"
        );
        return Ok(());
    }
    let revised = revised(&prepared);
    // In this order nothing is published again if the command is cut short; running it again does the rest.
    removal.withhold()?;
    found.places.clear(config, &mut removal.last_good)?;
    found.places.clear_published()?;
    prepared.carry_out()?;
    removal.record(&found, |holding| revised.contains(&(holding.release.clone(), holding.internal)))
}

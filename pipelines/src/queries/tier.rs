//! Of which tier a report tells if none is named: of the most closed one that whoever asks may read. The report says so in its head.
//!
//! On the command line a right is what the system grants: the folder of the internal tier is closed to everybody but the Ministry's own accounts
//! (mode 0700, or a group of analysts), and whoever can read it may see what is in it.

use std::fs::{self, File};

use catalog::Tier;

use crate::config::Config;

/// The most closed tier that whoever asks may read.
pub(crate) fn by_right(config: &Config) -> Tier {
    if may_read_internal(config) { Tier::Internal } else { Tier::Public }
}

/// Whether the latest internal release can be listed and its manifest read.
fn may_read_internal(config: &Config) -> bool {
    let latest = config.paths.internal.join("latest");
    fs::read_dir(&latest).is_ok() && File::open(latest.join("manifest.json")).is_ok()
}

/// What a tier is called in front of those who query it.
pub(crate) fn title(tier: Tier) -> &'static str {
    match tier {
        Tier::Internal => "vidiniai duomenys (internal), neskelbtini",
        Tier::Public => "vieši duomenys (public)",
        Tier::Open => "atviri duomenys (open)",
    }
}

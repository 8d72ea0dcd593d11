//! Writes what a tier's search reads: the index, and the files that it lists.

use rayon::prelude::*;
use serde::Serialize;

use super::found::hashes_of;
use super::hits::collect;
use super::printed::Printed;
use super::shards::{Shard, split};
use crate::error::Error;
use crate::incremental::page_hashes::TierHashes;
use crate::paths::{SEARCH_INDEX, SEARCH_SHARDS, search_shard};
use crate::site::alphabet::{looked_up, sort_key};
use crate::site::tier_site::TierSite;
use crate::store::staging::Staging;

/// What the script reads first.
#[derive(Serialize)]
struct Index<'a> {
    /// Titles of kinds, by number.
    kinds: Vec<&'a str>,
    /// The same in English.
    kinds_en: Vec<&'a str>,
    /// Names of all files, sorted.
    shards: Vec<&'a str>,
}

/// Writes them, or links those of the last release if all that can be found is what it was; puts into `hashes` what that is.
pub(crate) fn write(site: &TierSite<'_>, staging: &Staging, hashes: &mut TierHashes) -> Result<(), Error> {
    hashes.found = hashes_of(site)?;
    let same = site.last_pages().filter(|(_, known)| known.found == hashes.found && known.has_addresses_of(hashes));
    if let Some((last, _)) = same
        && last.link(staging, site.tier, SEARCH_INDEX)?.is_some()
    {
        return last.link_below(staging, site.tier, SEARCH_SHARDS).map(drop);
    }
    let virs = site.entities()?;
    let (kinds, mut hits) = collect(site, virs)?;
    hits.sort_by_cached_key(|hit| (hit.kind, sort_key(looked_up(&hit.name))));
    let found = hits.par_iter().map(|hit| hit.print(virs)).collect::<Result<Vec<Printed>, Error>>()?;
    let shards = split(&found);
    let index = Index {
        kinds: kinds.iter().map(|kind| kind.lt.as_str()).collect(),
        kinds_en: kinds.iter().map(|kind| kind.en.as_str()).collect(),
        shards: shards.iter().map(|shard| shard.name.as_str()).collect(),
    };
    let index = serde_json::to_vec(&index).map_err(|error| Error::Search { reason: error.to_string() })?;
    staging.write_bytes(site.tier, SEARCH_INDEX, &index)?;
    let last = site.last_pages().map(|(last, _)| last);
    let write = |shard: &Shard| {
        let (path, text) = (search_shard(&shard.name), shard.print(&found));
        match last {
            Some(last) => last.link_or_write(staging, site.tier, &path, text.as_bytes()),
            None => staging.write_bytes(site.tier, &path, text.as_bytes()),
        }
    };
    shards.par_iter().try_for_each(|shard| write(shard).map(drop))
}

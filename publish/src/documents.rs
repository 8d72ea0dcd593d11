//! Documents that rows name: exactly those lie in a release, in each tier that sees the names, byte for byte as they were handed in.

use std::collections::BTreeSet;

use catalog::{PUBLISHED_FILE, Tier, published_files, published_path};

use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::incremental::tier_table::TierTable;
use crate::store::manifest::sha256;
use crate::store::staging::Staging;

/// Gives the documents that rows name, by their SHA-256.
pub type Documents<'a> = dyn Fn(&str) -> Option<Vec<u8>> + 'a;

/// Writes them, or links them from the last release; gives how many there are.
pub(crate) fn write(
    staging: &Staging,
    tiers: &[Tier],
    tables: &[TierTable<'_>],
    last: Option<&LastRelease>,
    documents: &Documents<'_>,
) -> Result<usize, Error> {
    let mut count = 0;
    for &tier in tiers {
        let mut named = BTreeSet::new();
        for table in tables.iter().filter(|table| table.tier == tier && table.has_text(PUBLISHED_FILE)) {
            for texts in table.texts(PUBLISHED_FILE)? {
                let cells = texts.iter().flatten().filter(|cell| !cell.is_empty());
                cells.flat_map(|cell| published_files(cell).unwrap_or_default()).for_each(|file| {
                    named.insert(file.to_owned());
                });
            }
        }
        count += named.len();
        for file in named {
            let path = published_path(&file);
            let same = last.and_then(|last| last.entry(tier, &path)).is_some_and(|entry| entry.sha256 == file);
            if let Some(last) = last.filter(|_| same)
                && last.link(staging, tier, &path)?.is_some()
            {
                continue;
            }
            // Its name says what was looked through.
            let bytes = documents(&file).filter(|bytes| sha256(bytes) == file).ok_or_else(|| Error::Document { path: path.clone() })?;
            staging.write_bytes(tier, &path, &bytes)?;
        }
    }
    Ok(count)
}

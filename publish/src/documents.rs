//! Documents that rows name: exactly those lie in a release, in each tier that sees the names, byte for byte as they were handed in.

use std::collections::BTreeSet;

use catalog::{PUBLISHED_FILE, Tier, published_files, published_path};

use crate::release::Documents;
use crate::seen::Seen;
use crate::store::{Staging, sha256};
use crate::{Earlier, Error};

/// Writes them, or takes them over from the earlier release; says how many there are.
pub(crate) fn write(staging: &Staging, seen: &[Seen<'_>], earlier: Option<&Earlier>, documents: &Documents<'_>) -> Result<usize, Error> {
    let mut count = 0;
    for tier in Tier::ALL {
        let mut named = BTreeSet::new();
        for table in seen.iter().filter(|table| table.tier == tier && table.has_text(PUBLISHED_FILE)) {
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
            let same = earlier.and_then(|earlier| earlier.entry(tier, &path)).is_some_and(|entry| entry.sha256 == file);
            if let Some(earlier) = earlier.filter(|_| same)
                && earlier.link(staging, tier, &path)?.is_some()
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

//! No page leads nowhere: every link to a file of the release has that file, and every fragment the place in it. A release with a dead link is not
//! published.
//!
//! Links that the last release had were followed when it was made. As long as nothing is gone that they may lead to, only pages that are others are
//! read.

mod before;
mod page;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use catalog::Tier;
use rayon::prelude::*;

use self::before::Before;
use self::page::{Found, Known, Links, dead, ids, is_news};
use crate::error::Error;
use crate::incremental::checked_links::{CheckedLinks, LedTo};
use crate::incremental::last_release::LastRelease;
use crate::store::entries::FileEntry;
use crate::store::staging::Staging;

const PAGE: &str = ".html";

/// How many pages are read one after another.
const TOGETHER: usize = 128;

/// Follows the links on every page of these tiers, and of the portal's root, that `last` has not; refuses the first dead link, by page. `site` is the path
/// of the portal's web address, with a slash at its end. What operators write in the news does not hold up data: there a dead link is only told. Gives
/// what the next night must know.
///
/// # Errors
/// [`Error::DeadLink`]; [`Error::Io`].
pub(crate) fn check(
    staging: &Staging,
    tiers: &[Tier],
    site: &str,
    last: Option<&LastRelease>,
    salt: &[u8; 32],
) -> Result<CheckedLinks, Error> {
    let mut checked = CheckedLinks { site: site.to_owned(), ..CheckedLinks::default() };
    for internal in [false, true] {
        if tiers.iter().any(|tier| (*tier == Tier::Internal) == internal) {
            let before = last.and_then(|last| Before::of(last, internal, site));
            checked.led_to[usize::from(internal)] = Some(check_side(staging, internal, site, before, salt)?);
        }
    }
    Ok(checked)
}

/// Follows the links of one side; gives where they lead.
fn check_side(staging: &Staging, internal: bool, site: &str, before: Option<Before<'_>>, salt: &[u8; 32]) -> Result<LedTo, Error> {
    let (folder, entries) = (staging.folder(internal), staging.entries(internal));
    let before = match before {
        Some(before) if !before.is_missed((folder, &entries), salt, read)? => Some(before),
        _ => None,
    };
    let is_read = |entry: &&FileEntry| {
        let is_known = before.as_ref().is_some_and(|before| before.has(entry));
        entry.path.ends_with(PAGE) && (!is_known || is_news(&entry.path))
    };
    // In the order of their paths, so that most pages read one after another lie in one folder and have most of their links in common.
    let pages: Vec<&str> = entries.iter().filter(is_read).map(|entry| entry.path.as_str()).collect();
    let links = Links::of(&entries, site);
    let found = pages
        .par_chunks(TOGETHER)
        .map(|pages| {
            let (mut known, mut found) = (Known::default(), Found::default());
            for &page in pages {
                links.follow((page, &read(folder, page)?), &mut known, &mut found)?;
            }
            Ok(found)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    // Links to places are gathered, so that each page that others lead into is read for them once.
    let mut led_to = before.map(|before| before.led_to.clone()).unwrap_or_default();
    let mut by_target: HashMap<String, HashMap<String, String>> = HashMap::new();
    for found in found {
        found.folders.iter().for_each(|folder| led_to.note_folder(folder, salt));
        for ((target, fragment), page) in found.places {
            by_target.entry(target).or_default().entry(fragment).or_insert(page);
        }
    }
    by_target.keys().for_each(|target| led_to.note_file(target, salt));
    by_target.into_par_iter().try_for_each(|(target, fragments)| {
        let html = read(folder, &target)?;
        let ids = ids(&html);
        let missing = fragments.iter().find(|(fragment, _)| !ids.contains(fragment.as_str()));
        missing.map_or(Ok(()), |(fragment, page)| Err(dead(page, &format!("{target}#{fragment}"))))
    })?;
    Ok(led_to)
}

fn read(folder: &Path, path: &str) -> Result<String, Error> {
    let full = folder.join(path);
    fs::read_to_string(&full).map_err(Error::io("read", &full))
}

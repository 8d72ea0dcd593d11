//! Removing old releases from the store, once nobody is led to them.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::index;
use crate::release::{POINTERS, RELEASES, sequence, turn};
use crate::target::Target;

/// A reader who was led to a release a moment ago still reads it: the newest and the one before stay, whatever is asked for.
const LEAST: usize = 2;

/// Removes all but the newest `keep` releases and those of these names; gives the names of those removed.
///
/// # Errors
/// [`Error::Store`]; what is left is removed next time.
pub(crate) async fn remove_old(to: &Target, keep: usize, led_to: &[&str]) -> Result<Vec<String>, Error> {
    let is_release = |name: &String| sequence(name).is_some();
    let mut names: Vec<String> = to.folders(RELEASES).await?.into_iter().filter(is_release).collect();
    names.sort_by_key(|name| std::cmp::Reverse(sequence(name)));
    let kept: BTreeSet<String> = names.iter().take(keep.max(LEAST)).cloned().chain(led_to.iter().map(|name| (*name).to_owned())).collect();
    // What is left of releases whose removal was cut short counts as well.
    let mut all: BTreeSet<String> = names.into_iter().collect();
    all.extend(index::indexed(to).await?);
    all.extend(to.folders(POINTERS).await?.into_iter().filter(is_release));
    let old: Vec<String> = all.difference(&kept).cloned().collect();
    for name in &old {
        remove(to, name).await?;
    }
    Ok(old)
}

/// Removes a release: its manifests first, so that what is left of it is no release, and its index last.
async fn remove(to: &Target, name: &str) -> Result<(), Error> {
    let mut paths: Vec<String> = to.list(&format!("{RELEASES}/{name}")).await?.into_keys().collect();
    paths.sort_by_key(|path| std::cmp::Reverse(turn(path)));
    let mut addresses: Vec<String> = paths.into_iter().map(|path| format!("{RELEASES}/{name}/{path}")).collect();
    let pointers = format!("{POINTERS}/{name}");
    addresses.extend(to.list(&pointers).await?.into_keys().map(|path| format!("{pointers}/{path}")));
    to.remove(&addresses).await?;
    to.remove(&[index::address(name)]).await
}

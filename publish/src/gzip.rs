//! Packed twins of texts (`index.html.gz` beside `index.html`), which web servers send as they are to whoever takes them
//! (nginx `gzip_static on`, Caddy `precompressed gzip`). The same text always gives the same bytes.

use std::fs::File;
use std::io;

use catalog::Tier;
use flate2::{Compression, GzBuilder};
use rayon::prelude::*;

use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::paths::{TWIN, path_in_release};
use crate::store::entries::{FileEntry, ReleaseInfo};
use crate::store::staging::Staging;

/// Files that become much smaller.
const TEXTS: [&str; 12] = ["atom", "css", "csv", "html", "ics", "js", "json", "jsonl", "jsonld", "svg", "ttl", "xml"];
/// Below this a twin saves nobody anything: one packet holds either.
const LEAST: u64 = 1_400;
/// The slower levels save a few per cent.
const LEVEL: Compression = Compression::new(6);
/// Of a system that is not said (RFC 1952), so that every machine gives the same bytes.
const NO_SYSTEM: u8 = 255;

/// Writes the twins of everything staged for the portal, if that is wanted; those of files that did not change are linked from the last release.
pub(crate) fn write(staging: &Staging, last: Option<&LastRelease>, release: &ReleaseInfo) -> Result<(), Error> {
    if !release.publication.as_ref().is_some_and(|publication| publication.gzip) {
        return Ok(());
    }
    let texts: Vec<FileEntry> = staging.entries_of(false, is_text);
    // Of two tiers that have the same file at the same place, the first packs it.
    let (firsts, seconds): (Vec<_>, Vec<_>) = texts.iter().partition(|file| first_of(&texts, file).is_none());
    firsts.par_iter().with_max_len(1).try_for_each(|file| pack(staging, last, file))?;
    seconds.iter().try_for_each(|file| match first_of(&texts, file) {
        Some(first) => staging.share_twin(first, file, TWIN),
        None => Ok(()),
    })
}

fn is_text(file: &FileEntry) -> bool {
    let extension = file.path.rsplit_once('.').map(|(_, extension)| extension);
    file.bytes >= LEAST && extension.is_some_and(|extension| TEXTS.contains(&extension))
}

/// The file of the other tier that comes first and is the same.
fn first_of<'a>(sorted: &'a [FileEntry], file: &FileEntry) -> Option<&'a FileEntry> {
    let path = file.path.strip_prefix(&path_in_release(Tier::Public, "")).filter(|_| file.tier == Some(Tier::Public))?;
    let place = sorted.binary_search_by(|other| other.path.as_str().cmp(&path_in_release(Tier::Open, path))).ok()?;
    Some(&sorted[place]).filter(|other| other.sha256 == file.sha256)
}

fn pack(staging: &Staging, last: Option<&LastRelease>, file: &FileEntry) -> Result<(), Error> {
    if let (Some(tier), Some(last)) = (file.tier, last) {
        let path = &file.path[path_in_release(tier, "").len()..];
        let is_same = last.entry(tier, path).is_some_and(|known| known.sha256 == file.sha256);
        if is_same && last.link(staging, tier, &format!("{path}{TWIN}"))?.is_some() {
            return Ok(());
        }
    }
    let full = staging.folder(false).join(&file.path);
    staging.write_beside(file, TWIN, |out| {
        let mut packed = GzBuilder::new().operating_system(NO_SYSTEM).write(out, LEVEL);
        let mut text = File::open(&full).map_err(Error::io("read", &full))?;
        io::copy(&mut text, &mut packed).and_then(|_| packed.finish()).map(drop).map_err(Error::io("pack", &full))
    })
}

//! Guides as PDF files, for those who print them or read them without a network: the text of each page, part by part, with the same pictures.
//!
//! A guide says no day, so its file stays the same from release to release.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use catalog::{Block, Guide, Guides, Inline, Tier};
use document::{Article, Picture};
use rayon::prelude::*;

use super::tier_site::TierSite;
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::paths::{START, guide_file, path_in_release};
use crate::store::staging::{Staging, Written};

/// Before the address of the page of a guide.
const NEWEST: &str = "Naujausias šio vadovo tekstas: ";

/// Where a guide lies as a file to print.
pub(super) fn path(guide: &Guide) -> String {
    guide_file(&format!("{}.pdf", guide.name))
}

/// What the files show beside the guides themselves.
pub(super) fn told(site: &TierSite<'_>) -> String {
    format!("{:?} {:?}", site.context.notice, address(site, START))
}

/// Writes a file for each guide, or takes them over from a release that had the same; what was written, in the order of the guides.
pub(super) fn write(site: &TierSite<'_>, staging: &Staging, same: Option<&LastRelease>) -> Result<Vec<Written>, Error> {
    let guides = site.catalog.guides();
    if let Some(last) = same.filter(|last| guides.all.iter().all(|guide| last.entry(site.tier, &path(guide)).is_some())) {
        let linked = guides.all.iter().map(|guide| last.link(staging, site.tier, &path(guide)));
        return linked.filter_map(Result::transpose).collect();
    }
    let pictures = pictures(guides)?;
    let write = |guide: &Guide| staging.write_bytes(site.tier, &path(guide), &article(site, guide, &pictures).to_pdf());
    guides.all.par_iter().with_max_len(1).map(write).collect()
}

/// Each picture once, by its name.
fn pictures(guides: &Guides) -> Result<BTreeMap<&str, Arc<Picture>>, Error> {
    let read = |(name, path): (_, PathBuf)| {
        let file = fs::read(&path).map_err(Error::io("read", &path))?;
        let picture = Picture::of_png(&file).map_err(|reason| Error::Picture { path: path.clone(), reason: reason.to_string() })?;
        Ok((name, Arc::new(picture)))
    };
    guides.pictures().into_iter().map(read).collect()
}

fn article(site: &TierSite<'_>, guide: &Guide, pictures: &BTreeMap<&str, Arc<Picture>>) -> Article {
    let page = address(site, &guide_file(&format!("{}.html", guide.name)));
    let closing = page.map(|page| {
        vec![document::Inline::plain(NEWEST), document::Inline { text: page.clone(), link: Some(page), ..document::Inline::default() }]
    });
    Article {
        title: guide.page.title().to_owned(),
        lead: guide.about.clone(),
        blocks: guide.page.blocks().iter().filter_map(|block| printed(site, block, pictures)).collect(),
        closing: closing.unwrap_or_default(),
        notice: site.context.notice.unwrap_or_default().to_owned(),
    }
}

fn printed(site: &TierSite<'_>, block: &Block, pictures: &BTreeMap<&str, Arc<Picture>>) -> Option<document::Block> {
    let all = |blocks: &Vec<Block>| blocks.iter().filter_map(|block| printed(site, block, pictures)).collect();
    Some(match block {
        Block::Heading { level, text } => document::Block::Heading { level: *level, text: text.clone() },
        Block::Paragraph(inlines) => document::Block::Paragraph(inlines.iter().map(|inline| printed_inline(site, inline)).collect()),
        Block::List { first, items } => document::Block::List { first: *first, items: items.iter().map(all).collect() },
        Block::Picture { name, alternative } => {
            document::Block::Picture { picture: pictures.get(name.as_str())?.clone(), alternative: alternative.clone() }
        }
    })
}

fn printed_inline(site: &TierSite<'_>, inline: &Inline) -> document::Inline {
    let Inline { text, strong, code, link } = inline;
    let link = link.as_deref().and_then(|link| leads(link, |path| address(site, path)));
    document::Inline { text: text.clone(), strong: *strong, code: *code, link }
}

/// Where on the web a link of a guide leads, if that is known; a file that was saved lies beside no other page. A place in the guide itself is in
/// the reader's hands.
fn leads(link: &str, address: impl Fn(&str) -> Option<String>) -> Option<String> {
    if link.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':')) {
        return Some(link.to_owned());
    }
    let (path, place) = link.split_at(link.find(['#', '?']).unwrap_or(link.len()));
    if path.is_empty() {
        return None;
    }
    let folder = guide_file("");
    let mut parts: Vec<&str> = folder.split_terminator('/').collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    address(&parts.join("/")).map(|address| address + place)
}

/// The web address of a file of the tier.
fn address(site: &TierSite<'_>, path: &str) -> Option<String> {
    site.context.release.publication.as_ref()?.address_of(&path_in_release(site.tier, path))
}

/// Whether the tier has guides.
pub(super) fn are_there(site: &TierSite<'_>) -> bool {
    site.tier == Tier::Public && !site.catalog.guides().all.is_empty()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use catalog::Catalog;

    use super::super::context::SiteContext;
    use super::super::templates::templates;
    use super::*;
    use crate::incremental::page_hashes::PageHashes;
    use crate::store::entries::{FileEntry, sha256};
    use crate::store::sides::Store;
    use crate::{Publication, ReleaseInfo, sample};

    /// What a site says of its guides.
    fn with<T>(catalog: &Catalog, url: Option<&str>, notice: Option<&str>, ask: impl FnOnce(&TierSite<'_>) -> T) -> T {
        let publication = Publication { url: url.map(str::to_owned), ..Publication::default() };
        let info = ReleaseInfo { publication: Some(publication), ..sample::info() };
        let context = SiteContext { notice, ..sample::context(&info) };
        let templates = templates().unwrap();
        ask(&TierSite::new(Tier::Public, catalog, (&[], None), None, &context, &templates))
    }

    fn own() -> Catalog {
        Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
    }

    #[test]
    fn files_of_a_release_that_had_the_same_guides_are_taken_over_and_not_made_again() {
        let (catalog, folder) = (own(), tempfile::tempdir().unwrap());
        let stage = |name: &str| {
            let [portal, internal] = ["portal", "internal"].map(|side| folder.path().join(name).join(side));
            Store::open(&portal, &internal).unwrap().stage().unwrap()
        };
        let guides = &catalog.guides().all;
        with(&catalog, None, None, |site| {
            let staging = stage("made");
            let made = write(site, &staging, None).unwrap();
            assert!(made.len() == guides.len() && made.iter().all(|file| (50_000..1_500_000).contains(&file.bytes)), "{made:?}");

            // A release whose files are others tells which of them are read.
            let root = folder.path().join("last");
            fs::create_dir_all(root.join("public/vadovai")).unwrap();
            let entry = |guide: &Guide| {
                let (path, text) = (path_in_release(Tier::Public, &path(guide)), format!("failas {}", guide.name));
                fs::write(root.join(&path), &text).unwrap();
                let (sha256, bytes) = (sha256(text.as_bytes()), text.len() as u64);
                FileEntry { path, tier: Some(Tier::Public), sha256, bytes, rows: None, table: None, schema_sha256: None }
            };
            let mut files: Vec<FileEntry> = guides.iter().map(entry).collect();
            let last = |files: &[FileEntry]| LastRelease::one_side(&root, false, files, 1, PageHashes::default());
            let staging = stage("linked");
            write(site, &staging, Some(&last(&files))).unwrap();
            for guide in guides {
                let linked = staging.beginning(Tier::Public, &path(guide), 100).unwrap();
                assert_eq!(String::from_utf8(linked).unwrap(), format!("failas {}", guide.name));
            }
            files.pop();
            let again = write(site, &stage("again"), Some(&last(&files))).unwrap();
            assert_eq!(again, made, "one is missing there, so all are made");
        });
    }

    #[test]
    fn another_notice_or_another_address_makes_other_files() {
        let catalog = own();
        let told = |url, notice| with(&catalog, url, notice, told);
        let all =
            [told(None, None), told(Some("https://a.lt"), None), told(Some("https://b.lt"), None), told(None, Some("Mokomoji aplinka"))];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn a_link_leads_from_the_folder_of_the_guides_to_the_web_or_nowhere() {
        let on_the_web = |path: &str| Some(format!("https://a.lt/public/{path}"));
        for (link, address) in [
            ("zodynelis.html", "https://a.lt/public/vadovai/zodynelis.html"),
            ("../pagalba.html#b", "https://a.lt/public/pagalba.html#b"),
            ("../virs/", "https://a.lt/public/virs/"),
            ("https://b.lt/c?d", "https://b.lt/c?d"),
            ("mailto:a@b.lt", "mailto:a@b.lt"),
        ] {
            assert_eq!(leads(link, on_the_web).as_deref(), Some(address), "{link}");
        }
        assert_eq!(leads("zodynelis.html", |_| None), None);
        assert_eq!(leads("#dalis-2", on_the_web), None);
    }
}

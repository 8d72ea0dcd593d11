//! The site map of a tier of the portal (sitemaps.org): every page that search engines may show.

use std::collections::HashSet;

use catalog::Tier;
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::paths::{SITEMAP, START, path_in_release};
use crate::publication::Publication;
use crate::store::entries::ReleaseInfo;
use crate::store::staging::Staging;

/// Addresses in one file.
const MOST: usize = 50_000;
/// In the head of a page that search engines may not show.
const NOINDEX: &[u8] = b"<meta name=\"robots\" content=\"noindex";
/// Where a page says so, at the latest.
const HEAD: u64 = 1024;
const XMLNS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Writes it, once all pages of the tier are staged; nothing where the portal's address is not known. `last` is a release of the same publisher, whose
/// site map says of pages that are the same whether they may be shown.
pub(crate) fn write(staging: &Staging, tier: Tier, last: Option<&LastRelease>, release: &ReleaseInfo) -> Result<(), Error> {
    let Some(publication) = release.publication.as_ref().filter(|publication| tier != Tier::Internal && publication.url.is_some()) else {
        return Ok(());
    };
    let texts = last.map(|last| before(last, tier)).transpose()?;
    let known = texts.as_ref().filter(|texts| !texts.is_empty()).map(|texts| texts.iter().flat_map(|text| addresses(text)).collect());
    let known: Option<HashSet<&str>> = known;
    let is_shown = |(path, sha256): &(String, String)| {
        let same = last.and_then(|last| last.entry(tier, path)).is_some_and(|entry| entry.sha256 == *sha256);
        let address = publication.address_of(&path_in_release(tier, path));
        match known.as_ref().filter(|_| same).zip(address) {
            Some((known, address)) => Ok(known.contains(address.as_str())),
            None => Ok(!staging.beginning(tier, path, HEAD)?.windows(NOINDEX.len()).any(|part| part == NOINDEX)),
        }
    };
    let pages = staging.pages(tier);
    let shown = pages.par_iter().map(is_shown).collect::<Result<Vec<bool>, Error>>()?;
    let shown: Vec<&str> = pages.iter().zip(shown).filter_map(|((path, _), shown)| shown.then_some(path.as_str())).collect();
    for (path, text) in files(tier, &shown, MOST, publication, release.date) {
        staging.write_bytes(tier, &path, text.as_bytes())?;
    }
    Ok(())
}

/// The site map of an earlier release: one file, or an index and several.
fn before(last: &LastRelease, tier: Tier) -> Result<Vec<String>, Error> {
    let mut texts = Vec::new();
    for path in std::iter::once(SITEMAP.to_owned()).chain((1..).map(part_path)) {
        let Some(bytes) = last.bytes(tier, &path)? else { break };
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(texts)
}

/// All addresses in a file.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split("<loc>").skip(1).filter_map(|rest| Some(rest.split_once("</loc>")?.0))
}

/// One of several files.
fn part_path(number: usize) -> String {
    format!("sitemap-{number}.xml")
}

/// One file, or several and an index of them.
fn files(tier: Tier, pages: &[&str], most: usize, publication: &Publication, date: NaiveDate) -> Vec<(String, String)> {
    // Only the start page says the day of the release, and so changes with it.
    let changed = |path: &str| (path == START).then_some(date);
    let list = |kind: (&str, &str), paths: &mut dyn Iterator<Item = &str>| {
        let (set, one) = kind;
        let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{set} xmlns=\"{XMLNS}\">\n");
        for (path, address) in paths.filter_map(|path| Some((path, publication.address_of(&path_in_release(tier, path))?))) {
            let day = changed(path).map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
            text.push_str(&format!("<{one}><loc>{address}</loc>{day}</{one}>\n"));
        }
        text + &format!("</{set}>\n")
    };
    let part = |pages: &[&str]| list(("urlset", "url"), &mut pages.iter().copied());
    if pages.len() <= most {
        return vec![(SITEMAP.to_owned(), part(pages))];
    }
    let mut parts: Vec<(String, String)> =
        pages.chunks(most).enumerate().map(|(place, pages)| (part_path(place + 1), part(pages))).collect();
    let index = list(("sitemapindex", "sitemap"), &mut parts.iter().map(|(path, _)| path.as_str()));
    parts.push((SITEMAP.to_owned(), index));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incremental::page_hashes::PageHashes;
    use crate::sample;
    use crate::store::sides::Store;

    #[test]
    fn too_many_addresses_for_one_file_are_in_several_and_an_index_of_them() {
        let publication = Publication { url: Some("https://pavyzdys.lt".to_owned()), ..Publication::default() };
        let pages = ["a.html", "index.html", "virs/1.html"];
        let of = |most| files(Tier::Open, &pages, most, &publication, NaiveDate::from_ymd_opt(2026, 10, 31).unwrap());
        let whole = of(3);
        assert_eq!(whole.len(), 1);
        assert_eq!(whole[0].1.matches("<loc>https://pavyzdys.lt/open/").count(), 3);
        assert!(whole[0].1.contains("<url><loc>https://pavyzdys.lt/open/index.html</loc><lastmod>2026-10-31</lastmod></url>\n"));
        assert_eq!(whole[0].1.matches("<lastmod>").count(), 1);
        let parted = of(2);
        let paths: Vec<&str> = parted.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
        assert!(parted[2].1.contains("<sitemap><loc>https://pavyzdys.lt/open/sitemap-2.xml</loc></sitemap>"));
        assert_eq!(parted.iter().map(|(_, text)| text.matches("<url>").count()).sum::<usize>(), 3);
    }

    #[test]
    fn of_pages_that_are_the_same_the_last_site_map_says_whether_they_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("portal"), &folder.path().join("internal")).unwrap();
        let publication = Publication { url: Some("https://pavyzdys.lt".to_owned()), ..Publication::default() };
        let release = ReleaseInfo { publication: Some(publication), ..sample::info() };
        let hidden = format!("<meta name=\"viewport\">{}\">", String::from_utf8_lossy(NOINDEX));
        let shown = |name: &str, pages: &[(&str, &str)], last: Option<&Staging>| {
            let staging = Staging::create(store.clone(), name, None).unwrap();
            pages.iter().for_each(|(path, text)| drop(staging.write_bytes(Tier::Open, path, text.as_bytes()).unwrap()));
            let last = last.map(|last| LastRelease::one_side(last.folder(false), false, &last.entries(false), 1, PageHashes::default()));
            write(&staging, Tier::Open, last.as_ref(), &release).unwrap();
            let text = String::from_utf8(staging.beginning(Tier::Open, SITEMAP, 10_000).unwrap()).unwrap();
            let shown: Vec<String> = addresses(&text).map(|address| address.replace("https://pavyzdys.lt/open/", "")).collect();
            (staging, shown)
        };
        let first = [("a.html", ""), ("b.html", hidden.as_str()), ("c.html", ""), ("d.html", hidden.as_str())];
        let (staged, listed) = shown("1", &first, None);
        assert_eq!(listed, ["a.html", "c.html"]);
        let second = [("a.html", hidden.as_str()), ("b.html", " "), first[2], first[3], ("e.html", "")];
        assert_eq!(shown("2", &second, Some(&staged)).1, ["b.html", "c.html", "e.html"]);
        // Nobody reads what is the same.
        std::fs::write(staged.folder(false).join("open/sitemap.xml"), "<loc>https://pavyzdys.lt/open/d.html</loc>").unwrap();
        assert_eq!(shown("3", &second, Some(&staged)).1, ["b.html", "d.html", "e.html"]);
    }
}

//! The site map of a tier of the portal (sitemaps.org): every page that search engines may show.

use catalog::Tier;
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::error::Error;
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

/// Writes it, once all pages of the tier are staged; nothing where the portal's address is not known.
pub(crate) fn write(staging: &Staging, tier: Tier, release: &ReleaseInfo) -> Result<(), Error> {
    let Some(publication) = release.publication.as_ref().filter(|publication| tier != Tier::Internal && publication.url.is_some()) else {
        return Ok(());
    };
    let is_shown = |path: &String| Ok(!staging.beginning(tier, path, HEAD)?.windows(NOINDEX.len()).any(|part| part == NOINDEX));
    let pages = staging.pages(tier);
    let shown = pages.par_iter().map(is_shown).collect::<Result<Vec<bool>, Error>>()?;
    let shown: Vec<&str> = pages.iter().zip(shown).filter_map(|(path, shown)| shown.then_some(path.as_str())).collect();
    for (path, text) in files(tier, &shown, MOST, publication, release.date) {
        staging.write_bytes(tier, &path, text.as_bytes())?;
    }
    Ok(())
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
        pages.chunks(most).enumerate().map(|(place, pages)| (format!("sitemap-{}.xml", place + 1), part(pages))).collect();
    let index = list(("sitemapindex", "sitemap"), &mut parts.iter().map(|(path, _)| path.as_str()));
    parts.push((SITEMAP.to_owned(), index));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

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
}

//! No page leads nowhere: every link to a file of the release has that file, and every fragment the place in it. A release with a dead link is not
//! published.

use std::collections::{HashMap, HashSet};
use std::fs;

use catalog::Tier;
use memchr::memmem::Finder;
use memchr::memrchr2;
use rayon::prelude::*;

use crate::error::Error;
use crate::site::news;
use crate::store::entries::{FileEntry, MANIFEST};
use crate::store::staging::Staging;

/// How addresses begin in the pages of this portal, which are all printed by its own templates.
const ATTRIBUTES: [&str; 5] = [" href=\"", " src=\"", " action=\"", " data-csv=\"", " data-twin=\""];
const PAGE: &str = ".html";
/// What a folder's address shows.
const INDEX: &str = "index.html";

/// How many pages are read one after another.
const TOGETHER: usize = 128;

/// A place in a page that other pages lead to: page and fragment.
type Place = (String, String);

/// Reads every page of these tiers, and of the portal's root; refuses the first dead link, by page. `site` is the path of the portal's web address, with a
/// slash at its end. What operators write in the news does not hold up data: there a dead link is only told.
///
/// # Errors
/// [`Error::DeadLink`]; [`Error::Io`].
pub(crate) fn check(staging: &Staging, tiers: &[Tier], site: &str) -> Result<(), Error> {
    let has = |internal: bool| tiers.iter().any(|tier| (*tier == Tier::Internal) == internal);
    [false, true].into_iter().filter(|internal| has(*internal)).try_for_each(|internal| check_side(staging, internal, site))
}

fn check_side(staging: &Staging, internal: bool, site: &str) -> Result<(), Error> {
    let entries = staging.entries(internal);
    let files: HashMap<&str, &FileEntry> = entries.iter().map(|entry| (entry.path.as_str(), entry)).collect();
    let read = |path: &str| {
        let full = staging.folder(internal).join(path);
        fs::read_to_string(&full).map_err(Error::io("read", &full))
    };
    // In the order of their paths, so that most pages read one after another lie in one folder and have most of their links in common.
    let pages: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).filter(|path| path.ends_with(PAGE)).collect();
    let begins = ATTRIBUTES.map(Finder::new);
    let places = pages
        .par_chunks(TOGETHER)
        .map(|pages| {
            let (mut known, mut places) = (Known::default(), HashMap::new());
            for &page in pages {
                let html = read(page)?;
                check_page((page, &html), &files, (&begins, site), &mut known, &mut places)?;
            }
            Ok(places)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    // Links to places are gathered, so that each page that others lead into is read for them once.
    let mut by_target: HashMap<String, HashMap<String, String>> = HashMap::new();
    for ((target, fragment), page) in places.into_iter().flatten() {
        by_target.entry(target).or_default().entry(fragment).or_insert(page);
    }
    by_target.into_par_iter().try_for_each(|(target, fragments)| {
        let html = read(&target)?;
        let ids = ids(&html);
        let missing = fragments.iter().find(|(fragment, _)| !ids.contains(fragment.as_str()));
        missing.map_or(Ok(()), |(fragment, page)| Err(dead(page, &format!("{target}#{fragment}"))))
    })
}

/// What is known of the links on the pages of one folder.
#[derive(Default)]
struct Known {
    folder: String,
    links: HashSet<String>,
}

/// Looks at every link of a page, but for what others of its folder had, too. Places in other pages are noted, with this page.
fn check_page(
    (page, html): (&str, &str),
    files: &HashMap<&str, &FileEntry>,
    (begins, site): (&[Finder<'_>], &str),
    known: &mut Known,
    places: &mut HashMap<Place, String>,
) -> Result<(), Error> {
    let (folder, is_news) = (page.rsplit_once('/').map_or("", |(folder, _)| folder), page.rsplit('/').next() == Some(news::PATH));
    if known.folder != folder {
        *known = Known { folder: folder.to_owned(), links: HashSet::new() };
    }
    let mut own_ids: Option<HashSet<&str>> = None;
    for link in begins.iter().flat_map(|begin| values(html, begin)) {
        let is_own = link.is_empty() || link.starts_with(['#', '?']);
        if !is_own && known.links.contains(link) {
            continue;
        }
        if let Some((target, fragment)) = resolved(page, link, site) {
            let is_there = files.contains_key(target.as_str()) || written_by_the_commit(&target);
            if !is_there && is_news {
                tracing::warn!(page, link, "a link in the news leads nowhere; correct it under data/content");
                continue;
            }
            if !is_there {
                return Err(dead(page, link));
            }
            if let Some(fragment) = fragment.filter(|_| !is_news) {
                let is_dead = target == page && !own_ids.get_or_insert_with(|| ids(html)).contains(fragment);
                if is_dead {
                    return Err(dead(page, link));
                }
                if target != page {
                    places.entry((target, fragment.to_owned())).or_insert_with(|| page.to_owned());
                }
            }
        }
        // Of the news, whose places nobody looks at, nothing is known for other pages.
        if !is_own && !is_news {
            known.links.insert(link.to_owned());
        }
    }
    Ok(())
}

fn ids(html: &str) -> HashSet<&str> {
    let begin = Finder::new(" id=\"");
    values(html, &begin).collect()
}

/// Manifests are written once everything else is.
fn written_by_the_commit(path: &str) -> bool {
    path.rsplit('/').next() == Some(MANIFEST)
}

fn dead(page: &str, link: &str) -> Error {
    Error::DeadLink { page: page.to_owned(), link: link.to_owned() }
}

/// What stands between each beginning and the quote that ends it, inside of tags: text may say the same, but its angle brackets are escaped.
fn values<'a, 'b>(html: &'a str, begin: &'b Finder<'b>) -> impl Iterator<Item = &'a str> + use<'a, 'b> {
    let (length, bytes) = (begin.needle().len(), html.as_bytes());
    let is_in_tag = move |place: &usize| memrchr2(b'<', b'>', &bytes[..*place]).is_some_and(|bracket| bytes[bracket] == b'<');
    begin.find_iter(bytes).filter(is_in_tag).filter_map(move |place| html[place + length..].split('"').next())
}

/// The file of the release that a link on a page leads to, and the place in it; none where it leads elsewhere.
fn resolved<'a>(page: &str, link: &'a str, site: &str) -> Option<(String, Option<&'a str>)> {
    let has_scheme = link.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if has_scheme || link.starts_with("//") {
        return None;
    }
    let (path, fragment) = link.split_once('#').map_or((link, None), |(path, fragment)| (path, Some(fragment)));
    // What holds an equals sign is read by the page's script.
    let fragment = fragment.filter(|fragment| !fragment.is_empty() && !fragment.contains('='));
    let path = path.split('?').next().unwrap_or(path);
    if path.is_empty() {
        return Some((page.to_owned(), fragment));
    }
    // From the root of the host, what lies outside the portal is somebody else's.
    let (path, mut parts): (&str, Vec<&str>) = match path.starts_with('/') {
        true => (path.strip_prefix(site)?, Vec::new()),
        false => (path, page.split('/').collect()),
    };
    parts.pop();
    for part in path.split('/') {
        match part {
            // Above the release there is nothing; the path that comes of it is no file's.
            ".." if parts.pop().is_none() => parts.push(".."),
            ".." | "." => {}
            part => parts.push(part),
        }
    }
    if parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
        parts.push(INDEX);
    }
    Some((parts.join("/"), fragment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sides::Store;

    #[test]
    fn a_link_leads_from_the_folder_of_its_page() {
        let from =
            |link| resolved("public/virs/304.html", link, "/b/").map(|(path, fragment)| (path, fragment.unwrap_or_default().to_owned()));
        for (link, path, fragment) in [
            ("305.html", "public/virs/305.html", ""),
            ("../index.html#duomenys", "public/index.html", "duomenys"),
            ("#lesos", "public/virs/304.html", "lesos"),
            ("../sql/index.html#sql=SELECT%201", "public/sql/index.html", ""),
            ("../../open/", "open/index.html", ""),
            ("/b/index.html?a=b", "index.html", ""),
            ("/b/", "index.html", ""),
            ("a.html?b=c:d#e:f", "public/virs/a.html", "e:f"),
            ("../../../secret.html", "../secret.html", ""),
        ] {
            assert_eq!(from(link), Some((path.to_owned(), fragment.to_owned())), "{link}");
        }
        for elsewhere in ["/kitas/index.html", "https://pavyzdys.lt/a", "mailto:a@pavyzdys.lt", "//pavyzdys.lt/a", "data:,"] {
            assert_eq!(from(elsewhere), None);
        }
    }

    #[test]
    fn a_release_with_a_dead_link_is_refused_by_page_and_link() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("portal"), &folder.path().join("internal")).unwrap();
        let said = |pages: &[(&str, &str)]| {
            let staging = Staging::create(store.clone(), "a", None).unwrap();
            for (path, html) in pages {
                staging.write_bytes(Tier::Open, path, html.as_bytes()).unwrap();
            }
            check(&staging, &[Tier::Public, Tier::Open], "/").map_err(|error| error.to_string())
        };
        let target = ("b/c.html", "<p id=\"d\">");
        assert_eq!(
            said(&[
                ("a.html", "<a href=\"b/c.html#d\"> <a href=\"https://elsewhere.example/\"> <a href=\"#\"> <a href=\"manifest.json\">"),
                target
            ]),
            Ok(())
        );
        let text = "<p>&lt;img src=\"none.svg\"&gt; <code> href=\"none.html\"</code>";
        assert_eq!(said(&[("a.html", text), ("naujienos.html", "<a href=\"none.html\">")]), Ok(()), "texts, and what operators write");
        let file = said(&[("a.html", "<img src=\"b/d.svg\">"), target]).unwrap_err();
        assert!(file.contains("open/a.html") && file.contains("b/d.svg"), "{file}");
        let again = [("b/a.html", "<a href=\"c.html\">"), ("b/b.html", "<a href=\"c.html\">"), target, ("a.html", "<a href=\"c.html\">")];
        let elsewhere = said(&again).unwrap_err();
        assert!(elsewhere.contains("open/a.html"), "what a folder has is not there in another: {elsewhere}");
        let own = said(&[("a.html", "<p id=\"b\"><a href=\"#b\"> <a href=\"a.html#c\">")]).unwrap_err();
        assert!(own.contains("a.html#c"), "{own}");
        let other = said(&[("a.html", "<p id=\"b\"><a href=\"#b\">"), ("b.html", "<a href=\"#b\">")]).unwrap_err();
        assert!(other.contains("open/b.html") && other.contains("#b"), "what is there on one page is not on the next: {other}");
        let place = said(&[("a.html", "<a href=\"b/c.html#e\">"), target]).unwrap_err();
        assert!(place.contains("open/a.html") && place.contains("open/b/c.html#e"), "{place}");
    }
}

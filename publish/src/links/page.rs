//! One page: where its links lead, and which places it has.

use std::collections::{HashMap, HashSet};

use memchr::memmem::Finder;
use memchr::memrchr2;

use crate::error::Error;
use crate::incremental::checked_links::folder;
use crate::site::news;
use crate::store::entries::{FileEntry, MANIFEST};

/// How addresses begin in the pages of this portal, which are all printed by its own templates.
const ATTRIBUTES: [&str; 5] = [" href=\"", " src=\"", " action=\"", " data-csv=\"", " data-twin=\""];
/// What a folder's address shows.
const INDEX: &str = "index.html";

/// Where some pages lead.
#[derive(Default)]
pub(super) struct Found {
    /// Folders of all files.
    pub(super) folders: HashSet<String>,
    /// Places in other pages, by page and fragment, each with a page that leads there.
    pub(super) places: HashMap<(String, String), String>,
}

/// What links are looked up in.
pub(super) struct Links<'a> {
    begins: [Finder<'static>; ATTRIBUTES.len()],
    files: HashSet<&'a str>,
    /// The path of the portal's web address, with a slash at its end.
    site: &'a str,
}

impl<'a> Links<'a> {
    pub(super) fn of(entries: &'a [FileEntry], site: &'a str) -> Self {
        let files = entries.iter().map(|entry| entry.path.as_str()).collect();
        Self { begins: ATTRIBUTES.map(Finder::new), files, site }
    }

    /// Looks at every link of a page, but for what others of its folder had, too, and notes where it leads.
    pub(super) fn follow(&self, (page, html): (&str, &str), known: &mut Known, found: &mut Found) -> Result<(), Error> {
        let (own_folder, is_news) = (folder(page), is_news(page));
        if known.folder != own_folder {
            *known = Known { folder: own_folder.to_owned(), links: HashSet::new() };
        }
        let mut own_ids: Option<HashSet<&str>> = None;
        for link in self.begins.iter().flat_map(|begin| values(html, begin)) {
            let is_own = link.is_empty() || link.starts_with(['#', '?']);
            if !is_own && known.links.contains(link) {
                continue;
            }
            if let Some((target, fragment)) = resolved(page, link, self.site) {
                let is_there = self.files.contains(target.as_str()) || written_by_the_commit(&target);
                if !is_there && is_news {
                    tracing::warn!(page, link, "a link in the news leads nowhere; correct it under data/content");
                    continue;
                }
                if !is_there {
                    return Err(dead(page, link));
                }
                if !found.folders.contains(folder(&target)) {
                    found.folders.insert(folder(&target).to_owned());
                }
                if let Some(fragment) = fragment.filter(|_| !is_news) {
                    let is_dead = target == page && !own_ids.get_or_insert_with(|| ids(html)).contains(fragment);
                    if is_dead {
                        return Err(dead(page, link));
                    }
                    // Named by its file, a place of this page is one to which other pages of the folder may lead, too.
                    if !is_own {
                        found.places.entry((target, fragment.to_owned())).or_insert_with(|| page.to_owned());
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
}

/// Whether operators write the page: there a dead link is only told, and must be told each night.
pub(super) fn is_news(page: &str) -> bool {
    page.rsplit('/').next() == Some(news::PATH)
}

/// What is known of the links on the pages of one folder.
#[derive(Default)]
pub(super) struct Known {
    folder: String,
    links: HashSet<String>,
}

/// All places of a page.
pub(super) fn ids(html: &str) -> HashSet<&str> {
    let begin = Finder::new(" id=\"");
    values(html, &begin).collect()
}

/// Manifests are written once everything else is.
pub(super) fn written_by_the_commit(path: &str) -> bool {
    path.rsplit('/').next() == Some(MANIFEST)
}

pub(super) fn dead(page: &str, link: &str) -> Error {
    Error::DeadLink { page: page.to_owned(), link: link.to_owned() }
}

/// What stands between each beginning and the quote that ends it, inside of tags: text may say the same, but its angle brackets are escaped.
fn values<'a, 'b>(html: &'a str, begin: &'b Finder<'b>) -> impl Iterator<Item = &'a str> + use<'a, 'b> {
    let (length, bytes) = (begin.needle().len(), html.as_bytes());
    let is_in_tag = move |place: &usize| memrchr2(b'<', b'>', &bytes[..*place]).is_some_and(|bracket| bytes[bracket] == b'<');
    begin.find_iter(bytes).filter(is_in_tag).filter_map(move |place| html[place + length..].split('"').next())
}

/// The file of the release that a link on a page leads to, and the place in it; none where it leads elsewhere.
pub(super) fn resolved<'a>(page: &str, link: &'a str, site: &str) -> Option<(String, Option<&'a str>)> {
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

use std::fs;

use super::page::resolved;
use super::*;
use crate::incremental::page_hashes::PageHashes;
use crate::store::sides::Store;

const SALT: [u8; 32] = [7; 32];

#[test]
fn a_link_leads_from_the_folder_of_its_page() {
    let from = |link| resolved("public/virs/304.html", link, "/b/").map(|(path, fragment)| (path, fragment.unwrap_or_default().to_owned()));
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
        check(&staging, &[Tier::Public, Tier::Open], "/", None, &SALT).map(drop).map_err(|error| error.to_string())
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

/// Nights of a portal with one tier.
struct Nights {
    _folder: tempfile::TempDir,
    store: Store,
}

/// Pages of a night, by path.
type Pages<'a> = &'a [(&'a str, &'a str)];

impl Nights {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("portal"), &folder.path().join("internal")).unwrap();
        Self { _folder: folder, store }
    }

    fn stage(&self, name: &str, pages: Pages<'_>) -> Staging {
        let staging = Staging::create(self.store.clone(), name, None).unwrap();
        for (path, html) in pages {
            staging.write_bytes(Tier::Open, path, html.as_bytes()).unwrap();
        }
        staging
    }

    /// What a night says that builds on a first one, in which the links were followed by the address `site`; `unread` are pages that nobody reads.
    fn second(&self, first: Pages<'_>, site: &str, second: Pages<'_>, unread: &[&str]) -> Result<(), String> {
        self.third(first, site, second, second, unread)
    }

    /// The same with a night between them, which builds on the first.
    fn third(&self, first: Pages<'_>, site: &str, second: Pages<'_>, third: Pages<'_>, unread: &[&str]) -> Result<(), String> {
        let check = |staging: &Staging, site: &str, last: Option<&LastRelease>| check(staging, &[Tier::Open], site, last, &SALT);
        let first = self.stage("1", first);
        let last = as_last(&first, Some(check(&first, site, None).map_err(|error| format!("first: {error}"))?));
        let mut nights = vec![self.stage("2", second)];
        let mut lasts = vec![last];
        if second != third {
            let checked = check(&nights[0], "/", Some(&lasts[0])).map_err(|error| format!("second: {error}"))?;
            lasts.push(as_last(&nights[0], Some(checked)));
            nights.push(self.stage("3", third));
        }
        let tonight = nights.last().unwrap();
        for path in unread {
            // Whoever read it would find a dead link.
            let full = tonight.folder(false).join("open").join(path);
            fs::remove_file(&full).unwrap();
            fs::write(&full, "<a href=\"nowhere.html\">").unwrap();
        }
        check(tonight, "/", lasts.last()).map(drop).map_err(|error| error.to_string())
    }
}

fn as_last(staging: &Staging, links: Option<CheckedLinks>) -> LastRelease {
    let hashes = PageHashes { links, ..PageHashes::default() };
    LastRelease::one_side(staging.folder(false), false, &staging.entries(false), 1, hashes)
}

const SAME: (&str, &str) = ("a.html", "<a href=\"b/c.html#d\"> <a href=\"b/other.html\">");
const TARGET: (&str, &str) = ("b/c.html", "<p id=\"d\">");
const OTHER: (&str, &str) = ("b/other.html", "<a href=\"c.html\"> <p id=\"unasked\">");
const FIRST: [(&str, &str); 3] = [SAME, TARGET, OTHER];

fn refused(said: Result<(), String>, parts: [&str; 2]) {
    let said = said.unwrap_err();
    assert!(parts.iter().all(|part| said.contains(part)) && !said.contains("first") && !said.contains("second"), "{said}");
}

#[test]
fn pages_that_are_the_same_are_not_read_where_nothing_is_gone() {
    let changed = [SAME, TARGET, ("b/other.html", "<a href=\"new.html\">"), ("b/new.html", "")];
    assert_eq!(
        Nights::new().second(&FIRST, "/", &changed, &["a.html", "b/c.html"]),
        Ok(()),
        "a place is gone in a page that nobody leads into"
    );
    refused(Nights::new().second(&FIRST, "/elsewhere/", &changed, &["a.html"]), ["open/a.html", "nowhere.html"]);
    // What no page leads to may go: the parts of a search.
    let nights = Nights::new();
    let more = |of: &[(&'static str, &'static str)]| [of, &[("paieska/a.json", "{}")]].concat();
    assert_eq!(nights.second(&more(&FIRST), "/", &changed, &["a.html", "b/c.html"]), Ok(()));
}

#[test]
fn a_dead_link_on_a_page_that_changed_is_refused() {
    let nights = Nights::new();
    refused(
        nights.second(&FIRST, "/", &[SAME, TARGET, ("b/other.html", "<a href=\"gone.html\">")], &[]),
        ["open/b/other.html", "gone.html"],
    );
    let place = [SAME, TARGET, ("b/other.html", "<a href=\"../a.html#e\">")];
    refused(Nights::new().second(&FIRST, "/", &place, &[]), ["open/b/other.html", "open/a.html#e"]);
}

#[test]
fn a_dead_link_on_a_page_that_is_the_same_is_refused() {
    refused(Nights::new().second(&FIRST, "/", &[SAME, TARGET], &[]), ["open/a.html", "b/other.html"]);
    let lost = [SAME, ("b/c.html", "<p id=\"e\">"), OTHER];
    refused(Nights::new().second(&FIRST, "/", &lost, &[]), ["open/a.html", "open/b/c.html#d"]);
    // What pages lead to is remembered over a night in which they are not read.
    let new = [SAME, TARGET, ("b/other.html", "<a href=\"c.html?\">")];
    refused(Nights::new().third(&FIRST, "/", &new, &[SAME, TARGET], &[]), ["open/a.html", "b/other.html"]);
    refused(Nights::new().third(&FIRST, "/", &new, &lost, &[]), ["open/a.html", "open/b/c.html#d"]);
    // What the page itself was the first to lead to.
    let named = [("b/c.html", "<p id=\"d\"> <a href=\"c.html#d\">"), ("b/d.html", "<a href=\"c.html#d\">")];
    refused(Nights::new().second(&named, "/", &[("b/c.html", ""), named[1]], &[]), ["open/b/d.html", "open/b/c.html#d"]);
}

#[test]
fn all_pages_are_read_where_nobody_followed_the_links_of_the_last_release() {
    let nights = Nights::new();
    let dead = [("a.html", "<a href=\"gone.html\">")];
    let last = as_last(&nights.stage("1", &dead), None);
    let said = check(&nights.stage("2", &dead), &[Tier::Open], "/", Some(&last), &SALT).map(drop).map_err(|error| error.to_string());
    refused(said, ["open/a.html", "gone.html"]);
}

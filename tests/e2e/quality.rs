//! What is promised of every page: it is sound HTML, shuts nobody out, is light and quick, leads nowhere that is not there, and machines find it.
//!
//! Kinds of pages are not named here: whatever lies in a folder of its own is one, or two where some names begin with a digit and others do not
//! (`virs/index.html`, `virs/123.html`). Of each the largest and the smallest page are judged, and its `index.html`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, NaiveDate};
use serde_json::json;

use crate::country::{Country, files, home, tells_of_releases};
use crate::endpoint::browser::{modules, run_script};
use crate::search::Portal;

/// So many that the list of VIRS has pages of its own for letters.
const VIRS: &str = "252";
const ADDRESS: &str = "https://virsis.pavyzdys.lt/";
const SETTINGS: &str = "[publication]\nurl = 'https://virsis.pavyzdys.lt'\ncontact = 'sauga@pavyzdys.lt'\ngzip = true\n";
/// Kinds that Lighthouse judges: those with the heaviest pages. Each takes ten seconds.
const MEASURED: usize = 6;
/// What the validator of HTML does not know of CSS: a property of SVG 2.
const UNKNOWN: &str = ".*“paint-order”: Property “paint-order” doesn't exist.*";

/// A country published under an address.
fn published(virs: &str, seed: u64) -> (Country, PathBuf) {
    let country = Country::with_virs(virs, seed, &home()).whole();
    let path = country.path("virsis.toml");
    fs::write(&path, fs::read_to_string(&path).unwrap() + SETTINGS).unwrap();
    country.ok(&["run"]);
    let latest = country.path("portal/latest").canonicalize().unwrap();
    (country, latest)
}

/// Paths of all pages, and of what else readers meet.
fn paths(latest: &Path, extension: &str) -> Vec<String> {
    let all = files(latest).into_iter().map(|path| path.strip_prefix(latest).unwrap().to_str().unwrap().to_owned());
    all.filter(|path| path.ends_with(extension)).collect()
}

/// The pages of each kind, the lightest first.
fn kinds(latest: &Path) -> BTreeMap<(String, bool), Vec<String>> {
    let mut kinds: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
    for path in paths(latest, ".html") {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let of_kind =
            kinds.entry((folder.to_owned(), name.starts_with(|first: char| first.is_ascii_digit() && name != "404.html"))).or_default();
        of_kind.push(path.clone());
    }
    kinds.values_mut().for_each(|pages| pages.sort_by_cached_key(|path| size(latest, path)));
    kinds
}

fn is_english(path: &str) -> bool {
    path.split('/').any(|folder| folder == "en")
}

fn size(latest: &Path, path: &str) -> u64 {
    fs::metadata(latest.join(path)).unwrap().len()
}

#[test]
fn no_kind_of_page_shuts_anybody_out_or_is_heavy_or_slow_or_wider_than_its_screen_or_paper() {
    let Some(modules) = modules() else { return };
    let (country, latest) = published(VIRS, 91);
    let kinds = kinds(&latest);
    assert!(kinds.len() >= 9 && kinds[&("public/virs".to_owned(), false)].len() > 10, "{:?}", kinds.keys());
    let judged: BTreeSet<&String> = kinds
        .values()
        .flat_map(|pages| {
            let index = pages.iter().find(|path| path.ends_with("index.html"));
            // In English there are the same pages with other words: the heaviest of each kind is enough.
            if is_english(&pages[0]) { [None, pages.last(), None] } else { [pages.first(), pages.last(), index] }
        })
        .flatten()
        .collect();
    let is_measured = |path: &&String| !path.starts_with("open") && !is_english(path);
    let mut heaviest: Vec<&String> = kinds.values().filter_map(|pages| pages.last()).filter(is_measured).collect();
    heaviest.sort_by_key(|path| std::cmp::Reverse(size(&latest, path)));
    heaviest.truncate(MEASURED);
    println!("judged: {judged:?}\nby Lighthouse: {heaviest:?}");
    sound(&modules, &latest, &judged);
    let portal = Portal::serve(&country);
    run_script(&modules, "quality", json!({"origin": portal.1, "pages": judged, "kinds": heaviest}), |_| {});
}

/// The Nu Html Checker of the W3C has nothing to say about the pages, the style and the pictures.
fn sound(modules: &str, latest: &Path, pages: &BTreeSet<&String>) {
    if Command::new("java").arg("-version").output().is_err() {
        assert!(std::env::var_os("VIRSIS_PEERS_REQUIRED").is_none(), "no java; apt-get install default-jre-headless");
        println!("SKIPPED: no java, so no HTML is checked");
        return;
    }
    let mut command = Command::new("java");
    command.arg("-jar").arg(Path::new(modules).join("vnu-jar/build/dist/vnu.jar")).args([
        "--stdout",
        "--also-check-css",
        "--also-check-svg",
    ]);
    command.args(["--filterpattern", UNKNOWN]).args(pages).args(paths(latest, ".css")).args(paths(latest, ".svg"));
    let output = command.current_dir(latest).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.is_empty(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn no_link_is_broken_fragments_included_and_all_pages_are_whole() {
    let (_country, latest) = published("60", 92);
    let pages = paths(&latest, ".html");
    let texts: BTreeMap<&str, String> = pages.iter().map(|path| (path.as_str(), fs::read_to_string(latest.join(path)).unwrap())).collect();
    let ids: BTreeMap<&str, BTreeSet<&str>> = texts.iter().map(|(path, text)| (*path, attributes(text, " id=\"").collect())).collect();
    let mut followed = 0;
    for (path, text) in &texts {
        let links = attributes(text, " href=\"").chain(attributes(text, " src=\"")).chain(attributes(text, " action=\""));
        for link in links.filter(|link| !link.starts_with("https://") && !link.starts_with("mailto:")) {
            let (file, fragment) = link.split_once('#').map_or((link, None), |(file, fragment)| (file, Some(fragment)));
            let target = if file.is_empty() { (*path).to_owned() } else { joined(path, file) };
            assert!(latest.join(&target).is_file(), "{path} leads to {link}");
            // A script reads what stands behind these.
            let is_read = fragment.is_none_or(|fragment| fragment.contains('='));
            assert!(is_read || ids[target.as_str()].contains(fragment.unwrap()), "{path} leads to {link}");
            followed += 1;
        }
        // Where a web server is asked for the page of a VIRS that is gone, nothing else may change the address.
        assert!(!text.contains("<base"), "{path}");
    }
    assert!(pages.len() > 150 && followed > 3_000, "{} pages, {followed} links", pages.len());
}

fn attributes<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start).skip(1).filter_map(|rest| rest.split('"').next())
}

/// Where a link leads, from the release's folder.
fn joined(page: &str, link: &str) -> String {
    if let Some(path) = link.strip_prefix('/') {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop().unwrap()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn names_of_two_thousand_letters_full_of_markup_keep_every_page_whole_and_light() {
    let country = Country::generate(94, &home()).whole();
    country.take_however_many_bad_rows();
    let hostile = "<b onclick=\"\"x\"\">&'\u{202e}ė ".repeat(90);
    country.rewrite("JAR_IREGISTRUOTI.csv", |number, line| {
        let mut fields: Vec<&str> = line.split('|').collect();
        let name = format!("\"{hostile}{number}\"");
        if number > 0 && number % 7 == 0 {
            fields[1] = &name;
        }
        Some(fields.join("|"))
    });
    country.ok(&["run"]);
    let latest = country.path("portal/latest").canonicalize().unwrap();
    let mut named = 0;
    for path in paths(&latest, ".html") {
        let text = fs::read_to_string(latest.join(&path)).unwrap();
        assert!(!text.contains("<b "), "{path}");
        assert!(text.len() <= 70_000, "{path}: {}", text.len());
        named += usize::from(text.contains("<h1>&lt;b onclick="));
    }
    assert!(named > 2, "{named}");
    country.ok(&["verify"]);
}

#[test]
fn machines_find_every_page_its_address_and_whom_to_write_to_about_a_vulnerability() {
    let (country, latest) = published("40", 93);
    let read = |path: &str| fs::read_to_string(latest.join(path)).unwrap();
    for tier in ["public", "open"] {
        let map = read(&format!("{tier}/sitemap.xml"));
        let listed: BTreeSet<&str> = map.split("<loc>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
        let is_shown = |path: &&String| path.starts_with(&format!("{tier}/")) && !read(path).contains("content=\"noindex");
        let shown: Vec<String> = paths(&latest, ".html").iter().filter(is_shown).map(|path| format!("{ADDRESS}{path}")).collect();
        assert_eq!(listed, shown.iter().map(String::as_str).collect::<BTreeSet<_>>());
        assert!(shown.len() > 60, "{}", shown.len());
        assert!(read("robots.txt").contains(&format!("\nSitemap: {ADDRESS}{tier}/sitemap.xml\n")));
        for page in &shown {
            let text = read(&page[ADDRESS.len()..]);
            let head = text.split("</head>").next().unwrap();
            for line in [format!("<link rel=\"canonical\" href=\"{page}\">"), format!("<meta property=\"og:url\" content=\"{page}\">")] {
                assert_eq!(head.matches(&line).count(), 1, "{line}");
            }
            let description = head.split("<meta name=\"description\" content=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(
                description.chars().count() > 20 && head.contains(&format!("<meta property=\"og:description\" content=\"{description}\">")),
                "{page}"
            );
            let picture = head.split("<meta property=\"og:image\" content=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(fs::read(latest.join(&picture[ADDRESS.len()..])).unwrap().starts_with(b"\x89PNG"), "{picture}");
        }
    }
    let text = read(".well-known/security.txt");
    let fields: BTreeMap<&str, &str> = text.lines().map(|line| line.split_once(": ").unwrap()).collect();
    assert_eq!(fields["Contact"], "mailto:sauga@pavyzdys.lt");
    assert_eq!(fields["Canonical"], format!("{ADDRESS}.well-known/security.txt"));
    let day: NaiveDate = country.json("portal/latest/manifest.json")["date"].as_str().unwrap().parse().unwrap();
    let days = (DateTime::parse_from_rfc3339(fields["Expires"]).unwrap().date_naive() - day).num_days();
    assert!((365..=366).contains(&days), "{days}");
    country.ok(&["verify"]);
    // Only fees change, so that what is found by the search is taken over. What is packed on one night is what a whole run packs, and nothing is packed where nobody wants it.
    assert!(!paths(&latest, ".html.gz").is_empty() && !paths(&latest, ".csv.gz").is_empty());
    let before = hashes(&country);
    country.rewrite("formos_imokos.v1.csv", |number, line| (number != 1).then(|| line.to_owned()));
    country.ok(&["run"]);
    let built = hashes(&country);
    assert_ne!(before, built);
    country.ok(&["run", "--full"]);
    assert!(told(hashes(&country)) == told(built), "but for what is said of the release before");
    country.ok(&["verify"]);
}

/// All files but those that say what changed since the release before.
fn told(hashes: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let is_start = |path: &str| {
        ["public/index.html", "open/index.html", "public/en/index.html", "open/en/index.html"].contains(&path.trim_end_matches(".gz"))
    };
    hashes.into_iter().filter(|(path, _)| !tells_of_releases(path) && !is_start(path)).collect()
}

/// Of every file of the portal's latest release.
fn hashes(country: &Country) -> BTreeMap<String, String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    country.listed("portal").iter().map(|file| (text(&file["path"]), text(&file["sha256"]))).collect()
}

#[test]
fn a_portal_without_an_address_says_none_and_packs_nothing() {
    let country = Country::published("40", 93);
    let latest = country.path("portal/latest").canonicalize().unwrap();
    let all = paths(&latest, "");
    for missing in ["public/sitemap.xml", "open/sitemap.xml", ".well-known/security.txt"] {
        assert!(!all.iter().any(|path| path == missing), "{missing}");
    }
    assert!(!all.iter().any(|path| path.ends_with(".html.gz")));
    assert_eq!(fs::read_to_string(latest.join("robots.txt")).unwrap(), "User-agent: *\nAllow: /\n");
    for path in paths(&latest, ".html") {
        let text = fs::read_to_string(latest.join(&path)).unwrap();
        assert!(!text.contains("rel=\"canonical\"") && !text.contains("property=\"og:"), "{path}");
        assert!(text.contains("<meta name=\"description\" content=\""), "{path}");
    }
}

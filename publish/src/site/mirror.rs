//! Pages in their files: the Lithuanian one at its path, the English one at the same path below `en/`. Nothing but pages and their scripts
//! lies there; what else an English page leads to lies where the Lithuanian one finds it.

use catalog::Tier;

use super::tier_site::TierSite;
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::language::{Language, in_language, translated};
use crate::paths::in_english;
use crate::store::staging::Staging;

/// Attributes that hold addresses.
const ADDRESSES: [&str; 5] = ["href", "src", "action", "data-csv", "data-twin"];
/// Endings of what is there in both languages.
const MIRRORED: [&str; 2] = [".html", ".js"];

/// The page at a path as it reads in English, from one folder further down.
pub(super) fn english_page(path: &str, page: &str) -> String {
    let folder: Vec<&str> = path.split('/').rev().skip(1).collect();
    let page = in_language(page, Language::English);
    let mut out = String::with_capacity(page.len() + 512);
    let mut begin = 0;
    for (at, equals) in page.match_indices("=\"") {
        let value = at + equals.len();
        let is_address = ADDRESSES.iter().any(|name| page[begin..at].ends_with(name));
        if is_address && page[value..].split('"').next().is_some_and(lies_once) {
            out.push_str(&page[begin..value]);
            begin = value + push_from_english(&folder, &page[value..], &mut out);
        }
    }
    out.push_str(&page[begin..]);
    out
}

/// Appends the way up from the English page to where an address leads from the Lithuanian one, which lies in `folder`, the innermost first. Gives how
/// many bytes of the address that stands for.
fn push_from_english(folder: &[&str], address: &str, out: &mut String) -> usize {
    let ups = address.split('/').take_while(|part| *part == "..").count();
    (0..=folder.len().max(ups)).for_each(|_| out.push_str("../"));
    for part in folder.iter().skip(ups).rev() {
        out.push_str(part);
        out.push('/');
    }
    "../".len() * ups
}

/// Whether a relative address leads to something that is there once for both languages.
fn lies_once(address: &str) -> bool {
    let path = address.split(['#', '?']).next().unwrap_or_default();
    let is_relative = !path.is_empty() && !path.starts_with('/') && !path.contains(':');
    is_relative && !MIRRORED.iter().any(|ending| path.ends_with(ending))
}

/// A style without what only its authors need: indentation, empty lines, comments of one line.
fn without_margins(style: &str) -> String {
    let is_comment = |line: &&str| line.starts_with("/*") && line.ends_with("*/");
    style.lines().map(str::trim).filter(|line| !line.is_empty()).filter(|line| !is_comment(line)).map(|line| format!("{line}\n")).collect()
}

impl TierSite<'_> {
    /// Whether its pages are there in English, too; officials read the internal tier.
    pub(super) fn has_english(&self) -> bool {
        self.tier != Tier::Internal && self.context.release.is_in_english()
    }

    /// Writes style, scripts and pictures: scripts in each language, the others once.
    pub(super) fn write_assets(&self, staging: &Staging, assets: &[(&'static str, &str)]) -> Result<(), Error> {
        for (path, content) in assets.iter().copied() {
            let content = match path.rsplit_once('.').map(|(_, ending)| ending) {
                Some("css") => without_margins(content),
                Some("js") => {
                    let script = translated(content).map_err(|reason| Error::Template { template: path, reason })?;
                    if self.has_english() {
                        staging.write_bytes(self.tier, &in_english(path), in_language(&script, Language::English).as_bytes())?;
                    }
                    in_language(&script, Language::Lithuanian).into_owned()
                }
                _ => content.to_owned(),
            };
            staging.write_bytes(self.tier, path, content.as_bytes())?;
        }
        Ok(())
    }

    /// Writes a page in each language.
    pub(super) fn write_page(&self, staging: &Staging, path: &str, page: &str) -> Result<(), Error> {
        staging.write_bytes(self.tier, path, in_language(page, Language::Lithuanian).as_bytes())?;
        if self.has_english() {
            staging.write_bytes(self.tier, &in_english(path), english_page(path, page).as_bytes())?;
        }
        Ok(())
    }

    /// Takes a page over from the last release, in each language; `false` where it has not both.
    pub(super) fn link_page(&self, last: &LastRelease, staging: &Staging, path: &str) -> Result<bool, Error> {
        let english = self.has_english().then(|| in_english(path));
        let is_there = |path: &str| last.entry(self.tier, path).is_some();
        if !is_there(path) || english.as_deref().is_some_and(|path| !is_there(path)) {
            return Ok(false);
        }
        for path in [Some(path), english.as_deref()].into_iter().flatten() {
            last.link(staging, self.tier, path)?;
        }
        Ok(true)
    }

    /// Takes over all pages whose path begins so, in each language; gives how many there are in one.
    pub(super) fn link_pages_below(&self, last: &LastRelease, staging: &Staging, beginning: &str) -> Result<usize, Error> {
        if self.has_english() {
            last.link_below(staging, self.tier, &in_english(beginning))?;
        }
        last.link_below(staging, self.tier, beginning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_once_is_one_folder_further_up_in_english() {
        let page = "<a href=\"../virs/1.html#a\"><img src=\"1.svg\"><script src=\"../assets/search.js\"></script><a href=\"#b\"><a class=\"x\" href=\"https://a.lt/b.csv\">\
                    <p title=\"a.csv\"><a href=\"mailto:a@b.lt\"><a href=\"../data/virs/virs.csv\">\u{1}Taip\u{2}Yes\u{3}<form action=\"\"><details data-twin=\"../virs/1.json\">";
        assert_eq!(
            english_page("virs/1.html", page),
            "<a href=\"../virs/1.html#a\"><img src=\"../../virs/1.svg\"><script src=\"../assets/search.js\"></script><a href=\"#b\"><a class=\"x\" href=\"https://a.lt/b.csv\">\
             <p title=\"a.csv\"><a href=\"mailto:a@b.lt\"><a href=\"../../data/virs/virs.csv\">Yes<form action=\"\"><details data-twin=\"../../virs/1.json\">"
        );
        let of = |path: &str, address: &str| english_page(path, &format!("<a href=\"{address}\">")).split('"').nth(1).unwrap().to_owned();
        assert_eq!(of("index.html", "data/virs/virs.csv"), "../data/virs/virs.csv");
        assert_eq!(of("index.html", "../engine/licences.txt"), "../../engine/licences.txt");
        assert_eq!(of("sql/a/index.html", "../b.csv"), "../../../sql/b.csv");
    }
}

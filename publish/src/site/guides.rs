//! Guides for the groups of users, with pictures of the pages that they describe: in the public tier, as there is one of each page that they are about.
//! Beside each page lies the same as a PDF file ([`guide_papers`]).

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use catalog::{Guide, Tier};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::guide_papers;
use super::text::size;
use super::tier_site::TierSite;
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::language::{both, say};
use crate::paths::{GUIDES, guide_file};
use crate::store::staging::{Staging, Written};

const HEADING: &str = "<h2>";

#[derive(Serialize)]
struct Line {
    href: String,
    title: String,
    about: String,
    paper: Paper,
}

/// A guide as a file to print.
#[derive(Serialize)]
struct Paper {
    href: String,
    size: String,
}

impl Paper {
    fn of(guide: &Guide, written: &Written) -> Self {
        Self { href: format!("{}.pdf", guide.name), size: size(written.bytes) }
    }
}

/// What the guides say and show, so that a release knows whether the last one had the same.
pub(super) fn told(site: &TierSite<'_>) -> Result<String, Error> {
    let mut hasher = DefaultHasher::new();
    if site.tier == Tier::Public {
        for (name, path) in site.catalog.guides().pictures() {
            (name, read(&path)?).hash(&mut hasher);
        }
    }
    Ok(format!("{:?} {}", site.catalog.guides().all, hasher.finish()))
}

/// Writes the guides, their list, their files to print and their pictures, or takes them over from a release that had the same: all, or those files at
/// least. Gives how many pages there are, and how many had to be rendered.
pub(super) fn write(
    site: &TierSite<'_>,
    staging: &Staging,
    same: Option<&LastRelease>,
    same_papers: Option<&LastRelease>,
) -> Result<(usize, usize), Error> {
    let guides = site.catalog.guides();
    if !guide_papers::are_there(site) {
        return Ok((0, 0));
    }
    let all = 1 + guides.all.len();
    if let Some(last) = same.filter(|last| last.entry(site.tier, GUIDES).is_some()) {
        site.link_pages_below(last, staging, &guide_file(""))?;
        return Ok((all, 0));
    }
    let papers = guide_papers::write(site, staging, same_papers)?;
    let papers: Vec<(&Guide, Paper)> = guides.all.iter().zip(&papers).map(|(guide, written)| (guide, Paper::of(guide, written))).collect();
    for (name, path) in guides.pictures() {
        staging.write_bytes(site.tier, &guide_file(name), &read(&path)?)?;
    }
    for (guide, paper) in &papers {
        site.write_page(staging, &page(guide), &render(site, guide, paper)?)?;
    }
    site.write_page(staging, GUIDES, &list(site, papers)?)?;
    Ok((all, all))
}

fn read(picture: &Path) -> Result<Vec<u8>, Error> {
    fs::read(picture).map_err(Error::io("read", picture))
}

fn page(guide: &Guide) -> String {
    guide_file(&format!("{}.html", guide.name))
}

fn list(site: &TierSite<'_>, guides: Vec<(&Guide, Paper)>) -> Result<String, Error> {
    let line = |(guide, paper): (&Guide, Paper)| {
        let about = both(&guide.about, &guide.about_en);
        Line { href: format!("{}.html", guide.name), title: title(guide), about, paper }
    };
    let lines = Serde(guides.into_iter().map(line).collect::<Vec<_>>());
    site.render("guides.html", context! { frame => site.frame(say!("Vadovai"), GUIDES), lines })
}

fn render(site: &TierSite<'_>, guide: &Guide, paper: &Paper) -> Result<String, Error> {
    let (text, parts) = with_places(guide.page.html());
    // Only the Lithuanian page has the text: it describes pages that are in Lithuanian. Made of Markdown in which no HTML can stand.
    let text = Value::from_safe_string(both(&text, ""));
    let contents = Value::from_safe_string(both(&contents(&parts), ""));
    let (title, about) = (title(guide), both(&guide.about, &guide.about_en));
    site.render("guide.html", context! { frame => site.frame(&title, &page(guide)), title, about, contents, text, paper => Serde(paper) })
}

fn title(guide: &Guide) -> String {
    both(guide.page.title(), &guide.title_en)
}

/// The text with a place at each heading that links lead to, and the headings as HTML.
fn with_places(html: &str) -> (String, Vec<&str>) {
    let mut sections = html.split(HEADING);
    let (mut text, mut parts) = (sections.next().unwrap_or_default().to_owned(), Vec::new());
    for section in sections {
        parts.push(section.split("</h2>").next().unwrap_or_default());
        text.push_str(&format!("<h2 id=\"dalis-{}\">{section}", parts.len()));
    }
    (text, parts)
}

fn contents(parts: &[&str]) -> String {
    let lines: String = (1..).zip(parts).map(|(place, part)| format!("<li><a href=\"#dalis-{place}\">{part}</a></li>\n")).collect();
    if parts.len() < 2 { String::new() } else { format!("<ol>\n{lines}</ol>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_guide_is_listed_with_the_place_where_it_stands() {
        let (text, parts) = with_places("<p>Įžanga</p>\n<h2>Pradžia</h2>\n<p>a</p>\n<h2>Toliau <strong>„x“</strong></h2>\n");
        assert_eq!(parts, ["Pradžia", "Toliau <strong>„x“</strong>"]);
        assert!(text.starts_with("<p>Įžanga</p>\n<h2 id=\"dalis-1\">Pradžia</h2>") && text.contains("<h2 id=\"dalis-2\">Toliau"));
        assert_eq!(contents(&parts).matches("<a href=\"#dalis-").count(), 2);
        assert_eq!(contents(&parts[..1]), "", "one part needs no list");
    }
}

//! The alphabetical list of all VIRS of a tier: one page, or a page for each letter where one would be too long.

use std::borrow::Cow;

use minijinja::{context, value::Serde};
use serde::Serialize;

use super::alphabet::{heading, heading_file, looked_up};
use super::entities::VirsEntry;
use super::text::{LONGEST_NAME, number, shortened};
use super::tier_site::TierSite;
use crate::error::Error;
use crate::paths::{ENTITY_LIST, ENTITY_LIST_PARTS, entity_file};

/// VIRS on one page.
const MOST: usize = 250;
/// Where all pages lie.
const FOLDER: &str = "virs/";

#[derive(Serialize)]
struct Line<'a> {
    name: Cow<'a, str>,
    code: &'a str,
    form: Option<&'a str>,
    state: Option<&'static str>,
    file: Option<String>,
}

/// A letter, and the VIRS under it that stand on this page.
#[derive(Serialize)]
struct Section<'a> {
    heading: &'a str,
    id: String,
    lines: Vec<Line<'a>>,
}

/// A letter in the navigation.
#[derive(Serialize)]
struct Link<'a> {
    heading: &'a str,
    href: String,
    count: String,
    current: bool,
}

/// One of several pages of a letter.
#[derive(Serialize)]
struct Part {
    number: usize,
    of: usize,
    before: Option<String>,
    after: Option<String>,
}

/// What one page shows.
#[derive(Default, Serialize)]
struct Page<'a> {
    letter: Option<&'a str>,
    count: String,
    links: Vec<Link<'a>>,
    sections: Vec<Section<'a>>,
    part: Option<Part>,
}

/// All VIRS under one letter.
struct Letter<'a> {
    heading: String,
    list: &'a [VirsEntry<'a>],
}

/// The pages, each with its path.
pub(super) fn render(site: &TierSite<'_>) -> Result<Vec<(String, String)>, Error> {
    render_in_parts(site, MOST)
}

fn render_in_parts(site: &TierSite<'_>, most: usize) -> Result<Vec<(String, String)>, Error> {
    let entities = site.entities()?;
    let same_heading = |one: &VirsEntry<'_>, other: &VirsEntry<'_>| heading(looked_up(one.name)) == heading(looked_up(other.name));
    let letters = entities.list.chunk_by(same_heading);
    let letters: Vec<Letter<'_>> = letters.map(|list| Letter { heading: heading(looked_up(list[0].name)), list }).collect();
    let mut head = Page { count: number(entities.list.len() as u64), ..Page::default() };
    if entities.list.len() <= most {
        for (place, letter) in letters.iter().enumerate() {
            head.links.push(letter.link(format!("#{}", id(place)), false));
            head.sections.push(section(&letter.heading, id(place), letter.list));
        }
        return Ok(vec![(ENTITY_LIST.to_owned(), head.render(site, ENTITY_LIST)?)]);
    }
    head.links = links(&letters, None);
    let mut pages = vec![(ENTITY_LIST.to_owned(), head.render(site, ENTITY_LIST)?)];
    for letter in &letters {
        for (place, lines) in letter.list.chunks(most).enumerate() {
            let page = Page {
                letter: Some(&letter.heading),
                count: head.count.clone(),
                links: links(&letters, Some(&letter.heading)),
                sections: vec![section(&letter.heading, id(0), lines)],
                part: letter.part(place, most),
            };
            let path = format!("{FOLDER}{}", letter.file(place));
            let rendered = page.render(site, &path)?;
            pages.push((path, rendered));
        }
    }
    Ok(pages)
}

impl Page<'_> {
    fn render(&self, site: &TierSite<'_>, path: &str) -> Result<String, Error> {
        let title = self.letter.map_or_else(|| "VIRS sąrašas".to_owned(), |letter| format!("VIRS sąrašas: {letter}"));
        let values = context! { frame => site.frame(&title, path), title, page => Serde(self) };
        site.render("entities.html", values)
    }
}

impl<'a> Letter<'a> {
    fn link(&'a self, href: String, current: bool) -> Link<'a> {
        Link { heading: &self.heading, href, count: number(self.list.len() as u64), current }
    }

    /// Which of the letter's pages this is, if there are several.
    fn part(&self, place: usize, most: usize) -> Option<Part> {
        let of = self.list.len().div_ceil(most);
        let before = place.checked_sub(1).map(|before| self.file(before));
        let after = Some(place + 1).filter(|after| *after < of).map(|after| self.file(after));
        (of > 1).then_some(Part { number: place + 1, of, before, after })
    }

    /// The file of one of the letter's pages, beside the list itself.
    fn file(&self, place: usize) -> String {
        let start = ENTITY_LIST_PARTS.trim_start_matches(FOLDER);
        let letter = heading_file(&self.heading);
        if place == 0 { format!("{start}{letter}.html") } else { format!("{start}{letter}-{}.html", place + 1) }
    }
}

/// Links to the pages of all letters.
fn links<'a>(letters: &'a [Letter<'a>], current: Option<&str>) -> Vec<Link<'a>> {
    letters.iter().map(|letter| letter.link(letter.file(0), current == Some(letter.heading.as_str()))).collect()
}

fn id(place: usize) -> String {
    format!("raide-{}", place + 1)
}

fn section<'a>(heading: &'a str, id: String, list: &'a [VirsEntry<'a>]) -> Section<'a> {
    let line = |entity: &'a VirsEntry<'a>| Line {
        name: shortened(entity.name, LONGEST_NAME),
        code: entity.code,
        form: entity.form,
        state: entity.state,
        file: entity_file(entity.code),
    };
    Section { heading, id, lines: list.iter().map(line).collect() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::Tier;

    use super::*;
    use crate::incremental::tier_table::TierTable;
    use crate::sample;
    use crate::site::context::{SiteContext, SqlAccess};
    use crate::site::templates::templates;

    #[test]
    fn a_long_list_has_a_page_for_each_letter_and_several_for_a_long_one() {
        let home = tempfile::tempdir().unwrap();
        let (catalog, info) = (sample::catalog(home.path()), sample::info());
        let tables: Vec<TierTable<'_>> = sample::tables(&catalog, 30, 1).iter().map(TierTable::tonight).collect();
        let context = SiteContext { release: &info, news: &[], audited: &[], models: &sample::MODELS, notice: None, salt: [0; 32], sql: SqlAccess::default() };
        let templates = templates().unwrap();
        let site = TierSite::new(Tier::Public, &catalog, &tables, None, &context, &templates);
        assert_eq!(render(&site).unwrap().len(), 1);
        let pages = render_in_parts(&site, 3).unwrap();
        let paths: BTreeSet<&str> = pages.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths.len(), pages.len());
        for path in ["virs/index.html", "virs/raide-0-9.html", "virs/raide-0-9-2.html", "virs/raide-sh.html", "virs/raide-ch.html"] {
            assert!(paths.contains(path), "{path}: {paths:?}");
        }
        let listed = |page: &str| page.matches("<span class=\"minor\">3000000").count();
        assert_eq!(listed(&pages[0].1), 0);
        assert_eq!(pages.iter().map(|(_, page)| listed(page)).sum::<usize>(), 30);
        for (path, page) in &pages[1..] {
            assert!((1..=3).contains(&listed(page)), "{path}");
            assert_eq!(page.matches(" aria-current=\"page\"").count(), 2, "{path}: where one is, and which letter");
        }
        let lists = |link: &&str| link.starts_with("raide-");
        let links: BTreeSet<String> = pages
            .iter()
            .flat_map(|(_, page)| page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(lists))
            .map(|link| format!("virs/{link}"))
            .collect();
        assert_eq!(links.len(), pages.len() - 1, "every page is linked, and no other");
        assert!(links.iter().all(|link| paths.contains(link.as_str())));
    }
}

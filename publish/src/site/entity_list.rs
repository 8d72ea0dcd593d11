//! The alphabetical list of all VIRS of a tier.

use std::fmt::Write;
use std::ops::Range;

use minijinja::{Value, context};

use super::alphabet::{heading, looked_up};
use super::entities::VirsEntry;
use super::letters::{List, fits, numbered};
use super::text::{LONGEST_NAME, number, push_escaped, shortened};
use super::tier_site::TierSite;
use crate::error::Error;
use crate::language::{said, say};
use crate::paths::{ENTITY_LIST, entity_file};

/// VIRS on one page.
const MOST: usize = 250;
/// Where all pages lie.
pub(super) const FOLDER: &str = "virs/";

const TITLE: &str = say!("VIRS sąrašas");

/// The pages, each with its path.
pub(super) fn render(site: &TierSite<'_>) -> Result<Vec<(String, String)>, Error> {
    render_in_parts(site, MOST)
}

fn render_in_parts(site: &TierSite<'_>, most: usize) -> Result<Vec<(String, String)>, Error> {
    let virs = &site.entities()?.list;
    let headings: Vec<String> = virs.iter().map(|entity| heading(looked_up(entity.name))).collect();
    let lines: Vec<String> = virs.iter().map(|entity| line(entity, "")).collect();
    let is_whole = fits(&lines, most);
    let parts = numbered(&headings, &lines, most);
    let push = |places: Range<usize>, out: &mut String| out.extend(lines[places].iter().map(String::as_str));
    let list = List { parts: &parts, is_whole, class: "entities", push: &push };
    let page = |path: &str, heading: Option<&str>, body: String| {
        let title = heading.map_or_else(|| TITLE.to_owned(), |heading| format!("{TITLE}: {heading}"));
        let lead = said!(
            "Viešosios informacijos rengėjai ir skleidėjai pagal abėcėlę (iš viso: {0}). Teisinė forma pavadinimo pradžioje į abėcėlę neįskaičiuojama.",
            number(virs.len() as u64)
        );
        let values = context! {
            frame => site.frame(&title, path), title, lead, list => TITLE, heading, body => Value::from_safe_string(body), is_whole,
            basis => None::<&str>, noindex => false,
        };
        site.render("entities.html", values)
    };
    let mut pages = vec![(ENTITY_LIST.to_owned(), page(ENTITY_LIST, None, list.start())?)];
    for (place, part) in parts.iter().enumerate().filter(|_| !is_whole) {
        let path = format!("{FOLDER}{}", part.file);
        let rendered = page(&path, Some(&part.heading), list.part(place))?;
        pages.push((path, rendered));
    }
    Ok(pages)
}

fn line(entity: &VirsEntry<'_>, to: &str) -> String {
    let mut line = String::new();
    push_line(entity, to, &mut line);
    line
}

/// Appends the line of a VIRS, to whose folder leads the way `to`.
pub(super) fn push_line(entity: &VirsEntry<'_>, to: &str, out: &mut String) {
    let file = entity_file(entity.code);
    out.push_str("<li>");
    if let Some(file) = &file {
        let _ = write!(out, "<a href=\"{to}{file}\">");
    }
    push_escaped(&shortened(entity.name, LONGEST_NAME), out);
    out.push_str(if file.is_some() { "</a> <span class=\"minor\">" } else { " <span class=\"minor\">" });
    push_escaped(entity.code, out);
    if let Some(form) = &entity.form {
        out.push_str(" · ");
        push_escaped(form, out);
    }
    out.push_str("</span>");
    if let Some(state) = entity.state {
        let _ = write!(out, " <span class=\"tag\">{state}</span>");
    }
    out.push_str("</li>\n");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::Tier;

    use super::*;
    use crate::incremental::tier_table::TierTable;
    use crate::language::{Language, in_language};
    use crate::sample;
    use crate::site::templates::templates;

    #[test]
    fn a_long_list_has_a_page_for_each_letter_and_several_for_a_long_one() {
        let home = tempfile::tempdir().unwrap();
        let (catalog, info) = (sample::catalog(home.path()), sample::info());
        let tables: Vec<TierTable<'_>> = sample::tables(&catalog, 30, 1).iter().map(TierTable::tonight).collect();
        let context = sample::context(&info);
        let templates = templates().unwrap();
        let site = TierSite::new(Tier::Public, &catalog, (&tables, None), None, &context, &templates);
        assert_eq!(render(&site).unwrap().len(), 1);
        let rendered = render_in_parts(&site, 3).unwrap();
        let read =
            |language| rendered.iter().map(|(path, page)| (path.clone(), in_language(page, language).into_owned())).collect::<Vec<_>>();
        let (pages, english) = (read(Language::Lithuanian), read(Language::English));
        assert!(pages[0].1.contains("pagal abėcėlę (iš viso: 30)") && english[0].1.contains("in alphabetical order (30 in all)"));
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

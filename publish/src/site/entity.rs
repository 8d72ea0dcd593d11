//! The page of one VIRS: its owners first, then everything the tier's tables say of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;

use catalog::{Tier, text_hash};
use minijinja::value::Serde;
use minijinja::{Value, context};
use rayon::prelude::*;
use serde::Serialize;

use super::entities::{Entities, Entity, Indexed, NAME, file};
use super::marks::{Part, TierMarks, of_rows};
use super::owners::{Owners, PERSON, is_owners};
use super::rows::{CONFIDENTIAL, Marks, RowTable, filled};
use super::shown::{ENTITY, Shown, shown_columns};
use super::text::{ROWS, counted, push_escaped};
use super::{TierSite, dataset_path};
use crate::{Error, Staging};

/// Rows of one table on one page; the download has them all.
const ROW_LIMIT: usize = 50;
/// Fewer than one page in so many: only rows about these VIRS are read from the earlier release.
const FEW: usize = 4;
/// The part of a page that tells what else the owners of a VIRS have.
const OTHERS: &str = "others";
/// Way from a VIRS's page to the tier's start page.
const UP: &str = "../";

/// Not for readers of one VIRS's page: whose rows these are stands in its heading, the others only tell rows and persons apart.
const HIDDEN: [&str; 4] = [ENTITY, "eil_nr", "dalyvio_nr", PERSON];

/// A table as all pages of the tier show it.
struct Section<'a> {
    index: &'a Indexed<'a>,
    columns: Vec<Shown<'a>>,
    marks: Marks<'a>,
    role: Role,
    owners: Option<Owners<'a>>,
}

/// What a table is on a VIRS's page; also the order of the sections.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Owners,
    /// One row per VIRS.
    Facts,
    Rows,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    count: usize,
}

/// How many pages there are, and how many of them had to be rendered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pages {
    pub(crate) all: usize,
    pub(crate) rendered: usize,
}

/// Writes all pages: those that show what they showed before are taken over from the earlier release.
pub(super) fn write_all(site: &TierSite<'_>, staging: &Staging, marks: &TierMarks) -> Result<Pages, Error> {
    let Some(register) = site.register else { return Ok(Pages::default()) };
    let known = site.earlier.and_then(|earlier| Some((earlier, earlier.marks().0.get(&site.tier)?)));
    let codes = || marks.parts.get(&register.table.name).into_iter().flat_map(Part::keys);
    let mut differing: BTreeSet<&String> = match known {
        Some((_, known)) => marks.differing(known, codes()),
        None => codes().collect(),
    };
    let mut pages = Pages::default();
    if let Some((earlier, _)) = known {
        for code in codes().filter(|code| !differing.contains(code)).collect::<Vec<_>>() {
            let Some(path) = path_of(code) else { continue };
            match earlier.link(staging, site.tier, &path)? {
                Some(_) => pages.all += 1,
                None => drop(differing.insert(code)),
            }
        }
    }
    if !differing.is_empty() {
        pages.rendered = write_some(site, staging, &differing.into_iter().cloned().collect())?;
    }
    pages.all += pages.rendered;
    Ok(pages)
}

fn write_some(site: &TierSite<'_>, staging: &Staging, codes: &HashSet<String>) -> Result<usize, Error> {
    let entities = site.entities()?;
    let few = codes.len() < entities.list.len() / FEW;
    let views = site
        .about_entities()
        .map(|(dataset, table)| {
            // An owner's other VIRS stand in their rows, too.
            let view = if few && !is_owners(&table.table) { table.about(ENTITY, codes)? } else { table.whole()?.clone() };
            Ok((dataset, view))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let indexes: Vec<Indexed<'_>> = views.iter().map(|(dataset, view)| Indexed::new(dataset, view)).collect();
    let mut sections: Vec<_> = indexes.iter().map(|index| Section::new(site, index)).collect();
    sections.sort_by_key(|section| section.role);
    let write = |entity: &Entity<'_>| match path_of(entity.code).filter(|_| codes.contains(entity.code)) {
        Some(path) => {
            let page = render(site, entities, &sections, entity)?;
            staging.write_bytes(site.tier, &path, page.as_bytes()).map(|_| 1)
        }
        None => Ok(0),
    };
    entities.list.par_iter().map(write).sum()
}

/// Where the page of a VIRS lies in its tier.
fn path_of(code: &str) -> Option<String> {
    file(code).map(|file| format!("virs/{file}"))
}

/// What tonight's pages show; parts of tables that are those of the earlier release are taken from its marks.
pub(super) fn marks(site: &TierSite<'_>, fresh: &HashMap<&str, Arc<Part>>) -> Result<TierMarks, Error> {
    let known = site.earlier.and_then(|earlier| earlier.marks().0.get(&site.tier));
    let salt = &site.context.salt;
    let mut parts = BTreeMap::new();
    let mut others_are_old = known.is_some();
    for (_, table) in site.about_entities() {
        let name = &table.table.name;
        let (part, is_new) = match (fresh.get(name.as_str()), known.and_then(|known| known.parts.get(name))) {
            (Some(part), _) => (part.as_ref().clone(), true),
            (None, Some(part)) => (part.clone(), false),
            (None, None) => (of_rows(table.whole()?, salt)?, true),
        };
        let names_owners = site.register.is_some_and(|register| register.table.name == *name) || is_owners(&table.table);
        others_are_old &= !(is_new && names_owners);
        parts.insert(name.clone(), part);
    }
    let others = match known.filter(|_| others_are_old).and_then(|known| known.parts.get(OTHERS)) {
        Some(part) => part.clone(),
        None => of_others(site)?,
    };
    parts.insert(OTHERS.to_owned(), others);
    Ok(TierMarks { frame: text_hash(&site.frame_text(), salt), parts })
}

/// What else the owners of each VIRS have.
fn of_others(site: &TierSite<'_>) -> Result<Part, Error> {
    let mut part = Part::new();
    for (dataset, table) in site.about_entities().filter(|(_, table)| is_owners(&table.table)) {
        let index = Indexed::new(dataset, table.whole()?);
        let (Some(owners), entities) = (Owners::new(&index, &site.titles), site.entities()?) else { continue };
        for entity in &entities.list {
            let text = owners.others(entities, entity.code, index.rows(entity.code));
            part.insert(entity.code.to_owned(), text_hash(&text, &site.context.salt));
        }
    }
    Ok(part)
}

fn render(site: &TierSite<'_>, entities: &Entities<'_>, sections: &[Section<'_>], entity: &Entity<'_>) -> Result<String, Error> {
    let mut body = String::with_capacity(16 * 1024);
    let mut contents = Vec::new();
    for section in sections {
        let rows = section.index.rows(entity.code);
        if rows.is_empty() {
            continue;
        }
        let definition = section.index.table.table();
        let (id, title) = (definition.subject(), definition.title.lt.as_str());
        contents.push(Entry { id, title, count: rows.len() });
        let _ = write!(body, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">");
        push_escaped(title, &mut body);
        body.push_str("</h2>\n");
        section.push((site.tier, entities), entity, rows, &mut body);
        body.push_str("</section>\n");
    }
    let values = context! {
        frame => site.frame(entity.name, UP),
        name => entity.name,
        code => entity.code,
        form => entity.form,
        state => entity.state,
        contents => Serde(contents),
        body => Value::from_safe_string(body),
    };
    site.render("entity.html", values)
}

impl<'a> Section<'a> {
    fn new(site: &'a TierSite<'_>, index: &'a Indexed<'a>) -> Self {
        let columns = shown_columns(index.table, &site.titles);
        let role = match () {
            () if is_owners(index.table.table()) => Role::Owners,
            () if index.table.table().key == [ENTITY] => Role::Facts,
            () => Role::Rows,
        };
        let owners = (role == Role::Owners).then(|| Owners::new(index, &site.titles)).flatten();
        Self { index, columns, marks: Marks::of(index.table), role, owners }
    }

    fn push(&self, page: (Tier, &Entities<'_>), entity: &Entity<'_>, rows: &[usize], out: &mut String) {
        let shown_rows = &rows[..rows.len().min(ROW_LIMIT)];
        let mut without = HashSet::from(HIDDEN);
        let same_name = |shown: &&Shown<'_>| shown.column.name == NAME && rows.iter().all(|&row| shown.text(row) == Some(entity.name));
        without.extend(self.columns.iter().find(same_name).map(|_| NAME));
        let columns = filled(&self.columns, shown_rows, &self.marks, &without);
        match self.role {
            Role::Facts => self.push_facts(&columns, rows, out),
            Role::Rows => self.push_rows(&columns, shown_rows, out),
            Role::Owners => {
                if let Some(owners) = &self.owners {
                    owners.push(page, entity.code, rows, shown_rows, out);
                }
                out.push_str("<details>\n<summary>Visi duomenys apie savininkus</summary>\n");
                self.push_rows(&columns, shown_rows, out);
                out.push_str("</details>\n");
            }
        }
        if self.marks.any(shown_rows) {
            out.push_str("<p class=\"note\">„konfidencialu“ – reikšmė neskelbiama, kad nebūtų galima atpažinti asmens.</p>\n");
        }
        if rows.len() > shown_rows.len() {
            let _ = writeln!(
                out,
                "<p class=\"note\">Rodoma {} iš {}; visos – rinkinio failuose.</p>",
                counted(shown_rows.len() as u64, ROWS),
                rows.len()
            );
        }
        let _ =
            write!(out, "<p class=\"note\"><a href=\"{UP}{}#{}\">", dataset_path(self.index.dataset), self.index.table.table().subject());
        out.push_str("Rinkinys „");
        push_escaped(&self.index.dataset.title.lt, out);
        out.push_str("“: aprašymas ir atsisiuntimas</a></p>\n");
    }

    fn push_rows(&self, columns: &[&Shown<'_>], rows: &[usize], out: &mut String) {
        let caption = &self.index.table.table().title.lt;
        RowTable { caption, quiet: true, columns, marks: &self.marks, links: None }.push(rows, out);
    }

    fn push_facts(&self, columns: &[&Shown<'_>], rows: &[usize], out: &mut String) {
        out.push_str("<dl class=\"facts\">\n");
        for (row, shown) in rows.iter().flat_map(|&row| columns.iter().map(move |shown| (row, shown))) {
            out.push_str("<div><dt>");
            shown.push_heading(out);
            out.push_str("</dt><dd>");
            if shown.is_empty_at(row) && self.marks.hides(&shown.column.name, row) {
                out.push_str(CONFIDENTIAL);
            } else {
                shown.push_linked(row, out);
            }
            out.push_str("</dd></div>\n");
        }
        out.push_str("</dl>\n");
    }
}

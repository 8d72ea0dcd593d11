//! Writes the pages of all kinds: those that show what they showed in the last release are linked from it.

use std::ops::Range;

use catalog::{ENTITY, PageKind, text_hash};
use minijinja::{Value, context};
use rayon::prelude::*;

use super::entries::Lines;
use super::holdings::chains_of;
use super::map;
use super::view::{ByVirs, KindView, PageText, owners_of};
use crate::boundaries::Boundaries;
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::incremental::page_hashes::{KindHashes, TierHashes};
use crate::language::{in_both, said};
use crate::paths::{BOUNDARIES, thing_folder, thing_list};
use crate::site::chains::is_chains;
use crate::site::letters::{List, fits, numbered};
use crate::site::owners::is_owners;
use crate::site::pages::Pages;
use crate::site::text::number;
use crate::site::things::directory::{Directory, Thing};
use crate::site::tier_site::TierSite;
use crate::store::staging::Staging;

/// Things on one page of a list; more have a page for each letter.
const MOST: usize = 250;
/// Things on one page of a letter.
const MOST_OF_LETTER: usize = 500;

/// Writes them, and puts into `hashes` what they show.
pub(crate) fn write_all(site: &TierSite<'_>, staging: &Staging, hashes: &mut TierHashes) -> Result<Pages, Error> {
    let mut all = Pages::default();
    for kind in site.kinds() {
        let last = site.last_pages().filter(|(_, known)| known.frame == hashes.frame);
        let last = last.and_then(|(last, known)| Some((last, known.things.get(&kind.name)?)));
        let Some(tonight) = hashes.things.get_mut(&kind.name) else { continue };
        if let Some(boundaries) = site.context.boundaries.filter(|_| kind.map.is_some()) {
            staging.write_bytes(site.tier, BOUNDARIES, &boundaries.bytes())?;
        }
        let pages = write_kind(site, staging, kind, last, tonight)?;
        all.all += pages.all;
        all.rendered += pages.rendered;
    }
    Ok(all)
}

fn write_kind(
    site: &TierSite<'_>,
    staging: &Staging,
    kind: &PageKind,
    last: Option<(&LastRelease, &KindHashes)>,
    tonight: &mut KindHashes,
) -> Result<Pages, Error> {
    if let Some((last, known)) = last.filter(|(last, _)| !is_any_new(site, kind) && !is_drawn_anew(site, kind, last)) {
        let all = site.link_pages_below(last, staging, &thing_folder(kind))?;
        if all == known.pages.len() {
            tonight.pages.clone_from(&known.pages);
            return Ok(Pages { all, rendered: 0 });
        }
    }
    let (things, virs) = (site.things()?, site.entities()?);
    let Some(directory) = things.of(&kind.name) else { return Ok(Pages::default()) };
    let is_about_virs = directory.table.table().column(ENTITY).is_some();
    let by_virs = match is_about_virs {
        true => ByVirs { owners: owners_of(site)?, chains: chains_of(site)? },
        false => ByVirs::default(),
    };
    let view = KindView::new(site, kind, Lines::of(directory, things, virs, (&site.titles, site.context.release.date)), &by_virs)?;
    let write = |page: PageText| write_page(site, staging, &view, kind, &page, last);
    let single: &[_] = if view.lines.is_listed() { &[] } else { &directory.things };
    let mut written: Vec<(u64, bool)> = single.par_iter().map(|thing| write(view.page(thing))).collect::<Result<_, Error>>()?;
    let lists = match &kind.map {
        Some(map) => vec![map::page(site, kind, map, directory)?],
        None => list(kind, directory, &view),
    };
    written.extend(lists.into_par_iter().map(write).collect::<Result<Vec<_>, Error>>()?);
    tonight.pages = written.iter().map(|(hash, _)| *hash).collect();
    Ok(Pages { all: written.len(), rendered: written.iter().filter(|(_, is_rendered)| *is_rendered).count() })
}

/// Whether a table changed of which something stands on pages of this kind, or that says where names on them lead.
fn is_any_new(site: &TierSite<'_>, kind: &PageKind) -> bool {
    let is_asked = |name: &str| kind.is_named_in(name) || site.kinds().any(|other| other.table == name);
    let of_virs = site.about_entities().filter(|(_, table)| is_owners(&table.table) || is_chains(&table.table)).map(|(_, table)| table);
    let asked = site.datasets.iter().flat_map(|(_, tables)| tables).copied().filter(|table| is_asked(&table.table.name));
    of_virs.chain(asked).chain(site.register).any(|table| table.is_new())
}

/// Whether the map of a kind has other boundaries than in the last release.
fn is_drawn_anew(site: &TierSite<'_>, kind: &PageKind, last: &LastRelease) -> bool {
    let (before, tonight) = (last.entry(site.tier, BOUNDARIES), site.context.boundaries.map(Boundaries::fingerprint));
    kind.map.is_some() && before.map(|file| &file.sha256) != tonight.as_ref()
}

/// The hash of what a page shows, and whether it had to be rendered.
fn write_page(
    site: &TierSite<'_>,
    staging: &Staging,
    view: &KindView<'_, '_>,
    kind: &PageKind,
    page: &PageText,
    last: Option<(&LastRelease, &KindHashes)>,
) -> Result<(u64, bool), Error> {
    let PageText { path, title, lead, heading, body, has_persons } = page;
    let shown = [path.as_str(), title, lead, heading.as_deref().unwrap_or_default(), body, if *has_persons { "1" } else { "" }];
    let hash = text_hash(&shown.join("\n"), &site.context.salt);
    if let Some((last, _)) = last.filter(|(_, known)| known.pages.contains(&hash))
        && site.link_page(last, staging, path)?
    {
        return Ok((hash, false));
    }
    let values = context! {
        frame => site.frame(title, path),
        title, lead, heading,
        list => in_both(&kind.title),
        basis => view.basis().filter(|_| *has_persons),
        noindex => has_persons,
        is_whole => false,
        body => Value::from_safe_string(body.clone()),
    };
    let template = match *path == thing_list(kind) {
        true if kind.map.is_some() => "map.html",
        is_list if is_list || heading.is_some() => "entities.html",
        _ => "thing.html",
    };
    site.write_page(staging, path, &site.render(template, values)?)?;
    Ok((hash, true))
}

/// The pages of the alphabetical list.
fn list(kind: &PageKind, directory: &Directory<'_>, view: &KindView<'_, '_>) -> Vec<PageText> {
    let (is_listed, things) = (view.lines.is_listed(), &directory.things);
    let line = |thing: &Thing<'_>| {
        let mut line = String::new();
        if is_listed {
            view.lines.push_entry(thing, &mut line)
        } else {
            view.lines.push_line(thing, thing.file(), &mut line)
        }
        line
    };
    let lines: Vec<String> = things.par_iter().map(line).collect();
    let headings = || things.iter().map(Thing::heading).collect::<Vec<_>>();
    let parts = if is_listed { &directory.entry_pages } else { &numbered(&headings(), &lines, MOST_OF_LETTER) };
    let push = |places: Range<usize>, out: &mut String| out.extend(lines[places].iter().map(String::as_str));
    let is_whole = !is_listed && fits(&lines, MOST);
    let list = List { parts, is_whole, class: if is_listed { "entries" } else { "entities" }, push: &push };
    let (title, description) = (in_both(&kind.title), in_both(&kind.description));
    let lead = format!("{description} {}.", said!("Iš viso: {0}", number(things.len() as u64)));
    let start = PageText {
        path: thing_list(kind),
        title: title.clone(),
        lead,
        heading: None,
        body: list.start(),
        has_persons: is_whole && things.iter().any(Thing::is_person),
    };
    let part = |place: usize| {
        let part = &parts[place];
        PageText {
            path: format!("{}{}", thing_folder(kind), part.file),
            title: format!("{title}: {}", part.heading),
            lead: String::new(),
            heading: Some(part.heading.clone()),
            body: list.part(place),
            has_persons: things[part.places.clone()].iter().any(Thing::is_person),
        }
    };
    let others = if is_whole { 0 } else { parts.len() };
    let others: Vec<PageText> = (0..others).into_par_iter().map(part).collect();
    std::iter::once(start).chain(others).collect()
}

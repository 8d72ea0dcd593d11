//! The pages of all VIRS: which of them would show something else than in the last release, and must be rendered.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use arrow::array::Array;
use catalog::{ENTITY, text_hash};
use rayon::prelude::*;

use super::badge::svg;
use super::calendar::calendar;
use super::chains::{Chains, is_chains};
use super::changes::{feed_of, told_of};
use super::entities::{Indexed, VirsEntry};
use super::entity::{Part, Section, render};
use super::owners::{Owners, is_owners};
use super::past_owners::{HistoryRows, PastOwners, past_of};
use super::things::key::{text, texts};
use super::things::links::NameLinks;
use super::tier_site::TierSite;
use super::twin::json;
use super::workbook::workbook;
use super::{guide_papers, guides};
use crate::error::Error;
use crate::incremental::page_hashes::{CHANGES, EntityHashes, KindHashes, OTHERS, TierHashes, entity_hashes, links_part};
use crate::incremental::tier_table::TierTable;
use crate::language::{Language, in_language};
use crate::paths::entity_page;
use crate::store::staging::Staging;

/// Fewer than one page in so many: only rows about these VIRS are read from the last release.
const FEW: usize = 4;

/// How many pages there are, and how many of them had to be rendered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pages {
    pub(crate) all: usize,
    pub(crate) rendered: usize,
}

/// Writes all pages: those that show what they showed before are linked from the last release.
pub(crate) fn write_all(site: &TierSite<'_>, staging: &Staging, hashes: &TierHashes) -> Result<Pages, Error> {
    let Some(register) = site.register else { return Ok(Pages::default()) };
    let known = site.last_pages();
    let codes = || hashes.parts.get(&register.table.name).into_iter().flat_map(EntityHashes::keys);
    let mut differing: BTreeSet<&String> = match known {
        Some((_, known)) => hashes.differing(known, codes()),
        None => codes().collect(),
    };
    let mut pages = Pages::default();
    if let Some((last, _)) = known {
        for code in codes().filter(|code| !differing.contains(code)).collect::<Vec<_>>() {
            let Some(path) = entity_page(code) else { continue };
            let (others, past) = (site.beside(code), past_of(site, code));
            let are_there = others.iter().chain(&past).all(|path| last.entry(site.tier, path).is_some());
            // Former owners are links where they have a page, and no row of this VIRS tells that one of those is gone.
            let may_lead_elsewhere = past.is_some() && register.is_new();
            if may_lead_elsewhere || !are_there || !site.link_page(last, staging, &path)? {
                differing.insert(code);
                continue;
            }
            for path in others {
                last.link(staging, site.tier, &path)?;
            }
            if let Some(path) = &past {
                site.link_page(last, staging, path)?;
            }
            pages.all += 1 + past.iter().len();
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
    let things = site.things()?;
    let mut sections: Vec<_> = indexes.iter().map(|index| Section::new(site, things, index)).collect();
    sections.sort_by_key(|section| section.role);
    let history = if codes.iter().any(|code| past_of(site, code).is_some()) { Some(HistoryRows::read(site, staging)?) } else { None };
    let history = history.as_ref().map_or([None, None], |rows| rows.indexed());
    let past = PastOwners::new(site, things, &history);
    let write = |entity: &VirsEntry<'_>| match entity_page(entity.code).filter(|_| codes.contains(entity.code)) {
        Some(path) => {
            let parts: Vec<Part<'_, '_>> = sections.iter().filter_map(|section| section.about(entity.code)).collect();
            let page = render(site, entities, &parts, entity)?;
            for path in site.beside(entity.code) {
                let content = match path.rsplit('.').next() {
                    Some("svg") => badge(&parts, entity),
                    Some("ics") => calendar(site, &parts, entity),
                    Some("xlsx") => workbook(site, &parts, entity)?,
                    Some("atom") => feed_of(site, entities, entity.code, entity.name),
                    _ => json(site, &parts, entity)?,
                };
                staging.write_bytes(site.tier, &path, &content)?;
            }
            site.write_page(staging, &path, &page)?;
            let Some(path) = past_of(site, entity.code) else { return Ok(1) };
            site.write_page(staging, &path, &past.render(site, entities, entity, &path)?).map(|()| 2)
        }
        None => Ok(0),
    };
    entities.list.par_iter().map(write).sum()
}

fn badge(parts: &[Part<'_, '_>], entity: &VirsEntry<'_>) -> Vec<u8> {
    let owners = parts.iter().find_map(Part::owners);
    // A drawing that others show is in Lithuanian.
    let owners: Vec<String> =
        owners.unwrap_or_default().iter().map(|owner| in_language(owner, Language::Lithuanian).into_owned()).collect();
    svg(entity.name, &owners)
}

/// Hashes of what tonight's pages show; those of tables that did not change are the last release's.
pub(crate) fn hashes(site: &TierSite<'_>, fresh: &HashMap<&str, Arc<EntityHashes>>) -> Result<TierHashes, Error> {
    let known = site.last_pages().map(|(_, hashes)| hashes);
    let salt = &site.context.salt;
    let things = kinds(site)?;
    let mut parts = BTreeMap::new();
    let mut others_are_known = known.is_some();
    for (_, table) in site.about_entities() {
        let name = &table.table.name;
        let (part, is_new) = match (fresh.get(name.as_str()), known.and_then(|known| known.parts.get(name))) {
            (Some(part), _) => (part.as_ref().clone(), true),
            (None, Some(part)) => (part.clone(), false),
            (None, None) => (entity_hashes(name, table.whole()?.rows(), salt)?, true),
        };
        let names_owners =
            site.register.is_some_and(|register| register.table.name == *name) || is_owners(&table.table) || is_chains(&table.table);
        others_are_known &= !(is_new && names_owners);
        parts.insert(name.clone(), part);
        if let Some(links) = links(site, table, &things)? {
            parts.insert(links_part(name), links);
        }
    }
    let others = match known.filter(|_| others_are_known).and_then(|known| known.parts.get(OTHERS)) {
        Some(part) => part.clone(),
        None => of_others(site)?,
    };
    parts.insert(OTHERS.to_owned(), others);
    if let Some(history) = site.history {
        let told = history.events.keys().map(|code| (code.clone(), text_hash(&told_of(history, code), salt)));
        parts.insert(CHANGES.to_owned(), told.collect());
    }
    let of = |text: &str| text_hash(text, salt);
    let guides = guides::told(site)?;
    let (frame, news, papers, methods) = (
        site.frame_text(),
        format!("{:?} {guides}", (site.context.news, site.prose().collect::<Vec<_>>())),
        format!("{} {guides}", guide_papers::told(site)),
        format!("{:?}", site.context.models),
    );
    Ok(TierHashes {
        frame: of(&frame),
        news: of(&news),
        papers: of(&papers),
        methods: of(&methods),
        parts,
        things,
        ..TierHashes::default()
    })
}

/// Which things of each kind there are, and where; of what their pages show nothing is known yet.
fn kinds(site: &TierSite<'_>) -> Result<BTreeMap<String, KindHashes>, Error> {
    let known = site.last_pages().map(|(_, hashes)| hashes);
    let mut all = BTreeMap::new();
    for kind in site.kinds() {
        let is_new = site.table(&kind.table).is_some_and(|(_, table)| table.is_new());
        let addresses = match known.and_then(|known| known.things.get(&kind.name)).filter(|_| !is_new) {
            Some(known) => known.addresses,
            None => site.things()?.of(&kind.name).map_or(0, |directory| directory.addresses_hash(&site.context.salt)),
        };
        all.insert(kind.name.clone(), KindHashes { addresses, ..KindHashes::default() });
    }
    Ok(all)
}

/// Where names in a table's rows about each VIRS lead; nothing if they lead nowhere.
fn links(site: &TierSite<'_>, table: &TierTable<'_>, things: &BTreeMap<String, KindHashes>) -> Result<Option<EntityHashes>, Error> {
    let name = &table.table.name;
    let kinds: Vec<&str> = site.kinds().filter(|kind| kind.is_named_in(name)).map(|kind| kind.name.as_str()).collect();
    if kinds.is_empty() {
        return Ok(None);
    }
    if let Some((_, known)) = site.last_pages().filter(|_| !table.is_new()) {
        let addresses = |things: &BTreeMap<String, KindHashes>, kind: &str| things.get(kind).map(|kind| kind.addresses);
        let same = kinds.iter().all(|kind| addresses(&known.things, kind) == addresses(things, kind));
        if let Some(part) = known.parts.get(&links_part(name)).filter(|_| same) {
            return Ok(Some(part.clone()));
        }
    }
    let rows = table.whole()?;
    let (links, mut part) = (NameLinks::of(site.things()?, rows), EntityHashes::new());
    let Some(codes) = texts(rows, ENTITY) else { return Ok(Some(part)) };
    for row in 0..codes.len() {
        let code = text(codes, row).unwrap_or_default();
        for page in links.pages(row) {
            let hash = text_hash(page, &site.context.salt);
            match part.get_mut(code) {
                Some(sum) => *sum = hash.wrapping_add(*sum),
                None => drop(part.insert(code.to_owned(), hash)),
            }
        }
    }
    Ok(Some(part))
}

/// What else the owners of each VIRS have, and which companies above it are VIRS with pages of their own.
fn of_others(site: &TierSite<'_>) -> Result<EntityHashes, Error> {
    let mut part = EntityHashes::new();
    let is_told = |table: &TierTable<'_>| is_owners(&table.table) || is_chains(&table.table);
    for (dataset, table) in site.about_entities().filter(|(_, table)| is_told(table)) {
        let index = Indexed::new(dataset, table.whole()?);
        let things = site.things()?;
        let owners = is_owners(&table.table).then(|| Owners::new(&index, &site.titles, things)).flatten();
        let (chains, entities) = (Chains::new(&index, &site.titles, things), site.entities()?);
        for entity in &entities.list {
            let rows = index.rows(entity.code);
            let others = owners.as_ref().map(|owners| owners.others(entities, entity.code, rows));
            let companies = chains.as_ref().map(|chains| chains.pages(entities, rows).collect::<Vec<_>>().join(" "));
            let Some(text) = others.or(companies) else { continue };
            // Several tables may tell of owners.
            *part.entry(entity.code.to_owned()).or_default() ^= text_hash(&format!("{}\n{text}", table.table.name), &site.context.salt);
        }
    }
    Ok(part)
}

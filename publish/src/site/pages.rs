//! The pages of all VIRS: which of them would show something else than in the last release, and must be rendered.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use catalog::{ENTITY, text_hash};
use rayon::prelude::*;

use super::badge::svg;
use super::chains::{Chains, is_chains};
use super::entities::{Indexed, VirsEntry};
use super::entity::{Section, render};
use super::owners::{Owners, is_owners};
use super::tier_site::TierSite;
use super::twin::json;
use crate::error::Error;
use crate::incremental::page_hashes::{EntityHashes, OTHERS, TierHashes, entity_hashes};
use crate::incremental::tier_table::TierTable;
use crate::paths::{beside, entity_page};
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
            let mut are_there = true;
            for path in [path].into_iter().chain(beside(site.tier, code)) {
                are_there = are_there && last.link(staging, site.tier, &path)?.is_some();
            }
            match are_there {
                true => pages.all += 1,
                false => drop(differing.insert(code)),
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
    let write = |entity: &VirsEntry<'_>| match entity_page(entity.code).filter(|_| codes.contains(entity.code)) {
        Some(path) => {
            let page = render(site, entities, &sections, entity)?;
            for path in beside(site.tier, entity.code) {
                let content = if path.ends_with(".svg") { badge(&sections, entity) } else { json(site, &sections, entity)? };
                staging.write_bytes(site.tier, &path, &content)?;
            }
            staging.write_bytes(site.tier, &path, page.as_bytes()).map(|_| 1)
        }
        None => Ok(0),
    };
    entities.list.par_iter().map(write).sum()
}

fn badge(sections: &[Section<'_>], entity: &VirsEntry<'_>) -> Vec<u8> {
    let owners = sections.iter().find_map(|section| section.owners_of(entity.code));
    svg(entity.name, &owners.unwrap_or_default())
}

/// Hashes of what tonight's pages show; those of tables that did not change are the last release's.
pub(crate) fn hashes(site: &TierSite<'_>, fresh: &HashMap<&str, Arc<EntityHashes>>) -> Result<TierHashes, Error> {
    let known = site.last_pages().map(|(_, hashes)| hashes);
    let salt = &site.context.salt;
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
    }
    let others = match known.filter(|_| others_are_known).and_then(|known| known.parts.get(OTHERS)) {
        Some(part) => part.clone(),
        None => of_others(site)?,
    };
    parts.insert(OTHERS.to_owned(), others);
    let of = |text: &str| text_hash(text, salt);
    let (frame, news, methods) = (site.frame_text(), format!("{:?}", site.context.news), format!("{:?}", site.context.models));
    Ok(TierHashes { frame: of(&frame), news: of(&news), methods: of(&methods), parts })
}

/// What else the owners of each VIRS have, and which companies above it are VIRS with pages of their own.
fn of_others(site: &TierSite<'_>) -> Result<EntityHashes, Error> {
    let mut part = EntityHashes::new();
    let is_told = |table: &TierTable<'_>| is_owners(&table.table) || is_chains(&table.table);
    for (dataset, table) in site.about_entities().filter(|(_, table)| is_told(table)) {
        let index = Indexed::new(dataset, table.whole()?);
        let owners = is_owners(&table.table).then(|| Owners::new(&index, &site.titles)).flatten();
        let (chains, entities) = (Chains::new(&index), site.entities()?);
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

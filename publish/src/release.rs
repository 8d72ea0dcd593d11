//! The driver: all tables in all formats and the site of every tier, into one staging folder.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use catalog::{Catalog, Dataset, Released, Tier};
use rayon::prelude::*;

use crate::database;
use crate::descriptions;
use crate::documents::{self, Documents};
use crate::error::Error;
use crate::formats::{PUBLISHERS, Publisher};
use crate::gzip;
use crate::history::{self, Keeping};
use crate::incremental::last_release::LastRelease;
use crate::incremental::page_hashes::{EntityHashes, PageHashes, TierHashes, entity_hashes};
use crate::incremental::tier_table::TierTable;
use crate::links;
use crate::ownership_files;
use crate::paths::table_path;
use crate::site::context::{Downloads, SiteContext};
use crate::site::pages::Pages;
use crate::site::templates::templates;
use crate::site::tier_site::TierSite;
use crate::site::{lists, pages, root, search, sitemap, sql, thing_pages};
use crate::store::commit::next_sequence;
use crate::store::manifest::release_name;
use crate::store::staging::{Contents, Staging, Written};

/// The format from which rows are read back.
const ROWS: &str = "parquet";

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Data files: tables by tiers and formats.
    pub data_files: usize,
    /// How many of them were linked from the last release.
    pub data_files_linked: usize,
    /// Their size together.
    pub data_bytes: u64,
    /// Pages of the site, of all tiers.
    pub pages: usize,
    /// How many of them had to be rendered; the others were linked.
    pub pages_rendered: usize,
    /// Documents that rows name, of all tiers.
    pub documents: usize,
}

/// Writes every table in every format, and the site of every tier.
///
/// `tables` are those that hold something else than in the `last` release; all others, and every page that would show what it shows there,
/// are linked from it. `documents` gives the documents that rows name and the last release does not have. Returns what the pages
/// show, for the next release.
///
/// # Errors
/// [`Error::NoDataset`] for a table without a home; [`Error::DeadLink`]; [`Error::Document`] for one that is not there or is another; [`Error::Format`],
/// [`Error::Template`], [`Error::LastRelease`] and [`Error::Io`].
pub fn publish(
    staging: &Staging,
    catalog: &Catalog,
    tables: &[Released],
    last: Option<&LastRelease>,
    documents: &Documents<'_>,
    context: &SiteContext<'_>,
) -> Result<(Published, PageHashes), Error> {
    publish_tiers(staging, catalog, &Tier::ALL, tables, last, documents, &Keeping::Forward, context)
}

/// The same for some of the tiers.
#[expect(clippy::too_many_arguments, reason = "each is a part of a release of its own")]
pub(crate) fn publish_tiers(
    staging: &Staging,
    catalog: &Catalog,
    tiers: &[Tier],
    tables: &[Released],
    last: Option<&LastRelease>,
    documents: &Documents<'_>,
    keeping: &Keeping<'_>,
    context: &SiteContext<'_>,
) -> Result<(Published, PageHashes), Error> {
    let datasets: HashMap<&str, &Dataset> =
        catalog.datasets().flat_map(|dataset| dataset.tables.iter().map(|table| (table.as_str(), dataset.as_ref()))).collect();
    let groups = twins(tables);
    let has_pages = |tier: &Tier| *tier != Tier::Internal || context.internal_pages;
    let jobs = jobs(&groups, &datasets, has_pages)?;
    let all = tier_tables(catalog, tiers, tables, last)?;
    let templates = templates()?;
    let known_histories = OnceLock::new();
    let tables_and_pages = || {
        let (files, histories) = rayon::join(
            || jobs.par_iter().with_max_len(1).map(|job| write_table(staging, job)).collect::<Result<Vec<_>, _>>(),
            || history::write::write(staging, catalog, keeping, &all, last, context),
        );
        let (files, histories) = (files?, histories?);
        let histories = known_histories.get_or_init(|| histories);
        let site = |&tier: &Tier| TierSite::new(tier, catalog, (&all, histories.get(&tier)), last, context, &templates);
        let sites: Vec<_> = tiers.iter().filter(|tier| has_pages(tier)).map(site).collect();
        let shown: Vec<_> = groups.iter().filter(|group| group.iter().any(|table| has_pages(&table.tier()))).collect();
        let entity_pages = write_entity_pages(staging, &sites, &fresh_hashes(&shown, &context.salt)?)?;
        Ok::<_, Error>((files, histories, sites, entity_pages))
    };
    // The databases are written by one core, so they begin with the rest.
    let (written, databases) =
        rayon::join(tables_and_pages, || database::write(staging, tiers, &all, last, (context.sql.database, context.sql.sqlite)));
    let ((files, histories, sites, mut entity_pages), databases) = (written?, databases?);
    let mut files: Vec<DataFile<'_>> = files.into_iter().flatten().collect();
    let before: Vec<_> = all.iter().filter(|table| !table.is_new()).collect();
    let linked = before.par_iter().map(|table| link_table(staging, last, table, &datasets, context)).collect::<Result<Vec<_>, _>>()?;
    let mut data_files_linked = 0;
    for (file, is_linked) in linked.into_iter().flatten() {
        data_files_linked += usize::from(is_linked);
        files.push(file);
    }
    let documents = documents::write(staging, tiers, &all, last, documents)?;
    let is_portal = tiers.iter().any(|tier| *tier != Tier::Internal);
    if is_portal {
        sql::pages::write_engine(staging, last, &context.sql)?;
    }
    let root = if is_portal { root::write(staging, context, &templates)? } else { 0 };
    let mut published = Published {
        data_files: files.len(),
        data_files_linked,
        data_bytes: files.iter().map(|file| file.written.bytes).sum(),
        pages: root,
        pages_rendered: root,
        documents,
    };
    let searches = sites.par_iter().zip(entity_pages.par_iter_mut());
    searches.try_for_each(|(site, (_, hashes))| search::files::write(site, staging, hashes))?;
    let mut page_hashes = PageHashes::default();
    for (site, (entity_pages, hashes)) in sites.iter().zip(entity_pages) {
        let downloads: Downloads<'_> =
            files.iter().filter(|file| file.tier == site.tier()).map(|file| ((file.table, file.extension), file.written.clone())).collect();
        let sql = sql::pages::write(site, staging, &databases)?;
        let sql = Pages { all: sql, rendered: sql };
        let lists = lists::write(site, staging, &downloads, databases.get(&site.tier()), &hashes)?;
        for pages in [entity_pages, lists, sql] {
            published.pages += pages.all;
            published.pages_rendered += pages.rendered;
        }
        page_hashes.tiers.insert(site.tier(), hashes);
    }
    let frame = |hashes: &PageHashes| hashes.tiers.get(&Tier::Public).map(|hashes| hashes.frame);
    let same_publisher = last.filter(|last| frame(last.page_hashes()) == frame(&page_hashes));
    ownership_files::write(staging, catalog, histories, same_publisher, context.release)?;
    let sequence = match keeping {
        Keeping::Forward => next_sequence(&staging.store)?,
        Keeping::AsItStands(_) => last.map(LastRelease::sequence).unwrap_or_default(),
    };
    let name = release_name(sequence, context.release.date);
    let of_portal = tiers.iter().filter(|tier| **tier != Tier::Internal);
    of_portal.into_iter().try_for_each(|tier| descriptions::write(staging, catalog, *tier, context.release, &name, context.notice))?;
    tiers.iter().try_for_each(|tier| sitemap::write(staging, *tier, same_publisher, context.release))?;
    // A removal that the law asks for is not held up by a link.
    if matches!(keeping, Keeping::Forward) {
        let site = root::site_folder(context.release.publication.as_ref());
        page_hashes.links = Some(links::check(staging, tiers, &site, last, &context.salt)?);
    }
    gzip::write(staging, last, context.release)?;
    Ok((published, page_hashes))
}

/// One format of one table, once for all tiers that see the same of it.
type Job<'a> = (Vec<&'a Released>, &'a Dataset, &'static dyn Publisher);

/// The formats in which a dataset is written: a tier without pages has that alone from which rows are read back.
fn publishers(dataset: &Dataset, has_pages: bool) -> impl Iterator<Item = &'static dyn Publisher> {
    let is_written = move |format: &str| {
        (dataset.formats.is_empty() || dataset.formats.iter().any(|one| one == format)) && (has_pages || format == ROWS)
    };
    PUBLISHERS.iter().copied().filter(move |publisher| is_written(publisher.extension()))
}

/// Everything to be written, the longest first, so that no core is left alone with one at the end.
fn jobs<'a>(
    groups: &[Vec<&'a Released>],
    datasets: &HashMap<&str, &'a Dataset>,
    has_pages: impl Fn(&Tier) -> bool,
) -> Result<Vec<Job<'a>>, Error> {
    let mut jobs = Vec::with_capacity(groups.len() * PUBLISHERS.len());
    for group in groups {
        let name = group[0].table().name.as_str();
        let dataset = *datasets.get(name).ok_or_else(|| Error::NoDataset { table: name.to_owned() })?;
        for publisher in publishers(dataset, true) {
            let has = |table: &&&Released| publisher.extension() == ROWS || has_pages(&table.tier());
            let twins: Vec<&Released> = group.iter().filter(has).copied().collect();
            jobs.extend((!twins.is_empty()).then_some((twins, dataset, publisher)));
        }
    }
    jobs.sort_by_key(|(group, _, _)| std::cmp::Reverse(group[0].rows().num_rows()));
    Ok(jobs)
}

/// All tables of all tiers: those made tonight, and those that lie in the last release.
fn tier_tables<'a>(
    catalog: &Catalog,
    tiers: &[Tier],
    tables: &[Released],
    last: Option<&'a LastRelease>,
) -> Result<Vec<TierTable<'a>>, Error> {
    let mut all: Vec<TierTable<'_>> = tables.iter().map(TierTable::tonight).collect();
    let Some(last) = last else { return Ok(all) };
    let tonight: HashSet<(&str, Tier)> = tables.iter().map(|table| (table.table().name.as_str(), table.tier())).collect();
    for dataset in catalog.datasets() {
        for table in dataset.tables.iter().filter_map(|name| catalog.table(name).ok()) {
            let before = |tier: &&Tier| tiers.contains(tier) && !tonight.contains(&(table.name.as_str(), **tier));
            for tier in table.tiers.iter().filter(before) {
                all.push(TierTable::before(table, *tier, last, table_path(dataset, table, ROWS))?);
            }
        }
    }
    Ok(all)
}

/// Hashes of tables made tonight, by tier and table.
type FreshHashes<'a> = HashMap<Tier, HashMap<&'a str, Arc<EntityHashes>>>;

/// What the pages show of tables made tonight, hashed once for tiers that see the same.
fn fresh_hashes<'a>(groups: &[&Vec<&'a Released>], salt: &[u8; 32]) -> Result<FreshHashes<'a>, Error> {
    let of_group = |group: &&Vec<&Released>| Ok(Arc::new(entity_hashes(&group[0].table().name, group[0].rows(), salt)?));
    let hashes = groups.par_iter().map(of_group).collect::<Result<Vec<_>, Error>>()?;
    let mut by_tier = FreshHashes::new();
    for (group, hashes) in groups.iter().zip(hashes) {
        for table in group.iter() {
            by_tier.entry(table.tier()).or_default().insert(table.table().name.as_str(), hashes.clone());
        }
    }
    Ok(by_tier)
}

/// Writes the pages of all VIRS, outlets, owners, institutions and donors, of every tier.
fn write_entity_pages(staging: &Staging, sites: &[TierSite<'_>], fresh: &FreshHashes<'_>) -> Result<Vec<(Pages, TierHashes)>, Error> {
    let none = HashMap::new();
    let write = |site: &TierSite<'_>| {
        let mut hashes = pages::hashes(site, fresh.get(&site.tier()).unwrap_or(&none))?;
        let of_virs = pages::write_all(site, staging, &hashes)?;
        let others = thing_pages::write::write_all(site, staging, &mut hashes)?;
        Ok((Pages { all: of_virs.all + others.all, rendered: of_virs.rendered + others.rendered }, hashes))
    };
    sites.par_iter().map(write).collect()
}

struct DataFile<'a> {
    tier: Tier,
    table: &'a str,
    extension: &'static str,
    written: Written,
}

fn write_table<'a>(staging: &Staging, (twins, dataset, publisher): &Job<'a>) -> Result<Vec<DataFile<'a>>, Error> {
    let table = twins[0];
    let path = table_path(dataset, table.table(), publisher.extension());
    let written = staging.write(table.tier(), &path, Some(Contents::of(table)), |out| publisher.write(table, out))?;
    let file = |tier| DataFile { tier, table: &table.table().name, extension: publisher.extension(), written: written.clone() };
    let mut files = vec![file(table.tier())];
    for twin in &twins[1..] {
        staging.share(table.tier(), twin.tier(), &path, Contents::of(twin), &written)?;
        files.push(file(twin.tier()));
    }
    Ok(files)
}

/// Links all formats of a table that did not change, and prints those that the last release did not have; says of each which it was.
fn link_table<'a>(
    staging: &Staging,
    last: Option<&LastRelease>,
    table: &'a TierTable<'_>,
    datasets: &HashMap<&str, &Dataset>,
    context: &SiteContext<'_>,
) -> Result<Vec<(DataFile<'a>, bool)>, Error> {
    let name = &table.table.name;
    let dataset = *datasets.get(name.as_str()).ok_or_else(|| Error::NoDataset { table: name.clone() })?;
    let link = |publisher: &'static dyn Publisher| {
        let path = table_path(dataset, &table.table, publisher.extension());
        let linked = last.map_or(Ok(None), |last| last.link(staging, table.tier, &path))?;
        let is_linked = linked.is_some();
        let written = match linked {
            Some(written) => written,
            None => {
                let refused = |reason: String| Error::LastRelease { path: path.clone().into(), reason };
                let released = (context.admit)(table.table.clone(), table.tier, table.whole()?.rows().clone()).map_err(refused)?;
                staging.write(table.tier, &path, Some(Contents::of(&released)), |out| publisher.write(&released, out))?
            }
        };
        Ok((DataFile { tier: table.tier, table: name, extension: publisher.extension(), written }, is_linked))
    };
    publishers(dataset, table.tier != Tier::Internal || context.internal_pages).map(link).collect()
}

/// Tables in groups of the same rows: what two tiers see alike is written once. The portal's tiers come first in a group.
fn twins(tables: &[Released]) -> Vec<Vec<&Released>> {
    let mut groups: Vec<Vec<&Released>> = Vec::new();
    let mut sorted: Vec<&Released> = tables.iter().collect();
    sorted.sort_by_key(|table| (&table.table().name, std::cmp::Reverse(table.tier())));
    for table in sorted {
        let same = |group: &Vec<&Released>| group[0].table().name == table.table().name && group[0].rows() == table.rows();
        match groups.iter_mut().rev().take(Tier::ALL.len()).find(|group| same(group)) {
            Some(group) => group.push(table),
            None => groups.push(vec![table]),
        }
    }
    groups
}

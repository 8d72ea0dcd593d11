//! The driver: all tables in all formats and the site of every tier, into one staging folder.

use std::collections::HashMap;

use catalog::{Catalog, Released, Tier};
use rayon::prelude::*;

use crate::site::{self, TierSite};
use crate::store::{Contents, Staging};
use crate::{Error, PUBLISHERS, Publisher, ReleaseInfo, Written};

/// What the site says about the release beside its tables.
#[derive(Debug, Clone, Copy)]
pub struct SiteContext<'a> {
    /// Date and sources of the release.
    pub release: &'a ReleaseInfo,
    /// A line on top of every page, in Lithuanian: that the data is made up, for example.
    pub notice: Option<&'a str>,
}

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Data files: tables by tiers and formats.
    pub data_files: usize,
    /// Their size together.
    pub data_bytes: u64,
    /// Pages of the site, of all tiers.
    pub pages: usize,
}

/// Sizes of the downloads of one tier, by table and file extension.
pub(crate) type Downloads<'a> = HashMap<(&'a str, &'static str), Written>;

/// Writes every table in every format, and the site of every tier.
///
/// # Errors
/// [`Error::NoDataset`] for a table without a home; [`Error::Format`], [`Error::Template`] and [`Error::Io`].
pub fn publish(staging: &Staging, catalog: &Catalog, tables: &[Released], context: &SiteContext<'_>) -> Result<Published, Error> {
    let datasets: HashMap<&str, &str> =
        catalog.datasets().flat_map(|dataset| dataset.tables.iter().map(|table| (table.as_str(), dataset.name.as_str()))).collect();
    let groups = twins(tables);
    let mut jobs = Vec::with_capacity(groups.len() * PUBLISHERS.len());
    for group in &groups {
        let name = group[0].table().name.as_str();
        let dataset = *datasets.get(name).ok_or_else(|| Error::NoDataset { table: name.to_owned() })?;
        jobs.extend(PUBLISHERS.iter().map(|&publisher| (group.as_slice(), dataset, publisher)));
    }
    // The longest first, so that no core is left alone with one at the end.
    jobs.sort_by_key(|(group, _, _)| std::cmp::Reverse(group[0].rows().num_rows()));

    let templates = site::templates()?;
    let sites: Vec<_> = Tier::ALL.iter().map(|&tier| TierSite::new(tier, catalog, tables, context, &templates)).collect();
    let (files, pages) = rayon::join(
        || jobs.par_iter().with_max_len(1).map(|job| write_table(staging, *job)).collect::<Result<Vec<_>, _>>(),
        || sites.par_iter().map(|site| site.write_entities(staging)).sum::<Result<usize, Error>>(),
    );
    let files: Vec<DataFile<'_>> = files?.into_iter().flatten().collect();
    let mut pages = pages?;
    for site in &sites {
        let downloads: Downloads<'_> =
            files.iter().filter(|file| file.tier == site.tier()).map(|file| ((file.table, file.extension), file.written.clone())).collect();
        pages += site.write_lists(staging, &downloads)?;
    }
    pages += site::write_root(staging, context, &templates)?;
    Ok(Published { data_files: files.len(), data_bytes: files.iter().map(|file| file.written.bytes).sum(), pages })
}

struct DataFile<'a> {
    tier: Tier,
    table: &'a str,
    extension: &'static str,
    written: Written,
}

/// Writes one format of one table, once for all tiers that see the same of it.
fn write_table<'a>(
    staging: &Staging,
    (twins, dataset, publisher): (&[&'a Released], &str, &dyn Publisher),
) -> Result<Vec<DataFile<'a>>, Error> {
    let table = twins[0];
    let path = data_path(dataset, table.table().subject(), publisher.extension());
    let written = staging.write(table.tier(), &path, Some(Contents::of(table)), |out| publisher.write(table, out))?;
    let file = |tier| DataFile { tier, table: &table.table().name, extension: publisher.extension(), written: written.clone() };
    let mut files = vec![file(table.tier())];
    for twin in &twins[1..] {
        staging.share(table.tier(), twin.tier(), &path, Contents::of(twin), &written)?;
        files.push(file(twin.tier()));
    }
    Ok(files)
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

/// Where a download lies in its tier.
pub(crate) fn data_path(dataset: &str, subject: &str, extension: &str) -> String {
    format!("data/{dataset}/{subject}.{extension}")
}

//! The driver: all tables in all formats and the site of every tier, into one staging folder.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use catalog::{Catalog, News, Released, Tier};
use rayon::prelude::*;

use crate::seen::{Seen, View};
use crate::site::{self, PageMarks, Part, TierSite};
use crate::store::{Contents, Staging};
use crate::{Earlier, Error, PUBLISHERS, Publisher, ReleaseInfo, Written};

/// The format from which rows are read back.
const ROWS: &str = "parquet";

/// What the site says about the release beside its tables.
#[derive(Debug, Clone, Copy)]
pub struct SiteContext<'a> {
    /// News that are shown on this release's day, the newest first.
    pub news: &'a [&'a News],
    /// Date and sources of the release.
    pub release: &'a ReleaseInfo,
    /// A line on top of every page, in Lithuanian: that the data is made up, for example.
    pub notice: Option<&'a str>,
    /// A secret of this installation, under which it is remembered what pages show.
    pub salt: [u8; 32],
}

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Data files: tables by tiers and formats.
    pub data_files: usize,
    /// How many of them were taken over from the earlier release.
    pub data_files_linked: usize,
    /// Their size together.
    pub data_bytes: u64,
    /// Pages of the site, of all tiers.
    pub pages: usize,
    /// How many of them had to be rendered; the others were taken over.
    pub pages_rendered: usize,
    /// Documents that rows name, of all tiers.
    pub documents: usize,
}

/// Gives the documents that rows name, by their SHA-256.
pub type Documents<'a> = dyn Fn(&str) -> Option<Vec<u8>> + 'a;

/// Sizes of the downloads of one tier, by table and file extension.
pub(crate) type Downloads<'a> = HashMap<(&'a str, &'static str), Written>;

/// Writes every table in every format, and the site of every tier.
///
/// `tables` are those that hold something else than in `earlier`; all others, and every page that would show what it shows there,
/// are taken over from it. `documents` gives the documents that rows name and the earlier release does not have. Returns what the pages
/// show, for the next release.
///
/// # Errors
/// [`Error::NoDataset`] for a table without a home; [`Error::Document`] for one that is not there or is another; [`Error::Format`],
/// [`Error::Template`], [`Error::Earlier`] and [`Error::Io`].
pub fn publish(
    staging: &Staging,
    catalog: &Catalog,
    tables: &[Released],
    earlier: Option<&Earlier>,
    documents: &Documents<'_>,
    context: &SiteContext<'_>,
) -> Result<(Published, PageMarks), Error> {
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

    let seen = seen(catalog, tables, earlier)?;
    let templates = site::templates()?;
    let sites: Vec<_> = Tier::ALL.iter().map(|&tier| TierSite::new(tier, catalog, &seen, earlier, context, &templates)).collect();
    let (files, pages) = rayon::join(
        || jobs.par_iter().with_max_len(1).map(|job| write_table(staging, *job)).collect::<Result<Vec<_>, _>>(),
        || {
            let fresh = fresh_parts(&groups, &context.salt)?;
            let none = HashMap::new();
            sites
                .par_iter()
                .map(|site| {
                    let marks = site.marks(fresh.get(&site.tier()).unwrap_or(&none))?;
                    Ok((site.write_entities(staging, &marks)?, marks))
                })
                .collect::<Result<Vec<_>, Error>>()
        },
    );
    let mut files: Vec<DataFile<'_>> = files?.into_iter().flatten().collect();
    let written = files.len();
    if let Some(earlier) = earlier {
        for table in seen.iter().filter(|table| !table.is_new()) {
            files.extend(link_table(staging, earlier, table, datasets.get(table.table.name.as_str()).copied().unwrap_or_default())?);
        }
    }
    let documents = crate::documents::write(staging, &seen, earlier, documents)?;
    let mut published = Published {
        data_files: files.len(),
        data_files_linked: files.len() - written,
        data_bytes: files.iter().map(|file| file.written.bytes).sum(),
        pages: site::write_root(staging, context, &templates)?,
        pages_rendered: 1,
        documents,
    };
    let mut page_marks = PageMarks::default();
    for (site, (pages, marks)) in sites.iter().zip(pages?) {
        let downloads: Downloads<'_> =
            files.iter().filter(|file| file.tier == site.tier()).map(|file| ((file.table, file.extension), file.written.clone())).collect();
        for pages in [pages, site.write_lists(staging, &downloads, &marks)?] {
            published.pages += pages.all;
            published.pages_rendered += pages.rendered;
        }
        page_marks.0.insert(site.tier(), marks);
    }
    Ok((published, page_marks))
}

/// All tables of all tiers: those made tonight, and those that lie in the earlier release.
fn seen<'a>(catalog: &Catalog, tables: &[Released], earlier: Option<&'a Earlier>) -> Result<Vec<Seen<'a>>, Error> {
    let mut seen: Vec<Seen<'_>> = tables.iter().map(Seen::tonight).collect();
    let Some(earlier) = earlier else { return Ok(seen) };
    let tonight: HashSet<&str> = tables.iter().map(|table| table.table().name.as_str()).collect();
    for dataset in catalog.datasets() {
        for table in dataset.tables.iter().filter(|name| !tonight.contains(name.as_str())).filter_map(|name| catalog.table(name).ok()) {
            for tier in &table.tiers {
                seen.push(Seen::before(table, *tier, earlier, data_path(&dataset.name, table.subject(), ROWS))?);
            }
        }
    }
    Ok(seen)
}

/// What the pages show of tables made tonight, by tier and table; told once for tiers that see the same.
fn fresh_parts<'a>(groups: &[Vec<&'a Released>], salt: &[u8; 32]) -> Result<HashMap<Tier, HashMap<&'a str, Arc<Part>>>, Error> {
    let parts =
        groups.par_iter().map(|group| Ok(Arc::new(site::of_rows(&View::from(group[0]), salt)?))).collect::<Result<Vec<_>, Error>>()?;
    let mut by_tier: HashMap<Tier, HashMap<&str, Arc<Part>>> = HashMap::new();
    for (group, part) in groups.iter().zip(parts) {
        for table in group {
            by_tier.entry(table.tier()).or_default().insert(table.table().name.as_str(), part.clone());
        }
    }
    Ok(by_tier)
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

/// Takes over all formats of a table that did not change.
fn link_table<'a>(staging: &Staging, earlier: &Earlier, table: &'a Seen<'_>, dataset: &str) -> Result<Vec<DataFile<'a>>, Error> {
    PUBLISHERS
        .iter()
        .map(|publisher| {
            let path = data_path(dataset, table.table.subject(), publisher.extension());
            let missing = || Error::Earlier { path: path.clone().into(), reason: "the file is missing".to_owned() };
            let written = earlier.link(staging, table.tier, &path)?.ok_or_else(missing)?;
            Ok(DataFile { tier: table.tier, table: &table.table.name, extension: publisher.extension(), written })
        })
        .collect()
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
#[must_use]
pub fn data_path(dataset: &str, subject: &str, extension: &str) -> String {
    format!("data/{dataset}/{subject}.{extension}")
}

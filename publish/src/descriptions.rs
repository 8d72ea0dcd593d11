//! What describes each tier of the portal to catalogues and tools, in their formats. All of it follows from the definitions and from what was written.

use catalog::{Catalog, Dataset, Table, Tier};
use metadata::{DataFile, Described, DescribedDataset, DescribedTable, Publisher};

use crate::error::Error;
use crate::paths::{BODS, DATABASE, FTM, SQLITE, dataset_page, path_in_release};
use crate::publication::Publication;
use crate::store::entries::{FileEntry, ReleaseInfo};
use crate::store::staging::Staging;

/// Writes the descriptions of a tier, once its tables are written. Releases that do not say who publishes them have none.
pub(crate) fn write(
    staging: &Staging,
    catalog: &Catalog,
    tier: Tier,
    release: &ReleaseInfo,
    name: &str,
    notice: Option<&str>,
) -> Result<(), Error> {
    let Some(publication) = &release.publication else { return Ok(()) };
    let described = described(catalog, tier, release, publication, name, &entries(staging, tier));
    let described = Described { notice, ..described };
    let failed = |reason: String| Error::Description { tier, reason };
    let mut files = metadata::describe(&described).map_err(|error| failed(error.to_string()))?;
    files.extend(dcat::describe(&described).map_err(|error| failed(error.to_string()))?);
    files.iter().try_for_each(|(path, bytes)| staging.write_bytes(tier, path, bytes).map(drop))
}

/// What of a tier is described: files of tables, files that have all of them, and those of owners. All others, which are many, are pages.
fn entries(staging: &Staging, tier: Tier) -> Vec<FileEntry> {
    let others = WHOLE.iter().chain(&OF_OWNERS).map(|path| path_in_release(tier, path)).collect::<Vec<_>>();
    staging.entries_of(tier == Tier::Internal, |entry| entry.tier == Some(tier) && (entry.table.is_some() || others.contains(&entry.path)))
}

/// The tier as its descriptions have it.
fn described<'a>(
    catalog: &'a Catalog,
    tier: Tier,
    release: &ReleaseInfo,
    publication: &'a Publication,
    name: &str,
    entries: &[FileEntry],
) -> Described<'a> {
    let folder = path_in_release(tier, "");
    let file = |entry: &FileEntry| DataFile {
        path: entry.path.strip_prefix(&folder).unwrap_or(&entry.path).to_owned(),
        bytes: entry.bytes,
        sha256: entry.sha256.clone(),
    };
    let table = |dataset: &Dataset, table: &'a Table| {
        let place = path_in_release(tier, &format!("data/{}/", dataset.name));
        let is_of = |entry: &&FileEntry| entry.table.as_ref() == Some(&table.name) && entry.path.starts_with(&place);
        let files: Vec<&FileEntry> = entries.iter().filter(is_of).collect();
        let rows = files.first().and_then(|entry| entry.rows)?;
        Some(DescribedTable { table, rows, files: files.into_iter().map(file).collect() })
    };
    let datasets = catalog.datasets().filter_map(|dataset| {
        let named = dataset.tables.iter().flat_map(|name| [catalog.table(name).ok(), history_of(catalog, name)]).flatten();
        let tables: Vec<_> = named.filter_map(|definition| table(dataset, definition)).collect();
        (!tables.is_empty()).then(|| {
            let is_other = |entry: &&FileEntry| OF_OWNERS.iter().any(|path| entry.path == path_in_release(tier, path));
            let is_of_owners = dataset.tables.iter().any(|table| table == OWNERS);
            let others = entries.iter().filter(is_other).filter(|_| is_of_owners).map(file).collect();
            DescribedDataset { dataset, page: dataset_page(dataset), tables, others }
        })
    });
    let whole = entries.iter().filter(|entry| WHOLE.iter().any(|path| entry.path == path_in_release(tier, path)));
    Described { datasets: datasets.collect(), whole: whole.map(file).collect(), ..frame(catalog, tier, release, publication, name) }
}

/// Who publishes the tier, and where; without its datasets.
pub(crate) fn frame<'a>(
    catalog: &'a Catalog,
    tier: Tier,
    release: &ReleaseInfo,
    publication: &'a Publication,
    name: &str,
) -> Described<'a> {
    let folder = path_in_release(tier, "");
    let address = |url: &str, path: &str| format!("{}/{path}", url.trim_end_matches('/'));
    Described {
        catalog,
        tier,
        release: name.to_owned(),
        date: release.date,
        publisher: Publisher {
            name: &publication.publisher,
            code: publication.publisher_code.as_deref(),
            contact: publication.contact.as_deref(),
            licence: &publication.licence,
            licence_url: &publication.licence_url,
        },
        latest: publication.url.as_ref().map(|url| address(url, &folder)),
        immutable: publication.releases_url.as_ref().map(|url| address(url, &format!("{name}/{folder}"))),
        datasets: Vec::new(),
        whole: Vec::new(),
        notice: None,
    }
}

/// A table of the dataset that lies in formats of others, too.
const OWNERS: &str = "out_savininkas";
/// These.
const OF_OWNERS: [&str; 2] = [BODS, FTM];
/// Files that have all tables of a tier.
const WHOLE: [&str; 2] = [DATABASE, SQLITE];

fn history_of<'a>(catalog: &'a Catalog, name: &str) -> Option<&'a std::sync::Arc<Table>> {
    catalog.table(&catalog.table(name).ok()?.history_name()).ok()
}

//! Describes a tier of a release that stands, as publishing does, to try the descriptions with other people's validators:
//!
//!     cargo run -p metadata --example describe -- HOME RELEASE/public FOLDER
//!
//! HOME has `data/`; the tier's folder has its manifest. Descriptions are written into FOLDER, which may be a copy of the tier.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use catalog::{Catalog, Dataset, Table, Tier};
use metadata::{DataFile, Described, DescribedDataset, DescribedTable, Publisher};
use serde::Deserialize;

/// What the descriptions need of `manifest.json` of a tier.
#[derive(Deserialize)]
struct Manifest {
    tier: Tier,
    sequence: u64,
    date: chrono::NaiveDate,
    publication: Publication,
    files: Vec<Entry>,
}

#[derive(Deserialize)]
struct Publication {
    publisher: String,
    contact: Option<String>,
    licence: String,
    licence_url: String,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    sha256: String,
    bytes: u64,
    rows: Option<u64>,
    table: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [home, folder, out] = arguments.as_slice() else { return Err("usage: describe HOME TIER_FOLDER FOLDER".into()) };
    let catalog = Catalog::load(home)?;
    let manifest: Manifest = serde_json::from_slice(&fs::read(folder.join("manifest.json"))?)?;
    for (path, bytes) in metadata::describe(&described(&catalog, &manifest))? {
        let path = out.join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(path, bytes)?;
    }
    Ok(())
}

fn described<'a>(catalog: &'a Catalog, manifest: &'a Manifest) -> Described<'a> {
    let release = format!("{:06}-{}", manifest.sequence, manifest.date);
    let publication = &manifest.publication;
    let address = |between: &str| publication.url.as_ref().map(|url| format!("{url}/{between}{}/", manifest.tier));
    let datasets = catalog.datasets().filter_map(|dataset| {
        let named = dataset.tables.iter().flat_map(|name| {
            let table = catalog.table(name).ok();
            [table, table.and_then(|table| catalog.table(&table.history_name()).ok())]
        });
        let tables: Vec<_> = named.flatten().filter_map(|table| described_table(manifest, dataset, table)).collect();
        let page = format!("duomenys/{}.html", dataset.name);
        (!tables.is_empty()).then_some(DescribedDataset { dataset, page, tables, others: Vec::new() })
    });
    Described {
        catalog,
        tier: manifest.tier,
        date: manifest.date,
        publisher: Publisher {
            name: &publication.publisher,
            code: None,
            contact: publication.contact.as_deref(),
            licence: &publication.licence,
            licence_url: &publication.licence_url,
        },
        latest: address(""),
        immutable: address(&format!("releases/{release}/")),
        datasets: datasets.collect(),
        whole: manifest.files.iter().filter(|entry| entry.path.ends_with(".duckdb")).map(|entry| file(manifest, entry)).collect(),
        notice: None,
        release,
    }
}

fn described_table<'a>(manifest: &Manifest, dataset: &Dataset, table: &'a Table) -> Option<DescribedTable<'a>> {
    let place = format!("{}/data/{}/", manifest.tier, dataset.name);
    let of_table = |entry: &&Entry| entry.table.as_ref() == Some(&table.name) && entry.path.starts_with(&place);
    let entries: Vec<&Entry> = manifest.files.iter().filter(of_table).collect();
    let rows = entries.first()?.rows?;
    Some(DescribedTable { table, rows, files: entries.into_iter().map(|entry| file(manifest, entry)).collect() })
}

fn file(manifest: &Manifest, entry: &Entry) -> DataFile {
    let path = entry.path.strip_prefix(&format!("{}/", manifest.tier)).unwrap_or(&entry.path);
    DataFile { path: path.to_owned(), bytes: entry.bytes, sha256: entry.sha256.clone() }
}

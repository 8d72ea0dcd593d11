//! Tiers with all tables of the definitions, in files of invented sizes; for the tests of this crate.

use std::path::Path;

use catalog::{Catalog, Group, Table, Tier};
use chrono::NaiveDate;
use metadata::{DataFile, Described, DescribedDataset, DescribedTable, Publisher};

/// The definitions of this repository.
pub(crate) fn catalog() -> Catalog {
    Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

/// A tier with every table that it may show, its histories, and two databases.
pub(crate) fn described(catalog: &Catalog, tier: Tier) -> Described<'_> {
    let history = |name: &String| catalog.table(&catalog.table(name).unwrap().history_name()).ok();
    let datasets = catalog.datasets().map(|dataset| {
        let named = dataset.tables.iter().flat_map(|name| [catalog.table(name).ok(), history(name)]).flatten();
        let shown = named.filter(|table| table.tiers.contains(&tier));
        DescribedDataset {
            dataset,
            page: format!("{}/{}.html", if dataset.group == Group::Statistika { "statistika" } else { "duomenys" }, dataset.name),
            tables: shown.map(|table| described_table(&dataset.name, table)).collect(),
            others: Vec::new(),
        }
    });
    Described {
        catalog,
        tier,
        release: "000012-2026-11-28".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 11, 28).unwrap(),
        publisher: Publisher {
            name: "Pavyzdinė ministerija",
            code: Some("111111118"),
            contact: Some("duomenys@pavyzdys.lt"),
            licence: "CC BY 4.0",
            licence_url: "https://creativecommons.org/licenses/by/4.0/deed.lt",
        },
        latest: Some(format!("https://pavyzdys.lt/{tier}/")),
        immutable: Some(format!("https://pavyzdys.lt/releases/000012-2026-11-28/{tier}/")),
        datasets: datasets.filter(|dataset| !dataset.tables.is_empty()).collect(),
        whole: vec![file("virsis.duckdb"), file("virsis.sqlite")],
        notice: None,
    }
}

fn described_table<'a>(dataset: &str, table: &'a Table) -> DescribedTable<'a> {
    let formats: &[&str] = if table.name.contains("__") { &["parquet"] } else { &["csv", "json", "jsonl", "parquet"] };
    let files = formats.iter().map(|format| file(&format!("data/{dataset}/{}.{format}", table.subject())));
    DescribedTable { table, rows: 1, files: files.collect() }
}

/// A file whose size and checksum follow from its path.
fn file(path: &str) -> DataFile {
    let sum = path.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    DataFile { path: path.to_owned(), bytes: sum % 1_000_000, sha256: format!("{sum:016x}").repeat(4) }
}

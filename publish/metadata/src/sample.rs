//! For tests: tiers as the real definitions make them, with invented files.

use std::path::Path;

use catalog::{Catalog, Table, Tier};

use crate::{DataFile, Described, DescribedDataset, DescribedTable, Publisher};

/// The real definitions.
pub(crate) fn catalog() -> Catalog {
    Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

/// All that a tier can show.
pub(crate) fn described(catalog: &Catalog, tier: Tier) -> Described<'_> {
    let datasets = catalog.datasets().filter_map(|dataset| {
        let named = dataset.tables.iter().flat_map(|name| {
            let table = catalog.table(name).unwrap();
            [Some(table), catalog.table(&table.history_name()).ok()]
        });
        let shown = named.flatten().filter(|table| table.tiers.contains(&tier));
        let tables: Vec<_> = shown.map(|table| described_table(&dataset.name, table)).collect();
        let page = format!("duomenys/{}.html", dataset.name);
        (!tables.is_empty()).then_some(DescribedDataset { dataset, page, tables, others: Vec::new() })
    });
    Described {
        catalog,
        tier,
        release: "000012-2026-11-28".to_owned(),
        date: "2026-11-28".parse().unwrap(),
        publisher: Publisher {
            name: "Pavyzdinė ministerija",
            code: Some("300000004"),
            contact: Some("duomenys@pavyzdys.example"),
            licence: "CC BY 4.0",
            licence_url: "https://creativecommons.org/licenses/by/4.0/deed.lt",
        },
        latest: Some(format!("https://virsis.example/latest/{tier}/")),
        immutable: Some(format!("https://virsis.example/releases/000012-2026-11-28/{tier}/")),
        datasets: datasets.collect(),
        whole: vec![file("virsis.duckdb".to_owned())],
        notice: None,
    }
}

fn described_table<'a>(dataset: &str, table: &'a Table) -> DescribedTable<'a> {
    let extensions: &[&str] = if table.name.ends_with("__istorija") { &["parquet"] } else { &["csv", "json", "jsonl", "parquet"] };
    let files = extensions.iter().map(|extension| file(format!("data/{dataset}/{}.{extension}", table.subject())));
    DescribedTable { table, rows: 7, files: files.collect() }
}

fn file(path: String) -> DataFile {
    DataFile { path, bytes: 123, sha256: "0a".repeat(32) }
}

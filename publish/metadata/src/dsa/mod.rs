//! `dsa.csv`: the manifest of Lithuania's data catalogue (duomenų struktūros aprašas, version 1.1): datasets, the CSV file of each table as a
//! resource, models, properties, and the codes of classifiers, named once in each dataset.
//!
//! Datasets and models are called like ours, without what names may not have there. In a model's name no word of the dataset's is left out:
//! names of tables are known from the files.

mod access;
mod property;
mod row;

use std::collections::BTreeMap;

use catalog::{Classifier, Dataset, Table};

use crate::reference::references;
use crate::shown::{Shown, columns};
use crate::{DataFile, Described, DescribedDataset, DescribedTable, Description, Error};
use row::{Row, quoted};

/// Where it lies in its tier.
pub(crate) const PATH: &str = "dsa.csv";
/// The namespace of the information system; its manager is the ministry of culture.
const NAMESPACE: &str = "datasets/gov/km/virsis";
/// A model without an identifier (L300), and one with it (L401: it is tied to no vocabulary).
const WITHOUT_KEY: &str = "3";
const WITH_KEY: &str = "4";

/// The file.
pub(crate) fn describe(described: &Described<'_>) -> Result<Vec<Description>, Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for dataset in &described.datasets {
        for row in dataset_rows(described, dataset) {
            writer.serialize(row).map_err(Error::print(PATH))?;
        }
    }
    let bytes = writer.into_inner().map_err(Error::print(PATH))?;
    Ok(vec![(PATH.to_owned(), bytes)])
}

fn dataset_rows(described: &Described<'_>, dataset: &DescribedDataset<'_>) -> Vec<Row> {
    let title = &dataset.dataset.title.lt;
    let mut rows = vec![Row { dataset: dataset_name(dataset.dataset), ..Row::titled(title, Some(&dataset.dataset.description.lt)) }];
    let shown: Vec<(&DescribedTable<'_>, Vec<Shown<'_>>)> =
        dataset.tables.iter().map(|table| (table, columns(described, dataset, table.table))).collect();
    let used: BTreeMap<&str, &Classifier> = shown.iter().flat_map(|(table, shown)| listed(described, table, shown)).collect();
    rows.extend(used.values().flat_map(|classifier| code_rows(classifier)));
    // What follows a resource belongs to it: tables without one, the histories, come first.
    let (without, with): (Vec<_>, Vec<_>) = shown.iter().partition(|(table, _)| table.file("csv").is_none());
    for (table, shown) in without.into_iter().chain(with) {
        rows.extend(table.file("csv").map(|file| resource_row(described, table.table, file)));
        rows.push(model_row(table));
        rows.extend(shown.iter().flat_map(|column| property::rows(described, table, shown, column)));
    }
    rows
}

/// The classifiers whose codes columns have that refer to no other table.
fn listed<'a>(described: &Described<'_>, table: &DescribedTable<'_>, shown: &[Shown<'a>]) -> Vec<(&'a str, &'a Classifier)> {
    let references = references(described, table.table);
    let refers = |shown: &&Shown<'_>| references.iter().any(|reference| reference.column == shown.column.name);
    let codes = shown.iter().filter(|shown| !refers(shown)).filter_map(|shown| shown.codes);
    codes.map(|codes| (codes.name.as_str(), codes)).collect()
}

/// A classifier, under its name; the code in the files is the one that is served.
fn code_rows(classifier: &Classifier) -> Vec<Row> {
    let term = |(place, term): (usize, &catalog::Term)| {
        let head = if place == 0 { ("enum".to_owned(), classifier.name.clone()) } else { Default::default() };
        Row {
            kind: head.0,
            reference: head.1,
            source: term.code.clone(),
            prepare: quoted(&term.code),
            title: term.title.lt.clone(),
            ..Row::default()
        }
    };
    classifier.terms.iter().enumerate().map(term).collect()
}

fn resource_row(described: &Described<'_>, table: &Table, file: &DataFile) -> Row {
    Row {
        resource: table.subject().to_owned(),
        kind: "dask/csv".to_owned(),
        source: described.latest_address(&file.path),
        prepare: "tabular(sep: \",\")".to_owned(),
        title: table.title.lt.clone(),
        ..Row::default()
    }
}

fn model_row(table: &DescribedTable<'_>) -> Row {
    let key = &table.table.key;
    Row {
        model: model_name(table.table),
        reference: key.join(", "),
        count: table.rows.to_string(),
        level: if key.is_empty() { WITHOUT_KEY } else { WITH_KEY }.to_owned(),
        ..Row::titled(&table.table.title.lt, Some(&table.table.description.lt))
    }
}

/// A dataset's name, as `datasets/gov/km/virsis/vip_pagal_rusi`.
fn dataset_name(dataset: &Dataset) -> String {
    format!("{NAMESPACE}/{}", dataset.name.replace('-', "_"))
}

/// A model's name: words begin with capitals, nothing parts them.
fn model_name(table: &Table) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    table.subject().split('_').map(capital).collect()
}

//! The tables of a tier as the pages of SQL list them, and as their scripts read them.

use std::collections::BTreeMap;

use catalog::{Check, Kind, TableColumn};
use serde::Serialize;

use crate::language::{in_both, say};
use crate::site::shown::PIECES;
use crate::site::tier_site::TierSite;

/// All tables of a tier, and what their codes mean.
#[derive(Debug, Serialize)]
pub(super) struct Definitions<'a> {
    pub(super) tables: Vec<TableLine<'a>>,
    /// Codes and titles of each classifier that a column names.
    classifiers: BTreeMap<&'a str, Vec<(&'a str, String)>>,
}

#[derive(Debug, Serialize)]
pub(super) struct TableLine<'a> {
    name: &'a str,
    title: String,
    description: String,
    columns: Vec<ColumnLine<'a>>,
}

#[derive(Debug, Serialize)]
struct ColumnLine<'a> {
    name: &'a str,
    title: String,
    kind: &'static str,
    /// The type in words.
    kind_title: &'static str,
    unit: Option<&'a str>,
    classifier: Option<&'a str>,
}

impl<'a> Definitions<'a> {
    /// In the order of the start page.
    pub(super) fn of(site: &'a TierSite<'_>) -> Self {
        let tables = site.datasets.iter().flat_map(|(_, tables)| tables).map(|table| {
            let definition = table.table.as_ref();
            TableLine {
                name: definition.subject(),
                title: in_both(&definition.title),
                description: in_both(&definition.description),
                columns: definition.visible(site.tier).map(column).collect(),
            }
        });
        let tables: Vec<_> = tables.collect();
        let named = |name: &str| tables.iter().flat_map(|table| &table.columns).any(|column| column.classifier == Some(name));
        let classifiers = site.catalog.classifiers().filter(|classifier| named(&classifier.name));
        let terms = classifiers.map(|classifier| {
            let terms = classifier.terms.iter().map(|term| (term.code.as_str(), in_both(&term.title)));
            (classifier.name.as_str(), terms.collect())
        });
        let classifiers = terms.collect();
        Self { tables, classifiers }
    }
}

fn column(used: &TableColumn) -> ColumnLine<'_> {
    let column = used.column.as_ref();
    let (kind, kind_title) = kind(column.kind);
    ColumnLine {
        name: &column.name,
        title: in_both(&column.title),
        kind,
        kind_title,
        unit: column.unit.as_deref().filter(|unit| *unit != PIECES),
        classifier: match &column.check {
            Some(Check::Classifier(name)) => Some(name),
            _ => None,
        },
    }
}

/// For scripts, and in words.
fn kind(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Text => ("text", say!("tekstas")),
        Kind::Integer => ("integer", say!("sveikasis skaičius")),
        Kind::Money => ("money", say!("pinigų suma")),
        Kind::Share => ("share", say!("dalis nuo 0 iki 1")),
        Kind::Number => ("number", say!("skaičius")),
        Kind::Date => ("date", say!("data")),
        Kind::Boolean => ("boolean", say!("taip arba ne")),
    }
}

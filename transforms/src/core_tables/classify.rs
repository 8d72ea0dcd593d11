//! Tables about the data itself: `core_klasifikatorius`, `core_savivaldybe`, `core_saltinis`, `core_karantinas`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array};
use arrow::datatypes::Date32Type;
use catalog::{Area, Catalog, Classifier, Layer, Text};

use super::{Build, SourceState, text};
use crate::Error;

/// The tables that rows are set aside of, as a classifier: what they are called stands in their definitions.
const TABLES: &str = "lenteles";

pub(super) fn build(build: &mut Build<'_>, sources: &[SourceState]) -> Result<(), Error> {
    let tables = String::from(TABLES);
    let layers = [Layer::Raw, Layer::Core].into_iter().flat_map(|layer| build.catalog.tables(layer));
    let mut codes: Vec<_> = build.catalog.classifiers().flat_map(codes).collect();
    codes.extend(layers.map(|table| (&tables, &table.name, &table.title)));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("klasifikatorius", text(codes.iter().map(|(name, ..)| Some(name)))),
        ("kodas", text(codes.iter().map(|(_, code, _)| Some(code)))),
        ("pavadinimas_lt", text(codes.iter().map(|(.., title)| Some(&title.lt)))),
        ("pavadinimas_en", text(codes.iter().map(|(.., title)| Some(&title.en)))),
    ];
    build.put("core_klasifikatorius", columns)?;
    build.put("core_savivaldybe", municipalities(build.catalog))?;
    let count = |number: u64| i64::try_from(number).ok();
    let bad = |source: &SourceState| source.quarantined.values().sum::<u64>();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("saltinis", text(sources.iter().map(|source| Some(&source.source)))),
        ("lentele", text(sources.iter().map(|source| Some(&source.table)))),
        (
            "israso_data",
            Arc::new(sources.iter().map(|source| source.extract_date.map(Date32Type::from_naive_date)).collect::<Date32Array>()),
        ),
        ("busena", text(sources.iter().map(|source| Some(&source.state)))),
        ("eiluciu", Arc::new(sources.iter().map(|source| count(source.rows)).collect::<Int64Array>())),
        ("atmesta", Arc::new(sources.iter().map(|source| count(bad(source))).collect::<Int64Array>())),
    ];
    build.put("core_saltinis", columns)?;
    let rules: Vec<_> =
        sources.iter().flat_map(|source| source.quarantined.iter().map(move |(rule, rows)| (source, rule, *rows))).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("saltinis", text(rules.iter().map(|(source, ..)| Some(&source.source)))),
        ("lentele", text(rules.iter().map(|(source, ..)| Some(&source.table)))),
        ("taisykle", text(rules.iter().map(|(_, rule, _)| Some(rule)))),
        ("atmesta", Arc::new(rules.iter().map(|(.., rows)| count(*rows)).collect::<Int64Array>())),
    ];
    build.put("core_karantinas", columns)
}

/// The areas of the country, which classifiers tell.
fn municipalities(catalog: &Catalog) -> Vec<(&'static str, ArrayRef)> {
    let all: Vec<_> = catalog.classifiers().flat_map(Classifier::areas).collect();
    let numbers = |of: &dyn Fn(&Area) -> i64| -> ArrayRef { Arc::new(all.iter().map(|(_, area)| of(area)).collect::<Int64Array>()) };
    vec![
        ("savivaldybe", text(all.iter().map(|(term, _)| Some(&term.code)))),
        ("savivaldybe_pavadinimas", text(all.iter().map(|(term, _)| Some(&term.title.lt)))),
        ("santrumpa", text(all.iter().map(|(_, area)| Some(&area.short)))),
        ("miestai", text(all.iter().map(|(_, area)| Some(area.towns.join("; "))))),
        ("zemelapio_stulpelis", numbers(&|area| area.column)),
        ("zemelapio_eilute", numbers(&|area| area.row)),
    ]
}

/// The codes of a classifier with their titles, and those of groups, which statistics may have.
fn codes(list: &Classifier) -> impl Iterator<Item = (&String, &String, &Text)> {
    let terms = list.terms.iter().map(|term| (&term.code, &term.title));
    let groups = list.groups.iter().map(|group| (&group.code, &group.title));
    terms.chain(groups).map(|(code, title)| (&list.name, code, title))
}

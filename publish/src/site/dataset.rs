//! The page of one dataset: what it is, its downloads, its columns; of statistics also the chart and the rows.

use std::collections::HashSet;

use catalog::{Dataset, Group, Kind};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::chart::draw;
use super::context::Downloads;
use super::entities::VirsList;
use super::rows::{RowTable, SuppressionMarks, filled};
use super::shown::{PIECES, shown_columns};
use super::text::{ROWS, counted, size};
use super::tier_site::TierSite;
use crate::error::Error;
use crate::formats::PUBLISHERS;
use crate::incremental::tier_table::{TierRows, TierTable};
use crate::paths::table_path;

/// Rows of a table of statistics on its page; the download has them all.
const ROW_LIMIT: usize = 500;
/// Rows that show what a table of facts looks like.
const SAMPLE: usize = 5;
const UP: &str = "../";

#[derive(Serialize)]
struct TablePart<'a> {
    id: &'a str,
    title: &'a str,
    description: &'a str,
    name: &'a str,
    count: String,
    downloads: Vec<Download>,
    columns: Vec<ColumnLine<'a>>,
    chart: Option<Value>,
    chart_note: Option<String>,
    rows: Value,
    rows_note: Option<String>,
    confidential: bool,
}

#[derive(Serialize)]
struct Download {
    format: &'static str,
    hint: &'static str,
    media_type: &'static str,
    href: String,
    size: String,
    sha256: String,
}

#[derive(Serialize)]
struct ColumnLine<'a> {
    name: &'a str,
    title: &'a str,
    description: Option<&'a str>,
    kind: &'static str,
    unit: Option<&'a str>,
    key: bool,
    required: bool,
}

/// The page.
pub(super) fn render(
    site: &TierSite<'_>,
    dataset: &Dataset,
    tables: &[&TierTable<'_>],
    downloads: &Downloads<'_>,
) -> Result<String, Error> {
    let statistics = dataset.group == Group::Statistika;
    let entities = site.entities()?;
    // Of facts a page shows some rows; statistics are shown, and their chart drawn from all rows.
    let views = tables
        .iter()
        .map(|table| Ok((table.count, if statistics { table.whole()?.clone() } else { table.first(SAMPLE)? })))
        .collect::<Result<Vec<_>, Error>>()?;
    let parts: Vec<_> = views.iter().map(|(count, view)| part(site, entities, dataset, view, *count, downloads)).collect();
    let values = context! {
        frame => site.frame(&dataset.title.lt, UP),
        title => &dataset.title.lt,
        description => &dataset.description.lt,
        statistics,
        parts => Serde(parts),
    };
    site.render("dataset.html", values)
}

fn part<'a>(
    site: &'a TierSite<'_>,
    entities: &VirsList<'_>,
    dataset: &'a Dataset,
    table: &'a TierRows,
    count: usize,
    downloads: &Downloads<'_>,
) -> TablePart<'a> {
    let definition = table.table();
    let statistics = dataset.group == Group::Statistika;
    let limit = if statistics { ROW_LIMIT } else { SAMPLE };
    let rows: Vec<usize> = (0..count.min(limit)).collect();
    let marks = SuppressionMarks::of(table);
    let columns = shown_columns(table, &site.titles);
    let all = filled(&columns, &rows, &marks, &HashSet::new());
    let mut html = String::new();
    if !rows.is_empty() {
        let caption = if statistics { definition.title.lt.clone() } else { format!("{}: pirmosios eilutės", definition.title.lt) };
        RowTable { caption: &caption, quiet: statistics, columns: &all, marks: &marks, up: UP, links: Some(entities), names: None }
            .push(&rows, &mut html);
    }
    let chart = dataset
        .chart
        .as_ref()
        .filter(|_| dataset.tables.first() == Some(&definition.name))
        .and_then(|chart| draw(table, chart, &site.titles, site.context.release.date));
    let (chart, chart_note) = chart.map_or((None, None), |drawn| (Some(Value::from_safe_string(drawn.html)), drawn.note));
    TablePart {
        id: definition.subject(),
        title: &definition.title.lt,
        description: &definition.description.lt,
        name: &definition.name,
        count: counted(count as u64, ROWS),
        downloads: download_list(dataset, table, downloads),
        columns: column_list(table),
        chart,
        chart_note,
        confidential: marks.any(&rows),
        rows: Value::from_safe_string(html),
        rows_note: (statistics && count > rows.len()).then(|| format!("Rodoma {} iš {count}.", counted(rows.len() as u64, ROWS))),
    }
}

fn download_list(dataset: &Dataset, table: &TierRows, downloads: &Downloads<'_>) -> Vec<Download> {
    let name = table.table().name.as_str();
    let written = PUBLISHERS.iter().filter_map(|publisher| Some((publisher, downloads.get(&(name, publisher.extension()))?)));
    written
        .map(|(publisher, written)| Download {
            format: publisher.name(),
            hint: publisher.hint(),
            media_type: publisher.media_type(),
            href: format!("{UP}{}", table_path(dataset, table.table(), publisher.extension())),
            size: size(written.bytes),
            sha256: written.sha256.clone(),
        })
        .collect()
}

fn column_list(table: &TierRows) -> Vec<ColumnLine<'_>> {
    let definition = table.table();
    // What a tier may not see in some rows is not required there.
    let schema = definition.schema_for(table.tier());
    let is_required = |name: &str| schema.field_with_name(name).is_ok_and(|field| !field.is_nullable());
    definition
        .visible(table.tier())
        .map(|used| {
            let column = used.column.as_ref();
            ColumnLine {
                name: &column.name,
                title: &column.title.lt,
                description: column.description.as_ref().map(|text| text.lt.as_str()),
                kind: kind_title(column.kind),
                unit: column.unit.as_deref().filter(|unit| *unit != PIECES),
                key: definition.key.contains(&column.name),
                required: is_required(&column.name),
            }
        })
        .collect()
}

fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "tekstas",
        Kind::Integer => "sveikasis skaičius",
        Kind::Money => "pinigų suma, 2 skaitmenys po kablelio",
        Kind::Share => "dalis nuo 0 iki 1",
        Kind::Number => "skaičius, 4 skaitmenys po kablelio",
        Kind::Date => "data (metai-mėnuo-diena)",
        Kind::Boolean => "taip arba ne",
    }
}

//! The page of one dataset: what it is, its downloads, its columns; of statistics also the chart and the rows.

use catalog::{Dataset, Group, Kind, Tier};
use metadata::{DataFile, DescribedDataset, DescribedTable};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::changes::HistoryLine;
use super::chart::{View, views};
use super::context::Downloads;
use super::entities::VirsList;
use super::method::Method;
use super::rows::{RowTable, SuppressionMarks, filled};
use super::rows_behind::{self, RowsBehind};
use super::shown::{PIECES, shown_columns};
use super::text::{ROWS, counted, size};
use super::tier_site::TierSite;
use crate::descriptions;
use crate::error::Error;
use crate::formats::{PUBLISHERS, Publisher};
use crate::incremental::tier_table::{TierRows, TierTable};
use crate::language::{in_both, said, say};
use crate::paths::{chart_data, dataset_page, table_path};
use crate::weight::fitting;

/// Rows of a table of statistics on its page: as many as fit. The download has them all.
const ROW_LIMITS: [usize; 7] = [500, 300, 200, 100, 50, 10, 1];
/// Rows that show what a table of facts looks like.
const SAMPLE: usize = 5;
const UP: &str = "../";
const CSV: &str = "csv";
/// Bytes of a CSV file that a browser may be asked to make another one of: it holds both in memory.
const CONVERTED: u64 = 20_000_000;

#[derive(Serialize)]
struct TablePart<'a> {
    id: &'a str,
    title: String,
    description: String,
    name: &'a str,
    count: String,
    downloads: Vec<Download>,
    has_csv: bool,
    excel: Option<Excel>,
    columns: Vec<ColumnLine<'a>>,
    views: Vec<ViewPart>,
    method: Option<Method<'a>>,
    history: Option<HistoryLine>,
    rows: Value,
    rows_note: Option<String>,
    /// Whether and how the rows that were counted can be seen.
    behind_note: Option<String>,
    confidential: bool,
}

#[derive(Serialize)]
struct ViewPart {
    id: &'static str,
    title: &'static str,
    html: Value,
    note: Option<String>,
    csv: String,
}

impl ViewPart {
    fn new(dataset: &Dataset, view: &View) -> Self {
        let csv = format!("{UP}{}", chart_data(dataset, view.id));
        Self { id: view.id, title: view.title, html: Value::from_safe_string(view.html.clone()), note: view.note.clone(), csv }
    }
}

/// A page, and the files that it links and nobody else does.
pub(super) struct Page {
    pub(super) html: String,
    pub(super) files: Vec<(String, Vec<u8>)>,
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

/// The CSV file of which a script makes one for spreadsheets, and its columns of numbers with places.
#[derive(Serialize)]
struct Excel {
    csv: String,
    decimals: String,
}

#[derive(Serialize)]
struct ColumnLine<'a> {
    name: &'a str,
    title: String,
    description: Option<String>,
    kind: &'static str,
    unit: Option<&'a str>,
    key: bool,
    required: bool,
}

/// The page.
pub(super) fn render(site: &TierSite<'_>, dataset: &Dataset, tables: &[&TierTable<'_>], downloads: &Downloads<'_>) -> Result<Page, Error> {
    let statistics = dataset.group == Group::Statistika;
    let entities = site.entities()?;
    // Of facts a page shows some rows; statistics are shown, and their chart drawn from all rows.
    let shown = tables
        .iter()
        .map(|table| Ok((table.count, if statistics { table.whole()?.clone() } else { table.first(SAMPLE)? })))
        .collect::<Result<Vec<_>, Error>>()?;
    let views = shown.iter().map(|(_, table)| views_of(site, dataset, table)).collect::<Result<Vec<_>, Error>>()?;
    let title = in_both(&dataset.title);
    let for_search_engines = search_engines(site, dataset, tables, downloads).map(Value::from_safe_string);
    let html = fitting(&ROW_LIMITS, |limit| {
        let limit = if statistics { limit } else { limit.min(SAMPLE) };
        let mut parts = Vec::with_capacity(shown.len());
        for ((count, table), views) in shown.iter().zip(&views) {
            let mut part = part(site, entities, dataset, table, (*count, limit), downloads);
            part.views = views.iter().map(|view| ViewPart::new(dataset, view)).collect();
            parts.push(part);
        }
        let values = context! {
            frame => site.frame(&title, &dataset_page(dataset)),
            title => &title,
            description => in_both(&dataset.description),
            statistics,
            excel => parts.iter().any(|part| part.excel.is_some()),
            parts => Serde(parts),
            page => dataset_page(dataset),
            key => dataset.name.replace('-', "_"),
            for_search_engines => for_search_engines.clone(),
        };
        site.render("dataset.html", values)
    })?;
    let files = views.into_iter().flatten().map(|view| (chart_data(dataset, view.id), view.csv)).collect();
    Ok(Page { html, files })
}

/// What search engines read of the dataset (schema.org, as JSON-LD); nothing where it is not said who publishes, or readers are few.
fn search_engines(site: &TierSite<'_>, dataset: &Dataset, tables: &[&TierTable<'_>], downloads: &Downloads<'_>) -> Option<String> {
    let release = site.context.release;
    let publication = release.publication.as_ref().filter(|_| site.tier != Tier::Internal)?;
    let tables = tables.iter().map(|table| described_table(dataset, table, downloads)).collect();
    let of_page = DescribedDataset { dataset, page: dataset_page(dataset), tables, others: Vec::new() };
    let described = descriptions::frame(site.catalog, site.tier, release, publication, "");
    Some(dcat::for_script(&dcat::dataset_json_ld(&described, &of_page)))
}

fn described_table<'a>(dataset: &Dataset, table: &'a TierTable<'_>, downloads: &Downloads<'_>) -> DescribedTable<'a> {
    let file = |publisher: &&dyn Publisher| {
        let written = downloads.get(&(table.table.name.as_str(), publisher.extension()))?;
        let path = table_path(dataset, &table.table, publisher.extension());
        Some(DataFile { path, bytes: written.bytes, sha256: written.sha256.clone() })
    };
    DescribedTable { table: &table.table, rows: table.count as u64, files: PUBLISHERS.iter().filter_map(file).collect() }
}

/// The views of a dataset's chart, which is one of its first table.
fn views_of(site: &TierSite<'_>, dataset: &Dataset, table: &TierRows) -> Result<Vec<View>, Error> {
    let chart = dataset.chart.as_ref().filter(|_| dataset.tables.first() == Some(&table.table().name));
    let behind = RowsBehind::of(site, table, UP);
    chart.map_or_else(|| Ok(Vec::new()), |chart| views(table, chart, &site.titles, site.context.release.date, behind.as_ref()))
}

fn part<'a>(
    site: &'a TierSite<'_>,
    entities: &VirsList<'_>,
    dataset: &'a Dataset,
    table: &'a TierRows,
    (count, limit): (usize, usize),
    downloads: &Downloads<'_>,
) -> TablePart<'a> {
    let definition = table.table();
    let statistics = dataset.group == Group::Statistika;
    let rows: Vec<usize> = (0..count.min(limit)).collect();
    let marks = SuppressionMarks::of(table);
    let columns = shown_columns(table, &site.titles);
    let all = filled(&columns, &rows, &marks, &[]);
    let behind = RowsBehind::of(site, table, UP);
    let row = |row: usize| behind.as_ref()?.row(row);
    let mut html = String::new();
    let title = in_both(&definition.title);
    if !rows.is_empty() {
        let caption = if statistics { title.clone() } else { said!("{0}: pirmosios eilutės", title) };
        RowTable {
            caption: &caption,
            quiet: statistics,
            columns: &all,
            marks: &marks,
            up: UP,
            links: Some(entities),
            names: None,
            leads: behind.as_ref().map(|behind| (behind.count, &row as &dyn Fn(usize) -> Option<String>)),
        }
        .push(&rows, &mut html);
    }
    TablePart {
        id: definition.subject(),
        title,
        description: in_both(&definition.description),
        name: &definition.name,
        count: counted(count as u64, ROWS),
        downloads: download_list(dataset, table, downloads),
        has_csv: downloads.contains_key(&(definition.name.as_str(), CSV)),
        excel: excel(dataset, table, downloads),
        columns: column_list(table),
        views: Vec::new(),
        history: site.history.and_then(|history| history.of(&definition.name)).map(HistoryLine::of),
        method: Method::of(site, definition).filter(|_| statistics),
        confidential: marks.any(&rows),
        behind_note: rows_behind::note(site, table, behind.as_ref()).filter(|_| statistics && !rows.is_empty()),
        rows: Value::from_safe_string(html),
        rows_note: (statistics && count > rows.len()).then(|| said!("Rodoma {0} iš {1}.", counted(rows.len() as u64, ROWS), count)),
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

/// Nothing where the file is too large, or there is none.
fn excel(dataset: &Dataset, table: &TierRows, downloads: &Downloads<'_>) -> Option<Excel> {
    let definition = table.table();
    downloads.get(&(definition.name.as_str(), CSV)).filter(|written| written.bytes <= CONVERTED)?;
    let decimals = definition.visible(table.tier()).filter(|used| matches!(used.column.kind, Kind::Money | Kind::Share | Kind::Number));
    let decimals = decimals.map(|used| used.column.name.as_str()).collect::<Vec<_>>().join(" ");
    Some(Excel { csv: format!("{UP}{}", table_path(dataset, definition, CSV)), decimals })
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
                title: in_both(&column.title),
                description: column.description.as_ref().map(in_both),
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
        Kind::Text => say!("tekstas"),
        Kind::Integer => say!("sveikasis skaičius"),
        Kind::Money => say!("pinigų suma, 2 skaitmenys po kablelio"),
        Kind::Share => say!("dalis nuo 0 iki 1"),
        Kind::Number => say!("skaičius, 4 skaitmenys po kablelio"),
        Kind::Date => say!("data (metai-mėnuo-diena)"),
        Kind::Boolean => say!("taip arba ne"),
    }
}

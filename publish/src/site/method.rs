//! How a statistic is made, as its page says it: of which rows, by what, with which SQL, and how anybody makes it again.

use catalog::{Check, Statistic, Table};
use serde::Serialize;

use super::tier_site::TierSite;
use crate::incremental::tier_table::TierTable;
use crate::paths::dataset_page;

/// What the page says.
#[derive(Serialize)]
pub(super) struct Method<'a> {
    /// The table whose rows are counted, with its page where the tier has it.
    rows: Option<Rows<'a>>,
    /// The columns by which they are counted.
    dimensions: Vec<&'a str>,
    /// Of which rows alone: column and value.
    only: Vec<(&'a str, &'a str)>,
    /// Column of the statistic, and what it adds up.
    sums: Vec<(&'a str, &'a str)>,
    /// Whether anything may be suppressed.
    is_protected: bool,
    sql: Option<&'a str>,
    /// The table's name in queries.
    name: &'a str,
}

#[derive(Serialize)]
struct Rows<'a> {
    title: &'a str,
    href: Option<String>,
    /// Where readers see the same rows, if not there: title and page.
    published: Option<(&'a str, String)>,
}

impl<'a> Method<'a> {
    /// Nothing where the table is no statistic and no model makes it.
    pub(super) fn of(site: &'a TierSite<'_>, table: &'a Table) -> Option<Self> {
        let sql = site.context.models.get(&table.name).map(String::as_str);
        let statistic = table.statistic.as_ref();
        if sql.is_none() && statistic.is_none() {
            return None;
        }
        let counted = statistic.and_then(|statistic| site.catalog.table(&statistic.rows).ok());
        let title = |of: &'a Table, name: &'a str| of.column(name).map_or(name, |used| used.column.title.lt.as_str());
        let readable = statistic.and_then(|statistic| site.catalog.table(statistic.readable()).ok());
        let published = readable.and_then(|readable| Some((readable.title.lt.as_str(), page_of(site, readable)?)));
        let sums = table.protect.iter().flat_map(|rule| &rule.sums);
        Some(Self {
            rows: counted.map(|counted| Rows { title: &counted.title.lt, href: page_of(site, counted), published }),
            dimensions: statistic.map_or_else(Vec::new, |of| of.dimensions.iter().map(|by| title(table, &by.column)).collect()),
            only: statistic.zip(counted).map_or_else(Vec::new, |(statistic, counted)| only(site, statistic, counted)),
            sums: sums.map(|(column, of)| (title(table, column), counted.map_or(of.as_str(), |counted| title(counted, of)))).collect(),
            is_protected: !table.protect.is_empty(),
            sql,
            name: table.subject(),
        })
    }
}

fn only<'a>(site: &'a TierSite<'_>, statistic: &'a Statistic, rows: &'a Table) -> Vec<(&'a str, &'a str)> {
    let words = |(column, value): (&'a String, &'a String)| {
        let column = &rows.column(column)?.column;
        let value = match &column.check {
            _ if value.is_empty() => "nenurodyta",
            Some(Check::Classifier(classifier)) => site.titles.title(classifier, value),
            _ => match value.as_str() {
                "true" => "taip",
                "false" => "ne",
                value => value,
            },
        };
        Some((column.title.lt.as_str(), value))
    };
    statistic.only.iter().filter_map(words).collect()
}

fn page_of(site: &TierSite<'_>, table: &Table) -> Option<String> {
    let has = |tables: &[&TierTable<'_>]| tables.iter().any(|one| one.table.name == table.name);
    let (dataset, _) = site.datasets.iter().find(|(_, tables)| has(tables))?;
    Some(format!("{}#{}", dataset_page(dataset), table.subject()))
}

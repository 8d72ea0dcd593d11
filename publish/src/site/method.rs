//! How a statistic is made, as its page says it: of which rows, by what, with which SQL, and how anybody makes it again.

use catalog::{Check, Statistic, Table};
use serde::Serialize;

use super::tier_site::TierSite;
use crate::incremental::tier_table::TierTable;
use crate::language::{in_both, say};
use crate::paths::dataset_page;

/// What the page says.
#[derive(Serialize)]
pub(super) struct Method<'a> {
    /// The table whose rows are counted, with its page where the tier has it.
    rows: Option<Rows>,
    /// The columns by which they are counted.
    dimensions: Vec<String>,
    /// Of which rows alone: column and value.
    only: Vec<(String, String)>,
    /// Column of the statistic, and what it adds up.
    sums: Vec<(String, String)>,
    /// Whether anything may be suppressed.
    is_protected: bool,
    sql: Option<&'a str>,
    /// The table's name in queries.
    name: &'a str,
}

#[derive(Serialize)]
struct Rows {
    title: String,
    href: Option<String>,
    /// Where readers see the same rows, if not there: title and page.
    published: Option<(String, String)>,
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
        let title = |of: &Table, name: &str| of.column(name).map_or_else(|| name.to_owned(), |used| in_both(&used.column.title));
        let readable = statistic.and_then(|statistic| site.catalog.table(statistic.readable()).ok());
        let published = readable.and_then(|readable| Some((in_both(&readable.title), page_of(site, readable)?)));
        let sums = table.protect.iter().flat_map(|rule| &rule.sums);
        Some(Self {
            rows: counted.map(|counted| Rows { title: in_both(&counted.title), href: page_of(site, counted), published }),
            dimensions: statistic.map_or_else(Vec::new, |of| of.dimensions.iter().map(|by| title(table, &by.column)).collect()),
            only: statistic.zip(counted).map_or_else(Vec::new, |(statistic, counted)| only(site, statistic, counted)),
            sums: sums
                .map(|(column, of)| (title(table, column), counted.map_or_else(|| of.clone(), |counted| title(counted, of))))
                .collect(),
            is_protected: !table.protect.is_empty(),
            sql,
            name: table.subject(),
        })
    }
}

fn only(site: &TierSite<'_>, statistic: &Statistic, rows: &Table) -> Vec<(String, String)> {
    let words = |(column, value): (&String, &String)| {
        let column = &rows.column(column)?.column;
        let value = match &column.check {
            _ if value.is_empty() => say!("nenurodyta"),
            Some(Check::Classifier(classifier)) => site.titles.title(classifier, value),
            _ => match value.as_str() {
                "true" => say!("taip"),
                "false" => say!("ne"),
                value => value,
            },
        };
        Some((in_both(&column.title), value.to_owned()))
    };
    statistic.only.iter().filter_map(words).collect()
}

fn page_of(site: &TierSite<'_>, table: &Table) -> Option<String> {
    let has = |tables: &[&TierTable<'_>]| tables.iter().any(|one| one.table.name == table.name);
    let (dataset, _) = site.datasets.iter().find(|(_, tables)| has(tables))?;
    Some(format!("{}#{}", dataset_page(dataset), table.subject()))
}

//! What disclosure control left out, in figures, and what an attacker could still say of it: `apsauga.json` and its page, in the tiers that everybody
//! reads. Everything in it follows from what the tier publishes beside it. How many rows are left out, and how many figures are held
//! until enough persons changed, would tell of single persons, and does not stand here.

use catalog::Tier;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use super::pages::Pages;
use super::statistic_figures::{FILE, StatisticFigures, published_statistics};
use super::text::number;
use super::tier_site::TierSite;
use crate::error::Error;
use crate::incremental::tier_table::TierTable;
use crate::language::{both, in_both, say};
use crate::paths::dataset_page;
use crate::store::staging::Staging;

/// The page that explains it.
pub(super) const PAGE: &str = "apsauga.html";

/// Open rows behind which persons stand, of one table.
#[derive(Debug, Serialize)]
struct RowFigures {
    #[serde(rename = "lentele")]
    table: String,
    /// How many individuals must share a combination.
    #[serde(rename = "k")]
    k: usize,
    /// How many do, at least. None where no such row is shown.
    #[serde(rename = "maziausiai_bendru")]
    fewest: Option<usize>,
    #[serde(rename = "neskelbiama_reiksmiu")]
    emptied: usize,
}

/// By what the gate goes.
#[derive(Debug, Serialize)]
struct Thresholds {
    #[serde(rename = "asmenu_bent")]
    persons: usize,
    #[serde(rename = "vieno_asmens_dalis_procentais_iki")]
    dominance_percent: u32,
    #[serde(rename = "tikslumas_procentais")]
    p_percent: u32,
    #[serde(rename = "palyginama_ankstesniu_laidu_iki")]
    releases: usize,
}

/// `apsauga.json`.
#[derive(Debug, Serialize)]
struct Summary {
    #[serde(rename = "slenksciai")]
    thresholds: Thresholds,
    #[serde(rename = "statistika")]
    statistics: Vec<StatisticFigures>,
    #[serde(rename = "eilutes", skip_serializing_if = "Vec::is_empty")]
    rows: Vec<RowFigures>,
}

/// A line of a table on the page.
#[derive(Debug, Serialize)]
struct Line {
    title: String,
    href: String,
    cells: String,
    suppressed: String,
    narrowest: Option<String>,
    fewest: Option<usize>,
}

/// Writes the file and its page, of the tiers outside the institutions.
pub(super) fn write(site: &TierSite<'_>, staging: &Staging) -> Result<Pages, Error> {
    if site.tier == Tier::Internal {
        return Ok(Pages::default());
    }
    let summary = summary(site)?;
    let mut file = serde_json::to_vec_pretty(&summary).map_err(|error| failed("all", &error))?;
    file.push(b'\n');
    staging.write_bytes(site.tier, FILE, &file)?;
    site.write_page(staging, PAGE, &render(site, &summary)?)?;
    Ok(Pages { all: 1, rendered: 1 })
}

fn summary(site: &TierSite<'_>) -> Result<Summary, Error> {
    let rules = site.catalog.law().disclosure();
    let earlier = site.last.map_or(Ok(None), |last| last.bytes(site.tier, FILE))?;
    let wrong = |error: serde_json::Error| Error::LastRelease { path: FILE.into(), reason: error.to_string() };
    let earlier = earlier.map_or_else(|| Ok(Vec::new()), |file| published_statistics(&file).map_err(wrong))?;
    let known = |table: &&TierTable<'_>| -> Option<StatisticFigures> {
        let is_it = |figures: &&StatisticFigures| figures.table == table.table.subject();
        // A statistic that is as it was holds as it did.
        let before = || earlier.iter().find(is_it).filter(|_| !table.is_new());
        site.context.audited.iter().find(is_it).or_else(before).cloned()
    };
    Ok(Summary {
        thresholds: Thresholds {
            persons: rules.minimum_persons,
            dominance_percent: rules.dominance_percent,
            p_percent: rules.p_percent,
            releases: rules.releases,
        },
        statistics: tables(site).filter(|table| table.table.statistic.is_some()).filter_map(|table| known(&table)).collect(),
        rows: tables(site).filter(|_| site.tier == Tier::Open).map(row_figures).filter_map(Result::transpose).collect::<Result<_, _>>()?,
    })
}

fn tables<'a>(site: &'a TierSite<'_>) -> impl Iterator<Item = &'a TierTable<'a>> {
    site.datasets.iter().flat_map(|(_, tables)| tables).copied()
}

fn row_figures(table: &TierTable<'_>) -> Result<Option<RowFigures>, Error> {
    let Some(rule) = &table.table.k_anonymity else { return Ok(None) };
    let whole = table.whole()?;
    let shared = rule.shared(&table.table, whole.rows()).map_err(|error| failed(&table.table.name, &error))?;
    Ok(Some(RowFigures { table: table.table.subject().to_owned(), k: rule.k, fewest: shared.fewest, emptied: shared.emptied }))
}

fn failed(table: &str, error: &dyn std::error::Error) -> Error {
    Error::Format { table: table.to_owned(), format: FILE, reason: error.to_string() }
}

/// The page: one paragraph, and the figures.
fn render(site: &TierSite<'_>, summary: &Summary) -> Result<String, Error> {
    let place = |name: &str| -> Option<(String, String)> {
        site.datasets.iter().find_map(|(dataset, tables)| {
            let table = tables.iter().find(|table| table.table.subject() == name)?;
            let title = &table.table.title;
            Some((in_both(title), format!("{}#{name}", dataset_page(dataset))))
        })
    };
    let line = |name: &str, cells: usize, suppressed: usize, narrowest: Option<f64>, fewest| {
        let (title, href) = place(name)?;
        let narrowest = narrowest.map(|room| format!("×\u{a0}{}", room.to_string().replace('.', &both(",", "."))));
        Some(Line { title, href, cells: number(cells as u64), suppressed: number(suppressed as u64), narrowest, fewest })
    };
    let statistics: Vec<_> =
        summary.statistics.iter().filter_map(|one| line(&one.table, one.cells, one.suppressed, one.narrowest, None)).collect();
    let rows: Vec<_> = summary.rows.iter().filter_map(|one| line(&one.table, one.k, one.emptied, None, one.fewest)).collect();
    let values = context! {
        frame => site.frame(say!("Kaip saugomi asmenys"), PAGE),
        thresholds => Serde(&summary.thresholds),
        k => summary.rows.iter().map(|one| one.k).min(),
        statistics => Serde(statistics),
        rows => Serde(rows),
    };
    site.render("protection.html", values)
}

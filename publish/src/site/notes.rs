//! What stands below the rows of a table on a page: what is not shown, and where all of it is.

use std::fmt::Write;

use catalog::{Dataset, Table};
use chrono::NaiveDate;

use super::text::{ROWS, counted, push_escaped};
use super::tier_site::TierSite;
use crate::incremental::tier_table::TierRows;
use crate::language::{in_each, push_both, said, say};
use crate::paths::dataset_page;

/// Classifier of the systems that rows come from.
const SYSTEMS: &str = "saltiniai";

/// Appends what is said where values are suppressed.
pub(super) fn push_suppressed(out: &mut String) {
    let why = say!("„konfidencialu“ – reikšmė neskelbiama, kad nebūtų galima atpažinti asmens.");
    let _ = writeln!(out, "<p class=\"note\">{why}</p>");
}

/// From which systems rows of a table come, as a link to how fresh these are; nothing where its definition does not say it.
pub(super) fn sources(site: &TierSite<'_>, table: &Table, up: &str) -> Option<String> {
    let names: Vec<_> = table.sources.iter().map(|source| in_each(site.titles.title(SYSTEMS, source), short_name)).collect();
    (!names.is_empty()).then(|| format!("<a href=\"{up}index.html#saltiniai\">{}</a>", names.join(", ")))
}

/// Appends these sources, and, where it is remembered, since when the rows of a table about a VIRS are as they are. The day of the extract itself is on the
/// start page alone: else every page would be another file each night.
pub(super) fn push_source(site: &TierSite<'_>, table: &Table, sources: &str, code: &str, out: &mut String) {
    let told = match unchanged_since(site, table, code) {
        Some(day) => said!("Šaltinis – {0}; taip rodoma nuo {1}.", sources, format!("<time datetime=\"{day}\">{day}</time>")),
        None => said!("Šaltinis – {0}.", sources),
    };
    let _ = writeln!(out, "<p class=\"note\">{told}</p>");
}

/// The short name of a system, which stands in brackets behind its long one, if it has one.
fn short_name(title: &str) -> String {
    let short = title.rsplit_once('(').and_then(|(_, short)| short.strip_suffix(')'));
    let mut name = String::new();
    push_escaped(short.unwrap_or(title), &mut name);
    name
}

/// The day since when rows of a table about a VIRS are shown as they are.
fn unchanged_since(site: &TierSite<'_>, table: &Table, code: &str) -> Option<NaiveDate> {
    let history = site.history?;
    let since = history.of(&table.name)?.first.date;
    // The newest first.
    let newest = history.events.get(code).into_iter().flatten().find(|event| event.table.name == table.name);
    Some(newest.map_or(since, |event| event.day))
}

/// Appends how many rows are shown of how many, if not all, and a link to their dataset.
pub(super) fn push_rest((dataset, table): (&Dataset, &TierRows), (shown, all): (usize, usize), up: &str, out: &mut String) {
    if all > shown {
        let shown = said!("Rodoma {0} iš {1}; visos – rinkinio failuose.", counted(shown as u64, ROWS), all);
        let _ = writeln!(out, "<p class=\"note\">{shown}</p>");
    }
    let mut title = String::new();
    push_both(&dataset.title, &mut title);
    let link = said!("Rinkinys „{0}“: aprašymas ir atsisiuntimas", title);
    let _ = writeln!(out, "<p class=\"note\"><a href=\"{up}{}#{}\">{link}</a></p>", dataset_page(dataset), table.table().subject());
}

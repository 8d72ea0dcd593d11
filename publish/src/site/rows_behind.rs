//! Where readers see the rows behind a figure of a statistic: among the reports of their tier, which read from an address what to show.

use std::collections::BTreeMap;
use std::fmt::Write;

use catalog::{Catalog, Cells, Classifier, Dimension, Statistic, Table, Tier};

use super::rows::SuppressionMarks;
use super::tier_site::TierSite;
use crate::incremental::tier_table::TierRows;
use crate::language::{in_both, said, say};
use crate::paths::REPORT_PAGE;

/// What statistics say where their rows say nothing.
const NOT_GIVEN: &str = "nenurodyta";

/// The rows behind the figures of a statistic, where its tier has them and asks its tables in a browser.
pub(super) struct RowsBehind<'a> {
    counted: Counted<'a>,
    dimensions: Vec<(&'a Dimension, Cells<'a>)>,
    marks: SuppressionMarks<'a>,
    /// The column of the statistic that counts them.
    pub(super) count: &'a str,
    up: &'a str,
}

impl<'a> RowsBehind<'a> {
    /// Nothing if the tier has not the rows, does not see what tells them apart, or has no reports.
    pub(super) fn of(site: &'a TierSite<'_>, table: &'a TierRows, up: &'a str) -> Option<Self> {
        let statistic = table.table().statistic.as_ref().filter(|_| site.has_sql())?;
        let rows = site.table(statistic.readable())?.1.table.as_ref();
        let sees = |name: &str| rows.visible(site.tier).any(|used| used.column.name == name);
        let cells = |of: &'a Dimension| Some((of, Cells::of(table.rows().column_by_name(&of.column)?.as_ref())));
        let dimensions = statistic.dimensions.iter().filter(|of| sees(&of.of)).filter_map(cells).collect::<Vec<_>>();
        let all_seen = dimensions.len() == statistic.dimensions.len() && statistic.only_readable().all(|(name, _)| sees(name));
        let count = table.table().protect.iter().flat_map(|rule| &rule.counts).next().filter(|_| all_seen)?;
        Some(Self { counted: Counted::new(site.catalog, statistic, rows), dimensions, marks: SuppressionMarks::of(table), count, up })
    }

    /// Behind a row of the statistic; nothing where how many there are is not published.
    pub(super) fn row(&self, row: usize) -> Option<String> {
        let value = |cells: &Cells<'_>| {
            let mut printed = Vec::new();
            cells.print(row, &mut printed);
            String::from_utf8(printed).unwrap_or_default()
        };
        let given = self.dimensions.iter().map(|(of, cells)| (of.column.as_str(), value(cells)));
        if self.marks.hides(self.count, row) { None } else { self.address(&given.collect()) }
    }

    /// Behind what all rows of the statistic with these values of its dimensions add up to.
    pub(super) fn address(&self, given: &BTreeMap<&str, String>) -> Option<String> {
        self.counted.choice(given).map(|choice| format!("{}{REPORT_PAGE}#{choice}", self.up))
    }
}

/// Which rows a statistic counts, as a report is asked for them.
struct Counted<'a> {
    statistic: &'a Statistic,
    /// Where the rows stand.
    rows: &'a Table,
    /// Categories counted together: a report has one value for each criterion.
    merged: Option<(&'a str, &'a Classifier)>,
}

impl<'a> Counted<'a> {
    fn new(catalog: &'a Catalog, statistic: &'a Statistic, rows: &'a Table) -> Self {
        let merge = statistic.merge.as_ref();
        let merged = merge.and_then(|merge| Some((merge.column.as_str(), catalog.classifier(&merge.classifier).ok()?)));
        Self { statistic, rows, merged }
    }

    /// Those with these values of its dimensions; nothing where no choice has exactly them.
    fn choice(&self, given: &BTreeMap<&str, String>) -> Option<String> {
        let is_merged = |(column, groups): (&str, &Classifier)| given.get(column).is_some_and(|code| groups.group(code).is_some());
        let is_dimension = |name: &&str| self.statistic.dimensions.iter().any(|of| of.column == *name);
        if self.merged.is_some_and(is_merged) || !given.keys().all(is_dimension) {
            return None;
        }
        let criteria = self.statistic.dimensions.iter().filter_map(|of| Some((of.of.as_str(), given.get(of.column.as_str())?.as_str())));
        let mut choice = format!("eilutes={}", self.rows.subject());
        for (column, value) in criteria.chain(self.statistic.only_readable()) {
            let is_empty = value == NOT_GIVEN && self.rows.column(column).is_some_and(|used| !used.required);
            let _ = write!(choice, "&{column}=");
            push_encoded(if is_empty { "" } else { value }, &mut choice);
        }
        Some(choice)
    }
}

/// What the page of a statistic says of the rows behind it; nothing where no reports are made, or no such rows are declared.
pub(super) fn note(site: &TierSite<'_>, table: &TierRows, behind: Option<&RowsBehind<'_>>) -> Option<String> {
    table.table().statistic.as_ref().filter(|_| site.has_sql())?;
    let Some(behind) = behind else {
        let why =
            say!("Suskaičiuotų eilučių po vieną atverti negalima: jose – ir fizinių asmenų duomenys, todėl jos yra tik vidinėje dalyje.");
        return Some(why.to_owned());
    };
    let title = table.table().column(behind.count).map(|used| in_both(&used.column.title));
    let mut note = said!(
        "Stulpelio „{0}“ ir diagramos skaičiai atveria eilutes, kurios suskaičiuotos.",
        title.unwrap_or_else(|| behind.count.to_owned())
    );
    if site.tier == Tier::Open {
        note.push(' ');
        note.push_str(say!("Eilučių apie fizinius asmenis šioje dalyje nėra, todėl jų gali būti mažiau, negu suskaičiuota."));
    }
    Some(note)
}

/// Appends a value as part of an address.
fn push_encoded(value: &str, out: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_figure_leads_to_exactly_the_rows_that_it_counts_or_nowhere() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let choice = |table: &str, given: &[(&str, &str)]| {
            let statistic = catalog.table(table).unwrap().statistic.as_ref().unwrap();
            let rows = catalog.table(statistic.readable()).unwrap();
            Counted::new(&catalog, statistic, rows).choice(&given.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
        };
        let is = |found: Option<String>, wanted: &str| assert_eq!(found.as_deref(), Some(wanted));
        is(
            choice("out_stat_etika", &[("metai", "2025"), ("etikos_kategorija", "1")]),
            "eilutes=etika&pripazinimo_data=2025&etikos_kategorija=1",
        );
        is(choice("out_stat_virs", &[("forma", "310"), ("statusas", NOT_GIVEN)]), "eilutes=virs&forma=310&statusas=&virs_iki=");
        is(choice("out_stat_virs", &[("forma", "310")]), "eilutes=virs&forma=310&virs_iki=");
        // Every row of the table is of public funds.
        is(choice("out_stat_lesos", &[("metai", "2025"), ("institucijos_kodas", "1")]), "eilutes=lesos&metai=2025&institucijos_kodas=1");
        let merge = catalog.table("out_stat_parama").unwrap().statistic.as_ref().unwrap().merge.as_ref().unwrap();
        let group = &catalog.classifier(&merge.classifier).unwrap().groups[0].code;
        assert_eq!(choice("out_stat_parama", &[("metai", "2025"), ("davejo_rusis", group)]), None, "several kinds together");
        assert_eq!(choice("out_stat_virs", &[("metai", "2025")]), None, "it is not counted by year");
    }

    #[test]
    fn a_value_in_an_address_is_nothing_but_a_value() {
        let mut out = String::new();
        push_encoded("5 ir daugiau&b=#ž+\"", &mut out);
        assert_eq!(out, "5%20ir%20daugiau%26b%3D%23%C5%BE%2B%22");
    }
}

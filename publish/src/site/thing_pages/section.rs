//! A table on the page of a thing: the rows that name it.

use std::cmp::Reverse;
use std::fmt::Write;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Date32Type;
use catalog::{Dataset, ENTITY, Kind, PageKind, PageSection, SEQUENCE, Text};
use foldhash::{HashMap, HashMapExt};

use super::entries::UP;
use super::names::NameList;
use crate::error::Error;
use crate::incremental::tier_table::TierRows;
use crate::language::{in_both, push_both, said};
use crate::site::entities::NAME;
use crate::site::notes::{push_rest, push_suppressed};
use crate::site::owners::PERSON;
use crate::site::payments::PaymentTotals;
use crate::site::rows::{RowTable, SuppressionMarks, filled, push_facts};
use crate::site::shown::{Shown, shown_columns};
use crate::site::things::directory::Thing;
use crate::site::things::key::{Key, KeyColumns, text, texts};
use crate::site::things::links::NameLinks;
use crate::site::tier_site::TierSite;

/// How much a page shows; the downloads have all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    /// Rows of one table.
    pub(super) rows: usize,
    /// Payers or receivers of one year.
    pub(super) payers: usize,
    /// VIRS of one owner that are listed, and of how many the ways are told.
    pub(super) holdings: (usize, usize),
    /// Names of one list.
    pub(super) names: usize,
}

/// The most first: the first with which a page is light enough.
pub(super) const AMOUNTS: [Amount; 4] = [
    Amount { rows: 20, payers: 15, holdings: (200, 50), names: 250 },
    Amount { rows: 10, payers: 10, holdings: (100, 25), names: 150 },
    Amount { rows: 5, payers: 5, holdings: (50, 10), names: 100 },
    Amount { rows: 3, payers: 3, holdings: (20, 0), names: 50 },
];
/// Not for readers of these pages: names lead to pages of VIRS, the others only tell rows and persons apart.
const HIDDEN: [&str; 4] = [ENTITY, SEQUENCE, "dalyvio_nr", PERSON];

/// Whether a section has a row.
fn counts(section: &PageSection, table: &TierRows, row: usize) -> bool {
    section.only.iter().all(|(name, value)| match table.rows().column_by_name(name) {
        Some(column) if value.is_empty() => column.is_null(row),
        Some(column) => column.as_string_opt::<i32>().is_some_and(|texts| text(texts, row) == Some(value.as_str())),
        None => true,
    })
}

/// Of a table between: the thing that each of its rows has, by what tells its own things apart.
struct Between<'a>(HashMap<Key<'a>, Key<'a>>);

impl<'a> Between<'a> {
    fn of(site: &'a TierSite<'_>, name: &str, of: &[String]) -> Result<Option<Self>, Error> {
        let Some((_, table)) = site.table(name) else { return Ok(None) };
        let Some(search) = table.table.search.as_ref() else { return Ok(None) };
        let table = table.whole()?;
        let (own, things) = (KeyColumns::of(table, &search.told_apart_by), KeyColumns::of(table, of));
        let rows = 0..table.rows().num_rows();
        Ok(Some(Self(rows.filter_map(|row| Some((own.at(row)?, things.at(row)?))).collect())))
    }
}

/// Which of a table's rows stand on which page.
enum RowsOf<'a> {
    /// Those of the kind's own table.
    Own,
    /// By what is in some columns, which is in some of the kind's table, too.
    By(HashMap<Key<'a>, Vec<usize>>, KeyColumns<'a>),
}

/// A table on the pages of a kind.
pub(super) struct ThingSection<'a> {
    dataset: &'a Dataset,
    pub(super) table: &'a TierRows,
    pub(super) title: &'a Text,
    rows: RowsOf<'a>,
    columns: Vec<Shown<'a>>,
    hidden: Vec<&'a str>,
    marks: SuppressionMarks<'a>,
    pub(super) links: NameLinks<'a>,
    pub(super) payments: Option<PaymentTotals<'a>>,
    /// Whose payments they are.
    pub(super) paid: Paid,
    /// Where rows are a list of names.
    names: Option<NameList<'a>>,
}

/// What payments on the page of a thing are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paid {
    /// The thing paid them.
    ByIt,
    /// It was paid them.
    ToIt,
    /// Those who are told on its page paid them.
    ByItsOwn,
}

impl<'a> ThingSection<'a> {
    /// The kind's own table.
    pub(super) fn own(site: &'a TierSite<'_>, kind: &'a PageKind) -> Result<Option<Self>, Error> {
        let Some((dataset, table)) = site.table(&kind.table) else { return Ok(None) };
        let table = table.whole()?;
        let by = table.table().search.as_ref().map_or(&[][..], |search| &search.told_apart_by);
        Self::new(site, kind, (dataset, table), (by, None), RowsOf::Own, kind.heading.as_ref()).map(Some)
    }

    /// A table that names things of the kind; nothing if the tier does not have it, or sees none of the columns that name them.
    pub(super) fn of(site: &'a TierSite<'_>, kind: &'a PageKind, section: &'a PageSection) -> Result<Option<Self>, Error> {
        let (Some((dataset, table)), Some((_, own))) = (site.table(&section.table), site.table(&kind.table)) else { return Ok(None) };
        let (table, own) = (table.whole()?, own.whole()?);
        let (by, of) = (KeyColumns::of(table, &section.by), KeyColumns::of(own, &section.of));
        let between = match &section.through {
            Some(name) => match Between::of(site, name, &section.of)? {
                Some(between) => Some(between),
                None => return Ok(None),
            },
            None => None,
        };
        let mut rows: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
        for row in (0..table.rows().num_rows()).filter(|&row| counts(section, table, row)) {
            let key = by.at(row).and_then(|key| match &between {
                Some(between) => between.0.get(&key).cloned(),
                None => Some(key),
            });
            if let Some(key) = key {
                rows.entry(key).or_default().push(row);
            }
        }
        Self::new(site, kind, (dataset, table), (&section.by, Some(section)), RowsOf::By(rows, of), section.title.as_ref()).map(Some)
    }

    fn new(
        site: &'a TierSite<'_>,
        kind: &'a PageKind,
        (dataset, table): (&'a Dataset, &'a TierRows),
        (by, section): (&'a [String], Option<&'a PageSection>),
        rows: RowsOf<'a>,
        title: Option<&'a Text>,
    ) -> Result<Self, Error> {
        let definition = table.table();
        let payments = definition.payments.as_ref();
        let pays = payments.is_some_and(|payments| !payments.payer_id.is_empty() && payments.payer_id.iter().all(|name| by.contains(name)));
        let is_through = section.is_some_and(|section| section.through.is_some());
        let today = site.context.release.date;
        let (paid, totals) = match (is_through, pays) {
            (true, _) => (Paid::ByItsOwn, PaymentTotals::of_givers(table, today)),
            (_, true) => (Paid::ByIt, PaymentTotals::to_receivers(table, today)),
            _ => (Paid::ToIt, PaymentTotals::of(table, today)),
        };
        // What the thing is called, and which it is, is known.
        let own = site.table(&kind.table).and_then(|(_, own)| own.table.search.as_ref());
        let is_its_name = |name: &&str| own.is_some_and(|search| search.name.iter().flatten().any(|known| known == name));
        let mut hidden: Vec<&str> = by.iter().map(String::as_str).chain(HIDDEN).collect();
        let names = definition.columns.iter().map(|used| used.column.name.as_str());
        hidden.extend(names.filter(is_its_name));
        hidden.extend(kind.map.iter().flat_map(|map| [&map.column, &map.row, &map.label]).map(String::as_str));
        hidden.extend(
            payments.filter(|_| paid == Paid::ByIt).iter().flat_map(|payments| payments.payer.iter().flatten().map(String::as_str)),
        );
        let links = NameLinks::of(site.things()?, table).and_virs(site.entities()?, table);
        let names = match section.filter(|section| section.list) {
            Some(_) => NameList::of(site, table)?,
            None => None,
        };
        Ok(Self {
            dataset,
            table,
            title: title.unwrap_or(&definition.title),
            rows,
            columns: shown_columns(table, &site.titles),
            hidden,
            marks: SuppressionMarks::of(table),
            links,
            payments: totals,
            paid,
            names,
        })
    }

    /// The rows about a thing.
    pub(super) fn rows(&self, thing: &Thing<'_>) -> Vec<usize> {
        let own = || thing.rows.iter().map(|&row| row as usize);
        match &self.rows {
            RowsOf::Own => own().collect(),
            RowsOf::By(rows, of) => own().next().and_then(|row| rows.get(&of.at(row)?).cloned()).unwrap_or_default(),
        }
    }

    /// Appends the facts of the one row that tells of a thing.
    pub(super) fn push_facts(&self, rows: &[usize], out: &mut String) {
        // Whose it is has been said.
        let hidden: Vec<&str> = self.hidden.iter().copied().chain([NAME]).collect();
        let columns = filled(&self.columns, rows, &self.marks, &hidden);
        push_facts(&columns, rows, &self.marks, (UP, &self.links), out);
        self.push_end(rows.len(), rows, out);
    }

    /// Appends rows: of payments the totals first, all others the newest first.
    pub(super) fn push(&self, rows: &[usize], amount: Amount, own_virs: Option<&str>, out: &mut String) {
        if let Some(names) = &self.names {
            let shown = names.push(rows, amount.names, out);
            return self.push_end(rows.len(), &shown, out);
        }
        let sorted = self.newest_first(rows);
        let shown = &sorted[..sorted.len().min(amount.rows)];
        let mut hidden = self.hidden.clone();
        let virs = texts(self.table, ENTITY);
        if own_virs.is_some() && virs.is_some_and(|codes| rows.iter().all(|&row| text(codes, row) == own_virs)) {
            hidden.push(NAME);
        }
        let columns = filled(&self.columns, shown, &self.marks, &hidden);
        match &self.payments {
            Some(payments) => {
                payments.push(&payments.years(rows), amount.payers, (UP, &self.links), out);
                let (amounts, mut others): (Vec<_>, Vec<_>) = columns.into_iter().partition(|shown| payments.is_amount(&shown.column.name));
                let first = others.len().min(1);
                others.splice(first..first, amounts);
                let summary = said!("Kiekvienas mokėjimas, naujausi viršuje ({0})", rows.len());
                let _ = writeln!(out, "<details>\n<summary>{summary}</summary>");
                self.push_table(&others, shown, out);
                out.push_str("</details>\n");
            }
            None => self.push_table(&columns, shown, out),
        }
        self.push_end(rows.len(), shown, out);
    }

    fn push_table(&self, columns: &[&Shown<'_>], rows: &[usize], out: &mut String) {
        RowTable {
            caption: &in_both(self.title),
            quiet: true,
            columns,
            marks: &self.marks,
            up: UP,
            links: None,
            names: Some(&self.links),
            leads: None,
        }
        .push(rows, out);
    }

    pub(super) fn push_end(&self, all: usize, shown: &[usize], out: &mut String) {
        if self.marks.any(shown) {
            push_suppressed(out);
        }
        push_rest((self.dataset, self.table), (shown.len(), all), UP, out);
    }

    fn newest_first(&self, rows: &[usize]) -> Vec<usize> {
        if let Some(payments) = &self.payments {
            return payments.newest_first(rows);
        }
        let mut sorted = rows.to_vec();
        let day = self.columns.iter().find(|shown| shown.column.kind == Kind::Date);
        if let Some(days) = day.and_then(|shown| self.table.rows().column_by_name(&shown.column.name)) {
            let days = days.as_primitive::<Date32Type>();
            sorted.sort_by_key(|&row| Reverse(days.is_valid(row).then(|| days.value(row))));
        }
        sorted
    }

    /// Appends the section's heading.
    pub(super) fn push_heading(&self, out: &mut String) {
        let id = self.table.table().subject();
        let _ = write!(out, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">");
        push_both(self.title, out);
        out.push_str("</h2>\n");
    }
}

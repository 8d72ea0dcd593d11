//! Entries of a list: donors with what they gave to whom and when.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use arrow::array::StringArray;
use catalog::{Check, ENTITY, Kind, Layout, PageSection};
use chrono::NaiveDate;

use crate::incremental::tier_table::TierRows;
use crate::language::{said, say};
use crate::paths::entity_page;
use crate::site::entities::{NAME, VirsList};
use crate::site::payments::PaymentTotals;
use crate::site::shown::Titles;
use crate::site::text::{LONGEST_NAME, counted, push_escaped, push_linked, push_units, shortened};
use crate::site::things::directory::{Directories, Directory, ENTRY_ROWS, Thing};
use crate::site::things::key::{text, texts};

/// Way from these pages to the tier's start page.
pub(super) const UP: &str = "../";

/// The noun after a count.
pub(super) const VIRS: &str = "VIRS|VIRS";
const OTHERS: &str = say!("kita suma|kitos sumos|kitų sumų");
/// Who is paid where nobody says it.
const UNNAMED: &str = "Gavėjas nenurodytas";

/// What lines and entries of a kind's list say beside names.
pub(super) struct Lines<'a> {
    directory: &'a Directory<'a>,
    /// Of the same things, which are also others: an owner that gives.
    others: Vec<&'a Directory<'a>>,
    virs: &'a VirsList<'a>,
    payments: Option<PaymentTotals<'a>>,
    codes: Vec<(&'a StringArray, Option<&'a str>)>,
    entities: Option<&'a StringArray>,
    names: Option<&'a StringArray>,
    titles: &'a Titles<'a>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(
        directory: &'a Directory<'a>,
        all: &'a Directories<'a>,
        virs: &'a VirsList<'a>,
        (titles, today): (&'a Titles<'a>, NaiveDate),
    ) -> Self {
        let table: &'a TierRows = directory.table;
        let search = table.table().search.as_ref();
        let classifier = |name: &String| match table.table().column(name).and_then(|used| used.column.check.as_ref()) {
            Some(Check::Classifier(name)) => Some(name.as_str()),
            _ => None,
        };
        // A code, and the state in which it means something; one that stands alone is told by the name.
        let shown = |name: &&String| {
            search.is_some_and(|search| search.found_by.contains(name) || search.told_apart_by.len() > 1 && classifier(name).is_some())
        };
        let columns = search.into_iter().flat_map(|search| &search.told_apart_by).filter(shown);
        Self {
            directory,
            others: all.0.iter().filter(|other| is_same(other, directory)).collect(),
            virs,
            payments: PaymentTotals::to_receivers(table, today),
            codes: columns.filter_map(|name| Some((texts(table, name)?, classifier(name)))).collect(),
            entities: texts(table, ENTITY),
            names: texts(table, NAME),
            titles,
        }
    }

    /// Appends the line of a thing in a list of names, from which its page lies at `href`.
    pub(super) fn push_line(&self, thing: &Thing<'_>, href: &str, out: &mut String) {
        out.push_str("<li>");
        push_linked(&thing.name, Some(href), out);
        out.push_str(" <span class=\"minor\">");
        let start = out.len();
        self.push_codes(thing, out);
        let mut of: Vec<&str> = thing.rows.iter().filter_map(|&row| text(self.names?, row as usize)).collect();
        of.dedup();
        if !of.is_empty() {
            out.push_str(if out.len() > start { " · " } else { "" });
        }
        match of.as_slice() {
            [] => {}
            [one] => push_escaped(&shortened(one, LONGEST_NAME), out),
            several => out.push_str(&counted(several.len() as u64, VIRS)),
        }
        out.push_str("</span></li>\n");
    }

    /// Appends the entry of a thing that has no page: what it paid in which year to whom.
    pub(super) fn push_entry(&self, thing: &Thing<'_>, out: &mut String) {
        out.push_str("<li id=\"");
        out.push_str(&thing.stem);
        out.push_str("\"><strong>");
        let page = self.others.iter().find_map(|other| other.find(&thing.key)).map(|other| format!("{UP}{}", other.address));
        push_linked(&thing.name, page.as_deref(), out);
        out.push_str("</strong> <span class=\"minor\">");
        self.push_codes(thing, out);
        out.push_str("</span>\n<ul>\n");
        let mut sums: BTreeMap<_, i128> = BTreeMap::new();
        for row in thing.rows.iter().map(|&row| row as usize) {
            let (year, cents) = self.payments.as_ref().map_or((None, 0), |payments| payments.paid(row));
            let code = self.entities.and_then(|codes| text(codes, row));
            let name = self.names.and_then(|names| text(names, row)).or(code).unwrap_or(UNNAMED);
            *sums.entry((Reverse(year), name, code)).or_default() += cents;
        }
        for ((Reverse(year), name, code), cents) in sums.iter().take(ENTRY_ROWS as usize) {
            out.push_str("<li>");
            out.push_str(&year.map_or_else(|| "–".to_owned(), |year| year.to_string()));
            out.push_str(": ");
            let page = code.and_then(|code| entity_page(self.virs.find(code)?.code)).map(|page| format!("{UP}{page}"));
            push_linked(if *name == UNNAMED { say!(UNNAMED) } else { name }, page.as_deref(), out);
            out.push_str("\u{a0}– ");
            push_money(*cents, out);
            out.push_str("</li>\n");
        }
        if let Some(rest) = sums.len().checked_sub(ENTRY_ROWS as usize).filter(|rest| *rest > 0) {
            out.push_str("<li>");
            out.push_str(&said!("ir dar {0}: visos – rinkinio failuose", counted(rest as u64, OTHERS)));
            out.push_str("</li>\n");
        }
        out.push_str("</ul></li>\n");
    }

    /// Appends codes, and the state where one stands there.
    pub(super) fn push_codes(&self, thing: &Thing<'_>, out: &mut String) {
        let Some(row) = thing.rows.first().map(|&row| row as usize) else { return };
        let known = self.codes.iter().filter_map(|(texts, classifier)| Some((text(texts, row)?, *classifier)));
        for (place, (code, classifier)) in known.enumerate() {
            out.push_str(if place > 0 { ", " } else { "" });
            let told = classifier.map_or(code, |classifier| self.titles.title(classifier, code));
            push_linked(told, None, out);
        }
    }

    /// Whether the list is all there is of its things.
    pub(super) fn is_listed(&self) -> bool {
        self.directory.kind.layout == Layout::Entry
    }
}

/// Appends a sum with its unit.
pub(super) fn push_money(cents: i128, out: &mut String) {
    push_units(cents, Kind::Money, out);
    out.push('\u{a0}');
    out.push_str(say!("Eur"));
}

/// Whether keys of one kind mean the same in the other: one names things of the other's table by the same columns.
fn is_same(other: &Directory<'_>, directory: &Directory<'_>) -> bool {
    let told_apart = |of: &Directory<'_>| of.table.table().search.as_ref().map(|search| search.told_apart_by.clone());
    let names = |section: &PageSection| section.table == directory.kind.table && Some(&section.of) == told_apart(other).as_ref();
    other.kind.name != directory.kind.name && other.kind.sections.iter().any(names)
}

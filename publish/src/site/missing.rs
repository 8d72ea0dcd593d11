//! What is missing about a VIRS, in words: what, of which outlet or year, until when it was known, and how it is mended.

use arrow::array::{Array, AsArray, StringArray};
use catalog::Table;

use super::shown::{Shown, Titles, shown_columns};
use super::text::{LONGEST_NAME, push_escaped, shortened};
use crate::incremental::tier_table::TierRows;

/// A table with these two columns tells what is missing.
const WHAT: &str = "spraga";
const MENDED: &str = "kaip_papildyti";
/// Of what it is missing.
const OUTLET: &str = "vip_pavadinimas";
const YEAR: &str = "metai";
const SHARE: &str = "dalis";
/// Until when it was known.
const LAST_KNOWN: &str = "paskutiniai_duomenys";

/// Whether a table tells what is missing.
pub(super) fn is_missing(table: &Table) -> bool {
    [WHAT, MENDED].iter().all(|name| table.column(name).is_some())
}

/// What is missing about all VIRS of a tier.
pub(super) struct Missing<'a> {
    what: Shown<'a>,
    year: Option<Shown<'a>>,
    share: Option<Shown<'a>>,
    last_known: Option<Shown<'a>>,
    outlets: Option<&'a StringArray>,
    mended: Option<&'a StringArray>,
}

impl<'a> Missing<'a> {
    pub(super) fn new(table: &'a TierRows, titles: &'a Titles<'a>) -> Option<Self> {
        let mut columns = shown_columns(table, titles);
        let mut take = |name: &str| columns.iter().position(|shown| shown.column.name == name).map(|at| columns.swap_remove(at));
        let texts = |name: &str| table.rows().column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        Some(Self {
            what: take(WHAT)?,
            year: take(YEAR),
            share: take(SHARE),
            last_known: take(LAST_KNOWN),
            outlets: texts(OUTLET),
            mended: texts(MENDED),
        })
    }

    /// Appends the list of what these rows, those of one VIRS, say.
    pub(super) fn push(&self, rows: &[usize], out: &mut String) {
        out.push_str("<ul class=\"missing\">\n");
        for &row in rows {
            out.push_str("<li><strong>");
            self.what.push(row, out);
            out.push_str("</strong>");
            self.push_of_what(row, out);
            if let Some(last_known) = self.last_known.as_ref().filter(|shown| !shown.is_empty_at(row)) {
                out.push_str(". Paskutiniai duomenys – ");
                last_known.push(row, out);
            }
            out.push('.');
            if let Some(mended) = text(self.mended, row) {
                out.push_str(" <span class=\"minor\">");
                push_escaped(mended, out);
                out.push_str("</span>");
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }

    fn push_of_what(&self, row: usize, out: &mut String) {
        if let Some(outlet) = text(self.outlets, row) {
            out.push_str(": „");
            push_escaped(&shortened(outlet, LONGEST_NAME), out);
            out.push('“');
        }
        for (shown, unit) in [(&self.year, "\u{a0}m"), (&self.share, "")] {
            if let Some(shown) = shown.as_ref().filter(|shown| !shown.is_empty_at(row)) {
                out.push_str(": ");
                shown.push(row, out);
                out.push_str(unit);
            }
        }
    }
}

fn text(texts: Option<&StringArray>, row: usize) -> Option<&str> {
    texts.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row))
}

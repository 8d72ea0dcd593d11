//! What is missing about a VIRS, in words: what, of which outlet or year, until when it was known, and how it is mended.

use arrow::array::{Array, AsArray, StringArray};
use catalog::Table;

use super::shown::{Shown, Titles, shown_columns};
use super::text::{LONGEST_NAME, push_escaped, shortened};
use crate::incremental::tier_table::TierRows;
use crate::language::{Language, in_language, said, say};

/// A table with these two columns tells what is missing.
const WHAT: &str = "spraga";
const MENDED: &str = "kaip_papildyti";
/// Of what it is missing.
const OUTLET: &str = "vip_pavadinimas";
const YEAR: &str = "metai";
const SHARE: &str = "dalis";
/// Until when it was known.
const LAST_KNOWN: &str = "paskutiniai_duomenys";
/// „2025 m“; in English a year stands alone.
const OF_YEAR: &str = "\u{1}\u{a0}m\u{2}\u{3}";

/// How what is missing is mended, as `sql/models/out_spraga.sql` says it of each kind of gap.
const WAYS: [&str; 5] = [
    say!(
        "Dalyvius VIRS nurodo JADIS (Registrų centrui), o jei jo teisinės formos dalyviai ten nekaupiami ar yra iš užsienio – šiai sistemai."
    ),
    say!(
        "VIRS atstovas nurodo atsakingą asmenį leidėjo ir leidinių duomenų formoje; apie pasikeitimą pranešama per 14 kalendorinių dienų."
    ),
    say!(
        "VIRS atstovas tiražą pateikia du kartus per metus tiražo formoje. Privaloma, jei egzempliorių daugiau kaip 500 arba spausdinama reklama."
    ),
    say!("VIRS, kuriam teikti ataskaitas privaloma, pateikia jas JAR (Registrų centrui)."),
    say!("VIRS atstovas leidinius, programas ir svetaines nurodo leidėjo ir leidinių duomenų formoje."),
];

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
                let mut day = String::new();
                last_known.push(row, &mut day);
                out.push_str(". ");
                out.push_str(&said!("Paskutiniai duomenys – {0}", day));
            }
            out.push('.');
            if let Some(mended) = text(self.mended, row) {
                out.push_str(" <span class=\"minor\">");
                push_escaped(way(mended), out);
                out.push_str("</span>");
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }

    fn push_of_what(&self, row: usize, out: &mut String) {
        if let Some(outlet) = text(self.outlets, row) {
            let mut name = String::new();
            push_escaped(&shortened(outlet, LONGEST_NAME), &mut name);
            out.push_str(": ");
            out.push_str(&said!("„{0}“", name));
        }
        for (shown, unit) in [(&self.year, OF_YEAR), (&self.share, "")] {
            if let Some(shown) = shown.as_ref().filter(|shown| !shown.is_empty_at(row)) {
                out.push_str(": ");
                shown.push(row, out);
                out.push_str(unit);
            }
        }
    }
}

/// How it is mended, in English too where it is one of the known ways.
fn way(mended: &str) -> &str {
    WAYS.into_iter().find(|way| in_language(way, Language::Lithuanian) == mended).unwrap_or(mended)
}

fn text(texts: Option<&StringArray>, row: usize) -> Option<&str> {
    texts.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_way_to_mend_a_gap_is_one_that_rows_name_and_is_said_in_english() {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sql/models/out_spraga.sql");
        let model = std::fs::read_to_string(model).unwrap();
        for said in WAYS {
            let lithuanian = in_language(said, Language::Lithuanian);
            assert!(model.contains(&format!("'{lithuanian}'")), "{lithuanian}");
            assert_eq!(way(&lithuanian), said);
        }
        assert_eq!(way("Kitaip"), "Kitaip");
    }
}

//! How a column is shown on a page: which ones are, under what title, and each value as safe HTML.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Decimal128Type};
use catalog::{CONFIDENTIAL_MARK, Catalog, Cells, Check, Column, Kind, MARKS, PUBLISHED_FILE, Tier, published_files, published_path};
use foldhash::HashMap;

use super::text::{LONGEST_TEXT, percent, push_escaped, push_number, push_units, shortened};
use crate::incremental::tier_table::TierRows;
use crate::language::{Language, in_both, in_language, push_both, say};
use crate::publication::is_web_address;

/// Columns that steer the pages and are not shown on them; downloads have them.
const STEERING: [&[&str]; 2] = [&MARKS, &[CONFIDENTIAL_MARK]];

/// The unit of what is counted: the title says what that is.
pub(super) const PIECES: &str = "vnt.";

/// A code's title stands in a column of its name with this ending.
const TITLE_ENDING: &str = "_pavadinimas";

/// The year of a day stands in a column of its name with this ending.
const YEAR_ENDING: &str = "_metai";

/// Titles of the codes of a classifier, in each language.
type Terms<'a> = HashMap<&'a str, String>;

/// Titles of the codes of every classifier.
pub(super) struct Titles<'a>(HashMap<&'a str, Terms<'a>>);

impl<'a> Titles<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let terms =
            |classifier: &'a catalog::Classifier| classifier.terms.iter().map(|term| (term.code.as_str(), in_both(&term.title))).collect();
        Self(catalog.classifiers().map(|classifier| (classifier.name.as_str(), terms(classifier))).collect())
    }

    /// The title of `code`, or the code itself where the classifier does not know it.
    pub(super) fn title<'b>(&'b self, classifier: &str, code: &'b str) -> &'b str {
        self.0.get(classifier).and_then(|terms| terms.get(code)).map_or(code, String::as_str)
    }
}

/// One column of a released table on a page.
pub(super) struct Shown<'a> {
    pub(super) column: &'a Column,
    array: &'a dyn Array,
    cells: Cells<'a>,
    /// Title and unit.
    heading: String,
    terms: Option<&'a Terms<'a>>,
    /// Whether its values are files of the release.
    is_file: bool,
    /// Whether its values are years: names, not quantities.
    is_year: bool,
}

/// The columns of a table as a page shows them. A code whose title stands beside it is shown once: as the classifier's title
/// where the column has a classifier, else as the title in the data.
pub(super) fn shown_columns<'a>(table: &'a TierRows, titles: &'a Titles<'a>) -> Vec<Shown<'a>> {
    let definition = table.table();
    let has = |name: &str| table.rows().schema().column_with_name(name).is_some();
    let classified = |name: &str| definition.column(name).is_some_and(|column| matches!(column.column.check, Some(Check::Classifier(_))));
    let visible: Vec<_> = definition.visible(table.tier()).collect();
    // `veiklos_rusis` and right after it `veiklos_pavadinimas`.
    let stem_before =
        |index: usize| index.checked_sub(1).map(|before| visible[before].column.name.as_str()).filter(|name| classified(name));
    let titled = |index: usize, start: &str| {
        has(start) && classified(start) || stem_before(index).and_then(|code| code.rsplit_once('_')).is_some_and(|(stem, _)| stem == start)
    };
    visible
        .iter()
        .zip(table.rows().columns())
        .enumerate()
        .filter(|(index, (column, _))| {
            let name = column.column.name.as_str();
            let titled_elsewhere = name.strip_suffix(TITLE_ENDING).is_some_and(|start| titled(*index, start));
            // The year of a day is there for rows that have not the day.
            let year_of_day = table.tier() != Tier::Open && name.strip_suffix(YEAR_ENDING).is_some_and(has);
            let bare_code = !classified(name) && has(&format!("{name}{TITLE_ENDING}"));
            !STEERING.iter().any(|names| names.contains(&name)) && !titled_elsewhere && !bare_code && !year_of_day
        })
        .map(|(_, (column, array))| {
            let terms = match &column.column.check {
                Some(Check::Classifier(name)) => titles.0.get(name.as_str()),
                _ => None,
            };
            let (column, array) = (column.column.as_ref(), array.as_ref());
            let is_year = column.name == "metai" || column.name.ends_with(YEAR_ENDING);
            Shown {
                column,
                array,
                cells: Cells::of(array),
                heading: heading(column),
                terms,
                is_file: column.name == PUBLISHED_FILE,
                is_year,
            }
        })
        .collect()
}

fn heading(column: &Column) -> String {
    let mut heading = String::new();
    push_both(&column.title, &mut heading);
    if let Some(unit) = column.unit.as_deref().filter(|unit| *unit != PIECES) {
        heading.push_str(" <span class=\"unit\">(");
        push_escaped(unit, &mut heading);
        heading.push_str(")</span>");
    }
    heading
}

impl Shown<'_> {
    pub(super) fn is_empty_at(&self, row: usize) -> bool {
        self.cells.is_null(row)
    }

    pub(super) fn is_true(&self, row: usize) -> bool {
        self.array.as_boolean_opt().is_some_and(|flags| flags.is_valid(row) && flags.value(row))
    }

    /// The text itself, where the column holds text.
    pub(super) fn text(&self, row: usize) -> Option<&str> {
        self.cells.text(row)
    }

    /// Appends the heading: title and unit.
    pub(super) fn push_heading(&self, out: &mut String) {
        out.push_str(&self.heading);
    }

    /// The share in units of 10⁻¹², where the column is one.
    pub(super) fn share(&self, row: usize) -> Option<i128> {
        let is_share = self.column.kind == Kind::Share && self.array.is_valid(row);
        is_share.then(|| self.array.as_primitive::<Decimal128Type>().value(row))
    }

    /// Appends the heading in Lithuanian as plain text.
    pub(super) fn push_title(&self, out: &mut String) {
        out.push_str(&self.column.title.lt);
        if let Some(unit) = self.column.unit.as_deref().filter(|unit| *unit != PIECES) {
            out.push_str(", ");
            out.push_str(unit);
        }
    }

    /// Appends the value as files have it, codes and yes or no in Lithuanian words, and gives its type; nothing where it is empty.
    pub(super) fn print(&self, row: usize, out: &mut String) -> Option<&DataType> {
        if self.is_empty_at(row) {
            return None;
        }
        match self.column.kind {
            Kind::Boolean => out.push_str(if self.is_true(row) { "taip" } else { "ne" }),
            _ => match self.terms.and_then(|terms| terms.get(self.text(row)?)) {
                Some(title) => out.push_str(&in_language(title, Language::Lithuanian)),
                None => self.cells.push(row, out),
            },
        }
        Some(self.array.data_type())
    }

    /// Appends the value as [`Shown::push`] does, a web address as a link; documents of the release as links from a page that lies `up` from
    /// its tier's start page.
    pub(super) fn push_linked(&self, row: usize, up: &str, out: &mut String) {
        if self.is_file
            && let Some(files) = self.text(row).and_then(published_files)
        {
            for (place, sha256) in files.iter().enumerate() {
                out.push_str(if place > 0 { ", <a href=\"" } else { "<a href=\"" });
                out.push_str(up);
                out.push_str(&published_path(sha256));
                out.push_str("\">");
                out.push_str(if files.len() > 1 { "PDF " } else { "PDF" });
                if files.len() > 1 {
                    out.push_str(&(place + 1).to_string());
                }
                out.push_str("</a>");
            }
            return;
        }
        let link = self.text(row).filter(|text| is_web_address(text));
        if let Some(address) = link {
            out.push_str("<a rel=\"external noopener\" href=\"");
            push_escaped(address, out);
            out.push_str("\">");
        }
        self.push(row, out);
        if link.is_some() {
            out.push_str("</a>");
        }
    }

    /// Appends the value; `–` where it is empty.
    pub(super) fn push(&self, row: usize, out: &mut String) {
        if self.is_empty_at(row) {
            out.push('–');
            return;
        }
        match self.column.kind {
            Kind::Text => self.push_text(self.text(row).unwrap_or_default(), out),
            Kind::Boolean => out.push_str(if self.is_true(row) { say!("taip") } else { say!("ne") }),
            Kind::Share => push_escaped(&percent(self.array.as_primitive::<Decimal128Type>().value(row)), out),
            Kind::Date => self.cells.push(row, out),
            Kind::Integer if self.is_year => self.cells.push(row, out),
            Kind::Number => push_units(self.array.as_primitive::<Decimal128Type>().value(row), Kind::Number, out),
            Kind::Integer | Kind::Money => {
                let mut printed = String::new();
                self.cells.push(row, &mut printed);
                push_number(&printed, false, out);
            }
        }
    }

    fn push_text(&self, text: &str, out: &mut String) {
        push_escaped(&shortened(self.terms.and_then(|terms| terms.get(text)).map_or(text, String::as_str), LONGEST_TEXT), out);
    }
}

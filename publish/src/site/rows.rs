//! Rows of a table as an accessible HTML table, written straight into the page.

use std::borrow::Cow;
use std::fmt::Write;

use arrow::array::{Array, AsArray, StringArray};
use catalog::{CONFIDENTIAL_MARK, ENTITY, Kind};

use super::entities::VirsList;
use super::shown::Shown;
use super::text::push_escaped;
use super::things::links::NameLinks;
use crate::incremental::tier_table::TierRows;
use crate::language::say;

/// The word that stands for a suppressed value.
pub(super) const CONFIDENTIAL: &str = say!("konfidencialu");

/// Which values of a row are suppressed.
pub(super) struct SuppressionMarks<'a>(Option<&'a StringArray>);

impl<'a> SuppressionMarks<'a> {
    pub(super) fn of(table: &'a TierRows) -> Self {
        Self(table.rows().column_by_name(CONFIDENTIAL_MARK).and_then(|column| column.as_string_opt::<i32>()))
    }

    /// Whether the value of `column` is missing because it is confidential.
    pub(super) fn hides(&self, column: &str, row: usize) -> bool {
        let listed = self.0.filter(|marks| marks.is_valid(row)).map(|marks| marks.value(row));
        listed.is_some_and(|listed| listed.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|name| name == column))
    }

    /// Whether any of these rows hides anything.
    pub(super) fn any(&self, rows: &[usize]) -> bool {
        self.0.is_some_and(|marks| rows.iter().any(|&row| marks.is_valid(row) && !marks.value(row).is_empty()))
    }
}

/// Where a row leads.
pub(super) type Leads<'a> = &'a dyn Fn(usize) -> Option<String>;

/// A table on a page.
pub(super) struct RowTable<'a> {
    pub(super) caption: &'a str,
    /// Whether the heading above says the same already, so that only screen readers need the caption.
    pub(super) quiet: bool,
    pub(super) columns: &'a [&'a Shown<'a>],
    pub(super) marks: &'a SuppressionMarks<'a>,
    /// The way up to the tier's start page.
    pub(super) up: &'a str,
    /// To link codes of VIRS to their pages.
    pub(super) links: Option<&'a VirsList<'a>>,
    /// To link names to pages.
    pub(super) names: Option<&'a NameLinks<'a>>,
    /// A column whose values lead somewhere, and where in each row.
    pub(super) leads: Option<(&'a str, Leads<'a>)>,
}

impl RowTable<'_> {
    /// Appends the table in a region that scrolls by itself when it is wide.
    pub(super) fn push(&self, rows: &[usize], out: &mut String) {
        out.push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
        push_escaped(self.caption, out);
        // The section around it has the name itself.
        out.push_str(if self.quiet { say!(": lentelė") } else { "" });
        out.push_str("\">\n<table>\n");
        out.push_str(if self.quiet { "<caption class=\"quiet\">" } else { "<caption>" });
        push_escaped(self.caption, out);
        out.push_str("</caption>\n<thead><tr>");
        for shown in self.columns {
            out.push_str(if shown.column.kind.is_numeric() { "<th scope=\"col\" class=\"number\">" } else { "<th scope=\"col\">" });
            shown.push_heading(out);
            out.push_str("</th>");
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for &row in rows {
            out.push_str("<tr>");
            for (index, shown) in self.columns.iter().enumerate() {
                self.push_cell(shown, index == 0, row, out);
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n</div>\n");
    }

    /// Appends one cell.
    pub(super) fn push_cell(&self, shown: &Shown<'_>, first: bool, row: usize, out: &mut String) {
        out.push_str(if first { "<th scope=\"row\"" } else { "<td" });
        out.push_str(match shown.column.kind {
            kind if kind.is_numeric() => " class=\"number\">",
            Kind::Date => " class=\"date\">",
            _ => ">",
        });
        let page = if shown.column.name == ENTITY { self.links.and_then(|entities| entities.page_at(shown, row)) } else { None };
        let page = page.map(Cow::Owned).or_else(|| self.names.filter(|_| !shown.is_empty_at(row))?.page(&shown.column.name, row));
        let leads = self.leads.filter(|(column, _)| *column == shown.column.name).and_then(|(_, address)| address(row));
        if self.marks.hides(&shown.column.name, row) && shown.is_empty_at(row) {
            out.push_str("<span class=\"hidden-value\">");
            out.push_str(CONFIDENTIAL);
            out.push_str("</span>");
        } else if let Some(address) = page.map(|page| format!("{}{page}", self.up)).or(leads) {
            out.push_str("<a href=\"");
            push_escaped(&address, out);
            out.push_str("\">");
            shown.push(row, out);
            out.push_str("</a>");
        } else {
            shown.push_linked(row, self.up, out);
        }
        out.push_str(if first { "</th>" } else { "</td>" });
    }
}

/// Appends what one row of a table says, as terms and what is true of them.
pub(super) fn push_facts(
    columns: &[&Shown<'_>],
    rows: &[usize],
    marks: &SuppressionMarks<'_>,
    (up, names): (&str, &NameLinks<'_>),
    out: &mut String,
) {
    out.push_str("<dl class=\"facts\">\n");
    for (row, shown) in rows.iter().flat_map(|&row| columns.iter().map(move |shown| (row, shown))) {
        out.push_str("<div><dt>");
        shown.push_heading(out);
        out.push_str("</dt><dd>");
        match names.page(&shown.column.name, row).filter(|_| !shown.is_empty_at(row)) {
            _ if shown.is_empty_at(row) && marks.hides(&shown.column.name, row) => out.push_str(CONFIDENTIAL),
            Some(page) => {
                let _ = write!(out, "<a href=\"{up}{page}\">");
                shown.push(row, out);
                out.push_str("</a>");
            }
            None => shown.push_linked(row, up, out),
        }
        out.push_str("</dd></div>\n");
    }
    out.push_str("</dl>\n");
}

/// The columns of which some row has something to say.
pub(super) fn filled<'a>(columns: &'a [Shown<'a>], rows: &[usize], marks: &SuppressionMarks<'_>, without: &[&str]) -> Vec<&'a Shown<'a>> {
    let says = |shown: &Shown<'_>| rows.iter().any(|&row| !shown.is_empty_at(row) || marks.hides(&shown.column.name, row));
    columns.iter().filter(|shown| !without.contains(&shown.column.name.as_str()) && says(shown)).collect()
}

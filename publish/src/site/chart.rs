//! The bar chart of a dataset of statistics, as SVG inside the page: no script, colours from the style sheet, widths in per
//! cent so that it fits any screen without shrinking its letters.

use std::fmt::Write;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{SortOptions, sort_to_indices};
use arrow::datatypes::{Decimal128Type, Int64Type};
use catalog::{Chart, Kind};

use super::rows::{CONFIDENTIAL, SuppressionMarks};
use super::shown::{Shown, Titles, shown_columns};
use super::text::push_escaped;
use crate::incremental::tier_table::TierRows;

/// More bars than this cannot be told apart; the table beside has them all.
const BARS: usize = 20;
/// Letters of a label that fit on a telephone 360 pixels wide.
const LABEL: usize = 42;
/// Height of a bar with its label, in pixels.
const STEP: usize = 50;
/// Per cent of the width that the longest bar takes; the rest is for its value.
const LONGEST: f64 = 62.0;

/// A chart and what is said below it.
pub(super) struct Drawn {
    pub(super) svg: String,
    /// What the bars measure, with its unit, as HTML.
    pub(super) axis: String,
    pub(super) note: Option<String>,
}

/// Draws the chart; `None` where this tier does not see its columns or there is nothing to draw.
pub(super) fn draw(table: &TierRows, chart: &Chart, titles: &Titles<'_>, id: &str) -> Option<Drawn> {
    let shown = shown_columns(table, titles);
    let titled = format!("{}_pavadinimas", chart.label);
    let label =
        shown.iter().find(|shown| shown.column.name == chart.label).or_else(|| shown.iter().find(|shown| shown.column.name == titled))?;
    let value = shown.iter().find(|shown| shown.column.name == chart.value && shown.column.kind.is_numeric())?;
    let values = table.rows().column_by_name(&chart.value)?;
    let marks = SuppressionMarks::of(table);

    let mut rows = match &chart.latest {
        Some(name) => latest(table.rows().column_by_name(name)?),
        None => (0..table.rows().num_rows()).collect(),
    };
    rows.retain(|&row| !value.is_empty_at(row) || marks.hides(&chart.value, row));
    let size = |row: usize| if values.is_null(row) { -1.0 } else { amount(values, row) };
    // Years and dates keep their order; names stand by size.
    if label.column.kind == Kind::Text {
        rows.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    }
    let all = rows.len();
    if label.column.kind == Kind::Text {
        rows.truncate(BARS);
    } else {
        rows.drain(..all.saturating_sub(BARS));
    }
    let longest = rows.iter().map(|&row| size(row)).fold(0.0, f64::max);
    if rows.is_empty() {
        return None;
    }

    let mut notes = Vec::new();
    if let (Some(name), Some(row)) = (&chart.latest, rows.first())
        && let Some(split) = shown.iter().find(|shown| shown.column.name == *name)
    {
        let mut text = String::new();
        split.push(*row, &mut text);
        notes.push(format!("{}: {text}.", split.column.title.lt));
    }
    if all > rows.len() {
        notes.push(format!("Diagramoje – {} iš {all} reikšmių; visos – lentelėje.", rows.len()));
    }
    let svg = print(&rows, label, value, &size, longest, table, id);
    let mut axis = String::new();
    value.push_heading(&mut axis);
    Some(Drawn { svg, axis, note: (!notes.is_empty()).then(|| notes.join(" ")) })
}

fn print(
    rows: &[usize],
    label: &Shown<'_>,
    value: &Shown<'_>,
    size: &dyn Fn(usize) -> f64,
    longest: f64,
    table: &TierRows,
    id: &str,
) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg class=\"chart\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" width=\"100%\" height=\"{}\">\n<title id=\"{id}-title\">",
        rows.len() * STEP
    );
    push_escaped(&table.table().title.lt, &mut out);
    let _ = write!(out, "</title>\n<desc id=\"{id}-desc\">Stulpelinė diagrama: ");
    push_escaped(&value.column.title.lt, &mut out);
    out.push_str(" pagal ");
    push_escaped(&label.column.title.lt, &mut out);
    out.push_str(". Tos pačios reikšmės yra lentelėje po diagrama.</desc>\n");
    for (index, &row) in rows.iter().enumerate() {
        let y = index * STEP;
        let mut name = String::new();
        label.push(row, &mut name);
        let _ = write!(out, "<text class=\"label\" x=\"0\" y=\"{}\">{}</text>", y + 16, cut(&name));
        let width = if longest > 0.0 { (size(row) / longest * LONGEST).max(0.0) } else { 0.0 };
        let _ = write!(out, "<rect x=\"0\" y=\"{}\" width=\"{width:.2}%\" height=\"16\" rx=\"2\"/>", y + 23);
        let _ = write!(out, "<text class=\"value\" x=\"{width:.2}%\" dx=\"8\" y=\"{}\">", y + 36);
        if value.is_empty_at(row) {
            out.push_str(CONFIDENTIAL);
        } else {
            value.push(row, &mut out);
        }
        out.push_str("</text>\n");
    }
    out.push_str("</svg>\n");
    out
}

/// Shortens escaped text without cutting an entity in two.
fn cut(escaped: &str) -> String {
    let (mut letters, mut in_entity) = (0, false);
    for (at, letter) in escaped.char_indices() {
        if letters >= LABEL && !in_entity {
            return format!("{}…", escaped[..at].trim_end());
        }
        in_entity = letter == '&' || in_entity && letter != ';';
        letters += usize::from(!in_entity);
    }
    escaped.to_owned()
}

/// Rows in which `column` has its greatest value.
fn latest(column: &ArrayRef) -> Vec<usize> {
    let greatest = SortOptions { descending: true, nulls_first: false };
    let Some(first) =
        sort_to_indices(column, Some(greatest), Some(1)).ok().filter(|found| !found.is_empty()).map(|found| found.value(0) as usize)
    else {
        return Vec::new();
    };
    let Ok(compare) = arrow::array::make_comparator(column, column, SortOptions::default()) else {
        return Vec::new();
    };
    (0..column.len()).filter(|&row| compare(row, first).is_eq()).collect()
}

/// For the length of a bar only; the text beside it is exact.
fn amount(values: &ArrayRef, row: usize) -> f64 {
    values
        .as_primitive_opt::<Int64Type>()
        .map(|values| values.value(row) as f64)
        .or_else(|| values.as_primitive_opt::<Decimal128Type>().map(|values| values.value(row) as f64))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn only_rows_of_the_latest_year_are_drawn() {
        let years: ArrayRef = Arc::new(arrow::array::Int64Array::from(vec![Some(2024), None, Some(2025), Some(2025)]));
        assert_eq!(latest(&years), [2, 3]);
        assert!(latest(&years.slice(0, 0)).is_empty());
    }

    #[test]
    fn a_long_label_is_cut_between_letters() {
        let long = format!("{}&amp;{}", "Ž".repeat(LABEL - 1), "b".repeat(9));
        assert_eq!(cut(&long), format!("{}&amp;…", "Ž".repeat(LABEL - 1)));
        assert_eq!(cut("trumpas"), "trumpas");
    }
}

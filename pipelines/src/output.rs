//! Formats the result of a query: table, CSV, JSON, Markdown, HTML, XLSX.

use std::io::Write;

use anyhow::Result;
use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comfy_table::{CellAlignment, Table, presets};
use rust_xlsxwriter::{Format, Workbook};

use crate::refusal::Refusal;
use crate::utc;

/// Widest column of a worksheet, in characters.
const WIDEST_COLUMN: u32 = 60;
/// Limits of a worksheet: rows with the heading, columns, UTF-16 code units of a cell, digits of a number.
const MOST_ROWS: usize = 1_048_576;
const MOST_COLUMNS: usize = 16_384;
const LONGEST_CELL: usize = 32_767;
const MOST_DIGITS: usize = 15;

fn is_number(kind: &DataType) -> bool {
    kind.is_numeric()
}

/// Headings of a result.
fn headings(rows: &RecordBatch) -> Vec<String> {
    rows.schema().fields().iter().map(|field| field.name().clone()).collect()
}

/// Every cell as text; `None` where it is empty. A point in time is told in UTC.
fn cells(rows: &RecordBatch) -> Result<Vec<Vec<Option<String>>>> {
    let options = FormatOptions::default();
    let arrays = rows.columns().iter().map(utc::told).collect::<Result<Vec<_>, _>>()?;
    let columns = arrays.iter().map(|column| ArrayFormatter::try_new(column, &options)).collect::<Result<Vec<_>, _>>()?;
    let cell = |row: usize, place: usize| rows.column(place).is_valid(row).then(|| columns[place].value(row).to_string());
    Ok((0..rows.num_rows()).map(|row| (0..columns.len()).map(|place| cell(row, place)).collect()).collect())
}

/// A table with ruled lines for reading on a terminal; numbers are right-aligned.
pub(crate) fn lined(rows: &RecordBatch) -> Result<String> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(headings(rows));
    for row in cells(rows)? {
        table.add_row(row.into_iter().map(Option::unwrap_or_default));
    }
    for (column, field) in table.column_iter_mut().zip(rows.schema().fields()) {
        if is_number(field.data_type()) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    Ok(table.to_string())
}

/// A Markdown table: one line for each row, whatever stands in its cells.
pub(crate) fn markdown(rows: &RecordBatch) -> Result<String> {
    let plain = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
        text.replace("\r\n", "<br>").replace(['\n', '\r'], "<br>")
    };
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let is_number = rows.columns().iter().map(|column| is_number(column.data_type()));
    let mut lines = vec![line(headings(rows).iter().map(|heading| plain(heading)).collect())];
    lines.push(line(is_number.map(|is_number| if is_number { "---:" } else { "---" }.to_owned()).collect()));
    lines.extend(cells(rows)?.into_iter().map(|row| line(row.into_iter().map(|cell| plain(&cell.unwrap_or_default())).collect())));
    Ok(lines.join("\n"))
}

/// CSV with a heading line, guarded against formulas as the published files are.
pub(crate) fn csv(rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(headings(rows).iter().map(|heading| publish::guard(heading).into_owned()))?;
    for row in cells(rows)? {
        let guarded = row.into_iter().zip(rows.columns()).map(|(cell, column)| match cell {
            Some(text) if !is_number(column.data_type()) => publish::guard(&text).into_owned(),
            Some(text) => text,
            None => String::new(),
        });
        writer.write_record(guarded)?;
    }
    Ok(writer.flush()?)
}

/// One JSON array of objects; numbers are numbers, with all their digits.
pub(crate) fn json(rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    let names = names(rows).iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    write!(out, "[")?;
    for (number, row) in cells(rows)?.into_iter().enumerate() {
        write!(out, "{}\n  {{", if number > 0 { "," } else { "" })?;
        for (place, ((name, cell), column)) in names.iter().zip(row).zip(rows.columns()).enumerate() {
            let value = match cell {
                None => "null".to_owned(),
                // As it is printed: a reader that has no room for so many digits may cut them, we do not.
                Some(text) if is_number(column.data_type()) && is_json_number(&text) => text,
                Some(text) if *column.data_type() == DataType::Boolean => text,
                Some(text) => serde_json::to_string(&text)?,
            };
            write!(out, "{}\n    {name}: {value}", if place > 0 { "," } else { "" })?;
        }
        write!(out, "\n  }}")?;
    }
    Ok(writeln!(out, "{}]", if rows.num_rows() > 0 { "\n" } else { "" })?)
}

/// Names of an object's members, none of them twice: where two columns are called alike, the second is `n_1`.
fn names(rows: &RecordBatch) -> Vec<String> {
    let headings = headings(rows);
    let mut names: Vec<String> = Vec::with_capacity(headings.len());
    for (place, heading) in headings.iter().enumerate() {
        let taken = |name: &String| names.contains(name) || headings[place + 1..].contains(name) && name != heading;
        let numbered = (1..).map(|number| format!("{heading}_{number}"));
        names.extend([heading.clone()].into_iter().chain(numbered).find(|name| !taken(name)));
    }
    names
}

/// Whether a text is a number in JSON, which infinity is not.
fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit()) && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// A page of its own, in Lithuanian.
pub(crate) fn html(title: &str, description: &str, rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    let title = escape(title);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"lt\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>"
    )?;
    writeln!(
        out,
        "<style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:90rem}}.lentele{{overflow-x:auto}}table{{border-collapse:collapse}}th,td{{padding:.35rem .75rem;border-bottom:1px solid #767676;text-align:left;vertical-align:top}}.skaicius{{text-align:right;font-variant-numeric:tabular-nums}}</style></head>"
    )?;
    writeln!(out, "<body><main><h1>{title}</h1><p>{}</p>", escape(description))?;
    writeln!(
        out,
        "<div class=\"lentele\" role=\"region\" aria-label=\"{title}\" tabindex=\"0\"><table><caption>Eilučių: {}</caption><thead><tr>",
        rows.num_rows()
    )?;
    for name in headings(rows) {
        write!(out, "<th scope=\"col\">{}</th>", escape(&name))?;
    }
    writeln!(out, "</tr></thead><tbody>")?;
    for row in cells(rows)? {
        write!(out, "<tr>")?;
        for (cell, column) in row.into_iter().zip(rows.columns()) {
            let class = if is_number(column.data_type()) { " class=\"skaicius\"" } else { "" };
            write!(out, "<td{class}>{}</td>", escape(&cell.unwrap_or_default()))?;
        }
        writeln!(out, "</tr>")?;
    }
    Ok(writeln!(out, "</tbody></table></div></main></body></html>")?)
}

/// A workbook with one sheet; numbers are numbers, as far as a sheet has room for their digits.
pub(crate) fn xlsx(title: &str, rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    if rows.num_rows() >= MOST_ROWS || rows.num_columns() > MOST_COLUMNS {
        let (lines, columns) = (rows.num_rows(), rows.num_columns());
        return Err(Refusal::one(format!(
            "a worksheet holds at most {MOST_ROWS} rows and {MOST_COLUMNS} columns, the result has {lines} rows and {columns} columns; use --format csv"
        ))
        .into());
    }
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    // A sheet's name has at most 31 characters and none of []:*?/\.
    let name: String = title.chars().filter(|letter| !"[]:*?/\\".contains(*letter)).take(31).collect();
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    let headings = headings(rows);
    for (place, heading) in (0_u16..).zip(&headings) {
        sheet.write_with_format(0, place, heading, &bold)?;
    }
    for (number, row) in (1_u32..).zip(cells(rows)?) {
        for ((place, cell), (column, heading)) in (0_u16..).zip(row).zip(rows.columns().iter().zip(&headings)) {
            let Some(text) = cell else { continue };
            let kind = column.data_type();
            let is_kept = is_number(kind) && is_json_number(&text) && (kind.is_floating() || fits_a_cell(&text));
            match text.parse::<f64>().ok().filter(|_| is_kept) {
                Some(value) => sheet.write(number, place, value)?,
                None if text.encode_utf16().count() > LONGEST_CELL => {
                    return Err(Refusal::one(format!(
                        "column {heading} has a text of more than {LONGEST_CELL} characters in row {number}, too long for a cell of a worksheet; use --format csv"
                    ))
                    .into());
                }
                None => sheet.write(number, place, text)?,
            };
        }
    }
    sheet.set_autofit_max_width(WIDEST_COLUMN).autofit();
    Ok(out.write_all(&book.save_to_buffer()?)?)
}

/// Whether a cell can hold all digits of a number; other numbers are written as text.
fn fits_a_cell(text: &str) -> bool {
    text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, letter| {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
        escaped
    })
}

#[cfg(test)]
mod tests;

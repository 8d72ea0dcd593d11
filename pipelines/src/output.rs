//! A query's result for a person or a program: table, CSV, JSON, Markdown, HTML, XLSX.

use std::io::Write;

use anyhow::Result;
use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comfy_table::{CellAlignment, Table, TableStyle, presets};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Map, Value};

/// Widest column of a worksheet, in characters.
const WIDEST_COLUMN: u32 = 60;

fn is_number(kind: &DataType) -> bool {
    kind.is_numeric()
}

/// Headings of a result.
fn headings(rows: &RecordBatch) -> Vec<String> {
    rows.schema().fields().iter().map(|field| field.name().clone()).collect()
}

/// Every cell as text; `None` where it is empty.
fn cells(rows: &RecordBatch) -> Result<Vec<Vec<Option<String>>>> {
    let options = FormatOptions::default();
    let columns = rows.columns().iter().map(|column| ArrayFormatter::try_new(column, &options)).collect::<Result<Vec<_>, _>>()?;
    let cell = |row: usize, place: usize| rows.column(place).is_valid(row).then(|| columns[place].value(row).to_string());
    Ok((0..rows.num_rows()).map(|row| (0..columns.len()).map(|place| cell(row, place)).collect()).collect())
}

/// For the eye: a table with numbers to the right.
fn table(rows: &RecordBatch, style: TableStyle) -> Result<String> {
    let mut table = Table::new();
    table.load_style(style).set_header(headings(rows));
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

/// A table drawn with lines.
pub(crate) fn lined(rows: &RecordBatch) -> Result<String> {
    table(rows, presets::UTF8_FULL_CONDENSED)
}

/// A Markdown table.
pub(crate) fn markdown(rows: &RecordBatch) -> Result<String> {
    table(rows, presets::ASCII_MARKDOWN)
}

/// CSV with a heading line, guarded against formulas as the published files are.
pub(crate) fn csv(rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(headings(rows))?;
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

/// One JSON array of objects; numbers are numbers.
pub(crate) fn json(rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    let names = headings(rows);
    let mut list = Vec::with_capacity(rows.num_rows());
    for row in cells(rows)? {
        let mut object = Map::new();
        for ((name, cell), column) in names.iter().zip(row).zip(rows.columns()) {
            let value = match cell {
                None => Value::Null,
                Some(text) if is_number(column.data_type()) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
                Some(text) if *column.data_type() == DataType::Boolean => Value::Bool(text == "true"),
                Some(text) => Value::String(text),
            };
            object.insert(name.clone(), value);
        }
        list.push(Value::Object(object));
    }
    serde_json::to_writer_pretty(&mut *out, &list)?;
    Ok(writeln!(out)?)
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

/// A workbook with one sheet; numbers are numbers.
pub(crate) fn xlsx(title: &str, rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    // A sheet's name has at most 31 characters and none of []:*?/\.
    let name: String = title.chars().filter(|letter| !"[]:*?/\\".contains(*letter)).take(31).collect();
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (place, heading) in (0_u16..).zip(headings(rows)) {
        sheet.write_with_format(0, place, heading, &bold)?;
    }
    for (number, row) in (1_u32..).zip(cells(rows)?) {
        for ((place, cell), column) in (0_u16..).zip(row).zip(rows.columns()) {
            match cell {
                Some(text) if is_number(column.data_type()) => match text.parse::<f64>() {
                    Ok(value) => sheet.write(number, place, value)?,
                    Err(_) => sheet.write(number, place, text)?,
                },
                Some(text) => sheet.write(number, place, text)?,
                None => continue,
            };
        }
    }
    sheet.set_autofit_max_width(WIDEST_COLUMN).autofit();
    Ok(out.write_all(&book.save_to_buffer()?)?)
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

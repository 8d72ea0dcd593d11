//! Formats the result of a query: table, CSV, JSON, Markdown, HTML, XLSX.

use std::io::{Cursor, Write};

use anyhow::Result;
use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comfy_table::{CellAlignment, Table, presets};
use publish::{is_json_number, write_cell};
use xlsx::{Book, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Sheet, Style};

use crate::refusal::Refusal;
use crate::utc;

const NO_BREAK_SPACE: char = '\u{a0}';

/// A count of rows with its noun: `1 eilutė`, `2 eilutės`, `1000 eilučių`.
pub(crate) fn counted_rows(count: usize) -> String {
    let noun = match (count % 10, count % 100) {
        (_, 11..=19) | (0, _) => "eilučių",
        (1, _) => "eilutė",
        _ => "eilutės",
    };
    format!("{} {noun}", lithuanian(&count.to_string()))
}

/// A printed number (`-88114.30`) as Lithuanians write it (`−88 114,30`). A whole number of four digits stays together, as a year does.
pub(crate) fn lithuanian(printed: &str) -> String {
    let (sign, digits) = printed.strip_prefix('-').map_or(("", printed), |digits| ("−", digits));
    if !is_json_number(digits) || digits.contains(['e', 'E']) {
        return printed.to_owned();
    }
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut written = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() > 4 || fraction.is_some()) && (whole.len() - place) % 3 == 0 {
            written.push(NO_BREAK_SPACE);
        }
        written.push(digit);
    }
    written + &fraction.map_or_else(String::new, |fraction| format!(",{fraction}"))
}

/// A cell as Lithuanians write it; of a share with its twelve places the zeros at the end are left out.
fn in_lithuanian(kind: &DataType, text: String) -> String {
    match kind {
        DataType::Decimal128(_, 3..) => lithuanian(text.trim_end_matches('0').trim_end_matches('.')),
        kind if is_number(kind) => lithuanian(&text),
        _ => text,
    }
}

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

/// Headings, each with whether its column has numbers; and every cell as Lithuanians write it, empty where there is nothing.
pub(crate) type Written = (Vec<(String, bool)>, Vec<Vec<String>>);

/// A result as people read it.
pub(crate) fn written(rows: &RecordBatch) -> Result<Written> {
    let columns = rows.schema().fields().iter().map(|field| (field.name().clone(), is_number(field.data_type()))).collect();
    let line = |row: Vec<Option<String>>| {
        let cells = row.into_iter().zip(rows.columns());
        cells.map(|(cell, column)| cell.map_or_else(String::new, |text| in_lithuanian(column.data_type(), text))).collect()
    };
    Ok((columns, cells(rows)?.into_iter().map(line).collect()))
}

/// A table with ruled lines for reading on a terminal; numbers are right-aligned.
pub(crate) fn lined(rows: &RecordBatch) -> Result<String> {
    draw(rows, |_, text| text)
}

/// The same with numbers as Lithuanians write them.
pub(crate) fn lined_in_lithuanian(rows: &RecordBatch) -> Result<String> {
    draw(rows, in_lithuanian)
}

fn draw(rows: &RecordBatch, written: impl Fn(&DataType, String) -> String) -> Result<String> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(headings(rows));
    for row in cells(rows)? {
        let row = row.into_iter().zip(rows.columns()).map(|(cell, column)| cell.map(|text| written(column.data_type(), text)));
        table.add_row(row.map(Option::unwrap_or_default));
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

/// A page of its own, in Lithuanian; `about` stands below its title.
pub(crate) fn html(title: &str, about: &[&str], rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    let title = escape(title);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"lt\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>"
    )?;
    writeln!(
        out,
        "<style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:90rem}}.lentele{{overflow-x:auto}}table{{border-collapse:collapse}}th,td{{padding:.35rem .75rem;border-bottom:1px solid #767676;text-align:left;vertical-align:top}}.skaicius{{text-align:right;font-variant-numeric:tabular-nums}}</style></head>"
    )?;
    writeln!(out, "<body><main><h1>{title}</h1>")?;
    for paragraph in about {
        writeln!(out, "<p>{}</p>", escape(paragraph))?;
    }
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
            let cell = cell.map(|text| in_lithuanian(column.data_type(), text));
            let class = if is_number(column.data_type()) { " class=\"skaicius\"" } else { "" };
            write!(out, "<td{class}>{}</td>", escape(&cell.unwrap_or_default()))?;
        }
        writeln!(out, "</tr>")?;
    }
    Ok(writeln!(out, "</tbody></table></div></main></body></html>")?)
}

/// A workbook with one sheet: below its title and what it is `about` the rows, in columns that can be filtered. Numbers are numbers, as far as a
/// sheet has room for their digits, and days are days; the reader's program writes them as its language does.
pub(crate) fn xlsx(title: &str, about: &[&str], rows: &RecordBatch, out: &mut dyn Write) -> Result<()> {
    let head = about.len() + 3;
    if rows.num_rows() + head > MOST_ROWS || rows.num_columns() > MOST_COLUMNS {
        let (lines, columns) = (rows.num_rows(), rows.num_columns());
        return Err(Refusal::one(format!(
            "lape telpa {MOST_ROWS} eilučių ir {MOST_COLUMNS} stulpelių, o čia yra {lines} eilučių ir {columns} stulpelių; naudokite --format csv"
        ))
        .into());
    }
    let mut sheet = Sheet::new();
    sheet.note();
    sheet.text(Style::Title, title);
    for text in about {
        sheet.note();
        sheet.text(Style::Plain, text);
    }
    sheet.note();
    let headings = headings(rows);
    sheet.headings(headings.iter().map(String::as_str));
    for (number, row) in (1_usize..).zip(cells(rows)?) {
        sheet.row();
        for (cell, (column, heading)) in row.into_iter().zip(rows.columns().iter().zip(&headings)) {
            let Some(text) = cell else {
                sheet.skip();
                continue;
            };
            if text.encode_utf16().count() > LONGEST_CELL {
                return Err(Refusal::one(format!(
                    "stulpelio „{heading}“ {number} eilutėje yra ilgesnis kaip {LONGEST_CELL} ženklų tekstas, kuris lapo langelyje netelpa; naudokite --format csv"
                ))
                .into());
            }
            write_cell(&mut sheet, column.data_type(), &text);
        }
    }
    let mut book = Book::new(Cursor::new(Vec::new()));
    book.add(title, &sheet)?;
    Ok(out.write_all(&book.finish()?.into_inner())?)
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

//! XLSX: the first sheet that can be seen, its first row the headings. Values are taken as the sheet shows them, codes with the zeros that
//! their format sets before them; formulas give what they gave when the file was saved, macros are not looked at.

use std::collections::HashMap;
use std::io::BufReader;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};
use catalog::{Kind, Table};

use super::archive::{ARCHIVE, begins_with, verify};
use super::number_format::Shown;
use super::numbers::{date, number};
use super::{Bounds, Source};
use crate::headings::KnownHeadings;
use crate::place::Place;
use crate::row_builder::RowBuilder;
use crate::transport::Batch;
use crate::{Error, Extract};

/// Excel's own limits ("Excel specifications and limits": worksheet size).
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;
/// The first bytes of an old `.xls` workbook, and of the container in which Excel puts one that has a password.
const OLD_OR_PROTECTED: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
/// The day before the first one that Excel knows.
const DAY_ZERO: f64 = 1.0;

/// What one cell says: its text, or nothing that could be used.
type Said = Result<String, Unusable>;

/// Numbers that the sheet does not show with their own digits, by row and column.
type Formatted = HashMap<(u32, u32), Shown>;
/// Bytes that one of them takes.
const OF_FORMATTED: u64 = 64;

/// An error, a formula without a value, a number whose digits are lost or that stands for another text, a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unusable;

/// Reads a workbook. A sheet is bounded, and so its rows are all read at once.
///
/// # Errors
/// It is no workbook, damaged, too large, or its headings are not those the connector knows.
pub(super) fn read<R: Source>(place: &Place, extract: &Extract, table: &Table, mut file: R, bounds: Bounds) -> Result<Vec<Batch>, Error> {
    if begins_with(place, &mut file, OLD_OR_PROTECTED)? {
        return Err(place.wrong_form("it is an old .xls workbook, or has a password"));
    }
    if !begins_with(place, &mut file, ARCHIVE)? {
        return Err(place.wrong_form("it is no workbook"));
    }
    verify(place, &mut file, bounds.held)?;
    file.rewind().map_err(|reason| place.read(reason))?;
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|_| place.wrong_form("it is no workbook"))?;
    let is_sheet = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let first = workbook.sheets_metadata().iter().find(is_sheet).map(|sheet| sheet.name.clone());
    let first = first.ok_or_else(|| place.wrong_form("it has no sheet that can be seen"))?;
    // What calamine says may hold a cell's value.
    let unreadable = |_| place.damaged("its first sheet cannot be read");
    let formatted = formatted(place, workbook.worksheet_cells_reader(&first).map_err(unreadable)?, bounds)?;
    let cells = workbook.worksheet_cells_reader(&first).map_err(unreadable)?;
    Sheet::new(place, extract, table, bounds).read(cells, &formatted)
}

/// Looks through a sheet for numbers that it does not show with their own digits.
fn formatted<R: Source>(place: &Place, mut cells: XlsxCellReader<'_, BufReader<R>>, bounds: Bounds) -> Result<Formatted, Error> {
    let code = |style: &calamine::Style| style.number_format.as_ref().map_or(Shown::Plain, |format| Shown::by(&format.format_code));
    let styles: Vec<Shown> = cells.styles().iter().map(code).collect();
    let mut found = Formatted::new();
    if styles.iter().all(|shown| *shown == Shown::Plain) {
        return Ok(found);
    }
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|error| unreadable(place, &error))? {
        let shown = styles.get(style).copied().unwrap_or(Shown::Plain);
        if shown != Shown::Plain && matches!(cell.get_value(), DataRef::Int(_) | DataRef::Float(_)) {
            found.insert(cell.get_position(), shown);
        }
        if found.len() as u64 * OF_FORMATTED > bounds.held {
            return Err(place.too_large(bounds.held));
        }
    }
    Ok(found)
}

/// A sheet being read.
struct Sheet<'a> {
    place: &'a Place,
    known: KnownHeadings,
    table: &'a Table,
    /// For each field of a row, the column it fills; none before the headings were read.
    targets: Option<Vec<Option<usize>>>,
    rows: RowBuilder,
    batches: Vec<Batch>,
    most: u64,
    /// Bytes of text that may still come: a shared text stands once in the file and any number of times in the sheet.
    left: u64,
}

impl<'a> Sheet<'a> {
    fn new(place: &'a Place, extract: &Extract, table: &'a Table, bounds: Bounds) -> Self {
        let (known, rows) = (KnownHeadings::new(extract, table), RowBuilder::new(&table.raw_schema()));
        Self { place, known, table, targets: None, rows, batches: Vec::new(), most: bounds.held, left: bounds.held }
    }

    fn read<R: Source>(mut self, mut cells: XlsxCellReader<'_, BufReader<R>>, formatted: &Formatted) -> Result<Vec<Batch>, Error> {
        // The cells of one row that are not empty, by column.
        let (mut current, mut row) = (0, Vec::new());
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| unreadable(self.place, &error))? {
            let (at, column) = cell.pos;
            if at >= MOST_ROWS || column >= MOST_COLUMNS {
                return Err(self.place.wrong_form("its sheet is larger than Excel's own limits"));
            }
            if at != current {
                if at < current {
                    return Err(self.place.damaged("the rows of its sheet are out of order"));
                }
                self.end_row(current, &std::mem::take(&mut row))?;
                current = at;
            }
            if row.last().is_some_and(|(before, _)| *before >= column) {
                return Err(self.place.damaged("the cells of a row are out of order"));
            }
            let mut said = said(&cell.value, cell.formula.is_some());
            if let Some(shown) = formatted.get(&cell.pos).filter(|_| self.is_text(column)) {
                said = said.and_then(|digits| shown.code(digits).ok_or(Unusable));
            }
            if said.as_ref().is_ok_and(|text| text.trim().is_empty()) {
                continue;
            }
            let bytes = said.as_ref().map_or(0, String::len) as u64;
            self.left = self.left.checked_sub(bytes).ok_or_else(|| self.place.too_large(self.most))?;
            row.push((column, said));
        }
        self.end_row(current, &row)?;
        self.end_batch()?;
        // Of a sheet without any row, not even the headings were read.
        if self.targets.is_none() { Err(self.place.no_headings()) } else { Ok(self.batches) }
    }

    fn end_row(&mut self, at: u32, row: &[(u32, Said)]) -> Result<(), Error> {
        let row_number = u64::from(at) + 1;
        let width = row.last().map_or(0, |(column, _)| *column as usize + 1);
        let mut fields = vec![""; width];
        for (column, said) in row {
            fields[*column as usize] = said.as_deref().unwrap_or_default();
        }
        let targets = match self.targets.take() {
            Some(targets) => targets,
            None => {
                if at > 0 || row.is_empty() {
                    return Err(self.place.no_headings());
                }
                let first: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
                let settled = self.known.settle(&first, self.place)?;
                if !settled.is_data {
                    self.targets = Some(settled.targets);
                    return Ok(());
                }
                settled.targets
            }
        };
        let is_used = |column: u32| targets.get(column as usize).copied().flatten().is_some();
        if width > targets.len() {
            self.rows.reject(row_number, "columns");
        } else if row.iter().any(|(column, said)| said.is_err() && is_used(*column)) {
            self.rows.reject(row_number, "cell");
        } else if !row.is_empty() {
            for (at, column) in targets.iter().enumerate() {
                let Some(column) = column else { continue };
                self.rows.cell(*column, fields.get(at).copied().unwrap_or_default());
            }
            self.rows.row(row_number);
        }
        self.targets = Some(targets);
        if self.rows.is_full() { self.end_batch() } else { Ok(()) }
    }

    fn end_batch(&mut self) -> Result<(), Error> {
        let rows = std::mem::replace(&mut self.rows, RowBuilder::new(&self.table.raw_schema()));
        let batch = rows.finish().map_err(|error| self.place.read(std::io::Error::other(error)))?;
        self.batches.extend(batch);
        Ok(())
    }

    /// Whether texts stand in this column, codes among them; numbers are what they are, whatever their format.
    fn is_text(&self, column: u32) -> bool {
        let target = self.targets.as_ref().and_then(|targets| targets.get(column as usize).copied().flatten());
        target.is_some_and(|target| self.table.columns[target].column.kind == Kind::Text)
    }
}

fn unreadable(place: &Place, error: &XlsxError) -> Error {
    match error {
        XlsxError::RowNumberOverflow | XlsxError::ColumnNumberOverflow => place.wrong_form("its sheet is larger than Excel's own limits"),
        _ => place.damaged("its first sheet cannot be read"),
    }
}

/// The text of a cell.
fn said(value: &DataRef<'_>, is_formula: bool) -> Said {
    match value {
        DataRef::Empty if is_formula => Err(Unusable),
        DataRef::Empty => Ok(String::new()),
        DataRef::String(text) => Ok(text.clone()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::Int(whole) => Ok(whole.to_string()),
        DataRef::Float(value) => number(*value).ok_or(Unusable),
        DataRef::Bool(yes) => Ok(u8::from(*yes).to_string()),
        DataRef::DateTime(value) => moment(value),
        DataRef::DateTimeIso(text) => Ok(date(text).to_owned()),
        DataRef::DurationIso(_) | DataRef::Error(_) => Err(Unusable),
    }
}

/// A date; with its time where it has one, which no column expects.
fn moment(value: &ExcelDateTime) -> Said {
    if value.is_duration() || value.as_f64() < DAY_ZERO {
        return Err(Unusable);
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    Ok(date(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")).to_owned())
}

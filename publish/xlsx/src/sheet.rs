//! One sheet: rows from the top, cells from the left.

use std::fmt::Write;

use crate::escape::{push_escaped, push_markup_escaped};
use crate::{LONGEST_CELL, beginning};

/// Narrowest and widest column, in characters.
const WIDTHS: [usize; 2] = [9, 60];
/// Characters of a column that stay empty.
const MARGIN: usize = 2;

/// How a cell looks; its place among the formats of `styles.xml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As any.
    Plain = 0,
    /// A heading.
    Bold = 1,
    /// The title of a sheet.
    Title = 2,
    /// Two places, and spaces or commas between thousands as the reader's program has them.
    Money = 3,
    /// A number of days as the day that it stands for.
    Day = 4,
    /// An address.
    Link = 5,
}

/// One sheet.
#[derive(Debug, Default)]
pub struct Sheet {
    rows: String,
    /// Rows begun, of which the last is open.
    begun: usize,
    /// That number as text.
    number: String,
    /// Columns of the open row.
    column: usize,
    widths: Vec<usize>,
    measured: bool,
    /// Row of the headings, and how many there are.
    heading: Option<(usize, usize)>,
    /// The last row that is filtered.
    last: usize,
    /// Cells with addresses.
    links: Vec<(String, String)>,
}

impl Sheet {
    /// A sheet without rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a row; its cells are not measured for the widths of columns, which a title or a note would make as wide as itself.
    pub fn note(&mut self) {
        self.begin(false);
    }

    /// Begins a row of cells that should fit their columns.
    pub fn row(&mut self) {
        self.begin(true);
        if self.heading.is_some() {
            self.last = self.begun;
        }
    }

    /// Begins the row of headings and writes them: they stay in sight, and the rows from [`Sheet::row`] below them can be filtered.
    pub fn headings<'a>(&mut self, headings: impl IntoIterator<Item = &'a str>) {
        self.begin(true);
        headings.into_iter().for_each(|heading| self.text(Style::Bold, heading));
        self.heading = Some((self.begun, self.column));
        self.last = self.begun;
    }

    /// Leaves the next cell empty.
    pub fn skip(&mut self) {
        self.column += 1;
    }

    /// The next cell of the row is a text, never a formula; of one that is longer than a cell may be, the beginning.
    pub fn text(&mut self, style: Style, text: &str) {
        // No letter has fewer bytes than UTF-16 has units for it.
        let text = if text.len() > LONGEST_CELL { beginning(text, LONGEST_CELL) } else { text };
        self.begin_cell(style, text);
        self.rows.push_str("\" t=\"inlineStr\"><is><t");
        if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
            self.rows.push_str(" xml:space=\"preserve\"");
        }
        self.rows.push('>');
        push_escaped(text, &mut self.rows);
        self.rows.push_str("</t></is></c>");
    }

    /// The next cell of the row is a number; `number` as JSON writes it.
    pub fn number(&mut self, style: Style, number: &str) {
        self.begin_cell(style, number);
        self.rows.push_str("\"><v>");
        self.rows.push_str(number);
        self.rows.push_str("</v></c>");
    }

    /// The next cell of the row is an address that leads there.
    pub fn link(&mut self, address: &str) {
        self.text(Style::Link, address);
        self.links.push((reference(self.begun, self.column), address.to_owned()));
    }

    fn begin(&mut self, measured: bool) {
        if self.begun > 0 {
            self.rows.push_str("</row>");
        }
        self.begun += 1;
        (self.column, self.measured) = (0, measured);
        self.number = self.begun.to_string();
        self.rows.push_str("<row r=\"");
        self.rows.push_str(&self.number);
        self.rows.push_str("\">");
    }

    /// Begins the next cell of the open row, up to the name of its format.
    fn begin_cell(&mut self, style: Style, text: &str) {
        debug_assert!(self.begun > 0, "a cell needs a row");
        self.column += 1;
        if self.measured {
            self.widths.resize(self.widths.len().max(self.column), 0);
            let width = &mut self.widths[self.column - 1];
            *width = text.chars().count().max(*width);
        }
        self.rows.push_str("<c r=\"");
        push_letters(self.column, &mut self.rows);
        self.rows.push_str(&self.number);
        self.rows.push_str("\" s=\"");
        self.rows.push(char::from(b'0' + style as u8));
    }

    /// The file of the sheet.
    pub(crate) fn xml(&self) -> String {
        let mut xml = String::with_capacity(self.rows.len() + 1_024);
        xml.push_str(crate::parts::HEAD);
        xml.push_str("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">");
        xml.push_str("<sheetViews><sheetView workbookViewId=\"0\">");
        if let Some((row, _)) = self.heading {
            let below = reference(row + 1, 1);
            let _ = write!(xml, "<pane ySplit=\"{row}\" topLeftCell=\"{below}\" activePane=\"bottomLeft\" state=\"frozen\"/>");
        }
        xml.push_str("</sheetView></sheetViews>");
        if !self.widths.is_empty() {
            xml.push_str("<cols>");
            for (column, letters) in (1..).zip(&self.widths) {
                let width = (*letters).clamp(WIDTHS[0], WIDTHS[1]) + MARGIN;
                let _ = write!(xml, "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>");
            }
            xml.push_str("</cols>");
        }
        let _ = write!(xml, "<sheetData>{}{}</sheetData>", self.rows, if self.begun > 0 { "</row>" } else { "" });
        if let Some(cells) = self.filtered() {
            let _ = write!(xml, "<autoFilter ref=\"{}\"/>", cells.replace('$', ""));
        }
        if !self.links.is_empty() {
            xml.push_str("<hyperlinks>");
            for (number, (cell, _)) in (1..).zip(&self.links) {
                let _ = write!(xml, "<hyperlink ref=\"{cell}\" r:id=\"rId{number}\"/>");
            }
            xml.push_str("</hyperlinks>");
        }
        xml + "</worksheet>"
    }

    /// The file beside it that says where links lead, if there are any.
    pub(crate) fn relations(&self) -> Option<String> {
        let links = (1..).zip(&self.links).map(|(number, (_, address))| {
            let mut link = format!("<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink\" Target=\"");
            push_markup_escaped(address, &mut link);
            link + "\" TargetMode=\"External\"/>"
        });
        (!self.links.is_empty()).then(|| crate::parts::relations(links))
    }

    /// The cells that can be filtered, headings included.
    pub(crate) fn filtered(&self) -> Option<String> {
        let (row, columns) = self.heading.filter(|(_, columns)| *columns > 0)?;
        let last = letters(columns);
        Some(format!("$A${row}:${last}${}", self.last))
    }
}

/// `A1`; both count from one.
fn reference(row: usize, column: usize) -> String {
    let mut reference = letters(column);
    let _ = write!(reference, "{row}");
    reference
}

/// Name of a column: `A`, `Z`, `AA`.
fn letters(column: usize) -> String {
    let mut letters = String::new();
    push_letters(column, &mut letters);
    letters
}

fn push_letters(column: usize, out: &mut String) {
    let Some(place) = column.checked_sub(1) else { return };
    push_letters(place / 26, out);
    out.push(char::from(b'A' + u8::try_from(place % 26).unwrap_or_default()));
}

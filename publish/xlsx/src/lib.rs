//! Workbooks (SpreadsheetML, ECMA-376 part 1) as this project writes them: sheets of plain cells with a bold heading that can be filtered.
//!
//! A release has some thousand small workbooks. The general library that made them starts a thread for each sheet and took four times as long as all of
//! this does (`docs/performance.md`). The same calls always give the same bytes: nothing in a file tells when it was made.

mod escape;
mod parts;
mod sheet;

use std::io::{Seek, Write};

use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

pub use sheet::{Sheet, Style};

/// Characters of a cell, as UTF-16 counts them.
pub const LONGEST_CELL: usize = 32_767;
/// Rows of a sheet.
pub const MOST_ROWS: usize = 1_048_576;
/// Columns of a sheet.
pub const MOST_COLUMNS: usize = 16_384;
/// Characters of a sheet's name, as UTF-16 counts them.
const LONGEST_NAME: usize = 31;
/// How well a workbook is packed: a quarter faster than the usual 6, a fifteenth larger.
const LEVEL: i64 = 2;

/// A workbook, written sheet by sheet.
#[derive(Debug)]
pub struct Book<W: Write + Seek> {
    package: ZipWriter<W>,
    sheets: Vec<Listed>,
}

/// What a workbook says of a sheet outside of it.
#[derive(Debug)]
struct Listed {
    name: String,
    /// The cells that can be filtered, such as `$A$1:$C$9`.
    filtered: Option<String>,
}

impl<W: Write + Seek> Book<W> {
    /// An empty workbook.
    #[must_use]
    pub fn new(out: W) -> Self {
        Self { package: ZipWriter::new(out), sheets: Vec::new() }
    }

    /// Adds a finished sheet. Of its name are left out what no name may have (`[]:*?/\` and apostrophes around it) and what comes after the 31st character; a
    /// number is added to one that is empty or taken.
    ///
    /// # Errors
    /// As the writer's.
    pub fn add(&mut self, name: &str, sheet: &Sheet) -> ZipResult<()> {
        let number = self.sheets.len() + 1;
        let name = self.free_name(name);
        self.put(&format!("xl/worksheets/sheet{number}.xml"), &sheet.xml())?;
        if let Some(links) = sheet.relations() {
            self.put(&format!("xl/worksheets/_rels/sheet{number}.xml.rels"), &links)?;
        }
        self.sheets.push(Listed { name, filtered: sheet.filtered() });
        Ok(())
    }

    /// Writes what is not in any sheet, and gives the writer back.
    ///
    /// # Errors
    /// As the writer's.
    pub fn finish(mut self) -> ZipResult<W> {
        for (path, xml) in [
            ("[Content_Types].xml", parts::content_types(self.sheets.len())),
            ("_rels/.rels", parts::RELATIONS.to_owned()),
            ("xl/workbook.xml", parts::workbook(&self.sheets)),
            ("xl/_rels/workbook.xml.rels", parts::workbook_relations(self.sheets.len())),
            ("xl/styles.xml", parts::STYLES.to_owned()),
        ] {
            self.put(path, &xml)?;
        }
        self.package.finish()
    }

    fn put(&mut self, path: &str, xml: &str) -> ZipResult<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.package.start_file(path, options)?;
        Ok(self.package.write_all(xml.as_bytes())?)
    }

    /// Names of sheets differ in more than the case of their letters.
    fn free_name(&self, name: &str) -> String {
        let plain: String = name.chars().filter(|letter| !"[]:*?/\\".contains(*letter) && !letter.is_control()).collect();
        let plain = plain.trim_matches(|letter: char| letter == '\'' || letter.is_whitespace());
        let numbered = (2..).map(|number| {
            let number = format!(" {number}");
            (beginning(plain, LONGEST_NAME - number.len()).to_owned() + &number).trim_start().to_owned()
        });
        let is_free = |name: &String| {
            let lower = name.to_lowercase();
            !name.trim().is_empty() && self.sheets.iter().all(|sheet| sheet.name.to_lowercase() != lower)
        };
        std::iter::once(beginning(plain, LONGEST_NAME).trim_end_matches('\'').to_owned()).chain(numbered).find(is_free).unwrap_or_default()
    }
}

/// As much of a text as has at most so many UTF-16 code units.
pub(crate) fn beginning(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > most
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

#[cfg(test)]
mod tests;

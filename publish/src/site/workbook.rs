//! The page of a VIRS as a workbook: a sheet with the same rows of each table as the JSON beside the page has, in Lithuanian, and one that says whose it is, from where
//! and on what terms. The same rows always give the same bytes.

use std::collections::HashSet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Url, Workbook, Worksheet, XlsxError};

use super::entities::VirsEntry;
use super::entity::Part;
use super::tier_site::TierSite;
use crate::error::Error;
use crate::language::{Language, in_language};
use crate::paths::{entity_page, path_in_release};
use crate::sheet::{CellFormats, LONGEST_CELL, sheet_name, write_cell};

/// Narrowest and widest column, in characters.
const WIDTHS: [usize; 2] = [9, 60];
/// A workbook says when it was made; that is no part of what it says of a VIRS.
const MADE: (u16, u8, u8) = (2000, 1, 1);
/// Instead of an address that is not known.
const NO_ADDRESS: &str = "VIRSIS";

/// The workbook.
pub(super) fn workbook(site: &TierSite<'_>, parts: &[Part<'_, '_>], entity: &VirsEntry<'_>) -> Result<Vec<u8>, Error> {
    let page = || path_in_release(site.tier, &entity_page(entity.code).unwrap_or_default());
    make(site, parts, entity).map_err(|error| Error::Workbook { page: page(), reason: error.to_string() })
}

fn make(site: &TierSite<'_>, parts: &[Part<'_, '_>], entity: &VirsEntry<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (year, month, day) = MADE;
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(year, month, day)?));
    write_head(book.add_worksheet(), site, entity)?;
    let formats = CellFormats::default();
    let mut names = HashSet::from([HEAD.to_lowercase()]);
    for part in parts {
        let section = part.section;
        let (title, sheet) = (sheet_name(&section.table().table().title.lt), book.add_worksheet());
        // No two sheets may be called alike; the second is called as the table is.
        let is_new = names.insert(title.to_lowercase());
        sheet.set_name(if is_new { title } else { sheet_name(section.table().table().subject()) })?;
        write_rows(sheet, &formats, part)?;
    }
    book.save_to_buffer()
}

/// Name of the first sheet.
const HEAD: &str = "Apie failą";

fn write_head(sheet: &mut Worksheet, site: &TierSite<'_>, entity: &VirsEntry<'_>) -> Result<(), XlsxError> {
    sheet.set_name(HEAD)?.set_column_width(0, 20)?.set_column_width(1, WIDTHS[1] as f64)?;
    let publication = site.context.release.publication.as_ref();
    let page = entity_page(entity.code).unwrap_or_default();
    let address = publication.and_then(|publication| publication.address_of(&path_in_release(site.tier, &page)));
    sheet.write_with_format(0, 0, cut(entity.name), &Format::new().set_bold().set_font_size(14))?;
    let tier = in_language(super::tier_site::tier_title(site.tier), Language::Lithuanian);
    let licence = publication.map(|publication| format!("{} ({})", publication.licence, publication.licence_url));
    let lines = [
        ("Kodas", Some(entity.code)),
        ("Portalo dalis", Some(tier.as_ref())),
        ("Skelbia", publication.map(|publication| publication.publisher.as_str())),
        ("Licencija", licence.as_deref()),
    ];
    let mut row = 2;
    for (name, value) in lines.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        sheet.write(row, 0, name)?.write_string(row, 1, cut(value))?;
        row += 1;
    }
    sheet.write(row, 0, "Puslapis")?;
    match address {
        Some(address) => sheet.write(row, 1, Url::new(address))?,
        None => sheet.write(row, 1, NO_ADDRESS)?,
    };
    Ok(())
}

fn write_rows(sheet: &mut Worksheet, formats: &CellFormats, part: &Part<'_, '_>) -> Result<(), XlsxError> {
    let (section, all, shown) = (part.section, part.rows.len(), part.beside());
    let bold = Format::new().set_bold();
    let columns = section.filled_columns(shown);
    let mut letters = vec![0; columns.len()];
    for (place, column) in (0_u16..).zip(&columns) {
        let mut heading = String::new();
        column.push_title(&mut heading);
        letters[usize::from(place)] = heading.chars().count();
        sheet.write_with_format(0, place, heading, &bold)?;
    }
    let mut text = String::new();
    for (line, row) in (1_u32..).zip(shown) {
        for (place, column) in (0_u16..).zip(&columns) {
            text.clear();
            if let Some(kind) = column.print(*row, &mut text) {
                let widest = &mut letters[usize::from(place)];
                *widest = text.chars().count().max(*widest);
                write_cell(sheet, formats, (line, place), kind, cut(&text))?;
            }
        }
    }
    let (last_row, last_column) = (u32::try_from(shown.len()).unwrap_or_default(), u16::try_from(columns.len()).unwrap_or(1).max(1) - 1);
    sheet.set_freeze_panes(1, 0)?.autofilter(0, 0, last_row, last_column)?;
    for (place, letters) in (0_u16..).zip(letters) {
        sheet.set_column_width(place, letters.clamp(WIDTHS[0], WIDTHS[1]) as f64 + 2.0)?;
    }
    if shown.len() < all {
        let note = format!("Parodyta {} iš {} eilučių; visos – „{}“ failuose.", shown.len(), all, section.table().table().title.lt);
        sheet.write(last_row + 2, 0, note)?;
    }
    Ok(())
}

/// As much of a text as a cell has room for.
fn cut(text: &str) -> &str {
    // No letter of UTF-8 is shorter than a code unit of UTF-16.
    super::text::beginning(text, if text.len() > LONGEST_CELL { LONGEST_CELL / 2 } else { LONGEST_CELL })
}

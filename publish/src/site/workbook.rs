//! The page of a VIRS as a workbook: a sheet with the same rows of each table as the JSON beside the page has, in Lithuanian, and one that says whose it is, from where
//! and on what terms. The same rows always give the same bytes.

use std::io::Cursor;

use xlsx::{Book, LONGEST_CELL, Sheet, Style};

use super::entities::VirsEntry;
use super::entity::Part;
use super::tier_site::{TierSite, tier_title};
use crate::error::Error;
use crate::language::{Language, in_language};
use crate::paths::{entity_page, path_in_release};
use crate::sheet::write_cell;

/// Name of the first sheet.
const HEAD: &str = "Apie failą";
/// Instead of an address that is not known.
const NO_ADDRESS: &str = "VIRSIS";

/// The workbook.
pub(super) fn workbook(site: &TierSite<'_>, parts: &[Part<'_, '_>], entity: &VirsEntry<'_>) -> Result<Vec<u8>, Error> {
    let mut book = Book::new(Cursor::new(Vec::new()));
    let sheets = parts.iter().map(|part| (part.section.table().table().title.lt.as_str(), rows(part)));
    let written = [(HEAD, head(site, entity))].into_iter().chain(sheets).try_for_each(|(name, sheet)| book.add(name, &sheet));
    let book = written.and_then(|()| book.finish()).map(Cursor::into_inner);
    let page = || path_in_release(site.tier, &entity_page(entity.code).unwrap_or_default());
    book.map_err(|error| Error::Workbook { page: page(), reason: error.to_string() })
}

fn head(site: &TierSite<'_>, entity: &VirsEntry<'_>) -> Sheet {
    let publication = site.context.release.publication.as_ref();
    let page = entity_page(entity.code).unwrap_or_default();
    let address = publication.and_then(|publication| publication.address_of(&path_in_release(site.tier, &page)));
    let tier = in_language(tier_title(site.tier), Language::Lithuanian);
    let licence = publication.map(|publication| format!("{} ({})", publication.licence, publication.licence_url));
    let mut sheet = Sheet::new();
    sheet.note();
    sheet.text(Style::Title, cut(entity.name));
    if let Some(notice) = site.context.notice {
        sheet.note();
        sheet.text(Style::Bold, notice);
    }
    sheet.note();
    for (name, value) in [
        ("Kodas", Some(entity.code)),
        ("Portalo dalis", Some(tier.as_ref())),
        ("Skelbia", publication.map(|publication| publication.publisher.as_str())),
        ("Licencija", licence.as_deref()),
    ] {
        let Some(value) = value else { continue };
        sheet.row();
        sheet.text(Style::Plain, name);
        sheet.text(Style::Plain, cut(value));
    }
    sheet.row();
    sheet.text(Style::Plain, "Puslapis");
    match address {
        Some(address) => sheet.link(&address),
        None => sheet.text(Style::Plain, NO_ADDRESS),
    }
    sheet
}

fn rows(part: &Part<'_, '_>) -> Sheet {
    let (section, all, shown) = (part.section, part.rows.len(), part.beside());
    let columns = section.filled_columns(shown);
    let mut sheet = Sheet::new();
    let headings: Vec<String> = columns
        .iter()
        .map(|column| {
            let mut heading = String::new();
            column.push_title(&mut heading);
            heading
        })
        .collect();
    sheet.headings(headings.iter().map(String::as_str));
    let mut text = String::new();
    for row in shown {
        sheet.row();
        for column in &columns {
            text.clear();
            match column.print(*row, &mut text) {
                Some(kind) => write_cell(&mut sheet, kind, cut(&text)),
                None => sheet.skip(),
            }
        }
    }
    if shown.len() < all {
        sheet.note();
        sheet.note();
        let title = &section.table().table().title.lt;
        sheet.text(Style::Plain, &format!("Parodyta {} iš {all} eilučių; visos – „{title}“ failuose.", shown.len()));
    }
    sheet
}

/// As much of a text as a cell has room for.
fn cut(text: &str) -> &str {
    // No letter of UTF-8 is shorter than a code unit of UTF-16.
    super::text::beginning(text, if text.len() > LONGEST_CELL { LONGEST_CELL / 2 } else { LONGEST_CELL })
}

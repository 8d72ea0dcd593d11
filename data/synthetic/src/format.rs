//! How the extracts are written: the Centre of Registers' open-data files, the election commission's file, and
//! **extract format 1** for every subject that has no public schema.
//!
//! # All files
//!
//! - Delimiter `|`. A field that holds `|`, `"` or a line break stands in `"`, and a `"` within it is doubled.
//! - An empty field is a missing value.
//! - Dates `2026-10-31`, yes and no `1` and `0`, money `1234.50` in euros, numbers without grouping.
//! - UTF-8 and line ends of one line feed, unless said otherwise below. The last row ends in a line end too.
//! - A code is text: nine digits for a legal entity (seven for old ones), eleven for a person.
//!
//! # Extract format 1
//!
//! A file is called `<source>_<subject>.v1.csv`; its first line holds the names of the columns of the table
//! `raw_<source>__<subject>` (`data/tables`), in that order. The number after `v` is the version of the format:
//! a column added, removed, renamed or moved, another encoding or another way to write a value makes a `v2`.
//!
//! | file | one row is | odd |
//! |---|---|---|
//! | `jar_kontaktai` | contacts of a VIRS | |
//! | `jar_valdymas` | a member of a governing body of a VIRS | foreigners by birth date and state |
//! | `jar_finansai` | annual accounts that a VIRS filed | |
//! | `gr_asmenys` | a person of the population register | |
//! | `jadis_dalyviai` | a holding in an entity of form 310 or 320 | see below |
//! | `lis_licencijos` | a licence | |
//! | `gypas_parama` | a gift by a natural person | |
//! | `imis_parama` | a gift by a legal entity | CRLF, money `1234,50` |
//! | `libis_numeriai` | an ISSN or ISBN | Windows-1257 |
//! | `formos_virs`, `formos_vip`, `formos_atsakingi`, `formos_tirazai` | what a VIRS handed in | `veiklos_rusys` holds codes with `;` between |
//! | `formos_dalyviai` | a holding in a VIRS of any other form | see below |
//! | `formos_imokos`, `formos_auditai` | what the Ministry handed in | |
//! | `formos_pazeidimai_lrtk`, `formos_pazeidimai_zeit`, `formos_etika` | a violation or finding | |
//! | `formos_lesos` | funds that an institution gave | |
//!
//! A holding is `akcijos` of `visos_akcijos` or `inasas` of `visas_kapitalas`; the whole is the same in all rows of one
//! `ja_kodas`. `dalyvio_rusis` says which columns name the holder: `F` vardas, pavarde, asmens_kodas; `J` dal_kodas,
//! dal_pavadinimas, dal_forma; `UF` vardas, pavarde, gimimo_data (or asmens_kodas), valstybe; `UJ` dal_pavadinimas, valstybe,
//! registras and mostly dal_kodas. Rows of one `ja_kodas` with the same `jungtine` are one holding that its co-owners
//! have together: all repeat its size, one has `igaliotas` 1.
//!
//! # Files with headings of their own
//!
//! | file | odd |
//! |---|---|
//! | `JAR_IREGISTRUOTI.csv` | UTF-8 with a byte order mark |
//! | `JAR_ISREGISTRUOTI.csv` | no heading line |
//! | `JAR_TEI_FORM_KLASIFIKATORIUS.csv` | |
//! | `JAR_TEI_STATUSU_KLASIFIKATORIUS.csv` | its first heading begins in capitals, as in old files |
//! | `vrk_reklama.v1.csv` | the commission's own headings |

use std::fmt::{self, Display, Write as _};

use encoding_rs::WINDOWS_1257;

use crate::bad_rows::{BROKEN_BYTE, Fault};

const DELIMITER: char = '|';
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// Bytes of a file's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 that begins with a byte order mark.
    Utf8WithMark,
    /// Windows-1257, the Baltic code page.
    Windows1257,
}

/// Everything about one file but its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout<const N: usize> {
    /// The table that the file fills, `raw_…`.
    pub(crate) table: &'static str,
    /// The file's name.
    pub(crate) file: &'static str,
    /// Headings.
    pub(crate) columns: [&'static str; N],
    /// The bad rows it gets, one for each entry.
    pub(crate) faults: &'static [Fault],
    /// Whether the headings are written.
    pub(crate) heading: bool,
    /// Bytes of its text.
    pub(crate) encoding: Encoding,
    /// What ends a line.
    pub(crate) line_end: &'static str,
}

impl<const N: usize> Layout<N> {
    /// A file with headings, in UTF-8, with line feeds.
    pub(crate) const fn new(table: &'static str, file: &'static str, columns: [&'static str; N], faults: &'static [Fault]) -> Self {
        Self { table, file, columns, faults, heading: true, encoding: Encoding::Utf8, line_end: "\n" }
    }

    /// The same file without its heading line.
    pub(crate) const fn without_heading(self) -> Self {
        Self { heading: false, ..self }
    }

    /// The same file in another encoding.
    pub(crate) const fn encoded(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }

    /// The same file with CRLF line ends.
    pub(crate) const fn with_carriage_returns(self) -> Self {
        Self { line_end: "\r\n", ..self }
    }

    /// What comes before the first row.
    pub(crate) fn opening(&self) -> String {
        let mut text = String::new();
        if self.encoding == Encoding::Utf8WithMark {
            text.push_str(BYTE_ORDER_MARK);
        }
        if self.heading {
            push_line(&mut text, self.columns.iter().map(|heading| heading as &dyn Display), self.line_end);
        }
        text
    }
}

/// Appends one row with its line end.
pub(crate) fn push_line<'a>(text: &mut String, fields: impl Iterator<Item = &'a dyn Display>, line_end: &str) {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            text.push(DELIMITER);
        }
        let start = text.len();
        // Writing to a String cannot fail.
        let _ = write!(text, "{field}");
        if text[start..].contains([DELIMITER, '"', '\n', '\r']) {
            let plain = text.split_off(start);
            text.push('"');
            for letter in plain.chars() {
                if letter == '"' {
                    text.push('"');
                }
                text.push(letter);
            }
            text.push('"');
        }
    }
    text.push_str(line_end);
}

/// Appends the bytes of `text` in `encoding`.
pub(crate) fn encode(text: &str, encoding: Encoding, bytes: &mut Vec<u8>) {
    if encoding == Encoding::Windows1257 {
        bytes.extend_from_slice(&WINDOWS_1257.encode(text).0);
        return;
    }
    for (place, part) in text.split(BROKEN_BYTE).enumerate() {
        if place > 0 {
            bytes.push(0xFF);
        }
        bytes.extend_from_slice(part.as_bytes());
    }
}

/// A value that may be missing.
pub(crate) struct Maybe<T>(pub(crate) Option<T>);

impl<T: Display> Display for Maybe<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |value| value.fmt(out))
    }
}

/// Yes or no.
pub(crate) struct Flag(pub(crate) bool);

impl Display for Flag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.0 { "1" } else { "0" })
    }
}

/// Cents as euros with a point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Euros(pub(crate) i64);

impl Display for Euros {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Cents as euros with a comma.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EurosWithComma(pub(crate) i64);

impl Display for EurosWithComma {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{},{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_fields_are_quoted_and_others_are_not() {
        let fields: [&dyn Display; 6] = [&"plain, with comma", &"a|b", &"say \"yes\"", &"two\nlines", &Maybe::<u64>(None), &Flag(true)];
        let mut text = String::new();
        push_line(&mut text, fields.into_iter(), "\r\n");
        assert_eq!(text, "plain, with comma|\"a|b\"|\"say \"\"yes\"\"\"|\"two\nlines\"||1\r\n");
    }

    #[test]
    fn money_keeps_its_cents() {
        assert_eq!((Euros(123_450).to_string(), EurosWithComma(7).to_string()), ("1234.50".to_owned(), "0,07".to_owned()));
    }

    #[test]
    fn letters_take_the_bytes_of_their_encoding() {
        let (mut unicode, mut baltic) = (Vec::new(), Vec::new());
        encode("š\u{E000}", Encoding::Utf8, &mut unicode);
        encode("š", Encoding::Windows1257, &mut baltic);
        assert_eq!((unicode, baltic), (vec![0xC5, 0xA1, 0xFF], vec![0xF0]));
    }
}

//! What a text begins with tells what it is: its line ends, its encoding, or that it is no text of ours at all.
//!
//! A register says once in which encoding it writes; who saves its file again on the way, with Excel or an editor, may choose another. Read in the
//! wrong one, every name would be published with wrong letters. So what the bytes say counts, and what was agreed only where they say nothing.

use std::borrow::Cow;
use std::io::{Chain, Cursor, Read};

use encoding_rs::WINDOWS_1257;

use crate::place::Place;
use crate::{Encoding, Error};

/// What is looked at, in bytes: some thousand rows.
const SAMPLE: u64 = 256 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// What files of other forms begin with.
const OTHERS: &[(&[u8], &str)] = &[
    (b"\xff\xfe\0\0", "it is text in UTF-32, not in UTF-8"),
    (b"\0\0\xfe\xff", "it is text in UTF-32, not in UTF-8"),
    (b"\xff\xfe", "it is text in UTF-16 (Excel's \u{201c}Unicode text\u{201d}), not in UTF-8"),
    (b"\xfe\xff", "it is text in UTF-16, not in UTF-8"),
    (b"\x1f\x8b", "it is packed with gzip"),
    (b"PK\x03\x04", "it is a zip archive or a workbook (.xlsx)"),
    (b"PK\x05\x06", "it is an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "it is an old .xls workbook, or one with a password"),
    (b"PAR1", "it is a Parquet file"),
    (b"BZh", "it is packed with bzip2"),
    (b"\xfd7zXZ\0", "it is packed with xz"),
    (b"\x28\xb5\x2f\xfd", "it is packed with Zstandard"),
    (b"7z\xbc\xaf\x27\x1c", "it is packed with 7-Zip"),
    (b"Rar!", "it is packed with RAR"),
    (b"%PDF", "it is a PDF document"),
    (b"SQLite format 3\0", "it is an SQLite database"),
];
/// All the letters beyond ASCII that Lithuanian text has, with its quotation marks and dashes.
const LITHUANIAN: &str = "ĄČĘĖĮŠŲŪŽąčęėįšųūž„“”‚‘’–—…€§°«»";

/// A text from its first byte on.
pub(crate) type Whole<R> = Chain<Cursor<Vec<u8>>, R>;

/// A text of which the beginning was looked at.
#[derive(Debug)]
pub(crate) struct Beginning {
    /// What ends a line: a line feed, or a carriage return in files of old Macs.
    pub(crate) line_end: u8,
    sample: Vec<u8>,
    /// Bytes of the byte-order mark.
    mark: usize,
}

impl Beginning {
    /// Looks at the beginning of a text.
    ///
    /// # Errors
    /// It cannot be read, is empty, or is something else than text that can be read here: which is said.
    pub(crate) fn of<R: Read>(place: &Place, text: &mut R) -> Result<Self, Error> {
        let mut sample = Vec::new();
        // The network may hand out fewer bytes at a time.
        text.by_ref().take(SAMPLE).read_to_end(&mut sample).map_err(|reason| place.read(reason))?;
        if sample.is_empty() {
            return Err(place.truncated("it is empty"));
        }
        if let Some((_, found)) = OTHERS.iter().find(|(begin, _)| sample.starts_with(begin)) {
            return Err(place.wrong_form(found));
        }
        if let Some(found) = wide(&sample) {
            return Err(place.wrong_form(found));
        }
        let mark = if sample.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let line_end = if sample.contains(&b'\n') || !sample.contains(&b'\r') { b'\n' } else { b'\r' };
        Ok(Self { line_end, sample, mark })
    }

    /// The encoding of the text: `agreed`, unless its bytes say otherwise.
    pub(crate) fn encoding(&self, agreed: Encoding) -> Encoding {
        if self.mark > 0 {
            return Encoding::Utf8;
        }
        let (mut utf8, mut baltic) = (0, 0);
        // The last line may be cut within a letter.
        let whole = self.sample.iter().rposition(|byte| *byte == self.line_end).map_or(0, |end| end + 1);
        for line in self.sample[..whole].split(|byte| *byte == self.line_end).filter(|line| !line.is_ascii()) {
            match agreed {
                _ if std::str::from_utf8(line).is_ok() => utf8 += 1,
                Encoding::Windows1257 => baltic += 1,
                // Nobody agreed on it, and any bytes are letters in it: these must be Lithuanian ones.
                Encoding::Utf8 if windows_1257(line).is_some_and(|text| is_lithuanian(&text)) => baltic += 1,
                Encoding::Utf8 => {}
            }
        }
        match utf8.cmp(&baltic) {
            std::cmp::Ordering::Greater => Encoding::Utf8,
            std::cmp::Ordering::Less => Encoding::Windows1257,
            std::cmp::Ordering::Equal => agreed,
        }
    }

    /// The whole text, without its mark.
    pub(crate) fn before<R: Read>(mut self, rest: R) -> Whole<R> {
        self.sample.drain(..self.mark);
        Cursor::new(self.sample).chain(rest)
    }
}

/// Bytes as text of the Baltic code page; `None` where one of them has no letter there.
pub(crate) fn windows_1257(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (text, _) = WINDOWS_1257.decode_without_bom_handling(bytes);
    // What the code page leaves open is decoded as a control character, or as the sign for a lost letter.
    let lost = |letter| matches!(letter, '\u{80}'..='\u{9f}' | char::REPLACEMENT_CHARACTER);
    (!text.contains(lost)).then_some(text)
}

fn is_lithuanian(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii() || letter == '\u{a0}' || LITHUANIAN.contains(letter))
}

/// Text whose letters take two or four bytes has a zero in most of them, always at the same places.
fn wide(sample: &[u8]) -> Option<&'static str> {
    let zeros = |start: usize, step: usize| {
        let places = sample.iter().skip(start).step_by(step);
        let (all, zero) = places.fold((0, 0), |(all, zero), byte| (all + 1, zero + usize::from(*byte == 0)));
        all > 4 && zero * 2 > all
    };
    match (zeros(0, 2), zeros(1, 2)) {
        (true, true) => Some("it is no text, most of its bytes are zero"),
        // Three in four.
        (true, false) if zeros(1, 4) || zeros(3, 4) => Some("it is text in UTF-32, not in UTF-8"),
        (false, true) if zeros(0, 4) || zeros(2, 4) => Some("it is text in UTF-32, not in UTF-8"),
        (false, false) => None,
        _ => Some("it is text in UTF-16, not in UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginning(bytes: &[u8]) -> Result<Beginning, Error> {
        Beginning::of(&Place { source: "jar", path: "x.csv".into() }, &mut &*bytes)
    }

    fn encoded(text: &str, unit: usize, little: bool) -> Vec<u8> {
        let number = |number: u32| if little { number.to_le_bytes()[..unit].to_vec() } else { number.to_be_bytes()[4 - unit..].to_vec() };
        text.chars().flat_map(|letter| number(letter.into())).collect()
    }

    #[test]
    fn what_is_no_text_to_be_read_is_named_for_what_it_is() {
        let text = "stat_kodas|stat_pavadinimas|stat_name|formavimo_data\r\n0|Žąsų ūkis|b|2026-10-31\r\n";
        for (unit, name) in [(2, "UTF-16"), (4, "UTF-32")] {
            for little in [true, false] {
                for marked in [format!("\u{feff}{text}"), text.to_owned()] {
                    let said = beginning(&encoded(&marked, unit, little)).unwrap_err().to_string();
                    assert!(said.contains(name), "{unit} {little}: {said}");
                }
            }
        }
        for (bytes, name) in [
            (&b"\x1f\x8b\x08\0"[..], "gzip"),
            (b"PK\x03\x04\x14\0", "workbook"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
            (b"PAR1\x15\x04", "Parquet"),
            (b"%PDF-1.7\n", "PDF"),
            (&[0; 4096], "zero"),
        ] {
            let error = beginning(bytes).unwrap_err();
            assert!(error.rule() == "wrong_form" && error.to_string().contains(name), "{error}");
        }
        assert_eq!(beginning(b"").unwrap_err().rule(), "truncated");
        // A few zeros in a text are no reason.
        assert!(beginning(b"0|R\0ytas|b|\n").is_ok());
    }

    #[test]
    fn bytes_decide_the_encoding_and_what_was_agreed_decides_where_they_say_nothing() {
        let utf8 = "0|Žąsų ūkis|b|\n1|Ąžuolas|c|\n";
        let baltic = WINDOWS_1257.encode(utf8).0.into_owned();
        for agreed in [Encoding::Utf8, Encoding::Windows1257] {
            let encoding = |bytes: &[u8]| beginning(bytes).unwrap().encoding(agreed);
            assert_eq!(encoding(utf8.as_bytes()), Encoding::Utf8);
            assert_eq!(encoding(&baltic), Encoding::Windows1257);
            assert_eq!(encoding(b"0|a|b|\n"), agreed);
            assert_eq!(encoding("\u{feff}0|a|b|\n".as_bytes()), Encoding::Utf8);
            assert_eq!(encoding(&[BYTE_ORDER_MARK, &baltic].concat()), Encoding::Utf8, "the mark counts for more than rows");
            // One row in the other encoding changes nothing for the file.
            assert_eq!(encoding(&[utf8.as_bytes(), &baltic[..15]].concat()), Encoding::Utf8);
        }
        // Letters of another code page are no Lithuanian ones: nobody knows which they are.
        let dos = b"0|\xd8\xd0s\xd6 \xd7kis|b|\n";
        assert_eq!(beginning(dos).unwrap().encoding(Encoding::Utf8), Encoding::Utf8);
    }

    #[test]
    fn a_byte_without_a_letter_has_no_text() {
        for byte in [0x81, 0x83, 0x88, 0x8a, 0x8c, 0x90, 0x98, 0x9a, 0x9c, 0x9f, 0xa1, 0xa5] {
            assert_eq!(windows_1257(&[b'a', byte]), None, "{byte:x}");
        }
        assert_eq!(windows_1257(b"\x84\xdeodis\x93").as_deref(), Some("„Žodis“"));
    }
}

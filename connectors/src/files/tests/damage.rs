//! What is cut, damaged, ambiguous or too large is refused by name.

use proptest::prelude::*;

use super::values::small_workbook;
use super::*;

#[test]
fn a_web_page_is_no_extract_in_any_form() {
    let page = b"<!doctype html>\n<html><body>Klaida 503</body></html>\n";
    let rules = ["no_headings", "damaged", "no_headings", "wrong_form", "wrong_form", "wrong_form"];
    for (form, expected) in FORMS.iter().zip(rules) {
        assert_eq!(rule(read(form, page)), expected, "{form}");
        assert_eq!(rule(read(form, b"")), "truncated", "{form}: empty");
    }
}

#[test]
fn a_file_that_was_cut_is_never_taken_for_a_whole_one() {
    for form in FORMS {
        let whole = write(form, &HEADINGS, ROWS);
        for length in 1..whole.len() {
            let cut = &whole[..length];
            // Text that ends with a row is whole as far as anyone can tell.
            let ends_with_a_row = cut.ends_with(b"\n") || whole[length..].starts_with(b"\n") && form == "jsonl";
            if ["csv", "jsonl"].contains(&form) && ends_with_a_row {
                continue;
            }
            let rule = rule(read(form, cut));
            assert!(
                ["truncated", "damaged", "wrong_form", "no_headings", "changed_headings", "endless_row"].contains(&rule),
                "{form} {length} {rule}"
            );
            if length > whole.len() / 2 {
                assert!(rule == "truncated" || form == "csv.gz" && rule == "damaged", "{form} {length}: {rule}");
            }
        }
    }
}

#[test]
fn a_changed_byte_in_packed_text_is_noticed() {
    for form in ["csv.gz", "zip", "xlsx"] {
        let whole = write(form, &HEADINGS, ROWS);
        let expected = read(form, &whole).unwrap().rows;
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x10;
            // Names, times and the like may change; the rows may not.
            if let Ok(found) = read(form, &changed) {
                assert_eq!(found.rows, expected, "{form} {at}");
            }
        }
    }
}

#[test]
fn an_archive_must_hold_one_file_that_can_be_read() {
    let csv = write("csv", &HEADINGS, ROWS);
    let two = write_zip(&[("a.csv", &csv), ("b.csv", &csv)]);
    let zip = |bytes: &[u8]| read("zip", bytes).unwrap_err().to_string();
    assert!(zip(&two).contains("more than one file"));
    assert!(zip(&write_zip(&[])).contains("holds no file"));
    for name in ["a.txt", "a", "a.zip", "a.csv.gz"] {
        assert!(zip(&write_zip(&[(name, &csv)])).contains("neither csv"), "{name}");
    }
    // The lowest bit of the flags, beside the member and in the directory: encrypted.
    let mut encrypted = write_zip(&[("a.csv", &csv)]);
    let (local, central) = (b"PK\x03\x04", b"PK\x01\x02");
    for at in 0..encrypted.len() - 8 {
        if encrypted[at..].starts_with(local) {
            encrypted[at + 6] |= 1;
        } else if encrypted[at..].starts_with(central) {
            encrypted[at + 8] |= 1;
        }
    }
    assert!(zip(&encrypted).contains("encrypted"));
    assert_eq!(rule(read("zip", &encrypted)), "archive");
    // Nothing is unpacked to a path.
    assert_eq!(read("zip", &write_zip(&[("../../etc/a.csv", &csv)])).unwrap().rows.len(), ROWS.len());
}

#[test]
fn a_few_packed_bytes_do_not_become_any_number() {
    let many: Vec<Row> = vec![ROWS[0]; 4000];
    for form in ["csv.gz", "zip", "xlsx"] {
        let bytes = write(form, &HEADINGS, &many);
        let folder = folder(&[(&format!("{STEM}.{form}"), &bytes)]);
        let with = |most| Files { folder: folder.path().to_owned(), bounds: Bounds { text: most, held: most } };
        assert_eq!(read_as(&with(1 << 20), TABLE).unwrap().rows.len(), many.len(), "{form}");
        assert!(matches!(read_as(&with(50_000), TABLE), Err(Error::TooLarge { most: 50_000, .. })), "{form}");
    }
    for form in ["xlsx", "parquet"] {
        let packed = write_zip(&[(&format!("x.{form}"), &write(form, &HEADINGS, ROWS))]);
        let folder = folder(&[(&format!("{STEM}.zip"), &packed)]);
        let files = Files { folder: folder.path().to_owned(), bounds: Bounds { text: 1 << 30, held: 500 } };
        assert_eq!(rule(read_as(&files, TABLE)), "too_large", "{form} in zip");
    }
    // One text that stands once in the file and in every row of the sheet.
    let long: &'static str = "x".repeat(30_000).leak();
    let bytes = write("xlsx", &HEADINGS, &vec![[long, "", "", "", "", ""]; 1000]);
    let folder = folder(&[(&format!("{STEM}.xlsx"), &bytes)]);
    let files = Files { folder: folder.path().to_owned(), bounds: Bounds { text: 1 << 30, held: 1 << 20 } };
    assert_eq!(rule(read_as(&files, TABLE)), "too_large");
}

#[test]
fn a_changed_byte_is_refused_or_read_and_never_ends_the_night() {
    let whole = write("parquet", &HEADINGS, ROWS);
    for at in 0..whole.len() {
        for bits in [0x01, 0x10, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= bits;
            drop(read("parquet", &changed));
        }
    }
}

proptest! {
    #[test]
    fn a_sheet_of_whatever_letters_never_ends_the_night(changes in prop::collection::vec((0..SHEET.len(), prop::sample::select(b" <>\"=/&;rctsvfA19-:x".to_vec())), 1..4)) {
        let mut sheet = SHEET.as_bytes().to_vec();
        for (at, byte) in changes {
            sheet[at] = byte;
        }
        drop(read("xlsx", &small_workbook(&String::from_utf8(sheet).unwrap())));
    }
}

const SHEET: &str = r#"<row r="2"><c r="A2"><f t="shared" si="1" ref="A2:B3">1+1</f></c></row><row r="3"><c r="A3" s="0"><f>1+1</f><v>2</v></c></row><row r="4"><c r="A4" t="e"><v>#N/A</v></c><c r="B4" t="d"><v>2026-10-31</v></c><c t="inlineStr"><is><t>&amp;</t></is></c></row>"#;

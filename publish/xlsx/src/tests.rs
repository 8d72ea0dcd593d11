use std::io::{Cursor, Read};

use super::*;

fn files(book: Book<Cursor<Vec<u8>>>) -> Vec<(String, String)> {
    let bytes = book.finish().unwrap();
    let mut package = zip::ZipArchive::new(bytes).unwrap();
    let count = package.len();
    let read = |number| {
        let (mut file, mut text) = (package.by_index(number).unwrap(), String::new());
        file.read_to_string(&mut text).unwrap();
        (file.name().unwrap().into_owned(), text)
    };
    (0..count).map(read).collect()
}

fn one(sheet: &Sheet) -> String {
    let mut book = Book::new(Cursor::new(Vec::new()));
    book.add("a", sheet).unwrap();
    files(book).swap_remove(0).1
}

#[test]
fn a_sheet_has_its_cells_where_they_were_written() {
    let mut sheet = Sheet::new();
    sheet.note();
    sheet.text(Style::Title, "Antraštė, ilgesnė už visus stulpelius");
    sheet.headings(["a", "b", "c"]);
    sheet.row();
    sheet.number(Style::Money, "-12.50");
    sheet.skip();
    sheet.text(Style::Plain, " <&> ");
    let xml = one(&sheet);
    assert!(xml.contains("<row r=\"3\"><c r=\"A3\" s=\"3\"><v>-12.50</v></c><c r=\"C3\" s=\"0\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> &lt;&amp;&gt; </t></is></c></row></sheetData>"), "{xml}");
    assert!(xml.contains("ySplit=\"2\" topLeftCell=\"A3\"") && xml.contains("<autoFilter ref=\"A2:C3\"/>"), "{xml}");
    assert!(xml.contains("<col min=\"1\" max=\"1\" width=\"11\" customWidth=\"1\"/>"), "the title widens no column: {xml}");
}

#[test]
fn a_note_below_the_rows_is_not_filtered() {
    let mut sheet = Sheet::new();
    sheet.headings(["a"]);
    sheet.row();
    sheet.text(Style::Plain, "x");
    sheet.note();
    sheet.text(Style::Plain, "y");
    assert_eq!(sheet.filtered().unwrap(), "$A$1:$A$2");
    assert_eq!(Sheet::new().filtered(), None);
}

#[test]
fn what_xml_cannot_hold_is_written_as_spreadsheets_read_it() {
    let mut sheet = Sheet::new();
    sheet.row();
    sheet.text(Style::Plain, "a\u{7}b\rc_x0041_d\n=1+1");
    assert!(one(&sheet).contains("<t>a_x0007_b_x000D_c_x005F_x0041_d\n=1+1</t>"));
}

#[test]
fn a_cell_has_as_much_of_a_text_as_it_may() {
    let mut sheet = Sheet::new();
    sheet.row();
    sheet.text(Style::Plain, &"ž".repeat(40_000));
    sheet.text(Style::Plain, &"😀".repeat(40_000));
    let xml = one(&sheet);
    assert_eq!((xml.matches('ž').count(), xml.matches('😀').count()), (LONGEST_CELL, LONGEST_CELL / 2));
}

#[test]
fn columns_are_named_as_spreadsheets_name_them() {
    let mut sheet = Sheet::new();
    sheet.row();
    for column in 1..=MOST_COLUMNS {
        if [1, 26, 27, 702, 703, MOST_COLUMNS].contains(&column) { sheet.number(Style::Plain, "1") } else { sheet.skip() }
    }
    let xml = one(&sheet);
    for cell in ["A1", "Z1", "AA1", "ZZ1", "AAA1", "XFD1"] {
        assert!(xml.contains(&format!("r=\"{cell}\"")), "{cell}");
    }
}

#[test]
fn sheets_have_names_that_spreadsheets_take() {
    let mut book = Book::new(Cursor::new(Vec::new()));
    for name in [
        "' 'Pradžia' '",
        "Kas [tai]: a/b*c?\\d",
        "'Ž'",
        "ž",
        "",
        &"ž".repeat(40),
        &"Ž".repeat(40),
        "It's",
        &format!("{}'s", "a".repeat(30)),
    ] {
        book.add(name, &Sheet::new()).unwrap();
    }
    let names: Vec<String> = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    assert_eq!(
        names,
        ["Pradžia", "Kas tai abcd", "Ž", "ž 2", "2", &"ž".repeat(31), &format!("{} 2", "Ž".repeat(29)), "It's", &"a".repeat(30)]
    );
}

#[test]
fn links_lead_from_their_cell() {
    let mut sheet = Sheet::new();
    sheet.row();
    sheet.text(Style::Plain, "a");
    sheet.link("https://example.lt/?a=1&b=2");
    let mut book = Book::new(Cursor::new(Vec::new()));
    book.add("a", &sheet).unwrap();
    let files = files(book);
    assert!(files[0].1.contains("<hyperlink ref=\"B1\" r:id=\"rId1\"/>"));
    assert_eq!(files[1].0, "xl/worksheets/_rels/sheet1.xml.rels");
    assert!(files[1].1.contains("Target=\"https://example.lt/?a=1&amp;b=2\" TargetMode=\"External\""));
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    let made = || {
        let mut book = Book::new(Cursor::new(Vec::new()));
        for name in ["Pirmas", "„Antras“ & 'trečias'"] {
            let mut sheet = Sheet::new();
            sheet.headings(["a", "b"]);
            sheet.row();
            sheet.link("https://example.lt");
            book.add(name, &sheet).unwrap();
        }
        book.finish().unwrap().into_inner()
    };
    assert_eq!(made(), made());
}

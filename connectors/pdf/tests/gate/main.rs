//! What of PDFs may be published, and what never.

mod made;

use std::time::Instant;

use chrono::DateTime;
use made::{Made, line, packed, page, stream};
use pdf::{Refusal, look_through, text};
use proptest::prelude::*;

const CODE: &str = "33309240064";

fn refused(made: &Made) -> Option<Refusal> {
    look_through(&made.bytes()).err()
}

fn own(value: &str) -> Vec<u8> {
    let record = document::Record { title: "Sprendimas".into(), fields: vec![("Ąžuolų g. pažeidimas".into(), value.into())] };
    document::Document {
        title: "Sprendimas dėl bandomojo pažeidimo".into(),
        number: "Nr. 12-345".into(),
        facts: vec![("Įstaiga".into(), "Bandymų taryba".into())],
        sections: vec![document::Section { title: "Nustatyta".into(), records: vec![record], note: None }],
        closing: String::new(),
        notice: String::new(),
        formed: DateTime::UNIX_EPOCH,
    }
    .to_pdf()
}

#[test]
fn a_document_with_nothing_but_text_passes_and_is_read() {
    let read = look_through(&line("Sprendimas 2026-11-26 Nr. 12-345 del UAB Bandymas, kodas 302000015").bytes()).unwrap();
    assert!(read.contains("Nr. 12-345 del UAB Bandymas"), "{read}");
    let made = own("Nesilaikyta įstatymo");
    let read = look_through(&made).unwrap();
    assert!(read.contains("Ąžuolų g. pažeidimas") && read.contains("Nesilaikyta įstatymo"), "{read}");
    assert_eq!(look_through(&own("Asmens kodas 333 0924 0064")), Err(Refusal::Personal));
    assert!(text(&own("Asmens kodas 333 0924 0064")).unwrap().contains("333 0924 0064"), "who looks for it finds it");
}

#[test]
fn a_code_on_a_page_is_found_whatever_it_is_painted_with() {
    let contents = [
        format!("BT /F 12 Tf 50 700 Td (Kodas {CODE}) Tj ET"),
        "BT /F 12 Tf 50 700 Td (Kodas 33309) Tj 60 0 Td (240064) Tj ET".into(),
        "BT /F 12 Tf 50 700 Td [(333) -30 (0924) 40 (0064)] TJ ET".into(),
        "BT /F 12 Tf 50 700 Td (33309) Tj ET BT /F 12 Tf 50 688 Td (240064) Tj ET".into(),
        "BT /F 12 Tf 1 0 0 1 50 700 Tm (240064) Tj 1 0 0 1 10 700 Tm (33309) Tj ET".into(),
        format!("1 1 1 rg BT /F 12 Tf 50 700 Td ({CODE}) Tj ET"),
        format!("BT 3 Tr /F 1 Tf 50 700 Td ({CODE}) Tj ET"),
        format!("BT /F 12 Tf 5000 -7000 Td ({CODE}) Tj ET"),
        "BT /F 12 Tf 50 700 Td (\\063\\063309) Tj <323430303634> Tj ET".into(),
        "BT /F 12 Tf 14 TL 50 700 Td (33309) ' (240064) ' ET".into(),
        format!("/Span << /ActualText ({CODE}) >> BDC BT /F 12 Tf 50 700 Td (x) Tj ET EMC"),
        format!("% {CODE}\nBT /F 12 Tf 50 700 Td (x) Tj ET"),
        format!("BT /F 12 Tf 50 700 Td (x) Tj ET {CODE} w"),
        "BT /F 12 Tf 50 700 Td (Jonas, gim. 1950-03-04) Tj ET".into(),
        "BT /F 12 Tf 50 700 Td (Jonas, gi) Tj 10 0 Td (m. 1950-03-04) Tj ET".into(),
    ];
    for content in contents {
        let visible = format!("BT /F 12 Tf 50 720 Td (Sprendimas) Tj ET {content}");
        assert_eq!(refused(&page(&visible)), Some(Refusal::Personal), "{content}");
    }
}

#[test]
fn a_code_is_found_wherever_a_file_has_texts() {
    let utf16: String = CODE.chars().map(|digit| format!("{:04X}", u32::from(digit))).collect();
    let good = || line("Sprendimas");
    let hidden = [
        ("Info", good().with(7, format!("<< /Author ({CODE}) >>")).with_trailer("/Info 7 0 R")),
        ("Info in UTF-16", good().with(7, format!("<< /Title <FEFF{utf16}> >>")).with_trailer("/Info 7 0 R")),
        ("a day", good().with(7, format!("<< /ModDate (D:{CODE}) >>")).with_trailer("/Info 7 0 R")),
        ("a key", good().with(7, format!("<< /K{CODE} 1 >>"))),
        ("a name", good().with(7, format!("/{CODE}"))),
        ("a number", good().with(7, CODE)),
        ("an object that nothing leads to", good().with(7, format!("({CODE})"))),
        ("a comment", good().with(7, format!("% {CODE}\n1"))),
        ("the trailer", good().with_trailer(&format!("/ID [({CODE}) (x)]"))),
        ("metadata", good().with(7, stream("/Type /Metadata /Subtype /XML", format!("<x:xmpmeta><a b='{CODE}'/></x:xmpmeta>").as_bytes()))),
        ("metadata by numbers", good().with(7, stream("/Type /Metadata /Subtype /XML", b"<a>333&#48;924&#x30;064</a>"))),
        ("a stream that nothing leads to", good().with(7, stream("/Filter /FlateDecode", &packed(CODE.as_bytes())))),
        (
            "a stream of objects",
            good().with(7, stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &packed(format!("8 0 ({CODE})").as_bytes()))),
        ),
        ("a link", good().with(7, format!("<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.lt/{CODE}) >> >>"))),
        (
            "a part of a page",
            page("BT /F 12 Tf 50 700 Td (a) Tj ET /X Do")
                .with(6, stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", format!("BT /F 9 Tf ({CODE}) Tj ET").as_bytes())),
        ),
        (
            "a part that no page shows",
            good().with(6, stream("/Subtype /Form /Resources << /Font << /F 5 0 R >> >>", format!("BT /F 9 Tf ({CODE}) Tj ET").as_bytes())),
        ),
        (
            "a page that is in no list",
            good()
                .with(7, "<< /Type /Page /MediaBox [0 0 9 9] /Contents 8 0 R /Resources << /Font << /F 5 0 R >> >> >>")
                .with(8, stream("", format!("BT /F 9 Tf ({CODE}) Tj ET").as_bytes())),
        ),
        ("a picture's comment", good().with(6, stream("/Subtype /Image /Filter /DCTDecode", format!("\u{1}{CODE}\u{1}").as_bytes()))),
    ];
    for (place, made) in hidden {
        assert_eq!(refused(&made), Some(Refusal::Personal), "{place}");
    }
}

#[test]
fn what_is_more_than_text_on_pages_is_refused_and_said_to_be_what_it_is() {
    let good = || line("Sprendimas");
    let note = |subtype: &str| {
        good()
            .with(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> /Annots [7 0 R] >>")
            .with(7, format!("<< /Subtype /{subtype} /Contents (x) >>"))
    };
    let catalog = |more: &str| good().with(1, format!("<< /Type /Catalog /Pages 2 0 R {more} >>"));
    let cases = [
        (good().with_trailer("/Encrypt 7 0 R"), Refusal::Encrypted),
        (good().with_trailer("/Encrypt<< /Filter /Standard >>"), Refusal::Encrypted),
        (good().with(7, "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <30> >>"), Refusal::Signed),
        (good().with(7, "<< /FT /Sig >>"), Refusal::Signed),
        (catalog("/Names << /EmbeddedFiles << >> >>"), Refusal::Files),
        (good().with(7, "<< /Type /Filespec /EF << /F 8 0 R >> >>").with(8, stream("/Type /EmbeddedFile", b"x")), Refusal::Files),
        (good().with(7, "<< /Type /#46ilespec >>"), Refusal::Files),
        (good().with(7, stream("/F (a.pdf)", b"")), Refusal::Files),
        (catalog("/AcroForm << /Fields [] >>"), Refusal::Form),
        (catalog("/OpenAction << /S /JavaScript /JS (x) >>"), Refusal::Actions),
        (catalog("/OpenAction << /S /Launch >>"), Refusal::Actions),
        (good().with(7, "<< /AA << >> >>"), Refusal::Actions),
        (note("Text"), Refusal::Notes),
        (note("FreeText"), Refusal::Notes),
        (note("FileAttachment"), Refusal::Notes),
        (note("Widget"), Refusal::Form),
    ];
    for (made, refusal) in cases {
        assert_eq!(refused(&made), Some(refusal), "{}", String::from_utf8_lossy(&made.bytes()));
    }
    assert_eq!(refused(&note("Link")), None);
    assert_eq!(refused(&catalog("/OpenAction [3 0 R /XYZ null null 0]")), None, "where to begin to read");
    for bytes in [b"".as_slice(), b"PK\x03\x04", b"%!PS"] {
        assert_eq!(look_through(bytes), Err(Refusal::NotPdf));
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let image = stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /Filter /DCTDecode", b"\xff\xd8");
    let scanned = |content: &str| page(content).with(6, image.clone());
    let with_font = |font: &str| line("Sprendimas").with(5, font);
    let unreadable = [
        page(""),
        page("0 0 m 100 100 l S"),
        scanned("q 595 0 0 842 0 0 cm /X Do Q"),
        scanned("BT /F 12 Tf 50 700 Td (1 priedas) Tj ET q 500 0 0 700 0 0 cm /X Do Q"),
        scanned("BT 3 Tr /F 12 Tf 50 700 Td (text under a picture) Tj ET q 595 0 0 842 0 0 cm /X Do Q"),
        page("BT /F 12 Tf (a) Tj ET BI /W 1 /H 1 ID x EI"),
        with_font("<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /CharProcs << >> >>"),
        with_font("<< /Type /Font /Subtype /Type0 /Encoding /Identity-H >>"),
        with_font("<< /Type /Font /Subtype /TrueType /FontDescriptor << /FontFile2 7 0 R >> >>").with(7, stream("", b"x")),
        with_font("<< /Type /Font /Subtype /Type1 /Encoding << /Differences [83 /g1 /g2] >> >>"),
        with_font("<< /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /ToUnicode 7 0 R >>")
            .with(7, stream("", b"1 beginbfchar <53> <0031> endbfchar")),
        page("BT /G 12 Tf (a) Tj ET"),
    ];
    for made in unreadable {
        assert_eq!(refused(&made), Some(Refusal::Unreadable), "{}", String::from_utf8_lossy(&made.bytes()));
    }
    assert_eq!(refused(&scanned("BT /F 12 Tf 50 700 Td (Sprendimas) Tj ET q 60 0 0 60 50 750 cm /X Do Q")), None, "a coat of arms");
    let named =
        with_font("<< /Type /Font /Subtype /Type1 /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [33 /three /zero] >> >>");
    assert_eq!(refused(&named), None);
    let drawn = named.with(4, stream("", b"BT /F 12 Tf (a) Tj ET BT /F 12 Tf 50 700 Td (!!!\"924\"\"64) Tj ET"));
    assert_eq!(refused(&drawn), Some(Refusal::Personal), "digits under other codes");
}

#[test]
fn a_file_that_says_two_things_is_refused() {
    let good = line("Sprendimas").bytes();
    let find = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).position(|window| window == word).unwrap();
    let more = [&good, b"4 0 obj\n(x)\nendobj\n".as_slice()].concat();
    assert_eq!(look_through(&more), Err(Refusal::Unclear), "an object twice");
    let behind = [&good, b"nothing".as_slice()].concat();
    assert_eq!(look_through(&behind), Err(Refusal::Unclear), "something behind the end");
    for (word, other) in [(b" 00000 n".as_slice(), b"1 0000 n".as_slice()), (b"endobj", b"endojb"), (b"startxref\n", b"startxref 1")] {
        let mut bytes = good.clone();
        let at = find(&bytes, word);
        bytes.splice(at..at + word.len(), other.iter().copied());
        assert!(look_through(&bytes).is_err(), "{}", String::from_utf8_lossy(other));
    }
    // The table leads into a stream, where a reader finds another object than the one that stands in the file.
    let inside = line("Sprendimas").with(7, stream("", b"9 0 obj (x) endobj"));
    let mut bytes = inside.bytes();
    let at = find(&bytes, b"9 0 obj");
    let table = find(&bytes, b"trailer");
    bytes.splice(table..table, format!("9 1\n{at:010} 00000 n \n").into_bytes());
    assert_eq!(look_through(&bytes), Err(Refusal::Unclear));
    let short = line("Sprendimas").with(7, b"<< /Length 1 >>\nstream\nxyz\nendstream");
    assert_eq!(refused(&short), Some(Refusal::Unclear), "a stream goes on");
    let bytes = packed(b"x");
    let hidden = line("Sprendimas").with(7, stream("/Type /Metadata /Filter /FlateDecode", &[&bytes, CODE.as_bytes()].concat()));
    assert_eq!(refused(&hidden), Some(Refusal::Unclear), "something behind what is packed");
    for filter in ["ASCII85Decode", "LZWDecode", "Crypt"] {
        assert_eq!(refused(&line("a").with(7, stream(&format!("/Type /Metadata /Filter /{filter}"), b"x"))), Some(Refusal::Unclear));
    }
    assert_eq!(refused(&line("a").with(7, "<< /Strange 8 0 R >>").with(8, stream("", b"x"))), Some(Refusal::Unclear));
}

#[test]
fn places_in_a_stream_are_read_and_held_against_the_file() {
    // As most programs write them now: objects and places in streams.
    let build = |shift: usize| {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        let mut put = |bytes: &mut Vec<u8>, number: u32, body: &[u8]| {
            places.push((number, bytes.len()));
            bytes.extend_from_slice(&[format!("{number} 0 obj\n").as_bytes(), body, b"\nendobj\n"].concat());
        };
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>";
        let parts = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            page.to_owned(),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        ];
        let (mut head, mut body) = (String::new(), String::new());
        for (number, part) in [1, 2, 3, 5].into_iter().zip(&parts) {
            head.push_str(&format!("{number} {} ", body.len()));
            body.push_str(part);
            body.push(' ');
        }
        put(&mut bytes, 4, &stream("/Filter /FlateDecode", &packed(b"BT /F 12 Tf 50 700 Td (Sprendimas) Tj ET")));
        let objects = stream(&format!("/Type /ObjStm /N 4 /First {} /Filter /FlateDecode", head.len()), &packed((head + &body).as_bytes()));
        put(&mut bytes, 6, &objects);
        let table = bytes.len();
        let mut rows = Vec::new();
        let at = |place: usize| u32::try_from(place + shift).unwrap().to_be_bytes();
        for (number, place) in [(4, places[0].1), (6, places[1].1), (7, table)] {
            rows.push((number, [[1].as_slice(), &at(place), &[0]].concat()));
        }
        for (index, number) in [1, 2, 3, 5].into_iter().enumerate() {
            rows.push((number, [[2].as_slice(), &6_u32.to_be_bytes(), &[index as u8]].concat()));
        }
        rows.sort();
        let mut above = vec![0_u8; 6];
        let mut table_bytes = Vec::new();
        for (_, row) in rows {
            table_bytes.push(2);
            table_bytes.extend(row.iter().zip(&above).map(|(now, above)| now.wrapping_sub(*above)));
            above = row;
        }
        let dictionary =
            "/Type /XRef /Size 8 /W [1 4 1] /Index [1 7] /Root 1 0 R /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 6 >>";
        let body = stream(dictionary, &packed(&table_bytes));
        bytes.extend_from_slice(
            &[b"7 0 obj\n".as_slice(), &body, b"\nendobj\nstartxref\n", table.to_string().as_bytes(), b"\n%%EOF\n"].concat(),
        );
        bytes
    };
    assert_eq!(look_through(&build(0)).as_deref().map(|text| text.contains("Sprendimas")), Ok(true));
    assert_eq!(look_through(&build(1)), Err(Refusal::Unclear));
}

#[test]
fn nothing_that_is_handed_in_costs_more_than_it_may() {
    let start = Instant::now();
    let form = |target: u32| {
        stream(
            &format!("/Subtype /Form /Resources << /XObject << /X {target} 0 R >> >>"),
            b"/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do",
        )
    };
    let mut nested = page("BT /F 12 Tf (a) Tj ET /X Do");
    for number in 6..16 {
        nested = nested.with(number, form(number + 1));
    }
    let costly = [
        line("a").with(7, stream("/Type /Metadata /Filter /FlateDecode", &packed(&vec![b' '; 33 << 20]))),
        nested,
        page("BT /F 12 Tf (a) Tj ET /X Do").with(6, form(6)),
        page(&"q ".repeat(10_000)),
        page(&"1 ".repeat(10_000)),
        line("a").with(7, "[".repeat(5_000_000)),
        page(&format!("BT /F 12 Tf {} ET", "(1 2 3 4 5 6 7 8 9) Tj ".repeat(200_000))),
        page(&format!("BT /F 12 Tf (a) Tj [{}] TJ ET", "1 ".repeat(1_000_000))),
        line("a").with(7, format!("[{}]", "1 ".repeat(4_000_000))),
        line("a").with(7, format!("[{}]", "<</A 1>>".repeat(1_000_000))),
        line("a").with(7, stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &packed(format!("8 0 [{}]", "1 ".repeat(15_000_000)).as_bytes()))),
        line("a").with(7, format!("{}1", "%12345\n".repeat(1_000_000))),
        line("a").with(3, format!("<< /Type /Page /Parent 2 0 R /Contents [{}] >>", "7 0 R ".repeat(100_000))).with(7, stream("", &[b' '; 100_000])),
        page(&format!("BT /F 12 Tf (a) Tj {} ET", "/F 1 Tf ".repeat(100_000))).with(3, b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F << /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding >> >> >> >>"),
        (20..5_000).fold(line("a").with(7, format!("[{}]", "8 0 R ".repeat(100_000))).with(8, "<< /Subtype /Link >>"), |made, number| made.with(number, "<< /Annots 7 0 R >>")),
        line("a").with(7, format!("1 endobj {}8 0 obj 1", "startxref 0 ".repeat(100_000))),
    ];
    for made in costly {
        assert!(refused(&made).is_some());
    }
    let places = stream("/Type /XRef /W [0 0 0] /Size 9999999999 /Index [0 9999999999] /Root 1 0 R", b"");
    assert_eq!(refused(&line("a").with(7, places)), Some(Refusal::Unclear));
    let parents = line("a").with(2, "<< /Type /Pages /Parent 2 0 R >>");
    assert_eq!(refused(&parents), Some(Refusal::Unclear));
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever is done to a file, a code that still stands in it is not let through.
    #[test]
    fn damage_lets_nothing_through(at in 0_usize..900, with in prop::collection::vec(any::<u8>(), 0..12), cut in 0_usize..12) {
        let content = format!("BT /F 12 Tf 50 700 Td (Sprendimas) Tj 0 -14 Td ({CODE}) Tj ET");
        let mut bytes = page(&content).with(4, stream("", content.as_bytes())).with(7, format!("<< /Author ({CODE}) >>")).bytes();
        let at = at.min(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        let holds = bytes.windows(CODE.len()).any(|window| window == CODE.as_bytes());
        prop_assert!(!holds || look_through(&bytes).is_err());
    }

    #[test]
    fn a_code_in_a_text_of_any_place_and_neighbours_is_found(before in "[a-z ,.]{0,40}", after in "[a-z ,.]{0,40}", x in 0..500, y in 0..800) {
        let made = page(&format!("BT /F 10 Tf {x} {y} Td ({before} {CODE} {after}) Tj ET"));
        prop_assert_eq!(refused(&made), Some(Refusal::Personal));
    }
}

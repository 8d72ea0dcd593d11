//! How values that are no text become text, or reject their row.

use super::*;

#[test]
fn json_values_keep_their_digits_and_lines_that_are_no_rows_are_rejected() {
    let all = r#""vip_nr": "a", "data": null, "tirazas": 12345678901234567890, "metrikos_tirazas": 0.10, "su_reklama": true, "reklamos_pozymio_data": "\u017d\n""#;
    let lines = [
        format!("\u{feff}{{{all}}}"),
        r#"{"vip_nr": "b"}"#.to_owned(),
        String::new(),
        "no object".to_owned(),
        r#"["vip_nr"]"#.to_owned(),
        r#"{"vip_nr": {"a": 1}}"#.to_owned(),
        r#"{"vip_nr": [1]}"#.to_owned(),
        r#"{"vip_nr": "a", "VIP_NR": "b"}"#.to_owned(),
        r#"{"vip_nr": "a"} {"vip_nr": "b"}"#.to_owned(),
        r#"{"vip_nr": "\ud800"}"#.to_owned(),
        r#"{"vip_nr": -1.5E+3, "su_reklama": false}"#.to_owned(),
    ];
    let mut bytes = lines.join("\n").into_bytes();
    bytes.extend(b"\n{\"vip_nr\": \"\xff\"}\n{\"vip_nr\": \"last\"}");
    let found = read("jsonl", &bytes).unwrap();
    assert_eq!(found.rows[0], ["a", "", "12345678901234567890", "0.1", "true", "Ž"]);
    assert_eq!(
        found.rows[1..].iter().map(|row| (row[0].as_str(), row[4].as_str())).collect::<Vec<_>>(),
        [("b", ""), ("-1.5E+3", "false"), ("last", "")]
    );
    assert_eq!(found.numbers, [1, 2, 11, 13]);
    let rules = [(4, "json"), (5, "json"), (6, "nested"), (7, "nested"), (8, "json"), (9, "json"), (10, "json"), (12, "encoding")];
    assert_eq!(found.rejected, rules);
    let later = format!("{{{all}}}\n{{\"vip_nr\": 1, \"kita\": 2}}\n");
    assert!(matches!(read("jsonl", later.as_bytes()), Err(Error::UnknownKey { row_number: 2, place: 2, .. })));
    assert_eq!(rule(read("jsonl", format!("[{{{all}}}]\n").as_bytes())), "no_headings");
    assert_eq!(rule(read("jsonl", b"{\n\"vip_nr\": \"a\"\n}\n")), "changed_headings");
    let endless = format!("{{{all}}}\n{{\"vip_nr\": \"{}\"}}\n", "x".repeat(crate::row_builder::LONGEST_ROW));
    assert!(matches!(read("jsonl", endless.as_bytes()), Err(Error::EndlessRow { row_number: 2, .. })));
}

#[test]
fn a_sheet_s_numbers_dates_and_errors_become_text_or_reject_their_row() {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    workbook.add_worksheet().set_name("Paslėpta").unwrap().set_hidden(true);
    let sheet = workbook.add_worksheet().set_active(true);
    for (column, heading) in HEADINGS.iter().enumerate() {
        sheet.write(0, column as u16, *heading).unwrap();
    }
    let day = ExcelDateTime::from_ymd(2026, 10, 31).unwrap();
    sheet.write(1, 0, 124_110_246).unwrap();
    sheet.write_with_format(1, 1, &day, &date).unwrap();
    sheet.write(1, 2, 0.1 + 0.2).unwrap();
    sheet.write(1, 3, 1234.5).unwrap();
    sheet.write(1, 4, true).unwrap();
    sheet.write_with_format(1, 5, ExcelDateTime::parse_from_str("2026-10-31T08:30:00").unwrap(), &date).unwrap();
    // Row 3 is empty, but has a format.
    sheet.write_blank(2, 0, &date).unwrap();
    sheet.write(3, 0, "good").unwrap();
    sheet.write_formula(3, 1, Formula::new("A1&\"b\"").set_result("saved")).unwrap();
    sheet.write(4, 0, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(5, 0, 1e17).unwrap();
    sheet.write(6, 0, "x").unwrap();
    sheet.write(6, 6, "too far right").unwrap();
    sheet.write_with_format(7, 0, 0.5, &Format::new().set_num_format("[h]:mm")).unwrap();
    sheet.write(8, 0, "last").unwrap();
    sheet.write_blank(9, 9, &date).unwrap();
    workbook.add_worksheet().write(0, 0, "second sheet").unwrap();
    let found = read("xlsx", &workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(found.rows[0], ["124110246", "2026-10-31", "0.3", "1234.5", "1", "2026-10-31T08:30:00"]);
    assert_eq!(found.rows[1], ["good", "saved", "", "", "", ""]);
    assert_eq!((found.rows[2][0].as_str(), found.rows.len(), &found.numbers), ("last", 3, &vec![2, 4, 9]));
    assert_eq!(found.rejected, [(5, "cell"), (6, "cell"), (7, "columns"), (8, "cell")]);
}

/// A workbook with this sheet, as small as they come.
pub(super) fn small_workbook(sheet: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book =
        format!(r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#);
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let of_book = format!(
        r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let of_all = format!(
        r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let headings: String = HEADINGS.iter().map(|heading| format!(r#"<c t="str"><v>{heading}</v></c>"#)).collect();
    let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData><row r="1">{headings}</row>{sheet}</sheetData></worksheet>"#);
    write_zip(&[
        ("_rels/.rels", of_all.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", of_book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn odd_sheets_are_rejected_row_by_row_or_refused() {
    let found = read("xlsx", &small_workbook(r#"<row r="2"><c r="A2"><f>1+1</f></c></row><row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row><row r="4"><c r="A4" t="e"><v>#N/A</v></c></row><row r="5"><c r="A5" t="str"><f>x</f><v></v></c><c r="B5" t="d"><v>2026-10-31T00:00:00</v></c></row>"#)).unwrap();
    assert_eq!((found.rejected, found.numbers), (vec![(2, "cell"), (4, "cell")], vec![3, 5]));
    assert_eq!(found.rows[1][..2], ["", "2026-10-31"]);
    assert_eq!(rule(read("xlsx", &small_workbook(r#"<row r="2000000"><c r="A2000000"><v>1</v></c></row>"#))), "wrong_form");
    assert_eq!(
        rule(read("xlsx", &small_workbook(r#"<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>"#))),
        "damaged"
    );
    assert_eq!(rule(read("xlsx", &small_workbook(r#"<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>"#))), "damaged");
    assert_eq!(rule(read("xlsx", &small_workbook("<row"))), "damaged");
    let mut empty = Workbook::new();
    empty.add_worksheet();
    assert_eq!(rule(read("xlsx", &empty.save_to_buffer().unwrap())), "no_headings");
    let protected = read("xlsx", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).unwrap_err();
    assert!(protected.to_string().contains("password"), "{protected}");
    // What stands in an unreadable cell is not repeated.
    let secret = read("xlsx", &small_workbook(r#"<row r="2"><c r="A2" t="b"><v>33309240064</v></c></row>"#)).unwrap_err();
    assert!(secret.rule() == "damaged" && !secret.to_string().contains("33309240064"), "{secret}");
}

#[test]
fn parquet_columns_of_every_plain_type_become_text() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("vip_nr", Arc::new(Int64Array::from(vec![Some(9_007_199_254_740_993), None]))),
        ("data", Arc::new(Date32Array::from(vec![20_757, 20_758]))),
        ("tirazas", Arc::new(Decimal128Array::from(vec![10, -123_450]).with_precision_and_scale(10, 2).unwrap())),
        ("metrikos_tirazas", Arc::new(Float64Array::from(vec![Some(1200.0), None]))),
        ("su_reklama", Arc::new(BooleanArray::from(vec![true, false]))),
        ("reklamos_pozymio_data", Arc::new(TimestampMicrosecondArray::from(vec![20_757 * 86_400_000_000, 1]))),
    ];
    for compression in [Compression::SNAPPY, Compression::UNCOMPRESSED, Compression::ZSTD(Default::default())] {
        let found = read("parquet", &write_parquet(columns.clone(), compression)).unwrap();
        assert_eq!(found.rows[0], ["9007199254740993", "2026-10-31", "0.1", "1200", "1", "2026-10-31"]);
        assert_eq!(found.rows[1], ["", "2026-11-01", "-1234.5", "", "0", "1970-01-01T00:00:00.000001"]);
    }
    let with = |column: ArrayRef| {
        let mut columns = columns.clone();
        columns[0].1 = column;
        read("parquet", &write_parquet(columns, Compression::SNAPPY))
    };
    let found = with(Arc::new(Float64Array::from(vec![1e17, 2.0]))).unwrap();
    assert_eq!((found.rejected, found.numbers), (vec![(1, "cell")], vec![2]));
    let dictionary = arrow::compute::cast(&StringArray::from(vec!["ą", "ą"]), &"Dictionary(Int32, Utf8)".parse().unwrap()).unwrap();
    assert_eq!(with(dictionary).unwrap().rows[1][0], "ą");
    for odd in [
        Arc::new(Float32Array::from(vec![1.0, 2.0])) as ArrayRef,
        Arc::new(BinaryArray::from(vec![&b"a"[..], b"b"])),
        Arc::new(TimestampMicrosecondArray::from(vec![1, 2]).with_timezone("+02:00")),
    ] {
        assert_eq!(rule(with(odd)), "column_type");
    }
}

#[test]
fn a_number_of_json_is_read_by_its_value_where_numbers_stand_and_as_it_is_written_among_texts() {
    let line = |value: &str| {
        format!(
            r#"{{"vip_nr": {value}, "data": null, "tirazas": {value}, "metrikos_tirazas": "{value}", "su_reklama": null, "reklamos_pozymio_data": null}}"#
        )
    };
    let written = ["50.0", "1e3", "50.0000000000", "50.5", "-0.0", "1e400"];
    let lines: Vec<String> = written.iter().map(|value| line(value)).collect();
    let found = read("jsonl", (lines.join("\n") + "\n").as_bytes()).unwrap();
    let counted: Vec<&str> = found.rows.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(counted, ["50", "1000", "50", "50.5", "0"]);
    assert!(found.rows.iter().zip(written).all(|(row, written)| row[0] == written && row[3] == written), "text stays text");
    assert_eq!(found.rejected, [(6, "cell")]);
}

#[test]
fn codes_kept_as_numbers_have_the_zeros_that_the_sheet_shows() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in HEADINGS.iter().enumerate() {
        sheet.write(0, column as u16, *heading).unwrap();
    }
    let formats = [
        ("00000000", 9_361_466.0),
        ("0", 17.0),
        ("#,##0", 1234.0),
        ("00000000;@", 5.0),
        ("\"LT\"000", 7.0),
        ("000-000", 7.0),
        ("000", -7.0),
        ("000", 0.5),
    ];
    for (at, (format, value)) in formats.into_iter().enumerate() {
        let format = Format::new().set_num_format(format);
        // A code, and beside it a number, which is what it is.
        sheet.write_with_format(at as u32 + 1, 0, value, &format).unwrap();
        sheet.write_with_format(at as u32 + 1, 2, value, &format).unwrap();
    }
    sheet.write_with_format(9, 2, 7, &Format::new().set_num_format("000-000")).unwrap();
    sheet.write_with_format(10, 0, Formula::new("3+4").set_result("7"), &Format::new().set_num_format("0000")).unwrap();
    sheet.write_with_format(11, 0, "7", &Format::new().set_num_format("0000")).unwrap();
    let found = read("xlsx", &workbook.save_to_buffer().unwrap()).unwrap();
    let cells: Vec<(&str, &str)> = found.rows.iter().map(|row| (row[0].as_str(), row[2].as_str())).collect();
    assert_eq!(cells, [("09361466", "9361466"), ("17", "17"), ("1234", "1234"), ("00000005", "5"), ("", "7"), ("0007", ""), ("7", "")]);
    assert_eq!(found.rejected, [(6, "cell"), (7, "cell"), (8, "cell"), (9, "cell")]);
}

#[test]
fn characters_that_a_sheet_writes_by_their_number_are_read_as_what_they_are() {
    let cells = ["a_x000D_b", "_x0001_", "_x005F_x000D_", "_x00zz_ _x_ _x00", "ą_x0041_ą"];
    let rows: String =
        cells.iter().enumerate().map(|(at, cell)| format!(r#"<row r="{0}"><c r="A{0}" t="str"><v>{cell}</v></c></row>"#, at + 2)).collect();
    let found = read("xlsx", &small_workbook(&rows)).unwrap();
    assert_eq!(found.rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["a b", "", "_x000D_", "_x00zz_ _x_ _x00", "ąAą"]);
}

#[test]
fn decimals_of_parquet_are_read_by_their_value_whatever_their_scale() {
    let decimals =
        |scale: i8, units: Vec<i128>| Arc::new(Decimal128Array::from(units).with_precision_and_scale(38, scale).unwrap()) as ArrayRef;
    let text = |cells: [&str; 2]| Arc::new(StringArray::from(cells.to_vec())) as ArrayRef;
    for scale in [0, 1, 4, 10, 20] {
        let unit = 10_i128.pow(scale as u32);
        let half = if scale == 0 { "50" } else { "50.5" };
        let columns = vec![
            ("vip_nr", decimals(scale, vec![9_361_466 * unit, 17 * unit])),
            ("data", text(["", ""])),
            ("tirazas", decimals(scale, vec![50 * unit, 50 * unit + unit / 2])),
            ("metrikos_tirazas", decimals(scale, vec![0, -unit])),
            ("su_reklama", text(["", ""])),
            ("reklamos_pozymio_data", text(["", ""])),
        ];
        let found = read("parquet", &write_parquet(columns, Compression::SNAPPY)).unwrap();
        assert_eq!(found.rows, [["9361466", "", "50", "0", "", ""], ["17", "", half, "-1", "", ""]], "{scale}");
    }
}

#[test]
fn points_in_time_of_old_writers_are_days_far_beyond_what_nanoseconds_reach() {
    use ::parquet::data_type::{ByteArrayType, Int96, Int96Type};
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::parser::parse_message_type;
    let fields: Vec<String> = HEADINGS
        .iter()
        .map(
            |heading| {
                if *heading == "data" { format!("REQUIRED INT96 {heading};") } else { format!("OPTIONAL BYTE_ARRAY {heading} (UTF8);") }
            },
        )
        .collect();
    let schema = Arc::new(parse_message_type(&format!("message rows {{ {} }}", fields.join(" "))).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    // Julian day 2440588 is 1970-01-01; the first two words are nanoseconds of the day.
    let day = |days: i64| {
        let mut moment = Int96::new();
        moment.set_data(0, 0, u32::try_from(2_440_588 + days).unwrap());
        moment
    };
    let days = [20_757, 2_932_896, -171_499];
    let mut group = writer.next_row_group().unwrap();
    while let Some(mut column) = group.next_column().unwrap() {
        if let ::parquet::column::writer::ColumnWriter::Int96ColumnWriter(_) = column.untyped() {
            column.typed::<Int96Type>().write_batch(&days.map(day), None, None).unwrap();
        } else {
            column.typed::<ByteArrayType>().write_batch(&[], Some(&[0, 0, 0]), None).unwrap();
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    let found = read("parquet", &bytes).unwrap();
    assert_eq!(found.rows.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["2026-10-31", "9999-12-31", "1500-06-15"]);
}

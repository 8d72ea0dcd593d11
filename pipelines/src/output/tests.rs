use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int64Array, StringArray};
use transforms::DuckDb;

use super::*;

/// One value of each type that the engine has, and what a reader of text is shown.
const TYPES: &[(&str, &str)] = &[
    ("true", "true"),
    ("CAST(-128 AS TINYINT)", "-128"),
    ("CAST(-32768 AS SMALLINT)", "-32768"),
    ("CAST(-2147483648 AS INTEGER)", "-2147483648"),
    ("CAST(-9223372036854775808 AS BIGINT)", "-9223372036854775808"),
    ("CAST(-170141183460469231731687303715884105727 AS HUGEINT)", "-170141183460469231731687303715884105727"),
    ("CAST(123456789012345678901234567890 AS HUGEINT)", "123456789012345678901234567890"),
    ("CAST(255 AS UTINYINT)", "255"),
    ("CAST(65535 AS USMALLINT)", "65535"),
    ("CAST(4294967295 AS UINTEGER)", "4294967295"),
    ("CAST(18446744073709551615 AS UBIGINT)", "18446744073709551615"),
    ("CAST(1.5 AS FLOAT)", "1.5"),
    ("CAST(0.1 AS DOUBLE)", "0.1"),
    ("CAST('infinity' AS DOUBLE)", "inf"),
    ("CAST('nan' AS DOUBLE)", "NaN"),
    ("CAST(1.2 AS DECIMAL(4,1))", "1.2"),
    ("CAST(1.2 AS DECIMAL(9,2))", "1.20"),
    ("CAST(-0.07 AS DECIMAL(18,2))", "-0.07"),
    ("CAST(12345678901234567.89 AS DECIMAL(38,2))", "12345678901234567.89"),
    ("'Ąžuolas'", "Ąžuolas"),
    ("CAST('ab' AS BLOB)", "6162"),
    ("CAST('2026-03-29' AS DATE)", "2026-03-29"),
    ("CAST('03:04:05.6' AS TIME)", "03:04:05.600"),
    ("CAST('2026-03-29 03:04:05' AS TIMESTAMP)", "2026-03-29T03:04:05"),
    ("CAST('2026-03-29 03:04:05' AS TIMESTAMP_S)", "2026-03-29T03:04:05"),
    ("CAST('2026-03-29 03:04:05.123' AS TIMESTAMP_MS)", "2026-03-29T03:04:05.123"),
    ("CAST('2026-03-29 03:04:05.123456789' AS TIMESTAMP_NS)", "2026-03-29T03:04:05.123456789"),
    ("CAST('2026-03-29 03:04:05+03' AS TIMESTAMPTZ)", "2026-03-29T00:04:05Z"),
    ("CAST('6ba7b810-9dad-11d1-80b4-00c04fd430c8' AS UUID)", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
    ("CAST('b' AS ENUM ('a', 'b'))", "b"),
    ("[1, NULL, 3]", "[1, , 3]"),
    ("[CAST('2026-03-29 03:04:05+03' AS TIMESTAMPTZ)]", "[2026-03-29T00:04:05Z]"),
    ("array_value(1, 2)", "[1, 2]"),
    ("{'a': 1, 'b': 'x'}", "{a: 1, b: x}"),
    ("MAP {'a': 1}", "{a: 1}"),
    ("INTERVAL 1 MONTH", "1 mons"),
    ("CAST('0101' AS BIT)::VARCHAR", "0101"),
    ("NULL", ""),
];

fn answer(sql: &str) -> RecordBatch {
    DuckDb::open().unwrap().query_with("t", sql, &[], &BTreeMap::new()).unwrap()
}

fn printed(write: impl Fn(&mut dyn Write) -> Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_type_is_told_in_every_format() {
    for (value, told) in TYPES {
        let rows = answer(&format!("SELECT {value} AS v, 1 AS w"));
        assert_eq!(cells(&rows).unwrap()[0][0].clone().unwrap_or_default(), *told, "{value}");
        let record = printed(|out| csv(&rows, out));
        let mut records = csv::Reader::from_reader(record.as_bytes());
        let record = records.records().next().unwrap().unwrap();
        assert!(publish::strip_guard(&record[0]) == *told, "{value}: {record:?}");
        let text = printed(|out| json(&rows, out));
        let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(parsed[0]["w"], 1, "{value}");
        if !parsed[0]["v"].is_null() {
            assert!(text.contains(told), "{value}: {text}");
        }
        assert!(lined(&rows).unwrap().contains(told), "{value}");
        assert!(markdown(&rows).unwrap().lines().last().unwrap().contains(told), "{value}");
        let written = in_lithuanian(rows.column(0).data_type(), (*told).to_owned());
        assert!(printed(|out| html("t", &[], &rows, out)).contains(&escape(&written)), "{value}");
        let mut book = Vec::new();
        xlsx("t", &[], &rows, &mut book).unwrap();
        assert!(book.starts_with(b"PK"), "{value}");
    }
}

#[test]
fn a_type_that_would_be_told_wrong_is_refused_with_its_column() {
    for value in [
        "CAST(340282366920938463463374607431768211455 AS UHUGEINT)",
        "CAST(123 AS BIGNUM)",
        "CAST('0101' AS BIT)",
        "CAST('03:04:05+03' AS TIMETZ)",
    ] {
        let asked = |sql: String| DuckDb::open().unwrap().query_with("t", &sql, &[], &BTreeMap::new());
        let error = asked(format!("SELECT 1 AS a, {value} AS b")).unwrap_err().to_string();
        assert!(error.contains("column b is of type"), "{value}: {error}");
        assert!(asked(format!("SELECT CAST({value} AS VARCHAR) AS b")).is_ok());
    }
}

#[test]
fn json_keeps_all_digits_of_numbers_and_what_is_no_number_is_text() {
    let rows = answer("SELECT CAST(12345678901234567.89 AS DECIMAL(38,2)) AS d, CAST('-infinity' AS DOUBLE) AS i, CAST(0.5 AS FLOAT) AS f");
    let text = printed(|out| json(&rows, out));
    assert!(text.contains("\"d\": 12345678901234567.89") && text.contains("\"i\": \"-inf\"") && text.contains("\"f\": 0.5"), "{text}");
    assert_eq!(printed(|out| json(&answer("SELECT 1 AS a WHERE false"), out)).trim(), "[]");
}

#[test]
fn columns_of_one_name_are_all_told() {
    let rows = answer("SELECT 1 AS n, 2 AS n_1, 3 AS n, 4 AS n");
    let text = printed(|out| json(&rows, out));
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let told = parsed[0].as_object().unwrap();
    assert_eq!((told.len(), &told["n"], &told["n_1"]), (4, &1.into(), &2.into()), "{text}");
    assert!(told.values().any(|value| *value == 3) && told.values().any(|value| *value == 4));
}

#[test]
fn a_row_is_one_line_of_markdown_whatever_stands_in_it() {
    let text = "a|b\nc\r\nd\\|<br>";
    let column: ArrayRef = Arc::new(StringArray::from(vec![text]));
    let number: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let said = markdown(&RecordBatch::try_from_iter([("v|w", column), ("n", number)]).unwrap()).unwrap();
    assert_eq!(said, "| v\\|w | n |\n| --- | ---: |\n| a\\|b<br>c<br>d\\\\\\|&lt;br> | 1 |");
}

#[test]
fn a_workbook_that_has_no_room_for_a_text_is_not_made_and_the_column_is_named() {
    let book = |letters: usize| {
        let column: ArrayRef = Arc::new(StringArray::from(vec!["ž".repeat(letters)]));
        xlsx("t", &["x"], &RecordBatch::try_from_iter([("pavadinimas", column)]).unwrap(), &mut Vec::new())
    };
    book(LONGEST_CELL).unwrap();
    let error = book(LONGEST_CELL + 1).unwrap_err();
    assert!(error.downcast_ref::<Refusal>().is_some() && error.to_string().contains("stulpelio „pavadinimas“"), "{error}");
}

#[test]
fn numbers_are_written_as_lithuanians_write_them_and_years_stay_together() {
    let share = |text: &str| in_lithuanian(&DataType::Decimal128(13, 12), text.to_owned());
    assert_eq!([share("0.250000000000"), share("1.000000000000"), share("0.000000000000")], ["0,25", "1", "0"]);
    for (printed, written) in [
        ("88114.30", "88\u{a0}114,30"),
        ("1234.50", "1\u{a0}234,50"),
        ("-1234567", "−1\u{a0}234\u{a0}567"),
        ("2025", "2025"),
        ("0.250000000000", "0,250000000000"),
        ("999", "999"),
        ("inf", "inf"),
        ("1e300", "1e300"),
    ] {
        assert_eq!(lithuanian(printed), written);
    }
}

#[test]
fn a_workbook_has_its_title_and_criteria_above_typed_cells_that_can_be_filtered() {
    let day: ArrayRef = Arc::new(arrow::array::Date32Array::from(vec![20_000]));
    let money: ArrayRef = Arc::new(Decimal128Array::from(vec![8_811_430]).with_precision_and_scale(18, 2).unwrap());
    let year: ArrayRef = Arc::new(Int64Array::from(vec![2025]));
    let name: ArrayRef = Arc::new(StringArray::from(vec!["VšĮ „Pavyzdinė leidykla“"]));
    let mut book = Vec::new();
    let rows = RecordBatch::try_from_iter([("Data", day), ("VIRS", name), ("Suma", money), ("Metai", year)]).unwrap();
    xlsx("Lėšos", &["Metai: 2025"], &rows, &mut book).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    let (sheet, styles) = (part("xl/worksheets/sheet1.xml"), part("xl/styles.xml"));
    assert!(sheet.contains("<autoFilter ref=\"A4:D5\"/>") && sheet.contains("topLeftCell=\"A5\""), "{sheet}");
    assert!(
        sheet.contains("<c r=\"A5\" s=\"4\"><v>45569</v>") && sheet.contains("s=\"3\"><v>88114.30</v>") && sheet.contains("<v>2025</v>"),
        "{sheet}"
    );
    assert!(sheet.contains("<col min=\"2\" max=\"2\" width=\"2"), "as wide as a long name: {sheet}");
    assert!(styles.contains("yyyy\\-mm\\-dd"), "{styles}");
    assert!(sheet.contains("<t>Lėšos</t>") && sheet.contains("<t>Metai: 2025</t>"), "{sheet}");
}

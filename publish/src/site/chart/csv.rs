//! What a view draws, as CSV after RFC 4180: a row for each bar and part, or for each point of a line. Codes beside titles, columns named as in
//! the table, titles in Lithuanian; `neskelbiama` says where some of a value, or all of it, is suppressed.

use std::path::Path;

use catalog::{Chart, Kind, print_money};

use super::bars::Bars;
use super::lines::{Lines, Point};
use crate::error::Error;
use crate::formats::guard;
use crate::incremental::tier_table::TierRows;
use crate::language::{Language, in_language};

/// Decimal places of numbers and of shares.
const PLACES: [(Kind, usize); 2] = [(Kind::Number, 4), (Kind::Share, 12)];

/// A row: label and its title, part or period, value, whether anything of it is suppressed.
type Row = [String; 5];

/// Rows of all bars.
pub(super) fn of_bars(table: &TierRows, chart: &Chart, bars: &Bars) -> Result<Vec<u8>, Error> {
    let mut rows = Vec::new();
    for bar in &bars.bars {
        for (number, part) in bar.parts.iter().enumerate() {
            let value = if bar.is_known { print(*part, kind(table, chart)) } else { String::new() };
            let title = bars.series.get(number).cloned().unwrap_or_default();
            rows.push([bar.code.clone(), bar.label.clone(), title, value, suppressed(bar.lacks)]);
        }
    }
    write(chart, chart.series.as_deref().unwrap_or("dalis"), rows)
}

/// Rows of all points.
pub(super) fn of_lines(table: &TierRows, chart: &Chart, lines: &Lines) -> Result<Vec<u8>, Error> {
    let mut rows = Vec::new();
    for line in &lines.lines {
        for (span, point) in lines.spans.iter().zip(&line.points).filter(|(_, point)| **point != Point::Nothing) {
            let value = if *point == Point::Suppressed { String::new() } else { print(point.value(), kind(table, chart)) };
            rows.push([line.code.clone(), line.title.clone(), span.code(), value, suppressed(!matches!(point, Point::Known(_)))]);
        }
    }
    write(chart, "laikotarpis", rows)
}

fn kind(table: &TierRows, chart: &Chart) -> Kind {
    table.table().column(&chart.value).map_or(Kind::Integer, |used| used.column.kind)
}

fn suppressed(is: bool) -> String {
    if is { "true" } else { "false" }.to_owned()
}

fn print(units: i128, kind: Kind) -> String {
    let Some((_, places)) = PLACES.iter().find(|(of, _)| *of == kind) else {
        return if kind == Kind::Money { print_money(units) } else { units.to_string() };
    };
    let one = 10_i128.pow(u32::try_from(*places).unwrap_or_default());
    let sign = if units < 0 { "-" } else { "" };
    format!("{sign}{}.{:0places$}", units.abs() / one, units.abs() % one)
}

fn write(chart: &Chart, third: &str, rows: Vec<Row>) -> Result<Vec<u8>, Error> {
    let mut printed = Vec::new();
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(&mut printed);
    let failed = |error: ::csv::Error| Error::io("print", Path::new("a chart's CSV"))(error.into());
    writer.write_record([&chart.label, "pavadinimas", third, &chart.value, "neskelbiama"]).map_err(failed)?;
    for [code, title, third, value, suppressed] in rows {
        let [title, third] = [&title, &third].map(|text| in_language(text, Language::Lithuanian));
        // A number is never guarded: a negative one is no formula.
        let texts = [guard(&code), guard(&title), guard(&third), value.into(), suppressed.into()];
        writer.write_record(texts.iter().map(|text| text.as_bytes())).map_err(failed)?;
    }
    drop(writer);
    Ok(printed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::both;

    #[test]
    fn numbers_have_the_places_of_their_kind() {
        assert_eq!([print(-150, Kind::Money), print(-15_000, Kind::Number), print(7, Kind::Integer)], ["-1.50", "-1.5000", "7"]);
        assert_eq!(print(333_333_333_333, Kind::Share), "0.333333333333");
    }

    #[test]
    fn titles_are_lithuanian_and_no_formulas() {
        let (label, value) = ("forma".to_owned(), "suma".to_owned());
        let chart = Chart { label, value, series: None, question: None, latest: Vec::new() };
        let row = ["1".to_owned(), both("Kita", "Other"), both("=Dalis", "=Part"), "-1.50".to_owned(), "false".to_owned()];
        let printed = String::from_utf8(write(&chart, "dalis", vec![row]).unwrap()).unwrap();
        assert_eq!(printed, "forma,pavadinimas,dalis,suma,neskelbiama\r\n1,Kita,'=Dalis,-1.50,false\r\n");
    }
}

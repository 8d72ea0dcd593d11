//! Workbooks that the program makes, as another program reads them: those beside pages of VIRS, and reports.

use std::path::Path;
use std::process::Command;

use catalog::{Catalog, Kind};
use serde::Deserialize;
use serde_json::Value;

use crate::country::{Country, home};

/// What a spreadsheet may take for something else: a formula, an escaped letter, markup.
const NAME: &str = "=1+1 _x0041_ <b>&amp; 'Rasa'";

/// What a portal over a generated country says on every page.
const NOTICE: &str = "Duomenys sugalvoti: tai bandomoji šalis, ne tikri asmenys ir įmonės.";

/// A sheet of a workbook.
#[derive(Deserialize)]
pub(crate) struct ReadSheet {
    name: String,
    pub(crate) rows: Vec<Vec<Value>>,
    filtered: Option<String>,
}

/// What another program reads in a workbook.
pub(crate) fn sheets(path: &Path) -> Vec<ReadSheet> {
    let python = Command::new(home().join("tests/peers/xlsx/python.sh")).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let python = String::from_utf8(python.stdout).unwrap();
    let output = Command::new(python.trim()).arg(home().join("tests/peers/xlsx/sheets.py")).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_workbook_holds_what_the_page_of_its_virs_has() {
    let country = Country::with_virs("40", 61, &home());
    let settings = std::fs::read_to_string(country.path("virsis.toml")).unwrap();
    std::fs::write(country.path("virsis.toml"), settings.replace("workbooks = false", "workbooks = true")).unwrap();
    country.rewrite("JAR_IREGISTRUOTI.csv", |number, line| {
        let Some((code, rest)) = line.split_once('|').filter(|_| number > 0) else { return Some(line.to_owned()) };
        Some(format!("{code}|{NAME}|{}", rest.split_once('|').unwrap().1))
    });
    country.ok(&["run"]);
    let catalog = Catalog::load(&home()).unwrap();
    let (mut named, mut numbers, mut days, mut texts) = (0, 0, 0, 0);
    for virs in country.table("public", "virs") {
        let beside = |ending: &str| country.path(&format!("portal/latest/public/virs/{}.{ending}", virs["ja_kodas"].as_str().unwrap()));
        let twin: Value = serde_json::from_slice(&std::fs::read(beside("json")).unwrap()).unwrap();
        let sheets = sheets(&beside("xlsx"));
        assert_eq!((sheets[0].name.as_str(), &sheets[0].rows[0][0]), ("Apie failą", &virs["pavadinimas"]));
        assert_eq!(sheets[0].rows[1][0], NOTICE, "as on every page");
        named += usize::from(virs["pavadinimas"] == NAME);
        let tables = twin["lenteles"].as_object().unwrap();
        assert_eq!(sheets.len(), tables.len() + 1);
        for (subject, part) in tables {
            let table = catalog.tables(catalog::Layer::Out).find(|table| table.subject() == subject).unwrap();
            let name: String = table.title.lt.chars().take(31).collect();
            let ReadSheet { rows, filtered, .. } = sheets.iter().find(|sheet| sheet.name == name).unwrap_or_else(|| panic!("{name}"));
            let expected = part["eilutes"].as_array().unwrap();
            assert!(filtered.as_deref().is_some_and(|cells| cells.ends_with(&(expected.len() + 1).to_string())), "{name}: {filtered:?}");
            for (place, heading) in rows[0].iter().enumerate() {
                let heading = heading.as_str().unwrap();
                let column = table.columns.iter().map(|column| &column.column).find(|column| {
                    heading == column.title.lt || heading.strip_prefix(&column.title.lt).is_some_and(|unit| unit.starts_with(", "))
                });
                let column = column.unwrap_or_else(|| panic!("{name}: {heading}"));
                for (row, expected) in rows[1..].iter().zip(expected) {
                    let (cell, expected) = (&row[place], &expected[&column.name]);
                    match column.kind {
                        _ if expected.is_null() => assert!(cell.is_null(), "{name}: {heading}"),
                        Kind::Money | Kind::Share | Kind::Number => {
                            numbers += 1;
                            assert_eq!(cell.as_f64(), expected.as_f64(), "{name}: {heading}");
                        }
                        Kind::Date => {
                            days += 1;
                            assert_eq!(cell, expected, "{name}: {heading}");
                        }
                        _ if column.name == "pavadinimas" => {
                            texts += 1;
                            assert_eq!(cell, expected, "{name}: {heading}");
                        }
                        _ => assert!(!cell.is_null(), "{name}: {heading}"),
                    }
                }
            }
        }
    }
    assert!(named > 20, "{named}");
    assert!(numbers > 200 && days > 50 && texts > 100, "{numbers} {days} {texts}");
}

#[test]
fn a_report_says_above_its_rows_what_it_is() {
    let country = Country::published("40", 62);
    let report = |format: &str| {
        let file = country.path(&format!("state/ataskaita.{format}"));
        country.ok(&["report", "run", "didziausi_lesu_gavejai", "--format", format, "--out", &file.display().to_string()]);
        file
    };
    let ReadSheet { rows, filtered, .. } = sheets(&report("xlsx")).remove(0);
    let mut csv = csv::Reader::from_path(report("csv")).unwrap();
    let headings: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
    let records: Vec<_> = csv.records().map(Result::unwrap).collect();
    let head = rows.iter().position(|row| row.first().and_then(Value::as_str) == Some(&headings[0])).unwrap();
    assert!(rows.iter().flatten().all(|cell| !cell.as_str().is_some_and(|text| text.contains("Mokomoji"))), "nobody practises here");
    assert!(head > 2 && rows[0][0].as_str().is_some_and(|title| !title.is_empty()));
    assert!(filtered.unwrap().starts_with(&format!("A{}:", head + 1)));
    assert!(!records.is_empty() && rows.len() == head + 1 + records.len());
    for (row, record) in rows[head + 1..].iter().zip(&records) {
        for (cell, expected) in row.iter().zip(record) {
            match cell {
                Value::Number(number) => assert_eq!(number.as_f64(), expected.parse().ok()),
                other => assert_eq!(other.as_str().unwrap_or_default(), expected),
            }
        }
    }
}

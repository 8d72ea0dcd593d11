//! All columns of all tables × all spellings: set aside when received, refused when published.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use catalog::{Check, Column, Error, Evidence, Guard, Kind, Layer, Personal, Released, Table, Tier};

use super::CATALOG;
use super::spelled::{code, spellings};

/// Columns in which a text that is no code, date or sum is wrong for another reason, or lawful.
fn takes_no_text(column: &Column) -> bool {
    column.kind != Kind::Text || matches!(column.personal, Personal::Code | Personal::BirthDate)
}

#[test]
fn a_code_in_any_text_of_any_received_table_is_found() {
    let code = code(3, 1985, 1, 1, 900);
    let spellings = spellings(&code);
    let mut columns = 0;
    for table in CATALOG.tables(Layer::Raw) {
        let guard = Guard::over(table.columns.iter().map(|column| &*column.column));
        for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| !takes_no_text(&column.column)) {
            columns += 1;
            for text in &spellings {
                let found = guard.in_row(|place| (place == at).then_some(text.as_str()));
                assert!(found.iter().any(|(place, _)| *place == at), "{}.{}: {text:?}", table.name, column.column.name);
            }
        }
    }
    assert!(columns > 60, "{columns}");
}

#[test]
fn a_code_in_any_number_of_any_received_table_is_found() {
    for table in CATALOG.tables(Layer::Raw) {
        let guard = Guard::over(table.columns.iter().map(|column| &*column.column));
        let numbers =
            table.columns.iter().enumerate().filter(|(_, column)| matches!(column.column.kind, Kind::Integer | Kind::Money | Kind::Number));
        for (at, column) in numbers {
            // The last one is mistyped.
            for text in ["38501019007", "38501019007.00", "38501019007,50", "385010190.07", "-38501019007", "38501019008"] {
                let code = code(3, 1985, 1, 1, 900);
                let text = text.replace("38501019007", &code).replace("385010190.07", &format!("{}.{}", &code[..9], &code[9..]));
                let found = guard.in_row(|place| (place == at).then_some(text.as_str()));
                assert!(!found.is_empty(), "{}.{}: {text}", table.name, column.column.name);
            }
            for text in ["1500", "9999999999", "1234567.89", "250000000.00", "70000000000"] {
                assert!(guard.in_row(|place| (place == at).then_some(text)).is_empty(), "{}.{}: {text}", table.name, column.column.name);
            }
        }
    }
}

#[test]
fn a_persons_birth_date_in_any_text_of_the_persons_row_is_found() {
    let mut tables = 0;
    for table in CATALOG.tables(Layer::Raw) {
        let Some(born) = table.columns.iter().position(|column| column.column.personal == Personal::BirthDate) else { continue };
        tables += 1;
        let guard = Guard::over(table.columns.iter().map(|column| &*column.column));
        for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| column.column.is_free_text()) {
            for text in ["Jonas 1950-03-04", "1950 m. kovo 4 d.", "4.3.1950", "19500304", "040350"] {
                let cell = |place: usize| if place == at { Some(text) } else { (place == born).then_some("1950-03-04") };
                assert_eq!(guard.in_row(cell).len(), 1, "{}.{}: {text}", table.name, column.column.name);
            }
        }
    }
    assert!(tables >= 5, "{tables}");
}

#[test]
fn a_code_divided_between_names_or_neighbouring_texts_is_found() {
    let code = code(3, 1985, 1, 1, 900);
    for table in CATALOG.tables(Layer::Raw) {
        let guard = Guard::over(table.columns.iter().map(|column| &*column.column));
        let texts: Vec<usize> = (0..table.columns.len())
            .filter(|&place| table.columns[place].column.is_free_text() && table.columns[place].column.check.is_none())
            .collect();
        for pair in texts.windows(2).filter(|pair| pair[1] == pair[0] + 1) {
            for cut in 1..11 {
                let cell = |place: usize| (place == pair[0]).then_some(&code[..cut]).or((place == pair[1]).then_some(&code[cut..]));
                assert!(!guard.in_row(cell).is_empty(), "{} {cut}", table.name);
            }
        }
    }
}

/// Of so many spellings, one is tried in each published column.
const SOME: usize = 7;

/// A row of a published table with `text` in one column.
fn rows(table: &Table, tier: Tier, at: &str, text: &str) -> RecordBatch {
    let cell = |column: &Column| -> ArrayRef {
        match column.kind {
            Kind::Text if column.name == at => Arc::new(StringArray::from(vec![text])),
            Kind::Text if column.check == Some(Check::JaKodas) => Arc::new(StringArray::from(vec!["124110246"])),
            Kind::Text => Arc::new(StringArray::from(vec!["Ąžuolas"])),
            Kind::Integer if column.name == at => Arc::new(Int64Array::from(vec![text.parse::<i64>().unwrap()])),
            Kind::Integer => Arc::new(Int64Array::from(vec![2025])),
            Kind::Date => Arc::new(Date32Array::from(vec![20_000])),
            Kind::Boolean => Arc::new(BooleanArray::from(vec![false])),
            Kind::Money | Kind::Share | Kind::Number => {
                let value = if column.name == at { text.parse::<i128>().unwrap() * 100 } else { 5 };
                Arc::new(Decimal128Array::from(vec![value]).with_data_type(column.kind.arrow()))
            }
        }
    };
    RecordBatch::try_new(table.schema_for(tier), table.visible(tier).map(|shown| cell(&shown.column)).collect()).unwrap()
}

fn refused_for_code(table: &Arc<Table>, tier: Tier, rows: RecordBatch) -> bool {
    match Released::admit(table.clone(), tier, rows, &Evidence::default()) {
        Err(Error::Refused { reason, .. }) => reason.contains("personal code"),
        _ => false,
    }
}

#[test]
fn the_gate_refuses_a_code_in_any_column_in_any_spelling_and_says_no_value() {
    let code = code(3, 1985, 1, 1, 900);
    let spellings = spellings(&code);
    let mut columns = 0;
    for (table, tier) in CATALOG
        .tables(Layer::Out)
        .flat_map(|table| table.tiers.iter().map(move |&tier| (table, tier)))
        .filter(|(_, tier)| *tier != Tier::Internal)
    {
        assert!(!refused_for_code(table, tier, rows(table, tier, "", "")), "{}", table.name);
        for shown in table.visible(tier) {
            let name = &shown.column.name;
            match shown.column.kind {
                Kind::Text => {
                    columns += 1;
                    // Some of them in each column, all of them in some.
                    for text in spellings.iter().skip(columns % SOME).step_by(SOME) {
                        assert!(refused_for_code(table, tier, rows(table, tier, name, text)), "{}.{name}: {text:?}", table.name);
                    }
                }
                Kind::Integer | Kind::Money => {
                    assert!(refused_for_code(table, tier, rows(table, tier, name, &code)), "{}.{name}", table.name)
                }
                _ => {}
            }
        }
    }
    assert!(columns > 200, "{columns}");
}

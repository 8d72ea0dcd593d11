//! Small tables for the tests of this crate.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use catalog::{Bounds, Check, Column, Evidence, Kind, Layer, Personal, Released, Table, TableColumn, Text, Tier};

pub(crate) fn column(name: &str, kind: Kind, personal: Personal) -> TableColumn {
    let check = (name == "rusis").then(|| Check::Classifier("rusys".to_owned()));
    let title = Text { lt: format!("{name} ąž"), en: name.to_owned() };
    let unit = (kind == Kind::Money).then(|| "EUR".to_owned());
    TableColumn {
        column: Arc::new(Column { name: name.to_owned(), kind, title, description: None, check, unit, personal, past: false }),
        required: name == "ja_kodas",
    }
}

pub(crate) fn table(name: &str, key: &[&str], columns: Vec<TableColumn>) -> Arc<Table> {
    Arc::new(Table {
        name: name.to_owned(),
        layer: Layer::Out,
        title: Text { lt: format!("Lentelė {name}"), en: name.to_owned() },
        description: Text { lt: "Aprašymas.".to_owned(), en: "Description.".to_owned() },
        key: key.iter().map(|&name| name.to_owned()).collect(),
        columns,
        rows: Bounds::default(),
        tiers: Tier::ALL.to_vec(),
        order: Vec::new(),
        require_one: Vec::new(),
        statistic: None,
        protect: Vec::new(),
        round: Vec::new(),
        k_anonymity: None,
        payments: None,
        search: None,
        without_persons: false,
        event: None,
        handed_in: None,
        submitted: false,
        role: None,
        feeds: None,
        sources: Vec::new(),
        mentions: None,
        history: None,
    })
}

pub(crate) fn released(table: &Arc<Table>, tier: Tier, columns: Vec<ArrayRef>) -> Released {
    let rows = RecordBatch::try_new(table.schema_for(tier), columns).unwrap();
    Released::admit(table.clone(), tier, rows, &Evidence::default()).unwrap()
}

fn all_kinds_table() -> Arc<Table> {
    let kinds = ["tekstas", "kiekis", "suma", "dalis", "skaicius", "data", "pozymis"];
    let mut columns = vec![column("ja_kodas", Kind::Text, Personal::None)];
    columns.extend(kinds.iter().zip(Kind::ALL).map(|(name, kind)| column(name, kind, Personal::None)));
    table("out_visos_rusys", &["ja_kodas"], columns)
}

/// Every kind, with a null in each, quotes, line breaks, Lithuanian letters and formulas.
pub(crate) fn all_kinds() -> Released {
    let texts = [Some("Ąžuolas, \"Žinios\"\nir \\ kt."), Some("=1+1"), Some("'=abu"), Some("\tx"), None, Some("<b>&amp;</b>")];
    let decimals =
        |values: [Option<i128>; 6], kind: Kind| Arc::new(Decimal128Array::from(values.to_vec()).with_data_type(kind.arrow())) as ArrayRef;
    released(
        &all_kinds_table(),
        Tier::Public,
        vec![
            Arc::new(StringArray::from(vec!["110", "111", "112", "113", "114", "115"])),
            Arc::new(StringArray::from(texts.to_vec())),
            Arc::new(Int64Array::from(vec![Some(i64::MAX), Some(-1), None, Some(0), Some(7), Some(1_234_567)])),
            decimals([Some(123_450), Some(-7), None, Some(0), Some(99_999_999_999_999_999), Some(1)], Kind::Money),
            decimals([Some(333_333_333_333), Some(1_000_000_000_000), None, Some(0), Some(1), Some(5)], Kind::Share),
            decimals([Some(-10_001), None, Some(1), Some(0), Some(25_000), Some(3)], Kind::Number),
            Arc::new(Date32Array::from(vec![Some(20_000), None, Some(0), Some(-1), Some(10_957), Some(1)])),
            Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, Some(true), Some(true), Some(false)])),
        ],
    )
}

/// The same columns without rows.
pub(crate) fn empty() -> Released {
    let table = all_kinds_table();
    let rows = RecordBatch::new_empty(table.schema_for(Tier::Public));
    Released::admit(table, Tier::Public, rows, &Evidence::default()).unwrap()
}

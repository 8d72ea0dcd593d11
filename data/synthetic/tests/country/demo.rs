//! The small country that all tests look at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use catalog::unscaled;
use synthetic::{Size, Truth, generate};

use crate::reader::{self, Row, read};

/// What it is asked to have.
pub(crate) const SIZE: Size = Size { virs: 40, entities: 400, participations: None, money_rows: None };

/// The country and what was read back.
pub(crate) struct Demo {
    /// What the generator says of it.
    pub(crate) truth: Truth,
    /// Good rows by table.
    pub(crate) rows: BTreeMap<String, Vec<Row>>,
    /// Bad rows by table and rule.
    pub(crate) bad: BTreeMap<String, BTreeMap<String, usize>>,
    /// Where it lies.
    pub(crate) folder: tempfile::TempDir,
}

/// Written and read once for all tests.
pub(crate) static DEMO: LazyLock<Demo> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let truth = generate(&SIZE, 7, folder.path()).unwrap();
    let catalog = reader::catalog();
    let (mut rows, mut bad) = (BTreeMap::new(), BTreeMap::new());
    for (table, told) in &truth.tables {
        let found = read(&catalog, table, &folder.path().join(&told.file));
        rows.insert(table.clone(), found.good);
        bad.insert(table.clone(), found.bad);
    }
    Demo { truth, rows, bad, folder }
});

/// Good rows of a table, named without `raw_`.
pub(crate) fn rows(table: &str) -> &'static [Row] {
    &DEMO.rows[&format!("raw_{table}")]
}

/// Everyone who is VIRS by the list or by a valid licence.
pub(crate) fn virs_codes() -> BTreeSet<&'static str> {
    let registered = rows("formos__virs").iter();
    let licensed = rows("lis__licencijos").iter().filter(|row| row["licencijos_busena"] == "galioja");
    registered.chain(licensed).map(|row| row["ja_kodas"].as_str()).collect()
}

/// A value of a column as hundredths; 0 where it is missing.
pub(crate) fn cents(row: &Row, column: &str) -> i128 {
    if row[column].is_empty() { 0 } else { unscaled(&row[column], 2).unwrap() }
}

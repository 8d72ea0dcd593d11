//! The small countries that all tests look at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use catalog::unscaled;
use synthetic::{ROUND, Size, Truth, generate_later};

use crate::reader::{self, Row, read};

/// What it is asked to have.
pub(crate) const SIZE: Size = Size { virs: 40, entities: 400, participations: None, money_rows: None };

/// A country and what was read back.
pub(crate) struct Demo {
    /// What the generator says of it.
    pub(crate) truth: Truth,
    /// Good rows by table.
    pub(crate) rows: BTreeMap<String, Vec<Row>>,
    /// Where it lies.
    pub(crate) folder: tempfile::TempDir,
}

/// The country itself and what has become of it one night after a round of nights; written and read once for all tests.
pub(crate) static DEMOS: LazyLock<[Demo; 2]> = LazyLock::new(|| [0, ROUND + 1].map(|nights| Demo::write(&SIZE, 7, nights)));

impl Demo {
    /// A country so many nights later, written and read back: its bad rows are exactly those that truth tells of.
    pub(crate) fn write(size: &Size, seed: u64, nights: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let truth = generate_later(size, seed, nights, folder.path()).unwrap();
        let catalog = reader::catalog();
        let mut rows = BTreeMap::new();
        for (table, told) in &truth.tables {
            let found = read(&catalog, table, &folder.path().join(&told.file));
            assert_eq!(found.bad, told.bad, "{table} of seed {seed} after {nights} nights");
            rows.insert(table.clone(), found.good);
        }
        Self { truth, rows, folder }
    }

    /// Good rows of a table, named without `raw_`.
    pub(crate) fn rows(&self, table: &str) -> &[Row] {
        &self.rows[&format!("raw_{table}")]
    }

    /// Direct holdings, former ones too.
    pub(crate) fn holders(&self) -> impl Iterator<Item = &Row> {
        self.rows("jadis__dalyviai").iter().chain(self.rows("formos__dalyviai"))
    }

    /// Everyone who is VIRS by the list or by a valid licence.
    pub(crate) fn virs_codes(&self) -> BTreeSet<&str> {
        let registered = self.rows("formos__virs").iter();
        let licensed = self.rows("lis__licencijos").iter().filter(|row| row["licencijos_busena"] == "galioja");
        registered.chain(licensed).map(|row| row["ja_kodas"].as_str()).collect()
    }
}

/// A value of a column as hundredths; 0 where it is missing.
pub(crate) fn cents(row: &Row, column: &str) -> i128 {
    if row[column].is_empty() { 0 } else { unscaled(&row[column], 2).unwrap() }
}

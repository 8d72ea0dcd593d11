//! Tables that statements only look something up in: persons, entities, outlets, by their key.
//!
//! Such a table grows every night, by rows that most statements never meet. A statement whose header says `-- looks_up: core_asmuo`
//! promises that rows of `core_asmuo` matter to it only where their key stands in another table it needs; it need not run again
//! for the sake of others. A test holds every statement to its promise.

use std::collections::{BTreeMap, HashSet};

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use catalog::{Table, for_each_row_hash, text_hash};
use foldhash::fast::RandomState;
use rayon::prelude::*;

use crate::Error;

/// Hashes of key and content of every row of some tables, by table.
pub type RowHashes = BTreeMap<String, Vec<(u64, u64)>>;

/// Hashes of keys.
type Keys = HashSet<u64, RandomState>;

/// The changed rows of tables that are looked up, and which other tables name them.
#[derive(Debug)]
pub(crate) struct Lookups {
    salt: [u8; 32],
    /// Hashes of the keys of rows that are new, gone or different, by table.
    changed: BTreeMap<String, Keys>,
    /// For each table that was searched: of which of these it names a changed row.
    named_in: BTreeMap<String, BTreeMap<String, bool>>,
}

impl Lookups {
    /// Compares the rows of tonight with those of the previous night.
    pub(crate) fn new(before: &RowHashes, now: &RowHashes, salt: &[u8; 32]) -> Self {
        let differing = now.iter().filter_map(|(name, now)| Some((name.clone(), changed(before.get(name)?, now))));
        Self { salt: *salt, changed: differing.filter(|(_, keys)| !keys.is_empty()).collect(), named_in: BTreeMap::new() }
    }

    /// Searches these tables, by their texts, for the keys of changed rows.
    pub(crate) fn search(&mut self, tables: &[(&String, Vec<StringArray>)]) {
        let named: Vec<_> = tables.par_iter().map(|(name, texts)| ((*name).clone(), self.names(name, texts))).collect();
        self.named_in.extend(named);
    }

    /// Whether a table was searched.
    pub(crate) fn is_searched(&self, table: &str) -> bool {
        self.named_in.contains_key(table)
    }

    /// Whether it is known which rows of this table changed.
    pub(crate) fn has(&self, looked_up: &str) -> bool {
        self.changed.contains_key(looked_up)
    }

    /// Whether a table names a changed row of `looked_up`; one that was not searched may.
    pub(crate) fn is_named(&self, table: &str, looked_up: &str) -> bool {
        self.named_in.get(table).and_then(|of| of.get(looked_up)).copied().unwrap_or(true)
    }

    /// Each text is hashed once, however many tables are looked up.
    fn names(&self, name: &str, texts: &[StringArray]) -> BTreeMap<String, bool> {
        let sets = || self.changed.iter().filter(|(of, _)| *of != name);
        let met: HashSet<&String> = texts
            .par_iter()
            .flat_map_iter(|column| {
                let (mut met, mut waiting): (Vec<&String>, Vec<_>) = (Vec::new(), sets().collect());
                for text in column.iter().flatten() {
                    if waiting.is_empty() {
                        break;
                    }
                    let hash = text_hash(text, &self.salt);
                    met.extend(waiting.extract_if(.., |(_, keys)| keys.contains(&hash)).map(|(of, _)| of));
                }
                met
            })
            .collect();
        sets().map(|(of, _)| (of.clone(), met.contains(of))).collect()
    }
}

/// Hashes of key and content of every row, by hash of key.
pub(crate) fn row_hashes(table: &Table, rows: &RecordBatch, salt: &[u8; 32]) -> Result<Vec<(u64, u64)>, Error> {
    let failed = Error::arrow(&table.name);
    let [key] = table.key.as_slice() else { return Err(Error::NoLookup { table: table.name.clone() }) };
    let keys = rows.column_by_name(key).and_then(|column| column.as_string_opt::<i32>());
    let keys = keys.ok_or_else(|| Error::NoLookup { table: table.name.clone() })?;
    let mut hashes = Vec::with_capacity(rows.num_rows());
    let of_key = |row: usize| if keys.is_valid(row) { text_hash(keys.value(row), salt) } else { 0 };
    for_each_row_hash(rows.columns(), salt, |row, hash| hashes.push((of_key(row), hash))).map_err(failed)?;
    hashes.sort_unstable();
    Ok(hashes)
}

/// Hashes of the keys of rows that are in only one of two sorted lists.
fn changed(before: &[(u64, u64)], now: &[(u64, u64)]) -> Keys {
    let only_in = |some: &[(u64, u64)], others: &[(u64, u64)]| -> Vec<u64> {
        some.iter().filter(|row| others.binary_search(row).is_err()).map(|(key, _)| *key).collect()
    };
    only_in(before, now).into_iter().chain(only_in(now, before)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};
    use arrow::compute::filter_record_batch;
    use catalog::{Catalog, Kind};
    use siphasher::sip::SipHasher13;
    use std::hash::{Hash, Hasher};

    use super::*;
    use crate::models::{Models, Statement};
    use crate::{DuckDb, Engine};

    const SALT: [u8; 32] = [7; 32];
    /// Keys, of which tables that look something up know the first half only.
    const KEYS: usize = 12;
    /// Words that statements compare with.
    const WORDS: &[&str] = &["F", "UF", "G", "J", "UJ", "fizinis", "juridinis", "nezinomas", "kampanijos", "dalyviu_rusys"];

    /// A number that depends on everything given.
    fn chance(what: impl Hash, below: usize) -> usize {
        let mut hasher = SipHasher13::new();
        what.hash(&mut hasher);
        usize::try_from(hasher.finish() % below as u64).unwrap()
    }

    /// A key of a table that is looked up.
    fn key(table: &str, number: usize) -> String {
        format!("{table}{number}")
    }

    /// Some rows for a table; one of those that are looked up has a row for each key.
    fn some_rows(table: &Table, seed: usize, looked_up: &[String]) -> RecordBatch {
        let is_looked_up = looked_up.contains(&table.name);
        let count = if is_looked_up { KEYS } else { 300 };
        let schema = table.schema();
        let columns = schema.fields().iter().zip(&table.columns).map(|(field, column)| -> ArrayRef {
            let name = field.name();
            let pick = |row: usize, below: usize| chance((seed, &table.name, name, row), below);
            let empty = |row: usize| !column.required && pick(row + 1000, if is_looked_up { 2 } else { 5 }) == 0;
            let known = KEYS / 2 * looked_up.len();
            let text = |row: usize| match is_looked_up && table.key.contains(name) {
                true => Some(key(&table.name, row)),
                false if empty(row) => None,
                false => Some(match pick(row, known + WORDS.len()) {
                    number if number < known => key(&looked_up[number % looked_up.len()], number / looked_up.len()),
                    number => WORDS[number - known].to_owned(),
                }),
            };
            let number = |row: usize| (!empty(row)).then(|| pick(row, 9) as i64);
            match column.column.kind {
                Kind::Text => Arc::new((0..count).map(text).collect::<StringArray>()),
                Kind::Integer => Arc::new((0..count).map(number).collect::<Int64Array>()),
                Kind::Date => Arc::new((0..count).map(|row| number(row).map(|days| 20_000 + days as i32)).collect::<Date32Array>()),
                Kind::Boolean => Arc::new((0..count).map(|row| number(row).map(|number| number > 4)).collect::<BooleanArray>()),
                kind => {
                    Arc::new((0..count).map(|row| number(row).map(i128::from)).collect::<Decimal128Array>().with_data_type(kind.arrow()))
                }
            }
        });
        RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
    }

    fn names_one(rows: &RecordBatch, keys: &Keys) -> bool {
        let (asked, looked_up) = (String::from("core_a"), String::from("core_b"));
        let changed = BTreeMap::from([(looked_up.clone(), keys.clone())]);
        let mut lookups = Lookups { salt: SALT, changed, named_in: BTreeMap::new() };
        let texts = rows.columns().iter().filter_map(|column| column.as_string_opt::<i32>().cloned());
        lookups.search(&[(&asked, texts.collect())]);
        assert!(
            lookups.is_searched(&asked) && lookups.has(&looked_up) && lookups.is_named("core_c", &looked_up),
            "whoever was not asked may"
        );
        lookups.is_named(&asked, &looked_up)
    }

    fn answer(statement: &Statement, tables: &[(String, RecordBatch)]) -> RecordBatch {
        let mut engine = DuckDb::open().unwrap();
        tables.iter().for_each(|(name, rows)| engine.register(name, rows).unwrap());
        engine.query(statement.header.file(), &statement.sql, &statement.needs).unwrap()
    }

    /// Whether a statement answers the same without the rows that nobody names; it must answer something.
    fn keeps_its_promise(catalog: &Catalog, statement: &Statement, looked_up: &[String], seed: usize) -> bool {
        let tables: Vec<(String, RecordBatch)> =
            statement.needs.iter().map(|name| (name.clone(), some_rows(catalog.table(name).unwrap(), seed, looked_up))).collect();
        let mut fewer = tables.clone();
        for (name, rows) in fewer.iter_mut().filter(|(name, _)| looked_up.contains(name)) {
            let named = |text: &str| {
                let keys = Keys::from_iter([text_hash(text, &SALT)]);
                tables.iter().any(|(other, rows)| other != name && names_one(rows, &keys))
            };
            let key = &catalog.table(name).unwrap().key[0];
            let keep: BooleanArray = rows.column_by_name(key).unwrap().as_string::<i32>().iter().map(|text| text.map(&named)).collect();
            assert!(keep.true_count() < KEYS, "{name} has a row that nobody names");
            *rows = filter_record_batch(rows, &keep).unwrap();
        }
        let all = answer(statement, &tables);
        assert!(all.num_rows() > 0, "{} answers nothing", statement.header.file());
        all == answer(statement, &fewer)
    }

    #[test]
    fn rows_that_no_other_table_names_do_not_matter_to_statements_that_say_so() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let (catalog, models) = (Catalog::load(&home).unwrap(), Models::load(&home).unwrap());
        let all = || models.models.iter().chain(&models.checks);
        let promising: Vec<&Statement> = all().filter(|statement| !statement.looks_up.is_empty()).collect();
        assert!(promising.len() > 10);
        for (statement, seed) in promising.into_iter().flat_map(|statement| (0..3).map(move |seed| (statement, seed))) {
            assert!(keeps_its_promise(&catalog, statement, &statement.looks_up, seed), "{} with seed {seed}", statement.header.file());
        }
        // Who would promise falsely is found out.
        for (model, table) in [("out_virs", "core_virs"), ("out_vip", "core_vip")] {
            let statement = all().find(|statement| statement.name == model).unwrap();
            assert!((0..3).any(|seed| !keeps_its_promise(&catalog, statement, &[table.to_owned()], seed)), "{model}");
        }
    }

    #[test]
    fn new_lost_and_other_rows_are_changed_and_found_where_they_are_named() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let catalog = Catalog::load(&home).unwrap();
        let table = catalog.table("core_asmuo").unwrap();
        let rows = some_rows(table, 1, std::slice::from_ref(&table.name));
        let hashes = |rows: &RecordBatch| row_hashes(table, rows, &SALT).unwrap();
        let all = hashes(&rows);
        assert!(changed(&all, &hashes(&rows.slice(0, KEYS))).is_empty());
        assert_eq!(changed(&all, &hashes(&rows.slice(1, KEYS - 1))), Keys::from_iter([text_hash("core_asmuo0", &SALT)]));
        let mut columns = rows.columns().to_vec();
        columns[1] = Arc::new(
            (0..KEYS)
                .map(|row| Some(if row == 3 { "kita".to_owned() } else { columns[1].as_string::<i32>().value(row).to_owned() }))
                .collect::<StringArray>(),
        );
        let other = RecordBatch::try_new(rows.schema(), columns).unwrap();
        let keys = changed(&all, &hashes(&other));
        assert_eq!(keys, Keys::from_iter([text_hash("core_asmuo3", &SALT)]));
        assert!(names_one(&rows, &keys) && !names_one(&rows.slice(4, 1).project(&[0]).unwrap(), &keys));
    }
}

//! Where raw tables become a core table as they are. Feeds number their rows on their own: where two of them bring one key, the first
//! row stands, and the other is set aside and named, as within one feed. The night goes on.

use std::collections::HashSet;
use std::iter::repeat_n;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::compute::{filter, filter_record_batch};
use arrow::datatypes::Int64Type;
use catalog::Table;
use spool::join;

use super::{Build, text};
use crate::Error;
use crate::clean::Quarantined;
use crate::keys::key_of;
use crate::pseudonyms::{ROW_NUMBER, kept_schema};

/// The column that says which source a row is from, where a core table has it.
pub(super) const SOURCE: &str = "saltinis";

/// A row that had to be set aside when feeds were joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The core table it was to become a row of.
    pub core: String,
    /// The raw table it came in.
    pub raw: String,
    /// Which row it is, and why.
    pub bad: Quarantined,
}

/// The rows of some raw tables under each other, each key once, and the source of each row. Within one raw table the cleaner has seen to
/// keys already.
pub(super) fn joined(build: &mut Build<'_>, core: &str, raws: &[&Arc<Table>]) -> Result<(RecordBatch, ArrayRef), Error> {
    let parts: Vec<(&Arc<Table>, RecordBatch)> = raws.iter().map(|raw| (*raw, build.take_table(raw))).collect();
    let sources = text(parts.iter().flat_map(|(raw, rows)| repeat_n(Some(raw.source()), rows.num_rows())));
    if let [(_, rows)] = parts.as_slice() {
        return Ok((rows.clone(), sources));
    }
    let batches = parts.iter().map(|(_, rows)| rows.clone()).collect();
    let schema = kept_schema(raws.first().unwrap_or_else(|| unreachable!("a core table is fed by some raw table")));
    let all = join(&schema, batches).map_err(Error::arrow(core))?;
    let table = build.catalog.table(core)?.clone();
    let named = |name: &String| if name == SOURCE { Some(sources.as_ref()) } else { all.column_by_name(name).map(AsRef::as_ref) };
    let key: Vec<&dyn Array> = table.key.iter().filter_map(named).collect();
    let mut seen = HashSet::new();
    let keep: Vec<bool> = (0..all.num_rows()).map(|row| seen.insert(key_of(&key, row).collect::<Vec<_>>())).collect();
    let numbers = all.column_by_name(ROW_NUMBER).map(|column| column.as_primitive::<Int64Type>());
    let raw_of_row = parts.iter().flat_map(|(raw, rows)| repeat_n(*raw, rows.num_rows()));
    for (row, raw) in raw_of_row.enumerate().filter(|(row, _)| !keep[*row]) {
        let row_number = numbers.and_then(|numbers| u64::try_from(numbers.value(row)).ok()).unwrap_or_default();
        let bad = Quarantined { row_number, column: table.key.first().cloned().unwrap_or_default(), rule: "key" };
        build.core.set_aside.push(SetAside { core: core.to_owned(), raw: raw.name.clone(), bad });
    }
    let keep = BooleanArray::from(keep);
    let kept = filter_record_batch(&all, &keep).map_err(Error::arrow(core))?;
    let sources = filter(&sources, &keep).map_err(Error::arrow(core))?;
    Ok((kept, sources))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;
    use std::sync::Arc;

    use arrow::array::{Date32Array, Decimal128Array, Int64Array, StringArray};
    use arrow::datatypes::DataType;
    use catalog::{BsiPolicy, Catalog, Layer, SEQUENCE, Table};
    use chrono::NaiveDate;

    use super::*;
    use crate::build;
    use crate::core_tables::{Core, Settings, SourceState};
    use spool::Spool;

    fn catalog() -> Catalog {
        Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
    }

    /// Rows that differ from each other in every text, and are the same in every table that has the columns.
    fn rows(table: &Table, count: usize) -> RecordBatch {
        let schema = kept_schema(table);
        let columns = schema.fields().iter().map(|field| -> ArrayRef {
            let name = field.name().as_str();
            let cell = |row: usize| match name {
                // Whatever JADIS says of one half, forms say of the other half, under the same numbers.
                "ja_kodas" | catalog::SUBMITTER if table.name == "raw_formos__dalyviai" => format!("ja_kodas{}", row + count / 2),
                "dalyvio_nr" => format!("dalyvio_nr{}", row % (count / 2)),
                "dalyvio_rusis" => "UJ".to_owned(),
                "dal_pavadinimas" => format!("Bandymų kontora {row} Ltd"),
                "licencijos_busena" => "galioja".to_owned(),
                _ => format!("{name}{row}"),
            };
            match field.data_type() {
                DataType::Utf8 => Arc::new((0..count).map(|row| Some(cell(row))).collect::<StringArray>()),
                DataType::Int64 => Arc::new(Int64Array::from_iter_values((0..count).map(|row| row as i64 + 2))),
                DataType::Date32 => Arc::new(Date32Array::from_iter_values(repeat_n(20_000, count))),
                DataType::Boolean => Arc::new(BooleanArray::from(vec![true; count])),
                other => Arc::new(Decimal128Array::from(vec![100_000_000; count]).with_data_type(other.clone())),
            }
        });
        // JADIS has rows of one half of the entities only.
        let all = RecordBatch::try_new(schema.clone(), columns.collect()).unwrap();
        if table.name.ends_with("__dalyviai") { all.slice(0, count / 2) } else { all }
    }

    /// Everything that is built of as many rows in each raw table, all tables having the same.
    fn built(catalog: &Catalog, count: usize) -> Core {
        let raw = catalog.tables(Layer::Raw).map(|table| (table.name.clone(), rows(table, count))).collect();
        let settings = Settings { as_of: NaiveDate::from_ymd_opt(2026, 10, 31).unwrap(), bsi_policy: BsiPolicy::default() };
        let states: Vec<SourceState> = catalog
            .tables(Layer::Raw)
            .map(|table| SourceState {
                source: table.source().to_owned(),
                table: table.name.clone(),
                extract_date: None,
                state: "fresh".to_owned(),
                rows: count as u64,
                quarantined: BTreeMap::new(),
                set_aside: BTreeMap::new(),
            })
            .collect();
        build(catalog, (raw, &Spool::memory()), &settings, &states).unwrap()
    }

    #[test]
    fn whatever_raw_tables_bring_no_key_of_a_core_table_repeats_and_what_was_set_aside_is_named() {
        let (catalog, count) = (catalog(), 6);
        let core = built(&catalog, count);
        for table in catalog.tables(Layer::Core).filter(|table| !table.key.is_empty()) {
            let rows = &core.tables[&table.name];
            let key: Vec<&dyn Array> = table.key.iter().map(|name| rows.column_by_name(name).unwrap().as_ref()).collect();
            let keys: HashSet<_> = (0..rows.num_rows()).map(|row| key_of(&key, row).collect::<Vec<_>>()).collect();
            assert_eq!(keys.len(), rows.num_rows(), "{}", table.name);
        }
        assert_eq!(core.tables["core_dalyvis"].num_rows(), count, "a participant of each source, whose numbers are the same");
        assert_eq!(core.tables["core_pazeidimas"].num_rows(), count);
        // Of all tables that feed one, the rows of the first stand.
        let later = catalog.fed().into_iter().flat_map(|(core, raws)| raws.into_iter().skip(1).map(move |raw| (core, raw)));
        let expected = later.flat_map(|(core, raw)| {
            let column = &catalog.table(core).unwrap().key[0];
            (0..count as u64).map(move |row| SetAside {
                core: core.to_owned(),
                raw: raw.name.clone(),
                bad: Quarantined { row_number: row + 2, column: column.clone(), rule: "key" },
            })
        });
        let expected: Vec<SetAside> = expected.collect();
        assert!(expected.len() >= count);
        assert_eq!(core.set_aside, expected);
        // Readers of the data are told, too.
        let counted = &core.tables["core_karantinas"];
        let tables = counted.column_by_name("lentele").unwrap().as_string::<i32>();
        let row = tables.iter().position(|table| table == Some(expected[0].raw.as_str())).unwrap();
        assert_eq!(counted.column_by_name("atmesta").unwrap().as_primitive::<Int64Type>().value(row), count as i64);
    }

    #[test]
    fn every_table_made_of_rows_as_they_are_has_the_key_that_was_seen_to_when_they_were_read() {
        let catalog = catalog();
        let key = |name: &str| catalog.table(name).unwrap().key.iter().cloned().collect::<BTreeSet<String>>();
        for (core, raws) in catalog.fed() {
            for raw in raws {
                assert_eq!(key(core), key(&raw.name), "{core} and {}", raw.name);
            }
        }
        assert_eq!(key("core_reklama"), key("raw_vrk__reklama"));
        for raw in ["raw_jadis__dalyviai", "raw_formos__dalyviai"] {
            let mut with_source = key(raw);
            with_source.insert(SOURCE.to_owned());
            assert_eq!(key("core_dalyvis"), with_source);
        }
        // What is published of a core table is told apart as there.
        let out = catalog.tables(Layer::Out).filter(|table| !table.key.iter().any(|name| name == SEQUENCE));
        let pairs: Vec<_> = out.filter_map(|out| Some((out, catalog.table(&format!("core_{}", out.subject())).ok()?))).collect();
        assert!(pairs.len() > 10);
        for (out, core) in pairs {
            assert_eq!(key(&out.name), key(&core.name), "{} and {}", out.name, core.name);
        }
    }
}

//! Whom a text names: the surrogate ids of persons by their code or their full name, as releases of the internal tier and last good extracts
//! have them. A name that several persons have names all of them.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use catalog::{Catalog, Layer, Personal};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use publish::fold;
use transforms::{PersonCells, PersonKey};

use super::entries;
use crate::state::last_good::LastGoodExtracts;

const ID: &str = "asmens_id";
const GIVEN: &str = "vardas";
const FAMILY: &str = "pavarde";
/// Digits of a personal code.
const CODE: usize = 11;

/// The ids of the persons whom these texts name, of every generation that the person key has had.
///
/// # Errors
/// A folder cannot be listed, or a table not read.
pub(crate) fn named(
    texts: &[String],
    catalog: &Catalog,
    key: &PersonKey,
    internal: &Path,
    last_good: &LastGoodExtracts,
) -> Result<BTreeSet<String>> {
    let folded: HashSet<String> = texts.iter().map(|text| fold(text)).collect();
    let mut ids: BTreeSet<String> = folded.iter().filter_map(|text| by_code(text, key)).collect();
    let rotated = key.generation() > 1;
    let columns = name_columns(catalog);
    for path in tables(internal, last_good)? {
        let failed = || format!("cannot look for persons in {}", path.display());
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).with_context(failed)?).with_context(failed)?;
        let schema = builder.schema().clone();
        if schema.index_of(ID).is_err() {
            continue;
        }
        let asked = schema.fields().iter().map(|field| field.name().as_str()).filter(|name| *name == ID || columns.contains(*name));
        let mask = ProjectionMask::columns(builder.parquet_schema(), asked);
        for rows in builder.with_projection(mask).build().with_context(failed)? {
            let rows = rows.with_context(failed)?;
            in_rows(&rows, &folded, &mut ids);
            if rotated {
                by_later_id(&rows, &folded, key, &mut ids);
            }
        }
    }
    let later: Vec<String> = ids.iter().flat_map(|id| key.later(id)).collect();
    ids.extend(later);
    Ok(ids)
}

fn by_code(text: &str, key: &PersonKey) -> Option<String> {
    let is_code = text.len() == CODE && text.bytes().all(|byte| byte.is_ascii_digit());
    key.id(&PersonCells { code: Some(text).filter(|_| is_code), ..PersonCells::default() })
}

/// Adds the earlier ids of persons whose later ones were given: what is kept has the first.
fn by_later_id(rows: &RecordBatch, wanted: &HashSet<String>, key: &PersonKey, ids: &mut BTreeSet<String>) {
    let column = rows.column_by_name(ID).and_then(|column| column.as_string_opt::<i32>());
    let met: HashSet<&str> = column.into_iter().flatten().flatten().collect();
    let earlier = met.into_iter().filter(|id| !ids.contains(*id) && key.later(id).iter().any(|later| wanted.contains(later)));
    let earlier: Vec<String> = earlier.map(str::to_owned).collect();
    ids.extend(earlier);
}

/// Every column of names, whatever table has it.
fn name_columns(catalog: &Catalog) -> HashSet<String> {
    let tables = [Layer::Raw, Layer::Out].into_iter().flat_map(|layer| catalog.tables(layer));
    let columns = tables.flat_map(|table| &table.columns).filter(|used| used.column.personal == Personal::Name);
    columns.map(|used| used.column.name.clone()).collect()
}

/// Tables of the internal tier and of last good extracts.
fn tables(internal: &Path, last_good: &LastGoodExtracts) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for release in entries(&internal.join("releases"))? {
        for dataset in entries(&release.join("data"))? {
            found.extend(entries(&dataset)?);
        }
    }
    for table in last_good.tables() {
        found.extend(last_good.files(&table)?);
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "parquet"));
    Ok(found)
}

/// Adds the ids of the persons whom rows call by one of these names.
fn in_rows(rows: &RecordBatch, wanted: &HashSet<String>, ids: &mut BTreeSet<String>) {
    let text = |name: &str| rows.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    let cell =
        |column: Option<&StringArray>, row: usize| column.filter(|column| column.is_valid(row)).map(|column| column.value(row).to_owned());
    let schema = rows.schema();
    let whole = schema.fields().iter().map(|field| field.name().as_str()).filter(|name| ![ID, GIVEN, FAMILY].contains(name));
    let whole: Vec<Option<&StringArray>> = whole.map(text).collect();
    let (given, family) = (text(GIVEN), text(FAMILY));
    for row in 0..rows.num_rows() {
        let Some(id) = cell(text(ID), row).filter(|id| !ids.contains(id)) else { continue };
        let parts = cell(given, row).zip(cell(family, row));
        let parts = parts.into_iter().flat_map(|(given, family)| [format!("{given}{family}"), format!("{family}{given}")]);
        let mut names = parts.chain(whole.iter().filter_map(|column| cell(*column, row)));
        if names.any(|name| wanted.contains(&fold(&name))) {
            ids.insert(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::ArrayRef;

    use super::*;

    fn column(cells: &[&str]) -> ArrayRef {
        Arc::new(cells.iter().map(|cell| (!cell.is_empty()).then_some(*cell)).collect::<StringArray>())
    }

    fn named(rows: &RecordBatch, text: &str) -> Vec<String> {
        let mut ids = BTreeSet::new();
        in_rows(rows, &HashSet::from([fold(text)]), &mut ids);
        ids.into_iter().collect()
    }

    #[test]
    fn a_name_names_everybody_who_has_it_however_it_is_written() {
        let split = [
            (ID, column(&["a", "b", "c", ""])),
            (GIVEN, column(&["Bandomė", "Bandomė", "Kita", "Bandomė"])),
            (FAMILY, column(&["Pavyzdytė", "Pavyzdytė", "Pavyzdytė", "Pavyzdytė"])),
        ];
        let split = RecordBatch::try_from_iter_with_nullable(split.map(|(name, cells)| (name, cells, true))).unwrap();
        let whole = [(ID, column(&["d", ""])), ("savininkas", column(&["BANDOMĖ  PAVYZDYTĖ", "Bandomė Pavyzdytė"]))];
        let whole = RecordBatch::try_from_iter_with_nullable(whole.map(|(name, cells)| (name, cells, true))).unwrap();
        for text in ["Bandomė Pavyzdytė", "bandomė pavyzdytė", "Bandomė-Pavyzdytė"] {
            assert_eq!(named(&split, text), ["a", "b"], "{text}");
            assert_eq!(named(&whole, text), ["d"], "{text}");
        }
        assert_eq!(named(&split, "Pavyzdytė Bandomė"), ["a", "b"]);
        assert!(named(&split, "Pavyzdytė").is_empty(), "a family name alone is nobody's");
    }

    #[test]
    fn a_code_names_whoever_has_the_id_made_of_it() {
        let key = PersonKey::new(&std::array::from_fn::<u8, 32, _>(|place| u8::try_from(place).unwrap())).unwrap();
        let cells = PersonCells { code: Some("33309240064"), ..PersonCells::default() };
        assert_eq!(by_code(&fold("333-0924-0064"), &key), key.id(&cells));
        assert!(by_code("3330924006", &key).is_none() && by_code("bandomėpavy", &key).is_none());
    }
}

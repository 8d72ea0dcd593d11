//! About whom a night asks: registers know a whole country, and only VIRS and their owners may be kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::array::{AsArray, RecordBatch, StringArray};
use catalog::{Catalog, Layer, Role};
use foldhash::fast::RandomState;
use rayon::prelude::*;

use crate::cells::cell;
use crate::pseudonyms::PERSON_ID;
use crate::subjects::{is_abroad, is_foreign_entity, lithuanian_code};
use crate::virs;

/// Raw tables as they are kept, by name.
pub type Tables = BTreeMap<String, RecordBatch>;

/// Codes of all VIRS.
#[must_use]
pub fn virs(catalog: &Catalog, tables: &Tables) -> HashSet<String> {
    let list = rows(catalog, tables, Role::RegisteredVirs).zip(rows(catalog, tables, Role::Licences));
    let list = list.and_then(|(registered, licences)| virs::list(registered, licences));
    list.unwrap_or_default().into_keys().collect()
}

/// The entities above `virs`, themselves among them: all whose participants are asked for.
#[must_use]
pub fn owners(catalog: &Catalog, virs: &HashSet<String>, tables: &Tables) -> HashSet<String> {
    let mut holders: HashMap<&str, Vec<Cow<'_, str>>> = HashMap::new();
    for rows in [Role::Participants, Role::StatedParticipants].into_iter().filter_map(|role| rows(catalog, tables, role)) {
        let (entity, holder) = (text(rows, "ja_kodas"), text(rows, "dal_kodas"));
        let (kind, state) = (text(rows, "dalyvio_rusis"), text(rows, "valstybe"));
        for row in 0..rows.num_rows() {
            // A foreign company's code may be that of a Lithuanian one, of which nothing is asked for its sake.
            let is_foreign = is_foreign_entity(cell(kind, row).unwrap_or_default(), cell(state, row));
            if let (Some(entity), Some(holder), false) = (cell(entity, row), cell(holder, row), is_foreign) {
                holders.entry(entity).or_default().push(lithuanian_code(holder));
            }
        }
    }
    let mut found = virs.clone();
    let mut waiting: Vec<&str> = virs.iter().map(String::as_str).collect();
    while let Some(entity) = waiting.pop() {
        for holder in holders.get(entity).into_iter().flatten() {
            if !found.contains(holder.as_ref()) {
                found.insert(holder.clone().into_owned());
                waiting.push(holder);
            }
        }
    }
    found
}

/// The entities whose data JAR is asked for: VIRS, their owners, and those that money, licences and decisions name.
#[must_use]
pub fn entities(catalog: &Catalog, owners: &HashSet<String>, tables: &Tables) -> HashSet<String> {
    let mut found = owners.clone();
    for table in catalog.tables(Layer::Raw) {
        let Some((column, rows)) = table.mentions.as_ref().zip(tables.get(&table.name)) else { continue };
        let (codes, states) = (text(rows, column), text(rows, "valstybe"));
        for code in (0..rows.num_rows()).filter(|row| !is_abroad(cell(states, *row))).filter_map(|row| cell(codes, row)) {
            let code = lithuanian_code(code);
            if !found.contains(code.as_ref()) {
                found.insert(code.into_owned());
            }
        }
    }
    found
}

/// Surrogate ids of all persons that the tables name.
#[must_use]
pub fn persons(tables: &Tables) -> HashSet<String> {
    let columns: Vec<&StringArray> = tables.values().filter_map(|rows| text(rows, PERSON_ID)).collect();
    // Most rows name somebody whom another names, too: each is copied once.
    let distinct: Vec<HashSet<&str, RandomState>> = columns.par_iter().map(|ids| ids.iter().flatten().collect()).collect();
    let all: HashSet<&str, RandomState> = distinct.into_iter().flatten().collect();
    all.into_iter().map(str::to_owned).collect()
}

fn rows<'t>(catalog: &Catalog, tables: &'t Tables, role: Role) -> Option<&'t RecordBatch> {
    tables.get(&catalog.role(role).ok()?.name)
}

fn text<'a>(rows: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    rows.column_by_name(column).map(|column| column.as_string())
}

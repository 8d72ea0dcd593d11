//! About whom a night asks: registers tell of a whole country, and only VIRS and their owners may be kept.

use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::array::{AsArray, RecordBatch, StringArray};
use foldhash::fast::RandomState;
use rayon::prelude::*;

use crate::holdings::cell;
use crate::pseudonyms::PERSON_ID;
use crate::virs;

/// Columns of raw tables that name an entity other than the VIRS itself.
const MENTIONS: &[(&str, &str)] = &[
    ("raw_imis__parama", "dav_kodas"),
    ("raw_vrk__reklama", "dal_kodas"),
    ("raw_formos__lesos", "institucijos_kodas"),
    ("raw_formos__auditai", "institucijos_kodas"),
];

/// Participants' tables.
const PARTICIPANTS: &[&str] = &["raw_jadis__dalyviai", "raw_formos__dalyviai"];

/// Raw tables as they are kept, by name.
pub type Tables = BTreeMap<String, RecordBatch>;

/// Codes of all VIRS.
#[must_use]
pub fn virs(tables: &Tables) -> HashSet<String> {
    let list =
        tables.get(virs::REGISTERED).zip(tables.get(virs::LICENCES)).and_then(|(registered, licences)| virs::list(registered, licences));
    list.unwrap_or_default().into_keys().collect()
}

/// The entities above `virs`, themselves among them: all whose participants are asked for.
#[must_use]
pub fn owners(virs: &HashSet<String>, tables: &Tables) -> HashSet<String> {
    let mut holders: HashMap<&str, Vec<&str>> = HashMap::new();
    for rows in PARTICIPANTS.iter().filter_map(|name| tables.get(*name)) {
        let (entity, holder) = (text(rows, "ja_kodas"), text(rows, "dal_kodas"));
        for row in 0..rows.num_rows() {
            if let (Some(entity), Some(holder)) = (cell(entity, row), cell(holder, row)) {
                holders.entry(entity).or_default().push(holder);
            }
        }
    }
    let mut found = virs.clone();
    let mut waiting: Vec<&str> = virs.iter().map(String::as_str).collect();
    while let Some(entity) = waiting.pop() {
        for holder in holders.get(entity).into_iter().flatten() {
            if !found.contains(*holder) {
                found.insert((*holder).to_owned());
                waiting.push(holder);
            }
        }
    }
    found
}

/// The entities whose data JAR is asked for: VIRS, their owners, and those that money names.
#[must_use]
pub fn entities(owners: &HashSet<String>, tables: &Tables) -> HashSet<String> {
    let mut found = owners.clone();
    for (table, column) in MENTIONS {
        for code in tables.get(*table).and_then(|rows| text(rows, column)).into_iter().flatten().flatten() {
            if !found.contains(code) {
                found.insert(code.to_owned());
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

fn text<'a>(rows: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    rows.column_by_name(column).map(|column| column.as_string())
}

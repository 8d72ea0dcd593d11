//! About whom a night asks: registers tell of a whole country, and only VIRS and their owners may be kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::array::{AsArray, RecordBatch, StringArray};
use foldhash::fast::RandomState;
use rayon::prelude::*;

use crate::cells::cell;
use crate::pseudonyms::PERSON_ID;
use crate::subjects::{is_abroad, is_foreign_entity, lithuanian_code};
use crate::virs;

/// Columns of raw tables that name an entity other than the VIRS itself.
const MENTIONS: &[(&str, &str)] = &[
    ("raw_imis__parama", "dav_kodas"),
    ("raw_vrk__reklama", "dal_kodas"),
    ("raw_formos__lesos", "institucijos_kodas"),
    ("raw_formos__auditai", "institucijos_kodas"),
    ("raw_formos__imokos", "institucijos_kodas"),
    ("raw_formos__pazeidimai_lrtk", "institucijos_kodas"),
    ("raw_formos__pazeidimai_zeit", "institucijos_kodas"),
    ("raw_lis__licencijos", "institucijos_kodas"),
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
    let mut holders: HashMap<&str, Vec<Cow<'_, str>>> = HashMap::new();
    for rows in PARTICIPANTS.iter().filter_map(|name| tables.get(*name)) {
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
pub fn entities(owners: &HashSet<String>, tables: &Tables) -> HashSet<String> {
    let mut found = owners.clone();
    for (table, column) in MENTIONS {
        let Some(rows) = tables.get(*table) else { continue };
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

fn text<'a>(rows: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    rows.column_by_name(column).map(|column| column.as_string())
}

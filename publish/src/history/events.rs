//! What changed about each VIRS, and on which day: what its page, its feed and the page of changes tell.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use catalog::{ENTITY, Table};
use chrono::NaiveDate;

use super::delta::Keys;
use super::fold::{Kept, Times};

/// What releases of one day changed in a table's rows about one VIRS.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) day: NaiveDate,
    pub(crate) table: Arc<Table>,
    pub(crate) came: usize,
    pub(crate) changed: usize,
    pub(crate) went: usize,
}

/// By code of the VIRS, the newest first; of one day in the order of the tables' names.
pub(crate) type Events = BTreeMap<String, Vec<Event>>;

/// Rows of one day about one VIRS.
#[derive(Default)]
struct Moved {
    came: Vec<usize>,
    went: Vec<usize>,
}

/// What the moved rows of a history tell; `first` is the first release that showed the table. Rows that name no VIRS tell of none.
pub(super) fn events(kept: Kept<'_>, table: &Arc<Table>, moved: &RecordBatch, first: i64) -> Result<Vec<(String, Event)>, ArrowError> {
    let (Some(times), Some(codes)) = (Times::of(moved), moved.column_by_name(ENTITY).and_then(|column| column.as_string_opt::<i32>()))
    else {
        return Ok(Vec::new());
    };
    let mut by_day: BTreeMap<(&str, i32), Moved> = BTreeMap::new();
    for row in (0..moved.num_rows()).filter(|row| codes.is_valid(*row)) {
        if let Some(day) = times.came(row, first) {
            by_day.entry((codes.value(row), day)).or_default().came.push(row);
        }
        if let Some(day) = times.went(row) {
            by_day.entry((codes.value(row), day)).or_default().went.push(row);
        }
    }
    let key = kept.key();
    let keys = key.as_deref().map(|key| Keys::of(moved, key)).transpose()?;
    let event = |((code, day), moved): ((&str, i32), Moved)| {
        let changed = keys.as_ref().map_or(0, |keys| pairs(keys, &moved));
        let (came, went) = (moved.came.len() - changed, moved.went.len() - changed);
        let day = Date32Type::to_naive_date_opt(day).unwrap_or_default();
        (code.to_owned(), Event { day, table: table.clone(), came, changed, went })
    };
    Ok(by_day.into_iter().map(event).collect())
}

/// How many keys went and came on the same day.
fn pairs(keys: &Keys, moved: &Moved) -> usize {
    let mut went: HashMap<_, usize> = HashMap::new();
    moved.went.iter().for_each(|row| *went.entry(keys.row(*row)).or_default() += 1);
    let is_pair = |row: &&usize| {
        went.get_mut(&keys.row(**row)).filter(|left| **left > 0).is_some_and(|left| {
            *left -= 1;
            true
        })
    };
    let mut is_pair = is_pair;
    moved.came.iter().filter(|row| is_pair(row)).count()
}

/// All of them by VIRS.
pub(super) fn by_entity(all: impl IntoIterator<Item = (String, Event)>) -> Events {
    let mut events = Events::new();
    all.into_iter().for_each(|(code, event)| events.entry(code).or_default().push(event));
    let newest_first = |event: &Event| (std::cmp::Reverse(event.day), event.table.name.clone());
    events.values_mut().for_each(|events| events.sort_by_key(newest_first));
    events
}

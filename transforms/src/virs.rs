//! The list of VIRS: registered by themselves, taken over from the ministry's database, or made so by a valid licence in LIS.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Date32Type;

/// State of a licence that makes its holder a VIRS.
const VALID: &str = "galioja";
/// Code of classifier `virs_saltiniai` for a VIRS known from its licence alone.
const FROM_LICENCE: &str = "lis";
/// What a licensed activity makes of its holder (classifiers `licencijuojamos_veiklos` → `veiklos_rusys`).
const LICENSED_ACTIVITIES: &[(&str, &str)] = &[
    ("tv_transliavimas", "transliuotojas"),
    ("radijo_transliavimas", "transliuotojas"),
    ("retransliavimas", "retransliuotojas"),
    ("platinimas_internete", "tv_platintojas_internete"),
];

/// One VIRS, before JAR is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Virs {
    /// Days since 1970 from which it is one.
    pub(crate) since: i32,
    /// The day on which it ceased to be one.
    pub(crate) until: Option<i32>,
    /// How it became one.
    pub(crate) source: String,
    /// Kinds of activity, sorted.
    pub(crate) activities: Vec<String>,
}

/// All VIRS by code.
pub(crate) fn list(registered: &RecordBatch, licences: &RecordBatch) -> Option<BTreeMap<String, Virs>> {
    let mut found = BTreeMap::new();
    let text = |rows: &RecordBatch, name| rows.column_by_name(name).map(|column| column.as_string::<i32>().clone());
    let date = |rows: &RecordBatch, name| rows.column_by_name(name).map(|column| column.as_primitive::<Date32Type>().clone());
    let (codes, sources, activities) =
        (text(registered, "ja_kodas")?, text(registered, "virs_saltinis")?, text(registered, "veiklos_rusys")?);
    let (since, until) = (date(registered, "virs_nuo")?, date(registered, "virs_iki")?);
    for row in 0..registered.num_rows() {
        let mut kinds: Vec<String> = if activities.is_valid(row) {
            activities.value(row).split(';').map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty()).collect()
        } else {
            Vec::new()
        };
        kinds.sort();
        kinds.dedup();
        let virs = Virs {
            since: since.value(row),
            until: until.is_valid(row).then(|| until.value(row)),
            source: sources.value(row).to_owned(),
            activities: kinds,
        };
        found.insert(codes.value(row).to_owned(), virs);
    }
    let (holders, activities, states) = (text(licences, "ja_kodas")?, text(licences, "veikla")?, text(licences, "licencijos_busena")?);
    let since = date(licences, "galioja_nuo")?;
    for row in (0..licences.num_rows()).filter(|row| states.value(*row) == VALID) {
        let virs = found.entry(holders.value(row).to_owned()).or_insert_with(|| Virs {
            since: since.value(row),
            until: None,
            source: FROM_LICENCE.to_owned(),
            activities: Vec::new(),
        });
        if virs.source == FROM_LICENCE {
            virs.since = virs.since.min(since.value(row));
        }
        if let Some((_, kind)) = LICENSED_ACTIVITIES.iter().find(|(licensed, _)| *licensed == activities.value(row))
            && !virs.activities.iter().any(|known| known == kind)
        {
            virs.activities.push((*kind).to_owned());
            virs.activities.sort();
        }
    }
    Some(found)
}

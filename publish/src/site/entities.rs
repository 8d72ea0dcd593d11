//! The VIRS of a tier: who has a page, and which rows of which table speak of whom.

use arrow::array::{Array, AsArray, StringArray};
use catalog::{Check, Dataset, ENTITY};
use foldhash::{HashMap, HashMapExt};

use super::alphabet::{looked_up, sort_key};
use super::shown::{Shown, Titles};
use super::text::{LONGEST_TEXT, beginning};
use crate::incremental::tier_table::{TierRows, TierTable};
use crate::language::say;
use crate::paths::entity_page;

/// The table that holds one row per VIRS, where there are several with that key.
pub(super) const REGISTER: &str = "out_virs";
pub(super) const NAME: &str = "pavadinimas";
const FORM: &str = "forma";
const FORM_TITLE: &str = "forma_pavadinimas";
/// A date in the first of these columns says what a VIRS no longer is.
const ENDED: [(&str, &str); 2] = [("isreg_data", say!("išregistruotas")), ("virs_iki", say!("nebe VIRS"))];

/// One VIRS.
pub(super) struct VirsEntry<'a> {
    pub(super) code: &'a str,
    pub(super) name: &'a str,
    pub(super) form: Option<String>,
    /// What it no longer is, if anything.
    pub(super) state: Option<&'static str>,
}

/// Rows of a table that speak of VIRS, by code.
pub(super) struct Indexed<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) table: &'a TierRows,
    rows: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Indexed<'a> {
    pub(super) fn new(dataset: &'a Dataset, table: &'a TierRows) -> Self {
        let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
        for (row, code) in texts(table, ENTITY).into_iter().flatten().enumerate() {
            rows.entry(code.unwrap_or_default()).or_default().push(row);
        }
        Self { dataset, table, rows }
    }

    pub(super) fn rows(&self, code: &str) -> &[usize] {
        self.rows.get(code).map_or(&[], Vec::as_slice)
    }
}

/// All VIRS of a tier.
#[derive(Default)]
pub(super) struct VirsList<'a> {
    /// In alphabetical order.
    pub(super) list: Vec<VirsEntry<'a>>,
    by_code: HashMap<&'a str, usize>,
}

impl<'a> VirsList<'a> {
    /// Those of the register.
    pub(super) fn new(register: &'a TierRows, titles: &Titles<'_>) -> Self {
        let mut list = read(register, titles);
        list.sort_by_cached_key(|entity| (sort_key(looked_up(entity.name)), entity.code));
        let by_code = list.iter().enumerate().map(|(index, entity)| (entity.code, index)).collect();
        Self { list, by_code }
    }

    /// Where the VIRS with this code stands in the list.
    pub(super) fn place(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// The VIRS with this code.
    pub(super) fn find(&self, code: &str) -> Option<&VirsEntry<'a>> {
        self.place(code).map(|place| &self.list[place])
    }

    /// The page of the VIRS named in a cell, from the tier's start page.
    pub(super) fn page_at(&self, shown: &Shown<'_>, row: usize) -> Option<String> {
        entity_page(self.find(shown.text(row)?)?.code)
    }
}

/// Whether a table has one row, and the name, of every VIRS.
pub(super) fn is_register(table: &TierTable<'_>) -> bool {
    table.table.key == [ENTITY] && table.has_text(ENTITY) && table.has_text(NAME)
}

fn texts<'a>(table: &'a TierRows, column: &str) -> Option<&'a StringArray> {
    table.rows().column_by_name(column)?.as_string_opt::<i32>()
}

fn read<'a>(register: &'a TierRows, titles: &Titles<'_>) -> Vec<VirsEntry<'a>> {
    let (Some(codes), Some(names)) = (texts(register, ENTITY), texts(register, NAME)) else {
        return Vec::new();
    };
    let classifier = match register.table().column(FORM).and_then(|column| column.column.check.as_ref()) {
        Some(Check::Classifier(name)) => name.as_str(),
        _ => "",
    };
    let forms = texts(register, FORM_TITLE).or_else(|| texts(register, FORM));
    let ended = ENDED.map(|(column, state)| (register.rows().column_by_name(column), state));
    let state = |row: usize| ended.iter().find(|(dates, _)| dates.is_some_and(|dates| dates.is_valid(row))).map(|(_, state)| *state);
    (0..codes.len())
        .filter(|&row| codes.is_valid(row))
        .map(|row| VirsEntry {
            code: codes.value(row),
            name: beginning(if names.is_valid(row) { names.value(row) } else { codes.value(row) }, LONGEST_TEXT),
            form: forms.filter(|forms| forms.is_valid(row)).map(|forms| titles.title(classifier, forms.value(row)).to_owned()),
            state: state(row),
        })
        .collect()
}

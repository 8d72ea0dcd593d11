//! The two tables that follow from the definition of a table that has a `[history]`: every row that was ever shown, with the days on which it was; and
//! the rows that came, went or changed within some time.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::well_known::{PUBLISHED_FILE, SEQUENCE};
use crate::{
    Bounds, CHANGE, CHANGED_COLUMNS, Column, Error, FIRST_RELEASE, History, Kind, LAST_RELEASE, Layer, Personal, SHOWN_SINCE, SHOWN_UNTIL,
    Table, TableColumn, Text, Tier, VALID_FROM, VALID_UNTIL,
};

/// What stands behind the name of a table in that of its history, and of what changed in it.
const HISTORY: &str = "__istorija";
const CHANGES: &str = "__pokyciai";

impl History {
    pub(crate) fn problems(&self, table: &Table) -> Vec<String> {
        let mut found = Vec::new();
        if history_tiers(table).is_empty() {
            found.push("only what the public tier shows has a history".to_owned());
        }
        let is_date = |name: &String| table.column(name).is_some_and(|used| used.column.kind == Kind::Date);
        let others = self.from.iter().chain(&self.until).filter(|name| !is_date(name));
        found.extend(others.map(|name| format!("[history] names {name}, which must be one of its date columns")));
        found
    }

    /// Columns that the history has beside the table's own, each with the column of the table that it repeats.
    pub fn valid_time<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = (&'static str, &'a str)> {
        let pairs = [(VALID_FROM, &self.from), (VALID_UNTIL, &self.until)];
        pairs.into_iter().filter_map(|(name, of)| Some((name, of.as_deref()?))).filter(|(name, _)| table.column(name).is_none())
    }
}

/// The tiers whose releases are remembered: the public one alone. What only the internal tier shows is kept no longer than its releases are. From the
/// open one a row goes when it turns out to be about a person, and must not be read in the history of the day on which it went.
fn history_tiers(table: &Table) -> Vec<Tier> {
    table.tiers.iter().copied().filter(|tier| *tier == Tier::Public).collect()
}

impl Table {
    /// Columns that its history has: all but the numbers of rows, which change when others do, and the names of documents, which lie in the release
    /// that shows them.
    pub fn remembered(&self) -> impl Iterator<Item = &TableColumn> {
        self.columns.iter().filter(|used| ![SEQUENCE, PUBLISHED_FILE].contains(&used.column.name.as_str()))
    }

    /// The name of its history.
    #[must_use]
    pub fn history_name(&self) -> String {
        format!("{}{HISTORY}", self.name)
    }

    /// The name of what changed in it.
    #[must_use]
    pub fn changes_name(&self) -> String {
        format!("{}{CHANGES}", self.name)
    }
}

/// A column as histories have it. What a tier shows in some rows only is not remembered there: a telephone number that was a firm's may be a
/// person's today, and what is withheld today must not be read in today's history.
fn lasting(column: &Arc<Column>) -> Arc<Column> {
    let is_withheld = column.personal.withheld_by(Tier::Public).is_some();
    if is_withheld { Arc::new(Column { personal: Personal::Code, ..column.as_ref().clone() }) } else { column.clone() }
}

/// The tables that follow from the definition of one that has a history.
pub(crate) fn derived(table: &Table, columns: &BTreeMap<String, Arc<Column>>) -> Result<Vec<Table>, Error> {
    let Some(history) = &table.history else { return Ok(Vec::new()) };
    let own = |name: &str, required: bool| {
        let column =
            columns.get(name).ok_or_else(|| Error::Unknown { place: "the program".to_owned(), kind: "column", name: name.to_owned() })?;
        Ok(TableColumn { column: column.clone(), required })
    };
    // A definition may get a column that rows of earlier releases have not.
    let column = |used: &TableColumn| TableColumn { column: lasting(&used.column), required: false };
    let remembered = || table.remembered().map(|used| Ok(column(used)));
    let valid = history.valid_time(table).map(|(name, _)| own(name, false));
    let shown = [(SHOWN_SINCE, true), (SHOWN_UNTIL, false), (FIRST_RELEASE, true), (LAST_RELEASE, false)];
    let of_history = remembered().chain(valid).chain(shown.into_iter().map(|(name, required)| own(name, required)));
    let of_changes = [own(CHANGE, true), own(CHANGED_COLUMNS, false)].into_iter().chain(remembered());
    let text = |lt: &str, en: &str| Text { lt: format!("{}: {lt}", table.title.lt), en: format!("{}: {en}", table.title.en) };
    let named = |name: String, title: Text, description: (&str, &str), columns: Vec<TableColumn>| Table {
        name,
        layer: Layer::Out,
        title,
        description: Text { lt: description.0.to_owned(), en: description.1.to_owned() },
        key: Vec::new(),
        columns,
        rows: Bounds::default(),
        tiers: history_tiers(table),
        order: Vec::new(),
        require_one: Vec::new(),
        protect: Vec::new(),
        // Judged release by release: a row that few are like today may have been like many.
        k_anonymity: None,
        payments: None,
        search: None,
        history: None,
        ..table.clone()
    };
    Ok(vec![
        named(
            table.history_name(),
            text("istorija", "history"),
            (
                "Viena eilutė – viena bet kada skelbta eilutė ir laikas, kada ji skelbta.",
                "One row per row that was ever published, with the time in which it was.",
            ),
            of_history.collect::<Result<_, _>>()?,
        ),
        named(
            table.changes_name(),
            text("pokyčiai", "changes"),
            (
                "Viena eilutė – viena per tą laiką atsiradusi, pakitusi ar nebeskelbiama eilutė.",
                "One row per row that came, changed or went within that time.",
            ),
            of_changes.collect::<Result<_, _>>()?,
        ),
    ])
}

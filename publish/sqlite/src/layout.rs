//! How a table stands in SQLite: the types of its columns, its key and its indices, all from its definition.

use std::collections::BTreeSet;

use catalog::{Check, Column, DatabaseTable, Kind, MONEY_SCALE, NUMBER_SCALE, SHARE_SCALE, Table};

use crate::Error;

/// How a table stands in the file.
pub(crate) struct Layout<'a> {
    pub(crate) table: &'a Table,
    pub(crate) columns: Vec<LaidOut<'a>>,
    /// Places of the columns of the primary key among `columns`; none where the tier does not see all of the key in every row.
    pub(crate) key: Vec<usize>,
    /// Number of rows.
    pub(crate) rows: usize,
}

/// How a column stands in the file.
pub(crate) struct LaidOut<'a> {
    pub(crate) column: &'a Column,
    required: bool,
}

impl<'a> Layout<'a> {
    /// The layout of a table, with the columns that it has here.
    ///
    /// # Errors
    /// [`Error::Column`].
    pub(crate) fn of(of: &'a dyn DatabaseTable) -> Result<Self, Error> {
        let (table, schema) = (of.table().as_ref(), of.schema());
        let laid_out = |field: &arrow::datatypes::Field| {
            let column =
                table.column(field.name()).map(|used| used.column.as_ref()).filter(|column| column.kind.arrow() == *field.data_type());
            let column = column.ok_or_else(|| Error::Column { table: table.name.clone(), column: field.name().clone() })?;
            Ok(LaidOut { column, required: !field.is_nullable() })
        };
        let columns = schema.fields().iter().map(|field| laid_out(field)).collect::<Result<Vec<_>, _>>()?;
        let place = |name: &String| columns.iter().position(|laid_out| laid_out.required && laid_out.column.name == *name);
        let key = table.key.iter().map(place).collect::<Option<Vec<_>>>().unwrap_or_default();
        Ok(Self { table, columns, key, rows: of.count() })
    }

    /// What the table is called in the file.
    pub(crate) fn name(&self) -> &str {
        self.table.subject()
    }

    /// The statement that makes the table. A key of one whole number is the row's own number in SQLite; with any other key rows lie in its
    /// order, so that it is not stored twice. They do only where its columns come first: elsewhere SQLite 3.40 (Debian 12), asked to check such a
    /// table that has computed columns, too, says that cells are empty which are not.
    pub(crate) fn create(&self) -> String {
        let mut parts: Vec<String> = self.columns.iter().map(LaidOut::create).collect();
        let numbered = matches!(self.key[..], [place] if self.columns[place].column.kind == Kind::Integer);
        if !self.key.is_empty() {
            let key: Vec<String> = self.key.iter().map(|&place| identifier(&self.columns[place].stored_name())).collect();
            parts.push(format!("PRIMARY KEY ({})", key.join(", ")));
        }
        let comes_first = self.key.iter().enumerate().all(|(place, &column)| place == column);
        let kept = if self.key.is_empty() || numbered || !comes_first { "STRICT" } else { "STRICT, WITHOUT ROWID" };
        format!("CREATE TABLE {} (\n  {}\n) {kept};", identifier(self.name()), parts.join(",\n  "))
    }

    /// The statement that fills one row.
    pub(crate) fn insert(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|laid_out| identifier(&laid_out.stored_name())).collect();
        let places = vec!["?"; names.len()];
        format!("INSERT INTO {} ({}) VALUES ({})", identifier(self.name()), names.join(", "), places.join(", "))
    }

    /// The statement that takes all rows out of it.
    pub(crate) fn clear(&self) -> String {
        format!("DELETE FROM {};", identifier(self.name()))
    }

    /// Statements that index the columns by which rows of several tables are told to belong together, but for the one with which the key begins.
    pub(crate) fn create_indices(&self, identifying: &BTreeSet<&str>) -> String {
        let first = self.key.first().map(|&place| self.columns[place].column.name.as_str());
        let indexed = self.columns.iter().map(|laid_out| laid_out.column.name.as_str());
        let indexed = indexed.filter(|name| identifying.contains(name) && Some(*name) != first);
        let create = |name: &str| {
            let index = identifier(&format!("{}_{name}", self.name()));
            format!("CREATE INDEX {index} ON {} ({});", identifier(self.name()), identifier(name))
        };
        indexed.map(create).collect()
    }
}

impl LaidOut<'_> {
    /// How many decimal places the column's values have, if they are decimals.
    pub(crate) fn decimals(&self) -> Option<u32> {
        let scale = match self.column.kind {
            Kind::Money => MONEY_SCALE,
            Kind::Share => SHARE_SCALE,
            Kind::Number => NUMBER_SCALE,
            Kind::Text | Kind::Integer | Kind::Date | Kind::Boolean => return None,
        };
        Some(u32::from(scale.unsigned_abs()))
    }

    /// The column that has what is stored; of a decimal, the one with whole numbers.
    pub(crate) fn stored_name(&self) -> String {
        self.decimals().map_or_else(|| self.column.name.clone(), |places| format!("{}_e{places}", self.column.name))
    }

    fn create(&self) -> String {
        let (name, stored) = (identifier(&self.column.name), identifier(&self.stored_name()));
        let filled = if self.required { " NOT NULL" } else { "" };
        match (self.column.kind, self.decimals()) {
            (_, Some(places)) => {
                let unit = 10_u64.pow(places);
                format!("{stored} INTEGER{filled},\n  {name} REAL GENERATED ALWAYS AS ({stored} / {unit}.0) VIRTUAL")
            }
            (Kind::Boolean, _) => format!("{name} INTEGER{filled} CHECK ({name} IN (0, 1))"),
            (Kind::Date, _) => format!("{name} TEXT{filled} CHECK ({name} IS date({name}))"),
            (Kind::Integer, _) => format!("{name} INTEGER{filled}"),
            _ => format!("{name} TEXT{filled}"),
        }
    }
}

/// Columns that tell entities, persons and things apart, by which rows of several tables are joined: codes of entities and surrogate keys, and
/// text that alone is the key of a table of facts.
pub(crate) fn identifying_columns<'a>(tables: impl Iterator<Item = &'a Table>) -> BTreeSet<&'a str> {
    let of = |table: &'a Table| {
        let is_statistic = table.statistic.is_some() || table.without_persons;
        let alone = move |column: &Column| !is_statistic && column.kind == Kind::Text && table.key == [column.name.as_str()];
        let tells_apart = move |column: &Column| matches!(column.check, Some(Check::JaKodas | Check::EntityCode | Check::AsmensId));
        table.columns.iter().map(|used| used.column.as_ref()).filter(move |column| alone(column) || tells_apart(column))
    };
    tables.flat_map(of).map(|column| column.name.as_str()).collect()
}

/// A name as SQL has it.
fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

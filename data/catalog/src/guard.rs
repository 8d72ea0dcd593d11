//! Finds personal codes and birth dates in the columns of a table, each scanned as its definition says.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Decimal128Type, Int64Type};
use chrono::NaiveDate;

use crate::personal::{self, is_divided, stands_for_entity, stands_in, tells_date};
use crate::{Check, Column, Kind, Personal};

/// The classifier of states: a company's code is one of the state beside it.
const STATES: &str = "valstybes";

/// What was found in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// A personal code or a birth date in a text.
    Text,
    /// A personal code where a company's belongs.
    EntityCode,
    /// A number that looks like a personal code.
    Number,
    /// The birth date of the person whom the row is about.
    OwnBirthDate,
}

impl Finding {
    /// The rule that the row breaks, as quarantine and statistics call it.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Text => "asmens_kodas_tekste",
            Self::EntityCode => "asmens_kodas_kode",
            Self::Number => "asmens_kodas_skaiciuje",
            Self::OwnBirthDate => "gimimo_data_tekste",
        }
    }
}

/// How a column is scanned.
#[derive(Debug, Clone)]
enum Look {
    /// As free text.
    Text,
    /// As a text, unless it passes the column's own check.
    Checked(Check),
    /// As a company's code.
    EntityCode,
    /// As a number.
    Number,
}

/// Two adjacent texts across which a code may be split.
#[derive(Debug)]
struct Neighbours {
    left: usize,
    right: usize,
    /// Given and family names, which are shown as one text.
    shown_together: bool,
}

/// What to look for in which column of one table.
#[derive(Debug)]
pub struct Guard {
    looks: Vec<(usize, Look)>,
    neighbours: Vec<Neighbours>,
    state: Option<usize>,
    born: Option<usize>,
}

impl Guard {
    /// Over columns in the order of a table.
    pub fn over<'a>(columns: impl IntoIterator<Item = &'a Column>) -> Self {
        let columns: Vec<&Column> = columns.into_iter().collect();
        let looks: Vec<(usize, Look)> = columns.iter().enumerate().filter_map(|(place, column)| Some((place, look(column)?))).collect();
        let texts: Vec<usize> = looks.iter().filter(|(_, look)| matches!(look, Look::Text)).map(|(place, _)| *place).collect();
        let is_name = |place: usize| columns[place].personal == Personal::Name;
        let pair = |pair: &[usize]| Neighbours { left: pair[0], right: pair[1], shown_together: is_name(pair[0]) && is_name(pair[1]) };
        let find = |wanted: &dyn Fn(&Column) -> bool| columns.iter().position(|column| wanted(column));
        Self {
            neighbours: texts.windows(2).map(pair).collect(),
            state: find(&|column| column.check.as_ref() == Some(&Check::Classifier(STATES.to_owned()))),
            born: find(&|column| column.personal == Personal::BirthDate),
            looks,
        }
    }

    /// The cells of a received row that hold something personal, by their place in the row. `cell` gives the text at a place.
    pub fn in_row<'a>(&self, cell: impl Fn(usize) -> Option<&'a str>) -> Vec<(usize, Finding)> {
        let mut found = Vec::new();
        // Without a state beside it, a code is one of Lithuania.
        let state = self.state.and_then(&cell).unwrap_or_default();
        let born = self.born.and_then(&cell).and_then(|text| NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok());
        for (place, look) in &self.looks {
            let Some(text) = cell(*place) else { continue };
            let finding = match look {
                Look::Text => stands_in(text).then_some(Finding::Text),
                Look::Checked(check) => (!check.accepts(text) && stands_in(text)).then_some(Finding::Text),
                Look::EntityCode => stands_for_entity(text, Some(state)).then_some(Finding::EntityCode),
                Look::Number => personal::is_number(text).then_some(Finding::Number),
            };
            let own = || born.filter(|born| tells_date(text, *born)).map(|_| Finding::OwnBirthDate);
            found.extend(finding.or_else(own).map(|finding| (*place, finding)));
        }
        for pair in &self.neighbours {
            if let (Some(left), Some(right)) = (cell(pair.left), cell(pair.right))
                && is_divided(left, right, pair.shown_together)
                && !found.iter().any(|(place, _)| *place == pair.left || *place == pair.right)
            {
                found.push((pair.right, Finding::Text));
            }
        }
        found
    }

    /// How many cells of each column of a table about to be published hold something personal. What is found here should have been set aside when it was
    /// received. In computed numbers only valid codes count, or a chance number would stop a night.
    #[must_use]
    pub fn in_table(&self, columns: &[ArrayRef]) -> Vec<(usize, usize)> {
        let count = |place: usize, look: &Look| {
            let column = &columns[place];
            match column.data_type() {
                DataType::Utf8 => {
                    let state = self.state.map(|state| columns[state].as_string::<i32>());
                    let state = |row: usize| state.filter(|state| state.is_valid(row)).map(|state| state.value(row));
                    let texts = column.as_string::<i32>().iter().enumerate().filter_map(|(row, text)| Some((row, text?)));
                    texts.filter(|(row, text)| self.is_personal_text(look, text, state(*row))).count()
                }
                DataType::Int64 => {
                    let numbers = column.as_primitive::<Int64Type>().iter().flatten();
                    numbers.filter(|number| personal::is_whole_number(u128::from(number.unsigned_abs()))).count()
                }
                DataType::Decimal128(_, scale) => {
                    let unit = 10_u128.pow(u32::from(scale.unsigned_abs()));
                    let numbers = column.as_primitive::<Decimal128Type>().iter().flatten();
                    numbers.filter(|number| personal::is_whole_number(number.unsigned_abs() / unit)).count()
                }
                _ => 0,
            }
        };
        self.looks.iter().map(|(place, look)| (*place, count(*place, look))).filter(|(_, count)| *count > 0).collect()
    }

    fn is_personal_text(&self, look: &Look, text: &str, state: Option<&str>) -> bool {
        match look {
            Look::Checked(check) if check.accepts(text) => false,
            Look::EntityCode => stands_for_entity(text, state),
            _ => stands_in(text),
        }
    }
}

/// How a column is scanned; `None` if it cannot hold a code, or holds codes lawfully.
fn look(column: &Column) -> Option<Look> {
    match (column.kind, &column.check) {
        _ if matches!(column.personal, Personal::Code | Personal::BirthDate) => None,
        (Kind::Text, Some(Check::EntityCode)) => Some(Look::EntityCode),
        (Kind::Text, Some(check @ (Check::JaKodas | Check::Numeris | Check::AsmensId | Check::PublishedFile))) => {
            Some(Look::Checked(check.clone()))
        }
        (Kind::Text, _) => Some(Look::Text),
        (Kind::Integer | Kind::Money | Kind::Number, _) => Some(Look::Number),
        (Kind::Share | Kind::Date | Kind::Boolean, _) => None,
    }
}

//! Bad rows: copies of a good row with one thing broken, so that exactly one rule is the first to catch each.
//! They carry nothing that the good country needs.

use crate::Error;

/// Stands in a field where a byte is to be that no UTF-8 text has; see [`crate::format::encode`].
pub(crate) const BROKEN_BYTE: char = '\u{E000}';
/// A code of nine digits whose control digit is wrong.
const WRONG_ENTITY_CODE: &str = "300000001";
/// A personal code whose control digit is wrong.
const WRONG_PERSONAL_CODE: &str = "36002290002";

/// What is broken, and in which column (by the file's own heading).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// One field too few.
    MissingField,
    /// One field too many.
    ExtraField,
    /// A byte that no UTF-8 text has.
    Encoding(&'static str),
    /// A required value is missing.
    Required(&'static str),
    /// A legal entity's code with a wrong control digit.
    EntityCode(&'static str),
    /// A personal code with a wrong control digit.
    PersonalCode(&'static str),
    /// An ISSN with a wrong control digit.
    StandardNumber(&'static str),
    /// A code that is not in the classifier.
    Classifier(&'static str),
    /// A day that no calendar has, or a date in another notation.
    Date(&'static str, &'static str),
    /// Not a whole number.
    Integer(&'static str),
    /// Not a sum of money.
    Money(&'static str),
    /// Neither yes nor no.
    Boolean(&'static str),
    /// Below zero.
    Negative(&'static str),
    /// The first date is after the second.
    Order(&'static str, &'static str),
    /// None of these columns has a value.
    NoneOf(&'static [&'static str]),
    /// The key of an earlier row once more, with another value in this column.
    Key(&'static str, &'static str),
}

impl Fault {
    /// The rule that must catch the row.
    pub(crate) fn rule(self) -> &'static str {
        match self {
            Self::MissingField | Self::ExtraField => "columns",
            Self::Encoding(_) => "encoding",
            Self::Required(_) => "required",
            Self::EntityCode(_) => "ja_kodas",
            Self::PersonalCode(_) => "asmens_kodas",
            Self::StandardNumber(_) => "numeris",
            Self::Classifier(_) => "classifier",
            Self::Date(..) => "date",
            Self::Integer(_) => "integer",
            Self::Money(_) => "money",
            Self::Boolean(_) => "boolean",
            Self::Negative(_) => "not_negative",
            Self::Order(..) => "order",
            Self::NoneOf(_) => "require_one",
            Self::Key(..) => "key",
        }
    }

    /// Breaks `row`, a good row of `file` whose headings are `columns`.
    ///
    /// # Errors
    /// [`Error::Column`] when the file has no such heading.
    pub(crate) fn apply(self, file: &'static str, columns: &[&'static str], row: &mut Vec<String>) -> Result<(), Error> {
        let mut set = |column: &'static str, value: &str| {
            let place = columns.iter().position(|&heading| heading == column).ok_or(Error::Column { file, column })?;
            value.clone_into(&mut row[place]);
            Ok::<(), Error>(())
        };
        match self {
            Self::MissingField => drop(row.pop()),
            Self::ExtraField => row.push(String::new()),
            Self::Encoding(column) => set(column, &format!("Netinkamas baitas {BROKEN_BYTE}"))?,
            Self::Required(column) => set(column, "")?,
            Self::EntityCode(column) => set(column, WRONG_ENTITY_CODE)?,
            Self::PersonalCode(column) => set(column, WRONG_PERSONAL_CODE)?,
            Self::StandardNumber(column) => set(column, "0032-147X")?,
            Self::Classifier(column) => set(column, "nezinomas_kodas")?,
            Self::Integer(column) => set(column, "12a")?,
            Self::Money(column) => set(column, "10.005")?,
            Self::Boolean(column) => set(column, "taip")?,
            Self::Negative(column) => set(column, "-5")?,
            Self::Date(column, value) | Self::Key(column, value) => set(column, value)?,
            Self::Order(first, second) => {
                set(first, "2020-05-02")?;
                set(second, "2020-05-01")?;
            }
            Self::NoneOf(group) => {
                for column in group {
                    set(column, "")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code, is_personal_code};
    use catalog::numbers::issn;

    use super::*;

    #[test]
    fn wrong_codes_are_wrong() {
        assert!(!is_legal_entity_code(WRONG_ENTITY_CODE) && !is_old_legal_entity_code(WRONG_ENTITY_CODE));
        assert!(!is_personal_code(WRONG_PERSONAL_CODE) && issn("0032-147X").is_none());
    }

    #[test]
    fn a_fault_changes_its_column_only_and_an_unknown_column_is_an_error() {
        let good = ["1", "2", "3"].map(str::to_owned).to_vec();
        let mut row = good.clone();
        Fault::Required("b").apply("file", &["a", "b", "c"], &mut row).expect("the column is there");
        assert_eq!(row, ["1", "", "3"]);
        assert!(matches!(Fault::Required("d").apply("file", &["a", "b", "c"], &mut row), Err(Error::Column { column: "d", .. })));
    }
}

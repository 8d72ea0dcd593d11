//! A column: its name means the same in every table, because it is defined once in `data/columns`.

use arrow::datatypes::DataType;
use serde::Deserialize;

use crate::{Check, Personal};

/// Decimal places of a sum of money, in euros.
pub const MONEY_SCALE: i8 = 2;
/// Decimal places of a share of a whole.
pub const SHARE_SCALE: i8 = 12;
/// Decimal places of any other measured number (an index, an average).
pub const NUMBER_SCALE: i8 = 4;

/// A title or a description in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Lithuanian, what people read.
    pub lt: String,
    /// English, for reuse abroad.
    pub en: String,
}

/// What a value is; each kind maps to exactly one type in every engine and format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// UTF-8 text. Codes are text: leading zeros exist in history.
    Text,
    /// A whole number, 64 bits.
    Integer,
    /// Euros, DECIMAL(18,2).
    Money,
    /// A share of a whole, DECIMAL(13,12): 1 is everything.
    Share,
    /// Any other number, DECIMAL(18,4).
    Number,
    /// A calendar date.
    Date,
    /// Yes or no.
    Boolean,
}

impl Kind {
    /// Every kind, for tests that walk all of them.
    pub const ALL: [Self; 7] = [Self::Text, Self::Integer, Self::Money, Self::Share, Self::Number, Self::Date, Self::Boolean];

    /// The Arrow type of a column of this kind.
    #[must_use]
    pub fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Integer => DataType::Int64,
            Self::Money => DataType::Decimal128(18, MONEY_SCALE),
            Self::Share => DataType::Decimal128(13, SHARE_SCALE),
            Self::Number => DataType::Decimal128(18, NUMBER_SCALE),
            Self::Date => DataType::Date32,
            Self::Boolean => DataType::Boolean,
        }
    }

    /// The SQL type of a column of this kind, as DuckDB and DataFusion both spell it.
    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::Text => "VARCHAR",
            Self::Integer => "BIGINT",
            Self::Money => "DECIMAL(18,2)",
            Self::Share => "DECIMAL(13,12)",
            Self::Number => "DECIMAL(18,4)",
            Self::Date => "DATE",
            Self::Boolean => "BOOLEAN",
        }
    }

    /// Whether values are numbers (set to the right in tables, allowed in a sum).
    #[must_use]
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Money | Self::Share | Self::Number)
    }
}

/// One column of the dictionary.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// ASCII Lithuanian name; filled from the key in the file.
    #[serde(skip)]
    pub name: String,
    /// What a value is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What people read above the column.
    pub title: Text,
    /// More than a title can say.
    #[serde(default)]
    pub description: Option<Text>,
    /// The rule every value must meet.
    #[serde(default)]
    pub check: Option<Check>,
    /// Unit of measure, when the kind does not say it (`egz.`, `EUR`).
    #[serde(default)]
    pub unit: Option<String>,
    /// What it says of a natural person.
    #[serde(default)]
    pub personal: Personal,
    /// For dates: it dates something that has happened, so it cannot be in the future. A date on which something begins or ends may be.
    #[serde(default)]
    pub past: bool,
}

impl Column {
    /// Whether it holds free text, in which somebody may have written a personal code by mistake.
    #[must_use]
    pub fn is_free_text(&self) -> bool {
        let checked = self.check.as_ref().is_some_and(|check| !matches!(check, Check::EntityCode));
        self.kind == Kind::Text && !checked && self.personal != Personal::Code
    }
}

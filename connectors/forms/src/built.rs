//! Reports that people build themselves, without SQL: which tables there are, and what is chosen of one.

/// A table of which reports are built.
#[derive(Debug, Clone)]
pub struct BuiltTable {
    /// Its name in addresses and files: small letters and underscores.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What one row of it is.
    pub description: String,
    /// Its columns, in order.
    pub columns: Vec<BuiltColumn>,
}

/// A column of it.
#[derive(Debug, Clone)]
pub struct BuiltColumn {
    /// Its name: small letters, digits and underscores.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// Whether its values may be summed up.
    pub is_summed: bool,
}

/// How a column is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// It is the value.
    Is,
    /// It is another one, or empty.
    IsNot,
    /// Its text has the words, whatever their marks and capitals.
    Has,
    /// It is as large, or later.
    AtLeast,
    /// It is as small, or earlier.
    AtMost,
    /// Of yes and no: yes.
    Yes,
    /// Of yes and no: no.
    No,
    /// There is a value.
    Filled,
    /// There is none.
    Empty,
}

impl Comparison {
    /// All of them, in the order in which people choose.
    pub const ALL: [Self; 9] =
        [Self::Is, Self::IsNot, Self::Has, Self::AtLeast, Self::AtMost, Self::Yes, Self::No, Self::Filled, Self::Empty];

    /// Its word in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Is => "yra",
            Self::IsNot => "nera",
            Self::Has => "turi",
            Self::AtLeast => "nuo",
            Self::AtMost => "iki",
            Self::Yes => "taip",
            Self::No => "ne",
            Self::Filled => "nurodyta",
            Self::Empty => "nenurodyta",
        }
    }

    /// What people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Is => "yra",
            Self::IsNot => "nėra",
            Self::Has => "turi žodžius",
            Self::AtLeast => "ne mažiau kaip (nuo)",
            Self::AtMost => "ne daugiau kaip (iki)",
            Self::Yes => "taip",
            Self::No => "ne",
            Self::Filled => "nurodyta",
            Self::Empty => "nenurodyta",
        }
    }

    /// Whether it needs a value.
    #[must_use]
    pub fn needs_value(self) -> bool {
        matches!(self, Self::Is | Self::IsNot | Self::Has | Self::AtLeast | Self::AtMost)
    }
}

/// One condition that rows must meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// The column.
    pub column: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what, as it was typed; empty where no value is needed.
    pub value: String,
}

/// What somebody chose of a table. Where anything is grouped or summed up, rows are counted, too; else the columns are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// All of these must be met.
    pub criteria: Vec<Criterion>,
    /// Columns to show; none means all.
    pub columns: Vec<String>,
    /// Columns by whose values rows are grouped.
    pub group: Vec<String>,
    /// Columns whose values are summed up.
    pub sums: Vec<String>,
}

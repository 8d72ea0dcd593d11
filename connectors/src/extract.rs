//! What a connector declares: its register, and for each extract the file, its encoding and how headings map to columns.

use catalog::Table;

/// One register (or the manual feeds) and the extracts it gives.
#[derive(Debug)]
pub struct Connector {
    /// Code of classifier `saltiniai`.
    pub source: &'static str,
    /// Its extracts; each fills one raw table.
    pub extracts: &'static [Extract],
}

/// One file of a register.
#[derive(Debug)]
pub struct Extract {
    /// The raw table it fills.
    pub table: &'static str,
    /// File name in the drop folder; other forms of the file have the same name with another ending.
    pub file: &'static str,
    /// Character encoding that was agreed; what a text's bytes say comes first.
    pub encoding: Encoding,
    /// Whether the heading line is always there.
    pub heading_line: HeadingLine,
    /// How headings map to columns.
    pub headings: Headings,
    /// Where the same is found in the state data API, if it gives every column that must be filled.
    pub uapi: Option<UapiModel>,
    /// How it is asked for code by code over the signed web service, if it can be.
    pub asked_by: Option<AskedBy>,
    /// Whether rows of earlier years may lie beside it in the drop folder (`istorija/`).
    pub history: bool,
}

/// How a register that answers only about those whose codes it is given is asked for an extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedBy {
    /// The column that holds the code that was asked for, in every row.
    pub column: &'static str,
    /// Whom it is about.
    pub about: About,
}

/// Whom an extract is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Natural persons, by personal code.
    Persons,
    /// Legal entities, by code.
    Entities,
    /// Legal entities, then the entities among their owners, level by level.
    EntitiesAndOwners,
}

/// A model of the state data API, and which of its properties are needed.
#[derive(Debug, Clone, Copy)]
pub struct UapiModel {
    /// Its path: dataset and name.
    pub model: &'static str,
    /// Path of a property (`forma.kodas`: of the referenced object) and the column it fills. Other columns stay empty.
    pub properties: &'static [(&'static str, &'static str)],
}

/// Character encoding of delimited text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, a byte-order mark is skipped.
    Utf8,
    /// The code page of older Lithuanian systems.
    Windows1257,
}

/// Whether the register always writes the heading line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingLine {
    /// Without it the extract is refused.
    Required,
    /// Some files of this register lack it; then columns are taken by position.
    MayBeMissing,
}

/// Where a heading goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maps {
    /// Into this column of the raw table.
    To(&'static str),
    /// Nowhere: known, and not needed.
    Ignore,
}

/// How headings map to columns.
#[derive(Debug)]
pub enum Headings {
    /// Extract format 1: headings are the names of the raw table's received columns, in its order (docs/extract-format.md).
    FormatOne,
    /// The register's own headings, in the order of the file, each with where it goes.
    Own(&'static [(&'static str, Maps)]),
}

impl Extract {
    /// An extract in format 1, the format of everything that has no public schema.
    #[must_use]
    pub const fn format_one(table: &'static str, file: &'static str) -> Self {
        Self {
            table,
            file,
            encoding: Encoding::Utf8,
            heading_line: HeadingLine::Required,
            headings: Headings::FormatOne,
            uapi: None,
            asked_by: None,
            history: false,
        }
    }

    /// The same extract, to be had from the signed web service as well, by the codes in `column`.
    #[must_use]
    pub const fn asked_by(self, column: &'static str, about: About) -> Self {
        Self { asked_by: Some(AskedBy { column, about }), ..self }
    }

    /// The same extract, in another encoding.
    #[must_use]
    pub const fn encoded(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }

    /// The same extract, with history beside it.
    #[must_use]
    pub const fn with_history(self) -> Self {
        Self { history: true, ..self }
    }

    /// The same extract, to be had from the state data API as well.
    #[must_use]
    pub const fn with_uapi(self, model: &'static str, properties: &'static [(&'static str, &'static str)]) -> Self {
        Self { uapi: Some(UapiModel { model, properties }), ..self }
    }

    /// Headings in the order of the file, each with the column it fills (`None`: ignored).
    #[must_use]
    pub fn headings(&self, table: &Table) -> Vec<(String, Option<String>)> {
        match self.headings {
            Headings::FormatOne => table.received().map(|column| (column.column.name.clone(), Some(column.column.name.clone()))).collect(),
            Headings::Own(own) => own
                .iter()
                .map(|(heading, maps)| {
                    let column = match maps {
                        Maps::To(column) => Some((*column).to_owned()),
                        Maps::Ignore => None,
                    };
                    ((*heading).to_owned(), column)
                })
                .collect(),
        }
    }
}

//! A feed: what one kind of submitter submits. Its form has sections, each with the records of one raw table; a record has fields.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use catalog::{Check, Column, Personal, Table};
use serde::Deserialize;

use crate::Role;

pub use crate::conditions::{Condition, Dependency};

/// Column that names an outlet; where the system does not give it, the outlet is chosen from those of the VIRS.
pub const OUTLET: &str = "vip_nr";
/// Column of an outlet's last day.
pub const OUTLET_ENDED: &str = "isregistravimo_data";
/// Column that names a VIRS or another legal entity.
pub const ENTITY: &str = "ja_kodas";

/// Which VIRS a feed is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// The VIRS that submits it.
    Own,
    /// Broadcasters, re-broadcasters, online distributors, on-demand providers.
    Audiovisual,
    /// Any.
    All,
}

/// Columns that a look-up of a person fills.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonFields {
    /// The personal code that is asked about.
    pub code: String,
    /// Filled with the given names.
    pub given: String,
    /// Filled with the family names.
    pub family: String,
}

/// Columns that a look-up of a legal entity fills.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityFields {
    /// The code that is asked about.
    pub code: String,
    /// Filled with the name.
    pub name: String,
    /// Filled with the legal form, in words.
    pub form: Option<String>,
}

/// Where a value comes from that nobody types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// The code of the VIRS.
    Virs,
    /// The name of the organisation acted for.
    OrganisationName,
    /// Its code.
    OrganisationCode,
    /// A number of this system's own, with this prefix.
    Number(String),
    /// Always this.
    Constant(String),
}

/// A field: a column of the table, as this form shows it.
#[derive(Debug, Clone)]
pub struct Field {
    /// The column, of which type and checks come.
    pub column: Arc<Column>,
    /// What people read beside it.
    pub title: String,
    /// What helps to fill it.
    pub hint: Option<String>,
    /// What is asked for where it is missing, in the accusative: „veiklos pradžią“. Every field that may be demanded has it.
    pub ask: String,
    /// Whether it must have a value.
    pub required: bool,
    /// A value that the system gives; such a field is shown, not typed.
    pub given: Option<Given>,
    /// A value it begins with.
    pub default: Option<Given>,
    /// Whether several codes of a classifier may be chosen, and of which.
    pub several: Option<String>,
    /// Whether a day after today is wrong.
    pub past: bool,
    /// Whether zero is wrong, too.
    pub positive: bool,
}

impl Field {
    /// Name of the column.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.column.name
    }

    /// The classifier whose codes it takes.
    #[must_use]
    pub fn classifier(&self) -> Option<&str> {
        match &self.column.check {
            Some(Check::Classifier(name)) => Some(name),
            _ => self.several.as_deref(),
        }
    }

    /// Whether its value is an outlet to be chosen.
    #[must_use]
    pub fn is_outlet(&self) -> bool {
        self.name() == OUTLET && self.given.is_none()
    }

    /// Whether those who may not see codes of persons may not see it (table 5).
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self.column.personal, Personal::Code | Personal::BirthDate)
    }
}

/// A part of a form: records of one raw table.
#[derive(Debug, Clone)]
pub struct Section {
    /// The table it fills.
    pub table: Arc<Table>,
    /// Name in the form: the table's, without its source.
    pub name: String,
    /// Heading.
    pub title: String,
    /// What one record is called.
    pub one: String,
    /// What the button says that adds one.
    pub add: String,
    /// What helps to fill it.
    pub help: Option<String>,
    /// At least so many records.
    pub min: usize,
    /// At most so many.
    pub max: usize,
    /// Fields in the order of the table.
    pub fields: Vec<Field>,
    /// Demands of one column's value on others.
    pub dependencies: Vec<Dependency>,
    /// Columns that say nothing without another: a number of shares without the number of all.
    pub with: BTreeMap<String, String>,
    /// Columns that tell which row of the old history a record stands for; where a submission says everything there is, it stands for all
    /// rows of its VIRS.
    pub replaces: Vec<String>,
    /// Date columns filled with the day of submission where nobody typed another.
    pub day: BTreeSet<String>,
    /// What a look-up of a person fills.
    pub person: Option<PersonFields>,
    /// What a look-up of an entity fills.
    pub entity: Option<EntityFields>,
}

impl Section {
    /// The column that says which institution speaks, if several may.
    #[must_use]
    pub fn institution(&self) -> Option<&str> {
        let speaks = |field: &&Field| [&field.given, &field.default].into_iter().flatten().any(|given| *given == Given::OrganisationCode);
        self.fields.iter().find(speaks).map(Field::name)
    }

    /// Whether its records are outlets, whose numbers the system gives.
    #[must_use]
    pub fn declares_outlets(&self) -> bool {
        self.field(OUTLET).is_some_and(|field| field.given.is_some())
    }

    /// The field of a column.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name() == name)
    }

    /// Columns that tell one record from another: the table's key; where it has none, what a record stands for and the person it names.
    #[must_use]
    pub fn identity(&self) -> Vec<&str> {
        let person = self.person.iter().map(|fields| fields.code.as_str()).filter(|_| self.table.key.is_empty());
        let columns = if self.table.key.is_empty() { &self.replaces } else { &self.table.key };
        columns.iter().map(String::as_str).chain(person).collect()
    }
}

/// What one kind of submitter submits: the seven feeds of the specification, of which the VIRS's own data are two.
#[derive(Debug, Clone)]
pub struct Feed {
    /// File name without `.toml`; stands in addresses.
    pub name: String,
    /// Place in lists.
    pub order: u32,
    /// What people read.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Who submits it.
    pub role: Role,
    /// Which VIRS it is about.
    pub about: About,
    /// Whether a submission says everything there is to say about the VIRS, so that a new one always takes the place of the last.
    pub whole: bool,
    /// How many documents may be attached.
    pub attachments: usize,
    /// Whether whoever submits it may have them published.
    pub publishes: bool,
    /// Its parts.
    pub sections: Vec<Section>,
}

impl Feed {
    /// The part called `name`.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }
}

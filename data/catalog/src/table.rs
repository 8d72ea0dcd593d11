//! A table: which columns of the dictionary it has, its key, its bounds, its tiers.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use serde::Deserialize;

use crate::k_anonymity::KAnonymityFile;
use crate::well_known::{MARKS, PUBLISHED_FILE, SUBMITTER};
use crate::{Column, History, KAnonymity, Payments, Protect, Role, Round, Search, Statistic, Text, Tier};

/// Where a table stands in the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// As received from a register or a form; lives for the run only.
    Raw,
    /// Typed, cleaned, persons replaced by a surrogate key.
    Core,
    /// Publishable.
    Out,
}

impl Layer {
    /// The layer that a table's name begins with.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name.split_once('_')?.0 {
            "raw" => Some(Self::Raw),
            "core" => Some(Self::Core),
            "out" => Some(Self::Out),
            _ => None,
        }
    }
}

/// How many rows a table may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// At least so many.
    #[serde(default)]
    pub min: u64,
    /// At most so many.
    #[serde(default)]
    pub max: Option<u64>,
}

/// A column as one table uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// The dictionary's entry.
    pub column: Arc<Column>,
    /// Whether every row must have a value.
    pub required: bool,
}

/// One definition of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// File name without `.toml`: `raw_<source>__<subject>`, `core_<subject>` or `out_<subject>`.
    pub name: String,
    /// Taken from the name.
    pub layer: Layer,
    /// What people read.
    pub title: Text,
    /// What one row is, and where it comes from.
    pub description: Text,
    /// Columns that tell rows apart.
    pub key: Vec<String>,
    /// Columns in the order in which they are shown.
    pub columns: Vec<TableColumn>,
    /// Row bounds.
    pub rows: Bounds,
    /// Tiers an `out_` table is published in.
    pub tiers: Vec<Tier>,
    /// Pairs of date columns of which the first may not be after the second.
    pub order: Vec<(String, String)>,
    /// Groups of columns of which at least one must have a value.
    pub require_one: Vec<Vec<String>>,
    /// Of a statistic about persons: which rows it counts, and how.
    pub statistic: Option<Statistic>,
    /// Protected cells.
    pub protect: Vec<Protect>,
    /// Counts that only the internal tier sees exactly.
    pub round: Vec<Round>,
    /// Of open rows behind which persons stand: among how many others each must be lost.
    pub k_anonymity: Option<KAnonymity>,
    /// Of a table of payments: who paid what and when.
    pub payments: Option<Payments>,
    /// Of a table whose rows name what people look for: how that is found.
    pub search: Option<Search>,
    /// Of a statistic: no natural person can stand behind any of its cells, so that none needs protection.
    pub without_persons: bool,
    /// Of a raw table: the date column that says when a row's fact happened; a new extract may not end earlier than the last one.
    pub event: Option<String>,
    /// Of a submitted raw table: the date column that says when somebody handed a row in. The system fills it: no file has it and no form
    /// asks for it.
    pub handed_in: Option<String>,
    /// Of a raw table: whether people submit its rows (the manual feeds), so that this system itself holds them, codes of persons included.
    pub submitted: bool,
    /// Of a raw table: what it tells, where the program must know.
    pub role: Option<Role>,
    /// Of a raw table: the core table that takes its rows as they are. Where several raw tables feed one and bring the same key, the row of
    /// the one whose source stands first in classifier `saltiniai` counts.
    pub feeds: Option<String>,
    /// Of a published table: the systems that its rows come from, codes of classifier `saltiniai`, the one that says most first. Empty where they come
    /// from all, or are worked out.
    pub sources: Vec<String>,
    /// Of a raw table: the column with codes of entities that are named beside the one a row is about; the register of entities is asked
    /// about these, too.
    pub mentions: Option<String>,
    /// Of an `out_` table: that it is remembered what releases showed of it, and which columns say when its facts hold.
    pub history: Option<History>,
}

/// The file's own shape, before column names are looked up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableFile {
    pub(crate) title: Text,
    pub(crate) description: Text,
    #[serde(default)]
    pub(crate) key: Vec<String>,
    pub(crate) columns: Vec<String>,
    #[serde(default)]
    pub(crate) rows: Bounds,
    #[serde(default)]
    pub(crate) tiers: Vec<Tier>,
    #[serde(default)]
    pub(crate) order: Vec<(String, String)>,
    #[serde(default)]
    pub(crate) require_one: Vec<Vec<String>>,
    #[serde(default)]
    pub(crate) statistic: Option<Statistic>,
    #[serde(default)]
    pub(crate) protect: Vec<Protect>,
    #[serde(default)]
    pub(crate) round: Vec<Round>,
    #[serde(default)]
    pub(crate) k_anonymity: Option<KAnonymityFile>,
    #[serde(default)]
    pub(crate) payments: Option<Payments>,
    #[serde(default)]
    pub(crate) search: Option<Search>,
    #[serde(default)]
    pub(crate) without_persons: bool,
    #[serde(default)]
    pub(crate) event: Option<String>,
    #[serde(default)]
    pub(crate) handed_in: Option<String>,
    #[serde(default)]
    pub(crate) submitted: bool,
    #[serde(default)]
    pub(crate) role: Option<Role>,
    #[serde(default)]
    pub(crate) feeds: Option<String>,
    #[serde(default)]
    pub(crate) sources: Vec<String>,
    #[serde(default)]
    pub(crate) mentions: Option<String>,
    #[serde(default)]
    pub(crate) history: Option<History>,
}

impl Table {
    /// The name without its layer: what files, views and pages are called.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.name.split_once('_').map_or(self.name.as_str(), |(_, subject)| subject)
    }

    /// The source of a raw table: code of classifier `saltiniai`.
    #[must_use]
    pub fn source(&self) -> &str {
        self.subject().split_once("__").map_or(self.subject(), |(source, _)| source)
    }

    /// The column called `name`, if the table has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&TableColumn> {
        self.columns.iter().find(|column| column.column.name == name)
    }

    /// To what a column's counts are rounded in `tier`, if they are.
    #[must_use]
    pub fn rounded_to(&self, column: &str, tier: Tier) -> Option<i64> {
        let rule = self.round.iter().find(|rule| tier != Tier::Internal && rule.columns.iter().any(|name| name == column));
        rule.map(|rule| rule.base)
    }

    /// Columns that whoever hands rows in fills: all but those of the system itself.
    pub fn received(&self) -> impl Iterator<Item = &TableColumn> {
        let is_given = |name: &String| name == SUBMITTER || name == PUBLISHED_FILE || self.handed_in.as_ref() == Some(name);
        self.columns.iter().filter(move |column| !is_given(&column.column.name))
    }

    /// Columns that `tier` may see, in order.
    pub fn visible(&self, tier: Tier) -> impl Iterator<Item = &TableColumn> {
        self.columns.iter().filter(move |column| {
            column.column.personal.allowed_in(tier) && !(tier == Tier::Open && MARKS.contains(&column.column.name.as_str()))
        })
    }

    /// Arrow schema of the whole table.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        Arc::new(Schema::new(self.columns.iter().map(TableColumn::field).collect::<Vec<_>>()))
    }

    /// Arrow schema of what `tier` may see.
    #[must_use]
    pub fn schema_for(&self, tier: Tier) -> SchemaRef {
        Arc::new(Schema::new(self.visible(tier).map(|column| self.field_for(column, tier)).collect::<Vec<_>>()))
    }

    /// Arrow schema with every column as text: what a connector fills.
    #[must_use]
    pub fn raw_schema(&self) -> SchemaRef {
        let text = |column: &TableColumn| Field::new(&column.column.name, crate::Kind::Text.arrow(), true);
        Arc::new(Schema::new(self.columns.iter().map(text).collect::<Vec<_>>()))
    }

    /// Whether some column says anything of a natural person.
    #[must_use]
    pub fn has_personal(&self) -> bool {
        self.columns.iter().any(|column| column.column.personal.is_about_persons())
    }

    /// A value that a tier may not see is empty there, whatever the definition requires of it elsewhere.
    fn field_for(&self, column: &TableColumn, tier: Tier) -> Field {
        let name = &column.column.name;
        let protected = tier != Tier::Internal && self.protect.iter().any(|rule| rule.persons == *name || rule.values.contains(name));
        let emptied = tier == Tier::Open && self.k_anonymity.iter().any(|rule| rule.quasi_identifiers().any(|emptied| emptied == name));
        if protected || emptied || column.column.personal.withheld_by(tier).is_some() {
            column.field().with_nullable(true)
        } else {
            column.field()
        }
    }
}

impl TableColumn {
    /// The Arrow field: name, type, and whether it may be empty.
    #[must_use]
    pub fn field(&self) -> Field {
        Field::new(&self.column.name, self.column.kind.arrow(), !self.required)
    }
}

//! Of a table whose rows name what people look for: what it is called, and by what else it is found, so that the portal can be searched.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Text;

/// What of a table is found by searching the portal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What each thing is; tables that say the same here tell of the same things.
    pub kind: Text,
    /// What it is called: of these sets of columns the first of which something is filled.
    pub name: Vec<Vec<String>>,
    /// Columns by whose text it is found, too: codes, standard numbers.
    #[serde(default)]
    pub found_by: Vec<String>,
    /// Columns of web and e-mail addresses, by whose domain it is found.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Columns that tell things of one name apart. They are not shown.
    #[serde(default)]
    pub told_apart_by: Vec<String>,
    /// Rows that name nothing: those that have this text in this column.
    #[serde(default)]
    pub except: BTreeMap<String, String>,
}

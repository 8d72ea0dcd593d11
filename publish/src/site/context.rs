//! What the pages are made of beside tables.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use catalog::{News, Released, Table, Tier};

use super::sql::parts::SqlPages;
use super::statistic_figures::StatisticFigures;
use crate::boundaries::Boundaries;
use crate::database::DatabaseWriter;
use crate::store::manifest::ReleaseInfo;
use crate::store::staging::Written;

/// Puts rows of a tier's table through the gate once more; gives the rule that they break.
pub type Admit = dyn Fn(Arc<Table>, Tier, RecordBatch) -> Result<Released, String> + Sync;

/// Gives rows of a release of a generation of persons' ids ([`ReleaseInfo::person_ids`]) those of the last one.
pub type RenewIds<'a> = dyn Fn(&RecordBatch, u64) -> Result<RecordBatch, ArrowError> + Sync + 'a;

/// What the site says about the release beside its tables.
#[derive(Clone, Copy)]
pub struct SiteContext<'a> {
    /// News that are shown on this release's day, the newest first.
    pub news: &'a [&'a News],
    /// Date and sources of the release.
    pub release: &'a ReleaseInfo,
    /// What the gate's audit saw of the statistics that changed; of the others the last release says it.
    pub audited: &'a [StatisticFigures],
    /// The SQL that makes each table.
    pub models: &'a BTreeMap<String, String>,
    /// A line on top of every page, in Lithuanian: that the data is made up, for example.
    pub notice: Option<&'a str>,
    /// A secret of this installation, under which it is remembered what pages show.
    pub salt: [u8; 32],
    /// The gate: lets rows of a release that stood through again, or gives the rule that they break.
    pub admit: &'a Admit,
    /// The ids of persons in what earlier releases showed, after a rotation of the person key.
    pub renew_ids: &'a RenewIds<'a>,
    /// How readers ask the tables themselves.
    pub sql: SqlAccess<'a>,
    /// What the map of the country draws instead of tiles.
    pub boundaries: Option<&'a Boundaries>,
    /// Whether the internal tier has pages and every format, as the portal's tiers do. Otherwise its tables are there as Parquet alone.
    pub internal_pages: bool,
}

impl std::fmt::Debug for SiteContext<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SiteContext")
    }
}

/// How readers ask the tables of the portal's tiers themselves; by default not at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct SqlAccess<'a> {
    /// Writes the database file of each tier.
    pub database: Option<&'a dyn DatabaseWriter>,
    /// Writes the same tables as a file of SQLite.
    pub sqlite: Option<&'a dyn DatabaseWriter>,
    /// The pages on which it is asked in a browser.
    pub pages: Option<&'a SqlPages>,
    /// Whether the pages are those of the release that this one builds on, if it has any: they hold nothing of any row.
    pub as_it_stands: bool,
}

/// Sizes of the downloads of one tier, by table and file extension.
pub(crate) type Downloads<'a> = HashMap<(&'a str, &'static str), Written>;

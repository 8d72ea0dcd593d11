//! What the pages are made of beside tables.

use std::collections::{BTreeMap, HashMap};

use catalog::News;

use super::statistic_figures::StatisticFigures;
use crate::store::manifest::ReleaseInfo;
use crate::store::staging::Written;

/// What the site says about the release beside its tables.
#[derive(Debug, Clone, Copy)]
pub struct SiteContext<'a> {
    /// News that are shown on this release's day, the newest first.
    pub news: &'a [&'a News],
    /// Date and sources of the release.
    pub release: &'a ReleaseInfo,
    /// What the gate's audit saw of the statistics that changed; of the others the last release says it.
    pub audited: &'a [StatisticFigures],
    /// The SQL that makes each table.
    pub sql: &'a BTreeMap<String, String>,
    /// A line on top of every page, in Lithuanian: that the data is made up, for example.
    pub notice: Option<&'a str>,
    /// A secret of this installation, under which it is remembered what pages show.
    pub salt: [u8; 32],
}

/// Sizes of the downloads of one tier, by table and file extension.
pub(crate) type Downloads<'a> = HashMap<(&'a str, &'static str), Written>;

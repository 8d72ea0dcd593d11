//! Where everything lies in a release: each path is made here and nowhere else. Documents alone have theirs from the catalog
//! ([`catalog::published_path`]), as rows name them.

use catalog::{Dataset, Group, Table, Tier};

/// The alphabetical list of all VIRS.
pub(crate) const ENTITY_LIST: &str = "virs/index.html";
/// What the paths of its other pages begin with; no code of a VIRS does.
pub(crate) const ENTITY_LIST_PARTS: &str = "virs/raide-";
/// What a tier's search reads first.
pub(crate) const SEARCH_INDEX: &str = "paieska.json";
/// Where the files lie that it lists.
pub(crate) const SEARCH_SHARDS: &str = "paieska/";

/// All tables of a tier in one file.
pub(crate) const DATABASE: &str = "virsis.duckdb";
/// The same, packed for a browser.
pub(crate) const DATABASE_PACKED: &str = "virsis.duckdb.gz";
/// Where the page lies in its tier on which tables are asked in SQL.
pub(crate) const SQL_PAGE: &str = "sql/index.html";
/// Where the page lies in its tier on which reports are made.
pub(crate) const REPORT_PAGE: &str = "ataskaita/index.html";
/// Where what runs SQL in a browser lies in a release of the portal, for both tiers.
pub(crate) const BROWSER_ENGINE: &str = "engine/";

/// A path of a tier, as it is in the tier's release; the internal release has one tier, so it needs no folder for it.
#[must_use]
pub fn path_in_release(tier: Tier, path: &str) -> String {
    if tier == Tier::Internal { path.to_owned() } else { format!("{}/{path}", tier.name()) }
}

/// Where a table lies in its tier, in the format with this extension.
#[must_use]
pub fn table_path(dataset: &Dataset, table: &Table, extension: &str) -> String {
    format!("data/{}/{}.{extension}", dataset.name, table.subject())
}

/// Where a dataset's page lies in its tier.
pub(crate) fn dataset_page(dataset: &Dataset) -> String {
    let folder = match dataset.group {
        Group::Duomenys => "duomenys",
        Group::Statistika => "statistika",
    };
    format!("{folder}/{}.html", dataset.name)
}

/// Where the file lies in its tier that has what is found by words with this beginning.
pub(crate) fn search_shard(beginning: &str) -> String {
    format!("{SEARCH_SHARDS}{beginning}.json")
}

/// Where the page of the VIRS with this code lies in its tier; `None` for a code that is none, which must not decide where a file is written.
pub(crate) fn entity_page(code: &str) -> Option<String> {
    entity_file(code).map(|file| format!("virs/{file}"))
}

/// The same, from the list of all VIRS.
pub(crate) fn entity_file(code: &str) -> Option<String> {
    let plain = !code.is_empty() && code.len() <= 16 && code.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| format!("{code}.html"))
}

//! Where everything lies in a release: each path is made here and nowhere else. Documents alone have theirs from the catalog
//! ([`catalog::published_path`]), as rows name them.

use catalog::{Dataset, Group, PageKind, Table, Tier};

/// The alphabetical list of all VIRS.
pub(crate) const ENTITY_LIST: &str = "virs/index.html";
/// What the paths of its other pages begin with; no code of a VIRS does.
pub(crate) const ENTITY_LIST_PARTS: &str = "virs/raide-";
/// What a tier's search reads first.
pub(crate) const SEARCH_INDEX: &str = "paieska.json";
/// Where the files lie that it lists.
pub(crate) const SEARCH_SHARDS: &str = "paieska/";

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

/// Where the page of a thing lies in its tier, if its kind has pages of single things.
pub(crate) fn thing_page(kind: &PageKind, stem: &str) -> String {
    format!("{}{stem}.html", thing_folder(kind))
}

/// The alphabetical list of a kind.
pub(crate) fn thing_list(kind: &PageKind) -> String {
    thing_page(kind, "index")
}

/// What the paths of all pages of a kind begin with.
pub(crate) fn thing_folder(kind: &PageKind) -> String {
    format!("{}/", kind.name)
}

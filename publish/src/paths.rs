//! Where everything lies in a release: each path is made here and nowhere else. Documents alone have theirs from the catalog
//! ([`catalog::published_path`]), as rows name them.

use catalog::{Dataset, Group, Table, Tier};

/// The alphabetical list of all VIRS.
pub(crate) const ENTITY_LIST: &str = "virs/index.html";

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

/// Where the page of the VIRS with this code lies in its tier; `None` for a code that is none, which must not decide where a file is written.
pub(crate) fn entity_page(code: &str) -> Option<String> {
    entity_file(code).map(|file| format!("virs/{file}"))
}

/// The same, from the list of all VIRS.
pub(crate) fn entity_file(code: &str) -> Option<String> {
    let plain = !code.is_empty() && code.len() <= 16 && code.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| format!("{code}.html"))
}

//! What the tests of this crate share: the definitions, read once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use catalog::Catalog;

use crate::Feed;

/// Folder that holds `data/`.
pub(crate) fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All definitions.
pub(crate) fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::load(&home()).unwrap())
}

/// All feeds.
pub(crate) fn feeds() -> &'static [Feed] {
    static FEEDS: OnceLock<Vec<Feed>> = OnceLock::new();
    FEEDS.get_or_init(|| Feed::load_all(&home(), catalog()).unwrap())
}

/// One feed.
pub(crate) fn feed(name: &str) -> &'static Feed {
    feeds().iter().find(|feed| feed.name == name).unwrap()
}

//! What the tests of this crate share: the definitions, read once.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use catalog::{Catalog, Table};

use crate::entry::Record;
use crate::register::Register;
use crate::{Fault, Feed, Rules};

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

/// Rules that find what they are told to find, of the table they are told.
#[derive(Debug, Default)]
pub(crate) struct FixedFaults(pub(crate) &'static str, pub(crate) Vec<Fault>);

impl Rules for FixedFaults {
    fn faults(&self, table: &Arc<Table>, _: &[&Record]) -> Vec<Fault> {
        if table.name == self.0 { self.1.clone() } else { Vec::new() }
    }
}

/// A register without any VIRS.
pub(crate) fn nobody() -> &'static Register {
    static NOBODY: OnceLock<Register> = OnceLock::new();
    NOBODY.get_or_init(Register::default)
}

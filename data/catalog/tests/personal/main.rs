//! The detector of personal values, against spellings that people and machines make, and against rows in which nothing is personal.

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod codes;
mod columns;
mod dates;
mod harmless;
mod oracle;
mod spellings;

use std::path::Path;
use std::sync::LazyLock;

use catalog::Catalog;

/// This project's definitions.
pub(crate) static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap());

//! The detector of personal values in the columns of this project: codes in each of them, and rows in which nothing is personal.

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod codes;
mod columns;
mod harmless;
#[path = "../../../personal/tests/detector/spelled.rs"]
mod spelled;

use std::path::Path;
use std::sync::LazyLock;

use catalog::Catalog;

/// This project's definitions.
pub(crate) static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap());

//! Where the configuration is if nobody says so.

use std::path::Path;

/// In the current folder.
const HERE: &str = "virsis.toml";
/// Where packages of the program put it.
const INSTALLED: &str = "/etc/virsis/virsis.toml";

/// The file in the current folder, or else that of the installed package.
pub(crate) fn default_file() -> &'static Path {
    let installed = Path::new(INSTALLED);
    if !Path::new(HERE).exists() && installed.exists() { installed } else { Path::new(HERE) }
}

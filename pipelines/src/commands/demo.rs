//! `virsis demo`: a small synthetic country, a configuration, a key, a release — all in one folder.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use synthetic::Size;

use crate::commands::key;
use crate::config::Config;
use crate::refusal::Refusal;
use crate::run::{self, Completed, RunOptions, RunReport};

/// Size of the country: small enough for a run of a second, large enough for every hard case.
const SIZE: Size = Size { virs: 40, entities: 400, participations: None, money_rows: None };
const SEED: u64 = 1;
/// What `demo` creates, and removes when it is run again; nothing else in the folder is touched.
const OWN: &[&str] = &["extracts", "portal", "internal", "state", "secrets", "virsis.toml"];

pub(crate) fn run(folder: &Path) -> Result<()> {
    let home = std::path::absolute(".").context("cannot determine the current folder")?;
    if !home.join("data/tables").is_dir() {
        return Err(
            Refusal::one("the current folder has no data/, sql/ and schedules/; run the demo in the root folder of the project").into()
        );
    }
    let folder = std::path::absolute(folder).context("cannot determine the demo's folder")?;
    for name in OWN {
        let path = folder.join(name);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match removed {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", path.display()));
            }
            _ => {}
        }
    }
    let configuration = folder.join("virsis.toml");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // Debug quotes and escapes as TOML's basic strings do.
    let text = format!(
        "# Made by `virsis demo`; virsis.example.toml shows every key.\nhome = {:?}\n\n[retention]\n# The country is made up: its extracts may stay for the next run.\nremove_personal = false\n",
        home.display().to_string()
    );
    fs::write(&configuration, text).with_context(|| format!("cannot write {}", configuration.display()))?;
    let config = Config::load(&configuration)?;
    synthetic::generate(&SIZE, SEED, &config.paths.extracts)?;
    key::make(&config.secrets.person_key_file)?;
    let Completed::Published(committed) = run::run(&config, RunOptions { as_of: None, full: true }, &mut RunReport::start())? else {
        unreachable!("a full run publishes")
    };
    let shown = configuration.strip_prefix(&home).unwrap_or(&configuration).display().to_string();
    let page = committed.portal.join("index.html");
    let page = page.strip_prefix(&home).unwrap_or(&page);
    println!("release {} of a synthetic country: {} files, {} MiB", committed.name, committed.files, committed.bytes / (1024 * 1024));
    println!("  pages           {}", page.display());
    println!("  preview server  virsis --config {shown} serve");
    println!(
        "  SQL             virsis --config {shown} sql -c 'SELECT savininko_rusis, COUNT(*) FROM savininkas GROUP BY 1 ORDER BY 2 DESC'"
    );
    println!("  reports         virsis --config {shown} report list");
    println!("(`virsis` is target/debug/virsis, or `cargo run --`)");
    Ok(())
}

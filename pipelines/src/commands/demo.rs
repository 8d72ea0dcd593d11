//! `virsis demo`: a small synthetic country, a configuration, a key, a release — all in one folder; with `--training` the form endpoint over
//! it, for people who practise.

mod folder;
mod practice;

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
pub(crate) fn run(folder: &Path, training: bool) -> Result<()> {
    let home = std::path::absolute(".").context("cannot determine the current folder")?;
    if !home.join("data/tables").is_dir() {
        return Err(
            Refusal::one("the current folder has no data/, sql/ and schedules/; run the demo in the root folder of the project").into()
        );
    }
    let folder = std::path::absolute(folder).context("cannot determine the demo's folder")?;
    folder::check_own(&folder)?;
    folder::clear(&folder)?;
    let configuration = folder.join("virsis.toml");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // Debug quotes and escapes as TOML's basic strings do.
    let text = format!(
        "{}{}`; virsis.example.toml shows every key.\nhome = {:?}\n\n[retention]\n# The country is made up: its extracts may stay for the next run.\nremove_personal = false\n{}",
        folder::MADE,
        if training { " --training" } else { "" },
        home.display().to_string(),
        if training { practice::SETTINGS } else { "" }
    );
    fs::write(&configuration, text).with_context(|| format!("cannot write {}", configuration.display()))?;
    let config = Config::load(&configuration)?;
    check_inside(&config, &folder)?;
    synthetic::generate(&SIZE, SEED, &config.paths.extracts)?;
    key::make(&config.secrets.person_key_file)?;
    if training {
        practice::begin(&config, &config.paths.extracts)?;
    }
    let Completed::Published(committed) = run::run(&config, RunOptions { as_of: None, full: true }, &mut RunReport::start())? else {
        unreachable!("a full run publishes")
    };
    let shown = configuration.strip_prefix(&home).unwrap_or(&configuration).display().to_string();
    let page = committed.portal.join("index.html");
    let page = page.strip_prefix(&home).unwrap_or(&page);
    println!("release {} of a synthetic country: {} files, {} MiB", committed.name, committed.files, committed.bytes / (1024 * 1024));
    if training {
        return practice::people(&config, &shown);
    }
    println!("  pages           {}", page.display());
    println!("  preview server  virsis --config {shown} serve");
    println!(
        "  SQL             virsis --config {shown} sql -c 'SELECT savininko_rusis, COUNT(*) FROM savininkas GROUP BY 1 ORDER BY 2 DESC'"
    );
    println!("  reports         virsis --config {shown} report list");
    println!("(`virsis` is target/debug/virsis, or `cargo run --`)");
    Ok(())
}

/// The command that makes a training environment anew.
pub(crate) fn again(config: &Config) -> String {
    format!("virsis demo --training --dir {}", folder_of(config).display())
}

/// The command that serves a training environment.
pub(crate) fn serve(config: &Config) -> String {
    format!("virsis --config {} serve", folder_of(config).join("virsis.toml").display())
}

/// Where a training environment is, seen from the project's folder.
fn folder_of(config: &Config) -> &Path {
    let folder = config.training.as_ref().and_then(|training| training.folder.ancestors().nth(2));
    let folder = folder.unwrap_or(Path::new("demo"));
    folder.strip_prefix(&config.home).unwrap_or(folder)
}

/// Refuses to write elsewhere because the environment says so.
fn check_inside(config: &Config, folder: &Path) -> Result<()> {
    let outside = config.data_folders().into_iter().chain([&config.secrets.person_key_file, &config.forms.store]);
    match outside.into_iter().find(|path| !path.starts_with(folder)) {
        Some(path) => Err(Refusal::one(format!(
            "a demo writes into {} alone, but a variable VIRSIS_… puts something at {}; unset it",
            folder.display(),
            path.display()
        ))
        .into()),
        None => Ok(()),
    }
}

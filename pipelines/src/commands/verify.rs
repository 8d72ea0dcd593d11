//! `virsis verify`: is a release exactly what its manifest says, and has each tier only the columns it may have?

use std::path::{Path, PathBuf};

use anyhow::Result;
use catalog::Catalog;

use crate::config::Config;
use crate::home;
use crate::refusal::Refusal;

pub(crate) fn run(config: &Config, folder: Option<PathBuf>) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    match folder {
        Some(folder) => one(&folder, &catalog),
        None => {
            for side in [&config.paths.portal, &config.paths.internal] {
                let latest = side.join("latest");
                if !latest.exists() {
                    return Err(Refusal::one(format!("there is no release in {} yet; run `virsis run` first", side.display())).into());
                }
                one(&latest, &catalog)?;
            }
            Ok(())
        }
    }
}

fn one(folder: &Path, catalog: &Catalog) -> Result<()> {
    let report = publish::verify(folder, catalog).map_err(Refusal::one)?;
    if let Some(withdrawn) = &report.withdrawn {
        println!("{} was withdrawn on {}: {}; manifest {}", report.release, withdrawn.date, withdrawn.why, report.manifest_sha256);
        return Ok(());
    }
    for revised in &report.revised {
        println!("{} was revised on {}: {}; manifest before {}", report.release, revised.date, revised.why, revised.manifest_sha256);
    }
    println!(
        "{} is intact: {} files, {} bytes, {} data files; manifest {}",
        report.release, report.files, report.bytes, report.data_files, report.manifest_sha256
    );
    Ok(())
}

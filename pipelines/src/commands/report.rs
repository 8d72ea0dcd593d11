//! `virsis report`: the standard reports in `sql/reports`, with typed parameters.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use catalog::Tier;

use super::screen;
use crate::cli::{ReportFormat, Source};
use crate::config::Config;
use crate::home;
use crate::output;
use crate::queries::released_tables::ReleasedTables;
use crate::queries::report::{Report, default_in_words};
use crate::queries::tier;
use crate::refusal::Refusal;

/// Where a report goes.
#[derive(Debug)]
pub(crate) struct Out<'a> {
    pub(crate) format: ReportFormat,
    pub(crate) file: Option<&'a Path>,
    /// Rows that a terminal shows.
    pub(crate) limit: usize,
}

pub(crate) fn list(config: &Config) -> Result<()> {
    let date = publish::Manifest::read(&config.paths.portal.join("latest")).ok().map(|(manifest, _)| manifest.date);
    let mut out = std::io::stdout().lock();
    for report in Report::load_all(&config.home)? {
        writeln!(out, "{:<28} {}", report.name, report.title.lt)?;
        for parameter in &report.parameters {
            let (kind, default) = (parameter.type_title(), default_in_words(parameter, date));
            writeln!(out, "{:<28}   --param {}=… {}: {kind} ({default})", "", parameter.name, parameter.label.lt)?;
        }
    }
    Ok(())
}

pub(crate) fn run(config: &Config, name: &str, given: &[String], source: &Source, out: &Out<'_>) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    let report = Report::find(&config.home, name)?;
    if out.format == ReportFormat::Xlsx && out.file.is_none() {
        return Err(Refusal::one("formai xlsx reikia failo: --out FAILAS").into());
    }
    if let Some(tier) = source.tier.filter(|tier| *tier > report.tier) {
        let needed = report.tier;
        return Err(Refusal::one(format!("ataskaitai {name} reikia stulpelių, kurių {tier} dalyje nėra; naudokite --tier {needed}")).into());
    }
    let tier = source.tier.unwrap_or_else(|| tier::by_right(config));
    if source.tier.is_none() && tier == Tier::Internal {
        eprintln!("{}; kitus parinksite: --tier public arba --tier open", tier::title(tier));
    }
    let mut tables = ReleasedTables::open(config, &catalog, source.release.as_deref(), tier)?;
    let values = report.values(given, &mut tables)?;
    let rows = report.rows(&values, &mut tables)?;
    let about = report.about(&values, tables.date(), tier);
    write(&report, config.training_notice(), &about, &rows, out)
}

fn write(report: &Report, notice: Option<&str>, about: &str, rows: &RecordBatch, out: &Out<'_>) -> Result<()> {
    let is_empty = rows.num_rows() == 0;
    if is_empty && out.format != ReportFormat::Table {
        eprintln!("{}", report.empty.lt);
    }
    let head = format!("{}\n{about}\n", report.title.lt);
    let said = [notice, Some(report.description.lt.as_str()), Some(about), is_empty.then_some(report.empty.lt.as_str())];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    if out.format == ReportFormat::Table && out.file.is_none() && !is_empty {
        return screen::show(&head, rows, output::lined_in_lithuanian, out.limit);
    }
    // Rendered in full before anything is written, so that an existing file stays as it was if something goes wrong.
    let mut rendered = Vec::new();
    match out.format {
        ReportFormat::Table if is_empty => writeln!(rendered, "{head}{}", report.empty.lt)?,
        ReportFormat::Table => writeln!(rendered, "{head}{}", output::lined_in_lithuanian(rows)?)?,
        ReportFormat::Csv => output::csv(rows, &mut rendered)?,
        ReportFormat::Json => output::json(rows, &mut rendered)?,
        ReportFormat::Html => output::html(&report.title.lt, &said, rows, &mut rendered)?,
        ReportFormat::Xlsx => output::xlsx(&report.title.lt, &said, rows, &mut rendered)?,
    }
    match out.file {
        Some(path) => write_whole(path, &rendered).with_context(|| format!("cannot write {}", path.display())),
        None => Ok(std::io::stdout().lock().write_all(&rendered)?),
    }
}

/// Replaces a file by one rename; anything but a regular file, such as a pipe, is written to directly.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    // A link stays a link: the file behind it is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.exists() && !path.is_file() {
        return Ok(fs::write(path, bytes)?);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    // Whoever could read the previous file can read the new one.
    if let Ok(before) = fs::metadata(&path) {
        beside.as_file().set_permissions(before.permissions())?;
    }
    beside.persist(&path)?;
    Ok(())
}

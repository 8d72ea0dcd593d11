//! `virsis report`: the standard reports in `sql/reports`, with typed parameters.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use catalog::Tier;
use chrono::NaiveDate;
use transforms::Header;

use crate::cli::{ReportFormat, Source};
use crate::config::Config;
use crate::home;
use crate::output;
use crate::queries::released_tables::ReleasedTables;
use crate::refusal::Refusal;

/// One report.
#[derive(Debug)]
pub(crate) struct Report {
    name: String,
    title: String,
    description: String,
    tier: Tier,
    parameters: Vec<Parameter>,
    sql: String,
    file: String,
}

#[derive(Debug)]
struct Parameter {
    name: String,
    kind: String,
    default: Option<String>,
    label: String,
}

impl Parameter {
    /// `metai integer 2025 "Metai"`; `-` instead of a default makes it required.
    fn parse(line: &str) -> Option<Self> {
        let (head, label) = line.split_once('"')?;
        let label = label.strip_suffix('"')?;
        let [name, kind, default] = head.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
        let known = ["text", "integer", "date", "number"].contains(&kind);
        let owned = |text: &str| text.to_owned();
        known.then(|| Self { name: owned(name), kind: owned(kind), default: (default != "-").then(|| owned(default)), label: owned(label) })
    }

    fn accepts(&self, value: &str) -> bool {
        match self.kind.as_str() {
            "integer" => value.parse::<i64>().is_ok(),
            "number" => value.parse::<f64>().is_ok_and(f64::is_finite),
            "date" => value.parse::<NaiveDate>().is_ok(),
            _ => true,
        }
    }
}

/// Every report under `home/sql/reports`.
pub(crate) fn load_all(home: &Path) -> Result<Vec<Report>> {
    let folder = home.join("sql/reports");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    paths.sort();
    paths.iter().map(|path| load(path)).collect()
}

fn load(path: &Path) -> Result<Report> {
    let sql = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let header = Header::parse(path, &sql);
    let parameters = header
        .all("param")
        .map(|line| Parameter::parse(line).ok_or_else(|| header.wrong("a param line is `name type default \"label\"`".to_owned())));
    let report = Report {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        title: header.one("title").map_err(Refusal::one)?.to_owned(),
        description: header.one("description").map_err(Refusal::one)?.to_owned(),
        tier: header.one("tier").map_err(Refusal::one)?.parse().map_err(|reason| Refusal::one(header.wrong(reason)))?,
        parameters: parameters.collect::<Result<_, _>>().map_err(Refusal::one)?,
        file: header.file().to_owned(),
        sql: String::new(),
    };
    Ok(Report { sql, ..report })
}

pub(crate) fn list(config: &Config) -> Result<()> {
    for report in load_all(&config.home)? {
        println!("{:<28} {}", report.name, report.title);
        for parameter in &report.parameters {
            let default = parameter.default.as_ref().map_or_else(|| "privalomas".to_owned(), |value| format!("numatyta {value}"));
            println!("{:<28}   --param {}=… ({}, {default}): {}", "", parameter.name, parameter.kind, parameter.label);
        }
    }
    Ok(())
}

pub(crate) fn run(config: &Config, name: &str, given: &[String], source: &Source, format: ReportFormat, path: Option<&Path>) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    let reports = load_all(&config.home)?;
    let report = reports.iter().find(|report| report.name == name);
    let report = report.ok_or_else(|| Refusal::one(format!("there is no report {name}; `virsis report list` lists the reports")))?;
    let parameters = parameters(report, given)?;
    let tier = source.tier.unwrap_or(report.tier);
    if tier > report.tier {
        return Err(Refusal::one(format!("report {name} needs columns that tier {tier} does not have; use --tier {}", report.tier)).into());
    }
    let mut tables = ReleasedTables::open(config, &catalog, source.release.as_deref(), tier)?;
    let rows = tables.query(&report.file, &report.sql, &parameters)?;
    // Rendered in full before anything is written, so that an existing file stays as it was if something goes wrong.
    let mut out = Vec::new();
    match format {
        ReportFormat::Table => writeln!(out, "{}\n{}", report.title, output::lined(&rows)?)?,
        ReportFormat::Csv => output::csv(&rows, &mut out)?,
        ReportFormat::Json => output::json(&rows, &mut out)?,
        ReportFormat::Html => output::html(&report.title, &report.description, &rows, &mut out)?,
        ReportFormat::Xlsx if path.is_none() => return Err(Refusal::one("xlsx needs a file to write to; name it with --out").into()),
        ReportFormat::Xlsx => output::xlsx(&report.title, &rows, &mut out)?,
    }
    match path {
        Some(path) => write_whole(path, &out).with_context(|| format!("cannot write {}", path.display())),
        None => Ok(std::io::stdout().lock().write_all(&out)?),
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

/// The given values, or else the defaults, checked against their types.
fn parameters(report: &Report, given: &[String]) -> Result<BTreeMap<String, String>, Refusal> {
    let mut values: BTreeMap<String, String> =
        report.parameters.iter().filter_map(|parameter| Some((parameter.name.clone(), parameter.default.clone()?))).collect();
    for pair in given {
        let (name, value) = pair.split_once('=').ok_or_else(|| Refusal::one("--param takes NAME=VALUE"))?;
        let parameter = report.parameters.iter().find(|parameter| parameter.name == name);
        let parameter = parameter.ok_or_else(|| {
            Refusal::one(format!("report {} has no parameter {name}; `virsis report list` lists the parameters", report.name))
        })?;
        if !parameter.accepts(value) {
            return Err(Refusal::one(format!("parameter {name} must be of type {} ({})", parameter.kind, parameter.label)));
        }
        values.insert(name.to_owned(), value.to_owned());
    }
    match report.parameters.iter().find(|parameter| !values.contains_key(&parameter.name)) {
        Some(missing) => Err(Refusal::one(format!("report {} needs --param {}=… ({})", report.name, missing.name, missing.label))),
        None => Ok(values),
    }
}

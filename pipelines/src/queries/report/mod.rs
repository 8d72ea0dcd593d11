//! The standard reports: what the files in `sql/reports` say of themselves, and their parameters.

mod default;
mod parameter;
mod virs;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use catalog::{Text, Tier};
use chrono::NaiveDate;
use publish::StandardReport;
use transforms::Header;

pub(crate) use self::parameter::Parameter;
use super::english::{self, English};
use super::released_tables::ReleasedTables;
use super::{spelling, tier};
use crate::refusal::Refusal;

/// What an empty report says that has no words of its own.
const NOTHING_FOUND: [&str; 2] = ["Pagal nurodytus kriterijus nieko nerasta.", "Nothing was found by these criteria."];

/// One report.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) name: String,
    pub(crate) title: Text,
    pub(crate) description: Text,
    /// What it says when it has no rows.
    pub(crate) empty: Text,
    /// The least closed tier that has all its columns.
    pub(crate) tier: Tier,
    pub(crate) parameters: Vec<Parameter>,
    /// With `$name` where a parameter's value goes.
    pub(crate) statement: Text,
    file: String,
}

impl Report {
    /// Every report under `home/sql/reports`.
    ///
    /// # Errors
    /// All that is wrong with any of them, a missing English half too.
    pub(crate) fn load_all(home: &Path) -> Result<Vec<Self>> {
        let folder = home.join("sql/reports");
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
        paths.sort();
        let words = English::load(home)?;
        english::all(paths.iter().map(|path| Self::load(path, &words)))
    }

    /// The report of this name.
    pub(crate) fn find(home: &Path, name: &str) -> Result<Self> {
        let mut reports = Self::load_all(home)?;
        if let Some(place) = reports.iter().position(|report| report.name == name) {
            return Ok(reports.swap_remove(place));
        }
        let closest = spelling::closest(name, reports.iter().map(|report| report.name.as_str()));
        let hint = closest.map_or_else(String::new, |closest| format!(" Gal turėjote omenyje {closest}?"));
        Err(Refusal::one(format!("ataskaitos „{name}“ nėra.{hint} Visas išvardija „virsis report list“")).into())
    }

    fn load(path: &Path, words: &English) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let header = Header::parse(path, &text);
        let form = "a param line is `name type default \"label\" \"label in English\"`";
        let parameters = header.all("param").map(|line| Parameter::parse(line).ok_or_else(|| header.wrong(form.to_owned())));
        let has_empty = header.all("empty").chain(header.all("empty_en")).next().is_some();
        let nothing = || Text { lt: NOTHING_FOUND[0].to_owned(), en: NOTHING_FOUND[1].to_owned() };
        Ok(Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            title: english::said(&header, "title")?,
            description: english::said(&header, "description")?,
            empty: if has_empty { english::said(&header, "empty")? } else { nothing() },
            tier: header.one("tier").map_err(Refusal::one)?.parse().map_err(|reason| Refusal::one(header.wrong(reason)))?,
            parameters: parameters.collect::<Result<_, _>>().map_err(Refusal::one)?,
            statement: words.statement(&header, &text)?,
            file: header.file().to_owned(),
        })
    }

    /// As a page has it, with defaults as of the release's day.
    pub(crate) fn shown(&self, date: NaiveDate) -> StandardReport {
        StandardReport {
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            empty: self.empty.clone(),
            tier: self.tier,
            parameters: self.parameters.iter().map(|parameter| parameter.shown(date)).collect(),
            sql: self.statement.clone(),
        }
    }

    /// The given values (`name=value`), or else the defaults as of the release's day, as the statement takes them.
    pub(crate) fn values(&self, given: &[String], tables: &mut ReleasedTables) -> Result<BTreeMap<String, String>> {
        let mut typed = BTreeMap::new();
        for pair in given {
            let (name, value) = pair.split_once('=').ok_or_else(|| Refusal::one("--param rašomas VARDAS=REIKŠMĖ"))?;
            if !self.parameters.iter().any(|parameter| parameter.name == name) {
                return Err(Refusal::one(self.no_such_parameter(name)).into());
            }
            typed.insert(name, value);
        }
        let mut values = BTreeMap::new();
        for parameter in &self.parameters {
            let value = match typed.get(parameter.name.as_str()) {
                Some(value) => parameter.read(value, tables)?,
                None => parameter.default_on(tables.date()).ok_or_else(|| self.missing(parameter))?,
            };
            values.insert(parameter.name.clone(), value);
        }
        Ok(values)
    }

    /// Whether it reads any of these tables.
    pub(crate) fn needs_one_of(&self, tables: &BTreeSet<String>) -> bool {
        self.statement.lt.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| tables.contains(&word.to_lowercase()))
    }

    /// What it was asked, and of which data it tells.
    pub(crate) fn about(&self, values: &BTreeMap<String, String>, date: Option<NaiveDate>, tier: Tier) -> String {
        let value = |parameter: &Parameter| format!("{}: {}", parameter.label.lt, parameter.written(&values[&parameter.name]));
        let mut parts: Vec<String> = self.parameters.iter().map(value).collect();
        parts.extend(date.map(|date| format!("duomenys {date}")));
        parts.push(tier::title(tier).to_owned());
        parts.join("; ")
    }

    /// Its rows.
    pub(crate) fn rows(&self, values: &BTreeMap<String, String>, tables: &mut ReleasedTables) -> Result<RecordBatch> {
        tables.query(&self.file, &self.statement.lt, values)
    }

    fn no_such_parameter(&self, name: &str) -> String {
        let names: Vec<&str> = self.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        match names.as_slice() {
            [] => format!("ataskaita {} parametrų neturi", self.name),
            names => format!("ataskaita {} parametro „{name}“ neturi; jos parametrai: {}", self.name, names.join(", ")),
        }
    }

    fn missing(&self, parameter: &Parameter) -> Refusal {
        Refusal::one(format!("ataskaitai {} reikia parametro: --param {}=… ({})", self.name, parameter.name, parameter.label.lt))
    }
}

/// What a list of reports says of a default, as of the day of the latest release.
pub(crate) fn default_in_words(parameter: &Parameter, date: Option<NaiveDate>) -> String {
    match parameter.default_on(date) {
        Some(value) => format!("numatyta {}", parameter.written(&value)),
        None if parameter.is_required() => "privalomas".to_owned(),
        None => "numatyta pagal duomenų datą".to_owned(),
    }
}

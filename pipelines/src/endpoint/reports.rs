//! Reports for the endpoint, the standard ones and such as people build: of the internal tier of the last release, one at a time, so that several people need no more memory
//! than one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use arrow::array::RecordBatch;
use catalog::{Catalog, Layer, Personal, Table, TableColumn, Tier};
use forms::{BuiltColumn, BuiltTable, Choice, MadeReport, NoReport, ReportFile, ReportFormat, ReportParameter, ReportTitle, Reports};

use crate::config::Config;
use crate::output;
use crate::queries::released_tables::ReleasedTables;
use crate::queries::report::Report;
use crate::queries::{built, tier};
use crate::refusal::Refusal;

/// Reports from the internal folder.
pub(crate) struct InternalReports {
    config: Config,
    catalog: Catalog,
    /// Tables that hold codes of persons or foreigners' birth dates.
    with_codes: BTreeSet<String>,
    turn: Mutex<()>,
}

impl InternalReports {
    pub(crate) fn new(config: &Config, catalog: Catalog) -> Self {
        let tables = catalog
            .tables(Layer::Out)
            .filter(|table| table.columns.iter().any(|used| matches!(used.column.personal, Personal::Code | Personal::BirthDate)));
        let with_codes = tables.map(|table| table.subject().to_owned()).collect();
        Self { config: config.clone(), with_codes, catalog, turn: Mutex::new(()) }
    }

    fn reports(&self, codes: bool) -> Result<Vec<Report>> {
        let mut reports = Report::load_all(&self.config.home)?;
        reports.retain(|report| codes || !report.needs_one_of(&self.with_codes));
        Ok(reports)
    }

    /// A report, its rows, and what is said of them.
    fn rows(&self, name: &str, given: &[(String, String)], codes: bool) -> Result<(Report, RecordBatch, Vec<String>), NoReport> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let report = self.reports(codes).map_err(|error| told(&error))?.into_iter().find(|report| report.name == name);
        let report = report.ok_or(NoReport::Unknown)?;
        let given: Vec<String> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let rows = || -> Result<_> {
            let mut tables = ReleasedTables::open(&self.config, &self.catalog, None, Tier::Internal)?;
            let values = report.values(&given, &mut tables)?;
            let rows = report.rows(&values, &mut tables)?;
            let about = report.about(&values, tables.date(), Tier::Internal);
            Ok((rows, about))
        };
        let (rows, about) = rows().map_err(|error| told(&error))?;
        let mut said = vec![about];
        said.extend((rows.num_rows() == 0).then(|| report.empty.lt.clone()));
        Ok((report, rows, said))
    }
}

impl InternalReports {
    /// Tables of which reports may be built: those with codes only for whoever may see these.
    fn buildable(&self, codes: bool) -> impl Iterator<Item = &Arc<Table>> {
        let tables = self.catalog.tables(Layer::Out).filter(|table| table.tiers.contains(&Tier::Internal));
        tables.filter(move |table| codes || !self.with_codes.contains(table.subject()))
    }

    /// The table's title, the rows of what was chosen, what is said of them, and the SQL.
    fn chosen(&self, name: &str, choice: &Choice, codes: bool) -> Result<(String, RecordBatch, Vec<String>, String), NoReport> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let table = self.buildable(codes).find(|table| table.subject() == name).ok_or(NoReport::Unknown)?;
        let rows = || -> Result<_> {
            let built = built::statement(table, Tier::Internal, choice)?;
            let mut tables = ReleasedTables::open(&self.config, &self.catalog, None, Tier::Internal)?;
            let rows = tables.query("a report that was built", &built.sql, &built.parameters)?;
            let date = tables.date().map(|date| format!("duomenys {date}; ")).unwrap_or_default();
            Ok((rows, format!("{date}{}", tier::title(Tier::Internal)), built.shown()))
        };
        let (rows, about, sql) = rows().map_err(|error| told(&error))?;
        let mut said = vec![about];
        said.extend((rows.num_rows() == 0).then(|| "Pagal nurodytus kriterijus nieko nerasta.".to_owned()));
        Ok((table.title.lt.clone(), rows, said, sql))
    }
}

/// The first rows as people read them.
fn made(rows: &RecordBatch, said: Vec<String>, most: usize) -> Result<MadeReport, NoReport> {
    let (columns, cells) = output::written(&rows.slice(0, rows.num_rows().min(most))).map_err(|error| told(&error))?;
    Ok(MadeReport { said, columns, rows: cells, count: rows.num_rows() })
}

/// All of them in a file; what is said of them stands where the format has a place for it.
fn file(config: &Config, title: &str, about: &[&str], rows: &RecordBatch, format: ReportFormat) -> Result<ReportFile, NoReport> {
    let about: Vec<&str> = config.training_notice().into_iter().chain(about.iter().copied()).collect();
    let mut bytes = Vec::new();
    let printed = match format {
        ReportFormat::Csv => output::csv(rows, &mut bytes),
        ReportFormat::Json => output::json(rows, &mut bytes),
        ReportFormat::Xlsx => output::xlsx(title, &about, rows, &mut bytes),
    };
    printed.map_err(|error| told(&error))?;
    Ok(ReportFile { bytes, count: rows.num_rows() })
}

/// A refusal is for whoever asked; anything else for the operator.
fn told(error: &anyhow::Error) -> NoReport {
    match error.downcast_ref::<Refusal>() {
        Some(refusal) => NoReport::Refused(refusal.to_string()),
        None => NoReport::Broken(format!("{error:#}")),
    }
}

impl Reports for InternalReports {
    fn all(&self, codes: bool) -> Result<Vec<ReportTitle>, NoReport> {
        let date = publish::Manifest::read(&self.config.tier_root(Tier::Internal).join("latest")).ok().map(|(manifest, _)| manifest.date);
        let title = |report: Report| {
            let parameters = report.parameters.iter().map(|parameter| ReportParameter {
                name: parameter.name.clone(),
                label: parameter.label.lt.clone(),
                kind: parameter.type_title(),
                default: parameter.default_on(date).map(|value| parameter.written(&value)),
                required: parameter.is_required(),
            });
            ReportTitle { parameters: parameters.collect(), name: report.name, title: report.title.lt, description: report.description.lt }
        };
        Ok(self.reports(codes).map_err(|error| told(&error))?.into_iter().map(title).collect())
    }

    fn made(&self, name: &str, given: &[(String, String)], codes: bool, most: usize) -> Result<MadeReport, NoReport> {
        let (_, rows, said) = self.rows(name, given, codes)?;
        made(&rows, said, most)
    }

    fn file(&self, name: &str, given: &[(String, String)], codes: bool, format: ReportFormat) -> Result<ReportFile, NoReport> {
        let (report, rows, said) = self.rows(name, given, codes)?;
        let about: Vec<&str> = [&report.description.lt].into_iter().chain(&said).map(String::as_str).collect();
        file(&self.config, &report.title.lt, &about, &rows, format)
    }

    fn tables(&self, codes: bool) -> Result<Vec<BuiltTable>, NoReport> {
        let column = |used: &TableColumn| BuiltColumn {
            name: used.column.name.clone(),
            title: used.column.title.lt.clone(),
            is_summed: built::is_summed(&used.column),
        };
        let table = |table: &Arc<Table>| BuiltTable {
            name: table.subject().to_owned(),
            title: table.title.lt.clone(),
            description: table.description.lt.clone(),
            columns: table.visible(Tier::Internal).map(column).collect(),
        };
        let mut tables: Vec<BuiltTable> = self.buildable(codes).map(table).collect();
        tables.sort_by(|one, other| one.title.cmp(&other.title));
        Ok(tables)
    }

    fn built(&self, table: &str, choice: &Choice, codes: bool, most: usize) -> Result<(MadeReport, String), NoReport> {
        let (_, rows, said, sql) = self.chosen(table, choice, codes)?;
        Ok((made(&rows, said, most)?, sql))
    }

    fn built_file(&self, table: &str, choice: &Choice, codes: bool, format: ReportFormat) -> Result<ReportFile, NoReport> {
        let (title, rows, said, _) = self.chosen(table, choice, codes)?;
        let about: Vec<&str> = said.iter().map(String::as_str).collect();
        file(&self.config, &title, &about, &rows, format)
    }
}

//! The standard reports for the endpoint: of the internal tier of the last release, one at a time, so that several people need no more memory
//! than one.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use arrow::array::RecordBatch;
use catalog::{Catalog, Layer, Personal, Tier};
use forms::{MadeReport, NoReport, ReportFile, ReportFormat, ReportParameter, ReportTitle, Reports};

use crate::config::Config;
use crate::output;
use crate::queries::released_tables::ReleasedTables;
use crate::queries::report::Report;
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
        said.extend((rows.num_rows() == 0).then(|| report.empty.clone()));
        Ok((report, rows, said))
    }
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
                label: parameter.label.clone(),
                kind: parameter.type_title(),
                default: parameter.default_on(date).map(|value| parameter.written(&value)),
                required: parameter.is_required(),
            });
            ReportTitle { parameters: parameters.collect(), name: report.name, title: report.title, description: report.description }
        };
        Ok(self.reports(codes).map_err(|error| told(&error))?.into_iter().map(title).collect())
    }

    fn made(&self, name: &str, given: &[(String, String)], codes: bool, most: usize) -> Result<MadeReport, NoReport> {
        let (_, rows, said) = self.rows(name, given, codes)?;
        let (columns, cells) = output::written(&rows.slice(0, rows.num_rows().min(most))).map_err(|error| told(&error))?;
        Ok(MadeReport { said, columns, rows: cells, count: rows.num_rows() })
    }

    fn file(&self, name: &str, given: &[(String, String)], codes: bool, format: ReportFormat) -> Result<ReportFile, NoReport> {
        let (report, rows, said) = self.rows(name, given, codes)?;
        let mut bytes = Vec::new();
        let mut about = vec![report.description.as_str()];
        about.extend(said.iter().map(String::as_str));
        let printed = match format {
            ReportFormat::Csv => output::csv(&rows, &mut bytes),
            ReportFormat::Json => output::json(&rows, &mut bytes),
            ReportFormat::Xlsx => output::xlsx(&report.title, &about, &rows, &mut bytes),
        };
        printed.map_err(|error| told(&error))?;
        Ok(ReportFile { bytes, count: rows.num_rows() })
    }
}

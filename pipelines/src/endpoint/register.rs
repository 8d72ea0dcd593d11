//! What the endpoint knows of each VIRS from the last release: its outlets, what registers say of it, its participants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use catalog::{Catalog, Role, print_cell};
use chrono::Utc;
use forms::{Outlet, Participant, Published, Register, Virs};

use crate::queries::released_tables::read_parquet;

/// Published tables that the endpoint chooses from.
const VIRS: &str = "out_virs";
const OUTLETS: &str = "out_vip";
/// Activities of VIRS (one column of codes when they are submitted), and participants.
const ACTIVITIES: &str = "out_virs_veikla";
const SUBMITTED_ACTIVITIES: &str = "veiklos_rusys";
const PARTICIPANTS: &str = "out_dalyvis";
/// What registers say of a VIRS, shown to it beside its form.
const FACTS: &[&str] =
    &["pavadinimas", "forma_pavadinimas", "statusas_pavadinimas", "adresas", "reg_data", "isreg_data", "el_pastas", "telefonas"];

/// Loads the list of VIRS again whenever `latest` is another release.
pub(crate) fn source(latest: PathBuf, catalog: Catalog) -> forms::RegisterSource {
    let loaded: Mutex<Option<PathBuf>> = Mutex::new(None);
    Box::new(move || {
        let release = latest.canonicalize().ok()?;
        let mut loaded = loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.as_ref() == Some(&release) {
            return None;
        }
        match register(&release, &catalog) {
            Ok(register) => {
                tracing::info!(virs = register.len(), "the list of VIRS was loaded from the latest release");
                *loaded = Some(release);
                Some(register)
            }
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the latest release cannot be read; the endpoint continues with the previous one"
                );
                None
            }
        }
    })
}

/// VIRS and outlets of a release of the internal tier.
pub(crate) fn register(release: &Path, catalog: &Catalog) -> Result<Register> {
    let virs = Rows { batch: rows(release, catalog, VIRS)? };
    let outlets = Rows { batch: rows(release, catalog, OUTLETS)? };
    let known = (0..virs.batch.num_rows()).map(|row| {
        Some(Virs {
            code: virs.cell("ja_kodas", row)?,
            name: virs.cell("pavadinimas", row)?,
            audiovisual: virs.cell("audiovizualinis", row)? == "true",
            email: virs.cell("el_pastas", row),
            ended: virs.cell("virs_iki", row).is_some(),
        })
    });
    let handed_in = catalog.role(Role::Outlets)?;
    let shown = (0..outlets.batch.num_rows()).map(|row| {
        let columns = handed_in.columns.iter().map(|column| column.column.name.as_str());
        let record = columns.filter_map(|name| Some((name.to_owned(), outlets.cell(name, row)?))).collect();
        let kind = outlets.cell("vip_rusis_pavadinimas", row).unwrap_or_default();
        let outlet = Outlet { number: outlets.cell("vip_nr", row)?, name: outlets.cell("vip_pavadinimas", row)?, kind, record };
        Some((outlets.cell("ja_kodas", row)?, outlet))
    });
    let missing = || anyhow::anyhow!("a required cell is empty in {}", release.display());
    let known = known.collect::<Option<Vec<_>>>().ok_or_else(missing)?;
    let shown = shown.collect::<Option<Vec<_>>>().ok_or_else(missing)?;
    let mut register = Register::new(known, shown);
    for (code, published) in published(release, catalog, &virs)? {
        register.know(&code, published);
    }
    Ok(register)
}

/// What the release says of each VIRS, and who takes part in it and in those above it.
fn published(release: &Path, catalog: &Catalog, virs: &Rows) -> Result<BTreeMap<String, Published>> {
    let mut all: BTreeMap<String, Published> = BTreeMap::new();
    let titles = catalog.table(VIRS)?;
    let handed_in = catalog.role(Role::RegisteredVirs)?;
    for row in 0..virs.batch.num_rows() {
        let Some(code) = virs.cell("ja_kodas", row) else { continue };
        let title = |name: &str| titles.column(name).map_or_else(|| name.to_owned(), |column| column.column.title.lt.clone());
        let facts = FACTS.iter().filter_map(|name| Some((title(name), virs.cell(name, row)?))).collect();
        let columns = handed_in.columns.iter().map(|column| column.column.name.as_str());
        let record = columns.filter_map(|name| Some((name.to_owned(), virs.cell(name, row)?))).collect();
        all.insert(code, Published { facts, record, participants: Vec::new() });
    }
    let activities = Rows { batch: rows(release, catalog, ACTIVITIES)? };
    for row in 0..activities.batch.num_rows() {
        let cell = |name: &str| activities.cell(name, row);
        let Some((code, activity)) = cell("ja_kodas").zip(cell("veiklos_rusis")) else { continue };
        if let Some(published) = all.get_mut(&code) {
            let activities = published.record.entry(SUBMITTED_ACTIVITIES.to_owned()).or_default();
            let separator = if activities.is_empty() { "" } else { ";" };
            activities.push_str(&format!("{separator}{activity}"));
        }
    }
    let participants = Rows { batch: rows(release, catalog, PARTICIPANTS)? };
    let today = forms::today(Utc::now()).to_string();
    for row in 0..participants.batch.num_rows() {
        let cell = |name: &str| participants.cell(name, row);
        let (Some(code), Some(kind)) = (cell("ja_kodas"), cell("dalyvio_rusis")) else { continue };
        if cell("iki").is_some_and(|until| until < today) {
            continue;
        }
        let person = [cell("vardas"), cell("pavarde")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let share = cell("dalis").and_then(|share| share.parse::<f64>().ok());
        let about = [
            cell("dalyvio_rusis_pavadinimas"),
            share.map(|share| format!("{:.2} %", share * 100.0).replace('.', ",")),
            cell("nuo").map(|since| format!("nuo {since}")),
        ];
        let participant = Participant {
            name: cell("dal_pavadinimas")
                .or_else(|| (!person.is_empty()).then_some(person))
                .or_else(|| cell("dal_kodas"))
                .unwrap_or_default(),
            about: about.into_iter().flatten().collect::<Vec<_>>().join(", "),
            code: cell("dal_kodas").filter(|_| kind == "J"),
            goes_on: kind == "J" && !cell("dal_forma").is_some_and(|form| catalog.law().is_public_sector(&form)),
        };
        all.entry(code).or_default().participants.push(participant);
    }
    Ok(all)
}

/// A published table of a release.
pub(crate) fn rows(release: &Path, catalog: &Catalog, table: &str) -> Result<RecordBatch> {
    let definition = catalog.table(table)?;
    let dataset = catalog.datasets().find(|dataset| dataset.tables.iter().any(|name| name == table));
    let dataset = dataset.with_context(|| format!("no dataset publishes {table}"))?;
    read_parquet(&release.join(publish::table_path(dataset, definition, "parquet")))
}

/// Cells of a published table, as text.
struct Rows {
    batch: RecordBatch,
}

impl Rows {
    fn cell(&self, column: &str, row: usize) -> Option<String> {
        let mut text = String::new();
        print_cell(self.batch.column_by_name(column)?.as_ref(), row, &mut text).then_some(text)
    }
}

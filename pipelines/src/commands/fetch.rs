//! `virsis fetch`: reads one source through its transport and prints a sample with personal columns masked; nothing is stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use catalog::{Table, personal};
use connectors::{CONNECTORS, Rows};

use crate::config::Config;
use crate::home;
use crate::output;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::sources::probe::{Answer, Probes};

/// Shown instead of a masked value.
const MASK: &str = "•••";

pub(crate) fn run(config: &Config, source: &str, sample: usize) -> Result<()> {
    let Some(connector) = CONNECTORS.iter().find(|connector| connector.source == source) else {
        return Err(Refusal::one(format!("there is no source `{source}`; `virsis sources` lists them")).into());
    };
    let catalog = home::load_catalog(config)?;
    let probes = Probes::new(config, &catalog)?;
    let mut failed = Vec::new();
    for extract in connector.extracts {
        let table = catalog.table(extract.table)?;
        println!("{} ({})", extract.table, probes.transports.of(table).name());
        let read = probes.ask(connector, extract, table).and_then(|answer| match answer {
            Answer::Rows(rows) => show(table, rows, sample),
            Answer::NotAsked(why) => {
                println!("not asked: {why}\n");
                Ok(())
            }
        });
        match read.map_err(|error| error.downcast::<connectors::Error>()) {
            Ok(()) => {}
            Err(Ok(error)) => failed.push(error.to_string()),
            Err(Err(error)) => return Err(error),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Refusal(failed).into()) }
}

/// Reads an extract to its end, so that a truncated one is noticed, and prints its first rows.
fn show(table: &Table, batches: Box<dyn Rows>, sample: usize) -> Result<()> {
    let (mut rows, mut rejected, mut shown) = (0, BTreeMap::<_, u64>::new(), Vec::new());
    let mut still_to_show = sample;
    for batch in batches {
        let batch = batch?;
        rows += batch.rows.num_rows();
        batch.rejected.iter().for_each(|bad| *rejected.entry(bad.rule).or_default() += 1);
        let first = still_to_show.min(batch.rows.num_rows());
        still_to_show -= first;
        // A slice, even an empty one, would keep its batch in memory.
        if first > 0 {
            shown.push(batch.rows.slice(0, first));
        }
    }
    println!("{}", output::lined(&masked(table, &concat_batches(&table.raw_schema(), &shown)?)?)?);
    let rejected: Vec<String> = rejected.iter().map(|(rule, rows)| format!("{rows} {rule}")).collect();
    let malformed = if rejected.is_empty() { "none".to_owned() } else { rejected.join(", ") };
    println!("{} read; malformed rows: {malformed}\n", counted(rows, "row", "rows"));
    Ok(())
}

/// The rows with personal values masked: whole columns by their class, and any other cell that contains a personal code.
fn masked(table: &Table, rows: &RecordBatch) -> Result<RecordBatch> {
    let schema = rows.schema();
    let columns = schema.fields().iter().zip(rows.columns()).map(|(field, column)| {
        let personal = table.column(field.name()).is_none_or(|column| column.column.personal.is_about_persons());
        let shown = |cell: &str| if personal || personal::stands_in(cell) { MASK.to_owned() } else { cell.to_owned() };
        Arc::new(column.as_string::<i32>().iter().map(|cell| cell.map(shown)).collect::<StringArray>()) as ArrayRef
    });
    Ok(RecordBatch::try_new(schema.clone(), columns.collect())?)
}

#[cfg(test)]
mod tests {
    use catalog::Catalog;

    use super::*;

    #[test]
    fn a_sample_shows_no_person_and_no_code_wherever_it_stands() {
        let catalog = Catalog::load(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let table = catalog.table("raw_jadis__dalyviai").unwrap();
        let cell = |name: &str| match name {
            "asmens_kodas" => "33309240064",
            "vardas" => "Ąžuolas",
            "dal_pavadinimas" => "UAB „3330924-0064“",
            _ => "LT",
        };
        let columns = table.columns.iter().map(|column| Arc::new(StringArray::from(vec![cell(&column.column.name)])) as ArrayRef);
        let rows = RecordBatch::try_new(table.raw_schema(), columns.collect()).unwrap();
        let shown = output::lined(&masked(table, &rows).unwrap()).unwrap();
        assert!(shown.contains("LT") && shown.contains(MASK), "{shown}");
        assert!(["33309240064", "3330924-0064", "Ąžuolas"].iter().all(|personal| !shown.contains(personal)), "{shown}");
    }
}

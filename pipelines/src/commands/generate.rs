//! `virsis generate`: a synthetic country on disk.

use anyhow::Result;
use synthetic::Size;

use crate::cli::Generate;
use crate::refusal::Refusal;

pub(crate) fn run(generate: &Generate) -> Result<()> {
    let size =
        Size { virs: generate.virs, entities: generate.entities, participations: generate.participations, money_rows: generate.money_rows };
    let truth = synthetic::generate_later(&size, generate.seed, generate.night, &generate.out).map_err(Refusal::one)?;
    let rows: usize = truth.tables.values().map(|table| table.rows).sum();
    println!("wrote {} extracts with {rows} rows, and truth.json, to {}", truth.tables.len(), generate.out.display());
    Ok(())
}

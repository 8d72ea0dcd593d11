//! `virsis generate`: a synthetic country on disk.

use anyhow::Result;
use synthetic::Size;

use crate::cli::Generate;
use crate::refusal::Refusal;

pub(crate) fn run(wanted: &Generate) -> Result<()> {
    let size = Size { virs: wanted.virs, entities: wanted.entities, participations: wanted.participations, money_rows: wanted.money_rows };
    let truth = synthetic::generate(&size, wanted.seed, &wanted.out).map_err(Refusal::one)?;
    let rows: usize = truth.tables.values().map(|table| table.rows).sum();
    println!("{} extracts, {rows} rows, and truth.json are in {}", truth.tables.len(), wanted.out.display());
    Ok(())
}

//! Facts that go on as they are: licences, outlets, supervision, fees, circulation.

use arrow::array::RecordBatch;
use polars::prelude::*;

use super::{Build, people, with_columns};
use crate::{Error, bridge};

/// Rows of `rows` whose `column` also stands in `known`.
fn narrow(rows: &RecordBatch, known: &DataFrame, column: &'static str) -> Result<RecordBatch, Error> {
    let frame = bridge::to_frame(rows, "narrow to outlets")?;
    let mut join = JoinArgs::new(JoinType::Semi);
    join.maintain_order = MaintainOrderJoin::Left;
    let kept =
        frame.lazy().join(known.clone().lazy(), [col(column)], [col(column)], join).collect().map_err(Error::frame("narrow to outlets"))?;
    bridge::to_rows(&kept, &rows.schema(), "narrow to outlets")
}

/// Raw tables with a `ja_kodas` that become a core table as they are.
const BY_ENTITY: &[(&str, &str)] = &[
    ("raw_jar__finansai", "core_finansai"),
    ("raw_libis__numeriai", "core_numeris"),
    ("raw_formos__imokos", "core_imoka"),
    ("raw_formos__etika", "core_etika"),
    ("raw_formos__vip", "core_vip"),
];

/// Raw tables with a `vip_nr` that become a core table as they are.
const BY_OUTLET: &[(&str, &str)] = &[("raw_formos__tirazai", "core_tirazas"), ("raw_formos__auditai", "core_auditas")];

/// The two institutions' feeds of violations, and the classifier code of where they come from.
const VIOLATIONS: &[&str] = &["raw_formos__pazeidimai_lrtk", "raw_formos__pazeidimai_zeit"];

pub(super) fn build(build: &mut Build<'_>, licences: &RecordBatch) -> Result<(), Error> {
    put(build, "core_licencija", licences, vec![])?;
    for (raw, core) in BY_ENTITY {
        let rows = build.raw(raw)?;
        put(build, core, &rows, vec![])?;
    }
    let outlets = build.core.tables["core_vip"].clone();
    let outlets = bridge::to_frame(&outlets, "outlets")?.select(["vip_nr"]).map_err(Error::frame("outlets"))?;
    for (raw, core) in BY_OUTLET {
        let rows = build.raw(raw)?;
        let kept = narrow(&rows, &outlets, "vip_nr")?;
        *build.core.no_outlet.entry((*raw).to_owned()).or_default() += (rows.num_rows() - kept.num_rows()) as u64;
        put(build, core, &kept, vec![])?;
    }
    let responsible = build.raw("raw_formos__atsakingi")?;
    let responsible = narrow(&responsible, &outlets, "vip_nr")?;
    people::meet_handed_in(build, &responsible);
    put(build, "core_atsakingas", &responsible, vec![])?;

    let board = build.raw("raw_jar__valdymas")?;
    people::meet(build, &board);
    put(build, "core_valdymas", &board, vec![])?;

    let parts = VIOLATIONS.iter().map(|raw| build.raw(raw)).collect::<Result<Vec<_>, _>>()?;
    let schema = parts[0].schema();
    let all = arrow::compute::concat_batches(&schema, &parts).map_err(Error::arrow("core_pazeidimas"))?;
    let source = super::text((0..all.num_rows()).map(|_| Some("formos")));
    put(build, "core_pazeidimas", &all, vec![("saltinis", source)])
}

/// Stores `rows` and some added columns as a core table.
pub(super) fn put(build: &mut Build<'_>, core: &str, rows: &RecordBatch, added: Vec<(&str, arrow::array::ArrayRef)>) -> Result<(), Error> {
    let rows = with_columns(build, core, rows, added)?;
    build.core.tables.insert(core.to_owned(), rows);
    Ok(())
}

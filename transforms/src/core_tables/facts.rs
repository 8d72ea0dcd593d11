//! Facts that go on as they are: licences, outlets, supervision, fees, circulation.

use arrow::array::RecordBatch;
use polars::prelude::*;

use super::joining::{SOURCE, joined};
use super::{Build, people, with_columns};
use crate::meetings::{BY_ENTITY, BY_OUTLET};
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

pub(super) fn build(build: &mut Build<'_>, licences: &RecordBatch) -> Result<(), Error> {
    put(build, "core_licencija", licences, vec![])?;
    for (core, raws) in BY_ENTITY {
        let (rows, sources) = joined(build, core, raws)?;
        put(build, core, &rows, vec![(SOURCE, sources)])?;
    }
    let outlets = build.core.tables["core_vip"].clone();
    let outlets = bridge::to_frame(&outlets, "outlets")?.select(["vip_nr"]).map_err(Error::frame("outlets"))?;
    for (core, raws) in BY_OUTLET {
        let (rows, _) = joined(build, core, raws)?;
        let kept = narrow(&rows, &outlets, "vip_nr")?;
        *build.core.no_outlet.entry(raws.join(", ")).or_default() += (rows.num_rows() - kept.num_rows()) as u64;
        put(build, core, &kept, vec![])?;
    }
    let responsible = build.raw("raw_formos__atsakingi")?;
    let responsible = narrow(&responsible, &outlets, "vip_nr")?;
    people::meet_handed_in(build, &responsible);
    put(build, "core_atsakingas", &responsible, vec![])?;

    let board = build.raw("raw_jar__valdymas")?;
    people::meet(build, &board);
    put(build, "core_valdymas", &board, vec![])
}

/// Stores `rows` and some added columns as a core table.
pub(super) fn put(build: &mut Build<'_>, core: &str, rows: &RecordBatch, added: Vec<(&str, arrow::array::ArrayRef)>) -> Result<(), Error> {
    let rows = with_columns(build, core, rows, added)?;
    build.core.tables.insert(core.to_owned(), rows);
    Ok(())
}

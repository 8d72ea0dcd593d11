//! Facts that go on as they are: licences, outlets, supervision, fees, circulation.

use std::sync::Arc;

use arrow::array::RecordBatch;
use catalog::{Role, Table};
use polars::prelude::*;

use super::joining::{SOURCE, joined};
use super::{Build, people, with_columns};
use crate::pseudonyms::names_persons;
use crate::{Error, bridge};

/// The entity that a row is about.
const ENTITY: &str = "ja_kodas";
/// The outlet that a row is about.
const OUTLET: &str = "vip_nr";

/// Rows of `rows` whose `column` also stands in `known`.
fn narrow(rows: &RecordBatch, known: &DataFrame, column: &'static str) -> Result<RecordBatch, Error> {
    let frame = bridge::to_frame(rows, "narrow to outlets")?;
    let mut join = JoinArgs::new(JoinType::Semi);
    join.maintain_order = MaintainOrderJoin::Left;
    let kept =
        frame.lazy().join(known.clone().lazy(), [col(column)], [col(column)], join).collect().map_err(Error::frame("narrow to outlets"))?;
    bridge::to_rows(&kept, &rows.schema(), "narrow to outlets")
}

/// Every core table that takes rows of raw tables as they are: those about entities, then those about the outlets among them.
pub(super) fn build(build: &mut Build<'_>) -> Result<(), Error> {
    let catalog = build.catalog;
    let is_about_entities = |raws: &[&Arc<Table>]| raws.iter().all(|raw| raw.column(ENTITY).is_some());
    let (by_entity, by_outlet): (Vec<_>, Vec<_>) = catalog.fed().into_iter().partition(|(_, raws)| is_about_entities(raws));
    for (core, raws) in by_entity {
        let (rows, sources) = joined(build, core, &raws)?;
        meet(build, &raws, &rows);
        put(build, core, &rows, vec![(SOURCE, sources)])?;
    }
    let outlets = &build.core.tables[&catalog.role(Role::Outlets)?.feeds.clone().unwrap_or_default()];
    let outlets = bridge::to_frame(outlets, "outlets")?.select([OUTLET]).map_err(Error::frame("outlets"))?;
    for (core, raws) in by_outlet {
        let (rows, _) = joined(build, core, &raws)?;
        let kept = narrow(&rows, &outlets, OUTLET)?;
        let names: Vec<&str> = raws.iter().map(|raw| raw.name.as_str()).collect();
        *build.core.no_outlet.entry(names.join(", ")).or_default() += (rows.num_rows() - kept.num_rows()) as u64;
        meet(build, &raws, &kept);
        put(build, core, &kept, vec![])?;
    }
    Ok(())
}

/// Meets the persons whom the rows name, if they name any.
fn meet(build: &mut Build<'_>, raws: &[&Arc<Table>], rows: &RecordBatch) {
    if !raws.iter().any(|raw| names_persons(raw)) {
        return;
    }
    if raws.iter().all(|raw| raw.submitted) { people::meet_submitted(build, rows) } else { people::meet(build, rows) }
}

/// Stores `rows` and some added columns as a core table.
pub(super) fn put(build: &mut Build<'_>, core: &str, rows: &RecordBatch, added: Vec<(&str, arrow::array::ArrayRef)>) -> Result<(), Error> {
    let rows = with_columns(build, core, rows, added)?;
    build.core.tables.insert(core.to_owned(), rows);
    Ok(())
}

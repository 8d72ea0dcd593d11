//! Facts that go on as they are: licences, outlets, supervision, fees, circulation.

use std::sync::Arc;

use arrow::array::RecordBatch;
use catalog::{ENTITY, Role, Table};
use polars::prelude::*;

use super::joining::{SOURCE, joined};
use super::{Build, people, with_columns};
use crate::pseudonyms::names_persons;
use crate::{Error, bridge};

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
    let mut naming = Vec::new();
    for (core, raws) in by_entity {
        let (rows, sources) = joined(build, core, &raws)?;
        naming.extend(raws.iter().any(|raw| names_persons(raw)).then(|| (raws[0].submitted, rows.clone())));
        put(build, core, &rows, vec![(SOURCE, sources)])?;
    }
    let outlets = &build.core.tables[&catalog.role(Role::Outlets)?.feeds.clone().unwrap_or_default()];
    let outlets = bridge::to_frame(outlets, "outlets")?.select([OUTLET]).map_err(Error::frame("outlets"))?;
    for (core, raws) in by_outlet {
        let (rows, _) = joined(build, core, &raws)?;
        let kept = narrow(&rows, &outlets, OUTLET)?;
        let names: Vec<&str> = raws.iter().map(|raw| raw.name.as_str()).collect();
        *build.core.no_outlet.entry(names.join(", ")).or_default() += (rows.num_rows() - kept.num_rows()) as u64;
        naming.extend(raws.iter().any(|raw| names_persons(raw)).then(|| (raws[0].submitted, kept.clone())));
        put(build, core, &kept, vec![])?;
    }
    // Whoever names a person first gives the name: those who submitted it come before registers.
    naming.sort_by_key(|(submitted, _)| !submitted);
    for (submitted, rows) in &naming {
        if *submitted { people::meet_submitted(build, rows) } else { people::meet(build, rows) }
    }
    Ok(())
}

/// Stores `rows` and some added columns as a core table.
pub(super) fn put(build: &mut Build<'_>, core: &str, rows: &RecordBatch, added: Vec<(&str, arrow::array::ArrayRef)>) -> Result<(), Error> {
    let rows = with_columns(build, core, rows, added)?;
    build.keep(core, &rows)
}

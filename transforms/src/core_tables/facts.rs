//! Facts that only need narrowing to VIRS: licences, outlets, supervision, fees, circulation.

use arrow::array::RecordBatch;
use polars::prelude::*;

use super::{Build, people};
use crate::{Error, bridge};

/// The codes of VIRS as a frame to join with.
pub(crate) struct Known(DataFrame);

impl Known {
    pub(crate) fn new(codes: &[String]) -> Result<Self, Error> {
        let column = Column::new("ja_kodas".into(), codes);
        DataFrame::new(codes.len(), vec![column]).map(Self).map_err(Error::frame("list of VIRS"))
    }

    /// Rows whose `ja_kodas` is a VIRS; how many are not is counted under `name`. Takes the rows, so that they are let go at once.
    pub(crate) fn narrow(&self, build: &mut Build<'_>, name: &str, rows: RecordBatch) -> Result<RecordBatch, Error> {
        let kept = narrow(&rows, &self.0, "ja_kodas")?;
        let dropped = (rows.num_rows() - kept.num_rows()) as u64;
        if dropped > 0 {
            *build.core.not_virs.entry(name.to_owned()).or_default() += dropped;
        }
        Ok(kept)
    }
}

/// Rows of `rows` whose `column` also stands in `known`.
fn narrow(rows: &RecordBatch, known: &DataFrame, column: &'static str) -> Result<RecordBatch, Error> {
    let frame = bridge::to_frame(rows, "narrow to VIRS")?;
    let mut join = JoinArgs::new(JoinType::Semi);
    join.maintain_order = MaintainOrderJoin::Left;
    let kept =
        frame.lazy().join(known.clone().lazy(), [col(column)], [col(column)], join).collect().map_err(Error::frame("narrow to VIRS"))?;
    bridge::to_rows(&kept, &rows.schema(), "narrow to VIRS")
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

pub(super) fn build(build: &mut Build<'_>, known: &Known, licences: RecordBatch) -> Result<(), Error> {
    let licences = known.narrow(build, "raw_lis__licencijos", licences)?;
    put(build, "core_licencija", &licences, vec![])?;
    for (raw, core) in BY_ENTITY {
        let rows = build.raw(raw)?;
        let rows = known.narrow(build, raw, rows)?;
        put(build, core, &rows, vec![])?;
    }
    let outlets = build.core.tables["core_vip"].clone();
    let outlets = bridge::to_frame(&outlets, "outlets")?.select(["vip_nr"]).map_err(Error::frame("outlets"))?;
    for (raw, core) in BY_OUTLET {
        let rows = build.raw(raw)?;
        let kept = narrow(&rows, &outlets, "vip_nr")?;
        *build.core.not_virs.entry((*raw).to_owned()).or_default() += (rows.num_rows() - kept.num_rows()) as u64;
        put(build, core, &kept, vec![])?;
    }
    let responsible = build.raw("raw_formos__atsakingi")?;
    let responsible = narrow(&responsible, &outlets, "vip_nr")?;
    let ids = people::identify(build, &responsible)?;
    people::keep_handed_in(build, &responsible);
    put(build, "core_atsakingas", &responsible, vec![("asmens_id", ids)])?;

    let board = build.raw("raw_jar__valdymas")?;
    let board = known.narrow(build, "raw_jar__valdymas", board)?;
    let ids = people::identify(build, &board)?;
    put(build, "core_valdymas", &board, vec![("asmens_id", ids)])?;

    let mut parts = Vec::new();
    for raw in VIOLATIONS {
        let rows = build.raw(raw)?;
        parts.push(known.narrow(build, raw, rows)?);
    }
    let schema = parts[0].schema();
    let all = arrow::compute::concat_batches(&schema, &parts).map_err(Error::arrow("core_pazeidimas"))?;
    let source = super::text((0..all.num_rows()).map(|_| Some("formos")));
    put(build, "core_pazeidimas", &all, vec![("saltinis", source)])
}

/// Stores `rows` and some added columns as a core table.
pub(super) fn put(build: &mut Build<'_>, core: &str, rows: &RecordBatch, added: Vec<(&str, arrow::array::ArrayRef)>) -> Result<(), Error> {
    let own = super::columns(rows);
    let all = own.iter().map(|(name, array)| (name.as_str(), array.clone())).chain(added).collect();
    build.put(core, all)
}

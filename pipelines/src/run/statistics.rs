//! Protects the statistics whose rows changed, beside what earlier releases made of them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use arrow::array::RecordBatch;
use catalog::{Catalog, Tier};
use publish::{Manifest, StatisticFigures};
use rayon::prelude::*;
use transforms::{Audited, Models, PersonKey, ProtectedFamily, PublishedPast, PublishedTables, SqlResults, Summary};

use super::incremental::previous_night::PreviousNight;
use crate::queries::published_release::PublishedRelease;
use crate::refusal::Refusal;
use crate::state::published_past::PublishedPasts;

/// The statistics of tonight as the public and the open tier see them.
#[derive(Default)]
pub(super) struct ProtectedStatistics {
    /// By table; those that are not here are the last release's.
    pub(super) tables: BTreeMap<String, RecordBatch>,
    /// What later releases are compared with, by the table of the rows.
    pasts: Vec<(String, PublishedPast)>,
    /// What protection cost.
    pub(super) summaries: Vec<Summary>,
}

/// Protects every family of statistics of which a table changed; its other tables count as changed, too, since what is suppressed in one
/// depends on all.
pub(super) fn protect(
    catalog: &Catalog,
    models: &Models,
    (state, key): (&Path, &PersonKey),
    made: &mut SqlResults,
    previous: &PreviousNight,
) -> Result<ProtectedStatistics> {
    let count = catalog.law().disclosure().releases;
    let changed = &made.changed;
    let one = |(rows, statistics): (String, Vec<String>)| -> Result<(BTreeMap<String, RecordBatch>, ProtectedFamily, String)> {
        let mut tables = BTreeMap::new();
        let looked_up = transforms::looked_up(models, &rows, &statistics);
        for name in statistics.iter().chain([&rows]).chain(&looked_up) {
            let table = match changed.get(name) {
                Some(table) => table.clone(),
                None => previous.rows(catalog, name, None).map_err(|reason| transforms::Error::Earlier { table: name.clone(), reason })?,
            };
            tables.insert(name.clone(), table);
        }
        let (published, mut unread) = (PublishedPasts::of(state, &rows), None);
        let readable = |past: Result<PublishedPast>| past.map_err(|error| unread = Some(error)).ok();
        let pasts = published.load(catalog.table(&rows)?, key, count)?.map_while(readable);
        let family = transforms::protect(catalog, models, &rows, &tables, pasts);
        // Whatever came of those that could be read counts for nothing then.
        if let Some(error) = unread {
            return Err(error);
        }
        tables.retain(|name, _| statistics.contains(name));
        Ok((tables, family.map_err(Refusal::one)?, rows))
    };
    let mut families = transforms::families(catalog)?;
    families.retain(|(rows, statistics)| statistics.iter().chain([rows]).any(|name| changed.contains_key(name)));
    let mut protected = ProtectedStatistics::default();
    for (tables, family, rows) in families.into_par_iter().map(one).collect::<Result<Vec<_>>>()? {
        made.changed.extend(tables);
        protected.tables.extend(family.tables);
        protected.summaries.extend(family.summaries);
        protected.pasts.extend(family.is_new.then_some((rows, family.past)));
    }
    Ok(protected)
}

impl ProtectedStatistics {
    /// Keeps what tonight's statistics are made of.
    pub(super) fn keep(&self, catalog: &Catalog, state: &Path, key: &PersonKey) -> Result<()> {
        let count = catalog.law().disclosure().releases;
        self.pasts.iter().try_for_each(|(rows, past)| PublishedPasts::of(state, rows).add(past, key, count))
    }

    /// Attacks tonight's statistics as their readers may, with every earlier release beside them that the same definitions made: what does not
    /// hold is not published. Gives what the audit saw.
    pub(super) fn audit(&self, catalog: &Catalog, portal: &Path, definitions: &str) -> Result<Vec<StatisticFigures>> {
        let count = catalog.law().disclosure().releases;
        let folders = publish::list(portal)?.into_iter().rev().map(|release| portal.join("releases").join(release.name));
        let earlier = folders.filter(|folder| {
            Manifest::read(folder).is_ok_and(|(manifest, _)| manifest.definitions == definitions && manifest.withdrawn.is_none())
        });
        let tables = |folder| PublishedRelease::at(folder).tables(catalog, Tier::Open, |table| self.tables.contains_key(&table.name));
        let earlier = earlier.take(count).map(tables).collect::<Result<Vec<PublishedTables>>>()?;
        let audit = transforms::audit(catalog, Tier::Open, &self.tables, &earlier)?;
        let leaks = audit.findings.iter().map(|finding| format!("table {}: {} ({})", finding.table, finding.leak.said(), finding.figures));
        let leaks: Vec<String> = leaks.collect();
        if leaks.is_empty() {
            return Ok(audit.statistics.iter().map(|audited| figures(catalog, audited)).collect::<Result<_, _>>()?);
        }
        let hint = "what earlier statistics were made of stands in state/published; if that folder was lost, bring it back from a backup";
        Err(Refusal(leaks.into_iter().chain([hint.to_owned()]).collect()).into())
    }

    /// Says what protection cost.
    pub(super) fn tell(&self) {
        for summary in &self.summaries {
            let Summary { table, cells, about_persons, primary, secondary, merged, value_lost, narrowest, .. } = summary;
            let (lost, narrowest) = (format!("{:.1} %", value_lost * 100.0), narrowest.map(|room| format!("{:.0} %", room * 100.0)));
            tracing::info!(table, cells, about_persons, primary, secondary, merged, lost, narrowest, "statistic protected");
        }
    }
}

/// What an audit saw of a statistic, as it is published. Rounded down: no more is promised than there is.
pub(crate) fn figures(catalog: &Catalog, audited: &Audited) -> Result<StatisticFigures, catalog::Error> {
    Ok(StatisticFigures {
        table: catalog.table(&audited.table)?.subject().to_owned(),
        cells: audited.cells,
        suppressed: audited.suppressed,
        narrowest: audited.narrowest.map(|room| (room * 100.0).floor() / 100.0),
    })
}

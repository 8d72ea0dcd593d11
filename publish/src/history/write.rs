//! Writes the histories of a release and what changed, tier by tier.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::filter_record_batch;
use arrow::error::ArrowError;
use catalog::{Catalog, Dataset, Released, Table, Tier};
use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use super::delta::{Since, delta};
use super::events::{Event, Events, by_entity, events};
use super::fold::{Kept, advance};
use super::index::{Index, IndexedChanges, IndexedTable, RELEASE};
use super::past::{Past, moved, project, read};
use super::{Keeping, When};
use crate::error::Error;
use crate::formats::{PUBLISHERS, publisher};
use crate::incremental::last_release::LastRelease;
use crate::incremental::tier_table::TierTable;
use crate::paths::{CHANGES_INDEX, changes_path, table_path};
use crate::site::context::SiteContext;
use crate::store::commit::next_sequence;
use crate::store::staging::{Contents, Staging, Written};
use crate::store::tier_manifest::PORTAL_TIERS;

/// The format of histories: others would repeat millions of rows.
const FORMAT: &str = "parquet";
/// Spans of time in days for which it is told what changed, beside the release before.
const SPANS: [u64; 3] = [7, 31, 365];

/// What a tier has shown over time.
#[derive(Default)]
pub(crate) struct TierHistory {
    pub(crate) tables: Vec<TableHistory>,
    pub(crate) events: Events,
}

impl TierHistory {
    /// The day of the first release that is remembered; none if nothing is.
    pub(crate) fn since(&self) -> Option<NaiveDate> {
        self.tables.iter().map(|table| table.first.date).min()
    }

    pub(crate) fn of(&self, table: &str) -> Option<&TableHistory> {
        self.tables.iter().find(|history| history.table.name == table)
    }
}

/// The history of one table.
pub(crate) struct TableHistory {
    pub(crate) table: Arc<Table>,
    pub(crate) dataset: String,
    pub(crate) path: String,
    pub(crate) first: When,
    pub(crate) written: Written,
    pub(crate) windows: Vec<Window>,
    key: Vec<String>,
}

/// What changed in it within some time.
pub(crate) struct Window {
    /// [`RELEASE`], or a number of days.
    pub(crate) name: String,
    /// The day with whose end it is compared.
    pub(crate) since: NaiveDate,
    pub(crate) came: usize,
    pub(crate) changed: usize,
    pub(crate) went: usize,
    /// Where the rows lie in the tier, in each format.
    pub(crate) files: Vec<String>,
}

/// Writes all of them; of tiers that keep none, nothing.
///
/// # Errors
/// [`Error::History`] for a history that the gate refuses, or that cannot be made; otherwise as publishing.
pub(crate) fn write(
    staging: &Staging,
    catalog: &Catalog,
    keeping: &Keeping<'_>,
    tables: &[TierTable<'_>],
    last: Option<&LastRelease>,
    context: &SiteContext<'_>,
) -> Result<BTreeMap<Tier, TierHistory>, Error> {
    let datasets: HashMap<&str, &Dataset> =
        catalog.datasets().flat_map(|dataset| dataset.tables.iter().map(|table| (table.as_str(), dataset.as_ref()))).collect();
    let past = match keeping {
        Keeping::Forward => Some(Past::open(&staging.store.portal, context.renew_ids)?),
        Keeping::AsItStands(_) => None,
    };
    let mut all = BTreeMap::new();
    for tier in PORTAL_TIERS {
        let own = last.map(|last| last.bytes(tier, CHANGES_INDEX)).transpose()?.flatten().and_then(|bytes| Index::read(&bytes));
        let (release, previous) = match (&past, &own) {
            (Some(past), _) => {
                let sequence = i64::try_from(next_sequence(&staging.store)?).unwrap_or(i64::MAX);
                (When { sequence, date: context.release.date }, past.newest())
            }
            // The date of the release before is told by nothing but the windows.
            (None, Some(own)) => {
                let date = own.previous_date().unwrap_or(own.date);
                (When { sequence: own.release, date: own.date }, own.previous.map(|sequence| When { sequence, date }))
            }
            // It was made when nothing was remembered.
            (None, None) => continue,
        };
        let night = Night { staging, context, keeping, past: past.as_ref(), last, own: own.as_ref(), release, previous };
        let is_kept = |table: &Table| catalog.table(&table.history_name()).is_ok_and(|history| history.tiers.contains(&tier));
        let jobs = tables.iter().filter(|table| table.tier == tier && is_kept(&table.table));
        let jobs = jobs.filter_map(|table| Some((table, *datasets.get(table.table.name.as_str())?))).collect::<Vec<_>>();
        if jobs.is_empty() {
            continue;
        }
        let made = jobs.into_par_iter().with_max_len(1).map(|(table, dataset)| night.table(catalog, dataset, table));
        let (mut histories, mut told) = (Vec::new(), Vec::new());
        for (history, events) in made.collect::<Result<Vec<_>, Error>>()?.into_iter().flatten() {
            histories.push(history);
            told.extend(events);
        }
        histories.sort_by(|one, other| (&one.dataset, &one.table.name).cmp(&(&other.dataset, &other.table.name)));
        let index = Index::new(release, previous.map(|when| when.sequence), histories.iter().map(TableHistory::indexed).collect());
        staging.write_bytes(tier, CHANGES_INDEX, &index.print(tier)?)?;
        all.insert(tier, TierHistory { tables: histories, events: by_entity(told) });
    }
    Ok(all)
}

/// What all tables of a tier have in common.
struct Night<'a> {
    staging: &'a Staging,
    context: &'a SiteContext<'a>,
    keeping: &'a Keeping<'a>,
    past: Option<&'a Past<'a>>,
    last: Option<&'a LastRelease>,
    own: Option<&'a Index>,
    release: When,
    previous: Option<When>,
}

/// The history of a table, and what it tells of each VIRS.
type Told = (TableHistory, Vec<(String, Event)>);

/// The rows that came or went, and since when the history knows the table.
struct Moved {
    first: When,
    rows: RecordBatch,
    written: Written,
}

impl Night<'_> {
    fn table(&self, catalog: &Catalog, dataset: &Dataset, of: &TierTable<'_>) -> Result<Option<Told>, Error> {
        let (table, tier) = (&of.table, of.tier);
        let failed = |error: ArrowError| Error::History { table: table.name.clone(), reason: error.to_string() };
        let definition = |name: &str| {
            catalog.table(name).cloned().map_err(|error| Error::History { table: table.name.clone(), reason: error.to_string() })
        };
        let (history, changes) = (definition(&table.history_name())?, definition(&table.changes_name())?);
        let kept = Kept { table, history: &history, tier };
        let path = table_path(dataset, &history, FORMAT);
        let found = match self.keeping {
            Keeping::Forward => self.forward(kept, &history, dataset, of, &path)?,
            Keeping::AsItStands(replaced) => self.as_it_stands(kept, replaced, &path)?,
        };
        let Some(Moved { first, rows, written }) = found else { return Ok(None) };
        let windows = self.windows(kept, &changes, first, &rows)?;
        let told = events(kept, table, &rows, first.sequence).map_err(failed)?;
        let key = kept.key().unwrap_or_default().into_iter().map(str::to_owned).collect();
        Ok(Some((TableHistory { table: table.clone(), dataset: dataset.name.clone(), path, first, written, windows, key }, told)))
    }

    /// The history after tonight.
    fn forward(
        &self,
        kept: Kept<'_>,
        history: &Arc<Table>,
        dataset: &Dataset,
        of: &TierTable<'_>,
        path: &str,
    ) -> Result<Option<Moved>, Error> {
        let failed = |error: ArrowError| Error::History { table: kept.table.name.clone(), reason: error.to_string() };
        let salt = &self.context.salt;
        let first = self.own.and_then(|own| own.first_of(kept.table.subject()));
        let lies = self.last.zip(first).and_then(|(last, first)| Some((last, first, last.file(kept.tier, path)?)));
        let (first, before) = match lies {
            Some((_, first, file)) => {
                if !of.is_new() && !self.has_withdrawn(&file, first)? {
                    return self.linked(kept, first, path);
                }
                (first, Some(read(&file, None).map_err(|_| damaged(&file))?))
            }
            None => match self.past.map(|past| past.history(kept, dataset, salt)).transpose()?.flatten() {
                Some(known) => (known.first, Some(known.rows)),
                None => (self.release, None),
            },
        };
        let previous = self.previous.map_or(0, |when| when.sequence);
        let rows = advance(kept, before.as_ref(), of.whole()?.rows(), (self.release, previous), salt).map_err(failed)?;
        let without = self.past.map(|past| past.without_withdrawn(&rows)).transpose().map_err(failed)?.flatten();
        let rows = without.unwrap_or(rows);
        let refused = |reason| Error::History { table: kept.table.name.clone(), reason };
        let released = (self.context.admit)(history.clone(), kept.tier, rows).map_err(refused)?;
        self.written(&released, first, path).map(Some)
    }

    /// Whether a history has rows that only withdrawn releases showed.
    fn has_withdrawn(&self, file: &Path, first: When) -> Result<bool, Error> {
        let Some(past) = self.past.filter(|past| past.has_withdrawn()) else { return Ok(false) };
        let moved = read(file, Some(first.sequence)).map_err(|_| damaged(file))?;
        past.without_withdrawn(&moved).map(|left| left.is_some()).map_err(|_| damaged(file))
    }

    /// The history as it stands, but for the rows that are removed from it.
    fn as_it_stands(&self, kept: Kept<'_>, replaced: &[Released], path: &str) -> Result<Option<Moved>, Error> {
        let Some(first) = self.own.and_then(|own| own.first_of(kept.table.subject())) else { return Ok(None) };
        match replaced.iter().find(|table| table.tier() == kept.tier && table.table().name == kept.history.name) {
            Some(released) => self.written(released, first, path).map(Some),
            None => self.linked(kept, first, path),
        }
    }

    fn linked(&self, kept: Kept<'_>, first: When, path: &str) -> Result<Option<Moved>, Error> {
        let Some(last) = self.last else { return Ok(None) };
        let (Some(file), Some(written)) = (last.file(kept.tier, path), last.link(self.staging, kept.tier, path)?) else { return Ok(None) };
        let rows = read(&file, Some(first.sequence)).map_err(|_| damaged(&file))?;
        let rows = project(&rows, &kept.history.schema_for(kept.tier)).map_err(|_| damaged(&file))?;
        Ok(Some(Moved { first, rows, written }))
    }

    fn written(&self, released: &Released, first: When, path: &str) -> Result<Moved, Error> {
        let failed = |error: ArrowError| Error::History { table: released.table().name.clone(), reason: error.to_string() };
        let Some(parquet) = publisher(FORMAT) else { unreachable!("Parquet is one of the formats") };
        let written = self.staging.write(released.tier(), path, Some(Contents::of(released)), |out| parquet.write(released, out))?;
        let has_moved = moved(released.rows(), first.sequence).map_err(failed)?;
        Ok(Moved { first, rows: filter_record_batch(released.rows(), &has_moved).map_err(failed)?, written })
    }

    /// What changed within each span of time; nothing in the first release.
    fn windows(&self, kept: Kept<'_>, changes: &Arc<Table>, first: When, rows: &RecordBatch) -> Result<Vec<Window>, Error> {
        let Some(previous) = self.previous else { return Ok(Vec::new()) };
        let begin = |days: u64| self.release.date.checked_sub_days(Days::new(days)).unwrap_or(first.date).max(first.date);
        let spans = SPANS.into_iter().map(|days| (days.to_string(), begin(days), Since::Day(begin(days))));
        let of_release = (RELEASE.to_owned(), previous.date, Since::Release(previous.sequence));
        [of_release].into_iter().chain(spans).map(|window| self.window(kept, changes, rows, window)).collect()
    }

    fn window(
        &self,
        kept: Kept<'_>,
        changes: &Arc<Table>,
        rows: &RecordBatch,
        (name, since, compared): (String, NaiveDate, Since),
    ) -> Result<Window, Error> {
        let failed = |error: ArrowError| Error::History { table: kept.table.name.clone(), reason: error.to_string() };
        let found = delta(kept, changes, rows, compared).map_err(failed)?;
        let mut window = Window { name, since, came: found.came, changed: found.changed, went: found.went, files: Vec::new() };
        if found.rows.num_rows() > 0 {
            let refused = |reason| Error::History { table: kept.table.name.clone(), reason };
            let released = (self.context.admit)(changes.clone(), kept.tier, found.rows).map_err(refused)?;
            for publisher in PUBLISHERS.iter().filter(|publisher| publisher.extension() != "json") {
                let path = changes_path(&window.name, kept.table, publisher.extension());
                self.staging.write(kept.tier, &path, Some(Contents::of(&released)), |out| publisher.write(&released, out))?;
                window.files.push(path);
            }
        }
        Ok(window)
    }
}

impl TableHistory {
    fn indexed(&self) -> IndexedTable {
        let changes = self.windows.iter().map(|window| IndexedChanges {
            window: window.name.clone(),
            since: window.since,
            came: window.came,
            changed: window.changed,
            went: window.went,
            files: window.files.clone(),
        });
        IndexedTable {
            table: self.table.subject().to_owned(),
            dataset: self.dataset.clone(),
            history: self.path.clone(),
            first_release: self.first.sequence,
            first_date: self.first.date,
            key: self.key.clone(),
            changes: changes.collect(),
        }
    }
}

fn damaged(file: &Path) -> Error {
    Error::LastRelease { path: file.to_owned(), reason: "it is not the history of its table".to_owned() }
}

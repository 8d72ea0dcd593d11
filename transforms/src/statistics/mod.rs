//! Disclosure control of statistics: no figure that the public or the open tier shows tells what one or two natural persons did, not by itself,
//! not together with all others of the release, and not together with earlier releases. `docs/disclosure.md` is the threat model.
//!
//! A statistic declares the rows that it counts, its dimensions and what adds up (`[statistic]` and `[[protect]]` in its table); what ties its
//! cells to those of other statistics follows from that. For each family of statistics of the same rows:
//!
//! 1. [`cut`]: to which cell of which statistic each row belongs; [`hidden`]: the rows about persons and whether what they add tells too much;
//! 2. [`components`]: which cells hang together; [`hold`]: which of these are published as they were in the last release, since one or two
//!    persons make the difference;
//! 3. [`pattern`]: what is suppressed, solved with the engine (`protection`);
//! 4. [`suppress`]: the tables as the tiers see them; where something is held or merged, the statistic's own SQL runs again over the rows that are published.

mod audit;
mod book;
mod components;
mod cut;
mod family;
mod hidden;
mod hold;
mod merging;
mod pattern;
mod rules;
mod summary;
mod suppress;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, new_null_array};
use arrow::compute::{concat_batches, filter_record_batch};
use arrow::datatypes::{Field, Schema, SchemaRef};
use catalog::Catalog;
use serde::{Deserialize, Serialize};

pub use self::audit::{Audit, Audited, Finding, Leak, PublishedTables, audit, tiers_differ};
use self::book::{Book, Cell};
use self::family::Family;
use self::hidden::{Hidden, MetRows, rows_about_persons};
use self::hold::{Decision, Past, decide};
use self::pattern::{Figures, Puzzle, Reason};
pub use self::summary::Summary;
use crate::models::fit;
use crate::{DuckDb, Engine, Error, Models};

/// Figures that a release suppressed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SuppressedFigures {
    /// The statistic.
    pub table: String,
    /// Which `[[protect]]` of it.
    pub figures: usize,
    /// The values of its dimensions.
    pub key: Vec<String>,
}

/// What a family of statistics was made of in a release; with what it shows, it is all that matters for later ones. Not to be printed: it
/// names persons.
#[derive(Clone)]
pub struct PublishedPast {
    /// The rows about persons that were counted; columns that no statistic counts are empty.
    pub hidden: RecordBatch,
    /// What it showed.
    pub pattern: PublishedPattern,
}

/// What a family of statistics showed in a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPattern {
    /// What was suppressed.
    pub suppressed: Vec<SuppressedFigures>,
    /// Cells of merged categories.
    pub merged: Vec<MergedCell>,
}

/// A cell of a statistic in which the categories of a group were counted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCell {
    /// The statistic.
    pub table: String,
    /// The values of its dimensions.
    pub key: Vec<String>,
}

impl std::fmt::Debug for PublishedPast {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PublishedPast({} rows)", self.hidden.num_rows())
    }
}

/// A family of statistics as the public and the open tier see it.
#[derive(Debug)]
pub struct ProtectedFamily {
    /// The statistics.
    pub tables: BTreeMap<String, RecordBatch>,
    /// For later releases.
    pub past: PublishedPast,
    /// Whether that differs from the last release.
    pub is_new: bool,
    /// What protection cost, by statistic.
    pub summaries: Vec<Summary>,
}

/// Which statistics count the same rows: the table of the rows, and theirs.
///
/// # Errors
/// A statistic counts rows that no table has.
pub fn families(catalog: &Catalog) -> Result<Vec<(String, Vec<String>)>, Error> {
    let names = |family: &Family<'_>| family.statistics().map(|(_, cut)| cut.table.name.clone()).collect();
    Ok(Family::all(catalog)?.iter().map(|family| (family.rows.name.clone(), names(family))).collect())
}

/// The tables in which statistics of `rows` look up what their codes are called.
#[must_use]
pub fn looked_up(models: &Models, rows: &str, statistics: &[String]) -> BTreeSet<String> {
    let of_statistics = models.models.iter().filter(|model| statistics.contains(&model.name));
    of_statistics.flat_map(|model| &model.needs).filter(|need| *need != rows).cloned().collect()
}

/// Protects the statistics of `rows`. `tables` has the rows, the statistics as they are, and what these look up ([`looked_up`]); `pasts` are
/// earlier releases that differ, the last one first, read one at a time.
///
/// # Errors
/// A statistic is not what its rows add up to ([`Error::Untraced`]); no suppression leaves enough doubt ([`Error::Unprotected`]); its SQL fails.
pub fn protect(
    catalog: &Catalog,
    models: &Models,
    rows: &str,
    tables: &BTreeMap<String, RecordBatch>,
    pasts: impl IntoIterator<Item = PublishedPast>,
) -> Result<ProtectedFamily, Error> {
    let families = Family::all(catalog)?;
    let family = families.iter().find(|family| family.rows.name == rows).ok_or_else(|| missing(rows))?;
    let all = tables.get(rows).ok_or_else(|| missing(rows))?;
    let mut book = Book::default();
    let totals = family.totals(all, &mut book)?;
    for (number, cut) in family.statistics() {
        family.check(number, tables.get(&cut.table.name).ok_or_else(|| missing(&cut.table.name))?, &totals)?;
    }
    let hidden_rows = without_what_nothing_counts(models, family, &rows_about_persons(all, true)?)?;
    let mut met = MetRows::default();
    let mut tonight = Hidden::read(&hidden_rows, family, &mut book, &mut met)?;
    let (mut last, mut before) = (None, Vec::new());
    for past in pasts {
        before.push(read_past(family, &past, (&mut book, &mut met))?);
        last.get_or_insert(past);
    }
    drop(met);
    merging::leave_out_the_rest(family, &mut tonight, &mut before, &book);
    let decision = decide(family, &tonight, &totals, &before, &book)?;

    let hidden = published_rows(&decision, &hidden_rows, last.as_ref().map(|last| &last.hidden))?;
    let published = match decision.held {
        0 => all.clone(),
        _ => together(family, &[&rows_about_persons(all, false)?, &hidden])?,
    };
    let counted = match decision.held {
        0 => family.statistics().map(|(_, cut)| (cut.table.name.clone(), tables[&cut.table.name].clone())).collect(),
        _ => Counting { catalog, models, family, tables }.all(&published)?,
    };
    let shown = Counting { catalog, models, family, tables }.with_merged(&counted, &published, &decision.merged)?;
    let pattern = names(family, &decision);
    let is_new = before.first().is_none_or(|last| !decision.hidden.difference(&last.hidden).is_empty())
        || last.is_none_or(|last| last.pattern != pattern);
    let summaries = summaries(family, &decision, &totals, &shown, &book)?;
    let suppressed = |(number, cut): (usize, &cut::Cut<'_>)| {
        let name = &cut.table.name;
        Ok((name.clone(), suppress::suppress(family, number, &shown[name], &decision.pattern)?))
    };
    Ok(ProtectedFamily {
        tables: family.statistics().map(suppressed).collect::<Result<_, Error>>()?,
        past: PublishedPast { hidden, pattern },
        is_new,
        summaries,
    })
}

/// The rows with only those columns filled that statistics count: nothing else of persons is kept for later releases.
fn without_what_nothing_counts(models: &Models, family: &Family<'_>, rows: &RecordBatch) -> Result<RecordBatch, Error> {
    let of_family = |name: &str| family.cuts.iter().any(|cut| cut.table.name == name);
    let statements = models.models.iter().filter(|model| of_family(&model.name));
    let named: BTreeSet<&str> =
        statements.flat_map(|model| model.sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')).collect();
    let dimensions = family.cuts.iter().flat_map(|cut| cut.statistic.dimensions.iter().map(|dimension| dimension.of.as_str()));
    let only = family.cuts.iter().flat_map(|cut| cut.statistic.only.keys().map(String::as_str));
    let counted: BTreeSet<&str> = named.into_iter().chain(dimensions).chain(only).chain(family.roles.iter().copied()).collect();
    let schema = nullable(&rows.schema());
    let column = |(field, column): (&Arc<Field>, &ArrayRef)| {
        if counted.contains(field.name().as_str()) { column.clone() } else { new_null_array(field.data_type(), rows.num_rows()) }
    };
    let columns = schema.fields().iter().zip(rows.columns()).map(column).collect();
    RecordBatch::try_new(schema, columns).map_err(Error::arrow(&family.rows.name))
}

/// The same columns, each of which may be empty.
fn nullable(schema: &Schema) -> SchemaRef {
    Arc::new(Schema::new(schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect::<Vec<_>>()))
}

fn missing(table: &str) -> Error {
    Error::Earlier { table: table.to_owned(), reason: "it was not handed to disclosure control".to_owned() }
}

fn read_past(family: &Family<'_>, past: &PublishedPast, (book, met): (&mut Book, &mut MetRows)) -> Result<Past, Error> {
    let cell = |table: &str, key: &[String]| Some(family.cell(family.statistic(table)?, key.to_vec()));
    let figures = |one: &SuppressedFigures| Some(Figures { cell: cell(&one.table, &one.key)?, number: one.figures });
    let hidden = Hidden::read(&past.hidden, family, book, met)?;
    let merged: BTreeSet<Cell> = past.pattern.merged.iter().filter_map(|one| cell(&one.table, &one.key)).collect();
    let mut suppressed: BTreeSet<Figures> = past.pattern.suppressed.iter().filter_map(figures).collect();
    // Nobody saw what was not merged.
    for cell in hidden.cells(book).into_iter().filter(|cell| family.cuts[cell.cut].merged.is_some() && !merged.contains(cell)) {
        suppressed.extend((0..family.cuts[cell.cut].figures().len()).map(|number| Figures { cell: cell.clone(), number }));
    }
    Ok(Past { hidden, suppressed, merged })
}

/// The hidden rows that the release counts.
fn published_rows(decision: &Decision, tonight: &RecordBatch, last: Option<&RecordBatch>) -> Result<RecordBatch, Error> {
    let failed = Error::arrow("rows about persons");
    let take = |rows: &RecordBatch, which: &[bool]| filter_record_batch(rows, &BooleanArray::from(which.to_vec()));
    let mut taken = vec![take(tonight, &decision.taken.0).map_err(&failed)?];
    if let Some(last) = last {
        taken.push(take(last, &decision.taken.1).map_err(&failed)?);
    }
    concat_batches(&tonight.schema(), &taken).map_err(&failed)
}

/// Rows of a family as one batch.
fn together(family: &Family<'_>, rows: &[&RecordBatch]) -> Result<RecordBatch, Error> {
    concat_batches(&nullable(&rows[0].schema()), rows.iter().copied()).map_err(Error::arrow(&family.rows.name))
}

/// Counts a family anew, by the SQL of its statistics.
struct Counting<'a> {
    catalog: &'a Catalog,
    models: &'a Models,
    family: &'a Family<'a>,
    /// Has what the SQL looks up.
    tables: &'a BTreeMap<String, RecordBatch>,
}

impl Counting<'_> {
    /// Every statistic over these rows.
    fn all(&self, rows: &RecordBatch) -> Result<BTreeMap<String, RecordBatch>, Error> {
        let mut engine = self.engine(rows)?;
        let count = |(_, cut): (usize, &cut::Cut<'_>)| Ok((cut.table.name.clone(), self.count(cut, &mut engine)?));
        self.family.statistics().map(count).collect()
    }

    /// The statistics, counted over all rows, with one row in the place of the categories of each merged cell.
    fn with_merged(
        &self,
        counted: &BTreeMap<String, RecordBatch>,
        rows: &RecordBatch,
        merged: &BTreeSet<Cell>,
    ) -> Result<BTreeMap<String, RecordBatch>, Error> {
        let merge = |(number, cut): (usize, &cut::Cut<'_>)| {
            let counted = &counted[&cut.table.name];
            let rows = match merging::recoded(self.family, number, merged, rows)? {
                Some(recoded) => {
                    let wholes = merging::titled(self.family, number, &self.count(cut, &mut self.engine(&recoded)?)?)?;
                    merging::replace_parts(self.family, number, merged, counted, &wholes)?
                }
                None => counted.clone(),
            };
            Ok((cut.table.name.clone(), rows))
        };
        self.family.statistics().map(merge).collect()
    }

    fn engine(&self, rows: &RecordBatch) -> Result<DuckDb, Error> {
        let mut engine = DuckDb::open()?;
        engine.register(&self.family.rows.name, rows)?;
        let statistics: Vec<String> = self.family.statistics().map(|(_, cut)| cut.table.name.clone()).collect();
        for need in &looked_up(self.models, &self.family.rows.name, &statistics) {
            engine.register(need, self.tables.get(need).ok_or_else(|| missing(need))?)?;
        }
        Ok(engine)
    }

    fn count(&self, cut: &cut::Cut<'_>, engine: &mut DuckDb) -> Result<RecordBatch, Error> {
        let model = self.models.models.iter().find(|model| model.name == cut.table.name).ok_or_else(|| missing(&cut.table.name))?;
        fit(&engine.query(model.header.file(), &model.sql, &model.needs)?, self.catalog, model)
    }
}

fn names(family: &Family<'_>, decision: &Decision) -> PublishedPattern {
    let table = |cell: &Cell| family.cuts[cell.cut].table.name.clone();
    let figures =
        |figures: &Figures| SuppressedFigures { table: table(&figures.cell), figures: figures.number, key: figures.cell.key.clone() };
    let has_row = decision.pattern.iter().filter(|(_, reason)| **reason != Reason::NotMerged);
    PublishedPattern {
        suppressed: has_row.map(|(one, _)| figures(one)).collect(),
        merged: decision.merged.iter().map(|cell| MergedCell { table: table(cell), key: cell.key.clone() }).collect(),
    }
}

fn summaries(
    family: &Family<'_>,
    decision: &Decision,
    totals: &BTreeMap<Cell, Vec<i128>>,
    shown: &BTreeMap<String, RecordBatch>,
    book: &Book,
) -> Result<Vec<Summary>, Error> {
    let puzzle = Puzzle::new(family, &decision.groups, &decision.hidden.rows, totals, book)?;
    let doubts = puzzle.intervals(&decision.pattern)?;
    let persons: BTreeSet<Cell> = decision.hidden.cells(book);
    let summary =
        |(number, cut): (usize, &cut::Cut<'_>)| Summary::of(family, number, decision, &persons, &doubts, totals, &shown[&cut.table.name]);
    Ok(family.statistics().map(summary).collect())
}

#[cfg(test)]
mod tests;

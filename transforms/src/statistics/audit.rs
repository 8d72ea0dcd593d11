//! The attacker: what somebody who reads published statistics alone, tonight's and those of earlier releases, can work out of the figures that
//! are suppressed. Nothing here sees a row or a person; the definitions, which are public, say what ties the cells.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use catalog::{Catalog, Tier};
use protection::{Interval, State, System};
use serde_json::{Value, json};

use super::book::Cell;
use super::components::groups;
use super::cut::{Amount, is_count, numbers};
use super::family::Family;
use super::hidden::float;
use crate::Error;

/// Shares of a whole in units of their last place.
const WHOLE: f64 = 1e12;

/// How far sums of rounded shares may be beside the whole.
const ROUNDED: f64 = 100.0;

/// What an attacker found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leak {
    /// A suppressed figure follows from others.
    Recovered,
    /// A suppressed figure is known more closely than is promised.
    Narrow,
    /// A figure is shown although it counts one or two persons.
    Few,
    /// The number of persons behind a shown figure differs from an earlier release by one or two.
    ChangedByFew,
    /// What changed in a suppressed figure since an earlier release follows from others.
    ChangeRecovered,
    /// A suppressed figure follows from others and from an earlier release that showed some of them.
    RecoveredWithEarlier,
    /// One tier shows what another suppresses.
    TiersDiffer,
}

impl Leak {
    /// In words.
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Self::Recovered => "suppressed figures follow exactly from others",
            Self::Narrow => "suppressed figures are known more closely than promised",
            Self::Few => "figures are shown that count one or two persons",
            Self::ChangedByFew => "shown figures count one or two persons more or fewer than in an earlier release",
            Self::ChangeRecovered => "changes of suppressed figures since an earlier release follow exactly from others",
            Self::RecoveredWithEarlier => "suppressed figures follow from an earlier release",
            Self::TiersDiffer => "figures are shown in one tier and suppressed in another",
        }
    }
}

/// How many figures of a statistic leak in one way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The statistic.
    pub table: String,
    /// How.
    pub leak: Leak,
    /// How many figures.
    pub figures: usize,
}

/// What an audit of a statistic saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Audited {
    /// The statistic.
    pub table: String,
    /// Cells.
    pub cells: usize,
    /// Cells with suppressed figures.
    pub suppressed: usize,
    /// Of all suppressed figures, the least room a reader is left with: the greatest that is possible over the least, both beside what is known
    /// of rows without persons. None where nothing bounds them.
    pub narrowest: Option<f64>,
}

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audit {
    /// Leaks; none if all is well.
    pub findings: Vec<Finding>,
    /// Every statistic that was looked at.
    pub statistics: Vec<Audited>,
    /// The linear systems that were solved, so that others may solve them, too: `system` with all that readers know
    /// ([`protection::System::published`]), `intervals` with what was found: a suppressed cell's place, its least and greatest value (null: none).
    pub systems: Vec<Value>,
}

/// Statistics of one release as one tier sees them, by table.
pub type PublishedTables = BTreeMap<String, RecordBatch>;

/// Attacks the statistics of one tier, beside earlier releases of it. Families of which a table is missing are left out.
///
/// # Errors
/// A table has not the columns of its definition, or the figures contradict one another.
pub fn audit(catalog: &Catalog, tier: Tier, tonight: &PublishedTables, earlier: &[PublishedTables]) -> Result<Audit, Error> {
    let mut audit = Audit::default();
    for family in Family::all(catalog)?.iter().filter(|family| is_complete(family, tier, tonight)) {
        let mut sight = Sight::of(family, tonight)?;
        let earlier = earlier.iter().filter(|tables| is_complete(family, tier, tables));
        let mut earlier = earlier.map(|tables| Sight::of(family, tables)).collect::<Result<Vec<_>, Error>>()?;
        let merged: BTreeSet<Cell> = earlier.iter().chain([&sight]).flat_map(Sight::merged).collect();
        earlier.iter_mut().chain([&mut sight]).for_each(|sight| sight.add_rows_not_shown(&merged));
        let mut found: BTreeSet<(usize, Leak, Cell, usize)> = BTreeSet::new();
        sight.attack(&mut found, &mut audit)?;
        for past in &earlier {
            sight.compare(past, &mut found)?;
        }
        let mut counts: BTreeMap<(usize, Leak), usize> = BTreeMap::new();
        found.iter().for_each(|(cut, leak, _, _)| *counts.entry((family.statistic_of(*cut), *leak)).or_default() += 1);
        let finding =
            |((cut, leak), figures): ((usize, Leak), usize)| Finding { table: family.cuts[cut].table.name.clone(), leak, figures };
        audit.findings.extend(counts.into_iter().map(finding));
    }
    Ok(audit)
}

/// Statistics that two tiers do not show alike.
#[must_use]
pub fn tiers_differ(one: &PublishedTables, other: &PublishedTables) -> Vec<Finding> {
    let differs = |(name, rows): (&String, &RecordBatch)| other.get(name).is_none_or(|other| other.columns() != rows.columns());
    let finding =
        |(name, rows): (&String, &RecordBatch)| Finding { table: name.clone(), leak: Leak::TiersDiffer, figures: rows.num_rows() };
    one.iter().filter(|table| differs(*table)).map(finding).collect()
}

fn is_complete(family: &Family<'_>, tier: Tier, tables: &PublishedTables) -> bool {
    family.statistics().all(|(_, cut)| tables.contains_key(&cut.table.name) && cut.table.tiers.contains(&tier))
}

/// A figure as a reader sees it.
#[derive(Clone, Copy)]
struct Figure {
    /// None if it is suppressed.
    value: Option<i128>,
    /// What rows without persons add up to.
    open_part: i128,
}

/// All figures of a family in one release.
#[derive(Clone)]
struct Sight<'a> {
    family: &'a Family<'a>,
    /// By cell and measure.
    figures: BTreeMap<Cell, Vec<Figure>>,
    /// By cell; none where it is suppressed.
    persons: BTreeMap<Cell, Option<i64>>,
    /// Cells without a row: categories that are merged, and groups of categories that are not.
    not_shown: BTreeSet<Cell>,
}

/// The linear system of one amount, with the cell and measure of each of its cells; none for what is there only because of rounding.
struct Sheet {
    system: System,
    of: Vec<Option<(Cell, usize)>>,
}

impl Sheet {
    /// The system and its solution, for others.
    fn export(&self, solved: &[(usize, Interval)]) -> Value {
        let finite = |value: f64| value.is_finite().then_some(value);
        let intervals: Vec<Value> = solved.iter().map(|(cell, found)| json!([cell, finite(found.least), finite(found.greatest)])).collect();
        json!({ "system": self.system.published(), "intervals": intervals })
    }

    /// What can be said of each suppressed figure.
    fn of_figures<'s>(&'s self, solved: &'s [(usize, Interval)]) -> impl Iterator<Item = (&'s Cell, usize, Interval)> {
        solved.iter().filter_map(|(number, interval)| self.of[*number].as_ref().map(|(cell, measure)| (cell, *measure, *interval)))
    }
}

impl<'a> Sight<'a> {
    fn of(family: &'a Family<'a>, tables: &PublishedTables) -> Result<Self, Error> {
        let (mut figures, mut persons) = (BTreeMap::new(), BTreeMap::new());
        for (number, cut) in family.statistics() {
            let rows = &tables[&cut.table.name];
            let cells = family.cells(number, rows)?;
            let mut of_rows: Vec<Vec<Figure>> = vec![Vec::new(); cells.len()];
            for measure in &cut.measures {
                let column = super::cut::column(rows, &measure.column)?;
                let values = numbers(column);
                let open = measure.open_part.as_deref().map(|name| super::cut::column(rows, name).map(numbers)).transpose()?;
                for (row, figures) in of_rows.iter_mut().enumerate() {
                    let open_part = open.as_ref().map_or(0, |open| open[row]);
                    figures.push(Figure { value: column.is_valid(row).then_some(values[row]), open_part });
                }
            }
            let counts = cut.figures().first().and_then(|figures| rows.column_by_name(&figures.persons));
            let counts = counts.map(|column| column.as_primitive::<Int64Type>());
            for (row, (cell, of_row)) in cells.into_iter().zip(of_rows).enumerate() {
                persons.insert(cell.clone(), counts.filter(|counts| counts.is_valid(row)).map(|counts| counts.value(row)));
                figures.insert(cell, of_row);
            }
        }
        Ok(Self { family, figures, persons, not_shown: BTreeSet::new() })
    }

    /// The cells of merged categories.
    fn merged(&self) -> impl Iterator<Item = Cell> {
        self.figures.keys().filter(|cell| self.family.cuts[cell.cut].merged.is_some()).cloned()
    }

    /// Adds the cells that merged ones are made of, whichever of both has no row here: readers know that they are there.
    fn add_rows_not_shown(&mut self, merged: &BTreeSet<Cell>) {
        for whole in merged {
            let Some(merging) = &self.family.cuts[whole.cut].merged else { continue };
            let parts: Vec<Cell> = merging.parts(&whole.key).into_iter().map(|key| Cell { cut: merging.from, key }).collect();
            let has_row = |cell: &Cell| self.figures.contains_key(cell);
            let missing: Vec<Cell> = match has_row(whole) {
                true => parts.into_iter().filter(|part| !has_row(part)).collect(),
                false => parts.iter().any(has_row).then(|| whole.clone()).into_iter().collect(),
            };
            for cell in missing {
                let nothing = Figure { value: None, open_part: 0 };
                self.figures.insert(cell.clone(), vec![nothing; self.family.cuts[cell.cut].measures.len()]);
                self.persons.insert(cell.clone(), None);
                self.not_shown.insert(cell);
            }
        }
    }

    /// Everything that tonight's figures tell by themselves.
    fn attack(&self, found: &mut BTreeSet<(usize, Leak, Cell, usize)>, audit: &mut Audit) -> Result<(), Error> {
        let mut narrowest: BTreeMap<usize, f64> = BTreeMap::new();
        for (amount, sheet) in self.sheets(&BTreeMap::new()) {
            let solved = sheet.system.intervals().map_err(|error| self.failed(&error))?;
            audit.systems.push(sheet.export(&solved));
            for (cell, measure, interval) in sheet.of_figures(&solved) {
                if self.is_about_nobody(cell) || self.is_not_merged(cell) {
                    continue;
                }
                let hidden = self.of_persons(cell, measure, interval);
                if let Some(leak) = self.leak(cell, &amount, hidden) {
                    found.insert((cell.cut, leak, cell.clone(), measure));
                }
                if hidden.greatest.is_finite() {
                    let room = hidden.greatest / hidden.least.max(1.0);
                    let least = narrowest.entry(self.family.statistic_of(cell.cut)).or_insert(room);
                    *least = least.min(room);
                }
            }
        }
        for (number, cut) in self.family.statistics() {
            let is_of_it = |cell: &Cell| self.family.statistic_of(cell.cut) == number && !self.not_shown.contains(cell);
            let of_cut = || self.figures.iter().filter(|(cell, _)| is_of_it(cell));
            audit.statistics.push(Audited {
                table: cut.table.name.clone(),
                cells: of_cut().count(),
                suppressed: of_cut().filter(|(_, figures)| figures.iter().any(|figure| figure.value.is_none())).count(),
                narrowest: narrowest.get(&number).copied(),
            });
            let few = |persons: i64| persons > 0 && persons < i64::try_from(cut.rules.minimum_persons).unwrap_or(i64::MAX);
            let shown = of_cut()
                .filter(|(cell, figures)| self.persons[*cell].is_some_and(few) && figures.iter().any(|figure| figure.value.is_some()));
            found.extend(shown.map(|(cell, _)| (cell.cut, Leak::Few, cell.clone(), 0)));
        }
        Ok(())
    }

    /// What an interval of a figure says of what persons add to it.
    fn of_persons(&self, cell: &Cell, measure: usize, interval: Interval) -> Interval {
        let open_part = float(self.figures[cell][measure].open_part);
        Interval { least: interval.least - open_part, greatest: interval.greatest - open_part }
    }

    /// Whether a cell says that no natural person stands behind it: it is suppressed only for the sake of others.
    fn is_about_nobody(&self, cell: &Cell) -> bool {
        self.persons.get(cell).is_none_or(|persons| *persons == Some(0))
    }

    /// Whether it is what categories add up to that stand by themselves: nothing is promised of it.
    fn is_not_merged(&self, cell: &Cell) -> bool {
        self.not_shown.contains(cell) && self.family.cuts[cell.cut].merged.is_some()
    }

    /// Whether what persons add is known too closely.
    fn leak(&self, cell: &Cell, amount: &Amount, hidden: Interval) -> Option<Leak> {
        if !hidden.greatest.is_finite() {
            return None;
        }
        let p = f64::from(self.family.cuts[cell.cut].rules.p_percent) / 100.0;
        let width = hidden.greatest - hidden.least;
        let tolerance = 1e-6 * hidden.greatest.abs().max(1.0);
        if width <= tolerance {
            // That nothing is there tells of nobody.
            return (hidden.greatest > tolerance).then_some(Leak::Recovered);
        }
        // Whatever the value is: it lies so far from both ends as is promised only if they are so far apart.
        let promised = hidden.least.max(0.0) * (1.0 + p) / (1.0 - p);
        let too_few = is_count(self.family.rows, amount) && width < 2.0 - tolerance;
        (hidden.greatest < promised - tolerance || too_few).then_some(Leak::Narrow)
    }

    /// What an earlier release adds.
    fn compare(&self, past: &Sight<'_>, found: &mut BTreeSet<(usize, Leak, Cell, usize)>) -> Result<(), Error> {
        for (cell, persons) in &self.persons {
            let before = past.persons.get(cell).copied().unwrap_or(Some(0));
            let minimum = i64::try_from(self.family.cuts[cell.cut].rules.minimum_persons).unwrap_or(i64::MAX);
            if let (Some(now), Some(before)) = (persons, before)
                && (1..minimum).contains(&(now - before).abs())
            {
                found.insert((cell.cut, Leak::ChangedByFew, cell.clone(), 0));
            }
        }
        self.beside(past).solve_changes(past, found)?;
        // What was shown then, and is suppressed now, is likely what it was.
        let mut shown_then = BTreeMap::new();
        // But for cells with persons where there were none.
        for (cell, figures) in self.figures.iter().filter(|(cell, _)| self.is_about_nobody(cell) || !past.is_about_nobody(cell)) {
            let Some(before) = past.figures.get(cell) else { continue };
            for (measure, (now, before)) in figures.iter().zip(before).enumerate() {
                if let (None, Some(value)) = (now.value, before.value) {
                    shown_then.insert((cell.clone(), measure), value - before.open_part + now.open_part);
                }
            }
        }
        if shown_then.is_empty() {
            return Ok(());
        }
        for (amount, sheet) in self.sheets(&shown_then) {
            for (cell, measure, interval) in sheet.of_figures(&sheet.system.possible_intervals()) {
                let hidden = self.of_persons(cell, measure, interval);
                let matters = !self.is_about_nobody(cell) && !self.is_not_merged(cell);
                if matters && self.leak(cell, &amount, hidden) == Some(Leak::Recovered) {
                    found.insert((cell.cut, Leak::RecoveredWithEarlier, cell.clone(), measure));
                }
            }
        }
        Ok(())
    }

    /// The same with the cells that only the past has: nothing stands there tonight.
    fn beside(&self, past: &Self) -> Self {
        let nothing = Figure { value: Some(0), open_part: 0 };
        let gone = past.figures.iter().filter(|(cell, _)| !self.figures.contains_key(*cell));
        let mut sight = self.clone();
        sight.figures.extend(gone.clone().map(|(cell, figures)| (cell.clone(), vec![nothing; figures.len()])));
        sight.persons.extend(gone.map(|(cell, _)| (cell.clone(), Some(0))));
        sight
    }

    /// Changes between two releases are tied as the figures are.
    fn solve_changes(&self, past: &Sight<'_>, found: &mut BTreeSet<(usize, Leak, Cell, usize)>) -> Result<(), Error> {
        for (_, mut sheet) in self.sheets(&BTreeMap::new()) {
            let mut changes = false;
            for (one, of) in sheet.system.cells.iter_mut().zip(&sheet.of) {
                let Some((cell, measure)) = of else { continue };
                let now = self.figures[cell][*measure];
                let nothing = Figure { value: Some(0), open_part: 0 };
                let before = past.figures.get(cell).map_or(nothing, |figures| figures[*measure]);
                (one.known, one.whole, one.state) = ((f64::NEG_INFINITY, f64::INFINITY), false, State::Secondary);
                one.value = f64::NAN;
                if let (Some(value), Some(before_value)) = (now.value, before.value) {
                    one.state = State::Shown;
                    one.value = float((value - now.open_part) - (before_value - before.open_part));
                    changes |= one.value != 0.0;
                }
            }
            // Wholes and open parts are tied otherwise than changes are: only what counts the same rows is asked here.
            sheet.system.relations.retain(|relation| relation.constant == 0.0);
            if !changes {
                continue;
            }
            let solved = sheet.system.intervals().map_err(|error| self.failed(&error))?;
            for (cell, measure, interval) in sheet.of_figures(&solved) {
                let matters = !self.is_about_nobody(cell) && !self.is_not_merged(cell);
                if matters && interval.greatest.is_finite() && interval.greatest.abs() > 0.5 {
                    found.insert((cell.cut, Leak::ChangeRecovered, cell.clone(), measure));
                }
            }
        }
        Ok(())
    }

    /// The system of every amount; figures of `guessed` count as shown.
    fn sheets(&self, guessed: &BTreeMap<(Cell, usize), i128>) -> Vec<(Amount, Sheet)> {
        let cells: BTreeSet<Cell> = self.figures.keys().cloned().collect();
        let groups = groups(&self.family.cuts, &cells);
        let sheet = |amount: &Amount| {
            let mut sheet = Sheet { system: System::default(), of: Vec::new() };
            let mut places: BTreeMap<&Cell, usize> = BTreeMap::new();
            for (cell, figures) in &self.figures {
                let cut = &self.family.cuts[cell.cut];
                let Some(measure) = cut.measures.iter().position(|measure| measure.amount == *amount) else { continue };
                let figure = figures[measure];
                let value = figure.value.or_else(|| guessed.get(&(cell.clone(), measure)).copied());
                let is_hidden = figure.value.is_none() && !self.not_shown.contains(cell);
                let about_somebody = *amount == Amount::Rows && is_hidden && !self.is_about_nobody(cell);
                let one = protection::Cell {
                    known: (float(figure.open_part + i128::from(about_somebody)), f64::INFINITY),
                    state: if value.is_some() { State::Shown } else { State::Secondary },
                    whole: is_count(self.family.rows, amount) && !cut.measures[measure].is_whole,
                    ..protection::Cell::shown(value.map_or(f64::NAN, float))
                };
                sheet.of.push(Some((cell.clone(), measure)));
                places.insert(cell, sheet.system.cell(one));
            }
            for group in &groups {
                let terms =
                    |cells: &[Cell], sign: f64| cells.iter().filter_map(|cell| Some((*places.get(cell)?, sign))).collect::<Vec<_>>();
                let adds_up = |cut: usize| self.family.cuts[cut].measures.iter().any(|measure| measure.amount == *amount);
                if adds_up(group.cuts.0) && adds_up(group.cuts.1) {
                    sheet.system.relation([terms(&group.first, 1.0), terms(&group.second, -1.0)].concat(), 0.0);
                }
            }
            for (number, cut) in self.family.cuts.iter().enumerate() {
                if cut.measures.iter().any(|measure| measure.amount == *amount && measure.is_whole) {
                    let terms: Vec<_> = places.iter().filter(|(cell, _)| cell.cut == number).map(|(_, place)| (*place, 1.0)).collect();
                    // Averages are rounded, so the whole is known but for that.
                    let rounding = sheet.system.cell(protection::Cell {
                        known: (-ROUNDED, ROUNDED),
                        state: State::Secondary,
                        ..protection::Cell::shown(f64::NAN)
                    });
                    sheet.of.push(None);
                    sheet.system.relation(terms.into_iter().chain([(rounding, 1.0)]).collect(), WHOLE);
                }
            }
            sheet
        };
        self.family.places.keys().map(|amount| (amount.clone(), sheet(amount))).collect()
    }

    fn failed(&self, error: &protection::Unsolved) -> Error {
        Error::Unprotected { rows: self.family.rows.name.clone(), reason: error.to_string() }
    }
}

//! Which figures are suppressed: first those that tell too much of a person (primary), then those by which a reader could work these out
//! (secondary), until every suppressed figure is in enough doubt.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use protection::{Interval, Options, State, System, WithoutRoom};
use serde::{Deserialize, Serialize};

use super::book::{Book, Cell};
use super::components::Group;
use super::cut::{Amount, Measure, is_count};
use super::family::Family;
use super::hidden::{HiddenRow, by_cell, float, only_contributor, tells_too_much};
use crate::Error;

/// Counts above this are treated as amounts: whether so many things are whole tells nothing.
const LARGE_COUNT: i128 = 1_000;

/// What it costs to suppress a cell behind which no person stands, beside others: it is the last resort.
const NO_PERSON: f64 = 1_000.0;

/// A group of figures of a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Figures {
    pub(super) cell: Cell,
    /// Which `[[protect]]`.
    pub(super) number: usize,
}

/// Why figures are suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reason {
    /// They tell too much of a person.
    Primary,
    /// They would tell what others are.
    Secondary,
    /// No row shows them: their categories are not merged. Nothing is promised of them.
    NotMerged,
}

/// The suppressed figures.
pub(super) type Pattern = BTreeMap<Figures, Reason>;

/// What is settled before figures are looked at.
#[derive(Default)]
pub(super) struct Settled {
    /// Figures that stay suppressed, as they were in an earlier release.
    pub(super) suppressed: BTreeSet<Figures>,
    /// Figures that everybody knows from an earlier release: to suppress them hides nothing.
    pub(super) known: BTreeSet<Figures>,
    /// Merged cells that are held as they were shown in the last release.
    pub(super) merged: BTreeSet<Cell>,
}

/// A suppressed figure of which too much can be told, whatever else is suppressed.
pub(super) struct Narrow {
    pub(super) figures: Figures,
}

/// The hidden part of a family with all that hangs together in it.
pub(super) struct Puzzle<'a> {
    pub(super) family: &'a Family<'a>,
    pub(super) groups: &'a [Group],
    /// The hidden rows of each cell.
    pub(super) cells: BTreeMap<Cell, Vec<&'a HiddenRow>>,
    /// What all rows add up to, by place of the amount.
    pub(super) totals: &'a BTreeMap<Cell, Vec<i128>>,
    /// How many rows must at least count in a cell, for all that is known even if everything is suppressed.
    fewest: BTreeMap<Cell, f64>,
    /// Figures that tell too much of a person by themselves.
    primary: OnceCell<BTreeSet<Figures>>,
}

impl<'a> Puzzle<'a> {
    pub(super) fn new(
        family: &'a Family<'a>,
        groups: &'a [Group],
        hidden: &'a [Arc<HiddenRow>],
        totals: &'a BTreeMap<Cell, Vec<i128>>,
        book: &Book,
    ) -> Result<Self, Error> {
        let mut puzzle = Self { family, groups, cells: by_cell(hidden, book), totals, fewest: BTreeMap::new(), primary: OnceCell::new() };
        if family.places.contains_key(&Amount::Rows) {
            let mut sheet = Sheet::of(&puzzle, &Amount::Rows, &Pattern::new(), &Settled::default());
            sheet.system.cells.iter_mut().for_each(|cell| cell.state = State::Secondary);
            let intervals = sheet.system.intervals().map_err(|error| puzzle.failed(&error))?;
            puzzle.fewest = intervals.into_iter().map(|(cell, interval)| (sheet.figures[cell].cell.clone(), interval.least)).collect();
        }
        Ok(puzzle)
    }

    /// Figures that tell too much of a person by themselves.
    fn primary(&self) -> &BTreeSet<Figures> {
        let tells = |figures: &Figures| {
            let cut = &self.family.cuts[figures.cell.cut];
            tells_too_much(cut, figures.number, &self.cells[&figures.cell], &self.family.places)
        };
        self.primary.get_or_init(|| self.figures().filter(tells).collect())
    }

    /// Chooses what is suppressed where the categories of `merged` cells are merged; gives also what is in too little doubt all the same.
    pub(super) fn solve(&self, settled: &Settled, merged: &BTreeSet<Cell>) -> Result<(Pattern, Vec<Narrow>), Error> {
        let has_no_row = |figures: &Figures| self.family.cuts[figures.cell.cut].merged.is_some() && !merged.contains(&figures.cell);
        let mut pattern: Pattern = settled.suppressed.iter().map(|figures| (figures.clone(), Reason::Secondary)).collect();
        pattern.extend(self.primary().iter().map(|figures| (figures.clone(), Reason::Primary)));
        let may_be_suppressed = |figures: &Figures| settled.suppressed.contains(figures) || !settled.known.contains(figures);
        for figures in self.figures().filter(may_be_suppressed) {
            if has_no_row(&figures) {
                pattern.insert(figures, Reason::NotMerged);
            } else if self.family.whole(&figures.cell).is_some_and(|whole| merged.contains(&whole)) {
                pattern.entry(figures).or_insert(Reason::Secondary);
            }
        }
        self.take_parts_along(&mut pattern);
        loop {
            let before = pattern.len();
            let mut narrow = Vec::new();
            for amount in self.family.places.keys() {
                let sheet = Sheet::of(self, amount, &pattern, settled);
                let guessed = sheet.guessed();
                for mut sheet in [Some(sheet), guessed].into_iter().flatten() {
                    let options = Options { without_room: WithoutRoom::SuppressAround, ..Options::default() };
                    let protected = sheet.system.protect_with(options).map_err(|error| self.failed(&error))?;
                    for further in protected.further {
                        pattern.entry(sheet.figures[further].clone()).or_insert(Reason::Secondary);
                    }
                    narrow.extend(protected.narrow.into_iter().map(|(cell, _)| Narrow { figures: sheet.figures[cell].clone() }));
                }
            }
            self.take_parts_along(&mut pattern);
            if pattern.len() == before {
                return Ok((pattern, narrow));
            }
        }
    }

    /// All figures to which persons add something.
    fn figures(&self) -> impl Iterator<Item = Figures> {
        let of_cell = |cell: &Cell| {
            let figures = 0..self.family.cuts[cell.cut].figures().len();
            figures.map(|number| Figures { cell: cell.clone(), number }).collect::<Vec<_>>()
        };
        self.cells.keys().flat_map(of_cell)
    }

    /// What readers can still say of each suppressed figure, by what it adds up.
    pub(super) fn intervals(&self, pattern: &Pattern) -> Result<Vec<Doubt>, Error> {
        let mut all = Vec::new();
        for amount in self.family.places.keys() {
            let sheet = Sheet::of(self, amount, pattern, &Settled::default());
            for (cell, interval) in sheet.system.intervals().map_err(|error| self.failed(&error))? {
                if pattern.get(&sheet.figures[cell]) == Some(&Reason::NotMerged) {
                    continue;
                }
                let value = sheet.system.cells[cell].value;
                all.push(Doubt { cut: sheet.figures[cell].cell.cut, value, interval });
            }
        }
        Ok(all)
    }

    /// Whether the changes of some suppressed figures can be worked out, although they are not shown: those of `asked` that can.
    ///
    /// Cells of `self` are changes between two releases; they may be of any sign and size.
    pub(super) fn told(&self, shown: &dyn Fn(&Figures) -> bool, asked: &BTreeSet<Figures>) -> Result<BTreeSet<Figures>, Error> {
        let mut told: BTreeSet<Figures> = asked.iter().filter(|figures| shown(figures)).cloned().collect();
        for amount in self.family.places.keys() {
            let mut sheet = Sheet::of(self, amount, &Pattern::new(), &Settled::default());
            for (cell, figures) in sheet.system.cells.iter_mut().zip(&sheet.figures) {
                (cell.known, cell.whole) = ((f64::NEG_INFINITY, f64::INFINITY), false);
                cell.state = if shown(figures) { State::Shown } else { State::Secondary };
            }
            for (number, figures) in sheet.figures.iter().enumerate().filter(|(_, figures)| asked.contains(figures) && !shown(figures)) {
                let Interval { least, greatest } = sheet.system.interval(number).map_err(|error| self.failed(&error))?;
                if least.is_finite() || greatest.is_finite() {
                    told.insert(figures.clone());
                }
            }
        }
        Ok(told)
    }

    /// Where a whole is suppressed, its parts are.
    fn take_parts_along(&self, pattern: &mut Pattern) {
        for figures in pattern.keys().cloned().collect::<Vec<_>>() {
            let all = self.family.cuts[figures.cell.cut].figures();
            let is_part = |part: &usize| all[*part].part_of.as_ref().is_some_and(|whole| all[figures.number].values.contains(whole));
            for number in (0..all.len()).filter(is_part) {
                pattern.entry(Figures { cell: figures.cell.clone(), number }).or_insert(Reason::Secondary);
            }
        }
    }

    fn failed(&self, error: &protection::Unsolved) -> Error {
        Error::Unprotected { rows: self.family.rows.name.clone(), reason: error.to_string() }
    }
}

/// How much in doubt a suppressed figure is.
pub(super) struct Doubt {
    pub(super) cut: usize,
    /// What persons add to it.
    pub(super) value: f64,
    pub(super) interval: Interval,
}

/// The linear system of one amount: the hidden part of every figure that adds it up.
struct Sheet {
    system: System,
    /// Which figures each cell of the system is of.
    figures: Vec<Figures>,
}

impl Sheet {
    fn of(puzzle: &Puzzle<'_>, amount: &Amount, pattern: &Pattern, settled: &Settled) -> Self {
        let mut sheet = Self { system: System::default(), figures: Vec::new() };
        let mut numbers: BTreeMap<&Cell, usize> = BTreeMap::new();
        let place = puzzle.family.places[amount];
        for (cell, rows) in &puzzle.cells {
            if let Some(measure) = puzzle.measure(cell, amount) {
                let value: i128 = rows.iter().map(|row| row.amounts[place]).sum();
                let figures = Figures { cell: cell.clone(), number: measure.figures };
                let one = protection::Cell {
                    contributor: only_contributor(&puzzle.family.cuts[cell.cut], rows, place),
                    doubt: if pattern.get(&figures) == Some(&Reason::NotMerged) { (0.0, 0.0) } else { puzzle.doubt(cell, value) },
                    ..puzzle.cell(&figures, amount, value, pattern, settled)
                };
                numbers.insert(cell, sheet.add(figures, one));
            }
        }
        for group in puzzle.groups.iter().filter(|group| puzzle.adds_up(group.cuts.0, amount) && puzzle.adds_up(group.cuts.1, amount)) {
            let first = group.first.iter().filter_map(|cell| Some((*numbers.get(cell)?, 1.0)));
            let second = group.second.iter().filter_map(|cell| Some((*numbers.get(cell)?, -1.0)));
            sheet.system.relation(first.chain(second).collect(), 0.0);
        }
        for cut in 0..puzzle.family.cuts.len() {
            sheet.make_whole(puzzle, cut, amount, pattern, settled, &numbers);
        }
        sheet
    }

    /// Where all cells of a cut make a known whole, those without persons are in the system, too.
    fn make_whole(
        &mut self,
        puzzle: &Puzzle<'_>,
        cut: usize,
        amount: &Amount,
        pattern: &Pattern,
        settled: &Settled,
        numbers: &BTreeMap<&Cell, usize>,
    ) {
        let is_whole = |measure: &&Measure| measure.is_whole && measure.amount == *amount;
        let Some(measure) = puzzle.family.cuts[cut].measures.iter().find(is_whole) else { return };
        let place = puzzle.family.places[amount];
        let mut terms: Vec<(usize, f64)> = numbers.iter().filter(|(cell, _)| cell.cut == cut).map(|(_, number)| (*number, 1.0)).collect();
        for (cell, sums) in puzzle.totals.iter().filter(|(cell, _)| cell.cut == cut && !puzzle.cells.contains_key(*cell)) {
            let figures = Figures { cell: cell.clone(), number: measure.figures };
            let mut one = puzzle.cell(&figures, amount, sums[place], pattern, settled);
            one.cost *= NO_PERSON;
            terms.push((self.add(figures, one), 1.0));
        }
        let constant = terms.iter().map(|(number, _)| self.system.cells[*number].value).sum();
        self.system.relation(terms, constant);
    }

    /// The same as somebody sees it who takes what is suppressed for unchanged where an earlier release showed it; none if nothing was shown.
    fn guessed(&self) -> Option<Self> {
        let is_guessed = |cell: &protection::Cell| cell.fixed && cell.is_suppressed();
        if !self.system.cells.iter().any(is_guessed) {
            return None;
        }
        let mut system = self.system.clone();
        system.cells.iter_mut().filter(|cell| is_guessed(cell)).for_each(|cell| cell.state = State::Shown);
        Some(Self { system, figures: self.figures.clone() })
    }

    fn add(&mut self, figures: Figures, cell: protection::Cell) -> usize {
        self.figures.push(figures);
        self.system.cell(cell)
    }
}

impl Puzzle<'_> {
    fn measure(&self, cell: &Cell, amount: &Amount) -> Option<&Measure> {
        self.family.cuts[cell.cut].measures.iter().find(|measure| measure.amount == *amount)
    }

    fn adds_up(&self, cut: usize, amount: &Amount) -> bool {
        self.family.cuts[cut].measures.iter().any(|measure| measure.amount == *amount)
    }

    fn cell(&self, figures: &Figures, amount: &Amount, value: i128, pattern: &Pattern, settled: &Settled) -> protection::Cell {
        // That a figure is suppressed says that some row about a person counts there; and that others are, that theirs count somewhere.
        let about_persons = *amount == Amount::Rows && self.cells.contains_key(&figures.cell);
        let least = if about_persons { self.fewest.get(&figures.cell).copied().unwrap_or(1.0) } else { 0.0 };
        protection::Cell {
            known: (least, f64::INFINITY),
            state: match pattern.get(figures) {
                None => State::Shown,
                Some(Reason::Primary) => State::Primary,
                Some(Reason::Secondary | Reason::NotMerged) => State::Secondary,
            },
            whole: is_count(self.family.rows, amount) && value <= LARGE_COUNT,
            fixed: settled.known.contains(figures),
            cost: self.cost(figures),
            ..protection::Cell::shown(float(value))
        }
    }

    /// How far readers must be left in doubt.
    fn doubt(&self, cell: &Cell, value: i128) -> (f64, f64) {
        let doubt = float(value) * f64::from(self.family.cuts[cell.cut].rules.p_percent) / 100.0;
        (doubt, doubt)
    }

    /// What readers lose with a cell: its part of all that the statistic shows of its first sum, or count.
    fn cost(&self, figures: &Figures) -> f64 {
        let of_figures = self.family.cuts[figures.cell.cut].measures.iter().filter(|measure| measure.figures == figures.number);
        let Some(measure) = of_figures.max_by_key(|measure| matches!(measure.amount, Amount::Sum(_))) else { return 1.0 };
        let place = self.family.places[&measure.amount];
        let of = |cell: &Cell| self.totals.get(cell).map_or(0.0, |sums| float(sums[place]));
        1.0 + of(&figures.cell).max(0.0).ln_1p()
    }
}

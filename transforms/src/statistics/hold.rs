//! Tonight beside earlier releases: whoever has both reads their difference. So what persons add to cells that hang together is taken over
//! from the last release, as it was published then, until enough of it has changed: no figure that readers see ever changes by what one or two
//! persons changed, and no figure appears or disappears because of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::book::{Book, Cell};
use super::components::{Components, Group, groups};
use super::family::Family;
use super::hidden::{Hidden, HiddenRow, by_cell, count_persons, tells_too_much};
use super::merging::{Merging, merge};
use super::pattern::{Figures, Pattern, Puzzle, Settled};
use crate::Error;

/// What an earlier release was made of.
pub(super) struct Past {
    pub(super) hidden: Hidden,
    pub(super) suppressed: BTreeSet<Figures>,
    /// The merged cells that it had.
    pub(super) merged: BTreeSet<Cell>,
}

/// What is published tonight.
pub(super) struct Decision {
    pub(super) pattern: Pattern,
    /// The merged cells.
    pub(super) merged: BTreeSet<Cell>,
    /// The hidden rows to publish: of tonight, and held ones.
    pub(super) hidden: Hidden,
    /// For each row of tonight, and of the last release, whether it counts.
    pub(super) taken: (Vec<bool>, Vec<bool>),
    pub(super) groups: Vec<Group>,
    /// How many sets of cells are held as they were.
    pub(super) held: usize,
}

/// An earlier release as tonight differs from it.
struct Difference<'a> {
    past: &'a Past,
    rows: Vec<Arc<HiddenRow>>,
    /// The cells that had hidden rows then.
    cells: BTreeSet<Cell>,
    changed: BTreeSet<Cell>,
    /// Figures whose change would tell too much of a person.
    sensitive: BTreeSet<Figures>,
}

impl<'a> Difference<'a> {
    /// `now` has tonight's rows by cell.
    fn new(family: &Family<'_>, (tonight, now): (&Hidden, &BTreeMap<Cell, Vec<&HiddenRow>>), past: &'a Past, book: &Book) -> Self {
        let rows = tonight.difference(&past.hidden);
        let changes = by_cell(&rows, book);
        let tells =
            |cell: &Cell, figures: usize, rows: &[&HiddenRow]| tells_too_much(&family.cuts[cell.cut], figures, rows, &family.places);
        let then = by_cell(&past.hidden.rows, book);
        let persons = |cells: &BTreeMap<Cell, Vec<&HiddenRow>>, cell: &Cell| {
            count_persons(&family.cuts[cell.cut], cells.get(cell).map_or(&[], Vec::as_slice))
        };
        let mut sensitive = BTreeSet::new();
        for (cell, rows) in &changes {
            // Readers see how many persons there are: one or two more look like a difference that one or two make, even if it is not.
            let few = 1..family.cuts[cell.cut].rules.minimum_persons;
            let looks_like_few =
                persons(now, cell).into_iter().zip(persons(&then, cell)).any(|(now, then)| few.contains(&now.abs_diff(then)));
            let figures = 0..family.cuts[cell.cut].figures().len();
            let too_few = figures.filter(|number| looks_like_few || tells(cell, *number, rows));
            sensitive.extend(too_few.map(|number| Figures { cell: cell.clone(), number }));
        }
        let changed = changes.into_keys().collect();
        Self { past, cells: then.into_keys().collect(), changed, sensitive, rows }
    }

    fn was_suppressed(&self, figures: &Figures) -> bool {
        self.past.suppressed.contains(figures)
    }

    /// Whether readers saw what persons add there.
    fn was_shown(&self, figures: &Figures) -> bool {
        self.cells.contains(&figures.cell) && !self.was_suppressed(figures)
    }

    /// Whether readers can take it that nothing else stands there tonight than then.
    fn is_same(&self, figures: &Figures) -> bool {
        !self.changed.contains(&figures.cell) || self.sensitive.contains(figures)
    }
}

/// Decides what is published tonight; `pasts` are the earlier releases that differ, the last one first.
pub(super) fn decide(
    family: &Family<'_>,
    tonight: &Hidden,
    totals: &BTreeMap<Cell, Vec<i128>>,
    pasts: &[Past],
    book: &Book,
) -> Result<Decision, Error> {
    let everything = || std::iter::once(tonight).chain(pasts.iter().map(|past| &past.hidden));
    let cells: BTreeSet<Cell> = everything().flat_map(|hidden| hidden.cells(book)).collect();
    let groups = groups(&family.cuts, &cells);
    let components = Components::new(&family.cuts, &cells, &groups, everything().flat_map(|hidden| &hidden.rows).map(AsRef::as_ref), book);
    let now = by_cell(&tonight.rows, book);
    let differences: Vec<Difference<'_>> = pasts.iter().map(|past| Difference::new(family, (tonight, &now), past, book)).collect();
    drop(now);
    let known_before: BTreeSet<usize> =
        differences.iter().flat_map(|difference| &difference.cells).filter_map(|cell| components.of(cell)).collect();
    let mut held = shown_by_few(&differences, &components);
    loop {
        let (hidden, taken) = mixed(tonight, pasts.first().map(|past| &past.hidden), &components, &held);
        let settled = settled(family, &cells, &differences, &components, &held);
        let puzzle = Puzzle::new(family, &groups, &hidden.rows, totals, book)?;
        let Merging { pattern, merged, narrow } = merge(&puzzle, &settled, pasts.first().map(|past| &past.merged))?;
        let mut further: BTreeSet<usize> = BTreeSet::new();
        for narrow in narrow {
            match components.of(&narrow.figures.cell).filter(|component| known_before.contains(component) && !held.contains(component)) {
                Some(component) => further.extend([component]),
                None => return Err(unprotected(family)),
            }
        }
        for difference in &differences {
            further.extend(told(family, &groups, difference, &pattern, (&components, &held), book)?);
        }
        if further.is_empty() {
            return Ok(Decision { pattern, merged, hidden, taken, held: held.len(), groups });
        }
        held.extend(further);
    }
}

fn unprotected(family: &Family<'_>) -> Error {
    let reason = "there are figures that follow from others whatever is suppressed".to_owned();
    Error::Unprotected { rows: family.rows.name.clone(), reason }
}

/// Components with figures that readers saw in the last release, and that one or two persons would change.
fn shown_by_few(differences: &[Difference<'_>], components: &Components) -> BTreeSet<usize> {
    let Some(last) = differences.first() else { return BTreeSet::new() };
    last.sensitive.iter().filter(|figures| last.was_shown(figures)).filter_map(|figures| components.of(&figures.cell)).collect()
}

/// Tonight's hidden rows, but those of held components as they were.
fn mixed(tonight: &Hidden, last: Option<&Hidden>, components: &Components, held: &BTreeSet<usize>) -> (Hidden, (Vec<bool>, Vec<bool>)) {
    let is_held = |row: &Arc<HiddenRow>| components.of_row(row).is_some_and(|component| held.contains(&component));
    let new: Vec<bool> = tonight.rows.iter().map(|row| !is_held(row)).collect();
    let old: Vec<bool> = last.map(|last| last.rows.iter().map(is_held).collect()).unwrap_or_default();
    let taken = |rows: &[Arc<HiddenRow>], which: &[bool]| {
        rows.iter().zip(which).filter(|(_, taken)| **taken).map(|(row, _)| row.clone()).collect::<Vec<_>>()
    };
    let mut rows = taken(&tonight.rows, &new);
    rows.extend(last.map(|last| taken(&last.rows, &old)).unwrap_or_default());
    (Hidden { rows }, (new, old))
}

fn settled(
    family: &Family<'_>,
    cells: &BTreeSet<Cell>,
    differences: &[Difference<'_>],
    components: &Components,
    held: &BTreeSet<usize>,
) -> Settled {
    let mut settled = Settled::default();
    let Some(last) = differences.first() else { return settled };
    let is_held = |cell: &Cell| components.of(cell).is_some_and(|component| held.contains(&component));
    settled.merged = last.past.merged.iter().filter(|cell| is_held(cell)).cloned().collect();
    let all = cells.iter().flat_map(|cell| (0..family.cuts[cell.cut].figures().len()).map(|number| Figures { cell: cell.clone(), number }));
    for figures in all {
        let is_held = is_held(&figures.cell);
        let stays_suppressed = last.was_suppressed(&figures) && (is_held || !may_appear(&figures, differences));
        let is_known = if is_held {
            !last.was_suppressed(&figures)
        } else {
            // Whatever has changed since: whoever takes it for unchanged comes close to what it would hide.
            differences.iter().any(|past| past.was_shown(&figures))
        };
        if is_known {
            settled.known.insert(figures.clone());
        }
        if stays_suppressed {
            settled.suppressed.insert(figures);
        }
    }
    settled
}

/// Whether a suppressed figure may be shown tonight: since some release in which it was hidden, enough has changed.
fn may_appear(figures: &Figures, differences: &[Difference<'_>]) -> bool {
    let mut hidden = true;
    let mut since = differences.iter().take_while(|past| {
        // The release before the first that suppressed it had nothing there to be seen, and counts as well.
        let before = hidden;
        hidden = past.was_suppressed(figures);
        before && !past.was_shown(figures)
    });
    since.any(|past| !past.is_same(figures))
}

/// Components in which what one or two persons changed since an earlier release could be worked out, or seen.
fn told(
    family: &Family<'_>,
    groups: &[Group],
    difference: &Difference<'_>,
    pattern: &Pattern,
    (components, held): (&Components, &BTreeSet<usize>),
    book: &Book,
) -> Result<BTreeSet<usize>, Error> {
    let is_open = |cell: &Cell| components.of(cell).is_some_and(|component| !held.contains(&component));
    let asked: BTreeSet<Figures> = difference.sensitive.iter().filter(|figures| is_open(&figures.cell)).cloned().collect();
    if asked.is_empty() {
        return Ok(BTreeSet::new());
    }
    let is_open_row = |row: &&Arc<HiddenRow>| components.of_row(row).is_some_and(|component| !held.contains(&component));
    let rows: Vec<Arc<HiddenRow>> = difference.rows.iter().filter(is_open_row).cloned().collect();
    let nothing = BTreeMap::new();
    let puzzle = Puzzle::new(family, groups, &rows, &nothing, book)?;
    let shown = |figures: &Figures| !pattern.contains_key(figures) && !difference.was_suppressed(figures);
    Ok(puzzle.told(&shown, &asked)?.iter().filter_map(|figures| components.of(&figures.cell)).collect())
}

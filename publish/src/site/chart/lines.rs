//! How values changed: a line for each label over all periods.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use catalog::Chart;
use chrono::NaiveDate;

use super::adds_up;
use super::bars::{Bar, Bars, OTHERS, SERIES};
use super::period::{Period, Span, spans};
use crate::incremental::tier_table::TierRows;
use crate::language::{said, say};
use crate::site::shown::Titles;

/// All lines.
pub(super) struct Lines {
    /// In order of time.
    pub(super) spans: Vec<Span>,
    /// The largest first.
    pub(super) lines: Vec<Line>,
    /// Whether the last period is not over.
    pub(super) goes_on: bool,
    /// How many labels have no line: their values cannot be added up.
    left_out: usize,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) code: String,
    pub(super) title: String,
    /// By period, in units of the last place of the column.
    pub(super) points: Vec<Point>,
}

/// One value of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    /// No row is about it.
    Nothing,
    /// All of it is published.
    Known(i128),
    /// Some of it is suppressed; what is published of it.
    AtLeast(i128),
    /// Nothing of it is published.
    Suppressed,
}

impl Point {
    pub(super) fn of(bar: &Bar) -> Self {
        match bar {
            Bar { is_known: false, .. } => Self::Suppressed,
            Bar { lacks: true, .. } => Self::AtLeast(bar.total()),
            _ => Self::Known(bar.total()),
        }
    }

    /// What is known of it.
    pub(super) fn value(self) -> i128 {
        match self {
            Self::Known(value) | Self::AtLeast(value) => value,
            Self::Nothing | Self::Suppressed => 0,
        }
    }

    fn add(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, one) | (one, Self::Nothing) => one,
            (Self::Known(one), Self::Known(other)) => Self::Known(one + other),
            (Self::Suppressed, Self::Suppressed) => Self::Suppressed,
            _ => Self::AtLeast(self.value() + other.value()),
        }
    }
}

impl Lines {
    /// Nothing where there are no two periods to compare.
    pub(super) fn of(table: &TierRows, chart: &Chart, titles: &Titles<'_>, today: NaiveDate) -> Option<Self> {
        let by_row = spans(table, chart)?;
        let spans: Vec<Span> = by_row.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let last = *spans.last()?;
        if spans.len() < 2 {
            return None;
        }
        let whole = Chart { series: None, ..chart.clone() };
        let mut lines: Vec<Line> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (at, span) in spans.iter().enumerate() {
            let Some(bars) = Bars::of(table, &whole, titles, &Period::exactly(&by_row, *span), today) else { continue };
            for bar in bars.bars {
                let place = *places.entry(bar.code.clone()).or_insert_with(|| {
                    lines.push(Line { code: bar.code.clone(), title: String::new(), points: vec![Point::Nothing; spans.len()] });
                    lines.len() - 1
                });
                // Called what it was called last.
                lines[place].points[at] = Point::of(&bar);
                lines[place].title = bar.label;
            }
        }
        let left_out = join(&mut lines, adds_up(table, chart));
        Some(Self { spans, lines, goes_on: !last.is_over(today), left_out })
    }

    pub(super) fn note(&self) -> Option<String> {
        let mut notes = Vec::new();
        if self.goes_on {
            notes.push(say!("Paskutinis laikotarpis dar nesibaigė: jo duomenys dar ne visi, todėl linijos galas punktyrinis.").to_owned());
        }
        if self.has(|point| matches!(point, Point::AtLeast(_) | Point::Suppressed)) {
            notes.push(say!("Kur reikšmė ar jos dalis neskelbiama, linija nutrūksta.").to_owned());
        }
        if self.left_out > 0 {
            notes.push(said!("Dar {0} – lentelėje.", self.left_out));
        }
        (!notes.is_empty()).then(|| notes.join(" "))
    }

    pub(super) fn has(&self, is: impl Fn(&Point) -> bool) -> bool {
        self.lines.iter().flat_map(|line| &line.points).any(is)
    }
}

/// Keeps the largest lines, largest first. The others are one line together where values add up, else they go. Returns how many went.
fn join(lines: &mut Vec<Line>, adds_up: bool) -> usize {
    lines.sort_by_cached_key(|line| (Reverse(line.points.iter().map(|point| point.value()).sum::<i128>()), line.code.clone()));
    if lines.len() <= SERIES {
        return 0;
    }
    let others = lines.split_off(if adds_up { SERIES - 1 } else { SERIES });
    if !adds_up {
        return others.len();
    }
    let sum = |at: usize| others.iter().map(|line| line.points[at]).fold(Point::Nothing, Point::add);
    let points = (0..others[0].points.len()).map(sum).collect();
    lines.push(Line { code: String::new(), title: OTHERS.to_owned(), points });
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(code: &str, points: &[Point]) -> Line {
        Line { code: code.to_owned(), title: code.to_owned(), points: points.to_vec() }
    }

    #[test]
    fn small_lines_are_one_that_says_what_of_it_is_not_published() {
        use Point::{AtLeast, Known, Nothing, Suppressed};
        let mut lines: Vec<Line> = (1..=5).map(|size| line(&size.to_string(), &[Known(size * 100), Nothing, Nothing, Nothing])).collect();
        lines.push(line("a", &[Known(1), Suppressed, Suppressed, Nothing]));
        lines.push(line("b", &[Known(2), Known(5), Suppressed, Nothing]));
        assert_eq!(join(&mut lines, true), 0);
        assert_eq!(lines.iter().map(|line| line.code.as_str()).collect::<Vec<_>>(), ["5", "4", "3", "2", "1", ""]);
        assert_eq!(lines[5].points, [Known(3), AtLeast(5), Suppressed, Nothing]);
    }

    #[test]
    fn what_does_not_add_up_is_left_out_and_counted() {
        let mut lines: Vec<Line> = (1..=8).map(|size| line(&size.to_string(), &[Point::Known(size)])).collect();
        assert_eq!(join(&mut lines, false), 2);
        assert_eq!(lines.iter().map(|line| line.code.as_str()).collect::<Vec<_>>(), ["8", "7", "6", "5", "4", "3"]);
    }
}

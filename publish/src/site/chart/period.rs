//! Which period of a statistic a chart shows: the last one that is over, so that nobody takes a part of a year for a fall.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int64Type;
use catalog::Chart;
use chrono::{Datelike, NaiveDate};

use crate::incremental::tier_table::TierRows;
use crate::language::{both, said, say};

/// A year, or a half-year: as `pusmetis` counts, 1 or 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) year: i64,
    pub(super) half: Option<i64>,
}

impl Span {
    pub(super) fn is_over(self, today: NaiveDate) -> bool {
        let year = i64::from(today.year());
        let first_half_is_over = self.half == Some(1) && today.month() > 6;
        self.year < year || self.year == year && first_half_is_over
    }

    /// The same a year before.
    pub(super) fn year_before(self) -> Self {
        Self { year: self.year - 1, half: self.half }
    }

    /// In words: `2025 m.`, `2025 m. 1 pusmetis`.
    pub(super) fn title(self) -> String {
        match self.half {
            Some(half) => said!("{0} {1} pusmetis", year_title(self.year), half),
            None => year_title(self.year),
        }
    }

    /// As files have it: `2025`, `2025-2`.
    pub(super) fn code(self) -> String {
        self.half.map_or_else(|| self.year.to_string(), |half| format!("{}-{half}", self.year))
    }
}

/// A year in words: `2025 m.`, in English `2025`.
pub(in crate::site) fn year_title(year: i64) -> String {
    both(&format!("{year}\u{a0}m."), &year.to_string())
}

/// The period of each row; nothing where a chart does not tell periods apart, or its tier does not see them.
pub(super) fn spans(table: &TierRows, chart: &Chart) -> Option<Vec<Option<Span>>> {
    let columns: Vec<&ArrayRef> = chart.latest.iter().filter_map(|name| table.rows().column_by_name(name)).collect();
    spans_of(&columns, table.rows().num_rows())
}

fn spans_of(columns: &[&ArrayRef], rows: usize) -> Option<Vec<Option<Span>>> {
    let numbers: Vec<_> = columns.iter().filter_map(|column| column.as_primitive_opt::<Int64Type>()).collect();
    let [years, halves @ ..] = numbers.as_slice() else { return None };
    let half = halves.first();
    let span = |row: usize| years.is_valid(row).then(|| Span { year: years.value(row), half: half.map(|half| half.value(row)) });
    Some((0..rows).map(span).collect())
}

/// The rows of a chart and the period that they are of, if it shows but one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) rows: Vec<usize>,
    span: Option<(Span, bool)>,
}

impl Period {
    pub(super) fn of(table: &TierRows, chart: &Chart, today: NaiveDate) -> Self {
        Self::newest(spans(table, chart).as_deref(), table.rows().num_rows(), today)
    }

    fn newest(spans: Option<&[Option<Span>]>, rows: usize, today: NaiveDate) -> Self {
        let Some(spans) = spans else { return Self { rows: (0..rows).collect(), span: None } };
        let over = spans.iter().flatten().filter(|span| span.is_over(today)).max();
        let Some(&chosen) = over.or_else(|| spans.iter().flatten().max()) else { return Self { rows: Vec::new(), span: None } };
        Self { rows: rows_of(spans, chosen), span: Some((chosen, over.is_some())) }
    }

    /// The same period a year before; nothing where the chart has no periods, or no row is of that one.
    pub(super) fn year_before(&self, table: &TierRows, chart: &Chart) -> Option<(Span, Self)> {
        let (span, _) = self.span?;
        let before = span.year_before();
        let rows = rows_of(&spans(table, chart)?, before);
        (!rows.is_empty()).then_some((before, Self { rows, span: None }))
    }

    /// All rows of one period.
    pub(super) fn exactly(spans: &[Option<Span>], span: Span) -> Self {
        Self { rows: rows_of(spans, span), span: None }
    }

    /// Whether it is one period of several.
    pub(super) fn is_one(&self) -> bool {
        self.span.is_some()
    }

    /// The columns that tell the period, and what they say of this one.
    pub(super) fn given<'c>(&self, chart: &'c Chart) -> Vec<(&'c str, String)> {
        let numbers = self.span.map(|(span, _)| [Some(span.year), span.half]).into_iter().flatten().flatten();
        chart.latest.iter().map(String::as_str).zip(numbers.map(|number| number.to_string())).collect()
    }

    /// In words: `2025 m.`
    pub(super) fn title(&self) -> Option<String> {
        self.span.map(|(span, _)| span.title())
    }

    /// Says which period it is.
    pub(super) fn note(&self, table: &TierRows) -> Option<String> {
        let (span, is_over) = self.span?;
        let state = if is_over { say!("paskutinis pasibaigęs laikotarpis") } else { say!("laikotarpis dar nesibaigė") };
        let others = if table.rows().num_rows() > self.rows.len() { say!(" Kiti laikotarpiai – lentelėje.") } else { "" };
        Some(said!("Rodoma: {0} ({1}).", span.title(), state) + others)
    }
}

fn rows_of(spans: &[Option<Span>], span: Span) -> Vec<usize> {
    (0..spans.len()).filter(|row| spans[*row] == Some(span)).collect()
}

/// Whether a year goes on: what is known of it is not yet all.
pub(in crate::site) fn goes_on(year: i64, today: NaiveDate) -> bool {
    !Span { year, half: None }.is_over(today)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int64Array;

    use super::*;
    use crate::language::{Language, in_language};

    #[test]
    fn a_period_has_a_title_in_each_language() {
        let read = |half, language| in_language(&Span { year: 2025, half }.title(), language).into_owned();
        assert_eq!([None, Some(1)].map(|half| read(half, Language::Lithuanian)), ["2025\u{a0}m.", "2025\u{a0}m. 1 pusmetis"]);
        assert_eq!([None, Some(1)].map(|half| read(half, Language::English)), ["2025", "2025, half-year 1"]);
    }

    #[test]
    fn the_last_period_that_is_over_is_shown_and_only_if_there_is_none_the_one_that_goes_on() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let years: ArrayRef = Arc::new(Int64Array::from(vec![Some(2024), None, Some(2025), Some(2025), Some(2026)]));
        let of = |columns: &[&ArrayRef], today| {
            let rows = columns[0].len();
            Period::newest(spans_of(columns, rows).as_deref(), rows, today)
        };
        let span = |year, half, over| Some((Span { year, half }, over));
        assert_eq!(of(&[&years], day(2026, 10, 31)), Period { rows: vec![2, 3], span: span(2025, None, true) });
        assert_eq!(of(&[&years], day(2027, 1, 1)), Period { rows: vec![4], span: span(2026, None, true) });
        assert_eq!(of(&[&years.slice(4, 1)], day(2026, 10, 31)), Period { rows: vec![0], span: span(2026, None, false) });
        let halves: ArrayRef = Arc::new(Int64Array::from(vec![2, 1, 1, 2, 1]));
        assert_eq!(of(&[&years, &halves], day(2026, 7, 1)), Period { rows: vec![4], span: span(2026, Some(1), true) });
        assert_eq!(of(&[&years, &halves], day(2026, 6, 30)), Period { rows: vec![3], span: span(2025, Some(2), true) });
        assert_eq!(of(&[&years.slice(0, 0)], day(2026, 7, 1)).rows, Vec::<usize>::new());
        assert!(goes_on(2026, day(2026, 10, 31)) && !goes_on(2025, day(2026, 10, 31)));
    }
}

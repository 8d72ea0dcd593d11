//! The answer to the question that a chart's longest bar answers.

use catalog::Chart;
use chrono::NaiveDate;

use super::adds_up;
use super::bars::{Bar, Bars};
use super::period::Period;
use super::print::AT_LEAST;
use crate::incremental::tier_table::TierRows;
use crate::language::say;
use crate::site::shown::{PIECES, Titles};
use crate::site::text::push_units;

/// What the longest bar is.
pub(in crate::site) struct Answer {
    pub(in crate::site) label: String,
    /// Its value with the unit, as text.
    pub(in crate::site) value: String,
    /// All bars together, where they add up.
    pub(in crate::site) total: Option<String>,
    /// The period it is of.
    pub(in crate::site) period: Option<String>,
}

impl Answer {
    /// Nothing where nothing is known.
    pub(in crate::site) fn of(table: &TierRows, chart: &Chart, titles: &Titles<'_>, today: NaiveDate) -> Option<Self> {
        let period = Period::of(table, chart, today);
        let bars = Bars::of(table, chart, titles, &period, today)?.bars;
        let column = &table.table().column(&chart.value)?.column;
        let print = |units: i128, lacks: bool| {
            let mut out = if lacks { AT_LEAST.to_owned() } else { String::new() };
            push_units(units, column.kind, &mut out);
            if let Some(unit) = column.unit.as_deref().filter(|unit| *unit != PIECES) {
                out.push('\u{a0}');
                out.push_str(if unit == "EUR" { say!("Eur") } else { unit });
            }
            out
        };
        let longest = longest(&bars)?;
        let total = || print(bars.iter().map(Bar::total).sum(), bars.iter().any(|bar| bar.lacks));
        Some(Self {
            label: longest.label.clone(),
            value: print(longest.total(), longest.lacks),
            total: adds_up(table, chart).then(total),
            period: period.title(),
        })
    }
}

/// The longest of which anything is known; the first of several.
fn longest(bars: &[Bar]) -> Option<&Bar> {
    let known = bars.iter().filter(|bar| bar.is_known && bar.total() > 0);
    known.reduce(|one, other| if other.total() > one.total() { other } else { one })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_answers_nothing() {
        let bar = |code: &str, part, is_known: bool| {
            let (code, label) = (code.to_owned(), code.to_owned());
            Bar { code, label, parts: vec![part], lacks: !is_known, is_known, before: None }
        };
        let code = |bars: &[Bar]| longest(bars).map(|bar| bar.code.clone());
        assert_eq!(code(&[bar("a", 1, true), bar("b", 5, true), bar("c", 5, true), bar("d", 0, false)]), Some("b".to_owned()));
        assert_eq!(code(&[bar("a", 0, true), bar("d", 0, false)]), None);
    }
}

//! The bar chart of a dataset of statistics: a list that says label and value in text, with a bar drawn in SVG under each. No script, colours
//! and patterns from the style sheet, widths in per cent so that it fits any screen, and it breaks across printed pages as text does.

mod bars;
mod period;
mod print;

use catalog::Chart;
use chrono::NaiveDate;

use self::bars::Bars;
use self::period::Period;
use super::shown::Titles;
use crate::incremental::tier_table::TierRows;

/// More bars than this cannot be told apart; the table beside has them all.
const BARS: usize = 20;

/// A chart and what is said below it.
pub(super) struct Drawn {
    pub(super) html: String,
    pub(super) note: Option<String>,
}

/// Draws the chart as of the day of the data; `None` where this tier does not see its columns or there is nothing to draw.
pub(super) fn draw(table: &TierRows, chart: &Chart, titles: &Titles<'_>, today: NaiveDate) -> Option<Drawn> {
    let period = Period::of(table, chart, today);
    let mut bars = Bars::of(table, chart, titles, &period, today)?;
    let all = bars.bars.len();
    bars.keep(BARS);
    let mut notes: Vec<String> = period.note(table).into_iter().collect();
    if all > bars.bars.len() {
        notes.push(format!("Diagramoje – {} iš {all}; visos reikšmės – lentelėje.", bars.bars.len()));
    }
    if bars.bars.iter().any(|bar| bar.lacks && bar.is_known) {
        notes.push("„Bent“ – tiek sudaro tai, kas skelbiama; fizinių asmenų dalis neskelbiama.".to_owned());
    }
    Some(Drawn { html: print::html(table, chart, &bars), note: (!notes.is_empty()).then(|| notes.join(" ")) })
}

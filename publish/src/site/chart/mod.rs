//! The views of a statistic: bars of the newest period with its change from the year before, the same with parts side by side, lines over all
//! periods. Each is a list or a table that says everything in text, with a drawing in SVG: no script, colours and patterns from the style sheet.
//! Each has an address of its own on the page, and a CSV file with what it draws, which is the same in all languages.

pub(super) mod answer;
mod bars;
mod csv;
mod lines;
pub(super) mod period;
mod print;
mod print_lines;

use catalog::{Chart, Kind};
use chrono::NaiveDate;

use self::bars::{Bar, Bars};
use self::lines::Lines;
use self::period::Period;
use super::rows_behind::RowsBehind;
use super::shown::Titles;
use crate::error::Error;
use crate::incremental::tier_table::TierRows;
use crate::language::{said, say};

/// More bars than this cannot be told apart; the table beside has them all.
const BARS: usize = 20;

/// One view, and what is said below it.
pub(super) struct View {
    /// Its address on the page, and the name of its file.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) html: String,
    pub(super) note: Option<String>,
    /// What it draws.
    pub(super) csv: Vec<u8>,
}

/// All views as of the day of the data; none where this tier does not see the columns of the chart or there is nothing to draw.
///
/// # Errors
/// [`Error::Io`] if a CSV file cannot be printed.
pub(super) fn views(
    table: &TierRows,
    chart: &Chart,
    titles: &Titles<'_>,
    today: NaiveDate,
    behind: Option<&RowsBehind<'_>>,
) -> Result<Vec<View>, Error> {
    let period = Period::of(table, chart, today);
    let Some(mut bars) = Bars::of(table, chart, titles, &period, today) else { return Ok(Vec::new()) };
    let before = period.year_before(table, chart).and_then(|(span, rows)| Some((span, Bars::of(table, chart, titles, &rows, today)?)));
    if let Some((_, before)) = &before {
        bars.compare(before);
    }
    // The file has every bar.
    let csv = csv::of_bars(table, chart, &bars)?;
    let all = bars.bars.len();
    bars.keep(BARS);
    let mut notes: Vec<String> = period.note(table).into_iter().collect();
    if all > bars.bars.len() {
        notes.push(said!("Diagramoje – {0} iš {1}; visos reikšmės – lentelėje.", bars.bars.len(), all));
    }
    if bars.bars.iter().any(|bar| bar.lacks && bar.is_known) {
        notes.push(say!("„Bent“ – tiek sudaro tai, kas skelbiama; fizinių asmenų dalis neskelbiama.").to_owned());
    }
    let note = (!notes.is_empty()).then(|| notes.join(" "));
    let title = if period.is_one() { say!("Naujausias laikotarpis") } else { say!("Reikšmės") };
    let given = period.given(chart);
    let rows = |bar: &Bar| {
        let code = [(chart.label.as_str(), bar.code.clone())];
        behind.filter(|_| !bar.lacks)?.address(&given.iter().cloned().chain(code).collect())
    };
    let html = print::html(table, chart, &bars, before.as_ref().map(|(span, _)| *span), &rows);
    let mut views = vec![View { id: "reiksmes", title, html, note: note.clone(), csv: csv.clone() }];
    if bars.series.len() > 1 {
        views.push(View { id: "greta", title: say!("Dalys greta"), html: print::grouped(table, chart, &bars), note, csv });
    }
    views.extend(over_time(table, chart, titles, today)?);
    Ok(views)
}

fn over_time(table: &TierRows, chart: &Chart, titles: &Titles<'_>, today: NaiveDate) -> Result<Option<View>, Error> {
    let Some(lines) = Lines::of(table, chart, titles, today) else { return Ok(None) };
    let (html, csv) = (print_lines::html(table, chart, &lines), csv::of_lines(table, chart, &lines)?);
    Ok(Some(View { id: "raida", title: say!("Kaip keitėsi"), html, note: lines.note(), csv }))
}

/// Whether values of a kind may be added up: averages and indexes may not.
fn adds_up(table: &TierRows, chart: &Chart) -> bool {
    table.table().column(&chart.value).is_some_and(|used| matches!(used.column.kind, Kind::Integer | Kind::Money))
}

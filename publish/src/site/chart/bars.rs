//! What a chart shows: rows summed by label and series.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Decimal128Type, Int64Type};
use catalog::{Cells, Chart, Check, Kind};
use chrono::NaiveDate;

use super::period::{Period, goes_on};
use crate::incremental::tier_table::TierRows;
use crate::language::{Language, in_language, said, say};
use crate::site::rows::SuppressionMarks;
use crate::site::shown::Titles;
use crate::site::things::key::title_beside;

/// More parts of a bar than this cannot be told apart; the smallest ones are one part together.
pub(super) const SERIES: usize = 6;

/// All other parts together.
pub(super) const OTHERS: &str = say!("Kita");

/// All bars of a chart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bars {
    pub(super) bars: Vec<Bar>,
    /// What the parts of the bars are; empty where bars have no parts.
    pub(super) series: Vec<String>,
    /// Whether bars stand in the order of time.
    in_order: bool,
}

/// One bar.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) struct Bar {
    pub(super) code: String,
    pub(super) label: String,
    /// By series, in units of the last place of the column.
    pub(super) parts: Vec<i128>,
    /// Whether some of it is suppressed: then the parts are what is known of it.
    pub(super) lacks: bool,
    /// Whether anything of it is known.
    pub(super) is_known: bool,
    /// What it was a year before, where all of that is known.
    pub(super) before: Option<i128>,
}

impl Bar {
    pub(super) fn total(&self) -> i128 {
        self.parts.iter().sum()
    }
}

impl Bars {
    /// Sums the rows of a period; nothing where a column is not there, or no row is.
    pub(super) fn of(table: &TierRows, chart: &Chart, titles: &Titles<'_>, period: &Period, today: NaiveDate) -> Option<Self> {
        let label = Dimension::of(table, &chart.label, titles)?;
        let series = chart.series.as_deref().map(|name| Dimension::of(table, name, titles));
        let series = match series {
            Some(None) => return None,
            series => series.flatten(),
        };
        let values = table.rows().column_by_name(&chart.value)?;
        // What rows without persons add up to is shown of suppressed values as well.
        let open_part = table.table().protect.iter().find_map(|rule| rule.open_part.get(&chart.value));
        let open_part = open_part.and_then(|name| table.rows().column_by_name(name));
        let marks = SuppressionMarks::of(table);
        let mut parts = Places::default();
        let mut bars: Vec<Bar> = Vec::new();
        let mut labels = Places::default();
        for &row in &period.rows {
            let is_suppressed = values.is_null(row) && marks.hides(&chart.value, row);
            if values.is_null(row) && !is_suppressed {
                continue;
            }
            let bar = labels.place(&label.code(row), || label.title(row));
            let part = series.as_ref().map_or(0, |series| parts.place(&series.code(row), || series.title(row)));
            if bar == bars.len() {
                bars.push(Bar {
                    code: label.code(row),
                    label: String::new(),
                    parts: Vec::new(),
                    lacks: false,
                    is_known: false,
                    before: None,
                });
            }
            let bar = &mut bars[bar];
            bar.parts.resize(bar.parts.len().max(part + 1), 0);
            let known = if is_suppressed { open_part.map_or(0, |open| units(open, row)) } else { units(values, row) };
            bar.parts[part] += known;
            bar.lacks |= is_suppressed;
            bar.is_known |= !is_suppressed || known != 0;
        }
        if bars.is_empty() {
            return None;
        }
        let series = parts.titles();
        let goes_on = |code: &str| label.is_year && code.parse().is_ok_and(|year| goes_on(year, today));
        for (bar, title) in bars.iter_mut().zip(labels.titles()) {
            bar.label = if goes_on(&bar.code) { said!("{0} (metai dar nesibaigė)", title) } else { title };
            bar.parts.resize(series.len().max(1), 0);
        }
        let mut all = Self { bars, series, in_order: label.is_in_order };
        all.join_small_parts();
        Some(all)
    }

    /// Sets beside each bar what it was a year before.
    pub(super) fn compare(&mut self, before: &Self) {
        let known: HashMap<&str, i128> = before.bars.iter().filter(|bar| !bar.lacks).map(|bar| (bar.code.as_str(), bar.total())).collect();
        for bar in self.bars.iter_mut().filter(|bar| !bar.lacks) {
            bar.before = known.get(bar.code.as_str()).copied();
        }
    }

    /// Keeps the largest bars, largest first; of those in order of time the last ones.
    pub(super) fn keep(&mut self, most: usize) {
        if self.in_order {
            self.bars.drain(..self.bars.len().saturating_sub(most));
        } else {
            // That of which nothing is known stands at the end.
            self.bars.sort_by_key(|bar| (!bar.is_known, std::cmp::Reverse(bar.total())));
            self.bars.truncate(most);
        }
    }

    /// Series by size, the largest first; those after the sixth are one.
    fn join_small_parts(&mut self) {
        let sum = |series: usize| self.bars.iter().map(|bar| bar.parts[series]).sum::<i128>();
        let mut order: Vec<usize> = (0..self.series.len()).collect();
        order.sort_by_key(|series| std::cmp::Reverse(sum(*series)));
        let many = order.len() > SERIES;
        let (first, rest) = order.split_at(if many { SERIES - 1 } else { order.len() });
        for bar in &mut self.bars {
            let others = rest.iter().map(|series| bar.parts[*series]).sum::<i128>();
            let parts: Vec<i128> = first.iter().map(|series| bar.parts[*series]).chain(many.then_some(others)).collect();
            if !order.is_empty() {
                bar.parts = parts;
            }
        }
        self.series = first.iter().map(|series| self.series[*series].clone()).chain(many.then(|| OTHERS.to_owned())).collect();
    }
}

/// A dimension as people read it.
struct Dimension<'a> {
    codes: Cells<'a>,
    titles: Option<Cells<'a>>,
    classifier: Option<(&'a Titles<'a>, &'a str)>,
    is_year: bool,
    /// Numbers, dates and groups of sizes have an order of their own.
    is_in_order: bool,
}

impl<'a> Dimension<'a> {
    fn of(table: &'a TierRows, name: &str, titles: &'a Titles<'a>) -> Option<Self> {
        let (definition, rows) = (table.table(), table.rows());
        let place = definition.columns.iter().position(|used| used.column.name == name)?;
        let column = &definition.columns[place].column;
        let next = definition.columns.get(place + 1).filter(|next| {
            let is_key = definition.key.contains(&next.column.name);
            next.column.kind == Kind::Text && !is_key
        });
        let classifier = match &column.check {
            Some(Check::Classifier(classifier)) => Some((titles, classifier.as_str())),
            _ => None,
        };
        let beside = next.and_then(|next| rows.column_by_name(&next.column.name)).map(|column| Cells::of(column.as_ref()));
        Some(Self {
            codes: Cells::of(rows.column_by_name(name)?.as_ref()),
            is_in_order: column.kind != Kind::Text || beside.is_none() && classifier.is_none(),
            titles: beside,
            classifier,
            is_year: name == "metai",
        })
    }

    fn code(&self, row: usize) -> String {
        let mut printed = Vec::new();
        self.codes.print(row, &mut printed);
        String::from_utf8_lossy(&printed).into_owned()
    }

    fn title(&self, row: usize) -> String {
        let code = self.code(row);
        let title = self.titles.as_ref().and_then(|titles| titles.text(row));
        let title = match (title, self.classifier) {
            (Some(title), Some((titles, classifier))) => title_beside(title, &code, classifier, titles),
            (Some(title), None) => title,
            (None, Some((titles, classifier))) => titles.title(classifier, &code),
            (None, None) => &code,
        };
        title.to_owned()
    }
}

/// Codes in the order in which they come, each with its title.
#[derive(Default)]
struct Places {
    places: HashMap<String, usize>,
    all: Vec<(String, String)>,
}

impl Places {
    fn place(&mut self, code: &str, title: impl FnOnce() -> String) -> usize {
        if let Some(place) = self.places.get(code) {
            return *place;
        }
        self.all.push((code.to_owned(), title()));
        self.places.insert(code.to_owned(), self.all.len() - 1);
        self.all.len() - 1
    }

    /// The titles; those that several codes share, as Lithuanian readers see them, have the code as well.
    fn titles(&self) -> Vec<String> {
        let mut shared: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
        self.all.iter().for_each(|(_, title)| *shared.entry(in_language(title, Language::Lithuanian)).or_default() += 1);
        let is_shared = |title: &str| shared.get(&*in_language(title, Language::Lithuanian)).is_some_and(|times| *times > 1);
        let title = |(code, title): &(String, String)| if is_shared(title) { format!("{title} ({code})") } else { title.clone() };
        self.all.iter().map(title).collect()
    }
}

/// A number in units of its last place; nothing where it is empty.
fn units(values: &ArrayRef, row: usize) -> i128 {
    if values.is_null(row) {
        return 0;
    }
    let whole = values.as_primitive_opt::<Int64Type>().map(|values| i128::from(values.value(row)));
    whole.or_else(|| Some(values.as_primitive_opt::<Decimal128Type>()?.value(row))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::both;

    fn bar(label: &str, parts: &[i128], is_known: bool) -> Bar {
        Bar { code: label.to_owned(), label: label.to_owned(), parts: parts.to_vec(), lacks: !is_known, is_known, before: None }
    }

    #[test]
    fn codes_with_one_title_stay_apart() {
        let mut places = Places::default();
        let numbers = [("1", "Ministerija"), ("2", "Taryba"), ("1", "Ministerija"), ("3", "Ministerija")];
        let numbers = numbers.map(|(code, title)| places.place(code, || title.to_owned()));
        assert_eq!(numbers, [0, 1, 0, 2]);
        assert_eq!(places.titles(), ["Ministerija (1)", "Taryba", "Ministerija (3)"]);
        places.place("4", || both("Taryba", "Council"));
        assert_eq!(places.titles()[1..], ["Taryba (2)".to_owned(), "Ministerija (3)".to_owned(), both("Taryba", "Council") + " (4)"]);
    }

    #[test]
    fn small_parts_are_one_and_nothing_is_lost() {
        let series: Vec<String> = (0..8).map(|number| number.to_string()).collect();
        let bars = vec![bar("a", &[1, 2, 3, 4, 5, 6, 7, 8], true), bar("b", &[10; 8], true)];
        let mut all = Bars { bars, series, in_order: false };
        all.join_small_parts();
        let series = |language| all.series.iter().map(|title| in_language(title, language).into_owned()).collect::<Vec<_>>();
        assert_eq!(series(Language::Lithuanian), ["7", "6", "5", "4", "3", "Kita"]);
        assert_eq!(series(Language::English), ["7", "6", "5", "4", "3", "Other"]);
        assert_eq!(
            all.bars.iter().map(|bar| bar.parts.clone()).collect::<Vec<_>>(),
            [vec![8, 7, 6, 5, 4, 6], vec![10, 10, 10, 10, 10, 30]]
        );
    }

    #[test]
    fn a_bar_is_compared_only_where_both_years_are_wholly_known() {
        let all = |bars| Bars { bars, series: Vec::new(), in_order: false };
        let mut now = all(vec![bar("a", &[1], true), bar("b", &[2], true), bar("c", &[3], false), bar("d", &[4], true)]);
        now.compare(&all(vec![bar("d", &[8], true), bar("b", &[6], false), bar("c", &[7], true)]));
        assert_eq!(now.bars.iter().map(|bar| bar.before).collect::<Vec<_>>(), [None, None, None, Some(8)]);
    }

    #[test]
    fn the_largest_bars_are_kept_or_the_last_ones_in_order_of_time() {
        let bars = || vec![bar("a", &[1], true), bar("b", &[0], false), bar("c", &[3], true), bar("d", &[2], true)];
        let labels = |in_order| {
            let mut all = Bars { bars: bars(), series: Vec::new(), in_order };
            all.keep(3);
            all.bars.iter().map(|bar| bar.label.clone()).collect::<Vec<_>>()
        };
        assert_eq!(labels(false), ["c", "d", "a"]);
        assert_eq!(labels(true), ["b", "c", "d"]);
    }
}

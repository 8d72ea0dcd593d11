//! Who paid a VIRS how much, and whom somebody paid: totals by year and payer, or receiver, the newest year and the largest sum first.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::fmt::Write;
use std::sync::OnceLock;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, StringArray};
use arrow::datatypes::{ArrowPrimitiveType, Date32Type, Decimal128Type, Int64Type};
use catalog::{ENTITY, Kind, Payments, Tier};
use chrono::NaiveDate;
use foldhash::{HashMap, HashMapExt};

use super::chart::period::goes_on;
use super::entities::NAME;
use super::text::{counted, push_linked, push_units};
use super::things::links::NameLinks;
use crate::incremental::tier_table::TierRows;
use crate::language::{Language, in_language, said, say};

const TIMES: &str = say!("kartą|kartus|kartų");

/// How totals speak of those on the other side of a payment.
struct Words {
    heading: &'static str,
    /// Forms of the noun beside a count.
    one: &'static str,
    others: &'static str,
    unnamed: &'static str,
    /// What the open tier does not have.
    open: &'static str,
}

const PAYERS: Words = Words {
    heading: say!("Mokėtojas"),
    one: say!("mokėtojas|mokėtojai|mokėtojų"),
    others: say!("kitas mokėtojas|kiti mokėtojai|kitų mokėtojų"),
    unnamed: say!("Mokėtojas nenurodytas"),
    open: say!("Be fizinių asmenų ir jų įmonių sumokėtų sumų: jų atvirųjų duomenų dalyje nėra."),
};

const RECEIVERS: Words = Words {
    heading: say!("Gavėjas"),
    one: say!("gavėjas|gavėjai|gavėjų"),
    others: say!("kitas gavėjas|kiti gavėjai|kitų gavėjų"),
    unnamed: say!("Gavėjas nenurodytas"),
    open: say!("Be sumų, skirtų įmonėms, kurių pavadinime gali būti asmenvardis: jų atvirųjų duomenų dalyje nėra."),
};

/// Those who pay, where readers of the open tier miss some of whom they paid.
const GIVERS: Words = Words { open: RECEIVERS.open, ..PAYERS };

/// The payments of a table, as far as its tier sees them.
pub(super) struct PaymentTotals<'a> {
    payments: &'a Payments,
    tier: Tier,
    /// The day of the data.
    today: NaiveDate,
    years: &'a PrimitiveArray<Int64Type>,
    days: Option<&'a PrimitiveArray<Date32Type>>,
    amounts: Vec<&'a PrimitiveArray<Decimal128Type>>,
    words: &'static Words,
    /// What those on the other side are called, and the columns in which it stands.
    names: Vec<Vec<(&'a str, &'a StringArray)>>,
    ids: Vec<&'a StringArray>,
    /// Who is on the other side in each row, as a number in the order of their names; worked out when a page first asks.
    others: OnceLock<Vec<u32>>,
}

/// What was paid in the newest year that somebody paid in.
pub(super) struct NewestYear {
    pub(super) year: i64,
    /// Whether it is not over.
    pub(super) goes_on: bool,
    pub(super) cents: i128,
    /// How many there are on the other side.
    pub(super) others: u64,
    /// The one with the largest sum, and that.
    pub(super) largest: (String, i128),
}

/// What was paid in a year, or in none that is told.
pub(super) struct PaidYear {
    year: Option<i64>,
    /// In the order of the names of those on the other side.
    sums: Vec<Sum>,
}

/// What one of them paid, or was paid, in a year.
struct Sum {
    other: u32,
    cents: i128,
    payments: u64,
    /// The first row.
    row: usize,
    /// Its line in the table of totals: a page that is too heavy is rendered again with fewer of them.
    line: OnceCell<String>,
}

impl<'a> PaymentTotals<'a> {
    /// By payer; nothing if the table has no payments, or its tier does not see their year or amounts.
    pub(super) fn of(table: &'a TierRows, today: NaiveDate) -> Option<Self> {
        Self::by_payer(table, today, &PAYERS)
    }

    /// By payer, where what several of them paid is told together.
    pub(super) fn of_givers(table: &'a TierRows, today: NaiveDate) -> Option<Self> {
        Self::by_payer(table, today, &GIVERS)
    }

    fn by_payer(table: &'a TierRows, today: NaiveDate, words: &'static Words) -> Option<Self> {
        let payments = table.table().payments.as_ref()?;
        let names = payments.payer.iter().map(|set| set.iter().map(String::as_str).collect()).collect();
        Self::by((table, today), words, names, payments.payer_id.iter().map(String::as_str).collect())
    }

    /// By the VIRS that was paid.
    pub(super) fn to_receivers(table: &'a TierRows, today: NaiveDate) -> Option<Self> {
        Self::by((table, today), &RECEIVERS, vec![vec![NAME], vec![ENTITY]], vec![ENTITY])
    }

    fn by((table, today): (&'a TierRows, NaiveDate), words: &'static Words, names: Vec<Vec<&'a str>>, ids: Vec<&'a str>) -> Option<Self> {
        let payments = table.table().payments.as_ref()?;
        let column = |name: &str| table.rows().column_by_name(name);
        let texts = |name: &'a str| Some((name, column(name)?.as_string_opt::<i32>()?));
        let totals = Self {
            payments,
            tier: table.tier(),
            today,
            years: numbers(column(&payments.year)?)?,
            days: column(&payments.day).and_then(numbers),
            amounts: payments.amounts.iter().filter_map(|name| column(name)).filter_map(numbers).collect(),
            words,
            names: names.into_iter().map(|set| set.into_iter().filter_map(texts).collect()).collect(),
            ids: ids.into_iter().filter_map(texts).map(|(_, texts)| texts).collect(),
            others: OnceLock::new(),
        };
        (!totals.amounts.is_empty()).then_some(totals)
    }

    /// Whether a column has amounts: pages show these first.
    pub(super) fn is_amount(&self, column: &str) -> bool {
        self.payments.amounts.iter().any(|name| name == column)
    }

    /// The rows, the newest first.
    pub(super) fn newest_first(&self, rows: &[usize]) -> Vec<usize> {
        let day = |row: usize| self.days.filter(|days| days.is_valid(row)).map(|days| days.value(row));
        let mut sorted = rows.to_vec();
        sorted.sort_by_cached_key(|&row| Reverse((self.years.is_valid(row).then(|| self.years.value(row)), day(row))));
        sorted
    }

    /// The newest of these years; none if no row has a year.
    pub(super) fn newest_year(&self, years: &[PaidYear]) -> Option<NewestYear> {
        let PaidYear { year, sums } = years.last()?;
        let largest = sums.iter().max_by_key(|sum| sum.cents).map(|sum| (self.called(sum.row).into_owned(), sum.cents));
        let year = (*year)?;
        Some(NewestYear {
            year,
            goes_on: goes_on(year, self.today),
            cents: sums.iter().map(|sum| sum.cents).sum(),
            others: sums.len() as u64,
            largest: largest.unwrap_or_default(),
        })
    }

    /// Appends the table of totals, with the largest `most` of each year, the others as one line; names lead to pages that lie `up` and then as `links` say.
    pub(super) fn push(&self, years: &[PaidYear], most: usize, (up, links): (&str, &NameLinks<'_>), out: &mut String) {
        let (caption, year, heading, sum) = (say!("Iš viso pagal metus"), say!("Metai"), self.words.heading, say!("Suma, EUR"));
        let _ = writeln!(out, "<table class=\"totals\">\n<caption class=\"quiet\">{caption}</caption>");
        let _ = writeln!(
            out,
            "<thead><tr><th scope=\"col\">{year}</th><th scope=\"col\">{heading}</th><th scope=\"col\" class=\"number\">{sum}</th></tr></thead>"
        );
        let page = |row: usize| {
            let columns = self.names.iter().flatten().filter(|(_, texts)| texts.is_valid(row));
            columns.map(|(name, _)| *name).find_map(|name| links.page(name, row)).map(|page| format!("{up}{page}"))
        };
        for year in years.iter().rev() {
            self.push_year(year, most, &page, out);
        }
        out.push_str("</table>\n");
        if self.tier == Tier::Open {
            let _ = writeln!(out, "<p class=\"note\">{}</p>", self.words.open);
        }
    }

    /// What was paid in these rows by year, the newest last, and by who is on the other side.
    pub(super) fn years(&self, rows: &[usize]) -> Vec<PaidYear> {
        let others = self.others.get_or_init(|| self.number_others());
        let of_row = |(place, &row): (usize, &usize)| (self.years.is_valid(row).then(|| self.years.value(row)), others[row], place, row);
        let mut sorted: Vec<(Option<i64>, u32, usize, usize)> = rows.iter().enumerate().map(of_row).collect();
        // By their places, rows of one year and payer stay in order.
        sorted.sort_unstable();
        let mut years: Vec<PaidYear> = Vec::new();
        for (year, other, _, row) in sorted {
            if years.last().is_none_or(|last| last.year != year) {
                years.push(PaidYear { year, sums: Vec::new() });
            }
            let Some(PaidYear { sums, .. }) = years.last_mut() else { continue };
            match sums.last_mut().filter(|sum| sum.other == other) {
                Some(sum) => {
                    sum.cents += self.cents(row);
                    sum.payments += 1;
                }
                None => sums.push(Sum { other, cents: self.cents(row), payments: 1, row, line: OnceCell::new() }),
            }
        }
        years
    }

    /// Numbers those on the other side by their Lithuanian names and then their codes.
    fn number_others(&self) -> Vec<u32> {
        let unnamed = in_language(self.words.unnamed, Language::Lithuanian);
        let mut numbers: HashMap<(Cow<'_, str>, Vec<&str>), u32> = HashMap::new();
        let mut met = Vec::with_capacity(self.years.len());
        for row in 0..self.years.len() {
            let ids = self.ids.iter().filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row)).collect();
            let name = self.name(row).unwrap_or_else(|| unnamed.clone());
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            met.push(*numbers.entry((name, ids)).or_insert(next));
        }
        let mut sorted: Vec<_> = numbers.into_iter().collect();
        sorted.sort_unstable();
        let mut places = vec![0; sorted.len()];
        for (place, (_, number)) in (0_u32..).zip(sorted) {
            places[number as usize] = place;
        }
        met.into_iter().map(|number| places[number as usize]).collect()
    }

    /// The year of a row, and what was paid.
    pub(super) fn paid(&self, row: usize) -> (Option<i64>, i128) {
        (self.years.is_valid(row).then(|| self.years.value(row)), self.cents(row))
    }

    fn cents(&self, row: usize) -> i128 {
        self.amounts.iter().filter(|amounts| amounts.is_valid(row)).map(|amounts| amounts.value(row)).sum()
    }

    /// The name in a row, or that there is none.
    fn called(&self, row: usize) -> Cow<'a, str> {
        self.name(row).unwrap_or(Cow::Borrowed(self.words.unnamed))
    }

    fn name(&self, row: usize) -> Option<Cow<'a, str>> {
        let name = |columns: &Vec<(&str, &'a StringArray)>| {
            let mut words = columns.iter().filter(|(_, texts)| texts.is_valid(row)).map(|(_, texts)| texts.value(row));
            let mut name = Cow::Borrowed(words.next().unwrap_or_default());
            for word in words {
                name = Cow::Owned(format!("{name} {word}"));
            }
            name
        };
        self.names.iter().map(name).find(|name| !name.is_empty())
    }

    fn push_year(&self, PaidYear { year, sums }: &PaidYear, most: usize, page: &dyn Fn(usize) -> Option<String>, out: &mut String) {
        let total: i128 = sums.iter().map(|sum| sum.cents).sum();
        let mut sorted: Vec<&Sum> = sums.iter().collect();
        sorted.sort_by_key(|sum| Reverse(sum.cents));
        out.push_str("<tbody>\n<tr class=\"sum\"><th scope=\"rowgroup\">");
        match year {
            Some(year) => {
                out.push_str(&year.to_string());
                // Nobody shall take a part of a year for a fall.
                if goes_on(*year, self.today) {
                    let _ = write!(out, "<span class=\"minor\"> {}</span>", say!("(dar nesibaigė)"));
                }
            }
            None => out.push('–'),
        }
        out.push_str("</th><td>");
        out.push_str(&said!("Iš viso: {0}", counted(sorted.len() as u64, self.words.one)));
        push_amount(total, out);
        for sum in sorted.iter().take(most) {
            out.push_str(sum.line.get_or_init(|| self.line(sum, page)));
        }
        if let Some(rest) = sorted.get(most..).filter(|rest| !rest.is_empty()) {
            out.push_str("<tr><td></td><td>");
            out.push_str(&counted(rest.len() as u64, self.words.others));
            push_amount(rest.iter().map(|sum| sum.cents).sum(), out);
        }
        out.push_str("</tbody>\n");
    }

    fn line(&self, sum: &Sum, page: &dyn Fn(usize) -> Option<String>) -> String {
        let mut line = String::with_capacity(256);
        line.push_str("<tr><td></td><td>");
        push_linked(&self.called(sum.row), page(sum.row).as_deref(), &mut line);
        if sum.payments > 1 {
            line.push_str(" <span class=\"minor\">(");
            line.push_str(&counted(sum.payments, TIMES));
            line.push_str(")</span>");
        }
        push_amount(sum.cents, &mut line);
        line
    }
}

fn numbers<T: ArrowPrimitiveType>(column: &ArrayRef) -> Option<&PrimitiveArray<T>> {
    column.as_primitive_opt::<T>()
}

fn push_amount(cents: i128, out: &mut String) {
    out.push_str("</td><td class=\"number\">");
    push_units(cents, Kind::Money, out);
    out.push_str("</td></tr>\n");
}

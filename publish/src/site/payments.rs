//! Who paid a VIRS how much: totals by year and payer, the newest year and the largest payer first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, StringArray};
use arrow::datatypes::{ArrowPrimitiveType, Date32Type, Decimal128Type, Int64Type};
use catalog::{Kind, Payments, Tier};

use super::text::{LONGEST_NAME, counted, push_escaped, push_units, shortened};
use crate::incremental::tier_table::TierRows;

const PAYER: [&str; 3] = ["mokėtojas", "mokėtojai", "mokėtojų"];
const TIMES: [&str; 3] = ["kartą", "kartus", "kartų"];
const OTHERS: [&str; 3] = ["kitas mokėtojas", "kiti mokėtojai", "kitų mokėtojų"];

/// The payments of a table, as far as its tier sees them.
pub(super) struct PaymentTotals<'a> {
    payments: &'a Payments,
    tier: Tier,
    years: &'a PrimitiveArray<Int64Type>,
    days: Option<&'a PrimitiveArray<Date32Type>>,
    amounts: Vec<&'a PrimitiveArray<Decimal128Type>>,
    payers: Vec<Vec<&'a StringArray>>,
    ids: Vec<&'a StringArray>,
}

/// What was paid in the newest year that somebody paid in.
pub(super) struct NewestYear {
    pub(super) year: i64,
    pub(super) cents: i128,
}

/// What payers paid, by name and numbers.
type Payers<'a> = BTreeMap<(String, Vec<&'a str>), Sum>;

/// What a payer paid in a year.
#[derive(Default)]
struct Sum {
    cents: i128,
    payments: u64,
}

impl<'a> PaymentTotals<'a> {
    /// Nothing if the table has no payments, or its tier does not see their year or amounts.
    pub(super) fn of(table: &'a TierRows) -> Option<Self> {
        let payments = table.table().payments.as_ref()?;
        let column = |name: &String| table.rows().column_by_name(name);
        let texts = |names: &Vec<String>| names.iter().filter_map(column).filter_map(|texts| texts.as_string_opt::<i32>()).collect();
        let totals = Self {
            payments,
            tier: table.tier(),
            years: numbers(column(&payments.year)?)?,
            days: column(&payments.day).and_then(numbers),
            amounts: payments.amounts.iter().filter_map(column).filter_map(numbers).collect(),
            payers: payments.payer.iter().map(texts).collect(),
            ids: texts(&payments.payer_id),
        };
        (!totals.amounts.is_empty()).then_some(totals)
    }

    /// Whether a column has amounts: pages show these first.
    pub(super) fn is_amount(&self, column: &str) -> bool {
        self.payments.amounts.iter().any(|name| name == column)
    }

    /// The rows, the newest first.
    pub(super) fn newest_first(&self, rows: &[usize]) -> Vec<usize> {
        let mut sorted = rows.to_vec();
        let day = |row: usize| self.days.filter(|days| days.is_valid(row)).map(|days| days.value(row));
        sorted.sort_by_key(|&row| Reverse((self.years.is_valid(row).then(|| self.years.value(row)), day(row))));
        sorted
    }

    /// The newest year of these rows; none if no row has a year.
    pub(super) fn newest_year(&self, rows: &[usize]) -> Option<NewestYear> {
        let (year, payers) = self.sums(rows).into_iter().next_back()?;
        Some(NewestYear { year: year?, cents: payers.values().map(|sum| sum.cents).sum() })
    }

    /// Appends the table of totals, with the largest payers of each year; the others are one line.
    pub(super) fn push(&self, rows: &[usize], most: usize, out: &mut String) {
        out.push_str("<table class=\"totals\">\n<caption class=\"quiet\">Iš viso pagal metus ir mokėtoją</caption>\n");
        out.push_str("<thead><tr><th scope=\"col\">Metai</th><th scope=\"col\">Mokėtojas</th><th scope=\"col\" class=\"number\">Suma, EUR</th></tr></thead>\n");
        for (year, payers) in self.sums(rows).into_iter().rev() {
            push_year(year, payers, most, out);
        }
        out.push_str("</table>\n");
        if self.tier == Tier::Open {
            out.push_str("<p class=\"note\">Be fizinių asmenų ir jų įmonių sumokėtų sumų: jų atvirųjų duomenų dalyje nėra.</p>\n");
        }
    }

    /// By year and payer.
    fn sums(&self, rows: &[usize]) -> BTreeMap<Option<i64>, Payers<'a>> {
        let mut sums: BTreeMap<_, Payers<'a>> = BTreeMap::new();
        for &row in rows {
            let year = self.years.is_valid(row).then(|| self.years.value(row));
            let ids = self.ids.iter().filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row)).collect();
            let sum = sums.entry(year).or_default().entry((self.payer(row), ids)).or_default();
            sum.cents += self.amounts.iter().filter(|amounts| amounts.is_valid(row)).map(|amounts| amounts.value(row)).sum::<i128>();
            sum.payments += 1;
        }
        sums
    }

    fn payer(&self, row: usize) -> String {
        let name = |columns: &Vec<&StringArray>| {
            let words = columns.iter().filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row));
            words.collect::<Vec<_>>().join(" ")
        };
        let filled = self.payers.iter().map(name).find(|name| !name.is_empty());
        filled.unwrap_or_else(|| "Mokėtojas nenurodytas".to_owned())
    }
}

fn numbers<T: ArrowPrimitiveType>(column: &ArrayRef) -> Option<&PrimitiveArray<T>> {
    column.as_primitive_opt::<T>()
}

fn push_year(year: Option<i64>, payers: Payers<'_>, most: usize, out: &mut String) {
    let total: i128 = payers.values().map(|sum| sum.cents).sum();
    let mut sorted: Vec<(String, Sum)> = payers.into_iter().map(|((name, _), sum)| (name, sum)).collect();
    sorted.sort_by_key(|(_, sum)| Reverse(sum.cents));
    out.push_str("<tbody>\n<tr class=\"sum\"><th scope=\"rowgroup\">");
    match year {
        Some(year) => out.push_str(&year.to_string()),
        None => out.push('–'),
    }
    out.push_str("</th><td>Iš viso: ");
    out.push_str(&counted(sorted.len() as u64, PAYER));
    push_amount(total, out);
    for (name, sum) in sorted.iter().take(most) {
        out.push_str("<tr><td></td><td>");
        push_escaped(&shortened(name, LONGEST_NAME), out);
        if sum.payments > 1 {
            out.push_str(" <span class=\"minor\">(");
            out.push_str(&counted(sum.payments, TIMES));
            out.push_str(")</span>");
        }
        push_amount(sum.cents, out);
    }
    if let Some(rest) = sorted.get(most..).filter(|rest| !rest.is_empty()) {
        out.push_str("<tr><td></td><td>");
        out.push_str(&counted(rest.len() as u64, OTHERS));
        push_amount(rest.iter().map(|(_, sum)| sum.cents).sum(), out);
    }
    out.push_str("</tbody>\n");
}

fn push_amount(cents: i128, out: &mut String) {
    out.push_str("</td><td class=\"number\">");
    push_units(cents, Kind::Money, out);
    out.push_str("</td></tr>\n");
}

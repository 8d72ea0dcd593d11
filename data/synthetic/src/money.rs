//! Money to VIRS: how many rows of each kind, who receives it, and the funds of institutions.

use chrono::{Datelike, NaiveDate};

use crate::bad_rows::Fault;
use crate::country::Country;
use crate::dominance::{Sum, raises};
use crate::draws::{Draws, date};
use crate::format::{Euros, Layout, Maybe};
use crate::roles;
use crate::{AS_OF, Error, Size};

const FUNDS: Layout<7> = Layout::new(
    "raw_formos__lesos",
    "formos_lesos.v1.csv",
    ["institucija", "institucijos_kodas", "sutarties_rusis", "suma", "data", "ja_kodas", "vip_nr"],
    &[Fault::Negative("suma"), Fault::EntityCode("ja_kodas"), Fault::Required("data"), Fault::Money("suma")],
);

const CONTRACTS: [(&str, usize); 6] =
    [("paslaugu_sutartis", 45), ("dotacija", 10), ("projekto_finansavimas", 20), ("prenumerata", 10), ("isakymas", 10), ("sprendimas", 5)];

/// What an institution gives under one contract, in cents.
const LEAST_FUND: i64 = 10_000;
const LARGEST_FUND: i64 = 100_000_000;

/// Rows per VIRS in a small country, quick to test, and in a large one, as many as the real one had.
const ROWS_PER_VIRS: (usize, usize) = (40, 450);
/// From so many VIRS a country is large.
const LARGE: usize = 1_000;

/// How many good rows each file is to have.
pub(crate) struct Rows {
    /// Political advertising.
    pub(crate) advertising: usize,
    /// Support by natural persons.
    pub(crate) natural: usize,
    /// Support by legal entities.
    pub(crate) legal: usize,
    /// Funds of institutions.
    pub(crate) funds: usize,
}

/// Half of the rows are advertising, a fifth gifts of natural persons; legal entities' gifts and funds share the rest.
pub(crate) fn rows(size: &Size) -> Rows {
    let per_virs = if size.virs < LARGE { ROWS_PER_VIRS.0 } else { ROWS_PER_VIRS.1 };
    let all = size.money_rows.unwrap_or(size.virs * per_virs);
    let (advertising, natural, legal) = (all / 2, all / 5, all * 3 / 20);
    Rows { advertising, natural, legal, funds: all - advertising - natural - legal }
}

/// Who may receive money.
pub(crate) struct Recipients {
    /// Places among all VIRS of those that have not ceased.
    pub(crate) active: Vec<usize>,
    /// Rows of each file that name an entity that is no VIRS.
    pub(crate) strangers: usize,
}

impl Recipients {
    /// The recipients of a country.
    pub(crate) fn of(country: &Country) -> Self {
        let active = (0..country.virs.len()).filter(|&place| country.virs[place].until.is_none()).collect();
        Self { active, strangers: 3 * roles::copies(country.virs.len()) }
    }

    /// The place of a VIRS; a few receive far more often than others.
    pub(crate) fn virs(&self, draws: &mut Draws) -> usize {
        let place = draws.below(self.active.len()).min(draws.below(self.active.len()));
        self.active[place]
    }

    /// The place among all entities of one that is no VIRS.
    pub(crate) fn stranger(&self, country: &Country, draws: &mut Draws) -> usize {
        country.entities.others.start + draws.below(country.entities.others.len())
    }
}

/// An outlet of the VIRS in `percent` of 100 cases, if it has any.
pub(crate) fn outlet_of<'a>(country: &'a Country, virs: usize, percent: u32, draws: &mut Draws) -> Option<&'a str> {
    let first = country.outlets.partition_point(|outlet| outlet.virs < virs);
    let count = country.outlets[first..].iter().take_while(|outlet| outlet.virs == virs).count();
    let chosen = first + draws.below(count);
    (draws.percent(percent) && count > 0).then(|| country.outlets[chosen].number.as_str())
}

/// Writes the funds of institutions.
pub(crate) fn write_funds(country: &mut Country, rows: usize) -> Result<(), Error> {
    let mut draws = country.draws("formos__lesos");
    let recipients = Recipients::of(country);
    let rows = rows.max(recipients.strangers + 1);
    let mut file = country.extract(&FUNDS, rows)?;
    let institutions = &country.entities.all[country.entities.institutions.clone()];
    let mut all: Vec<Fund> = (0..rows).map(|row| fund(country, &recipients, row, rows, &mut draws)).collect();
    dominate(country, &mut all, &mut draws);
    let (mut sum, mut strangers) = (0, 0);
    for fund in &all {
        match country.is_virs(fund.recipient) {
            true => sum += fund.cents,
            false => strangers += 1,
        }
        let institution = &institutions[fund.institution];
        let code = country.entities.all[fund.recipient].code;
        file.row([&institution.name, &institution.code, &fund.contract, &Euros(fund.cents), &fund.day, &code, &Maybe(fund.outlet)])?;
    }
    country.money.funds_sum = Euros(sum).to_string();
    country.count("funds_not_to_virs", strangers);
    country.count("money_rows", rows);
    country.close(file)
}

/// What an institution gives under one contract.
struct Fund<'a> {
    /// The institution, by its place among them.
    institution: usize,
    contract: &'static str,
    cents: i64,
    day: NaiveDate,
    /// Who receives it, by its place among all entities.
    recipient: usize,
    outlet: Option<&'a str>,
}

fn fund<'a>(country: &'a Country, recipients: &Recipients, row: usize, rows: usize, draws: &mut Draws) -> Fund<'a> {
    // Spread evenly: one stranger in the middle of each part of the file.
    let part = rows / recipients.strangers;
    let (recipient, outlet) = if row % part == part / 2 && row / part < recipients.strangers {
        (recipients.stranger(country, draws), None)
    } else {
        let virs = recipients.virs(draws);
        (country.virs[virs].entity, outlet_of(country, virs, 60, draws))
    };
    Fund {
        institution: draws.below(country.entities.institutions.len()),
        contract: draws.weighted(&CONTRACTS),
        cents: draws.skewed(LEAST_FUND, LARGEST_FUND),
        day: draws.day(date(2020, 1, 2), AS_OF),
        recipient,
        outlet,
    }
}

/// In some years an institution gives most of its funds to one VIRS.
fn dominate(country: &Country, funds: &mut [Fund<'_>], draws: &mut Draws) {
    let to_virs = funds.iter().enumerate().filter(|(_, fund)| country.is_virs(fund.recipient));
    let sums = to_virs.map(|(place, fund)| Sum {
        cell: (fund.day.year(), fund.institution),
        contributor: fund.recipient,
        cents: fund.cents,
        place,
        fixed: false,
    });
    for (place, more) in raises(sums.collect(), draws) {
        funds[place].cents += more;
    }
}

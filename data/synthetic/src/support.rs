//! Gifts to VIRS, by natural persons and by legal entities, with donors planted at the sum above which support is published.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use crate::casting::Casting;
use crate::country::Country;
use crate::dominance::{Sum, raises};
use crate::draws::{Draws, date};
use crate::extract::Extract;
use crate::format::Euros;
use crate::gifts::{BY_ENTITIES, BY_PERSONS, Donor, Gift, write_by_entity, write_by_person};
use crate::money::{Recipients, Rows};
use crate::truth::{Published, Threshold};
use crate::{AS_OF, Error, nights};

/// Ten times the BSI of 1 January, in cents; a test holds it against `data/law/bsi.csv`.
const THRESHOLDS: [(i32, i64); 6] = [(2021, 40_000), (2022, 42_000), (2023, 49_000), (2024, 55_000), (2025, 70_000), (2026, 74_000)];
/// In June 2022 the BSI rose within the year. Ten times the new one lies above the threshold that the year began with.
const AFTER_JUNE_2022: (i32, i64) = (2022, 46_000);
/// Donors of either kind that one copy of the cases plants: at the sum and a cent over it.
pub(crate) const PLANTED_DONORS_PER_COPY: usize = 2 * (THRESHOLDS.len() + 1);

/// Cents by which a donor's gifts to one VIRS in one year exceed the threshold, if they do.
const OVER_THRESHOLD: (i64, i64) = (20_000, 10_000_000);
/// Foreigners are only among so many donors.
const FIRST_DONORS: usize = 300;

const ASSETS: [&str; 6] = ["Spausdinimo popierius", "Kompiuterinė įranga", "Vaizdo kamera", "Patalpų nuoma", "Automobilis", "Garso pultas"];

/// Writes the gifts of both kinds of donors.
pub(crate) fn write(country: &mut Country, rows: &Rows) -> Result<(), Error> {
    let file = country.extract(&BY_PERSONS, rows.natural)?;
    country.support.natural = write_kind(country, file, rows.natural, true, write_by_person)?;
    let file = country.extract(&BY_ENTITIES, rows.legal)?;
    country.support.legal = write_kind(country, file, rows.legal, false, write_by_entity)?;
    Ok(())
}

fn write_kind<const N: usize>(
    country: &mut Country,
    mut file: Extract<N>,
    rows: usize,
    natural: bool,
    write: fn(&mut Extract<N>, &Country, &Gift) -> Result<(), Error>,
) -> Result<Published, Error> {
    let mut draws = country.draws(if natural { "gypas__parama" } else { "imis__parama" });
    let recipients = Recipients::of(country);
    let mut planted = plant(country, &recipients, natural, &mut draws);
    let mut donors = Donors::default();
    let mut all: Vec<Gift> = Vec::with_capacity(rows);
    while all.len() + planted.len() < rows {
        let most = rows - planted.len() - all.len();
        all.extend(gifts(country, &recipients, natural, &mut donors, most, &mut draws));
        if draws.percent(10) {
            all.extend(planted.pop());
        }
    }
    all.append(&mut planted);
    dominate(country, &mut all, &mut draws);
    if natural {
        nights::change_gifts(country, &mut all);
    }
    for gift in &all {
        if !country.is_virs(gift.recipient) {
            country.count(if natural { "natural_support_not_to_virs" } else { "legal_support_not_to_virs" }, 1);
        }
        write(&mut file, country, gift)?;
    }
    country.count("money_rows", all.len());
    country.close(file)?;
    Ok(Tally::of(country, &all).published())
}

/// In some years one donor gives most of what its kind gives and is published.
fn dominate(country: &Country, gifts: &mut [Gift], draws: &mut Draws) {
    let tally = Tally::of(country, gifts);
    let is_foreign = |donor| match donor {
        Donor::Person(id) => country.people.get(id).state.is_some(),
        Donor::Entity(_) => false,
        Donor::Foreign(_) => true,
    };
    let published = gifts.iter().enumerate().filter(|(_, gift)| tally.is_published(gift));
    let sums = published.map(|(place, gift)| Sum {
        cell: (gift.day.year(), is_foreign(gift.donor)),
        contributor: gift.donor,
        cents: gift.cents(),
        place,
        fixed: gift.planted || gift.cash.is_none(),
    });
    for (place, more) in raises(sums.collect(), draws) {
        gifts[place].cash = gifts[place].cash.map(|cents| cents + more);
    }
}

/// One donor's gifts to one VIRS in one year, `most` at the most.
fn gifts(country: &mut Country, recipients: &Recipients, natural: bool, donors: &mut Donors, most: usize, draws: &mut Draws) -> Vec<Gift> {
    let (donor, recipient, (year, threshold)) = donors.next(country, recipients, natural, draws);
    let mut left = if draws.percent(60) {
        draws.between(2_000, threshold - 2_000)
    } else {
        threshold + draws.skewed(OVER_THRESHOLD.0, OVER_THRESHOLD.1)
    };
    let count = (1 + draws.below(3)).min(most);
    let mut gifts = Vec::with_capacity(count);
    for place in 0..count {
        let day = draws.day(date(year, 1, 1), date(year, 12, 31).min(AS_OF));
        let cents = if place + 1 == count { left } else { draws.between(500, left / 2) };
        left -= cents;
        let (cash, asset) = match draws.below(20) {
            0..16 => (Some(cents), None),
            16..19 => (None, Some((*draws.pick(&ASSETS), cents))),
            _ => (Some(cents / 2), Some((*draws.pick(&ASSETS), cents - cents / 2))),
        };
        gifts.push(Gift { donor, recipient, day, cash, asset, planted: false });
    }
    gifts
}

/// Donors so far, each as often as it gave to a VIRS in a year, and what year that was.
#[derive(Default)]
struct Donors {
    known: Vec<(Donor, usize, usize)>,
    casting: Casting,
}

impl Donors {
    /// Who gives next, to whom and in which year: three in ten have given before. Of these, most give to the same VIRS one or two years
    /// later, the others to any VIRS in any year. Everyone else gives in one year only.
    fn next(&mut self, country: &mut Country, recipients: &Recipients, natural: bool, draws: &mut Draws) -> (Donor, usize, (i32, i64)) {
        let again = (!self.known.is_empty() && draws.percent(30)).then(|| *draws.pick(&self.known));
        let later = again.map(|(.., year)| year + 1 + draws.below(2)).filter(|&year| year < THRESHOLDS.len() && draws.percent(70));
        let (donor, recipient, year) = match (again, later) {
            (Some((donor, recipient, _)), Some(year)) => (donor, recipient, year),
            (again, _) => {
                let donor = again.map_or_else(|| self.somebody_new(country, natural, draws), |(donor, ..)| donor);
                (donor, country.virs[recipients.virs(draws)].entity, draws.below(THRESHOLDS.len()))
            }
        };
        self.known.push((donor, recipient, year));
        (donor, recipient, THRESHOLDS[year])
    }

    fn somebody_new(&mut self, country: &mut Country, natural: bool, draws: &mut Draws) -> Donor {
        // However large the country, a few foreigners only.
        let foreigners_come = self.known.len() < FIRST_DONORS;
        match (natural, draws.below(100)) {
            (true, 0..4) if foreigners_come => Donor::Person(country.people.foreign(draws)),
            (true, 4) if foreigners_come => Donor::Person(country.people.foreign_with_code(draws)),
            (true, _) => Donor::Person(self.casting.person(&mut country.people, &country.owners, draws)),
            (false, 0..8) => Donor::Foreign(draws.below(country.entities.foreign.len())),
            (false, _) => Donor::Entity(country.entities.others.start + draws.below(country.entities.others.len())),
        }
    }
}

/// Gifts of planted donors, who give nothing else, and gifts to entities that are no VIRS; shuffled.
fn plant(country: &mut Country, recipients: &Recipients, natural: bool, draws: &mut Draws) -> Vec<Gift> {
    let copies = crate::roles::copies(country.virs.len());
    let mut gifts = Vec::new();
    let mut reserved = country.entities.reserved.clone();
    for _ in 0..copies {
        for (year, sum) in THRESHOLDS.into_iter().chain([AFTER_JUNE_2022]) {
            for cents in [sum, sum + 1] {
                let donor = match reserved.next() {
                    Some(company) if !natural => Donor::Entity(company),
                    _ => Donor::Person(country.people.lithuanian(draws)),
                };
                let between = (year, sum) == AFTER_JUNE_2022;
                let over = between || cents > sum;
                let case = if between {
                    "donors_between_2022_sums"
                } else if over {
                    "donors_just_over"
                } else {
                    "donors_at_threshold"
                };
                country.count(case, 1);
                let recipient = country.virs[recipients.virs(draws)].entity;
                let virs = country.entities.all[recipient].code.to_string();
                country.thresholds.push(Threshold { virs, year, donor: if natural { "natural" } else { "legal" }, over });
                gifts.extend(three_gifts(donor, recipient, year, cents, draws));
            }
        }
    }
    for _ in 0..recipients.strangers {
        let donor = match natural {
            true => Donor::Person(country.people.lithuanian(draws)),
            false => Donor::Entity(country.entities.others.start + draws.below(country.entities.others.len())),
        };
        let recipient = recipients.stranger(country, draws);
        let day = draws.day(date(2022, 1, 1), AS_OF);
        gifts.push(Gift { donor, recipient, day, cash: Some(draws.between(100_000, 900_000)), asset: None, planted: true });
    }
    draws.shuffle(&mut gifts);
    gifts
}

/// A sum in three gifts, before and after June, the second one in kind.
fn three_gifts(donor: Donor, recipient: usize, year: i32, cents: i64, draws: &mut Draws) -> [Gift; 3] {
    let (first, second) = (cents / 3, cents / 4);
    let mut gift = |from, until, cash, asset| Gift { donor, recipient, day: draws.day(from, until), cash, asset, planted: true };
    [
        gift(date(year, 1, 1), date(year, 5, 31), Some(first), None),
        gift(date(year, 6, 1), date(year, 7, 31), None, Some((ASSETS[0], second))),
        gift(date(year, 8, 1), date(year, 10, 31), Some(cents - first - second), None),
    ]
}

/// What the gifts of one donor to one VIRS in that year must exceed to be published.
fn threshold(year: i32) -> i64 {
    THRESHOLDS.iter().find(|&&(known, _)| known == year).map_or(i64::MAX, |&(_, cents)| cents)
}

/// Gifts and cents by donor, VIRS and year, of gifts to VIRS.
#[derive(Default)]
struct Tally(BTreeMap<(Donor, usize, i32), (usize, i64)>);

impl Tally {
    fn of(country: &Country, gifts: &[Gift]) -> Self {
        let mut tally = Self::default();
        for gift in gifts.iter().filter(|gift| country.is_virs(gift.recipient)) {
            let (gifts, cents) = tally.0.entry((gift.donor, gift.recipient, gift.day.year())).or_default();
            *gifts += 1;
            *cents += gift.cents();
        }
        tally
    }

    fn is_published(&self, gift: &Gift) -> bool {
        let year = gift.day.year();
        self.0.get(&(gift.donor, gift.recipient, year)).is_some_and(|&(_, cents)| cents > threshold(year))
    }

    fn published(&self) -> Published {
        let over: Vec<_> = self.0.iter().filter(|&(&(_, _, year), &(_, cents))| cents > threshold(year)).collect();
        let donors: BTreeSet<_> = over.iter().map(|((donor, ..), _)| donor).collect();
        Published {
            gifts: over.iter().map(|(_, (gifts, _))| gifts).sum(),
            donors: donors.len(),
            donor_years: over.len(),
            sum: Euros(over.iter().map(|(_, (_, cents))| cents).sum()).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use catalog::Catalog;

    use super::*;

    #[test]
    fn thresholds_are_those_of_the_law() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let catalog = Catalog::load(&home).expect("the definitions are readable");
        let law = catalog.law();
        for (year, cents) in THRESHOLDS {
            assert_eq!(law.bsi(date(year, 1, 1)).expect("a dated BSI") * law.support_threshold_bsi() * 100, cents, "{year}");
        }
        assert_eq!(law.bsi(date(2022, 6, 1)).expect("a dated BSI") * law.support_threshold_bsi() * 100, AFTER_JUNE_2022.1);
    }
}

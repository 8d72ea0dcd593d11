//! Gifts to VIRS, by natural persons and by legal entities, with donors planted at the sum above which support is published.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use crate::country::Country;
use crate::draws::{Draws, date};
use crate::extract::Extract;
use crate::format::Euros;
use crate::gifts::{BY_ENTITIES, BY_PERSONS, Donor, Gift, write_by_entity, write_by_person};
use crate::money::{Recipients, Rows};
use crate::truth::{Published, Threshold};
use crate::{AS_OF, Error};

/// Ten times the BSI of 1 January, in cents; a test holds it against `data/law/bsi.csv`.
const THRESHOLDS: [(i32, i64); 6] = [(2021, 40_000), (2022, 42_000), (2023, 49_000), (2024, 55_000), (2025, 70_000), (2026, 74_000)];
/// In June 2022 the BSI rose within the year. Ten times the new one lies above the threshold that the year began with.
const AFTER_JUNE_2022: (i32, i64) = (2022, 46_000);
/// Donors of either kind that one copy of the cases plants: at the sum and a cent over it.
pub(crate) const PLANTED_DONORS_PER_COPY: usize = 2 * (THRESHOLDS.len() + 1);

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
    let mut tally = Tally::default();
    let mut donors = Vec::new();
    while file.good_rows() + planted.len() < rows {
        for gift in gifts(country, &recipients, natural, &mut donors, rows - planted.len() - file.good_rows(), &mut draws) {
            tally.add(country, &gift);
            write(&mut file, country, &gift)?;
        }
        if draws.percent(10)
            && let Some(gift) = planted.pop()
        {
            tally.add(country, &gift);
            write(&mut file, country, &gift)?;
        }
    }
    for gift in planted {
        tally.add(country, &gift);
        write(&mut file, country, &gift)?;
    }
    country.count("money_rows", file.good_rows());
    country.close(file)?;
    Ok(tally.published())
}

/// One donor's gifts to one VIRS in one year, `most` at the most.
fn gifts(
    country: &mut Country,
    recipients: &Recipients,
    natural: bool,
    donors: &mut Vec<Donor>,
    most: usize,
    draws: &mut Draws,
) -> Vec<Gift> {
    let donor = if draws.percent(30) && !donors.is_empty() { *draws.pick(donors) } else { donor(country, natural, draws) };
    donors.push(donor);
    let recipient = country.virs[recipients.virs(draws)].entity;
    let &(year, threshold) = draws.pick(&THRESHOLDS);
    let mut left = if draws.percent(60) { draws.between(2_000, threshold - 2_000) } else { draws.between(threshold + 2_000, 600_000) };
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
        gifts.push(Gift { donor, recipient, day, cash, asset });
    }
    gifts
}

fn donor(country: &mut Country, natural: bool, draws: &mut Draws) -> Donor {
    match (natural, draws.below(100)) {
        (true, 0..4) => Donor::Person(country.people.foreign(draws)),
        (true, 4) => Donor::Person(country.people.foreign_with_code(draws)),
        (true, _) => Donor::Person(country.people.lithuanian(draws)),
        (false, 0..8) => Donor::Foreign(draws.below(country.entities.foreign.len())),
        (false, _) => Donor::Entity(country.entities.others.start + draws.below(country.entities.others.len())),
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
        let donor = donor(country, natural, draws);
        let recipient = recipients.stranger(country, draws);
        let day = draws.day(date(2022, 1, 1), AS_OF);
        gifts.push(Gift { donor, recipient, day, cash: Some(draws.between(100_000, 900_000)), asset: None });
        country.count(if natural { "natural_support_not_to_virs" } else { "legal_support_not_to_virs" }, 1);
    }
    draws.shuffle(&mut gifts);
    gifts
}

/// A sum in three gifts, before and after June, the second one in kind.
fn three_gifts(donor: Donor, recipient: usize, year: i32, cents: i64, draws: &mut Draws) -> [Gift; 3] {
    let (first, second) = (cents / 3, cents / 4);
    let mut gift = |from, until, cash, asset| Gift { donor, recipient, day: draws.day(from, until), cash, asset };
    [
        gift(date(year, 1, 1), date(year, 5, 31), Some(first), None),
        gift(date(year, 6, 1), date(year, 7, 31), None, Some((ASSETS[0], second))),
        gift(date(year, 8, 1), date(year, 10, 31), Some(cents - first - second), None),
    ]
}

/// Gifts and cents by donor, VIRS and year.
#[derive(Default)]
struct Tally(BTreeMap<(Donor, usize, i32), (usize, i64)>);

impl Tally {
    fn add(&mut self, country: &Country, gift: &Gift) {
        if country.entities.virs.contains(&gift.recipient) {
            let (gifts, cents) = self.0.entry((gift.donor, gift.recipient, gift.day.year())).or_default();
            *gifts += 1;
            *cents += gift.cash.unwrap_or(0) + gift.asset.map_or(0, |asset| asset.1);
        }
    }

    fn published(&self) -> Published {
        let threshold = |year| THRESHOLDS.iter().find(|&&(known, _)| known == year).map_or(i64::MAX, |&(_, cents)| cents);
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

//! Who holds what: participants of VIRS, of the companies above them, and of the rest of the country.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use crate::Error;
use crate::country::Country;
use crate::draws::{Draws, date};
use crate::participants::{HANDED_IN, REGISTERED, write_stake};
use crate::people::PersonId;
use crate::stakes::{Holder, Holding, Numbers, Stake};

/// Wholes that other entities have.
const WHOLES: [i64; 5] = [100, 1_000, 2_500, 10_000, 100_000];

/// Up to four holders of a VIRS by chance; `known` are persons who own another one already.
pub(crate) fn ordinary_holders(country: &mut Country, owned: usize, known: &mut Vec<PersonId>, draws: &mut Draws) -> Stake {
    let count = 1 + draws.below(4);
    let stake = stake(country, owned, count, known, draws);
    let persons = stake.holdings.iter().filter_map(|holding| match holding.holder {
        Holder::Person(person) => Some(person),
        _ => None,
    });
    known.extend(persons);
    stake
}

/// Writes the stakes in VIRS, whose holdings have `numbers` but for those that came in the nights, then those of the rest of the country
/// until it has as many participations as wanted.
pub(crate) fn write(country: &mut Country, stakes: &[Stake], mut numbers: Numbers, participations: usize) -> Result<(), Error> {
    count_cases(country, stakes);
    let planned = numbers.registered + numbers.handed_in;
    let mut registered = country.extract(&REGISTERED, participations.saturating_sub(planned) + planned / 2)?;
    let mut handed_in = country.extract(&HANDED_IN, numbers.handed_in)?;
    for stake in stakes {
        let file = if country.entities.in_register(stake.owned) { &mut registered } else { &mut handed_in };
        write_stake(country, stake, file)?;
    }
    let mut draws = country.draws("jadis__dalyviai");
    let rest: Vec<usize> = country.entities.others.clone().filter(|&entity| country.entities.in_register(entity)).collect();
    let mut wanted = participations.saturating_sub(planned);
    let mut known = Vec::new();
    for (place, &entity) in rest.iter().enumerate() {
        let left = rest.len() - place;
        let count = if left == 1 { wanted } else { draws.below(2 * wanted / left + 2).min(wanted) };
        if count == 0 {
            continue;
        }
        let mut stake = stake(country, entity, count, &mut known, &mut draws);
        numbers.give(true, &mut stake);
        wanted -= stake.holdings.len().min(wanted);
        write_stake(country, &stake, &mut registered)?;
    }
    country.count("participations", registered.good_rows() + handed_in.good_rows());
    country.close(registered)?;
    country.close(handed_in)
}

/// `count` holdings by chance. Companies among the holders come later in the order of entities, so no cycle arises.
fn stake(country: &mut Country, owned: usize, count: usize, known: &mut Vec<PersonId>, draws: &mut Draws) -> Stake {
    let registered = country.entities.all[owned].registered;
    let whole = *draws.pick(&WHOLES);
    let in_shares = country.entities.in_register(owned) && draws.percent(96);
    let former = (count > 1 && draws.percent(10)).then(|| draws.day(registered, date(2024, 12, 31)));
    let start = former.map_or(registered, |last_day| last_day + Days::new(1));
    let current = count - usize::from(former.is_some());
    // Only nine in ten entities have told of all their holders; a whole of 100 is enough for 20 parts at least.
    let mut left = if draws.percent(90) { whole } else { whole * draws.between(30, 95) / 100 };
    let mut holdings = Vec::with_capacity(count);
    if let Some(last_day) = former {
        let holder = holder(country, owned, known, draws);
        holdings.push(Holding { number: 0, holder, part: whole, joint: None, from: registered, until: Some(last_day) });
    }
    for place in 0..current {
        let others = i64::try_from(current - place - 1).unwrap_or(0);
        if left == 0 {
            break;
        }
        let part = if others == 0 { left } else { draws.between(1, (2 * left / (others + 1)).min(left - others)) };
        left -= part;
        let holder = holder(country, owned, known, draws);
        holdings.push(Holding { number: 0, holder, part, joint: None, from: draws.day(start, date(2026, 8, 31)), until: None });
    }
    Stake { owned, in_shares, whole, holdings }
}

fn holder(country: &mut Country, owned: usize, known: &mut Vec<PersonId>, draws: &mut Draws) -> Holder {
    let others = country.entities.others.clone();
    let later = others.start.max(owned + 1)..others.end;
    match draws.below(100) {
        0..2 => Holder::Person(country.people.foreign(draws)),
        2..4 => Holder::Foreign(draws.below(country.entities.foreign.len())),
        4..20 if !later.is_empty() => Holder::Entity(later.start + draws.below(later.len())),
        20..32 if !known.is_empty() => Holder::Person(*draws.pick(known)),
        _ => {
            let person = country.people.lithuanian(draws);
            // A few are enough for persons who hold parts of several entities.
            if draws.percent(20) {
                known.push(person);
            }
            Holder::Person(person)
        }
    }
}

/// Counts what can be seen of VIRS' direct owners today.
fn count_cases(country: &mut Country, stakes: &[Stake]) {
    let mut owned_by: BTreeMap<PersonId, BTreeSet<usize>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    let range = country.entities.virs.clone();
    for stake in stakes.iter().filter(|stake| range.contains(&stake.owned)) {
        known.insert(stake.owned);
        country.count("virs_with_unknown_remainder", usize::from(stake.has_unknown_remainder()));
        for holding in &stake.holdings {
            if holding.until.is_some_and(|until| until < country.day) {
                country.count("former_holdings", 1);
                continue;
            }
            match holding.holder {
                Holder::Person(person) => {
                    owned_by.entry(person).or_default().insert(stake.owned);
                }
                Holder::Foreign(_) => {
                    country.count("foreign_company_holdings", 1);
                }
                Holder::Entity(_) | Holder::Old(_) => {}
            }
        }
    }
    let foreigners = |with_code: bool| {
        let people = owned_by.keys().map(|&id| country.people.get(id));
        people.filter(|person| person.state.is_some() && person.code.is_some() == with_code).count()
    };
    let (without, with) = (foreigners(false), foreigners(true));
    country.count("foreigners_without_code", without);
    country.count("foreigners_with_code", with);
    country.count("virs_without_participants", range.len() - known.len());
    country.count("persons_owning_several_virs", owned_by.values().filter(|virs| virs.len() > 1).count());
}

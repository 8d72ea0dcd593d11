//! Persons sell what they hold in a VIRS, what they hold is corrected, or turns out not to be theirs.

use chrono::Days;

use super::{File, Night, What, nights};
use crate::country::Country;
use crate::draws::Draws;
use crate::people::PersonId;
use crate::roles::Role;
use crate::stakes::{Holder, Holding, Stake};

/// Changes holdings of natural persons in VIRS that no case is planted in, night by night.
pub(crate) fn change_stakes(country: &mut Country, roles: &[Role], stakes: &mut [Stake]) {
    let first = country.entities.virs.start;
    let is_ordinary = |stake: &Stake| stake.owned.checked_sub(first).and_then(|place| roles.get(place)) == Some(&Role::Ordinary);
    for night in nights(country) {
        let mut draws = night.draws(country, "stakes");
        let changeable: Vec<(usize, usize)> = (0..stakes.len())
            .filter(|&stake| is_ordinary(&stakes[stake]) && country.entities.in_register(stakes[stake].owned))
            .flat_map(|stake| (0..stakes[stake].holdings.len()).map(move |holding| (stake, holding)))
            .filter(|&(stake, holding)| is_changeable(&stakes[stake], holding))
            .collect();
        // One holding of a VIRS at the most, so that none is left without holders.
        let owned: Vec<usize> = changeable.iter().map(|&(stake, _)| stake).collect();
        let concerned = night.concerned(&owned, &mut draws);
        for (earlier, &stake) in concerned.iter().enumerate() {
            let holdings: Vec<usize> = changeable.iter().filter(|(of, _)| *of == stake).map(|&(_, holding)| holding).collect();
            change(country, night, earlier, &mut stakes[stake], *draws.pick(&holdings), &mut draws);
        }
        night.note(country, File::Holdings, concerned.len());
    }
}

/// A person holds it today, has more than one share, and is not alone.
fn is_changeable(stake: &Stake, place: usize) -> bool {
    let holding = &stake.holdings[place];
    person(holding).is_some() && holding.until.is_none() && holding.part > 1 && stake.holdings.len() > 1
}

fn change(country: &mut Country, night: Night, earlier: usize, stake: &mut Stake, place: usize, draws: &mut Draws) {
    match night.what(File::Holdings) {
        What::Added => {
            let sold = stake.holdings[place];
            let part = if draws.percent(50) { sold.part } else { sold.part / 2 };
            let holder = Holder::Person(country.people.newcomer(draws));
            let from = night.day.max(sold.from + Days::new(1));
            stake.holdings[place].until = Some(from - Days::new(1));
            stake.holdings.push(Holding { number: night.row_number(2 * earlier), holder, part, from, until: None, joint: None });
            if part < sold.part {
                let kept = Holding { number: night.row_number(2 * earlier + 1), part: sold.part - part, from, ..sold };
                stake.holdings.push(kept);
            }
        }
        What::Corrected => stake.holdings[place].part = draws.between(1, stake.holdings[place].part - 1),
        What::Removed => drop(stake.holdings.remove(place)),
    }
}

fn person(holding: &Holding) -> Option<PersonId> {
    match holding.holder {
        Holder::Person(person) => Some(person),
        _ => None,
    }
}

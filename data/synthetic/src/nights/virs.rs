//! New VIRS, most of them a person's own firm, and VIRS that cease.

use chrono::Days;

use super::{Night, nights};
use crate::country::Country;
use crate::entities::{ESTABLISHMENT, SOLE_PROPRIETOR};
use crate::roles::Role;
use crate::stakes::{Holder, Holding, Stake, WHOLE_OF_PLANTED};
use crate::virs::Virs;

/// What a new VIRS does; no licence is needed for it.
const ACTIVITY: &str = "svetaines_valdytojas";
/// The table with the list of VIRS.
const TABLE: &str = "raw_formos__virs";

/// In odd nights an entity becomes a VIRS, in even ones a VIRS that no case is planted in and that has no licence ceases to be one.
pub(crate) fn change_virs(country: &mut Country, roles: &[Role], stakes: &mut Vec<Stake>) {
    for night in nights(country) {
        if night.number % 2 == 1 {
            begin(country, night, stakes);
        } else {
            end(country, night, roles);
        }
    }
}

/// The last registered entity of its form that is no VIRS yet: an establishment in every fourth night, else a sole proprietor's firm.
fn begin(country: &mut Country, night: Night, stakes: &mut Vec<Stake>) {
    let mut draws = night.draws(country, "virs");
    let form = if night.number % 4 == 3 { ESTABLISHMENT } else { SOLE_PROPRIETOR };
    let mut others = country.entities.others.clone().rev();
    let Some(entity) = others.find(|&place| country.entities.all[place].form == form && !country.is_virs(place)) else {
        return;
    };
    let owner = country.entities.all[entity].owner.unwrap_or_else(|| country.people.newcomer(&mut draws));
    let whole = WHOLE_OF_PLANTED;
    let holding =
        Holding { number: night.row_number(0), holder: Holder::Person(owner), part: whole, joint: None, from: night.day, until: None };
    stakes.push(Stake { owned: entity, in_shares: false, whole, holdings: vec![holding] });
    country.count("sole_proprietor_virs", usize::from(form == SOLE_PROPRIETOR));
    country.newcomers.push(Virs {
        entity,
        activities: vec![ACTIVITY],
        since: night.day,
        until: None,
        left: None,
        only_by_licence: false,
        owner: Some(owner),
    });
    night.note_table(country, TABLE, "added", 1);
}

fn end(country: &mut Country, night: Night, roles: &[Role]) {
    let mut draws = night.draws(country, "virs");
    let old = country.virs.iter_mut().zip(roles).filter(|(virs, role)| **role == Role::Ordinary && !virs.is_audiovisual());
    let all = old.map(|(virs, _)| virs).chain(&mut country.newcomers);
    let mut may_end: Vec<&mut Virs> = all.filter(|virs| virs.end().is_none()).collect();
    if !may_end.is_empty() {
        let place = draws.below(may_end.len());
        may_end[place].left = Some(night.day - Days::new(1));
        night.note_table(country, TABLE, "corrected", 1);
    }
}

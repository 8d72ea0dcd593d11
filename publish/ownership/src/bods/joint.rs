//! Holdings that several have together: between the entity and its co-owners stands their arrangement, which has the holding as a whole.

use std::collections::BTreeMap;

use super::network::{Holder, Holding, Known, Network};
use crate::index::Index;
use crate::party::Party;
use crate::share::WHOLE;

/// What one co-owner has of a holding.
struct Part {
    share: i128,
    rows: Vec<usize>,
}

/// The co-owners of each joint holding in one entity.
type Groups<'a> = BTreeMap<&'a str, BTreeMap<Party<'a>, Part>>;

/// Puts arrangements between entities and those who hold parts of them jointly on this day.
pub(super) fn insert<'a>(index: &Index<'a>, day: i32, network: &mut Network<'a>) {
    let mut entities: Vec<&str> = network.behind.keys().filter_map(|(held, _)| code_of(*held)).collect();
    entities.sort_unstable();
    entities.dedup();
    for code in entities {
        for (group, parts) in groups(index, day, network, code).unwrap_or_default() {
            join(index, network, Party::Joint { held: code, group }, parts);
        }
    }
}

fn code_of(party: Party<'_>) -> Option<&str> {
    if let Party::Lithuanian(code) = party { Some(code) } else { None }
}

/// Joint holdings in an entity; none where the parts are not known, or where a co-owner is no holder.
fn groups<'a>(index: &Index<'a>, day: i32, network: &Network<'a>, code: &'a str) -> Option<Groups<'a>> {
    let participants = &index.participants;
    let rows = index.of_held.get(code)?;
    let shown = |party: Party<'a>| network.behind.get(&(Party::Lithuanian(code), party));
    let mut members: BTreeMap<&str, BTreeMap<Party<'a>, Vec<usize>>> = BTreeMap::new();
    for &row in rows.iter().filter(|row| participants.is_in_force(**row, day)) {
        if let (Some(group), Some(party)) = (participants.group.at(row), participants.party(row))
            && shown(party).is_some_and(|rows| rows.contains(&row))
        {
            members.entry(group).or_default().entry(party).or_default().push(row);
        }
    }
    // One co-owner alone is none.
    members.retain(|_, parties| parties.len() > 1);
    let mut groups = Groups::new();
    for (group, parties) in members {
        for (party, rows) in parties {
            let holding = network.holdings.get(&(Party::Lithuanian(code), Holder::Known(party)))?;
            let stated = |rows: &[usize]| rows.iter().map(|row| participants.share.at(*row)).sum::<Option<i128>>();
            let (part, whole) = (stated(&rows)?, stated(&holding.rows)?);
            // What holders have may be scaled down to the whole; their parts are then as well.
            let share = (whole > 0).then(|| holding.share.map(|share| share * part / whole))??;
            groups.entry(group).or_default().insert(party, Part { share, rows });
        }
    }
    Some(groups)
}

fn join<'a>(index: &Index<'a>, network: &mut Network<'a>, joint: Party<'a>, parts: BTreeMap<Party<'a>, Part>) {
    let Party::Joint { held, .. } = joint else { return };
    let held = Party::Lithuanian(held);
    let share: i128 = parts.values().map(|part| part.share).sum();
    if share <= 0 {
        return;
    }
    let is_authorised = |part: &Part| part.rows.iter().any(|row| index.participants.is_authorised.is_set(*row));
    let speaks_alone = parts.values().filter(|part| is_authorised(part)).count() == 1;
    network.parties.insert(joint, Known::default());
    let rows = parts.values().flat_map(|part| part.rows.iter().copied()).collect();
    network.holdings.insert((held, Holder::Known(joint)), Holding { share: Some(share), rows, ..Holding::default() });
    for (party, part) in parts {
        let own = (held, Holder::Known(party));
        if let Some(holding) = network.holdings.get_mut(&own) {
            holding.rows.retain(|row| !part.rows.contains(row));
            holding.share = holding.share.map(|share| share - part.share);
            if holding.rows.is_empty() {
                network.holdings.remove(&own);
            }
        }
        let votes = (speaks_alone && is_authorised(&part)).then_some(WHOLE);
        let of_joint = Holding { share: Some(part.share * WHOLE / share), votes, rows: part.rows, ..Holding::default() };
        network.holdings.insert((joint, Holder::Known(party)), of_joint);
    }
}

//! Shares against an independent dense linear solve, and the cases that break naive code.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

use super::*;

const DAY: i32 = 20_000;

fn holding(entity: u32, holder: Holder, size: i128) -> Holding {
    Holding { entity, holder, size, unit: Unit::Shares, whole: Some(100), joint: None, authorised: false, from: 0, until: None }
}

fn shares(entities: usize, holdings: &[Holding], virs: u32) -> BTreeMap<Holder, f64> {
    let graph = Graph::new(entities, holdings, vec![false; entities], DAY);
    let resolved = resolve(&graph, &[virs]);
    assert_eq!(resolved[0].owners.iter().map(|owner| owner.share).sum::<i128>(), WHOLE);
    resolved[0].owners.iter().map(|owner| (owner.holder, owner.share as f64 / WHOLE as f64)).collect()
}

fn close(found: &BTreeMap<Holder, f64>, holder: Holder, share: f64) {
    let value = found.get(&holder).copied().unwrap_or(0.0);
    assert!((value - share).abs() < 1e-11, "{holder:?}: {value} is not {share}");
}

#[test]
fn an_entity_that_owns_half_of_itself_through_another_gives_the_fixed_point() {
    use Holder::{Entity, Person};
    // 0 is held by 1 (50 %) and person 7 (50 %); 1 is held by 0 (100 %).
    let found = shares(2, &[holding(0, Entity(1), 50), holding(0, Person(7), 50), holding(1, Entity(0), 100)], 0);
    close(&found, Person(7), 1.0);
}

#[test]
fn a_cycle_without_an_outside_owner_is_unknown() {
    use Holder::{Entity, Unknown};
    close(&shares(2, &[holding(0, Entity(1), 100), holding(1, Entity(0), 100)], 0), Unknown, 1.0);
    close(&shares(1, &[holding(0, Entity(0), 100)], 0), Unknown, 1.0);
}

#[test]
fn a_closed_cycle_that_holds_nothing_known_of_another_entity_is_by_itself() {
    use Holder::{Entity, Person, Unknown};
    // 1 and 2 own each other; 0 is recorded as a holder of 1, of nothing or of nobody knows how much, and owned by 1 and a person.
    for nothing in [holding(1, Entity(0), 0), Holding { whole: None, ..holding(1, Entity(0), 5) }] {
        let cycle = [holding(1, Entity(2), 100), nothing, holding(2, Entity(1), 100)];
        let holdings = [&cycle[..], &[holding(0, Entity(1), 50), holding(0, Person(7), 50)]].concat();
        for virs in 0..3 {
            let found = shares(3, &holdings, virs);
            close(&found, Unknown, if virs == 0 { 0.5 } else { 1.0 });
            close(&found, Person(7), if virs == 0 { 0.5 } else { 0.0 });
        }
        let resolved = resolve(&Graph::new(3, &holdings, vec![false; 3], DAY), &[0]);
        assert!(resolved[0].links.iter().any(|link| link.because == Some(WhyUnknown::ClosedCycle)));
    }
    // A holding of nothing alone leads to a closed cycle: it is told of, and nothing comes from it.
    let holdings = [holding(0, Person(1), 100), holding(0, Entity(1), 0), holding(1, Entity(2), 100), holding(2, Entity(1), 100)];
    let resolved = resolve(&Graph::new(3, &holdings, vec![false; 3], DAY), &[0]);
    assert_eq!(resolved[0].owners.len(), 1);
    assert!(resolved[0].links.iter().any(|link| link.because == Some(WhyUnknown::ClosedCycle)));
}

#[test]
fn shares_that_are_no_numbers_are_nobody_s() {
    assert_eq!(to_whole(&[f64::NAN, 0.5]), [0, 0]);
    assert_eq!(to_whole(&[0.0]), [0]);
}

proptest! {
    #[test]
    fn owners_of_anything_add_up_to_the_whole(rows in prop::collection::vec((0..6_u32, 0..9_u32, 0..5_i128), 0..16)) {
        // Whole and halves, nothing at all, and cycles of all kinds; shares() looks at the sum.
        let holder = |number| if number < 6 { Holder::Entity(number) } else { Holder::Person(number) };
        let holdings: Vec<Holding> = rows.iter().map(|&(entity, other, size)| holding(entity, holder(other), size * 25)).collect();
        for virs in 0..6 {
            prop_assert!(shares(6, &holdings, virs).values().all(|share| *share > 0.0));
        }
    }
}

#[test]
fn own_shares_are_shared_out_among_the_other_owners() {
    use Holder::{Entity, Person};
    let found = shares(1, &[holding(0, Entity(0), 20), holding(0, Person(1), 60), holding(0, Person(2), 20)], 0);
    close(&found, Person(1), 0.75);
    close(&found, Person(2), 0.25);
}

#[test]
fn a_joint_holding_counts_once_and_its_authorised_owner_votes_it() {
    use Holder::Person;
    let joint = |person, authorised| Holding { joint: Some(1), authorised, ..holding(0, Person(person), 60) };
    let holdings = [joint(1, false), joint(2, true), holding(0, Person(3), 40)];
    let found = shares(1, &holdings, 0);
    close(&found, Person(1), 0.3);
    close(&found, Person(2), 0.3);
    close(&found, Person(3), 0.4);
    let resolved = resolve(&Graph::new(1, &holdings, vec![false], DAY), &[0]);
    assert_eq!(resolved[0].chain, [ChainLink { holder: Person(2), votes: WHOLE * 6 / 10 }]);
    assert!(resolved[0].owners.iter().all(|owner| owner.controls == (owner.holder == Person(2))));
}

#[test]
fn a_majority_of_which_nobody_knows_whose_it_is_leads_to_nobody() {
    use Holder::{Entity, Person, Unknown};
    let holdings = [holding(0, Entity(1), 100), holding(1, Unknown, 60), holding(1, Person(2), 40)];
    let resolved = resolve(&Graph::new(2, &holdings, vec![false; 2], DAY), &[0]);
    assert_eq!(resolved[0].chain, [ChainLink { holder: Entity(1), votes: WHOLE }]);
    assert!(resolved[0].owners.iter().all(|owner| !owner.controls));
}

#[test]
fn ownership_ends_at_public_bodies_and_where_nothing_more_is_known() {
    use Holder::{Entity, Person, Unknown};
    let holdings = [holding(0, Entity(1), 40), holding(0, Entity(2), 30), holding(1, Person(1), 100)];
    let resolved = resolve(&Graph::new(3, &holdings, vec![false, true, false], DAY), &[0, 1, 2]);
    let found: Vec<_> = resolved[0].owners.iter().map(|owner| (owner.holder, owner.share, owner.steps)).collect();
    assert_eq!(found, [(Entity(1), WHOLE * 4 / 10, 1), (Entity(2), WHOLE * 3 / 10, 1), (Unknown, WHOLE * 3 / 10, 0)]);
    assert_eq!(resolved[1].owners[0].holder, Entity(1), "a public VIRS owns itself");
    assert_eq!(resolved[2].owners[0].holder, Unknown, "a VIRS without participants");
}

#[test]
fn a_holding_of_nobody_knows_how_much_is_unknown_and_never_the_whole() {
    use Holder::{Entity, Person, Unknown};
    let alone = Holding { whole: None, ..holding(0, Person(1), 10_000) };
    for whole in [None, Some(0)] {
        let found = shares(1, &[Holding { whole, ..alone }], 0);
        assert_eq!((found.len(), found[&Unknown]), (1, 1.0));
    }
    // Nor does it thin out or swell what others are known to have.
    let found = shares(1, &[alone, holding(0, Person(2), 40)], 0);
    close(&found, Person(2), 0.4);
    close(&found, Unknown, 0.6);
    let resolved = resolve(&Graph::new(1, &[alone], vec![false], DAY), &[0]);
    assert!(resolved[0].chain.is_empty() && resolved[0].owners.iter().all(|owner| !owner.controls));
    // A company above whose owners hold nobody knows how much has owners: it is not the end of the chain.
    let found = shares(2, &[holding(0, Entity(1), 100), Holding { entity: 1, ..alone }], 0);
    close(&found, Unknown, 1.0);
}

#[test]
fn shares_and_contributions_of_one_entity_are_each_measured_by_their_own_whole() {
    use Holder::Person;
    // 50 of 100 shares; 2 500 of 10 000 cents.
    let in_capital = |person, size| Holding { unit: Unit::Capital, whole: Some(10_000), ..holding(0, Person(person), size) };
    let found = shares(1, &[holding(0, Person(1), 50), in_capital(2, 2_500)], 0);
    close(&found, Person(1), 0.5);
    close(&found, Person(2), 0.25);
    // Together more than the whole: scaled down to it.
    let found = shares(1, &[holding(0, Person(1), 100), in_capital(2, 10_000)], 0);
    close(&found, Person(1), 0.5);
    close(&found, Person(2), 0.5);
}

#[test]
fn holdings_are_those_of_the_day() {
    use Holder::Person;
    let ended = Holding { until: Some(DAY), ..holding(0, Person(1), 100) };
    let begun = Holding { from: DAY, ..holding(0, Person(2), 100) };
    close(&shares(1, &[ended, begun], 0), Person(2), 1.0);
    let before = resolve(&Graph::new(1, &[ended, begun], vec![false], DAY - 1), &[0]);
    assert_eq!(before[0].owners[0].holder, Person(1));
}

#[test]
fn a_chain_of_majorities_twelve_deep_reaches_the_person() {
    use Holder::{Entity, Person};
    let mut holdings: Vec<_> = (0..12).map(|step| holding(step, Entity(step + 1), 51)).collect();
    holdings.push(holding(12, Person(9), 51));
    let resolved = resolve(&Graph::new(13, &holdings, vec![false; 13], DAY), &[0]);
    assert_eq!(resolved[0].chain.len(), 13);
    let person = resolved[0].owners.iter().find(|owner| owner.holder == Person(9)).unwrap();
    assert_eq!((person.controls, person.steps), (true, 13));
    assert!((person.share as f64 / WHOLE as f64 - 0.51_f64.powi(13)).abs() < 1e-12);
}

proptest! {
    /// Any web of holdings, cycles and all: the shares equal those of `(I − W)⁻¹ D`, solved densely by another library.
    #[test]
    fn shares_equal_an_independent_dense_solve(web in prop::collection::vec((0_u32..8, 0_u32..14, 1_i128..40), 1..40)) {
        let entities = 8;
        let holder = |at: u32| if at < 8 { Holder::Entity(at) } else { Holder::Person(at) };
        let mut holdings: Vec<Holding> = web.iter().map(|&(entity, at, size)| holding(entity, holder(at), size)).collect();
        let mut direct = DMatrix::<f64>::zeros(entities, entities);
        let mut persons = DMatrix::<f64>::zeros(entities, 6);
        for entity in 0..8_u32 {
            let sum: i128 = holdings.iter().filter(|h| h.entity == entity).map(|h| h.size).sum();
            // Every entity leaks at least 1 % to nobody, so that the dense system is never singular.
            let whole = 100.max(sum + 1);
            for held in holdings.iter_mut().filter(|h| h.entity == entity) {
                held.whole = Some(whole);
                let share = held.size as f64 / whole as f64;
                match held.holder {
                    Holder::Entity(owner) => direct[(entity as usize, owner as usize)] += share,
                    Holder::Person(at) => persons[(entity as usize, at as usize - 8)] += share,
                    _ => unreachable!(),
                }
            }
        }
        let inverse = (DMatrix::identity(entities, entities) - &direct).lu();
        for person in 0..6_u32 {
            let effective = inverse.solve(&DVector::from(persons.column(person as usize))).unwrap();
            for virs in 0..8_u32 {
                let found = shares(entities, &holdings, virs);
                let value = found.get(&Holder::Person(person + 8)).copied().unwrap_or(0.0);
                prop_assert!((value - effective[virs as usize]).abs() < 1e-11);
            }
        }
    }

    #[test]
    fn rounded_shares_add_up_to_exactly_one(parts in prop::collection::vec(1e-9_f64..1.0, 1..200)) {
        prop_assert_eq!(to_whole(&parts).iter().sum::<i128>(), WHOLE);
    }
}

/// A link's entity, step, holder, whether it is an end, per cent, and why it is unknown.
type Told = (u32, u32, Holder, bool, Option<i128>, Option<WhyUnknown>);

fn links_above(entities: usize, holdings: &[Holding]) -> Vec<Told> {
    let resolved = resolve(&Graph::new(entities, holdings, vec![false; entities], DAY), &[0]);
    let per_cent = |share: i128| share * 100 / WHOLE;
    let told = |link: &Link| (link.held, link.step, link.holder, link.is_end, link.share.map(per_cent), link.because);
    resolved[0].links.iter().map(told).collect()
}

#[test]
fn every_holding_above_a_virs_is_a_link_and_what_is_unknown_says_why() {
    use Holder::{Entity, Person, Unknown};
    // 0: 60 % by 1, 40 % by person 7; 1: 50 % by person 7, the rest by nobody known; 2 is above no VIRS.
    let holdings = [holding(0, Entity(1), 60), holding(0, Person(7), 40), holding(1, Person(7), 50), holding(2, Person(9), 100)];
    let expected = [
        (0, 1, Entity(1), false, Some(60), None),
        (0, 1, Person(7), true, Some(40), None),
        (1, 2, Person(7), true, Some(50), None),
        (1, 2, Unknown, true, Some(50), Some(WhyUnknown::NotAll)),
    ];
    assert_eq!(links_above(3, &holdings), expected);
    assert_eq!(links_above(1, &[]), [(0, 1, Unknown, true, Some(100), Some(WhyUnknown::NoParticipants))]);
    let no_whole = Holding { whole: None, ..holding(0, Person(7), 10) };
    let expected = [(0, 1, Person(7), true, None, None), (0, 1, Unknown, true, Some(100), Some(WhyUnknown::NoWhole))];
    assert_eq!(links_above(1, &[no_whole]), expected);
    // An entity without participants is where a chain ends.
    assert_eq!(links_above(2, &[holding(0, Entity(1), 100)]), [(0, 1, Entity(1), true, Some(100), None)]);
}

#[test]
fn a_closed_cycle_is_said_once_and_an_open_one_not() {
    use Holder::{Entity, Person, Unknown};
    let closed = [holding(0, Entity(1), 100), holding(1, Entity(2), 100), holding(2, Entity(1), 100)];
    let said = links_above(3, &closed);
    let unknown: Vec<_> = said.iter().filter(|link| link.2 == Unknown).collect();
    assert_eq!(unknown, [&(1, 2, Unknown, true, None, Some(WhyUnknown::ClosedCycle))]);
    assert_eq!(said.len(), 4);
    let open = links_above(2, &[holding(0, Entity(1), 50), holding(0, Person(7), 50), holding(1, Entity(0), 100)]);
    assert_eq!(open.iter().filter(|link| link.5.is_some()).count(), 0);
}

proptest! {
    /// Whatever the holdings: what is linked below every entity is a whole, and where no entity stands above itself, the products of the shares
    /// along all ways are the shares of the owners.
    #[test]
    fn links_multiply_to_the_shares_of_owners(parts in prop::collection::vec((0_u32..5, 0_u32..8, 1_i128..60), 1..14)) {
        // Entity n is held by entities with greater numbers only.
        let holder = |held: u32, other: u32| if other > held && other < 6 { Holder::Entity(other) } else { Holder::Person(other) };
        let holdings: Vec<Holding> = parts.iter().map(|&(held, other, size)| holding(held, holder(held, other), size)).collect();
        let resolved = resolve(&Graph::new(6, &holdings, vec![false; 6], DAY), &[0]);
        let mut found: BTreeMap<Holder, f64> = BTreeMap::new();
        let mut through: BTreeMap<u32, f64> = BTreeMap::from([(0, 1.0)]);
        for held in 0..6 {
            let amount = through.remove(&held).unwrap_or(0.0);
            for link in resolved[0].links.iter().filter(|link| link.held == held) {
                let part = amount * link.share.unwrap_or_default() as f64 / WHOLE as f64;
                match link.holder {
                    Holder::Entity(owner) if !link.is_end => *through.entry(owner).or_default() += part,
                    end => *found.entry(end).or_default() += part,
                }
            }
        }
        for owner in &resolved[0].owners {
            let sum = found.get(&owner.holder).copied().unwrap_or(0.0);
            prop_assert!((sum - owner.share as f64 / WHOLE as f64).abs() < 1e-9, "{:?}: {sum}", owner.holder);
        }
    }
}

//! Random nights: what was said stays said, what is closed stays closed, and nothing is named before it is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::sample::{Histories, Night, PUBLICATION, Who, percent};

const VIRS: [&str; 2] = ["300000001", "300000002"];
/// VIRS and other entities.
const ENTITIES: [&str; 5] = ["300000001", "300000002", "300000003", "300000004", "300000005"];
const REASONS: [&str; 5] = ["be_dalyviu", "ne_visi", "be_visumos", "neivardytas", "ciklas"];

/// A holding: number of the held entity and of whoever holds, share in percent, whether it is held jointly.
type Part = (usize, usize, u8, bool);
/// What is held in a night, and which VIRS are shown.
type Held = (Vec<Part>, [bool; 2]);

fn held() -> impl Strategy<Value = Held> {
    let parts = vec((0..ENTITIES.len(), 0..14_usize, 0..=100_u8, any::<bool>()), 0..7);
    (parts, prop::array::uniform2(prop::bool::weighted(0.9)))
}

fn who(number: usize) -> Who<'static> {
    match number {
        0..5 => Who::Lithuanian(ENTITIES[number]),
        5 => Who::Person("p1"),
        6 => Who::Person("p2"),
        7 => Who::Foreign("EE", Some("12345"), "Näidis OÜ"),
        8 => Who::Foreign("", None, "Example"),
        number => Who::Unknown(REASONS[number - 9]),
    }
}

/// The tables of a night, as far as they hang together.
fn night((parts, shown): &Held) -> Night {
    let parts: BTreeMap<(usize, Who<'_>), (u8, bool)> =
        parts.iter().map(|(held, holder, share, joint)| ((*held, who(*holder)), (*share, *joint))).collect();
    let mut night = Night::default();
    for virs in VIRS.iter().zip(shown).filter(|(_, shown)| **shown).map(|(virs, _)| *virs) {
        night.virs(virs, &[]);
        let (mut above, mut waiting) = (BTreeSet::from([virs]), vec![virs]);
        let mut owners = BTreeSet::new();
        while let Some(held) = waiting.pop() {
            for ((_, holder), (share, joint)) in parts.iter().filter(|((number, _), _)| ENTITIES[*number] == held) {
                // Zero stands for a part of unknown size.
                let share = percent((*share).into()).filter(|share| *share > 0);
                night.holding(virs, held, *holder, share);
                if *joint && !matches!(holder, Who::Unknown(_)) {
                    night.participant(held, *holder, share, &[("jungtine", "B1".into())]);
                }
                match holder {
                    Who::Lithuanian(code) => waiting.extend(above.insert(code).then_some(*code)),
                    holder => _ = owners.insert(*holder),
                }
            }
        }
        owners.iter().enumerate().for_each(|(place, owner)| _ = night.owner(virs, *owner, percent(7), place == 0, 1));
    }
    night
}

/// What must hold of a file by itself.
fn check(statements: &[Value]) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (mut last, mut first) = (HashMap::new(), HashMap::new());
    let (mut series, mut ids): (HashMap<String, Vec<String>>, BTreeSet<String>) = (HashMap::new(), BTreeSet::new());
    for (place, statement) in statements.iter().enumerate() {
        let record = text(&statement["recordId"]);
        first.entry(record.clone()).or_insert(place);
        last.insert(record.clone(), place);
        series.entry(record).or_default().push(text(&statement["recordStatus"]));
        assert!(ids.insert(text(&statement["statementId"])), "statements are told apart");
    }
    for (record, statuses) in &series {
        assert_eq!(statuses[0], "new", "{record}");
        assert!(statuses[1..].iter().all(|status| status != "new"), "{record} is new once");
        let closes = statuses.iter().position(|status| status == "closed");
        assert!(closes.is_none_or(|place| place + 1 == statuses.len()), "{record} was closed and is no longer: {statuses:?}");
    }
    let mut components = BTreeSet::new();
    for (place, statement) in statements.iter().enumerate() {
        let details = &statement["recordDetails"];
        for party in [&details["subject"], &details["interestedParty"]].into_iter().filter_map(Value::as_str) {
            assert!(first[party] < place, "{party} is named before it is there");
        }
        for component in details["componentRecords"].as_array().into_iter().flatten().map(text) {
            assert!(last[&component] < place, "{component} comes after what it is a component of");
            components.insert(component);
        }
        assert!(first[&text(&statement["declarationSubject"])] <= place);
    }
    let said_to_be = statements.iter().filter(|one| one["recordDetails"]["isComponent"] == true).map(|one| text(&one["recordId"]));
    assert!(said_to_be.collect::<BTreeSet<_>>().is_subset(&components), "a component belongs to something");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn closed_statements_stay_closed_and_what_was_said_stays_said(nights in vec(held(), 1..9)) {
        let nights: Vec<Night> = nights.iter().map(night).collect();
        let mut before: BTreeSet<String> = BTreeSet::new();
        for count in 1..=nights.len() {
            let histories = Histories::of(&nights[..count]);
            let text = histories.bods_text(&PUBLICATION);
            let lines: BTreeSet<String> = text.lines().map(str::to_owned).collect();
            prop_assert!(before.is_subset(&lines), "a statement is gone, or is another one");
            check(&histories.bods());
            before = lines;
        }
    }
}

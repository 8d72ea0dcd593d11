//! Whose word counts about whose participants.
//!
//! The register speaks about every entity that it has a row of, and a VIRS about itself. What a VIRS says of another entity counts only in the chain
//! above that VIRS, and only where nobody else speaks: it never says who owns another VIRS, nor what anybody else's chain looks like. Rows
//! that nobody handed in (the system before this one) count in the chains of those VIRS that have not spoken.
//!
//! So an entity may stand in the graph more than once: as all see it, and as it is seen in the chain of a VIRS that speaks.

use std::collections::{HashMap, HashSet};

use arrow::array::StringArray;

use crate::cells::cell;

/// In whose chain an entity is met: that of a VIRS which speaks, else nobody's.
pub(crate) type Chain<'a> = Option<&'a str>;

/// A row about participants: whether a VIRS stated it, and its place in its table.
pub(crate) type Place = (bool, usize);

/// Who speaks about whom.
#[derive(Debug)]
pub(crate) struct Speakers<'a> {
    virs: HashSet<&'a str>,
    registered: HashMap<&'a str, Vec<Place>>,
    /// By the entity that is spoken about, and by who speaks.
    stated: HashMap<(&'a str, Chain<'a>), Vec<Place>>,
    /// Those that speak.
    speaking: HashSet<&'a str>,
}

impl<'a> Speakers<'a> {
    /// Takes over the entities that rows are about: of JADIS, and of what was handed in, with its submitters.
    pub(crate) fn new(
        virs: &'a [String],
        registered: Option<&'a StringArray>,
        stated: Option<(&'a StringArray, Option<&'a StringArray>)>,
    ) -> Self {
        let mut speakers = Self {
            virs: virs.iter().map(String::as_str).collect(),
            registered: HashMap::new(),
            stated: HashMap::new(),
            speaking: HashSet::new(),
        };
        for (row, entity) in registered.into_iter().flatten().enumerate() {
            speakers.registered.entry(entity.unwrap_or_default()).or_default().push((false, row));
        }
        if let Some((entities, submitters)) = stated {
            for (row, entity) in entities.iter().enumerate() {
                let submitter = cell(submitters, row);
                speakers.stated.entry((entity.unwrap_or_default(), submitter)).or_default().push((true, row));
                speakers.speaking.extend(submitter);
            }
        }
        speakers
    }

    /// The chain that begins at a VIRS.
    pub(crate) fn chain_of(&self, virs: &str) -> Chain<'a> {
        self.speaking.get(virs).copied()
    }

    /// In whose chain `owner` is met from there. It is the same chain if another one could show other owners of it, or of those above it; a
    /// VIRS begins its own.
    pub(crate) fn met(&self, owner: &str, chain: Chain<'a>) -> Chain<'a> {
        let said = |by: Chain<'a>| self.stated.contains_key(&(owner, by));
        chain.filter(|_| !self.virs.contains(owner) && (self.registered.contains_key(owner) || said(chain) || said(None)))
    }

    /// The rows that count about an entity as it is met.
    pub(crate) fn rows(&self, entity: &str, chain: Chain<'a>) -> Vec<Place> {
        if let Some(rows) = self.registered.get(entity) {
            return rows.clone();
        }
        let said = |by: Chain<'a>| self.stated.get(&(entity, by)).cloned().unwrap_or_default();
        let Some(own) = self.virs.get(entity) else { return said(chain) };
        // In the order in which they came.
        let mut rows = [said(None), said(Some(own))].concat();
        rows.sort_unstable();
        rows
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Rows about participants: about whom, and who says so; none is the system before.
    type Told = &'static [(&'static str, Option<&'static str>)];

    /// Places of the rows that count about an entity that is met in a chain.
    fn counting(registered: &[&str], told: Told, entity: &str, chain: Option<&str>) -> Vec<Place> {
        let virs = ["A".to_owned(), "B".to_owned()];
        let registered: StringArray = registered.iter().map(|entity| Some(*entity)).collect();
        let entities: StringArray = told.iter().map(|(entity, _)| Some(*entity)).collect();
        let submitters: StringArray = told.iter().map(|(_, submitter)| *submitter).collect();
        let speakers = Speakers::new(&virs, Some(&registered), Some((&entities, Some(&submitters))));
        let chain = chain.and_then(|virs| speakers.chain_of(virs));
        speakers.rows(entity, speakers.met(entity, chain))
    }

    #[test]
    fn nobody_speaks_about_another_virs_or_about_what_jadis_knows() {
        // Whether or not the VIRS itself has spoken, and whatever the system before said.
        for told in [&[("B", Some("A"))] as Told, &[("B", Some("A")), ("B", Some("B"))], &[("B", None), ("B", Some("A"))]] {
            for chain in [None, Some("A"), Some("B")] {
                let own: Vec<Place> = (0..told.len()).filter(|row| told[*row].1 != Some("A")).map(|row| (true, row)).collect();
                assert_eq!(counting(&[], told, "B", chain), own, "{told:?} {chain:?}");
            }
        }
        for speaker in [None, Some("A"), Some("X")] {
            let told: Told = Box::leak(Box::new([("X", speaker)]));
            assert_eq!(counting(&["X", "Y", "X"], told, "X", Some("A")), [(false, 0), (false, 2)]);
        }
    }

    #[test]
    fn what_is_said_of_an_entity_that_does_not_speak_counts_in_the_speakers_own_chain_only() {
        let told: Told = &[("X", Some("A")), ("X", None), ("X", Some("B"))];
        assert_eq!(counting(&[], told, "X", Some("A")), [(true, 0)]);
        assert_eq!(counting(&[], told, "X", Some("B")), [(true, 2)]);
        assert_eq!(counting(&[], told, "X", None), [(true, 1)], "all others see what was known before");
        assert_eq!(counting(&[], &[("X", Some("A"))], "X", Some("B")), [], "who says nothing does not take it from others");
        assert_eq!(counting(&[], &[("A", None), ("X", None)], "X", Some("A")), [(true, 1)]);
        assert_eq!(counting(&[], &[("A", Some("A")), ("X", None)], "X", Some("A")), [], "who speaks and says nothing of it took it back");
    }

    #[test]
    fn a_chain_goes_on_through_what_jadis_knows_and_ends_at_a_virs() {
        let virs = ["A".to_owned(), "B".to_owned()];
        let (registered, entities, submitters) =
            (StringArray::from(vec!["J"]), StringArray::from(vec!["X", "A"]), StringArray::from(vec!["A", "A"]));
        let speakers = Speakers::new(&virs, Some(&registered), Some((&entities, Some(&submitters))));
        assert_eq!([speakers.chain_of("A"), speakers.chain_of("B")], [Some("A"), None]);
        assert_eq!(["J", "X", "B", "Y"].map(|owner| speakers.met(owner, Some("A"))), [Some("A"), Some("A"), None, None]);
        assert_eq!(["J", "X", "B", "Y"].map(|owner| speakers.met(owner, None)), [None; 4]);
    }

    /// One row: the entity, its participant, who says so.
    type Row = (&'static str, &'static str, Option<&'static str>);

    /// Everything that counts in the chain above a VIRS.
    fn above(start: &str, registered: &[(&str, &str)], told: &[Row]) -> BTreeSet<(String, String)> {
        let virs = ["A".to_owned(), "B".to_owned()];
        let known: StringArray = registered.iter().map(|(entity, _)| Some(*entity)).collect();
        let entities: StringArray = told.iter().map(|(entity, ..)| Some(*entity)).collect();
        let submitters: StringArray = told.iter().map(|(.., submitter)| *submitter).collect();
        let speakers = Speakers::new(&virs, Some(&known), Some((&entities, Some(&submitters))));
        let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting = vec![(start, None)];
        while let Some((entity, chain)) = waiting.pop() {
            let chain = if virs.iter().any(|one| one == entity) { speakers.chain_of(entity) } else { chain };
            if !seen.insert((entity, chain)) {
                continue;
            }
            for (was_handed_in, row) in speakers.rows(entity, chain) {
                let owner = if was_handed_in { told[row].1 } else { registered[row].1 };
                found.insert((entity.to_owned(), owner.to_owned()));
                waiting.push((owner, speakers.met(owner, chain)));
            }
        }
        found
    }

    fn row(submitters: Vec<Option<&'static str>>) -> impl Strategy<Value = Row> {
        let entity = || prop::sample::select(vec!["A", "B", "X", "Y", "Z", "J", "K"]);
        (entity(), entity(), prop::sample::select(submitters))
    }

    proptest! {
        /// Whatever A says, of whomever: what stands above B is what it was.
        #[test]
        fn no_virs_changes_what_stands_above_another(
            registered in prop::collection::vec((prop::sample::select(vec!["J", "K"]), prop::sample::select(vec!["A", "B", "X", "Y", "J", "K"])), 0..4),
            others in prop::collection::vec(row(vec![None, Some("B")]), 0..8),
            said in prop::collection::vec(row(vec![Some("A")]), 1..8),
        ) {
            let leads_to_a = above("B", &registered, &others).iter().any(|(_, owner)| owner == "A");
            // Above B stands A only where B or a register says so: then A's own words about itself count there, too.
            prop_assume!(!leads_to_a);
            let all: Vec<Row> = said.into_iter().chain(others.iter().copied()).collect();
            prop_assert_eq!(above("B", &registered, &all), above("B", &registered, &others));
        }
    }
}

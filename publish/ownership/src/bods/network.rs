//! Who held what above one VIRS when a release was made: the parties, their holdings, the ultimate owners and the chain of control.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::index::{Index, Rows};
use crate::party::{PUBLIC_BODY, Party};
use crate::shown::Release;

/// Reasons of classifier `nezinojimo_priezastys` that mean something to the program: nobody says of how much it is what participants hold.
const NO_WHOLE: &str = "be_visumos";
/// Entities own one another, and nobody outside owns any of them.
pub(super) const CLOSED_CYCLE: &str = "ciklas";
/// A part without a holder and without a reason.
const NOT_NAMED: &str = "neivardytas";

/// Who holds a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Holder<'a> {
    Known(Party<'a>),
    /// Nobody knows, for this reason.
    Unknown(&'a str),
}

/// What somebody holds of somebody.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Holding {
    /// In units of a share; none where nobody says of how much it is.
    pub(super) share: Option<i128>,
    /// Where the share is not known: what it cannot be more than.
    pub(super) at_most: Option<i128>,
    /// Votes, of a majority.
    pub(super) votes: Option<i128>,
    /// Rows of participants that tell of it.
    pub(super) rows: Vec<usize>,
}

/// An ultimate owner.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Owner {
    pub(super) share: Option<i128>,
    pub(super) controls: bool,
}

/// What the tables call a party.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Known<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) is_public: bool,
}

/// The network above a VIRS.
pub(super) struct Network<'a> {
    pub(super) virs: Party<'a>,
    /// Its row.
    pub(super) row: usize,
    pub(super) parties: BTreeMap<Party<'a>, Known<'a>>,
    pub(super) holdings: BTreeMap<(Party<'a>, Holder<'a>), Holding>,
    pub(super) owners: BTreeMap<Party<'a>, Owner>,
    /// What nobody knows the owner of, in all.
    pub(super) unknown: Option<i128>,
    /// Who votes the majority, from the VIRS upwards.
    pub(super) control: Vec<(Party<'a>, Option<i128>)>,
    /// Rows of participants, by the entity that is held and who holds it: all that were shown, ended ones too.
    pub(super) behind: HashMap<(Party<'a>, Party<'a>), Vec<usize>>,
    /// The same by the participant.
    pub(super) naming: HashMap<Party<'a>, Vec<usize>>,
}

impl<'a> Network<'a> {
    /// None if the release did not show the VIRS. `arrange` puts what several have together between them and the entity, once all holdings are read.
    pub(super) fn of(
        index: &Index<'a>,
        code: &'a str,
        rows: &Rows,
        release: Release,
        arrange: impl FnOnce(&Index<'a>, i32, &mut Self),
    ) -> Option<Self> {
        let row = *rows.virs.iter().find(|row| index.virs.shown.was_shown_in(**row, release.number))?;
        let virs = Party::Lithuanian(code);
        let mut network = Self {
            virs,
            row,
            parties: BTreeMap::from([(virs, Known { name: index.virs.name.at(row), is_public: false })]),
            holdings: BTreeMap::new(),
            owners: BTreeMap::new(),
            unknown: None,
            control: Vec::new(),
            behind: HashMap::new(),
            naming: HashMap::new(),
        };
        network.read_chains(index, rows, release);
        network.read_participants(index, release);
        arrange(index, release.day, &mut network);
        network.read_owners(index, rows, release);
        network.read_control(index, rows, release);
        network.bound_shares();
        Some(network)
    }

    fn meet(&mut self, party: Party<'a>, name: Option<&'a str>, is_public: bool) {
        let known = self.parties.entry(party).or_default();
        known.name = known.name.or(name);
        known.is_public |= is_public;
    }

    fn read_chains(&mut self, index: &Index<'a>, rows: &Rows, release: Release) {
        let chains = &index.chains;
        for &row in rows.chains.iter().filter(|row| chains.shown.was_shown_in(**row, release.number)) {
            let Some(code) = chains.held.at(row) else { continue };
            let held = Party::Lithuanian(code);
            self.meet(held, chains.held_name.at(row), false);
            let holder = match chains.party(row) {
                Some(party) => {
                    self.meet(party, chains.name.at(row), chains.end.at(row) == Some(PUBLIC_BODY));
                    Holder::Known(party)
                }
                None => Holder::Unknown(chains.because.at(row).unwrap_or(NOT_NAMED)),
            };
            let holding = self.holdings.entry((held, holder)).or_default();
            // A holder has one row for each entity; were there two, both would count.
            holding.share = holding.share.into_iter().chain(chains.share.at(row)).reduce(|one, other| one + other);
        }
    }

    fn read_participants(&mut self, index: &Index<'a>, release: Release) {
        let participants = &index.participants;
        let codes = |(held, _): &(Party<'a>, Holder<'a>)| if let Party::Lithuanian(code) = held { Some(*code) } else { None };
        let mut held: BTreeSet<&str> = self.holdings.keys().filter_map(codes).collect();
        held.extend(if let Party::Lithuanian(code) = self.virs { Some(code) } else { None });
        for code in held {
            let rows = index.of_held.get(code).into_iter().flatten();
            for &row in rows.filter(|row| participants.shown.was_shown_in(**row, release.number)) {
                if let Some(party) = participants.party(row) {
                    self.behind.entry((Party::Lithuanian(code), party)).or_default().push(row);
                    self.naming.entry(party).or_default().push(row);
                }
            }
        }
        for ((held, holder), holding) in &mut self.holdings {
            if let Holder::Known(party) = holder {
                let rows = self.behind.get(&(*held, *party)).into_iter().flatten();
                holding.rows = rows.copied().filter(|row| participants.is_in_force(*row, release.day)).collect();
            }
        }
    }

    fn read_owners(&mut self, index: &Index<'a>, rows: &Rows, release: Release) {
        let owners = &index.owners;
        for &row in rows.owners.iter().filter(|row| owners.shown.was_shown_in(**row, release.number)) {
            let share = owners.share.at(row);
            let Some(party) = owners.party(row) else {
                self.unknown = share;
                continue;
            };
            self.meet(party, owners.name.at(row), owners.kind.at(row) == Some(PUBLIC_BODY));
            // A public body that is a VIRS owns itself, in the table's way of saying it.
            if party != self.virs {
                self.owners.insert(party, Owner { share, controls: owners.controls.is_set(row) });
            }
        }
        // Whoever ends a chain owns something, even where nobody can say how much.
        let ends: Vec<Party<'a>> = self.holdings.keys().filter_map(|(_, holder)| self.end(*holder)).collect();
        ends.into_iter().filter(|end| *end != self.virs).for_each(|end| _ = self.owners.entry(end).or_default());
    }

    /// The holder, if it is known and nobody is known to hold it in turn.
    pub(super) fn end(&self, holder: Holder<'a>) -> Option<Party<'a>> {
        let Holder::Known(party) = holder else { return None };
        let first = self.holdings.range((party, Holder::Known(Party::Lithuanian("")))..).next();
        first.is_none_or(|((held, _), _)| *held != party).then_some(party)
    }

    fn read_control(&mut self, index: &Index<'a>, rows: &Rows, release: Release) {
        let control = &index.control;
        let mut steps: Vec<usize> = rows.control.iter().copied().filter(|row| control.shown.was_shown_in(*row, release.number)).collect();
        steps.sort_by_key(|row| control.step.at(*row));
        let mut held = self.virs;
        for row in steps {
            let Some(party) = control.party(row) else { return };
            if let Some(holding) = self.holdings.get_mut(&(held, Holder::Known(party))) {
                holding.votes = control.votes.at(row);
            }
            self.control.push((party, control.votes.at(row)));
            held = party;
        }
    }

    /// Of a holding whose share is not known, it is known that it is not more than what is left.
    fn bound_shares(&mut self) {
        let rests: HashMap<Party<'a>, Option<i128>> = self
            .holdings
            .iter_mut()
            .filter(|((_, holder), _)| *holder == Holder::Unknown(NO_WHOLE))
            .map(|((held, _), rest)| {
                rest.at_most = rest.share.take();
                (*held, rest.at_most)
            })
            .collect();
        for ((held, holder), holding) in &mut self.holdings {
            if holding.share.is_none() && matches!(holder, Holder::Known(_)) {
                holding.at_most = rests.get(held).copied().flatten();
            }
        }
    }
}

//! What one release made known about a network: which records there are, and what is said of each.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Content, Key, Ledger, Section};
use super::network::{Holder, Holding, Network};
use super::parties::Parties;
use super::relationships::{of_holding, of_owner, of_unknown, sources};
use super::routes::{Between, Edge, Routes};
use super::schema::{Details, InterestedParty, Relationship, Source};
use super::words::Words;
use crate::Error;
use crate::index::Index;
use crate::party::Party;
use crate::share::day_text;
use crate::shown::Release;

/// A network as one release showed it.
pub(super) struct Night<'n, 'a> {
    pub(super) index: &'n Index<'a>,
    pub(super) words: &'n Words<'n>,
    pub(super) network: &'n Network<'a>,
    pub(super) release: Release,
}

/// The record of a party in the network of a VIRS.
pub(super) fn party_key(party: Party<'_>, virs: Party<'_>) -> Key {
    let section = match party {
        party if party == virs => Section::Subject,
        party if party.is_person() => Section::Person,
        _ => Section::Entity,
    };
    Key { section, name: party.record_name() }
}

fn holder_name(holder: Holder<'_>) -> String {
    match holder {
        Holder::Known(party) => party.record_name(),
        Holder::Unknown(reason) => format!("unknown/{reason}"),
    }
}

fn holding_key((held, holder): Edge<'_>) -> Key {
    Key { section: Section::Holding, name: format!("holding/{}/{}", held.record_name(), holder_name(holder)) }
}

fn owner_key(holder: Holder<'_>) -> Key {
    Key { section: Section::Owner, name: format!("owner/{}", holder_name(holder)) }
}

impl<'a> Night<'_, 'a> {
    /// Tells the ledger. `pairs` remembers whose holding in whom each record is about.
    pub(super) fn tell(&self, ledger: &mut Ledger<'a>, pairs: &mut BTreeMap<Key, Edge<'a>>) -> Result<(), Error> {
        let owners = self.owners();
        let components: BTreeSet<Edge<'a>> = owners.values().flat_map(|between| between.edges.iter().copied()).collect();
        let intermediate: BTreeSet<Party<'a>> = owners.values().flat_map(|between| between.parties.iter().copied()).collect();
        let holdings: Vec<Edge<'a>> = self.network.holdings.keys().copied().filter(|edge| !self.is_owned_directly(*edge)).collect();
        let direct = owners.keys().map(|holder| (owner_key(*holder), (self.network.virs, *holder)));
        pairs.extend(holdings.iter().map(|edge| (holding_key(*edge), *edge)).chain(direct));
        let parties = self.network.parties.keys().map(|party| party_key(*party, self.network.virs));
        let holding_keys = holdings.iter().map(|edge| holding_key(*edge));
        let present = parties.chain(holding_keys).chain(owners.keys().map(|holder| owner_key(*holder))).collect();
        ledger.turn(&present, self.release, |key, content| self.end(pairs.get(key), content))?;
        self.tell_parties(ledger, &intermediate)?;
        for edge in holdings {
            self.tell_holding(ledger, edge, components.contains(&edge))?;
        }
        let reasons = owners.keys().filter(|holder| matches!(holder, Holder::Unknown(_))).count();
        for (holder, between) in &owners {
            self.tell_owner(ledger, *holder, between, reasons)?;
        }
        Ok(())
    }

    /// Ultimate owners, and whoever is unknown for one reason, with what lies between.
    fn owners(&self) -> BTreeMap<Holder<'a>, Between<'a>> {
        let mut ends: BTreeMap<Holder<'a>, Vec<Edge<'a>>> =
            self.network.owners.keys().map(|party| (Holder::Known(*party), Vec::new())).collect();
        for (held, holder) in self.network.holdings.keys() {
            ends.entry(*holder).or_default().push((*held, *holder));
        }
        ends.retain(|holder, _| self.is_owner(*holder));
        let routes = Routes::of(self.network);
        ends.into_iter().map(|(holder, edges)| (holder, routes.between(&edges))).collect()
    }

    fn is_owner(&self, holder: Holder<'a>) -> bool {
        match holder {
            Holder::Known(party) => self.network.owners.contains_key(&party),
            Holder::Unknown(_) => true,
        }
    }

    /// Whether what an owner has of the VIRS is told by this holding alone, so that it has no record beside the owner's.
    fn is_owned_directly(&self, (held, holder): Edge<'a>) -> bool {
        held == self.network.virs && self.is_owner(holder) && (self.network.end(holder).is_some() || matches!(holder, Holder::Unknown(_)))
    }

    fn tell_parties(&self, ledger: &mut Ledger<'a>, intermediate: &BTreeSet<Party<'a>>) -> Result<(), Error> {
        let describing = Parties { index: self.index, network: self.network, words: self.words };
        for party in self.network.parties.keys() {
            let (details, source) = describing.describe(*party, intermediate.contains(party));
            let person = if let Party::Person(key) = party { Some((*key).to_owned()) } else { None };
            ledger.say(&party_key(*party, self.network.virs), self.release, Content { details, source, person })?;
        }
        Ok(())
    }

    fn tell_holding(&self, ledger: &mut Ledger<'a>, (held, holder): Edge<'a>, is_component: bool) -> Result<(), Error> {
        let Some(holding) = self.network.holdings.get(&(held, holder)) else { return Ok(()) };
        let details = Relationship {
            is_component,
            component_records: Vec::new(),
            subject: self.id(ledger, held),
            interested_party: self.interested(ledger, holder),
            interests: of_holding(self.index, holding, (held, holder)),
        };
        let content = self.content(details, [(held, holder)].into_iter());
        ledger.say(&holding_key((held, holder)), self.release, content)
    }

    fn tell_owner(&self, ledger: &mut Ledger<'a>, holder: Holder<'a>, between: &Between<'a>, reasons: usize) -> Result<(), Error> {
        let virs = self.network.virs;
        let interests = match holder {
            Holder::Known(party) => {
                let owner = self.network.owners.get(&party).copied().unwrap_or_default();
                of_owner(self.index, self.network, party, owner, between)
            }
            Holder::Unknown(reason) => of_unknown(self.network, reason, between, reasons > 1),
        };
        let parties = between.parties.iter().map(|party| self.id(ledger, *party));
        let component_records = parties.chain(between.edges.iter().map(|edge| ledger.id(&holding_key(*edge)))).collect();
        let interested_party = self.interested(ledger, holder);
        let details = Relationship { is_component: false, component_records, subject: self.id(ledger, virs), interested_party, interests };
        let content = self.content(details, between.edges.iter().copied().chain([(virs, holder)]));
        ledger.say(&owner_key(holder), self.release, content)
    }

    fn id(&self, ledger: &Ledger<'a>, party: Party<'a>) -> String {
        ledger.id(&party_key(party, self.network.virs))
    }

    fn interested(&self, ledger: &Ledger<'a>, holder: Holder<'a>) -> InterestedParty {
        match holder {
            Holder::Known(party) => InterestedParty::Record(self.id(ledger, party)),
            Holder::Unknown(reason) => InterestedParty::Unspecified(self.words.unspecified(reason)),
        }
    }

    fn content(&self, details: Relationship, edges: impl Iterator<Item = Edge<'a>>) -> Content {
        Content { details: Details::Relationship(details), source: self.source(edges), person: None }
    }

    /// Where holdings are known from. Of what nobody holds, whoever tells of the others tells, or the register that has none.
    fn source(&self, edges: impl Iterator<Item = Edge<'a>>) -> Source {
        let of_edge = |(held, holder): Edge<'a>| -> Vec<&Holding> {
            let holdings = &self.network.holdings;
            match holder {
                Holder::Known(_) => holdings.get(&(held, holder)).into_iter().collect(),
                Holder::Unknown(_) => holdings.iter().filter(|((of, _), _)| *of == held).map(|(_, holding)| holding).collect(),
            }
        };
        let mut found = sources(self.index, edges.flat_map(of_edge));
        if found.is_empty() {
            found.insert(self.words.register_of_participants());
        }
        self.words.source(&found, self.index.virs.name.at(self.network.row))
    }

    /// As the record of a holding closes: when the holding ended, where a participant's row tells it.
    fn end(&self, edge: Option<&Edge<'a>>, content: &mut Content) {
        let (Some((held, Holder::Known(party))), Details::Relationship(relationship)) = (edge, &mut content.details) else { return };
        let rows = self.network.behind.get(&(*held, *party)).into_iter().flatten();
        let ends = rows.filter_map(|row| self.index.participants.until.at(*row)).filter(|until| *until <= self.release.day);
        let Some(end) = ends.max().map(day_text) else { return };
        for interest in &mut relationship.interests {
            let began = interest.start_date.as_ref().is_none_or(|start| *start <= end);
            if interest.direct_or_indirect == "direct" && began {
                interest.end_date = Some(end.clone());
            }
        }
    }
}

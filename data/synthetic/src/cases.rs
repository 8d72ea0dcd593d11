//! The hard cases of ownership: which VIRS plays which part, and the holdings that make the case.

use chrono::Days;

use crate::Country;
use crate::draws::{Draws, date};
use crate::ownership::{Holder, Holding, Joint, Stake, WHOLE_OF_PLANTED, in_register, ordinary_holders};
use crate::people::PersonId;

/// Companies kept apart for one copy of all cases: owners in cycles and chains, and donors at the threshold.
pub(crate) const RESERVED_PER_COPY: usize = 17 + crate::support::PLANTED_DONORS_PER_COPY;
/// Steps from a VIRS through companies to the person at the end of a long chain.
const CHAIN_STEPS: usize = 12;

/// The part that one VIRS plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// None: owners by chance.
    Ordinary,
    /// Owns half of itself through another company.
    OwnsHalfOfItself,
    /// It and another company hold parts of each other.
    CycleOfTwo,
    /// As above, three companies in a ring.
    CycleOfThree,
    /// It and another company own each other wholly; nobody is outside.
    ClosedCycle,
    /// Twelve steps to its owner.
    LongChain,
    /// Three persons hold most of it together.
    JointOwnership,
    /// A foreigner without a personal code owns it.
    ForeignPerson,
    /// A foreigner with a personal code owns it.
    ForeignPersonWithCode,
    /// Owned by one of two persons of the same name.
    Namesake,
    /// Owned by a person who owns others too.
    SeveralOfOnePerson,
    /// A sole proprietor's firm that bears its owner's name.
    SoleProprietor,
    /// Partners have made contributions.
    GeneralPartnership,
    /// A partner is a company.
    LimitedPartnership,
    /// An owner is known by a 7-digit code only.
    OldCodeOwner,
    /// An owner has been struck off the register.
    ClosedOwner,
    /// Nobody knows who holds the rest.
    UnknownRemainder,
    /// Nobody knows who holds it.
    NoParticipants,
    /// An institution owns it.
    PublicOwner,
    /// Its name holds a pipe and quotes.
    OddName,
    /// A company abroad owns it.
    ForeignCompany,
    /// Its owner changed.
    FormerOwner,
    /// It is VIRS through a licence in LIS only.
    LicenceOnly,
    /// It has ceased to be VIRS and was struck off.
    Ended,
}

/// How many times the cases are planted: once in a small country, more in a large one.
pub(crate) fn copies(virs: usize) -> usize {
    (1 + virs / 500).min(20)
}

/// The roles of all VIRS, shuffled; as many as there are VIRS, which must be at least 40.
pub(crate) fn roles(virs: usize, draws: &mut Draws) -> Vec<Role> {
    let copies = copies(virs);
    let once = [
        (Role::OwnsHalfOfItself, 1),
        (Role::CycleOfTwo, 1),
        (Role::CycleOfThree, 1),
        (Role::LongChain, 1),
        (Role::JointOwnership, 2),
        (Role::ForeignPerson, 2),
        (Role::ForeignPersonWithCode, 1),
        (Role::Namesake, 2),
        (Role::SeveralOfOnePerson, 3),
        (Role::SoleProprietor, 2),
        (Role::GeneralPartnership, 1),
        (Role::LimitedPartnership, 1),
        (Role::OldCodeOwner, 1),
        (Role::ClosedOwner, 1),
        (Role::UnknownRemainder, 1),
        (Role::NoParticipants, 1),
        (Role::PublicOwner, 1),
        (Role::OddName, 1),
        (Role::ForeignCompany, 1),
        (Role::FormerOwner, 1),
        (Role::LicenceOnly, 2),
        (Role::Ended, 1),
    ];
    let mut roles = vec![Role::ClosedCycle];
    for (role, times) in once {
        roles.extend(std::iter::repeat_n(role, times * copies));
    }
    roles.resize(virs, Role::Ordinary);
    draws.shuffle(&mut roles);
    roles
}

/// The stakes in all VIRS and in the companies that planted cases need.
pub(crate) fn stakes(country: &mut Country, roles: &[Role], draws: &mut Draws) -> Vec<Stake> {
    let reserved = country.entities.reserved.clone();
    let mut planner =
        Planner { country, draws, stakes: Vec::new(), next: reserved.start, namesake: None, collector: None, known: Vec::new() };
    for (place, &role) in roles.iter().enumerate() {
        planner.plan(place, role);
    }
    // What is left of the reserved companies belongs to donors at the threshold; see `support`.
    let next = planner.next;
    let stakes = planner.stakes;
    country.entities.reserved = next..reserved.end;
    stakes
}

struct Planner<'a> {
    country: &'a mut Country,
    draws: &'a mut Draws,
    stakes: Vec<Stake>,
    next: usize,
    namesake: Option<PersonId>,
    collector: Option<(PersonId, usize)>,
    known: Vec<PersonId>,
}

impl Planner<'_> {
    fn plan(&mut self, place: usize, role: Role) {
        let virs = self.country.entities.virs.start + place;
        match role {
            Role::Ordinary | Role::LicenceOnly | Role::Ended | Role::OddName => {
                let stake = ordinary_holders(self.country, virs, &mut self.known, self.draws);
                self.stakes.push(stake);
            }
            Role::OwnsHalfOfItself => {
                let other = self.company();
                let person = self.person();
                self.hold(virs, &[(other, 50), (person, 50)]);
                self.hold_in(other, &[(Holder::Entity(virs), 100)]);
                self.country.count("self_owned_half", 1);
                self.country.count("cycles_of_two", 1);
            }
            Role::CycleOfTwo => {
                let other = self.company();
                let persons = [self.person(), self.person()];
                self.hold(virs, &[(other, 40), (persons[0], 60)]);
                self.hold_in(other, &[(Holder::Entity(virs), 30), (persons[1], 70)]);
                self.country.count("cycles_of_two", 1);
            }
            Role::CycleOfThree => {
                let (second, third) = (self.company(), self.company());
                let persons = [self.person(), self.person(), self.person()];
                self.hold(virs, &[(second, 60), (persons[0], 40)]);
                self.hold_in(second, &[(third, 50), (persons[1], 50)]);
                self.hold_in(third, &[(Holder::Entity(virs), 20), (persons[2], 80)]);
                self.country.count("cycles_of_three", 1);
            }
            Role::ClosedCycle => {
                let other = self.company();
                self.hold(virs, &[(other, 100)]);
                self.hold_in(other, &[(Holder::Entity(virs), 100)]);
                self.country.count("closed_cycles", 1);
            }
            Role::LongChain => {
                let mut owned = Holder::Entity(virs);
                for _ in 1..CHAIN_STEPS {
                    let next = self.company();
                    self.hold_in(owned, &[(next, 100)]);
                    owned = next;
                }
                let person = self.person();
                self.hold_in(owned, &[(person, 100)]);
                self.country.count("chains_of_twelve", 1);
            }
            Role::JointOwnership => self.joint(virs),
            Role::ForeignPerson => {
                let foreigner = Holder::Person(self.country.people.foreign(self.draws));
                self.hold(virs, &[(foreigner, 100)]);
            }
            Role::ForeignPersonWithCode => {
                let foreigner = Holder::Person(self.country.people.foreign_with_code(self.draws));
                self.hold(virs, &[(foreigner, 100)]);
            }
            Role::Namesake => {
                let person = match self.namesake.take() {
                    Some(first) => {
                        self.country.count("same_name_pairs", 1);
                        self.country.people.namesake(first, self.draws)
                    }
                    None => *self.namesake.insert(self.country.people.lithuanian(self.draws)),
                };
                self.hold(virs, &[(Holder::Person(person), 100)]);
            }
            Role::SeveralOfOnePerson => {
                let (person, times) = self.collector.take().unwrap_or_else(|| (self.country.people.lithuanian(self.draws), 0));
                self.collector = (times < 2).then_some((person, times + 1));
                self.hold(virs, &[(Holder::Person(person), 100)]);
            }
            Role::SoleProprietor => {
                if let Some(owner) = self.country.entities.all[virs].owner {
                    self.hold(virs, &[(Holder::Person(owner), 100)]);
                    self.country.count("sole_proprietor_virs", 1);
                }
            }
            Role::GeneralPartnership => {
                let persons = [self.person(), self.person()];
                self.hold(virs, &[(persons[0], 55), (persons[1], 45)]);
            }
            Role::LimitedPartnership => {
                let (person, company) = (self.person(), self.company());
                let partner = self.person();
                self.hold(virs, &[(person, 20), (company, 80)]);
                self.hold_in(company, &[(partner, 100)]);
            }
            Role::OldCodeOwner => {
                let number = self.country.cases.get("old_code_owners").copied().unwrap_or(0);
                let person = self.person();
                self.hold(virs, &[(Holder::Old(number), 35), (person, 65)]);
                self.country.count("old_code_owners", 1);
            }
            Role::ClosedOwner => {
                let closed = self.country.entities.closed.clone();
                let owner = Holder::Entity(closed.start + self.draws.below(closed.len()));
                let person = self.person();
                self.hold(virs, &[(owner, 51), (person, 49)]);
                self.country.count("closed_owners", 1);
            }
            Role::UnknownRemainder => {
                let person = self.person();
                self.hold(virs, &[(person, 60)]);
            }
            Role::NoParticipants => {}
            Role::PublicOwner => {
                let institutions = self.country.entities.institutions.clone();
                let owner = Holder::Entity(institutions.start + self.draws.below(institutions.len()));
                self.hold(virs, &[(owner, 100)]);
                self.country.count("public_body_owners", 1);
            }
            Role::ForeignCompany => {
                let owner = Holder::Foreign(self.draws.below(self.country.entities.foreign.len()));
                let person = self.person();
                self.hold(virs, &[(owner, 75), (person, 25)]);
            }
            Role::FormerOwner => self.former(virs),
        }
    }

    /// Three persons hold 60 of 100 together, the first acts for them; a fourth has 40.
    fn joint(&mut self, virs: usize) {
        let group = self.country.count("joint_groups", 1);
        let other = self.person();
        self.hold(virs, &[(other, 40)]);
        for co_owner in 0..3 {
            let holder = self.person();
            if let Some(stake) = self.stakes.last_mut() {
                let joint = Some(Joint { group, authorised: co_owner == 0 });
                stake.holdings.push(Holding { holder, part: 60 * WHOLE_OF_PLANTED / 100, joint, ..stake.holdings[0] });
            }
        }
    }

    /// One person held everything until the end of June 2020, another has since.
    fn former(&mut self, virs: usize) {
        let persons = [self.person(), self.person()];
        self.hold(virs, &[(persons[0], 100), (persons[1], 100)]);
        if let Some(stake) = self.stakes.last_mut() {
            let last_day = date(2020, 6, 30);
            stake.holdings[0].from = self.country.entities.all[virs].registered;
            stake.holdings[0].until = Some(last_day);
            stake.holdings[1].from = last_day + Days::new(1);
        }
    }

    fn person(&mut self) -> Holder {
        let person = self.country.people.lithuanian(self.draws);
        self.known.push(person);
        Holder::Person(person)
    }

    /// A company that has no owners yet.
    fn company(&mut self) -> Holder {
        self.next += 1;
        Holder::Entity(self.next - 1)
    }

    fn hold(&mut self, owned: usize, parts: &[(Holder, i64)]) {
        self.hold_in(Holder::Entity(owned), parts);
    }

    fn hold_in(&mut self, owned: Holder, percents: &[(Holder, i64)]) {
        if let Holder::Entity(owned) = owned {
            let registered = self.country.entities.all[owned].registered;
            let from = self.draws.day(registered, date(2019, 12, 31));
            let holdings = percents
                .iter()
                .map(|&(holder, percent)| Holding { holder, part: percent * WHOLE_OF_PLANTED / 100, joint: None, from, until: None })
                .collect();
            let in_shares = in_register(self.country, owned);
            self.stakes.push(Stake { owned, in_shares, whole: WHOLE_OF_PLANTED, holdings });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_country_has_every_role_and_room_for_ordinary_virs() {
        let roles = roles(40, &mut Draws::of(1, "test"));
        assert_eq!(roles.len(), 40);
        assert!(roles.iter().filter(|&&role| role == Role::Ordinary).count() >= 8);
        assert_eq!(roles.iter().filter(|&&role| role == Role::ClosedCycle).count(), 1);
    }
}

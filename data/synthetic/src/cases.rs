//! The hard cases of ownership: the holdings in the VIRS of each role, and in the companies above them.

use chrono::Days;

use crate::country::Country;
use crate::draws::{Draws, date};
use crate::ownership::ordinary_holders;
use crate::people::PersonId;
use crate::roles::Role;
use crate::stakes::{Holder, Holding, Joint, Stake, WHOLE_OF_PLANTED};

/// Companies kept apart for one copy of all cases: owners in cycles and chains, and donors at the threshold.
pub(crate) const RESERVED_PER_COPY: usize = 17 + crate::support::PLANTED_DONORS_PER_COPY;
/// Steps from a VIRS through companies to the person at the end of a long chain.
const CHAIN_STEPS: usize = 12;

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
            Role::Ordinary if self.country.entities.all[virs].owner.is_some() => self.plan(place, Role::SoleProprietor),
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
                .map(|&(holder, percent)| Holding {
                    number: 0,
                    holder,
                    part: percent * WHOLE_OF_PLANTED / 100,
                    joint: None,
                    from,
                    until: None,
                })
                .collect();
            let in_shares = self.country.entities.in_register(owned);
            self.stakes.push(Stake { owned, in_shares, whole: WHOLE_OF_PLANTED, holdings });
        }
    }
}

//! Which VIRS plays which part in the hard cases, and how many times the cases are planted.

use crate::draws::Draws;

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

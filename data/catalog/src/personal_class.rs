//! What a column says of a natural person, which decides the tiers it may appear in (table 5).

use serde::Deserialize;

use crate::Tier;
use crate::well_known::{ASMENVARDIS, SAVA_IMONE, SU_ASMENIMIS};

/// What a column says of a natural person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// Nothing.
    #[default]
    None,
    /// Nothing by itself, but people put names of persons into it: what outlets, publications and things are called. Public; open except in
    /// rows whose [`ASMENVARDIS`] says that a person's name is in it.
    Title,
    /// A name, or the surrogate key that stands for the person: public, never open.
    Name,
    /// A personal code: internal only.
    Code,
    /// A birth date: internal only.
    BirthDate,
    /// Contact details. Public where it is a legal person's, internal where the row's [`SAVA_IMONE`] says that it may be a
    /// natural person's; never open.
    Contact,
    /// A document that somebody handed in to be published, looked through for codes and birth dates, but with whatever names stand in it:
    /// public, never open. So is a link to one.
    File,
    /// A number that somebody gives to records in sequence, so that the gaps would tell how many rows about persons are left out, and where. Public;
    /// in the open tier a pseudonym stands for it, see [`is_pseudonym`].
    RecordNumber,
    /// What somebody holds of something, or what is said of the whole that several hold: one person's part could be what is left of it. Public; open
    /// only in rows whose [`SU_ASMENIMIS`] says that no person has a part.
    Share,
}

impl Personal {
    /// Whether a column of this class may appear in `tier`; perhaps not in all rows, see [`Personal::withheld_by`].
    #[must_use]
    pub fn allowed_in(self, tier: Tier) -> bool {
        match tier {
            Tier::Internal => true,
            Tier::Public => !matches!(self, Self::Code | Self::BirthDate),
            Tier::Open => matches!(self, Self::None | Self::Title | Self::RecordNumber | Self::Share),
        }
    }

    /// The mark that empties a cell of this class in `tier`: unless the row's mark is false, nothing is shown.
    #[must_use]
    pub fn withheld_by(self, tier: Tier) -> Option<&'static str> {
        match (self, tier) {
            (Self::Contact, Tier::Public) => Some(SAVA_IMONE),
            (Self::Title, Tier::Open) => Some(ASMENVARDIS),
            (Self::Share, Tier::Open) => Some(SU_ASMENIMIS),
            _ => None,
        }
    }

    /// Whether a column of this class is about persons, whatever stands in it.
    #[must_use]
    pub fn is_about_persons(self) -> bool {
        !matches!(self, Self::None | Self::Title | Self::File | Self::RecordNumber | Self::Share)
    }

    /// The class as the definitions spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Title => "title",
            Self::Name => "name",
            Self::Code => "code",
            Self::BirthDate => "birth_date",
            Self::Contact => "contact",
            Self::File => "file",
            Self::RecordNumber => "record_number",
            Self::Share => "share",
        }
    }
}

/// Letters of a pseudonym: 64 bits.
pub const PSEUDONYM_LETTERS: usize = 16;

/// Whether this can be what stands for a [`Personal::RecordNumber`] in the open tier: [`PSEUDONYM_LETTERS`] letters from a to p. It has no digit, so that none can be
/// taken for a personal code.
#[must_use]
pub fn is_pseudonym(text: &str) -> bool {
    text.len() == PSEUDONYM_LETTERS && text.bytes().all(|letter| matches!(letter, b'a'..=b'p'))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Catalog;

    #[test]
    fn each_tier_sees_what_table_5_says() {
        let seen = |class: Personal| Tier::ALL.map(|tier| (class.allowed_in(tier), class.withheld_by(tier)));
        let (yes, no) = ((true, None), (false, None));
        assert_eq!(seen(Personal::None), [yes, yes, yes]);
        assert_eq!(seen(Personal::Title), [yes, yes, (true, Some(ASMENVARDIS))]);
        assert_eq!(seen(Personal::Name), [yes, yes, no]);
        assert_eq!(seen(Personal::Contact), [yes, (true, Some(SAVA_IMONE)), no]);
        assert_eq!(seen(Personal::File), [yes, yes, no]);
        assert_eq!(seen(Personal::RecordNumber), [yes, yes, yes]);
        assert_eq!(seen(Personal::Share), [yes, yes, (true, Some(SU_ASMENIMIS))]);
        assert_eq!([seen(Personal::Code), seen(Personal::BirthDate)], [[yes, no, no]; 2]);
    }

    #[test]
    fn every_column_for_a_contact_and_for_what_something_is_called_has_its_class() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        let columns = |words: &[&str]| -> Vec<Personal> {
            let all = catalog.columns.values().filter(|column| words.iter().any(|word| column.name.contains(word)));
            all.map(|column| column.personal).collect()
        };
        // Numbers of records end in “_nr”; that of a row within the table is given here, and anew in each tier.
        let numbered = catalog.columns.values().filter(|column| column.name.ends_with("_nr") && column.name != crate::SEQUENCE);
        assert!(numbered.clone().count() >= 5 && numbered.into_iter().all(|column| column.personal == Personal::RecordNumber));
        assert_eq!(columns(&["el_pastas", "telefonas"]), [Personal::Contact; 2]);
        assert_eq!(catalog.columns["vip_pavadinimas"].personal, Personal::Title);
        assert_eq!(catalog.columns["leidinys"].personal, Personal::Title);
    }
}

//! Successive nights: the same country some nights later, with everything that the nights between have changed.
//!
//! Whoever is in the country without the nights stays who they are: a night draws apart from everything else, and changes what it finds.
//! In each night facts are added to one of three files (gifts of persons, advertising, holdings in VIRS), corrected in another, removed
//! from the third; the next night, each of them is another one's turn. In three nights these are the facts of one person in each file,
//! then of two, of three, of many; after [`ROUND`] nights it begins anew. Every other night there is a new VIRS, and every other
//! night one ceases.

mod advertisements;
mod gifts;
mod stakes;
mod virs;

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use crate::AS_OF;
use crate::country::Country;
use crate::draws::Draws;
use crate::truth::Change;

pub(crate) use advertisements::change_advertisements;
pub(crate) use gifts::change_gifts;
pub(crate) use stakes::change_stakes;
pub(crate) use virs::change_virs;

/// Nights after which everything has happened to every file.
pub const ROUND: u32 = 12;
/// How many persons many are: five, and one more for each so many facts.
const FACTS_PER_PERSON: usize = 500;
/// First number of rows that nights add to files with numbered rows, and how many of its own each night has.
const FIRST_NUMBER: usize = 5_000_000;
const NUMBERS_PER_NIGHT: usize = 10_000;

/// Files whose facts about persons the nights change.
#[derive(Clone, Copy)]
enum File {
    Gifts,
    Advertising,
    Holdings,
}

impl File {
    fn table(self) -> &'static str {
        match self {
            Self::Gifts => "raw_gypas__parama",
            Self::Advertising => "raw_vrk__reklama",
            Self::Holdings => "raw_jadis__dalyviai",
        }
    }
}

/// What a night does to facts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Added,
    Corrected,
    Removed,
}

/// One night.
#[derive(Clone, Copy)]
struct Night {
    /// From 1.
    number: u32,
    /// The day that its extracts show.
    day: NaiveDate,
}

/// All nights until now.
fn nights(country: &Country) -> impl Iterator<Item = Night> + use<> {
    (1..=country.nights).map(|number| Night { number, day: AS_OF + Days::new(number.into()) })
}

impl Night {
    fn draws(self, country: &Country, subject: &str) -> Draws {
        country.draws(&format!("night {} {subject}", self.number))
    }

    fn what(self, file: File) -> What {
        match (self.number + file as u32) % 3 {
            0 => What::Added,
            1 => What::Corrected,
            _ => What::Removed,
        }
    }

    /// How many persons' facts it adds to, corrects in or removes from a file of so many.
    fn persons(self, facts: usize) -> usize {
        match (self.number - 1) / 3 % 4 {
            fewer @ 0..3 => fewer as usize + 1,
            _ => 5 + facts / FACTS_PER_PERSON,
        }
    }

    /// Whose facts it corrects or removes: some of those whom `facts` are about.
    fn concerned<Person: Ord + Copy>(self, facts: &[Person], draws: &mut Draws) -> BTreeSet<Person> {
        let wanted = self.persons(facts.len());
        let mut persons = BTreeSet::new();
        // So many attempts find enough different ones, if there are any.
        for _ in 0..20 * wanted {
            if persons.len() < wanted && !facts.is_empty() {
                persons.insert(*draws.pick(facts));
            }
        }
        persons
    }

    /// The number of the row that this night adds after `earlier` others.
    fn row_number(self, earlier: usize) -> usize {
        FIRST_NUMBER + self.number as usize * NUMBERS_PER_NIGHT + earlier
    }

    /// An entity that is a VIRS on its day, by its place among all.
    fn recipient(self, country: &Country, draws: &mut Draws) -> usize {
        let all = country.virs.iter().chain(country.newcomers.iter().filter(|virs| virs.since <= self.day));
        let active: Vec<usize> = all.filter(|virs| virs.end().is_none_or(|end| end >= self.day)).map(|virs| virs.entity).collect();
        *draws.pick(&active)
    }

    /// Notes what it did, if it is the last one.
    fn note(self, country: &mut Country, file: File, about: usize) {
        let what = match self.what(file) {
            What::Added => "added",
            What::Corrected => "corrected",
            What::Removed => "removed",
        };
        self.note_table(country, file.table(), what, about);
    }

    fn note_table(self, country: &mut Country, table: &'static str, what: &'static str, about: usize) {
        if self.number == country.nights && about > 0 {
            country.changes.push(Change { table, what, about });
        }
    }
}

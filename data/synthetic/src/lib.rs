//! A synthetic Lithuania: every extract that the registers would hand over, with hard cases and bad rows in known numbers,
//! and `truth.json`, which says what a right pipeline must make of it. [`mod@format`] describes the files.
//!
//! The same size and seed give the same bytes on every machine. Nobody in it exists: names of persons are put together from
//! stems that no Lithuanian name has, codes come from ranges that have not been given out.
//!
//! # Keys of `cases` in `truth.json`
//!
//! Owners are direct, current ones of a VIRS unless said otherwise.
//!
//! | key | counts |
//! |---|---|
//! | `self_owned_half` | VIRS that own half of themselves: another company holds 50 % of them and they hold all of it; these are cycles of two as well |
//! | `cycles_of_two`, `cycles_of_three` | rings of two and of three companies, one of them a VIRS, with persons outside |
//! | `closed_cycles` | a VIRS and a company that own each other wholly, so no owner is known |
//! | `chains_of_twelve` | VIRS whose only owner, a person, is twelve steps away |
//! | `joint_groups` | holdings of 60 % that three persons have together, one of them authorised |
//! | `foreigners_without_code`, `foreigners_with_code` | foreign persons who own a VIRS, without and with a personal code |
//! | `same_name_pairs` | pairs of VIRS owned by two different persons of one name |
//! | `persons_owning_several_virs` | persons who own parts of two or more VIRS |
//! | `sole_proprietor_virs` | VIRS of form 810, whose name is their owner's |
//! | `old_code_owners` | owners with a 7-digit code, 35 % each, that the register does not know |
//! | `closed_owners` | VIRS 51 % of which an entity struck off the register holds |
//! | `public_body_owners` | VIRS planted as wholly owned by an institution (chance may add other form 950 owners) |
//! | `foreign_company_holdings` | holdings of companies abroad in VIRS |
//! | `former_holdings` | holdings in VIRS that ended before the day of the extract |
//! | `virs_with_unknown_remainder` | VIRS with holders who together have less than the whole |
//! | `virs_without_participants` | VIRS without any holder, past or present |
//! | `names_with_pipes` | entities whose name holds a pipe and quotes |
//! | `licence_only_virs` | VIRS through a valid licence in LIS only; they are not in `formos_virs` |
//! | `licence_holders_not_virs` | holders of licences none of which is valid, and in no other way VIRS |
//! | `ended_virs` | VIRS with `virs_iki` in the past, struck off the register unless a night ended them; no money goes to them since |
//! | `donors_at_threshold` | planted donors whose gifts of a year come to exactly 10 BSI: not published |
//! | `donors_just_over` | planted donors at 10 BSI and 0.01 EUR: published |
//! | `donors_between_2022_sums` | planted donors at 460.00 and 460.01 EUR in 2022, 10 BSI of June: published by the BSI of January |
//! | `advertising_not_to_virs`, `natural_support_not_to_virs`, `legal_support_not_to_virs`, `funds_not_to_virs` | money rows of entities that are no VIRS |
//! | `persons`, `persons_missing_from_gr` | Lithuanian persons in any extract, and those of them that the population register lacks |
//! | `participations`, `money_rows` | good rows of both files of participants; of advertising, support and funds together |

mod advertisement;
mod advertising;
mod bad_rows;
mod cases;
mod casting;
mod codes;
mod country;
mod dominance;
mod draws;
mod entities;
mod error;
mod extract;
pub mod format;
mod generate;
mod gifts;
mod governance;
mod jar;
mod money;
mod names;
mod nights;
mod outlet;
mod outlets;
mod ownership;
mod participants;
mod people;
mod places;
mod population;
mod roles;
mod size;
mod stakes;
mod supervision;
mod support;
mod truth;
mod virs;
mod virs_list;

use std::path::Path;

pub use error::Error;
pub use nights::ROUND;
pub use size::{AS_OF, Size};
pub use truth::{Change, MoneyTruth, Published, SupportTruth, TableTruth, Threshold, Truth, VirsTruth};

/// Writes a country into the folder `out`, which is made if need be, and `truth.json` beside it.
///
/// # Errors
/// [`Error::TooSmall`] when the cases do not fit; [`Error::Write`] when the disk refuses.
pub fn generate(size: &Size, seed: u64, out: &Path) -> Result<Truth, Error> {
    generate_later(size, seed, 0, out)
}

/// The same country so many nights later: in each night the facts about a few persons were added, corrected or removed, and a VIRS
/// began or ceased, as long as there are any left. Everything else is as it was. After [`ROUND`] nights everything has happened to every
/// file. Its extracts show as many days after [`AS_OF`]; a run takes no extract of a day that lies ahead, unless it is told which day it is.
///
/// # Errors
/// As [`generate()`].
pub fn generate_later(size: &Size, seed: u64, nights: u32, out: &Path) -> Result<Truth, Error> {
    generate::write(size, seed, nights, out)
}

//! Numbers of receipts: drawn, not counted. A store that was put back from a copy would count on from the copy, and give a second document
//! the number that somebody holds for another.

use chrono::{Datelike, NaiveDate};
use rusqlite::{OptionalExtension, Transaction};

use crate::Error;
use crate::random::random;

/// Digits that are drawn. With the two of the year there are fewer than in a personal code.
const DIGITS: u32 = 8;
/// The first digit is none that a year would begin with, so that no number reads as a date.
const LEAST: u64 = 3 * 10_u64.pow(DIGITS - 1);

/// A number that no submission of this store has, such as `VIRSIS-26-48291735`.
///
/// # Errors
/// The store's, or there is no randomness.
pub fn new_receipt(transaction: &Transaction<'_>, today: NaiveDate) -> Result<String, Error> {
    loop {
        let receipt = format!("VIRSIS-{:02}-{}", today.year().rem_euclid(100), drawn()?);
        let mut select = transaction.prepare_cached("SELECT 1 FROM submission WHERE receipt = ?1")?;
        if select.query_row([&receipt], |_| Ok(())).optional()?.is_none() {
            return Ok(receipt);
        }
    }
}

fn drawn() -> Result<u64, Error> {
    // Of 2⁶⁴ values the remainder prefers some by less than one in 10¹¹.
    Ok(LEAST + u64::from_be_bytes(random::<8>()?) % (10_u64.pow(DIGITS) - LEAST))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_number_has_eight_digits_reads_as_no_code_and_is_seldom_drawn_twice() {
        let drawn: Vec<u64> = (0..10_000).map(|_| drawn().unwrap()).collect();
        assert!(drawn.iter().all(|number| number.to_string().len() == 8 && *number >= LEAST));
        let different: HashSet<&u64> = drawn.iter().collect();
        assert!(different.len() > 9_990, "{}", different.len());
        assert!(!drawn.iter().any(|number| catalog::personal::stands_in(&format!("VIRSIS-26-{number}"))));
    }
}

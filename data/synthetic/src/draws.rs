//! Chance: every subject of the country draws from its own ChaCha20 key, so that a change in one file leaves the others as they were.

use chrono::{Days, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Bytes of a ChaCha20 key that are left for the subject's name after the seed.
const SUBJECT_BYTES: usize = 24;

/// The random numbers of one subject.
pub(crate) struct Draws(ChaCha20Rng);

impl Draws {
    /// Draws for the content of `subject`, whose name has at most 24 bytes.
    pub(crate) fn of(seed: u64, subject: &str) -> Self {
        debug_assert!(subject.len() <= SUBJECT_BYTES, "two long subjects could share a key");
        let mut key = [0; 8 + SUBJECT_BYTES];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        for (place, byte) in key[8..].iter_mut().zip(subject.bytes()) {
            *place = byte;
        }
        Self(ChaCha20Rng::from_seed(key))
    }

    /// Draws for where the bad rows of `subject` stand: the same key, another ChaCha stream.
    pub(crate) fn of_bad_rows(seed: u64, subject: &str) -> Self {
        let mut draws = Self::of(seed, subject);
        draws.0.set_stream(1);
        draws
    }

    /// A number from 0 up to but not including `bound`; 0 where the bound is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { self.0.random_range(0..bound) }
    }

    /// A number in `from..=until`.
    pub(crate) fn between(&mut self, from: i64, until: i64) -> i64 {
        self.0.random_range(from..=until.max(from))
    }

    /// Cents in `least..=most` as sums of money are: many small ones, a few very large. Each doubling of `least` is half as likely as
    /// the one before.
    pub(crate) fn skewed(&mut self, least: i64, most: i64) -> i64 {
        let mut from = least;
        while from <= most / 2 && self.percent(50) {
            from *= 2;
        }
        self.between(from, (2 * from - 1).min(most))
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100_u32) < percent
    }

    /// One of `choices`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// One of `choices` by its weight; the last one where the weights are all 0.
    pub(crate) fn weighted<T: Copy>(&mut self, choices: &[(T, usize)]) -> T {
        let mut left = self.below(choices.iter().map(|(_, weight)| weight).sum());
        for &(choice, weight) in choices {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        choices[choices.len() - 1].0
    }

    /// A day in `from..=until`.
    pub(crate) fn day(&mut self, from: NaiveDate, until: NaiveDate) -> NaiveDate {
        let span = usize::try_from((until - from).num_days()).unwrap_or(0);
        from + Days::new(self.below(span + 1) as u64)
    }

    /// Puts `items` into a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

/// A date that is known when the program is written.
pub(crate) const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("not a date"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_and_their_bad_rows_draw_apart() {
        let numbers = |mut draws: Draws| [0; 8].map(|_: i32| draws.below(1_000_000));
        assert_eq!(numbers(Draws::of(7, "gr__asmenys")), numbers(Draws::of(7, "gr__asmenys")));
        assert_ne!(numbers(Draws::of(7, "gr__asmenys")), numbers(Draws::of(7, "gr__asmenyz")));
        assert_ne!(numbers(Draws::of(7, "gr__asmenys")), numbers(Draws::of(8, "gr__asmenys")));
        assert_ne!(numbers(Draws::of(7, "gr__asmenys")), numbers(Draws::of_bad_rows(7, "gr__asmenys")));
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut draws = Draws::of(1, "test");
        let (from, until) = (date(2020, 2, 28), date(2020, 3, 1));
        let days: std::collections::BTreeSet<_> = (0..100).map(|_| draws.day(from, until)).collect();
        assert_eq!(days.len(), 3);
        assert!(days.iter().all(|day| (from..=until).contains(day)));
        assert_eq!(draws.below(0), 0);
        assert!((0..100).all(|_| draws.weighted(&[("never", 0), ("always", 1)]) == "always"));
    }
}

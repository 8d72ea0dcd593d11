//! Drift gates: does an extract look like the last good one plus one day's changes? If not, the last good one is used.

use chrono::NaiveDate;
use transforms::{FEW, Profile};

use crate::config::Gates;

/// One difference that is too large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drift {
    /// Name of the rule, for programs.
    pub(crate) rule: &'static str,
    /// What happened, for operators.
    pub(crate) what: String,
    /// Whether it refuses the extract or only warns.
    pub(crate) refuses: bool,
}

/// Everything about `new` that `old` does not let expect; keys are sorted hashes.
pub(crate) fn drift(gates: &Gates, old: &Profile, old_keys: &[u64], new: &Profile, new_keys: &[u64]) -> Vec<Drift> {
    let mut found = Vec::new();
    let mut say = |rule, refuses, what| found.push(Drift { rule, what, refuses });
    let gone = old.rows.saturating_sub(new.rows);
    // Not one of its rows is good: a damaged extract, however small.
    let nothing_good = new.rows == 0 && new.received > 0 && old.rows > 0;
    if nothing_good || (gone > gates.floor && gone as f64 > old.rows as f64 * gates.fewer_rows) {
        say("fewer_rows", true, format!("it has {} good rows, the last good one had {}", new.rows, old.rows));
    }
    if new.rows > gates.floor && new.rows as f64 > old.rows as f64 * gates.more_rows {
        say("more_rows", false, format!("it has {} good rows, the last good one had {}", new.rows, old.rows));
    }
    let lost = lost(old_keys, new_keys);
    if lost > gates.floor && lost as f64 > old_keys.len() as f64 * gates.lost_keys {
        say("lost_keys", true, format!("{lost} of {} keys of the last good one are not in it", old_keys.len()));
    }
    for (column, before) in &old.filled {
        let share = |filled: u64, rows: u64| if rows == 0 { 0.0 } else { filled as f64 / rows as f64 };
        let after = new.filled.get(column).copied().unwrap_or(0);
        let (was, is) = (share(*before, old.rows), share(after, new.rows));
        if new.rows > 0 && before.saturating_sub(after) > gates.floor && was - is > gates.emptier_column {
            say(
                "emptier_column",
                true,
                format!("column {column} is filled in {:.0} % of rows, last time in {:.0} %", is * 100.0, was * 100.0),
            );
        }
    }
    // A single fact may have been wrong and corrected since, so many facts of the last good extract are the measure.
    if let Some((was, is)) = older(old.well_known, new.newest) {
        // The date of a fact is a cell's value and not told; the difference is.
        say("older_events", true, format!("its newest fact is {} days older than {FEW} facts of the last good one", (was - is).num_days()));
    }
    if let Some((was, is)) = older(old.extract_date, new.extract_date) {
        say("older_extract", true, format!("it was made on {is}, the last good one on {was}"));
    }
    found
}

fn older(was: Option<NaiveDate>, is: Option<NaiveDate>) -> Option<(NaiveDate, NaiveDate)> {
    was.zip(is).filter(|(was, is)| is < was)
}

/// How many of the sorted `old` are not among the sorted `new`.
fn lost(old: &[u64], new: &[u64]) -> u64 {
    let mut new = new.iter().peekable();
    let mut count = 0;
    for key in old {
        while new.next_if(|candidate| *candidate < key).is_some() {}
        count += u64::from(new.peek() != Some(&key));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(rows: u64) -> Profile {
        let day = NaiveDate::from_ymd_opt(2026, 10, 31);
        let filled = [("pavadinimas".to_owned(), rows)].into();
        Profile { rows, filled, newest: day, well_known: day, extract_date: day, ..Profile::default() }
    }

    fn rules(old: &Profile, new: &Profile, old_keys: &[u64], new_keys: &[u64]) -> Vec<(&'static str, bool)> {
        drift(&Gates::default(), old, old_keys, new, new_keys).iter().map(|drift| (drift.rule, drift.refuses)).collect()
    }

    #[test]
    fn each_difference_is_found_at_its_bound_and_not_before() {
        let old = profile(1000);
        assert!(rules(&old, &profile(900), &[], &[]).is_empty());
        assert_eq!(rules(&old, &profile(899), &[], &[]), [("fewer_rows", true)]);
        assert!(rules(&old, &profile(2000), &[], &[]).is_empty());
        assert_eq!(rules(&old, &profile(2001), &[], &[]), [("more_rows", false)]);
        assert!(rules(&profile(20), &profile(0), &[], &[]).is_empty(), "so few rows may always go");
        let all_bad = Profile { received: 20, ..profile(0) };
        assert_eq!(rules(&profile(20), &all_bad, &[], &[]), [("fewer_rows", true)], "but not because all are bad");
        let keys: Vec<u64> = (0..1000).collect();
        assert!(rules(&old, &old, &keys, &keys[100..]).is_empty());
        assert_eq!(rules(&old, &old, &keys, &keys[101..]), [("lost_keys", true)]);
        let mut emptier = profile(1000);
        emptier.filled.insert("pavadinimas".to_owned(), 899);
        assert_eq!(rules(&old, &emptier, &[], &[]), [("emptier_column", true)]);
        let mut earlier = profile(1000);
        earlier.newest = NaiveDate::from_ymd_opt(2026, 10, 30);
        assert_eq!(rules(&old, &earlier, &[], &[]), [("older_events", true)]);
        assert!(rules(&earlier, &old, &[], &[]).is_empty());
        // One fact of tomorrow is gone: it was a mistake that has been mended.
        let mistaken = Profile { newest: NaiveDate::from_ymd_opt(2026, 11, 1), ..profile(1000) };
        assert!(rules(&mistaken, &old, &[], &[]).is_empty());
    }
}

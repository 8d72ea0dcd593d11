//! Days that lie ahead: what of them is set aside, what is kept and doubted, and that none of them measures anything.

use std::path::Path;

use arrow::array::StringArray;

use super::tests::{GIFTS, clean_on};
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A member of a board since `from`, in an extract made on `made`.
fn member(from: &'static str, made: &'static str) -> [&'static str; 11] {
    ["124110246", "valdyba", "", "Bandomė", "Pavyzdytė", "33309240064", "", "", from, "", made]
}

#[test]
fn one_day_ahead_measures_nothing_and_what_may_lie_ahead_is_kept_and_doubted() {
    let good: Vec<_> = (0..40).map(|_| member("2026-03-01", "2026-10-31")).collect();
    let clean = |odd: [&'static str; 11]| {
        let rows: Vec<&[&str]> = good.iter().map(|row| row.as_slice()).chain([odd.as_slice()]).collect();
        clean_on("raw_jar__valdymas", &rows, 7, None, day("2026-11-27"))
    };
    let right = clean(member("2026-03-01", "2026-10-31")).profile;
    assert_eq!((right.extract_date, right.newest, right.doubted.len()), (Some(day("2026-10-31")), Some(day("2026-03-01")), 0));
    for (odd, rule) in [
        (member("2206-01-15", "2026-10-31"), "event_ahead"),
        (member("2026-11-28", "2026-10-31"), "event_ahead"),
        (member("2026-03-01", "2206-10-31"), "extract_date_ahead"),
        (member("2026-03-01", "9999-12-31"), "extract_date_ahead"),
    ] {
        let cleaned = clean(odd);
        assert_eq!((cleaned.rows.num_rows(), cleaned.quarantined.len()), (41, 0));
        assert_eq!(cleaned.profile.doubted, BTreeMap::from([(rule.to_owned(), 1)]));
        assert_eq!((cleaned.profile.extract_date, cleaned.profile.newest), (right.extract_date, right.newest));
    }
    // Before tonight, yet told by one row alone.
    let alone = clean(member("2026-11-20", "2026-11-20")).profile;
    assert_eq!((alone.extract_date, alone.well_known), (right.extract_date, right.well_known));
    // All rows of an extract that was made on a day to come: it does not say when it was made.
    let rows: Vec<_> = (0..40).map(|_| member("2026-03-01", "2027-10-31")).collect();
    let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
    assert_eq!(clean_on("raw_jar__valdymas", &rows, 7, None, day("2026-11-27")).profile.extract_date, None);
}

/// Every date of something that has happened, in every raw table.
#[test]
fn what_has_happened_on_a_day_to_come_is_set_aside_and_counts_when_the_day_has_come() {
    let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let mut tried = 0;
    for table in catalog.tables(catalog::Layer::Raw) {
        for (place, _) in table.columns.iter().enumerate().filter(|(_, column)| column.column.past) {
            let row: Vec<&str> = (0..table.columns.len()).map(|at| if at == place { "2027-01-01" } else { "" }).collect();
            let faults = |last_day| {
                let key: Vec<u8> = (0..32).collect();
                let mut cleaner = Cleaner::new(table, &catalog, &PersonKey::new(&key).unwrap(), None).unwrap();
                cleaner.know_last_day(day(last_day));
                let mut faults: Faults = vec![None];
                let text: StringArray = vec![row[place]].into();
                cleaner.check_past(place, &typed(&table.columns[place].column, &text, place, &mut faults), &mut faults);
                faults[0]
            };
            assert_eq!(faults("2026-12-31"), Some((Some(place), AHEAD)), "{} {place}", table.name);
            assert_eq!(faults("2027-01-01"), None);
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried} columns");
    // The same rows on a later night are another extract: what was set aside comes in.
    let on = |night| clean_on("raw_gypas__parama", GIFTS, 3, None, day(night));
    let (early, late) = (on("2025-01-31"), on("2025-02-01"));
    assert_eq!((early.rows.num_rows(), late.rows.num_rows()), (2, 3));
    assert_ne!(early.profile.hash, late.profile.hash);
    assert!(early.profile.waits() && !late.profile.waits());
}

//! What the cleaner keeps, sets aside and hashes.

use super::*;
use std::path::Path;

fn clean(table: &str, rows: &[&[&str]]) -> Cleaned {
    clean_for(table, rows, rows.len(), None)
}

/// Cleans rows in batches of `at_once`.
fn clean_for(table: &str, rows: &[&[&str]], at_once: usize, filter: Option<RowFilter>) -> Cleaned {
    clean_on(table, rows, at_once, filter, NaiveDate::MAX)
}

/// The same on a night after which nothing can have happened.
pub(super) fn clean_on(table: &str, rows: &[&[&str]], at_once: usize, filter: Option<RowFilter>, last_day: NaiveDate) -> Cleaned {
    let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let table = catalog.table(table).unwrap();
    let key: Vec<u8> = (0..32).collect();
    let mut cleaner = Cleaner::new(table, &catalog, &PersonKey::new(&key).unwrap(), filter).unwrap();
    cleaner.note_codes(true);
    cleaner.know_last_day(last_day);
    let mut next = 2;
    for rows in rows.chunks(at_once) {
        let columns = (0..table.columns.len())
            .map(|place| {
                // What the system fills comes last, and is empty here.
                let column: StringArray = rows.iter().map(|row| row.get(place).copied().filter(|text| !text.is_empty())).collect();
                Arc::new(column) as ArrayRef
            })
            .collect();
        let batch = RecordBatch::try_new(table.raw_schema(), columns).unwrap();
        let row_numbers: Vec<u64> = (next..).take(rows.len()).collect();
        next += rows.len() as u64;
        cleaner.push(&batch, &row_numbers).unwrap();
    }
    cleaner.finish().unwrap()
}

/// Gifts: two of one person with a code, one of a foreigner; the third VIRS is none that is asked for.
pub(super) const GIFTS: &[&[&str]] = &[
    &["124110246", "Bandomė", "Pavyzdytė", "33309240064", "", "", "2025-01-01", "10.00", "", ""],
    &["124110246", "Bandomė", "Pavyzdytė", "33309240064", "", "", "2025-02-01", "10.00", "", ""],
    &["188604955", "Testas", "Bandymauskas", "", "1950-03-04", "LV", "2025-01-15", "10.00", "", ""],
];

#[test]
fn codes_and_birth_dates_end_here_and_the_same_person_has_one_id() {
    let cleaned = clean("raw_gypas__parama", GIFTS);
    assert!(cleaned.rows.column_by_name("asmens_kodas").is_none() && cleaned.rows.column_by_name("gimimo_data").is_none());
    let ids = cleaned.rows.column_by_name("asmens_id").unwrap().as_string::<i32>();
    assert!(ids.value(0) == ids.value(1) && ids.value(0) != ids.value(2));
    let without_code = cleaned.rows.column_by_name("be_kodo").unwrap().as_boolean();
    assert!(!without_code.value(0) && without_code.value(2));
    let seen = format!("{:?} {:?}", cleaned.rows, cleaned.profile);
    assert!(!seen.contains("33309240064") && !seen.contains("1950-03-04"));
}

#[test]
fn only_what_is_asked_for_is_kept_and_the_profile_is_of_the_whole_extract() {
    let values = Arc::new(HashSet::from(["188604955".to_owned()]));
    let cleaned = clean_for("raw_gypas__parama", GIFTS, 2, Some(RowFilter { column: "ja_kodas", values }));
    assert_eq!((cleaned.rows.num_rows(), cleaned.aside, cleaned.profile.rows), (1, 2, 3));
    assert_eq!((cleaned.profile.filled["asmens_kodas"], cleaned.profile.filled["gimimo_data"]), (2, 1));
    assert_eq!(cleaned.profile.newest, NaiveDate::from_ymd_opt(2025, 2, 1));
    assert!(cleaned.codes.is_empty(), "whoever is not kept is not asked about either");
}

#[test]
fn the_hash_of_an_extract_depends_on_its_cells_and_on_nothing_else() {
    let hash = |rows: &[&[&str]], at_once| clean_for("raw_gypas__parama", rows, at_once, None).profile.hash;
    assert_eq!(hash(GIFTS, 3), hash(GIFTS, 1), "batches");
    let mut moved = GIFTS.to_vec();
    moved.swap(0, 1);
    assert_ne!(hash(GIFTS, 3), hash(&moved, 3), "order");
    // The same letters, divided otherwise between two cells of one column.
    let (mut one, mut other) = (GIFTS.to_vec(), GIFTS.to_vec());
    one[0] = &["124110246", "AB", "X", "33309240064", "", "", "2025-01-01", "10.00", "", ""];
    one[1] = &["124110246", "C", "X", "33309240064", "", "", "2025-02-01", "10.00", "", ""];
    other[0] = &["124110246", "A", "X", "33309240064", "", "", "2025-01-01", "10.00", "", ""];
    other[1] = &["124110246", "BC", "X", "33309240064", "", "", "2025-02-01", "10.00", "", ""];
    assert_ne!(hash(&one, 3), hash(&other, 3));
    // Made on another day, but nothing else: the same extract.
    let made = |day: &'static str| clean("raw_jar__statusai", &[&["0", "Teisinis statusas neįregistruotas", day]]).profile;
    let (first, second) = (made("2026-10-31"), made("2026-11-01"));
    assert!(first.hash == second.hash && first.extract_date < second.extract_date);
}

#[test]
fn each_rule_sets_its_row_aside_and_the_rest_goes_on() {
    // ja_kodas suma nustatymo_data galiojimo_data dokumento_nr institucija institucijos_kodas dokumentas
    let good = ["124110246", "10.50", "2025-01-01", "2026-01-01", "Nr. 1", "KM", "188604955", ""];
    let with = |place: usize, value: &'static str| {
        let mut row = good;
        row[place] = value;
        row[4] = if place == 4 { value } else { row[4] };
        row
    };
    let mut second = good;
    second[4] = "Nr. 2";
    let rows = [
        good,
        with(0, ""),
        with(0, "111111118"),
        with(1, "dešimt"),
        with(1, "-1"),
        with(2, "2025-02-30"),
        with(2, "2027-01-01"),
        good,
        second,
    ];
    let refs: Vec<&[&str]> = rows.iter().map(<[&str; 8]>::as_slice).collect();
    let cleaned = clean("raw_formos__imokos", &refs);
    let found: Vec<_> = cleaned.quarantined.iter().map(|bad| (bad.row_number, bad.column.as_str(), bad.rule)).collect();
    assert_eq!(
        found,
        [
            (3, "ja_kodas", "required"),
            (4, "ja_kodas", "ja_kodas"),
            (5, "suma", "money"),
            (6, "suma", "not_negative"),
            (7, "nustatymo_data", "date"),
            (8, "galiojimo_data", "order"),
            (9, "ja_kodas", "key"),
        ]
    );
    assert_eq!((cleaned.rows.num_rows(), cleaned.profile.received), (2, 9));
    assert_eq!(cleaned.set_aside, BTreeMap::from([("124110246".to_owned(), 5)]), "a code that is none names nobody");
}

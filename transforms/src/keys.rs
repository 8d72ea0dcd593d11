//! Keys of rows: what tells two rows apart, whichever way somebody spelled it.

use std::borrow::Cow;

use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;
use catalog::{Cells, Table, numbers};

/// Rises when keys are compared otherwise than before, so that those of an earlier program are not taken for lost.
const FORM: u32 = 2;

/// Says how keys of a table are made; hashes of keys that were made otherwise cannot be compared.
#[must_use]
pub fn keyed_by(table: &Table) -> String {
    format!("{FORM} {}", table.key.join(" "))
}

/// The cells of a row's key. An empty one is a value of its own: a decision about no outlet is not one about some outlet.
pub(crate) fn key_of<'a>(columns: &[&'a dyn Array], row: usize) -> impl Iterator<Item = Option<Cow<'a, str>>> {
    columns.iter().map(move |column| member(*column, row))
}

/// One cell in the form in which keys are compared.
fn member(column: &dyn Array, row: usize) -> Option<Cow<'_, str>> {
    if column.is_null(row) {
        return None;
    }
    if *column.data_type() == DataType::Utf8 {
        return Some(numbers::compared(column.as_string::<i32>().value(row)));
    }
    let mut printed = Vec::new();
    Cells::of(column).print(row, &mut printed);
    Some(Cow::Owned(String::from_utf8_lossy(&printed).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use arrow::array::{ArrayRef, RecordBatch, StringArray};
    use catalog::Catalog;
    use proptest::prelude::*;

    use super::*;
    use crate::{Cleaned, Cleaner, PersonKey};

    fn catalog() -> Catalog {
        Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
    }

    /// Cleans rows as a file has them, from row 2 on.
    fn clean(catalog: &Catalog, table: &str, rows: &[Vec<&str>]) -> Cleaned {
        let table = catalog.table(table).unwrap();
        let key: Vec<u8> = (0..32).collect();
        let mut cleaner = Cleaner::new(table, catalog, &PersonKey::new(&key).unwrap(), None).unwrap();
        let column = |place: usize| -> ArrayRef {
            Arc::new(rows.iter().map(|row| Some(row[place]).filter(|text| !text.is_empty())).collect::<StringArray>())
        };
        let batch = RecordBatch::try_new(table.raw_schema(), (0..table.columns.len()).map(column).collect()).unwrap();
        let row_numbers: Vec<u64> = (2..).take(rows.len()).collect();
        cleaner.push(&batch, &row_numbers).unwrap();
        cleaner.finish().unwrap()
    }

    /// A row of a table with these cells, by column.
    fn row<'a>(catalog: &Catalog, table: &str, cells: &[(&str, &'a str)]) -> Vec<&'a str> {
        let columns = &catalog.table(table).unwrap().columns;
        assert!(cells.iter().all(|(name, _)| columns.iter().any(|column| column.column.name == *name)), "{table} has the columns");
        let cell = |name: &str| cells.iter().rev().find(|(known, _)| *known == name).map_or("", |(_, cell)| *cell);
        columns.iter().map(|column| cell(&column.column.name)).collect()
    }

    /// Which rows are set aside, by their place, when the first is followed by one for each change of it.
    fn set_aside(table: &str, first: &[(&str, &str)], changes: &[&[(&str, &str)]]) -> Vec<(u64, &'static str)> {
        let catalog = catalog();
        let changed = changes.iter().map(|change| row(&catalog, table, &[first, change].concat()));
        let rows: Vec<Vec<&str>> = std::iter::once(row(&catalog, table, first)).chain(changed).collect();
        clean(&catalog, table, &rows).quarantined.iter().map(|bad| (bad.row_number - 2, bad.rule)).collect()
    }

    #[test]
    fn a_number_given_twice_is_another_decision_if_its_day_institution_virs_outlet_or_violation_is_another() {
        let decision = [
            ("ja_kodas", "124110246"),
            ("vip_nr", "VIP-000001"),
            ("pazeidimas", "19_1"),
            ("priemone", "ispejimas"),
            ("sprendimo_data", "2025-02-01"),
            ("dokumento_nr", "Nr. 1-17"),
            ("institucija", "Pavyzdinė tarnyba"),
            ("institucijos_kodas", "188604955"),
        ];
        let others: &[&[(&str, &str)]] = &[
            &[("sprendimo_data", "2026-02-01")],
            &[("institucijos_kodas", "181705485")],
            &[("ja_kodas", "111104987")],
            &[("vip_nr", "VIP-000002")],
            &[("vip_nr", "")],
            &[("pazeidimas", "19_2")],
            &[("dokumento_nr", "Nr. 11-7")],
        ];
        let same: &[&[(&str, &str)]] = &[
            &[("priemone", "bauda")],
            &[("dokumento_nr", "nr.1–17")],
            &[("dokumento_nr", "1 - 17")],
            &[("dokumento_nr", "NR 1-17"), ("institucija", "Kitaip parašyta tarnyba")],
            &[("dokumento_nr", "Nr. 1\u{200b}-17")],
        ];
        for table in ["raw_formos__pazeidimai_lrtk", "raw_formos__pazeidimai_zeit"] {
            assert_eq!(set_aside(table, &decision, others), [], "{table}");
            assert_eq!(set_aside(table, &decision, same), [1, 2, 3, 4, 5].map(|place| (place, "key")), "{table}");
            // About no outlet, twice.
            assert_eq!(set_aside(table, &[&decision[..], &[("vip_nr", "")]].concat(), &[&[]]), [(1, "key")], "{table}");
        }
        let finding =
            [("ja_kodas", "124110246"), ("etikos_kategorija", "nesilaiko"), ("pripazinimo_data", "2025-02-01"), ("dokumento_nr", "EI-1")];
        let others: &[&[(&str, &str)]] = &[
            &[("ja_kodas", "111104987")],
            &[("vip_nr", "VIP-000001")],
            &[("pripazinimo_data", "2026-02-01")],
            &[("etikos_kategorija", "nepaneige")],
        ];
        assert_eq!(set_aside("raw_formos__etika", &finding, others), []);
        assert_eq!(set_aside("raw_formos__etika", &finding, &[&[("dokumento_nr", "ei–1")]]), [(1, "key")]);
    }

    #[test]
    fn fees_audits_and_licences_are_told_apart_by_their_institution_and_day_too() {
        let fee = [
            ("ja_kodas", "124110246"),
            ("suma", "10.00"),
            ("nustatymo_data", "2025-01-01"),
            ("galiojimo_data", "2027-01-01"),
            ("dokumento_nr", "ĮV-1"),
            ("institucija", "Ministerija"),
            ("institucijos_kodas", "188604955"),
        ];
        let others: &[&[(&str, &str)]] =
            &[&[("nustatymo_data", "2026-01-01")], &[("institucijos_kodas", "181705485")], &[("ja_kodas", "111104987")]];
        assert_eq!(set_aside("raw_formos__imokos", &fee, others), []);
        assert_eq!(set_aside("raw_formos__imokos", &fee, &[&[("dokumento_nr", "įv-1"), ("suma", "20.00")]]), [(1, "key")]);
        let audit = [
            ("vip_nr", "VIP-000001"),
            ("data", "2025-01-01"),
            ("institucija", "Auditorius"),
            ("institucijos_kodas", "188604955"),
            ("isvada", "patvirtinta"),
        ];
        assert_eq!(set_aside("raw_formos__auditai", &audit, &[&[("institucijos_kodas", "181705485")]]), []);
        assert_eq!(set_aside("raw_formos__auditai", &audit, &[&[("institucija", "Kitas")]]), [(1, "key")]);
        let licence = [
            ("licencijos_nr", "L-1"),
            ("ja_kodas", "124110246"),
            ("veikla", "tv_transliavimas"),
            ("institucija", "Komisija"),
            ("institucijos_kodas", "188604955"),
            ("isdavimo_data", "2025-01-01"),
            ("galioja_nuo", "2025-01-01"),
            ("licencijos_busena", "galioja"),
        ];
        let others: &[&[(&str, &str)]] = &[&[("isdavimo_data", "2024-01-01")], &[("institucijos_kodas", "181705485")]];
        assert_eq!(set_aside("raw_lis__licencijos", &licence, others), []);
        assert_eq!(set_aside("raw_lis__licencijos", &licence, &[&[("licencijos_nr", "l – 1")]]), [(1, "key")]);
    }

    #[test]
    fn a_standard_number_is_kept_in_its_one_form_and_once() {
        let of = |kind: &'static str, number: &'static str| ["124110246", "", "Bandomasis leidinys", kind, number];
        let rows = [
            of("ISSN", "0024-9319"),
            of("ISSN", "00249319"),
            of("ISSN", "0024–9319"),
            of("ISSN", "--0000-0019"),
            of("ISSN", "0000-0019"),
            of("ISBN", "978-90-245-3827-0"),
            of("ISBN", "9789024538270"),
        ];
        let cleaned = clean(&catalog(), "raw_libis__numeriai", &rows.map(Vec::from));
        let numbers: Vec<_> = cleaned.rows.column_by_name("numeris").unwrap().as_string::<i32>().iter().flatten().collect();
        assert_eq!(numbers, ["0024-9319", "0000-0019", "9789024538270"]);
        let bad: Vec<_> = cleaned.quarantined.iter().map(|bad| (bad.row_number, bad.column.as_str(), bad.rule)).collect();
        assert_eq!(bad, [(3, "numeris", "key"), (4, "numeris", "key"), (5, "numeris", "numeris"), (8, "numeris", "key")]);
    }

    proptest! {
        #[test]
        fn however_a_number_is_spelled_it_compares_as_itself(
            number in "[A-ZĄČĘĖĮŠŲŪŽ]{0,3}[0-9]{1,4}([-/][0-9]{1,5}){0,2}",
            between in prop::collection::vec(prop::sample::select(vec!["", " ", "\u{a0}", "\u{200b}", "\u{ad}", "\u{feff}", "\t"]), 24),
            hyphen in prop::sample::select(vec!['-', '–', '—', '‑', '−', '－']),
            small: bool,
        ) {
            let mut spelled = String::new();
            for (letter, between) in number.chars().zip(&between) {
                spelled.push_str(between);
                spelled.push(if letter == '-' { hyphen } else { letter });
            }
            let spelled = if small { spelled.to_lowercase() } else { spelled };
            prop_assert_eq!(numbers::compared(&spelled), numbers::compared(&number));
        }

        #[test]
        fn an_issn_has_its_hyphen_in_one_place(seven in "[0-9]{7}", place in 0_usize..9) {
            let sum: u32 = seven.chars().zip((2..=8).rev()).filter_map(|(digit, weight)| Some(digit.to_digit(10)? * weight)).sum();
            let check = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X"][(11 - sum as usize % 11) % 11];
            let bare = format!("{seven}{check}");
            let shown = format!("{}-{}", &bare[..4], &bare[4..]);
            prop_assert_eq!(numbers::issn(&bare), Some(shown.clone()));
            let with_hyphen = format!("{}-{}", &bare[..place], &bare[place..]);
            prop_assert_eq!(numbers::issn(&with_hyphen), (place == 4).then_some(shown));
        }
    }
}

//! Sums of money, added up anew from the extracts, are those that truth tells.

use std::collections::{BTreeMap, BTreeSet};

use crate::demo::{DEMOS, SIZE, cents};

#[test]
fn support_over_the_threshold_is_what_truth_says() {
    for demo in &*DEMOS {
        let virs = demo.virs_codes();
        let thresholds: BTreeMap<&str, i128> =
            [("2021", 40_000), ("2022", 42_000), ("2023", 49_000), ("2024", 55_000), ("2025", 70_000), ("2026", 74_000)].into();
        let identity: [(&str, &[&str], _); 2] = [
            ("gypas__parama", &["asmens_kodas", "vardas", "pavarde", "gimimo_data", "valstybe"], &demo.truth.support.natural),
            ("imis__parama", &["dav_kodas", "dav_pavadinimas", "valstybe"], &demo.truth.support.legal),
        ];
        for (table, columns, told) in identity {
            let mut sums: BTreeMap<(Vec<&str>, &str, &str), (usize, i128)> = BTreeMap::new();
            for row in demo.rows(table).iter().filter(|row| virs.contains(row["ja_kodas"].as_str())) {
                let donor = columns.iter().map(|&column| row[column].as_str()).collect();
                let entry = sums.entry((donor, &row["ja_kodas"], &row["data"][..4])).or_default();
                entry.0 += 1;
                entry.1 += cents(row, "suma") + cents(row, "turto_verte");
            }
            sums.retain(|(_, _, year), (_, cents)| *cents > thresholds[year]);
            let donors: BTreeSet<_> = sums.keys().map(|(donor, _, _)| donor).collect();
            let total = catalog::print_money(sums.values().map(|(_, cents)| cents).sum());
            let gifts: usize = sums.values().map(|(gifts, _)| gifts).sum();
            assert_eq!((gifts, donors.len(), sums.len(), &total), (told.gifts, told.donors, told.donor_years, &told.sum), "{table}");
            assert!(gifts > 50, "{table}");
        }
        assert_eq!(demo.truth.thresholds.iter().filter(|threshold| !threshold.over).count(), 12);
    }
}

#[test]
fn money_to_virs_is_what_truth_says() {
    for demo in &*DEMOS {
        let virs = demo.virs_codes();
        let sum = |table: &str, column: &str| {
            let to_virs = demo.rows(table).iter().filter(|row| virs.contains(row["ja_kodas"].as_str()));
            catalog::print_money(to_virs.map(|row| cents(row, column)).sum())
        };
        assert_eq!(sum("vrk__reklama", "kaina"), demo.truth.money.advertising_sum);
        assert_eq!(sum("formos__lesos", "suma"), demo.truth.money.funds_sum);
        let strangers = |table: &str| demo.rows(table).iter().filter(|row| !virs.contains(row["ja_kodas"].as_str())).count();
        for (table, case) in [
            ("vrk__reklama", "advertising_not_to_virs"),
            ("gypas__parama", "natural_support_not_to_virs"),
            ("imis__parama", "legal_support_not_to_virs"),
            ("formos__lesos", "funds_not_to_virs"),
        ] {
            assert_eq!(strangers(table), demo.truth.cases[case], "{case}");
        }
        let all: usize =
            ["vrk__reklama", "gypas__parama", "imis__parama", "formos__lesos"].iter().map(|table| demo.rows(table).len()).sum();
        assert_eq!(all, demo.truth.cases["money_rows"]);
        assert!(demo.truth.nights > 0 || all == 40 * SIZE.virs);
    }
}

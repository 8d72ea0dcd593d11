//! The hard cases of ownership are in the extracts, as many as truth says.

use std::collections::{BTreeMap, BTreeSet};

use catalog::codes::is_old_legal_entity_code;

use crate::demo::{DEMOS, SIZE, cents};

#[test]
fn holdings_add_up_and_have_one_whole_per_entity() {
    for demo in &*DEMOS {
        let mut wholes: BTreeMap<&str, BTreeSet<i128>> = BTreeMap::new();
        let mut known: BTreeMap<&str, i128> = BTreeMap::new();
        let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for row in demo.holders() {
            let (part, whole) = if row["akcijos"].is_empty() { ("inasas", "visas_kapitalas") } else { ("akcijos", "visos_akcijos") };
            wholes.entry(&row["ja_kodas"]).or_default().insert(cents(row, whole));
            if !row["jungtine"].is_empty() {
                *groups.entry((&row["ja_kodas"], &row["jungtine"])).or_default() += usize::from(row["igaliotas"] == "1");
            }
            if row["iki"].is_empty() && (row["jungtine"].is_empty() || row["igaliotas"] == "1") {
                *known.entry(&row["ja_kodas"]).or_default() += cents(row, part);
            }
        }
        assert!(wholes.values().all(|wholes| wholes.len() == 1));
        assert!(known.iter().all(|(entity, known)| wholes[entity].first().is_some_and(|whole| known <= whole)));
        assert_eq!(groups.len(), demo.truth.cases["joint_groups"]);
        assert!(groups.values().all(|&authorised| authorised == 1));
        let virs = demo.virs_codes();
        let remainder = virs
            .iter()
            .filter(|code| wholes.get(*code).is_some_and(|whole| known.get(*code).copied().unwrap_or(0) < *whole.first().unwrap()));
        assert_eq!(remainder.count(), demo.truth.cases["virs_with_unknown_remainder"]);
        let without = virs.iter().filter(|code| !wholes.contains_key(*code)).count();
        assert_eq!(without, demo.truth.cases["virs_without_participants"]);
        let forms: BTreeMap<_, _> = demo
            .rows("jar__iregistruoti")
            .iter()
            .chain(demo.rows("jar__isregistruoti"))
            .map(|row| (&row["ja_kodas"], row["forma"].as_str()))
            .collect();
        assert!(demo.rows("jadis__dalyviai").iter().all(|row| matches!(forms[&row["ja_kodas"]], "310" | "320")));
        assert!(demo.rows("formos__dalyviai").iter().all(|row| !matches!(forms[&row["ja_kodas"]], "310" | "320")));
    }
}

#[test]
fn ownership_cycles_are_the_planted_ones_and_the_long_chain_ends_in_a_person() {
    for demo in &*DEMOS {
        let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in demo.holders().filter(|row| row["dalyvio_rusis"] == "J") {
            owners.entry(&row["ja_kodas"]).or_default().insert(&row["dal_kodas"]);
        }
        let none = BTreeSet::new();
        let of = |code: &str| owners.get(code).unwrap_or(&none);
        let two: usize = owners.keys().map(|a| of(a).iter().filter(|b| of(b).contains(a)).count()).sum();
        let three: usize = owners.keys().map(|a| of(a).iter().flat_map(|b| of(b)).filter(|c| *c != a && of(c).contains(a)).count()).sum();
        let cases = &demo.truth.cases;
        assert_eq!((two / 2, three / 3), (cases["cycles_of_two"] + cases["closed_cycles"], cases["cycles_of_three"]));
        let persons: BTreeSet<_> = demo.holders().filter(|row| row["dalyvio_rusis"] == "F").map(|row| row["ja_kodas"].as_str()).collect();
        let chains = demo.virs_codes().into_iter().filter(|virs| {
            let mut step = 0;
            let mut at = *virs;
            while of(at).len() == 1 && step < 20 && !persons.contains(at) {
                at = of(at).first().unwrap();
                step += 1;
            }
            step == 11 && persons.contains(at)
        });
        assert_eq!(chains.count(), cases["chains_of_twelve"]);
    }
}

#[test]
fn other_hard_cases_are_in_the_extracts() {
    for demo in &*DEMOS {
        let cases = &demo.truth.cases;
        let virs = demo.virs_codes();
        let direct: Vec<_> = demo.holders().filter(|row| virs.contains(row["ja_kodas"].as_str())).collect();
        let old: Vec<_> = direct.iter().filter(|row| is_old_legal_entity_code(&row["dal_kodas"])).collect();
        assert_eq!(old.len(), cases["old_code_owners"]);
        let closed: BTreeSet<_> = demo.rows("jar__isregistruoti").iter().map(|row| row["ja_kodas"].as_str()).collect();
        assert_eq!(direct.iter().filter(|row| closed.contains(row["dal_kodas"].as_str())).count(), cases["closed_owners"]);
        let mut names: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        let mut owned: BTreeMap<(&str, &str, &str), BTreeSet<&str>> = BTreeMap::new();
        for row in direct.iter().filter(|row| !row["pavarde"].is_empty() && row["iki"].is_empty()) {
            names.entry((&row["vardas"], &row["pavarde"])).or_default().insert(&row["asmens_kodas"]);
            owned.entry((&row["vardas"], &row["pavarde"], &row["asmens_kodas"])).or_default().insert(&row["ja_kodas"]);
        }
        assert_eq!(names.values().filter(|codes| codes.len() == 2).count(), cases["same_name_pairs"]);
        assert_eq!(owned.values().filter(|virs| virs.len() > 1).count(), cases["persons_owning_several_virs"]);
        let register: Vec<_> = demo.rows("jar__iregistruoti").iter().chain(demo.rows("jar__isregistruoti")).collect();
        assert_eq!(register.iter().filter(|row| row["pavadinimas"].contains('|')).count(), cases["names_with_pipes"]);
        let proprietors = register.iter().filter(|row| row["forma"] == "810" && virs.contains(row["ja_kodas"].as_str()));
        assert_eq!(proprietors.count(), cases["sole_proprietor_virs"]);
        for (column, case) in [("gimimo_data", "foreigners_without_code"), ("asmens_kodas", "foreigners_with_code")] {
            let foreigners: BTreeSet<_> = direct
                .iter()
                .filter(|row| row["dalyvio_rusis"] == "UF" && !row[column].is_empty())
                .map(|row| (&row["vardas"], &row["pavarde"]))
                .collect();
            assert_eq!(foreigners.len(), cases[case], "{case}");
        }
        assert_eq!(direct.iter().filter(|row| !row["iki"].is_empty()).count(), cases["former_holdings"]);
        assert_eq!(demo.holders().count(), cases["participations"]);
        assert!(demo.holders().count().abs_diff(SIZE.entities * 235 / 100) < 20);
        assert_eq!(demo.rows("gr__asmenys").len(), cases["persons"] - cases["persons_missing_from_gr"]);
    }
}

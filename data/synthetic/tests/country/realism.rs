//! Countries are uneven where the real one is: few pay most, firms bear names, persons have several roles, donors come and go,
//! and behind some cells stand one, two or three.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use synthetic::Size;

use crate::demo::{Demo, cents};
use crate::reader::Row;

/// Large enough for shares to be near those that are wanted.
const SIZE: Size = Size { virs: 300, entities: 3000, participations: None, money_rows: None };

static COUNTRIES: LazyLock<Vec<Demo>> = LazyLock::new(|| (1..=3).map(|seed| Demo::write(&SIZE, seed, 0)).collect());

/// Columns that tell persons and firms apart, whatever they are called in a table.
const IDENTITY: [&str; 7] = ["vardas", "pavarde", "asmens_kodas", "dal_kodas", "grupe", "dav_kodas", "dav_pavadinimas"];

fn identity(row: &Row) -> String {
    IDENTITY.iter().filter_map(|&column| row.get(column)).cloned().collect::<Vec<_>>().join("|")
}

fn amount(row: &Row) -> i128 {
    ["kaina", "suma", "turto_verte"].iter().filter(|&&column| row.contains_key(column)).map(|column| cents(row, column)).sum()
}

/// Rows of money to VIRS.
fn money<'a>(country: &'a Demo, table: &str) -> Vec<&'a Row> {
    let virs = country.virs_codes();
    country.rows(table).iter().filter(|row| virs.contains(row["ja_kodas"].as_str())).collect()
}

/// Gifts of donors who gave one VIRS more than the threshold in one year.
fn published<'a>(country: &'a Demo, table: &str) -> Vec<&'a Row> {
    let thresholds: BTreeMap<&str, i128> =
        [("2021", 40_000), ("2022", 42_000), ("2023", 49_000), ("2024", 55_000), ("2025", 70_000), ("2026", 74_000)].into();
    let key = |row: &Row| (identity(row), row["ja_kodas"].clone(), row["data"][..4].to_owned());
    let gifts = money(country, table);
    let mut sums: BTreeMap<_, i128> = BTreeMap::new();
    for gift in &gifts {
        *sums.entry(key(gift)).or_default() += amount(gift);
    }
    gifts.into_iter().filter(|gift| sums[&key(gift)] > thresholds[&gift["data"][..4]]).collect()
}

/// By cell what each contributor's rows come to.
fn cells(rows: &[&Row], cell: impl Fn(&Row) -> String, contributor: impl Fn(&Row) -> String) -> BTreeMap<String, BTreeMap<String, i128>> {
    let mut cells: BTreeMap<_, BTreeMap<_, i128>> = BTreeMap::new();
    for row in rows {
        *cells.entry(cell(row)).or_default().entry(contributor(row)).or_default() += amount(row);
    }
    cells
}

fn campaigns(country: &Demo) -> BTreeMap<String, BTreeMap<String, i128>> {
    let cell = |row: &Row| format!("{} {} {}", &row["reklamos_nuo"][..4], row["kampanija"], row["kampanijos_dalyvis"]);
    cells(&money(country, "vrk__reklama"), cell, identity)
}

#[test]
fn a_tenth_of_all_sums_is_most_of_the_money() {
    for country in &*COUNTRIES {
        for table in ["vrk__reklama", "gypas__parama", "imis__parama", "formos__lesos"] {
            let mut sums: Vec<i128> = money(country, table).into_iter().map(amount).collect();
            sums.sort_unstable();
            let all: i128 = sums.iter().sum();
            let largest: i128 = sums.iter().rev().take(sums.len() / 10).sum();
            assert!(2 * largest > all, "{table} of seed {}", country.truth.seed);
            let median = sums[sums.len() / 2];
            assert!(median * sums.len() as i128 * 2 < all, "{table} of seed {}: the middle is far below the average", country.truth.seed);
        }
    }
}

#[test]
fn in_some_cells_and_not_in_most_one_contributor_has_exactly_four_fifths() {
    for country in &*COUNTRIES {
        let year_and = |column: &'static str| move |row: &Row| format!("{} {}", &row["data"][..4], !row[column].is_empty());
        let institutions = cells(
            &money(country, "formos__lesos"),
            |row| format!("{} {}", &row["data"][..4], row["institucijos_kodas"]),
            |row| row["ja_kodas"].clone(),
        );
        for (what, cells) in [
            ("campaigns", campaigns(country)),
            ("gifts of persons", cells(&published(country, "gypas__parama"), year_and("valstybe"), identity)),
            ("gifts of entities", cells(&published(country, "imis__parama"), year_and("valstybe"), identity)),
            ("funds", institutions),
        ] {
            let is_dominated = |cell: &&BTreeMap<String, i128>| {
                let all: i128 = cell.values().sum();
                cell.len() > 1 && cell.values().any(|own| own * 5 == all * 4)
            };
            let dominated = cells.values().filter(is_dominated).count();
            assert!((1..=cells.len() * 6 / 10).contains(&dominated), "{dominated} of {} cells of {what}", cells.len());
        }
    }
}

#[test]
fn some_cells_are_about_one_two_or_three_persons() {
    for country in &*COUNTRIES {
        let numbers: BTreeSet<usize> =
            campaigns(country).into_iter().filter(|(cell, _)| cell.ends_with('F')).map(|(_, payers)| payers.len()).collect();
        assert!(numbers.is_superset(&[1, 2, 3].into()), "campaigns of {numbers:?} persons");
        let forms = forms(country);
        let mut firms: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for row in money(country, "formos__lesos").into_iter().filter(|row| bears_a_name(&forms, &row["ja_kodas"])) {
            firms.entry((&row["data"][..4], &row["institucijos_kodas"])).or_default().insert(&row["ja_kodas"]);
        }
        let numbers: BTreeSet<usize> = firms.values().map(BTreeSet::len).collect();
        assert!(numbers.is_superset(&[1, 2, 3].into()), "funds of {numbers:?} firms that may bear a name");
    }
}

fn forms(country: &Demo) -> BTreeMap<&str, &str> {
    let all = country.rows("jar__iregistruoti").iter().chain(country.rows("jar__isregistruoti"));
    all.map(|row| (row["ja_kodas"].as_str(), row["forma"].as_str())).collect()
}

fn bears_a_name(forms: &BTreeMap<&str, &str>, code: &str) -> bool {
    forms.get(code).is_some_and(|form| matches!(*form, "810" | "210" | "220"))
}

#[test]
fn one_in_twenty_virs_is_a_sole_proprietor_or_a_partnership_and_such_firms_pay_give_and_own_too() {
    for country in &*COUNTRIES {
        let (forms, virs) = (forms(country), country.virs_codes());
        let bearing = virs.iter().filter(|code| bears_a_name(&forms, code)).count();
        assert!((virs.len() * 4 / 100..=virs.len() * 12 / 100).contains(&bearing), "{bearing} of {} VIRS", virs.len());
        let owners = country.holders().filter(|row| virs.contains(row["ja_kodas"].as_str())).map(|row| row["dal_kodas"].as_str());
        let payers = country.rows("vrk__reklama").iter().map(|row| row["dal_kodas"].as_str());
        let donors = country.rows("imis__parama").iter().map(|row| row["dav_kodas"].as_str());
        for (what, codes) in [("owners", owners.collect()), ("payers", payers.collect()), ("donors", donors.collect::<BTreeSet<_>>())] {
            let known: Vec<_> = codes.into_iter().filter(|code| forms.contains_key(code)).collect();
            let bearing = known.iter().filter(|code| bears_a_name(&forms, code)).count();
            assert!(bearing > 0 && bearing * 4 < known.len(), "{bearing} of {} {what}", known.len());
        }
    }
}

#[test]
fn persons_have_several_roles() {
    for country in &*COUNTRIES {
        let virs = country.virs_codes();
        let persons = |rows: Vec<&Row>| -> BTreeSet<_> {
            let named = rows.into_iter().filter(|row| !row["pavarde"].is_empty());
            named.map(|row| (row["vardas"].clone(), row["pavarde"].clone(), row["asmens_kodas"].clone())).collect()
        };
        let owners = persons(country.holders().filter(|row| row["iki"].is_empty() && virs.contains(row["ja_kodas"].as_str())).collect());
        let others = [
            ("donors", persons(money(country, "gypas__parama"))),
            ("payers", persons(money(country, "vrk__reklama"))),
            ("members of boards", persons(country.rows("jar__valdymas").iter().filter(|row| row["organas"] != "vadovas").collect())),
            ("heads", persons(country.rows("jar__valdymas").iter().filter(|row| row["organas"] == "vadovas").collect())),
        ];
        for (what, role) in &others {
            let both = owners.intersection(role).count();
            assert!(both > 2 && both * 2 < role.len(), "{both} of {} {what} are owners", role.len());
        }
        let all = owners.iter().filter(|person| others[..3].iter().all(|(_, role)| role.contains(*person))).count();
        assert!(all > 0, "nobody has all roles in the country of seed {}", country.truth.seed);
    }
}

#[test]
fn donors_come_and_go() {
    for country in &*COUNTRIES {
        let mut years: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
        for gift in published(country, "gypas__parama") {
            years.entry(identity(gift)).or_default().insert(gift["data"][..4].parse().unwrap());
        }
        let once = years.values().filter(|years| years.len() == 1).count();
        assert!(once * 2 > years.len() && years.len() - once > years.len() / 20, "{once} of {} donors gave in one year only", years.len());
        assert!(years.values().any(|years| years.len() > 2));
        for year in 2022..=2026 {
            let gave = |wanted: i32| years.values().filter(move |years| years.contains(&wanted));
            let (came, left) = (gave(year).any(|years| !years.contains(&(year - 1))), gave(year - 1).any(|years| !years.contains(&year)));
            let stayed = gave(year).any(|years| years.contains(&(year - 1)));
            assert!(came && left && stayed, "{year}");
        }
    }
}

#[test]
fn virs_have_one_two_or_more_persons_as_owners_with_and_without_companies() {
    for country in &*COUNTRIES {
        let virs = country.virs_codes();
        let mut owners: BTreeMap<&str, (BTreeSet<String>, bool)> = BTreeMap::new();
        for row in country.holders().filter(|row| row["iki"].is_empty() && virs.contains(row["ja_kodas"].as_str())) {
            let owners = owners.entry(&row["ja_kodas"]).or_default();
            match row["dalyvio_rusis"].as_str() {
                "F" | "UF" => drop(owners.0.insert(identity(row))),
                _ => owners.1 = true,
            }
        }
        let mut kinds: BTreeMap<(usize, bool), usize> = BTreeMap::new();
        for (persons, with_companies) in owners.into_values() {
            *kinds.entry((persons.len().min(3), with_companies)).or_default() += 1;
        }
        for persons in 1..=3 {
            for with_companies in [false, true] {
                let count = kinds.get(&(persons, with_companies)).copied().unwrap_or(0);
                assert!(count >= 5, "{count} VIRS of {persons} persons, with companies: {with_companies}");
            }
        }
        assert!(country.truth.cases["virs_with_unknown_remainder"] > 10 && country.truth.cases["virs_without_participants"] > 0);
    }
}

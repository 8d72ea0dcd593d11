//! Published shares against an independent way to the same numbers: the extracts read anew, one dense matrix over the whole
//! country, solved by another library.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use nalgebra::{DMatrix, DVector};

use crate::country::{Country, PUBLISHED, extract};

const PUBLIC_BODY: &str = "950";

/// One holding in force, with the share it gives its holder.
struct Held {
    entity: String,
    /// Kind of participant and who it is.
    holder: (String, String),
    share: f64,
}

/// Good rows of an extract by heading.
fn good_rows(country: &Country, table: &str, file: &str) -> Vec<HashMap<String, String>> {
    let mut bad = HashSet::new();
    let quarantine = country.path(&format!("state/quarantine/{table}.csv"));
    if quarantine.exists() {
        bad = csv::Reader::from_path(quarantine).unwrap().records().map(|row| row.unwrap()[2].parse::<usize>().unwrap()).collect();
    }
    let (headings, rows) = extract(&country.path("extracts").join(file));
    let good = rows.into_iter().zip(2_usize..).filter(|(_, number)| !bad.contains(number));
    good.map(|(row, _)| headings.iter().cloned().zip(row).collect()).collect()
}

fn holdings(country: &Country, day: &str) -> Vec<Held> {
    let jadis = good_rows(country, "raw_jadis__dalyviai", "jadis_dalyviai.v1.csv");
    let known: HashSet<String> = jadis.iter().map(|row| row["ja_kodas"].clone()).collect();
    let own = good_rows(country, "raw_formos__dalyviai", "formos_dalyviai.v1.csv");
    let rows = jadis.into_iter().chain(own.into_iter().filter(|row| !known.contains(&row["ja_kodas"])));
    let mut by_entity: BTreeMap<String, Vec<HashMap<String, String>>> = BTreeMap::new();
    for row in rows.filter(|row| row["nuo"].as_str() <= day && (row["iki"].is_empty() || row["iki"].as_str() > day)) {
        by_entity.entry(row["ja_kodas"].clone()).or_default().push(row);
    }
    let number = |text: &str| text.parse::<f64>().unwrap();
    let size = |row: &HashMap<String, String>| number(if row["akcijos"].is_empty() { &row["inasas"] } else { &row["akcijos"] });
    let whole = |row: &HashMap<String, String>| {
        let text = if row["akcijos"].is_empty() { &row["visas_kapitalas"] } else { &row["visos_akcijos"] };
        if text.is_empty() { 0.0 } else { number(text) }
    };
    let mut held = Vec::new();
    for (entity, rows) in by_entity {
        let groups: BTreeMap<&str, usize> =
            rows.iter().filter(|row| !row["jungtine"].is_empty()).fold(BTreeMap::new(), |mut groups, row| {
                *groups.entry(row["jungtine"].as_str()).or_default() += 1;
                groups
            });
        let members = |row: &HashMap<String, String>| groups.get(row["jungtine"].as_str()).copied().unwrap_or(1) as f64;
        let together: f64 = rows.iter().map(|row| size(row) / members(row)).sum();
        for row in &rows {
            let kind = row["dalyvio_rusis"].as_str();
            let who = match kind {
                "J" => row["dal_kodas"].clone(),
                "UJ" => format!("{} {} {}", row["valstybe"], row["dal_pavadinimas"], row["dal_kodas"]),
                _ if !row["asmens_kodas"].is_empty() => row["asmens_kodas"].clone(),
                _ => format!("{} {} {} {}", row["vardas"], row["pavarde"], row["gimimo_data"], row["valstybe"]).to_uppercase(),
            };
            // Of how much nobody knows is of nothing.
            let share = if whole(row) > 0.0 { size(row) / members(row) / whole(row).max(together) } else { 0.0 };
            held.push(Held { entity: entity.clone(), holder: (kind.to_owned(), who), share });
        }
    }
    held
}

/// For each VIRS, kinds and shares of its ultimate owners, sorted.
fn solve(country: &Country, virs: &[String]) -> BTreeMap<String, Vec<(String, f64)>> {
    let truth = country.truth();
    let held = holdings(country, truth["as_of"].as_str().unwrap());
    let registered = good_rows(country, "raw_jar__iregistruoti", "JAR_IREGISTRUOTI.csv");
    let public: HashSet<String> =
        registered.iter().filter(|row| row["form_kodas"] == PUBLIC_BODY).map(|row| row["ja_kodas"].clone()).collect();
    let held: Vec<Held> = held.into_iter().filter(|held| !public.contains(&held.entity)).collect();
    let with_owners: BTreeSet<&String> = held.iter().map(|held| &held.entity).collect();
    let place: BTreeMap<&String, usize> = with_owners.iter().copied().zip(0..).collect();
    let size = place.len();
    let mut inner = DMatrix::<f64>::zeros(size, size);
    let mut ends: BTreeMap<(String, String), DVector<f64>> = BTreeMap::new();
    let mut rest = DVector::from_element(size, 1.0);
    for held in &held {
        let row = place[&held.entity];
        rest[row] -= held.share;
        match place.get(&held.holder.1) {
            Some(&column) if held.holder.0 == "J" => inner[(row, column)] += held.share,
            _ => ends.entry(held.holder.clone()).or_insert_with(|| DVector::zeros(size))[row] += held.share,
        }
    }
    // Entities from which nothing ever leads out: their owners cannot be known.
    let mut leads_out: Vec<bool> = (0..size).map(|row| rest[row] > 1e-9 || ends.values().any(|end| end[row] > 0.0)).collect();
    while let Some(row) = (0..size).find(|&row| !leads_out[row] && (0..size).any(|column| inner[(row, column)] > 0.0 && leads_out[column]))
    {
        leads_out[row] = true;
    }
    for row in (0..size).filter(|row| !leads_out[*row]) {
        inner.row_mut(row).fill(0.0);
        rest[row] = 1.0;
    }
    ends.insert(("nezinomas".to_owned(), String::new()), rest.map(|share| if share.abs() < 1e-9 { 0.0 } else { share }));
    let system = (DMatrix::identity(size, size) - inner).lu();
    let mut owners: BTreeMap<String, Vec<(String, f64)>> = virs.iter().map(|code| (code.clone(), Vec::new())).collect();
    for ((kind, who), end) in &ends {
        let effective = system.solve(end).unwrap();
        let kind = match kind.as_str() {
            "F" => "fizinis",
            "UF" => "uzsienio_fizinis",
            "UJ" => "uzsienio_juridinis",
            "J" if public.contains(who) => "viesasis",
            "J" => "juridinis",
            other => other,
        };
        for (code, list) in &mut owners {
            if let Some(&row) = place.get(code)
                && effective[row] > 1e-11
            {
                list.push((kind.to_owned(), effective[row]));
            }
        }
    }
    for (code, list) in &mut owners {
        if list.is_empty() {
            list.push((if public.contains(code) { "viesasis" } else { "nezinomas" }.to_owned(), 1.0));
        }
        list.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    }
    owners
}

#[test]
fn published_shares_equal_an_independent_dense_solve_of_the_whole_country() {
    let country = &PUBLISHED.country;
    let mut published: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
    for row in country.table("public", "savininkas") {
        let share = row["dalis"].as_f64().unwrap();
        published
            .entry(row["ja_kodas"].as_str().unwrap().to_owned())
            .or_default()
            .push((row["savininko_rusis"].as_str().unwrap().to_owned(), share));
    }
    let virs: Vec<String> = published.keys().cloned().collect();
    let expected = solve(country, &virs);
    let mut compared = 0;
    for (code, list) in &mut published {
        list.retain(|(_, share)| *share > 1e-11);
        list.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let expected = &expected[code];
        assert_eq!(list.len(), expected.len(), "VIRS {code}: {list:?} is not {expected:?}");
        for (found, right) in list.iter().zip(expected) {
            assert!(found.0 == right.0 && (found.1 - right.1).abs() < 1e-10, "VIRS {code}: {found:?} is not {right:?}");
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared} shares compared");
}

#[test]
fn shares_of_every_virs_add_up_to_exactly_one_in_twelve_places() {
    let country = &PUBLISHED.country;
    let path = country.path("portal/latest/public/data/savininkai/savininkas.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headings = reader.headers().unwrap().clone();
    let place = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let (code, share) = (place("ja_kodas"), place("dalis"));
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        *sums.entry(row[code].to_owned()).or_default() += catalog::unscaled(&row[share], 12).unwrap();
    }
    assert_eq!(sums.len(), country.table("public", "virs").len());
    assert!(sums.values().all(|sum| *sum == 1_000_000_000_000), "{sums:?}");
}

#[test]
fn the_hard_cases_of_the_country_are_resolved() {
    let country = &PUBLISHED.country;
    let cases = country.truth()["cases"].clone();
    let owners = country.table("public", "savininkas");
    let deep = owners.iter().filter(|row| row["zingsniai"].as_i64() == Some(12)).count() as u64;
    assert!(deep >= cases["chains_of_twelve"].as_u64().unwrap(), "{deep} owners twelve steps away");
    let unknown_alone: BTreeSet<&str> = owners
        .iter()
        .filter(|row| row["savininko_rusis"] == "nezinomas" && row["dalis"].as_f64() == Some(1.0))
        .map(|row| row["ja_kodas"].as_str().unwrap())
        .collect();
    let expected = cases["closed_cycles"].as_u64().unwrap() + cases["virs_without_participants"].as_u64().unwrap();
    assert!(unknown_alone.len() as u64 >= expected, "{} VIRS of unknown owners, {expected} planted", unknown_alone.len());
    let mut virs_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &owners {
        if let Some(person) = row["asmens_id"].as_str() {
            virs_of.entry(person).or_default().insert(row["ja_kodas"].as_str().unwrap());
        }
    }
    let several = virs_of.values().filter(|virs| virs.len() > 1).count() as u64;
    assert!(several >= cases["persons_owning_several_virs"].as_u64().unwrap(), "{several} persons own several VIRS");
    let mut ids_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in owners.iter().filter(|row| row["asmens_id"].is_string()) {
        ids_of.entry(row["savininkas"].as_str().unwrap()).or_default().insert(row["asmens_id"].as_str().unwrap());
    }
    let pairs = ids_of.values().filter(|ids| ids.len() > 1).count() as u64;
    assert!(pairs >= cases["same_name_pairs"].as_u64().unwrap(), "{pairs} names with several persons");
}

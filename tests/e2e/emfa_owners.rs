//! Owners and business groups of media service providers (Regulation (EU) 2024/1083, Articles 6(1)(b) and (c), 25(2)(b)) against the chains that other tables
//! publish, followed step by step.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::emfa::PLANTED;
use crate::thing_pages::text;

/// The whole, in units of a share's last place.
const WHOLE: i128 = 1_000_000_000_000;

/// A share in units of its last place.
fn share(row: &Value, column: &str) -> Option<i128> {
    row[column].as_f64().map(|share| (share * WHOLE as f64).round() as i128)
}

/// Who an owner is: a person's key, or state and code, or name.
fn who(row: &Value) -> String {
    let [id, code, state] = ["asmens_id", "dal_kodas", "valstybe"].map(|column| text(row, column));
    let entity = if code.is_empty() { text(row, "savininkas") } else { code };
    if id.is_empty() { format!("{state} {entity}") } else { id.to_owned() }
}

/// Of one owner: whether it is a person; whether direct and indirect; direct, ultimate and controlled share; whether it controls; whether it is a beneficial
/// owner.
#[derive(Debug, Default, PartialEq)]
struct Owner {
    is_person: bool,
    ways: [bool; 2],
    shares: [Option<i128>; 3],
    controls: bool,
    beneficial: bool,
}

/// Owners of a VIRS, from its holdings and its ultimate owners.
fn owners(links: &[&Value], ends: &[&Value]) -> BTreeMap<String, Owner> {
    let mut found: BTreeMap<String, Owner> = BTreeMap::new();
    let add = |share: &mut Option<i128>, more: Option<i128>| *share = more.map(|more| share.unwrap_or_default() + more).or(*share);
    // From a holder upwards as long as somebody has the majority.
    let person_behind = |link: &Value| {
        let (mut here, mut seen) = (link, BTreeSet::new());
        loop {
            if !text(here, "asmens_id").is_empty() {
                return Some(who(here));
            }
            let code = text(here, "dal_kodas");
            if text(here, "dalyvio_rusis") != "J" || !seen.insert(code) {
                return None;
            }
            let is_majority = |link: &&&Value| text(link, "valdomas_kodas") == code && share(link, "dalis") > Some(WHOLE / 2);
            here = links.iter().find(is_majority)?;
        }
    };
    for link in links {
        let direct = link["zingsnis"] == 1;
        let owner = found.entry(who(link)).or_default();
        owner.ways[usize::from(!direct)] = true;
        if direct {
            add(&mut owner.shares[0], share(link, "dalis"));
            if let Some(person) = person_behind(link) {
                add(&mut found.entry(person).or_default().shares[2], share(link, "dalis"));
            }
        }
    }
    for end in ends {
        let owner = found.entry(who(end)).or_default();
        add(&mut owner.shares[1], share(end, "dalis"));
        owner.controls = end["kontroliuoja"] == true;
    }
    for row in links.iter().chain(ends).filter(|row| !text(row, "asmens_id").is_empty()) {
        let owner = found.entry(who(row)).or_default();
        owner.is_person = true;
        owner.beneficial = owner.controls || owner.shares[1..].iter().flatten().any(|share| *share > WHOLE / 4);
    }
    found
}

/// States of the owners, of State ownership and of beneficial owners.
fn states(owners: &BTreeMap<String, Owner>, ends: &[&Value]) -> [&'static str; 3] {
    let of = |kinds: &[&str]| -> i128 {
        ends.iter().filter(|end| kinds.contains(&text(end, "savininko_rusis"))).filter_map(|end| share(end, "dalis")).sum()
    };
    let (unknown, dark) = (of(&["nezinomas"]), of(&["nezinomas", "juridinis", "uzsienio_juridinis"]));
    let owned = match unknown {
        0 => "skelbiama",
        WHOLE => "nezinoma",
        _ => "is_dalies",
    };
    let of_state = match (of(&["viesasis"]) > 0, dark > 0) {
        (true, false) => "skelbiama",
        (true, true) => "is_dalies",
        (false, false) => "nera",
        (false, true) => "nezinoma",
    };
    let (beneficial, others): (Vec<&Owner>, Vec<&Owner>) =
        owners.values().filter(|owner| owner.is_person).partition(|owner| owner.beneficial);
    let largest = others.iter().filter_map(|owner| owner.shares[1]).max().unwrap_or_default();
    let benefit = match (beneficial.is_empty(), largest + dark > WHOLE / 4) {
        (false, false) => "skelbiama",
        (false, true) => "is_dalies",
        (true, false) => "nera",
        (true, true) => "nezinoma",
    };
    [owned, of_state, benefit]
}

#[test]
fn owners_are_direct_indirect_and_beneficial_as_the_chains_say() {
    let country = &PLANTED.country;
    let (links, ends) = (country.table("public", "grandis"), country.table("public", "savininkas"));
    let (rows, providers) = (country.table("public", "emfa_savininkas"), country.table("public", "emfa_teikejas"));
    let current: BTreeSet<String> = country
        .table("public", "virs")
        .iter()
        .filter(|row| row["virs_iki"].is_null())
        .map(|row| text(row, "ja_kodas").to_owned())
        .collect();
    assert_eq!(providers.iter().map(|row| text(row, "teikejo_kodas").to_owned()).collect::<BTreeSet<_>>(), current);
    let mut met = BTreeSet::new();
    for provider in &providers {
        let code = text(provider, "teikejo_kodas");
        let about = |rows: &'static str, row: &Value| text(row, rows) == code;
        let links: Vec<&Value> = links.iter().filter(|row| about("ja_kodas", row)).collect();
        let ends: Vec<&Value> = ends.iter().filter(|row| about("ja_kodas", row)).collect();
        let expected = owners(&links, &ends);
        let found: BTreeMap<String, Owner> = rows
            .iter()
            .filter(|row| about("teikejo_kodas", row))
            .map(|row| {
                let shares = ["tiesiogine_dalis", "galutine_dalis", "valdoma_dalis"].map(|column| share(row, column));
                let [controls, beneficial] = ["kontroliuoja", "naudos_gavejas"].map(|column| row[column] == true);
                let is_person = !text(row, "asmens_id").is_empty();
                (
                    who(row),
                    Owner {
                        is_person,
                        ways: ["tiesioginis", "netiesioginis"].map(|column| row[column] == true),
                        shares,
                        controls,
                        beneficial,
                    },
                )
            })
            .collect();
        assert_eq!(found, expected, "{code}");
        let told = ["savininku_busena", "valstybes_busena", "naudos_gaveju_busena"].map(|column| text(provider, column));
        assert_eq!(told, states(&expected, &ends), "{code}");
        met.extend(told.iter().enumerate().map(|(point, state)| (point, (*state).to_owned())));
    }
    assert!(met.len() >= 8, "{met:?}");
    let of_first = rows.iter().filter(|row| text(row, "teikejo_kodas") == PLANTED.virs[0] && row["naudos_gavejas"] == true);
    let named: Vec<(&str, Option<i128>)> = of_first.map(|row| (text(row, "savininkas"), share(row, "valdoma_dalis"))).collect();
    assert_eq!(named, [("Ūla Išgalvota", Some(WHOLE * 3 / 10))], "18 % of hers are 30 % in her hands; exactly 25 % is not more");
}

#[test]
fn a_business_group_is_all_that_one_owner_controls_and_has_the_name_of_a_company() {
    let country = &PLANTED.country;
    let chains = country.table("public", "kontrole");
    let virs: BTreeMap<String, Value> = country
        .table("public", "virs")
        .into_iter()
        .filter(|row| row["virs_iki"].is_null())
        .map(|row| (text(&row, "ja_kodas").to_owned(), row))
        .collect();
    let chain = |code: &str| -> Vec<&Value> { chains.iter().filter(|row| text(row, "ja_kodas") == code).collect() };
    let name = |row: &Value| text(row, if text(row, "asmens_id").is_empty() { "dal_pavadinimas" } else { "vardas_pavarde" }).to_owned();
    let key = |row: &Value| {
        let [id, dal, state] = ["asmens_id", "dal_kodas", "valstybe"].map(|column| text(row, column));
        if id.is_empty() { format!("{state} {}", if dal.is_empty() { name(row) } else { dal.to_owned() }) } else { id.to_owned() }
    };
    let head = |code: &str| chain(code).last().map_or_else(|| format!(" {code}"), |end| key(end));
    let mut groups: BTreeMap<String, i64> = BTreeMap::new();
    virs.keys().for_each(|code| *groups.entry(head(code)).or_default() += 1);
    let rows = country.table("public", "emfa_grupe");
    assert_eq!(rows.iter().map(|row| text(row, "teikejo_kodas").to_owned()).collect::<BTreeSet<_>>(), virs.keys().cloned().collect());
    let mut met = BTreeMap::new();
    for row in &rows {
        let code = text(row, "teikejo_kodas");
        let (chain, members) = (chain(code), groups[&head(code)]);
        let company = chain.iter().rfind(|step| text(step, "asmens_id").is_empty());
        let named = match company {
            Some(company) => (text(company, "dal_kodas").to_owned(), name(company)),
            None if members > 1 => (code.to_owned(), text(&virs[code], "pavadinimas").to_owned()),
            None => (String::new(), String::new()),
        };
        assert_eq!((text(row, "grupes_kodas").to_owned(), text(row, "grupes_pavadinimas").to_owned()), named, "{code}");
        assert_eq!(text(row, "grupes_savininkas"), chain.last().map_or_else(String::new, |end| name(end)), "{code}");
        assert_eq!(row["grupes_teikeju"].as_i64(), Some(members), "{code}");
        let state = match () {
            () if !named.1.is_empty() => "skelbiama",
            () if !chain.is_empty() || share(&virs[code], "nezinoma_dalis") == Some(0) => "nera",
            () => "nezinoma",
        };
        assert_eq!(text(row, "grupes_busena"), state, "{code}");
        *met.entry(state).or_insert(0) += 1;
    }
    assert_eq!(met.len(), 3, "{met:?}");
    let of = |code: &String| rows.iter().find(|row| text(row, "teikejo_kodas") == *code).unwrap();
    for code in &PLANTED.virs[1..] {
        assert_eq!((text(of(code), "grupes_savininkas"), &of(code)["grupes_teikeju"]), ("Daiva Išgalvota", &Value::from(2)));
    }
}

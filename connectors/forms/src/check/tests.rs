//! What the rules of a form find.

use std::collections::BTreeMap;

use super::*;
use crate::entry::Context;
use crate::testing::{FixedFaults, catalog, feed, feeds, nobody};

const VIRS: &str = "305990018";

fn known(outlets: &[String]) -> Known<'_> {
    static NOTHING: (BTreeMap<String, Vec<Record>>, FixedFaults) = (BTreeMap::new(), FixedFaults("", Vec::new()));
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    Known { catalog: catalog(), today, outlets, virs: VIRS, register: nobody(), beside: &NOTHING.0, rules: &NOTHING.1 }
}

fn problems(name: &str, values: &[(&str, &str)]) -> Vec<(String, String)> {
    let feed = feed(name);
    let context = Context { virs: VIRS.into(), organisation_code: "188604955".into(), organisation_name: "Institucija".into() };
    let mut entry = Entry::begin(feed, &context);
    for section in &feed.sections {
        if values.iter().any(|(field, _)| field.starts_with(&format!("{}.0.", section.name))) && entry.records(&section.name).is_empty() {
            entry.add(section, &context);
        }
    }
    entry.fill(feed, values.iter().copied());
    let outlets = ["VIP-000001".to_owned()];
    check(feed, &entry, &known(&outlets)).into_iter().map(|problem| (problem.column, problem.message)).collect()
}

fn columns(found: &[(String, String)]) -> Vec<&str> {
    found.iter().map(|(column, _)| column.as_str()).collect()
}

const FEE: &[(&str, &str)] = &[
    ("imokos.0.suma", "1250,00"),
    ("imokos.0.nustatymo_data", "2026-01-15"),
    ("imokos.0.galiojimo_data", "2026-12-31"),
    ("imokos.0.dokumento_nr", "ĮV-1"),
    ("imokos.0.institucija", "Institucija"),
    ("imokos.0.institucijos_kodas", "188604955"),
];

#[test]
fn a_right_fee_has_no_problem_and_an_empty_one_names_every_required_field() {
    assert_eq!(problems("imokos", FEE), []);
    assert_eq!(columns(&problems("imokos", &[])), ["suma", "nustatymo_data", "galiojimo_data", "dokumento_nr"]);
}

#[test]
fn every_kind_of_wrong_value_is_named_at_its_field_and_never_repeated() {
    let cases = [
        ("imokos.0.suma", "12,345"),
        ("imokos.0.suma", "1.000"),
        ("imokos.0.suma", "10,000"),
        ("imokos.0.suma", "1.234,50"),
        ("imokos.0.suma", "-5"),
        ("imokos.0.suma", "0"),
        ("imokos.0.suma", "xyz"),
        ("imokos.0.nustatymo_data", "2026-02-30"),
        ("imokos.0.nustatymo_data", "2026-11-23"),
        ("imokos.0.nustatymo_data", "0026-01-01"),
        ("imokos.0.nustatymo_data", "2026-3-1"),
        ("imokos.0.nustatymo_data", "+2026-03-01"),
        ("imokos.0.nustatymo_data", "02026-03-01"),
        ("imokos.0.nustatymo_data", "2026- 3- 1"),
        ("imokos.0.galiojimo_data", "2025-01-01"),
        ("imokos.0.institucijos_kodas", "188604956"),
        ("imokos.0.dokumento_nr", "33309240064"),
    ];
    for (field, value) in cases {
        let mut values = FEE.to_vec();
        values.push((field, value));
        let found = problems("imokos", &values);
        assert_eq!(columns(&found), [field.rsplit('.').next().unwrap()], "{field} {value}");
        assert!(!found[0].1.contains(value), "{}", found[0].1);
    }
}

#[test]
fn kinds_of_participants_demand_what_they_must_have_and_nothing_else() {
    let activity = [("virs.0.virs_nuo", "2020-01-01"), ("virs.0.veiklos_rusys", "leidejas")];
    let person = [
        ("dalyviai.0.dalyvio_rusis", "F"),
        ("dalyviai.0.vardas", "Ąžuolas"),
        ("dalyviai.0.pavarde", "Pavyzdys"),
        ("dalyviai.0.asmens_kodas", "33309240064"),
        ("dalyviai.0.akcijos", "10"),
        ("dalyviai.0.visos_akcijos", "100"),
        ("dalyviai.0.nuo", "2020-01-01"),
    ];
    let with = |more: &[(&'static str, &'static str)]| {
        let mut values = activity.to_vec();
        values.extend(person);
        values.extend(more);
        problems("virs", &values)
    };
    assert_eq!(with(&[]), []);
    assert_eq!(columns(&problems("virs", &[&activity[..], &[("dalyviai.0.vardas", "")]].concat())), ["dalyvio_rusis", "akcijos", "nuo"]);
    assert_eq!(columns(&with(&[("dalyviai.0.asmens_kodas", "33309240164")])), ["asmens_kodas"]);
    assert_eq!(columns(&with(&[("dalyviai.0.asmens_kodas", "")])), ["asmens_kodas"]);
    assert_eq!(columns(&with(&[("dalyviai.0.akcijos", "")])), ["akcijos"]);
    assert_eq!(columns(&with(&[("dalyviai.0.visos_akcijos", "")])), ["visos_akcijos"], "10 shares of nobody knows how many");
    assert_eq!(columns(&with(&[("dalyviai.0.inasas", "100")])), ["visas_kapitalas"], "100 euros of nobody knows how many");
    assert_eq!(with(&[("dalyviai.0.inasas", "100"), ("dalyviai.0.visas_kapitalas", "2500")]), []);
    assert_eq!(columns(&with(&[("dalyviai.0.ja_kodas", "188604955")])), ["ja_kodas"], "nobody leads there");
    assert_eq!(columns(&with(&[("dalyviai.0.dalyvio_rusis", "UF")])), ["gimimo_data", "valstybe"]);
    let firm = |code: &'static str| {
        let none = ["vardas", "pavarde", "asmens_kodas"].map(|name| (&*format!("dalyviai.0.{name}").leak(), ""));
        let own = [
            ("dalyviai.0.dalyvio_rusis", "J"),
            ("dalyviai.0.dal_pavadinimas", "UAB"),
            ("dalyviai.0.dal_forma", "310"),
            ("dalyviai.0.dal_kodas", code),
        ];
        with(&none.into_iter().chain(own).collect::<Vec<_>>())
    };
    assert_eq!(firm("188604955"), []);
    assert_eq!(columns(&firm("33309240064")), ["dal_kodas"], "a person's code would be published");
    let entity = with(&[("dalyviai.0.dalyvio_rusis", "J")]);
    assert_eq!(columns(&entity), ["vardas", "pavarde", "asmens_kodas", "dal_kodas", "dal_pavadinimas", "dal_forma"]);
}

#[test]
fn what_is_missing_is_asked_for_in_a_sentence() {
    let told = |found: &[(String, String)], column: &str| found.iter().find(|one| one.0 == column).unwrap().1.clone();
    let found = problems("virs", &[("virs.0.virs_iki", "2026-01-01"), ("atsakingi.0.vardas", "Ąžuolas")]);
    assert_eq!(told(&found, "virs_nuo"), "Įrašykite veiklos pradžią.");
    assert_eq!(told(&found, "vip_nr"), "Pasirinkite priemonę.");
    for feed in feeds() {
        for field in feed.sections.iter().flat_map(|section| &section.fields).filter(|field| field.required && field.given.is_none()) {
            assert!(!field.ask.is_empty() && !field.ask.ends_with('.'), "{} {}", feed.name, field.name());
        }
    }
}

#[test]
fn an_outlet_of_another_virs_and_a_repeated_record_are_refused() {
    let good = [
        ("etika.0.etikos_kategorija", "nesilaiko"),
        ("etika.0.pripazinimo_data", "2026-01-01"),
        ("etika.0.dokumento_nr", "E-1"),
        ("etika.0.vip_nr", "VIP-000001"),
    ];
    assert_eq!(problems("etika", &good), []);
    let mut other = good.to_vec();
    other.push(("etika.0.vip_nr", "VIP-000002"));
    assert_eq!(columns(&problems("etika", &other)), ["vip_nr"]);
    let mut repeated = Entry::default();
    let record: Record = good.iter().map(|(name, value)| (name.rsplit('.').next().unwrap().to_owned(), (*value).to_owned())).collect();
    repeated.sections.insert("etika".into(), vec![record.clone(), record]);
    let outlets = ["VIP-000001".to_owned()];
    let found = check(feed("etika"), &repeated, &known(&outlets));
    assert!(found.iter().any(|problem| problem.place == 1 && problem.column == "dokumento_nr"), "{found:?}");
}

/// Whoever compares each problem with all others does not come to an end here.
#[test]
fn a_check_of_very_many_records_comes_to_an_end() {
    let outlets = ["VIP-000001".to_owned()];
    let known = known(&outlets);
    let count = |section: &str, column: &str, records: Vec<Record>| {
        let feed = feeds().iter().find(|feed| feed.section(section).is_some()).unwrap();
        let found = check(feed, &Entry { sections: [(section.to_owned(), records)].into() }, &known);
        found.iter().filter(|one| one.section == section && one.column == column).count()
    };
    let record =
        |values: &[(&str, &str)]| -> Record { values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect() };
    let participants = (0..60_000).map(|place| record(&[("dalyvio_nr", &place.to_string()), ("ja_kodas", "188604955")])).collect();
    assert_eq!(count("dalyviai", "ja_kodas", participants), 60_000, "nobody leads to any of them");
    let circulation = vec![record(&[("vip_nr", "VIP-000001"), ("data", "2026-06-30")]); 60_000];
    assert_eq!(count("tirazai", "data", circulation), 59_999, "all but the first say the same");
}

#[test]
fn every_problem_of_every_form_says_what_to_do_in_a_sentence() {
    for feed in feeds() {
        for (_, message) in problems(&feed.name, &[]) {
            assert!(message.ends_with('.') && message.contains(' ') && message.starts_with(char::is_uppercase), "{message}");
        }
    }
}

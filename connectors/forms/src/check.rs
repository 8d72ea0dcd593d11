//! Checking what was entered: by the rules of the form, and then by the very rules that a nightly run holds the rows to ([`crate::Rules`]).
//!
//! A problem says in Lithuanian what is wrong and what to do, and never repeats the value.

use std::collections::BTreeSet;

use catalog::{Check, Guard, Kind, codes, unscaled};
use chrono::NaiveDate;

use crate::entry::{Entry, LONGEST_VALUE, Record, SEPARATOR};
use crate::feed::{ENTITY, Feed, Field, Section};
use crate::personal;
use crate::problem::{Known, Problem};
use crate::verdict::verdict;

/// No fact of this register is older (the first newspapers are).
const OLDEST_YEAR: i32 = 1800;

const WRONG_ENTITY_CODE: &str = "Tokio juridinio asmens kodo nėra: patikrinkite, ar gerai perrašyti visi 9 skaitmenys.";

/// What has three digits after its only separator is refused, too: it may be thousands.
const WRONG_SUM: &str =
    "Rašykite sumą eurais: tūkstančių neskirkite nei tašku, nei kableliu, po kablelio – vienas ar du skaitmenys, pvz., 1000 arba 1250,50.";

/// Every problem of an entry, in the order of the form; none means that a document can be formed.
#[must_use]
pub fn check(feed: &Feed, entry: &Entry, known: &Known<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for section in &feed.sections {
        let records = entry.records(&section.name);
        let whole = |message: String| Problem { section: section.name.clone(), place: 0, column: String::new(), message };
        if records.len() < section.min {
            problems.push(whole(format!("Skiltyje „{}“ trūksta įrašo: pridėkite jį.", section.title)));
        }
        if records.len() > section.max {
            problems.push(whole(format!("Skiltyje „{}“ per daug įrašų: palikite ne daugiau kaip {}.", section.title, section.max)));
        }
        let guard = Guard::over(section.table.columns.iter().map(|column| &*column.column));
        for (place, record) in records.iter().enumerate() {
            let mut found = Found { section, place, first: problems.len(), problems: &mut problems };
            for (column, message) in personal::found(section, &guard, record) {
                found.add(column, message);
            }
            check_record(section, record, known, &mut found);
        }
        repeated_keys(section, records, &mut problems);
    }
    if feed.sections.iter().all(|section| entry.records(&section.name).is_empty()) {
        let section = feed.sections.first().map(|section| section.name.clone()).unwrap_or_default();
        let message = "Forma tuščia: pridėkite bent vieną įrašą.".to_owned();
        problems.push(Problem { section, place: 0, column: String::new(), message });
    }
    chains(feed, entry, known, &mut problems);
    verdict(feed, entry, known, &mut problems);
    // As a reader meets them from top to bottom, whichever rule found them.
    problems.sort_by_cached_key(|problem| {
        let section = feed.sections.iter().position(|section| section.name == problem.section);
        let field = section.and_then(|place| feed.sections[place].fields.iter().position(|field| field.name() == problem.column));
        (section, problem.place, field)
    });
    problems
}

struct Found<'a> {
    section: &'a Section,
    place: usize,
    /// Where the problems of this record begin: nobody looks through those of all others, which may be thousands.
    first: usize,
    problems: &'a mut Vec<Problem>,
}

impl Found<'_> {
    fn add(&mut self, column: &str, message: impl Into<String>) {
        if !self.problems[self.first..].iter().any(|known| known.column == column) {
            self.problems.push(Problem {
                section: self.section.name.clone(),
                place: self.place,
                column: column.to_owned(),
                message: message.into(),
            });
        }
    }
}

fn check_record(section: &Section, record: &Record, known: &Known<'_>, found: &mut Found<'_>) {
    for field in section.fields.iter().filter(|field| field.given.is_none()) {
        match record.get(field.name()) {
            None if field.required => found.add(field.name(), missing(field)),
            None => {}
            Some(value) => {
                if let Some(message) = wrong_value(field, value, known) {
                    found.add(field.name(), message);
                }
            }
        }
    }
    for when in section.when.iter().filter(|when| record.get(&when.column).is_some_and(|value| when.is.contains(value))) {
        for field in when.must.iter().filter_map(|name| section.field(name)).filter(|field| !record.contains_key(field.name())) {
            found.add(field.name(), missing(field));
        }
        for field in when.entity.iter().filter_map(|name| section.field(name)) {
            // Not least because it is published: a person's code must not stand here.
            if record.get(field.name()).is_some_and(|value| !Check::JaKodas.accepts(value)) {
                found.add(field.name(), WRONG_ENTITY_CODE);
            }
        }
        for field in when.none.iter().filter_map(|name| section.field(name)).filter(|field| record.contains_key(field.name())) {
            let title = section.field(&when.column).map_or("", |field| field.title.as_str());
            found.add(field.name(), format!("Laukas „{}“ nepildomas, kai pasirinkta tokia „{title}“ reikšmė: ištrinkite.", field.title));
        }
    }
    for (column, other) in section.with.iter().filter(|(column, other)| record.contains_key(*column) && !record.contains_key(*other)) {
        if let (Some(field), Some(missing)) = (section.field(column), section.field(other)) {
            let message =
                format!("Užpildžius „{}“, reikia ir šio lauko: be jo nežinoma, kokia tai dalis. Įrašykite {}.", field.title, missing.ask);
            found.add(other, message);
        }
    }
    for (from, to) in &section.table.order {
        let (Some(first), Some(last)) = (date(record, from), date(record, to)) else { continue };
        if first > last {
            let title = section.field(from).map_or("", |field| field.title.as_str());
            found.add(to, format!("Data negali būti ankstesnė už lauko „{title}“ datą: pataisykite vieną iš jų."));
        }
    }
    for group in &section.table.require_one {
        if group.iter().all(|name| !record.contains_key(name)) {
            // What is not shown cannot be filled; that a choice is missing is told where it is made.
            let typed = |field: &&Field| field.given.is_none() && section.belongs(record, field.name());
            let fields: Vec<&Field> = group.iter().filter_map(|name| section.field(name)).filter(typed).collect();
            let titles: Vec<String> = fields.iter().map(|field| format!("„{}“", field.title)).collect();
            if let Some(first) = fields.first() {
                found.add(first.name(), format!("Užpildykite bent vieną iš laukų: {}.", titles.join(", ")));
            }
        }
    }
}

fn missing(field: &Field) -> String {
    let verb =
        if field.classifier().is_some() || field.is_outlet() || field.column.kind == Kind::Boolean { "Pasirinkite" } else { "Įrašykite" };
    format!("{verb} {}.", field.ask)
}

fn date(record: &Record, column: &str) -> Option<NaiveDate> {
    record.get(column)?.parse().ok()
}

/// What is wrong with a value; `None` when nothing is.
fn wrong_value(field: &Field, value: &str, known: &Known<'_>) -> Option<String> {
    if value.len() > LONGEST_VALUE {
        return Some("Tekstas per ilgas: sutrumpinkite.".to_owned());
    }
    if let Some(classifier) = field.classifier() {
        let classifier = known.catalog.classifier(classifier).ok()?;
        let mut codes: Vec<&str> = if field.several.is_some() { value.split(SEPARATOR).collect() } else { vec![value] };
        return codes
            .iter()
            .any(|code| !classifier.contains(code))
            .then(|| "Tokio pasirinkimo nėra: pasirinkite iš sąrašo.".to_owned())
            .or_else(|| {
                let count = codes.len();
                codes.sort_unstable();
                codes.dedup();
                (codes.len() < count).then(|| "Tas pats pasirinkimas nurodytas du kartus.".to_owned())
            });
    }
    if field.is_outlet() {
        return (!known.outlets.iter().any(|number| number == value))
            .then(|| "Tokios priemonės šis VIRS neturi: pasirinkite iš sąrašo.".to_owned());
    }
    wrong_kind(field, value, known).or_else(|| wrong_code(field, value))
}

fn wrong_kind(field: &Field, value: &str, known: &Known<'_>) -> Option<String> {
    match field.column.kind {
        Kind::Date => {
            // A date in the one form that the night reads: `2026-3-1` and `+2026-03-01` are none.
            let Some(date) = value.parse::<NaiveDate>().ok().filter(|date| date.to_string() == value) else {
                return Some("Tokios datos nėra: rašykite metus, mėnesį ir dieną, pvz., 2026-03-31.".to_owned());
            };
            if chrono::Datelike::year(&date) < OLDEST_YEAR {
                return Some("Patikrinkite metus: data per sena.".to_owned());
            }
            if chrono::Datelike::year(&date) > chrono::Datelike::year(&known.today) + 100 {
                return Some("Patikrinkite metus: data per vėlyva.".to_owned());
            }
            (field.past && date > known.today).then(|| "Data negali būti vėlesnė už šiandieną: pataisykite.".to_owned())
        }
        Kind::Integer => match value.parse::<i64>() {
            Err(_) => Some("Rašykite sveiką skaičių, pvz., 1500.".to_owned()),
            Ok(number) => sign(field, number.signum() as i32),
        },
        Kind::Money => match unscaled(value, 2) {
            None => Some(WRONG_SUM.to_owned()),
            Some(cents) => sign(field, cents.signum() as i32),
        },
        Kind::Share | Kind::Number => unscaled(value, 4).is_none().then(|| "Rašykite skaičių, pvz., 12,5.".to_owned()),
        Kind::Boolean => (!matches!(value, "true" | "false")).then(|| "Pasirinkite „taip“ arba „ne“.".to_owned()),
        Kind::Text => None,
    }
}

fn sign(field: &Field, sign: i32) -> Option<String> {
    if field.positive && sign <= 0 {
        return Some("Skaičius turi būti didesnis už nulį.".to_owned());
    }
    (field.column.check == Some(Check::NotNegative) && sign < 0).then(|| "Skaičius negali būti neigiamas.".to_owned())
}

fn wrong_code(field: &Field, value: &str) -> Option<String> {
    if field.column.kind != Kind::Text {
        return None;
    }
    match &field.column.check {
        Some(Check::JaKodas) if !Check::JaKodas.accepts(value) => Some(WRONG_ENTITY_CODE.to_owned()),
        Some(Check::AsmensKodas) if !codes::is_personal_code(value) => {
            Some("Tokio asmens kodo nėra: patikrinkite, ar gerai perrašyti visi 11 skaitmenų.".to_owned())
        }
        Some(Check::Numeris) if !Check::Numeris.accepts(value) => Some("Tokio ISSN ar ISBN nėra: patikrinkite skaitmenis.".to_owned()),
        _ => None,
    }
}

/// Places of the records of a section of which something is told at this column already.
fn told(problems: &[Problem], section: &Section, column: &str) -> BTreeSet<usize> {
    problems.iter().filter(|problem| problem.section == section.name && problem.column == column).map(|problem| problem.place).collect()
}

/// Records of one section with the same key.
fn repeated_keys(section: &Section, records: &[Record], problems: &mut Vec<Problem>) {
    let key = &section.table.key;
    let Some(shown) = key.iter().rev().find(|name| section.field(name).is_some_and(|field| field.given.is_none())) else { return };
    let told = told(problems, section, shown);
    let mut seen = BTreeSet::new();
    for (place, record) in records.iter().enumerate() {
        // What is required and missing is told elsewhere; what may be empty is a value of its own.
        let lacks = |name: &&String| {
            section.field(name).is_some_and(|field| field.required && field.given.is_none()) && !record.contains_key(*name)
        };
        if key.iter().any(|name| lacks(&name)) {
            continue;
        }
        let values: Vec<Option<&String>> = key.iter().map(|name| record.get(name)).collect();
        if !seen.insert(values) && !told.contains(&place) {
            let message = "Toks įrašas jau yra šioje formoje: pataisykite arba pašalinkite vieną iš jų.".to_owned();
            problems.push(Problem { section: section.name.clone(), place, column: shown.clone(), message });
        }
    }
}

/// A participant's participants: the entity named must be the VIRS or one of the participants, or else nobody could be led to it; and no
/// other VIRS, which speaks for itself.
fn chains(feed: &Feed, entry: &Entry, known: &Known<'_>, problems: &mut Vec<Problem>) {
    for section in &feed.sections {
        let Some(entity) = &section.entity else { continue };
        let Some(field) = section.field(ENTITY).filter(|field| field.given.is_none()) else { continue };
        let records = entry.records(&section.name);
        let mut reached: BTreeSet<&str> = records.iter().filter_map(|record| record.get(&entity.code)).map(String::as_str).collect();
        reached.insert(known.virs);
        let told = told(problems, section, ENTITY);
        for (place, record) in records.iter().enumerate() {
            let Some(code) = record.get(ENTITY) else { continue };
            let message = if !reached.contains(code.as_str()) {
                format!("„{}“: tai turi būti Jūsų arba vieno iš nurodytų dalyvių kodas.", field.title)
            } else if code != known.virs && known.register.virs(code).is_some() {
                "Šis dalyvis pats yra VIRS ir savo dalyvius pateikia pats: pašalinkite šį įrašą.".to_owned()
            } else {
                continue;
            };
            if !told.contains(&place) {
                problems.push(Problem { section: section.name.clone(), place, column: ENTITY.to_owned(), message });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::entry::Context;
    use crate::testing::{Told, catalog, feed, feeds, nobody};

    const VIRS: &str = "305990018";

    fn known(outlets: &[String]) -> Known<'_> {
        static NOTHING: (BTreeMap<String, Vec<Record>>, Told) = (BTreeMap::new(), Told("", Vec::new()));
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        Known { catalog: catalog(), today, outlets, virs: VIRS, register: nobody(), beside: &NOTHING.0, rules: &NOTHING.1 }
    }

    fn problems(name: &str, values: &[(&str, &str)]) -> Vec<(String, String)> {
        let feed = feed(name);
        let context = Context { virs: VIRS.into(), organisation_code: "188604955".into(), organisation_name: "Institucija".into() };
        let mut entry = Entry::begin(feed, &context);
        for section in &feed.sections {
            if values.iter().any(|(field, _)| field.starts_with(&format!("{}.0.", section.name))) && entry.records(&section.name).is_empty()
            {
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
        assert_eq!(
            columns(&problems("virs", &[&activity[..], &[("dalyviai.0.vardas", "")]].concat())),
            ["dalyvio_rusis", "akcijos", "nuo"]
        );
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
}

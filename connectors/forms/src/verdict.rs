//! What the nightly run would set aside, reported at the field before anything is signed: the findings of [`crate::Rules`], in words.

use crate::entry::{Entry, Record};
use crate::feed::{Feed, Section};
use crate::problem::{Known, Problem};
use crate::rules::Fault;

/// Adds what a night would set aside of an entry, among the rows of others that hold beside it, to the problems that the form found itself.
pub(crate) fn verdict(feed: &Feed, entry: &Entry, known: &Known<'_>, problems: &mut Vec<Problem>) {
    for section in &feed.sections {
        let others = known.beside.get(&section.name).map_or(&[] as &[Record], Vec::as_slice);
        let rows: Vec<&Record> = others.iter().chain(entry.records(&section.name)).collect();
        for fault in known.rules.faults(&section.table, &rows) {
            let Some(place) = fault.row.checked_sub(others.len()) else { continue };
            let column = shown(section, &fault);
            let mut of_record = problems.iter().filter(|problem| problem.section == section.name && problem.place == place);
            // Told already; where the record as a whole is wrong, it is because of what was told.
            if of_record.any(|problem| column.is_empty() || fault.rule == "key" || problem.column == column) {
                continue;
            }
            problems.push(Problem { section: section.name.clone(), place, column, message: message(section, &fault) });
        }
    }
}

/// The field at which a fault is told: of a key, the last part that is typed; of what is not typed, the record.
fn shown(section: &Section, fault: &Fault) -> String {
    let typed = |name: &str| section.field(name).is_some_and(|field| field.given.is_none());
    let column = if fault.rule == "key" { section.table.key.iter().rev().find(|name| typed(name)) } else { Some(&fault.column) };
    column.filter(|name| typed(name)).cloned().unwrap_or_default()
}

fn message(section: &Section, fault: &Fault) -> String {
    let title = section.field(&fault.column).map_or_else(String::new, |field| format!(" „{}“", field.title));
    match fault.rule {
        "key" => "Toks įrašas jau pateiktas: pataisykite ankstesnį pateikimą arba nurodykite kitą reikšmę.".to_owned(),
        "required" | "require_one" => format!("Laukas{title} privalomas: užpildykite."),
        "date" => "Tokios datos nėra: rašykite metus, mėnesį ir dieną, pvz., 2026-03-31.".to_owned(),
        "integer" => "Rašykite sveiką skaičių, pvz., 1500, ne didesnį už įmanomą.".to_owned(),
        "money" => "Rašykite skaičių, pvz., 1250,50, ne didesnį už įmanomą.".to_owned(),
        "not_negative" => "Skaičius negali būti neigiamas.".to_owned(),
        "boolean" | "classifier" => "Tokio pasirinkimo nėra: pasirinkite iš sąrašo.".to_owned(),
        "order" => "Data negali būti ankstesnė už pradžios datą: pataisykite vieną iš jų.".to_owned(),
        "asmens_kodas_tekste" => "Čia negali būti asmens kodo, nes laukas skelbiamas viešai: ištrinkite jį.".to_owned(),
        _ => format!("Tokios lauko{title} reikšmės sistema nepriima: patikrinkite, ar gerai perrašyta."),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;

    use super::*;
    use crate::check::check;
    use crate::register::{Register, Virs};
    use crate::testing::{FixedFaults, catalog, feed, nobody};

    fn record(values: &[(&str, &str)]) -> Record {
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn fee(number: &str) -> Record {
        record(&[
            ("ja_kodas", "305990018"),
            ("suma", "10.00"),
            ("nustatymo_data", "2026-01-15"),
            ("galiojimo_data", "2026-12-31"),
            ("dokumento_nr", number),
            ("institucija", "Institucija"),
            ("institucijos_kodas", "188604955"),
        ])
    }

    /// Problems of a form with one section, of which a night would set this aside; others hold some rows beside it.
    fn problems(
        name: &str,
        records: Vec<Record>,
        register: &Register,
        others: usize,
        faults: &[(usize, &str, &'static str)],
    ) -> Vec<Problem> {
        let feed = feed(name);
        let section = feed.sections.last().unwrap();
        let section = feed.section("dalyviai").unwrap_or(section);
        let entry = Entry { sections: [(section.name.clone(), records)].into() };
        let beside = BTreeMap::from([(section.name.clone(), vec![fee("kita"); others])]);
        let faults = faults.iter().map(|(row, column, rule)| Fault { row: *row, column: (*column).to_owned(), rule });
        let rules = FixedFaults(Box::leak(section.table.name.clone().into_boxed_str()), faults.collect());
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let known = Known { catalog: catalog(), today, outlets: &[], virs: "305990018", register, beside: &beside, rules: &rules };
        check(feed, &entry, &known)
    }

    #[test]
    fn what_a_night_would_set_aside_is_told_at_the_field_and_once() {
        let found = |fee: Record, faults: &[(usize, &str, &'static str)]| {
            let found = problems("imokos", vec![fee], nobody(), 2, faults);
            found.into_iter().map(|problem| (problem.place, problem.column)).collect::<Vec<_>>()
        };
        assert_eq!(found(fee("1"), &[]), []);
        assert_eq!(found(fee("1"), &[(0, "suma", "money"), (1, "suma", "money")]), [], "rows of others are none of ours");
        assert_eq!(found(fee("1"), &[(2, "suma", "money")]), [(0, "suma".to_owned())]);
        assert_eq!(found(fee("1"), &[(2, "ja_kodas", "ja_kodas")]), [(0, String::new())], "nobody types it: the record");
        let mut bad = fee("1");
        bad.insert("suma".to_owned(), "daug".to_owned());
        assert_eq!(found(bad.clone(), &[(2, "suma", "money")]), [(0, "suma".to_owned())], "the form found it itself");
        assert_eq!(found(bad, &[(2, "", "require_one")]), [(0, "suma".to_owned())]);
    }

    #[test]
    fn a_key_that_somebody_has_is_told_at_a_field_that_is_typed() {
        let [problem] = problems("imokos", vec![fee("1")], nobody(), 1, &[(1, "ja_kodas", "key")]).try_into().unwrap();
        let section = feed("imokos").section("imokos").unwrap();
        assert!(section.table.key.contains(&problem.column) && section.field(&problem.column).unwrap().given.is_none());
        assert!(problem.message.contains("jau pateiktas"), "{}", problem.message);
    }

    #[test]
    fn a_participant_that_is_a_virs_speaks_for_itself() {
        let virs = |code: &str| Virs { code: code.into(), name: "X".into(), audiovisual: false, email: None, ended: false };
        let register = Register::new(vec![virs("188604955")], Vec::new());
        let row = |about: &str, kind: &str, owner: &str| {
            let common = [("ja_kodas", about), ("dalyvio_rusis", kind), ("akcijos", "1"), ("visos_akcijos", "1"), ("nuo", "2020-01-01")];
            let own: &[(&str, &str)] = match kind {
                "J" => &[("dal_pavadinimas", "X"), ("dal_forma", "310")],
                _ => &[("vardas", "Ąžuolas"), ("pavarde", "Pavyzdys"), ("asmens_kodas", "33309240064")],
            };
            let code = (kind == "J").then_some(("dal_kodas", owner));
            record(&common.into_iter().chain(own.iter().copied()).chain(code).collect::<Vec<_>>())
        };
        let told = |register: &Register| {
            let records = vec![row("305990018", "J", "188604955"), row("188604955", "F", "")];
            let found = problems("virs", records, register, 0, &[]);
            let of_participants = found.into_iter().filter(|problem| problem.section == "dalyviai");
            of_participants.map(|problem| (problem.place, problem.column)).collect::<Vec<_>>()
        };
        assert_eq!(told(nobody()), []);
        assert_eq!(told(&register), [(1, "ja_kodas".to_owned())]);
    }
}

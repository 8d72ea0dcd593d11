//! Rules between the records of a form.

use std::collections::BTreeSet;

use crate::entry::{Entry, Record};
use crate::feed::{ENTITY, Feed, Section};
use crate::problem::{Known, Problem};

/// Places of the records of a section of which something is told at this column already.
fn told(problems: &[Problem], section: &Section, column: &str) -> BTreeSet<usize> {
    problems.iter().filter(|problem| problem.section == section.name && problem.column == column).map(|problem| problem.place).collect()
}

/// Records of one section with the same key.
pub(super) fn repeated_keys(section: &Section, records: &[Record], problems: &mut Vec<Problem>) {
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
pub(super) fn chains(feed: &Feed, entry: &Entry, known: &Known<'_>, problems: &mut Vec<Problem>) {
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

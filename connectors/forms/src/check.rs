//! Checking what was entered: by the rules of the form, and then by the same rules that the nightly run applies ([`crate::Rules`]).
//!
//! A problem says in Lithuanian what is wrong and what to do, and never repeats the value.

mod between;
mod value;

use catalog::{Check, Guard, Kind};
use chrono::NaiveDate;

use crate::entry::{Entry, Record};
use crate::feed::{Feed, Field, Section};
use crate::personal;
use crate::problem::{Known, Problem};
use crate::verdict::verdict;

use between::{chains, repeated_keys};
use value::{WRONG_ENTITY_CODE, wrong_value};

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
    check_conditions(section, record, found);
    check_companions(section, record, found);
    check_order(section, record, found);
    check_alternatives(section, record, found);
}

/// What the value of one field demands of others.
fn check_conditions(section: &Section, record: &Record, found: &mut Found<'_>) {
    for dependency in
        section.dependencies.iter().filter(|dependency| record.get(&dependency.column).is_some_and(|value| dependency.is.contains(value)))
    {
        for field in dependency.must.iter().filter_map(|name| section.field(name)).filter(|field| !record.contains_key(field.name())) {
            found.add(field.name(), missing(field));
        }
        for field in dependency.entity.iter().filter_map(|name| section.field(name)) {
            // Not least because it is published: a person's code must not stand here.
            if record.get(field.name()).is_some_and(|value| !Check::JaKodas.accepts(value)) {
                found.add(field.name(), WRONG_ENTITY_CODE);
            }
        }
        for field in dependency.none.iter().filter_map(|name| section.field(name)).filter(|field| record.contains_key(field.name())) {
            let title = section.field(&dependency.column).map_or("", |field| field.title.as_str());
            found.add(field.name(), format!("Laukas „{}“ nepildomas, kai pasirinkta tokia „{title}“ reikšmė: ištrinkite.", field.title));
        }
    }
}

/// Fields that say nothing without another.
fn check_companions(section: &Section, record: &Record, found: &mut Found<'_>) {
    for (column, other) in section.with.iter().filter(|(column, other)| record.contains_key(*column) && !record.contains_key(*other)) {
        if let (Some(field), Some(missing)) = (section.field(column), section.field(other)) {
            let message =
                format!("Užpildžius „{}“, reikia ir šio lauko: be jo nežinoma, kokia tai dalis. Įrašykite {}.", field.title, missing.ask);
            found.add(other, message);
        }
    }
}

/// Dates that cannot come one after the other.
fn check_order(section: &Section, record: &Record, found: &mut Found<'_>) {
    for (from, to) in &section.table.order {
        let (Some(first), Some(last)) = (date(record, from), date(record, to)) else { continue };
        if first > last {
            let title = section.field(from).map_or("", |field| field.title.as_str());
            found.add(to, format!("Data negali būti ankstesnė už lauko „{title}“ datą: pataisykite vieną iš jų."));
        }
    }
}

/// Fields of which at least one must have a value.
fn check_alternatives(section: &Section, record: &Record, found: &mut Found<'_>) {
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

#[cfg(test)]
mod tests;

//! What forms are filled with in a browser, told by their definitions: what is right in each field, what is wrong, and which fields must
//! then say so. A new field or feed is tried without a line here.

use catalog::{Catalog, Check, Kind, Personal};
use forms::Feed;
use forms::entry::Record;
use forms::feed::{About, Field, Section};
use serde_json::{Map, Value, json};

use super::peer::{entity_code, personal_code};
use crate::country::home;

/// Every feed by its name.
pub(super) fn feeds() -> Value {
    let catalog = Catalog::load(&home()).unwrap();
    let feeds = Feed::load_all(&home(), &catalog).unwrap();
    let described = |feed: &Feed| {
        let sections: Vec<Value> = feed.sections.iter().map(section).collect();
        json!({"title": feed.title, "role": feed.role.code(), "own": feed.about == About::Own, "whole": feed.whole, "sections": sections})
    };
    feeds.iter().map(|feed| (feed.name.clone(), described(feed))).collect::<Map<_, _>>().into()
}

fn section(section: &Section) -> Value {
    // The choice that decides which fields there are is made first, and the same whatever else is wrong.
    let chosen: Record = section.dependencies.iter().take(1).map(|one| (one.column.clone(), one.is[0].clone())).collect();
    let typed = |field: &&Field| field.given.is_none() && section.belongs(&chosen, field.name());
    let fields: Vec<&Field> = section.fields.iter().filter(typed).collect();
    let one_of = |name: &str| {
        let first =
            |group: &Vec<String>| fields.iter().find(|field| group.iter().any(|other| other == field.name())).map(|field| field.name());
        section.table.require_one.iter().any(|group| first(group) == Some(name))
    };
    let needed = |field: &Field| (field.required || section.demands(&chosen, field.name())) && field.default.is_none();
    let (mut right, mut wrong, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields.iter().copied() {
        let name = field.name();
        if let Some(value) = chosen.get(name) {
            right.push((name, value.clone()));
            wrong.push((name, value.clone()));
            continue;
        }
        let is_given = |field: &Field| needed(field) || field.default.is_none() && one_of(field.name());
        // What says nothing without another field brings that one along.
        let brought = section.with.iter().any(|(column, other)| other == name && section.field(column).is_some_and(is_given));
        if is_given(field) || brought {
            right.push((name, right_value(section, field)));
        }
        match wrong_value(field) {
            Some(value) => {
                wrong.push((name, value));
                told.push(name);
            }
            None if needed(field) => told.push(name),
            None => {}
        }
    }
    let add = (section.min == 0).then(|| section.add.clone());
    json!({"name": section.name, "add": add, "right": right, "wrong": wrong, "told": told})
}

/// Whether a value is chosen, not typed; what cannot be typed can only be missing.
fn is_chosen(field: &Field) -> bool {
    field.classifier().is_some() || field.is_outlet() || field.column.kind == Kind::Boolean
}

fn right_value(section: &Section, field: &Field) -> String {
    let ends = section.table.order.iter().any(|(_, last)| last == field.name());
    match (&field.column.check, field.column.kind) {
        // The first there is.
        _ if is_chosen(field) => "*".to_owned(),
        (_, Kind::Date) => if ends { "2020-12-31" } else { "2020-01-15" }.to_owned(),
        (_, Kind::Integer) => "1500".to_owned(),
        (_, kind) if kind.is_numeric() => "4321,50".to_owned(),
        (Some(Check::JaKodas), _) => entity_code(77),
        (Some(Check::AsmensKodas), _) => personal_code(777),
        _ if field.column.personal == Personal::Name => "Ūla Išgalvotoji".to_owned(),
        _ => "Žvaigždė ir ąžuolas 7".to_owned(),
    }
}

fn wrong_value(field: &Field) -> Option<String> {
    let value = match (&field.column.check, field.column.kind) {
        _ if is_chosen(field) => return None,
        (_, Kind::Date) => if field.past { "2099-01-01" } else { "1700-01-01" }.to_owned(),
        (_, kind) if kind.is_numeric() => "dvylika".to_owned(),
        // With another control digit.
        (Some(Check::JaKodas), _) => altered(&entity_code(77)),
        (Some(Check::AsmensKodas), _) => altered(&personal_code(777)),
        // It would be published.
        _ if field.column.is_free_text() => personal_code(777),
        _ => return None,
    };
    Some(value)
}

fn altered(code: &str) -> String {
    let last = code.bytes().last().unwrap() - b'0';
    format!("{}{}", &code[..code.len() - 1], (last + 1) % 10)
}

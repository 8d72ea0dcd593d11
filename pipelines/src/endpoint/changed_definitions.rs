//! What classifiers and forms say otherwise than when the latest release was made.

use std::collections::BTreeMap;

use forms::{ClassifierChange, DefinitionChanges, FormChange};

use crate::state::definitions::{Definitions, FieldSaid, Form};

/// What changed between those of a release, if they are known, and those of now.
pub(super) fn between(before: Option<(String, Definitions)>, now: &Definitions) -> DefinitionChanges {
    let counted = DefinitionChanges {
        classifiers: now.classifiers.len(),
        codes: now.classifiers.values().map(BTreeMap::len).sum(),
        forms: now.forms.len(),
        ..DefinitionChanges::default()
    };
    let Some((release, before)) = before else { return counted };
    let (no_codes, no_form) = (BTreeMap::new(), Form::default());
    let classifiers = names(&before.classifiers, &now.classifiers).into_iter().filter_map(|name| {
        classifier(name, before.classifiers.get(name).unwrap_or(&no_codes), now.classifiers.get(name).unwrap_or(&no_codes))
    });
    let forms = names(&before.forms, &now.forms)
        .into_iter()
        .filter_map(|name| form(before.forms.get(name).unwrap_or(&no_form), now.forms.get(name).unwrap_or(&no_form)));
    DefinitionChanges { release: Some(release), changed_classifiers: classifiers.collect(), changed_forms: forms.collect(), ..counted }
}

/// Names of either side, in order, each once.
fn names<'a, T>(before: &'a BTreeMap<String, T>, now: &'a BTreeMap<String, T>) -> Vec<&'a str> {
    let mut names: Vec<&str> = before.keys().chain(now.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn classifier(name: &str, before: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Option<ClassifierChange> {
    let only = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
        one.iter().filter(|(code, _)| !other.contains_key(*code)).map(|(code, title)| (code.clone(), title.clone())).collect::<Vec<_>>()
    };
    let retitled = before.iter().filter_map(|(code, old)| {
        let new = now.get(code).filter(|new| *new != old)?;
        Some((code.clone(), old.clone(), new.clone()))
    });
    let change = ClassifierChange { name: name.to_owned(), came: only(now, before), went: only(before, now), retitled: retitled.collect() };
    (change != ClassifierChange { name: name.to_owned(), ..ClassifierChange::default() }).then_some(change)
}

fn form(before: &Form, now: &Form) -> Option<FormChange> {
    let title = if now.title.is_empty() { before.title.clone() } else { now.title.clone() };
    let only = |one: &Form, other: &Form| {
        one.fields.iter().filter(|(key, _)| !other.fields.contains_key(*key)).map(|(_, field)| field.name.clone()).collect::<Vec<_>>()
    };
    let both = before.fields.iter().filter_map(|(key, old)| Some((old, now.fields.get(key)?)));
    let changed = both.flat_map(|(old, new)| asked_otherwise(old, new));
    let change = FormChange { title: title.clone(), came: only(now, before), went: only(before, now), changed: changed.collect() };
    (change != FormChange { title, ..FormChange::default() }).then_some(change)
}

/// The field, what of it, before and now.
fn asked_otherwise(old: &FieldSaid, new: &FieldSaid) -> Vec<(String, String, String, String)> {
    let said = |field: &FieldSaid, what: &str| field.asked.get(what).cloned().unwrap_or_else(|| "–".to_owned());
    names(&old.asked, &new.asked)
        .into_iter()
        .filter(|what| old.asked.get(*what) != new.asked.get(*what))
        .map(|what| (new.name.clone(), what.to_owned(), said(old, what), said(new, what)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(codes: &[(&str, &str)]) -> BTreeMap<String, String> {
        codes.iter().map(|(code, title)| ((*code).to_owned(), (*title).to_owned())).collect()
    }

    fn field(name: &str, asked: &[(&str, &str)]) -> FieldSaid {
        FieldSaid { name: name.to_owned(), asked: codes(asked) }
    }

    #[test]
    fn codes_and_fields_that_came_went_or_are_called_otherwise_are_told_and_nothing_else() {
        let before = Definitions {
            classifiers: [("a".to_owned(), codes(&[("1", "vienas"), ("2", "du")])), ("b".to_owned(), codes(&[("1", "x")]))].into(),
            forms: [(
                "f".to_owned(),
                Form {
                    title: "Forma".into(),
                    fields: [
                        ("s.x".to_owned(), field("S – X", &[("privalomas", "ne")])),
                        ("s.y".to_owned(), field("S – Y", &[("privalomas", "ne")])),
                    ]
                    .into(),
                },
            )]
            .into(),
        };
        let same = between(Some(("r".to_owned(), before.clone())), &before);
        assert_eq!((same.changed_classifiers.len(), same.changed_forms.len(), same.codes), (0, 0, 3));
        let mut now = before.clone();
        now.classifiers.insert("a".to_owned(), codes(&[("1", "pirmas"), ("3", "trys")]));
        let form = now.forms.get_mut("f").unwrap();
        form.fields.remove("s.x");
        form.fields.insert("s.y".to_owned(), field("S – Y", &[("privalomas", "taip")]));
        form.fields.insert("s.z".to_owned(), field("S – Z", &[]));
        let changes = between(Some(("r".to_owned(), before)), &now);
        let [classifier] = changes.changed_classifiers.as_slice() else { panic!("{changes:?}") };
        assert_eq!(classifier.came, [("3".to_owned(), "trys".to_owned())]);
        assert_eq!(classifier.went, [("2".to_owned(), "du".to_owned())]);
        assert_eq!(classifier.retitled, [("1".to_owned(), "vienas".to_owned(), "pirmas".to_owned())]);
        let [form] = changes.changed_forms.as_slice() else { panic!("{changes:?}") };
        assert_eq!((form.came.as_slice(), form.went.as_slice()), (["S – Z".to_owned()].as_slice(), ["S – X".to_owned()].as_slice()));
        assert_eq!(form.changed, [("S – Y".to_owned(), "privalomas".to_owned(), "ne".to_owned(), "taip".to_owned())]);
        assert_eq!(between(None, &now).release, None);
    }
}

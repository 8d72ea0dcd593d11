//! Classifiers and forms: what they say now otherwise than when the latest release was made.

use minijinja::{Value, context};

use super::super::{Reply, Trouble, Visit};
use super::desk::{Desk, desk};
use crate::administration::{ClassifierChange, DefinitionChanges, FormChange};

/// The page.
pub(in super::super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let Desk { person, port } = desk(visit)?;
    let (changes, wrong) = match port.definitions() {
        Ok(changes) => (changes, Vec::new()),
        Err(wrong) => (DefinitionChanges::default(), wrong),
    };
    let classifiers: Vec<Value> = changes.changed_classifiers.iter().map(classifier).collect();
    let forms: Vec<Value> = changes.changed_forms.iter().map(form).collect();
    let page = visit.app.templates.render(
        "admin_definitions.html",
        context! {
            frame => person.frame(), wrong, release => &changes.release, classifiers, forms, classifier_count => changes.classifiers,
            code_count => changes.codes, form_count => changes.forms,
        },
    )?;
    Ok(Reply::page(page))
}

fn classifier(one: &ClassifierChange) -> Value {
    let pairs = |pairs: &[(String, String)]| pairs.iter().map(|(code, title)| context! { code, title }).collect::<Vec<_>>();
    let retitled: Vec<Value> = one.retitled.iter().map(|(code, before, now)| context! { code, before, now }).collect();
    context! { name => &one.name, came => pairs(&one.came), went => pairs(&one.went), retitled }
}

fn form(one: &FormChange) -> Value {
    let changed: Vec<Value> = one.changed.iter().map(|(field, what, before, now)| context! { field, what, before, now }).collect();
    context! { title => &one.title, came => &one.came, went => &one.went, changed }
}

//! Who may act for whom: looking for mandates. What is looked for may be somebody's name, so it is sent, and stands in no address.

use minijinja::{Value, context};

use super::super::{Reply, Trouble, Visit};
use super::desk::{Desk, desk};
use crate::Role;
use crate::folding::folded;
use crate::store::{self, Holder, NewMandate};

/// Mandates on a page.
const SHOWN: usize = 50;

/// Those in force that were looked for; all, if nothing was.
pub(in super::super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let Desk { person, port } = desk(visit)?;
    let words = visit.sent("ieskoti").unwrap_or_default().trim();
    let role = visit.sent("vaidmuo").and_then(Role::of);
    let all = visit.app.store.read(|connection| store::mandates_in_force(connection, visit.today()))?;
    let wanted = folded(words);
    let found: Vec<_> = all.into_iter().filter(|(_, mandate, holder)| is_wanted(mandate, holder, &wanted, role)).collect();
    let pages = found.len().div_ceil(SHOWN).max(1);
    let number = visit.sent("puslapis").and_then(|text| text.parse::<usize>().ok()).unwrap_or(1).clamp(1, pages);
    let lines: Vec<Value> = found.iter().skip((number - 1) * SHOWN).take(SHOWN).map(line).collect();
    let roles: Vec<Value> =
        Role::ALL.iter().map(|one| context! { code => one.code(), title => one.title(), chosen => role == Some(*one) }).collect();
    let page = visit.app.templates.render(
        "admin_mandates.html",
        context! {
            frame => person.frame(), lines, roles, words, count => found.len(), number, pages, fetched => port.mandates_are_fetched(),
            ended => visit.asked("baigta").is_some(),
        },
    )?;
    Ok(Reply::page(page))
}

fn is_wanted(mandate: &NewMandate, holder: &Holder, words: &str, role: Option<Role>) -> bool {
    let name = holder.as_ref().map(|(_, name)| folded(name)).unwrap_or_default();
    let said = || mandate.organisation_code == words || folded(&mandate.organisation_name).contains(words) || name.contains(words);
    role.is_none_or(|role| mandate.role == role) && (words.is_empty() || said())
}

fn line((id, mandate, holder): &(i64, NewMandate, Holder)) -> Value {
    context! {
        id, role => mandate.role.title(), organisation => &mandate.organisation_name, code => &mandate.organisation_code,
        holder => holder.as_ref().map(|(account, name)| context! { account, name }), email => &mandate.email,
        from => mandate.valid_from.to_string(), until => mandate.valid_to.map(|day| day.to_string()),
    }
}

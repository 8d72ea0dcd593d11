//! What all pages of reports have in common: who may see them, how rows are shown, that a look is noted.

use minijinja::{Value, context};

use super::visit::Person;
use super::{Trouble, Visit};
use crate::Error;
use crate::reports::{MadeReport, NoReport, Reports};
use crate::store::{self, Act, Actor, Durability};

/// Rows on a page; a file has all.
pub(super) const SHOWN: usize = 500;
/// Says in which format the report shall be; nothing or anything else: as a page.
pub(super) const FORMAT: &str = "kaip";

pub(super) fn allowed<'a>(visit: &'a Visit<'_>) -> Result<(Person, &'a dyn Reports), Trouble> {
    let person = visit.person()?;
    if !person.acting.role.has_reports() {
        return Err(Trouble::Forbidden);
    }
    let reports = visit.app.reports.as_deref().ok_or(Trouble::NotFound)?;
    Ok((person, reports))
}

pub(super) fn trouble(why: &NoReport) -> Trouble {
    match why {
        NoReport::Unknown => Trouble::NotFound,
        // What was refused may quote what was typed, so it is for the visitor alone.
        NoReport::Refused(_) => Trouble::Malformed,
        NoReport::Broken(why) => Trouble::Broken(Error::Report(why.clone())),
    }
}

/// Who looked at which report, and how much it held; not what was asked, which may be somebody's name.
pub(super) fn note(visit: &Visit<'_>, person: &Person, object: &str, format: &str, rows: usize) -> Result<(), Trouble> {
    let entry = Act {
        actor: Actor::Account(person.account.id),
        action: "made report",
        object: object.to_owned(),
        detail: format!("{format}, {rows} rows, as {}", person.acting.role.code()),
    };
    Ok(visit.app.store.write::<_, Error>(Durability::Usual, |transaction| store::note(transaction, entry, visit.now))?)
}

/// Rows for the template `rows.html`.
pub(super) fn table_of(made: &MadeReport) -> Value {
    let columns: Vec<Value> = made.columns.iter().map(|(title, number)| context! { title, number }).collect();
    context! { said => &made.said, columns, rows => &made.rows, count => made.count, more => made.count > made.rows.len() }
}

//! The builder of reports over the internal tier: choosing columns, criteria, groups and sums of a table, the rows, a file to keep. It needs no
//! script. What is chosen is sent, never put into an address; that somebody looked is in the audit log.

use axum::http::StatusCode;
use minijinja::{Value, context};

use super::looking::{FORMAT, SHOWN, allowed, note, table_of, trouble};
use super::visit::Person;
use super::{Reply, Trouble, Visit};
use crate::built::{BuiltTable, Choice, Comparison, Criterion};
use crate::reports::{MadeReport, NoReport, ReportFormat, Reports};

/// Criteria that a form has room for.
const CRITERIA: usize = 4;

/// A table, and everything that can be chosen of it.
pub(super) fn page(visit: &Visit<'_>, name: &str) -> Result<Reply, Trouble> {
    let (person, reports) = allowed(visit)?;
    let table = find(reports, &person, name)?;
    shown(visit, &person, &table, None, None)
}

/// The rows, on a page or in a file.
pub(super) fn made(visit: &Visit<'_>, name: &str) -> Result<Reply, Trouble> {
    let (person, reports) = allowed(visit)?;
    let table = find(reports, &person, name)?;
    let codes = person.acting.role.sees_codes();
    let choice = choice(visit, &table);
    let object = format!("table {}", table.name);
    let refused = |why: &str| shown(visit, &person, &table, None, Some(why));
    let Some(format) = ReportFormat::ALL.into_iter().find(|format| visit.sent(FORMAT) == Some(format.extension())) else {
        return match reports.built(&table.name, &choice, codes, SHOWN) {
            Ok(made) => {
                note(visit, &person, &object, "page", made.0.count)?;
                shown(visit, &person, &table, Some(&made), None)
            }
            Err(NoReport::Refused(why)) => refused(&why),
            Err(why) => Err(trouble(&why)),
        };
    };
    match reports.built_file(&table.name, &choice, codes, format) {
        Ok(file) => {
            note(visit, &person, &object, format.extension(), file.count)?;
            Ok(Reply::file(&format!("{}.{}", table.name, format.extension()), format.media_type(), file.bytes))
        }
        Err(NoReport::Refused(why)) => refused(&why),
        Err(why) => Err(trouble(&why)),
    }
}

fn find(reports: &dyn Reports, person: &Person, name: &str) -> Result<BuiltTable, Trouble> {
    let all = reports.tables(person.acting.role.sees_codes()).map_err(|why| trouble(&why))?;
    all.into_iter().find(|table| table.name == name).ok_or(Trouble::NotFound)
}

/// Names of the fields of one criterion.
fn fields(number: usize) -> [String; 3] {
    ["stulpelis", "palyginimas", "reiksme"].map(|part| format!("k{number}-{part}"))
}

/// What the form says, as far as the table has it: names come from the definitions alone.
fn choice(visit: &Visit<'_>, table: &BuiltTable) -> Choice {
    let sent = |name: &str| visit.sent(name).map(str::trim).filter(|value| !value.is_empty());
    let criterion = |number: usize| {
        let [column, comparison, value] = fields(number);
        let column = sent(&column).filter(|name| table.columns.iter().any(|column| column.name == *name))?.to_owned();
        let comparison = Comparison::ALL.into_iter().find(|one| sent(&comparison) == Some(one.code()))?;
        Some(Criterion { column, comparison, value: sent(&value).unwrap_or_default().to_owned() })
    };
    let checked = |kind: &str| {
        let columns = table.columns.iter().filter(|column| sent(&format!("{kind}-{}", column.name)).is_some());
        columns.map(|column| column.name.clone()).collect()
    };
    Choice { criteria: (1..=CRITERIA).filter_map(criterion).collect(), columns: checked("s"), group: checked("g"), sums: checked("m") }
}

fn shown(
    visit: &Visit<'_>,
    person: &Person,
    table: &BuiltTable,
    made: Option<&(MadeReport, String)>,
    error: Option<&str>,
) -> Result<Reply, Trouble> {
    let sent = |name: &str| visit.sent(name).unwrap_or_default().to_owned();
    let criterion = |number: usize| {
        let [column, comparison, value] = fields(number);
        context! { number, column => sent(&column), comparison => sent(&comparison), value => sent(&value) }
    };
    let column = |column: &crate::built::BuiltColumn| {
        let checked = |kind: &str| visit.sent(&format!("{kind}-{}", column.name)).is_some();
        context! { name => &column.name, title => &column.title, is_summed => column.is_summed, s => checked("s"), g => checked("g"), m => checked("m") }
    };
    let page = visit.app.templates.render(
        "build.html",
        context! {
            frame => person.frame(), name => &table.name, title => &table.title, about => &table.description,
            criteria => (1..=CRITERIA).map(criterion).collect::<Vec<_>>(),
            columns => table.columns.iter().map(column).collect::<Vec<_>>(),
            comparisons => Comparison::ALL.map(|one| context! { code => one.code(), title => one.title() }).to_vec(),
            table => made.map(|(made, _)| table_of(made)), sql => made.map(|(_, sql)| sql), error,
            formats => ReportFormat::ALL.map(ReportFormat::extension), most => SHOWN,
        },
    )?;
    Ok(Reply::page(page).with_status(if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

/// The tables that somebody may build reports of, for the list of reports.
pub(super) fn tables(reports: &dyn Reports, codes: bool) -> Result<Vec<Value>, Trouble> {
    let all = reports.tables(codes).map_err(|why| trouble(&why))?;
    Ok(all.iter().map(|table| context! { name => &table.name, title => &table.title }).collect())
}

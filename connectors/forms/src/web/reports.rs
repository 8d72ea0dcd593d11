//! Standard reports over the internal tier, for whoever looks after statistics: choosing one, its parameters, its rows, a file to keep. Values of
//! parameters are sent, never put into an address; that somebody looked is in the audit log.

use axum::http::StatusCode;
use minijinja::{Value, context};

use super::built;
use super::visit::Person;
use super::{Reply, Trouble, Visit};
use crate::Error;
use crate::reports::{MadeReport, NoReport, ReportFormat, ReportTitle, Reports};
use crate::store::{self, Act, Actor, Durability};

/// Rows on a page; a file has all.
pub(super) const SHOWN: usize = 500;
/// In front of a parameter's name in a form.
const PARAMETER: &str = "p-";
/// Says in which format the report shall be; nothing or anything else: as a page.
pub(super) const FORMAT: &str = "kaip";

/// All reports.
pub(super) fn list(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let (person, reports) = allowed(visit)?;
    let all = reports.all(person.acting.role.sees_codes()).map_err(|why| trouble(&why))?;
    let lines: Vec<Value> = all.iter().map(|one| context! { name => &one.name, title => &one.title, about => &one.description }).collect();
    let page = visit.app.templates.render(
        "reports.html",
        context! { frame => person.frame(), lines, tables => built::tables(reports, person.acting.role.sees_codes())? },
    )?;
    Ok(Reply::page(page))
}

/// One report and what it must be told.
pub(super) fn page(visit: &Visit<'_>, name: &str) -> Result<Reply, Trouble> {
    let (person, reports) = allowed(visit)?;
    let report = find(reports, &person, name)?;
    shown(visit, &person, &report, None, None)
}

/// Its rows, on a page or in a file.
pub(super) fn made(visit: &Visit<'_>, name: &str) -> Result<Reply, Trouble> {
    let (person, reports) = allowed(visit)?;
    let report = find(reports, &person, name)?;
    let (codes, object) = (person.acting.role.sees_codes(), format!("report {name}"));
    let given: Vec<(String, String)> = report
        .parameters
        .iter()
        .filter_map(|parameter| Some((parameter.name.clone(), sent(visit, &parameter.name).filter(|value| !value.is_empty())?.to_owned())))
        .collect();
    let format = ReportFormat::ALL.into_iter().find(|format| visit.sent(FORMAT) == Some(format.extension()));
    let Some(format) = format else {
        return match reports.made(name, &given, codes, SHOWN) {
            Ok(made) => {
                note(visit, &person, &object, "page", made.count)?;
                shown(visit, &person, &report, Some(&made), None)
            }
            Err(NoReport::Refused(why)) => shown(visit, &person, &report, None, Some(&why)),
            Err(why) => Err(trouble(&why)),
        };
    };
    match reports.file(name, &given, codes, format) {
        Ok(file) => {
            note(visit, &person, &object, format.extension(), file.count)?;
            Ok(Reply::file(&format!("{name}.{}", format.extension()), format.media_type(), file.bytes))
        }
        Err(NoReport::Refused(why)) => shown(visit, &person, &report, None, Some(&why)),
        Err(why) => Err(trouble(&why)),
    }
}

pub(super) fn allowed<'a>(visit: &'a Visit<'_>) -> Result<(Person, &'a dyn Reports), Trouble> {
    let person = visit.person()?;
    if !person.acting.role.has_reports() {
        return Err(Trouble::Forbidden);
    }
    let reports = visit.app.reports.as_deref().ok_or(Trouble::NotFound)?;
    Ok((person, reports))
}

fn find(reports: &dyn Reports, person: &Person, name: &str) -> Result<ReportTitle, Trouble> {
    let all = reports.all(person.acting.role.sees_codes()).map_err(|why| trouble(&why))?;
    all.into_iter().find(|report| report.name == name).ok_or(Trouble::NotFound)
}

pub(super) fn trouble(why: &NoReport) -> Trouble {
    match why {
        NoReport::Unknown => Trouble::NotFound,
        // What was refused may quote what was typed, so it is for the visitor alone.
        NoReport::Refused(_) => Trouble::Malformed,
        NoReport::Broken(why) => Trouble::Broken(Error::Report(why.clone())),
    }
}

fn sent<'a>(visit: &'a Visit<'_>, parameter: &str) -> Option<&'a str> {
    visit.sent(&format!("{PARAMETER}{parameter}")).map(str::trim)
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

fn shown(
    visit: &Visit<'_>,
    person: &Person,
    report: &ReportTitle,
    made: Option<&MadeReport>,
    error: Option<&str>,
) -> Result<Reply, Trouble> {
    let parameter = |one: &crate::reports::ReportParameter| {
        let value = sent(visit, &one.name).map(str::to_owned).or_else(|| one.default.clone()).unwrap_or_default();
        context! { field => format!("{PARAMETER}{}", one.name), label => &one.label, kind => one.kind, value, required => one.required }
    };
    let table = made.map(table_of);
    let page = visit.app.templates.render(
        "report.html",
        context! {
            frame => person.frame(), name => &report.name, title => &report.title, about => &report.description,
            parameters => report.parameters.iter().map(parameter).collect::<Vec<_>>(), table, error,
            formats => ReportFormat::ALL.map(ReportFormat::extension), most => SHOWN,
        },
    )?;
    Ok(Reply::page(page).with_status(if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }))
}

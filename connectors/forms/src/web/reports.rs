//! Standard reports over the internal tier, for whoever looks after statistics: choosing one, its parameters, its rows, a file to keep. Values of
//! parameters are sent, never put into an address; that somebody looked is in the audit log.

use axum::http::StatusCode;
use minijinja::{Value, context};

use super::built;
use super::looking::{FORMAT, SHOWN, allowed, note, table_of, trouble};
use super::visit::Person;
use super::{Reply, Trouble, Visit};
use crate::reports::{MadeReport, NoReport, ReportFormat, ReportTitle, Reports};

/// In front of a parameter's name in a form.
const PARAMETER: &str = "p-";

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

fn find(reports: &dyn Reports, person: &Person, name: &str) -> Result<ReportTitle, Trouble> {
    let all = reports.all(person.acting.role.sees_codes()).map_err(|why| trouble(&why))?;
    all.into_iter().find(|report| report.name == name).ok_or(Trouble::NotFound)
}

fn sent<'a>(visit: &'a Visit<'_>, parameter: &str) -> Option<&'a str> {
    visit.sent(&format!("{PARAMETER}{parameter}")).map(str::trim)
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

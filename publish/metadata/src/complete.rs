//! The gate: whatever a tier shows is described in both languages, or the tier is not published.

use catalog::{Column, Table, Text};

use crate::{Described, Error};

/// Refuses a tier in which a dataset, a table, a column or a code has no title, or whose descriptions lack a language. A column needs no
/// description beside its title; if it has one, it has it in both languages.
pub(crate) fn check(described: &Described<'_>) -> Result<(), Error> {
    for dataset in &described.datasets {
        let place = format!("dataset {}", dataset.dataset.name);
        said(&place, "title", &dataset.dataset.title)?;
        said(&place, "description", &dataset.dataset.description)?;
        for shown in &dataset.tables {
            check_table(described, shown.table)?;
        }
    }
    Ok(())
}

fn check_table(described: &Described<'_>, table: &Table) -> Result<(), Error> {
    let place = format!("table {}", table.name);
    said(&place, "title", &table.title)?;
    said(&place, "description", &table.description)?;
    for used in table.visible(described.tier) {
        check_column(described, &format!("{place}, column {}", used.column.name), &used.column)?;
    }
    Ok(())
}

fn check_column(described: &Described<'_>, place: &str, column: &Column) -> Result<(), Error> {
    said(place, "title", &column.title)?;
    if let Some(description) = &column.description {
        said(place, "description", description)?;
    }
    let Some(catalog::Check::Classifier(name)) = &column.check else { return Ok(()) };
    let terms = described.catalog.classifier(name).map(|classifier| classifier.terms.as_slice()).unwrap_or_default();
    terms.iter().try_for_each(|term| said(&format!("{place}, code {} of classifier {name}", term.code), "title", &term.title))
}

fn said(place: &str, what: &'static str, text: &Text) -> Result<(), Error> {
    let missing = [("lt", &text.lt), ("en", &text.en)].into_iter().find(|(_, text)| text.trim().is_empty());
    missing.map_or(Ok(()), |(language, _)| Err(Error::Missing { place: place.to_owned(), what, language }))
}

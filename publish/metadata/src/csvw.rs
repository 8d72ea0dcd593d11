//! `csvw.json`: the CSV files after CSV on the Web (W3C, *Metadata Vocabulary for Tabular Data*, 2015), as one group of tables.
//!
//! A column is called in three ways: as in the file's heading (`und`), in Lithuanian and in English.

use catalog::{Classifier, Kind, MONEY_SCALE, NUMBER_SCALE, SHARE_SCALE};

use crate::object::{Json, Object};
use crate::reference::references;
use crate::shown::{Shown, columns};
use crate::{DataFile, Described, DescribedDataset, DescribedTable, Description, Error};

/// Where it lies in its tier.
pub(crate) const PATH: &str = "csvw.json";

/// The file.
pub(crate) fn describe(described: &Described<'_>) -> Result<Vec<Description>, Error> {
    let tables = described.tables().filter_map(|(dataset, table)| Some(self::table(described, dataset, table, table.file("csv")?)));
    let dialect = Object::new()
        .with("encoding", "utf-8")
        .with("delimiter", ",")
        .with("quoteChar", "\"")
        .with("doubleQuote", true)
        .with("lineTerminators", vec!["\r\n"])
        .with("header", true);
    let publisher = Object::new().with("schema:name", described.publisher.name);
    let group = Object::new()
        .with("@context", vec![Json::from("http://www.w3.org/ns/csvw"), Object::new().with("@language", "lt").into()])
        .with("dc:title", both("VIRSIS atviri duomenys", "VIRSIS open data"))
        .with("dc:license", Object::new().with("@id", described.publisher.licence_url))
        .with("dc:publisher", publisher)
        .with("dc:modified", Object::new().with("@value", described.date.to_string()).with("@type", "xsd:date"))
        .with("lang", "lt")
        .with("dialect", dialect)
        .with("tables", tables.collect::<Vec<_>>());
    Ok(vec![(PATH.to_owned(), group.print(PATH)?)])
}

fn table(described: &Described<'_>, dataset: &DescribedDataset<'_>, table: &DescribedTable<'_>, file: &DataFile) -> Object {
    let shown = columns(described, dataset, table.table);
    // A row without a value refers to nothing, which this standard does not allow.
    let is_required = |column: &str| shown.iter().any(|shown| shown.column.name == column && shown.required);
    let references = references(described, table.table).into_iter().filter(|reference| is_required(reference.column));
    let references = references.filter_map(|reference| {
        let to = Object::new().with("resource", &reference.to.file("csv")?.path).with("columnReference", reference.column);
        Some(Object::new().with("columnReference", reference.column).with("reference", to))
    });
    let schema = Object::new()
        .with("columns", shown.iter().map(column).collect::<Vec<_>>())
        .with_any("primaryKey", table.table.key.iter().map(Json::from).collect::<Vec<_>>())
        .with_any("foreignKeys", references.collect::<Vec<_>>());
    Object::new()
        .with("url", &file.path)
        .with("dc:title", both(&table.table.title.lt, &table.table.title.en))
        .with("dc:description", both(&table.table.description.lt, &table.table.description.en))
        .with("tableSchema", schema)
}

fn column(shown: &Shown<'_>) -> Object {
    let column = shown.column;
    let titles = Object::new().with("und", &column.name).with("lt", &column.title.lt).with("en", &column.title.en);
    let description = column.description.as_ref().map(|text| both(&text.lt, &text.en));
    Object::new()
        .with("name", &column.name)
        .with("titles", titles)
        .with_some("dc:description", description)
        .with_some("schema:unitText", column.unit.as_ref())
        .with("datatype", datatype(shown))
        .with("null", "")
        .with_some("required", shown.required.then_some(true))
}

/// A kind and what its text looks like. A format of a text is a regular expression (ECMAScript), that of a boolean its two words, that of a
/// decimal number a pattern (Unicode Technical Standard 35): all places of its scale, and nothing between digits.
fn datatype(shown: &Shown<'_>) -> Object {
    let base = |base: &str| Object::new().with("base", base);
    let pattern = shown.pattern.map(str::to_owned).or_else(|| shown.few_codes().map(any_code));
    let decimal = |scale: i8| {
        let zero = format!("0.{}", "0".repeat(usize::from(scale.unsigned_abs())));
        let format = Object::new().with("decimalChar", ".").with("pattern", &zero);
        base("decimal").with("format", format).with_some("minimum", shown.is_not_negative().then_some(zero))
    };
    match shown.column.kind {
        Kind::Text => base("string").with_some("format", pattern.map(|pattern| format!("^({pattern})$"))),
        Kind::Integer => base("integer").with_some("minimum", shown.is_not_negative().then_some("0")),
        Kind::Money => decimal(MONEY_SCALE),
        Kind::Share => decimal(SHARE_SCALE),
        Kind::Number => decimal(NUMBER_SCALE),
        Kind::Date => base("date").with("format", "yyyy-MM-dd"),
        Kind::Boolean => base("boolean").with("format", "true|false"),
    }
}

/// A regular expression of the codes of a classifier: letters, digits, `_` and `-`.
fn any_code(classifier: &Classifier) -> String {
    classifier.terms.iter().map(|term| term.code.as_str()).collect::<Vec<_>>().join("|")
}

/// A text in both languages, as JSON-LD has it.
fn both(lt: &str, en: &str) -> Vec<Object> {
    [("lt", lt), ("en", en)].map(|(language, text)| Object::new().with("@value", text).with("@language", language)).into()
}

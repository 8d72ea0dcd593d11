//! `schemas/TABLE.schema.json`: the JSON of each table after JSON Schema (draft 2020-12). The schema is that of the JSON file, an array of rows;
//! a line of the JSON Lines file is one row, which `#/$defs/row` describes.

use catalog::Kind;

use crate::object::{Json, Object};
use crate::shown::{Shown, columns};
use crate::{Described, DescribedDataset, DescribedTable, Description, Error};

/// The files.
pub(crate) fn describe(described: &Described<'_>) -> Result<Vec<Description>, Error> {
    let with_json = described.tables().filter(|(_, table)| has_schema(table));
    with_json.map(|(dataset, table)| Ok((path(table), schema(described, dataset, table).print(&path(table))?))).collect()
}

/// Where the schema of a table lies in its tier.
pub(crate) fn path(table: &DescribedTable<'_>) -> String {
    format!("schemas/{}.schema.json", table.table.subject())
}

/// Whether the table is there as JSON.
pub(crate) fn has_schema(table: &DescribedTable<'_>) -> bool {
    table.file("json").or_else(|| table.file("jsonl")).is_some()
}

fn schema(described: &Described<'_>, dataset: &DescribedDataset<'_>, table: &DescribedTable<'_>) -> Object {
    let shown = columns(described, dataset, table.table);
    let names = || shown.iter().map(|shown| Json::from(&shown.column.name)).collect::<Vec<_>>();
    let properties: Object = shown.iter().map(|shown| (shown.column.name.clone(), property(shown).into())).collect();
    let row = Object::new()
        .with("title", format!("{} (vienas objektas)", table.table.title.lt))
        .with("description", &table.table.description.lt)
        .with("type", "object")
        .with("properties", properties)
        // Whatever is empty is there as null.
        .with("required", names())
        .with("additionalProperties", false);
    Object::new()
        .with("$schema", "https://json-schema.org/draft/2020-12/schema")
        .with_some("$id", described.latest.as_ref().map(|_| described.latest_address(&path(table))))
        .with("title", &table.table.title.lt)
        .with("description", explanation(table))
        .with("type", "array")
        .with("items", Object::new().with("$ref", "#/$defs/row"))
        .with("$defs", Object::new().with("row", row))
}

/// Which file the schema is of, in both languages.
fn explanation(table: &DescribedTable<'_>) -> String {
    let subject = table.table.subject();
    format!(
        "Failas {subject}.json: objektų masyvas. Failo {subject}.jsonl kiekvieną eilutę aprašo „#/$defs/row“. \
         {} | {}: the file {subject}.json, an array of objects; “#/$defs/row” describes each line of {subject}.jsonl. {}",
        table.table.description.lt, table.table.title.en, table.table.description.en
    )
}

fn property(shown: &Shown<'_>) -> Object {
    let column = shown.column;
    let kind = match column.kind {
        Kind::Text | Kind::Date => "string",
        Kind::Integer => "integer",
        Kind::Money | Kind::Share | Kind::Number => "number",
        Kind::Boolean => "boolean",
    };
    let kinds = if shown.required { Json::from(kind) } else { vec![kind, "null"].into() };
    let codes = shown.few_codes().map(|classifier| {
        let codes = classifier.terms.iter().map(|term| Json::from(&term.code));
        codes.chain((!shown.required).then(|| serde_json::Value::Null.into())).collect::<Vec<_>>()
    });
    Object::new()
        .with("title", &column.title.lt)
        .with("description", description(shown))
        .with("type", kinds)
        .with_some("format", (column.kind == Kind::Date).then_some("date"))
        .with_some("pattern", shown.pattern.map(|pattern| format!("^({pattern})$")))
        .with_some("enum", codes)
        .with_some("minimum", shown.is_not_negative().then_some(0_u64))
}

/// Both titles, what they cannot say, and the unit.
fn description(shown: &Shown<'_>) -> String {
    let column = shown.column;
    let unit = column.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    let more = |text: Option<&str>| text.map(|text| format!(": {text}")).unwrap_or_default();
    let (lt, en) = (more(shown.description(|text| &text.lt)), more(shown.description(|text| &text.en)));
    format!("{}{unit}{lt} | {}{unit}{en}", column.title.lt, column.title.en)
}

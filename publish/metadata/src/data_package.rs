//! `datapackage.json`: the CSV files as a Data Package (datapackage.org, version 2.0) that is a Tabular Data Package of version 1 as well.
//!
//! The versions do not exclude each other: what only one of them knows (`$schema`, `roles`, `categories`; `profile`, `role`) the other passes
//! over. Paths are relative to the file's own folder.

use catalog::{Check, Kind, Term};

use crate::object::{Json, Object};
use crate::reference::references;
use crate::shown::{Shown, columns};
use crate::{DataFile, Described, DescribedDataset, DescribedTable, Description, Error};

/// Where it lies in its tier.
pub(crate) const PATH: &str = "datapackage.json";
/// Where its standard lies.
const PROFILES: &str = "https://datapackage.org/profiles/2.0";
/// The classifier of systems that rows come from.
const SOURCES: &str = "saltiniai";

/// The file.
pub(crate) fn describe(described: &Described<'_>) -> Result<Vec<Description>, Error> {
    let resources = described.tables().filter_map(|(dataset, table)| Some(resource(described, dataset, table, table.file("csv")?)));
    let publisher = &described.publisher;
    let licence = Object::new()
        .with_some("name", licence_name(publisher.licence))
        .with("path", publisher.licence_url)
        .with("title", publisher.licence);
    let (email, page) = contact(publisher.contact);
    let contributor = Object::new()
        .with("title", publisher.name)
        .with_some("path", page)
        .with_some("email", email)
        .with("role", "publisher")
        .with("roles", vec!["publisher"])
        .with("organization", publisher.name);
    let package = Object::new()
        .with("$schema", format!("{PROFILES}/datapackage.json"))
        .with("profile", "tabular-data-package")
        .with("name", format!("virsis-{}", described.tier))
        .with_some("id", described.lasting_address(PATH))
        .with("title", "VIRSIS atviri duomenys: kas Lietuvoje rengia ir skleidžia viešąją informaciją")
        .with("title_en", "VIRSIS open data: who makes and spreads public information in Lithuania")
        .with(
            "description",
            described.with_notice("Visos laidos lentelės CSV formatu. Tekstas, kurį skaičiuoklė palaikytų formule, CSV failuose prasideda apostrofu; JSON ir Parquet failuose jo nėra."),
        )
        .with(
            "description_en",
            described.with_notice("All tables of a release as CSV. A text that a spreadsheet would take for a formula begins with an apostrophe in CSV files, and has none in JSON and Parquet."),
        )
        .with_some("homepage", described.latest.as_ref())
        .with("version", &described.release)
        .with("created", format!("{}T00:00:00Z", described.date))
        .with("keywords", vec!["VIRSIS", "žiniasklaida", "media ownership", "Lietuva"])
        .with("licenses", vec![licence])
        .with("contributors", vec![contributor])
        .with_any("sources", sources(described, described.tables().flat_map(|(_, table)| &table.table.sources)))
        .with("resources", resources.collect::<Vec<_>>());
    Ok(vec![(PATH.to_owned(), package.print(PATH)?)])
}

fn resource(described: &Described<'_>, dataset: &DescribedDataset<'_>, table: &DescribedTable<'_>, file: &DataFile) -> Object {
    let dialect = Object::new()
        .with("header", true)
        .with("delimiter", ",")
        .with("lineTerminator", "\r\n")
        .with("quoteChar", "\"")
        .with("doubleQuote", true)
        .with("skipInitialSpace", false);
    Object::new()
        .with("name", table.table.subject())
        .with("profile", "tabular-data-resource")
        .with("type", "table")
        .with("path", &file.path)
        .with("title", &table.table.title.lt)
        .with("title_en", &table.table.title.en)
        .with("description", &table.table.description.lt)
        .with("description_en", &table.table.description.en)
        .with("format", "csv")
        .with("mediatype", "text/csv")
        .with("encoding", "utf-8")
        .with("bytes", file.bytes)
        .with("hash", format!("sha256:{}", file.sha256))
        .with("rows", table.rows)
        .with("dialect", dialect)
        .with_any("sources", sources(described, &table.table.sources))
        .with("schema", schema(described, dataset, table))
}

fn schema(described: &Described<'_>, dataset: &DescribedDataset<'_>, table: &DescribedTable<'_>) -> Object {
    let shown = columns(described, dataset, table.table);
    let key = &table.table.key;
    // A primary key has no empty cells, a unique key may have some.
    let is_primary = !key.is_empty() && shown.iter().filter(|shown| key.contains(&shown.column.name)).all(|shown| shown.required);
    let single = |shown: &Shown<'_>| key.len() == 1 && key[0] == shown.column.name;
    let references = references(described, table.table).into_iter().filter(|reference| reference.to.file("csv").is_some());
    let foreign = references.map(|reference| {
        let to = Object::new().with("resource", reference.to.table.subject()).with("fields", vec![reference.column]);
        Object::new().with("fields", vec![reference.column]).with("reference", to)
    });
    Object::new()
        .with("fields", shown.iter().map(|shown| field(shown, single(shown))).collect::<Vec<_>>())
        .with("missingValues", vec![""])
        .with_any("primaryKey", if is_primary { key.iter().map(Json::from).collect::<Vec<_>>() } else { Vec::new() })
        .with_any(
            "uniqueKeys",
            if is_primary || key.is_empty() { Vec::new() } else { vec![key.iter().map(Json::from).collect::<Vec<_>>()] },
        )
        .with_any("foreignKeys", foreign.collect::<Vec<_>>())
}

fn field(shown: &Shown<'_>, is_key: bool) -> Object {
    let column = shown.column;
    let codes = shown.few_codes().map(|classifier| classifier.terms.as_slice()).unwrap_or_default();
    let classifier = column.check.as_ref().and_then(|check| if let Check::Classifier(name) = check { Some(name) } else { None });
    let category = |term: &Term| Object::new().with("value", &term.code).with("label", &term.title.lt);
    let constraints = Object::new()
        .with_some("required", shown.required.then_some(true))
        .with_some("unique", is_key.then_some(true))
        .with_some("pattern", shown.pattern)
        .with_any("enum", codes.iter().map(|term| Json::from(&term.code)).collect::<Vec<_>>())
        .with_some("minimum", shown.is_not_negative().then(|| Json::from(0_u64)));
    let typed = match column.kind {
        Kind::Text => Object::new().with("name", &column.name).with("type", "string"),
        Kind::Integer => Object::new().with("name", &column.name).with("type", "integer").with("bareNumber", true),
        Kind::Money | Kind::Share | Kind::Number => {
            Object::new().with("name", &column.name).with("type", "number").with("decimalChar", ".").with("bareNumber", true)
        }
        Kind::Date => Object::new().with("name", &column.name).with("type", "date"),
        Kind::Boolean => Object::new()
            .with("name", &column.name)
            .with("type", "boolean")
            .with("trueValues", vec!["true"])
            .with("falseValues", vec!["false"]),
    };
    typed
        .with("format", "default")
        .with("title", &column.title.lt)
        .with("title_en", &column.title.en)
        .with_some("description", shown.description(|text| &text.lt))
        .with_some("description_en", shown.description(|text| &text.en))
        .with_some("unit", column.unit.as_ref())
        .with_some("classifier", classifier)
        .with_any("categories", codes.iter().map(category).collect::<Vec<_>>())
        .with_any("constraints", constraints)
}

/// The systems with these codes, each once.
fn sources<'a>(described: &Described<'_>, codes: impl IntoIterator<Item = &'a String>) -> Vec<Object> {
    let named: Vec<&String> = codes.into_iter().collect();
    let known = described.catalog.classifier(SOURCES).map(|classifier| classifier.terms.as_slice()).unwrap_or_default();
    let named = known.iter().filter(|term| named.contains(&&term.code));
    named.map(|term| Object::new().with("title", &term.title.lt).with("title_en", &term.title.en)).collect()
}

/// A licence as Open Definition spells it; none where that cannot be a name.
fn licence_name(licence: &str) -> Option<String> {
    let name = licence.replace(' ', "-");
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// The contact as an e-mail address or as a web address.
pub(crate) fn contact(contact: Option<&str>) -> (Option<&str>, Option<&str>) {
    let is_page = |contact: &&str| contact.starts_with("https://") || contact.starts_with("http://");
    (contact.filter(|contact| !is_page(contact)), contact.filter(is_page))
}

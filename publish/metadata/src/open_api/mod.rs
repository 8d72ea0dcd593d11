//! `openapi.json`: the files of the tier as an interface that is only read (OpenAPI 3.1). Rows are described by the schema of their table, beside it.

mod operation;

use catalog::{SHOWN_SINCE, Tier};

use crate::names::LLMS;
use crate::object::{Json, Object};
use crate::{Described, DescribedTable, Description, Error, csvw, data_package, dsa, json_schema};
use operation::{Operation, media_type, of_table, parameter};

/// Where it lies in its tier.
pub(crate) const PATH: &str = "openapi.json";
/// The table whose rows have a page and a JSON file each.
pub(crate) const PRODUCERS: &str = "out_virs";

/// The file.
pub(crate) fn describe(described: &Described<'_>) -> Result<Vec<Description>, Error> {
    let publisher = &described.publisher;
    let (email, page) = data_package::contact(publisher.contact);
    let contact = Object::new().with("name", publisher.name).with_some("email", email).with_some("url", page);
    let info = Object::new()
        .with("title", format!("VIRSIS open data, tier “{}”", described.tier))
        .with("summary", "Files of the latest release, read by plain GET requests.")
        .with(
            "description",
            "There is no server behind it: files of a folder. The same files are at the address of each release, where they stay as they are, but for lawful removals of persons.",
        )
        .with("contact", contact)
        .with("license", Object::new().with("name", publisher.licence).with("url", publisher.licence_url))
        .with("version", &described.release);
    let schemas: serde_json::Value = serde_json::from_str(include_str!("components.json")).map_err(Error::print(PATH))?;
    let openapi = Object::new()
        .with("openapi", "3.1.0")
        .with("info", info)
        .with("servers", vec![Object::new().with("url", described.latest.as_deref().unwrap_or("."))])
        .with("tags", tags(described))
        .with(
            "paths",
            operations(described).into_iter().map(|operation| (format!("/{}", operation.path), operation.json())).collect::<Object>(),
        )
        .with("components", Object::new().with("schemas", Json::Value(schemas)));
    Ok(vec![(PATH.to_owned(), openapi.print(PATH)?)])
}

/// One for each dataset, and one for what is beside them.
fn tags(described: &Described<'_>) -> Vec<Object> {
    let datasets = described.datasets.iter().map(|dataset| {
        let dataset = dataset.dataset;
        Object::new().with("name", &dataset.name).with("description", format!("{} | {}", dataset.title.lt, dataset.title.en))
    });
    let beside = [
        ("release", "What there is in the release."),
        ("changes", "What changed between releases."),
        ("portal", "The portal's own files."),
    ];
    let beside = beside.map(|(name, description)| Object::new().with("name", name).with("description", description));
    beside.into_iter().chain(datasets).collect()
}

/// Everything that can be read, each once.
fn operations(described: &Described<'_>) -> Vec<Operation> {
    let mut all = vec![
        Operation::new("manifest.json", "release", "Which files there are, and how current the sources are", "application/json")
            .with_schema("#/components/schemas/Manifest"),
    ];
    all.extend(descriptions(described));
    all.extend(
        described.whole.iter().map(|file| Operation::new(&file.path, "release", "All tables in one file", media_type(file.extension()))),
    );
    let others = described.datasets.iter().flat_map(|dataset| dataset.others.iter().map(move |file| (dataset, file)));
    all.extend(others.map(|(dataset, file)| {
        let summary = format!("{}, in a format of other systems", dataset.dataset.title.en);
        Operation::new(&file.path, &dataset.dataset.name, &summary, media_type(file.extension()))
    }));
    if described.tables().any(|(_, table)| is_history(table)) {
        all.extend(changes(described));
    }
    for (dataset, table) in described.tables() {
        all.extend(table.files.iter().map(|file| of_table(dataset, table, file)));
    }
    if described.tier != Tier::Internal {
        all.extend(portal(described));
    }
    all
}

/// The descriptions themselves.
fn descriptions(described: &Described<'_>) -> Vec<Operation> {
    let with_schema: Vec<&str> =
        described.tables().filter(|(_, table)| json_schema::has_schema(table)).map(|(_, table)| table.table.subject()).collect();
    let table = parameter("table", "A table.", Object::new().with("type", "string").with("enum", with_schema));
    vec![
        Operation::new(PATH, "release", "This description", "application/json"),
        Operation::new(data_package::PATH, "release", "The CSV files as a Data Package", "application/json"),
        Operation::new(csvw::PATH, "release", "The CSV files after CSV on the Web", "application/csvm+json"),
        Operation::new(dsa::PATH, "release", "The manifest of Lithuania's data catalogue (DSA 1.1)", "text/csv"),
        Operation::new(LLMS, "release", "What there is, for language models", "text/plain"),
        Operation::new("schemas/{table}.schema.json", "release", "JSON Schema of the rows of a table", "application/schema+json")
            .with_parameter(table),
    ]
}

fn changes(described: &Described<'_>) -> Vec<Operation> {
    // A history is called as its table, with an ending.
    let remembered =
        described.tables().filter(|(_, table)| is_history(table)).filter_map(|(_, table)| table.table.subject().split_once("__"));
    let tables: Vec<&str> = remembered.map(|(table, _)| table).collect();
    let window = parameter("window", "Within which time.", Object::new().with("$ref", "#/components/schemas/Window"));
    let table = parameter("table", "A table with a history.", Object::new().with("type", "string").with("enum", tables));
    let rows = |extension: &str, summary: &str| {
        Operation::new(&format!("pokyciai/{{window}}/{{table}}.{extension}"), "changes", summary, media_type(extension))
            .with_parameter(window.clone())
            .with_parameter(table.clone())
            .maybe_missing("Nothing changed within that time.")
    };
    vec![
        Operation::new("pokyciai/index.json", "changes", "Which histories and changes there are", "application/json")
            .with_schema("#/components/schemas/ChangesIndex"),
        rows("csv", "Rows that came, changed or went, as CSV"),
        rows("jsonl", "Rows that came, changed or went, as JSON Lines"),
        rows("parquet", "Rows that came, changed or went, as Parquet"),
    ]
}

fn portal(described: &Described<'_>) -> Vec<Operation> {
    let code =
        parameter("ja_kodas", "Code of the legal entity.", Object::new().with("type", "string").with("pattern", "^([0-9]{9}|[0-9]{7})$"));
    let beginning =
        parameter("beginning", "The beginning of a word; those there are stand in the index.", Object::new().with("type", "string"));
    let producer = Operation::new("virs/{ja_kodas}.json", "portal", "What is published about one VIRS", "application/json")
        .with_schema("#/components/schemas/Producer")
        .with_parameter(code)
        .maybe_missing("The tier has no VIRS with this code.");
    let search = [
        Operation::new("paieska.json", "portal", "What can be found, and in which files", "application/json")
            .with_schema("#/components/schemas/SearchIndex"),
        Operation::new("paieska/{beginning}.json", "portal", "What is found by words that begin so", "application/json")
            .with_schema("#/components/schemas/SearchHits")
            .with_parameter(beginning)
            .maybe_missing("No word begins so."),
    ];
    let has_producers = described.tables().any(|(_, table)| table.table.name == PRODUCERS);
    has_producers.then_some(producer).into_iter().chain(search).collect()
}

/// Whether the rows of a table are those that releases showed of another.
pub(crate) fn is_history(table: &DescribedTable<'_>) -> bool {
    table.table.column(SHOWN_SINCE).is_some()
}

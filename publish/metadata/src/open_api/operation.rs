//! One thing that can be read: a path, what comes back, and what may be filled in.

use crate::json_schema;
use crate::object::{Json, Object};
use crate::{DataFile, DescribedDataset, DescribedTable};

/// A GET request without a body.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    /// Its path, without a slash before it.
    pub(super) path: String,
    tag: String,
    summary: String,
    media_type: &'static str,
    schema: Option<Object>,
    parameters: Vec<Object>,
    missing: Option<&'static str>,
}

impl Operation {
    /// A file that is always there.
    pub(super) fn new(path: &str, tag: &str, summary: &str, media_type: &'static str) -> Self {
        Self {
            path: path.to_owned(),
            tag: tag.to_owned(),
            summary: summary.to_owned(),
            media_type,
            schema: None,
            parameters: Vec::new(),
            missing: None,
        }
    }

    /// What the schema at this address describes.
    pub(super) fn with_schema(mut self, reference: &str) -> Self {
        self.schema = Some(Object::new().with("$ref", reference));
        self
    }

    /// One of several files.
    pub(super) fn with_parameter(mut self, parameter: Object) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// A file that may not be there, and what that means.
    pub(super) fn maybe_missing(mut self, why: &'static str) -> Self {
        self.missing = Some(why);
        self
    }

    /// The path item.
    pub(super) fn json(self) -> Json {
        let content = Object::new().with(self.media_type, Object::new().with_some("schema", self.schema));
        let found = Object::new().with("description", "The file.").with("content", content);
        let missing = self.missing.map(|why| Object::new().with("description", why));
        let get = Object::new()
            .with("operationId", operation_id(&self.path))
            .with("tags", vec![self.tag])
            .with("summary", self.summary)
            .with_any("parameters", self.parameters)
            .with("responses", Object::new().with("200", found).with_some("404", missing));
        Object::new().with("get", get).into()
    }
}

/// A file with rows of a table.
pub(super) fn of_table(dataset: &DescribedDataset<'_>, table: &DescribedTable<'_>, file: &DataFile) -> Operation {
    let extension = file.extension();
    let format = match extension {
        "csv" => "CSV",
        "json" => "JSON",
        "jsonl" => "JSON Lines",
        "parquet" => "Parquet",
        other => other,
    };
    let title = &table.table.title;
    let operation =
        Operation::new(&file.path, &dataset.dataset.name, &format!("{} | {}: {format}", title.lt, title.en), media_type(extension));
    // A media type of lines has no schema of the whole: the schema of a line stands in the JSON Schema of the table.
    if extension == "json" { operation.with_schema(&json_schema::path(table)) } else { operation }
}

/// What is filled into a path.
pub(super) fn parameter(name: &str, description: &str, schema: Object) -> Object {
    Object::new().with("name", name).with("in", "path").with("required", true).with("description", description).with("schema", schema)
}

/// The media type of files with this extension.
pub(super) fn media_type(extension: &str) -> &'static str {
    match extension {
        "csv" => "text/csv",
        "json" => "application/json",
        "jsonl" => "application/jsonl",
        "parquet" => "application/vnd.apache.parquet",
        "sqlite" => "application/vnd.sqlite3",
        _ => "application/octet-stream",
    }
}

/// A name that is a name in every language for which a client may be generated.
fn operation_id(path: &str) -> String {
    let plain = path.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' });
    format!("get_{}", plain.collect::<String>().trim_matches('_'))
}

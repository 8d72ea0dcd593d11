//! Properties of a model and the columns they fill; cells of an object, in the order the properties are asked for.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder, new_null_array};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;
use catalog::Table;
use serde_json::{Map, Value};

use crate::UapiModel;
use crate::files::{EXACT, plain};
use crate::http::Problem;

/// A JSON object.
pub(super) type Object = Map<String, Value>;
/// The cells of an object, one for each property.
pub(super) type Cells = Vec<Option<Box<str>>>;

/// A row for each object that some row refers to, by the reference and that object's `_id`.
#[derive(Debug)]
pub(super) struct Known(HashMap<(String, Box<str>), Cells>);

/// What is asked for, and where it goes.
#[derive(Debug)]
pub(super) struct Fields {
    /// Paths of properties; after those the model names, the `_id` of every object they refer to.
    pub(super) properties: Vec<String>,
    /// For each column of the raw table, the property that fills it.
    columns: Vec<Option<usize>>,
    schema: SchemaRef,
}

impl Fields {
    pub(super) fn new(model: &UapiModel, table: &Table) -> Self {
        let schema = table.raw_schema();
        let columns = schema.fields().iter().map(|field| model.properties.iter().position(|(_, column)| column == field.name())).collect();
        let mut properties: Vec<String> = model.properties.iter().map(|(property, _)| (*property).to_owned()).collect();
        for reference in
            model.properties.iter().filter_map(|(property, _)| property.split_once('.')).map(|(reference, _)| identity(reference))
        {
            if !properties.contains(&reference) {
                properties.push(reference);
            }
        }
        Self { properties, columns, schema }
    }

    /// Cells of an object as it is read.
    pub(super) fn cells(&self, object: &Object) -> Result<Cells, Problem> {
        self.properties.iter().map(|property| Ok(find(object, property)?.flatten())).collect()
    }

    /// Changes cells as the log of changes says; `false` if it does not say enough.
    ///
    /// The log names a referenced object by its `_id` only; what else is needed of it is taken from a row that refers to it too.
    pub(super) fn change(&self, cells: &mut Cells, delta: &Object, known: &Known) -> Result<bool, Problem> {
        for (at, property) in self.properties.iter().enumerate() {
            if let Some(cell) = find(delta, property)? {
                cells[at] = cell;
                continue;
            }
            let Some((reference, _)) = property.split_once('.').filter(|(reference, _)| delta.contains_key(*reference)) else { continue };
            let id = find(delta, &identity(reference))?.flatten();
            match id.and_then(|id| known.0.get(&(reference.to_owned(), id))) {
                Some(row) => cells[at].clone_from(&row[at]),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// What rows tell of the objects they refer to.
    pub(super) fn known<'a>(&self, rows: impl Iterator<Item = &'a Cells>) -> Known {
        let references: Vec<_> =
            self.properties.iter().enumerate().filter_map(|(at, property)| Some((at, property.strip_suffix("._id")?))).collect();
        let mut known = HashMap::new();
        for cells in rows {
            for (at, reference) in &references {
                if let Some(id) = &cells[*at] {
                    known.entry(((*reference).to_owned(), id.clone())).or_insert_with(|| cells.clone());
                }
            }
        }
        Known(known)
    }

    /// Rows as the raw table has them.
    pub(super) fn batch<'a>(&self, rows: impl ExactSizeIterator<Item = &'a Cells> + Clone) -> Result<RecordBatch, ArrowError> {
        let column = |property: &Option<usize>| -> ArrayRef {
            let Some(property) = *property else { return new_null_array(&DataType::Utf8, rows.len()) };
            let mut builder = StringBuilder::with_capacity(rows.len(), 0);
            rows.clone().for_each(|cells| builder.append_option(cells[property].as_deref()));
            Arc::new(builder.finish())
        };
        RecordBatch::try_new(self.schema.clone(), self.columns.iter().map(column).collect())
    }
}

fn identity(reference: &str) -> String {
    format!("{reference}._id")
}

/// The value at a path as text; `None` if nothing is said of it, `Some(None)` if it is said to be empty.
#[expect(clippy::option_option, reason = "unsaid and empty are different things in a log of changes")]
fn find(object: &Object, path: &str) -> Result<Option<Option<Box<str>>>, Problem> {
    let mut value = object;
    let mut path = path;
    while let Some((first, rest)) = path.split_once('.') {
        match value.get(first) {
            None => return Ok(None),
            Some(Value::Null) => return Ok(Some(None)),
            Some(Value::Object(inner)) => (value, path) = (inner, rest),
            Some(_) => return Err(Problem::Protocol { found: "a plain value where an object should be" }),
        }
    }
    value.get(path).map(text).transpose()
}

fn text(value: &Value) -> Result<Option<Box<str>>, Problem> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(tidied(text)),
        Value::Number(number) => {
            let found = "a number with more digits than can be read exactly";
            let is_exact = number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|number| number.abs() < EXACT);
            let text = plain(&number.to_string()).filter(|_| is_exact);
            Ok(Some(text.ok_or(Problem::Protocol { found })?.into()))
        }
        Value::Bool(truth) => Ok(Some(truth.to_string().into())),
        Value::Array(_) | Value::Object(_) => Err(Problem::Protocol { found: "an object where a plain value should be" }),
    }
}

/// Text as it is kept; empty text is no text.
pub(super) fn tidied(text: &str) -> Option<Box<str>> {
    Some(catalog::tidy(text)).filter(|text| !text.is_empty()).map(|text| text.into_owned().into())
}

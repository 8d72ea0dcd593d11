//! One page of objects, as JSON Lines or CSV. Both end with a line end; what does not was cut off, whatever the status says.

use serde::Deserialize;
use serde_json::Value;

use super::dialect::{Dialect, PAGE};
use super::fields::{Cells, Fields, Object, tidied};
use crate::http::Problem;
use crate::splitting::{Next, Splitter};

/// What pages are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON Lines.
    #[default]
    Jsonl,
    /// CSV.
    Csv,
}

/// An object of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its revision.
    pub(super) revision: Box<str>,
    /// Its cells, as [`Fields::properties`] has them.
    pub(super) cells: Cells,
}

/// Some objects by their `_id`, and the way to the next ones.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) rows: Vec<(String, Row)>,
    pub(super) next: Option<String>,
}

impl Format {
    /// What to ask for.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Jsonl => "application/x-json-stream",
            Self::Csv => "text/csv",
        }
    }

    /// Takes a page apart.
    pub(super) fn parse(self, dialect: Dialect, fields: &Fields, bytes: &[u8]) -> Result<Page, Problem> {
        match self {
            Self::Jsonl => parse_jsonl(dialect, fields, bytes),
            Self::Csv => parse_csv(dialect, fields, bytes),
        }
    }
}

/// The objects of JSON Lines, one after the other.
pub(super) fn objects(bytes: &[u8]) -> Result<impl Iterator<Item = Result<Object, Problem>>, Problem> {
    if bytes.last().is_some_and(|last| *last != b'\n') {
        return Err(Problem::Cut { found: "its last line has no end" });
    }
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    Ok(lines.map(|line| serde_json::from_slice(line).map_err(|_| Problem::Cut { found: "a line is no whole object" })))
}

/// Takes a text out of an object.
pub(super) fn take(object: &mut Object, name: &str) -> Result<String, Problem> {
    match object.remove(name) {
        Some(Value::String(text)) => Ok(text),
        // An error in the middle of a stream looks like this, too.
        _ => Err(Problem::Cut { found: "a line that is no object of this model" }),
    }
}

fn parse_jsonl(dialect: Dialect, fields: &Fields, bytes: &[u8]) -> Result<Page, Problem> {
    let mut page = Page::default();
    for object in objects(bytes)? {
        let mut object = object?;
        let id = take(&mut object, "_id")?;
        let revision = take(&mut object, dialect.revision())?.into();
        // Only the last line has it, but nobody promises that.
        page.next = match object.get(PAGE).and_then(|next| next.get("next")) {
            Some(Value::String(next)) => Some(next.clone()),
            _ => page.next,
        };
        page.rows.push((id, Row { revision, cells: fields.cells(&object)? }));
    }
    Ok(page)
}

fn parse_csv(dialect: Dialect, fields: &Fields, bytes: &[u8]) -> Result<Page, Problem> {
    if bytes.is_empty() {
        return Err(Problem::Cut { found: "not even a heading line" });
    }
    if bytes.last() != Some(&b'\n') {
        return Err(Problem::Cut { found: "its last line has no end" });
    }
    let bad = |found| Problem::Cut { found };
    let Ok(text) = std::str::from_utf8(bytes) else { return Err(bad("it is no text in UTF-8")) };
    let mut lines = Splitter::new(text.as_bytes(), b',', b'\n');
    let Some(headings) = next_line(&mut lines)? else { return Err(bad("not even a heading line")) };
    // Which columns there are depends on the request, and their order on the server.
    let place = |name: &str| headings.iter().position(|heading| heading == name);
    let needed = |name: &str| place(name).ok_or(Problem::Protocol { found: "a heading line without a heading that was asked for" });
    let (id, revision, next) = (needed("_id")?, needed(dialect.revision())?, place("_page.next"));
    let places = fields.properties.iter().map(|property| needed(property)).collect::<Result<Vec<_>, _>>()?;
    let mut page = Page::default();
    while let Some(line) = next_line(&mut lines)? {
        if line.len() != headings.len() {
            return Err(bad("a line has not as many fields as the heading line"));
        }
        let cell = |at: usize| tidied(&line[at]);
        let (Some(id), Some(revision)) = (cell(id), cell(revision)) else {
            return Err(bad("a line that is no object of this model"));
        };
        page.next = next.and_then(cell).map(Into::into).or(page.next);
        page.rows.push((id.into(), Row { revision, cells: places.iter().map(|at| cell(*at)).collect() }));
    }
    Ok(page)
}

/// The fields of the next line; `None` after the last.
fn next_line(lines: &mut Splitter<&[u8]>) -> Result<Option<Vec<String>>, Problem> {
    match lines.next() {
        Ok(Next::Row) => {
            let field = |range: std::ops::Range<usize>| String::from_utf8_lossy(&lines.bytes()[range]).into_owned();
            Ok(Some(lines.fields().map(field).collect()))
        }
        Ok(Next::End) => Ok(None),
        Ok(Next::Damaged | Next::Endless) | Err(_) => Err(Problem::Cut { found: "a quotation mark of a line is not where one may be" }),
    }
}

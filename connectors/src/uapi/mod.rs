//! The state data API (get.data.gov.lt), as Spinta serves it.
//!
//! The first night reads a model page by page. Later nights ask whether the entity tag is still the same, then read the log of
//! changes and apply it to a mirror of the rows. Whenever these do not fit together, everything is read again.
//! Objects come in the order of their `_id`, so both ways give the same rows in the same order.

mod bookmark;
mod changes;
mod dialect;
mod fields;
mod mirror;
mod page;
mod source;
mod token;

use std::collections::btree_map;

use serde::Deserialize;

use crate::Error;
use crate::http::{Http, HttpSettings};
use crate::transport::{Batch, Fetched, Memory, Request, Rows, Transport};
use bookmark::Bookmark;
use changes::News;
use fields::{Cells, Fields};
use page::Row;
use source::{Snapshot, Source};
use token::Tokens;

pub use dialect::Dialect;
pub use page::Format;
pub use token::ClientSettings;

/// Rows in one batch.
const BATCH_ROWS: usize = 16_384;
/// Names in the memory: what was asked, the entity tag, the last change, the mirror.
const ASKED: &str = "asked";
const ETAG: &str = "etag";
const CHANGE: [&str; 3] = ["change", "change_id", "change_revision"];
const MIRROR: &str = "mirror";

/// Where the data API is, and how it is asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UapiSettings {
    /// Scheme and host.
    pub address: String,
    /// How requests are spelt.
    pub dialect: Dialect,
    /// Version of the dataset, where the dialect has one.
    pub version: String,
    /// What pages are written in.
    pub format: Format,
    /// Objects, or changes, in one page.
    pub page_rows: u32,
    /// Who we are; without it only open data can be read.
    pub client: Option<ClientSettings>,
    /// Patience, bounds and trust.
    pub http: HttpSettings,
}

impl Default for UapiSettings {
    fn default() -> Self {
        Self {
            address: "https://get.data.gov.lt".to_owned(),
            dialect: Dialect::default(),
            version: "1".to_owned(),
            format: Format::default(),
            page_rows: 5000,
            client: None,
            http: HttpSettings::default(),
        }
    }
}

/// Reads extracts from the data API.
#[derive(Debug)]
pub struct Uapi {
    settings: UapiSettings,
    http: Http,
    tokens: Option<Tokens>,
}

impl Uapi {
    /// Prepares to read; connects to nothing.
    ///
    /// # Errors
    /// A file of the settings cannot be used.
    pub fn new(settings: &UapiSettings) -> Result<Self, Error> {
        Ok(Self::with_http(settings, Http::new(&settings.http)?))
    }

    fn with_http(settings: &UapiSettings, http: Http) -> Self {
        let tokens = settings.client.clone().map(|client| Tokens::new(client, &settings.address));
        Self { settings: settings.clone(), http, tokens }
    }
}

impl Transport for Uapi {
    fn name(&self) -> &'static str {
        "uapi"
    }

    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        let Some(model) = &request.extract.uapi else {
            return Err(Error::NotOffered { source_name: request.source, file: request.extract.file });
        };
        let collection = self.settings.dialect.collection(&self.settings.address, &self.settings.version, model.model);
        let source = Source { uapi: self, name: request.source, collection, deadline: request.deadline };
        let fields = Fields::new(model, request.table);
        let asked = format!("{} {}", source.collection, fields.properties.join(","));
        let mirrored = mirror::is_allowed(request.table);
        let remembered = request.memory.and_then(|memory| Remembered::read(memory, &asked));
        // A mirror from before a column was known to be personal is not read any more, and goes.
        let remembered = remembered.map(|known| Remembered { mirror: known.mirror.filter(|_| mirrored), ..known });
        mirror::clear(request.folder, remembered.as_ref().and_then(|remembered| remembered.mirror.as_deref()));

        let (snapshot, next) = match remembered.map(|remembered| catch_up(&source, &fields, request, remembered)).transpose()? {
            Some(Caught::Unchanged) => return Ok(Fetched::Unchanged),
            Some(Caught::Rows(snapshot, next)) => (snapshot, next),
            Some(Caught::Not) | None => {
                // Before the objects: a change in between is then found in the log next time.
                let (change, etag) = source.last_change()?;
                (source.read_all(&fields)?, Remembered { etag, change, mirror: None })
            }
        };
        let mirror = match next.mirror {
            None if mirrored => Some(mirror::write(request.folder, &snapshot)?),
            mirror => mirror,
        };
        let memory = Remembered { mirror, ..next }.write(asked);
        Ok(Fetched::Rows(Box::new(UapiRows { fields, rows: snapshot.into_iter(), given: 0, memory })))
    }
}

/// How far the memory led.
enum Caught {
    Unchanged,
    /// These are the rows, changed or not.
    Rows(Snapshot, Remembered),
    /// Everything must be read.
    Not,
}

fn catch_up(source: &Source<'_>, fields: &Fields, request: &Request<'_>, remembered: Remembered) -> Result<Caught, Error> {
    let mirror = |hash: Option<&String>| hash.and_then(|hash| mirror::read(request.folder, hash, fields.properties.len()));
    let unchanged = |remembered: Remembered| {
        if !request.rows_needed {
            return Caught::Unchanged;
        }
        let Some(snapshot) = mirror(remembered.mirror.as_ref()) else { return Caught::Not };
        tracing::info!(source = request.source, table = request.extract.table, "nothing changed, rows come out of the mirror");
        Caught::Rows(snapshot, remembered)
    };
    if let Some(etag) = &remembered.etag
        && source.is_unchanged(etag)?
    {
        return Ok(unchanged(remembered));
    }
    let Some(bookmark) = &remembered.change else { return Ok(Caught::Not) };
    let (changes, bookmark) = match changes::since(source, bookmark)? {
        News::None => return Ok(unchanged(remembered)),
        News::Lost => {
            tracing::info!(source = request.source, table = request.extract.table, "the log of changes began anew: reading everything");
            return Ok(Caught::Not);
        }
        News::Changes(changes, bookmark) => (changes, bookmark),
    };
    let Some(mut snapshot) = mirror(remembered.mirror.as_ref()) else { return Ok(Caught::Not) };
    tracing::info!(source = request.source, table = request.extract.table, changes = changes.len(), "applying changes");
    let applied = changes::apply(fields, &mut snapshot, changes).map_err(|problem| source.failed(problem))?;
    // The count is the proof that nothing was missed.
    if !applied || source.count()? != snapshot.len() as u64 {
        tracing::info!(source = request.source, table = request.extract.table, "the changes do not fit the mirror: reading everything");
        return Ok(Caught::Not);
    }
    Ok(Caught::Rows(snapshot, Remembered { etag: None, change: Some(bookmark), mirror: None }))
}

/// What the memory says.
struct Remembered {
    etag: Option<String>,
    change: Option<Bookmark>,
    mirror: Option<String>,
}

impl Remembered {
    /// Takes the memory apart, unless it is of something else than what is asked now.
    fn read(memory: &Memory, asked: &str) -> Option<Self> {
        let get = |name| memory.get(name).map(str::to_owned);
        let change = || Some(Bookmark { number: get(CHANGE[0])?.parse().ok()?, id: get(CHANGE[1])?, revision: get(CHANGE[2])? });
        (memory.get(ASKED) == Some(asked)).then(|| Self { etag: get(ETAG), change: change(), mirror: get(MIRROR) })
    }

    fn write(self, asked: String) -> Memory {
        let [number, id, revision] = match self.change {
            Some(change) => [change.number.to_string(), change.id, change.revision].map(Some),
            None => [None, None, None],
        };
        let all =
            [(ASKED, Some(asked)), (ETAG, self.etag), (MIRROR, self.mirror), (CHANGE[0], number), (CHANGE[1], id), (CHANGE[2], revision)];
        Memory(all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    }
}

struct UapiRows {
    fields: Fields,
    rows: btree_map::IntoIter<String, Row>,
    given: u64,
    memory: Memory,
}

impl Iterator for UapiRows {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let rows: Vec<Cells> = self.rows.by_ref().take(BATCH_ROWS).map(|(_, row)| row.cells).collect();
        if rows.is_empty() {
            return None;
        }
        let first = self.given + 1;
        self.given += rows.len() as u64;
        let batch = self.fields.batch(rows.iter()).map_err(|error| Error::Rows { reason: error.to_string() });
        Some(batch.map(|batch| Batch { rows: batch, row_numbers: (first..=self.given).collect(), rejected: Vec::new() }))
    }
}

impl Rows for UapiRows {
    fn finish(self: Box<Self>) -> Result<Memory, Error> {
        Ok(self.memory)
    }
}

#[cfg(test)]
mod tests;

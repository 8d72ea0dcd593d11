//! Delimited files over HTTP(S), one address for each: the open files of the Centre of Registers.
//!
//! The text streams from the network straight into rows. It may hold personal codes, so no copy lies on a disk; a transfer that
//! breaks is taken up again where it broke, if the server can tell that the file is still the same.

use std::io::{BufRead, BufReader, Chain, Cursor, Read};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use crate::Error;
use crate::bounded::Bounded;
use crate::delimited::Delimited;
use crate::http::{Http, HttpSettings, Problem, is_page};
use crate::transport::{Batch, Fetched, Memory, Request, Rows, Transport};

mod resuming;
use resuming::{File, Resuming};

/// Stands for the file's name in an address.
const FILE: &str = "{file}";
/// The first two bytes of every gzip file, and of no delimited text.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Names in the memory: the file's address, what the server calls this version of it.
const ADDRESS: &str = "address";
const ETAG: &str = "etag";
const LAST_MODIFIED: &str = "last_modified";

/// Where the files are.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BulkSettings {
    /// Address of a file; `{file}` stands for its name.
    pub address: String,
    /// Bytes of a file when unpacked; more is refused.
    pub most_text_bytes: u64,
    /// Patience, bounds and trust.
    pub http: HttpSettings,
}

impl Default for BulkSettings {
    fn default() -> Self {
        Self {
            address: format!("https://www.registrucentras.lt/aduomenys/?byla={FILE}"),
            most_text_bytes: 8 << 30,
            http: HttpSettings::default(),
        }
    }
}

/// Reads extracts that are published as files.
#[derive(Debug)]
pub struct Bulk {
    address: String,
    most_text_bytes: u64,
    http: Arc<Http>,
}

impl Bulk {
    /// Prepares to read; connects to nothing.
    ///
    /// # Errors
    /// A file of the settings cannot be used.
    pub fn new(settings: &BulkSettings) -> Result<Self, Error> {
        Ok(Self::with_http(settings, Http::new(&settings.http)?))
    }

    fn with_http(settings: &BulkSettings, http: Http) -> Self {
        Self { address: settings.address.clone(), most_text_bytes: settings.most_text_bytes, http: Arc::new(http) }
    }
}

impl Transport for Bulk {
    fn name(&self) -> &'static str {
        "bulk"
    }

    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        let address = self.address.replace(FILE, request.extract.file);
        let file = File { http: self.http.clone(), source: request.source, address: address.clone(), deadline: request.deadline };
        let known = request.unchanged_since().filter(|memory| memory.get(ADDRESS) == Some(&address));
        let known = |name| known.and_then(|memory| memory.get(name));
        let Some(mut raw) = file.open(known(ETAG), known(LAST_MODIFIED))? else { return Ok(Fetched::Unchanged) };
        let failed = |reason| Error::read(request.source, address.clone().into(), reason);
        let mut begin = Vec::new();
        raw.by_ref().take(GZIP.len() as u64).read_to_end(&mut begin).map_err(failed)?;
        let is_gzip = begin == GZIP;
        let raw = Cursor::new(begin).chain(raw);
        let text = if is_gzip { Text::Gzip(Box::new(MultiGzDecoder::new(raw))) } else { Text::Plain(Box::new(raw)) };
        let too_large = Error::Network {
            source_name: request.source,
            address: address.clone(),
            problem: Problem::TooLarge { most: self.most_text_bytes },
        };
        let mut text = BufReader::with_capacity(1 << 17, Bounded::new(text, self.most_text_bytes, too_large));
        if is_page(text.fill_buf().map_err(failed)?) {
            let problem = Problem::NotData { found: "a web page" };
            return Err(Error::Network { source_name: request.source, address, problem });
        }
        let rows = Delimited::open(request.source, request.extract, request.table, address.into(), text)?;
        Ok(Fetched::Rows(Box::new(BulkRows(rows))))
    }
}

struct BulkRows(Delimited<BufReader<Bounded<Text>>>);

impl Iterator for BulkRows {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl Rows for BulkRows {
    fn finish(self: Box<Self>) -> Result<Memory, Error> {
        let raw = self.0.into_inner().into_inner().into_inner().into_raw();
        let remembered = [(ETAG, raw.version.etag), (LAST_MODIFIED, raw.version.last_modified), (ADDRESS, Some(raw.file.address))];
        Ok(Memory(remembered.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()))
    }
}

type Raw = Chain<Cursor<Vec<u8>>, Resuming>;

/// A text, packed or not.
enum Text {
    Plain(Box<Raw>),
    Gzip(Box<MultiGzDecoder<Raw>>),
}

impl Text {
    fn into_raw(self) -> Resuming {
        let raw = match self {
            Self::Plain(raw) => *raw,
            Self::Gzip(packed) => packed.into_inner(),
        };
        raw.into_inner().1
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(text) => text.read(buffer),
            Self::Gzip(text) => text.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests;

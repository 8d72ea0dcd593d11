//! The drop folder: extracts that somebody, or another program, puts there as files, each in one of several forms.
//!
//! Beside an extract of the manual feeds may lie its history, handed over once: its rows come after the current ones, through the same
//! headings, so that one cleaner sees both.

use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::Instant;

use catalog::Table;

use crate::bounded::Bounded;
use crate::delimited::Delimited;
use crate::hashing::Hashing;
use crate::place::Place;
use crate::transport::{Batch, Fetched, Memory, Request, Rows, Transport};
use crate::{Error, Extract};

mod archive;
mod form;
mod guarded;
mod jsonl;
mod number_format;
mod numbers;
mod opening;
mod parquet;
mod unpacked;
mod workbook;

use form::{Form, Found};
use guarded::guarded;
use jsonl::JsonLines;
pub(crate) use numbers::{EXACT, plain};
use parquet::Parquet;

/// Folder of the history within the drop folder.
const HISTORY: &str = "istorija";
/// What is added to the numbers of rows that stand in the history: no file has so many rows, and the rest of the number stays readable.
const HISTORY_ROWS: u64 = 1_000_000_000;
/// Bytes read at a time when only the hash is wanted.
const BUFFER: usize = 256 * 1024;
/// Under these names the files' hashes are remembered.
const HASH: &str = "sha256";
const HISTORY_HASH: &str = "history_sha256";

/// What one file may hold, and what may come out of a packed one, in bytes.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    /// Of a file, and of text that streams; the same as is expected of a register's file over the network.
    text: u64,
    /// Of a workbook or Parquet file that is held in memory, and of a workbook's parts and texts.
    held: u64,
}

const BOUNDS: Bounds = Bounds { text: 8 << 30, held: 1 << 30 };

/// What can be read from front to back, and again.
trait Source: Read + Seek + Send + 'static {}

impl<R: Read + Seek + Send + 'static> Source for R {}

type Batches = Box<dyn Iterator<Item = Result<Batch, Error>> + Send>;

/// Reads extracts from one folder.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
    bounds: Bounds,
}

impl Files {
    /// The drop folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), bounds: BOUNDS }
    }

    /// Under which names, within the drop folder, an extract may lie.
    pub fn names(extract: &Extract) -> impl Iterator<Item = PathBuf> {
        form::names(extract).map(|(name, _)| name.into())
    }

    /// Under which names, within the drop folder, an extract's history may lie.
    pub fn history_names(extract: &Extract) -> impl Iterator<Item = PathBuf> {
        form::names(extract).map(|(name, _)| Path::new(HISTORY).join(name))
    }

    /// Names in the drop folder, and in its folder of histories, that no extract has: nobody will ever read these files.
    ///
    /// # Errors
    /// A folder cannot be listed; one that does not exist has no names.
    pub fn unknown_files(&self) -> std::io::Result<Vec<PathBuf>> {
        let extracts = || crate::CONNECTORS.iter().flat_map(|connector| connector.extracts);
        let mut known: HashSet<PathBuf> = extracts().flat_map(Self::names).collect();
        known.extend(extracts().filter(|extract| extract.history).flat_map(Self::history_names));
        known.insert(HISTORY.into());
        let mut unknown = Vec::new();
        for folder in ["", HISTORY] {
            let entries = match std::fs::read_dir(self.folder.join(folder)) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let name = Path::new(folder).join(entry?.file_name());
                if !known.contains(&name) {
                    unknown.push(name);
                }
            }
        }
        unknown.sort();
        Ok(unknown)
    }

    /// Whether only its owner may write to the drop folder: whoever can put a file there decides what is published.
    ///
    /// # Errors
    /// What else may be written to, by whom, and what to do.
    pub fn closed(&self) -> Result<String, String> {
        opening::closed(&[&self.folder, &self.folder.join(HISTORY)])
    }

    /// The extract, and its history if there is one.
    fn find(&self, request: &Request<'_>) -> Result<(Found, Option<Found>), Error> {
        let (source_name, extract) = (request.source, request.extract);
        let current = form::find(source_name, extract, &self.folder)?;
        let folder = Place { source: source_name, path: self.folder.join(HISTORY) };
        let mut history = form::find(source_name, extract, &folder.path)?;
        if history.is_some() {
            opening::refuse_link(&folder)?;
        }
        if let Some(strange) = history.take_if(|_| !extract.history) {
            let file = strange.place.path.display();
            tracing::warn!(source = source_name, %file, "not read: only the manual feeds have a history");
        }
        let path = || form::declared(extract, &self.folder);
        match (current, history) {
            (Some(current), history) => Ok((current, history)),
            (None, Some(history)) => Err(Error::OnlyHistory { source_name, history: history.place.path, path: path() }),
            (None, None) => Err(Error::Missing { source_name, path: path() }),
        }
    }
}

impl Transport for Files {
    fn name(&self) -> &'static str {
        "files"
    }

    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        let (current, history) = self.find(request)?;
        let (mut memory, mut opened) = (Memory::default(), Vec::new());
        for (found, name) in [(Some(current), HASH), (history, HISTORY_HASH)] {
            let Some(found) = found else { continue };
            let (file, hash) = found.open(request, self.bounds)?;
            memory.0.insert(name.to_owned(), hash);
            opened.push((found, file));
        }
        if request.unchanged_since() == Some(&memory) {
            return Ok(Fetched::Unchanged);
        }
        let place = Place { source: request.source, path: form::declared(request.extract, &self.folder) };
        let mut parts = VecDeque::new();
        for ((found, file), offset) in opened.into_iter().zip([0, HISTORY_ROWS]) {
            if offset > 0 {
                tracing::info!(source = request.source, file = %found.place.path.display(), first_row = offset + 1, "history is read, too");
            }
            parts.push_back((found.read(request.extract, request.table, file, self.bounds)?, offset));
        }
        Ok(Fetched::Rows(Box::new(FileRows { parts, memory, deadline: request.deadline, place })))
    }
}

impl Found {
    /// The file, at its beginning, and what is remembered of it. The same handle is hashed and read.
    fn open(&self, request: &Request<'_>, bounds: Bounds) -> Result<(File, String), Error> {
        let failed = |reason| self.place.read(reason);
        let file = opening::open(&self.place, bounds.text)?;
        // Somebody may still be writing to it.
        let mut hashing = Bounded::new(Hashing::salted(file, request.salt), bounds.text, self.place.too_large(bounds.text));
        let mut buffer = vec![0; BUFFER];
        while hashing.read(&mut buffer).map_err(failed)? > 0 {
            if Instant::now() >= request.deadline {
                return Err(self.place.late());
            }
        }
        let (mut file, hash) = hashing.into_inner().into_parts();
        file.rewind().map_err(failed)?;
        // The same bytes say something else in another form.
        Ok((file, if self.form == Form::Delimited { hash } else { format!("{}:{hash}", self.form.ending()) }))
    }

    /// Begins to read.
    fn read(&self, extract: &'static Extract, table: &Table, file: File, bounds: Bounds) -> Result<Batches, Error> {
        let place = &self.place;
        let delimited = |text| Delimited::open(place.source, extract, table, place.path.clone(), text);
        Ok(match self.form {
            Form::Delimited => Box::new(Delimited::open(place.source, extract, table, place.path.clone(), file)?),
            Form::DelimitedGzip => Box::new(delimited(unpacked::gzip(place, file, bounds))?),
            Form::JsonLines => Box::new(JsonLines::open(place, extract, table, file)?),
            Form::Workbook => Box::new(guarded(place, || workbook::read(place, extract, table, file, bounds))??.into_iter().map(Ok)),
            Form::Parquet => Box::new(guarded(place, || Parquet::open(place, extract, table, file))??),
            Form::Zip => {
                let archive::Member { form, content } = archive::open(place, file, bounds)?;
                match form {
                    Form::JsonLines => Box::new(JsonLines::open(place, extract, table, content)?),
                    Form::Workbook => {
                        let held = Cursor::new(archive::hold(place, content)?);
                        Box::new(guarded(place, || workbook::read(place, extract, table, held, bounds))??.into_iter().map(Ok))
                    }
                    Form::Parquet => {
                        let held = archive::hold(place, content)?;
                        Box::new(guarded(place, || Parquet::open(place, extract, table, held))??)
                    }
                    Form::Delimited | Form::DelimitedGzip | Form::Zip => Box::new(delimited(content)?),
                }
            }
        })
    }
}

/// The batches of an extract, then those of its history.
struct FileRows {
    parts: VecDeque<(Batches, u64)>,
    memory: Memory,
    deadline: Instant,
    place: Place,
}

impl Iterator for FileRows {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (batches, offset) = self.parts.front_mut()?;
            let next = if Instant::now() >= self.deadline { Some(Err(self.place.late())) } else { batches.next() };
            match next {
                Some(Ok(mut batch)) => {
                    batch.row_numbers.iter_mut().for_each(|number| *number += *offset);
                    batch.rejected.iter_mut().for_each(|row| row.row_number += *offset);
                    return Some(Ok(batch));
                }
                Some(Err(error)) => {
                    self.parts.clear();
                    return Some(Err(error));
                }
                None => drop(self.parts.pop_front()),
            }
        }
    }
}

impl Rows for FileRows {
    fn finish(self: Box<Self>) -> Result<Memory, Error> {
        Ok(self.memory)
    }
}

#[cfg(test)]
mod tests;

//! The file of all legal entities for look-ups while typing (`state/entities.sqlite`, 0600), written while JAR's register is read, of which the run
//! itself keeps only a small part.
//!
//! Look-ups are a convenience: an error in writing the file is logged, and stops no run.

use std::path::PathBuf;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use catalog::Role;
use forms::{Entities, EntityRow, EntityWriter};
use transforms::scope::Tables;

use crate::config::Config;
use crate::sources::source::Sources;

/// Tables that say what the register's codes of legal forms and statuses mean.
pub(crate) const TITLES: [Role; 2] = [Role::LegalForms, Role::LegalStatuses];

/// The register's code for an entity without a special status.
const NO_STATUS: &str = "0";

/// The path of the file.
pub(crate) fn path(config: &Config) -> PathBuf {
    config.paths.state.join("entities.sqlite")
}

/// What the file is made from besides the register.
pub(crate) struct EntityFile {
    path: PathBuf,
    titles: [Vec<(String, String)>; 2],
    /// Identifies these titles.
    mark: String,
}

impl EntityFile {
    /// Takes over the titles of forms and statuses from the raw tables of these names, in the order of [`TITLES`].
    pub(crate) fn new(path: PathBuf, names: &[&str], sources: &Sources, tables: &Tables) -> Self {
        let columns = [["forma", "forma_pavadinimas"], ["statusas", "statusas_pavadinimas"]];
        let titles = [0, 1]
            .map(|place| names.get(place).and_then(|name| tables.get(*name)).map_or_else(Vec::new, |rows| pairs(rows, columns[place])));
        let content = |table: &&str| sources.get(*table).map(|source| source.entry.content()).unwrap_or_default();
        Self { path, titles, mark: names.iter().map(content).collect::<Vec<_>>().join(" ") }
    }

    /// Whether the existing file was made from the extract with this hash.
    pub(crate) fn is_of(&self, extract: &str) -> bool {
        Entities::made_of(&self.path).is_some_and(|made_of| made_of == self.made_of(extract))
    }

    fn made_of(&self, extract: &str) -> String {
        format!("{} {extract}", self.mark)
    }

    /// Begins a new file.
    pub(crate) fn begin(&self) -> Draft<'_> {
        let [legal_forms, statuses] =
            self.titles.each_ref().map(|titles| titles.iter().map(|(code, title)| (code.as_str(), title.as_str())));
        Draft { writer: self.done(EntityWriter::begin(&self.path, legal_forms, statuses)), file: self }
    }

    fn done<T>(&self, result: Result<T, forms::Error>) -> Option<T> {
        result.inspect_err(|error| tracing::warn!(%error, "the file for looking up legal entities could not be written; look-ups use the previous one until the next run")).ok()
    }
}

/// A file being written; if it is dropped, the previous one stays.
pub(crate) struct Draft<'a> {
    file: &'a EntityFile,
    writer: Option<EntityWriter>,
}

impl Draft<'_> {
    /// Adds good rows of the register.
    pub(crate) fn add(&mut self, rows: &RecordBatch) {
        let columns = ["ja_kodas", "pavadinimas", "adresas", "forma", "statusas"].map(|name| text(rows, name));
        let cell = |place: usize, row: usize| columns[place].filter(|column| column.is_valid(row)).map(|column| column.value(row));
        let Some(writer) = &self.writer else { return };
        let added = (0..rows.num_rows()).try_for_each(|row| {
            let (Some(code), Some(name)) = (cell(0, row), cell(1, row)) else { return Ok(()) };
            let status = cell(4, row).filter(|code| *code != NO_STATUS);
            writer.add(&EntityRow { code, name, address: cell(2, row), form: cell(3, row), status })
        });
        if self.file.done(added).is_none() {
            self.writer = None;
        }
    }

    /// Replaces the previous file. `extract` is the hash of what was read.
    pub(crate) fn finish(self, extract: &str) {
        if let Some(writer) = self.writer {
            self.file.done(writer.finish(&self.file.made_of(extract)));
        }
    }
}

fn text<'a>(rows: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    rows.column_by_name(column).and_then(|column| column.as_string_opt())
}

fn pairs(rows: &RecordBatch, columns: [&str; 2]) -> Vec<(String, String)> {
    let [Some(codes), Some(titles)] = columns.map(|name| text(rows, name)) else { return Vec::new() };
    codes.iter().zip(titles).filter_map(|(code, title)| Some((code?.to_owned(), title?.to_owned()))).collect()
}

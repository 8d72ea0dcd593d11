//! All legal entities of JAR, in a file that the nightly run writes for look-ups while typing: what the register publishes, no persons.
//!
//! The file is written beside the last one and takes its place by one rename; it is never changed. Whoever reads sees the new one at once.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};

use crate::Error;
use crate::folding::folded_name;
use crate::look_up::{Entity, Unavailable};
use crate::store::make_private;

/// How many entities one answer names.
pub(crate) const MOST_SUGGESTED: usize = 10;
/// Fewer letters fit too many names to be of use.
const FEWEST_LETTERS: usize = 2;
/// Another shape of the file gets another number: it is then written anew.
const SHAPE: &str = "1";

const TABLES: &str = "
    CREATE TABLE form (code TEXT PRIMARY KEY, title TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE status (code TEXT PRIMARY KEY, title TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE entity (code TEXT PRIMARY KEY, folded TEXT NOT NULL, name TEXT NOT NULL, address TEXT, form TEXT, status TEXT) WITHOUT ROWID;
    CREATE TABLE made_of (hash TEXT NOT NULL);";
const ENTITY: &str = "SELECT entity.code, name, form.title, address, status.title FROM entity
    LEFT JOIN form ON form.code = entity.form LEFT JOIN status ON status.code = entity.status";

/// Reads the file.
#[derive(Debug)]
pub struct Entities {
    path: PathBuf,
    /// The file that is open, by device and number: another under the same path is opened when it is asked next.
    open: Mutex<Option<((u64, u64), Connection)>>,
}

impl Entities {
    /// The file at `path`; it need not be there yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path, open: Mutex::new(None) }
    }

    /// The entity with this code.
    ///
    /// # Errors
    /// The file is not there or cannot be read.
    pub fn of_code(&self, code: &str) -> Result<Option<Entity>, Unavailable> {
        self.ask(|connection| {
            let mut select = connection.prepare_cached(&format!("{ENTITY} WHERE entity.code = ?1"))?;
            select.query_row([code], entity).optional()
        })
    }

    /// Entities whose name begins so, whatever its legal form, quotes, marks and case; of digits, whose code does.
    ///
    /// # Errors
    /// The file is not there or cannot be read.
    pub fn beginning(&self, text: &str) -> Result<Vec<Entity>, Unavailable> {
        let from = folded_name(text);
        if from.chars().count() < FEWEST_LETTERS {
            return Ok(Vec::new());
        }
        let column = if from.bytes().all(|byte| byte.is_ascii_digit()) { "entity.code" } else { "folded" };
        self.ask(|connection| {
            let mut select = connection.prepare_cached(&format!(
                "{ENTITY} WHERE {column} >= ?1 AND {column} < ?2 ORDER BY {column}, entity.code LIMIT {MOST_SUGGESTED}"
            ))?;
            select.query_map([&from, &format!("{from}{}", char::MAX)], entity)?.collect()
        })
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Unavailable> {
        let file = fs::metadata(&self.path).map_err(|_| Unavailable)?;
        let file = (file.dev(), file.ino());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = match &*open {
            Some((known, connection)) if *known == file => question(connection),
            _ => read_only(&self.path).and_then(|connection| question(&open.insert((file, connection)).1)),
        };
        answer.map_err(|error| {
            tracing::warn!(%error, path = %self.path.display(), "the file of legal entities cannot be read");
            *open = None;
            Unavailable
        })
    }

    /// The hash that the file at `path` was finished with; `None` where there is none of this shape.
    #[must_use]
    pub fn made_of(path: &Path) -> Option<String> {
        let hash: String = read_only(path).ok()?.query_row("SELECT hash FROM made_of", [], |row| row.get(0)).ok()?;
        hash.strip_prefix(SHAPE)?.strip_prefix(' ').map(str::to_owned)
    }
}

fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

fn entity(row: &Row<'_>) -> rusqlite::Result<Entity> {
    Ok(Entity { code: row.get(0)?, name: row.get(1)?, form: row.get(2)?, address: row.get(3)?, status: row.get(4)? })
}

/// Writes the file; without [`EntityWriter::finish`] the last one stays.
#[derive(Debug)]
pub struct EntityWriter {
    path: PathBuf,
    beside: PathBuf,
    connection: Connection,
}

/// A row of the register: the form and the status by their codes.
#[derive(Debug, Clone, Copy)]
pub struct EntityRow<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its seat.
    pub address: Option<&'a str>,
    /// Code of its legal form.
    pub form: Option<&'a str>,
    /// Code of its legal status.
    pub status: Option<&'a str>,
}

impl EntityWriter {
    /// Begins a file that shall take the place of the one at `path`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin<'a>(
        path: &Path,
        forms: impl Iterator<Item = (&'a str, &'a str)>,
        statuses: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let beside = path.with_added_extension("new");
        if beside.exists() {
            fs::remove_file(&beside).map_err(|source| Error::Write { path: beside.clone(), source })?;
        }
        make_private(&beside)?;
        let connection = Connection::open(&beside)?;
        // A file that was not finished is discarded: nothing of it need be safe before the end.
        connection.pragma_update(None, "journal_mode", "OFF")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.execute_batch(&format!("{TABLES} BEGIN;"))?;
        for (table, terms) in [("form", forms.collect::<Vec<_>>()), ("status", statuses.collect())] {
            let mut insert = connection.prepare(&format!("INSERT OR IGNORE INTO {table} VALUES (?1, ?2)"))?;
            for term in terms {
                insert.execute(term)?;
            }
        }
        Ok(Self { path: path.to_owned(), beside, connection })
    }

    /// Adds an entity. One in whose name or address a personal code stands is left out: such a row is a mistake of the register.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&self, row: &EntityRow<'_>) -> Result<(), Error> {
        let personal = |text: Option<&str>| text.is_some_and(catalog::personal::stands_in);
        if personal(Some(row.name)) || personal(row.address) {
            return Ok(());
        }
        let mut insert = self.connection.prepare_cached("INSERT OR IGNORE INTO entity VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        insert.execute((row.code, folded_name(row.name), row.name, row.address, row.form, row.status))?;
        Ok(())
    }

    /// Makes it the file. `made_of` tells what it was made of.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self, made_of: &str) -> Result<(), Error> {
        self.connection.execute("INSERT INTO made_of VALUES (?1)", [format!("{SHAPE} {made_of}")])?;
        self.connection.execute_batch("CREATE INDEX entity_folded ON entity (folded, code); COMMIT;")?;
        drop(self.connection);
        let swap = || fs::File::open(&self.beside)?.sync_all().and_then(|()| fs::rename(&self.beside, &self.path));
        swap().map_err(|source| Error::Write { path: self.path.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, rows: &[(&str, &str)], made_of: &str) {
        let writer = EntityWriter::begin(path, [("310", "Uždaroji akcinė bendrovė")].into_iter(), [("0", "Neįregistruotas")].into_iter());
        let writer = writer.unwrap();
        for (code, name) in rows {
            writer.add(&EntityRow { code, name, address: Some("Vilnius"), form: Some("310"), status: None }).unwrap();
        }
        writer.finish(made_of).unwrap();
    }

    #[test]
    fn entities_are_found_by_code_and_by_the_beginning_of_their_name_and_a_new_file_is_seen_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("entities.sqlite");
        let entities = Entities::new(path.clone());
        assert_eq!(entities.of_code("305000001"), Err(Unavailable), "before the first night");
        let rows = [
            ("305000001", "UAB „Šiaurės rytas“"),
            ("305000002", "Šiaurės žvaigždė, VšĮ"),
            ("305000003", "UAB „Rytas“"),
            // Whoever writes a personal code into a name publishes it: not here.
            ("305000004", "UAB 33309240064"),
        ];
        write(&path, &rows, "one");
        let found = |text: &str| entities.beginning(text).unwrap().into_iter().map(|one| one.code).collect::<Vec<_>>();
        assert_eq!(found("siaures"), ["305000001", "305000002"]);
        assert_eq!(found("uab ŠIAURĖS r"), ["305000001"]);
        assert_eq!(found("rytas"), ["305000003"], "a name begins so; it does not only hold it");
        assert_eq!(found("30500000"), ["305000001", "305000002", "305000003"]);
        assert_eq!(found("s"), [""; 0]);
        assert_eq!(found("%"), [""; 0]);
        let first = entities.of_code("305000001").unwrap().unwrap();
        let form = Some("Uždaroji akcinė bendrovė".to_owned());
        assert_eq!((first.name.as_str(), first.form, first.status), ("UAB „Šiaurės rytas“", form, None));
        assert_eq!(entities.of_code("305000004"), Ok(None));
        assert_eq!(Entities::made_of(&path).as_deref(), Some("one"));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);

        write(&path, &rows[2..3], "two");
        assert_eq!(found("siaures"), [""; 0], "another file is there");
        drop(EntityWriter::begin(&path, [].into_iter(), [].into_iter()).unwrap());
        assert_eq!(Entities::made_of(&path).as_deref(), Some("two"), "one that was not finished counts for nothing");
        fs::write(&path, "no database").unwrap();
        assert_eq!((Entities::new(path.clone()).beginning("rytas"), Entities::made_of(&path)), (Err(Unavailable), None));
    }

    #[test]
    fn an_answer_names_a_few_entities_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("entities.sqlite");
        let codes: Vec<String> = (0..30).map(|number| format!("3050000{number:02}")).collect();
        write(&path, &codes.iter().map(|code| (code.as_str(), "UAB „Rytas“")).collect::<Vec<_>>(), "one");
        assert_eq!(Entities::new(path).beginning("ryt").unwrap().len(), MOST_SUGGESTED);
    }
}

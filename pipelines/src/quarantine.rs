//! `state/quarantine/<table>.csv`: row number, column and rule of every row set aside in the last run; never a value. Under the name of a
//! core table: rows that had to be set aside because two feeds brought one key.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use connectors::{CONNECTORS, Extract};
use transforms::{Cleaned, Quarantined, SetAside};

/// The folder, emptied for this run.
#[derive(Debug)]
pub(crate) struct Quarantine(PathBuf);

impl Quarantine {
    pub(crate) fn begin(state: &Path) -> Result<Self> {
        let folder = state.join("quarantine");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Writes the bad rows of one extract in place of those of the extract before it.
    pub(crate) fn write(&self, source: &str, extract: &Extract, cleaned: &Cleaned) -> Result<()> {
        let mut bad: Vec<&Quarantined> = cleaned.quarantined.iter().collect();
        bad.sort_by_key(|bad| bad.row_number);
        self.put(&cleaned.table.name, bad.into_iter().map(|bad| (source, extract.file, bad)))
    }

    /// Writes the rows of a core table that were set aside when its feeds were joined, in place of those of the night before; `core` may
    /// have none.
    pub(crate) fn write_joined(&self, core: &str, set_aside: &[SetAside]) -> Result<()> {
        let of_core = set_aside.iter().filter(|aside| aside.core == core);
        let named = of_core.filter_map(|aside| {
            let (source, file) = CONNECTORS.iter().find_map(|connector| {
                let extract = connector.extracts.iter().find(|extract| extract.table == aside.raw)?;
                Some((connector.source, extract.file))
            })?;
            Some((source, file, &aside.bad))
        });
        self.put(core, named)
    }

    /// Writes one file; where there is nothing to write, none stays.
    fn put<'a>(&self, table: &str, rows: impl Iterator<Item = (&'a str, &'a str, &'a Quarantined)>) -> Result<()> {
        let path = self.0.join(format!("{table}.csv"));
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(error).with_context(|| format!("cannot remove {}", path.display()))
                }
                _ => Ok(()),
            };
        }
        let mut out = csv::Writer::from_path(&path).with_context(|| format!("cannot write {}", path.display()))?;
        out.write_record(["source", "file", "row", "column", "rule"])?;
        for (source, file, bad) in rows {
            out.write_record([source, file, &bad.row_number.to_string(), &bad.column, bad.rule])?;
        }
        Ok(out.flush()?)
    }
}

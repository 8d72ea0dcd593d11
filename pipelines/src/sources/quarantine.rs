//! `state/quarantine/<table>.csv`: file, row number, column and rule of every row that the last run set aside; never a value. For a row submitted
//! through the endpoint, the receipt number replaces the file, and the position among its section's records the row number. Under the name of a
//! core table: rows set aside because another feed has their key. Under `dokumentai`: documents that were not published, by receipt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalog::PUBLISHED_FILE;
use connectors::{Extract, MANUAL_FEEDS};
use forms::DOCUMENTS;
use transforms::{Cleaned, Quarantined, SetAside};

use crate::sources::submissions::HandedIn;
use crate::sources::waves::extracts;

/// The folder.
#[derive(Debug)]
pub(crate) struct Quarantine(PathBuf);

impl Quarantine {
    pub(crate) fn begin(state: &Path) -> Result<Self> {
        let folder = state.join("quarantine");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Writes the bad rows of one extract, replacing those of the previous extract.
    pub(crate) fn write(&self, source: &str, extract: &Extract, cleaned: &Cleaned, handed_in: Option<&HandedIn>) -> Result<()> {
        let mut bad: Vec<&Quarantined> = cleaned.quarantined.iter().collect();
        bad.sort_by_key(|bad| bad.row_number);
        self.put(&cleaned.table.name, bad.into_iter().map(|bad| (source, extract, bad)), |_| handed_in)
    }

    /// Writes the rows of a core table that were set aside when its feeds were joined, replacing those of the previous run; `core` may
    /// have none. `handed_in` says where a raw table comes from.
    pub(crate) fn write_joined<'a>(
        &self,
        core: &str,
        set_aside: &[SetAside],
        handed_in: impl Fn(&str) -> Option<&'a HandedIn>,
    ) -> Result<()> {
        let named = set_aside.iter().filter(|aside| aside.core == core).filter_map(|aside| {
            let (source, extract) = extracts().find(|(_, extract)| extract.table == aside.raw)?;
            Some((source, extract, &aside.bad))
        });
        self.put(core, named, handed_in)
    }

    /// Writes which documents of which receipts are not published, replacing the list of the previous run.
    pub(crate) fn write_documents(&self, documents: &[(String, usize, &'static str)]) -> Result<()> {
        let lines = documents
            .iter()
            .map(|(receipt, place, rule)| [MANUAL_FEEDS.source, receipt, &place.to_string(), PUBLISHED_FILE, rule].map(str::to_owned));
        self.put_lines(DOCUMENTS, lines)
    }

    /// Writes one file, or removes it if there is nothing to write.
    fn put<'a, 'h>(
        &self,
        table: &str,
        rows: impl Iterator<Item = (&'a str, &'a Extract, &'a Quarantined)>,
        handed_in: impl Fn(&str) -> Option<&'h HandedIn>,
    ) -> Result<()> {
        let lines = rows.map(|(source, extract, bad)| {
            let (file, row) = match handed_in(extract.table) {
                Some(handed_in) => handed_in.place(extract.table, bad.row_number),
                None => (extract.file.to_owned(), bad.row_number),
            };
            [source.to_owned(), file, row.to_string(), bad.column.clone(), bad.rule.to_owned()]
        });
        self.put_lines(table, lines)
    }

    fn put_lines(&self, name: &str, lines: impl Iterator<Item = [String; 5]>) -> Result<()> {
        let path = self.0.join(format!("{name}.csv"));
        let mut lines = lines.peekable();
        if lines.peek().is_none() {
            return match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(error).with_context(|| format!("cannot remove {}", path.display()))
                }
                _ => Ok(()),
            };
        }
        let mut out = csv::Writer::from_path(&path).with_context(|| format!("cannot write {}", path.display()))?;
        out.write_record(["source", "file", "row", "column", "rule"])?;
        for line in lines {
            out.write_record(line)?;
        }
        Ok(out.flush()?)
    }
}

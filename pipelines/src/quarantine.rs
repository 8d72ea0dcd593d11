//! `state/quarantine/<table>.csv`: row number, column and rule of every row set aside in the last run; never a value. A row that was handed
//! in through the endpoint has the number of its receipt in the place of a file, and which of its section's records it is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use connectors::Extract;
use transforms::Cleaned;

use crate::handed_in::HandedIn;

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
    pub(crate) fn write(&self, source: &str, extract: &Extract, cleaned: &Cleaned, handed_in: Option<&HandedIn>) -> Result<()> {
        let path = self.0.join(format!("{}.csv", cleaned.table.name));
        if cleaned.quarantined.is_empty() {
            return match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(error).with_context(|| format!("cannot remove {}", path.display()))
                }
                _ => Ok(()),
            };
        }
        let mut out = csv::Writer::from_path(&path).with_context(|| format!("cannot write {}", path.display()))?;
        out.write_record(["source", "file", "row", "column", "rule"])?;
        let mut bad: Vec<_> = cleaned.quarantined.iter().collect();
        bad.sort_by_key(|bad| bad.row_number);
        for bad in bad {
            let (file, row) = match handed_in {
                Some(handed_in) => handed_in.place(extract.table, bad.row_number),
                None => (extract.file.to_owned(), bad.row_number),
            };
            out.write_record([source, &file, &row.to_string(), &bad.column, bad.rule])?;
        }
        Ok(out.flush()?)
    }
}

//! The questions that readers of the page of SQL begin with: what the files in `sql/examples` ask.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use publish::Example;
use transforms::Header;

use super::english::{self, English};
use crate::refusal::Refusal;

/// Every question under `home/sql/examples`, in the order of their files' names.
///
/// # Errors
/// All that is wrong with any of them, a missing English half too.
pub(crate) fn load_all(home: &Path) -> Result<Vec<Example>> {
    let folder = home.join("sql/examples");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    let words = English::load(home)?;
    english::all(paths.iter().map(|path| load(path, &words)))
}

fn load(path: &Path, words: &English) -> Result<Example> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let header = Header::parse(path, &text);
    Ok(Example {
        title: english::said(&header, "title")?,
        tier: header.one("tier").map_err(Refusal::one)?.parse().map_err(|reason| Refusal::one(header.wrong(reason)))?,
        sql: words.statement(&header, &text)?,
    })
}

//! The questions that readers of the page of SQL begin with: what the files in `sql/examples` ask.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use publish::Example;
use transforms::Header;

use crate::refusal::Refusal;

/// Every question under `home/sql/examples`, in the order of their files' names.
pub(crate) fn load_all(home: &Path) -> Result<Vec<Example>> {
    let folder = home.join("sql/examples");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    paths.iter().map(|path| load(path)).collect()
}

fn load(path: &Path) -> Result<Example> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let header = Header::parse(path, &text);
    let is_header = |line: &&str| line.starts_with("-- title:") || line.starts_with("-- tier:");
    Ok(Example {
        title: header.one("title").map_err(Refusal::one)?.to_owned(),
        tier: header.one("tier").map_err(Refusal::one)?.parse().map_err(|reason| Refusal::one(header.wrong(reason)))?,
        sql: text.lines().skip_while(is_header).collect::<Vec<_>>().join("\n"),
    })
}

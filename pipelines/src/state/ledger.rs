//! The run ledger: one JSON line per run, in the state folder. It has names, counts and reasons, never a cell's value.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const FILE: &str = "ledger.jsonl";
const ACCEPTANCES: &str = "acceptances.jsonl";

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Published,
    /// Nothing had changed since the latest release, so no new one was made.
    Unchanged,
    Refused,
    Failed,
}

/// One raw table of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SourceLine {
    pub(crate) source: String,
    pub(crate) table: String,
    pub(crate) extract_date: Option<NaiveDate>,
    pub(crate) rows: u64,
    pub(crate) quarantined: u64,
    /// `fresh`, `unchanged` or `stale`.
    #[serde(default)]
    pub(crate) verdict: String,
    /// Why it is stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The same as a word for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<String>,
    /// Number of rows with future dates, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) ahead: BTreeMap<String, u64>,
}

/// What a refusal says before the hash of the extract that may be accepted in spite of it.
const OFFER: &str = "--extract ";
/// Hexadecimal digits of an extract's hash.
const HASH_DIGITS: usize = 64;

/// Whether this may be the hash of an extract.
pub(crate) fn is_extract(text: &str) -> bool {
    text.len() == HASH_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl SourceLine {
    /// The extract that was refused and may be accepted, by its hash.
    pub(crate) fn refused(&self) -> Option<&str> {
        let reason = self.reason.as_deref()?;
        let hash = reason.split_once(OFFER)?.1.get(..HASH_DIGITS)?;
        is_extract(hash).then_some(hash)
    }
}

/// An extract that an operator, or two administrators in the browser, accepted although the drift gates refused it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Acceptance {
    pub(crate) when: DateTime<Utc>,
    pub(crate) source: String,
    pub(crate) extract: String,
    pub(crate) who: String,
    pub(crate) why: String,
    /// In the browser one administrator (`who`) proposes at this time…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) proposed: Option<DateTime<Utc>>,
    /// …and another one confirms (`when`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confirmed_by: Option<String>,
}

/// The stages of a run, in their order; one that finds nothing new ends after the second.
pub(crate) const STAGES: [&str; 10] = [
    "definitions",
    "read and clean",
    "documents",
    "owners and core tables",
    "sql models",
    "checks",
    "statistics protected",
    "disclosure and gate",
    "publish",
    "commit",
];

/// One finished stage of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) wall_ms: u64,
    pub(crate) cpu_ms: u64,
    /// Greatest resident memory of the process so far.
    pub(crate) peak_mib: u64,
}

/// One run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) started: DateTime<Utc>,
    pub(crate) finished: DateTime<Utc>,
    pub(crate) outcome: Outcome,
    pub(crate) release: Option<String>,
    pub(crate) reason: Option<String>,
    #[serde(default)]
    pub(crate) sources: Vec<SourceLine>,
    #[serde(default)]
    pub(crate) stages: Vec<Stage>,
}

pub(crate) fn append(state: &Path, entry: &Entry) -> Result<()> {
    append_line(&state.join(FILE), entry)
}

/// All runs, the oldest first. A line truncated by a crash is skipped.
pub(crate) fn read(state: &Path) -> Result<Vec<Entry>> {
    read_lines(&state.join(FILE))
}

pub(crate) fn accept(state: &Path, acceptance: &Acceptance) -> Result<()> {
    append_line(&state.join(ACCEPTANCES), acceptance)
}

/// All acceptances, the oldest first.
pub(crate) fn accepted(state: &Path) -> Result<Vec<Acceptance>> {
    read_lines(&state.join(ACCEPTANCES))
}

/// Adds one line to a file of lines.
pub(crate) fn append_line(path: &Path, entry: &impl Serialize) -> Result<()> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    let mut file = OpenOptions::new().create(true).append(true).open(path).with_context(|| format!("cannot open {}", path.display()))?;
    file.write_all(&line).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {}", path.display()))
}

/// All lines, the oldest first. One truncated by a crash is skipped.
pub(crate) fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let lines = BufReader::new(file).lines().collect::<Result<Vec<_>, _>>().with_context(|| format!("cannot read {}", path.display()))?;
    Ok(lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::{STAGES, SourceLine};

    #[test]
    fn a_refusal_names_the_extract_that_may_be_accepted() {
        let line = |reason: Option<String>| SourceLine {
            source: "jar".to_owned(),
            table: "raw".to_owned(),
            extract_date: None,
            rows: 0,
            quarantined: 0,
            verdict: "stale".to_owned(),
            reason,
            rule: None,
            ahead: Default::default(),
        };
        let hash = "0a".repeat(32);
        let offer = |hash: &str| line(Some(format!("it is not used; `virsis accept jar --extract {hash} --why REASON`")));
        assert_eq!(offer(&hash).refused(), Some(hash.as_str()));
        assert_eq!(offer("0a").refused(), None);
        assert_eq!((line(None).refused(), line(Some("no answer".to_owned())).refused()), (None, None));
    }

    #[test]
    fn every_stage_that_a_night_ends_is_listed_and_no_other() {
        let night = include_str!("../run/night.rs");
        let mut ended: Vec<&str> = night.split("stages.finish(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut listed = STAGES.to_vec();
        ended.sort_unstable();
        ended.dedup();
        listed.sort_unstable();
        assert_eq!(ended, listed);
    }
}

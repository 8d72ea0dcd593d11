//! Headers of the files under `sql/`: `-- key: value` lines before the first statement.

use std::path::Path;

use crate::Error;

/// The header lines of one SQL file, in order; a key may stand several times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    file: String,
    lines: Vec<(String, String)>,
}

impl Header {
    /// Reads the leading comment lines of `sql`; lines without a `key:` are plain comments.
    #[must_use]
    pub fn parse(file: &Path, sql: &str) -> Self {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = file.parent().map(name).unwrap_or_default();
        let lines = sql
            .lines()
            .take_while(|line| line.starts_with("--") || line.trim().is_empty())
            .filter_map(|line| line.trim_start_matches('-').trim().split_once(':'))
            .filter(|(key, _)| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
            .map(|(key, value)| (key.to_owned(), value.trim().to_owned()))
            .collect();
        Self { file: format!("sql/{folder}/{}", name(file)), lines }
    }

    /// The file, as messages name it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// All values of a key.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |(found, _)| found == key).map(|(_, value)| value.as_str())
    }

    /// The only value of a key.
    ///
    /// # Errors
    /// [`Error::Header`] when the line is missing.
    pub fn one<'a>(&'a self, key: &'a str) -> Result<&'a str, Error> {
        self.all(key).next().ok_or_else(|| self.wrong(format!("the header line `-- {key}: …` is missing")))
    }

    /// A comma-separated list; empty when the line is missing.
    #[must_use]
    pub fn list(&self, key: &str) -> Vec<String> {
        self.all(key).flat_map(|value| value.split(',')).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    }

    /// An error about this header.
    #[must_use]
    pub fn wrong(&self, reason: String) -> Error {
        Error::Header { file: self.file.clone(), reason }
    }
}

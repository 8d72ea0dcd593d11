//! `[lineage]`: events of runs in the format of OpenLineage.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::alerts::is_safe;

/// Events of runs in the format of OpenLineage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Lineage {
    /// Days for which they stay in `state/lineage`; 0 writes none.
    pub(crate) keep_days: u32,
    /// Namespace of jobs and tables.
    pub(crate) namespace: String,
    /// Address that each event is posted to, too.
    pub(crate) url: Option<String>,
    /// PEM file of the only certificate authorities that its server may have; none means those of the operating system.
    pub(crate) authorities_file: Option<PathBuf>,
}

impl Default for Lineage {
    fn default() -> Self {
        Self { keep_days: 30, namespace: "virsis".to_owned(), url: None, authorities_file: None }
    }
}

impl Lineage {
    pub(super) fn anchor(&mut self, folder: &Path) {
        self.authorities_file.iter_mut().for_each(|path| *path = folder.join(&*path).components().collect());
    }

    /// What is wrong with it.
    pub(super) fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.namespace.is_empty() {
            wrong.push("lineage.namespace must not be empty".to_owned());
        }
        if self.url.as_deref().is_some_and(|address| !is_safe(address)) {
            wrong.push("lineage.url must begin with https:// (http:// only to this machine)".to_owned());
        }
        if self.url.is_some() && self.keep_days == 0 {
            wrong.push("lineage.url needs lineage.keep_days of at least 1: what could not be posted is in state/lineage".to_owned());
        }
        wrong
    }
}

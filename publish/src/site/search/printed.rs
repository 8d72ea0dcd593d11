//! A hit as files have it, and the words by which it is found.

use std::collections::BTreeSet;

use serde::Serialize;

use super::hits::{Hit, shown_name};
use super::words::{spelled, words};
use crate::error::Error;
use crate::site::entities::{VirsEntry, VirsList};

/// VIRS of a hit that are named; of the others it is said how many there are.
const NAMED: usize = 3;

/// A hit ready to be put into files.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) json: String,
    /// Spelled words, of whose beginnings each finds it; sorted, each once.
    pub(super) words: Vec<String>,
}

/// What `search.js` reads. Fields are left out where they are empty.
#[derive(Serialize)]
struct Line<'a> {
    kind: usize,
    name: &'a str,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    keys: &'a BTreeSet<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    virs: Vec<Named<'a>>,
    /// VIRS that are not named.
    #[serde(skip_serializing_if = "is_nothing")]
    more: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'a str>,
}

/// A VIRS of a hit; its name is left out where the hit is called so.
#[derive(Serialize)]
struct Named<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl Hit {
    /// The hit as its tier's files have it.
    pub(super) fn print(&self, virs: &VirsList<'_>) -> Result<Printed, Error> {
        let named = |entity: &VirsEntry<'_>| Some(shown_name(entity.name)).filter(|name| *name != self.name);
        let line = Line {
            kind: self.kind,
            name: &self.name,
            keys: &self.keys,
            virs: self
                .virs
                .iter()
                .take(NAMED)
                .map(|&place| &virs.list[place])
                .map(|entity| Named { code: entity.code, name: named(entity) })
                .collect(),
            more: self.virs.len().saturating_sub(NAMED),
            page: self.page.as_deref(),
        };
        let json = serde_json::to_string(&line).map_err(|error| Error::Search { reason: error.to_string() })?;
        let texts = std::iter::once(&self.name).chain(&self.keys);
        let mut words: Vec<String> = texts.flat_map(|text| words(text)).map(|word| spelled(&word)).collect();
        words.sort_unstable();
        words.dedup();
        Ok(Printed { json, words })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_nothing(count: &usize) -> bool {
    *count == 0
}

//! What the pages of a release show, told by hashes, so that the next release renders only pages that would show something else.
//!
//! The page of a VIRS shows the frame that all pages have, the rows of each table that name the VIRS, and of its owners what
//! else they have. Each of these is a part with a hash per VIRS; a page whose parts are all the same is taken over.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hasher;

use arrow::array::{Array, ArrayRef, AsArray};
use catalog::{SEQUENCE, Tier, for_each_row_hash, keyed_hasher};
use serde::{Deserialize, Serialize};

use super::shown::ENTITY;
use crate::Error;
use crate::seen::View;

/// A hash for each VIRS, by code.
pub(crate) type Part = BTreeMap<String, u64>;

/// What all pages show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageMarks(pub(crate) BTreeMap<Tier, TierMarks>);

/// What the pages of one tier show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TierMarks {
    /// What all of them have: notices, navigation, which tables there are.
    pub(crate) frame: u64,
    /// The page of news.
    #[serde(default)]
    pub(crate) news: u64,
    /// By table, or [`super::pages::OTHERS`].
    pub(crate) parts: BTreeMap<String, Part>,
}

impl TierMarks {
    /// Codes of the VIRS whose pages would show something else than `earlier` did.
    pub(crate) fn differing<'a>(&'a self, earlier: &TierMarks, codes: impl Iterator<Item = &'a String>) -> BTreeSet<&'a String> {
        let all = self.frame != earlier.frame || !self.parts.keys().eq(earlier.parts.keys());
        let same =
            |code: &String| self.parts.iter().all(|(name, part)| part.get(code) == earlier.parts.get(name).and_then(|of| of.get(code)));
        codes.filter(|code| all || !same(code)).collect()
    }
}

/// The rows of a table, by the VIRS they name.
pub(crate) fn of_rows(view: &View, salt: &[u8; 32]) -> Result<Part, Error> {
    let rows = view.rows();
    let failed = |error: arrow::error::ArrowError| Error::Mark { table: view.table().name.clone(), reason: error.to_string() };
    let Some(codes) = rows.column_by_name(ENTITY).and_then(|column| column.as_string_opt::<i32>()) else { return Ok(Part::new()) };
    let shown: Vec<ArrayRef> = rows
        .schema()
        .fields()
        .iter()
        .zip(rows.columns())
        .filter(|(field, _)| field.name() != SEQUENCE)
        .map(|(_, column)| column.clone())
        .collect();
    let mut hashers = HashMap::new();
    for_each_row_hash(&shown, salt, |row, hash| {
        let code = if codes.is_valid(row) { codes.value(row) } else { "" };
        hashers.entry(code).or_insert_with(|| keyed_hasher(salt)).write_u64(hash);
    })
    .map_err(failed)?;
    Ok(hashers.into_iter().map(|(code, hasher)| (code.to_owned(), hasher.finish())).collect())
}

//! Hashes of what the pages of a release show, so that the next release renders only pages that would show something else.
//!
//! The page of a VIRS shows the frame that all pages have, the rows of each table that name the VIRS, where names in them lead, and what else its
//! owners have. Each of these parts has a hash per VIRS; a page whose hashes are all the same is linked. Of pages of other things all that they show
//! has one hash.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hasher;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use catalog::{ENTITY, SEQUENCE, Tier, for_each_row_hash, keyed_hasher};
use serde::{Deserialize, Serialize};

use super::checked_links::CheckedLinks;
use crate::error::Error;

/// The part of a page that tells what else the owners of a VIRS have.
pub(crate) const OTHERS: &str = "others";

/// The part that tells what changed.
pub(crate) const CHANGES: &str = "changes";

/// A hash for each VIRS, by code.
pub(crate) type EntityHashes = BTreeMap<String, u64>;

/// What all pages of a release show, and that their links lead somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageHashes {
    pub(crate) tiers: BTreeMap<Tier, TierHashes>,
    /// Nothing where nobody followed them: when rows are removed from a release.
    pub(crate) links: Option<CheckedLinks>,
}

/// What the pages of one tier show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TierHashes {
    /// What all of them have: notices, navigation, which tables there are.
    pub(crate) frame: u64,
    /// The page of news.
    #[serde(default)]
    pub(crate) news: u64,
    /// The guides as files to print.
    #[serde(default)]
    pub(crate) papers: u64,
    /// With which SQL statistics are made.
    #[serde(default)]
    pub(crate) methods: u64,
    /// By table, or [`OTHERS`]; and by [`links_part`] of a table.
    pub(crate) parts: BTreeMap<String, EntityHashes>,
    /// What a search finds, by table; leads to things where `things` says.
    #[serde(default)]
    pub(crate) found: BTreeMap<String, u64>,
    /// Of the pages of each kind beside VIRS.
    #[serde(default)]
    pub(crate) things: BTreeMap<String, KindHashes>,
}

/// What the pages of a kind show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KindHashes {
    /// Which things there are, and where.
    pub(crate) addresses: u64,
    /// Each page: where it lies and all that it shows. Whose page it is follows from none.
    pub(crate) pages: BTreeSet<u64>,
}

/// The part of a page that tells where names in the rows of a table lead.
pub(crate) fn links_part(table: &str) -> String {
    format!("{table} links")
}

impl TierHashes {
    /// Whether all things have pages, and where they had them.
    pub(crate) fn has_addresses_of(&self, other: &Self) -> bool {
        let addresses =
            |kinds: &BTreeMap<String, KindHashes>| kinds.iter().map(|(name, kind)| (name.clone(), kind.addresses)).collect::<Vec<_>>();
        addresses(&self.things) == addresses(&other.things)
    }

    /// Codes of the VIRS whose pages would show something else than they did in the last release.
    pub(crate) fn differing<'a>(&'a self, last: &TierHashes, codes: impl Iterator<Item = &'a String>) -> BTreeSet<&'a String> {
        let all = self.frame != last.frame || !self.parts.keys().eq(last.parts.keys());
        let same = |code: &String| self.parts.iter().all(|(name, part)| part.get(code) == last.parts.get(name).and_then(|of| of.get(code)));
        codes.filter(|code| all || !same(code)).collect()
    }
}

/// Hashes of the rows of a table, by the VIRS that they name.
pub(crate) fn entity_hashes(table: &str, rows: &RecordBatch, salt: &[u8; 32]) -> Result<EntityHashes, Error> {
    let failed = |error: arrow::error::ArrowError| Error::PageHashes { table: table.to_owned(), reason: error.to_string() };
    let Some(codes) = rows.column_by_name(ENTITY).and_then(|column| column.as_string_opt::<i32>()) else { return Ok(EntityHashes::new()) };
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

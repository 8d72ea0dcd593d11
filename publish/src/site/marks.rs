//! What the pages of a release show, told by hashes, so that the next release renders only pages that would show something else.
//!
//! The page of a VIRS shows the frame that all pages have, the rows of each table that name the VIRS, and of its owners what
//! else they have. Each of these is a part with a hash per VIRS; a page whose parts are all the same is taken over.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hasher;

use arrow::array::{Array, AsArray};
use arrow::row::{RowConverter, SortField};
use catalog::Tier;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

use super::shown::ENTITY;
use crate::Error;
use crate::seen::View;

/// Numbers rows across all VIRS: a new row of one would change it in the rows of others. No page shows it.
const SEQUENCE: &str = "eil_nr";
/// Rows converted at a time.
const CHUNK: usize = 16 * 1024;

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
    /// By table, or [`super::entity::OTHERS`].
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
    let places: Vec<usize> = (0..rows.num_columns()).filter(|place| rows.schema().field(*place).name() != SEQUENCE).collect();
    let shown = rows.project(&places).map_err(failed)?;
    let fields = shown.columns().iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let converter = RowConverter::new(fields).map_err(failed)?;
    let mut hashers: HashMap<&str, SipHasher13> = HashMap::new();
    for first in (0..shown.num_rows()).step_by(CHUNK) {
        let chunk = shown.slice(first, CHUNK.min(shown.num_rows() - first));
        let converted = converter.convert_columns(chunk.columns()).map_err(failed)?;
        for (row, bytes) in converted.iter().enumerate() {
            let code = if codes.is_valid(first + row) { codes.value(first + row) } else { "" };
            hashers.entry(code).or_insert_with(|| hasher(salt)).write(bytes.as_ref());
        }
    }
    Ok(hashers.into_iter().map(|(code, hasher)| (code.to_owned(), hasher.finish())).collect())
}

/// Hash of a text.
pub(crate) fn of_text(text: &str, salt: &[u8; 32]) -> u64 {
    let mut hasher = hasher(salt);
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn hasher(salt: &[u8; 32]) -> SipHasher13 {
    let key = std::array::from_fn(|place| salt[place]);
    SipHasher13::new_with_key(&key)
}

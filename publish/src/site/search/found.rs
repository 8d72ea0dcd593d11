//! What a tier's search is made of, as hashes: a night in which a table changed need not change what is found.

use std::collections::BTreeMap;
use std::hash::Hasher;

use arrow::array::ArrayRef;
use catalog::{ENTITY, Search, for_each_row_hash, keyed_hasher};

use super::hits::searched;
use crate::error::Error;
use crate::incremental::tier_table::TierRows;
use crate::site::entities::VirsList;
use crate::site::tier_site::TierSite;

/// Stands for the list of VIRS; no table is called so.
const VIRS: &str = "";

/// What hits are made of, by table, beside the addresses of their pages; of tables that did not change as it was.
pub(super) fn hashes_of(site: &TierSite<'_>) -> Result<BTreeMap<String, u64>, Error> {
    let salt = &site.context.salt;
    let known = |name: &str, is_new: bool| site.last_pages().filter(|_| !is_new).and_then(|(_, known)| known.found.get(name)).copied();
    let mut all = BTreeMap::new();
    for (_, table, search) in searched(site) {
        let name = &table.table.name;
        let hash = match known(name, table.is_new()) {
            Some(hash) => hash,
            None => of_table(table.whole()?, search, salt)?,
        };
        all.insert(name.clone(), hash);
    }
    let virs = match known(VIRS, site.register.is_some_and(|register| register.is_new())) {
        Some(hash) => hash,
        None => of_virs(site.entities()?, salt),
    };
    all.insert(VIRS.to_owned(), virs);
    Ok(all)
}

/// The rows as a search reads them, each once: in which order they come says nothing.
fn of_table(table: &TierRows, search: &Search, salt: &[u8; 32]) -> Result<u64, Error> {
    let failed = |error: arrow::error::ArrowError| Error::PageHashes { table: table.table().name.clone(), reason: error.to_string() };
    let named = search.name.iter().flatten().chain(&search.found_by).chain(&search.domains).chain(&search.told_apart_by);
    let mut names: Vec<&str> = named.chain(search.except.keys()).map(String::as_str).chain([ENTITY]).collect();
    names.sort_unstable();
    names.dedup();
    let columns: Vec<ArrayRef> = names.into_iter().filter_map(|name| table.rows().column_by_name(name)).cloned().collect();
    let mut rows = Vec::with_capacity(table.rows().num_rows());
    if !columns.is_empty() {
        for_each_row_hash(&columns, salt, |_, hash| rows.push(hash)).map_err(failed)?;
    }
    rows.sort_unstable();
    rows.dedup();
    let mut hasher = keyed_hasher(salt);
    rows.into_iter().for_each(|row| hasher.write_u64(row));
    Ok(hasher.finish())
}

/// Which VIRS there are, in which order, and what they are called.
fn of_virs(virs: &VirsList<'_>, salt: &[u8; 32]) -> u64 {
    let mut hasher = keyed_hasher(salt);
    for entity in &virs.list {
        for text in [entity.code, entity.name] {
            hasher.write_usize(text.len());
            hasher.write(text.as_bytes());
        }
    }
    hasher.finish()
}

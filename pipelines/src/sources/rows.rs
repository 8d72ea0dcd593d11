//! The rows of tonight's sources, from memory or from the disk, narrowed to what tonight asks for.

use std::sync::OnceLock;

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use catalog::Catalog;
use rayon::prelude::*;
use transforms::kept_schema;
use transforms::scope::Tables;

use crate::sources::source::{Source, Sources};
use crate::state::last_good::LastGoodExtracts;

/// Rows of some tables, by name; those that have not been read are left out.
pub(crate) fn load(kept: &LastGoodExtracts, catalog: &Catalog, sources: &Sources, names: &[&str]) -> Result<Tables> {
    names
        .par_iter()
        .filter_map(|name| sources.get_key_value(name))
        .map(|(name, source)| Ok(((*name).to_owned(), of(kept, catalog, name, source)?)))
        .collect()
}

fn of(kept: &LastGoodExtracts, catalog: &Catalog, name: &str, source: &Source) -> Result<RecordBatch> {
    let rows = match (&source.fresh, source.kept.get()) {
        (Some((rows, _)), _) | (None, Some(rows)) => rows.clone(),
        (None, None) => {
            let rows = kept.rows(name, &source.entry, &kept_schema(catalog.table(name)?))?;
            source.kept.get_or_init(|| rows).clone()
        }
    };
    Ok(match &source.narrow_to {
        Some(filter) => filter.apply(name, rows)?,
        None => rows,
    })
}

/// Writes what is fresh to what is kept, and hands out all rows. What was kept before stays until the index is saved.
pub(crate) fn keep(kept: &LastGoodExtracts, catalog: &Catalog, sources: &mut Sources) -> Result<Tables> {
    let fresh = sources.par_iter().filter_map(|(name, source)| Some((name, source, source.fresh.as_ref()?)));
    fresh.try_for_each(|(name, source, (rows, keys))| {
        kept.write(name, &source.entry, rows, keys).with_context(|| format!("cannot keep {name}"))
    })?;
    let names: Vec<&str> = sources.keys().copied().collect();
    let tables = load(kept, catalog, sources, &names)?;
    for source in sources.values_mut() {
        (source.fresh, source.kept) = (None, OnceLock::new());
    }
    Ok(tables)
}

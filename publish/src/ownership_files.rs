//! Who owns whom, as other systems read it: statements of BODS and entities of FollowTheMoney, made of the histories of the public tier and for it alone.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use catalog::{Catalog, Tier};
use ownership::{Publication, Tables, write_bods, write_ftm};

use crate::error::Error;
use crate::history::read_history;
use crate::history::write::TierHistory;
use crate::paths::{BODS, FTM, path_in_release};
use crate::store::entries::ReleaseInfo;
use crate::store::staging::Staging;

/// Writes both files, if the public tier remembers all that they are made of, and the release says who publishes it.
pub(crate) fn write(
    staging: &Staging,
    catalog: &Catalog,
    histories: &BTreeMap<Tier, TierHistory>,
    release: &ReleaseInfo,
) -> Result<(), Error> {
    let (Some(history), Some(publication)) = (histories.get(&Tier::Public), &release.publication) else { return Ok(()) };
    let mut rows: BTreeMap<String, RecordBatch> = BTreeMap::new();
    for kept in &history.tables {
        let name = kept.table.history_name();
        if !Tables::NAMES.contains(&name.as_str()) {
            continue;
        }
        let failed = |reason: String| Error::History { table: kept.table.name.clone(), reason };
        let definition = catalog.table(&name).map_err(|error| failed(error.to_string()))?;
        let file = staging.folder(false).join(path_in_release(Tier::Public, &kept.path));
        rows.insert(name, read_history(&file, &definition.schema_for(Tier::Public)).map_err(failed)?);
    }
    if Tables::NAMES.iter().any(|name| !rows.contains_key(*name)) {
        return Ok(());
    }
    let failed = |error: ownership::Error| Error::Ownership { reason: error.to_string() };
    let tables = Tables::find(|name| rows.get(name)).map_err(failed)?;
    let publication =
        Publication { publisher: &publication.publisher, url: publication.url.as_deref(), licence_url: &publication.licence_url };
    staging.write(Tier::Public, BODS, None, |mut out| write_bods(&tables, catalog, &publication, &mut out).map_err(failed))?;
    staging.write(Tier::Public, FTM, None, |mut out| write_ftm(&tables, catalog, &publication, &mut out).map_err(failed))?;
    Ok(())
}

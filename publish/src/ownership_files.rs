//! Who owns whom, as other systems read it: statements of BODS and entities of FollowTheMoney, made of the histories of the public tier and for it alone.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use catalog::{Catalog, Tier};
use ownership::{Publication, Tables, write_bods, write_ftm};

use crate::error::Error;
use crate::history::read_history;
use crate::history::write::{TableHistory, TierHistory};
use crate::incremental::last_release::LastRelease;
use crate::paths::{BODS, FTM, path_in_release};
use crate::store::entries::ReleaseInfo;
use crate::store::staging::Staging;

/// Writes both files, if the public tier remembers all that they are made of, and the release says who publishes it; or links those of `last`, a
/// release of the same publisher, if its histories are the same.
pub(crate) fn write(
    staging: &Staging,
    catalog: &Catalog,
    histories: &BTreeMap<Tier, TierHistory>,
    last: Option<&LastRelease>,
    release: &ReleaseInfo,
) -> Result<(), Error> {
    let (Some(history), Some(publication)) = (histories.get(&Tier::Public), &release.publication) else { return Ok(()) };
    let made_of: Vec<_> = history.tables.iter().filter(|kept| Tables::NAMES.contains(&kept.table.history_name().as_str())).collect();
    if made_of.len() < Tables::NAMES.len() {
        return Ok(());
    }
    if let Some(last) = last.filter(|last| made_of.iter().all(|kept| is_as_in(last, kept)))
        && [BODS, FTM].iter().all(|path| last.entry(Tier::Public, path).is_some())
    {
        return [BODS, FTM].iter().try_for_each(|path| last.link(staging, Tier::Public, path).map(drop));
    }
    let mut rows: BTreeMap<String, RecordBatch> = BTreeMap::new();
    for kept in made_of {
        let name = kept.table.history_name();
        let failed = |reason: String| Error::History { table: kept.table.name.clone(), reason };
        let definition = catalog.table(&name).map_err(|error| failed(error.to_string()))?;
        let file = staging.folder(false).join(path_in_release(Tier::Public, &kept.path));
        rows.insert(name, read_history(&file, &definition.schema_for(Tier::Public)).map_err(failed)?);
    }
    let failed = |error: ownership::Error| Error::Ownership { reason: error.to_string() };
    let tables = Tables::find(|name| rows.get(name)).map_err(failed)?;
    let publication =
        Publication { publisher: &publication.publisher, url: publication.url.as_deref(), licence_url: &publication.licence_url };
    staging.write(Tier::Public, BODS, None, |mut out| write_bods(&tables, catalog, &publication, &mut out).map_err(failed))?;
    staging.write(Tier::Public, FTM, None, |mut out| write_ftm(&tables, catalog, &publication, &mut out).map_err(failed))?;
    Ok(())
}

/// Whether a history holds what it held in that release.
fn is_as_in(last: &LastRelease, kept: &TableHistory) -> bool {
    last.entry(Tier::Public, &kept.path).is_some_and(|before| before.sha256 == kept.written.sha256)
}

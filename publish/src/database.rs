//! All tables of a tier in one file of DuckDB and in one of SQLite, for readers who ask them in SQL; DuckDB's also packed for a browser.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs::File;
use std::path::Path;

use catalog::{DatabaseTable, Tier};

use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::incremental::tier_table::TierTable;
use crate::packed::{self, Cut};
use crate::paths::{DATABASE, DATABASE_PACKED, SQLITE};
use crate::store::staging::{Staging, Written};
use crate::store::tier_manifest::PORTAL_TIERS;

/// How DuckDB lays out a file: three headers, then blocks.
const BLOCKS: Cut = Cut { first: 3 * 4_096, part: 256 * 1_024 };

/// Writes tables as one database file; publishing knows no database itself.
pub trait DatabaseWriter: Debug + Sync {
    /// Writes these tables, in this order, to a file that is not there yet. The same tables give the same bytes, also where unchanged ones are
    /// taken from the file of the `last` release.
    ///
    /// # Errors
    /// Why the file cannot be written, in words that hold no value.
    fn write(&self, path: &Path, tables: &[&dyn DatabaseTable], last: Option<&Path>) -> Result<(), String>;
}

/// The files of each tier of the portal.
pub(crate) type Databases = BTreeMap<Tier, DatabaseFiles>;

/// A tier's tables as files of databases.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseFiles {
    pub(crate) duckdb: Option<Written>,
    pub(crate) sqlite: Option<Written>,
}

/// Writes the files of each tier of the portal, or links those of the last release if no table of the tier changed. They are made of the
/// tier's own tables alone; the internal tier has none.
pub(crate) fn write(
    staging: &Staging,
    tiers: &[Tier],
    tables: &[TierTable<'_>],
    last: Option<&LastRelease>,
    (duckdb, sqlite): (Option<&dyn DatabaseWriter>, Option<&dyn DatabaseWriter>),
) -> Result<Databases, Error> {
    let mut databases = Databases::new();
    for tier in PORTAL_TIERS.into_iter().filter(|tier| tiers.contains(tier)) {
        let mut of: Vec<&TierTable<'_>> = tables.iter().filter(|table| table.tier == tier).collect();
        of.sort_by(|one, other| one.table.name.cmp(&other.table.name));
        let same = last.filter(|_| of.iter().all(|table| !table.is_new()));
        let write = |(path, packed, writer): (&str, Option<&str>, Option<&dyn DatabaseWriter>)| {
            let Some(writer) = writer else { return Ok(None) };
            let linked = same.map_or(Ok(None), |last| link(staging, tier, (path, packed), last))?;
            linked.map_or_else(|| make(staging, tier, (path, packed), &of, (writer, last)), Ok).map(Some)
        };
        let (duckdb, sqlite) = rayon::join(|| write((DATABASE, Some(DATABASE_PACKED), duckdb)), || write((SQLITE, None, sqlite)));
        databases.insert(tier, DatabaseFiles { duckdb: duckdb?, sqlite: sqlite? });
    }
    Ok(databases)
}

/// Links a file and its packed twin, if the last release has both.
fn link(staging: &Staging, tier: Tier, (path, packed): (&str, Option<&str>), last: &LastRelease) -> Result<Option<Written>, Error> {
    if [Some(path), packed].into_iter().flatten().any(|path| last.entry(tier, path).is_none()) {
        return Ok(None);
    }
    packed.map(|packed| last.link(staging, tier, packed)).transpose()?;
    last.link(staging, tier, path)
}

fn make(
    staging: &Staging,
    tier: Tier,
    (path, packed): (&str, Option<&str>),
    tables: &[&TierTable<'_>],
    (writer, last): (&dyn DatabaseWriter, Option<&LastRelease>),
) -> Result<Written, Error> {
    let before = |path: &str| last.and_then(|last| last.file(tier, path));
    let failed = |reason: String| Error::Database { tier, reason };
    let tables: Vec<&dyn DatabaseTable> = tables.iter().map(|table| *table as &dyn DatabaseTable).collect();
    let write = |full: &Path| writer.write(full, &tables, before(path).as_deref()).map_err(failed);
    let (written, full) = staging.write_by(tier, path, write)?;
    if let Some(packed) = packed {
        let pack =
            |twin: &mut File| packed::pack(&full, BLOCKS, before(packed).as_deref(), twin).map_err(|error| failed(error.to_string()));
        staging.write_in_any_order(tier, packed, pack)?;
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read;
    use std::sync::Mutex;

    use flate2::read::GzDecoder;

    use super::*;
    use crate::{FileStats, SiteContext, SqlAccess, Store, publish, sample};

    /// Remembers what it was asked to write.
    #[derive(Debug, Default)]
    struct Asked(Mutex<Vec<Vec<(String, usize)>>>);

    impl DatabaseWriter for Asked {
        fn write(&self, path: &Path, tables: &[&dyn DatabaseTable], last: Option<&Path>) -> Result<(), String> {
            assert_eq!(tables.iter().any(|table| table.is_unchanged()), last.is_some());
            let columns = |table: &&dyn DatabaseTable| (table.table().name.clone(), table.rows().unwrap().num_columns());
            let tables: Vec<_> = tables.iter().map(columns).collect();
            let bytes = format!("{tables:?}");
            self.0.lock().unwrap().push(tables);
            fs::write(path, bytes).map_err(|error| error.to_string())
        }
    }

    #[test]
    fn a_file_is_made_of_its_tiers_own_tables_and_linked_while_none_of_them_changes() {
        let home = tempfile::tempdir().unwrap();
        let catalog = sample::catalog(home.path());
        let store = || Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        let (tables, info, asked) = (sample::tables(&catalog, 5, 2), sample::info(), Asked::default());
        let sql = SqlAccess { database: Some(&asked), ..SqlAccess::default() };
        let context = SiteContext { sql, ..sample::context(&info) };
        let night = |changed: &[catalog::Released], last: Option<&LastRelease>| {
            let staging = store().stage().unwrap();
            let (_, hashes) = publish(&staging, &catalog, changed, last, &|_| None, &context).unwrap();
            (staging.commit(&info).unwrap(), hashes)
        };
        let (first, hashes) = night(&tables, None);
        let made = std::mem::take(&mut *asked.0.lock().unwrap());
        assert_eq!(made.len(), 2, "the internal tier has none");
        for tier in PORTAL_TIERS {
            let expected: Vec<(String, usize)> = tables
                .iter()
                .filter(|table| table.tier() == tier)
                .map(|table| (table.table().name.clone(), table.rows().num_columns()))
                .collect();
            assert!(made.iter().any(|one| one.len() == expected.len() && expected.iter().all(|table| one.contains(table))), "{tier}");
            let read = |path: &str| fs::read(first.portal.join(tier.name()).join(path)).unwrap();
            let mut unpacked = Vec::new();
            GzDecoder::new(read(DATABASE_PACKED).as_slice()).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, read(DATABASE));
        }
        let none = [FileStats::default(), FileStats::default()];
        let last = LastRelease::open(&store(), &first.manifest_sha256, hashes, &none).unwrap();
        let (second, hashes) = night(&[], Some(&last));
        assert!(asked.0.lock().unwrap().is_empty(), "both are linked");
        let open_only: Vec<_> = tables.iter().filter(|table| table.tier() == Tier::Open).take(1).cloned().collect();
        let last = LastRelease::open(&store(), &second.manifest_sha256, hashes, &none).unwrap();
        night(&open_only, Some(&last));
        let made = asked.0.lock().unwrap();
        assert!(made.len() == 1 && made[0].len() == 4, "the open one alone, of all its tables: {made:?}");
    }
}

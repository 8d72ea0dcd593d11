//! Does a release hold exactly what its manifest says, and show each tier only the columns the definitions allow?

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use catalog::{Catalog, Tier};
use flate2::read::GzDecoder;
use rayon::prelude::*;

use super::entries::{file_sha256, read_sha256};
use super::manifest::{FileEntry, MANIFEST, MANIFEST_SUM, Manifest, Revised, Withdrawn, sum_line};
use super::sides::names;
use super::signature::MANIFEST_SIGNATURE;
use super::staging::path_problem;
use crate::error::Error;
use crate::formats::{Shape, publisher};
use crate::paths::{TWIN, path_in_release};

/// What a sound release holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// Folder name of the release.
    pub release: String,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
    /// Files whose size and hash are right.
    pub files: usize,
    /// Their size together.
    pub bytes: u64,
    /// Data files whose columns and rows are right.
    pub data_files: usize,
    /// Whether the release before is the one that the manifest names; `None` for the first release, or when the one before is gone.
    pub previous: Option<bool>,
    /// If it was taken out of service: when and why.
    pub withdrawn: Option<Withdrawn>,
    /// Every removal of rows from it, the last one last.
    pub revised: Vec<Revised>,
}

/// Checks every file of a release (of the portal or of the internal tier).
///
/// # Errors
/// [`Error::Unsound`] with every problem found; [`Error::Manifest`] and [`Error::Io`] when there is nothing to check.
pub fn verify(release: &Path, catalog: &Catalog) -> Result<VerifyReport, Error> {
    let release = release.canonicalize().map_err(Error::io("find", release))?;
    let (manifest, sha256) = Manifest::read(&release)?;
    let name = release.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut problems = Vec::new();

    if name != manifest.name() {
        problems.push(format!("the folder is called {name}, the manifest says {}", manifest.name()));
    }
    if !is_summed(&release, &sha256) {
        problems.push(format!("{MANIFEST_SUM} does not match {MANIFEST}"));
    }
    let previous = previous_problem(&release, &manifest).map(|problem| {
        let sound = problem.is_none();
        problems.extend(problem);
        sound
    });
    let files = match manifest.all_files(&release) {
        Ok(files) => files,
        Err(error) => return Err(Error::Unsound { release: name, problems: [problems, vec![error.to_string()]].concat() }),
    };
    let listed: BTreeMap<&str, &FileEntry> = files.iter().map(|file| (file.path.as_str(), file)).collect();
    if listed.len() != files.len() {
        problems.push("the manifest lists a file twice".to_owned());
    }
    let mut present = Vec::new();
    walk(&release, "", &mut present)?;
    let of_tiers = manifest.tiers.keys().map(|tier| path_in_release(*tier, MANIFEST));
    let manifests: Vec<String> = [MANIFEST, MANIFEST_SUM, MANIFEST_SIGNATURE].map(str::to_owned).into_iter().chain(of_tiers).collect();
    let extra = present.iter().filter(|path| !listed.contains_key(path.as_str()) && !manifests.contains(path));
    problems.extend(extra.map(|path| format!("{path}: extra file, not in the manifest")));
    let broken: Vec<String> = files.par_iter().filter_map(|file| file_problem(&release, file, &listed, catalog).err()).collect();
    problems.extend(broken);

    if !problems.is_empty() {
        return Err(Error::Unsound { release: name, problems });
    }
    Ok(VerifyReport {
        release: name,
        manifest_sha256: sha256,
        files: files.len(),
        bytes: files.iter().map(|file| file.bytes).sum(),
        data_files: files.iter().filter(|file| file.table.is_some()).count(),
        previous,
        withdrawn: manifest.withdrawn,
        revised: manifest.revised,
    })
}

/// The manifest of a release, all files that it and those of its tiers list, and its SHA-256, if all of them agree.
///
/// # Errors
/// [`Error::Manifest`], [`Error::Io`], and [`Error::Unsound`] when they do not.
pub(crate) fn read_sound_manifest(release: &Path) -> Result<(Manifest, Vec<FileEntry>, String), Error> {
    let (manifest, sha256) = Manifest::read(release)?;
    if is_summed(release, &sha256) {
        let files = manifest.all_files(release)?;
        return Ok((manifest, files, sha256));
    }
    Err(Error::Unsound { release: manifest.name(), problems: vec![format!("{MANIFEST_SUM} does not match {MANIFEST}")] })
}

fn is_summed(release: &Path, sha256: &str) -> bool {
    fs::read_to_string(release.join(MANIFEST_SUM)).ok() == Some(sum_line(sha256))
}

/// `None` when there is nothing to compare with; else what is wrong with the reference to the release before, if anything is.
fn previous_problem(release: &Path, manifest: &Manifest) -> Option<Option<String>> {
    let previous = manifest.previous.as_ref()?;
    if path_problem(&previous.release).is_some() || previous.release.contains('/') {
        return Some(Some("the manifest names a previous release outside the store".to_owned()));
    }
    let folder = release.parent()?.join(&previous.release);
    if !folder.is_dir() {
        return None;
    }
    // In the place of one that was withdrawn or revised stands a manifest that names it.
    let same = Manifest::read(&folder).is_ok_and(|(manifest, sha256)| manifest.stands_for(&previous.sha256, &sha256));
    Some((!same).then(|| format!("previous release {} is not the one this release was made after", previous.release)))
}

/// Paths of everything below `folder` that is not a folder itself; links are not followed.
pub(crate) fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<(), Error> {
    for name in names(folder)? {
        let path = folder.join(&name);
        let relative = format!("{prefix}{name}");
        if fs::symlink_metadata(&path).map_err(Error::io("look at", &path))?.is_dir() {
            walk(&path, &format!("{relative}/"), found)?;
        } else {
            found.push(relative);
        }
    }
    Ok(())
}

fn file_problem(release: &Path, file: &FileEntry, listed: &BTreeMap<&str, &FileEntry>, catalog: &Catalog) -> Result<(), String> {
    let wrong = |reason: String| Err(format!("{}: {reason}", file.path));
    if let Some(reason) = path_problem(&file.path) {
        return wrong(format!("the path is not allowed: {reason}"));
    }
    let path = release.join(&file.path);
    match fs::symlink_metadata(&path) {
        Err(_) => return wrong("missing file".to_owned()),
        Ok(found) if !found.is_file() => return wrong("is not a plain file".to_owned()),
        Ok(found) if found.len() != file.bytes => return wrong(format!("has {} bytes, the manifest says {}", found.len(), file.bytes)),
        Ok(_) => {}
    }
    match file_sha256(&path) {
        Err(error) => return wrong(format!("cannot be read: {error}")),
        Ok(found) if found != file.sha256 => return wrong("content differs from the manifest's SHA-256".to_owned()),
        Ok(_) => {}
    }
    if let Some(original) = file.path.strip_suffix(TWIN).and_then(|path| listed.get(path)) {
        return match unpacked_sha256(&path) {
            Ok(found) if found == original.sha256 => Ok(()),
            _ => wrong(format!("does not hold {}, which lies beside it", original.path)),
        };
    }
    // A data file must say so, or it would escape the check of its columns.
    let is_data = file.path.split('/').any(|part| part == "data");
    match (&file.table, file.tier) {
        (Some(table), Some(tier)) => data_problem(&path, file, table, tier, catalog).or_else(wrong),
        (None, _) if is_data => wrong("lies among the data but names no table".to_owned()),
        (Some(_), None) => wrong("holds data but names no tier".to_owned()),
        (None, _) => Ok(()),
    }
}

/// Columns and rows of a data file against the definition.
fn data_problem(path: &Path, file: &FileEntry, table: &str, tier: Tier, catalog: &Catalog) -> Result<(), String> {
    let in_tier = tier == Tier::Internal || file.path.starts_with(&format!("{}/", tier.name()));
    if !in_tier {
        return Err(format!("does not lie in the folder of its tier {tier}"));
    }
    let definition = catalog.table(table).map_err(|error| error.to_string())?;
    if !definition.tiers.contains(&tier) {
        return Err(format!("table {table} is not published in tier {tier}"));
    }
    let want: Vec<&str> = definition.visible(tier).map(|column| column.column.name.as_str()).collect();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let Some(publisher) = publisher(&extension) else { return Err("is of no format that this program writes".to_owned()) };
    let Shape { columns, rows } = publisher.shape(path, &want).map_err(|reason| format!("cannot be read as {extension}: {reason}"))?;
    if columns != want {
        return Err(match columns.iter().find(|column| !want.contains(&column.as_str())) {
            Some(column) => format!("column {column} may not be shown to tier {tier}"),
            None => format!("its columns are [{}], the definition shows [{}]", columns.join(", "), want.join(", ")),
        });
    }
    match file.rows {
        Some(said) if said == rows => Ok(()),
        _ => Err(format!("has {rows} rows, the manifest says otherwise")),
    }
}

/// Of what is packed in a file.
fn unpacked_sha256(path: &Path) -> io::Result<String> {
    read_sha256(GzDecoder::new(File::open(path)?))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::{Committed, Contents, PUBLISHERS, Store, publish, sample};

    fn released(home: &Path) -> (PathBuf, Catalog) {
        let catalog = sample::catalog(home);
        let tables = sample::tables(&catalog, 5, 2);
        let info = sample::info();
        let store = Store::open(&home.join("portal"), &home.join("internal")).unwrap();
        let staging = store.stage().unwrap();
        publish(&staging, &catalog, &tables, None, &|_| None, &sample::context(&info)).unwrap();
        (staging.commit(&info).unwrap().portal, catalog)
    }

    fn problems(release: &Path, catalog: &Catalog) -> String {
        match verify(release, catalog) {
            Err(Error::Unsound { problems, .. }) => problems.join("\n"),
            other => panic!("the release is not sound, yet: {other:?}"),
        }
    }

    #[test]
    fn every_tampering_is_named() {
        let home = tempfile::tempdir().unwrap();
        let (release, catalog) = released(home.path());
        assert!(verify(&release, &catalog).is_ok());
        assert!(verify(&home.path().join("portal/latest"), &catalog).is_ok(), "through the link as well");

        let csv = release.join("public/data/virs/virs.csv");
        let whole = fs::read(&csv).unwrap();
        let mut tampered = whole.clone();
        tampered[200] ^= 1;
        fs::write(&csv, &tampered).unwrap();
        assert!(problems(&release, &catalog).contains("public/data/virs/virs.csv: content differs"));
        fs::write(&csv, &whole[1..]).unwrap();
        assert!(problems(&release, &catalog).contains("bytes, the manifest says"));
        fs::remove_file(&csv).unwrap();
        assert!(problems(&release, &catalog).contains("public/data/virs/virs.csv: missing file"));
        std::os::unix::fs::symlink("/etc/hostname", &csv).unwrap();
        assert!(problems(&release, &catalog).contains("not a plain file"));
        fs::remove_file(&csv).unwrap();
        fs::write(&csv, &whole).unwrap();

        fs::write(release.join("open/extra.html"), "x").unwrap();
        assert!(problems(&release, &catalog).contains("open/extra.html: extra file"));
        fs::remove_file(release.join("open/extra.html")).unwrap();

        let manifest = fs::read_to_string(release.join(MANIFEST)).unwrap();
        fs::write(release.join(MANIFEST), manifest.replacen("0.1.0", "0.1.1", 1)).unwrap();
        assert!(problems(&release, &catalog).contains("manifest.sha256 does not match"));
        fs::write(release.join(MANIFEST), manifest).unwrap();
        assert!(verify(&release, &catalog).is_ok());
        let open = fs::read_to_string(release.join("open/manifest.json")).unwrap();
        fs::write(release.join("open/manifest.json"), open.replacen("13000", "12345", 1)).unwrap();
        assert!(problems(&release, &catalog).contains("open/manifest.json is not a manifest of a release: its SHA-256"));
    }

    #[test]
    fn a_tiers_manifest_lists_its_own_files_and_the_releases_lists_none_of_them() {
        let home = tempfile::tempdir().unwrap();
        let (release, _) = released(home.path());
        let text = |path: &str| fs::read_to_string(release.join(path)).unwrap();
        let (open, public, root) = (text("open/manifest.json"), text("public/manifest.json"), text(MANIFEST));
        assert!(open.contains("\"open/data/virs/virs.csv\"") && !open.contains("public/"));
        assert!(public.contains("\"public/data/virs/virs.csv\"") && !public.contains("\"open"));
        assert!(!root.contains("/data/") && !root.contains("\"rows\"") && !root.contains("raw_jar"), "{root}");
        // Counts of what sources gave are rounded for both, and exact for those who may know.
        assert!([&open, &public].iter().all(|text| text.contains("\"rows\": 13000") && !text.contains("\"rows\": 12345")));
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        assert!(fs::read_to_string(store.latest_internal().unwrap().join(MANIFEST)).unwrap().contains("12345"));
    }

    #[test]
    fn a_release_of_the_first_format_is_still_read() {
        let home = tempfile::tempdir().unwrap();
        let (release, catalog) = released(home.path());
        let (manifest, _) = Manifest::read(&release).unwrap();
        let files = manifest.all_files(&release).unwrap();
        let first = Manifest { format: 1, files, tiers: BTreeMap::new(), sources: sample::info().sources, ..manifest };
        for tier in ["public", "open"] {
            fs::remove_file(release.join(tier).join(MANIFEST)).unwrap();
        }
        let bytes = first.print().unwrap();
        fs::write(release.join(MANIFEST), &bytes).unwrap();
        fs::write(release.join(MANIFEST_SUM), sum_line(&hex::encode(Sha256::digest(&bytes)))).unwrap();
        assert_eq!(verify(&release, &catalog).unwrap().files, first.files.len());
        assert_eq!(crate::list(&home.path().join("portal")).unwrap()[0].files, first.files.len());
        let (second, _) = released(home.path());
        assert_eq!(verify(&second, &catalog).unwrap().previous, Some(true), "the chain goes on from the old format to the new");
    }

    #[test]
    fn a_planted_column_is_named_in_every_format() {
        let home = tempfile::tempdir().unwrap();
        let catalog = sample::catalog(home.path());
        let tables = sample::tables(&catalog, 5, 2);
        let find = |tier| tables.iter().find(|table| table.tier() == tier && table.table().name == "out_savininkai").unwrap();
        let (internal, public) = (find(Tier::Internal), find(Tier::Public));
        for publisher in PUBLISHERS {
            let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
            let staging = store.stage().unwrap();
            let path = format!("data/virs/savininkai.{}", publisher.extension());
            staging.write(Tier::Public, &path, Some(Contents::of(public)), |out| publisher.write(internal, out)).unwrap();
            let committed = staging.commit(&sample::info()).unwrap();
            let found = problems(&committed.portal, &catalog);
            assert!(found.contains("column asmens_kodas may not be shown to tier public"), "{}: {found}", publisher.name());
            assert!(!found.contains("00000000000"), "no value in an error");
        }
    }

    #[test]
    fn data_may_not_hide_from_the_check_and_a_wrong_row_count_is_named() {
        let home = tempfile::tempdir().unwrap();
        let catalog = sample::catalog(home.path());
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        let staging = store.stage().unwrap();
        staging.write_bytes(Tier::Open, "data/virs/virs.csv", b"asmens_kodas\r\n").unwrap();
        let table = &sample::tables(&catalog, 5, 2)[0];
        let contents = Contents { rows: 6, ..Contents::of(table) };
        staging.write(Tier::Internal, "data/virs/virs.csv", Some(contents), |out| PUBLISHERS[0].write(table, out)).unwrap();
        let committed = staging.commit(&sample::info()).unwrap();
        assert!(problems(&committed.portal, &catalog).contains("names no table"));
        assert!(problems(&committed.internal, &catalog).contains("has 5 rows"));
    }

    #[test]
    fn a_packed_twin_holds_what_lies_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let catalog = sample::catalog(home.path());
        let mut info = sample::info();
        info.publication = info.publication.map(|publication| crate::Publication { gzip: true, ..publication });
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        let release = || {
            let staging = store.stage().unwrap();
            let context = sample::context(&info);
            publish(&staging, &catalog, &sample::tables(&catalog, 5, 2), None, &|_| None, &context).unwrap();
            staging.commit(&info).unwrap()
        };
        let (first, again) = (release(), release());
        let packed = |release: &Committed| fs::read(release.portal.join("public/assets/style.css.gz")).unwrap();
        assert!(packed(&first) == packed(&again), "the same text gives the same bytes");
        assert!(verify(&first.portal, &catalog).is_ok());
        for twin in ["index.html.gz", "public/assets/style.css.gz", "open/assets/style.css.gz", "open/index.html.gz"] {
            assert!(first.portal.join(twin).is_file(), "{twin}");
        }
        let packed = first.portal.join("public/index.html.gz");
        let mut found = Vec::new();
        walk(&first.internal, "", &mut found).unwrap();
        assert!(!found.iter().any(|path| path.ends_with(TWIN)), "nobody is served the internal tier");
        // A twin of something else, which the manifest lists as it is.
        let mut entries = Manifest::read(&first.portal).unwrap().0.all_files(&first.portal).unwrap();
        let other = entries.iter().find(|file| file.path == "open/index.html.gz").unwrap().clone();
        let twin = entries.iter_mut().find(|file| file.path == "public/index.html.gz").unwrap();
        (twin.sha256, twin.bytes) = (other.sha256.clone(), other.bytes);
        fs::remove_file(&packed).unwrap();
        fs::copy(first.portal.join("open/index.html.gz"), &packed).unwrap();
        let listed: BTreeMap<&str, &FileEntry> = entries.iter().map(|file| (file.path.as_str(), file)).collect();
        let said = file_problem(&first.portal, listed["public/index.html.gz"], &listed, &catalog).unwrap_err();
        assert!(said.contains("does not hold public/index.html"), "{said}");
    }

    #[test]
    fn a_changed_previous_release_is_noticed() {
        let home = tempfile::tempdir().unwrap();
        let (first, catalog) = released(home.path());
        let (second, _) = released(home.path());
        fs::write(first.join(MANIFEST), fs::read_to_string(first.join(MANIFEST)).unwrap().replacen("0.1.0", "0.1.1", 1)).unwrap();
        assert!(problems(&second, &catalog).contains("previous release 000001-2026-03-01 is not the one"));
        fs::remove_dir_all(&first).unwrap();
        assert_eq!(verify(&second, &catalog).unwrap().previous, None, "an old release may be removed");
    }
}

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use catalog::{Catalog, DatabaseTable, Evidence, News, Released, Table};

use super::*;
use crate::store::sides::names;
use crate::store::verify::walk;
use crate::{DatabaseWriter, Manifest, SiteContext, SqlAccess, publish, sample, verify};

const WHY: &str = "Teismo sprendimas";

/// Two of ten VIRS have this owner, whom the name and the id name.
const NAME: &str = "Vardenė Pavardenė 3";

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()
}

/// Stands for a database: its rows in words.
#[derive(Debug)]
struct Printed;

impl DatabaseWriter for Printed {
    fn write(&self, path: &Path, tables: &[&dyn DatabaseTable], _last: Option<&Path>) -> Result<(), String> {
        let tables = tables.iter().map(|table| Ok((table.table(), table.rows()?))).collect::<Result<Vec<_>, String>>()?;
        fs::write(path, format!("{tables:?}")).map_err(|error| error.to_string())
    }
}

struct Home {
    folder: tempfile::TempDir,
    catalog: Catalog,
    store: Store,
}

impl Home {
    /// Releases of the same tables.
    fn new(releases: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catalog = sample::catalog(folder.path());
        let store = Store::open(&folder.path().join("portal"), &folder.path().join("internal")).unwrap();
        let home = Self { folder, catalog, store };
        (0..releases).for_each(|number| drop(home.publish(u32::try_from(number).unwrap())));
        home
    }

    fn publish(&self, day: u32) -> String {
        let mut info = sample::info();
        info.date = info.date + chrono::Days::new(day.into());
        let staging = self.store.stage().unwrap();
        let context = SiteContext { sql: SqlAccess { database: Some(&Printed), ..SqlAccess::default() }, ..sample::context(&info) };
        publish(&staging, &self.catalog, &sample::tables(&self.catalog, 10, 2), None, &|_| None, &context).unwrap();
        staging.commit(&info).unwrap().name
    }

    fn prepared(&self, text: &str, definitions: &str) -> Removal {
        let sought = Sought::new(&[text.to_owned()]).unwrap();
        let admit = |table: Arc<Table>, tier: Tier, rows: RecordBatch| {
            Released::admit(table, tier, rows, &Evidence::default()).map_err(|error| error.to_string())
        };
        let reprint = Reprint {
            catalog: &self.catalog,
            definitions,
            admit: &admit,
            news: &|_| Vec::<&News>::new(),
            models: &sample::MODELS,
            notice: None,
            salt: [0; 32],
            database: &Printed,
            sqlite: &Printed,
            rounded_to: Some(10),
        };
        self.store.prepare_removal(self.store.holding(&sought).unwrap(), &sought, &reprint, (Extent::Rows, day(), WHY)).unwrap()
    }

    fn removal(&self, text: &str) -> Removal {
        self.prepared(text, &sample::info().definitions)
    }

    fn releases(&self) -> Vec<PathBuf> {
        let sides = [&self.store.portal, &self.store.internal];
        sides.iter().flat_map(|side| names(&side.releases()).unwrap().into_iter().map(|name| side.release(&name))).collect()
    }

    /// Every file of the portal and of the internal folder, by path from the home, with what it holds.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = Vec::new();
        walk(self.folder.path(), "", &mut found).unwrap();
        let read = |path: String| Some((path.clone(), fs::read(self.folder.path().join(&path)).ok()?));
        found.into_iter().filter(|path| path.starts_with("portal/") || path.starts_with("internal/")).filter_map(read).collect()
    }

    fn is_anywhere(&self, text: &str) -> bool {
        let sought = Sought::new(&[text.to_owned()]).unwrap();
        self.files().keys().any(|path| sought.is_in_file(&self.folder.path().join(path)).unwrap())
    }

    fn verify_all(&self) {
        for release in self.releases() {
            let report = verify(&release, &self.catalog).unwrap();
            assert_ne!(report.previous, Some(false), "{}", release.display());
        }
    }
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_person_is_gone_from_every_release_and_everything_else_of_them_stands() {
    let home = Home::new(3);
    let before = home.files();
    let removal = home.removal(NAME);
    assert_eq!(removal.outcomes().count(), 6, "both sides of three releases");
    for (holding, outcome) in removal.outcomes() {
        let Outcome::Revised(gone) = outcome else { panic!("{holding:?}: {outcome:?}") };
        let tiers: Vec<Tier> = gone.keys().copied().collect();
        assert_eq!(tiers, [if holding.internal { Tier::Internal } else { Tier::Public }], "the open tier has no such row");
        let of_history = (!holding.internal).then(|| ("out_savininkai__istorija".to_owned(), 2));
        let expected: BTreeMap<String, u64> = [("out_savininkai".to_owned(), 2)].into_iter().chain(of_history).collect();
        assert!(gone.values().all(|rows| *rows == expected), "{gone:?}");
    }
    removal.carry_out().unwrap();
    assert!(!home.is_anywhere(NAME) && home.is_anywhere("Vardenė Pavardenė 2"));
    home.verify_all();

    let after = home.files();
    let changed: Vec<&String> = before.keys().filter(|path| path.contains("releases/") && before.get(*path) != after.get(*path)).collect();
    let may_change = |path: &&&String| {
        let named = [
            "savininkai.",
            "savininkai__istorija.",
            "pokyciai/",
            "public/savininkai/",
            "public/en/savininkai/",
            "virs/300000006.",
            "virs/300000007.",
            "duomenys/virs.html",
            "/index.html",
            "manifest.",
            "/paieska",
            "virsis.duckdb",
        ];
        (sample::is_description(path) || named.iter().any(|part| path.contains(part))) && !path.contains("/open/")
    };
    assert!(changed.iter().all(|path| may_change(&path)), "{changed:#?}");
    for extension in ["html", "json", "xlsx", "svg"] {
        assert!(changed.iter().any(|path| path.ends_with(&format!("public/virs/300000006.{extension}"))), "{extension}");
    }
    assert!(changed.iter().any(|path| path.contains("public/paieska/")), "nobody is found who is forgotten");
    let own_page = |files: &BTreeMap<String, Vec<u8>>| files.keys().filter(|path| path.ends_with("ffff00000003.html")).count();
    assert_eq!((own_page(&before), own_page(&after)), (6, 0), "the page of who is forgotten is in no release");
    // The other rows are what they were, line by line.
    let lines = |files: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        let csv = files.iter().find(|(path, _)| path.ends_with("000002-2026-03-02/public/data/virs/savininkai.csv")).unwrap().1;
        String::from_utf8(csv.clone()).unwrap().lines().map(str::to_owned).collect()
    };
    let kept: Vec<String> = lines(&before).into_iter().filter(|line| !line.contains(NAME)).collect();
    assert!(lines(&before).len() == kept.len() + 2 && lines(&after) == kept);
    let objects = home.store.portal.objects();
    let mut all = names(&objects).unwrap().into_iter().map(|name| objects.join(name));
    assert!(all.all(|object| fs::metadata(object).unwrap().nlink() > 1), "no object is left that nothing shows");
}

#[test]
fn the_manifests_say_that_rows_went_and_what_stood_there_but_not_whose() {
    let home = Home::new(2);
    let release = home.releases().remove(0);
    let before =
        (text(&release.join("public/manifest.json")), text(&release.join("open/manifest.json")), Manifest::read(&release).unwrap().1);
    home.removal(NAME).carry_out().unwrap();
    let (manifest, sha256) = Manifest::read(&release).unwrap();
    let [revised] = &manifest.revised[..] else { panic!("{manifest:?}") };
    assert_eq!((revised.date, revised.why.as_str(), revised.manifest_sha256.as_str()), (day(), WHY, before.2.as_str()));
    assert!(revised.rows.is_empty() && sha256 != before.2);
    assert_eq!(text(&release.join("open/manifest.json")), before.1, "nothing of the open tier changed");
    let public: serde_json::Value = serde_json::from_str(&text(&release.join("public/manifest.json"))).unwrap();
    let said = &public["revised"][0];
    assert_eq!(said["manifest_sha256"], crate::store::manifest::sha256(before.0.as_bytes()));
    assert_eq!(said["rows"]["out_savininkai"], 0, "rounded: fewer than five");
    let internal = Manifest::read(&home.store.internal.release(&manifest.name())).unwrap().0;
    assert_eq!(internal.revised[0].rows["out_savininkai"], 2);
    assert_eq!(verify(&release, &home.catalog).unwrap().revised, manifest.revised);
}

#[test]
fn a_release_is_revised_as_often_as_somebody_must_go_and_may_be_withdrawn_after_that() {
    let home = Home::new(1);
    home.removal(NAME).carry_out().unwrap();
    home.publish(1);
    home.removal("Vardenė Pavardenė 2").carry_out().unwrap();
    home.publish(2);
    home.verify_all();
    let first = home.releases().remove(0);
    assert_eq!(Manifest::read(&first).unwrap().0.revised.len(), 2);
    assert!(!text(&first.join("public/data/virs/savininkai.csv")).contains("Pavardenė 2"));
    let sought = Sought::new(&["Vardenė Pavardenė 4".to_owned()]).unwrap();
    home.store.withdraw(&home.store.holding(&sought).unwrap(), day(), WHY).unwrap();
    home.publish(3);
    home.verify_all();
}

#[test]
fn what_is_only_prepared_changes_nothing() {
    let home = Home::new(2);
    let before = home.files();
    drop(home.removal(NAME));
    assert!(home.files() == before);
    drop(home.store.stage().unwrap());
}

#[test]
fn a_removal_that_is_cut_short_is_completed_by_whoever_opens_the_store_next() {
    for done in 0..3 {
        let home = Home::new(2);
        let removal = home.removal(NAME);
        let plan = removal.plan().unwrap();
        plan.write(&home.store).unwrap();
        // The first of them was swapped, and perhaps removed, and there the program died.
        let side = &home.store.portal;
        let (name, staged) = (plan.portal[0].name(), side.root.join(format!(".staging-{}", side.revision(&plan.portal[0].name()))));
        if done > 0 {
            let beside = side.root.join("beside");
            fs::rename(side.release(&name), &beside).unwrap();
            fs::rename(&staged, side.release(&name)).unwrap();
            match done {
                1 => fs::rename(&beside, &staged).unwrap(),
                _ => fs::remove_dir_all(&beside).unwrap(),
            }
        }
        removal.lock.unlock().unwrap();
        std::mem::forget(removal);
        assert!(home.is_anywhere(NAME));
        home.store.latest_manifest().unwrap();
        assert!(!home.is_anywhere(NAME), "{done}");
        home.verify_all();
        assert!(home.releases().iter().all(|release| Manifest::read(release).unwrap().0.revised.len() == 1));
        assert!(names(&side.root).unwrap().iter().all(|name| !name.starts_with(".staging") && name != ".withdrawing"));
    }
}

#[test]
fn a_release_that_this_program_would_print_otherwise_is_withdrawn_as_a_whole() {
    let why_not = |removal: &Removal| -> Vec<String> {
        let reasons = removal.outcomes().filter_map(|(_, outcome)| match outcome {
            Outcome::Withdrawn(reason) => Some(reason.to_owned()),
            Outcome::Revised(_) => None,
        });
        reasons.collect()
    };
    let home = Home::new(2);
    let removal = home.prepared(NAME, "other");
    let reasons = why_not(&removal);
    assert!(reasons.len() == 4 && reasons.iter().all(|reason| reason.contains("other definitions")), "{reasons:?}");
    removal.carry_out().unwrap();
    assert!(!home.is_anywhere(NAME) && home.releases().iter().all(|release| Manifest::read(release).unwrap().0.withdrawn.is_some()));

    let home = Home::new(2);
    let page = home.releases().remove(0).join("public/virs/index.html");
    let other = text(&page).replace("</h1>", " </h1>");
    fs::remove_file(&page).unwrap();
    fs::write(&page, &other).unwrap();
    // As if another program had printed it.
    reprinted(&home, "public/virs/index.html", other.as_bytes());
    let removal = home.removal(NAME);
    let reasons = why_not(&removal);
    assert_eq!(reasons, ["this program prints 1 of its files otherwise"]);
    removal.carry_out().unwrap();
    assert!(!home.is_anywhere(NAME));
    home.verify_all();
}

/// Puts a file of the first release of the portal into its manifests.
fn reprinted(home: &Home, path: &str, bytes: &[u8]) {
    let release = home.releases().remove(0);
    let (tier, own) = (release.join("public/manifest.json"), release.join("manifest.json"));
    let mut manifest: serde_json::Value = serde_json::from_str(&text(&tier)).unwrap();
    let file = manifest["files"].as_array_mut().unwrap().iter_mut().find(|file| file["path"] == path).unwrap();
    file["sha256"] = crate::store::manifest::sha256(bytes).into();
    file["bytes"] = bytes.len().into();
    let printed = serde_json::to_string(&manifest).unwrap();
    fs::write(&tier, &printed).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text(&own)).unwrap();
    manifest["tiers"]["public"] = crate::store::manifest::sha256(printed.as_bytes()).into();
    fs::write(&own, serde_json::to_string(&manifest).unwrap()).unwrap();
    let sum = crate::store::manifest::sum_line(&crate::store::manifest::sha256(&fs::read(&own).unwrap()));
    fs::write(release.join("manifest.sha256"), sum).unwrap();
    // The second release was made after it.
    let second = home.releases().remove(1);
    let mut manifest: serde_json::Value = serde_json::from_str(&text(&second.join("manifest.json"))).unwrap();
    manifest["previous"]["sha256"] = crate::store::manifest::sha256(&fs::read(&own).unwrap()).into();
    fs::write(second.join("manifest.json"), serde_json::to_string(&manifest).unwrap()).unwrap();
    let sum = crate::store::manifest::sum_line(&crate::store::manifest::sha256(&fs::read(second.join("manifest.json")).unwrap()));
    fs::write(second.join("manifest.sha256"), sum).unwrap();
}

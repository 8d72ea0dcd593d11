use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use catalog::{CHANGE, Catalog, Evidence, Released, SEQUENCE, Table, Tier};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::When;
use super::delta::{Since, delta};
use super::fold::{Kept, advance};
use super::index::Index;
use super::past::{moved, read, shown_on};
use crate::paths::{CHANGES_INDEX, path_in_release};
use crate::{LastRelease, PageHashes, SiteContext, Sought, Store, publish, sample, verify};

/// Rows of a night: number of the VIRS and of its name; several may be alike.
type Night = Vec<(u8, u8)>;

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();

fn when(night: usize) -> When {
    When { sequence: night as i64 + 1, date: FIRST + Days::new(10 * night as u64) }
}

/// Definitions in which rows have no key but their number, or the code of the VIRS.
struct Defined {
    catalog: Catalog,
    _home: tempfile::TempDir,
}

impl Defined {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { catalog: sample::catalog(home.path()), _home: home }
    }

    fn kept<'a>(&'a self, table: &str) -> (&'a Arc<Table>, &'a Arc<Table>, &'a Arc<Table>) {
        let table = self.catalog.table(table).unwrap();
        let of = |name: String| self.catalog.table(&name).unwrap();
        (table, of(table.history_name()), of(table.changes_name()))
    }
}

/// What the public tier shows of a table in a night.
fn rows(table: &Table, night: &Night) -> RecordBatch {
    let schema = table.schema_for(Tier::Public);
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        match field.name().as_str() {
            "ja_kodas" => Arc::new(night.iter().map(|row| Some(format!("{}", 300_000_000 + u32::from(row.0)))).collect::<StringArray>()),
            "pavadinimas" => Arc::new(night.iter().map(|row| Some(format!("ž{}", row.1))).collect::<StringArray>()),
            "institucija" => Arc::new(night.iter().map(|row| (row.1 > 0).then(|| format!("ž{}", row.1))).collect::<StringArray>()),
            SEQUENCE => Arc::new(Int64Array::from_iter_values(1..=night.len() as i64)),
            "apie_asmeni" => Arc::new(BooleanArray::from(vec![false; night.len()])),
            "reg_data" => Arc::new(Date32Array::from(vec![10_000; night.len()])),
            _ => arrow::array::new_null_array(field.data_type(), night.len()),
        }
    });
    RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
}

/// Rows as text, without their numbers, in order.
fn printed(rows: &RecordBatch, names: &[&str]) -> Vec<String> {
    let options = FormatOptions::default().with_null("∅");
    let columns: Vec<_> = names.iter().map(|name| rows.column_by_name(name).unwrap()).collect();
    let printers: Vec<_> = columns.iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options).unwrap()).collect();
    let mut lines: Vec<String> =
        (0..rows.num_rows()).map(|row| printers.iter().map(|cell| cell.value(row).to_string()).collect::<Vec<_>>().join("|")).collect();
    lines.sort();
    lines
}

/// What a table is after its changes.
fn applied(older: &RecordBatch, changes: &RecordBatch, own: &[&str], key: Option<&[&str]>) -> Vec<String> {
    let mut left = printed(older, own);
    let keys = key.map(|key| {
        let places: Vec<usize> = key.iter().map(|name| own.iter().position(|one| one == name).unwrap()).collect();
        move |line: &str| -> Vec<String> {
            let cells: Vec<&str> = line.split('|').collect();
            places.iter().map(|place| cells[*place].to_owned()).collect()
        }
    });
    let kinds = changes.column_by_name(CHANGE).unwrap().as_string::<i32>();
    for row in 0..changes.num_rows() {
        let line = printed(&changes.slice(row, 1), own).remove(0);
        let place = match kinds.value(row) {
            "pakeista" => keys.as_ref().and_then(|keys| left.iter().position(|one| keys(one) == keys(&line))),
            "pasalinta" => left.iter().position(|one| *one == line),
            "prideta" => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(place.is_none(), kinds.value(row) == "prideta", "it replaces or removes a row that is there");
        place.map(|place| left.remove(place));
        if kinds.value(row) != "pasalinta" {
            left.push(line);
        }
    }
    left.sort();
    left
}

fn without_repeats(night: &Night) -> Night {
    night.iter().copied().collect::<BTreeMap<u8, u8>>().into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn a_history_knows_what_every_night_showed_and_changes_lead_from_any_to_the_last(
        nights in prop::collection::vec(prop::collection::vec((0_u8..6, 0_u8..3), 0..8), 1..=30),
    ) {
        let defined = Defined::new();
        for (name, is_keyed) in [("out_virs", true), ("out_lesos", false)] {
            let (table, history, changes) = defined.kept(name);
            let nights: Vec<Night> = nights.iter().map(|night| if is_keyed { without_repeats(night) } else { night.clone() }).collect();
            let kept = Kept { table, history, tier: Tier::Public };
            let own: Vec<&str> = kept.own().collect();
            prop_assert!(!own.contains(&SEQUENCE) && own.contains(&"ja_kodas"));
            let shown: Vec<RecordBatch> = nights.iter().map(|night| rows(table, night)).collect();
            let mut known: Option<RecordBatch> = None;
            for (night, rows) in shown.iter().enumerate() {
                let before = known.clone();
                let after = advance(kept, before.as_ref(), rows, (when(night), night as i64), &[7; 32]).unwrap();
                if let Some(before) = before {
                    // What is closed stays as it is, row by row.
                    for row in 0..before.num_rows() {
                        let is_closed = before.column_by_name("leidimas_iki").unwrap().is_valid(row);
                        prop_assert!(!is_closed || before.slice(row, 1) == after.slice(row, 1));
                    }
                }
                known = Some(after);
            }
            let known = known.unwrap();
            prop_assert!(Released::admit(history.clone(), Tier::Public, known.clone(), &Evidence::default()).is_ok());
            let last = shown.len() - 1;
            for (night, rows) in shown.iter().enumerate() {
                for day in [when(night).date, when(night).date + Days::new(9)] {
                    prop_assert_eq!(printed(&shown_on(&known, day).unwrap(), &own), printed(rows, &own), "{}, night {}", name, night);
                }
                let has_moved = moved(&known, 1).unwrap();
                let moved = arrow::compute::filter_record_batch(&known, &has_moved).unwrap();
                let key = kept.key();
                prop_assert_eq!(key.is_some(), is_keyed);
                for since in [Since::Day(when(night).date), Since::Release(when(night).sequence)] {
                    let found = delta(kept, changes, &moved, since).unwrap();
                    prop_assert_eq!(applied(rows, &found.rows, &own, key.as_deref()), printed(&shown[last], &own), "{}, since {:?}", name, since);
                    prop_assert_eq!(found.came + found.changed + found.went, found.rows.num_rows());
                    prop_assert!(printed(rows, &own) != printed(&shown[last], &own) || found.rows.num_rows() == 0);
                }
            }
        }
    }
}

#[test]
fn a_new_column_is_filled_where_rows_are_still_shown_and_a_column_that_is_gone_is_forgotten() {
    let defined = Defined::new();
    let (table, history, _) = defined.kept("out_virs");
    let kept = Kept { table, history, tier: Tier::Public };
    let night = rows(table, &vec![(1, 1), (2, 1)]);
    let place = night.schema().index_of("reg_data").unwrap();
    let without: Vec<usize> = (0..night.num_columns()).filter(|column| *column != place).collect();
    let first = advance(kept, None, &night, (when(0), 0), &[7; 32]).unwrap();
    // As an older definition had it: one column less, and one that nobody may see any more.
    let places: Vec<usize> = (0..first.num_columns()).filter(|column| first.schema().field(*column).name() != "reg_data").collect();
    let old = first.project(&places).unwrap();
    let secret: ArrayRef = Arc::new(StringArray::from(vec!["slapta"; 2]));
    let known = old.schema();
    let fields = known.fields().iter().cloned().chain([Arc::new(arrow::datatypes::Field::new("sena", secret.data_type().clone(), true))]);
    let schema = Arc::new(arrow::datatypes::Schema::new(fields.collect::<Vec<_>>()));
    let old = RecordBatch::try_new(schema, old.columns().iter().cloned().chain([secret]).collect()).unwrap();
    let left = night.slice(0, 1);
    let known = advance(kept, Some(&old), &left, (when(1), 1), &[7; 32]).unwrap();
    assert!(known.column_by_name("sena").is_none() && known.num_rows() == 2, "{:?}", without.len());
    let days = known.column_by_name("reg_data").unwrap();
    assert!(days.is_valid(0) && days.is_null(1), "the row that went before the column came has it empty");
    assert_eq!(known.column_by_name("galioja_nuo").unwrap(), days, "what holds since when repeats a column of the table");
}

/// A portal of which each night shows some VIRS, as `sample` has them.
struct Portal {
    home: tempfile::TempDir,
    catalog: Catalog,
    store: Store,
    hashes: PageHashes,
}

impl Portal {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let catalog = sample::catalog(home.path());
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        Self { home, catalog, store, hashes: PageHashes::default() }
    }

    /// Publishes a night that shows so many VIRS; if it builds on the last one, only changed tables are made.
    fn night(&mut self, day: u64, virs: usize, builds: bool) -> String {
        let mut info = sample::info();
        info.date = FIRST + Days::new(day);
        let context: SiteContext<'_> = sample::context(&info);
        let staging = self.store.stage().unwrap();
        let last = self.store.latest().filter(|_| builds).map(|folder| {
            let sha256 = crate::Manifest::read(&folder).unwrap().1;
            LastRelease::open(&self.store, &sha256, self.hashes.clone(), &Default::default()).unwrap()
        });
        let mut tables = sample::tables(&self.catalog, virs, 2);
        if let Some(last) = &last {
            tables.retain(|table| {
                let dataset = self.catalog.datasets().find(|dataset| dataset.tables.contains(&table.table().name)).unwrap();
                let path = crate::table_path(dataset, table.table(), "parquet");
                last.rows(table.table(), table.tier(), &path, None).unwrap() != *table.rows()
            });
        }
        let (_, hashes) = publish(&staging, &self.catalog, &tables, last.as_ref(), &|_| None, &context).unwrap();
        self.hashes = hashes;
        staging.commit(&info).unwrap().name
    }

    fn file(&self, release: &str, path: &str) -> Vec<u8> {
        fs::read(self.home.path().join("portal/releases").join(release).join(path)).unwrap()
    }

    fn index(&self, release: &str, tier: Tier) -> Index {
        Index::read(&self.file(release, &path_in_release(tier, CHANGES_INDEX))).unwrap()
    }

    fn history(&self, release: &str, path: &str) -> RecordBatch {
        read(&self.home.path().join("portal/releases").join(release).join(path), None).unwrap()
    }

    /// Every file of a release but the manifests, with what it holds.
    fn files(&self, release: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.home.path().join("portal/releases").join(release);
        let mut found = Vec::new();
        crate::store::verify::walk(&root, "", &mut found).unwrap();
        found
            .into_iter()
            .filter(|path| !path.contains("manifest."))
            .map(|path| (path.clone(), fs::read(root.join(&path)).unwrap()))
            .collect()
    }
}

const OWNERS: &str = "public/data/virs/savininkai__istorija.parquet";

#[test]
fn nights_that_build_on_one_another_have_the_histories_and_pages_of_whole_ones() {
    let (mut builds, mut whole) = (Portal::new(), Portal::new());
    for (day, virs) in [(0, 4), (1, 6), (9, 6), (50, 5), (51, 5)] {
        let (one, other) = (builds.night(day, virs, true), whole.night(day, virs, false));
        let (one, other) = (builds.files(&one), whole.files(&other));
        let differing: Vec<&String> = one.keys().chain(other.keys()).filter(|path| one.get(*path) != other.get(*path)).collect();
        assert!(differing.is_empty(), "day {day}: {differing:?}");
        verify(&builds.store.latest().unwrap(), &builds.catalog).unwrap();
    }
    let last = builds.store.latest().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    let index = builds.index(&last, Tier::Public);
    let of = |window: &str| {
        index.tables.iter().find(|table| table.table == "virs").unwrap().changes.iter().find(|one| one.window == window).unwrap().clone()
    };
    assert_eq!((of("release").went, of("7").went, of("7").since), (0, 1, FIRST + Days::new(44)));
    assert_eq!((of("31").went, of("365").came, of("365").since), (1, 1, FIRST));
    let page = String::from_utf8(builds.file(&last, "public/virs/300000004.html")).unwrap();
    assert!(page.contains("paskutinį kartą keitėsi <time datetime=\"2026-01-02\">"), "{page}");
    let feed = String::from_utf8(builds.file(&last, "public/pokyciai/index.atom")).unwrap();
    assert!(feed.contains("<id>urn:virsis:public:virs:300000005:2026-02-20</id>") && feed.contains("nebeskelbiamų"), "{feed}");
    assert!(!builds.home.path().join("internal/latest/pokyciai").exists(), "the internal tier keeps no history");
}

#[test]
fn a_history_that_is_lost_is_made_of_the_releases_that_stand() {
    let mut portal = Portal::new();
    let names: Vec<String> = [(0, 4), (1, 6), (9, 5)].into_iter().map(|(day, virs)| portal.night(day, virs, false)).collect();
    let known = portal.history(&names[2], OWNERS);
    for name in &names {
        let folder = portal.home.path().join("portal/releases").join(name);
        fs::remove_file(folder.join(OWNERS)).unwrap();
    }
    let again = portal.night(9, 5, false);
    assert_eq!(portal.history(&again, OWNERS), known);
    // A table that is not whole is left out: its rows are closed and opened by the next one.
    let damaged = portal.home.path().join("portal/releases").join(&names[1]).join("public/data/virs/savininkai.parquet");
    fs::remove_file(&damaged).unwrap();
    fs::write(&damaged, "PAR1").unwrap();
    fs::remove_file(portal.home.path().join("portal/releases").join(&again).join(OWNERS)).unwrap();
    let again = portal.night(9, 5, false);
    assert!(portal.history(&again, OWNERS).num_rows() < known.num_rows());
}

#[test]
fn what_only_withdrawn_releases_showed_goes_from_histories_with_the_next_night() {
    let mut portal = Portal::new();
    portal.night(0, 4, false);
    portal.night(1, 6, true);
    portal.night(2, 4, true);
    // The sixth VIRS has this owner, whom only the second release showed.
    let held = |portal: &Portal, name: &str| {
        let sought = Sought::new(&["300000005".to_owned()]).unwrap();
        portal
            .files(name)
            .keys()
            .filter(|path| sought.is_in_file(&portal.home.path().join("portal/releases").join(name).join(path)).unwrap())
            .count()
    };
    let sought = Sought::new(&["300000005".to_owned()]).unwrap();
    let second: Vec<_> =
        portal.store.holding(&sought).unwrap().into_iter().filter(|holding| holding.release.starts_with("000002")).collect();
    assert!(!second.is_empty());
    portal.store.withdraw(&second, FIRST, "bandymas").unwrap();
    let third = portal.store.latest().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    assert!(held(&portal, &third) > 0, "it is still in what the release after it remembers");
    let next = portal.night(3, 4, true);
    assert_eq!(held(&portal, &next), 0);
    verify(&portal.store.latest().unwrap(), &portal.catalog).unwrap();
}

#[test]
fn a_history_that_the_gate_refuses_stops_the_night_by_name() {
    let mut portal = Portal::new();
    portal.night(0, 4, false);
    let info = sample::info();
    let refuse = |table: Arc<Table>, tier: Tier, rows: RecordBatch| match table.name.ends_with("__istorija") {
        true => Err("1 rows of column savininkas hold a personal code".to_owned()),
        false => Released::admit(table, tier, rows, &Evidence::default()).map_err(|error| error.to_string()),
    };
    let context = SiteContext { admit: &refuse, ..sample::context(&info) };
    let staging = portal.store.stage().unwrap();
    let tables = sample::tables(&portal.catalog, 4, 2);
    let said = publish(&staging, &portal.catalog, &tables, None, &|_| None, &context).unwrap_err().to_string();
    assert!(said.contains("history of table out_") && said.contains("virsis withdraw"), "{said}");
}

#[test]
fn every_file_of_a_history_is_where_the_index_says() {
    let mut portal = Portal::new();
    portal.night(0, 4, false);
    let name = portal.night(1, 6, true);
    let of_open = portal.home.path().join("portal/latest/open/pokyciai");
    assert!(!of_open.exists(), "whom the open tier leaves out today it must not remember");
    let index = portal.index(&name, Tier::Public);
    assert!(index.tables.len() == 3 && index.previous == Some(1) && index.release == 2);
    for table in &index.tables {
        let files = table.changes.iter().flat_map(|changes| &changes.files).chain([&table.history]);
        for file in files {
            assert!(
                Path::new(&portal.home.path().join("portal/releases").join(&name).join(path_in_release(Tier::Public, file))).is_file(),
                "{file}"
            );
        }
        assert!(table.changes.iter().all(|changes| changes.files.len() == 3 || changes.came + changes.changed + changes.went == 0));
    }
}

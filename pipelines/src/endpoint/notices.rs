//! Notifications after a run: tells VIRS, through the form endpoint's outbox, what registers changed about them, and who must submit what.
//!
//! Changes are found by comparing what the registers themselves said in the last run and say now, table by table, not what is published, where
//! submissions of the VIRS and what follows from them are mixed in. `state/notices.json` (0600) remembers salted hashes by table and VIRS,
//! never a value.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int64Type};
use catalog::{Catalog, Layer, Role, Table, Tier, for_each_row_hash};
use chrono::{DateTime, Utc};
use forms::{Circulation, HalfYear, NewData, OvernightChanges, Register, Reported};
use serde::{Deserialize, Serialize};
use transforms::kept_schema;

use crate::config::Config;
use crate::endpoint;
use crate::home;
use crate::state::form_store;
use crate::state::last_good::LastGoodExtracts;
use crate::state::private_file;

/// Names the VIRS in every table about one.
const VIRS: &str = "ja_kodas";
const REGISTERS: &str = "saltiniai";
/// Code of the classifier `reklama_leidinyje` that says that no advertising is printed.
const WITHOUT_ADVERTISING: &str = "ne";
const FILE: &str = "notices.json";

/// What the last run notified about.
#[derive(Debug, Default, Serialize, Deserialize)]
struct NoticeState {
    /// The release.
    release: String,
    /// Submissions up to then.
    until: DateTime<Utc>,
    /// What registers said then, by raw table.
    #[serde(default)]
    registers: BTreeMap<String, RegisterHashes>,
}

/// Hashes of what one table of a register says about each VIRS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct RegisterHashes {
    /// Hash of its columns and of the person key: with others nothing can be compared.
    schema: String,
    /// By VIRS that the register was asked about: a hash per column if the table has one row per VIRS, else one hash of all rows; none if it has
    /// no row about that VIRS.
    about: BTreeMap<String, Vec<u64>>,
}

impl RegisterHashes {
    /// What `rows` say about these VIRS; the order of rows does not matter.
    fn of(table: &Table, schema: String, rows: &RecordBatch, virs: &BTreeSet<String>, salt: &[u8; 32]) -> Result<Self> {
        let mut about: BTreeMap<String, Vec<u64>> = virs.iter().map(|code| (code.clone(), Vec::new())).collect();
        let codes = rows.column_by_name(VIRS).with_context(|| format!("{} has no column {VIRS}", table.name))?.as_string::<i32>();
        let groups: Vec<&[_]> = if has_one_row(table) { rows.columns().chunks(1).collect() } else { vec![rows.columns()] };
        for (place, columns) in groups.iter().enumerate() {
            for_each_row_hash(columns, salt, |row, hash| {
                if let Some(hashes) = about.get_mut(codes.value(row)) {
                    hashes.resize(groups.len(), 0);
                    hashes[place] = hashes[place].wrapping_add(hash);
                }
            })?;
        }
        Ok(Self { schema, about })
    }
}

/// Whether a table has one row about each VIRS, of which single columns can be told.
fn has_one_row(table: &Table) -> bool {
    table.key == [VIRS]
}

/// The register of a raw table about VIRS; `None` where people handed it in, or it is about something else.
fn register_of(table: &Table) -> Option<&str> {
    (table.layer == Layer::Raw && !table.submitted && table.column(VIRS).is_some()).then(|| table.source())
}

/// Writes the notifications of the run that has just ended.
///
/// # Errors
/// The release or the store cannot be read. The release stays published.
pub(crate) fn write(config: &Config, now: DateTime<Utc>) -> Result<usize> {
    let latest = config.tier_root(Tier::Internal).join("latest").canonicalize().context("there is no release")?;
    let release = latest.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let catalog = home::load_catalog(config)?;
    let register = endpoint::register::register(&latest, &catalog)?;
    let store = form_store::open(config)?;
    let origin = config.forms.origin.as_str();
    let feeds = home::load_feeds(config, &catalog)?;
    let mut written = forms::set_aside(&store, &register, &feeds, origin, now)?;
    if let Some(half) = HalfYear::due_on(forms::today(now)) {
        let rows = |table| endpoint::register::rows(&latest, &catalog, table);
        let reported = reported(&rows("out_tirazas")?, &rows("out_lesos")?, half)?;
        written += forms::reminders(&store, &register, origin, half, &reported, now)?;
    }
    let path = config.paths.state.join(FILE);
    let last: Option<NoticeState> = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let before = last.as_ref().map(|last| &last.registers);
    let registers = match &last {
        Some(last) if last.release == release => last.registers.clone(),
        _ => register_hashes(config, &catalog, &register, before)?,
    };
    // In the first run everything is new, and nobody wants to be told so.
    if let Some(last) = &last {
        let mut news = changes(&catalog, &last.registers, &registers)?;
        if config.forms.nightly_digest {
            gather(config, &catalog, &store, last.until, &mut news)?;
        }
        let news: Vec<OvernightChanges> = news.into_values().collect();
        // Digests of two nights without a new release are two letters.
        let night = format!("{release}-{}", forms::today(now));
        written += forms::night(&store, &register, origin, &night, &news, now)?;
    }
    let state = NoticeState { release, until: now, registers };
    private_file::replace(&path, &serde_json::to_vec(&state)?)?;
    Ok(written)
}

/// The hashes of what every register says about those who are VIRS now.
fn register_hashes(
    config: &Config,
    catalog: &Catalog,
    register: &Register,
    before: Option<&BTreeMap<String, RegisterHashes>>,
) -> Result<BTreeMap<String, RegisterHashes>> {
    let key = home::person_key(&config.secrets.person_key_file)?;
    let last_good = LastGoodExtracts::open(&config.paths.state, &key)?;
    let virs: BTreeSet<String> = register.all().filter(|virs| !virs.ended).map(|virs| virs.code.clone()).collect();
    let mut all = BTreeMap::new();
    for name in last_good.index.tables.keys() {
        let Ok(table) = catalog.table(name) else { continue };
        let schema = kept_schema(table);
        let (Some(_), Some(entry)) = (register_of(table), last_good.get(name, &schema)) else { continue };
        // One that does not answer changed nothing, and may not have been asked about those who are new.
        let carried = before.and_then(|before| before.get(name)).filter(|_| entry.stale_since.is_some());
        let hashes = match carried {
            Some(hashes) => hashes.clone(),
            None => RegisterHashes::of(table, entry.schema.clone(), &last_good.rows(name, entry, &schema)?, &virs, &key.salt())?,
        };
        all.insert(name.clone(), hashes);
    }
    Ok(all)
}

/// What registers changed about those who were VIRS last night already: to others all of it is new, as they themselves are.
fn changes(
    catalog: &Catalog,
    before: &BTreeMap<String, RegisterHashes>,
    now: &BTreeMap<String, RegisterHashes>,
) -> Result<BTreeMap<String, OvernightChanges>> {
    let mut news: BTreeMap<String, OvernightChanges> = BTreeMap::new();
    for (name, current) in now {
        let Some(earlier) = before.get(name).filter(|earlier| earlier.schema == current.schema) else { continue };
        let table = catalog.table(name)?;
        for (code, hashes) in &current.about {
            let Some(earlier) = earlier.about.get(code).filter(|earlier| *earlier != hashes) else { continue };
            let night = news.entry(code.clone()).or_insert_with(|| OvernightChanges { virs: code.clone(), ..OvernightChanges::default() });
            night.registers.push(words(catalog, table, earlier, hashes));
            // What a VIRS must check above all.
            night.participants |= table.role == Some(Role::Participants);
        }
    }
    Ok(news)
}

/// What changed in a table, and in which register: the columns where it has one row about each VIRS and had it before, else the table.
fn words(catalog: &Catalog, table: &Table, before: &[u64], now: &[u64]) -> String {
    let schema = kept_schema(table);
    let columns: Vec<&str> = schema
        .fields()
        .iter()
        .enumerate()
        .filter(|(place, _)| has_one_row(table) && !before.is_empty() && !now.is_empty() && before.get(*place) != now.get(*place))
        .filter_map(|(_, field)| table.column(field.name()))
        .map(|column| column.column.title.lt.as_str())
        .collect();
    let what = if columns.is_empty() { table.title.lt.clone() } else { columns.join(", ") };
    let register = register_of(table).and_then(|source| Some(&catalog.classifier(REGISTERS).ok()?.title(source)?.lt));
    let short = register.and_then(|title| title.rsplit_once('(')).and_then(|(_, short)| short.strip_suffix(')'));
    match short {
        Some(short) if !what.contains(short) => format!("{what} ({short})"),
        _ => what,
    }
}

/// Adds what others handed in since the last night.
fn gather(
    config: &Config,
    catalog: &Catalog,
    store: &forms::Store,
    since: DateTime<Utc>,
    news: &mut BTreeMap<String, OvernightChanges>,
) -> Result<()> {
    let feeds = home::load_feeds(config, catalog)?;
    for one in store.read(|connection| forms::store::submitted_since(connection, since))? {
        let Some(feed) = feeds.iter().find(|feed| feed.name == one.feed && feed.about != forms::feed::About::Own) else { continue };
        let night =
            news.entry(one.virs.clone()).or_insert_with(|| OvernightChanges { virs: one.virs.clone(), ..OvernightChanges::default() });
        night.handed_in.push(NewData {
            submission: one.id,
            provider: one.organisation_name,
            feed: feed.title.clone(),
            receipt: one.receipt.unwrap_or_default(),
        });
    }
    Ok(())
}

/// What a release has of circulation, and who gave funds in this half-year.
fn reported(circulation: &RecordBatch, funds: &RecordBatch, half: HalfYear) -> Result<Reported> {
    let column = |name: &str| circulation.column_by_name(name).with_context(|| format!("out_tirazas has no column {name}"));
    let (outlets, days) = (column("vip_nr")?.as_string::<i32>(), column("data")?.as_primitive::<Date32Type>());
    let (printed, stated) = (column("tirazas")?.as_primitive::<Int64Type>(), column("metrikos_tirazas")?.as_primitive::<Int64Type>());
    let advertising = column("su_reklama")?.as_string::<i32>();
    let figure = |row: usize| {
        let stated = if stated.is_valid(row) { stated.value(row) } else { 0 };
        Some(Circulation {
            outlet: outlets.value(row).to_owned(),
            day: days.value_as_date(row)?,
            copies: printed.value(row).max(stated),
            advertising: advertising.value(row) != WITHOUT_ADVERTISING,
        })
    };
    let column = |name: &str| funds.column_by_name(name).with_context(|| format!("out_lesos has no column {name}"));
    let (givers, given) = (column("institucijos_kodas")?.as_string::<i32>(), column("data")?.as_primitive::<Date32Type>());
    let inside = |row: &usize| given.value_as_date(*row).is_some_and(|day| half.contains(day));
    Ok(Reported {
        circulation: (0..circulation.num_rows()).filter_map(figure).collect(),
        funds: (0..funds.num_rows()).filter(inside).map(|row| givers.value(row).to_owned()).collect::<BTreeSet<_>>().into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};
    use arrow::datatypes::DataType;
    use catalog::Layer;

    use super::*;

    const SALT: [u8; 32] = [7; 32];
    const OWN: &str = "305990018";
    const OTHER: &str = "188604955";

    fn catalog() -> Catalog {
        Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
    }

    /// A value of this type; another one for another `number`.
    fn cell(kind: &DataType, number: i32) -> ArrayRef {
        match kind {
            DataType::Utf8 => Arc::new(StringArray::from(vec![format!("reikšmė {number}")])),
            DataType::Int64 => Arc::new(Int64Array::from(vec![i64::from(number)])),
            DataType::Date32 => Arc::new(Date32Array::from(vec![number])),
            DataType::Boolean => Arc::new(BooleanArray::from(vec![number % 2 == 1])),
            DataType::Decimal128(..) => Arc::new(Decimal128Array::from(vec![i128::from(number)]).with_data_type(kind.clone())),
            other => panic!("no column has type {other}"),
        }
    }

    /// A row about a VIRS; `changed` holds another value than it otherwise would.
    fn row(table: &Table, virs: &str, changed: Option<&str>) -> RecordBatch {
        let schema = kept_schema(table);
        let columns = schema.fields().iter().map(|field| match field.name().as_str() {
            VIRS => Arc::new(StringArray::from(vec![virs])) as ArrayRef,
            name => cell(field.data_type(), if changed == Some(name) { 11 } else { 20 }),
        });
        RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
    }

    fn night(table: &Table, virs: &[&str], rows: &[RecordBatch]) -> BTreeMap<String, RegisterHashes> {
        let rows = arrow::compute::concat_batches(&kept_schema(table), rows).unwrap();
        let virs = virs.iter().map(|code| (*code).to_owned()).collect();
        [(table.name.clone(), RegisterHashes::of(table, "S".into(), &rows, &virs, &SALT).unwrap())].into()
    }

    #[test]
    fn whatever_a_register_changes_about_a_virs_is_told_to_that_virs_alone_and_by_its_name() {
        let catalog = catalog();
        let registers: Vec<&Table> =
            catalog.tables(Layer::Raw).map(|table| &**table).filter(|table| register_of(table).is_some()).collect();
        let sources: BTreeSet<&str> = registers.iter().filter_map(|table| register_of(table)).collect();
        assert!(sources.len() > 5 && sources.contains("jadis"), "{sources:?}");
        assert!(!sources.contains("gr"), "it is about persons");
        for table in registers {
            let before = night(table, &[OWN, OTHER], &[row(table, OWN, None), row(table, OTHER, None)]);
            for field in kept_schema(table).fields().iter().filter(|field| field.name() != VIRS) {
                // In another order, too: where a row stands says nothing.
                let now = night(table, &[OWN, OTHER], &[row(table, OTHER, None), row(table, OWN, Some(field.name()))]);
                let news = changes(&catalog, &before, &now).unwrap();
                let place = format!("{}.{}", table.name, field.name());
                assert_eq!(news.keys().collect::<Vec<_>>(), [OWN], "{place}");
                let told = &news[OWN];
                let title = match table.column(field.name()) {
                    Some(column) if has_one_row(table) => &column.column.title.lt,
                    _ => &table.title.lt,
                };
                assert_eq!(told.registers.len(), 1, "{place}");
                assert!(told.registers[0].starts_with(title.as_str()), "{place}: {}", told.registers[0]);
                assert_eq!(told.participants, table.role == Some(Role::Participants), "{place}");
            }
            assert!(changes(&catalog, &before, &before).unwrap().is_empty(), "{}", table.name);
            let gone = night(table, &[OWN, OTHER], &[row(table, OTHER, None)]);
            for (one, other) in [(&before, &gone), (&gone, &before)] {
                let news = changes(&catalog, one, other).unwrap();
                assert_eq!(news.keys().collect::<Vec<_>>(), [OWN], "a row that comes or goes: {}", table.name);
                assert!(news[OWN].registers[0].starts_with(&table.title.lt));
            }
        }
    }

    #[test]
    fn what_people_hand_in_is_no_register() {
        let catalog = catalog();
        let handed_in = catalog.tables(Layer::Raw).filter(|table| table.submitted);
        assert!(handed_in.map(|table| register_of(table)).all(|register| register.is_none()));
    }

    #[test]
    fn whoever_was_no_virs_last_night_is_told_nothing_of_what_was_there_before() {
        let catalog = catalog();
        let table = catalog.role(Role::Participants).unwrap();
        let before = night(table, &[OTHER], &[row(table, OTHER, None)]);
        let now = night(table, &[OWN, OTHER], &[row(table, OTHER, None), row(table, OWN, None)]);
        assert!(changes(&catalog, &before, &now).unwrap().is_empty(), "it became one");
        assert!(changes(&catalog, &now, &before).unwrap().is_empty(), "it is one no more");
        let mut other_columns = before.clone();
        other_columns.values_mut().for_each(|said| said.schema = "other".into());
        let changed = night(table, &[OTHER], &[row(table, OTHER, Some("akcijos"))]);
        assert!(changes(&catalog, &other_columns, &changed).unwrap().is_empty(), "rows with other columns cannot be compared");
        assert_eq!(changes(&catalog, &before, &changed).unwrap().len(), 1);
    }

    #[test]
    fn what_a_release_says_of_circulation_and_funds_is_read_as_it_is_defined() {
        let catalog = catalog();
        let rows = |table: &str, texts: &[(&str, &str)], number: i32| {
            let schema = catalog.table(table).unwrap().schema();
            let columns = schema.fields().iter().map(|field| match texts.iter().find(|(name, _)| name == field.name()) {
                Some((_, text)) => Arc::new(StringArray::from(vec![*text])) as ArrayRef,
                None => cell(field.data_type(), number),
            });
            RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
        };
        let without = catalog.classifier("reklama_leidinyje").unwrap();
        assert!(without.contains(WITHOUT_ADVERTISING));
        let read = |advertising: &str| {
            // Day 20 600 since 1970 is in May 2026.
            let circulation = rows("out_tirazas", &[("vip_nr", "VIP-1"), ("su_reklama", advertising)], 20_600);
            let funds = rows("out_lesos", &[("institucijos_kodas", OTHER)], 20_600);
            reported(&circulation, &funds, HalfYear { year: 2026, second: false }).unwrap()
        };
        let told = read("taip");
        let figure = &told.circulation[0];
        assert_eq!((figure.outlet.as_str(), figure.day.to_string().as_str(), figure.copies), ("VIP-1", "2026-05-27", 20_600));
        assert!(figure.advertising && !read(WITHOUT_ADVERTISING).circulation[0].advertising);
        assert_eq!(told.funds, [OTHER]);
    }

    #[test]
    fn what_an_earlier_program_remembered_is_no_reason_to_tell_anybody() {
        let old = r#"{"release": "000001-2026-10-31", "until": "2026-11-01T02:00:00Z", "hashes": {"out_dalyvis": {"305990018": 7}}}"#;
        let told: NoticeState = serde_json::from_str(old).unwrap();
        assert!(told.registers.is_empty());
    }
}

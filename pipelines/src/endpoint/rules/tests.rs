use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use catalog::{Check, Kind};
use chrono::NaiveDate;
use forms::check::check;
use forms::entry::{Context, Entry};
use forms::feed::{Field, Section};
use forms::problem::{Known, Problem};
use forms::{Feed, Register, Rules};
use proptest::prelude::*;

use super::*;

const VIRS: &str = "305990018";
const OUTLET: &str = "VIP-000001";
/// A published example; nobody has it.
const PERSON: &str = "33309240064";

/// What clients send that are no browser, or not our page: dates, sums and numbers in other spellings and out of range, codes where none belong.
const ODD: &[&str] = &[
    "",
    " ",
    "2026-3-1",
    "+2026-03-01",
    " 2026-03-01",
    "02026-03-01",
    "2026-03-01T00:00",
    "2026.03.01",
    "-2026-03-01",
    "9999-12-31",
    "12026-03-01",
    "2026-02-30",
    "٢٠٢٦-٠٣-٠١",
    "9999999999999999",
    "1000000000000",
    "999999999999.99",
    "99999999999999999999",
    "-1",
    "+14.00",
    "1,",
    ",5",
    ".",
    "1.000",
    "1,005",
    "1e3",
    "0x10",
    "NaN",
    "1 000",
    "９",
    "true",
    "1",
    "taip!",
    "nera_tokio",
    "188604955",
    "188604956",
    "33309240064",
    "333 0924 0064",
    "LT 33309240064",
    "1234567",
    "VIP-000001",
    "VIP-999999",
    "\u{200b}",
    "\u{feff}x",
    "a\u{0}b",
    "';--",
    "Žvaigždė ir ąžuolas 7",
];

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(&home()).unwrap());
static FEEDS: LazyLock<Vec<Feed>> = LazyLock::new(|| Feed::load_all(&home(), &CATALOG).unwrap());
static RULES: LazyLock<NightlyRules> = LazyLock::new(|| {
    let key: Vec<u8> = (0..32).collect();
    NightlyRules::new(CATALOG.clone(), PersonKey::new(&key).unwrap())
});

fn context() -> Context {
    Context { virs: VIRS.into(), organisation_code: "188604955".into(), organisation_name: "Institucija".into() }
}

/// Problems that the endpoint tells of an entry.
fn problems(feed: &Feed, entry: &Entry, beside: &BTreeMap<String, Vec<Record>>) -> Vec<Problem> {
    let (outlets, register) = ([OUTLET.to_owned()], Register::default());
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    check(feed, entry, &Known { catalog: &CATALOG, today, outlets: &outlets, virs: VIRS, register: &register, beside, rules: &*RULES })
}

/// What a night sets aside of an entry that is handed in, by section.
fn set_aside(feed: &Feed, entry: &Entry) -> Vec<(String, Fault)> {
    let of = |section: &Section| {
        let rows: Vec<&Record> = entry.records(&section.name).iter().collect();
        RULES.faults(&section.table, &rows).into_iter().map(|fault| (section.name.clone(), fault)).collect::<Vec<_>>()
    };
    feed.sections.iter().flat_map(of).collect()
}

/// A right value of a field.
fn right(section: &Section, field: &Field) -> String {
    let ends = section.table.order.iter().any(|(_, last)| last == field.name());
    if field.name() == forms::feed::OUTLET {
        return OUTLET.to_owned();
    }
    if let Some(classifier) = field.classifier() {
        return CATALOG.classifier(classifier).unwrap().terms[0].code.clone();
    }
    let text = match (&field.column.check, field.column.kind) {
        (_, Kind::Date) => {
            if ends {
                "2020-12-31"
            } else {
                "2020-01-15"
            }
        }
        (_, Kind::Boolean) => "true",
        (_, Kind::Integer) => "1500",
        (_, Kind::Money | Kind::Share | Kind::Number) => "4321.50",
        (Some(Check::JaKodas), _) => VIRS,
        (Some(Check::AsmensKodas), _) => PERSON,
        _ => "Žvaigždė ir ąžuolas 7",
    };
    text.to_owned()
}

/// A form that was filled in rightly: one record in each section, of the first kind where there are several, with every field that belongs to it.
fn filled(feed: &Feed) -> Entry {
    let mut entry = Entry::begin(feed, &context());
    for section in &feed.sections {
        if entry.records(&section.name).is_empty() {
            entry.add(section, &context());
        }
        let mut values = Record::new();
        values.extend(section.dependencies.iter().take(1).map(|one| (one.column.clone(), one.is[0].clone())));
        let chosen = values.clone();
        for field in section.fields.iter().filter(|field| field.given.is_none() && section.belongs(&chosen, field.name())) {
            values.entry(field.name().to_owned()).or_insert_with(|| right(section, field));
        }
        typed(feed, section, &mut entry, &values);
    }
    let mut next = 0;
    let number = |prefix: &str| {
        next += 1;
        // The outlet that a form declares is the one that it then names.
        Ok::<_, ()>(if prefix == "VIP" { OUTLET.to_owned() } else { format!("{prefix}-{next:06}") })
    };
    entry.give(feed, &context(), number).unwrap();
    entry
}

/// Takes over what a page would send.
fn typed(feed: &Feed, section: &Section, entry: &mut Entry, values: &Record) {
    let sent: Vec<(String, &str)> = values.iter().map(|(name, value)| (format!("{}.0.{name}", section.name), value.as_str())).collect();
    entry.fill(feed, sent.iter().map(|(name, value)| (name.as_str(), *value)));
}

#[test]
fn no_odd_value_in_any_field_of_any_form_gets_past_the_form_and_not_past_the_night() {
    let nothing = BTreeMap::new();
    let mut refused = 0;
    for feed in FEEDS.iter() {
        let entry = filled(feed);
        assert_eq!(problems(feed, &entry, &nothing), [], "{}", feed.name);
        assert_eq!(set_aside(feed, &entry), [], "{}", feed.name);
        for section in &feed.sections {
            for field in section.fields.iter().filter(|field| field.given.is_none()) {
                for odd in ODD {
                    let mut entry = entry.clone();
                    typed(feed, section, &mut entry, &[(field.name().to_owned(), (*odd).to_owned())].into());
                    let told = problems(feed, &entry, &nothing);
                    refused += told.len();
                    for (section, fault) in set_aside(feed, &entry) {
                        let at = |problem: &Problem| problem.section == section && problem.place == fault.row;
                        assert!(told.iter().any(at), "{} {section} {}: rule {}", feed.name, field.name(), fault.rule);
                    }
                    assert!(told.iter().all(|problem| odd.len() < 3 || !problem.message.contains(odd)), "a value is repeated");
                }
            }
        }
    }
    assert!(refused > 500, "{refused}");
}

#[test]
fn numbers_out_of_range_are_told_at_their_field() {
    let nothing = BTreeMap::new();
    for feed in FEEDS.iter() {
        for section in &feed.sections {
            for field in section.fields.iter().filter(|field| field.given.is_none() && field.column.kind.is_numeric()) {
                let mut entry = filled(feed);
                typed(feed, section, &mut entry, &[(field.name().to_owned(), "9999999999999999".to_owned())].into());
                let told = problems(feed, &entry, &nothing);
                assert!(told.iter().any(|problem| problem.column == field.name()), "{} {}: {told:?}", feed.name, field.name());
            }
        }
    }
}

#[test]
fn a_key_that_another_submission_has_is_told_before_anything_is_signed() {
    for feed in FEEDS.iter() {
        for section in feed.sections.iter().filter(|section| !section.table.key.is_empty()) {
            let entry = filled(feed);
            let beside = BTreeMap::from([(section.name.clone(), entry.records(&section.name).to_vec())]);
            let told = problems(feed, &entry, &beside);
            assert!(
                told.iter().any(|problem| problem.section == section.name && problem.message.contains("jau pateiktas")),
                "{}",
                feed.name
            );
        }
    }
}

/// Any form with any values.
fn any_entry() -> impl Strategy<Value = (usize, Vec<(usize, prop::sample::Index, String)>)> {
    let value =
        prop_oneof![prop::sample::select(ODD).prop_map(str::to_owned), "[0-9.,+-]{1,19}", "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "\\PC{0,12}"];
    (0..FEEDS.len(), prop::collection::vec((0..5_usize, any::<prop::sample::Index>(), value), 0..6))
}

proptest! {
    /// Whatever is typed: what the form lets through, the night takes over.
    #[test]
    fn what_a_form_lets_through_no_night_sets_aside((feed, changes) in any_entry()) {
        let feed = &FEEDS[feed];
        let mut entry = filled(feed);
        for (section, field, value) in changes {
            let section = &feed.sections[section % feed.sections.len()];
            let name = field.get(&section.fields).name();
            entry.fill(feed, [(format!("{}.0.{name}", section.name).as_str(), value.as_str())].into_iter());
        }
        entry.leave_out(feed);
        if problems(feed, &entry, &BTreeMap::new()).is_empty() {
            prop_assert_eq!(set_aside(feed, &entry), []);
        }
    }
}

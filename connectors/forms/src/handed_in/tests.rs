use catalog::Table;
use chrono::{TimeZone, Utc};

use super::*;
use crate::Role;
use crate::entry::Entry;
use crate::feed::Given;
use crate::state::Step;
use crate::store::{Acting, Durability, NewAccount, NewSubmission, Signature, StepOutcome, Store};
use crate::testing::{feed, feeds};

const INSTITUTION: &str = "800";

fn row(values: &[(&str, &str)]) -> Record {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A store with some history.
fn store(history: &[(&str, Vec<Record>)]) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("s")).unwrap();
    for (table, rows) in history {
        store.write(Durability::Usual, |transaction| store::add_history(transaction, table, rows)).unwrap();
    }
    (folder, store)
}

/// Hands a submission in on a day of October 2026, in the name of an institution, or of the VIRS itself.
fn submit(store: &Store, (feed, virs): (&Feed, &str), sections: &[(&str, Vec<Record>)], day: u32, supersedes: Option<i64>) -> i64 {
    let now = Utc.with_ymd_and_hms(2026, 10, day, 12, 0, 0).unwrap();
    store
        .write::<_, Error>(Durability::Usual, |transaction| {
            let account = match store::by_login(transaction, "a")? {
                Some(account) => account.id,
                None => {
                    let new = NewAccount { login: "a", person: "p", given_names: "A", family_names: "B", password: "x", seed: b"s" };
                    store::create_account(transaction, &new, now)?
                }
            };
            let entry = Entry { sections: sections.iter().map(|(name, rows)| ((*name).to_owned(), rows.clone())).collect() };
            let organisation = if feed.role == Role::Virs { virs } else { INSTITUTION };
            let acting = Acting { role: feed.role, organisation_code: organisation.into(), organisation_name: "X".into() };
            let new = NewSubmission { feed: &feed.name, virs, acting: &acting, account, entry: &entry, supersedes };
            let id = store::create(transaction, &new, now)?;
            let mut submission = store::find(transaction, id)?.unwrap();
            let receipt = format!("R-{id}");
            for (step, moved) in [
                (Step::Check, StepOutcome::StateOnly),
                (Step::Form, StepOutcome::Document(b"%PDF")),
                (Step::Review, StepOutcome::StateOnly),
                (Step::Sign, StepOutcome::Signed(Signature { container: b"PK", documents: 1, at: now, by: account })),
                (Step::Submit, StepOutcome::Receipt(&receipt)),
            ] {
                submission = store::advance(transaction, &submission, step, &moved, now)?.unwrap();
            }
            Ok(id)
        })
        .unwrap()
}

fn rows(store: &Store, table: &str) -> Vec<Row> {
    store.read(|connection| Ok(HandedIn::read(connection, feeds())?.rows(table))).unwrap()
}

fn records(store: &Store, table: &str) -> Vec<Record> {
    rows(store, table).into_iter().map(|row| row.record).collect()
}

/// A row with a value in every column: about this VIRS and its outlet, by this institution, all else the same.
fn full(table: &Table, virs: &str, institution: &str) -> Record {
    let value = |name: &str| match name {
        ENTITY => virs.to_owned(),
        OUTLET => format!("VIP-{virs}"),
        "institucijos_kodas" => institution.to_owned(),
        _ => "x".to_owned(),
    };
    table.received().map(|column| (column.column.name.clone(), value(&column.column.name))).collect()
}

/// What somebody can make of that row who speaks for this VIRS or institution: everything that is typed is the same.
fn imitated(section: &Section, row: &Record, virs: &str) -> Record {
    let mut record = row.clone();
    for field in &section.fields {
        match &field.given {
            Some(Given::Virs) => drop(record.insert(field.name().to_owned(), virs.to_owned())),
            Some(Given::OrganisationCode) => drop(record.insert(field.name().to_owned(), INSTITUTION.to_owned())),
            _ => {}
        }
    }
    record
}

#[test]
fn no_feed_takes_the_place_of_rows_of_another_virs_or_institution_whatever_keys_it_names() {
    let outlets: Vec<Record> = ["1", "2"].map(|virs| full(&feed("virs").section("vip").unwrap().table, virs, "")).into();
    for (feed, section) in sections(feeds()) {
        let table = section.table.name.as_str();
        let history = |rows: Vec<Record>| [("raw_formos__vip", outlets.clone()), (table, rows)];
        let of_another_virs = full(&section.table, "2", INSTITUTION);
        let (_folder, store) = store(&history(vec![of_another_virs.clone()]));
        submit(&store, (feed, "1"), &[(&section.name, vec![imitated(section, &of_another_virs, "1")])], 1, None);
        assert!(records(&store, table).contains(&of_another_virs), "{} {}: a row of another VIRS", feed.name, section.name);

        let Some(_) = section.institution() else { continue };
        let of_another_institution = full(&section.table, "1", "900");
        let (_folder, store) = self::store(&history(vec![of_another_institution.clone()]));
        submit(&store, (feed, "1"), &[(&section.name, vec![imitated(section, &of_another_institution, "1")])], 1, None);
        assert!(records(&store, table).contains(&of_another_institution), "{} {}: a row of another institution", feed.name, section.name);
    }
}

#[test]
fn every_feed_takes_the_place_of_its_own_history_by_key_or_as_a_whole() {
    for (feed, section) in sections(feeds()) {
        let table = section.table.name.as_str();
        let own = full(&section.table, "1", INSTITUTION);
        let outlets = full(&self::feed("virs").section("vip").unwrap().table, "1", "");
        let (_folder, store) = store(&[("raw_formos__vip", vec![outlets]), (table, vec![own.clone()])]);
        submit(&store, (feed, "1"), &[(&section.name, vec![imitated(section, &own, "1")])], 1, None);
        let from_history = rows(&store, table).into_iter().filter(|row| matches!(row.origin, Origin::History(_))).count();
        let keeps = !feed.whole && section.replaces.is_empty();
        assert_eq!(from_history, usize::from(keeps), "{} {}", feed.name, section.name);
    }
}

#[test]
fn a_submission_stands_for_the_history_of_the_same_key_and_a_correction_for_the_submission() {
    let fee = |number: &str, sum: &str| {
        let institution = ("institucijos_kodas", INSTITUTION);
        row(&[("ja_kodas", "1"), ("dokumento_nr", number), ("nustatymo_data", "2026-01-01"), institution, ("suma", sum)])
    };
    let (_folder, store) = store(&[("raw_formos__imokos", vec![fee("A", "1.00"), fee("B", "2.00")])]);
    let sums = || records(&store, "raw_formos__imokos").iter().map(|row| row["suma"].clone()).collect::<Vec<_>>();
    assert_eq!(sums(), ["1.00", "2.00"]);
    let first = submit(&store, (feed("imokos"), "1"), &[("imokos", vec![fee("B", "3.00")])], 1, None);
    assert_eq!(sums(), ["1.00", "3.00"]);
    submit(&store, (feed("imokos"), "1"), &[("imokos", vec![fee("C", "4.00")])], 2, Some(first));
    assert_eq!(sums(), ["1.00", "2.00", "4.00"], "what the corrected one said is gone, and what it stood for is back");
}

/// An outlet of a VIRS.
fn outlet(virs: &str, number: &str) -> Record {
    row(&[("vip_nr", number), ("ja_kodas", virs), ("registravimo_data", "2020-01-01")])
}

#[test]
fn who_hands_in_everything_stands_for_all_history_about_itself_and_what_it_left_out_does_not_come_back() {
    let person = |outlet: &str| row(&[("vip_nr", outlet), ("vardas", "Senas")]);
    let (_folder, store) = store(&[
        ("raw_formos__vip", vec![outlet("1", "VIP-1"), outlet("1", "VIP-2"), outlet("2", "VIP-3")]),
        ("raw_formos__atsakingi", ["VIP-1", "VIP-2", "VIP-3"].map(person).into()),
    ]);
    submit(&store, (feed("virs"), "1"), &[("vip", vec![outlet("1", "VIP-1")]), ("atsakingi", vec![])], 1, None);
    assert_eq!(records(&store, "raw_formos__vip"), [outlet("2", "VIP-3"), outlet("1", "VIP-1")]);
    assert_eq!(records(&store, "raw_formos__atsakingi"), [person("VIP-3")]);
    submit(&store, (feed("virs"), "2"), &[("vip", vec![outlet("2", "VIP-3")])], 2, None);
    assert_eq!(records(&store, "raw_formos__atsakingi"), [person("VIP-3")], "a part that was not handed in leaves history as it is");
}

#[test]
fn an_outlet_that_others_refer_to_is_deregistered_on_the_day_it_was_left_out_first() {
    for (feed_name, section) in sections(feeds()).filter(|(feed, section)| feed.about != About::Own && section.field(OUTLET).is_some()) {
        let fact = full(&section.table, "1", INSTITUTION);
        let outlets = ["VIP-1", "VIP-2"].map(|number| outlet("1", number));
        let (_folder, store) = store(&[("raw_formos__vip", outlets.to_vec())]);
        let first = submit(&store, (feed("virs"), "1"), &[("vip", vec![outlet("1", "VIP-2")])], 5, None);
        submit(&store, (feed("virs"), "1"), &[("vip", vec![])], 9, Some(first));
        assert_eq!(records(&store, "raw_formos__vip"), [], "nobody refers to them");
        submit(&store, (feed_name, "1"), &[(&section.name, vec![fact])], 12, None);
        let mut ended = outlet("1", "VIP-1");
        ended.insert(OUTLET_ENDED.to_owned(), "2026-10-05".to_owned());
        assert_eq!(records(&store, "raw_formos__vip"), [ended], "{}: the other one is referred to by nobody", section.name);
    }
}

#[test]
fn what_two_say_of_one_entity_stands_beside_what_was_known_under_numbers_of_their_own() {
    let participant = |number: &str, about: &str| row(&[("dalyvio_nr", number), ("ja_kodas", about)]);
    let (_folder, store) = store(&[("raw_formos__dalyviai", vec![participant("D1", "1"), participant("D2", "7")])]);
    for virs in ["1", "2"] {
        submit(
            &store,
            (feed("virs"), virs),
            &[("dalyviai", vec![participant(&format!("D{virs}1"), virs), participant("D2", "7")])],
            1,
            None,
        );
    }
    let numbers: Vec<String> = records(&store, "raw_formos__dalyviai").iter().map(|row| row["dalyvio_nr"].clone()).collect();
    assert_eq!(numbers, ["D2", "D11", "D2-1", "D21", "D2-2"]);
}

#[test]
fn only_the_system_says_who_handed_a_row_in() {
    let said = |by: &str| row(&[("ja_kodas", "7"), ("dalyvio_nr", by), (SUBMITTER, "2")]);
    let (_folder, store) = store(&[("raw_formos__dalyviai", vec![said("history")])]);
    submit(&store, (feed("virs"), "1"), &[("dalyviai", vec![said("form")])], 1, None);
    let submitters: Vec<Option<String>> = records(&store, "raw_formos__dalyviai").iter().map(|row| row.get(SUBMITTER).cloned()).collect();
    assert_eq!(submitters, [None, Some("1".to_owned())]);
    assert_eq!(rows(&store, "raw_formos__dalyviai")[1].origin, Origin::Submission { id: 1, receipt: "R-1".to_owned(), place: 1 });
}

#[test]
fn circulation_says_of_which_day_it_is_and_on_which_it_was_handed_in() {
    let figure = |outlet: &str, more: &[(&str, &str)]| {
        let mut record = row(&[("vip_nr", outlet), ("data", "2026-06-30"), ("tirazas", "900"), ("su_reklama", "taip")]);
        record.extend(row(more));
        record
    };
    // Nobody types the day; of the history nobody knows it.
    let typed = ("pateikimo_data", "1999-01-01");
    let outlets = ["VIP-1", "VIP-2", "VIP-3"].map(|number| outlet("1", number));
    let (_folder, store) = store(&[("raw_formos__vip", outlets.into()), ("raw_formos__tirazai", vec![figure("VIP-1", &[typed])])]);
    let entered = vec![figure("VIP-2", &[typed]), figure("VIP-3", &[("reklamos_pozymio_data", "2026-07-01")])];
    let first = submit(&store, (feed("tirazai"), "1"), &[("tirazai", entered)], 3, None);
    let days = || -> Vec<[Option<String>; 2]> {
        let rows = records(&store, "raw_formos__tirazai");
        rows.iter().map(|row| ["pateikimo_data", "reklamos_pozymio_data"].map(|column| row.get(column).cloned())).collect()
    };
    let day = |text: &str| Some(text.to_owned());
    let own = [day("2026-10-03"), day("2026-10-03")];
    assert_eq!(days(), [[None, None], own, [day("2026-10-03"), day("2026-07-01")]]);
    // A correction says when it was submitted, and so what holds now.
    submit(&store, (feed("tirazai"), "1"), &[("tirazai", vec![figure("VIP-2", &[])])], 9, Some(first));
    assert_eq!(days(), [[None, None], [day("2026-10-09"), day("2026-10-09")]]);
    assert!(feed("tirazai").section("tirazai").unwrap().field("pateikimo_data").is_none(), "no form asks for it");
    // Midnight is that of Lithuania.
    let late = Current {
        submitted: "2026-06-30T22:30:00.000Z".to_owned(),
        ..store.read(|c| store::of_feed(c, "tirazai", Which::Current)).unwrap().remove(0)
    };
    let told = told(feed("tirazai").section("tirazai").unwrap(), Some(&late), &figure("VIP-2", &[]));
    assert_eq!(told["pateikimo_data"], "2026-07-01");
}

#[test]
fn beside_a_submission_hold_the_rows_of_others_but_not_what_it_stands_for() {
    let fee = |number: &str, institution: &str| {
        row(&[("ja_kodas", "1"), ("dokumento_nr", number), ("nustatymo_data", "2026-01-01"), ("institucijos_kodas", institution)])
    };
    let (_folder, store) = store(&[("raw_formos__imokos", vec![fee("A", "900"), fee("B", INSTITUTION), fee("C", INSTITUTION)])]);
    let first = submit(&store, (feed("imokos"), "1"), &[("imokos", vec![fee("D", INSTITUTION)])], 1, None);
    let second = submit(&store, (feed("imokos"), "1"), &[("imokos", vec![fee("E", INSTITUTION)])], 2, None);
    let numbers = |submission: i64, supersedes: Option<i64>, number: &str| -> Vec<String> {
        let entry = Entry { sections: [("imokos".to_owned(), vec![fee(number, INSTITUTION)])].into() };
        let held = store.read(|connection| {
            let submission = Submission { supersedes, ..store::find(connection, submission)?.unwrap() };
            beside(connection, feed("imokos"), &submission, &entry, &[])
        });
        held.unwrap()["imokos"].iter().map(|row| row["dokumento_nr"].clone()).collect()
    };
    assert_eq!(numbers(second, None, "A"), ["A", "B", "C", "D"], "another institution's row stands");
    assert_eq!(numbers(second, Some(first), "B"), ["A", "C"]);
}

#[test]
fn rows_name_the_documents_that_their_submission_publishes_and_no_others() {
    let feed = feed("imokos");
    let table = &feed.sections[0].table.name;
    let history = row(&[("ja_kodas", "1"), ("dokumento_nr", "A"), (PUBLISHED_FILE, "dokumentai/x.pdf")]);
    let (_folder, store) = store(&[(table, vec![history])]);
    let attach = |id: i64, digit: &str, public: bool| {
        let attached =
            store::Attachment { id: 0, name: "a.pdf".into(), media_type: intake::PDF.into(), sha256: digit.repeat(64), size: 4, public };
        store.write(Durability::Usual, |transaction| store::add_attachment(transaction, id, &attached, b"%PDF", Utc::now())).unwrap();
    };
    let fee = |number: &str| vec![("imokos", vec![row(&[("ja_kodas", "1"), ("dokumento_nr", number)])])];
    let files = || -> Vec<Option<String>> { records(&store, table).iter().map(|row| row.get(PUBLISHED_FILE).cloned()).collect() };
    let first = submit(&store, (feed, "1"), &fee("B"), 1, None);
    attach(first, "b", true);
    attach(first, "a", true);
    attach(first, "c", false);
    let both = catalog::published_cell(&[&"a".repeat(64), &"b".repeat(64)]);
    assert_eq!(files(), [None, Some(both)], "no history names any");
    let read = |digit: &str| store.read(|connection| store::published(connection, &digit.repeat(64))).unwrap();
    assert_eq!(["a", "b", "c"].map(|digit| read(digit).is_some()), [true, true, false]);
    let second = submit(&store, (feed, "1"), &fee("B"), 2, Some(first));
    assert_eq!(files(), [None, None], "a correction says what holds");
    let told = |digit: &str| store.read(|connection| store::publishers(connection, &digit.repeat(64))).unwrap();
    assert!(["a", "b", "c"].iter().all(|digit| told(digit).is_empty()));
    attach(second, "c", true);
    assert_eq!(told("c"), [(second, format!("R-{second}"))]);
}

//! What the system already knows about a VIRS. A form about it is filled with that, so that nothing has to be entered twice and nothing is
//! lost by being left out; the review compares the form with it.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::Error;
use crate::entry::{Context, Entry, Record, adopted, fresh};
use crate::feed::{ENTITY, Feed, OUTLET, Section};
use crate::register::Register;
use crate::store;

/// What holds of a feed about one VIRS.
#[derive(Debug)]
pub(crate) struct Held {
    /// Everything, as the form would have it.
    pub(crate) entry: Entry,
    /// The submission that says so; none while it is the history.
    pub(crate) submission: Option<i64>,
}

/// Everything that holds of a feed that says all there is: what was submitted last, else the history, and what only the last release knows.
///
/// # Errors
/// The store's.
pub(crate) fn held(connection: &Connection, feed: &Feed, context: &Context, register: &Register) -> Result<Held, Error> {
    if let Some(current) = store::current_of(connection, &feed.name, &context.virs)? {
        let mut entry = current.entry;
        entry.sections.retain(|name, _| feed.section(name).is_some());
        return Ok(Held { entry, submission: Some(current.id) });
    }
    let mut entry = Entry::default();
    let mut outlets = Vec::new();
    // Outlets first: other facts are told by their numbers.
    let (declaring, others): (Vec<&Section>, Vec<&Section>) = feed.sections.iter().partition(|section| section.declares_outlets());
    for section in declaring.into_iter().chain(others) {
        let table = section.table.name.as_str();
        let mut records: Vec<Record> = if section.declares_outlets() {
            let mut rows = store::history_about(connection, table, ENTITY, &context.virs)?;
            let unknown = |row: &Record| !rows.iter().any(|known| known.get(OUTLET) == row.get(OUTLET));
            let published = register.outlets(&context.virs).iter().map(|outlet| outlet.record.clone()).filter(unknown);
            let published: Vec<Record> = published.collect();
            rows.extend(published);
            rows
        } else if section.field(OUTLET).is_some() {
            about_each(connection, table, OUTLET, &outlets)?
        } else {
            chain(connection, section, &context.virs, register)?
        };
        keep_first_of_each_key(section, &mut records);
        if section.declares_outlets() {
            outlets = records.iter().filter_map(|record| record.get(OUTLET).cloned()).collect();
        }
        for record in &mut records {
            *record = adopted(section, record);
        }
        while records.len() < section.min {
            let mut record = fresh(section, context);
            record.extend(register.published(&context.virs).map(|published| adopted(section, &published.record)).unwrap_or_default());
            records.push(record);
        }
        entry.sections.insert(section.name.clone(), records);
    }
    entry.leave_out(feed);
    Ok(Held { entry, submission: None })
}

/// What stands now where this submission will: all of a feed that says everything; else what it corrects, or the rows of the history whose place
/// its own rows take.
///
/// # Errors
/// The store's.
pub(crate) fn before(
    connection: &Connection,
    feed: &Feed,
    (after, supersedes): (&Entry, Option<i64>),
    context: &Context,
    register: &Register,
) -> Result<Entry, Error> {
    if feed.whole {
        return Ok(held(connection, feed, context, register)?.entry);
    }
    if let Some(earlier) = supersedes {
        return Ok(store::find(connection, earlier)?.map(|earlier| earlier.entry).unwrap_or_default());
    }
    let mut entry = Entry::default();
    for section in &feed.sections {
        let told_by = [OUTLET, ENTITY].into_iter().find(|column| section.replaces.iter().any(|name| name == column));
        let Some(column) = told_by else { continue };
        let key = |record: &Record| section.replaces.iter().map(|name| record.get(name).cloned()).collect::<Option<Vec<String>>>();
        let records = after.records(&section.name);
        let replaced: BTreeSet<Vec<String>> = records.iter().filter_map(key).collect();
        let about: BTreeSet<String> = records.iter().filter_map(|record| record.get(column).cloned()).collect();
        let mut rows = about_each(connection, &section.table.name, column, &about)?;
        rows.retain(|row| key(row).is_some_and(|key| replaced.contains(&key)));
        entry.sections.insert(section.name.clone(), rows.iter().map(|row| adopted(section, row)).collect());
    }
    entry.leave_out(feed);
    Ok(entry)
}

fn about_each<'a>(
    connection: &Connection,
    table: &str,
    column: &str,
    values: impl IntoIterator<Item = &'a String>,
) -> Result<Vec<Record>, Error> {
    let mut rows = Vec::new();
    for value in values {
        rows.extend(store::history_about(connection, table, column, value)?);
    }
    Ok(rows)
}

/// Takes out rows that repeat a key: the night takes the first one only, and two could never be submitted.
fn keep_first_of_each_key(section: &Section, rows: &mut Vec<Record>) {
    let key = &section.table.key;
    let mut seen = BTreeSet::new();
    let mut is_first = |row: &Record| match key.iter().map(|name| row.get(name).cloned()).collect::<Option<Vec<_>>>() {
        Some(values) if !key.is_empty() => seen.insert(values),
        _ => true,
    };
    rows.retain(|row| is_first(row));
}

/// Rows about the VIRS; of a table of participants also those about its participants, and theirs. An entity that is a VIRS itself speaks for
/// itself.
fn chain(connection: &Connection, section: &Section, virs: &str, register: &Register) -> Result<Vec<Record>, Error> {
    let (mut rows, mut seen, mut ahead) = (Vec::new(), BTreeSet::from([virs.to_owned()]), vec![virs.to_owned()]);
    while let Some(entity) = ahead.pop() {
        let about = store::history_about(connection, &section.table.name, ENTITY, &entity)?;
        if let Some(fields) = &section.entity {
            for code in about.iter().filter_map(|row| row.get(&fields.code)).filter(|code| register.virs(code).is_none()) {
                if seen.insert(code.clone()) {
                    ahead.push(code.clone());
                }
            }
        }
        rows.extend(about);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{Outlet, Published, Virs};
    use crate::store::{Durability, Store};
    use crate::testing::feed;

    const VIRS: &str = "305990018";

    fn row(values: &[(&str, &str)]) -> Record {
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn context() -> Context {
        Context { virs: VIRS.into(), organisation_code: VIRS.into(), organisation_name: "Leidykla".into() }
    }

    fn register() -> Register {
        let virs = |code: &str| Virs { code: code.into(), name: code.into(), audiovisual: false, email: None, ended: false };
        let outlet = |number: &str| Outlet {
            number: number.into(),
            name: number.into(),
            kind: "Laikraštis".into(),
            record: row(&[("vip_nr", number), ("ja_kodas", VIRS), ("vip_pavadinimas", "Skelbiamas")]),
        };
        let mut register = Register::new(
            vec![virs(VIRS), virs("302000002")],
            vec![(VIRS.into(), outlet("VIP-000001")), (VIRS.into(), outlet("VIP-000002"))],
        );
        register.know(VIRS, Published { record: row(&[("virs_nuo", "2001-02-03"), ("forma", "310")]), ..Published::default() });
        register
    }

    fn store(folder: &std::path::Path) -> Store {
        let store = Store::open(&folder.join("s")).unwrap();
        let history = [
            (
                "raw_formos__vip",
                vec![
                    row(&[("vip_nr", "VIP-000001"), ("ja_kodas", VIRS), ("vip_pavadinimas", "  Mūsų   žinios ")]),
                    row(&[("vip_nr", "VIP-000009"), ("ja_kodas", "302000002"), ("vip_pavadinimas", "Kitų žinios")]),
                    row(&[("vip_nr", "VIP-000001"), ("ja_kodas", VIRS), ("vip_pavadinimas", "Dar kartą")]),
                ],
            ),
            (
                "raw_formos__atsakingi",
                vec![
                    row(&[("vip_nr", "VIP-000001"), ("vardas", "Ūla"), ("nuo", "2020-01-01")]),
                    row(&[("vip_nr", "VIP-000002"), ("vardas", "Ąžuolas"), ("nuo", "2020-01-01")]),
                    row(&[("vip_nr", "VIP-000009"), ("vardas", "Kito"), ("nuo", "2020-01-01")]),
                ],
            ),
            (
                "raw_formos__dalyviai",
                vec![
                    row(&[("dalyvio_nr", "1"), ("ja_kodas", VIRS), ("dalyvio_rusis", "J"), ("dal_kodas", "303000003"), ("akcijos", "1,5")]),
                    row(&[("dalyvio_nr", "2"), ("ja_kodas", "303000003"), ("dalyvio_rusis", "J"), ("dal_kodas", "302000002")]),
                    row(&[("dalyvio_nr", "3"), ("ja_kodas", "302000002"), ("dalyvio_rusis", "F"), ("vardas", "Kitų")]),
                    row(&[("dalyvio_nr", "4"), ("ja_kodas", "304000004"), ("dalyvio_rusis", "F"), ("vardas", "Svetimas")]),
                ],
            ),
        ];
        store
            .write::<_, Error>(Durability::Usual, |transaction| {
                history.iter().try_for_each(|(table, rows)| store::add_history(transaction, table, rows))
            })
            .unwrap();
        store
    }

    #[test]
    fn a_first_form_has_all_that_history_and_the_release_know_of_this_virs_and_nothing_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let held = store(folder.path()).read(|connection| held(connection, feed("virs"), &context(), &register())).unwrap();
        let values = |section: &str, column: &str| {
            held.entry.records(section).iter().map(|record| record.get(column).cloned().unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(held.submission, None);
        assert_eq!(values("virs", "virs_nuo"), ["2001-02-03"], "the beginning of activity that was published");
        assert_eq!(values("virs", "ja_kodas"), [VIRS]);
        assert_eq!(values("vip", "vip_pavadinimas"), ["Mūsų žinios", "Skelbiamas"], "history first, then what only the release knows");
        assert_eq!(values("atsakingi", "vardas"), ["Ūla", "Ąžuolas"]);
        assert_eq!(values("dalyviai", "dalyvio_nr"), ["1", "2"], "another VIRS speaks of its participants itself");
        assert_eq!(values("dalyviai", "akcijos"), ["1.5", ""], "as if it had been typed");
    }

    #[test]
    fn circulation_stands_before_only_where_the_same_outlet_and_day_were_given() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let circulation = |day: &str, copies: &str| row(&[("vip_nr", "VIP-000001"), ("data", day), ("tirazas", copies)]);
        let history = [circulation("2026-06-30", "900"), circulation("2025-12-31", "800")];
        store.write(Durability::Usual, |transaction| store::add_history(transaction, "raw_formos__tirazai", &history)).unwrap();
        let mut after = Entry::default();
        after.sections.insert("tirazai".into(), vec![circulation("2026-06-30", "950")]);
        let entry = store.read(|connection| before(connection, feed("tirazai"), (&after, None), &context(), &register())).unwrap();
        assert_eq!(entry.records("tirazai"), [circulation("2026-06-30", "900")]);
    }
}

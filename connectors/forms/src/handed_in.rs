//! What the nightly run reads: rows of the manual feeds as they hold now, history first, each submission in the place of the one it corrects.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::Error;
use crate::entry::Record;
use crate::feed::Feed;
use crate::store;

/// Rows of one raw table: what was handed in, and those rows of the old history that nothing handed in stands for.
///
/// Two current submissions may name the same key (somebody entered twice what they should have corrected): both rows are given out, and
/// the pipeline's quarantine names them.
///
/// # Errors
/// The store's.
pub fn handed_in(connection: &Connection, feeds: &[Feed], table: &str) -> Result<Vec<Record>, Error> {
    let mut rows = Vec::new();
    let mut replaced: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut replaces: &[String] = &[];
    for feed in feeds {
        for section in feed.sections.iter().filter(|section| section.table.name == table) {
            replaces = &section.replaces;
            for current in store::current(connection, &feed.name)? {
                rows.extend(current.entry.records(&section.name).iter().cloned());
                // Whoever hands in everything there is stands for all history of their outlets, even of those with no row here.
                if feed.whole {
                    let declared = feed.sections.iter().flat_map(|section| current.entry.records(&section.name));
                    let outlets = declared.filter_map(|record| record.get(crate::feed::OUTLET)).cloned();
                    replaced.entry(crate::feed::OUTLET).or_default().extend(outlets);
                    replaced.entry(crate::feed::ENTITY).or_default().insert(current.virs);
                }
            }
        }
    }
    // An empty cell is a value of its own: a decision about no outlet stands for one about no outlet.
    let key = |row: &Record| replaces.iter().map(|column| row.get(column).cloned().unwrap_or_default()).collect::<Vec<_>>();
    let keys: BTreeSet<Vec<String>> = if replaces.is_empty() { BTreeSet::new() } else { rows.iter().map(key).collect() };
    let single = match replaces {
        [column] => replaced.get(column.as_str()),
        _ => None,
    };
    let mut all: Vec<Record> = store::history_rows(connection, table)?;
    all.retain(|row| {
        let by_key = !replaces.is_empty() && keys.contains(&key(row));
        let by_whole = single.is_some_and(|known| row.get(&replaces[0]).is_some_and(|value| known.contains(value)));
        !by_key && !by_whole
    });
    all.extend(rows);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::Role;
    use crate::entry::Entry;
    use crate::state::Step;
    use crate::store::{Acting, Durability, Moved, NewAccount, NewSubmission, Store};
    use crate::testing::feeds;

    fn row(values: &[(&str, &str)]) -> Record {
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn submit(store: &Store, feed: &str, virs: &str, sections: &[(&str, Vec<Record>)], supersedes: Option<i64>) -> i64 {
        store
            .write::<_, Error>(Durability::Usual, |transaction| {
                let account = match store::by_login(transaction, "a")? {
                    Some(account) => account.id,
                    None => {
                        let new = NewAccount { login: "a", person: "p", given_names: "A", family_names: "B", password: "x", seed: b"s" };
                        store::create_account(transaction, &new, Utc::now())?
                    }
                };
                let entry = Entry { sections: sections.iter().map(|(name, rows)| ((*name).to_owned(), rows.clone())).collect() };
                let acting = Acting { role: Role::Virs, organisation_code: virs.into(), organisation_name: "X".into() };
                let new = NewSubmission { feed, virs, acting: &acting, account, entry: &entry, supersedes };
                let id = store::create(transaction, &new, Utc::now())?;
                let mut submission = store::find(transaction, id)?.unwrap();
                let receipt = format!("R-{id}");
                for (step, moved) in [
                    (Step::Check, Moved::Nothing),
                    (Step::Form, Moved::Document(b"%PDF")),
                    (Step::Review, Moved::Nothing),
                    (Step::Sign, Moved::Signed(b"PK", Utc::now(), account)),
                    (Step::Submit, Moved::Receipt(&receipt)),
                ] {
                    submission = store::advance(transaction, &submission, step, &moved, Utc::now())?.unwrap();
                }
                Ok(id)
            })
            .unwrap()
    }

    #[test]
    fn a_submission_stands_for_the_history_of_the_same_key_and_a_correction_for_the_submission() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let fee = |number: &str, sum: &str| row(&[("ja_kodas", "1"), ("dokumento_nr", number), ("suma", sum)]);
        let history = [fee("A", "1.00"), fee("B", "2.00")];
        store.write(Durability::Usual, |transaction| store::add_history(transaction, "raw_formos__imokos", &history)).unwrap();
        let sums = || {
            let rows = store.read(|connection| handed_in(connection, feeds(), "raw_formos__imokos")).unwrap();
            rows.iter().map(|row| row["suma"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(sums(), ["1.00", "2.00"]);
        let first = submit(&store, "imokos", "1", &[("imokos", vec![fee("B", "3.00")])], None);
        assert_eq!(sums(), ["1.00", "3.00"]);
        submit(&store, "imokos", "1", &[("imokos", vec![fee("C", "4.00")])], Some(first));
        assert_eq!(sums(), ["1.00", "2.00", "4.00"], "what the corrected one said is gone, and what it stood for is back");
    }

    #[test]
    fn who_hands_in_everything_stands_for_all_history_of_their_outlets_even_where_they_say_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let person = |outlet: &str| row(&[("vip_nr", outlet), ("vardas", "Senas")]);
        let history = [person("VIP-000001"), person("VIP-000002")];
        store.write(Durability::Usual, |transaction| store::add_history(transaction, "raw_formos__atsakingi", &history)).unwrap();
        submit(&store, "virs", "1", &[("vip", vec![row(&[("vip_nr", "VIP-000001"), ("ja_kodas", "1")])])], None);
        let rows = store.read(|connection| handed_in(connection, feeds(), "raw_formos__atsakingi")).unwrap();
        assert_eq!(rows, [person("VIP-000002")]);
    }

    #[test]
    fn a_finding_about_no_outlet_stands_for_the_history_of_that_finding_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let finding = |virs: &str, more: &[(&str, &str)]| {
            let cells =
                [("ja_kodas", virs), ("etikos_kategorija", "nesilaiko"), ("pripazinimo_data", "2026-01-01"), ("dokumento_nr", "EI-1")];
            row(&[&cells[..], more].concat())
        };
        let history = [finding("1", &[]), finding("1", &[("vip_nr", "VIP-000001")]), finding("2", &[])];
        store.write(Durability::Usual, |transaction| store::add_history(transaction, "raw_formos__etika", &history)).unwrap();
        let handed = finding("1", &[("galioja_iki", "2027-01-01")]);
        submit(&store, "etika", "1", &[("etika", vec![handed.clone()])], None);
        let rows = store.read(|connection| handed_in(connection, feeds(), "raw_formos__etika")).unwrap();
        assert_eq!(rows, [history[1].clone(), history[2].clone(), handed]);
    }
}

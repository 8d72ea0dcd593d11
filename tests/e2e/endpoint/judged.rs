//! What people hand in is judged row by row, and everybody speaks for themselves only: whatever one VIRS hands in, nothing changes for the
//! others.
//!
//! Submissions are written straight into the store, as an endpoint with other rules would have let them in: no form lets these through.

use std::collections::BTreeSet;

use chrono::Utc;
use forms::entry::{Entry, Record};
use forms::state::Step;
use forms::store::{self, Acting, Durability, Moved, NewAccount, NewSubmission, Signature};
use forms::{Role, Store};
use serde_json::Value;

use super::peer::{entity_code, personal_code};
use crate::country::{Country, home};

/// Columns of a published table in which a VIRS is named.
const ENTITY: &str = "ja_kodas";

struct Ministry {
    country: Country,
    store: Store,
}

impl Ministry {
    /// A country whose history of manual feeds lies in the endpoint's store, published once.
    fn prepare(seed: u64) -> Self {
        let country = Country::generate(seed, &home());
        let configuration = std::fs::read_to_string(country.path("virsis.toml")).unwrap();
        let forms = "[forms]\nenabled = true\nstore = 'forms/forms.sqlite'\norigin = 'http://127.0.0.1:8000'\n\
             [forms.mail]\ndelivery = 'file'\nfolder = 'letters'\nfrom = 'VIRSIS <virsis@example.invalid>'\n";
        std::fs::write(country.path("virsis.toml"), format!("{configuration}{forms}")).unwrap();
        country.ok(&["forms", "import", "extracts"]);
        country.ok(&["run"]);
        let store = Store::open(&country.path("forms/forms.sqlite")).unwrap();
        Self { country, store }
    }

    /// VIRS of which JADIS has no row, in the order of their codes.
    fn not_in_jadis(&self) -> Vec<String> {
        let jadis = std::fs::read(self.country.path("extracts/jadis_dalyviai.v1.csv")).unwrap();
        let jadis = String::from_utf8_lossy(&jadis);
        let known: BTreeSet<&str> = jadis.lines().skip(1).filter_map(|line| line.split('|').nth(1)).collect();
        let virs = self.country.table("public", "virs");
        let codes = virs.iter().filter(|row| row["virs_iki"].is_null()).map(|row| row[ENTITY].as_str().unwrap().to_owned());
        codes.filter(|code| !known.contains(code.as_str())).collect()
    }

    /// Hands in, in the place of the last one of the same feed and VIRS if `again`.
    fn hand_in(&self, (role, organisation): (Role, &str), feed: &str, virs: &str, sections: &[(&str, Vec<Record>)], again: bool) -> String {
        let now = Utc::now();
        let handed_in = self.store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
            let account = match store::by_login(transaction, "kas")? {
                Some(account) => account.id,
                None => {
                    let new =
                        NewAccount { login: "kas", person: "p", given_names: "Ąžuolas", family_names: "X", password: "x", seed: b"s" };
                    store::create_account(transaction, &new, now)?
                }
            };
            let entry = Entry { sections: sections.iter().map(|(name, rows)| ((*name).to_owned(), rows.clone())).collect() };
            let acting = Acting { role, organisation_code: organisation.to_owned(), organisation_name: "Organizacija".to_owned() };
            let supersedes = store::current_of(transaction, feed, virs)?.map(|current| current.id).filter(|_| again);
            let new = NewSubmission { feed, virs, acting: &acting, account, entry: &entry, supersedes };
            let id = store::create(transaction, &new, now)?;
            let receipt = format!("VIRSIS-2026-{id:06}");
            let mut submission = store::find(transaction, id)?.unwrap();
            for (step, moved) in [
                (Step::Check, Moved::Nothing),
                (Step::Form, Moved::Document(b"%PDF")),
                (Step::Review, Moved::Nothing),
                (Step::Sign, Moved::Signed(Signature { container: b"PK", documents: 1, at: now, by: account })),
                (Step::Submit, Moved::Receipt(&receipt)),
            ] {
                submission = store::advance(transaction, &submission, step, &moved, now)?.unwrap();
            }
            Ok(receipt)
        });
        handed_in.unwrap()
    }

    /// A published table without what is about this VIRS.
    fn of_others(&self, table: &str, virs: &str) -> Vec<Value> {
        let mut rows = self.country.table("public", table);
        rows.retain(|row| row[ENTITY] != virs);
        rows
    }

    fn about(&self, table: &str, virs: &str) -> Vec<Value> {
        let mut rows = self.country.table("public", table);
        rows.retain(|row| row[ENTITY] == virs);
        rows
    }

    fn letters(&self) -> Vec<String> {
        let read = self.store.read(|connection| {
            let mut select = connection.prepare("SELECT recipient FROM outbox WHERE id LIKE 'set-aside-%' ORDER BY 1")?;
            let found = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>();
            Ok(found?)
        });
        read.unwrap()
    }
}

fn record(values: &[(&str, &str)]) -> Record {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What a VIRS says of itself, with these participants.
fn own(virs: &str, participants: Vec<Record>) -> Vec<(&'static str, Vec<Record>)> {
    let activity = record(&[(ENTITY, virs), ("virs_nuo", "2020-01-01"), ("virs_saltinis", "registracija"), ("veiklos_rusys", "leidejas")]);
    vec![("virs", vec![activity]), ("vip", vec![]), ("atsakingi", vec![]), ("dalyviai", participants)]
}

/// A person who takes part in an entity.
fn person(number: u32, about: &str, values: &[(&str, &str)]) -> Record {
    let (record_number, code) = (format!("FORM-{about}-{number}"), personal_code(number));
    let common = [
        ("dalyvio_nr", record_number.as_str()),
        (ENTITY, about),
        ("dalyvio_rusis", "F"),
        ("vardas", "Ąžuolas"),
        ("pavarde", "Išgalvotasis"),
        ("asmens_kodas", &code),
        ("nuo", "2020-01-01"),
    ];
    record(&[&common[..], values].concat())
}

const ALL_SHARES: &[(&str, &str)] = &[("akcijos", "100"), ("visos_akcijos", "100")];

#[test]
fn sixty_hostile_submissions_of_one_virs_change_nothing_for_the_others() {
    let ministry = Ministry::prepare(51);
    let country = &ministry.country;
    let all = ministry.not_in_jadis();
    let (honest, hostile) = (all[0].clone(), all[1].clone());
    let mandates = [(hostile.as_str(), "virs", "a@example.invalid"), (&entity_code(1), "km", "km@example.invalid")];
    let lines: String = (1..)
        .zip(mandates)
        .map(|(number, (code, role, mail))| format!("{},{role},{code},X,{mail},2020-01-01,\n", personal_code(number)))
        .collect();
    let heading = "asmens_kodas,vaidmuo,organizacijos_kodas,organizacijos_pavadinimas,el_pastas,galioja_nuo,galioja_iki\n";
    std::fs::write(country.path("mandates.csv"), format!("{heading}{lines}")).unwrap();
    country.ok(&["mandates", "import", "mandates.csv"]);

    ministry.hand_in((Role::Virs, &honest), "virs", &honest, &own(&honest, vec![person(1, &honest, ALL_SHARES)]), false);
    country.ok(&["run"]);
    const TABLES: &[&str] = &["savininkas", "dalyvis", "kontrole", "virs", "vip", "atsakingas", "tirazas", "imoka", "etika", "lesos"];
    let before: Vec<Vec<Value>> = TABLES.iter().map(|table| ministry.of_others(table, &hostile)).collect();
    let owners = ministry.about("savininkas", &honest);
    assert_eq!((owners.len(), owners[0]["savininko_rusis"].as_str()), (1, Some("fizinis")));

    // Bad rows by the hundred, and words about somebody else: who owns the honest one, and who takes part in it.
    let mut receipt = String::new();
    for number in 0..60_u32 {
        let silly = (0..100).map(|row| person(100 + row, &hostile, &[("inasas", "9999999999999999"), ("visas_kapitalas", "x")]));
        let of_another = person(700, &honest, &[("akcijos", "900"), ("visos_akcijos", "1000")]);
        let named =
            [("dalyvio_nr", "FORM-J"), (ENTITY, &hostile), ("dalyvio_rusis", "J"), ("dal_kodas", &honest), ("dal_pavadinimas", "Kitas")];
        let named =
            record(&[&named[..], &[("dal_forma", "310"), ("akcijos", "1"), ("visos_akcijos", "100"), ("nuo", "2020-01-01")]].concat());
        let right = person(2, &hostile, &[("akcijos", "99"), ("visos_akcijos", "100")]);
        let said = own(&hostile, silly.chain([named, of_another, right]).collect());
        receipt = ministry.hand_in((Role::Virs, &hostile), "virs", &hostile, &said, number > 0);
    }
    for _ in 0..2 {
        country.ok(&["run", "--anew"]);
        assert_eq!(country.trouble(), [], "no source is stale");
        for (table, before) in TABLES.iter().zip(&before) {
            assert_eq!(ministry.of_others(table, &hostile), *before, "{table}");
        }
    }
    let shares: Vec<Value> = ministry.about("savininkas", &hostile).into_iter().map(|row| row["savininko_rusis"].clone()).collect();
    assert!(shares.contains(&"fizinis".into()), "what is right of it is published: {shares:?}");

    // It is told, under the number of the receipt: to who handed it in and to the ministry, once.
    let quarantine = std::fs::read_to_string(country.path("state/quarantine/raw_formos__dalyviai.csv")).unwrap();
    assert_eq!(quarantine.lines().filter(|line| line.starts_with(&format!("formos,{receipt},"))).count(), 100, "{quarantine}");
    assert!(quarantine.contains(&format!("formos,{receipt},1,inasas,money")), "{quarantine}");
    let listed = country.ok(&["forms", "list"]);
    assert!(listed.contains(&format!("{receipt}: record 1 of raw_formos__dalyviai is set aside by rule `money`")), "{listed}");
    assert_eq!(ministry.letters(), ["a@example.invalid", "km@example.invalid"]);

    // A correction ends it.
    ministry.hand_in((Role::Virs, &hostile), "virs", &hostile, &own(&hostile, vec![person(2, &hostile, ALL_SHARES)]), true);
    country.ok(&["run"]);
    assert!(!country.ok(&["forms", "list"]).contains("set aside"));
}

#[test]
fn a_store_that_lost_submissions_is_not_taken_for_what_people_took_back() {
    let ministry = Ministry::prepare(52);
    let virs = ministry.not_in_jadis()[0].clone();
    ministry.country.ok(&["backup", "copy.sqlite"]);
    ministry.hand_in((Role::Virs, &virs), "virs", &virs, &own(&virs, vec![person(1, &virs, ALL_SHARES)]), false);
    ministry.country.ok(&["run"]);
    let owners = ministry.about("savininkas", &virs);
    let Ministry { country, store } = ministry;
    drop(store);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(country.path(&format!("forms/forms.sqlite{ending}")));
    }
    std::fs::rename(country.path("copy.sqlite"), country.path("forms/forms.sqlite")).unwrap();
    country.ok(&["run"]);
    let rules: BTreeSet<String> = country.trouble().into_iter().map(|(_, reason)| reason).collect();
    assert!(rules.iter().any(|reason| reason == "other_store"), "{rules:?}");
    let store = Store::open(&country.path("forms/forms.sqlite")).unwrap();
    assert_eq!(Ministry { country, store }.about("savininkas", &virs), owners);
}

#[test]
fn an_outlet_that_is_left_out_goes_and_one_that_others_refer_to_is_deregistered() {
    let ministry = Ministry::prepare(53);
    let country = &ministry.country;
    let (outlets, audits) = (country.table("public", "vip"), country.table("public", "auditas"));
    let number = |row: &Value| row["vip_nr"].as_str().unwrap().to_owned();
    let audited: BTreeSet<String> = audits.iter().map(number).collect();
    let open = |row: &&Value| row["isregistravimo_data"].is_null() && audited.contains(row["vip_nr"].as_str().unwrap());
    let outlet = outlets.iter().find(open).unwrap();
    let virs = outlet[ENTITY].as_str().unwrap().to_owned();
    ministry.hand_in((Role::Virs, &virs), "virs", &virs, &own(&virs, vec![]), false);
    for _ in 0..2 {
        country.ok(&["run", "--anew"]);
        let now = ministry.about("vip", &virs);
        let ended = now.iter().find(|row| row["vip_nr"] == outlet["vip_nr"]).expect("the audit refers to it");
        assert_eq!(ended["isregistravimo_data"], forms::today(Utc::now()).to_string());
        assert!(now.iter().all(|row| !row["isregistravimo_data"].is_null()), "what nobody refers to does not come back");
        let of_outlet = |rows: &[Value]| rows.iter().filter(|row| row["vip_nr"] == outlet["vip_nr"]).count();
        assert_eq!(of_outlet(&country.table("public", "auditas")), of_outlet(&audits));
    }
}

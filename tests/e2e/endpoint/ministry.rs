//! A country whose submissions are written straight into the endpoint's store, as an endpoint with other rules would have let them in.

use std::collections::BTreeSet;

use chrono::Utc;
use forms::entry::{Entry, Record};
use forms::state::Step;
use forms::store::{self, Acting, Durability, NewAccount, NewSubmission, Signature, StepOutcome};
use forms::{Role, Store};
use serde_json::Value;

use super::peer::personal_code;
use crate::country::{Country, home};

/// Columns of a published table in which a VIRS is named.
pub(crate) const ENTITY: &str = "ja_kodas";

/// A country with its endpoint's store.
pub(crate) struct Ministry {
    pub(crate) country: Country,
    pub(crate) store: Store,
}

impl Ministry {
    /// A country whose history of manual feeds lies in the endpoint's store, published once.
    pub(crate) fn prepare(seed: u64) -> Self {
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

    /// Names those who act: for which organisation, in which role, and where letters reach them.
    pub(crate) fn name(&self, mandates: &[(&str, &str, &str)]) {
        let line = |(number, (code, role, mail)): (u32, &(&str, &str, &str))| {
            format!("{},{role},{code},X,{mail},2020-01-01,\n", personal_code(number))
        };
        let lines: String = (1..).zip(mandates).map(line).collect();
        let heading = "asmens_kodas,vaidmuo,organizacijos_kodas,organizacijos_pavadinimas,el_pastas,galioja_nuo,galioja_iki\n";
        std::fs::write(self.country.path("mandates.csv"), format!("{heading}{lines}")).unwrap();
        self.country.ok(&["mandates", "import", "mandates.csv"]);
    }

    /// VIRS of which JADIS has no row, in the order of their codes.
    pub(crate) fn not_in_jadis(&self) -> Vec<String> {
        let jadis = std::fs::read(self.country.path("extracts/jadis_dalyviai.v1.csv")).unwrap();
        let jadis = String::from_utf8_lossy(&jadis);
        let known: BTreeSet<&str> = jadis.lines().skip(1).filter_map(|line| line.split('|').nth(1)).collect();
        let virs = self.country.table("public", "virs");
        let codes = virs.iter().filter(|row| row["virs_iki"].is_null()).map(|row| row[ENTITY].as_str().unwrap().to_owned());
        codes.filter(|code| !known.contains(code.as_str())).collect()
    }

    /// Hands in; gives the receipt's number.
    pub(crate) fn hand_in(&self, acting: (Role, &str), feed: &str, virs: &str, sections: &[(&str, Vec<Record>)], again: bool) -> String {
        hand_in(&self.store, acting, feed, virs, sections, again).1
    }

    /// A published table without what is about this VIRS.
    pub(crate) fn of_others(&self, table: &str, virs: &str) -> Vec<Value> {
        let mut rows = self.country.table("public", table);
        rows.retain(|row| row[ENTITY] != virs);
        rows
    }

    pub(crate) fn about(&self, table: &str, virs: &str) -> Vec<Value> {
        let mut rows = self.country.table("public", table);
        rows.retain(|row| row[ENTITY] == virs);
        rows
    }

    pub(crate) fn letters(&self) -> Vec<String> {
        let read = self.store.read(|connection| {
            let mut select = connection.prepare("SELECT recipient FROM outbox WHERE id LIKE 'set-aside-%' ORDER BY 1")?;
            let found = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>();
            Ok(found?)
        });
        read.unwrap()
    }
}

/// Hands in what no form lets through, in the place of the last one of the same feed and VIRS if `again`; gives the submission's number and the receipt's.
pub(crate) fn hand_in(
    store: &Store,
    (role, organisation): (Role, &str),
    feed: &str,
    virs: &str,
    sections: &[(&str, Vec<Record>)],
    again: bool,
) -> (i64, String) {
    let now = Utc::now();
    store
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| {
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
                (Step::Check, StepOutcome::StateOnly),
                (Step::Form, StepOutcome::Document(b"%PDF")),
                (Step::Review, StepOutcome::StateOnly),
                (Step::Sign, StepOutcome::Signed(Signature { container: b"PK", documents: 1, at: now, by: account })),
                (Step::Submit, StepOutcome::Receipt(&receipt)),
            ] {
                submission = store::advance(transaction, &submission, step, &moved, now)?.unwrap();
            }
            Ok((id, receipt))
        })
        .unwrap()
}

/// A record of these values.
pub(crate) fn record(values: &[(&str, &str)]) -> Record {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

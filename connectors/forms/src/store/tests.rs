//! The store's promises: whole or not at all, once only, in order, provable afterwards.

mod administration;
mod file;
mod people;
mod records;
mod submissions;

use chrono::TimeDelta;

use super::*;
use crate::Role;
use crate::entry::Entry;
use crate::state::{State, Step};
use crate::store::sessions::Acting;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("forms.sqlite")).unwrap();
    (folder, store)
}

fn account(store: &Store) -> i64 {
    let new = NewAccount { login: "jonas", person: "p1", given_names: "Jonas", family_names: "Pavyzdys", password: "x", seed: b"secret" };
    store.write(Durability::Usual, |transaction| create_account(transaction, &new, Utc::now())).unwrap()
}

fn acting() -> Acting {
    Acting { role: Role::Km, organisation_code: "188683671".into(), organisation_name: "Ministerija".into() }
}

fn draft(store: &Store, account: i64, supersedes: Option<i64>) -> Submission {
    store
        .write::<_, Error>(Durability::Usual, |transaction| {
            let new = NewSubmission { feed: "imokos", virs: "1", acting: &acting(), account, entry: &Entry::default(), supersedes };
            let id = create(transaction, &new, Utc::now())?;
            Ok(find(transaction, id)?.unwrap())
        })
        .unwrap()
}

fn step(store: &Store, submission: &Submission, step: Step, moved: StepOutcome<'_>) -> Option<Submission> {
    store.write::<_, Error>(Durability::OnDisk, |transaction| advance(transaction, submission, step, &moved, Utc::now())).unwrap()
}

fn submitted(store: &Store, mut submission: Submission, receipt: &str) -> Option<Submission> {
    for (next, moved) in [
        (Step::Check, StepOutcome::StateOnly),
        (Step::Form, StepOutcome::Document(b"%PDF")),
        (Step::Review, StepOutcome::StateOnly),
        (Step::Sign, StepOutcome::Signed(Signature { container: b"PK", documents: 1, at: Utc::now(), by: submission.account })),
        (Step::Submit, StepOutcome::Receipt(receipt)),
    ] {
        submission = step(store, &submission, next, moved)?;
    }
    Some(submission)
}

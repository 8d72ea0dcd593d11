//! `virsis account`: who signs in to the form endpoint with a password and a one-time code.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use catalog::codes::is_personal_code;
use chrono::Utc;
use forms::store::{self, Act, Actor, Durability, NewAccount};

use crate::config::Config;
use crate::endpoint::audit_head;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::state::form_store;

pub(crate) fn add(config: &Config, login: &str, given: &str, family: &str) -> Result<()> {
    if login.trim() != login || login.is_empty() || given.trim().is_empty() || family.trim().is_empty() {
        return Err(Refusal::one("LOGIN, --given and --family must not be empty, and LOGIN must not begin or end with a space").into());
    }
    if std::io::stdin().is_terminal() {
        eprintln!("personal code of this person (stored only as a keyed hash):");
    }
    let mut code = String::new();
    std::io::stdin().read_line(&mut code).context("cannot read the personal code from standard input")?;
    let code = code.trim();
    if !is_personal_code(code) {
        return Err(Refusal::one("the first line of standard input is not a valid personal code").into());
    }
    let Fresh { password, hash, totp, address } = fresh(login)?;
    let persons = form_store::persons(config)?;
    let person = persons.of(code);
    let seed = persons.seal().close(&person, &totp)?;
    let account = NewAccount { login, person: &person, given_names: given, family_names: family, password: &hash, seed: &seed };
    form_store::open(config)?
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| {
            let id = store::create_account(transaction, &account, Utc::now())?;
            let act = Act { actor: Actor::Operator, action: "make account", object: format!("account {id}"), detail: String::new() };
            store::note(transaction, act, Utc::now())
        })
        .map_err(refused)?;
    show(&password, &address);
    Ok(())
}

pub(crate) fn renew(config: &Config, login: &str) -> Result<()> {
    let Fresh { password, hash, totp, address } = fresh(login)?;
    let seal = form_store::persons(config)?.seal();
    let renewed = form_store::open(config)?
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| {
            let Some(id) = store::renew_account(transaction, login, &hash, |person| seal.close(person, &totp), Utc::now())? else {
                return Ok(false);
            };
            let act = Act { actor: Actor::Operator, action: "renew account", object: format!("account {id}"), detail: String::new() };
            store::note(transaction, act, Utc::now())?;
            Ok(true)
        })
        .map_err(refused)?;
    if !renewed {
        return Err(Refusal::one("there is no account with this login").into());
    }
    audit_head::note_or_tell(config);
    show(&password, &address);
    Ok(())
}

/// A new password and a new secret for one-time codes.
struct Fresh {
    password: String,
    hash: String,
    totp: Vec<u8>,
    address: String,
}

fn fresh(login: &str) -> Result<Fresh> {
    let password = forms::new_password()?;
    let hash = forms::hash_password(&password).map_err(Refusal::one)?;
    let (totp, address) = forms::new_totp(login).map_err(Refusal::one)?;
    Ok(Fresh { password, hash, totp, address })
}

fn show(password: &str, address: &str) {
    println!(
        "password: {password}\none-time codes: {address}\nneither is shown again; give them to the person through two different channels; the password \
         expires after {} days unless its owner changes it on the page „Paskyra“",
        store::GIVEN_PASSWORD_DAYS
    );
}

pub(crate) fn close(config: &Config, login: &str) -> Result<()> {
    let closed = form_store::open(config)?
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| {
            let Some(id) = store::close_account(transaction, login, Utc::now())? else { return Ok(false) };
            let act = Act { actor: Actor::Operator, action: "close account", object: format!("account {id}"), detail: String::new() };
            store::note(transaction, act, Utc::now())?;
            Ok(true)
        })
        .map_err(refused)?;
    if !closed {
        return Err(Refusal::one("there is no open account with this login").into());
    }
    audit_head::note_or_tell(config);
    println!("closed; its sessions have ended");
    Ok(())
}

/// Ends the sessions of the account with this login or number; without either, everybody's.
pub(crate) fn sign_out(config: &Config, login: Option<&str>, number: Option<i64>) -> Result<()> {
    let ended = form_store::open(config)?
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| {
            let account = match (login, number) {
                (Some(login), _) => store::by_login(transaction, login)?,
                (None, Some(number)) => store::find_account(transaction, number)?,
                (None, None) => None,
            };
            if account.is_none() && (login.is_some() || number.is_some()) {
                return Ok(None);
            }
            let account = account.map(|account| account.id);
            let ended = store::close_sessions(transaction, account)?;
            let object = account.map_or_else(|| "all accounts".to_owned(), |id| format!("account {id}"));
            let act = Act { actor: Actor::Operator, action: "end sessions", object, detail: ended.to_string() };
            store::note(transaction, act, Utc::now())?;
            Ok(Some(ended))
        })
        .map_err(refused)?;
    let Some(ended) = ended else { return Err(Refusal::one("there is no open account with this login or number").into()) };
    audit_head::note_or_tell(config);
    println!("{} ended", counted(ended, "session", "sessions"));
    Ok(())
}

/// Turns a refusal of the endpoint's store into a [`Refusal`], so that it ends with exit code 1.
pub(crate) fn refused(error: forms::Error) -> anyhow::Error {
    match error {
        forms::Error::Refused(reason) => Refusal::one(reason).into(),
        other => other.into(),
    }
}

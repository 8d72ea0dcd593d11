//! `virsis demo --training`: invented people with accounts and mandates for every role, and what signs for them.

use std::path::Path;

use anyhow::Result;
use catalog::Tier;
use catalog::codes::legal_entity_check_digit;
use chrono::{NaiveDate, Utc};
use forms::store::{self, Act, Actor, Durability, NewAccount, NewMandate};
use forms::{Register, Role, Virs};
use training::Person;

use crate::commands::forms as history;
use crate::config::Config;
use crate::endpoint::{mandates, register};
use crate::home;
use crate::refusal::Refusal;
use crate::state::form_store;

/// What the configuration of a training environment has beside that of a demo.
pub(super) const SETTINGS: &str = r#"
[forms]
enabled = true
address = "127.0.0.1:8081"
origin = "http://127.0.0.1:8081"
# The practice authority: its signatures are believed here and nowhere else.
roots_file = "secrets/training/mokomasis-sertifikatas.pem"
# A whole class may sit behind one address.
sign_ins_per_minute = 60

[forms.module]
address = "http://127.0.0.1:8082"
origin = "http://127.0.0.1:8082"
token_file = "secrets/training/modulio-zenklas"

# Letters are written into a folder, and sent to nobody.
[forms.mail]
delivery = "file"
folder = "letters"
from = "VIRSIS mokymai <mokymai@example.invalid>"

# Accounts, exercises, practice signatures.
[training]
listen = "127.0.0.1:8082"
"#;
/// Outlets of these kinds have circulation.
const PRINTED: &[&str] = &["laikrastis", "zurnalas"];
/// Those who act for no VIRS: role, login, given and family names, organisation.
const STAFF: &[(Role, &str, &str, &str, &str)] = &[
    (Role::Km, "ministerija", "Mokinė", "Trečioji", "Mokomoji kultūros ministerija"),
    (Role::Lrtk, "lrtk", "Mokinys", "Ketvirtasis", "Mokomoji radijo ir televizijos komisija"),
    (Role::Zeit, "zeit", "Mokinė", "Penktoji", "Mokomoji žurnalistų etikos tarnyba"),
    (Role::Viea, "viea", "Mokinys", "Šeštasis", "Mokomoji etikos asociacija"),
    (Role::Istaiga, "istaiga", "Mokinė", "Septintoji", "Mokomoji savivaldybės administracija"),
    (Role::Administratorius, "administratorius1", "Mokinys", "Aštuntasis", "Mokomasis registrų centras"),
    (Role::Administratorius, "administratorius2", "Mokinė", "Devintoji", "Mokomasis registrų centras"),
    (Role::Analitikas, "analitikas", "Mokinys", "Dešimtasis", "Mokomoji kultūros ministerija"),
];

/// Before the first run: the history of manual feeds goes into the endpoint's store.
pub(super) fn begin(config: &Config, feeds: &Path) -> Result<()> {
    history::import(config, feeds)
}

/// After it: accounts, mandates, the practice authority; and what to do next.
pub(super) fn people(config: &Config, shown: &str) -> Result<()> {
    let Some(training) = &config.training else { return Ok(()) };
    let catalog = home::load_catalog(config)?;
    let register = register::register(&config.tier_root(Tier::Internal).join("latest"), &catalog)?;
    let mut people = Vec::new();
    for (role, login, given, family, organisation, code) in everybody(&register)? {
        people.push(Person {
            role: role.code().to_owned(),
            role_title: role.title().to_owned(),
            login: login.to_owned(),
            password: format!("mokomes-{login}"),
            one_time: String::new(),
            given: given.to_owned(),
            family: family.to_owned(),
            code: Person::invented_code(u8::try_from(people.len() + 1).unwrap_or_default()),
            organisation_code: code,
            organisation,
        });
    }
    open_accounts(config, &mut people)?;
    training::make(&training.folder, &people).map_err(Refusal::one)?;
    let widest = |of: fn(&Person) -> &str| people.iter().map(|person| of(person).chars().count()).max().unwrap_or_default();
    let (roles, logins, passwords) = (widest(|one| &one.role_title), widest(|one| &one.login), widest(|one| &one.password));
    println!("accounts of the training environment, all invented:");
    for person in &people {
        println!("  {:<roles$}  {:<logins$}  {:<passwords$}  {}", person.role_title, person.login, person.password, config.forms.origin);
    }
    println!("one-time codes, exercises and practice signatures: http://{}", training.listen);
    println!("  start all       virsis --config {shown} serve");
    println!("  begin anew      {}", super::again(config));
    println!("(`virsis` is target/debug/virsis, or `cargo run --`)");
    Ok(())
}

type Somebody = (Role, &'static str, &'static str, &'static str, String, String);

/// Two who act for VIRS of the country, one that broadcasts and one that prints, and the staff.
fn everybody(register: &Register) -> Result<Vec<Somebody>> {
    let has = |virs: &&Virs| !virs.ended && !register.outlets(&virs.code).is_empty();
    let prints = |virs: &&Virs| {
        let outlets = register.outlets(&virs.code).iter().map(|outlet| &outlet.record);
        outlets.into_iter().any(|outlet| {
            !outlet.contains_key("isregistravimo_data") && outlet.get("vip_rusis").is_some_and(|kind| PRINTED.contains(&kind.as_str()))
        })
    };
    let broadcaster = register.all().filter(has).find(|virs| virs.audiovisual);
    let publisher = register.all().filter(has).filter(prints).find(|virs| broadcaster.is_none_or(|other| other.code != virs.code));
    let (Some(broadcaster), Some(publisher)) = (broadcaster, publisher) else {
        return Err(Refusal::one("the synthetic country has no broadcaster or no publisher to practise with: this is a defect").into());
    };
    let virs = [("transliuotojas", "Mokinys", "Pirmasis", broadcaster), ("leidejas", "Mokinė", "Antroji", publisher)];
    let virs = virs.map(|(login, given, family, virs)| (Role::Virs, login, given, family, virs.name.clone(), virs.code.clone()));
    let staff = STAFF.iter().map(|(role, login, given, family, organisation)| {
        // Colleagues have one organisation.
        let first = STAFF.iter().position(|other| other.4 == *organisation).unwrap_or_default();
        (*role, *login, *given, *family, (*organisation).to_owned(), invented_entity(first))
    });
    Ok(virs.into_iter().chain(staff).collect())
}

/// A code that no legal entity has, with the right control digit.
fn invented_entity(number: usize) -> String {
    let body = format!("3999990{}", number % 10);
    let mut digits = [0; 8];
    digits.iter_mut().zip(body.bytes()).for_each(|(digit, byte)| *digit = u32::from(byte - b'0'));
    format!("{body}{}", legal_entity_check_digit(&digits))
}

/// Accounts whose passwords do not end, and a mandate for each.
fn open_accounts(config: &Config, people: &mut [Person]) -> Result<()> {
    let (persons, store) = (form_store::persons(config)?, form_store::open(config)?);
    let mut all = Vec::new();
    for person in people {
        let (id, now) = (persons.of(&person.code), Utc::now());
        let (totp, address) = forms::new_totp(&person.login).map_err(Refusal::one)?;
        person.one_time = address;
        let hash = forms::hash_password(&person.password).map_err(Refusal::one)?;
        let seed = persons.seal().close(&id, &totp)?;
        let (login, given_names, family_names) = (&person.login, &person.given, &person.family);
        let account = NewAccount { login, person: &id, given_names, family_names, password: &hash, seed: &seed };
        store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
            let number = store::create_account(transaction, &account, now)?;
            store::change_password(transaction, number, &hash, &hash, now)?;
            let act = Act { actor: Actor::Operator, action: "make account", object: format!("account {number}"), detail: String::new() };
            store::note(transaction, act, now)
        })?;
        let role = Role::of(&person.role).ok_or_else(|| Refusal::one("a role is unknown: this is a defect"))?;
        all.push(NewMandate {
            person: id,
            role,
            organisation_code: person.organisation_code.clone(),
            organisation_name: person.organisation.clone(),
            email: Some(format!("{login}@example.invalid")),
            valid_from: NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default(),
            valid_to: None,
        });
    }
    mandates::replace(&store, &all, Actor::Operator, "import mandates")?;
    Ok(())
}

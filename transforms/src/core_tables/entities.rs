//! Entities from JAR: `core_virs`, `core_virs_veikla`, `core_juridinis`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Date32Type;
use catalog::{Law, Role};

use super::seat::Municipalities;
use super::{Build, text};
use crate::Error;
use crate::virs::Virs;

/// Shown where the register does not know a code that calls itself a VIRS.
const NOT_IN_REGISTER: &str = "(JAR nerastas)";

/// What is known of a Lithuanian entity from JAR.
#[derive(Debug, Clone, Default)]
pub(crate) struct RegisteredEntity {
    pub(crate) name: Option<String>,
    pub(crate) form: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) status_since: Option<i32>,
    pub(crate) address: Option<String>,
    pub(crate) registered: Option<i32>,
    pub(crate) deregistered: Option<i32>,
}

/// A VIRS: its code, what the list says of it, what JAR says of it.
type Row<'a> = (&'a String, &'a Virs, &'a RegisteredEntity);

/// JAR's data of the entities that the run asked for.
pub(super) fn read_register(build: &mut Build<'_>) -> Result<HashMap<String, RegisteredEntity>, Error> {
    let mut known = HashMap::new();
    // The deregistered come second: an entity that stands in both files has left the register since the first was made.
    for role in [Role::Entities, Role::FormerEntities] {
        let rows = build.take(role)?;
        for row in 0..rows.num_rows() {
            let cell = |name| codes(&rows, name).filter(|column| column.is_valid(row)).map(|column| column.value(row).to_owned());
            let date = |name| {
                let column = rows.column_by_name(name)?.as_primitive::<Date32Type>();
                column.is_valid(row).then(|| column.value(row))
            };
            let entity = RegisteredEntity {
                name: cell("pavadinimas"),
                form: cell("forma"),
                status: cell("statusas"),
                status_since: date("statusas_nuo"),
                address: cell("adresas"),
                registered: date("reg_data"),
                deregistered: date("isreg_data"),
            };
            known.insert(cell("ja_kodas").unwrap_or_default(), entity);
        }
    }
    Ok(known)
}

pub(super) fn build(build: &mut Build<'_>, list: &BTreeMap<String, Virs>, jar: &HashMap<String, RegisteredEntity>) -> Result<(), Error> {
    let contacts = build.take(Role::Contacts)?;
    let register = Register {
        law: build.catalog.law(),
        municipalities: Municipalities::of(build.catalog),
        entities: jar,
        forms: titles(&build.take(Role::LegalForms)?, "forma", "forma_pavadinimas"),
        statuses: titles(&build.take(Role::LegalStatuses)?, "statusas", "statusas_pavadinimas"),
        emails: titles(&contacts, "ja_kodas", "el_pastas"),
        phones: titles(&contacts, "ja_kodas", "telefonas"),
    };
    let (virs, entities) = (register.virs(list, &build.unread), register.named_entities());
    build.put("core_virs", virs)?;
    build.put("core_virs_veikla", activities(list))?;
    build.put("core_juridinis", entities)
}

/// What JAR says of entities, and what its codes mean.
struct Register<'a> {
    law: &'a Law,
    municipalities: Municipalities<'a>,
    entities: &'a HashMap<String, RegisteredEntity>,
    forms: HashMap<String, String>,
    statuses: HashMap<String, String>,
    emails: HashMap<String, String>,
    phones: HashMap<String, String>,
}

type Columns = Vec<(&'static str, ArrayRef)>;

impl Register<'_> {
    /// A form that JAR does not say, or that its own list of forms does not know, may be any: when in doubt the name is a person's.
    fn may_name_a_person(&self, entity: &RegisteredEntity) -> bool {
        let form = entity.form.as_deref().unwrap_or_default();
        !self.forms.contains_key(form) || self.law.bears_personal_name(form)
    }

    fn is_own_undertaking(&self, entity: &RegisteredEntity) -> bool {
        let title = entity.form.as_ref().and_then(|form| self.forms.get(form));
        self.may_name_a_person(entity) || title.is_some_and(|title| self.law.is_own_undertaking(title))
    }

    /// The municipality of its seat.
    fn municipality(&self, entity: &RegisteredEntity) -> Option<&str> {
        self.municipalities.of_address(entity.address.as_deref()?)
    }

    fn virs(&self, list: &BTreeMap<String, Virs>, unread: &HashMap<String, u64>) -> Columns {
        let unknown = RegisteredEntity::default();
        let rows: Vec<Row<'_>> = list.iter().map(|(code, virs)| (code, virs, self.entities.get(code).unwrap_or(&unknown))).collect();
        let unread = |code: &String| unread.get(code).and_then(|rows| i64::try_from(*rows).ok());
        let dates = |of: &dyn Fn(&Row<'_>) -> Option<i32>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<Date32Array>()) };
        let flags =
            |of: &dyn Fn(&Row<'_>) -> bool| -> ArrayRef { Arc::new(rows.iter().map(|row| Some(of(row))).collect::<BooleanArray>()) };
        let form = |entity: &RegisteredEntity| entity.form.clone().unwrap_or_default();
        let form_title = |entity: &RegisteredEntity| self.forms.get(&form(entity)).map_or("", String::as_str).to_owned();
        vec![
            ("ja_kodas", text(rows.iter().map(|(code, ..)| Some(code)))),
            ("pavadinimas", text(rows.iter().map(|(.., entity)| Some(entity.name.as_deref().unwrap_or(NOT_IN_REGISTER))))),
            ("forma", text(rows.iter().map(|(.., entity)| Some(form(entity))))),
            ("forma_pavadinimas", text(rows.iter().map(|(.., entity)| Some(form_title(entity))))),
            ("statusas", text(rows.iter().map(|(.., entity)| entity.status.as_ref()))),
            ("statusas_pavadinimas", text(rows.iter().map(|(.., entity)| self.statuses.get(entity.status.as_ref()?)))),
            ("statusas_nuo", dates(&|(.., entity)| entity.status_since)),
            ("adresas", text(rows.iter().map(|(.., entity)| entity.address.as_ref()))),
            ("savivaldybe", text(rows.iter().map(|(.., entity)| self.municipality(entity)))),
            ("reg_data", dates(&|(.., entity)| entity.registered)),
            ("isreg_data", dates(&|(.., entity)| entity.deregistered)),
            ("virs_nuo", dates(&|(_, virs, _)| Some(virs.since))),
            ("virs_iki", dates(&|(_, virs, _)| virs.until)),
            ("virs_saltinis", text(rows.iter().map(|(_, virs, _)| Some(&virs.source)))),
            ("audiovizualinis", flags(&|(_, virs, _)| virs.activities.iter().any(|activity| self.law.is_audiovisual(activity)))),
            ("individuali", flags(&|(.., entity)| self.may_name_a_person(entity))),
            ("sava_imone", flags(&|(.., entity)| self.is_own_undertaking(entity))),
            ("el_pastas", text(rows.iter().map(|(code, ..)| self.emails.get(*code)))),
            ("telefonas", text(rows.iter().map(|(code, ..)| self.phones.get(*code)))),
            ("dalyviu_atmesta", Arc::new(rows.iter().map(|(code, ..)| unread(code)).collect::<Int64Array>())),
        ]
    }

    fn named_entities(&self) -> Columns {
        let mut named: Vec<(&String, &RegisteredEntity)> = self.entities.iter().filter(|(_, entity)| entity.name.is_some()).collect();
        named.sort_by_key(|(code, _)| *code);
        let date = |of: &dyn Fn(&RegisteredEntity) -> Option<i32>| -> ArrayRef {
            Arc::new(named.iter().map(|(_, entity)| of(entity)).collect::<Date32Array>())
        };
        let flag = |of: &dyn Fn(&RegisteredEntity) -> bool| -> ArrayRef {
            Arc::new(named.iter().map(|(_, entity)| Some(of(entity))).collect::<BooleanArray>())
        };
        let is_public = |entity: &RegisteredEntity| self.law.is_public_sector(entity.form.as_deref().unwrap_or_default());
        vec![
            ("ja_kodas", text(named.iter().map(|(code, _)| Some(code)))),
            ("pavadinimas", text(named.iter().map(|(_, entity)| entity.name.as_ref()))),
            ("forma", text(named.iter().map(|(_, entity)| entity.form.as_ref()))),
            ("statusas", text(named.iter().map(|(_, entity)| entity.status.as_ref()))),
            ("savivaldybe", text(named.iter().map(|(_, entity)| self.municipality(entity)))),
            ("reg_data", date(&|entity| entity.registered)),
            ("isreg_data", date(&|entity| entity.deregistered)),
            ("individuali", flag(&|entity| self.may_name_a_person(entity))),
            ("viesasis", flag(&is_public)),
        ]
    }
}

fn activities(list: &BTreeMap<String, Virs>) -> Columns {
    let activities: Vec<(&String, &String)> =
        list.iter().flat_map(|(code, virs)| virs.activities.iter().map(move |activity| (code, activity))).collect();
    vec![
        ("ja_kodas", text(activities.iter().map(|(code, _)| Some(code)))),
        ("veiklos_rusis", text(activities.iter().map(|(_, activity)| Some(activity)))),
    ]
}

/// One column by another.
fn titles(rows: &RecordBatch, key: &str, value: &str) -> HashMap<String, String> {
    let (Some(keys), Some(values)) = (codes(rows, key), codes(rows, value)) else { return HashMap::new() };
    keys.iter().zip(values.iter()).filter_map(|(key, value)| Some((key?.to_owned(), value?.to_owned()))).collect()
}

fn codes<'a>(rows: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    rows.column_by_name(column).map(|column| column.as_string::<i32>())
}

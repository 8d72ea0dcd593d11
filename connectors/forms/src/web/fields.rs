//! Fields of a form as a page shows them.

use std::cell::RefCell;
use std::collections::HashMap;

use catalog::{Catalog, Check, Kind};
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::lookups::{UNAVAILABLE, about};
use super::pages::{MOST_PROBLEMS, Pages};
use crate::entry::{Entry, LONGEST_VALUE, LeftOut, Record, SEPARATOR};
use crate::feed::{Feed, Field, OUTLET, Section};
use crate::look_up::{Entity, LookUp, Unavailable};
use crate::problem::Problem;
use crate::register::Outlet;

/// A classifier with at most so many codes is shown as radio buttons.
const MOST_RADIOS: usize = 3;

/// A part of the form.
#[derive(Debug, Serialize)]
pub(super) struct SectionView {
    name: String,
    title: String,
    help: Option<String>,
    add: String,
    records: Vec<RecordView>,
    can_add: bool,
    single: bool,
    /// Where the records are that this page does not show, in words.
    elsewhere: Option<String>,
}

#[derive(Debug, Serialize)]
struct RecordView {
    place: usize,
    title: String,
    can_remove: bool,
    /// What was taken out of it, in words.
    left_out: Option<String>,
    fields: Vec<FieldView>,
    found: Option<FoundView>,
    /// What somebody is asked before the record is taken out.
    question: Option<&'static str>,
}

/// Legal entities to choose from.
#[derive(Debug, Serialize)]
struct FoundView {
    told: &'static str,
    entities: Vec<EntityView>,
}

#[derive(Debug, Serialize)]
struct EntityView {
    code: String,
    name: String,
    about: String,
}

#[derive(Debug, Serialize)]
struct FieldView {
    id: String,
    name: String,
    title: String,
    hint: Option<String>,
    kind: &'static str,
    value: String,
    required: bool,
    /// Whether the form is filled with what is known, and this is not.
    needed: bool,
    error: Option<String>,
    choices: Value,
    /// Codes that are chosen.
    chosen: Vec<String>,
    unit: Option<String>,
    longest: usize,
    latest: Option<String>,
    look_up: Option<LookUpView>,
    /// Fields that a legal entity fills which is chosen while its name is typed: code, name, form.
    suggest: Option<Vec<String>>,
    /// Whether it does not belong to what is chosen.
    hidden: bool,
    condition: Option<ConditionView>,
    /// Whether others depend on it: the record they are in.
    decides: Option<String>,
}

/// Which choices exclude or demand a field; the script shows and hides by it.
#[derive(Debug, Serialize)]
struct ConditionView {
    /// Name of the field that decides.
    by: String,
    /// Its codes that exclude this field.
    none: String,
    /// Its codes that demand it.
    must: String,
}

#[derive(Debug, Serialize)]
struct Choice {
    code: String,
    title: String,
}

/// Choices that fields of one page share: hundreds of records may each offer hundreds of outlets.
pub(super) type Choices = RefCell<HashMap<String, Value>>;

/// Which fields a look-up fills.
#[derive(Debug, Serialize)]
struct LookUpView {
    what: &'static str,
    fills: Vec<String>,
}

/// A problem as the summary lists it.
#[derive(Debug, Serialize)]
pub(super) struct ProblemView {
    /// Id of the field it is about.
    pub(super) target: String,
    /// Which record and field, what is wrong with it and what to do, in one sentence.
    pub(super) summary: String,
    /// What is wrong and what to do, as the field itself says it.
    pub(super) message: String,
    /// The page that the field is on, if it is another than this one.
    pub(super) page: Option<usize>,
}

/// What fields are made of.
pub(super) struct Fields<'a> {
    /// Which records are shown.
    pub(super) pages: &'a Pages,
    pub(super) choices: Choices,
    pub(super) catalog: &'a Catalog,
    pub(super) feed: &'a Feed,
    pub(super) entry: &'a Entry,
    pub(super) outlets: &'a [Outlet],
    pub(super) problems: &'a [Problem],
    /// What was taken out before it was kept.
    pub(super) left_out: &'a [LeftOut<'a>],
    pub(super) today: String,
    /// Registers that can be asked.
    pub(super) look_up: Option<&'a dyn LookUp>,
    /// What was looked for with a button.
    pub(super) found: Option<&'a Found>,
    /// Section and place of the record whose removal is to be confirmed.
    pub(super) to_confirm: Option<(&'a str, usize)>,
}

/// Legal entities that fit what stands in a record.
pub(super) struct Found {
    pub(super) section: String,
    pub(super) place: usize,
    pub(super) entities: Result<Vec<Entity>, Unavailable>,
}

impl Fields<'_> {
    /// All parts of the form.
    pub(super) fn sections(&self) -> Vec<SectionView> {
        let errors: HashMap<(&str, usize, &str), &str> = self
            .problems
            .iter()
            .map(|problem| ((problem.section.as_str(), problem.place, problem.column.as_str()), problem.message.as_str()))
            .collect();
        self.feed.sections.iter().map(|section| self.section(section, &errors)).collect()
    }

    fn section(&self, section: &Section, errors: &HashMap<(&str, usize, &str), &str>) -> SectionView {
        let records = self.entry.records(&section.name);
        let shown = self.pages.range(&section.name);
        let record = |(place, record): (usize, &Record)| RecordView {
            place,
            title: title(section, place),
            can_remove: records.len() > section.min,
            left_out: self.left_out(section, place),
            fields: section
                .fields
                .iter()
                // A given value that says nothing new is not shown; a number that the system gave is.
                .filter(|field| field.given.is_none() || field.name() == crate::feed::OUTLET && record.contains_key(field.name()))
                .map(|field| self.field(section, place, record, field, errors.get(&(section.name.as_str(), place, field.name())).copied()))
                .collect(),
            found: self.found.filter(|found| found.section == section.name && found.place == place).map(found),
            question: self.to_confirm.filter(|record| *record == (section.name.as_str(), place)).map(|_| question(section)),
        };
        SectionView {
            name: section.name.clone(),
            title: section.title.clone(),
            help: section.help.clone(),
            add: section.add.clone(),
            records: records.iter().enumerate().skip(shown.start).take(shown.len()).map(record).collect(),
            can_add: records.len() < section.max,
            single: section.max == 1,
            elsewhere: self.pages.elsewhere(&section.name),
        }
    }

    fn left_out(&self, section: &Section, place: usize) -> Option<String> {
        let found = self.left_out.iter().find(|one| one.section.name == section.name && one.place == place)?;
        let titles: Vec<&str> = found.fields.iter().map(|field| field.title.as_str()).collect();
        Some(format!("Ištrinta, nes pagal pasirinkimą nepildoma: {}.", titles.join(", ")))
    }

    fn field(&self, section: &Section, place: usize, record: &Record, field: &Field, error: Option<&str>) -> FieldView {
        let value = record.get(field.name()).cloned().unwrap_or_default();
        let (kind, choices) = self.kind(field);
        let chosen = value.split(SEPARATOR).map(str::to_owned).collect();
        let id = |column: &str| format!("{}-{place}-{column}", section.name);
        let look_up = |register: &dyn LookUp| {
            let person = section.person.as_ref().filter(|fields| fields.code == field.name() && register.knows_persons());
            let entity = section.entity.as_ref().filter(|fields| fields.code == field.name());
            match (person, entity) {
                (Some(fields), _) => Some(LookUpView { what: "asmuo", fills: vec![id(&fields.given), id(&fields.family)] }),
                (_, Some(fields)) => Some(LookUpView {
                    what: "juridinis",
                    fills: [&fields.name].into_iter().chain(&fields.form).map(|name| id(name)).collect(),
                }),
                _ => None,
            }
        };
        let name = |column: &str| format!("{}.{place}.{column}", section.name);
        let condition = section.condition(field.name());
        let suggest = || {
            let fields = section.entity.as_ref().filter(|fields| fields.name == field.name())?;
            Some([&fields.code, &fields.name].into_iter().chain(&fields.form).map(|name| id(name)).collect())
        };
        let required = field.required || section.demands(record, field.name());
        FieldView {
            needed: self.feed.whole && required && error.is_none() && !record.contains_key(field.name()),
            id: id(field.name()),
            name: name(field.name()),
            title: field.title.clone(),
            hint: field.hint.clone(),
            kind,
            value: if field.column.kind == Kind::Money { value.replace('.', ",") } else { value },
            required,
            error: error.map(str::to_owned),
            choices,
            chosen,
            unit: field.column.unit.clone().or_else(|| (field.column.kind == Kind::Money).then(|| "EUR".to_owned())),
            longest: match field.column.check {
                Some(Check::AsmensKodas) => 11,
                Some(Check::JaKodas) => 9,
                _ => LONGEST_VALUE,
            },
            latest: field.past.then(|| self.today.clone()),
            look_up: self.look_up.and_then(look_up),
            suggest: self.look_up.and_then(|_| suggest()),
            hidden: !section.belongs(record, field.name()),
            condition: condition.map(|condition| ConditionView {
                by: name(condition.by),
                none: condition.none.join(" "),
                must: condition.must.join(" "),
            }),
            decides: section.decides(field.name()).then(|| format!("{}-{place}", section.name)),
        }
    }

    fn kind(&self, field: &Field) -> (&'static str, Value) {
        let none = || Value::from(Vec::<Value>::new());
        if field.given.is_some() {
            return ("given", none());
        }
        if let Some(classifier) = field.classifier().and_then(|name| self.catalog.classifier(name).ok()) {
            let kind = match classifier.terms.len() {
                _ if field.several.is_some() => "checkboxes",
                count if count <= MOST_RADIOS => "radio",
                _ => "select",
            };
            let choice = |term: &catalog::Term| Choice { code: term.code.clone(), title: term.title.lt.clone() };
            return (kind, self.shared(&classifier.name, || classifier.terms.iter().map(choice).collect()));
        }
        if field.is_outlet() {
            let choice = |outlet: &Outlet| Choice {
                code: outlet.number.clone(),
                title: format!("{} ({}, {})", outlet.name, outlet.kind, outlet.number),
            };
            return ("select", self.shared(OUTLET, || self.outlets.iter().map(choice).collect()));
        }
        let plain = match field.column.kind {
            Kind::Date => "date",
            Kind::Integer | Kind::Money | Kind::Share | Kind::Number => "number",
            Kind::Boolean => {
                let choice = |code: &str, title: &str| Choice { code: code.to_owned(), title: title.to_owned() };
                return ("radio", self.shared("true/false", || vec![choice("true", "Taip"), choice("false", "Ne")]));
            }
            Kind::Text if matches!(field.column.check, Some(Check::AsmensKodas | Check::JaKodas)) => "code",
            Kind::Text => "text",
        };
        (plain, none())
    }

    /// Choices by a name that tells them apart, made once for the whole page.
    fn shared(&self, name: &str, choices: impl FnOnce() -> Vec<Choice>) -> Value {
        let mut known = self.choices.borrow_mut();
        known.entry(name.to_owned()).or_insert_with(|| Value::from(Serde(choices()))).clone()
    }

    /// Which records something was taken out of, in words.
    pub(super) fn shortened(&self) -> Option<String> {
        let records: Vec<String> = self.left_out.iter().map(|one| format!("„{}“", title(one.section, one.place))).collect();
        (!records.is_empty()).then(|| format!("Dalis reikšmių ištrinta, nes pagal pasirinkimą nepildoma: {}.", records.join(", ")))
    }

    /// The summary of what is wrong, each with the field it leads to.
    pub(super) fn problems(&self) -> Vec<ProblemView> {
        self.problems
            .iter()
            .take(MOST_PROBLEMS)
            .map(|problem| {
                let section = self.feed.section(&problem.section);
                let field = section.and_then(|section| section.field(&problem.column));
                let place = section.filter(|section| section.max > 1 && field.is_some());
                let record = place.map(|section| format!("{} {}", section.one, problem.place + 1));
                // Away from its field a message must name it.
                let says = |words: &str| !words.is_empty() && problem.message.contains(words);
                let name = field.filter(|field| !says(&field.title) && !says(&field.ask)).map(|field| field.title.clone());
                let summary = match (record, name) {
                    (Some(record), Some(name)) => format!("{record}, {}: {}", continued(&name), continued(&problem.message)),
                    (Some(one), None) | (None, Some(one)) => format!("{one}: {}", continued(&problem.message)),
                    (None, None) => problem.message.clone(),
                };
                ProblemView {
                    target: if problem.column.is_empty() {
                        format!("skiltis-{}", problem.section)
                    } else {
                        format!("{}-{}-{}", problem.section, problem.place, problem.column)
                    },
                    summary,
                    page: Some(self.pages.of_record(&problem.section, problem.place)).filter(|page| *page != self.pages.shown()),
                    message: problem.message.clone(),
                }
            })
            .collect()
    }
}

/// A sentence or title after a colon or comma: with a small letter, unless it begins with an abbreviation.
fn continued(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().filter(|_| letters.clone().next().is_some_and(char::is_lowercase));
    first.map_or_else(|| text.to_owned(), |first| first.to_lowercase().chain(letters).collect())
}

/// What somebody is asked before a record goes.
fn question(section: &Section) -> &'static str {
    if section.declares_outlets() {
        "Ar tikrai pašalinti šią priemonę? Jei ji nebeleidžiama ar nebetransliuojama, nešalinkite – įrašykite išregistravimo datą."
    } else {
        "Ar tikrai pašalinti šį įrašą? Jei jis nebegalioja, nešalinkite – įrašykite pabaigos datą, jei toks laukas yra."
    }
}

/// What a record is called.
pub(super) fn title(section: &Section, place: usize) -> String {
    if section.max == 1 { section.title.clone() } else { format!("{} {}", section.one, place + 1) }
}

/// Legal entities to choose from, with a word where there is none.
fn found(found: &Found) -> FoundView {
    let entities: &[Entity] = found.entities.as_ref().map_or(&[], Vec::as_slice);
    let told = match &found.entities {
        Err(Unavailable) => UNAVAILABLE,
        Ok(found) if found.is_empty() => {
            "Įrašykite pavadinimo pradžią (galima be teisinės formos ir be lietuviškų ženklų) arba kodą ir ieškokite dar kartą."
        }
        Ok(_) => "",
    };
    let view = |one: &Entity| EntityView { code: one.code.clone(), name: one.name.clone(), about: about(one) };
    FoundView { told, entities: entities.iter().map(view).collect() }
}

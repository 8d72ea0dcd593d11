//! A feed: what one kind of people hand in, declared in `data/forms/*.toml` over the definitions of the raw tables.
//!
//! A new field, a changed law or another order of fields needs no program: which columns there are, of what type, with which
//! checks and titles, comes from `data/tables`; a feed adds who hands it in, about which VIRS, and what a form says beside the fields.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use catalog::{Catalog, Check, Column, Kind, PUBLISHED_FILE, Personal, Table, TableColumn, Text};
use serde::Deserialize;

use crate::conditions::contradictions;
use crate::{Error, Role};

pub use crate::conditions::{Condition, When};

/// Column that names an outlet; where the system does not give it, the outlet is chosen from those of the VIRS.
pub const OUTLET: &str = "vip_nr";
/// Column of an outlet's last day.
pub const OUTLET_ENDED: &str = "isregistravimo_data";
/// Column that names a VIRS or another legal entity.
pub const ENTITY: &str = "ja_kodas";

/// Which VIRS a feed is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// The VIRS that hands it in.
    Own,
    /// Broadcasters, re-broadcasters, online distributors, on-demand providers.
    Audiovisual,
    /// Any.
    All,
}

/// The file's own shape.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedFile {
    order: u32,
    title: Text,
    description: Text,
    role: Role,
    virs: About,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    attachments: usize,
    #[serde(default)]
    publishes: bool,
    section: Vec<SectionFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionFile {
    table: String,
    title: Text,
    one: Option<Text>,
    add: Option<String>,
    help: Option<String>,
    #[serde(default)]
    min: usize,
    max: usize,
    #[serde(default)]
    given: BTreeMap<String, String>,
    #[serde(default)]
    default: BTreeMap<String, String>,
    #[serde(default)]
    several: BTreeMap<String, String>,
    #[serde(default)]
    must: BTreeSet<String>,
    #[serde(default)]
    past: BTreeSet<String>,
    #[serde(default)]
    positive: BTreeSet<String>,
    #[serde(default)]
    day: BTreeSet<String>,
    #[serde(default)]
    titles: BTreeMap<String, String>,
    #[serde(default)]
    hints: BTreeMap<String, String>,
    /// What is asked for where a value is missing, in the accusative.
    #[serde(default)]
    asks: BTreeMap<String, String>,
    #[serde(default)]
    when: Vec<When>,
    #[serde(default)]
    with: BTreeMap<String, String>,
    #[serde(default)]
    replaces: Vec<String>,
    person: Option<PersonFields>,
    entity: Option<EntityFields>,
}

/// Columns that a look-up of a person fills.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonFields {
    /// The personal code that is asked about.
    pub code: String,
    /// Filled with the given names.
    pub given: String,
    /// Filled with the family names.
    pub family: String,
}

/// Columns that a look-up of a legal entity fills.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityFields {
    /// The code that is asked about.
    pub code: String,
    /// Filled with the name.
    pub name: String,
    /// Filled with the legal form, in words.
    pub form: Option<String>,
}

/// Where a value comes from that nobody types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// The code of the VIRS.
    Virs,
    /// The name of the organisation acted for.
    OrganisationName,
    /// Its code.
    OrganisationCode,
    /// A number of this system's own, with this prefix.
    Number(String),
    /// Always this.
    Constant(String),
}

impl Given {
    fn parse(text: &str) -> Self {
        match text {
            "virs" => Self::Virs,
            "organisation_name" => Self::OrganisationName,
            "organisation_code" => Self::OrganisationCode,
            other => {
                other.strip_prefix("number:").map_or_else(|| Self::Constant(other.to_owned()), |prefix| Self::Number(prefix.to_owned()))
            }
        }
    }
}

/// A field: a column of the table, as this form shows it.
#[derive(Debug, Clone)]
pub struct Field {
    /// The column, of which type and checks come.
    pub column: Arc<Column>,
    /// What people read beside it.
    pub title: String,
    /// What helps to fill it.
    pub hint: Option<String>,
    /// What is asked for where it is missing, in the accusative: „veiklos pradžią“. Every field that may be demanded has it.
    pub ask: String,
    /// Whether it must have a value.
    pub required: bool,
    /// A value that the system gives; such a field is shown, not typed.
    pub given: Option<Given>,
    /// A value it begins with.
    pub default: Option<Given>,
    /// Whether several codes of a classifier may be chosen, and of which.
    pub several: Option<String>,
    /// Whether a day after today is wrong.
    pub past: bool,
    /// Whether zero is wrong, too.
    pub positive: bool,
}

impl Field {
    /// Name of the column.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.column.name
    }

    /// The classifier whose codes it takes.
    #[must_use]
    pub fn classifier(&self) -> Option<&str> {
        match &self.column.check {
            Some(Check::Classifier(name)) => Some(name),
            _ => self.several.as_deref(),
        }
    }

    /// Whether its value is an outlet to be chosen.
    #[must_use]
    pub fn is_outlet(&self) -> bool {
        self.name() == OUTLET && self.given.is_none()
    }

    /// Whether those who may not see codes of persons may not see it (table 5).
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self.column.personal, Personal::Code | Personal::BirthDate)
    }
}

/// A part of a form: records of one raw table.
#[derive(Debug, Clone)]
pub struct Section {
    /// The table it fills.
    pub table: Arc<Table>,
    /// Name in the form: the table's, without its source.
    pub name: String,
    /// Heading.
    pub title: String,
    /// What one record is called.
    pub one: String,
    /// What the button says that adds one.
    pub add: String,
    /// What helps to fill it.
    pub help: Option<String>,
    /// At least so many records.
    pub min: usize,
    /// At most so many.
    pub max: usize,
    /// Fields in the order of the table.
    pub fields: Vec<Field>,
    /// Demands of one column's value on others.
    pub when: Vec<When>,
    /// Columns that say nothing without another: a number of shares without the number of all.
    pub with: BTreeMap<String, String>,
    /// Columns that tell which row of the old history a record stands for; where a submission says everything there is, it stands for all
    /// rows of its VIRS.
    pub replaces: Vec<String>,
    /// Date columns that say the day on which the submission was handed in where nobody typed another.
    pub day: BTreeSet<String>,
    /// What a look-up of a person fills.
    pub person: Option<PersonFields>,
    /// What a look-up of an entity fills.
    pub entity: Option<EntityFields>,
}

impl Section {
    /// The column that says which institution speaks, if several may.
    #[must_use]
    pub fn institution(&self) -> Option<&str> {
        let speaks = |field: &&Field| [&field.given, &field.default].into_iter().flatten().any(|given| *given == Given::OrganisationCode);
        self.fields.iter().find(speaks).map(Field::name)
    }

    /// Whether its records are outlets, whose numbers the system gives.
    #[must_use]
    pub fn declares_outlets(&self) -> bool {
        self.field(OUTLET).is_some_and(|field| field.given.is_some())
    }

    /// The field of a column.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name() == name)
    }

    /// Columns that tell one record from another: the table's key; where it has none, what a record stands for and the person it names.
    #[must_use]
    pub fn identity(&self) -> Vec<&str> {
        let person = self.person.iter().map(|fields| fields.code.as_str()).filter(|_| self.table.key.is_empty());
        let columns = if self.table.key.is_empty() { &self.replaces } else { &self.table.key };
        columns.iter().map(String::as_str).chain(person).collect()
    }
}

/// What one kind of people hand in: the seven feeds of the specification, of which the VIRS's own data are two.
#[derive(Debug, Clone)]
pub struct Feed {
    /// File name without `.toml`; stands in addresses.
    pub name: String,
    /// Place in lists.
    pub order: u32,
    /// What people read.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Who hands it in.
    pub role: Role,
    /// Which VIRS it is about.
    pub about: About,
    /// Whether a submission says everything there is to say about the VIRS, so that a new one always takes the place of the last.
    pub whole: bool,
    /// How many documents may be attached.
    pub attachments: usize,
    /// Whether whoever hands it in may have them published.
    pub publishes: bool,
    /// Its parts.
    pub sections: Vec<Section>,
}

impl Feed {
    /// The part called `name`.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// Reads all feeds in `home/data/forms`, in their order.
    ///
    /// # Errors
    /// The first file that cannot be read, or all contradictions of the files to the tables.
    pub fn load_all(home: &Path, catalog: &Catalog) -> Result<Vec<Self>, Error> {
        let folder = home.join("data/forms");
        let read = |source| Error::Read { path: folder.clone(), source };
        let mut feeds = Vec::new();
        let mut wrong = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            if path.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match toml::from_str::<FeedFile>(&text) {
                Ok(file) => match build(name, file, catalog) {
                    Ok(feed) => feeds.push(feed),
                    Err(problems) => wrong.extend(problems),
                },
                Err(error) => wrong.push(format!("data/forms/{name}.toml: {}", error.to_string().trim_end())),
            }
        }
        feeds.sort_by_key(|feed| feed.order);
        for pair in feeds.windows(2).filter(|pair| pair[0].order == pair[1].order) {
            wrong.push(format!("data/forms: {} and {} have the same order", pair[0].name, pair[1].name));
        }
        if wrong.is_empty() { Ok(feeds) } else { Err(Error::Definitions(wrong)) }
    }
}

fn build(name: String, file: FeedFile, catalog: &Catalog) -> Result<Feed, Vec<String>> {
    let place = format!("data/forms/{name}.toml");
    let mut wrong = Vec::new();
    let mut sections = Vec::new();
    for section in file.section {
        match catalog.table(&section.table) {
            Ok(table) => sections.push(build_section(&place, section, table, catalog, &mut wrong)),
            Err(_) => wrong.push(format!("{place}: there is no table {}", section.table)),
        }
    }
    if sections.is_empty() {
        wrong.push(format!("{place}: a feed has sections"));
    }
    // What a VIRS tells of itself holds codes of persons; whoever decides publishes the decision.
    if file.publishes && (file.attachments == 0 || file.role == Role::Virs) {
        wrong.push(format!("{place}: publishes is for feeds of institutions to which documents may be attached"));
    }
    for section in sections.iter().filter(|section| section.table.column(PUBLISHED_FILE).is_some() != file.publishes) {
        wrong.push(format!("{place}: publishes must be set if, and only if, table {} has the column {PUBLISHED_FILE}", section.table.name));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Feed {
        name,
        order: file.order,
        title: file.title.lt,
        description: file.description.lt,
        role: file.role,
        about: file.virs,
        whole: file.whole,
        attachments: file.attachments,
        publishes: file.publishes,
        sections,
    })
}

fn build_section(place: &str, file: SectionFile, table: &Arc<Table>, catalog: &Catalog, wrong: &mut Vec<String>) -> Section {
    let named = [
        ("given", file.given.keys().collect::<Vec<_>>()),
        ("default", file.default.keys().collect()),
        ("several", file.several.keys().collect()),
        ("must", file.must.iter().collect()),
        ("past", file.past.iter().collect()),
        ("positive", file.positive.iter().collect()),
        ("day", file.day.iter().collect()),
        ("titles", file.titles.keys().collect()),
        ("hints", file.hints.keys().collect()),
        ("asks", file.asks.keys().collect()),
        ("with", file.with.iter().flat_map(|(column, other)| [column, other]).collect()),
        ("replaces", file.replaces.iter().collect()),
        ("person", file.person.iter().flat_map(|fields| [&fields.code, &fields.given, &fields.family]).collect()),
        ("entity", file.entity.iter().flat_map(|fields| [&fields.code, &fields.name].into_iter().chain(&fields.form)).collect()),
        ("when", file.when.iter().flat_map(|when| when.must.iter().chain(&when.none).chain(&when.entity).chain([&when.column])).collect()),
    ];
    for (key, columns) in named {
        for column in columns.into_iter().filter(|column| table.column(column).is_none()) {
            wrong.push(format!("{place}: {key} names column {column}, which table {} does not have", table.name));
        }
    }
    for classifier in file.several.values().filter(|name| catalog.classifier(name).is_err()) {
        wrong.push(format!("{place}: there is no classifier {classifier}"));
    }
    for (key, column) in file.past.iter().map(|column| ("past", column)).chain(file.day.iter().map(|column| ("day", column))) {
        if table.column(column).is_some_and(|column| column.column.kind != Kind::Date) {
            wrong.push(format!("{place}: {key} is for dates, {column} is none"));
        }
    }
    let required = |name: &str| file.must.contains(name) || table.column(name).is_some_and(|column| column.required);
    wrong.extend(contradictions(&file.when, required).into_iter().map(|reason| format!("{place}: {reason}")));
    let demanded = |name: &str| {
        required(name)
            || file.when.iter().any(|when| when.must.iter().any(|must| must == name))
            || file.with.values().any(|other| other == name)
    };
    for column in table.received().map(|used| &used.column.name) {
        if demanded(column) && !file.given.contains_key(column) && !file.asks.contains_key(column) {
            wrong.push(format!("{place}: column {column} may be demanded, so asks must say what is asked for"));
        }
    }
    if file.min > file.max || file.max == 0 {
        wrong.push(format!("{place}: section {} must allow at least one record, and min no more than max", table.name));
    }
    let field = |used: &TableColumn| {
        let name = &used.column.name;
        Field {
            column: used.column.clone(),
            title: file.titles.get(name).cloned().unwrap_or_else(|| used.column.title.lt.clone()),
            hint: file.hints.get(name).cloned(),
            ask: file.asks.get(name).cloned().unwrap_or_default(),
            required: used.required || file.must.contains(name),
            given: file.given.get(name).map(|text| Given::parse(text)),
            default: file.default.get(name).map(|text| Given::parse(text)),
            several: file.several.get(name).cloned(),
            past: used.column.past || file.past.contains(name),
            positive: file.positive.contains(name),
        }
    };
    Section {
        name: table.name.split_once("__").map_or_else(|| table.name.clone(), |(_, name)| name.to_owned()),
        one: file.one.as_ref().unwrap_or(&file.title).lt.clone(),
        add: file.add.unwrap_or_else(|| format!("Pridėti: {}", file.one.as_ref().unwrap_or(&file.title).lt.to_lowercase())),
        title: file.title.lt,
        help: file.help,
        min: file.min,
        max: file.max,
        fields: table.received().map(field).collect(),
        when: file.when,
        with: file.with,
        day: file.day,
        replaces: if file.replaces.is_empty() { table.key.clone() } else { file.replaces },
        person: file.person,
        entity: file.entity,
        table: table.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{catalog, feeds, home};

    #[test]
    fn every_table_of_the_manual_feeds_is_filled_by_exactly_one_section() {
        let mut filled: Vec<String> = feeds().iter().flat_map(|feed| &feed.sections).map(|section| section.table.name.clone()).collect();
        filled.sort();
        let wanted: Vec<String> =
            catalog().tables(catalog::Layer::Raw).map(|table| table.name.clone()).filter(|name| name.starts_with("raw_formos__")).collect();
        assert_eq!(filled, wanted);
        assert_eq!(feeds().len(), 8, "the specification has seven feeds, and of the VIRS's own data circulation is handed in apart");
    }

    #[test]
    fn every_required_column_is_typed_or_given_and_what_decides_is_a_code_of_its_classifier() {
        for feed in feeds() {
            for section in &feed.sections {
                for when in &section.when {
                    let classifier = section.field(&when.column).and_then(Field::classifier).unwrap();
                    let classifier = catalog().classifier(classifier).unwrap();
                    assert!(when.is.iter().all(|code| classifier.contains(code)), "{} {}", feed.name, when.column);
                }
                for field in section.fields.iter().filter(|field| field.given == Some(Given::Constant("registracija".into()))) {
                    assert!(catalog().classifier(field.classifier().unwrap()).unwrap().contains("registracija"));
                }
            }
        }
    }

    #[test]
    fn a_file_that_contradicts_its_table_is_refused_with_every_reason() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("data/forms")).unwrap();
        let good = std::fs::read_to_string(home().join("data/forms/imokos.toml")).unwrap();
        let bad = good.replace("past = [\"nustatymo_data\"]", "past = [\"suma\", \"nera\"]").replace("max = 1", "max = 0");
        std::fs::write(folder.path().join("data/forms/imokos.toml"), bad).unwrap();
        let Err(Error::Definitions(wrong)) = Feed::load_all(folder.path(), catalog()) else { panic!("accepted") };
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        let when = "[[section.when]]\ncolumn = \"institucija\"\nis = [\"x\"]\nnone = [\"suma\"]\n";
        std::fs::write(folder.path().join("data/forms/imokos.toml"), format!("{good}{when}")).unwrap();
        let Err(Error::Definitions(wrong)) = Feed::load_all(folder.path(), catalog()) else { panic!("accepted") };
        assert_eq!(wrong, ["data/forms/imokos.toml: when excludes column suma, which is always required"]);
        for (from, to) in [("publishes = true\n", ""), ("attachments = 3\n", ""), ("role = \"km\"", "role = \"virs\"")] {
            std::fs::write(folder.path().join("data/forms/imokos.toml"), good.replace(from, to)).unwrap();
            let Err(Error::Definitions(wrong)) = Feed::load_all(folder.path(), catalog()) else { panic!("accepted without {from}") };
            assert!(wrong[0].contains("publishes"), "{wrong:?}");
        }
        std::fs::write(folder.path().join("data/forms/imokos.toml"), good.replace("order", "eile")).unwrap();
        assert!(Feed::load_all(folder.path(), catalog()).is_err());
    }
}

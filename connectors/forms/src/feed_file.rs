//! Feeds as `data/forms/*.toml` declares them over the definitions of the raw tables.
//!
//! A new field, a changed law or another order of fields needs no program: which columns there are, of what type, with which
//! checks and titles, comes from `data/tables`; a feed adds who submits it, about which VIRS, and what a form says beside the fields.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use catalog::{Catalog, Kind, PUBLISHED_FILE, Table, TableColumn, Text};
use serde::Deserialize;

use crate::conditions::{Dependency, contradictions};
use crate::feed::{About, EntityFields, Feed, Field, Given, PersonFields, Section};
use crate::{Error, Role};

/// A file of `data/forms`.
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
    #[serde(rename = "when", default)]
    dependencies: Vec<Dependency>,
    #[serde(default)]
    with: BTreeMap<String, String>,
    #[serde(default)]
    replaces: Vec<String>,
    person: Option<PersonFields>,
    entity: Option<EntityFields>,
}

impl Feed {
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
    let problems = [unknown_names(&file, table, catalog), wrong_dates(&file, table), contradictory(&file, table)].concat();
    wrong.extend(problems.into_iter().map(|problem| format!("{place}: {problem}")));
    let one = &file.one.as_ref().unwrap_or(&file.title).lt;
    Section {
        name: table.name.split_once("__").map_or_else(|| table.name.clone(), |(_, name)| name.to_owned()),
        one: one.clone(),
        add: file.add.clone().unwrap_or_else(|| format!("Pridėti: {}", one.to_lowercase())),
        fields: table.received().map(|used| field(&file, used)).collect(),
        title: file.title.lt,
        help: file.help,
        min: file.min,
        max: file.max,
        dependencies: file.dependencies,
        with: file.with,
        day: file.day,
        replaces: if file.replaces.is_empty() { table.key.clone() } else { file.replaces },
        person: file.person,
        entity: file.entity,
        table: table.clone(),
    }
}

fn field(file: &SectionFile, used: &TableColumn) -> Field {
    let name = &used.column.name;
    Field {
        column: used.column.clone(),
        title: file.titles.get(name).cloned().unwrap_or_else(|| used.column.title.lt.clone()),
        hint: file.hints.get(name).cloned(),
        ask: file.asks.get(name).cloned().unwrap_or_default(),
        required: used.required || file.must.contains(name),
        given: file.given.get(name).map(|text| given(text)),
        default: file.default.get(name).map(|text| given(text)),
        several: file.several.get(name).cloned(),
        past: used.column.past || file.past.contains(name),
        positive: file.positive.contains(name),
    }
}

fn given(text: &str) -> Given {
    match text {
        "virs" => Given::Virs,
        "organisation_name" => Given::OrganisationName,
        "organisation_code" => Given::OrganisationCode,
        other => other.strip_prefix("number:").map_or_else(|| Given::Constant(other.to_owned()), |prefix| Given::Number(prefix.to_owned())),
    }
}

/// Columns and classifiers that are named and do not exist.
fn unknown_names(file: &SectionFile, table: &Table, catalog: &Catalog) -> Vec<String> {
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
        (
            "when",
            file.dependencies
                .iter()
                .flat_map(|dependency| dependency.must.iter().chain(&dependency.none).chain(&dependency.entity).chain([&dependency.column]))
                .collect(),
        ),
    ];
    let mut wrong = Vec::new();
    for (key, columns) in named {
        for column in columns.into_iter().filter(|column| table.column(column).is_none()) {
            wrong.push(format!("{key} names column {column}, which table {} does not have", table.name));
        }
    }
    for classifier in file.several.values().filter(|name| catalog.classifier(name).is_err()) {
        wrong.push(format!("there is no classifier {classifier}"));
    }
    wrong
}

fn wrong_dates(file: &SectionFile, table: &Table) -> Vec<String> {
    let named = file.past.iter().map(|column| ("past", column)).chain(file.day.iter().map(|column| ("day", column)));
    let wrong = named.filter(|(_, column)| table.column(column).is_some_and(|column| column.column.kind != Kind::Date));
    wrong.map(|(key, column)| format!("{key} is for dates, {column} is none")).collect()
}

/// Demands that cannot all be met, or that nobody could put into words.
fn contradictory(file: &SectionFile, table: &Table) -> Vec<String> {
    let required = |name: &str| file.must.contains(name) || table.column(name).is_some_and(|column| column.required);
    let mut wrong: Vec<String> = contradictions(&file.dependencies, required).into_iter().collect();
    let demanded = |name: &str| {
        required(name)
            || file.dependencies.iter().any(|dependency| dependency.must.iter().any(|must| must == name))
            || file.with.values().any(|other| other == name)
    };
    for column in table.received().map(|used| &used.column.name) {
        if demanded(column) && !file.given.contains_key(column) && !file.asks.contains_key(column) {
            wrong.push(format!("column {column} may be demanded, so asks must say what is asked for"));
        }
    }
    if file.min > file.max || file.max == 0 {
        wrong.push(format!("section {} must allow at least one record, and min no more than max", table.name));
    }
    wrong
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
                for dependency in &section.dependencies {
                    let classifier = section.field(&dependency.column).and_then(Field::classifier).unwrap();
                    let classifier = catalog().classifier(classifier).unwrap();
                    assert!(dependency.is.iter().all(|code| classifier.contains(code)), "{} {}", feed.name, dependency.column);
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

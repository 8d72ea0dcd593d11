//! Reads all definitions under `data/` once and answers by name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::classifier::TermRow;
use crate::law::{BsiRow, Parameters};
use crate::table::TableFile;
use crate::{
    Classifier, CodeGroup, Column, Dataset, Error, Guides, Law, Layer, PageKind, Prose, Role, Table, TableColumn, Term, prose, remembered,
};

/// All definitions, looked up by name; iteration is in alphabetical order.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub(crate) columns: BTreeMap<String, Arc<Column>>,
    pub(crate) tables: BTreeMap<String, Arc<Table>>,
    /// Tables that follow from the definitions of others.
    derived: BTreeMap<String, Arc<Table>>,
    pub(crate) datasets: BTreeMap<String, Arc<Dataset>>,
    pub(crate) classifiers: BTreeMap<String, Classifier>,
    pub(crate) page_kinds: Vec<Arc<PageKind>>,
    prose: BTreeMap<String, Prose>,
    guides: Guides,
    law: Law,
}

impl Catalog {
    /// Reads `home/data`.
    ///
    /// # Errors
    /// The first file that cannot be read or parsed, or that names something undefined.
    pub fn load(home: &Path) -> Result<Self, Error> {
        let data = home.join("data");
        let mut columns = BTreeMap::new();
        for path in files(&data.join("columns"), "toml")? {
            for (name, mut column) in parse::<BTreeMap<String, Column>>(&path)? {
                column.name.clone_from(&name);
                if columns.insert(name.clone(), Arc::new(column)).is_some() {
                    return Err(Error::Definition { place: format!("column {name}"), reason: "is defined in two files".to_owned() });
                }
            }
        }
        let parameters = parse::<Parameters>(&data.join("law/parameters.toml"))?;
        let mut tables = BTreeMap::new();
        for path in files(&data.join("tables"), "toml")? {
            let table = table(stem(&path), parse(&path)?, &columns, &parameters)?;
            tables.insert(table.name.clone(), Arc::new(table));
        }
        let mut derived = BTreeMap::new();
        for table in tables.values() {
            let more = remembered::derived(table, &columns)?;
            derived.extend(more.into_iter().map(|table: Table| (table.name.clone(), Arc::new(table))));
        }
        let mut datasets = BTreeMap::new();
        for path in files(&data.join("datasets"), "toml")? {
            let dataset = Dataset { name: stem(&path), ..parse(&path)? };
            datasets.insert(dataset.name.clone(), Arc::new(dataset));
        }
        let mut page_kinds = Vec::new();
        for path in files(&data.join("pages"), "toml")? {
            page_kinds.push(Arc::new(PageKind::read(&path, &read(&path)?, &tables)?));
        }
        page_kinds.sort_by_key(|kind| kind.place);
        let mut classifiers = BTreeMap::new();
        for path in files(&data.join("classifiers"), "csv")? {
            let terms = csv_rows::<TermRow>(&path)?.into_iter().map(Term::from).collect();
            classifiers.insert(stem(&path), Classifier { name: stem(&path), terms, groups: Vec::new() });
        }
        for path in files(&data.join("classifiers"), "toml")? {
            let classifier = classifiers.get_mut(&stem(&path)).ok_or_else(|| unknown("data/classifiers", "classifier", &stem(&path)))?;
            classifier.groups = CodeGroup::all(parse(&path)?);
        }
        let mut bsi: Vec<BsiRow> = csv_rows(&data.join("law/bsi.csv"))?;
        bsi.sort_by_key(|row| row.nuo);
        let law = Law { bsi, parameters };
        let (prose, guides) = (prose::load(home)?, Guides::load(home)?);
        Ok(Self { columns, tables, derived, datasets, classifiers, page_kinds, prose, guides, law })
    }

    /// The definition of a table, be it one that follows from another's ([`crate::History`]).
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is none of that name.
    pub fn table(&self, name: &str) -> Result<&Arc<Table>, Error> {
        self.tables.get(name).or_else(|| self.derived.get(name)).ok_or_else(|| unknown("the program", "table", name))
    }

    /// All tables of one layer.
    pub fn tables(&self, layer: Layer) -> impl Iterator<Item = &Arc<Table>> {
        self.tables.values().filter(move |table| table.layer == layer)
    }

    /// The raw table that has a role.
    ///
    /// # Errors
    /// [`Error::Unknown`] when none has it.
    pub fn role(&self, role: Role) -> Result<&Arc<Table>, Error> {
        let found = self.tables(Layer::Raw).find(|table| table.role == Some(role));
        found.ok_or_else(|| unknown("the program", "role of a raw table", &format!("{role:?}")))
    }

    /// Core tables that take rows of raw tables as they are, each with these raw tables, the one whose row counts in doubt first.
    #[must_use]
    pub fn fed(&self) -> BTreeMap<&str, Vec<&Arc<Table>>> {
        let order =
            |source: &str| self.classifiers.get("saltiniai").and_then(|known| known.terms.iter().position(|term| term.code == source));
        let mut fed: BTreeMap<&str, Vec<&Arc<Table>>> = BTreeMap::new();
        for table in self.tables(Layer::Raw) {
            if let Some(core) = &table.feeds {
                fed.entry(core).or_default().push(table);
            }
        }
        fed.values_mut().for_each(|raws| raws.sort_by_key(|table| (order(table.source()).unwrap_or(usize::MAX), table.name.clone())));
        fed
    }

    /// All datasets.
    pub fn datasets(&self) -> impl Iterator<Item = &Arc<Dataset>> {
        self.datasets.values()
    }

    /// All kinds of pages beside those of VIRS, in the order of the menu.
    pub fn page_kinds(&self) -> impl Iterator<Item = &Arc<PageKind>> {
        self.page_kinds.iter()
    }

    /// The portal's pages of text, by the name in their address: `apie` is what it says of itself.
    pub fn prose(&self) -> impl Iterator<Item = (&str, &Prose)> {
        self.prose.iter().map(|(name, prose)| (name.as_str(), prose))
    }

    /// Guides for the groups of users.
    #[must_use]
    pub fn guides(&self) -> &Guides {
        &self.guides
    }

    /// All classifiers.
    pub fn classifiers(&self) -> impl Iterator<Item = &Classifier> {
        self.classifiers.values()
    }

    /// The classifier called `name`.
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is none of that name.
    pub fn classifier(&self, name: &str) -> Result<&Classifier, Error> {
        self.classifiers.get(name).ok_or_else(|| unknown("the program", "classifier", name))
    }

    /// Dated legal parameters.
    #[must_use]
    pub fn law(&self) -> &Law {
        &self.law
    }
}

pub(crate) fn unknown(place: &str, kind: &'static str, name: &str) -> Error {
    Error::Unknown { place: place.to_owned(), kind, name: name.to_owned() }
}

fn table(name: String, file: TableFile, columns: &BTreeMap<String, Arc<Column>>, parameters: &Parameters) -> Result<Table, Error> {
    let place = format!("table {name}");
    let layer = Layer::of(&name)
        .ok_or_else(|| Error::Definition { place: place.clone(), reason: "its name must begin with raw_, core_ or out_".to_owned() })?;
    let used = file
        .columns
        .iter()
        .map(|entry| {
            let (name, required) = entry.strip_suffix('!').map_or((entry.as_str(), false), |name| (name, true));
            let column = columns.get(name).ok_or_else(|| unknown(&place, "column", name))?.clone();
            Ok(TableColumn { column, required })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Table {
        name,
        layer,
        title: file.title,
        description: file.description,
        key: file.key,
        columns: used,
        rows: file.rows,
        tiers: file.tiers,
        order: file.order,
        require_one: file.require_one,
        statistic: file.statistic,
        protect: file.protect,
        round: file.round,
        k_anonymity: file.k_anonymity.map(|rule| rule.with_default(parameters.k_anonymity.k)),
        payments: file.payments,
        search: file.search,
        without_persons: file.without_persons,
        event: file.event,
        handed_in: file.handed_in,
        submitted: file.submitted,
        role: file.role,
        feeds: file.feeds,
        sources: file.sources,
        mentions: file.mentions,
        history: file.history,
    })
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Error> {
    let read = |source| Error::Read { path: folder.to_owned(), source };
    let mut paths =
        fs::read_dir(folder).map_err(read)?.map(|entry| entry.map(|entry| entry.path()).map_err(read)).collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Error> {
    toml::from_str(&read(path)?).map_err(|error| Error::Parse { path: path.to_owned(), reason: error.to_string() })
}

fn csv_rows<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    csv::Reader::from_reader(bytes.as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| Error::Parse { path: path.to_owned(), reason: error.to_string() })
}

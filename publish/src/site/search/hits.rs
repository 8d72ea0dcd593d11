//! What can be found in a tier: each thing once, with the VIRS that it leads to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::{Array, AsArray, StringArray};
use catalog::{ENTITY, Layout, Search, Text};

use super::words::domain;
use crate::error::Error;
use crate::incremental::tier_table::{TierRows, TierTable};
use crate::paths::dataset_page;
use crate::site::entities::VirsList;
use crate::site::text::one_line;
use crate::site::things::directory::Directory;
use crate::site::things::key::KeyColumns;
use crate::site::tier_site::TierSite;

/// Letters of the longest name; the rest is cut off.
const LONGEST_NAME: usize = 120;
/// Letters of the longest code or number.
const LONGEST_KEY: usize = 60;

/// What tells one thing from another: the number of its kind, its name, and what tells those of one name apart.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Identity<'a> {
    kind: usize,
    name: String,
    apart: Vec<&'a str>,
}

/// One thing that can be found.
#[derive(Default)]
pub(super) struct Hit {
    /// Number of its kind.
    pub(super) kind: usize,
    pub(super) name: String,
    /// Codes, numbers and domains by which it is found.
    pub(super) keys: BTreeSet<String>,
    /// Places of its VIRS in the alphabetical list.
    pub(super) virs: BTreeSet<usize>,
    /// Its own page or entry, or else the dataset that has it, from the tier's start page.
    pub(super) page: Option<String>,
}

/// Tables of a tier that are searched, with the page of their dataset.
pub(super) fn searched<'a>(site: &'a TierSite<'_>) -> impl Iterator<Item = (String, &'a TierTable<'a>, &'a Search)> {
    let tables = site.datasets.iter().flat_map(|(dataset, tables)| tables.iter().map(move |table| (dataset_page(dataset), *table)));
    tables.filter_map(|(page, table)| Some((page, table, table.table.search.as_ref()?)))
}

/// Titles of all kinds, and everything that can be found and leads to a page.
pub(super) fn collect<'a>(site: &'a TierSite<'_>, virs: &VirsList<'_>) -> Result<(Vec<&'a Text>, Vec<Hit>), Error> {
    let mut kinds: Vec<&Text> = Vec::new();
    let mut found: BTreeMap<Identity<'_>, Hit> = BTreeMap::new();
    for (page, table, search) in searched(site) {
        let kind = kinds.iter().position(|known| known.lt == search.kind.lt).unwrap_or(kinds.len());
        if kind == kinds.len() {
            kinds.push(&search.kind);
        }
        let table = table.whole()?;
        let columns = Columns::of(table, search);
        let own = OwnPages::of(site, table, search)?;
        for (identity, named) in columns.things(table.rows().num_rows(), virs) {
            if named.name.is_empty() {
                continue;
            }
            let own_page = own.as_ref().and_then(|own| own.page(named.row));
            let hit = found.entry(Identity { kind, name: named.name, apart: identity.1 }).or_default();
            hit.keys.extend(named.keys.into_iter().map(|key| one_line(key, LONGEST_KEY)).filter(|key| !key.is_empty()));
            hit.virs.extend(named.virs);
            if own_page.is_some() {
                hit.page = own_page;
            } else if columns.virs.is_none() && hit.page.is_none() {
                hit.page = Some(format!("{page}#{}", table.table().subject()));
            }
        }
    }
    let hits = found.into_iter().map(|(identity, hit)| Hit { kind: identity.kind, name: identity.name, ..hit });
    Ok((kinds, hits.filter(|hit| !hit.virs.is_empty() || hit.page.is_some()).collect()))
}

/// The columns that a search names, as far as the tier sees them.
struct Columns<'a> {
    virs: Option<&'a StringArray>,
    names: Vec<Vec<&'a StringArray>>,
    keys: Vec<&'a StringArray>,
    domains: Vec<&'a StringArray>,
    apart: Vec<&'a StringArray>,
    except: Vec<(&'a StringArray, &'a str)>,
}

impl<'a> Columns<'a> {
    fn of(table: &'a TierRows, search: &'a Search) -> Self {
        let column = |name: &str| table.rows().column_by_name(name)?.as_string_opt::<i32>();
        let all = |names: &Vec<String>| names.iter().filter_map(|name| column(name)).collect();
        Self {
            virs: column(ENTITY),
            names: search.name.iter().map(all).collect(),
            keys: all(&search.found_by),
            domains: all(&search.domains),
            apart: all(&search.told_apart_by),
            except: search.except.iter().filter_map(|(name, value)| Some((column(name)?, value.as_str()))).collect(),
        }
    }

    /// Everything that the rows name: payments name the same payer again and again, so texts are looked at once for each of them.
    fn things(&self, rows: usize, virs: &VirsList<'_>) -> HashMap<Raw<'a>, Named<'a>> {
        let mut things: HashMap<Raw<'a>, Named<'a>> = HashMap::new();
        for row in (0..rows).filter(|row| !self.except.iter().any(|(texts, value)| text(texts, *row) == Some(*value))) {
            let named = things.entry((self.name(row), self.apart(row))).or_insert_with_key(|(name, _)| Named::called(name, row));
            named.keys.extend(self.keys.iter().filter_map(|texts| text(texts, row)));
            named.keys.extend(self.domains.iter().filter_map(|texts| text(texts, row)).map(domain));
            named.virs.extend(self.virs.and_then(|codes| text(codes, row)).and_then(|code| virs.place(code)));
        }
        things
    }

    /// What a row's thing is called, word by word; nothing if the row names none.
    fn name(&self, row: usize) -> Vec<&'a str> {
        let words = |columns: &Vec<&'a StringArray>| columns.iter().filter_map(|texts| text(texts, row)).collect::<Vec<_>>();
        self.names.iter().map(words).find(|words| !words.is_empty()).unwrap_or_default()
    }

    fn apart(&self, row: usize) -> Vec<&'a str> {
        self.apart.iter().map(|texts| text(texts, row).unwrap_or_default()).collect()
    }
}

/// Pages of the things that a table names, if they have some of their own.
struct OwnPages<'a> {
    keys: KeyColumns<'a>,
    directory: &'a Directory<'a>,
}

impl<'a> OwnPages<'a> {
    /// Those of the kind whose table says that its things are of the same kind.
    fn of(site: &'a TierSite<'_>, table: &'a TierRows, search: &Search) -> Result<Option<Self>, Error> {
        let same = |directory: &&Directory<'_>| directory.table.table().search.as_ref().is_some_and(|own| own.kind == search.kind);
        let Some(directory) = site.things()?.0.iter().find(same) else { return Ok(None) };
        let keys = KeyColumns::of(table, &search.told_apart_by);
        let keys = if directory.kind.layout == Layout::Entry { keys.or_called(table, &search.name) } else { keys };
        Ok(Some(Self { keys, directory }))
    }

    fn page(&self, row: usize) -> Option<String> {
        Some(self.directory.find(&self.keys.at(row)?)?.address.clone())
    }
}

/// Name and what tells it apart, as they stand in the rows.
type Raw<'a> = (Vec<&'a str>, Vec<&'a str>);

/// What the rows of one table say of a thing.
struct Named<'a> {
    /// In one line; nothing where the rows name nobody.
    name: String,
    /// The first of them.
    row: usize,
    keys: BTreeSet<&'a str>,
    virs: BTreeSet<usize>,
}

impl Named<'_> {
    fn called(name: &[&str], row: usize) -> Self {
        Self { name: shown_name(&name.join(" ")), row, keys: BTreeSet::new(), virs: BTreeSet::new() }
    }
}

fn text(texts: &StringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

/// A name as search shows it.
pub(super) fn shown_name(name: &str) -> String {
    one_line(name, LONGEST_NAME)
}

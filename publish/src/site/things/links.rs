//! Where names in the rows of a table lead: to pages of the things that `data/pages` says these rows name, and to those of VIRS.

use std::borrow::Cow;

use arrow::array::StringArray;
use catalog::{Check, ENTITY, Layout, PageSection, Personal, TableColumn, Tier};

use super::directory::{Directories, Directory};
use super::key::{KeyColumns, text, texts};
use crate::incremental::tier_table::TierRows;
use crate::paths::entity_page;
use crate::site::entities::{NAME, VirsList};

/// What a column names.
enum Named<'a> {
    Thing(KeyColumns<'a>, &'a Directory<'a>),
    Virs(&'a StringArray, &'a VirsList<'a>),
}

/// Where names in the rows of one table lead.
#[derive(Default)]
pub(in super::super) struct NameLinks<'a>(Vec<(Vec<&'a str>, Named<'a>)>);

impl<'a> NameLinks<'a> {
    /// Names of things. A table that says itself who is of a kind leads to that kind first.
    pub(in super::super) fn of(directories: &'a Directories<'a>, table: &'a TierRows) -> Self {
        let mut links = Self::default();
        if table.tier() == Tier::Internal {
            return links;
        }
        let definition = table.table();
        for directory in &directories.0 {
            let kind_table = directory.table.table();
            let Some(search) = kind_table.search.as_ref() else { continue };
            let own = (definition.name == kind_table.name).then_some(&search.told_apart_by);
            let by = own.or_else(|| {
                let keys = |section: &&PageSection| {
                    section.table == definition.name && section.of == search.told_apart_by && section.through.is_none()
                };
                directory.kind.sections.iter().find(keys).map(|section| &section.by)
            });
            let Some(by) = by else { continue };
            let payer = definition
                .payments
                .as_ref()
                .filter(|payments| !payments.payer_id.is_empty() && payments.payer_id.iter().all(|name| by.contains(name)));
            let mut names: Vec<&'a str> = search.name.iter().flatten().map(String::as_str).collect();
            names.extend(payer.iter().flat_map(|payments| payments.payer.iter().flatten().map(String::as_str)));
            let keys = |name: &String| definition.column(name).is_some_and(|used| used.column.check == Some(Check::AsmensId));
            let is_name = |used: &&TableColumn| used.column.personal == Personal::Name && used.column.check.is_none();
            let of_persons = definition.columns.iter().filter(is_name).map(|used| used.column.name.as_str());
            names.extend(of_persons.filter(|_| by.iter().any(keys)));
            // A code of a classifier is shown as its title.
            let classified =
                |name: &&String| matches!(definition.column(name).and_then(|used| used.column.check.as_ref()), Some(Check::Classifier(_)));
            names.extend(by.first().filter(|_| by.len() == 1).filter(classified).map(String::as_str));
            names.retain(|name| texts(table, name).is_some());
            let mut columns = KeyColumns::of(table, by);
            if own.is_some() && directory.kind.layout == Layout::Entry {
                columns = columns.or_called(table, &search.name);
            }
            let place = if own.is_some() { 0 } else { links.0.len() };
            links.0.insert(place, (names, Named::Thing(columns, directory)));
        }
        links
    }

    /// Names of VIRS, too.
    pub(in super::super) fn and_virs(mut self, virs: &'a VirsList<'a>, table: &'a TierRows) -> Self {
        if let Some(codes) = texts(table, ENTITY) {
            self.0.push((vec![ENTITY, NAME], Named::Virs(codes, virs)));
        }
        self
    }

    /// The page to which the name in this column leads, from the tier's start page.
    pub(in super::super) fn page(&self, column: &str, row: usize) -> Option<Cow<'a, str>> {
        let mut named = self.0.iter().filter(|(names, _)| names.contains(&column)).map(|(_, named)| named);
        named.find_map(|named| match named {
            Named::Thing(keys, directory) => Some(Cow::Borrowed(directory.find(&keys.at(row)?)?.address.as_str())),
            Named::Virs(codes, virs) => entity_page(virs.find(text(codes, row)?)?.code).map(Cow::Owned),
        })
    }

    /// All pages of things to which a row leads.
    pub(in super::super) fn pages(&self, row: usize) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(move |(_, named)| match named {
            Named::Thing(keys, directory) => Some(directory.find(&keys.at(row)?)?.address.as_str()),
            Named::Virs(..) => None,
        })
    }
}

//! Everything of one kind that has a page in a tier, or an entry of its list: who it is, what it is called, where it is shown.

use arrow::array::StringArray;
use catalog::{Layout, PageKind, Search, text_hash};
use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;

use super::key::{Key, KeyColumns, text, texts};
use crate::incremental::tier_table::TierRows;
use crate::language::{Language, in_language, say};
use crate::paths::thing_page;
use crate::site::alphabet::{heading, heading_file, looked_up, sort_key};
use crate::site::entities::NAME;
use crate::site::letters::Part;
use crate::site::text::{one_line, written_bytes};

/// Letters of the longest name; the rest is cut off.
const LONGEST_NAME: usize = 240;
/// Rows of a thing that its entry shows.
pub(in super::super) const ENTRY_ROWS: u32 = 12;
/// Entries on one page, about.
const ENTRIES: usize = 250;
/// Bytes of one page, and what an entry and each of its rows take at the most, beside the names in them.
const PAGE: usize = 56_000;
const ENTRY: usize = 300;
const ROW: usize = 120;
/// One entry in so many begins a page, whatever stands before it: what is added or goes then moves only its neighbours to another page.
const BEGINS: u64 = 160;

/// Something that has a page or an entry.
pub(in super::super) struct Thing<'a> {
    pub(in super::super) key: Key<'a>,
    /// In one line, and not too long; a choice where it has none of its own.
    pub(in super::super) name: String,
    /// What it is in addresses.
    pub(in super::super) stem: String,
    /// Its rows in the kind's table.
    pub(in super::super) rows: Vec<u32>,
    /// Where it is shown, from the tier's start page.
    pub(in super::super) address: String,
}

impl Thing<'_> {
    /// Whether it is a natural person.
    pub(in super::super) fn is_person(&self) -> bool {
        matches!(self.key, Key::Person(_))
    }

    /// The file in which it is shown, beside the list.
    pub(in super::super) fn file(&self) -> &str {
        self.address.rsplit('/').next().unwrap_or_default()
    }

    /// The letter under which it stands.
    pub(in super::super) fn heading(&self) -> String {
        heading(&self.looked_up())
    }

    /// What the alphabet puts it by, in all languages: persons by their last name.
    fn looked_up(&self) -> String {
        let name = in_language(&self.name, Language::Lithuanian);
        match name.rsplit_once(' ').filter(|_| self.is_person()) {
            Some((first, last)) => format!("{last} {first}"),
            None => looked_up(&name).to_owned(),
        }
    }
}

/// All things of a kind.
pub(in super::super) struct Directory<'a> {
    pub(in super::super) kind: &'a PageKind,
    pub(in super::super) table: &'a TierRows,
    /// In alphabetical order.
    pub(in super::super) things: Vec<Thing<'a>>,
    /// The pages of the list where they have the entries of all things; which page an entry is on is a part of its address.
    pub(in super::super) entry_pages: Vec<Part>,
    places: HashMap<Key<'a>, usize>,
}

/// Those of all kinds of a tier, in the order of the menu.
#[derive(Default)]
pub(in super::super) struct Directories<'a>(pub(in super::super) Vec<Directory<'a>>);

impl<'a> Directory<'a> {
    pub(in super::super) fn new(kind: &'a PageKind, search: &'a Search, table: &'a TierRows) -> Self {
        let mut things = things(kind, search, table);
        // Letters decide; the key tells those of one name apart.
        let mut order: Vec<_> = things.par_iter().enumerate().map(|(at, thing)| (sort_key(&thing.looked_up()), &thing.stem, at)).collect();
        order.par_sort_unstable();
        let order: Vec<usize> = order.into_iter().map(|(_, _, at)| at).collect();
        let mut sorted: Vec<Option<Thing<'a>>> = things.drain(..).map(Some).collect();
        let mut things: Vec<Thing<'a>> = order.into_iter().filter_map(|at| sorted[at].take()).collect();
        let entry_pages = if kind.layout == Layout::Entry { entry_pages(&things, texts(table, NAME)) } else { Vec::new() };
        for thing in &mut things {
            thing.address = thing_page(kind, &thing.stem);
        }
        for page in &entry_pages {
            for thing in &mut things[page.places.clone()] {
                thing.address = format!("{}/{}#{}", kind.name, page.file, thing.stem);
            }
        }
        let places = things.iter().enumerate().map(|(place, thing)| (thing.key.clone(), place)).collect();
        Self { kind, table, things, entry_pages, places }
    }

    /// The thing with this key.
    pub(in super::super) fn find(&self, key: &Key<'_>) -> Option<&Thing<'a>> {
        self.place(key).map(|place| &self.things[place])
    }

    /// Where the thing with this key stands in the list.
    pub(in super::super) fn place(&self, key: &Key<'_>) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// Which things there are, and where.
    pub(in super::super) fn addresses_hash(&self, salt: &[u8; 32]) -> u64 {
        self.things.iter().fold(0, |sum, thing| sum ^ text_hash(&format!("{:?} {}", thing.key, thing.address), salt))
    }
}

impl<'a> Directories<'a> {
    /// That of the kind with this name.
    pub(in super::super) fn of(&self, kind: &str) -> Option<&Directory<'a>> {
        self.0.iter().find(|directory| directory.kind.name == kind)
    }
}

/// Columns of the kind's table that hold its keys.
fn key_columns<'a>(kind: &PageKind, search: &Search, table: &'a TierRows) -> KeyColumns<'a> {
    let columns = KeyColumns::of(table, &search.told_apart_by);
    if kind.layout == Layout::Entry { columns.or_called(table, &search.name) } else { columns }
}

/// In the order of the table.
fn things<'a>(kind: &PageKind, search: &'a Search, table: &'a TierRows) -> Vec<Thing<'a>> {
    let keys = key_columns(kind, search, table);
    let except: Vec<_> = search.except.iter().filter_map(|(name, value)| Some((texts(table, name)?, value.as_str()))).collect();
    let names: Vec<Vec<_>> = search.name.iter().map(|set| set.iter().filter_map(|name| texts(table, name)).collect()).collect();
    let called = |row: usize| {
        let words = names.iter().map(|set| set.iter().filter_map(|texts| text(texts, row)).collect::<Vec<_>>());
        words.map(|words| one_line(&words.join(" "), LONGEST_NAME)).find(|name| !name.is_empty())
    };
    let (mut found, mut places): (Vec<Thing<'a>>, HashMap<Key<'a>, usize>) = (Vec::new(), HashMap::new());
    for row in (0..table.rows().num_rows()).filter(|&row| !except.iter().any(|(texts, value)| text(texts, row) == Some(*value))) {
        let Some(key) = keys.at(row) else { continue };
        let at = *places.entry(key.clone()).or_insert_with(|| {
            let stem = key.stem();
            found.push(Thing { key, name: String::new(), stem, rows: Vec::new(), address: String::new() });
            found.len() - 1
        });
        let thing = &mut found[at];
        if thing.name.is_empty() {
            thing.name = called(row).unwrap_or_default();
        }
        thing.rows.extend(u32::try_from(row));
    }
    for thing in found.iter_mut().filter(|thing| thing.name.is_empty()) {
        thing.name.push_str(say!("Be pavadinimo"));
    }
    found
}

/// A page begins at some entries by themselves, and where the one before is full; its name is made of the entry that it begins with.
/// `names` of those whom the rows are about.
fn entry_pages(things: &[Thing<'_>], names: Option<&StringArray>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut bytes = 0;
    for (place, thing) in things.iter().enumerate() {
        let hash = text_hash(&thing.stem, &[0; 32]);
        let heading = thing.heading();
        let longest = thing.rows.iter().filter_map(|&row| text(names?, row as usize)).map(written_bytes).max().unwrap_or_default();
        let size = ENTRY
            + written_bytes(&thing.name)
            + thing.key.codes().map(written_bytes).sum::<usize>()
            + (ROW + longest) * thing.rows.len().min(ENTRY_ROWS as usize);
        let same_letter = parts.last().is_some_and(|part| part.heading == heading);
        match parts.last_mut() {
            Some(part) if same_letter && !hash.is_multiple_of(BEGINS) && part.places.len() < ENTRIES && bytes + size <= PAGE => {
                part.places.end = place + 1;
                bytes += size;
            }
            _ => {
                let letter = heading_file(&heading);
                let file = if same_letter { format!("raide-{letter}-{hash:016x}.html") } else { format!("raide-{letter}.html") };
                parts.push(Part { heading, file, places: place..place + 1 });
                bytes = size;
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The page of each of so many entries under two letters, without the one at this place.
    fn placed(count: usize, without: Option<usize>) -> BTreeMap<String, String> {
        let stems: Vec<String> =
            (0..count).filter(|place| Some(*place) != without).map(|place| format!("{:09}", 300_000_000 + place)).collect();
        let thing = |(place, stem): (usize, &String)| Thing {
            key: Key::Codes(vec!["x"]),
            name: if place < 10 { "A" } else { "Ž" }.to_owned(),
            stem: stem.clone(),
            rows: vec![0; 1 + stem.len() % 4],
            address: String::new(),
        };
        let things: Vec<Thing<'_>> = stems.iter().enumerate().map(thing).collect();
        let parts = entry_pages(&things, None);
        assert!(parts.iter().all(|part| part.places.len() <= ENTRIES && !part.places.is_empty()));
        assert_eq!(parts.iter().map(|part| part.places.len()).sum::<usize>(), things.len());
        assert_eq!((parts[0].file.as_str(), parts[1].file.as_str(), parts[1].places.start), ("raide-a.html", "raide-zh.html", 10));
        let files = parts.iter().flat_map(|part| part.places.clone().map(|place| (stems[place].clone(), part.file.clone())));
        files.collect()
    }

    #[test]
    fn whoever_comes_or_goes_moves_only_the_neighbours_to_another_page() {
        let all = placed(5000, None);
        for gone in [500, 2500, 4000] {
            let others = placed(5000, Some(gone));
            let moved = others.iter().filter(|(stem, file)| all[*stem] != **file).count();
            assert!(moved < 800, "{moved} of 5000 moved");
        }
        let files: std::collections::BTreeSet<&String> = all.values().collect();
        assert!((20..80).contains(&files.len()), "{} pages", files.len());
    }
}

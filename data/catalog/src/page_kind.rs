//! Kinds of pages of the portal beside those of VIRS: outlets, owners, institutions, municipalities, donors. `data/pages` has a file for each; its name is the folder in which they
//! lie.
//!
//! Who has a page, what it is called and what tells two of one name apart is what the `[search]` of the kind's table says; which of its rows are payments, what
//! `[payments]` of a section's table says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::{Check, Error, Kind, Layer, Search, Table, Text, Tier};

/// Folders of the portal that are something else already.
const TAKEN: [&str; 9] = ["virs", "data", "duomenys", "statistika", "paieska", "assets", "dokumentai", "sql", "en"];

/// How each thing of a kind is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// On a page of its own.
    #[default]
    Page,
    /// As an entry of the alphabetical list.
    Entry,
}

/// A kind of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageKind {
    /// File name without `.toml`, and folder of the pages.
    pub name: String,
    /// What people read in the menu and above the list.
    pub title: Text,
    /// What the list says first.
    pub description: Text,
    /// Heading of what the kind's own table says of a thing, if not the table's title.
    pub heading: Option<Text>,
    /// Place in the menu.
    pub place: u8,
    /// The table whose rows say who has a page, as its `[search]` reads them.
    pub table: String,
    /// Tiers that have these pages.
    pub tiers: Vec<Tier>,
    /// A page of each thing, or an entry.
    pub layout: Layout,
    /// Where natural persons may be among them: on what legal basis that is public.
    pub persons: Option<Text>,
    /// Where things lie in the country: the list is a map of them, and a table that says the same.
    pub map: Option<TileMap>,
    /// What a page shows beside the kind's own table, in this order.
    pub sections: Vec<PageSection>,
}

/// A map of equal tiles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TileMap {
    /// Column of the kind's table with the place of a tile from the west.
    pub column: String,
    /// Column with its place from the north.
    pub row: String,
    /// Column with what is written on it.
    pub label: String,
    /// The statistic of which a figure stands on it; its key tells the things of the kind.
    pub statistic: String,
    /// The figure.
    pub value: String,
}

/// A table whose rows name things of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSection {
    /// The table.
    pub table: String,
    /// Its columns that tell which thing a row names, one for each of [`PageSection::of`].
    pub by: Vec<String>,
    /// Columns of the kind's table; by default those that tell things apart.
    pub of: Vec<String>,
    /// A heading other than the table's title.
    pub title: Option<Text>,
    /// A table between the two: rows name, by `by`, a thing of this one, whose row has the kind's columns.
    pub through: Option<String>,
    /// Only rows that have these texts in these columns; an empty one means that the column must be empty.
    pub only: BTreeMap<String, String>,
    /// Rows are a list of names, each of which leads to its own page.
    pub list: bool,
    /// Names in its rows lead to the page, which does not show the rows.
    pub names_only: bool,
}

/// The file's own shape: names with the places where they stand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageKindFile {
    title: Text,
    description: Text,
    #[serde(default)]
    heading: Option<Text>,
    place: u8,
    table: Spanned<String>,
    tiers: Vec<Spanned<Tier>>,
    #[serde(default)]
    layout: Layout,
    #[serde(default)]
    persons: Option<Text>,
    #[serde(default)]
    map: Option<Spanned<TileMap>>,
    #[serde(default)]
    sections: Vec<SectionFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionFile {
    table: Spanned<String>,
    by: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    of: Vec<Spanned<String>>,
    #[serde(default)]
    title: Option<Text>,
    #[serde(default)]
    through: Option<Spanned<String>>,
    #[serde(default)]
    only: BTreeMap<String, String>,
    #[serde(default)]
    list: bool,
    #[serde(default)]
    names_only: bool,
}

impl PageKind {
    /// Whether rows of the table with this name may name its things, or tell where they are named.
    #[must_use]
    pub fn is_named_in(&self, table: &str) -> bool {
        let of_section = |section: &PageSection| section.table == table || section.through.as_deref() == Some(table);
        self.table == table || self.sections.iter().any(of_section) || self.map.as_ref().is_some_and(|map| map.statistic == table)
    }

    /// Reads the file at `path`, which says `text`.
    ///
    /// # Errors
    /// What is wrong first, with file and line.
    pub(crate) fn read(path: &Path, text: &str, tables: &BTreeMap<String, Arc<Table>>) -> Result<Self, Error> {
        let file: PageKindFile = toml::from_str(text).map_err(|error| Error::Parse { path: path.to_owned(), reason: error.to_string() })?;
        Reader { path, text, tables }.kind(file)
    }
}

/// A file while it is read.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    tables: &'a BTreeMap<String, Arc<Table>>,
}

impl Reader<'_> {
    fn kind(&self, file: PageKindFile) -> Result<PageKind, Error> {
        let name = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let line = self.place(&file.table);
        let wrong = |reason: &str| Err(Error::Definition { place: line.clone(), reason: reason.to_owned() });
        if !name.bytes().all(|byte| byte.is_ascii_lowercase()) || name.is_empty() || TAKEN.contains(&name.as_str()) {
            return wrong("the file's name is the folder of its pages: small letters, and no other folder of the portal");
        }
        let table = self.table(&file.table)?;
        let Some(search) = table.search.as_ref().filter(|search| !search.told_apart_by.is_empty()) else {
            return wrong("its table needs a [search] with told_apart_by, which say who has a page");
        };
        for tier in &file.tiers {
            if !table.tiers.contains(tier.get_ref()) {
                let reason = format!("table {} is not in tier {}", table.name, tier.get_ref());
                return Err(Error::Definition { place: self.place(tier), reason });
            }
        }
        let is_person = |name: &String| table.column(name).is_some_and(|used| used.column.check == Some(Check::AsmensId));
        if search.told_apart_by.iter().any(is_person) && file.persons.is_none() {
            return wrong("natural persons may be among them, so `persons` must say on what legal basis that is public");
        }
        let map = file.map.map(|map| self.map(map, table, search)).transpose()?;
        let sections = file.sections.into_iter().map(|section| self.section(section, table, search)).collect::<Result<_, _>>()?;
        Ok(PageKind {
            name,
            title: file.title,
            description: file.description,
            heading: file.heading,
            place: file.place,
            table: table.name.clone(),
            tiers: file.tiers.into_iter().map(Spanned::into_inner).collect(),
            layout: file.layout,
            persons: file.persons,
            map,
            sections,
        })
    }

    fn map(&self, map: Spanned<TileMap>, table: &Table, search: &Search) -> Result<TileMap, Error> {
        let place = self.place(&map);
        let map = map.into_inner();
        let kind = |table: &Table, name: &String| table.column(name).map(|used| used.column.kind);
        let check = |table: &Table, name: &String| table.column(name).and_then(|used| used.column.check.clone());
        let statistic = self.tables.get(&map.statistic);
        let has_figures = statistic.is_some_and(|statistic| {
            let same_keys = statistic.key.len() == search.told_apart_by.len()
                && statistic.key.iter().zip(&search.told_apart_by).all(|(key, own)| check(statistic, key) == check(table, own));
            statistic.statistic.is_some() && same_keys && kind(statistic, &map.value) == Some(Kind::Integer)
        });
        let has_tiles = [&map.column, &map.row].iter().all(|name| kind(table, name) == Some(Kind::Integer));
        if !has_figures || !has_tiles || kind(table, &map.label) != Some(Kind::Text) {
            let reason = format!(
                "[map] needs columns of {} with whole numbers (column, row) and with text (label), a statistic by {}, and a count of it (value)",
                table.name,
                search.told_apart_by.join(", ")
            );
            return Err(Error::Definition { place, reason });
        }
        Ok(map)
    }

    fn section(&self, file: SectionFile, of: &Table, search: &Search) -> Result<PageSection, Error> {
        let table = self.table(&file.table)?;
        let line = self.place(&file.by);
        let by = file.by.into_inner().iter().map(|name| self.column(name, table)).collect::<Result<Vec<_>, _>>()?;
        let keys = match file.of.is_empty() {
            true => search.told_apart_by.clone(),
            false => file.of.iter().map(|name| self.column(name, of)).collect::<Result<Vec<_>, _>>()?,
        };
        let through = file.through.as_ref().map(|name| self.table(name)).transpose()?;
        if let (Some(through), Some(name)) = (through, &file.through) {
            // The row between has the kind's own columns.
            if let Some(key) = keys.iter().find(|key| through.column(key).is_none()) {
                return Err(Error::Unknown { place: self.place(name), kind: "column", name: key.clone() });
            }
        }
        let (named, told_by) = match through {
            Some(through) => (through, through.search.as_ref().map(|search| search.told_apart_by.clone()).unwrap_or_default()),
            None => (of, keys.clone()),
        };
        let check = |table: &Table, name: &String| table.column(name).and_then(|used| used.column.check.clone());
        if by.len() != told_by.len() || by.iter().zip(&told_by).any(|(by, key)| check(table, by) != check(named, key)) {
            let reason = format!(
                "`by` must name columns of {} that hold what {} of {} hold, in this order",
                table.name,
                told_by.join(", "),
                named.name
            );
            return Err(Error::Definition { place: line, reason });
        }
        if let Some(name) = file.only.keys().find(|name| table.column(name).is_none()) {
            return Err(Error::Unknown { place: line, kind: "column", name: name.clone() });
        }
        Ok(PageSection {
            table: table.name.clone(),
            by,
            of: keys,
            title: file.title,
            through: through.map(|table| table.name.clone()),
            only: file.only,
            list: file.list,
            names_only: file.names_only,
        })
    }

    fn table(&self, name: &Spanned<String>) -> Result<&Table, Error> {
        let found = self.tables.get(name.get_ref()).filter(|table| table.layer == Layer::Out);
        found.map(Arc::as_ref).ok_or_else(|| self.unknown("out_ table", name))
    }

    fn column(&self, name: &Spanned<String>, table: &Table) -> Result<String, Error> {
        let used = table.column(name.get_ref()).ok_or_else(|| self.unknown("column", name))?;
        if used.column.kind != Kind::Text {
            return Err(Error::Definition { place: self.place(name), reason: format!("{} is no text", used.column.name) });
        }
        Ok(name.get_ref().clone())
    }

    fn unknown(&self, kind: &'static str, name: &Spanned<String>) -> Error {
        Error::Unknown { place: self.place(name), kind, name: name.get_ref().clone() }
    }

    /// File and line of what stands there.
    fn place<T>(&self, spanned: &Spanned<T>) -> String {
        let before = self.text.get(..spanned.span().start).unwrap_or_default();
        format!("{}, line {}", self.path.display(), before.matches('\n').count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    fn tables() -> BTreeMap<String, Arc<Table>> {
        Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap().tables
    }

    const GOOD: &str = r#"title = { lt = "Savininkai", en = "Owners" }
description = { lt = "a", en = "b" }
place = 1
table = "out_savininkas"
tiers = ["public", "open"]
persons = { lt = "a", en = "b" }

[[sections]]
table = "out_dalyvis"
by = ["asmens_id", "dal_kodas", "valstybe"]
"#;

    #[test]
    fn what_a_kind_of_pages_names_must_be_defined_and_file_and_line_are_said() {
        let tables = tables();
        let read = |name: &str, text: &str| PageKind::read(Path::new(name), text, &tables).map_err(|error| error.to_string());
        let kind = read("pages/savininkai.toml", GOOD).unwrap();
        assert_eq!((kind.name.as_str(), kind.sections[0].of.as_slice()), ("savininkai", kind.sections[0].by.as_slice()));
        let refused = |from: &str, to: &str| read("pages/savininkai.toml", &GOOD.replacen(from, to, 1)).unwrap_err();
        for (from, to, expected) in [
            ("out_savininkas", "out_nera", "savininkai.toml, line 4 names out_ table `out_nera`"),
            ("out_dalyvis", "core_dalyvis", "savininkai.toml, line 9 names out_ table `core_dalyvis`"),
            ("\"dal_kodas\"", "\"kodas_nera\"", "savininkai.toml, line 10 names column `kodas_nera`"),
            ("\"valstybe\"", "\"nuo\"", "line 10: nuo is no text"),
            ("\"dal_kodas\", \"valstybe\"", "\"valstybe\", \"dal_kodas\"", "line 10: `by` must name columns"),
            ("\"asmens_id\", ", "", "line 10: `by` must name columns"),
            ("persons = { lt = \"a\", en = \"b\" }\n", "", "on what legal basis"),
            ("out_savininkas", "out_tirazas", "needs a [search]"),
            ("place = 1", "plase = 1", "line 3"),
        ] {
            let said = refused(from, to);
            assert!(said.contains(expected), "{said}");
        }
        let municipalities = r#"title = { lt = "Savivaldybės", en = "Municipalities" }
description = { lt = "a", en = "b" }
place = 1
table = "out_savivaldybe"
tiers = ["public"]
map = { column = "zemelapio_stulpelis", row = "zemelapio_eilute", label = "santrumpa", statistic = "out_stat_savivaldybes", value = "virs_skaicius" }

[[sections]]
table = "out_vip"
by = ["ja_kodas"]
through = "out_virs"
only = { virs_iki = "" }
"#;
        let kind = read("pages/savivaldybes.toml", municipalities).unwrap();
        assert!(["out_vip", "out_virs", "out_stat_savivaldybes", "out_savivaldybe"].iter().all(|name| kind.is_named_in(name)));
        for (from, to, expected) in [
            ("\"zemelapio_eilute\"", "\"miestai\"", "line 6: [map] needs columns of out_savivaldybe"),
            ("out_stat_savivaldybes", "out_stat_virs", "line 6: [map] needs"),
            ("\"virs_skaicius\"", "\"savivaldybe\"", "line 6: [map] needs"),
            ("through = \"out_virs\"", "through = \"out_lesos\"", "line 11 names column `savivaldybe`"),
            ("\"ja_kodas\"", "\"vip_nr\"", "line 10: `by` must name columns of out_vip that hold what ja_kodas of out_virs hold"),
            ("virs_iki", "nera", "line 10 names column `nera`"),
        ] {
            let said = read("pages/savivaldybes.toml", &municipalities.replacen(from, to, 1)).map(drop).unwrap_err();
            assert!(said.contains(expected), "{said}");
        }
        let closed = GOOD.replace("out_savininkas", "out_grandis");
        assert!(read("pages/savininkai.toml", &closed).unwrap_err().contains("line 4"), "no [search]");
        assert!(read("pages/virs.toml", GOOD).unwrap_err().contains("no other folder"));
        assert!(read("pages/Savininkai-2.toml", GOOD).unwrap_err().contains("small letters"));
    }
}

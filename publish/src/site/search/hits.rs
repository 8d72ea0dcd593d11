//! What can be found in a tier: each thing once, with the VIRS that it leads to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::{Array, AsArray, StringArray};
use catalog::{ENTITY, Search};

use super::words::domain;
use crate::error::Error;
use crate::incremental::tier_table::{TierRows, TierTable};
use crate::paths::dataset_page;
use crate::site::entities::VirsList;
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
    /// Where it is shown beside pages of VIRS, from the tier's start page.
    pub(super) page: Option<String>,
}

/// Tables of a tier that are searched, with the page of their dataset.
pub(super) fn searched<'a>(site: &'a TierSite<'_>) -> impl Iterator<Item = (String, &'a TierTable<'a>, &'a Search)> {
    let tables = site.datasets.iter().flat_map(|(dataset, tables)| tables.iter().map(move |table| (dataset_page(dataset), *table)));
    tables.filter_map(|(page, table)| Some((page, table, table.table.search.as_ref()?)))
}

/// Titles of all kinds, and everything that can be found and leads to a page.
pub(super) fn collect<'a>(site: &'a TierSite<'_>, virs: &VirsList<'_>) -> Result<(Vec<&'a str>, Vec<Hit>), Error> {
    let mut kinds: Vec<&str> = Vec::new();
    let mut found: BTreeMap<Identity<'_>, Hit> = BTreeMap::new();
    for (page, table, search) in searched(site) {
        let title = search.kind.lt.as_str();
        let kind = kinds.iter().position(|known| *known == title).unwrap_or(kinds.len());
        if kind == kinds.len() {
            kinds.push(title);
        }
        let table = table.whole()?;
        let columns = Columns::of(table, search);
        for (identity, named) in columns.things(table.rows().num_rows(), virs) {
            let Some(name) = named.name() else { continue };
            let hit = found.entry(Identity { kind, name, apart: identity.1 }).or_default();
            hit.keys.extend(named.keys.into_iter().map(|key| shown(key, LONGEST_KEY)).filter(|key| !key.is_empty()));
            hit.virs.extend(named.virs);
            if columns.virs.is_none() {
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
            let named = things.entry((self.name(row), self.apart(row))).or_insert_with_key(|(name, _)| Named::called(name));
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

/// Name and what tells it apart, as they stand in the rows.
type Raw<'a> = (Vec<&'a str>, Vec<&'a str>);

/// What the rows of one table say of a thing.
struct Named<'a> {
    name: String,
    keys: BTreeSet<&'a str>,
    virs: BTreeSet<usize>,
}

impl Named<'_> {
    fn called(name: &[&str]) -> Self {
        Self { name: shown_name(&name.join(" ")), keys: BTreeSet::new(), virs: BTreeSet::new() }
    }

    fn name(&self) -> Option<String> {
        Some(self.name.clone()).filter(|name| !name.is_empty())
    }
}

fn text(texts: &StringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

/// A name as search shows it.
pub(super) fn shown_name(name: &str) -> String {
    shown(name, LONGEST_NAME)
}

/// A text in one line, without what is not seen or turns the direction of writing, cut to so many letters.
fn shown(text: &str, most: usize) -> String {
    let is_unseen = |letter: char| matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let plain = |letter: char| if letter.is_whitespace() || letter.is_control() { ' ' } else { letter };
    let line: String = text.chars().filter(|letter| !is_unseen(*letter)).map(plain).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_name_is_one_short_line_that_cannot_turn_what_stands_beside_it() {
        assert_eq!(shown("UAB \u{202e}„Rytas\u{202c}“\n\t\u{0} <b>", 120), "UAB „Rytas“ <b>");
        let long = shown(&"ž ".repeat(1000), 120);
        assert!(long.ends_with('…') && long.chars().count() <= 121);
        assert_eq!(shown("\u{200b} \u{feff}", 120), "");
    }
}

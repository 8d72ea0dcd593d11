//! What tells a thing from the others of its kind, and the name of its file.

use arrow::array::{Array, AsArray, StringArray};
use catalog::{Check, Table, Tier, is_pseudonym};
use sha2::{Digest, Sha256};

use crate::incremental::tier_table::TierRows;
use crate::language::{Language, in_language};
use crate::site::shown::Titles;

/// Letters of the longest code that is the name of a file itself.
const LONGEST: usize = 24;

/// What tells a thing from the others of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) enum Key<'a> {
    /// Surrogate key of a natural person.
    Person(&'a str),
    /// Codes, the first of them filled; after the code of a firm its state.
    Codes(Vec<&'a str>),
    /// What nobody gave a code: its name, and its state.
    Called(&'a str, Vec<&'a str>),
}

impl Key<'_> {
    /// Its codes, and its state.
    pub(in super::super) fn codes(&self) -> impl Iterator<Item = &str> {
        let codes: &[&str] = match self {
            Self::Person(_) => &[],
            Self::Codes(codes) | Self::Called(_, codes) => codes,
        };
        codes.iter().copied()
    }

    /// The thing's name in addresses: letters a to z, digits and hyphens, and no other key has the same. It is made of codes, or of a hash of the key, never of a name.
    pub(in super::super) fn stem(&self) -> String {
        match self {
            Self::Person(id) if Check::AsmensId.accepts(id) => (*id).to_owned(),
            Self::Person(id) => hashed("person", &[id]),
            Self::Codes(codes) => plain_codes(codes).unwrap_or_else(|| hashed("codes", codes)),
            Self::Called(name, codes) => hashed("called", &[&[*name], codes.as_slice()].concat()),
        }
    }
}

/// Codes joined, if each can be read back: a person's key is longer than any of them, and no hyphen stands beside another but between two.
fn plain_codes(codes: &[&str]) -> Option<String> {
    let filled = codes.iter().take_while(|code| !code.is_empty()).count();
    if filled == 0 || codes[filled..].iter().any(|code| !code.is_empty()) {
        return None;
    }
    Some(codes[..filled].iter().map(|code| plain(code)).collect::<Option<Vec<_>>>()?.join("--"))
}

/// A code in small letters: if it has capitals only, so that no other one looks the same, or is what stands for a number in the open tier.
fn plain(code: &str) -> Option<String> {
    if is_pseudonym(code) {
        return Some(code.to_owned());
    }
    let letters = code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    let hyphens = code.starts_with('-') || code.ends_with('-') || code.contains("--");
    let small = code.to_ascii_lowercase();
    let is_other = is_pseudonym(&small) || ["x-", "raide-"].iter().any(|start| small.starts_with(start)) || small == "index";
    (letters && !hyphens && !is_other && !code.is_empty() && code.len() <= LONGEST).then_some(small)
}

fn hashed(kind: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new_with_prefix(kind);
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let hex: String = hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x-{hex}")
}

/// Columns of a table that hold keys of a kind.
pub(in super::super) struct KeyColumns<'a> {
    person: Option<&'a StringArray>,
    /// Each with whether it only qualifies the others, as a state does.
    codes: Vec<(Option<&'a StringArray>, bool)>,
    names: Vec<Vec<&'a StringArray>>,
}

impl<'a> KeyColumns<'a> {
    /// These columns of the table, as far as its tier sees them.
    pub(in super::super) fn of(table: &'a TierRows, columns: &[String]) -> Self {
        let (mut person, mut codes) = (None, Vec::new());
        for name in columns {
            let texts = texts(table, name);
            match check(table.table(), name) {
                Some(Check::AsmensId) => person = texts.filter(|_| table.tier() != Tier::Open),
                // A code of a classifier that stands alone tells things apart itself.
                check => codes.push((texts, columns.len() > 1 && matches!(check, Some(Check::Classifier(_))))),
            }
        }
        Self { person, codes, names: Vec::new() }
    }

    /// Things without a code go by their name, which stands in the first filled of these sets of columns.
    pub(in super::super) fn or_called(mut self, table: &'a TierRows, names: &[Vec<String>]) -> Self {
        self.names = names.iter().map(|set| set.iter().filter_map(|name| texts(table, name)).collect()).collect();
        self
    }

    /// The key in a row; none if the row names nothing that has one.
    pub(in super::super) fn at(&self, row: usize) -> Option<Key<'a>> {
        if let Some(id) = self.person.and_then(|ids| text(ids, row)) {
            return Some(Key::Person(id));
        }
        let value = |texts: &Option<&'a StringArray>| texts.and_then(|texts| text(texts, row)).unwrap_or_default();
        let codes = || self.codes.iter().map(|(texts, _)| value(texts)).collect();
        if self.codes.iter().any(|(texts, qualifies)| !qualifies && !value(texts).is_empty()) {
            return Some(Key::Codes(codes()));
        }
        // Of a person without a key nothing is told.
        let name = self.names.iter().find_map(|set| set.first().filter(|_| set.len() == 1).and_then(|texts| text(texts, row)))?;
        Some(Key::Called(name, codes()))
    }
}

fn check<'t>(table: &'t Table, name: &str) -> Option<&'t Check> {
    table.column(name)?.column.check.as_ref()
}

/// The column of this name, if the tier sees it.
pub(in super::super) fn texts<'a>(table: &'a TierRows, name: &str) -> Option<&'a StringArray> {
    table.rows().column_by_name(name)?.as_string_opt::<i32>()
}

/// What stands in a row, if anything does.
pub(in super::super) fn text(texts: &StringArray, row: usize) -> Option<&str> {
    (texts.is_valid(row) && !texts.value(row).is_empty()).then(|| texts.value(row))
}

/// A title that stands beside its code, in each language where the classifier has the same one.
pub(in super::super) fn title_beside<'t>(title: &'t str, code: &'t str, classifier: &str, titles: &'t Titles<'_>) -> &'t str {
    let known = titles.title(classifier, code);
    if in_language(known, Language::Lithuanian) == title { known } else { title }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use catalog::Catalog;

    use super::*;

    #[test]
    fn a_title_is_translated_where_the_classifier_has_the_same() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let titles = Titles::new(&catalog);
        let read =
            |title: &str, code: &str| in_language(title_beside(title, code, "savininku_rusys", &titles), Language::English).into_owned();
        assert_eq!(read("Nežinomas", "nezinomas"), "Unknown");
        assert_eq!([read("Kitas", "nezinomas"), read("Nežinomas", "kitas")], ["Kitas", "Nežinomas"]);
    }

    #[test]
    fn no_two_keys_have_one_file_and_its_name_is_plain() {
        let id = "0123456789abcdef0123456789abcdef";
        let digits = "01234567890123456789012345678901";
        let codes = [
            "300000001",
            "VIP-000001",
            "vip-000001",
            "Vip-000001",
            "VIP--000001",
            "-VIP",
            "VIP-",
            "DE",
            "de",
            "DE-073604/281",
            "DE-073604-281",
            "",
            " ",
            "..",
            "../../etc",
            "INDEX",
            "index",
            "RAIDE-A",
            "X-00",
            "ABCDEFGHIJKLMNOP",
            "abcdefghijklmnop",
            "ŽŽ",
            "zz",
            "ZZ",
            "a\u{202e}b",
            "A.B",
            "A B",
            "AB",
            id,
            digits,
            &id.to_uppercase(),
            &"9".repeat(2000),
            &"9".repeat(2001),
        ];
        let mut keys: BTreeSet<Key<'_>> = BTreeSet::new();
        for one in codes {
            keys.extend([Key::Person(one), Key::Codes(vec![one]), Key::Called(one, vec![])]);
            for other in codes {
                keys.extend([Key::Codes(vec![one, other]), Key::Called(one, vec![other])]);
            }
        }
        // One kind has codes of one number of columns; empty ones at the end say nothing.
        keys.retain(|key| !matches!(key, Key::Codes(codes) if codes.len() == 1 || codes[0].is_empty()));
        let stems: BTreeSet<String> = keys.iter().map(Key::stem).collect();
        assert_eq!(stems.len(), keys.len());
        for stem in &stems {
            assert!(
                stem.len() <= 2 * LONGEST + 2
                    && stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{stem}"
            );
            assert!(stem != "index" && !stem.starts_with("raide-"), "{stem}");
        }
        assert_eq!(Key::Codes(vec!["300000001", ""]).stem(), "300000001");
        assert_eq!(Key::Codes(vec!["VIP-000001"]).stem(), "vip-000001");
        assert_eq!(Key::Codes(vec!["HRB123", "DE"]).stem(), "hrb123--de");
        assert_eq!(Key::Person(id).stem(), id);
    }
}

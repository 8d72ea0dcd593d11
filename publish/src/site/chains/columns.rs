//! The rows of a table that tells, holding by holding, who holds what above a VIRS.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, Decimal128Array, StringArray};
use arrow::datatypes::Decimal128Type;
use catalog::{Check, ENTITY, Table};

use super::super::shown::Titles;
use super::super::text::{LONGEST_TEXT, beginning, percent};
use super::super::things::directory::Directories;
use super::super::things::key::title_beside;
use super::super::things::links::NameLinks;
use crate::incremental::tier_table::TierRows;
use crate::language::{in_each, say};

const HELD: &str = "valdomas_kodas";
const HOLDER: &str = "savininkas";

/// Whether a table tells how owners come to own a VIRS.
pub(in super::super) fn is_chains(table: &Table) -> bool {
    table.column(HELD).is_some() && table.column(ENTITY).is_some()
}

/// The holdings above all VIRS.
pub(super) struct Holdings<'a> {
    held: &'a StringArray,
    held_name: &'a StringArray,
    kind: &'a StringArray,
    end: Titled<'a>,
    holder: &'a StringArray,
    holder_ids: [&'a StringArray; 3],
    because: Titled<'a>,
    share: &'a Decimal128Array,
    links: NameLinks<'a>,
}

/// A column of titles, with the codes beside them.
struct Titled<'a> {
    texts: &'a StringArray,
    codes: Option<(&'a StringArray, &'a str)>,
    titles: &'a Titles<'a>,
}

impl<'a> Titled<'a> {
    fn of(table: &'a TierRows, code: &str, titles: &'a Titles<'a>) -> Option<Self> {
        let classifier = match table.table().column(code).and_then(|used| used.column.check.as_ref()) {
            Some(Check::Classifier(name)) => Some(name.as_str()),
            _ => None,
        };
        Some(Self { texts: texts(table, &format!("{code}_pavadinimas"))?, codes: texts(table, code).zip(classifier), titles })
    }

    /// The title in a row as it stands in a sentence, in each language.
    fn at(&self, row: usize) -> Option<String> {
        let title = text(self.texts, row)?;
        let code = self.codes.and_then(|(codes, classifier)| Some((text(codes, row)?, classifier)));
        let title = code.map_or(title, |(code, classifier)| title_beside(title, code, classifier, self.titles));
        Some(in_each(title, lower_first).into_owned())
    }
}

/// Who a holder is; whoever is unknown is another one in each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Id<'a> {
    /// Person, state and code; the name only where there is no code.
    Known([Option<&'a str>; 3], Option<&'a str>),
    Unknown(usize),
}

impl<'a> Holdings<'a> {
    /// Nothing if the tier does not see all columns.
    pub(super) fn of(table: &'a TierRows, titles: &'a Titles<'a>, things: &'a Directories<'a>) -> Option<Self> {
        Some(Self {
            held: texts(table, HELD)?,
            held_name: texts(table, "valdomas_pavadinimas")?,
            kind: texts(table, "dalyvio_rusis")?,
            end: Titled::of(table, "savininko_rusis", titles)?,
            holder: texts(table, HOLDER)?,
            holder_ids: [texts(table, "asmens_id")?, texts(table, "valstybe")?, texts(table, "dal_kodas")?],
            because: Titled::of(table, "nezinojimo_priezastis", titles)?,
            share: table.rows().column_by_name("dalis")?.as_primitive_opt::<Decimal128Type>()?,
            links: NameLinks::of(things, table),
        })
    }

    /// The rows by the entity that is held.
    pub(super) fn above(&self, rows: &[usize]) -> Above<'a> {
        let mut above: Above<'_> = HashMap::new();
        for &row in rows {
            above.entry(self.held.value(row)).or_default().push(row);
        }
        above
    }

    /// What is held of the entity, in units of a share; none where nobody knows.
    pub(super) fn share(&self, row: usize) -> Option<i128> {
        self.share.is_valid(row).then(|| self.share.value(row))
    }

    /// The same in words.
    pub(super) fn share_text(&self, row: usize) -> String {
        self.share(row).map_or_else(|| say!("dalis nežinoma").to_owned(), percent)
    }

    /// The code under which the holder of a row is held in turn.
    pub(super) fn company(&self, row: usize) -> Option<&'a str> {
        (text(self.kind, row) == Some("J")).then(|| text(self.holder_ids[2], row)).flatten()
    }

    /// The page of an ultimate owner, from a folder of the tier.
    pub(super) fn owner_page(&self, row: usize) -> Option<String> {
        let is_owner = self.end.texts.is_valid(row) && !self.is_unknown(row);
        is_owner.then(|| self.links.page(HOLDER, row).map(|page| format!("../{page}"))).flatten()
    }

    pub(super) fn id(&self, row: usize) -> Id<'a> {
        match self.is_unknown(row) {
            true => Id::Unknown(row),
            false => {
                let name = text(self.holder, row).filter(|_| text(self.holder_ids[2], row).is_none());
                Id::Known(self.holder_ids.map(|ids| text(ids, row)), name)
            }
        }
    }

    /// What the holder is called.
    pub(super) fn holder(&self, row: usize) -> &'a str {
        text(self.holder, row).map_or(say!("dalyvis nenurodytas"), |name| beginning(name, LONGEST_TEXT))
    }

    /// What the held entity is called.
    pub(super) fn held(&self, row: usize) -> &'a str {
        beginning(text(self.held_name, row).unwrap_or_else(|| self.held.value(row)), LONGEST_TEXT)
    }

    /// Its code.
    pub(super) fn held_code(&self, row: usize) -> &'a str {
        self.held.value(row)
    }

    /// Whether nobody knows the holder.
    pub(super) fn is_unknown(&self, row: usize) -> bool {
        self.because.texts.is_valid(row)
    }

    /// Why nobody knows the holder; none where it is known.
    pub(super) fn because(&self, row: usize) -> Option<String> {
        self.because.at(row)
    }

    /// What an ultimate owner is; none where the holder is held in turn.
    pub(super) fn end(&self, row: usize) -> Option<String> {
        self.end.at(row)
    }
}

/// Rows by the code of the entity that is held.
pub(super) type Above<'a> = HashMap<&'a str, Vec<usize>>;

fn texts<'a>(table: &'a TierRows, column: &str) -> Option<&'a StringArray> {
    table.rows().column_by_name(column)?.as_string_opt::<i32>()
}

fn text(texts: &StringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

/// Titles of classifiers begin with a capital letter; in a sentence they do not.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

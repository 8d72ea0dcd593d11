//! A section of a page that is a list of names, each with its own page: the same lines as in the lists of these things.

use arrow::array::StringArray;
use catalog::ENTITY;

use super::entries::{Lines, UP};
use crate::error::Error;
use crate::incremental::tier_table::TierRows;
use crate::site::entities::VirsList;
use crate::site::entity_list;
use crate::site::things::directory::Directory;
use crate::site::things::key::{KeyColumns, text, texts};
use crate::site::tier_site::TierSite;

/// Whose names they are.
pub(super) enum NameList<'a> {
    Virs(&'a StringArray, &'a VirsList<'a>),
    Things(KeyColumns<'a>, &'a Directory<'a>, Box<Lines<'a>>),
}

impl<'a> NameList<'a> {
    /// Those of the kind whose table it is, or of VIRS; none if its rows have no pages.
    pub(super) fn of(site: &'a TierSite<'_>, table: &'a TierRows) -> Result<Option<Self>, Error> {
        let (things, virs) = (site.things()?, site.entities()?);
        let definition = table.table();
        if let Some(directory) = things.0.iter().find(|directory| directory.kind.table == definition.name) {
            let by = definition.search.as_ref().map_or(&[][..], |search| &search.told_apart_by);
            let lines = Lines::of(directory, things, virs, (&site.titles, site.context.release.date));
            return Ok(Some(Self::Things(KeyColumns::of(table, by), directory, Box::new(lines))));
        }
        let is_register = site.register.is_some_and(|register| register.table.name == definition.name);
        Ok(texts(table, ENTITY).filter(|_| is_register).map(|codes| Self::Virs(codes, virs)))
    }

    /// Where what a row names stands in the list of all.
    fn place(&self, row: usize) -> Option<usize> {
        match self {
            Self::Virs(codes, virs) => virs.place(text(codes, row)?),
            Self::Things(keys, directory, _) => directory.place(&keys.at(row)?),
        }
    }

    /// Appends the names in these rows by the alphabet, no more than `most`; returns the rows that are shown.
    pub(super) fn push(&self, rows: &[usize], most: usize, out: &mut String) -> Vec<usize> {
        let mut places: Vec<(usize, usize)> = rows.iter().filter_map(|&row| Some((self.place(row)?, row))).collect();
        places.sort_unstable();
        places.truncate(most);
        out.push_str("<ul class=\"entities\">\n");
        for (place, _) in &places {
            match self {
                Self::Virs(_, virs) => entity_list::push_line(&virs.list[*place], &format!("{UP}{}", entity_list::FOLDER), out),
                Self::Things(_, directory, lines) => {
                    let thing = &directory.things[*place];
                    lines.push_line(thing, &format!("{UP}{}", thing.address), out);
                }
            }
        }
        out.push_str("</ul>\n");
        places.into_iter().map(|(_, row)| row).collect()
    }
}

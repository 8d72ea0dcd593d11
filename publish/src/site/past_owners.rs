//! Who owned a VIRS on any past day, as the portal showed it: a page beside that of the VIRS, from the histories of owners and of holdings. Only
//! VIRS of which these changed have it, and search engines do not show it: it names persons who own nothing any more.

use std::collections::BTreeSet;
use std::fmt::Write;

use arrow::array::{Array, AsArray, Date32Array};
use arrow::datatypes::Date32Type;
use catalog::{Dataset, SHOWN_SINCE, SHOWN_UNTIL, Table};
use chrono::NaiveDate;
use minijinja::{Value, context};

use super::chains::{Chains, is_chains};
use super::entities::{Indexed, VirsEntry, VirsList};
use super::owners::{Owners, is_owners};
use super::text::push_escaped;
use super::things::directory::Directories;
use super::tier_site::TierSite;
use crate::error::Error;
use crate::history::read_history;
use crate::history::write::{TableHistory, TierHistory};
use crate::incremental::tier_table::TierRows;
use crate::language::{said, say};
use crate::paths::{entity_file, past_owners_page, path_in_release};
use crate::store::staging::Staging;
use crate::weight::fitting;

/// Periods of which a page has the drawing, the newest first: the first with which it is light enough. All have their list of owners.
const DRAWN: [usize; 5] = [20, 10, 5, 2, 0];
/// Periods that a page has; the file of the history has all.
const LISTED: usize = 100;

/// Where the page of a VIRS lies; none if neither its owners nor the companies between changed while they were remembered.
pub(super) fn past_of(site: &TierSite<'_>, code: &str) -> Option<String> {
    let events: Vec<_> = site.history?.events.get(code)?.iter().filter(|event| tells_of_owners(&event.table)).collect();
    // Who only came was not there before; shares add up to one, so whoever comes later takes them from somebody.
    let had_others = events.iter().any(|event| event.went + event.changed > 0 || event.day != events[0].day);
    past_owners_page(code).filter(|_| had_others)
}

fn tells_of_owners(table: &Table) -> bool {
    is_owners(table) || is_chains(table)
}

/// Rows of histories that are read from their staged files, each with the dataset of its table.
pub(super) struct HistoryRows<'a> {
    owners: Option<(&'a Dataset, TierRows)>,
    chains: Option<(&'a Dataset, TierRows)>,
}

impl<'a> HistoryRows<'a> {
    /// Reads those of owners and of holdings; nothing where the tier remembers none.
    pub(super) fn read(site: &TierSite<'a>, staging: &Staging) -> Result<Self, Error> {
        let find = |is_it: fn(&Table) -> bool| site.history.and_then(|history| history.tables.iter().find(|kept| is_it(&kept.table)));
        let read = |kept: &TableHistory| {
            let rows = rows_of(site, staging, kept)?;
            Ok::<_, Error>(site.table(&kept.table.name).map(|(dataset, _)| (dataset, rows)))
        };
        let read = |kept: Option<&TableHistory>| Ok::<_, Error>(kept.map(read).transpose()?.flatten());
        Ok(Self { owners: read(find(is_owners))?, chains: read(find(is_chains))? })
    }

    /// The same by VIRS.
    pub(super) fn indexed(&self) -> [Option<Indexed<'_>>; 2] {
        [&self.owners, &self.chains].map(|found| found.as_ref().map(|(dataset, rows)| Indexed::new(dataset, rows)))
    }
}

fn rows_of(site: &TierSite<'_>, staging: &Staging, kept: &TableHistory) -> Result<TierRows, Error> {
    let failed = |reason: String| Error::History { table: kept.table.name.clone(), reason };
    let history = site.catalog.table(&kept.table.history_name()).map_err(|error| failed(error.to_string()))?;
    let file = staging.folder(false).join(path_in_release(site.tier, &kept.path));
    let rows = read_history(&file, &history.schema_for(site.tier)).map_err(failed)?;
    Ok(TierRows::new(history.clone(), site.tier, rows))
}

/// When rows of a history were shown.
struct Remembered<'a> {
    index: &'a Indexed<'a>,
    since: &'a Date32Array,
    until: &'a Date32Array,
}

impl<'a> Remembered<'a> {
    fn of(index: &'a Indexed<'a>) -> Option<Self> {
        let days = |name| index.table.rows().column_by_name(name)?.as_primitive_opt::<Date32Type>();
        Some(Self { index, since: days(SHOWN_SINCE)?, until: days(SHOWN_UNTIL)? })
    }

    /// Days on which something about the VIRS came or went.
    fn days(&self, code: &str) -> impl Iterator<Item = i32> {
        let until = |row: usize| self.until.is_valid(row).then(|| self.until.value(row));
        self.index.rows(code).iter().flat_map(move |&row| [Some(self.since.value(row)), until(row)]).flatten()
    }

    /// Rows that were shown at the end of a day.
    fn on(&self, code: &str, day: i32) -> Vec<usize> {
        let is_shown = |row: &usize| self.since.value(*row) <= day && (self.until.is_null(*row) || self.until.value(*row) > day);
        self.index.rows(code).iter().copied().filter(is_shown).collect()
    }
}

/// The owners of all VIRS on all days that are remembered.
pub(super) struct PastOwners<'a> {
    owners: Option<(Remembered<'a>, Owners<'a>)>,
    chains: Option<(Remembered<'a>, Chains<'a>)>,
}

impl<'a> PastOwners<'a> {
    pub(super) fn new(site: &'a TierSite<'_>, things: &'a Directories<'a>, [owners, chains]: &'a [Option<Indexed<'a>>; 2]) -> Self {
        let owners = owners.as_ref().and_then(|index| Some((Remembered::of(index)?, Owners::new(index, &site.titles, things)?)));
        let chains = chains.as_ref().and_then(|index| Some((Remembered::of(index)?, Chains::new(index, &site.titles, things)?)));
        Self { owners, chains }
    }

    /// The page of a VIRS.
    pub(super) fn render(&self, site: &TierSite<'_>, entities: &VirsList<'_>, entity: &VirsEntry<'a>, path: &str) -> Result<String, Error> {
        let periods = self.periods(entity.code);
        fitting(&DRAWN, |drawn| {
            let mut body = String::with_capacity(16 * 1024);
            for (place, period) in periods.iter().rev().take(LISTED).enumerate() {
                self.push_period(entities, entity, *period, place < drawn, &mut body);
            }
            let values = context! {
                frame => site.frame(&said!("{0}: savininkai anksčiau", entity.name), path),
                name => entity.name,
                page => entity_file(entity.code),
                since => site.history.and_then(TierHistory::since).map(|day| day.to_string()),
                more => periods.len() > LISTED,
                body => Value::from_safe_string(body),
            };
            site.render("past_owners.html", values)
        })
    }

    /// First and last day of each time in which nothing changed; without the one that goes on. Several releases of one day count as the last.
    fn periods(&self, code: &str) -> Vec<(NaiveDate, NaiveDate)> {
        let (owners, chains) = (self.owners.as_ref().map(|(shown, _)| shown), self.chains.as_ref().map(|(shown, _)| shown));
        let days: BTreeSet<i32> = owners.into_iter().chain(chains).flat_map(|shown| shown.days(code)).collect();
        let days: Vec<NaiveDate> = days.into_iter().filter_map(Date32Type::to_naive_date_opt).collect();
        days.windows(2).filter_map(|days| Some((days[0], days[1].pred_opt()?))).collect()
    }

    fn push_period(
        &self,
        entities: &VirsList<'_>,
        entity: &VirsEntry<'a>,
        period: (NaiveDate, NaiveDate),
        is_drawn: bool,
        out: &mut String,
    ) {
        let (first, last) = period;
        let day = Date32Type::from_naive_date(first);
        let time = |day: NaiveDate| format!("<time datetime=\"{day}\">{day}</time>");
        let heading = if first == last { time(first) } else { said!("Nuo {0} iki {1}", time(first), time(last)) };
        let _ = write!(out, "<section aria-labelledby=\"nuo-{first}\">\n<h2 id=\"nuo-{first}\">{heading}</h2>\n");
        if let Some((shown, owners)) = &self.owners {
            let rows = shown.on(entity.code, day);
            if rows.is_empty() {
                let _ = writeln!(out, "<p>{}</p>", say!("Apie savininkus tada nieko neskelbta."));
            } else {
                out.push_str("<ul>\n");
                for owner in owners.named(&rows) {
                    out.push_str("<li>");
                    push_escaped(&owner, out);
                    out.push_str("</li>\n");
                }
                out.push_str("</ul>\n");
            }
        }
        if let Some((shown, chains)) = self.chains.as_ref().filter(|_| is_drawn) {
            let rows = shown.on(entity.code, day);
            if !rows.is_empty() {
                chains.push(entities, entity, &rows, out);
            }
        }
        out.push_str("</section>\n");
    }
}

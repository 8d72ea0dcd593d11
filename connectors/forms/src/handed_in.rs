//! The rows of the manual feeds as the nightly run reads them: the history first, without the rows that current submissions replace, and then
//! those submissions.
//!
//! Nobody replaces what others said. A submission replaces history about its own VIRS only and, where an institution submits it, history of
//! that same institution only; an equal key is no reason to replace anybody else's row. Where two rows have the same key nevertheless, both
//! are returned, and the nightly run sets the later one aside.
//!
//! A feed that says everything about a VIRS replaces, section by section, all history about it: what it leaves out is deleted. An outlet that
//! others refer to (audits, violations, funds) is not deleted but deregistered, from the day of the submission that left it out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use catalog::{PUBLISHED_FILE, SUBMITTER, published_cell};
use chrono::DateTime;
use rusqlite::Connection;

use crate::Error;
use crate::days::today;
use crate::entry::{Entry, Record};
use crate::feed::{About, ENTITY, Feed, Field, Given, OUTLET, OUTLET_ENDED, Section};
use crate::store::{self, Current, Submission, Which};

/// Day on which an outlet was registered.
const REGISTERED: &str = "registravimo_data";

/// A row, and where it comes from. Not to be printed: its values may be codes of persons.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Values by column.
    pub record: Record,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a row comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The history that was brought in: place in its table, from 1.
    History(usize),
    /// A submission.
    Submission {
        /// Its number.
        id: i64,
        /// Its receipt number.
        receipt: String,
        /// Place of the record in its section, from 1.
        place: usize,
    },
}

/// The history and the current submissions, as they were at one moment. Not to be printed, like its rows.
pub struct HandedIn<'f> {
    feeds: &'f [Feed],
    history: HashMap<&'f str, Vec<Record>>,
    /// By feed.
    current: HashMap<&'f str, Vec<Current>>,
    /// Whose each outlet is.
    outlets: HashMap<String, String>,
    /// Outlets that their VIRS left out and others refer to.
    ended: Vec<Row>,
}

impl<'f> HandedIn<'f> {
    /// Reads everything; of a store that is read in one transaction, all of one moment.
    ///
    /// # Errors
    /// The store's.
    pub fn read(connection: &Connection, feeds: &'f [Feed]) -> Result<Self, Error> {
        let mut all = Self { feeds, history: HashMap::new(), current: HashMap::new(), outlets: HashMap::new(), ended: Vec::new() };
        for feed in feeds {
            all.current.insert(&feed.name, store::of_feed(connection, &feed.name, Which::Current)?);
            for section in &feed.sections {
                all.history.insert(&section.table.name, store::history_rows(connection, &section.table.name)?);
            }
        }
        for (feed, section) in sections(feeds).filter(|(_, section)| section.declares_outlets()) {
            let known = all.of_history(section).iter().filter_map(|row| Some((row.get(OUTLET)?, row.get(ENTITY)?)));
            let declared = all
                .of(feed)
                .iter()
                .flat_map(|one| one.entry.records(&section.name).iter().filter_map(|record| Some((record.get(OUTLET)?, &one.virs))));
            let mut outlets = HashMap::new();
            // Whoever had a number first has it.
            for (outlet, virs) in known.chain(declared) {
                outlets.entry(outlet.clone()).or_insert_with(|| virs.clone());
            }
            all.outlets.extend(outlets);
        }
        all.ended = all.ended_outlets(connection)?;
        Ok(all)
    }

    /// Rows of one raw table.
    #[must_use]
    pub fn rows(&self, table: &str) -> Vec<Row> {
        let mut rows = Vec::new();
        for (feed, section) in sections(self.feeds).filter(|(_, section)| section.table.name == table) {
            let current = self.of(feed);
            let mut about: HashMap<&str, Vec<&Current>> = HashMap::new();
            current.iter().for_each(|one| about.entry(&one.virs).or_default().push(one));
            let replaced = |row: &Record| {
                let said = self.virs_of(section, row).and_then(|virs| about.get(virs));
                said.is_some_and(|said| said.iter().any(|one| stands_for(feed, section, one, row)))
            };
            let history = (1..).zip(self.of_history(section)).filter(|(_, row)| !replaced(row));
            rows.extend(history.map(|(place, row)| Row { record: told(section, None, row), origin: Origin::History(place) }));
            let mut handed_in: Vec<Row> = current.iter().flat_map(|one| given_out(section, one)).collect();
            renumber(section, &rows, &mut handed_in);
            rows.extend(handed_in);
            if section.declares_outlets() {
                rows.extend(self.ended.iter().cloned());
            }
        }
        rows
    }

    /// How many rows of history a table has, those that a submission stands for among them.
    #[must_use]
    pub fn history_rows(&self, table: &str) -> usize {
        self.history.get(table).map_or(0, Vec::len)
    }

    fn of(&self, feed: &Feed) -> &[Current] {
        self.current.get(feed.name.as_str()).map_or(&[], Vec::as_slice)
    }

    fn of_history(&self, section: &Section) -> &[Record] {
        self.history.get(section.table.name.as_str()).map_or(&[], Vec::as_slice)
    }

    /// The VIRS that a row is about; of participants, the entity.
    fn virs_of<'a>(&'a self, section: &Section, row: &'a Record) -> Option<&'a str> {
        let virs = if section.table.column(ENTITY).is_some() { row.get(ENTITY) } else { self.outlets.get(row.get(OUTLET)?) };
        virs.map(String::as_str)
    }

    /// Outlets that a VIRS once had, left out since, and that rows of others refer to.
    fn ended_outlets(&self, connection: &Connection) -> Result<Vec<Row>, Error> {
        let mut referred = BTreeSet::new();
        for (feed, section) in sections(self.feeds).filter(|(feed, _)| feed.about != About::Own) {
            let handed_in = self.of(feed).iter().flat_map(|one| one.entry.records(&section.name));
            referred.extend(self.of_history(section).iter().chain(handed_in).filter_map(|row| row.get(OUTLET)));
        }
        let mut ended = Vec::new();
        for (feed, section) in sections(self.feeds).filter(|(feed, section)| feed.whole && section.declares_outlets()) {
            // By VIRS and number: the row, and since when it is left out.
            let mut known: BTreeMap<(String, String), (Row, Option<String>)> = BTreeMap::new();
            for (place, row) in (1..).zip(self.of_history(section)) {
                let (Some(virs), Some(outlet)) = (row.get(ENTITY), row.get(OUTLET)) else { continue };
                known.insert((virs.clone(), outlet.clone()), (Row { record: row.clone(), origin: Origin::History(place) }, None));
            }
            for one in store::of_feed(connection, &feed.name, Which::All)? {
                if !one.entry.sections.contains_key(&section.name) {
                    continue;
                }
                let declared: BTreeSet<&String> = one.entry.records(&section.name).iter().filter_map(|record| record.get(OUTLET)).collect();
                let day = DateTime::parse_from_rfc3339(&one.submitted).map_err(|_| Error::Content("a time"))?;
                let own = known.range_mut((one.virs.clone(), String::new())..).take_while(|((virs, _), _)| *virs == one.virs);
                for ((_, outlet), (_, left_out)) in own {
                    if !declared.contains(outlet) {
                        left_out.get_or_insert_with(|| today(day.to_utc()).to_string());
                    }
                }
                for row in given_out(section, &one) {
                    let Some(outlet) = row.record.get(OUTLET).cloned() else { continue };
                    known.insert((one.virs.clone(), outlet), (row, None));
                }
            }
            for (mut row, left_out) in known.into_values() {
                let Some(day) = left_out.filter(|_| row.record.get(OUTLET).is_some_and(|outlet| referred.contains(outlet))) else {
                    continue;
                };
                // Days compare as texts; one that was to be registered later is deregistered on that day.
                let day = row.record.get(REGISTERED).filter(|registered| **registered > day).cloned().unwrap_or(day);
                row.record.entry(OUTLET_ENDED.to_owned()).or_insert(day);
                ended.push(row);
            }
        }
        Ok(ended)
    }
}

/// Rows of others, by section, that hold beside a submission once it is submitted: what its keys may not meet.
///
/// # Errors
/// The store's.
pub(crate) fn beside(
    connection: &Connection,
    feed: &Feed,
    submission: &Submission,
    entry: &Entry,
    outlets: &[String],
) -> Result<BTreeMap<String, Vec<Record>>, Error> {
    let mut held = BTreeMap::new();
    // What somebody submits as a whole has numbers that the system gave, and keys of its own.
    for section in feed.sections.iter().filter(|section| !feed.whole && !section.table.key.is_empty()) {
        let of_one_virs = section.table.key.iter().any(|column| column == ENTITY || column == OUTLET);
        let which = if of_one_virs { Which::CurrentAbout(&submission.virs) } else { Which::Current };
        let mut current = store::of_feed(connection, &feed.name, which)?;
        current.retain(|one| Some(one.id) != submission.supersedes && one.id != submission.id);
        current.push(Current {
            id: submission.id,
            virs: submission.virs.clone(),
            organisation: submission.acting.organisation_code.clone(),
            receipt: String::new(),
            submitted: String::new(),
            entry: entry.clone(),
            public: Vec::new(),
        });
        let all = HandedIn {
            feeds: std::slice::from_ref(feed),
            history: [(section.table.name.as_str(), store::history_rows(connection, &section.table.name)?)].into(),
            current: [(feed.name.as_str(), current)].into(),
            outlets: outlets.iter().map(|outlet| (outlet.clone(), submission.virs.clone())).collect(),
            ended: Vec::new(),
        };
        let own = |row: &Row| matches!(row.origin, Origin::Submission { id, .. } if id == submission.id);
        let others = all.rows(&section.table.name).into_iter().filter(|row| !own(row));
        held.insert(section.name.clone(), others.map(|row| row.record).collect());
    }
    Ok(held)
}

fn sections(feeds: &[Feed]) -> impl Iterator<Item = (&Feed, &Section)> {
    feeds.iter().flat_map(|feed| feed.sections.iter().map(move |section| (feed, section)))
}

/// Whether a submission about the VIRS of a history row stands for that row.
fn stands_for(feed: &Feed, section: &Section, submission: &Current, row: &Record) -> bool {
    if feed.whole {
        return submission.entry.sections.contains_key(&section.name);
    }
    let of_another = |column| row.get(column).is_some_and(|institution| *institution != submission.organisation);
    // An empty cell is a value of its own: a decision about no outlet stands for one about no outlet.
    let same = |record: &Record| section.replaces.iter().all(|column| record.get(column) == row.get(column));
    !section.institution().is_some_and(of_another)
        && !section.replaces.is_empty()
        && submission.entry.records(&section.name).iter().any(same)
}

/// A submission's rows of one section.
fn given_out<'a>(section: &'a Section, submission: &'a Current) -> impl Iterator<Item = Row> + 'a {
    (1..).zip(submission.entry.records(&section.name)).map(move |(place, record)| Row {
        record: told(section, Some(submission), record),
        origin: Origin::Submission { id: submission.id, receipt: submission.receipt.clone(), place },
    })
}

/// Gives another number to what somebody says of an entity that the history speaks about too: the form took it over with its number, and
/// both stand.
fn renumber(section: &Section, history: &[Row], handed_in: &mut [Row]) {
    let numbered = section.fields.iter().find(|field| matches!(field.given, Some(Given::Number(_)))).map(Field::name);
    let Some(number) = numbered.filter(|_| section.table.column(SUBMITTER).is_some()) else { return };
    let taken: BTreeSet<&str> = history.iter().filter_map(|row| row.record.get(number)).map(String::as_str).collect();
    for row in handed_in {
        let Some(submitter) = row.record.get(SUBMITTER).cloned() else { continue };
        if let Some(number) = row.record.get_mut(number).filter(|number| taken.contains(number.as_str())) {
            *number = format!("{number}-{submitter}");
        }
    }
}

/// A record with what only the system says of it: who submitted it and when, and which documents are published with it, where its table wants
/// to know.
fn told(section: &Section, submission: Option<&Current>, record: &Record) -> Record {
    let mut record = record.clone();
    if section.table.column(SUBMITTER).is_some() {
        record.remove(SUBMITTER);
        record.extend(submission.map(|one| (SUBMITTER.to_owned(), one.virs.clone())));
    }
    let public: Vec<&str> = submission.iter().flat_map(|one| &one.public).map(String::as_str).collect();
    record.remove(PUBLISHED_FILE);
    if section.table.column(PUBLISHED_FILE).is_some() && !public.is_empty() {
        record.insert(PUBLISHED_FILE.to_owned(), published_cell(&public));
    }
    // What is not submitted yet has no day.
    let day = submission.and_then(|one| DateTime::parse_from_rfc3339(&one.submitted).ok()).map(|at| today(at.to_utc()).to_string());
    if let Some(column) = &section.table.handed_in {
        record.remove(column);
        record.extend(day.clone().map(|day| (column.clone(), day)));
    }
    for column in &section.day {
        if let Some(day) = &day {
            record.entry(column.clone()).or_insert_with(|| day.clone());
        }
    }
    record
}

#[cfg(test)]
mod tests;

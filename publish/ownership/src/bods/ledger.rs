//! Series of statements: what was said of each record from release to release. A record that is closed stays closed; whoever comes back is a new one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sha2::{Digest, Sha256};

use super::schema::{Details, Source};
use crate::Error;
use crate::shown::Release;

/// Records in the order in which statements about them stand: nothing is named by what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    /// The VIRS.
    Subject,
    Entity,
    Person,
    /// Holdings, of which relationships of owners consist.
    Holding,
    /// What an ultimate owner has of the VIRS in all.
    Owner,
}

/// A record, by what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) section: Section,
    pub(super) name: String,
}

/// What is said of a record.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Content {
    pub(super) details: Details,
    pub(super) source: Source,
    /// The key by which the tables know a person.
    pub(super) person: Option<String>,
}

/// A statement.
#[derive(Debug)]
pub(super) struct Said {
    key: Key,
    generation: u32,
    pub(super) id: String,
    pub(super) record: String,
    pub(super) subject: String,
    /// Code of codelist `recordStatus`.
    pub(super) status: &'static str,
    pub(super) day: i32,
    pub(super) content: Content,
}

#[derive(Debug, Default)]
struct Series {
    /// How many times the record came, this one included.
    generation: u32,
    is_open: bool,
    /// The place of what was said last; none where nothing was said since it came.
    last: Option<usize>,
}

/// The records above one VIRS.
pub(super) struct Ledger<'a> {
    virs: &'a str,
    subject: Key,
    series: BTreeMap<Key, Series>,
    said: Vec<Said>,
    ids: HashSet<String>,
}

impl<'a> Ledger<'a> {
    /// `subject` is the record of the VIRS.
    pub(super) fn new(virs: &'a str, subject: Key) -> Self {
        Self { virs, subject, series: BTreeMap::new(), said: Vec::new(), ids: HashSet::new() }
    }

    /// The identifier of a record as it was opened last.
    pub(super) fn id(&self, key: &Key) -> String {
        let base = format!("lt-virsis/{}/{}", self.virs, key.name);
        match self.series.get(key).map_or(1, |series| series.generation) {
            0 | 1 => base,
            generation => format!("{base}~{generation}"),
        }
    }

    /// Closes whatever is open and not among these, and opens those that are not. `end` makes of what was said last what is said as a record closes.
    ///
    /// # Errors
    /// [`Error::Json`] for what cannot be printed.
    pub(super) fn turn(&mut self, present: &BTreeSet<Key>, release: Release, end: impl Fn(&Key, &mut Content)) -> Result<(), Error> {
        let gone = self.series.iter().filter(|(key, series)| series.is_open && !present.contains(key));
        for key in gone.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            let Some(series) = self.series.get_mut(&key) else { continue };
            series.is_open = false;
            if let Some(last) = series.last.take() {
                let mut content = self.said[last].content.clone();
                end(&key, &mut content);
                self.push(key, "closed", release, content)?;
            }
        }
        for key in present {
            let series = self.series.entry(key.clone()).or_default();
            if !series.is_open {
                series.is_open = true;
                series.generation += 1;
            }
        }
        Ok(())
    }

    /// Says something of an open record, unless it was said last.
    ///
    /// # Errors
    /// [`Error::Json`] for what cannot be printed.
    pub(super) fn say(&mut self, key: &Key, release: Release, content: Content) -> Result<(), Error> {
        let Some(series) = self.series.get_mut(key).filter(|series| series.is_open) else { return Ok(()) };
        let status = match series.last.and_then(|last| self.said.get(last)) {
            None => "new",
            Some(last) if last.content == content => return Ok(()),
            Some(_) => "updated",
        };
        series.last = Some(self.said.len());
        self.push(key.clone(), status, release, content)
    }

    fn push(&mut self, key: Key, status: &'static str, release: Release, content: Content) -> Result<(), Error> {
        let (record, subject) = (self.id(&key), self.id(&self.subject));
        let generation = self.series.get(&key).map_or(1, |series| series.generation);
        let id = self.statement_id(&[&record, status, &release.day.to_string()], &content)?;
        self.said.push(Said { key, generation, id, record, subject, status, day: release.day, content });
        Ok(())
    }

    /// The same for the same statement in every release, whoever publishes it and under whatever address: a UUID of version 8 (RFC 9562) of a hash.
    fn statement_id(&mut self, told_by: &[&str], content: &Content) -> Result<String, Error> {
        let said = serde_json::to_string(&(told_by, &content.details, &content.source, &content.person))?;
        // Two releases of one day may say the same, and another thing between.
        for again in 0_u32.. {
            let mut bytes: [u8; 32] = Sha256::digest(format!("{again}\u{1f}{said}")).into();
            bytes[6] = bytes[6] & 0x0f | 0x80;
            bytes[8] = bytes[8] & 0x3f | 0x80;
            let hex = hex::encode(&bytes[..16]);
            let id = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
            if self.ids.insert(id.clone()) {
                return Ok(id);
            }
        }
        unreachable!("there are more numbers than statements")
    }

    /// All statements in the order in which they stand.
    pub(super) fn close(mut self) -> Vec<Said> {
        self.said.sort_by(|one, other| (&one.key, one.generation).cmp(&(&other.key, other.generation)));
        self.said
    }
}

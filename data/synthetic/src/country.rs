//! The country while it is being written: who is in it, and what is known of it so far.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chrono::{Days, NaiveDate};

use crate::draws::Draws;
use crate::entities::LegalEntities;
use crate::extract::Extract;
use crate::format::Layout;
use crate::outlet::Outlet;
use crate::people::{FOREIGN_BIRTHS, People, PersonId};
use crate::truth::{Change, MoneyTruth, Published, SupportTruth, TableTruth, Threshold, Truth, VirsTruth};
use crate::virs::Virs;
use crate::{AS_OF, Error, Size};

/// Everything that the files are written from.
pub(crate) struct Country {
    seed: u64,
    folder: PathBuf,
    /// How many nights later it is; see [`crate::nights`].
    pub(crate) nights: u32,
    /// The day that its extracts show.
    pub(crate) day: NaiveDate,
    /// Natural persons.
    pub(crate) people: People,
    /// Legal entities.
    pub(crate) entities: LegalEntities,
    /// Producers and disseminators of public information.
    pub(crate) virs: Vec<Virs>,
    /// Those that became VIRS in one of the nights; each has an owner, who is its head.
    pub(crate) newcomers: Vec<Virs>,
    /// One Lithuanian owner of each VIRS that has any, nobody twice.
    pub(crate) owners: Vec<PersonId>,
    /// Their outlets.
    pub(crate) outlets: Vec<Outlet>,
    /// Hard cases so far.
    pub(crate) cases: BTreeMap<&'static str, usize>,
    /// Published support so far.
    pub(crate) support: SupportTruth,
    /// Planted donors so far.
    pub(crate) thresholds: Vec<Threshold>,
    /// Other money so far.
    pub(crate) money: MoneyTruth,
    /// What the last night changed.
    pub(crate) changes: Vec<Change>,
    tables: BTreeMap<String, TableTruth>,
}

impl Country {
    /// A country of these people and entities so many nights later, of which nothing has been written yet.
    pub(crate) fn begin(seed: u64, nights: u32, folder: PathBuf, people: People, entities: LegalEntities) -> Self {
        Self {
            seed,
            folder,
            nights,
            day: AS_OF + Days::new(nights.into()),
            people,
            entities,
            virs: Vec::new(),
            newcomers: Vec::new(),
            owners: Vec::new(),
            outlets: Vec::new(),
            cases: BTreeMap::new(),
            support: SupportTruth { natural: Published::default(), legal: Published::default() },
            thresholds: Vec::new(),
            money: MoneyTruth::default(),
            changes: Vec::new(),
            tables: BTreeMap::new(),
        }
    }

    /// Whether the entity at this place is a VIRS, or was one.
    pub(crate) fn is_virs(&self, entity: usize) -> bool {
        self.entities.virs.contains(&entity) || self.newcomers.iter().any(|virs| virs.entity == entity)
    }

    /// The random numbers of one subject.
    pub(crate) fn draws(&self, subject: &str) -> Draws {
        Draws::of(self.seed, subject)
    }

    /// Begins a file of about `expected` good rows.
    pub(crate) fn extract<const N: usize>(&self, layout: &'static Layout<N>, expected: usize) -> Result<Extract<N>, Error> {
        Extract::create(&self.folder, layout, expected, self.seed)
    }

    /// Ends a file.
    pub(crate) fn close<const N: usize>(&mut self, extract: Extract<N>) -> Result<(), Error> {
        let (table, truth) = extract.finish()?;
        self.tables.insert(table, truth);
        Ok(())
    }

    /// Counts `more` of a hard case; says how many there are now.
    pub(crate) fn count(&mut self, case: &'static str, more: usize) -> usize {
        let count = self.cases.entry(case).or_default();
        *count += more;
        *count
    }

    /// Writes `truth.json`.
    pub(crate) fn tell(mut self, size: &Size) -> Result<Truth, Error> {
        self.count("names_with_pipes", self.entities.all.iter().filter(|entity| entity.name.contains('|')).count());
        self.count("ended_virs", self.virs.iter().chain(&self.newcomers).filter(|virs| virs.end().is_some()).count());
        self.thresholds.sort();
        let truth = Truth {
            seed: self.seed,
            size: *size,
            nights: self.nights,
            changes: self.changes,
            as_of: self.day.to_string(),
            tables: self.tables,
            cases: self.cases.into_iter().map(|(case, count)| (case.to_owned(), count)).collect(),
            virs: VirsTruth {
                total: self.virs.len() + self.newcomers.len(),
                only_by_licence: self.virs.iter().filter(|virs| virs.only_by_licence).count(),
            },
            support: self.support,
            money: self.money,
            foreign_birth_range: [FOREIGN_BIRTHS.0.to_string(), FOREIGN_BIRTHS.1.to_string()],
            thresholds: self.thresholds,
        };
        let path = self.folder.join("truth.json");
        let text = serde_json::to_string_pretty(&truth)? + "\n";
        fs::write(&path, text).map_err(|source| Error::Write { path, source })?;
        Ok(truth)
    }
}

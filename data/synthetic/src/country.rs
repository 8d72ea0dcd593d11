//! The country while it is being written: who is in it, and what is known of it so far.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::draws::Draws;
use crate::entities::{LegalEntities, institutions};
use crate::extract::Extract;
use crate::format::Layout;
use crate::outlets::Outlet;
use crate::people::{FOREIGN_BIRTHS, People};
use crate::truth::{MoneyTruth, Published, SupportTruth, TableTruth, Threshold, Truth, VirsTruth};
use crate::virs::Virs;
use crate::{AS_OF, Error, Size, advertising, cases, governance, jar, money, outlets, ownership, population, supervision, support, virs};

/// The smallest number of VIRS that has room for every case and for ordinary VIRS.
const LEAST_VIRS: usize = 40;
/// Registered entities that must be left when institutions, VIRS and planted companies are taken.
const LEAST_OTHERS: usize = 100;
/// Participations per entity, as in the real register (540 000 of 230 000).
const PARTICIPATIONS_PER_100_ENTITIES: usize = 235;

/// Everything that the files are written from.
pub(crate) struct Country {
    seed: u64,
    folder: PathBuf,
    /// Natural persons.
    pub(crate) people: People,
    /// Legal entities.
    pub(crate) entities: LegalEntities,
    /// Producers and disseminators of public information.
    pub(crate) virs: Vec<Virs>,
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
    tables: BTreeMap<String, TableTruth>,
}

impl Country {
    /// See [`crate::generate`].
    pub(crate) fn write(size: &Size, seed: u64, out: &Path) -> Result<Truth, Error> {
        let copies = cases::copies(size.virs);
        if size.virs < LEAST_VIRS {
            return Err(Error::TooSmall { what: "VIRS", given: size.virs, least: LEAST_VIRS });
        }
        let reserved = copies * cases::RESERVED_PER_COPY;
        let least = institutions(size.entities) + size.virs + reserved + LEAST_OTHERS;
        if size.entities < least {
            return Err(Error::TooSmall { what: "entities", given: size.entities, least });
        }
        fs::create_dir_all(out).map_err(|source| Error::Write { path: out.to_owned(), source })?;
        let roles = cases::roles(size.virs, &mut Draws::of(seed, "roles"));
        let mut people = People::default();
        let entities = LegalEntities::found(size, &roles, reserved, copies, &mut people, &mut Draws::of(seed, "entities"));
        let mut country = Self {
            seed,
            folder: out.to_owned(),
            people,
            entities,
            virs: Vec::new(),
            outlets: Vec::new(),
            cases: BTreeMap::new(),
            support: SupportTruth { natural: Published::default(), legal: Published::default() },
            thresholds: Vec::new(),
            money: MoneyTruth::default(),
            tables: BTreeMap::new(),
        };
        let mut draws = country.draws("stakes");
        let stakes = cases::stakes(&mut country, &roles, &mut draws);
        country.virs = virs::found(&country, &roles, &stakes);
        country.outlets = outlets::found(&country);
        jar::write(&mut country)?;
        ownership::write(&mut country, &stakes, size.participations.unwrap_or(size.entities * PARTICIPATIONS_PER_100_ENTITIES / 100))?;
        governance::write(&mut country)?;
        virs::write(&mut country)?;
        outlets::write(&mut country)?;
        supervision::write(&mut country)?;
        let rows = money::rows(size);
        advertising::write(&mut country, rows.advertising)?;
        support::write(&mut country, &rows)?;
        money::write_funds(&mut country, rows.funds)?;
        population::write(&mut country)?;
        country.tell(size)
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

    fn tell(mut self, size: &Size) -> Result<Truth, Error> {
        self.count("names_with_pipes", self.entities.all.iter().filter(|entity| entity.name.contains('|')).count());
        self.count("ended_virs", self.virs.iter().filter(|virs| virs.until.is_some()).count());
        self.thresholds.sort();
        let truth = Truth {
            seed: self.seed,
            size: *size,
            as_of: AS_OF.to_string(),
            tables: self.tables,
            cases: self.cases.into_iter().map(|(case, count)| (case.to_owned(), count)).collect(),
            virs: VirsTruth { total: self.virs.len(), only_by_licence: self.virs.iter().filter(|virs| virs.only_by_licence).count() },
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

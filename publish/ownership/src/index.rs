//! The columns that ownership is read from, and the rows about each VIRS and each held entity.

use std::collections::{BTreeMap, HashMap};

use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type};

use crate::columns::{Columns, Flags, Numbers, Texts};
use crate::party::{Described, FOREIGN, FOREIGN_OWNER, Party};
use crate::shown::{Releases, Shown};
use crate::tables::{CHAINS, CONTROL, OWNERS, PARTICIPANTS, Tables, VIRS};
use crate::{Error, share};

/// Those who make and spread public information.
pub(crate) struct Virs<'a> {
    pub(crate) shown: Shown<'a>,
    pub(crate) code: Texts<'a>,
    pub(crate) name: Texts<'a>,
    pub(crate) form: Texts<'a>,
    pub(crate) status: Texts<'a>,
    pub(crate) address: Texts<'a>,
    pub(crate) registered: Numbers<'a, Date32Type>,
    pub(crate) deregistered: Numbers<'a, Date32Type>,
    /// A natural person's own undertaking, whose seat may be a home.
    pub(crate) is_own: Flags<'a>,
}

/// Ultimate owners.
pub(crate) struct Owners<'a> {
    pub(crate) shown: Shown<'a>,
    pub(crate) virs: Texts<'a>,
    pub(crate) kind: Texts<'a>,
    pub(crate) name: Texts<'a>,
    pub(crate) person: Texts<'a>,
    pub(crate) code: Texts<'a>,
    pub(crate) state: Texts<'a>,
    pub(crate) share: Numbers<'a, Decimal128Type>,
    pub(crate) controls: Flags<'a>,
    pub(crate) steps: Numbers<'a, Int64Type>,
}

/// Every holding above a VIRS.
pub(crate) struct Chains<'a> {
    pub(crate) shown: Shown<'a>,
    pub(crate) virs: Texts<'a>,
    pub(crate) held: Texts<'a>,
    pub(crate) held_name: Texts<'a>,
    pub(crate) kind: Texts<'a>,
    pub(crate) end: Texts<'a>,
    pub(crate) name: Texts<'a>,
    pub(crate) person: Texts<'a>,
    pub(crate) code: Texts<'a>,
    pub(crate) state: Texts<'a>,
    pub(crate) share: Numbers<'a, Decimal128Type>,
    pub(crate) because: Texts<'a>,
}

/// Majorities, step by step.
pub(crate) struct Control<'a> {
    pub(crate) shown: Shown<'a>,
    pub(crate) virs: Texts<'a>,
    pub(crate) step: Numbers<'a, Int64Type>,
    pub(crate) kind: Texts<'a>,
    pub(crate) name: Texts<'a>,
    pub(crate) person: Texts<'a>,
    pub(crate) code: Texts<'a>,
    pub(crate) state: Texts<'a>,
    pub(crate) votes: Numbers<'a, Decimal128Type>,
}

/// Direct participants.
pub(crate) struct Participants<'a> {
    pub(crate) shown: Shown<'a>,
    pub(crate) source: Texts<'a>,
    pub(crate) record: Texts<'a>,
    pub(crate) held: Texts<'a>,
    pub(crate) held_name: Texts<'a>,
    pub(crate) kind: Texts<'a>,
    pub(crate) person: Texts<'a>,
    pub(crate) given: Texts<'a>,
    pub(crate) family: Texts<'a>,
    pub(crate) code: Texts<'a>,
    pub(crate) name: Texts<'a>,
    pub(crate) state: Texts<'a>,
    pub(crate) register: Texts<'a>,
    pub(crate) shares: Numbers<'a, Int64Type>,
    pub(crate) contribution: Numbers<'a, Decimal128Type>,
    pub(crate) share: Numbers<'a, Decimal128Type>,
    pub(crate) group: Texts<'a>,
    pub(crate) is_authorised: Flags<'a>,
    pub(crate) from: Numbers<'a, Date32Type>,
    pub(crate) until: Numbers<'a, Date32Type>,
}

/// Rows about one VIRS.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) virs: Vec<usize>,
    pub(crate) owners: Vec<usize>,
    pub(crate) chains: Vec<usize>,
    pub(crate) control: Vec<usize>,
}

/// The list of rows of one table.
type RowsOf = fn(&mut Rows) -> &mut Vec<usize>;

/// All of it.
pub(crate) struct Index<'a> {
    pub(crate) virs: Virs<'a>,
    pub(crate) owners: Owners<'a>,
    pub(crate) chains: Chains<'a>,
    pub(crate) control: Control<'a>,
    pub(crate) participants: Participants<'a>,
    pub(crate) releases: Releases,
    /// By the code of the VIRS.
    pub(crate) of_virs: BTreeMap<&'a str, Rows>,
    /// Participants by the code of the entity that they hold.
    pub(crate) of_held: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(tables: &Tables<'a>) -> Result<Self, Error> {
        let (virs, owners) = (Virs::of(tables)?, Owners::of(tables)?);
        let (chains, control) = (Chains::of(tables)?, Control::of(tables)?);
        let participants = Participants::of(tables)?;
        let mut releases = Releases::default();
        let mut of_virs: BTreeMap<&str, Rows> = BTreeMap::new();
        let all: [(_, _, RowsOf); 4] = [
            (virs.code, &virs.shown, |rows| &mut rows.virs),
            (owners.virs, &owners.shown, |rows| &mut rows.owners),
            (chains.virs, &chains.shown, |rows| &mut rows.chains),
            (control.virs, &control.shown, |rows| &mut rows.control),
        ];
        for (code, shown, list) in all {
            releases.meet(shown, code.rows());
            for row in 0..code.rows() {
                if let Some(code) = code.at(row) {
                    list(of_virs.entry(code).or_default()).push(row);
                }
            }
        }
        releases.meet(&participants.shown, participants.held.rows());
        let mut of_held: HashMap<&str, Vec<usize>> = HashMap::new();
        for row in 0..participants.held.rows() {
            if let Some(code) = participants.held.at(row) {
                of_held.entry(code).or_default().push(row);
            }
        }
        Ok(Self { virs, owners, chains, control, participants, releases, of_virs, of_held })
    }
}

impl<'a> Virs<'a> {
    fn of(tables: &Tables<'a>) -> Result<Self, Error> {
        let columns = Columns::of(VIRS, tables.virs);
        Ok(Self {
            shown: Shown::of(&columns)?,
            code: columns.texts("ja_kodas")?,
            name: columns.texts("pavadinimas")?,
            form: columns.texts("forma_pavadinimas")?,
            status: columns.texts("statusas_pavadinimas")?,
            address: columns.texts("adresas")?,
            registered: columns.days("reg_data")?,
            deregistered: columns.days("isreg_data")?,
            is_own: columns.flags("sava_imone")?,
        })
    }

    /// The seat, but for one that may be a home: it is in the register for those who ask for it, and has no business in files that travel.
    pub(crate) fn seat(&self, row: usize) -> Option<&'a str> {
        self.address.at(row).filter(|_| self.is_own.at(row) == Some(false))
    }

    /// When it was founded and dissolved; an end before the beginning is none.
    pub(crate) fn life(&self, row: usize) -> [Option<String>; 2] {
        let (from, until) = (self.registered.at(row), self.deregistered.at(row));
        [from, until.filter(|until| from.is_none_or(|from| from <= *until))].map(|day| day.map(share::day_text))
    }
}

impl<'a> Owners<'a> {
    fn of(tables: &Tables<'a>) -> Result<Self, Error> {
        let columns = Columns::of(OWNERS, tables.owners);
        Ok(Self {
            shown: Shown::of(&columns)?,
            virs: columns.texts("ja_kodas")?,
            kind: columns.texts("savininko_rusis")?,
            name: columns.texts("savininkas")?,
            person: columns.texts("asmens_id")?,
            code: columns.texts("dal_kodas")?,
            state: columns.texts("valstybe")?,
            share: columns.shares("dalis")?,
            controls: columns.flags("kontroliuoja")?,
            steps: columns.integers("zingsniai")?,
        })
    }

    /// None for the part that nobody knows the owner of.
    pub(crate) fn party(&self, row: usize) -> Option<Party<'a>> {
        let is_foreign = self.kind.at(row) == Some(FOREIGN_OWNER);
        let (person, state) = (self.person.at(row), self.state.at(row));
        Party::of(Described { person, is_foreign, state, code: self.code.at(row), name: self.name.at(row) })
    }
}

impl<'a> Chains<'a> {
    fn of(tables: &Tables<'a>) -> Result<Self, Error> {
        let columns = Columns::of(CHAINS, tables.chains);
        Ok(Self {
            shown: Shown::of(&columns)?,
            virs: columns.texts("ja_kodas")?,
            held: columns.texts("valdomas_kodas")?,
            held_name: columns.texts("valdomas_pavadinimas")?,
            kind: columns.texts("dalyvio_rusis")?,
            end: columns.texts("savininko_rusis")?,
            name: columns.texts("savininkas")?,
            person: columns.texts("asmens_id")?,
            code: columns.texts("dal_kodas")?,
            state: columns.texts("valstybe")?,
            share: columns.shares("dalis")?,
            because: columns.texts("nezinojimo_priezastis")?,
        })
    }

    /// None for a part that nobody knows the holder of.
    pub(crate) fn party(&self, row: usize) -> Option<Party<'a>> {
        let is_foreign = self.kind.at(row) == Some(FOREIGN);
        let (person, state) = (self.person.at(row), self.state.at(row));
        let party = Party::of(Described { person, is_foreign, state, code: self.code.at(row), name: self.name.at(row) });
        party.filter(|_| self.because.at(row).is_none())
    }
}

impl<'a> Control<'a> {
    fn of(tables: &Tables<'a>) -> Result<Self, Error> {
        let columns = Columns::of(CONTROL, tables.control);
        Ok(Self {
            shown: Shown::of(&columns)?,
            virs: columns.texts("ja_kodas")?,
            step: columns.integers("zingsnis")?,
            kind: columns.texts("dalyvio_rusis")?,
            name: columns.texts("dal_pavadinimas")?,
            person: columns.texts("asmens_id")?,
            code: columns.texts("dal_kodas")?,
            state: columns.texts("valstybe")?,
            votes: columns.shares("dalis")?,
        })
    }

    pub(crate) fn party(&self, row: usize) -> Option<Party<'a>> {
        let is_foreign = self.kind.at(row) == Some(FOREIGN);
        let (person, state) = (self.person.at(row), self.state.at(row));
        Party::of(Described { person, is_foreign, state, code: self.code.at(row), name: self.name.at(row) })
    }
}

impl<'a> Participants<'a> {
    fn of(tables: &Tables<'a>) -> Result<Self, Error> {
        let columns = Columns::of(PARTICIPANTS, tables.participants);
        Ok(Self {
            shown: Shown::of(&columns)?,
            source: columns.texts("saltinis")?,
            record: columns.texts("dalyvio_nr")?,
            held: columns.texts("ja_kodas")?,
            held_name: columns.texts("pavadinimas")?,
            kind: columns.texts("dalyvio_rusis")?,
            person: columns.texts("asmens_id")?,
            given: columns.texts("vardas")?,
            family: columns.texts("pavarde")?,
            code: columns.texts("dal_kodas")?,
            name: columns.texts("dal_pavadinimas")?,
            state: columns.texts("valstybe")?,
            register: columns.texts("registras")?,
            shares: columns.integers("akcijos")?,
            contribution: columns.money("inasas")?,
            share: columns.shares("dalis")?,
            group: columns.texts("jungtine")?,
            is_authorised: columns.flags("igaliotas")?,
            from: columns.days("nuo")?,
            until: columns.days("iki")?,
        })
    }

    /// None for a participant who is not named.
    pub(crate) fn party(&self, row: usize) -> Option<Party<'a>> {
        let is_foreign = self.kind.at(row) == Some(FOREIGN);
        let (person, state) = (self.person.at(row), self.state.at(row));
        Party::of(Described { person, is_foreign, state, code: self.code.at(row), name: self.name.at(row) })
    }

    /// Whether the part is held on a day.
    pub(crate) fn is_in_force(&self, row: usize, day: i32) -> bool {
        self.from.at(row).is_some_and(|from| from <= day) && self.until.at(row).is_none_or(|until| until > day)
    }
}

//! Rows about participants become numbered holdings: entities, persons and foreign entities are interned,
//! and only what is above a VIRS is kept.

use std::collections::{HashMap, HashSet};

use arrow::array::{Array, AsArray, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type};
use catalog::SUBMITTER;
use catalog::codes::is_personal_code;
use owners::{EntityNumber, Holder, Holding, Unit};

use crate::cells::cell;
use crate::persons::Persons;
use crate::pseudonyms::{PERSON_ID, WITHOUT_CODE};
use crate::speakers::{Chain, Speakers};
use crate::subjects::{FOREIGN_ENTITY, ForeignEntities, ForeignEntity, Newness, is_foreign_entity, lithuanian_code};

/// Kinds of participant, classifier `dalyviu_rusys`.
const LITHUANIAN_PERSON: &str = "F";
const FOREIGN_PERSON: &str = "UF";

/// One row of a participants table beside its holding, for the table of direct participants.
#[derive(Debug, Clone)]
pub(crate) struct HoldingRow {
    pub(crate) holding: Holding,
    /// Whether a VIRS stated it, and not the register.
    pub(crate) stated: bool,
    /// Tells rows of one source apart.
    pub(crate) record: String,
    pub(crate) kind: String,
    pub(crate) name: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) register: Option<String>,
    pub(crate) shares: Option<i64>,
    pub(crate) contribution: Option<i128>,
    pub(crate) joint_name: Option<String>,
    pub(crate) authorised: Option<bool>,
    /// Whether the row was met before, about the same entity in another chain.
    pub(crate) repeated: bool,
}

/// All holdings above VIRS.
#[derive(Debug, Default)]
pub(crate) struct Holdings {
    /// Code of each entity, by number; VIRS come first, in the order given. One may stand here again as it is seen in the chain of a VIRS.
    pub(crate) entities: Vec<String>,
    /// What holdings call an entity: the only name of one that the register of entities does not know.
    pub(crate) names: HashMap<EntityNumber, String>,
    /// Foreign entities, by number.
    pub(crate) foreign: ForeignEntities,
    /// Persons whom a row calls foreign.
    pub(crate) foreign_persons: HashSet<u32>,
    /// Rows, ended ones too.
    pub(crate) rows: Vec<HoldingRow>,
}

struct Columns<'a> {
    record: &'a StringArray,
    entity: &'a StringArray,
    submitter: Option<&'a StringArray>,
    kind: &'a StringArray,
    given: &'a StringArray,
    family: &'a StringArray,
    person: &'a StringArray,
    without_code: &'a BooleanArray,
    state: &'a StringArray,
    owner_code: &'a StringArray,
    owner_name: &'a StringArray,
    register: &'a StringArray,
    shares: &'a Int64Array,
    contribution: &'a Decimal128Array,
    all_shares: &'a Int64Array,
    all_capital: &'a Decimal128Array,
    joint: &'a StringArray,
    authorised: &'a BooleanArray,
    from: &'a Date32Array,
    until: &'a Date32Array,
}

impl<'a> Columns<'a> {
    /// Columns of a cleaned participants table, whose definition guarantees them.
    fn of(rows: &'a RecordBatch) -> Option<Self> {
        let text = |name| rows.column_by_name(name).map(|column| column.as_string::<i32>());
        let date = |name| rows.column_by_name(name).map(|column| column.as_primitive::<Date32Type>());
        let integer = |name| rows.column_by_name(name).map(|column| column.as_primitive::<Int64Type>());
        let money = |name| rows.column_by_name(name).map(|column| column.as_primitive::<Decimal128Type>());
        Some(Self {
            record: text("dalyvio_nr")?,
            entity: text("ja_kodas")?,
            submitter: text(SUBMITTER),
            kind: text("dalyvio_rusis")?,
            given: text("vardas")?,
            family: text("pavarde")?,
            person: text(PERSON_ID)?,
            without_code: rows.column_by_name(WITHOUT_CODE)?.as_boolean(),
            state: text("valstybe")?,
            owner_code: text("dal_kodas")?,
            owner_name: text("dal_pavadinimas")?,
            register: text("registras")?,
            shares: integer("akcijos")?,
            contribution: money("inasas")?,
            all_shares: integer("visos_akcijos")?,
            all_capital: money("visas_kapitalas")?,
            joint: text("jungtine")?,
            authorised: rows.column_by_name("igaliotas")?.as_boolean(),
            from: date("nuo")?,
            until: date("iki")?,
        })
    }

    fn authorised(&self, row: usize) -> Option<bool> {
        self.authorised.is_valid(row).then(|| self.authorised.value(row))
    }

    /// A row beside its holding.
    fn holding_row(&self, row: usize, holding: Holding, stated: bool, repeated: bool) -> HoldingRow {
        HoldingRow {
            holding,
            stated,
            record: self.record.value(row).to_owned(),
            kind: self.kind.value(row).to_owned(),
            name: cell(self.owner_name, row).map(str::to_owned),
            state: cell(self.state, row).map(str::to_owned),
            register: cell(self.register, row).map(str::to_owned),
            shares: self.shares.is_valid(row).then(|| self.shares.value(row)),
            contribution: self.contribution.is_valid(row).then(|| self.contribution.value(row)),
            joint_name: cell(self.joint, row).map(str::to_owned),
            authorised: self.authorised(row),
            repeated,
        }
    }

    /// How much a row says is held, in what, and of how much. Both facts of one kind come before half of the other.
    fn size(&self, row: usize) -> (Unit, i128, Option<i128>) {
        let share = |shares: &Int64Array| shares.is_valid(row).then(|| i128::from(shares.value(row)));
        let money = |cents: &Decimal128Array| cents.is_valid(row).then(|| cents.value(row));
        let in_shares = share(self.shares).map(|size| (Unit::Shares, size, share(self.all_shares)));
        let in_capital = money(self.contribution).map(|size| (Unit::Capital, size, money(self.all_capital)));
        let is_complete = |facts: &(Unit, i128, Option<i128>)| facts.2.is_some();
        let complete = in_shares.filter(is_complete).or(in_capital.filter(is_complete));
        complete.or(in_shares).or(in_capital).unwrap_or((Unit::Shares, 0, None))
    }
}

/// Collects the holdings above `virs` from the register and, for entities that it does not know, from what those stated whose word counts.
/// `today` is the day in days since 1970 for which owners are resolved.
pub(crate) fn collect(virs: &[String], registered: &RecordBatch, stated: &RecordBatch, today: i32, persons: &mut Persons) -> Holdings {
    let tables = [Columns::of(registered), Columns::of(stated)];
    let [registered, stated] = tables.each_ref().map(Option::as_ref);
    let statements = stated.map(|columns| (columns.entity, columns.submitter));
    let speakers = Speakers::new(virs, registered.map(|columns| columns.entity), statements);
    let length = |columns: Option<&Columns<'_>>| columns.map_or(0, |columns| columns.entity.len());
    let mut met = [registered, stated].map(|columns| vec![false; length(columns)]);
    let mut collector = Collector {
        today,
        persons,
        speakers: &speakers,
        chains: virs.iter().map(|code| speakers.chain_of(code)).collect(),
        numbers: virs.iter().map(|code| (code.clone(), None)).zip(0..).collect(),
        groups: HashMap::new(),
        collected: Holdings { entities: virs.to_vec(), ..Holdings::default() },
    };
    let mut next = 0;
    while next < collector.collected.entities.len() {
        let code = collector.collected.entities[next].clone();
        let (entity, chain) = (EntityNumber::try_from(next).unwrap_or(EntityNumber::MAX), collector.chains[next]);
        next += 1;
        let first = collector.collected.rows.len();
        for (is_stated, row) in speakers.rows(&code, chain) {
            let place = usize::from(is_stated);
            let Some(columns) = &tables[place] else { continue };
            let repeated = std::mem::replace(&mut met[place][row], true);
            let holding = collector.holding(&code, entity, chain, columns, row);
            collector.collected.rows.push(columns.holding_row(row, holding, is_stated, repeated));
        }
        tell_wholes(&mut collector.collected.rows[first..], today);
    }
    collector.collected
}

/// Holdings under way: who has been met, and by which number.
struct Collector<'a> {
    today: i32,
    persons: &'a mut Persons,
    speakers: &'a Speakers<'a>,
    /// In whose chain each entity is met, by its number.
    chains: Vec<Chain<'a>>,
    numbers: HashMap<(String, Chain<'a>), EntityNumber>,
    /// Joint holdings, by entity and the name of the group.
    groups: HashMap<String, u32>,
    collected: Holdings,
}

impl<'a> Collector<'a> {
    /// One row about the entity of this code and number, met in a chain.
    fn holding(&mut self, code: &str, entity: EntityNumber, chain: Chain<'a>, columns: &Columns<'_>, row: usize) -> Holding {
        let holder = self.holder(chain, columns, row);
        let (unit, size, whole) = columns.size(row);
        let next_group = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        let joint = cell(columns.joint, row).map(|group| *self.groups.entry(format!("{code}\u{1f}{group}")).or_insert(next_group));
        Holding {
            entity,
            holder,
            size,
            unit,
            whole,
            joint,
            authorised: columns.authorised(row).unwrap_or(false),
            from: columns.from.value(row),
            until: columns.until.is_valid(row).then(|| columns.until.value(row)),
        }
    }

    fn holder(&mut self, chain: Chain<'a>, columns: &Columns<'_>, row: usize) -> Holder {
        let (kind, state) = (columns.kind.value(row), cell(columns.state, row));
        match kind {
            LITHUANIAN_PERSON | FOREIGN_PERSON => self.person(kind, columns, row),
            kind if is_foreign_entity(kind, state) => {
                let code = cell(columns.owner_code, row).filter(|code| kind == FOREIGN_ENTITY || !is_personal_code(code));
                let described = ForeignEntity::new(state, code, cell(columns.owner_name, row));
                let newness = Newness::of(&described, columns.from.value(row), self.today, columns.record.value(row));
                Holder::Foreign(self.collected.foreign.meet(described, newness))
            }
            // Whoever writes a person's code where an entity's belongs must not have it published.
            _ => match cell(columns.owner_code, row).filter(|code| !is_personal_code(code)) {
                Some(owner) => Holder::Entity(self.entity(lithuanian_code(owner).into_owned(), cell(columns.owner_name, row), chain)),
                None => Holder::Unknown,
            },
        }
    }

    fn person(&mut self, kind: &str, columns: &Columns<'_>, row: usize) -> Holder {
        let Some(id) = cell(columns.person, row) else { return Holder::Unknown };
        let name = |array| cell(array, row).unwrap_or_default();
        let number = self.persons.meet(id, name(columns.given), name(columns.family), !columns.without_code.value(row));
        if kind == FOREIGN_PERSON {
            self.collected.foreign_persons.insert(number);
        }
        Holder::Person(number)
    }

    /// The number of a Lithuanian entity that owns another, as it is seen in this chain.
    fn entity(&mut self, owner: String, name: Option<&str>, chain: Chain<'a>) -> EntityNumber {
        let chain = self.speakers.met(&owner, chain);
        let (entities, chains) = (&mut self.collected.entities, &mut self.chains);
        let number = *self.numbers.entry((owner.clone(), chain)).or_insert_with(|| {
            entities.push(owner);
            chains.push(chain);
            EntityNumber::try_from(entities.len() - 1).unwrap_or(EntityNumber::MAX)
        });
        if let Some(name) = name {
            self.collected.names.entry(number).or_insert_with(|| name.to_owned());
        }
        number
    }
}

/// A whole is a fact about the entity: what its holdings in force say of it, if they say the same, counts for those that do not say it.
/// Without it 100 euros would be all there is.
fn tell_wholes(of_entity: &mut [HoldingRow], today: i32) {
    for unit in [Unit::Shares, Unit::Capital] {
        let in_force = |row: &HoldingRow| row.holding.unit == unit && row.holding.is_in_force(today);
        let mut said = of_entity.iter().filter(|row| in_force(row)).filter_map(|row| row.holding.stated_whole());
        let Some(whole) = said.next().filter(|whole| said.all(|other| other == *whole)) else { continue };
        for row in of_entity.iter_mut().filter(|row| in_force(row) && row.holding.stated_whole().is_none()) {
            row.holding.whole = Some(whole);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::ArrayRef;
    use catalog::Kind;

    use super::*;

    const VIRS: &str = "305990018";
    /// A published example; nobody has it.
    const PERSON: &str = "33309240064";

    /// Rows about participants of the VIRS: kind, code of the owner, its name.
    fn participants(rows: &[(&str, &str, &str)]) -> RecordBatch {
        let count = rows.len();
        let text =
            |cell: fn(&(&str, &str, &str)) -> String| Arc::new(rows.iter().map(|row| Some(cell(row))).collect::<StringArray>()) as ArrayRef;
        let empty = || Arc::new(StringArray::new_null(count)) as ArrayRef;
        let money = || Arc::new(Decimal128Array::new_null(count).with_data_type(Kind::Money.arrow())) as ArrayRef;
        let days = |day: Option<i32>| Arc::new(Date32Array::from(vec![day; count])) as ArrayRef;
        let flags = |flag: Option<bool>| Arc::new(BooleanArray::from(vec![flag; count])) as ArrayRef;
        let shares = |number: i64| Arc::new(Int64Array::from(vec![number; count])) as ArrayRef;
        RecordBatch::try_from_iter_with_nullable(
            [
                ("dalyvio_nr", text(|row| format!("D-{}", row.1))),
                ("ja_kodas", text(|_| VIRS.to_owned())),
                ("dalyvio_rusis", text(|row| row.0.to_owned())),
                ("vardas", empty()),
                ("pavarde", empty()),
                (PERSON_ID, empty()),
                (WITHOUT_CODE, flags(Some(false))),
                ("valstybe", empty()),
                ("dal_kodas", text(|row| row.1.to_owned())),
                ("dal_pavadinimas", text(|row| row.2.to_owned())),
                ("registras", empty()),
                ("akcijos", shares(50)),
                ("inasas", money()),
                ("visos_akcijos", shares(100)),
                ("visas_kapitalas", money()),
                ("jungtine", empty()),
                ("igaliotas", flags(None)),
                ("nuo", days(Some(0))),
                ("iki", days(None)),
            ]
            .map(|(name, column)| (name, column, true)),
        )
        .unwrap()
    }

    /// The rows with another column in place of one.
    fn with(rows: &RecordBatch, name: &str, column: ArrayRef) -> RecordBatch {
        let place = rows.schema().index_of(name).unwrap();
        let mut columns = rows.columns().to_vec();
        columns[place] = column;
        RecordBatch::try_new(rows.schema(), columns).unwrap()
    }

    fn collected(rows: &RecordBatch) -> Holdings {
        collect(&[VIRS.to_owned()], rows, &rows.slice(0, 0), 0, &mut Persons::default())
    }

    #[test]
    fn a_foreign_company_is_told_by_state_and_code_and_a_lithuanian_one_by_its_code() {
        let rows = [
            ("UJ", "09361466", "Baltic Press Ltd", Some("GB")),
            ("UJ", "0936 1466", "BALTIC PRESS LIMITED", Some("GB")),
            ("UJ", "124110246", "Osa Meedia", Some("EE")),
            ("J", "124110246", "UAB „Bandymas“", None),
            ("J", "124 110 246", "Bandymas, UAB", Some("LT")),
            ("UJ", "124110246", "Bandymas", Some("LT")),
            ("J", "124110246", "Osa Meedia", Some("EE")),
        ];
        let states: StringArray = rows.iter().map(|row| row.3).collect();
        let participants = participants(&rows.map(|(kind, code, name, _)| (kind, code, name)));
        let collected = collected(&with(&participants, "valstybe", Arc::new(states)));
        let holders: Vec<Holder> = collected.rows.iter().map(|row| row.holding.holder).collect();
        let (baltic, osa, entity) = (Holder::Foreign(0), Holder::Foreign(1), Holder::Entity(1));
        assert_eq!(holders, [baltic, baltic, osa, entity, entity, entity, osa]);
        assert_eq!(collected.entities, [VIRS, "124110246"]);
    }

    #[test]
    fn what_the_whole_is_counts_for_all_holdings_in_force_unless_they_say_different_things() {
        let wholes = |said: [Option<i64>; 3], until: [Option<i32>; 3]| {
            let rows = participants(&[("J", "124110246", ""), ("J", "188604955", ""), ("J", "305990018", "")]);
            let rows = with(&rows, "visos_akcijos", Arc::new(said.into_iter().collect::<Int64Array>()));
            let rows = with(&rows, "iki", Arc::new(until.into_iter().collect::<Date32Array>()));
            collected(&rows).rows.iter().map(|row| row.holding.whole).collect::<Vec<_>>()
        };
        assert_eq!(wholes([Some(100), None, Some(100)], [None; 3]), [Some(100); 3]);
        assert_eq!(wholes([None; 3], [None; 3]), [None; 3], "50 shares are not all there are");
        assert_eq!(wholes([Some(100), None, Some(200)], [None; 3]), [Some(100), None, Some(200)]);
        assert_eq!(wholes([Some(100), None, Some(200)], [None, None, Some(0)]), [Some(100), Some(100), Some(200)], "it has ended");
    }

    #[test]
    fn both_facts_of_one_kind_come_before_half_of_the_other() {
        let cents = |cents: Option<i128>| -> ArrayRef { Arc::new(Decimal128Array::from(vec![cents]).with_data_type(Kind::Money.arrow())) };
        let rows = with(&participants(&[("J", "124110246", "")]), "visos_akcijos", Arc::new(Int64Array::new_null(1)));
        let half = with(&rows, "inasas", cents(Some(250)));
        let holding = |rows: &RecordBatch| collected(rows).rows[0].holding;
        assert_eq!((holding(&half).unit, holding(&half).whole), (Unit::Shares, None));
        let whole = holding(&with(&half, "visas_kapitalas", cents(Some(1_000))));
        assert_eq!((whole.unit, whole.size, whole.whole), (Unit::Capital, 250, Some(1_000)));
    }

    #[test]
    fn a_persons_code_in_the_place_of_an_entitys_is_nobodys() {
        let rows = participants(&[("J", PERSON, "Bandomasis ūkis"), ("J", "124110246", "UAB „Bandymas“")]);
        // The same wherever it was written: in the register, and by the VIRS itself.
        for (registered, stated) in [(rows.clone(), rows.slice(0, 0)), (rows.slice(0, 0), rows.clone())] {
            let collected = collect(&[VIRS.to_owned()], &registered, &stated, 0, &mut Persons::default());
            let holders: Vec<Holder> = collected.rows.iter().map(|row| row.holding.holder).collect();
            assert_eq!(holders, [Holder::Unknown, Holder::Entity(1)]);
            // Nothing else is told either: no entity has that code, none is called so.
            assert_eq!(collected.entities, [VIRS, "124110246"]);
            assert_eq!(collected.names.values().collect::<Vec<_>>(), ["UAB „Bandymas“"]);
        }
    }
}

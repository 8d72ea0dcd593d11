//! Participants and owners: `core_dalyvis`, `core_savininkas`, `core_kontrole`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ::owners::{Graph, Holder, Holding, Link, Ownership, PersonNumber, WhyUnknown, co_owners, resolve, stated_share, to_units};
use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array};
use arrow::datatypes::Date32Type;
use catalog::{Kind, Role};

use super::entities::{self, RegisteredEntity};
use super::{Build, SourceState, people, text};
use crate::Error;
use crate::cells::day;
use crate::holdings::{self, HoldingRow, Holdings};
use crate::subjects::{FOREIGN_ENTITY, ForeignEntity};

/// Resolves owners; returns JAR's data of all entities that the run has met so far, with JAR itself still to be asked for others.
pub(super) fn build(build: &mut Build<'_>, virs: &[String], sources: &[SourceState]) -> Result<HashMap<String, RegisteredEntity>, Error> {
    let (registered, stated) = (build.take(Role::Participants)?, build.take(Role::StatedParticipants)?);
    let today = Date32Type::from_naive_date(build.settings.as_of);
    let holdings = holdings::collect(virs, &registered, &stated, today, &mut build.persons);
    people::meet_submitted(build, &stated);
    drop((registered, stated));
    build.unread = unread(virs, &holdings, sources);
    let jar = entities::read_register(build)?;
    let public: Vec<bool> = holdings
        .entities
        .iter()
        .map(|code| jar.get(code).and_then(|entity| entity.form.as_deref()).is_some_and(|form| build.catalog.law().is_public_sector(form)))
        .collect();
    let links: Vec<Holding> = holdings.rows.iter().map(|row| row.holding).collect();
    let turns = links.iter().flat_map(|holding| [Some(holding.from), holding.until]).flatten().filter(|turn| *turn > today);
    build.core.holds_until = turns.min().map(day);
    let graph = Graph::new(holdings.entities.len(), &links, public.clone(), today);
    let numbers: Vec<u32> = (0..).take(virs.len()).collect();
    let resolved = resolve(&graph, &numbers);
    build.core.entities = holdings.entities.len();
    let source = |role| build.catalog.role(role).map(|table| table.source().to_owned());
    let said_by = [source(Role::Participants)?, source(Role::StatedParticipants)?];
    let names = Names { build, holdings: &holdings, jar: &jar, public: &public, said_by };
    let (participants, owners, control) = (names.participants(), names.owners(&resolved), names.control(&resolved));
    let links = names.links(&resolved);
    build.put("core_dalyvis", participants)?;
    build.put("core_savininkas", owners)?;
    build.put("core_kontrole", control)?;
    build.put("core_grandis", links)?;
    Ok(jar)
}

/// How many rows about participants of each VIRS, or of an entity above it, were set aside: so much is not known that a register said.
fn unread(virs: &[String], holdings: &Holdings, sources: &[SourceState]) -> HashMap<String, u64> {
    let count = |code: &String| sources.iter().filter_map(|source| source.set_aside.get(code)).sum::<u64>();
    let counts: Vec<u64> = holdings.entities.iter().map(count).collect();
    if counts.iter().all(|count| *count == 0) {
        return HashMap::new();
    }
    let mut above: HashMap<u32, Vec<u32>> = HashMap::new();
    for row in &holdings.rows {
        if let Holder::Entity(owner) = row.holding.holder {
            above.entry(row.holding.entity).or_default().push(owner);
        }
    }
    let of = |first: u32| {
        let (mut seen, mut waiting, mut sum) = (HashSet::from([first]), vec![first], 0);
        while let Some(entity) = waiting.pop() {
            sum += counts[entity as usize];
            waiting.extend(above.get(&entity).into_iter().flatten().filter(|owner| seen.insert(**owner)));
        }
        sum
    };
    virs.iter().zip(0..).map(|(code, number)| (code.clone(), of(number))).filter(|(_, sum)| *sum > 0).collect()
}

struct Names<'a, 'b> {
    build: &'a Build<'b>,
    holdings: &'a Holdings,
    jar: &'a HashMap<String, RegisteredEntity>,
    public: &'a [bool],
    /// Sources of participants: the register, then what VIRS state.
    said_by: [String; 2],
}

type Columns = Vec<(&'static str, ArrayRef)>;

impl Names<'_, '_> {
    fn person(&self, holder: Holder) -> Option<&str> {
        match holder {
            Holder::Person(number) => Some(self.build.persons.id(number)),
            _ => None,
        }
    }

    fn code(&self, holder: Holder) -> Option<&str> {
        match holder {
            Holder::Entity(number) => Some(&self.holdings.entities[number as usize]),
            Holder::Foreign(number) => Some(self.foreign(number).code.as_str()).filter(|code| !code.is_empty()),
            _ => None,
        }
    }

    fn name(&self, holder: Holder) -> Option<&str> {
        match holder {
            Holder::Entity(number) => {
                let registered = self.jar.get(&self.holdings.entities[number as usize]).and_then(|entity| entity.name.as_deref());
                registered.or_else(|| self.holdings.names.get(&number).map(String::as_str))
            }
            Holder::Foreign(number) => Some(self.foreign(number).name.as_str()).filter(|name| !name.is_empty()),
            _ => None,
        }
    }

    fn state(&self, holder: Holder) -> Option<&str> {
        match holder {
            Holder::Foreign(number) => Some(self.foreign(number).state.as_str()).filter(|state| !state.is_empty()),
            _ => None,
        }
    }

    fn foreign(&self, number: u32) -> &ForeignEntity {
        self.holdings.foreign.get(number)
    }

    fn is_foreign_person(&self, number: PersonNumber) -> bool {
        self.holdings.foreign_persons.contains(&number)
    }

    /// Code of classifier `dalyviu_rusys`.
    fn participant_kind(&self, holder: Holder) -> Option<&'static str> {
        match holder {
            Holder::Person(number) if self.is_foreign_person(number) => Some("UF"),
            Holder::Person(_) => Some("F"),
            Holder::Entity(_) => Some("J"),
            Holder::Foreign(_) => Some(FOREIGN_ENTITY),
            Holder::Unknown => None,
        }
    }

    /// Code of classifier `savininku_rusys`.
    fn owner_kind(&self, holder: Holder) -> &'static str {
        match holder {
            Holder::Person(number) if self.is_foreign_person(number) => "uzsienio_fizinis",
            Holder::Person(_) => "fizinis",
            Holder::Entity(number) if self.public[number as usize] => "viesasis",
            Holder::Entity(_) => "juridinis",
            Holder::Foreign(_) => "uzsienio_juridinis",
            Holder::Unknown => "nezinomas",
        }
    }

    fn participants(&self) -> Columns {
        let all = &self.holdings.rows;
        let mut by_entity: HashMap<u32, Vec<&Holding>> = HashMap::new();
        all.iter().for_each(|row| by_entity.entry(row.holding.entity).or_default().push(&row.holding));
        let groups: HashMap<u32, _> = by_entity.iter().map(|(entity, held)| (*entity, co_owners(held.iter().copied()))).collect();
        let share = |holding: &Holding| {
            let members = holding.joint.map_or(1, |group| groups[&holding.entity][&group]);
            stated_share(holding, members).map(to_units)
        };
        // An entity is shown as what it is, whatever kind and state its row gives it.
        let is_entity = |holder| matches!(holder, Holder::Entity(_) | Holder::Foreign(_));
        let kind = |row: &HoldingRow| self.participant_kind(row.holding.holder).filter(|_| is_entity(row.holding.holder));
        let state = |row: &HoldingRow| {
            if is_entity(row.holding.holder) { self.state(row.holding.holder).map(str::to_owned) } else { row.state.clone() }
        };
        let rows: Vec<&HoldingRow> = all.iter().filter(|row| !row.repeated).collect();
        vec![
            ("saltinis", text(rows.iter().map(|row| Some(&self.said_by[usize::from(row.stated)])))),
            ("dalyvio_nr", text(rows.iter().map(|row| Some(&row.record)))),
            ("ja_kodas", text(rows.iter().map(|row| Some(&self.holdings.entities[row.holding.entity as usize])))),
            ("dalyvio_rusis", text(rows.iter().map(|row| Some(kind(row).unwrap_or(&row.kind))))),
            ("asmens_id", text(rows.iter().map(|row| self.person(row.holding.holder)))),
            ("dal_kodas", text(rows.iter().map(|row| self.code(row.holding.holder)))),
            ("dal_pavadinimas", text(rows.iter().map(|row| self.name(row.holding.holder).or(row.name.as_deref())))),
            ("valstybe", text(rows.iter().map(|row| state(row)))),
            ("registras", text(rows.iter().map(|row| row.register.as_deref()))),
            ("akcijos", Arc::new(rows.iter().map(|row| row.shares).collect::<Int64Array>())),
            ("inasas", decimals(rows.iter().map(|row| row.contribution), Kind::Money)),
            ("dalis", decimals(rows.iter().map(|row| share(&row.holding)), Kind::Share)),
            ("jungtine", text(rows.iter().map(|row| row.joint_name.as_deref()))),
            ("igaliotas", Arc::new(rows.iter().map(|row| row.authorised).collect::<BooleanArray>())),
            ("nuo", Arc::new(rows.iter().map(|row| Some(row.holding.from)).collect::<Date32Array>())),
            ("iki", Arc::new(rows.iter().map(|row| row.holding.until).collect::<Date32Array>())),
        ]
    }

    fn owners(&self, resolved: &[Ownership]) -> Columns {
        let rows: Vec<_> =
            resolved.iter().flat_map(|one| one.owners.iter().zip(1_i64..).map(move |(owner, place)| (one.entity, place, owner))).collect();
        vec![
            ("ja_kodas", text(rows.iter().map(|(entity, ..)| Some(&self.holdings.entities[*entity as usize])))),
            ("eil_nr", Arc::new(rows.iter().map(|(_, place, _)| Some(*place)).collect::<Int64Array>())),
            ("savininko_rusis", text(rows.iter().map(|(.., owner)| Some(self.owner_kind(owner.holder))))),
            ("asmens_id", text(rows.iter().map(|(.., owner)| self.person(owner.holder)))),
            ("dal_kodas", text(rows.iter().map(|(.., owner)| self.code(owner.holder)))),
            ("dal_pavadinimas", text(rows.iter().map(|(.., owner)| self.name(owner.holder)))),
            ("valstybe", text(rows.iter().map(|(.., owner)| self.state(owner.holder)))),
            ("dalis", decimals(rows.iter().map(|(.., owner)| Some(owner.share)), Kind::Share)),
            ("kontroliuoja", Arc::new(rows.iter().map(|(.., owner)| Some(owner.controls)).collect::<BooleanArray>())),
            ("zingsniai", Arc::new(rows.iter().map(|(.., owner)| Some(i64::from(owner.steps))).collect::<Int64Array>())),
        ]
    }

    fn control(&self, resolved: &[Ownership]) -> Columns {
        let rows: Vec<_> =
            resolved.iter().flat_map(|one| one.chain.iter().zip(1_i64..).map(move |(step, place)| (one.entity, place, step))).collect();
        vec![
            ("ja_kodas", text(rows.iter().map(|(entity, ..)| Some(&self.holdings.entities[*entity as usize])))),
            ("zingsnis", Arc::new(rows.iter().map(|(_, place, _)| Some(*place)).collect::<Int64Array>())),
            ("dalyvio_rusis", text(rows.iter().map(|(.., step)| self.participant_kind(step.holder)))),
            ("asmens_id", text(rows.iter().map(|(.., step)| self.person(step.holder)))),
            ("dal_kodas", text(rows.iter().map(|(.., step)| self.code(step.holder)))),
            ("dal_pavadinimas", text(rows.iter().map(|(.., step)| self.name(step.holder)))),
            ("valstybe", text(rows.iter().map(|(.., step)| self.state(step.holder)))),
            ("dalis", decimals(rows.iter().map(|(.., step)| Some(step.votes)), Kind::Share)),
        ]
    }

    fn links(&self, resolved: &[Ownership]) -> Columns {
        let rows: Vec<(u32, i64, &Link)> =
            resolved.iter().flat_map(|one| one.links.iter().zip(1_i64..).map(move |(link, place)| (one.entity, place, link))).collect();
        let held = |link: &Link| Holder::Entity(link.held);
        vec![
            ("ja_kodas", text(rows.iter().map(|(entity, ..)| Some(&self.holdings.entities[*entity as usize])))),
            ("eil_nr", Arc::new(rows.iter().map(|(_, place, _)| Some(*place)).collect::<Int64Array>())),
            ("zingsnis", Arc::new(rows.iter().map(|(.., link)| Some(i64::from(link.step))).collect::<Int64Array>())),
            ("valdomas_kodas", text(rows.iter().map(|(.., link)| self.code(held(link))))),
            ("valdomas_pavadinimas", text(rows.iter().map(|(.., link)| self.name(held(link))))),
            ("dalyvio_rusis", text(rows.iter().map(|(.., link)| self.participant_kind(link.holder)))),
            ("savininko_rusis", text(rows.iter().map(|(.., link)| link.is_end.then(|| self.owner_kind(link.holder))))),
            ("asmens_id", text(rows.iter().map(|(.., link)| self.person(link.holder)))),
            ("dal_kodas", text(rows.iter().map(|(.., link)| self.code(link.holder)))),
            ("dal_pavadinimas", text(rows.iter().map(|(.., link)| self.name(link.holder)))),
            ("valstybe", text(rows.iter().map(|(.., link)| self.state(link.holder)))),
            ("dalis", decimals(rows.iter().map(|(.., link)| link.share), Kind::Share)),
            ("nezinojimo_priezastis", text(rows.iter().map(|(.., link)| link.because.map(reason)))),
        ]
    }
}

/// Code of classifier `nezinojimo_priezastys`.
fn reason(because: WhyUnknown) -> &'static str {
    match because {
        WhyUnknown::NoParticipants => "be_dalyviu",
        WhyUnknown::NotAll => "ne_visi",
        WhyUnknown::NoWhole => "be_visumos",
        WhyUnknown::NotNamed => "neivardytas",
        WhyUnknown::ClosedCycle => "ciklas",
    }
}

pub(super) fn decimals(values: impl Iterator<Item = Option<i128>>, kind: Kind) -> ArrayRef {
    Arc::new(values.collect::<Decimal128Array>().with_data_type(kind.arrow()))
}

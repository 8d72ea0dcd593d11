//! Who is told of what (specification, section 5): what came overnight, and what is due twice a year.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use rusqlite::Transaction;

use crate::days::today;
use crate::letters::{self, Letter};
use crate::news::OvernightChanges;
use crate::register::{Outlet, Register};
use crate::store::{self, Durability, Store};
use crate::{Error, Role};

/// Data is submitted within so many calendar days of a change, and of the end of a half-year.
const TERM_DAYS: i64 = 14;
/// Number of letters that one act writes at most: mandates of one organisation.
const MOST_RECIPIENTS: usize = 20;
/// Kinds of outlets that are printed, by the classifier `vip_rusys`.
const PRINTED: &[&str] = &["laikrastis", "zurnalas"];
/// Circulation of a newspaper or magazine is submitted if more copies are printed, or advertising (specification, table 15, step 3).
const COPIES_WITHOUT_DUTY: i64 = 500;

/// Half of a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HalfYear {
    /// The year.
    pub year: i32,
    /// Whether it is the second half.
    pub second: bool,
}

impl HalfYear {
    /// The half-year that has just ended, while its data is due; `None` on other days.
    #[must_use]
    pub fn due_on(day: NaiveDate) -> Option<Self> {
        let half = match day.month() {
            1 => Self { year: day.year() - 1, second: true },
            7 => Self { year: day.year(), second: false },
            _ => return None,
        };
        (day <= half.due()).then_some(half)
    }

    /// First and last day.
    #[must_use]
    pub fn days(self) -> (NaiveDate, NaiveDate) {
        let day = |month, day| NaiveDate::from_ymd_opt(self.year, month, day).unwrap_or_default();
        if self.second { (day(7, 1), day(12, 31)) } else { (day(1, 1), day(6, 30)) }
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        let (first, last) = self.days();
        (first..=last).contains(&day)
    }

    /// The last day on which its data is submitted in time.
    #[must_use]
    pub fn due(self) -> NaiveDate {
        self.days().1 + TimeDelta::days(TERM_DAYS)
    }

    fn code(self) -> String {
        format!("{}-{}", self.year, if self.second { "II" } else { "I" })
    }

    fn title(self) -> String {
        format!("{} m. {} pusmečio", self.year, if self.second { "II" } else { "I" })
    }
}

/// What was submitted that decides whether somebody still owes something for a half-year.
#[derive(Debug, Clone, Default)]
pub struct Reported {
    /// All circulation figures.
    pub circulation: Vec<Circulation>,
    /// Codes of institutions that have submitted funds of this half-year.
    pub funds: Vec<String>,
}

/// A circulation figure of an outlet.
#[derive(Debug, Clone)]
pub struct Circulation {
    /// Number of the outlet.
    pub outlet: String,
    /// The day it is of.
    pub day: NaiveDate,
    /// Copies: the greater one of what was printed and what the imprint says.
    pub copies: i64,
    /// Whether advertising is printed.
    pub advertising: bool,
}

/// Writes the letters of a night, and a task for each thing that registers have changed about a VIRS; `release` tells nights apart, so that a
/// night that is gone through twice writes nothing twice.
///
/// # Errors
/// The store's.
pub fn night(
    store: &Store,
    register: &Register,
    origin: &str,
    release: &str,
    news: &[OvernightChanges],
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    store.write(Durability::OnDisk, |transaction| {
        let mut written = 0;
        for one in news {
            let Some(virs) = register.virs(&one.virs).filter(|virs| !virs.ended) else { continue };
            let due = today(now) + TimeDelta::days(TERM_DAYS);
            for what in &one.registers {
                store::notice_change(transaction, &one.virs, release, what, today(now), due)?;
            }
            let letter = letters::night(&virs.name, one, due, origin);
            written += post(transaction, register, (Role::Virs, &one.virs), &format!("night-{release}"), &letter, now)?;
        }
        Ok(written)
    })
}

/// Writes the letters of a half-year that has just ended: to VIRS with printed outlets of which circulation is due and was not given, naming
/// those outlets, and to institutions that have submitted no funds of it. Once each, however often it is called.
///
/// # Errors
/// The store's.
pub fn reminders(
    store: &Store,
    register: &Register,
    origin: &str,
    half: HalfYear,
    reported: &Reported,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let (code, title, due) = (half.code(), half.title(), half.due());
    let mut circulation: HashMap<&str, Vec<&Circulation>> = HashMap::new();
    for one in &reported.circulation {
        circulation.entry(&one.outlet).or_default().push(one);
    }
    let owes = |outlet: &&Outlet| owes(outlet, half, circulation.get(outlet.number.as_str()).map_or(&[], Vec::as_slice));
    store.write(Durability::OnDisk, |transaction| {
        let mut written = 0;
        for virs in register.all().filter(|virs| !virs.ended) {
            let outlets: Vec<&str> = register.outlets(&virs.code).iter().filter(owes).map(|outlet| outlet.name.as_str()).collect();
            if !outlets.is_empty() {
                let letter = letters::circulation_due(&virs.name, &outlets, &title, due, origin);
                written += post(transaction, register, (Role::Virs, &virs.code), &format!("circulation-{code}"), &letter, now)?;
            }
        }
        for (organisation, name) in store::organisations(transaction, Role::Istaiga, today(now))? {
            if !reported.funds.contains(&organisation) {
                let letter = letters::funds_due(&name, &title, due, origin);
                written += post(transaction, register, (Role::Istaiga, &organisation), &format!("funds-{code}"), &letter, now)?;
            }
        }
        Ok(written)
    })
}

/// Whether circulation of an outlet is due for a half-year: it is printed, was there, none was given, and nothing that was given before says
/// that it has neither so many copies nor advertising.
fn owes(outlet: &Outlet, half: HalfYear, given: &[&Circulation]) -> bool {
    let (first, last) = half.days();
    let day = |column: &str| outlet.record.get(column).and_then(|text| text.parse::<NaiveDate>().ok());
    let printed = outlet.record.get("vip_rusis").is_some_and(|kind| PRINTED.contains(&kind.as_str()));
    let there = day("registravimo_data").is_none_or(|from| from <= last) && day("isregistravimo_data").is_none_or(|until| until > first);
    let latest = given.iter().filter(|one| one.day <= last).max_by_key(|one| one.day);
    let duty = latest.is_none_or(|one| one.day < first && (one.copies > COPIES_WITHOUT_DUTY || one.advertising));
    printed && there && duty
}

/// Writes a letter to everybody who represents an organisation; a VIRS without representatives gets it at its registered address.
/// `about` tells letters apart: the same one is never written twice.
pub(crate) fn post(
    transaction: &Transaction<'_>,
    register: &Register,
    to: (Role, &str),
    about: &str,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let (role, organisation) = to;
    let mut addresses = store::addresses(transaction, role, organisation, today(now))?;
    if addresses.is_empty() && role == Role::Virs {
        addresses.extend(register.virs(organisation).and_then(|virs| virs.email.clone()));
    }
    let mut written = 0;
    for (place, recipient) in addresses.into_iter().take(MOST_RECIPIENTS).enumerate() {
        let waiting = store::Waiting {
            id: format!("{about}-{organisation}-{place}"),
            recipient,
            subject: letter.subject.clone(),
            body: letter.body.clone(),
            written: now,
        };
        written += usize::from(store::enqueue(transaction, &waiting)?);
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::news::NewData;
    use crate::register::{Outlet, Virs};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn register() -> Register {
        let virs = |code: &str| Virs {
            code: code.into(),
            name: format!("VIRS {code}"),
            audiovisual: false,
            email: Some(format!("{code}@example.invalid")),
            ended: code == "4",
        };
        let outlet = |number: &str, kind: &str, ended: bool| {
            let mut record: crate::entry::Record = [("vip_rusis".to_owned(), kind.to_owned())].into();
            if ended {
                record.insert("isregistravimo_data".to_owned(), "2020-01-01".to_owned());
            }
            Outlet { number: number.into(), name: number.into(), kind: kind.into(), record }
        };
        Register::new(
            ["1", "2", "3", "4"].map(virs).into(),
            vec![
                ("1".into(), outlet("VIP-1", "laikrastis", false)),
                ("2".into(), outlet("VIP-2", "svetaine", false)),
                ("3".into(), outlet("VIP-3", "zurnalas", true)),
                ("4".into(), outlet("VIP-4", "zurnalas", false)),
            ],
        )
    }

    fn handed_in() -> NewData {
        NewData { submission: 7, provider: "Ministerija".into(), feed: "Metinė įmoka".into(), receipt: "VIRSIS-2026-000007".into() }
    }

    fn letters(store: &Store) -> Vec<(String, String)> {
        let due = store.read(|connection| store::due(connection, Utc::now() + TimeDelta::days(1), 100)).unwrap();
        due.into_iter().map(|letter| (letter.id, letter.subject)).collect()
    }

    #[test]
    fn half_years_are_due_in_the_fortnight_after_they_ended() {
        assert_eq!(HalfYear::due_on(day("2026-07-01")), Some(HalfYear { year: 2026, second: false }));
        assert_eq!(HalfYear::due_on(day("2027-01-14")), Some(HalfYear { year: 2026, second: true }));
        for other in ["2026-06-30", "2026-07-15", "2027-01-15", "2026-11-22"] {
            assert_eq!(HalfYear::due_on(day(other)), None, "{other}");
        }
    }

    #[test]
    fn only_those_with_a_printed_outlet_and_nothing_given_are_reminded_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let half = HalfYear::due_on(day("2026-07-02")).unwrap();
        let given = Circulation { outlet: "VIP-1".into(), day: day("2026-05-01"), copies: 900, advertising: false };
        let write = |circulation: &[Circulation]| {
            let reported = Reported { circulation: circulation.to_vec(), funds: Vec::new() };
            reminders(&store, &register(), "https://x.invalid", half, &reported, Utc::now()).unwrap()
        };
        assert_eq!(write(&[given]), 0);
        assert_eq!((write(&[]), write(&[])), (1, 0));
        assert_eq!(
            letters(&store),
            [("circulation-2026-I-1-0".to_owned(), "VIRSIS: iki 2026-07-14 pateikite 2026 m. I pusmečio tiražus".to_owned())]
        );
    }

    /// What was given before × whether the outlet is printed and was there: who is reminded.
    #[test]
    fn circulation_is_due_of_outlets_that_have_the_duty_or_may_have_it_and_have_not_given_it() {
        let half = HalfYear { year: 2026, second: false };
        let figure = |on: &str, copies, advertising| Circulation { outlet: "VIP-1".into(), day: day(on), copies, advertising };
        let outlet = |values: &[(&str, &str)]| Outlet {
            number: "VIP-1".into(),
            name: "Pavyzdys".into(),
            kind: String::new(),
            record: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        let newspaper = outlet(&[("vip_rusis", "laikrastis"), ("registravimo_data", "2010-01-01")]);
        for (given, expected, why) in [
            (vec![], true, "nobody knows of a duty, and nobody that there is none"),
            (vec![figure("2025-12-31", 501, false)], true, "more than 500 copies"),
            (vec![figure("2025-12-31", 100, true)], true, "advertising"),
            (vec![figure("2025-12-31", 500, false)], false, "500 copies without advertising"),
            (vec![figure("2025-12-31", 100, false), figure("2024-12-31", 9_000, true)], false, "the latest figure counts"),
            (vec![figure("2026-06-30", 9_000, true)], false, "it was given"),
            (vec![figure("2026-01-01", 100, false)], false, "it was given although there was no duty"),
            (vec![figure("2026-07-01", 9_000, true)], true, "what is given of the next half-year is no figure of this one"),
        ] {
            assert_eq!(owes(&newspaper, half, &given.iter().collect::<Vec<_>>()), expected, "{why}");
        }
        for (values, why) in [
            (vec![("vip_rusis", "svetaine")], "not printed"),
            (vec![("vip_rusis", "zurnalas"), ("registravimo_data", "2026-07-01")], "not yet there"),
            (vec![("vip_rusis", "zurnalas"), ("isregistravimo_data", "2025-12-31")], "not there any more"),
        ] {
            assert!(!owes(&outlet(&values), half, &[]), "{why}");
        }
        assert!(owes(&outlet(&[("vip_rusis", "zurnalas"), ("isregistravimo_data", "2026-05-01")]), half, &[]), "it was there in spring");
    }

    #[test]
    fn institutions_that_have_handed_in_funds_are_not_reminded_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let mandate = |organisation: &str| store::NewMandate {
            person: organisation.into(),
            role: Role::Istaiga,
            organisation_code: organisation.into(),
            organisation_name: format!("Įstaiga {organisation}"),
            email: Some(format!("{organisation}@example.invalid")),
            valid_from: day("2020-01-01"),
            valid_to: None,
        };
        store.write::<_, Error>(Durability::Usual, |transaction| store::replace_all(transaction, &[mandate("8"), mandate("9")])).unwrap();
        let half = HalfYear { year: 2026, second: false };
        let reported = Reported { funds: vec!["8".into()], ..Reported::default() };
        assert_eq!(reminders(&store, &Register::default(), "https://x.invalid", half, &reported, Utc::now()).unwrap(), 1);
        assert_eq!(letters(&store)[0].0, "funds-2026-I-9-0");
    }

    #[test]
    fn a_night_is_told_once_and_new_participants_have_a_term() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let now = Utc::now();
        let news = [OvernightChanges {
            virs: "2".into(),
            registers: vec!["Dalyviai (JADIS)".into(), "Licencijos (LIS)".into()],
            participants: true,
            ..OvernightChanges::default()
        }];
        let write = || night(&store, &register(), "https://x.invalid", "000002", &news, now).unwrap();
        assert_eq!((write(), write()), (1, 0));
        let due = today(now) + TimeDelta::days(14);
        assert_eq!(letters(&store), [("night-000002-2-0".to_owned(), format!("VIRSIS: iki {due} patikrinkite VIRS 2 dalyvius"))]);
        let tasks = store.read(|connection| store::unseen_changes(connection, "2")).unwrap();
        let told: Vec<(&str, &str)> = tasks.iter().map(|task| (task.what.as_str(), task.due.as_str())).collect();
        let due = due.to_string();
        assert_eq!(told, [("Dalyviai (JADIS)", due.as_str()), ("Licencijos (LIS)", due.as_str())], "each is a task of its own");
    }

    #[test]
    fn what_registers_changed_is_a_task_for_those_who_still_are_a_virs_and_what_others_handed_in_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let changed =
            |virs: &str| OvernightChanges { virs: virs.into(), registers: vec!["Licencijos".into()], ..OvernightChanges::default() };
        let told = OvernightChanges { virs: "2".into(), handed_in: vec![handed_in()], ..OvernightChanges::default() };
        night(&store, &register(), "https://x.invalid", "000002", &[changed("1"), told, changed("4")], Utc::now()).unwrap();
        let tasks = |virs: &str| store.read(|connection| store::unseen_changes(connection, virs)).unwrap().len();
        assert_eq!(["1", "2", "4"].map(tasks), [1, 0, 0]);
        let due = today(Utc::now()) + TimeDelta::days(14);
        let subjects: Vec<String> = letters(&store).into_iter().map(|(_, subject)| subject).collect();
        assert_eq!(
            subjects,
            [format!("VIRSIS: iki {due} patikrinkite registrų duomenis apie VIRS 1"), "VIRSIS: naujų duomenų apie VIRS 2".to_owned()]
        );
    }
}

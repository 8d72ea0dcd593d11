//! Who is told of what (specification, section 5): what came overnight, and what is due twice a year.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use rusqlite::Transaction;

use crate::app::today;
use crate::letters::{self, Letter};
use crate::register::Register;
use crate::store::{self, Durability, Store};
use crate::{Error, Role};

/// Data is handed in within so many calendar days of a change, and of the end of a half-year.
const TERM_DAYS: i64 = 14;
/// Number of letters that one act writes at most: mandates of one organisation.
const MOST_RECIPIENTS: usize = 20;
/// Kinds of outlets that are printed, by the classifier `vip_rusys`.
const PRINTED: &[&str] = &["laikrastis", "zurnalas"];

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

    /// The last day on which its data is handed in in time.
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

/// What came to one VIRS overnight.
#[derive(Debug, Clone, Default)]
pub struct Night {
    /// Code of the VIRS.
    pub virs: String,
    /// Titles of the data that changed in registers.
    pub registers: Vec<String>,
    /// Whether its participants are among them.
    pub participants: bool,
    /// What others handed in: titles with receipt numbers.
    pub handed_in: Vec<String>,
}

/// Writes the letters of a night, and a task for each VIRS that registers have changed something about; `release` tells nights apart, so that a night that is gone through twice writes nothing twice.
///
/// # Errors
/// The store's.
pub fn night(store: &Store, register: &Register, origin: &str, release: &str, news: &[Night], now: DateTime<Utc>) -> Result<usize, Error> {
    store.write(Durability::OnDisk, |transaction| {
        let mut written = 0;
        for one in news {
            let Some(virs) = register.virs(&one.virs).filter(|virs| !virs.ended) else { continue };
            let due = today(now) + TimeDelta::days(TERM_DAYS);
            if !one.registers.is_empty() {
                store::notice_change(transaction, &one.virs, release, &one.registers.join(", "), today(now), due)?;
            }
            let letter = letters::night(&virs.name, one, due, origin);
            written += post(transaction, register, (Role::Virs, &one.virs), &format!("night-{release}"), &letter, now)?;
        }
        Ok(written)
    })
}

/// Writes the letters of a half-year that has just ended: to VIRS with printed outlets that have not given circulation for it
/// (`given` has the codes of those that did), and to institutions that give funds. Once each, however often it is called.
///
/// # Errors
/// The store's.
pub fn reminders(
    store: &Store,
    register: &Register,
    origin: &str,
    half: HalfYear,
    given: &[String],
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let (code, title, due) = (half.code(), half.title(), half.due());
    store.write(Durability::OnDisk, |transaction| {
        let mut written = 0;
        for virs in register.all().filter(|virs| !virs.ended && !given.contains(&virs.code)) {
            let printed = register.outlets(&virs.code).iter().any(|outlet| {
                let kind = outlet.record.get("vip_rusis").map(String::as_str);
                kind.is_some_and(|kind| PRINTED.contains(&kind)) && !outlet.record.contains_key("isregistravimo_data")
            });
            if printed {
                let letter = letters::circulation_due(&virs.name, &title, due, origin);
                written += post(transaction, register, (Role::Virs, &virs.code), &format!("circulation-{code}"), &letter, now)?;
            }
        }
        for (organisation, name) in store::organisations(transaction, Role::Istaiga, today(now))? {
            let letter = letters::funds_due(&name, &title, due, origin);
            written += post(transaction, register, (Role::Istaiga, &organisation), &format!("funds-{code}"), &letter, now)?;
        }
        Ok(written)
    })
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
        let write = |given: &[String]| reminders(&store, &register(), "https://x.invalid", half, given, Utc::now()).unwrap();
        assert_eq!(write(&["1".to_owned()]), 0);
        assert_eq!((write(&[]), write(&[])), (1, 0));
        assert_eq!(
            letters(&store),
            [("circulation-2026-I-1-0".to_owned(), "VIRSIS: iki 2026-07-14 pateikite 2026 m. I pusmečio tiražus".to_owned())]
        );
    }

    #[test]
    fn a_night_is_told_once_and_new_participants_have_a_term() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let now = Utc::now();
        let news = [Night { virs: "2".into(), registers: vec!["Dalyviai".into()], participants: true, ..Night::default() }];
        let write = || night(&store, &register(), "https://x.invalid", "000002", &news, now).unwrap();
        assert_eq!((write(), write()), (1, 0));
        let due = today(now) + TimeDelta::days(14);
        assert_eq!(letters(&store), [("night-000002-2-0".to_owned(), format!("VIRSIS: iki {due} patikrinkite VIRS 2 dalyvius"))]);
        let tasks = store.read(|connection| store::unseen_changes(connection, "2")).unwrap();
        let told: Vec<(&str, &str)> = tasks.iter().map(|task| (task.what.as_str(), task.due.as_str())).collect();
        assert_eq!(told, [("Dalyviai", due.to_string().as_str())]);
    }

    #[test]
    fn what_registers_changed_is_a_task_for_those_who_still_are_a_virs_and_what_others_handed_in_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let changed = |virs: &str| Night { virs: virs.into(), registers: vec!["Licencijos".into()], ..Night::default() };
        let told = Night { virs: "2".into(), handed_in: vec!["Metinė įmoka".into()], ..Night::default() };
        night(&store, &register(), "https://x.invalid", "000002", &[changed("1"), told, changed("4")], Utc::now()).unwrap();
        let tasks = |virs: &str| store.read(|connection| store::unseen_changes(connection, virs)).unwrap().len();
        assert_eq!(["1", "2", "4"].map(tasks), [1, 0, 0]);
        let due = today(Utc::now()) + TimeDelta::days(14);
        let subjects: Vec<String> = letters(&store).into_iter().map(|(_, subject)| subject).collect();
        assert_eq!(
            subjects,
            [format!("VIRSIS: iki {due} patikrinkite duomenis apie VIRS 1"), "VIRSIS: naujų duomenų apie VIRS 2".to_owned()]
        );
    }
}

//! Schedules: one TOML file each under `schedules/`.

use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use croner::Cron;
use serde::Deserialize;

use crate::refusal::Refusal;

/// The longest time that a zone ever skipped, in minutes: a day, at the date line.
const LONGEST_GAP: i64 = 24 * 60;

/// When to run.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) name: String,
    pub(crate) cron: Cron,
    pub(crate) time_zone: Tz,
    pub(crate) when_late: WhenLate,
}

/// What to do at start if a time was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhenLate {
    /// Run once, however many times were missed.
    RunOnce,
    /// Wait for the next time.
    Skip,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cron: String,
    time_zone: String,
    command: String,
    when_late: WhenLate,
}

impl Schedule {
    pub(crate) fn load(home: &Path, name: &str) -> Result<Self> {
        let path = home.join("schedules").join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read schedule {}", path.display()))?;
        let wrong = |reason: String| Refusal::one(format!("{}: {reason}", path.display()));
        let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if file.command != "run" {
            return Err(wrong("command must be \"run\"".to_owned()).into());
        }
        let time_zone =
            Tz::from_str(&file.time_zone).map_err(|_| wrong("time_zone must be an IANA name such as Europe/Vilnius".to_owned()))?;
        let cron = Cron::from_str(&file.cron).map_err(|error| wrong(format!("cron: {error}")))?;
        Ok(Self { name: name.to_owned(), cron, time_zone, when_late: file.when_late })
    }

    /// The next time after `moment`. Times are those of the zone's own clock, so summer time moves nothing.
    pub(crate) fn next(&self, moment: DateTime<Utc>) -> Result<DateTime<Utc>> {
        // The cron expression is matched against the wall clock, as if there were no summer time.
        let mut shown = moment.with_timezone(&self.time_zone).naive_local().and_utc();
        loop {
            let next = self.cron.find_next_occurrence(&shown, false);
            shown = next.with_context(|| format!("the cron expression of schedule {} never matches again", self.name))?;
            // In the second of two equal hours this lies in the first, and the search goes on.
            if let Some(next) = self.shown_at(shown.naive_utc()).filter(|next| *next > moment) {
                return Ok(next);
            }
        }
    }

    /// When the clock shows this: of two equal hours in the first, and of an hour that is left out at its end.
    fn shown_at(&self, shown: NaiveDateTime) -> Option<DateTime<Utc>> {
        let minutes = (0..=LONGEST_GAP).map(TimeDelta::minutes);
        let mut found = minutes.filter_map(|later| self.time_zone.from_local_datetime(&(shown + later)).earliest());
        found.next().map(|time| time.with_timezone(&Utc))
    }

    /// Whether a time has passed since `last`, the start of the last run.
    pub(crate) fn missed(&self, last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<bool> {
        Ok(match last {
            Some(last) => self.next(last)? <= now,
            None => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn daily(hour: u32, minute: u32) -> Schedule {
        let cron = Cron::from_str(&format!("{minute} {hour} * * *")).unwrap();
        Schedule { name: "test".to_owned(), cron, time_zone: chrono_tz::Europe::Vilnius, when_late: WhenLate::Skip }
    }

    /// The moments at which the clock is changed, from 2026 to 2036.
    fn changes() -> Vec<DateTime<Utc>> {
        use chrono::Offset;
        let offset = |moment: DateTime<Utc>| moment.with_timezone(&chrono_tz::Europe::Vilnius).offset().fix();
        let begin = at("2026-01-01T00:00:00Z");
        let hours = (0..11 * 366 * 24).map(|hour| begin + TimeDelta::hours(hour));
        hours.filter(|hour| offset(*hour) != offset(*hour - TimeDelta::hours(1))).collect()
    }

    #[test]
    fn whenever_it_is_asked_the_next_time_comes_after_that_and_every_day_has_one() {
        let changes = changes();
        assert!(changes.len() >= 20, "{}", changes.len());
        for (change, half_hour) in changes.iter().flat_map(|change| (0..48).map(move |half_hour| (*change, half_hour))) {
            let schedule = daily(half_hour / 2, half_hour % 2 * 30);
            // Every time of these days, one after another.
            let (begin, end) = (change - TimeDelta::days(2), change + TimeDelta::days(2));
            let mut times = vec![schedule.next(begin).unwrap()];
            while times[times.len() - 1] < end {
                times.push(schedule.next(times[times.len() - 1]).unwrap());
            }
            let days: Vec<_> = times.iter().map(|time| time.with_timezone(&schedule.time_zone).date_naive()).collect();
            assert!(days.windows(2).all(|two| two[1] == two[0].succ_opt().unwrap()), "{change} {half_hour}: {times:?}");
            // Asked at any minute, it is the first of these that is still to come.
            let mut to_come = times.iter().peekable();
            for minute in 0..6 * 60 {
                for second in [0, 59] {
                    let now = change - TimeDelta::hours(3) + TimeDelta::seconds(minute * 60 + second);
                    let next = schedule.next(now).unwrap();
                    while to_come.peek().is_some_and(|time| **time <= now) {
                        to_come.next();
                    }
                    assert!(next > now && Some(&&next) == to_come.peek(), "{now}: {next}, {:?}", to_come.peek());
                }
            }
        }
    }

    #[test]
    fn a_start_in_the_second_of_two_equal_hours_waits_for_the_next_day() {
        let next = |now: &str| daily(3, 30).next(at(now)).unwrap();
        assert_eq!(next("2027-10-31T00:10:00Z"), at("2027-10-31T00:30:00Z"), "03:10, summer time");
        for again in ["2027-10-31T00:30:00Z", "2027-10-31T01:10:00Z", "2027-10-31T01:30:00Z"] {
            assert_eq!(next(again), at("2027-11-01T01:30:00Z"), "{again}");
        }
    }

    #[test]
    fn a_schedule_of_many_times_a_day_goes_forward_through_every_change() {
        let cron = Cron::from_str("*/30 * * * *").unwrap();
        let schedule = Schedule { cron, ..daily(0, 0) };
        for change in changes() {
            for minute in -180..180 {
                let now = change + TimeDelta::minutes(minute);
                let next = schedule.next(now).unwrap();
                assert!(next > now && next - now <= TimeDelta::minutes(90), "{now}: {next}");
            }
        }
    }

    #[test]
    fn the_nightly_schedule_keeps_its_hour_in_summer_and_winter_and_knows_a_missed_night() {
        let schedule = Schedule::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), "nightly").unwrap();
        assert_eq!(schedule.next(at("2026-07-01T12:00:00Z")).unwrap(), at("2026-07-01T23:30:00Z"), "02:30 in summer is 23:30 UTC");
        assert_eq!(schedule.next(at("2026-12-01T12:00:00Z")).unwrap(), at("2026-12-02T00:30:00Z"), "02:30 in winter is 00:30 UTC");
        let last = Some(at("2026-12-02T00:30:00Z"));
        assert!(!schedule.missed(last, at("2026-12-02T20:00:00Z")).unwrap());
        assert!(schedule.missed(last, at("2026-12-05T08:00:00Z")).unwrap());
        assert!(schedule.missed(None, at("2026-12-05T08:00:00Z")).unwrap());
    }
}

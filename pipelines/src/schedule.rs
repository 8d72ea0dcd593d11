//! Schedules: one TOML file each under `schedules/`.

use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use serde::Deserialize;

use crate::refusal::Refusal;

/// What to run when.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) name: String,
    pub(crate) cron: Cron,
    pub(crate) time_zone: Tz,
    pub(crate) when_late: WhenLate,
}

/// What to do at start when a time was missed.
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
        let time_zone = Tz::from_str(&file.time_zone).map_err(|_| wrong("time_zone is an IANA name such as Europe/Vilnius".to_owned()))?;
        let cron = Cron::from_str(&file.cron).map_err(|error| wrong(format!("cron: {error}")))?;
        Ok(Self { name: name.to_owned(), cron, time_zone, when_late: file.when_late })
    }

    /// The next time after `moment`. The time zone's own clock counts, so summer time moves nothing.
    pub(crate) fn next(&self, moment: DateTime<Utc>) -> Result<DateTime<Utc>> {
        let next = self.cron.find_next_occurrence(&moment.with_timezone(&self.time_zone), false);
        Ok(next.with_context(|| format!("schedule {} never comes again", self.name))?.with_timezone(&Utc))
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

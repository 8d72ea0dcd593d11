//! What was told and is not over, and what waits to be told: `state/alerts.json`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::post::is_final;
use super::deliver::{Channel, hand_over};
use super::message::{Change, Message};
use super::occurrence::{State, Subject};
use crate::config::{Alerts, Config};
use crate::state::private_file;

const FILE: &str = "alerts.json";
/// More messages than that do not wait for a webhook that is gone: the oldest are dropped.
const MOST_WAITING: usize = 50;

/// Something that is wrong and was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Open {
    subject: Subject,
    way: String,
    since: DateTime<Utc>,
}

/// A message that a channel has not taken yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    channel: Channel,
    message: Message,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    open: Vec<Open>,
    waiting: Vec<Waiting>,
}

impl Told {
    pub(super) fn load(state: &Path) -> Result<Self> {
        let path = state.join(FILE);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_else(|_| {
                tracing::error!(file = %path.display(), "this file is damaged and begun anew; what was told before may be told again");
                Self::default()
            })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    pub(super) fn save(&self, state: &Path) -> Result<()> {
        private_file::replace(&state.join(FILE), &serde_json::to_vec_pretty(self)?)
    }

    /// What has changed since something was told last; from then on it counts as told.
    pub(super) fn compare(&mut self, seen: &BTreeMap<Subject, State>, now: DateTime<Utc>) -> Vec<Change> {
        let mut changes = Vec::new();
        // A file that the settings name no more has no end that matters.
        self.open.retain(|open| !matches!(open.subject, Subject::Expiry(_)) || seen.contains_key(&open.subject));
        for (subject, state) in seen {
            let before = self.open.iter().position(|open| open.subject == *subject);
            match (before, state) {
                (Some(before), State::Well) => {
                    changes.push(Change::Over { subject: subject.clone(), since: self.open.remove(before).since });
                }
                (Some(before), State::Wrong(way)) if self.open[before].way != *way => {
                    self.open[before].way.clone_from(way);
                    changes.push(Change::Wrong { subject: subject.clone() });
                }
                (None, State::Wrong(way)) => {
                    self.open.push(Open { subject: subject.clone(), way: way.clone(), since: now });
                    changes.push(Change::Wrong { subject: subject.clone() });
                }
                (Some(_), State::Wrong(_)) | (None, State::Well) => {}
            }
        }
        changes
    }

    /// Lets a message wait for each channel that is set.
    pub(super) fn queue(&mut self, settings: &Alerts, message: &Message) {
        let channels = [(Channel::Mail, settings.mail.is_some()), (Channel::Webhook, settings.webhook_file.is_some())];
        for (channel, _) in channels.into_iter().filter(|(_, set)| *set) {
            self.waiting.push(Waiting { channel, message: message.clone() });
        }
        let too_many = self.waiting.len().saturating_sub(MOST_WAITING);
        self.waiting.drain(..too_many);
    }

    /// Hands over what waits, in its order; what a channel does not take, and all that comes after it, waits for the next run.
    pub(super) fn deliver(&mut self, config: &Config) {
        let mut closed: Vec<Channel> = Vec::new();
        self.waiting.retain(|waiting| {
            if closed.contains(&waiting.channel) {
                return true;
            }
            match hand_over(config, waiting.channel, &waiting.message) {
                Ok(()) => {
                    tracing::info!(channel = waiting.channel.name(), alert = waiting.message.id, "alert told");
                    false
                }
                Err(error) if is_final(&error) => {
                    let error = format!("{error:#}");
                    tracing::error!(
                        channel = waiting.channel.name(),
                        error,
                        "an alert was refused, and would be again; it is not sent any more"
                    );
                    false
                }
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::error!(channel = waiting.channel.name(), error, "an alert could not be told; the next run tries again");
                    closed.push(waiting.channel);
                    true
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::nights::tests::run;
    use super::super::occurrence::{closeness, seen};
    use super::*;
    use crate::state::ledger::Outcome::{Failed, Published, Refused, Unchanged};

    #[test]
    fn each_occurrence_is_told_once_and_that_it_is_over_once() {
        let mut told = Told::default();
        let mut night = |day, outcome, verdict| {
            let run = run(day, outcome, verdict);
            let changes = told.compare(&seen(&run), run.started);
            changes.iter().map(|change| change.id_of()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(night(1, Published, Some("fresh")), "");
        assert_eq!(night(2, Published, Some("stale")), "stale-jar");
        assert_eq!(night(3, Unchanged, Some("stale")), "");
        assert_eq!(night(4, Failed, None), "night", "of the source it says nothing");
        assert_eq!(night(5, Failed, None), "");
        assert_eq!(night(6, Refused, None), "night", "another way");
        assert_eq!(night(7, Published, Some("stale")), "night-over");
        assert_eq!(night(8, Published, Some("unchanged")), "stale-jar-over");
        assert_eq!(night(9, Published, Some("stale")), "stale-jar", "again");
    }

    #[test]
    fn an_end_is_told_at_each_step_and_not_any_more_once_the_settings_name_it_no_more() {
        let mut told = Told::default();
        let mut night = |days: Option<i64>| {
            let run = run(1, Published, Some("fresh"));
            let mut seen = seen(&run);
            seen.extend(days.map(|days| {
                let state = closeness(run.started + chrono::TimeDelta::days(days), run.started);
                (Subject::Expiry("sources.jar.identity_file (mes.pem)".to_owned()), state)
            }));
            let changes = told.compare(&seen, run.started);
            changes.iter().map(|change| change.id_of()).collect::<Vec<_>>().join(" ")
        };
        let end = "end-sources-jar-identity-file-mes-pem";
        assert_eq!(
            [40, 29, 28, 13, 2, 1, -1, -2].map(|days| night(Some(days)) == end),
            [false, true, false, true, true, false, true, false]
        );
        assert_eq!(night(Some(400)), format!("{end}-over"));
        assert_eq!([Some(5), None, Some(5)].map(&mut night), [end, "", end]);
    }

    #[test]
    fn what_waits_for_a_webhook_that_is_gone_has_a_bound() {
        let mut told = Told::default();
        let settings = Alerts { webhook_file: Some("webhook".into()), ..Alerts::default() };
        for day in 1..=28 {
            for subject in [Subject::Night, Subject::Source("jar".to_owned()), Subject::Source("lis".to_owned())] {
                let message = Message::about(&Change::Wrong { subject }, &run(day, Failed, Some("stale")), &[], Path::new("state"));
                told.queue(&settings, &message);
            }
        }
        assert_eq!(told.waiting.len(), MOST_WAITING);
        assert!(told.waiting[MOST_WAITING - 1].message.id.starts_with("stale-lis-202611280030"), "{:?}", told.waiting.last());
    }
}

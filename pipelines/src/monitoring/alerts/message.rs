//! What is told: what happened, where, and what to do next. It has reasons as the ledger has them, never a cell's value.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::nights::is_stale;
use super::occurrence::{Ending, KEY_LIST, Subject};
use crate::state::ledger::{Entry, Outcome};

/// Something that is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// It went wrong, or in another way than before.
    Wrong { subject: Subject },
    /// It is well again.
    Over { subject: Subject, since: DateTime<Utc> },
}

/// One message; as JSON it is what a webhook gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    /// The same whenever it is sent again.
    pub(super) id: String,
    /// `wrong` or `over`.
    pub(super) event: String,
    /// When the run began that tells it.
    pub(super) run: DateTime<Utc>,
    /// One line.
    pub(super) title: String,
    /// All of it, with the title; chat systems show this field.
    pub(super) text: String,
}

impl Change {
    /// What it is about, in letters that an id may have.
    pub(super) fn id_of(&self) -> String {
        let (Self::Wrong { subject } | Self::Over { subject, .. }) = self;
        let about = match subject {
            Subject::Night => "night".to_owned(),
            Subject::Source(source) => format!("stale-{source}"),
            Subject::Expiry(what) => {
                let letters = what.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
                format!("end-{}", letters.collect::<Vec<_>>().join("-"))
            }
        };
        if matches!(self, Self::Over { .. }) { about + "-over" } else { about }
    }
}

impl Message {
    /// The message about a change that a run brought, of which `endings` say when what has an end ends; `state` is the installation's folder.
    pub(super) fn about(change: &Change, run: &Entry, endings: &[Ending], state: &Path) -> Self {
        let began = day_and_time(run.started);
        let (title, what) = match change {
            Change::Wrong { subject: Subject::Night } => night(run),
            Change::Wrong { subject: Subject::Source(source) } => stale(run, source),
            Change::Wrong { subject: subject @ Subject::Expiry(what) } => {
                ends(what, endings.iter().find(|ending| ending.subject == *subject).map(|ending| ending.end), run.started)
            }
            Change::Over { subject: Subject::Expiry(what), .. } => {
                (format!("{what} was renewed"), "It does not end soon any more. Nothing is to be done.".to_owned())
            }
            Change::Over { subject: Subject::Night, since } => (
                "the night succeeded again".to_owned(),
                format!("It had gone wrong since the run of {}. Nothing is to be done.", day_and_time(*since)),
            ),
            Change::Over { subject: Subject::Source(source), since } => (
                format!("source {source} is up to date again"),
                format!("It had been stale since the run of {}. Nothing is to be done.", day_and_time(*since)),
            ),
        };
        let title = format!("VIRSIS: {title}");
        let text = format!("{title}\n\nRun: {began}\nInstallation: {}\n\n{what}\n", state.display());
        let event = if matches!(change, Change::Over { .. }) { "over" } else { "wrong" };
        let id = format!("{}-{}", change.id_of(), run.started.format("%Y%m%d%H%M%S"));
        Self { id, event: event.to_owned(), run: run.started, title, text }
    }
}

fn night(run: &Entry) -> (String, String) {
    let reason = run.reason.as_deref().unwrap_or("the ledger has no reason");
    let stage =
        run.stages.last().map_or_else(|| "before its first stage ended".to_owned(), |stage| format!("after the stage “{}”", stage.name));
    let (title, what) = match run.outcome {
        Outcome::Refused => ("the night was refused", format!("The run was refused {stage}; the portal shows the release of before.")),
        Outcome::Failed => ("the night failed", format!("The run failed {stage}; the portal shows the release of before.")),
        Outcome::Published | Outcome::Unchanged => (
            "an extract with personal data could not be removed",
            "The release stands, but an extract that should be gone is still in the drop folder.".to_owned(),
        ),
    };
    let next = "What to do: remove the cause, then start `virsis run`. `virsis status` shows the runs, `virsis doctor` tries every source.\n\
                Nothing more is said of this until a run succeeds, unless one ends in another way.";
    (title.to_owned(), format!("{what}\n\nReason: {reason}\n\n{next}"))
}

fn stale(run: &Entry, source: &str) -> (String, String) {
    let lines = run.sources.iter().filter(|line| line.source == source && is_stale(line));
    let tables: Vec<String> = lines.map(|line| format!("- {}: {}", line.table, line.reason.as_deref().unwrap_or("no reason"))).collect();
    let next = format!(
        "What to do: `virsis sources` says what it delivered, `virsis fetch {source}` tries it. If an extract was refused although it is right, \
         `virsis accept {source} --extract HASH --why TEXT` accepts it.\nNothing more is said of this until the source is up to date again."
    );
    let what = "Its last good extract stands in; pages, the manifest and status.json say since when.";
    (format!("source {source} is stale"), format!("{what}\n\n{}\n\n{next}", tables.join("\n")))
}

fn ends(what: &str, end: Option<DateTime<Utc>>, now: DateTime<Utc>) -> (String, String) {
    let title = match end {
        Some(end) if end < now => format!("{what} has ended on {}", end.format("%Y-%m-%d")),
        Some(end) => format!("{what} ends on {}", end.format("%Y-%m-%d")),
        None => format!("{what} ends soon"),
    };
    let (harm, next) = if what == KEY_LIST {
        (
            "Readers believe nothing that the portal shows once its list of keys has ended.",
            "publish the next list with `virsis signing renew --list-key FILE --until DAY`",
        )
    } else {
        (
            "Who uses it refuses whatever is proven by it from then on: a source becomes stale, signatures or letters are not accepted.",
            "get a new one from its issuer, by another way than over the connection that it protects, put it into the file that the setting names \
             (both of them while the other side changes), and try it with `virsis doctor`",
        )
    };
    (title, format!("{harm}\n\nWhat to do: {next}.\nThis is said 30, 14 and 3 days ahead, and once when it has ended."))
}

fn day_and_time(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

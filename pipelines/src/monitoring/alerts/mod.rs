//! Tells somebody that a night failed, that a source became stale, or that a certificate or the list of keys ends soon: once when it begins, once when
//! it is over.
//!
//! What was told is in `state/alerts.json`. A message that could not be handed over stays there, and the next run tries again.

mod deliver;
mod message;
mod occurrence;
mod told;

use anyhow::Result;

use self::message::Message;
use self::occurrence::{closeness, endings, seen};
use self::told::Told;
use crate::config::Config;
use crate::state::ledger::Entry;

/// Compares a run with what was told before, and tells what is new. What goes wrong here is logged: it is no reason to fail a night.
pub(crate) fn after_run(config: &Config, run: &Entry) {
    if config.alerts.mail.is_none() && config.alerts.webhook_file.is_none() {
        return;
    }
    if let Err(error) = tell(config, run) {
        tracing::error!(error = format!("{error:#}"), "what the run should have alerted to could not be told");
    }
}

fn tell(config: &Config, run: &Entry) -> Result<()> {
    let mut told = Told::load(&config.paths.state)?;
    let endings = endings(config, run.started).unwrap_or_else(|error| {
        // The night's own message is not held up by it.
        tracing::error!(error = format!("{error:#}"), "what ends soon cannot be told");
        Vec::new()
    });
    let mut seen = seen(run);
    seen.extend(endings.iter().map(|ending| (ending.subject.clone(), closeness(ending.end, run.started))));
    for change in told.compare(&seen, run.started) {
        told.queue(&config.alerts, &Message::about(&change, run, &endings, &config.paths.state));
    }
    // On the disk before anything leaves: a killed run may say something twice, but forgets nothing. A full disk is the more reason to tell.
    if let Err(error) = told.save(&config.paths.state) {
        tracing::error!(error = format!("{error:#}"), "what is told cannot be remembered; it may be told again");
    }
    told.deliver(config);
    told.save(&config.paths.state)
}

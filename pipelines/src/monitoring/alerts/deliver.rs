//! The two ways in which an alert leaves: as a letter in the form endpoint's outbox, as JSON to a webhook.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use forms::store::{self, Durability, Waiting};
use serde::{Deserialize, Serialize};

use super::super::post::Post;
use super::message::Message;
use crate::config::{Alerts, Config};
use crate::state::form_store;

/// A way to tell somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Channel {
    Mail,
    Webhook,
}

impl Channel {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }
}

/// Hands over one message; one for a channel that is not set any more is dropped.
pub(super) fn hand_over(config: &Config, channel: Channel, message: &Message) -> Result<()> {
    match (channel, &config.alerts) {
        (Channel::Mail, Alerts { mail: Some(address), .. }) => enqueue(config, address, message),
        (Channel::Webhook, Alerts { webhook_file: Some(file), authorities_file, .. }) => {
            Post::new("alerts.webhook_file", &address(file)?, authorities_file.as_deref())?.json(message)
        }
        _ => Ok(()),
    }
}

/// The address of the webhook. Whoever knows it may write there, so it is kept as other secrets are.
fn address(file: &Path) -> Result<String> {
    let failed = || format!("alerts.webhook_file {}", file.display());
    let mode = fs::metadata(file).with_context(failed)?.permissions().mode();
    anyhow::ensure!(mode & 0o077 == 0, "{}: others may read it; set its mode to 0600", failed());
    Ok(fs::read_to_string(file).with_context(failed)?.trim().to_owned())
}

/// The endpoint delivers it, as it does every letter; written twice it is one.
fn enqueue(config: &Config, address: &str, message: &Message) -> Result<()> {
    let letter = Waiting {
        id: format!("alert-{}", message.id),
        recipient: address.to_owned(),
        subject: message.title.clone(),
        body: message.text.clone(),
        written: message.run,
    };
    let store = form_store::open(config)?;
    store
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| store::enqueue(transaction, &letter))
        .context("the letter cannot be written")?;
    Ok(())
}

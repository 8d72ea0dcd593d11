//! The two ways in which an alert leaves: as a letter in the form endpoint's outbox, as JSON to a webhook.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use connectors::{Call, Http, HttpSettings};
use forms::store::{self, Durability, Waiting};
use serde::{Deserialize, Serialize};

use super::message::Message;
use crate::config::{Alerts, Config};
use crate::state::form_store;

/// A night does not wait longer for a webhook.
const LONGEST: Duration = Duration::from_secs(30);
/// Bytes of an answer that nobody reads.
const MOST_BYTES: u64 = 1 << 20;

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
        (Channel::Webhook, Alerts { webhook: Some(address), .. }) => post(&config.alerts, address, message),
        _ => Ok(()),
    }
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

fn post(settings: &Alerts, address: &str, message: &Message) -> Result<()> {
    let client = HttpSettings {
        stall: LONGEST,
        total: LONGEST,
        most_bytes: MOST_BYTES,
        attempts: 1,
        authorities_file: settings.authorities_file.clone(),
        ..HttpSettings::default()
    };
    // Addresses of webhooks are often their only secret.
    let call = Call::post("alerts", address, Instant::now() + LONGEST, serde_json::to_vec(message)?)
        .header("content-type", "application/json")
        .shown_as("alerts.webhook");
    Http::new(&client)?.fetch(&call)?;
    Ok(())
}

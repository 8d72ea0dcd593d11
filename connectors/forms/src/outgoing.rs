//! Delivering the outbox: one letter after another, each marked as delivered only after the mail server took it.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use mail::{Delivery, Failure, Letter};

use crate::Error;
use crate::app::App;
use crate::store::{self, Durability};
use crate::training::TRAINING_NOTICE;
use crate::undelivered;

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_secs(5);
/// So many letters at a time.
const AT_A_TIME: usize = 50;

/// Delivers for ever.
pub(crate) async fn deliver(app: Arc<App>) {
    let Some(settings) = app.settings.mail.clone() else {
        tracing::warn!("[forms.mail] is not set: notifications wait in the outbox");
        return;
    };
    let delivery: Arc<dyn Delivery> = match mail::prepare(&settings) {
        Ok(delivery) => delivery.into(),
        Err(error) => {
            tracing::error!(%error, "mail cannot be delivered; notifications wait in the outbox");
            return;
        }
    };
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        let (app, delivery) = (app.clone(), delivery.clone());
        match tokio::task::spawn_blocking(move || deliver_due(&app, delivery.as_ref())).await {
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(sent)) => tracing::info!(sent, "notifications delivered"),
            Ok(Err(error)) => tracing::error!(%error, "the outbox cannot be read or updated"),
        }
    }
}

/// Delivers what is due now; says how many letters were taken.
///
/// # Errors
/// The store's. A letter that is not taken is no error: it is tried again, or given up.
pub fn deliver_due(app: &App, delivery: &dyn Delivery) -> Result<usize, Error> {
    let mut sent = 0;
    for waiting in app.store.read(|connection| store::due(connection, Utc::now(), AT_A_TIME))? {
        let (subject, text) = if app.settings.training {
            (format!("[MOKYMAI] {}", waiting.subject), format!("{TRAINING_NOTICE}.\n\n{}", waiting.body))
        } else {
            (waiting.subject, waiting.body)
        };
        let letter = Letter { id: waiting.id.clone(), to: waiting.recipient, subject, text, written: waiting.written };
        let outcome = delivery.deliver(&letter);
        app.store.write::<_, Error>(Durability::OnDisk, |transaction| match &outcome {
            Ok(()) => store::delivered(transaction, &waiting.id, Utc::now()),
            Err(failure) => {
                let for_good = matches!(failure, Failure::Never(_));
                store::failed(transaction, &waiting.id, for_good, &undelivered::in_words(failure.reason()), Utc::now())
            }
        })?;
        match outcome {
            Ok(()) => sent += 1,
            Err(failure) => tracing::warn!(letter = waiting.id, reason = %failure, "a notification was not taken"),
        }
    }
    Ok(sent)
}

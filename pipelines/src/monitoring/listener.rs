//! What a monitoring system asks over HTTP: `/metrics` in Prometheus' text format, `/health` in one sentence.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::routing::get;
use chrono::Utc;
use forms::App;
use forms::store::SignIns;

use super::health;
use super::metrics;
use super::nights::Nights;
use crate::config::Config;

const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
const SENTENCE_TYPE: &str = "text/plain; charset=utf-8";

/// What is asked.
struct Watched {
    config: Arc<Config>,
    endpoint: Option<Arc<App>>,
    /// Attempts to sign in that were counted so far.
    sign_ins: Mutex<SignIns>,
}

type Answer = (StatusCode, [(HeaderName, &'static str); 2], String);

/// Answers about runs, whichever process made them, and about the form endpoint if this process serves it.
pub(crate) fn router(config: Arc<Config>, endpoint: Option<Arc<App>>) -> Router {
    let watched = Arc::new(Watched { config, endpoint, sign_ins: Mutex::default() });
    let metrics = |State(watched): State<Arc<Watched>>| answer(watched, Watched::metrics);
    let health = |State(watched): State<Arc<Watched>>| answer(watched, Watched::health);
    Router::new().route("/metrics", get(metrics)).route("/health", get(health)).with_state(watched)
}

/// Reads files and the store away from the threads that serve.
async fn answer(watched: Arc<Watched>, of: fn(&Watched) -> Result<Answer>) -> Answer {
    let answered = tokio::task::spawn_blocking(move || of(&watched)).await;
    match answered.map_err(anyhow::Error::from).and_then(|answered| answered) {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "a monitoring system got no answer");
            text(
                StatusCode::INTERNAL_SERVER_ERROR,
                SENTENCE_TYPE,
                "the state cannot be read; the log of `virsis serve` says why\n".to_owned(),
            )
        }
    }
}

fn text(status: StatusCode, kind: &'static str, text: String) -> Answer {
    (status, [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text)
}

impl Watched {
    fn metrics(&self) -> Result<Answer> {
        let mut sign_ins = self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner);
        let page = metrics::page(&self.config, self.endpoint.as_deref(), &mut sign_ins, Utc::now())?;
        Ok(text(StatusCode::OK, METRICS_TYPE, page))
    }

    fn health(&self) -> Result<Answer> {
        let wrong = health::wrong(&self.config, &Nights::read(&self.config)?, self.endpoint.as_deref(), Utc::now());
        let status = if wrong.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        Ok(text(status, SENTENCE_TYPE, wrong.unwrap_or_else(|| "all is well".to_owned()) + "\n"))
    }
}

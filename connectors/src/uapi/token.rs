//! Access tokens: OAuth 2.0 client credentials (RFC 6749, 4.4), kept until shortly before they expire.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use url::form_urlencoded;

use crate::Error;
use crate::http::{Call, Http, Problem, read_secret};

/// A token with less left than this is not begun with.
const MARGIN: Duration = Duration::from_secs(60);

/// Who we are to the data API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientSettings {
    /// Name of the client.
    pub id: String,
    /// File with its secret, mode 0600.
    pub secret_file: PathBuf,
    /// What to ask permission for.
    #[serde(default = "scope")]
    pub scope: String,
    /// Where tokens are given, if not at `/auth/token` of the server.
    #[serde(default)]
    pub token_address: Option<String>,
}

fn scope() -> String {
    "uapi:/:getall uapi:/:search uapi:/:changes".to_owned()
}

/// Gets tokens, and keeps the last one.
#[derive(Debug)]
pub(super) struct Tokens {
    client: ClientSettings,
    address: String,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: String,
    until: Instant,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Kept")
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

impl Tokens {
    pub(super) fn new(client: ClientSettings, server: &str) -> Self {
        let address = client.token_address.clone().unwrap_or_else(|| format!("{}/auth/token", server.trim_end_matches('/')));
        Self { client, address, kept: Mutex::new(None) }
    }

    /// A token that is still good for a while.
    pub(super) fn get(&self, http: &Http, source: &'static str, deadline: Instant) -> Result<String, Error> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.until > Instant::now() + MARGIN) {
            return Ok(kept.token.clone());
        }
        let granted = self.ask(http, source, deadline)?;
        // Without a word on how long it is good, it is asked for each time.
        let until = Instant::now() + Duration::from_secs(granted.expires_in.unwrap_or_default());
        *kept = Some(Kept { token: granted.access_token.clone(), until });
        Ok(granted.access_token)
    }

    /// The server did not take this token.
    pub(super) fn forget(&self, token: &str) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|kept| kept.token == token) {
            *kept = None;
        }
    }

    fn ask(&self, http: &Http, source: &'static str, deadline: Instant) -> Result<Granted, Error> {
        let secret = read_secret(&self.client.secret_file)?;
        let credentials = [self.client.id.as_bytes(), b":", secret.trim_ascii()].concat();
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", &self.client.scope)
            .finish();
        let call = Call::post(source, &self.address, deadline, body.into_bytes())
            .header("authorization", format!("Basic {}", BASE64_STANDARD.encode(credentials)))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .accept(&[400]);
        http.fetch_with(&call, |answer| match answer.status {
            // RFC 6749, 5.2: a client or a scope that it does not know.
            400 => Err(Problem::Request { reason: "it gives this client no token for this scope".to_owned() }),
            _ => serde_json::from_slice(&answer.bytes).map_err(|_| Problem::Protocol { found: "an answer without an access token" }),
        })
    }
}

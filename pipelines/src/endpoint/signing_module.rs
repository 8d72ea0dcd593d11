//! The Centre of Registers' signing module over HTTP (docs/forms.md has the interface).

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use connectors::{Call, Http, HttpSettings};
use forms::{HandedOver, ModuleSettings, SigningModule, Unavailable};
use serde::Deserialize;

use crate::config::Config;
use crate::refusal::Refusal;

/// Timeout of a request: somebody is waiting for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Largest container.
const MOST_BYTES: u64 = 12 << 20;
/// Name in errors and logs.
const SOURCE: &str = "signing module";
/// Statuses that mean that nobody has signed yet.
const NOT_YET: &[u16] = &[404];

struct Module {
    settings: ModuleSettings,
    http: HttpSettings,
    token: String,
}

/// The response to a document.
#[derive(Deserialize)]
struct Begun {
    numeris: String,
    adresas: String,
}

/// The module, if the configuration names one.
///
/// # Errors
/// Its settings cannot be used.
pub(crate) fn prepare(config: &Config) -> Result<Option<Box<dyn SigningModule>>> {
    let Some(settings) = config.forms.module.clone() else { return Ok(None) };
    if ![&settings.address, &settings.origin].iter().all(|address| is_protected(address)) {
        return Err(Refusal::one("[forms.module] address and origin must begin with https:// (http:// only on this machine)").into());
    }
    let token = read_token(&settings.token_file)?;
    let http = HttpSettings {
        attempts: 1,
        most_bytes: MOST_BYTES,
        authorities_file: settings.authorities_file.clone(),
        ..HttpSettings::default()
    };
    Http::new(&http).map_err(Refusal::one)?;
    Ok(Some(Box::new(Module { settings, http, token })))
}

/// Whether documents and the token are protected on their way: by TLS, or because they stay on this machine.
fn is_protected(address: &str) -> bool {
    let host = address.strip_prefix("http://").map(|rest| rest.split(['/', ':']).next().unwrap_or_default());
    host.map_or(address.starts_with("https://"), |host| host == "127.0.0.1" || host == "localhost")
}

fn read_token(path: &Path) -> Result<String> {
    use std::os::unix::fs::PermissionsExt;
    let data = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    if data.permissions().mode() & 0o077 != 0 {
        return Err(Refusal::one(format!("{}: others may read it; set its mode to 0600", path.display())).into());
    }
    Ok(std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?.trim().to_owned())
}

impl Module {
    fn fetch(&self, call: Call<'_>) -> Result<connectors::Whole, Unavailable> {
        let told = |error: connectors::Error| {
            tracing::warn!(%error, "the signing module could not be reached, or answered with an error");
            Unavailable
        };
        // New for each request: a client gives up after a few failures in a row.
        let http = Http::new(&self.http).map_err(told)?;
        http.fetch(&call.header("authorization", format!("Bearer {}", self.token))).map_err(told)
    }
}

impl SigningModule for Module {
    fn origin(&self) -> &str {
        &self.settings.origin
    }

    fn hand_over(&self, document: &[u8], back: &str) -> Result<HandedOver, Unavailable> {
        let address = format!("{}/dokumentai", self.settings.address);
        let call = Call::post(SOURCE, &address, Instant::now() + PATIENCE, document.to_vec());
        let answer = self.fetch(call.header("content-type", "application/pdf").header("grizti", back))?;
        let begun: Begun = serde_json::from_slice(&answer.bytes).map_err(|_| Unavailable)?;
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let own = begun.adresas.strip_prefix(&self.settings.origin).is_some_and(|rest| rest.starts_with('/'));
        if !own || begun.numeris.is_empty() || begun.numeris.len() > 64 || !begun.numeris.chars().all(plain) {
            tracing::warn!("the answer of the signing module is invalid: an address on another site, or a malformed document number");
            return Err(Unavailable);
        }
        Ok(HandedOver { reference: begun.numeris, address: begun.adresas })
    }

    fn collect(&self, reference: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        let address = format!("{}/dokumentai/{reference}/konteineris", self.settings.address);
        let answer = self.fetch(Call::get(SOURCE, &address, Instant::now() + PATIENCE).accept(NOT_YET))?;
        Ok((answer.status != NOT_YET[0]).then_some(answer.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_travel_in_the_clear_on_this_machine_only() {
        for good in ["https://x.lt/rc", "http://127.0.0.1:8099/rc", "http://localhost"] {
            assert!(is_protected(good), "{good}");
        }
        for bad in ["http://x.lt", "http://127.0.0.1.example/rc", "http://localhost.example", "ftp://x", ""] {
            assert!(!is_protected(bad), "{bad}");
        }
    }
}

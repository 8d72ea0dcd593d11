//! Settings of the endpoint: `[forms]` in the configuration.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Error;

/// `[forms]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Whether `virsis serve` starts the endpoint, and the nightly run reads what was submitted.
    pub enabled: bool,
    /// The store of submissions; lies outside the portal.
    pub store: PathBuf,
    /// Where the endpoint listens; a web server with TLS stands in front.
    pub address: SocketAddr,
    /// The address people see, such as `https://teikimas.example.lt`; without a path.
    pub origin: String,
    /// Whether people may sign in with a password and a one-time code (`virsis account add`).
    pub local_accounts: bool,
    /// Certificates (PEM) that signers' certificates must lead to.
    pub roots_file: Option<PathBuf>,
    /// Sign-in through VIISP.
    pub viisp: Option<viisp::Settings>,
    /// The Centre of Registers' signing module.
    pub module: Option<ModuleSettings>,
    /// How notifications are delivered; without it they wait in the outbox.
    pub mail: Option<mail::Settings>,
    /// Whether a VIRS is told once a night of everything that others submitted, instead of at once.
    pub nightly_digest: bool,
    /// Whether the last address in `X-Forwarded-For` is the visitor's, because a web server of our own set it.
    pub behind_proxy: Option<bool>,
    /// Requests of one address or one person in a minute.
    pub requests_per_minute: u32,
    /// Attempts of one address to sign in, in a minute.
    pub sign_ins_per_minute: u32,
    /// A draft that nobody touches for so many days loses its content.
    pub draft_days: u32,
    /// Whether this is a training environment: `[training]` of the configuration says so, not `[forms]`.
    #[serde(skip)]
    pub training: bool,
}

/// `[forms.module]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleSettings {
    /// Where documents are handed over, without a slash at its end.
    pub address: String,
    /// Origin of the pages people sign on.
    pub origin: String,
    /// File with the token that the module knows us by, mode 0600.
    pub token_file: PathBuf,
    /// PEM file of the only certificate authorities to trust; none means those of the operating system.
    pub authorities_file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: false,
            store: "state/forms.sqlite".into(),
            address: ([127, 0, 0, 1], 8081).into(),
            origin: "http://127.0.0.1:8081".to_owned(),
            local_accounts: true,
            roots_file: None,
            viisp: None,
            module: None,
            mail: None,
            nightly_digest: false,
            behind_proxy: None,
            requests_per_minute: 600,
            sign_ins_per_minute: 10,
            draft_days: 90,
            training: false,
        }
    }
}

impl Settings {
    /// Makes paths relative to the configuration's folder.
    pub fn anchor(&mut self, folder: &Path) {
        let mut paths: Vec<&mut PathBuf> = vec![&mut self.store];
        paths.extend(&mut self.roots_file);
        if let Some(viisp) = &mut self.viisp {
            paths.push(&mut viisp.key_file);
            paths.extend(&mut viisp.service_keys);
        }
        if let Some(module) = &mut self.module {
            paths.push(&mut module.token_file);
            paths.extend(&mut module.authorities_file);
        }
        match &mut self.mail {
            Some(mail::Settings::File { folder, .. }) => paths.push(folder),
            Some(mail::Settings::Smtp(smtp)) => {
                paths.extend(&mut smtp.password_file);
                paths.extend(&mut smtp.authorities_file);
            }
            None => {}
        }
        for path in paths {
            *path = folder.join(&*path).components().collect();
        }
    }

    /// Everything that is wrong with the settings.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |text: &str| Err(Error::Settings(text.to_owned()));
        let plain = self.origin.strip_prefix("http://").map(|host| host.split(':').next().unwrap_or_default());
        if plain.is_some_and(|host| host != "127.0.0.1" && host != "localhost") || plain.is_none() && !self.origin.starts_with("https://") {
            return wrong("origin must begin with https:// (http:// only on the loopback address)");
        }
        if self.origin.matches('/').count() != 2 {
            return wrong("origin has no path and no slash at its end");
        }
        if !self.address.ip().is_loopback() {
            return wrong("address must be a loopback address: put a web server with TLS in front");
        }
        if self.requests_per_minute == 0 || self.sign_ins_per_minute == 0 {
            return wrong("requests_per_minute and sign_ins_per_minute must be at least 1");
        }
        if !(1..=36_500).contains(&self.draft_days) {
            return wrong("draft_days must be between 1 and 36500");
        }
        if self.enabled && !self.local_accounts && self.viisp.is_none() {
            return wrong("nobody could sign in: set [forms.viisp] or local_accounts");
        }
        Ok(())
    }

    /// What works, but should be said: people come over TLS, so there is a web server in front, but whose address counts is not decided.
    #[must_use]
    pub fn doubt(&self) -> Option<&'static str> {
        (self.behind_proxy.is_none() && self.origin.starts_with("https://")).then_some(
            "forms.behind_proxy is not set, so all people count as one address in the limits: set it to true if your web server sets \
             X-Forwarded-For, else to false",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_behind_a_web_server_must_say_whose_address_counts() {
        let doubt = |origin: &str, behind_proxy| Settings { origin: origin.to_owned(), behind_proxy, ..Settings::default() }.doubt();
        assert!(doubt("https://teikimas.example.lt", None).is_some_and(|doubt| doubt.contains("behind_proxy")));
        assert!([Some(true), Some(false)].iter().all(|said| doubt("https://teikimas.example.lt", *said).is_none()));
        assert!(doubt("http://127.0.0.1:8081", None).is_none());
    }
}

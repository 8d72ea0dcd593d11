//! A portal on the web, read file by file: no redirects, no more bytes than were announced, and no proxy of the environment.

use std::io::Read;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::StatusCode;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use trust::{Fetch, FetchError};
use url::Url;

/// How long a server may be silent.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a publisher takes to replace two files.
const A_MOMENT: Duration = Duration::from_secs(1);

/// Reads the files below an address.
pub(super) struct WebPortal {
    client: Client,
    address: Url,
}

impl WebPortal {
    /// Prepares a client; connects to nothing.
    pub(super) fn new(address: &str) -> Result<Self> {
        // Fails only if a provider is installed already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut address = Url::parse(address).with_context(|| format!("{address} is not a web address"))?;
        if !address.path().ends_with('/') {
            let folder = format!("{}/", address.path());
            address.set_path(&folder);
        }
        let client = Client::builder()
            .user_agent(concat!("virsis/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(SILENCE)
            .timeout(SILENCE);
        Ok(Self { client: client.build().context("cannot prepare for the web")?, address })
    }

    /// The address of a file, with each part of its path encoded (RFC 3986, 3.3).
    fn address_of(&self, path: &str) -> Url {
        let mut address = self.address.clone();
        if let Ok(mut parts) = address.path_segments_mut() {
            parts.pop_if_empty().extend(path.split('/'));
        }
        address
    }
}

impl Fetch for WebPortal {
    fn fetch(&self, path: &str, at_most: u64) -> Result<Box<dyn Read + '_>, FetchError> {
        let answer = self.client.get(self.address_of(path)).send();
        let answer = answer.map_err(|error| FetchError::Unreachable(error.without_url().to_string()))?;
        match answer.status() {
            StatusCode::OK if answer.content_length().is_some_and(|length| length > at_most) => Err(FetchError::TooLong),
            StatusCode::OK => Ok(Box::new(answer)),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(FetchError::Missing),
            status => Err(FetchError::Unreachable(format!("the server answered {status}"))),
        }
    }

    fn wait(&self) {
        sleep(A_MOMENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_encoded_part_by_part() {
        for address in ["https://virsis.example.lt/portal", "https://virsis.example.lt/portal/"] {
            let portal = WebPortal::new(address).unwrap();
            let at = |path: &str| portal.address_of(path).to_string();
            assert_eq!(at("latest.json"), "https://virsis.example.lt/portal/latest.json");
            assert_eq!(at("a?b#c/š%.json"), "https://virsis.example.lt/portal/a%3Fb%23c/%C5%A1%25.json");
        }
    }
}

//! `[alerts]`: who is told that a night failed or a source became stale.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

/// Who is told that a night failed or a source became stale; by default nobody.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Alerts {
    /// E-mail address; letters leave through the form endpoint's outbox.
    pub(crate) mail: Option<String>,
    /// File with the address that a JSON object is posted to; mode 0600.
    pub(crate) webhook_file: Option<PathBuf>,
    /// PEM file of the only certificate authorities that the webhook's server may have; none means those of the operating system.
    pub(crate) authorities_file: Option<PathBuf>,
}

impl Alerts {
    pub(super) fn anchor(&mut self, folder: &Path) {
        self.webhook_file.iter_mut().chain(&mut self.authorities_file).for_each(|path| *path = folder.join(&*path).components().collect());
    }

    /// What is wrong with it; `delivers` says whether the form endpoint delivers letters.
    pub(super) fn check(&self, delivers: bool) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.mail.is_some() && !delivers {
            wrong.push(
                "alerts.mail needs forms.enabled and [forms.mail], through which its letters leave; set them, or alerts.webhook_file"
                    .to_owned(),
            );
        }
        if self.mail.as_deref().is_some_and(|address| !is_mail_address(address)) {
            wrong.push("alerts.mail must be one e-mail address, such as budetojas@example.lt".to_owned());
        }
        wrong
    }
}

fn is_mail_address(text: &str) -> bool {
    let sides = text.split_once('@');
    text.chars().all(|letter| letter.is_ascii_graphic() && !"<>,;".contains(letter))
        && sides.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// Whether nobody on the way can read what is sent to an address.
pub(super) fn is_safe(address: &str) -> bool {
    let Ok(address) = Url::parse(address) else { return false };
    let here = match address.host() {
        Some(url::Host::Ipv4(host)) => host.is_loopback(),
        Some(url::Host::Ipv6(host)) => host.is_loopback(),
        Some(url::Host::Domain(host)) => host == "localhost",
        None => false,
    };
    address.scheme() == "https" || address.scheme() == "http" && here
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_in_the_clear_and_no_letter_waits_where_none_is_delivered() {
        assert!(["https://example.invalid/x", "http://127.0.0.1:9/", "http://localhost/", "http://[::1]/"].iter().all(|one| is_safe(one)));
        assert!(["http://example.invalid/", "http://127.0.0.1.example.invalid/", "ftp://127.0.0.1/", "x"].iter().all(|one| !is_safe(one)));
        let alerts = |mail: &str| Alerts { mail: Some(mail.to_owned()), ..Alerts::default() };
        assert!(alerts("budetojas@example.invalid").check(true).is_empty());
        assert_eq!(alerts("budetojas@example.invalid").check(false).len(), 1);
        assert!(["budetojas", "@example.invalid", "a@b, c@d", "A <a@b>"].iter().all(|mail| alerts(mail).check(true).len() == 1));
    }
}

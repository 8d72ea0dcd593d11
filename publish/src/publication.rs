//! Who publishes the releases, and on what terms: on every page, and in every manifest outside the internal tier.

use catalog::Tier;
use serde::{Deserialize, Serialize};

use crate::paths::{GUIDES, path_in_release};

/// Publisher, contact and licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Publication {
    /// Who publishes.
    pub publisher: String,
    /// Where questions go: an e-mail address or a web address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// What the licence is called.
    pub licence: String,
    /// Its web address.
    pub licence_url: String,
    /// The web address of the portal, under which a web server serves what `latest` shows. Without it no page says its own address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Code of the legal entity that publishes, for catalogues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher_code: Option<String>,
    /// The web address under which a web server serves all releases (`releases` of the portal folder). What lies there never changes, so
    /// descriptions lead there; without it they lead to the latest release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub releases_url: Option<String>,
    /// Whether pages, tables and other texts lie beside themselves packed, for web servers that serve such twins.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub gzip: bool,
    /// Whether the pages of the public and of the open tier are there in English, too.
    #[serde(skip_serializing_if = "is_true")]
    pub english: bool,
    /// Whether a workbook lies beside the page of each VIRS.
    #[serde(skip_serializing_if = "is_true")]
    pub workbooks: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

impl Default for Publication {
    fn default() -> Self {
        Self {
            publisher: "Lietuvos Respublikos kultūros ministerija".to_owned(),
            contact: None,
            licence: "CC BY 4.0".to_owned(),
            licence_url: "https://creativecommons.org/licenses/by/4.0/deed.lt".to_owned(),
            url: None,
            publisher_code: None,
            releases_url: None,
            gzip: false,
            english: true,
            workbooks: true,
        }
    }
}

impl Publication {
    /// Where the contact leads.
    pub(crate) fn contact_link(&self) -> Option<String> {
        let contact = self.contact.as_ref()?;
        Some(if is_web_address(contact) { contact.clone() } else { format!("mailto:{contact}") })
    }

    /// The web address of a file of the portal's release.
    pub(crate) fn address_of(&self, path: &str) -> Option<String> {
        let url = self.url.as_ref()?;
        Some(format!("{}/{path}", url.trim_end_matches('/')))
    }

    /// The web address of the guides, which people are led to from elsewhere.
    #[must_use]
    pub fn guides_address(&self) -> Option<String> {
        self.address_of(&path_in_release(Tier::Public, GUIDES))
    }

    /// What is wrong with it, by key; nothing if all is well.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        let empty = [("publisher", &self.publisher), ("licence", &self.licence)].into_iter().filter(|(_, text)| text.trim().is_empty());
        found.extend(empty.map(|(key, _)| format!("publication.{key} must not be empty")));
        if !is_web_address(&self.licence_url) {
            found.push("publication.licence_url must be a web address".to_owned());
        }
        let is_contact = |contact: &String| is_web_address(contact) || contact.contains('@') && !contact.contains(char::is_whitespace);
        if self.contact.as_ref().is_some_and(|contact| !is_contact(contact)) {
            found.push("publication.contact must be an e-mail address or a web address".to_owned());
        }
        if self.url.as_ref().is_some_and(|url| !is_web_address(url) || url.contains(['?', '#', '"', '<', '>', '&'])) {
            found.push("publication.url must be a web address without parameters, as https://virsis.example.org".to_owned());
        }
        let releases = self.releases_url.as_ref().is_some_and(|url| !is_web_address(url) || url.contains(['?', '#', '"', '<', '>', '&']));
        if releases {
            found.push(
                "publication.releases_url must be a web address without parameters, as https://virsis.example.org/releases".to_owned(),
            );
        }
        if self.publisher_code.as_ref().is_some_and(|code| code.len() != 9 || !code.bytes().all(|digit| digit.is_ascii_digit())) {
            found.push("publication.publisher_code must be the nine digits of a legal entity".to_owned());
        }
        found
    }
}

/// Only what cannot be a script.
pub(crate) fn is_web_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        assert!(is_web_address("https://example.lt/a?b=1"));
        assert!(!is_web_address("javascript:alert(1)") && !is_web_address("http://a b") && !is_web_address(" https://a"));
    }

    #[test]
    fn the_portals_own_address_is_one_that_files_can_be_named_under() {
        let at = |url: &str| Publication { url: Some(url.to_owned()), ..Publication::default() };
        for url in ["https://pavyzdys.lt", "https://pavyzdys.lt/"] {
            assert!(at(url).problems().is_empty());
            assert_eq!(at(url).address_of("public/index.html").as_deref(), Some("https://pavyzdys.lt/public/index.html"));
        }
        assert!(["pavyzdys.lt", "https://pavyzdys.lt/?a", "https://pavyzdys.lt/#a"].iter().all(|url| at(url).problems().len() == 1));
        assert_eq!(Publication::default().address_of("index.html"), None);
    }

    #[test]
    fn a_contact_is_an_address_and_nothing_that_runs() {
        let with = |contact: &str| Publication { contact: Some(contact.to_owned()), ..Publication::default() };
        assert_eq!(with("duomenys@pavyzdys.lt").contact_link().as_deref(), Some("mailto:duomenys@pavyzdys.lt"));
        assert_eq!(with("https://pavyzdys.lt/klausk").contact_link().as_deref(), Some("https://pavyzdys.lt/klausk"));
        assert!(with("duomenys@pavyzdys.lt").problems().is_empty() && Publication::default().problems().is_empty());
        assert_eq!(with("javascript:alert(1)").problems().len(), 1);
        let nobody = Publication { publisher: " ".to_owned(), licence_url: "CC".to_owned(), ..Publication::default() };
        assert_eq!(nobody.problems().len(), 2);
    }
}

//! Who publishes, and on what terms.

/// What every statement and entity says of its publication.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// What the publisher is called.
    pub publisher: &'a str,
    /// The web address of the portal, if it has one.
    pub url: Option<&'a str>,
    /// The web address of the licence.
    pub licence_url: &'a str,
}

impl Publication<'_> {
    /// The web address of the portal as others compare it: with a slash at the end.
    pub(crate) fn home(&self) -> Option<String> {
        self.url.map(|url| format!("{}/", url.trim_end_matches('/')))
    }

    /// The web address of the public tier's page of a VIRS.
    pub(crate) fn page_of(&self, code: &str) -> Option<String> {
        let plain = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
        Some(format!("{}public/virs/{code}.html", self.home().filter(|_| plain)?))
    }
}

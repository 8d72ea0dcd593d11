//! Where files of a tier are found: web addresses where the publisher has any, paths within the tier where not.

use url::Url;

use crate::{Described, Error};

impl Described<'_> {
    /// Refuses addresses under which no file could be named.
    pub(crate) fn check_addresses(&self) -> Result<(), Error> {
        self.latest.iter().chain(&self.immutable).try_for_each(|address| {
            let wrong = |reason: String| Error::Address { address: address.clone(), reason };
            let url = Url::parse(address).map_err(|error| wrong(error.to_string()))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err(wrong("it is neither http nor https".to_owned()));
            }
            if url.query().is_some() || url.fragment().is_some() || !url.path().ends_with('/') {
                return Err(wrong("it does not end in a slash".to_owned()));
            }
            Ok(())
        })
    }

    /// Where a file of the latest release is found: a web address, or else its path.
    pub(crate) fn latest_address(&self, path: &str) -> String {
        format!("{}{path}", self.latest.as_deref().unwrap_or_default())
    }

    /// The web address of a file that never changes, or else of the latest one; none where the publisher has no address.
    pub(crate) fn lasting_address(&self, path: &str) -> Option<String> {
        self.immutable.as_ref().or(self.latest.as_ref()).map(|folder| format!("{folder}{path}"))
    }
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use crate::{Error, describe, sample};

    #[test]
    fn what_is_no_folder_on_the_web_is_refused() {
        let catalog = sample::catalog();
        for address in ["pavyzdys.lt/", "ftp://pavyzdys.lt/", "https://pavyzdys.lt/open", "https://pavyzdys.lt/?a=/", "file:///srv/"] {
            let described = crate::Described { latest: Some(address.to_owned()), ..sample::described(&catalog, Tier::Open) };
            assert!(matches!(describe(&described), Err(Error::Address { .. })), "{address}");
        }
    }
}

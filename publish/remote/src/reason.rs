//! The reasons of stores in words. What their libraries say may repeat a whole request, with keys and signatures in it; only what is known to
//! be harmless goes into errors.

use std::error::Error as _;

use object_store::client::{HttpError, HttpErrorKind};

/// The longest text of a library that is repeated.
const LONGEST: usize = 300;

/// Values that must not be said.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// The secret ones among settings, told by their names.
    pub(crate) fn of<'a>(settings: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let is_secret = |name: &str| ["KEY", "SECRET", "TOKEN", "SAS", "CREDENTIAL", "PROXY"].iter().any(|part| name.contains(part));
        let secret = settings.into_iter().filter(|(name, value)| is_secret(&name.to_ascii_uppercase()) && value.len() >= 4);
        Self(secret.map(|(_, value)| value.to_owned()).collect())
    }

    /// Why a store refused, or could not be reached.
    pub(crate) fn reason(&self, error: &object_store::Error) -> String {
        let text = error.to_string();
        let mut words = match error {
            object_store::Error::NotFound { .. } => "it is not there, or there is no such bucket".to_owned(),
            object_store::Error::PermissionDenied { .. } => {
                "the store does not permit it; publishing must be allowed to list, read, write and delete".to_owned()
            }
            object_store::Error::Unauthenticated { .. } => "the store does not accept the credentials".to_owned(),
            object_store::Error::AlreadyExists { .. } => "it is there already".to_owned(),
            object_store::Error::Precondition { .. } | object_store::Error::NotModified { .. } => {
                "it was changed in the meantime".to_owned()
            }
            _ => match (transport(error), status(&text)) {
                (_, Some(status)) => format!("the store answered {status}"),
                (Some(words), None) => words.to_owned(),
                (None, None) => self.scrubbed(&text),
            },
        };
        if let Some(code) = code(&text) {
            words.push_str(&format!(" ({code})"));
        }
        words
    }

    /// A library's text without bodies of answers, queries of addresses and values that are secrets.
    pub(crate) fn scrubbed(&self, text: &str) -> String {
        let text = self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "…"));
        let text = text.split('<').next().unwrap_or_default();
        let mut said = String::new();
        let mut in_query = false;
        for character in text.chars().take(LONGEST) {
            match character {
                '?' => in_query = true,
                ' ' | '"' | ')' | '\n' => in_query = false,
                _ => {}
            }
            if !in_query && !character.is_control() {
                said.push(character);
            }
        }
        said.trim().to_owned()
    }
}

/// What kept a request from being answered at all.
fn transport(error: &object_store::Error) -> Option<&'static str> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<HttpError>() {
            return Some(match error.kind() {
                HttpErrorKind::Connect => "there is no connection to the store",
                HttpErrorKind::Timeout => "the store did not answer in time",
                HttpErrorKind::Interrupted | HttpErrorKind::Request => "the connection to the store broke",
                HttpErrorKind::Decode => "the store's answer cannot be understood",
                _ => "the request failed before the store answered",
            });
        }
        cause = error.source();
    }
    None
}

/// The status of an HTTP answer, out of a library's text.
fn status(text: &str) -> Option<&str> {
    let after = text.split_once("status code: ")?.1;
    let status = after.split(':').next()?.trim();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || " -".contains(character);
    (status.len() < 60 && status.starts_with(|first: char| first.is_ascii_digit()) && status.chars().all(is_plain)).then_some(status)
}

/// The code of an error that S3, Google and Azure all put into their answers.
fn code(text: &str) -> Option<&str> {
    let code = text.split_once("<Code>")?.1.split_once("</Code>")?.0;
    (code.len() < 60 && code.chars().all(|character| character.is_ascii_alphanumeric())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(text: &str) -> object_store::Error {
        object_store::Error::Generic { store: "S3", source: text.to_owned().into() }
    }

    #[test]
    fn of_a_refusal_status_and_code_are_said_and_nothing_of_the_request() {
        let secrets = Secrets::of([("AWS_SECRET_ACCESS_KEY", "slaptas-raktas"), ("AWS_REGION", "eu-north-1")]);
        let refused = generic(
            "Error performing PUT https://s3/b/k?X-Amz-Signature=deadbeef - Server returned non-2xx status code: 403 Forbidden: \
             <Error><Code>SignatureDoesNotMatch</Code><StringToSign>slaptas-raktas x-amz-security-token:zetonas</StringToSign></Error>",
        );
        assert_eq!(secrets.reason(&refused), "the store answered 403 Forbidden (SignatureDoesNotMatch)");
    }

    #[test]
    fn of_an_unknown_failure_neither_secrets_nor_queries_nor_bodies_are_said() {
        let secrets = Secrets::of([("AZURE_STORAGE_SAS_KEY", "sv=2026&sig=abcd"), ("AWS_REGION", "eu-north-1")]);
        let said = secrets.reason(&generic("bad key sv=2026&sig=abcd in \"https://a.example/c?sig=zzz\" of eu-north-1 <b>x</b>"));
        assert_eq!(said, "Generic S3 error: bad key … in \"https://a.example/c\" of eu-north-1");
    }

    #[test]
    fn what_broke_on_the_way_is_told_apart() {
        let broken = |kind| {
            let source = Box::new(HttpError::new(kind, std::io::Error::other("at 10.0.0.1 with a token")));
            Secrets::default().reason(&object_store::Error::Generic { store: "S3", source })
        };
        assert_eq!(broken(HttpErrorKind::Connect), "there is no connection to the store");
        assert_eq!(broken(HttpErrorKind::Timeout), "the store did not answer in time");
    }
}

//! What goes wrong between this machine and a source, and whether asking again can help. Never a word of an answer's body.

use std::error::Error as Cause;
use std::time::Duration;

use rustls::CertificateError;

/// What an address did wrong; reads on after the address in [`crate::Error::Network`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No connection, or it broke before the answer.
    #[error("cannot be reached ({reason}); check the address and the network, or try later")]
    Unreachable {
        /// The operating system's reason.
        reason: String,
    },
    /// The server's certificate, or ours, was not accepted.
    #[error("has a certificate that {what}")]
    Certificate {
        /// What is wrong with it and what to do.
        what: &'static str,
    },
    /// A status that is no success.
    #[error("answers with status {status}; {}", hint(*.status))]
    Status {
        /// The status code.
        status: u16,
        /// The pause it asks for.
        retry_after: Option<Duration>,
    },
    /// It sends elsewhere.
    #[error("redirects to {to}, which is not followed; if the source has moved, correct its address in virsis.toml")]
    Redirected {
        /// Scheme, host and port.
        to: String,
    },
    /// It says nothing for too long.
    #[error("was silent for {} s; try later, or raise `stall_seconds`", .after.as_secs_f64())]
    Stalled {
        /// How long.
        after: Duration,
    },
    /// One answer takes too long as a whole.
    #[error("had not answered in full after {} s; try later, or raise `total_seconds`", .after.as_secs_f64())]
    TooSlow {
        /// How long.
        after: Duration,
    },
    /// The night is over.
    #[error("did not answer before the night's deadline; the next run asks again")]
    DeadlinePassed,
    /// It failed too often: it is not asked any more.
    #[error("is not asked any more in this run after {failures} failed requests in a row; see the first of them above")]
    GivenUp {
        /// How many.
        failures: u32,
    },
    /// It sends more than anyone expects.
    #[error("sends more than {most} bytes; if that is right, raise `most_bytes`")]
    TooLarge {
        /// The bound.
        most: u64,
    },
    /// Something else than data came.
    #[error("sends {found} instead of data; try later, or check the address")]
    NotData {
        /// What came.
        found: &'static str,
    },
    /// The answer ends too early.
    #[error("broke off its answer ({found}); try later")]
    Cut {
        /// How it shows.
        found: &'static str,
    },
    /// A page comes twice: reading on would never end, or count objects twice.
    #[error("gives the same page twice ({found}); try later, and tell the source")]
    DuplicatePage {
        /// How it shows.
        found: &'static str,
    },
    /// The extract is no longer the one whose reading began.
    #[error("changed its extract while it was read ({found}); try later")]
    Changed {
        /// How it shows.
        found: &'static str,
    },
    /// The answer cannot be understood.
    #[error("sends what cannot be understood ({found}); the source may have changed its protocol")]
    Protocol {
        /// How it shows.
        found: &'static str,
    },
    /// The request cannot be made.
    #[error("cannot be asked: {reason}; correct it in virsis.toml")]
    Request {
        /// Why.
        reason: String,
    },
}

impl Problem {
    /// A word for machines: what kind of trouble this is.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Certificate { .. } => "certificate",
            Self::Status { status: 401 | 403, .. } => "not_allowed",
            Self::Status { .. } => "status",
            Self::Redirected { .. } => "redirected",
            Self::Stalled { .. } | Self::TooSlow { .. } => "too_slow",
            Self::DeadlinePassed => "deadline",
            Self::GivenUp { .. } => "given_up",
            Self::TooLarge { .. } => "too_large",
            Self::NotData { .. } => "not_data",
            Self::Cut { .. } => "truncated",
            Self::DuplicatePage { .. } => "duplicate_page",
            Self::Changed { .. } => "changed_while_read",
            Self::Protocol { .. } => "protocol",
            Self::Request { .. } => "settings",
        }
    }

    /// Whether it may be gone in a moment.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Stalled { .. } | Self::TooSlow { .. } | Self::Cut { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// The pause the source asks for.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// What a failure of the HTTP library means.
    pub(crate) fn of(error: reqwest::Error, stall: Duration) -> Self {
        if let Some(what) = causes(&error).find_map(|cause| cause.downcast_ref().and_then(certificate)) {
            return Self::Certificate { what };
        }
        if error.is_timeout() {
            // A connection that does not come about is a silence as well.
            return Self::Stalled { after: stall };
        }
        if error.is_body() || error.is_decode() {
            return Self::Cut { found: "the connection broke" };
        }
        if error.is_builder() {
            return Self::Request { reason: error.without_url().to_string() };
        }
        Self::Unreachable { reason: innermost(&error) }
    }
}

/// The innermost cause in words; the outer ones only repeat the address.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| "no reason given".to_owned(), ToString::to_string)
}

/// What caused an error, what caused that. An `io::Error` skips its own content when asked for its cause.
fn causes<'a>(error: &'a (dyn Cause + 'static)) -> impl Iterator<Item = &'a (dyn Cause + 'static)> {
    fn next<'a>(cause: &'a (dyn Cause + 'static)) -> Option<&'a (dyn Cause + 'static)> {
        match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(content) => Some(content),
            None => cause.source(),
        }
    }
    std::iter::successors(error.source(), |cause| next(*cause))
}

fn certificate(error: &rustls::Error) -> Option<&'static str> {
    use rustls::{AlertDescription, Error};
    Some(match error {
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "has expired; the source must renew it, or this machine's clock is wrong"
        }
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            "is not valid yet; check this machine's clock"
        }
        Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            "was made for another name; check the address"
        }
        Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
            "no trusted authority has signed; put its authority into `authorities_file`"
        }
        Error::InvalidCertificate(_) => "is not accepted; ask the source",
        Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => "is in order, but it does not accept ours; check `identity_file`",
        _ => return None,
    })
}

fn hint(status: u16) -> &'static str {
    match status {
        401 => "the credentials are missing or wrong",
        403 => "these credentials do not allow this; ask the source for access",
        404 | 410 => "there is nothing at this address; correct it",
        408 | 425 | 429 => "it is busy; try later",
        400..=499 => "it does not accept the request; the source may have changed its protocol",
        _ => "the source is out of order; try later",
    }
}

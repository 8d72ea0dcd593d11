//! What can go wrong with a sign-in, and what to do then. Never a code, a name, a ticket or any other word of an answer.

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The settings make no sense.
    #[error("`{key}` of VIISP's settings {reason}")]
    Settings {
        /// The key.
        key: &'static str,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The caller's correlation is none.
    #[error("a correlation is 16 to 128 letters, digits, `_` or `-`, made at random for one sign-in; this is a defect of the program")]
    Correlation,
    /// The caller's address for the postback is none.
    #[error("the postback address is not `https://`, or holds a `#` or a name and password; correct our public address")]
    Postback,
    /// A ticket that is none.
    #[error("a ticket is 1 to 512 visible ASCII characters, and this is none; sign in again")]
    Ticket,
    /// No connection, or it broke before the answer.
    #[error("VIISP cannot be reached ({reason}); check `service` and the network, or try later")]
    Unreachable {
        /// The operating system's reason.
        reason: String,
    },
    /// TLS does not come about.
    #[error("VIISP's TLS certificate is not accepted ({reason}); check `service`, `authorities_file` and this machine's clock")]
    Tls {
        /// The TLS library's reason.
        reason: String,
    },
    /// It takes too long.
    #[error("VIISP had not answered in full after {seconds} s; try later, or raise `timeout_seconds`")]
    TimedOut {
        /// The setting.
        seconds: u64,
    },
    /// The answer ends too early.
    #[error("VIISP broke off its answer; sign in again")]
    Cut,
    /// A status that is neither success nor a fault.
    #[error("VIISP answers with status {status}, which is no answer; check `service`, or try later")]
    Status {
        /// The status code.
        status: u16,
    },
    /// It sends elsewhere.
    #[error("VIISP redirects, with status {status}, which is not followed: a signed question is for one address; correct `service`")]
    Redirected {
        /// The status code.
        status: u16,
    },
    /// The answer says that it is something else.
    #[error("VIISP's answer is not `text/xml`; it may be a web page: check `service`, or try later")]
    NotXml,
    /// More than any answer has.
    #[error("VIISP's answer has more than {most} bytes, as no real one has; check `service`")]
    TooLarge {
        /// The bound.
        most: usize,
    },
    /// The answer is not UTF-8.
    #[error("VIISP's answer is not UTF-8; it may be compressed, ask VIISP")]
    NotText,
    /// VIISP refuses. A fault is not signed: it says why nobody was signed in, and nothing else.
    #[error("VIISP answers with the fault {code}; {}", fault(*.exception))]
    Fault {
        /// Its code: letters only.
        code: String,
        /// Which of the two exceptions of VIISP's schema it carries.
        exception: Option<Exception>,
    },
    /// The answer must not be believed, or our question could not be signed.
    #[error("{reason}; {}", what_to_do(.reason))]
    Signature {
        /// Why.
        reason: xmlsignature::Error,
    },
    /// The answer is signed, but not as VIISP's schema wants it.
    #[error("VIISP's answer {found}; the service may have changed, ask VIISP")]
    Answer {
        /// How it breaks the schema.
        found: &'static str,
    },
    /// The answer does not say to which sign-in it belongs.
    #[error("VIISP's answer has no customData, so nobody can tell whose sign-in it is; nobody is signed in, ask VIISP")]
    NoCorrelation,
    /// The answer belongs to another sign-in.
    #[error("VIISP's answer belongs to another sign-in than this browser's; nobody is signed in, sign in again")]
    OtherSignIn,
    /// The person signed in by a way that was not offered.
    #[error("the person signed in by a way that is not among `providers`; nobody is signed in")]
    Provider,
    /// A person without a Lithuanian personal code.
    #[error("VIISP names no Lithuanian personal code, as for many foreigners; sign in by another way")]
    NoPersonCode,
    /// A personal code that is none.
    #[error("VIISP names a personal code that is none; nobody is signed in, ask VIISP")]
    PersonCode,
    /// A legal entity's code that is none.
    #[error("VIISP names a code of a legal entity that is none; nobody is signed in, ask VIISP")]
    CompanyCode,
    /// No name, or one that is none.
    #[error("VIISP gives no name of the person, or one too long or with control characters; nobody is signed in, ask VIISP")]
    Name,
}

/// The exceptions that VIISP's schema knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exception {
    /// `invalidSignatureException`.
    InvalidSignature,
    /// `invalidXmlException`.
    InvalidXml,
}

impl Error {
    /// A word for machines: what kind of trouble this is.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Settings { .. } | Self::Correlation | Self::Postback => "settings",
            Self::Ticket => "ticket",
            Self::Unreachable { .. } | Self::Cut => "unreachable",
            Self::Tls { .. } => "certificate",
            Self::TimedOut { .. } => "too_slow",
            Self::Status { .. } => "status",
            Self::Redirected { .. } => "redirected",
            Self::NotXml | Self::NotText | Self::Answer { .. } => "protocol",
            Self::TooLarge { .. } => "too_large",
            Self::Fault { .. } => "fault",
            Self::Signature { .. } => "signature",
            Self::NoCorrelation | Self::OtherSignIn => "other_answer",
            Self::Provider => "provider",
            Self::NoPersonCode | Self::PersonCode | Self::CompanyCode | Self::Name => "person",
        }
    }
}

fn fault(exception: Option<Exception>) -> &'static str {
    match exception {
        Some(Exception::InvalidSignature) => "it does not accept our signature: check `key_file`, and that VIISP knows its public key",
        Some(Exception::InvalidXml) => "it does not accept our question: check `pid` and `providers`, then ask VIISP",
        None => "perhaps the person broke off, or the ticket is too old or used: sign in again",
    }
}

/// What to do when a message cannot be believed.
fn what_to_do(reason: &xmlsignature::Error) -> &'static str {
    use xmlsignature::Error;
    match reason {
        Error::NotXml | Error::Excess | Error::DocumentType | Error::Envelope | Error::Fault(_) => "check `service`, then ask VIISP",
        Error::Hash => "ask VIISP for SHA-256, or allow what it uses in `hashes`",
        Error::Key => {
            "if VIISP changed its key, get the new certificate from it by another way and add it to `service_keys` (of 2048 bits or more)"
        }
        Error::Altered | Error::Place(_) | Error::Profile(_) => "nobody is signed in; somebody may be on the line, tell VIISP",
        Error::KeyFile { .. } => "correct it in the settings",
        Error::NothingToSign | Error::Random => "this is a defect of the program, report it",
    }
}

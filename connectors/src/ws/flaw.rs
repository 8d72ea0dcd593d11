//! What can be wrong with a web service, and what to do then. No code that was asked for, no cell, no text of the answer.

/// Why the service's extract is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The table is none of those the service fills.
    #[error("the web service does not serve this extract; choose another transport for it in virsis.toml")]
    NotServed,
    /// It was asked for a whole register.
    #[error("the web service answers only about codes it is asked for, and none were given; choose another transport in virsis.toml")]
    NobodyNamed,
    /// What it should be asked about are no codes.
    #[error(
        "{count} of the codes to ask about are no codes of the kind this register knows; leave them out, their rows belong in quarantine"
    )]
    NotCodes {
        /// How many.
        count: usize,
    },
    /// The settings make no sense.
    #[error("`{key}` must be at least 1; correct it in virsis.toml")]
    Zero {
        /// The key.
        key: &'static str,
    },
    /// The answer must not be believed, or our question could not be signed.
    #[error("{reason}; {}", what_to_do(.reason))]
    Signature {
        /// Why.
        reason: xmlsignature::Error,
    },
    /// The answer is not UTF-8.
    #[error("the answer is not UTF-8; it may be cut off or compressed, ask the register")]
    NotText,
    /// More than one answer may have.
    #[error("an answer has more than {most} bytes; lower `batch`, or raise `most_answer_bytes` if it is right")]
    TooLarge {
        /// The bound.
        most: u64,
    },
    /// The answer is signed, but not as the schema wants it.
    #[error("element {element} of the answer {found}; compare it with data/ws/virsis-registrai.v1.xsd and ask the register")]
    Answer {
        /// Its place among the answer's elements, from 1.
        element: u64,
        /// How it breaks the schema.
        found: &'static str,
    },
    /// The answer belongs to another question.
    #[error("the answer belongs to another question; somebody may be sending old answers again, ask the register")]
    OtherQuestion,
    /// It says something about a code that was not in the question.
    #[error("the answer speaks of a code that was not asked for; ask the register")]
    Stranger,
    /// It says nothing about a code that was in the question.
    #[error("the answer says nothing about {count} of the codes asked for, not even that there is nothing; ask the register")]
    Silent {
        /// How many.
        count: usize,
    },
    /// More questions than agreed.
    #[error(
        "{questions} questions about {codes} codes were asked, which is all that `budget` allows, and more are needed; raise it if so many are right"
    )]
    Budget {
        /// How many were asked: the setting.
        questions: usize,
        /// About how many codes.
        codes: usize,
    },
    /// The chain of owners does not end.
    #[error(
        "{depth} levels of owners, {codes} codes in all, were asked about and {left} owners are left; raise `depth` if chains are so long"
    )]
    Depth {
        /// How many levels were climbed: the setting.
        depth: u32,
        /// About how many codes was asked.
        codes: usize,
        /// How many more would have to be.
        left: usize,
    },
    /// The night is over.
    #[error(
        "the deadline of the run passed before every question was asked; raise `concurrency` or `requests_per_second`, or start earlier"
    )]
    DeadlinePassed,
}

impl Flaw {
    /// A word for machines: what kind of trouble this is.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NotServed | Self::NobodyNamed | Self::Zero { .. } => "settings",
            Self::NotCodes { .. } => "not_codes",
            Self::Signature { .. } => "signature",
            Self::NotText | Self::Answer { .. } => "protocol",
            Self::TooLarge { .. } => "too_large",
            Self::OtherQuestion | Self::Stranger => "other_answer",
            Self::Silent { .. } => "incomplete",
            Self::Budget { .. } | Self::Depth { .. } => "budget",
            Self::DeadlinePassed => "deadline",
        }
    }
}

/// What to do when a message cannot be believed.
fn what_to_do(reason: &xmlsignature::Error) -> &'static str {
    use xmlsignature::Error;
    match reason {
        Error::NotXml | Error::Excess | Error::DocumentType | Error::Envelope => "check `address`, then ask the register",
        Error::Fault(_) => "ask the register what it means, and check that it knows our certificate",
        Error::Hash => "ask the register for SHA-256, or allow what it uses in `hashes`",
        Error::Key => "if the register changed its key, get the new certificate from it by another way and add it to `service_keys`",
        Error::Altered | Error::Place(_) => "do not use this answer; somebody may be on the line, tell the register",
        Error::Profile(_) => "ask the register to sign as data/ws/virsis-registrai.v1.wsdl says",
        Error::KeyFile { .. } => "correct `key_file`",
        Error::NothingToSign | Error::Random => "this is a defect of the program, report it",
    }
}

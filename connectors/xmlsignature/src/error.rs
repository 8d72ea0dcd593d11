//! Why a message could not be signed or must not be believed. Never anything the message says, but for a fault's code.

/// Errors of signing and verifying; each one refuses the whole message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not XML at all, cut off, or nested deeper than any real message.
    #[error("the message is not well-formed XML (it may be cut off, or a web page)")]
    NotXml,
    /// A tag or a text longer than any real one.
    #[error("the message has a longer tag or text than any real one")]
    Excess,
    /// Document types bring entities; no signed message needs one.
    #[error("the message has a DOCTYPE, which is never accepted")]
    DocumentType,
    /// Not a SOAP 1.1 envelope, or its body does not hold exactly the element that was expected.
    #[error("the message is not a SOAP 1.1 envelope whose body holds exactly one element, the expected one")]
    Envelope,
    /// The service answered with a SOAP fault; its code, and nothing of its text.
    #[error("the service answered with the SOAP fault {0}")]
    Fault(String),
    /// There is not exactly one signature, or it is not a child of the element it should sign.
    #[error("the message has {0}")]
    Place(&'static str),
    /// Something in the signature is not as the profile wants it.
    #[error("the signature does not follow the agreed profile: {0}")]
    Profile(&'static str),
    /// A hash that the policy does not allow.
    #[error("the signature uses a hash that the settings do not allow")]
    Hash,
    /// The element is not what was signed.
    #[error("the message was altered after it was signed")]
    Altered,
    /// No pinned key made this signature.
    #[error("the signature was not made with a pinned key")]
    Key,
    /// A key file that cannot be used.
    #[error("{file}: {reason}")]
    KeyFile {
        /// The file.
        file: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes")]
    Random,
    /// What should be signed is not there exactly once, or is empty.
    #[error("there is no single element with this id and some content to sign")]
    NothingToSign,
}

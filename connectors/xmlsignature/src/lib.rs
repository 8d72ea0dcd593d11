//! Enveloped XML signatures in SOAP 1.1 messages, the one profile that Lithuanian state services share (VIISP among them):
//! one `ds:Signature` inside the only child of the `Body`, one reference to that child's `id`, exclusive canonical form, RSA.
//!
//! Canonical form, cryptography and certificates come from kept crates; what is here is the profile, and it is narrow on purpose.
//! [`verify()`] hands back the canonical text that was hashed, so that nothing but what was signed can be read afterwards, and it
//! looks for keys nowhere but in its [`Policy`]: a key or certificate inside the message proves nothing.

mod certificate;
mod document;
mod error;
mod hash;
mod key;
mod sign;
mod verify;

pub use certificate::{Term, terms};
pub use error::Error;
pub use hash::Hash;
pub use key::{PublicKey, SigningKey};
pub use sign::{fresh_id, sign};
pub use verify::{Policy, Verified, verify};

/// Namespace of `Signature`.
pub const SIGNATURE_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Namespace of SOAP 1.1's `Envelope`.
pub const ENVELOPE_NAMESPACE: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// Transform: everything but the signature itself.
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Transform and canonical form: exclusive, without comments. Also the namespace of its parameter.
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

//! Signing in the Centre of Registers' module: a port; the pipeline puts the connectors' HTTP client behind it (docs/forms.md has the
//! interface). Whatever the module brings back is verified like any container that somebody uploads.

use crate::look_up::Unavailable;

/// A document that waits in the module for its signature.
#[derive(Debug, Clone)]
pub struct HandedOver {
    /// What the module calls it.
    pub reference: String,
    /// Where the browser goes to sign; of the module's own origin.
    pub address: String,
}

/// Hands documents over and brings containers back.
pub trait SigningModule: Send + Sync {
    /// Origin of the pages people sign on, such as `https://pasirasymas.example.lt`.
    fn origin(&self) -> &str;

    /// Hands a document over; the browser comes back to `back`.
    ///
    /// # Errors
    /// The module does not answer, or not as agreed.
    fn hand_over(&self, document: &[u8], back: &str) -> Result<HandedOver, Unavailable>;

    /// The signed container; `None` while nobody has signed.
    ///
    /// # Errors
    /// The module does not answer.
    fn collect(&self, reference: &str) -> Result<Option<Vec<u8>>, Unavailable>;
}

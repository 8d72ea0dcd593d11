//! Look-ups while typing: a port; the pipeline puts the connectors' transports behind it.

/// Why nothing was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the register does not answer")]
pub struct Unavailable;

/// Asks registers about one person or one legal entity.
pub trait LookUp: Send + Sync {
    /// Given and family names of the person with this code (GR); `None` when there is none.
    ///
    /// # Errors
    /// The register does not answer.
    fn person(&self, code: &str) -> Result<Option<(String, String)>, Unavailable>;

    /// Name of the legal entity with this code (JAR); `None` when there is none.
    ///
    /// # Errors
    /// The register does not answer.
    fn entity(&self, code: &str) -> Result<Option<String>, Unavailable>;
}

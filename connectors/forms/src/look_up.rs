//! Look-ups while typing: a port; the pipeline puts the connectors' transports and the file of legal entities behind it.

/// Why nothing was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the register does not answer")]
pub struct Unavailable;

/// A legal entity, as JAR publishes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entity {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its legal form, in words.
    pub form: Option<String>,
    /// Its seat.
    pub address: Option<String>,
    /// Its legal status, in words.
    pub status: Option<String>,
}

/// Asks registers about one person, or about legal entities.
pub trait LookUp: Send + Sync {
    /// Whether persons can be asked about; legal entities always can.
    fn knows_persons(&self) -> bool;

    /// Given and family names of the person with this code (GR); `None` when there is none.
    ///
    /// # Errors
    /// The register does not answer.
    fn person(&self, code: &str) -> Result<Option<(String, String)>, Unavailable>;

    /// The legal entity with this code (JAR); `None` when there is none.
    ///
    /// # Errors
    /// The register does not answer.
    fn entity(&self, code: &str) -> Result<Option<Entity>, Unavailable>;

    /// Legal entities whose name or code begins so, a few of them.
    ///
    /// # Errors
    /// The register is not at hand.
    fn entities(&self, beginning: &str) -> Result<Vec<Entity>, Unavailable>;
}

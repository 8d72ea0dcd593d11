//! The three audiences of table 5 of the specification.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who may see a published table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Staff of the authorised institutions: everything this system itself holds. Lies outside the portal.
    Internal,
    /// The public: everything except natural persons' codes, foreigners' birth dates and persons' contacts.
    Public,
    /// Open-data reuse: nothing that singles a natural person out.
    Open,
}

impl Tier {
    /// All tiers, the most closed first.
    pub const ALL: [Self; 3] = [Self::Internal, Self::Public, Self::Open];

    /// The tier's name in configuration, folder names and the manifest.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Public => "public",
            Self::Open => "open",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl std::str::FromStr for Tier {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|tier| tier.name() == text).ok_or_else(|| "a tier is one of internal, public, open".to_owned())
    }
}

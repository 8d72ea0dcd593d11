//! Roles: what somebody acts as, and what that lets them see (specification, table 5).

use serde::{Deserialize, Serialize};

/// A role; somebody has it for one organisation, by a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Representative of a VIRS.
    Virs,
    /// Ministry of Culture.
    Km,
    /// Radio and Television Commission.
    Lrtk,
    /// Office of the Inspector of Journalist Ethics.
    Zeit,
    /// Association for the ethics of public information.
    Viea,
    /// An institution that gives public funds.
    Istaiga,
    /// Looks after the system.
    Administratorius,
    /// Reads for statistics.
    Analitikas,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Virs, Self::Km, Self::Lrtk, Self::Zeit, Self::Viea, Self::Istaiga, Self::Administratorius, Self::Analitikas];

    /// As data and configuration spell it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Virs => "virs",
            Self::Km => "km",
            Self::Lrtk => "lrtk",
            Self::Zeit => "zeit",
            Self::Viea => "viea",
            Self::Istaiga => "istaiga",
            Self::Administratorius => "administratorius",
            Self::Analitikas => "analitikas",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// What people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Virs => "VIRS atstovas",
            Self::Km => "Kultūros ministerija",
            Self::Lrtk => "Lietuvos radijo ir televizijos komisija",
            Self::Zeit => "Žurnalistų etikos inspektoriaus tarnyba",
            Self::Viea => "Visuomenės informavimo etikos asociacija",
            Self::Istaiga => "Lėšas skirianti įstaiga",
            Self::Administratorius => "Sistemos administratorius",
            Self::Analitikas => "Analitikas",
        }
    }

    /// Whether codes of natural persons and foreigners' birth dates may be shown (table 5): staff and VIRS yes, institutions no.
    #[must_use]
    pub fn sees_codes(self) -> bool {
        matches!(self, Self::Virs | Self::Km | Self::Lrtk | Self::Zeit | Self::Viea)
    }

    /// Whether reports may be made from the internal tier: by the ministry and its analysts.
    #[must_use]
    pub fn has_reports(self) -> bool {
        matches!(self, Self::Km | Self::Analitikas)
    }

    /// Whether what others submitted may be read.
    #[must_use]
    pub fn reads_all(self) -> bool {
        self != Self::Virs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back_to_their_roles_and_serde_spells_them_alike() {
        for role in Role::ALL {
            assert_eq!(Role::of(role.code()), Some(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.code()));
        }
        assert!(!Role::Istaiga.sees_codes() && !Role::Analitikas.sees_codes() && !Role::Administratorius.sees_codes());
    }
}

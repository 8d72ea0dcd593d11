//! Who signed in.

use std::fmt;

use crate::PersonCode;

/// A person whom VIISP vouches for. `Debug` shows nothing of it but the way of signing in.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Personal code.
    pub code: PersonCode,
    /// Given names, as VIISP spells them (often in capitals). Empty for a person who has only one name.
    pub given_names: String,
    /// Family names; never empty together with the given names.
    pub family_names: String,
    /// Code of the legal entity for which the person signed in (`lt-company-code`), where there is one. It says that a bank or a card
    /// names this entity, not what the person may do for it: ask the register of legal entities.
    pub company: Option<String>,
    /// How the person signed in, one of the providers of the settings: `auth.lt.bank`, for example.
    pub provider: String,
}

impl fmt::Debug for Person {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Person").field("provider", &self.provider).finish_non_exhaustive()
    }
}

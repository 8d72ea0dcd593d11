//! What a mandate must say, whoever says it: a line of a file, a row of an answer, an administrator in the browser. The personal code in it is
//! hashed here and goes no further.

use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code, is_personal_code};
use chrono::NaiveDate;

use crate::Role;
use crate::store::NewMandate;

/// What is said of a mandate, as text.
#[derive(Clone, Copy)]
pub struct MandateLine<'a> {
    /// The personal code.
    pub person: &'a str,
    /// The role.
    pub role: &'a str,
    /// The organisation's code.
    pub organisation_code: &'a str,
    /// Its name.
    pub organisation_name: &'a str,
    /// Where notifications go; may be empty.
    pub email: &'a str,
    /// First day.
    pub valid_from: &'a str,
    /// Last day; may be empty.
    pub valid_to: &'a str,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MandateFlaw {
    /// No valid personal code.
    Person,
    /// No role.
    Role,
    /// No valid code of a legal entity.
    OrganisationCode,
    /// The name is empty.
    OrganisationName,
    /// No first day.
    ValidFrom,
    /// The last day is none.
    ValidTo,
}

impl MandateLine<'_> {
    /// The mandate; `hash` is applied to the personal code.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn read(&self, hash: impl Fn(&str) -> String) -> Result<NewMandate, MandateFlaw> {
        let day = |text: &str| text.parse::<NaiveDate>();
        if !is_personal_code(self.person) {
            return Err(MandateFlaw::Person);
        }
        if !is_legal_entity_code(self.organisation_code) && !is_old_legal_entity_code(self.organisation_code) {
            return Err(MandateFlaw::OrganisationCode);
        }
        if self.organisation_name.trim().is_empty() {
            return Err(MandateFlaw::OrganisationName);
        }
        Ok(NewMandate {
            person: hash(self.person),
            role: Role::of(self.role).ok_or(MandateFlaw::Role)?,
            organisation_code: self.organisation_code.to_owned(),
            organisation_name: self.organisation_name.trim().to_owned(),
            email: Some(self.email.trim().to_owned()).filter(|address| !address.is_empty()),
            valid_from: day(self.valid_from).map_err(|_| MandateFlaw::ValidFrom)?,
            valid_to: if self.valid_to.is_empty() { None } else { Some(day(self.valid_to).map_err(|_| MandateFlaw::ValidTo)?) },
        })
    }
}

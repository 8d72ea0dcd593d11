//! Somebody who practises: invented, with an account for which everything is known.

use catalog::codes::personal_check_digit;
use serde::{Deserialize, Serialize};
use totp_rs::Totp;

/// An invented person. Who acts for whom is said twice: here for people to read, and by the mandates in the endpoint's store.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Code of the role.
    pub role: String,
    /// What the role is called.
    pub role_title: String,
    /// Name to sign in with.
    pub login: String,
    /// Password.
    pub password: String,
    /// Address of the one-time codes (`otpauth://…`).
    pub one_time: String,
    /// Given names.
    pub given: String,
    /// Family names.
    pub family: String,
    /// Personal code: invented, with the right control digit.
    pub code: String,
    /// Code of the organisation.
    pub organisation_code: String,
    /// Name of the organisation.
    pub organisation: String,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Person").field("login", &self.login).finish_non_exhaustive()
    }
}

impl Person {
    /// The personal code of the person with this number, below a hundred: of somebody born on 29 February 1904.
    #[must_use]
    pub fn invented_code(number: u8) -> String {
        let text = format!("30402299{:02}", number % 100);
        let mut digits = [0; 10];
        digits.iter_mut().zip(text.bytes()).for_each(|(digit, byte)| *digit = u32::from(byte.saturating_sub(b'0')));
        format!("{text}{}", personal_check_digit(&digits))
    }

    /// Given and family names.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// The one-time code at this moment, in seconds since 1970, and for how many seconds it is good.
    pub(crate) fn one_time_code(&self, seconds: u64) -> (String, u64) {
        const STEP: u64 = 30;
        let code = Totp::from_url(&self.one_time).map(|totp| totp.generate(seconds).to_string()).unwrap_or_default();
        (code, STEP - seconds % STEP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_codes_are_codes_and_each_is_another() {
        let codes: std::collections::BTreeSet<String> = (0..100).map(Person::invented_code).collect();
        assert_eq!(codes.len(), 100);
        assert!(codes.iter().all(|code| catalog::codes::is_personal_code(code)), "{codes:?}");
    }
}

//! The personal code of whoever signed.

use std::fmt;

/// What stands before a Lithuanian personal code in a certificate (ETSI EN 319 412-1, clause 5.1.3).
const PREFIX: &str = "PNOLT-";
/// Digits of a personal code.
const DIGITS: usize = 11;

/// A Lithuanian personal code: 11 digits. It is not shown unless somebody asks for it by name.
#[derive(Clone, PartialEq, Eq)]
pub struct SignerCode(String);

impl SignerCode {
    /// The code in a subject's `serialNumber`; none if that is anything else than `PNOLT-` and 11 digits.
    pub(crate) fn from_serial_number(serial_number: &str) -> Option<Self> {
        let code = serial_number.strip_prefix(PREFIX)?;
        let is_code = code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| Self(code.to_owned()))
    }

    /// The code itself, 11 digits.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SignerCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SignerCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_eleven_digits_of_lithuania_are_a_code_and_they_are_not_shown() {
        let code = SignerCode::from_serial_number("PNOLT-39001010005").unwrap();
        assert_eq!((code.reveal(), format!("{code:?}").as_str()), ("39001010005", "SignerCode"));
        for other in [
            "PNOEE-39001010005",
            "39001010005",
            "PNOLT-3900101000",
            "PNOLT-390010100055",
            "PNOLT-3900101000x",
            "PNOLT-",
            "pnolt-39001010005",
        ] {
            assert!(SignerCode::from_serial_number(other).is_none(), "{other}");
        }
    }
}

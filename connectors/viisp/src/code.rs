//! Codes in answers: of persons, and of the legal entities they act for.
//!
//! The rules are those of `catalog::codes`. That crate brings Arrow with it, which has no business in a process that signs people
//! in; a test holds both rules to the same published examples.

use std::fmt;

use chrono::NaiveDate;

use crate::Error;

/// A Lithuanian personal code (asmens kodas): 11 digits with a real birth date and a right control digit. Not shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PersonCode(String);

impl PersonCode {
    /// Reads a code.
    ///
    /// # Errors
    /// It is no personal code.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if is_person(text) { Ok(Self(text.to_owned())) } else { Err(Error::PersonCode) }
    }

    /// The code itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PersonCode(…)")
    }
}

/// Whether `text` is a legal entity's code: 9 digits with a right control digit, or 7 digits from before there was one.
pub(crate) fn is_company(text: &str) -> bool {
    digits::<7>(text).is_some() || digits::<9>(text).is_some_and(|digits| has_control_digit(&digits))
}

fn is_person(text: &str) -> bool {
    let Some(digits) = digits::<11>(text) else { return false };
    let [century, rest @ ..] = digits;
    let first_year = match century {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        7 | 8 => 2100,
        // A special code that carries no date.
        9 => return has_control_digit(&digits),
        _ => return false,
    };
    let pair = |place: usize| rest[place] * 10 + rest[place + 1];
    let date = i32::try_from(first_year + pair(0)).ok().and_then(|year| NaiveDate::from_ymd_opt(year, pair(2), pair(4)));
    date.is_some() && has_control_digit(&digits)
}

/// Weights 1 to 9 and again from 1, modulo 11; where that gives 10, weights from 3; where that gives 10 again, 0.
fn has_control_digit(digits: &[u32]) -> bool {
    let Some((control, body)) = digits.split_last() else { return false };
    let rest = |shift: u32| (0..).zip(body).map(|(place, digit): (u32, &u32)| digit * (1 + (place + shift) % 9)).sum::<u32>() % 11;
    let expected = [0, 2].into_iter().map(rest).find(|rest| *rest < 10).unwrap_or(0);
    *control == expected
}

fn digits<const COUNT: usize>(text: &str) -> Option<[u32; COUNT]> {
    let digits: Option<Vec<u32>> = text.chars().map(|character| character.to_digit(10)).collect();
    digits?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_code_needs_a_date_and_its_control_digit() {
        // The example of python-stdnum; one digit changed; 30 February with a fitting control digit; a special code.
        assert_eq!(PersonCode::parse("33309240064").unwrap().reveal(), "33309240064");
        for text in ["", "33309240164", "3330924006", "333092400640", " 33309240064", "33309240064\n", "٣3309240064", "00000000000"] {
            assert_eq!(PersonCode::parse(text), Err(Error::PersonCode), "{text}");
        }
        let with_control = |body: &str| {
            (0..10).map(|control| format!("{body}{control}")).find(|code| has_control_digit(&digits::<11>(code).unwrap())).unwrap()
        };
        assert!(PersonCode::parse(&with_control("3900230001")).is_err());
        assert!(PersonCode::parse(&with_control("3900228001")).is_ok());
        assert!(PersonCode::parse(&with_control("9000000001")).is_ok());
        assert_eq!(format!("{:?}", PersonCode::parse("33309240064").unwrap()), "PersonCode(…)");
    }

    #[test]
    fn a_company_code_needs_its_control_digit_unless_it_is_an_old_one() {
        // Published codes of legal entities.
        for code in ["124110246", "188604955", "307481653", "181705485", "111104987", "1234567"] {
            assert!(is_company(code), "{code}");
        }
        for code in ["", "111111118", "300000001", "12411024", "1241102460", "LV4000300"] {
            assert!(!is_company(code), "{code}");
        }
    }
}

//! Tickets: what VIISP calls one sign-in.

use std::fmt;

use crate::Error;

/// Characters of a ticket; the schema's `maxLength`.
const LONGEST: usize = 512;

/// One sign-in at VIISP. Whoever has it may ask for its person if he can sign as we do, so it is not to be logged.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Ticket(String);

impl Ticket {
    /// Reads a ticket that a browser posted or VIISP sent.
    ///
    /// # Errors
    /// It is empty, has more than 512 characters, or one that is not visible ASCII.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let plain = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if plain { Ok(Self(text.to_owned())) } else { Err(Error::Ticket) }
    }

    /// The ticket itself, for the portal's form and the caller's store. It may hold `<`, `&` and quotation marks: escape it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Ticket(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_short_visible_ascii_and_not_shown() {
        let longest = "a".repeat(LONGEST);
        for text in ["dfa1339f-46b6-457d-a21d-2d7680389bfd", "<&\"'>", &longest] {
            let ticket = Ticket::parse(text).unwrap();
            assert_eq!(ticket.reveal(), text);
            assert_eq!(format!("{ticket:?}"), "Ticket(…)");
        }
        let too_long = "a".repeat(LONGEST + 1);
        for text in ["", " ", "a b", "a\n", "a\0", "ą", &too_long] {
            assert_eq!(Ticket::parse(text), Err(Error::Ticket));
        }
    }
}

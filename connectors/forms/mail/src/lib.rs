//! Delivery of one letter: a notification of the register to one of its users, in plain text. When to send it, how often to try and
//! what became of it is the outbox's business; here a letter is composed (RFC 5322), handed over once, and what went wrong is sorted
//! into what may be tried again and what never will be accepted. Nothing that is said of a failure holds an address or words of a letter.

mod compose;
mod error;
mod failure;
mod folder;
mod prepare;
mod settings;
mod smtp;

use chrono::{DateTime, Utc};

pub use compose::Sender;
pub use error::Error;
pub use failure::{Failure, Flaw, Reason, SmtpStep};
pub use folder::Folder;
pub use prepare::prepare;
pub use settings::{Encryption, Settings, SmtpSettings};
pub use smtp::Smtp;

/// One letter to one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Of the outbox's row, unique and the same at every try: 1 to 64 of `A-Z`, `a-z`, `0-9`, `-`. It becomes the `Message-ID`, by
    /// which a receiver can tell a repetition.
    pub id: String,
    /// The recipient's address alone, without a name, in ASCII.
    pub to: String,
    /// One line, without control characters.
    pub subject: String,
    /// Plain text; any line ends.
    pub text: String,
    /// When the register wrote it, not when it is sent.
    pub written: DateTime<Utc>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Letters end up in logs by `{:?}` sooner or later.
        formatter.debug_struct("Letter").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A way to hand over letters.
pub trait Delivery: Send + Sync {
    /// Hands over one letter and waits until the other side has taken it into its care.
    ///
    /// # Errors
    /// It was not taken, or nobody said that it was; see [`Failure`] for which of them are worth another try.
    fn deliver(&self, letter: &Letter) -> Result<(), Failure>;

    /// As the settings call it: `file`, `smtp`.
    fn name(&self) -> &'static str;
}

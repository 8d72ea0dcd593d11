//! Why a letter was not delivered, and whether to try again. A reason names steps, codes and kinds, never what a server wrote in
//! words: servers repeat the address and sometimes the letter.

use std::fmt;
use std::io;

/// A letter that was not delivered, or of which nobody said so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Worth another try, later.
    #[error("not delivered, to be tried again: {0}")]
    Later(Reason),
    /// Another try of the same letter would end the same way.
    #[error("not delivered, and never will be: {0}")]
    Never(Reason),
}

impl Failure {
    /// What went wrong.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        match self {
            Self::Later(reason) | Self::Never(reason) => reason,
        }
    }
}

/// What went wrong with one letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The letter's id is not one of an outbox.
    #[error("the letter's id is not 1 to 64 letters, digits and hyphens")]
    Id,
    /// The recipient's address is not one that can be written to.
    #[error("the recipient's address is not usable")]
    Address,
    /// The subject is more than one line, or holds control characters.
    #[error("the subject holds a line break or another control character")]
    Subject,
    /// The letter's time has no place in a `Date` (years 1970 to 9999).
    #[error("the letter's time is out of range")]
    Written,
    /// The letter could not be put together for a reason of which nothing is known.
    #[error("the letter cannot be composed")]
    Letter,
    /// The folder of the `file` delivery does not take it.
    #[error("the folder does not take the letter: {0}")]
    Folder(io::ErrorKind),
    /// The server's name leads nowhere.
    #[error("the mail server's name is not found")]
    Name,
    /// The connection broke, or never came about.
    #[error("no connection to the mail server {0}: {1}")]
    Connection(SmtpStep, io::ErrorKind),
    /// The server was silent for longer than `timeout_seconds`.
    #[error("the mail server was silent {0}")]
    Silence(SmtpStep),
    /// The server closed the connection, or said what is not SMTP.
    #[error("the mail server did not answer in SMTP {0}")]
    Answer(SmtpStep),
    /// The server offers no STARTTLS, and nothing is sent without.
    #[error("the mail server offers no STARTTLS")]
    Plain,
    /// TLS did not come about, for another reason than the certificate.
    #[error("no encryption with the mail server {0}")]
    Encryption(SmtpStep),
    /// The server's certificate is not believed.
    #[error("the mail server's certificate {0}")]
    Certificate(Flaw),
    /// The server offers no way to log in that is known here: `PLAIN` and `LOGIN` are.
    #[error("the mail server offers no way to log in that is known here")]
    Login,
    /// The server refused.
    #[error("the mail server answered {code}{} {step}", Status(*status))]
    Refused {
        /// To what.
        step: SmtpStep,
        /// RFC 5321, 4.2.
        code: u16,
        /// The enhanced status code (RFC 3463) where one was given: 5.1.1 is `(5, 1, 1)`.
        status: Option<(u8, u16, u16)>,
    },
    /// The letter was handed over and then nobody said that it was taken. It may be delivered twice; the `Message-ID` will be the same.
    #[error("the mail server took the letter and did not confirm it; it may come twice")]
    Unconfirmed,
}

/// What was last said to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpStep {
    /// Nothing but `EHLO`; with TLS from the start, its handshake.
    Connection,
    /// `STARTTLS`, the handshake and the second `EHLO`.
    Encryption,
    /// `AUTH`.
    Login,
    /// `MAIL FROM`: the register's own address.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`, before the letter.
    Data,
    /// The letter.
    Letter,
}

impl fmt::Display for SmtpStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Connection => "at the beginning",
            Self::Encryption => "to STARTTLS",
            Self::Login => "to the login",
            Self::Sender => "to the sender",
            Self::Recipient => "to the recipient",
            Self::Data => "to DATA",
            Self::Letter => "to the letter",
        })
    }
}

/// Why a certificate is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It names other hosts.
    OtherHost,
    /// No trusted authority issued it.
    Authority,
    /// It is expired, or not yet valid.
    Time,
    /// Anything else.
    Other,
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OtherHost => "is of another host",
            Self::Authority => "is of an authority that is not trusted here; `authorities_file` names one that is",
            Self::Time => "is expired or not yet valid",
            Self::Other => "cannot be believed",
        })
    }
}

struct Status(Option<(u8, u16, u16)>);

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |(class, subject, detail)| write!(formatter, " {class}.{subject}.{detail}"))
    }
}

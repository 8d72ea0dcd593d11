//! A letter as RFC 5322 wants it: UTF-8 in quoted-printable, headers in ASCII, no line over 78 characters but where a single address is
//! longer. What could end a header early is refused, not mended: a recipient or a subject with a line break in it is somebody's attempt.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Body, Mailbox, Message};
use lettre::{Address, address::Envelope};

use crate::{Error, Letter, Reason};

/// RFC 5322, 2.1.1: what a line should not exceed, without its end.
const LINE: usize = 78;
/// RFC 2047, 2: a line with an encoded word has 76 characters at most. 39 bytes are 52 in base64, 12 stand around them, and `Subject: `
/// before them.
const WORD_BYTES: usize = 39;
/// RFC 5321, 4.5.3.1: a path has 256 octets with its brackets, a local part 64.
const ADDRESS_BYTES: usize = 254;
const LOCAL_PART_BYTES: usize = 64;
const ID_BYTES: usize = 64;
/// 10000-01-01, in seconds since 1970: a `Date` has four digits for the year.
const END_OF_DATES: i64 = 253_402_300_800;

/// Whom letters are from: `name@host` or `Name <name@host>`.
#[derive(Debug, Clone)]
pub struct Sender {
    mailbox: Mailbox,
}

impl Sender {
    /// Reads the key `from` of the settings.
    ///
    /// # Errors
    /// It is no address in ASCII, or its name holds control characters.
    pub fn new(from: &str) -> Result<Self, Error> {
        let unusable = Error::Setting { key: "from", reason: "write `name@host` or `Name <name@host>`" };
        if from.chars().any(char::is_control) {
            return Err(unusable);
        }
        match from.parse::<Mailbox>() {
            Ok(mailbox) if address(mailbox.email.as_ref()).is_some() => Ok(Self { mailbox }),
            _ => Err(unusable),
        }
    }

    /// lettre folds subjects, but not names.
    fn header(&self) -> Result<HeaderValue, Reason> {
        let Mailbox { name, email } = &self.mailbox;
        let encoded = match name {
            Some(name) => format!("{}\r\n <{email}>", encoded_words(name)?),
            None => email.to_string(),
        };
        Ok(HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str("From"), self.mailbox.to_string(), encoded))
    }

    /// The host of the address; `Message-ID`s end with it.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.mailbox.email.domain()
    }
}

/// What is to be handed over.
pub(crate) struct Composed {
    /// The recipient of [`Composed::bytes`].
    pub(crate) to: Address,
    /// For a bounce.
    pub(crate) from: Address,
    /// Headers, an empty line, the text; lines end with CR LF, the last one, too.
    pub(crate) bytes: Vec<u8>,
}

/// Puts a letter together. The same letter gives the same bytes.
///
/// # Errors
/// What no other try would change: an id, address, subject or time that cannot stand in a letter.
pub(crate) fn compose(letter: &Letter, sender: &Sender) -> Result<Composed, Reason> {
    check_id(&letter.id)?;
    let to = address(&letter.to).ok_or(Reason::Address)?;
    let from = sender.mailbox.email.clone();
    let text = lines(&letter.text);
    // Always quoted-printable: it needs no 8BITMIME, survives relays that touch spaces at line ends, and is legible.
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).map_err(|_| Reason::Letter)?;
    let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]).map_err(|_| Reason::Letter)?;
    let message = Message::builder()
        .date(date(letter)?)
        .raw_header(sender.header()?)
        .to(Mailbox::new(None, to.clone()))
        .raw_header(subject(&letter.subject)?)
        .message_id(Some(format!("<{}@{}>", letter.id, sender.domain())))
        // RFC 3834, 5: nobody's holiday notice shall answer.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .header(ContentTransferEncoding::QuotedPrintable)
        .envelope(envelope)
        .body(body)
        .map_err(|_| Reason::Letter)?;
    Ok(Composed { to, from, bytes: message.formatted() })
}

/// An id is part of a header and of a file's name.
fn check_id(id: &str) -> Result<(), Reason> {
    let usable = (1..=ID_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if usable { Ok(()) } else { Err(Reason::Id) }
}

/// An address of the plain kind: no name, no quotes, no address literal, ASCII only.
fn address(text: &str) -> Option<Address> {
    let (local, domain) = text.rsplit_once('@')?;
    let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    // The last label of a name has a letter, that of an IP address has none.
    let is_name = domain.rsplit('.').next().is_some_and(|label| label.bytes().any(|byte| byte.is_ascii_alphabetic()));
    let is_short = text.len() <= ADDRESS_BYTES && local.len() <= LOCAL_PART_BYTES;
    let is_plain = is_short && is_name && local.bytes().all(is_atom) && domain.bytes().all(is_host);
    // Dots at the ends, empty labels and hyphens in the wrong places are lettre's to find.
    if is_plain { text.parse().ok() } else { None }
}

fn date(letter: &Letter) -> Result<SystemTime, Reason> {
    let seconds = letter.written.timestamp();
    if !(0..END_OF_DATES).contains(&seconds) {
        return Err(Reason::Written);
    }
    Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs()))
}

/// A subject in one piece: as it is where that is short, plain and cannot be mistaken for an encoded word, and else in encoded words
/// throughout (RFC 2047). lettre encodes word by word, and leaves `=?…?=` and ASCII words of any length as they are.
fn subject(text: &str) -> Result<HeaderValue, Reason> {
    if text.chars().any(|letter| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')) {
        return Err(Reason::Subject);
    }
    let name = HeaderName::new_from_ascii_str("Subject");
    let is_plain = text.is_ascii() && !text.contains("=?") && !text.contains("  ") && text.trim() == text;
    if is_plain && "Subject: ".len() + text.len() <= LINE {
        return Ok(HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), text.to_owned()));
    }
    Ok(HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), encoded_words(text)?))
}

/// Words of RFC 2047, a line each; no character is in two of them.
fn encoded_words(text: &str) -> Result<String, Reason> {
    let (mut words, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.floor_char_boundary(WORD_BYTES));
        let encoded = Body::new_with_encoding(word.as_bytes().to_vec(), ContentTransferEncoding::Base64).map_err(|_| Reason::Letter)?;
        words.push(format!("=?utf-8?B?{}?=", String::from_utf8_lossy(encoded.as_ref()).trim_end()));
        rest = after;
    }
    Ok(words.join("\r\n "))
}

/// The text with line feeds alone, and one at its end: lettre makes CR LF of each.
fn lines(text: &str) -> String {
    let mut lines = text.replace("\r\n", "\n").replace('\r', "\n");
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
#[path = "compose/tests.rs"]
mod tests;

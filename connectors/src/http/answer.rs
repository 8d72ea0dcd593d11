//! An answer whose body comes in bounded, watched pieces.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::blocking::Response;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};

use super::clock::Clock;
use super::problem::Problem;
use crate::Error;

/// So many first bytes tell whether a body is a web page.
const BEGIN: usize = 64;

/// Status and headings of an answer; its body is still to come.
#[derive(Debug)]
pub struct Answer {
    response: Response,
    limits: Limits,
}

/// Bounds of one body, and what its errors are to say.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub(super) source: &'static str,
    pub(super) address: String,
    pub(super) most_bytes: u64,
    pub(super) stall: Duration,
    pub(super) total: Duration,
    pub(super) began: Instant,
    pub(super) deadline: Instant,
    pub(super) clock: Arc<dyn Clock>,
}

impl Answer {
    pub(super) fn new(response: Response, limits: Limits) -> Self {
        Self { response, limits }
    }

    /// The status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// A header, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// Whether the server calls the body a web page.
    pub(super) fn is_page(&self) -> bool {
        self.header(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
    }

    /// How many bytes the body has, if the server says.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.header(CONTENT_LENGTH.as_str())?.parse().ok()
    }

    /// The body, to be read as it comes.
    #[must_use]
    pub fn into_body(self) -> Body {
        // What comes with another status than a success is no data anyhow.
        let begin = (!self.response.status().is_success()).then(Default::default);
        Body { response: self.response, limits: self.limits, taken: 0, begin }
    }

    /// The whole answer.
    pub(super) fn read(self) -> Result<Whole, Problem> {
        let (status, headers) = (self.status(), self.response.headers().clone());
        let mut bytes = Vec::new();
        let mut body = self.into_body();
        loop {
            let had = bytes.len();
            bytes.resize(had + (1 << 16), 0);
            let read = body.take_some(&mut bytes[had..])?;
            bytes.truncate(had + read);
            if read == 0 {
                return Ok(Whole { status, headers, bytes });
            }
        }
    }
}

/// An answer with its whole body in memory.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The status code.
    pub status: u16,
    headers: reqwest::header::HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Whole {
    /// A header, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A body on its way in. Too many bytes, a silence, the deadline and a web page end it with an error that holds an [`Error`].
#[derive(Debug)]
pub struct Body {
    response: Response,
    limits: Limits,
    taken: u64,
    /// The first bytes, once looked at, and how many of them were handed out.
    begin: Option<(Vec<u8>, usize)>,
}

impl Body {
    /// Reads some bytes; 0 at the end.
    pub(crate) fn take_some(&mut self, buffer: &mut [u8]) -> Result<usize, Problem> {
        let (begin, given) = match self.begin.take() {
            Some(begin) => begin,
            None => (self.look()?, 0),
        };
        let rest = &begin[given..];
        if rest.is_empty() {
            self.begin = Some((Vec::new(), 0));
            return self.receive(buffer);
        }
        let now = rest.len().min(buffer.len());
        buffer[..now].copy_from_slice(&rest[..now]);
        self.begin = Some((begin, given + now));
        Ok(now)
    }

    /// The first bytes, unless they begin a web page.
    fn look(&mut self) -> Result<Vec<u8>, Problem> {
        let mut begin = vec![0; BEGIN];
        let mut filled = 0;
        while filled < BEGIN {
            match self.receive(&mut begin[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        begin.truncate(filled);
        if is_page(&begin) { Err(Problem::NotData { found: "a web page" }) } else { Ok(begin) }
    }

    fn receive(&mut self, buffer: &mut [u8]) -> Result<usize, Problem> {
        let limits = &self.limits;
        let now = limits.clock.now();
        if now >= limits.deadline {
            return Err(Problem::DeadlinePassed);
        }
        if now.duration_since(limits.began) >= limits.total {
            return Err(Problem::TooSlow { after: limits.total });
        }
        let read = self.response.read(buffer).map_err(|error| match error.downcast::<reqwest::Error>() {
            Ok(error) => Problem::of(error, limits.stall),
            Err(_) => Problem::Cut { found: "the connection broke" },
        })?;
        self.taken += read as u64;
        if self.taken > limits.most_bytes {
            return Err(Problem::TooLarge { most: limits.most_bytes });
        }
        Ok(read)
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.take_some(buffer).map_err(|problem| {
            let (source_name, address) = (self.limits.source, self.limits.address.clone());
            std::io::Error::other(Error::Network { source_name, address, problem })
        })
    }
}

/// Whether text begins as a web page does.
pub(crate) fn is_page(begin: &[u8]) -> bool {
    let begin = begin.strip_prefix(b"\xef\xbb\xbf").unwrap_or(begin).trim_ascii_start();
    [&b"<!doctype"[..], b"<html"].iter().any(|page| begin.get(..page.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(page)))
}

//! A file whose transfer is taken up again where it broke, as long as it is the same file.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Error;
use crate::http::{Answer, Body, Call, Http, Problem};

/// A file at an address.
pub(super) struct File {
    pub(super) http: Arc<Http>,
    pub(super) source: &'static str,
    pub(super) address: String,
    pub(super) deadline: Instant,
}

/// What the server calls this version of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    length: Option<u64>,
}

/// Reads a file on, over as many transfers as it takes.
pub(super) struct Resuming {
    pub(super) file: File,
    pub(super) version: Version,
    body: Body,
    /// How many bytes were handed out.
    position: u64,
    /// How many bytes come a second time, from a server that only sends whole files.
    again: u64,
    pauses: Box<dyn Iterator<Item = Duration> + Send>,
}

impl File {
    /// Begins to read; none if the file is still the one remembered.
    pub(super) fn open(self, etag: Option<&str>, last_modified: Option<&str>) -> Result<Option<Resuming>, Error> {
        let mut call = self.call();
        if let Some(etag) = etag {
            call = call.header("if-none-match", etag);
        }
        if let Some(date) = last_modified {
            call = call.header("if-modified-since", date);
        }
        if etag.or(last_modified).is_some() {
            call = call.accept(&[304]);
        }
        let answer = self.http.open(&call)?;
        if answer.status() == 304 {
            return Ok(None);
        }
        let (version, body) = self.begin(answer)?;
        let pauses = Box::new(self.http.pauses());
        Ok(Some(Resuming { version, body, position: 0, again: 0, pauses, file: self }))
    }

    fn call(&self) -> Call<'_> {
        // A file's name is no secret, and its address is of no use without it.
        Call::get(self.source, &self.address, self.deadline).shown_as(&self.address).header("accept-encoding", "gzip")
    }

    fn begin(&self, answer: Answer) -> Result<(Version, Body), Error> {
        if answer.status() != 200 {
            return Err(self.call().failed(Problem::Protocol { found: "a success that is not status 200" }));
        }
        Ok((Version::of(&answer), answer.into_body()))
    }
}

impl Version {
    fn of(answer: &Answer) -> Self {
        Self {
            etag: answer.header("etag").map(str::to_owned),
            last_modified: answer.header("last-modified").map(str::to_owned),
            length: answer.length(),
        }
    }

    /// What a server can compare to the byte: a strong entity tag, else a date.
    fn exact(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|etag| !etag.starts_with("W/"));
        strong.or(self.last_modified.as_deref())
    }
}

impl Resuming {
    fn read_on(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let mut known = [0; 8192];
        loop {
            let into = match usize::try_from(self.again) {
                Ok(0) => &mut *buffer,
                Ok(again) => &mut known[..again.min(8192)],
                Err(_) => &mut known,
            };
            match self.body.take_some(into) {
                Ok(0) if self.again > 0 => return Err(self.file.call().failed(Problem::Changed { found: "it is shorter now" })),
                Ok(read) if self.again > 0 => self.again -= read as u64,
                Ok(read) => {
                    self.position += read as u64;
                    let most = self.file.http.settings().most_bytes;
                    if self.position > most {
                        return Err(self.file.call().failed(Problem::TooLarge { most }));
                    }
                    return Ok(read);
                }
                Err(problem) if problem.is_passing() => self.resume(problem)?,
                Err(problem) => return Err(self.file.call().failed(problem)),
            }
        }
    }

    /// Begins a new transfer where the last one broke.
    fn resume(&mut self, problem: Problem) -> Result<(), Error> {
        let call = self.file.call();
        let Some(pause) = self.pauses.next() else { return Err(call.failed(problem)) };
        if self.position == 0 {
            self.file.http.pause(&call, pause, &problem)?;
            (self.version, self.body) = self.file.begin(self.file.http.open(&call)?)?;
            return Ok(());
        }
        // Without a name for the version nobody can tell whether the rest belongs to what came before.
        let Some(version) = self.version.exact() else { return Err(call.failed(problem)) };
        self.file.http.pause(&call, pause, &problem)?;
        let rest = call.clone().header("range", format!("bytes={}-", self.position)).header("if-range", version).accept(&[416]);
        let answer = self.file.http.open(&rest)?;
        self.again = self.check(&answer).map_err(|problem| call.failed(problem))?;
        self.body = answer.into_body();
        Ok(())
    }

    /// Whether an answer is the rest of the file whose reading began; how many of its bytes were read before.
    fn check(&self, answer: &Answer) -> Result<u64, Problem> {
        // Status 200 is the whole file again: the same one if its name is the same, and the server knows no parts.
        if answer.status() == 200 && Version::of(answer).exact() == self.version.exact() {
            return Ok(self.position);
        }
        // Else it is another one; 416: it is shorter than what was read.
        if answer.status() != 206 {
            return Err(Problem::Changed { found: "the server would begin anew" });
        }
        if answer.header("etag").is_some_and(|etag| self.version.etag.as_deref() != Some(etag)) {
            return Err(Problem::Changed { found: "the rest has another entity tag" });
        }
        let range = answer.header("content-range").and_then(|range| range.strip_prefix("bytes ")?.split_once('/'));
        let (range, length) = range.ok_or(Problem::Protocol { found: "a part without its place" })?;
        if range.split_once('-').and_then(|(from, _)| from.parse().ok()) != Some(self.position) {
            return Err(Problem::Protocol { found: "another part than the one asked for" });
        }
        match (length.parse::<u64>(), self.version.length) {
            (Ok(now), Some(then)) if now != then => Err(Problem::Changed { found: "it has another length" }),
            _ => Ok(0),
        }
    }
}

impl Read for Resuming {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.read_on(buffer).map_err(std::io::Error::other)
    }
}

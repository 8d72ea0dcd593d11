//! For tests: an HTTP server that answers as it is told, a clock that does not wait, requests for extracts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use catalog::Catalog;

use crate::http::{Clock, Http, HttpSettings};
use crate::{CONNECTORS, Memory, Request};

/// A server on this machine; one connection, one answer.
pub(crate) struct Server {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// What the server was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// What the server answers.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    head: String,
    body: Vec<u8>,
    /// How many bytes of the body are sent.
    sent: usize,
    then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Then {
    Close,
    Silence,
    Endless,
}

impl Reply {
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let mut head = format!("HTTP/1.1 {status} Whatever\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        Self { head, sent: body.len(), body, then: Then::Close }
    }

    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, &[], body)
    }

    /// Promises the whole body and closes after this many bytes.
    pub(crate) fn cut(self, sent: usize) -> Self {
        Self { sent, ..self }
    }

    /// Sends this many bytes and then nothing.
    pub(crate) fn silent_after(self, sent: usize) -> Self {
        Self { sent, then: Then::Silence, ..self }
    }

    /// Sends the body again and again.
    pub(crate) fn endless(self) -> Self {
        Self { then: Then::Endless, ..self }
    }

    /// The body from a place on, as an answer to a request with a range.
    pub(crate) fn part(asked: &Asked, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let from: usize = asked.header("range").unwrap().strip_prefix("bytes=").unwrap().trim_end_matches('-').parse().unwrap();
        let range = format!("bytes {from}-{}/{}", body.len() - 1, body.len());
        Self::new(206, &[headers, &[("content-range", &range)]].concat(), &body[from..])
    }

    fn write(&self, mut out: impl Write) {
        let length = if self.then == Then::Endless { String::new() } else { format!("content-length: {}\r\n", self.body.len()) };
        let _ = out.write_all(format!("{}{length}\r\n", self.head).as_bytes());
        let _ = out.write_all(&self.body[..self.sent]);
        let _ = out.flush();
        match self.then {
            Then::Close => {}
            Then::Silence => std::thread::sleep(Duration::from_secs(5)),
            Then::Endless => while out.write_all(&self.body).is_ok() {},
        }
    }
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn read(stream: impl Read) -> Option<Self> {
        let mut lines = BufReader::new(stream);
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let mut words = line.split_whitespace();
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let mut asked = Self { method, target, headers, body: String::new() };
        let length = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
        lines.take(length).read_to_string(&mut asked.body).ok()?;
        Some(asked)
    }
}

impl Server {
    /// Answers each request with what `answer` says of it and of the number of requests before it.
    pub(crate) fn start(answer: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        std::thread::spawn(move || {
            let answer = Arc::new(answer);
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(asked) = Asked::read(&mut stream) else { continue };
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(asked.clone());
                    log.len() - 1
                };
                let answer = answer.clone();
                std::thread::spawn(move || {
                    answer(&asked, number).write(&mut stream);
                    close(&stream);
                });
            }
        });
        Self { address, asked }
    }

    /// Answers one after the other; what comes after them is refused.
    pub(crate) fn script(replies: Vec<Reply>) -> Self {
        Self::start(move |_, number| replies.get(number).cloned().unwrap_or_else(|| Reply::new(418, &[], "")))
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// Closes without a reset, which would destroy what is still on its way.
fn close(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
    let _ = std::io::copy(&mut &*stream, &mut std::io::sink());
}

/// A clock that only goes on while somebody sleeps, and remembers how long.
#[derive(Debug)]
pub(crate) struct Still {
    began: Instant,
    slept: Mutex<Vec<Duration>>,
}

impl Still {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { began: Instant::now(), slept: Mutex::default() })
    }

    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap().clone()
    }
}

impl Clock for Still {
    fn now(&self) -> Instant {
        self.began + self.slept().iter().sum::<Duration>()
    }

    fn sleep(&self, pause: Duration) {
        self.slept.lock().unwrap().push(pause);
    }
}

/// Settings that lose patience quickly.
pub(crate) fn settings() -> HttpSettings {
    HttpSettings { stall: Duration::from_millis(300), ..HttpSettings::default() }
}

/// A client with those settings, that does not wait.
pub(crate) fn http() -> Http {
    Http::with_clock(&settings(), Still::new()).unwrap()
}

/// When tests end.
pub(crate) fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap());

/// A request for the extract of a table.
pub(crate) fn request<'a>(table: &str, memory: Option<&'a Memory>, folder: &'a Path) -> Request<'a> {
    let (connector, extract) = CONNECTORS
        .iter()
        .flat_map(|connector| connector.extracts.iter().map(move |extract| (connector, extract)))
        .find(|(_, extract)| extract.table == table)
        .unwrap();
    Request {
        source: connector.source,
        extract,
        table: CATALOG.table(table).unwrap(),
        memory,
        rows_needed: false,
        codes: None,
        salt: &[7; 32],
        deadline: deadline(),
        folder,
    }
}

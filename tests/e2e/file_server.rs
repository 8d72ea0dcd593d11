//! A server of the drop folder's files, as the Centre of Registers has one, and everything such a server does wrong.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What goes wrong with every request for one file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Another status, with this header.
    Status(u16, &'static str),
    /// Another body in place of the file's bytes, with this header; it comes whole.
    Body(&'static str, fn(&[u8]) -> Vec<u8>),
    /// The connection breaks in the middle of the file, each time.
    Cut,
    /// The same, and each time it is another version of the file.
    Changing,
    /// The connection breaks before the answer.
    HangUp,
    /// No answer comes.
    Silent,
    /// No more comes after the middle of the file.
    SilentInside,
    /// The last row comes again and again.
    Endless,
}

/// The server; it knows entity tags, and no parts of files.
pub(crate) struct FileServer {
    pub(crate) address: String,
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    faults: Mutex<BTreeMap<String, Fault>>,
    answers: AtomicUsize,
    not_modified: AtomicUsize,
}

impl FileServer {
    pub(crate) fn start(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (answers, not_modified) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let shared = Arc::new(Shared { folder, faults: Mutex::default(), answers, not_modified });
        let server = Self { address, shared: shared.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                // Whoever is answered badly may hang up in the middle.
                std::thread::spawn(move || drop(shared.answer(&stream)));
            }
        });
        server
    }

    /// These files, and no others, go wrong from now on.
    pub(crate) fn set(&self, faults: impl IntoIterator<Item = (String, Fault)>) {
        *self.shared.faults.lock().unwrap() = faults.into_iter().collect();
    }

    /// How many requests were answered with "not modified" so far.
    pub(crate) fn not_modified(&self) -> usize {
        self.shared.not_modified.load(Ordering::Relaxed)
    }
}

impl Shared {
    /// Answers one request and closes the connection.
    fn answer(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let first = lines.next().unwrap_or_default();
        let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let Some(target) = first.split_whitespace().nth(1) else { return Ok(()) };
        let file = target.rsplit('=').next().unwrap_or_default().trim_start_matches('/');
        let bytes = match fs::read(self.folder.join(file)) {
            // As any server of a folder does; that of the registers hangs up.
            Err(_) if !target.contains('=') => return head(stream, 404, "", Some(0)),
            read => read?,
        };
        let (whole, half) = (Some(bytes.len()), &bytes[..bytes.len() / 2]);
        let fault = self.faults.lock().unwrap().get(file).copied();
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        let tag =
            format!("\"{}-{}\"", bytes.len(), bytes.iter().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte))));
        let good = format!("etag: {tag}\r\ncontent-type: text/csv");
        match fault {
            None if headers.iter().any(|line| line.to_lowercase().starts_with("if-none-match") && line.contains(&tag)) => {
                self.not_modified.fetch_add(1, Ordering::Relaxed);
                head(stream, 304, "", None)?;
            }
            None => {
                head(stream, 200, &good, whole)?;
                stream.write_all(&bytes)?;
            }
            Some(Fault::Status(status, header)) => head(stream, status, header, Some(0))?,
            Some(Fault::Body(header, make)) => {
                let body = make(&bytes);
                head(stream, 200, header, Some(body.len()))?;
                stream.write_all(&body)?;
            }
            Some(Fault::Cut) => {
                head(stream, 200, &good, whole)?;
                stream.write_all(half)?;
            }
            Some(Fault::Changing) => {
                head(stream, 200, &format!("etag: \"{number}\""), whole)?;
                stream.write_all(half)?;
            }
            Some(Fault::HangUp) => {}
            // Until the client has had enough.
            Some(Fault::Silent) => drop(stream.read(&mut [0])?),
            Some(Fault::SilentInside) => {
                head(stream, 200, &good, whole)?;
                stream.write_all(half)?;
                let _ = stream.read(&mut [0])?;
            }
            Some(Fault::Endless) => {
                head(stream, 200, "", None)?;
                stream.write_all(&bytes)?;
                let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                let rows = bytes[last..].repeat(1000);
                loop {
                    stream.write_all(&rows)?;
                }
            }
        }
        Ok(())
    }
}

fn head(mut stream: &TcpStream, status: u16, header: &str, length: Option<usize>) -> std::io::Result<()> {
    let length = length.map(|length| format!("content-length: {length}\r\n")).unwrap_or_default();
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    stream.write_all(format!("HTTP/1.1 {status} X\r\n{header}{length}connection: close\r\n\r\n").as_bytes())
}

/// Bytes as `gzip` packs them.
pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = Command::new("gzip").args(["-cn1"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut into, bytes) = (gzip.stdin.take().unwrap(), bytes.to_vec());
    let writing = std::thread::spawn(move || into.write_all(&bytes).unwrap());
    let output = gzip.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(output.status.success());
    output.stdout
}

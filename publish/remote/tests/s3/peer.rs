//! Starting the S3-compatible server of `tests/peers/s3` (moto), and reading from it over plain HTTP, as browsers and scripts do.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(|| match python() {
    Ok(python) => Some(python),
    Err(reason) if is_required() => panic!("no peer: {reason}"),
    Err(reason) => {
        eprintln!("SKIPPED: the S3-compatible server of the tests cannot run here: {reason}");
        None
    }
});

/// The bucket that the server has.
const BUCKET: &str = "kibiras";
/// The folder in it of which everybody may read what is published.
pub(crate) const FOLDER: &str = "portalas";

/// Whether a peer that cannot run is a failure; its packages are then installed, too.
fn is_required() -> bool {
    std::env::var_os("VIRSIS_PEERS_REQUIRED").is_some_and(|value| value == "1")
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/s3")
}

fn python() -> Result<PathBuf, String> {
    let output = Command::new(peers().join("python.sh")).output().map_err(|error| error.to_string())?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(said(&output.stdout).into()) } else { Err(said(&output.stderr)) }
}

/// A running server; it ends when its standard input does, so with this process at the latest.
pub(crate) struct Server {
    /// Where it listens, on 127.0.0.1.
    pub(crate) port: u16,
    process: Child,
}

impl Server {
    /// Starts one; nothing where there is no Python for it.
    pub(crate) fn start() -> Option<Self> {
        let python = PYTHON.as_ref()?;
        let mut process = Command::new(python)
            .arg(peers().join("server.py"))
            .args(["--port", "0", "--bucket", BUCKET, "--folder", FOLDER, "--until-input-ends"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("port ").and_then(|port| port.parse().ok());
        Some(Self { port: port.unwrap_or_else(|| panic!("the S3-compatible server did not start: {line}")), process })
    }

    /// What reads from below that folder.
    pub(crate) fn reader(&self) -> Reader {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Reader { client: reqwest::blocking::Client::new(), base: format!("http://127.0.0.1:{}/{BUCKET}/{FOLDER}", self.port) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address of that folder, and the environment to publish there.
pub(crate) fn place(port: u16) -> (String, BTreeMap<String, String>) {
    let environment = [
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIAPRASIMANYTA".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "prasimanyta-paslaptis".to_owned()),
        ("AWS_REGION", "eu-north-1".to_owned()),
    ];
    (format!("s3://{BUCKET}/{FOLDER}"), environment.map(|(name, value)| (name.to_owned(), value)).into())
}

/// A reader of what is published.
#[derive(Clone)]
pub(crate) struct Reader {
    client: reqwest::blocking::Client,
    base: String,
}

/// What a reader got.
pub(crate) struct Got {
    pub(crate) content: Vec<u8>,
    pub(crate) content_type: String,
    pub(crate) cache_control: String,
}

impl Reader {
    /// The status of the answer to a reader.
    pub(crate) fn status(&self, address: &str) -> u16 {
        self.client.get(format!("{}/{address}", self.base)).send().unwrap().status().as_u16()
    }

    /// An object, or nothing if there is none.
    pub(crate) fn get(&self, address: &str) -> Option<Got> {
        let answer = self.client.get(format!("{}/{address}", self.base)).send().unwrap();
        if answer.status() == reqwest::StatusCode::NOT_FOUND {
            return None;
        }
        assert!(answer.status().is_success(), "{address}: {}", answer.status());
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let (content_type, cache_control) = (header("content-type"), header("cache-control"));
        Some(Got { content: answer.bytes().unwrap().to_vec(), content_type, cache_control })
    }
}

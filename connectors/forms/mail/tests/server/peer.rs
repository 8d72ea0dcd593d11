//! Starting the mail server of `tests/peers/mail` (aiosmtpd), and reading what it kept with Python's own `email`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;

static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(|| match python() {
    Ok(python) => Some(python),
    Err(reason) if is_required() => panic!("no peer: {reason}"),
    Err(reason) => {
        eprintln!("SKIPPED: the mail server of the tests cannot run here: {reason}");
        None
    }
});

/// Whether a peer that cannot run is a failure; its packages are then installed, too.
fn is_required() -> bool {
    std::env::var_os("VIRSIS_PEERS_REQUIRED").is_some_and(|value| value == "1")
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/peers/mail")
}

fn python() -> Result<PathBuf, String> {
    let output = Command::new(peers().join("python.sh")).output().map_err(|error| error.to_string())?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(said(&output.stdout).into()) } else { Err(said(&output.stderr)) }
}

/// Whether the tests with a peer can run.
pub(crate) fn is_here() -> bool {
    PYTHON.is_some()
}

/// A running server; it ends when its standard input does, so with this process at the latest.
pub(crate) struct Server {
    /// Where it listens, on 127.0.0.1.
    pub(crate) port: u16,
    /// For what else a test needs.
    pub(crate) folder: tempfile::TempDir,
    process: Child,
}

impl Server {
    /// Starts a server with options of `server.py`; nothing where there is no Python for it.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        let python = PYTHON.as_ref()?;
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(python)
            .arg(peers().join("server.py"))
            .args(["--port", "0", "--until-input-ends", "--folder"])
            .arg(folder.path().join("kept"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("port ").and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("the mail server did not start: {line}"));
        Some(Self { port, folder, process })
    }

    /// The letters it accepted, in their order.
    pub(crate) fn kept(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(self.folder.path().join("kept")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "eml"));
        files.sort();
        files
    }

    /// The envelope of one of them.
    pub(crate) fn envelope(&self, file: &Path) -> Value {
        serde_json::from_slice(&std::fs::read(file.with_extension("json")).unwrap()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What Python's `email` makes of letters.
pub(crate) fn read(files: &[PathBuf]) -> Vec<Value> {
    let output = Command::new(PYTHON.as_ref().unwrap()).arg(peers().join("read.py")).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

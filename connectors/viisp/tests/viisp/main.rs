//! The client against a VIISP that shares no code with it: `tests/peers/viisp/server.py` (signxml, lxml). Skipped where Python or its
//! packages are missing; with `VIRSIS_PEERS_REQUIRED=1` the packages are installed first, and what is still missing is a failure.

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod refused;
mod signed;
mod signing_in;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use url::{Url, form_urlencoded};
use viisp::{Error, Person, Settings, Ticket, Viisp};
use xmlsignature::Hash;

/// Places of the invented people in `people.json`.
const PLAIN: usize = 0;
const OF_A_COMPANY: usize = 3;
const FOREIGN: usize = 4;

/// The running double; it ends when this process does, as its standard input ends then.
struct Peer {
    folder: tempfile::TempDir,
    plain: u16,
    protected: u16,
    /// Told by the control address what to do; the others by the address of each question, as many tests ask them at once.
    controlled: u16,
    _processes: [Child; 3],
}

static PEER: LazyLock<Option<Peer>> = LazyLock::new(|| match start() {
    Ok(peer) => Some(peer),
    Err(reason) if std::env::var_os("VIRSIS_PEERS_REQUIRED").is_some_and(|value| value == "1") => panic!("no peer: {reason}"),
    Err(reason) => {
        eprintln!("SKIPPED: the VIISP of the tests cannot run here: {reason}");
        None
    }
});

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers")
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(said(&output.stdout)) } else { Err(format!("{command:?}: {}", said(&output.stderr))) }
}

fn start() -> Result<Peer, String> {
    let python = output(&mut Command::new(peers().join("python.sh")))?;
    let script = peers().join("viisp/server.py");
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    output(Command::new(&python).arg(&script).arg("--make-keys").arg(folder.path()))?;
    let serve = |protection: &[&Path]| {
        let mut process = Command::new(&python)
            .arg(&script)
            .arg("--until-stdin-ends")
            .arg("--service-key")
            .arg(folder.path().join("service.key"))
            .arg("--client-key")
            .arg(folder.path().join("ours.pub"))
            .args(protection)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut line).map_err(|error| error.to_string())?;
        let port = line.strip_prefix("listening").and_then(|port| port.trim().parse().ok());
        Ok::<(Child, u16), String>((process, port.ok_or("the double did not start")?))
    };
    let (first, plain) = serve(&[])?;
    let (second, protected) = serve(&[Path::new("--tls"), folder.path()])?;
    let (third, controlled) = serve(&[])?;
    Ok(Peer { folder, plain, protected, controlled, _processes: [first, second, third] })
}

impl Peer {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn at(&self, port: u16, rest: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{port}/{rest}")).unwrap()
    }

    fn url(&self, rest: &str) -> Url {
        self.at(self.plain, rest)
    }

    /// With answers that have this fault, in the exchange `at`.
    fn settings(&self, fault: &str, at: &str) -> Settings {
        Settings {
            service: self.url(&format!("service?fault={fault}&at={at}")),
            portal: self.url("portal"),
            pid: "VSID000000000113".to_owned(),
            key_file: self.file("ours.key"),
            service_keys: vec![self.file("service.pub")],
            hashes: vec![Hash::Sha256],
            providers: ["auth.lt.identity.card", "auth.lt.bank", "auth.eidas"].map(str::to_owned).into(),
            timeout_seconds: 2,
            authorities_file: None,
        }
    }

    fn client(&self, fault: &str, at: &str) -> Viisp {
        Viisp::new(&self.settings(fault, at)).unwrap()
    }

    /// What a browser sees after posting a form.
    fn post(&self, address: &Url, fields: &[(&str, &str)]) -> String {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let client = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
        let request = client.post(address.clone()).header("content-type", "application/x-www-form-urlencoded").body(form);
        request.send().unwrap().text().unwrap()
    }

    /// Signs in at the portal as one of the invented people.
    fn sign_in(&self, ticket: &Ticket, person: usize) -> String {
        self.post(&self.url("portal/confirm"), &[("ticket", ticket.reveal()), ("person", &person.to_string()), ("provider", "")])
    }

    /// A whole sign-in with a faulty second answer.
    fn person(&self, fault: &str, person: usize) -> Result<Person, Error> {
        self.person_with(&self.settings(fault, "data"), person)
    }

    fn person_with(&self, settings: &Settings, person: usize) -> Result<Person, Error> {
        let (viisp, correlation) = (Viisp::new(settings)?, correlation());
        let ticket = viisp.ticket(&postback(), &correlation)?;
        self.sign_in(&ticket, person);
        viisp.person(&ticket, &correlation)
    }
}

fn postback() -> Url {
    Url::parse("https://virsis.example/prisijungti/grizo?a=1&b=2").unwrap()
}

fn correlation() -> String {
    xmlsignature::fresh_id().unwrap()
}

//! A country whose endpoint serves, people with accounts and mandates, and somebody who signs for them.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use totp_rs::Totp;

use super::client::Client;
use crate::country::{Country, home};

/// A country whose endpoint can be served.
pub(crate) struct Place {
    pub(crate) country: Country,
    signer: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    signing: Child,
    mandates: Mutex<String>,
}

/// Somebody with an account.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) totp: Totp,
    pub(crate) code: String,
}

/// The endpoint while it runs.
pub(crate) struct Serving {
    child: Child,
    pub(crate) port: u16,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.signing.kill();
        let _ = self.signing.wait();
    }
}

/// A personal code that fits nobody: invented, with the right control digit.
pub(crate) fn personal_code(number: u32) -> String {
    let body: Vec<u32> = format!("3850101{number:03}").bytes().map(|byte| u32::from(byte - b'0')).collect();
    let body: [u32; 10] = body.try_into().unwrap();
    let control = catalog::codes::personal_check_digit(&body);
    body.iter().chain([&control]).map(u32::to_string).collect()
}

/// A code that no legal entity has: invented, with the right control digit.
pub(crate) fn entity_code(number: u32) -> String {
    let body: Vec<u32> = format!("39{number:06}").bytes().map(|byte| u32::from(byte - b'0')).collect();
    let body: [u32; 8] = body.try_into().unwrap();
    let control = catalog::codes::legal_entity_check_digit(&body);
    body.iter().chain([&control]).map(u32::to_string).collect()
}

impl Place {
    /// A country published once, with its history of manual feeds brought into the endpoint's store. `None` where Python lacks what
    /// signing needs (`VIRSIS_PEERS_REQUIRED` makes that a failure).
    pub(crate) fn prepare(seed: u64) -> Option<Self> {
        Self::prepare_in(|| Country::generate(seed, &home()))
    }

    /// The same in a country of the caller's.
    pub(crate) fn prepare_in(country: impl Fn() -> Country) -> Option<Self> {
        let python = Command::new(home().join("tests/peers/container/python.sh")).output().unwrap();
        if python.status.code() == Some(77) {
            println!("SKIPPED: {}", String::from_utf8_lossy(&python.stderr));
            return None;
        }
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        let country = country();
        country.ok(&["run"]);
        let port = free_port();
        let configuration = std::fs::read_to_string(country.path("virsis.toml")).unwrap();
        let forms = format!(
            "{configuration}\n[serve]\naddress = '127.0.0.1:0'\nschedules = []\n[forms]\nenabled = true\nstore = 'forms/forms.sqlite'\naddress = '127.0.0.1:{port}'\n\
             origin = 'http://127.0.0.1:{port}'\nroots_file = 'signer/root.pem'\nrequests_per_minute = 100000\nsign_ins_per_minute = 1000\n\
             [forms.mail]\ndelivery = 'file'\nfolder = 'letters'\nfrom = 'VIRSIS <virsis@example.invalid>'\n"
        );
        std::fs::write(country.path("virsis.toml"), forms).unwrap();
        let python = String::from_utf8(python.stdout).unwrap();
        let mut signing = Command::new(python.trim())
            .arg(home().join("tests/peers/container/signer.py"))
            .arg(country.path("signer"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answers = BufReader::new(signing.stdout.take().unwrap());
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let signer = Mutex::new((signing.stdin.take().unwrap(), answers));
        country.ok(&["forms", "import", "extracts"]);
        let heading = "asmens_kodas,vaidmuo,organizacijos_kodas,organizacijos_pavadinimas,el_pastas,galioja_nuo,galioja_iki\n";
        Some(Self { country, signer, signing, mandates: Mutex::new(heading.to_owned()) })
    }

    /// Makes an account for the person of this number, with a mandate.
    pub(crate) fn person(&self, number: u32, role: &str, organisation: &str, name: &str) -> Person {
        let (login, code) = (format!("asmuo{number}"), personal_code(number));
        let mut child = self
            .country
            .command(&["account", "add", &login, "--given", "Ąžuolas", "--family", &format!("Išgalvotasis{number}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{code}").unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let after = |mark: &str| text.lines().find_map(|line| line.strip_prefix(mark)).unwrap().to_owned();
        let line = format!("{code},{role},{organisation},\"{}\",asmuo{number}@example.invalid,2020-01-01,\n", name.replace('"', "\"\""));
        let mandates = {
            let mut mandates = self.mandates.lock().unwrap();
            mandates.push_str(&line);
            mandates.clone()
        };
        std::fs::write(self.country.path("mandates.csv"), mandates).unwrap();
        self.country.ok(&["mandates", "import", "mandates.csv"]);
        Person { login, password: after("password: "), totp: Totp::from_url(after("one-time codes: ")).unwrap(), code }
    }

    /// Starts the endpoint and waits until it answers.
    pub(crate) fn serve(&self) -> Serving {
        self.serve_by(self.country.command(&["serve"]))
    }

    /// Starts the endpoint with this command and waits until it answers.
    pub(crate) fn serve_by(&self, mut command: Command) -> Serving {
        let port = self.port();
        let child = command.stdout(Stdio::null()).stderr(std::fs::File::create(self.country.path("serve.log")).unwrap()).spawn();
        let serving = Serving { child: child.unwrap(), port };
        for _ in 0..600 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return serving;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the endpoint does not answer: {}", std::fs::read_to_string(self.country.path("serve.log")).unwrap());
    }

    /// Where the endpoint listens.
    pub(crate) fn port(&self) -> u16 {
        let text = std::fs::read_to_string(self.country.path("virsis.toml")).unwrap();
        let settings: toml::Table = text.parse().unwrap();
        settings["forms"]["address"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap()
    }

    /// The container somebody makes of a document.
    pub(crate) fn sign(&self, code: &str, document: &[u8]) -> Vec<u8> {
        self.sign_together(code, &[document])
    }

    /// The container somebody makes of several documents.
    pub(crate) fn sign_together(&self, code: &str, documents: &[&[u8]]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("dokumentas.asice");
        let written = |(place, document): (usize, &&[u8])| {
            let path = folder.path().join(format!("dokumentas {place}.pdf"));
            std::fs::write(&path, document).unwrap();
            path
        };
        let sources: Vec<PathBuf> = documents.iter().enumerate().map(written).collect();
        let mut signer = self.signer.lock().unwrap();
        writeln!(signer.0, "{}", serde_json::json!({"code": code, "documents": sources, "out": out})).unwrap();
        let mut line = String::new();
        signer.1.read_line(&mut line).unwrap();
        assert_eq!(line, "done\n");
        std::fs::read(out).unwrap()
    }

    /// Somebody signed in.
    pub(crate) fn sign_in(&self, serving: &Serving, person: &Person) -> Client {
        let mut client = Client::new(serving.port);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let code = person.totp.generate(now).to_string();
        let answer = client.post("/prisijungti", &[("vardas", &person.login), ("slaptazodis", &person.password), ("kodas", &code)]);
        assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/pradzia")), "{}", answer.text());
        client
    }
}

impl Serving {
    /// The most memory that it ever had, in KiB.
    pub(crate) fn peak(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().split(' ').next().unwrap().parse().unwrap()
    }

    /// Kills the endpoint as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

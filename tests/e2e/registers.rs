//! The contract registers over their signed web service, through the whole run: `tests/peers/ws_server.py` answers out of a generated
//! country. Skipped with a word where Python or its packages are missing, unless `VIRSIS_PEERS_REQUIRED=1`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::country::{Country, differing, home};
use crate::privacy::secrets;

/// Sections of the configuration that are reached over the web service, and the files they would be read from.
const SERVED: &[(&str, &str)] = &[
    ("gr", "gr_asmenys"),
    ("jadis", "jadis_dalyviai"),
    ("gypas", "gypas_parama"),
    ("imis", "imis_parama"),
    ("libis", "libis_numeriai"),
    ("jar__kontaktai", "jar_kontaktai"),
    ("jar__valdymas", "jar_valdymas"),
    ("jar__finansai", "jar_finansai"),
];

/// In the names of tables that are about the sources themselves: rows that are none never leave a service.
const SOURCES: &[&str] = &["saltini", "kokyb"];

/// What a register can show, the word for it, and what an operator is told.
const FAULTS: &[(&str, &str, &str)] = &[
    ("unsigned", "signature", "no signature"),
    ("altered", "signature", "altered after it was signed"),
    ("other-key", "signature", "not made with a pinned key"),
    ("sha1", "signature", "a hash that the settings do not allow"),
    ("two-signatures", "signature", "more than one signature"),
    ("wrapped-in-header", "signature", "refers to something else"),
    ("wrapped-with-same-id", "signature", "refers to something else"),
    ("wrapped-inside", "signature", "does not follow the agreed profile"),
    ("two-in-body", "signature", "exactly one element"),
    ("bomb", "signature", "DOCTYPE"),
    ("external", "signature", "DOCTYPE"),
    ("undeclared", "signature", "not well-formed"),
    ("empty", "signature", "not well-formed"),
    ("fault", "signature", "SOAP fault s:Server.NoContract"),
    ("no-text", "protocol", "not UTF-8"),
    ("unknown-field", "protocol", "is no field of this extract"),
    ("stranger", "other_answer", "a code that was not asked for"),
    ("strange-row", "other_answer", "a code that was not asked for"),
    ("replayed", "other_answer", "belongs to another question"),
    ("missing", "incomplete", "says nothing about 1 of the codes"),
    ("html", "not_data", "a web page"),
    ("cut", "truncated", "the connection broke"),
    ("endless", "too_large", "more than 1048576 bytes"),
    ("slow", "too_slow", "was silent for 1 s"),
    ("401", "not_allowed", "the credentials are missing or wrong"),
    ("503", "status", "answers with status 503"),
    ("elsewhere", "redirected", "redirects to http://registrai.invalid"),
    ("nobody", "unreachable", "cannot be reached"),
];

/// The running service; it ends with its standard input.
pub(crate) struct Service {
    folder: tempfile::TempDir,
    plain: String,
    mutual: String,
    _process: Child,
}

impl Service {
    /// None where this machine lacks Python or its packages.
    pub(crate) fn start(country: &Country) -> Option<Self> {
        let peers = home().join("tests/peers");
        let python = Command::new(peers.join("python.sh")).output().unwrap();
        if python.status.code() == Some(77) {
            eprintln!("SKIPPED: {}", String::from_utf8_lossy(&python.stderr).trim());
            return None;
        }
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        let python = String::from_utf8(python.stdout).unwrap().trim().to_owned();
        let folder = tempfile::tempdir().unwrap();
        let script = peers.join("ws_server.py");
        assert!(Command::new(&python).arg(&script).arg("prepare").arg(folder.path()).status().unwrap().success());
        let mut process = Command::new(&python)
            .arg(&script)
            .arg("serve")
            .arg(folder.path())
            .arg(home().join("data/ws/virsis-registrai.v1.xsd"))
            .arg(country.path("extracts"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut port = |name: &str| lines.next().unwrap().unwrap().strip_prefix(name).unwrap().trim().to_owned();
        Some(Self { plain: port("plain"), mutual: port("mutual"), folder, _process: process })
    }

    /// The section of the mandates; the user subsystem shows `mode`.
    pub(crate) fn mandates(&self, manager: &str, mode: &str) -> String {
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        format!(
            "[mandates]\ntransport = 'ws'\nmanager = '{manager}'\n[mandates.service]\naddress = 'http://127.0.0.1:{}/{mode}'\nkey_file = '{}'\nservice_keys = ['{}']\nhttp = {{ attempts = 1 }}\n",
            self.plain,
            file("ours.key"),
            file("service.crt")
        )
    }

    /// The section of one source; the register shows `mode`.
    pub(crate) fn section(&self, name: &str, mode: &str) -> String {
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        // The population register wants to see a client certificate, too.
        let (scheme, port, tls) = if name == "gr" {
            let tls = format!(", authorities_file = '{}', identity_file = '{}'", file("authority.crt"), file("tls-client.pem"));
            ("https", self.mutual.as_str(), tls)
        } else {
            ("http", self.plain.as_str(), String::new())
        };
        let port = if mode == "nobody" { "1" } else { port };
        let stall = if mode == "slow" { 1 } else { 30 };
        format!(
            "[sources.{name}]\ntransport = 'ws'\naddress = '{scheme}://127.0.0.1:{port}/{mode}'\nkey_file = '{}'\nservice_keys = ['{}']\nrequests_per_second = 1000\nmost_answer_bytes = 1048576\nhttp = {{ attempts = 1, stall_seconds = {stall}{tls} }}\n",
            file("ours.key"),
            file("service.crt")
        )
    }

    /// Says in the configuration how each register behaves.
    fn configure(&self, country: &Country, mode: impl Fn(usize) -> &'static str) {
        let path = country.path("virsis.toml");
        let text = fs::read_to_string(&path).unwrap();
        let own = text.split("[sources.").next().unwrap();
        let sections: String = SERVED.iter().enumerate().map(|(place, (name, _))| self.section(name, mode(place))).collect();
        fs::write(&path, format!("{own}{sections}")).unwrap();
    }
}

#[test]
fn registers_asked_code_by_code_give_the_same_data() {
    let from_files = Country::generate(38, &home());
    let Some(service) = Service::start(&from_files) else { return };
    from_files.ok(&["run"]);
    let country = Country::generate(38, &home());
    fs::copy(from_files.path("secrets/person.key"), country.path("secrets/person.key")).unwrap();
    for (_, file) in SERVED {
        fs::remove_file(country.path("extracts").join(format!("{file}.v1.csv"))).unwrap();
    }
    service.configure(&country, |_| "country");
    // The tests' logs are at trace level, the HTTP library's among them.
    let secrets = secrets(&from_files);
    for command in [&["run"][..], &["doctor"], &["fetch", "jadis"], &["fetch", "gr"]] {
        let said = country.run(command);
        assert!(said.status.success(), "{command:?}");
        assert!(command[0] != "run" || said.stderr.len() > 1000);
        secrets.assert_not_in(&said);
    }
    assert_eq!(country.trouble(), []);
    assert_eq!(differing(&country.data(SOURCES), &from_files.data(SOURCES)), [""; 0]);
    assert!(country.ok(&["run"]).contains("nothing changed"));
}

/// What the log says of each table that is stale.
fn told(said: &Output) -> BTreeMap<String, String> {
    let lines = String::from_utf8(said.stderr.clone()).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    lines
        .filter(|line| line["message"] == "the last good extract stands in")
        .map(|line| (text(&line, "table"), text(&line, "reason")))
        .collect()
}

#[test]
fn every_register_with_every_fault_of_its_service_goes_stale_and_the_others_carry_on() {
    let country = Country::generate(43, &home());
    let Some(service) = Service::start(&country) else { return };
    let secrets = secrets(&country);
    for (_, file) in SERVED {
        fs::remove_file(country.path("extracts").join(format!("{file}.v1.csv"))).unwrap();
    }
    service.configure(&country, |_| "country");
    country.ok(&["run"]);
    let before = country.data(SOURCES);
    // Every night each register is one fault further; after some faults comes a good night, so one register is always good.
    let round: Vec<_> = FAULTS.chunks(SERVED.len() - 1).flat_map(|some| some.iter().map(Some).chain([None])).collect();
    for night in 0..round.len() {
        let fault = |place: usize| round[(night + place) % round.len()];
        service.configure(&country, |place| fault(place).map_or("country", |(mode, _, _)| mode));
        let said = country.run(&["run"]);
        assert!(said.status.success());
        secrets.assert_not_in(&said);
        let (trouble, told) = (country.trouble().into_iter().collect::<BTreeMap<_, _>>(), told(&said));
        for (place, (name, file)) in SERVED.iter().enumerate() {
            let table = format!("raw_{}", file.replacen('_', "__", 1));
            let Some((mode, reason, words)) = fault(place) else {
                assert_eq!(trouble.get(&table), None, "{name} is good");
                continue;
            };
            assert_eq!(trouble.get(&table).map(String::as_str), Some(*reason), "{name}: {mode}");
            assert!(told[&table].contains(words), "{name}: {mode}: {}", told[&table]);
        }
        assert_eq!(trouble.len(), SERVED.len() - 1, "{trouble:?}");
        country.ok(&["verify"]);
        assert_eq!(differing(&country.data(SOURCES), &before), [""; 0], "night {night}: the last good answers stand in");
    }
    service.configure(&country, |_| "country");
    country.ok(&["run"]);
    assert_eq!(country.trouble(), []);
    assert_eq!(differing(&country.data(SOURCES), &before), [""; 0]);
}

//! The contract registers over their signed web service, through the whole run: `tests/peers/ws_server.py` answers out of a generated
//! country. Skipped with a word where Python or its packages are missing, unless `VIRSIS_PEERS_REQUIRED=1`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::country::{Country, files, home};
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

/// The running service; it ends with its standard input.
struct Service {
    folder: tempfile::TempDir,
    plain: String,
    mutual: String,
    _process: Child,
}

impl Service {
    /// None where this machine lacks Python or its packages.
    fn start(country: &Country) -> Option<Self> {
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

    /// The section of one source; the register shows `mode`.
    fn section(&self, name: &str, mode: &str) -> String {
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        // The population register wants to see a client certificate, too.
        let (address, tls) = if name == "gr" {
            let tls = format!(", authorities_file = '{}', identity_file = '{}'", file("authority.crt"), file("tls-client.pem"));
            (format!("https://127.0.0.1:{}/{mode}", self.mutual), tls)
        } else {
            (format!("http://127.0.0.1:{}/{mode}", self.plain), String::new())
        };
        format!(
            "[sources.{name}]\ntransport = 'ws'\naddress = '{address}'\nkey_file = '{}'\nservice_keys = ['{}']\nrequests_per_second = 1000\nhttp = {{ attempts = 1, stall_seconds = 5{tls} }}\n",
            file("ours.key"),
            file("service.crt")
        )
    }

    /// Says in the configuration how each register behaves.
    fn configure(&self, country: &Country, mode: impl Fn(&str) -> &'static str) {
        let path = country.path("virsis.toml");
        let text = fs::read_to_string(&path).unwrap();
        let own = text.split("[sources.").next().unwrap();
        let sections: String = SERVED.iter().map(|(name, _)| self.section(name, mode(name))).collect();
        fs::write(&path, format!("{own}{sections}")).unwrap();
    }
}

/// Published tables as CSV, but for those that are about the sources themselves.
fn data(country: &Country) -> Vec<(String, String)> {
    let root = country.path("portal/latest/public/data").canonicalize().unwrap();
    files(&root)
        .into_iter()
        .map(|path| (path.strip_prefix(&root).unwrap().display().to_string(), path))
        .filter(|(name, _)| name.ends_with(".csv") && !name.contains("saltini") && !name.contains("kokyb") && !name.contains("karantin"))
        .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn registers_asked_code_by_code_give_the_same_data_and_one_that_cannot_be_believed_goes_stale() {
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
    let (asked, read) = (data(&country), data(&from_files));
    assert!(asked.len() > 15);
    for ((name, asked), (other, read)) in asked.iter().zip(&read) {
        assert_eq!(name, other);
        assert!(asked == read, "{name} differs");
    }
    assert!(country.ok(&["run"]).contains("nothing changed"));

    let (jadis, gr, board) = (("jadis", "raw_jadis__dalyviai"), ("gr", "raw_gr__asmenys"), ("jar__valdymas", "raw_jar__valdymas"));
    let cases = [
        ("unsigned", "signature", jadis),
        ("sha1", "signature", jadis),
        ("two-signatures", "signature", jadis),
        ("fault", "signature", jadis),
        ("html", "not_data", jadis),
        ("other-key", "signature", jadis),
        ("other-key", "signature", gr),
        ("other-key", "signature", board),
        ("missing", "incomplete", jadis),
        ("missing", "incomplete", gr),
        ("missing", "incomplete", board),
    ];
    for (mode, reason, (name, table)) in cases {
        service.configure(&country, |section| if section == name { mode } else { "country" });
        let said = country.run(&["run"]);
        assert!(said.status.success());
        secrets.assert_not_in(&said);
        assert_eq!(country.trouble(), [(table.to_owned(), reason.to_owned())], "{mode}");
    }
    country.ok(&["verify"]);
    assert!(data(&country) == asked, "the last good answers stand in");
}

//! Sources over HTTP: the same release as from files; a source that fails over the network goes stale, the others carry on.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::country::{Country, home};

/// What the server does with requests for one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Good,
    Status(u16),
    Page,
    Cut,
    Empty,
    Elsewhere,
}

/// A server of the drop folder's files, as the Centre of Registers has one; it knows entity tags.
struct Server {
    address: String,
    mode: Arc<Mutex<(String, Mode)>>,
    not_modified: Arc<AtomicUsize>,
}

impl Server {
    fn start(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mode = Arc::new(Mutex::new((String::new(), Mode::Good)));
        let not_modified = Arc::new(AtomicUsize::new(0));
        let (shared, counted) = (mode.clone(), not_modified.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, mode, counted) = (folder.clone(), shared.clone(), counted.clone());
                std::thread::spawn(move || answer(stream, &folder, &mode, &counted));
            }
        });
        Self { address, mode, not_modified }
    }

    fn set(&self, file: &str, mode: Mode) {
        *self.mode.lock().unwrap() = (file.to_owned(), mode);
    }
}

/// Answers one request and closes the connection.
fn answer(mut stream: TcpStream, folder: &std::path::Path, mode: &Mutex<(String, Mode)>, not_modified: &AtomicUsize) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    let headers: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let file = first.split_whitespace().nth(1)?.rsplit('=').next()?.to_owned();
    let bytes = fs::read(folder.join(&file)).unwrap_or_default();
    let (named, mode) = mode.lock().unwrap().clone();
    let mode = if named == file { mode } else { Mode::Good };
    let tag = format!("\"{}-{}\"", bytes.len(), bytes.iter().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte))));
    let known = headers.iter().any(|line| line.to_lowercase().starts_with("if-none-match") && line.contains(&tag));
    let (status, extra, body): (u16, String, &[u8]) = match mode {
        Mode::Good if known => {
            not_modified.fetch_add(1, Ordering::Relaxed);
            (304, String::new(), b"")
        }
        Mode::Good | Mode::Cut => (200, format!("etag: {tag}\r\ncontent-type: text/csv\r\n"), &bytes),
        Mode::Status(status) => (status, String::new(), b"Klaida"),
        Mode::Page => (200, "content-type: text/html\r\n".to_owned(), b"<!doctype html><p>Prisijunkite"),
        Mode::Empty => (200, String::new(), b""),
        Mode::Elsewhere => (302, "location: http://registrai.invalid/\r\n".to_owned(), b""),
    };
    write!(stream, "HTTP/1.1 {status} X\r\n{extra}content-length: {}\r\nconnection: close\r\n\r\n", body.len()).ok()?;
    let sent = if mode == Mode::Cut { body.len() / 2 } else { body.len() };
    stream.write_all(&body[..sent]).ok()
}

/// A country whose sources but the manual feeds come over HTTP from a folder of their own.
fn over_http(seed: u64) -> (Country, Server, PathBuf) {
    let country = Country::generate(seed, &home());
    let served = country.path("served");
    fs::create_dir(&served).unwrap();
    for entry in fs::read_dir(country.path("extracts")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".csv") && !name.starts_with("formos") {
            fs::rename(&path, served.join(name)).unwrap();
        }
    }
    let server = Server::start(served.clone());
    let sections: String = ["jar", "gr", "jadis", "lis", "gypas", "imis", "libis", "vrk"]
        .iter()
        .map(|source| {
            format!(
                "[sources.{source}]\ntransport = 'bulk'\naddress = 'http://{}/aduomenys/?byla={{file}}'\nhttp = {{ attempts = 2, pause_seconds = 0.01, stall_seconds = 5 }}\n",
                server.address
            )
        })
        .collect();
    let path = country.path("virsis.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}{sections}")).unwrap();
    (country, server, served)
}

#[test]
fn registers_over_http_give_the_same_release_and_are_not_read_again_when_nothing_changed() {
    let from_files = Country::generate(35, &home());
    from_files.ok(&["run"]);
    let (country, server, served) = over_http(35);
    fs::copy(from_files.path("secrets/person.key"), country.path("secrets/person.key")).unwrap();
    // The tests' logs are at trace level, the HTTP library's among them.
    crate::privacy::secrets(&from_files).assert_not_in(&country.run(&["run", "--anew"]));
    let said = country.ok(&["doctor"]);
    assert!(said.contains("extracts answer over bulk"), "{said}");
    let manifest =
        |country: &Country| -> Value { serde_json::from_slice(&fs::read(country.path("portal/latest/manifest.json")).unwrap()).unwrap() };
    let data = |country: &Country| -> Vec<Value> {
        manifest(country)["files"].as_array().unwrap().iter().filter(|file| file["table"].is_string()).cloned().collect()
    };
    assert!(data(&country) == data(&from_files), "the transport must not show in the data");
    assert!(country.ok(&["run"]).contains("nothing changed"));
    assert_eq!(server.not_modified.load(Ordering::Relaxed), 14, "every register was asked and said that nothing changed");
    // The register drops three rows: that extract alone is read again.
    let file = served.join("vrk_reklama.v1.csv");
    let text = fs::read_to_string(&file).unwrap();
    let fewer: String = text.split_inclusive('\n').take(text.lines().count() - 3).collect();
    fs::write(&file, fewer).unwrap();
    assert!(country.ok(&["run"]).contains("published"));
    assert_eq!(country.trouble(), []);
    assert!(country.ok(&["sources"]).contains("bulk"));
}

#[test]
fn a_register_that_fails_over_http_goes_stale_with_its_reason() {
    let (country, server, _) = over_http(36);
    country.ok(&["run"]);
    let cases = [
        (Mode::Status(401), "not_allowed"),
        (Mode::Status(404), "status"),
        (Mode::Status(503), "status"),
        (Mode::Page, "not_data"),
        (Mode::Cut, "truncated"),
        (Mode::Empty, "truncated"),
        (Mode::Elsewhere, "redirected"),
    ];
    for (file, table) in [("jadis_dalyviai.v1.csv", "raw_jadis__dalyviai"), ("gr_asmenys.v1.csv", "raw_gr__asmenys")] {
        for (mode, reason) in cases {
            server.set(file, mode);
            country.ok(&["run"]);
            assert_eq!(country.trouble(), [(table.to_owned(), reason.to_owned())], "{mode:?}");
            country.ok(&["verify"]);
        }
    }
    server.set("", Mode::Good);
    country.ok(&["run"]);
    assert_eq!(country.trouble(), []);
}

#[test]
fn sections_that_name_no_source_and_unknown_keys_of_a_transport_are_refused() {
    let country = Country::generate(37, &home());
    let path = country.path("virsis.toml");
    let text = fs::read_to_string(&path).unwrap();
    for (section, said) in [
        ("[sources.jarr]\ntransport = 'files'\n", "jarr"),
        ("[sources.jar]\ntransport = 'bulk'\nadress = 'x'\n", "adress"),
        ("[sources.jar]\ntransport = 'fax'\n", "fax"),
        (
            "[sources.gr]\ntransport = 'ws'\naddress = 'https://gr.invalid'\nkey_file = 'none.key'\nservice_keys = ['none.crt']\n",
            "none.key",
        ),
    ] {
        fs::write(&path, format!("{text}{section}")).unwrap();
        let error = country.refused(&["run"]);
        assert!(error.contains(said), "{said} is missing in: {error}");
    }
}

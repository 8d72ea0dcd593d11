//! Sources over HTTP: the same release as from files; a source that fails over the network goes stale, the others carry on.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use connectors::{CONNECTORS, MANUAL_FEEDS};

use crate::country::{Country, differing, home};
use crate::faults::{extracts, stale};
use crate::file_server::Fault::{self, *};
use crate::file_server::{FileServer, packed};

/// In the names of tables that are about the sources themselves.
const SOURCES: &[&str] = &["saltini"];
const PAGE: &[u8] = b"<!doctype html>\n<html><p>Prisijunkite</p></html>\n";
/// No file of these tests is larger; more is refused.
const MOST_BYTES: usize = 1 << 20;
/// How often a register is asked, and how long it may say nothing.
const PATIENT: &str = "attempts = 2, pause_seconds = 0.01, longest_pause_seconds = 0.02, stall_seconds = 30";
const IMPATIENT: &str = "attempts = 1, stall_seconds = 1";

/// What can happen to a file on its way, and the word for it.
const FAULTS: &[(&str, Fault, &str)] = &[
    ("not allowed", Status(401, ""), "not_allowed"),
    ("nothing there", Status(404, ""), "status"),
    ("busy for a day", Status(429, "retry-after: 86400"), "status"),
    ("out of order", Status(503, ""), "status"),
    ("no content", Status(204, ""), "protocol"),
    ("elsewhere", Status(302, "location: http://registrai.invalid/"), "redirected"),
    ("round and round", Status(302, "location: #"), "redirected"),
    ("a page", Body("content-type: text/html; charset=utf-8", |_| PAGE.to_vec()), "not_data"),
    ("a page that is called data", Body("content-type: text/csv", |_| PAGE.to_vec()), "not_data"),
    ("a packed page", Body("content-encoding: gzip", |_| packed(PAGE)), "not_data"),
    ("an error as JSON", Body("content-type: application/json", |_| b"{\"klaida\": 503}\n".to_vec()), "no_headings"),
    ("another heading", Body("content-type: text/csv", other_heading), "changed_headings"),
    ("nothing", Body("content-type: text/csv", |_| Vec::new()), "truncated"),
    ("the last row cut", Body("", |bytes| bytes[..bytes.len() - 1].to_vec()), "truncated"),
    ("a broken connection", Cut, "truncated"),
    ("packed and cut", Body("content-encoding: gzip", |bytes| cut(packed(bytes), 12)), "truncated"),
    ("packed and damaged", Body("content-encoding: gzip", |bytes| damaged(packed(bytes))), "unreadable"),
    ("packed in another way", Body("content-encoding: deflate", |bytes| packed(bytes)[10..].to_vec()), "no_headings"),
    ("a bomb", Body("content-encoding: gzip", bomb), "too_large"),
    ("endless", Endless, "too_large"),
    ("another file each time", Changing, "changed_while_read"),
    ("hung up", HangUp, "unreachable"),
    ("silent", Silent, "too_slow"),
    ("silent in the middle", SilentInside, "too_slow"),
];

fn cut(mut bytes: Vec<u8>, end: usize) -> Vec<u8> {
    bytes.truncate(bytes.len() - end);
    bytes
}

/// The last but eighth byte belongs to the sum over the text that was packed.
fn damaged(mut packed: Vec<u8>) -> Vec<u8> {
    let place = packed.len() - 8;
    packed[place] ^= 1;
    packed
}

fn other_heading(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let first = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    bytes[first] = b'x';
    bytes
}

/// The heading line and one row, again and again.
fn bomb(bytes: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').take(2).collect();
    packed(&[lines[0], &lines[1].repeat(MOST_BYTES / lines[1].len() + 1)].concat())
}

/// A country whose registers come over HTTP from a folder of their own.
struct OverHttp {
    country: Country,
    server: FileServer,
    served: PathBuf,
    /// The registers' files and the raw tables they fill.
    files: Vec<(String, String)>,
}

/// All sources but the manual feeds.
fn registers() -> Vec<&'static str> {
    CONNECTORS.iter().map(|connector| connector.source).filter(|source| *source != MANUAL_FEEDS.source).collect()
}

fn over_http(seed: u64) -> OverHttp {
    let country = Country::generate(seed, &home());
    let files: Vec<_> = extracts(&country).into_iter().filter(|(file, _)| !file.starts_with("formos")).collect();
    let served = country.path("served");
    fs::create_dir(&served).unwrap();
    for (file, _) in &files {
        fs::rename(country.path("extracts").join(file), served.join(file)).unwrap();
    }
    let server = FileServer::start(served.clone());
    configure(&country, &registers(), PATIENT, |_| server.address.clone());
    OverHttp { country, server, served, files }
}

/// Says in the configuration from where each source, or each extract, comes.
fn configure(country: &Country, keys: &[&str], patience: &str, address: impl Fn(&str) -> String) {
    let path = country.path("virsis.toml");
    let text = fs::read_to_string(&path).unwrap();
    // All wait at the same time.
    let own = text.split("[run]").next().unwrap().to_owned() + "[run]\nparallel_sources = 16\n";
    let section = |key: &&str| {
        format!(
            "[sources.{key}]\ntransport = 'bulk'\naddress = 'http://{}/aduomenys/?byla={{file}}'\nmost_text_bytes = {MOST_BYTES}\nhttp = {{ most_bytes = {MOST_BYTES}, {patience} }}\n",
            address(key)
        )
    };
    fs::write(&path, own + &keys.iter().map(section).collect::<String>()).unwrap();
}

#[test]
fn registers_over_http_give_the_same_release_and_are_not_read_again_when_nothing_changed() {
    let from_files = Country::generate(35, &home());
    from_files.ok(&["run"]);
    let OverHttp { country, server, served, files } = over_http(35);
    fs::copy(from_files.path("secrets/person.key"), country.path("secrets/person.key")).unwrap();
    // The tests' logs are at trace level, the HTTP library's among them.
    crate::privacy::secrets(&from_files).assert_not_in(&country.run(&["run", "--full"]));
    let said = country.ok(&["doctor"]);
    assert!(said.contains("reached over bulk"), "{said}");
    assert_eq!(differing(&country.data(&[]), &from_files.data(&[])), [""; 0], "the transport must not show in the data");
    assert!(country.ok(&["run"]).contains("nothing changed"));
    assert_eq!(server.not_modified(), files.len(), "every register was asked and said that nothing changed");
    // The register drops three rows: that extract alone is read again.
    let file = served.join("vrk_reklama.v1.csv");
    let text = fs::read_to_string(&file).unwrap();
    let fewer: String = text.split_inclusive('\n').take(text.lines().count() - 3).collect();
    fs::write(&file, fewer).unwrap();
    assert!(country.ok(&["run"]).contains("published"));
    assert_eq!(country.trouble(), []);
    assert!(country.ok(&["sources"]).contains("bulk"));
}

/// After a night on which `hit` went wrong: they and no others are stale, each for its reason, and the release is sound.
fn assert_night(country: &Country, hit: &BTreeSet<String>, reason: &str, what: &str) {
    country.ok(&["verify"]);
    assert_eq!(&stale(country), hit, "{what}");
    for line in country.status()["sources"].as_array().unwrap() {
        let is_hit = hit.contains(line["table"].as_str().unwrap());
        assert_eq!(line["reason"], if is_hit { Value::from(reason) } else { Value::Null }, "{what}: {}", line["table"]);
        assert_eq!(line["result"] == "stale", is_hit, "{what}: {}", line["table"]);
    }
}

#[test]
fn every_register_with_every_fault_of_the_network_goes_stale_and_the_others_carry_on() {
    let OverHttp { country, server, files, .. } = over_http(36);
    assert_eq!(files.len(), 14);
    // Each extract for itself: a source that fails again and again is not asked for its other extracts.
    let keys: Vec<&str> = files.iter().map(|(_, table)| table.strip_prefix("raw_").unwrap()).collect();
    configure(&country, &keys, PATIENT, |_| server.address.clone());
    country.ok(&["run"]);
    let before = country.data(SOURCES);
    for (what, fault, reason) in FAULTS {
        configure(&country, &keys, if *reason == "too_slow" { IMPATIENT } else { PATIENT }, |_| server.address.clone());
        for half in 0..2 {
            // The file that comes without its heading line cannot have another one.
            let hit = files
                .iter()
                .enumerate()
                .filter(|(place, (file, _))| place % 2 == half && (*reason != "changed_headings" || file != "JAR_ISREGISTRUOTI.csv"));
            let hit: Vec<_> = hit.map(|(_, file)| file.clone()).collect();
            server.set(hit.iter().map(|(file, _)| (file.clone(), *fault)));
            country.ok(&["run"]);
            assert_night(&country, &hit.into_iter().map(|(_, table)| table).collect(), reason, what);
            assert_eq!(differing(&country.data(SOURCES), &before), [""; 0], "{what}: the last good extracts give the same data");
        }
    }
    server.set([]);
    for half in 0..2 {
        let nowhere = |key: &str| keys.iter().position(|other| *other == key).unwrap() % 2 == half;
        configure(&country, &keys, PATIENT, |key| if nowhere(key) { "127.0.0.1:1".to_owned() } else { server.address.clone() });
        country.ok(&["run"]);
        let hit = keys.iter().filter(|key| nowhere(key)).map(|key| format!("raw_{key}")).collect();
        assert_night(&country, &hit, "unreachable", "nobody listens");
        assert_eq!(differing(&country.data(SOURCES), &before), [""; 0], "nobody listens");
    }
    configure(&country, &keys, PATIENT, |_| server.address.clone());
    country.ok(&["run"]);
    assert_night(&country, &BTreeSet::new(), "", "what is good again is fresh again");
    assert_eq!(differing(&country.data(SOURCES), &before), [""; 0]);
}

#[test]
fn a_source_that_keeps_failing_is_not_asked_for_its_other_extracts() {
    let OverHttp { country, server, files, .. } = over_http(42);
    country.ok(&["run"]);
    let path = country.path("virsis.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replacen("http = {", "http = { give_up_after = 1,", 1).replace("parallel_sources = 16", "parallel_sources = 1");
    fs::write(&path, text).unwrap();
    let of_jar = files.into_iter().filter(|(_, table)| table.starts_with("raw_jar__"));
    server.set(of_jar.map(|(file, _)| (file, Status(503, ""))));
    country.ok(&["run"]);
    let mut reasons: Vec<String> = country.trouble().into_iter().map(|(_, reason)| reason).collect();
    reasons.sort();
    assert_eq!(reasons, ["given_up", "given_up", "given_up", "given_up", "given_up", "given_up", "status"]);
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

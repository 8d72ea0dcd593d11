//! Publishing to a real S3-compatible server (moto), killed at random moments, and read over plain HTTP meanwhile. Skipped where the server
//! is missing; with `VIRSIS_PEERS_REQUIRED=1` it is installed first, and what is still missing is a failure.

#![expect(clippy::unwrap_used, reason = "test helpers")]

mod peer;
mod portal;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use remote::{Error, Options, Report, Target, Verification, publish};

use crate::peer::{Reader, Server, place};
use crate::portal::{name, release, seen, write};

/// Files of a release that is written here, its manifest among them.
const FILES: usize = 47;

fn open(port: u16, patience: Duration) -> Target {
    let (address, environment) = place(port);
    Target::open(&address, environment, patience).unwrap()
}

fn go(port: u16, home: &Path, sequence: u64) -> Result<Report, Error> {
    let (release, pointer) = release(home, sequence);
    let options = Options { keep: Some(2), ..Options::default() };
    publish(&open(port, Duration::from_secs(20)), &release, Some(&pointer), &options, &|_| {})
}

/// The same in a process of its own.
fn start(port: u16, home: &Path, sequence: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "publishes_what_it_is_told", "--ignored"])
        .envs([("PUBLISH_TO_PORT", port.to_string()), ("PUBLISH_SEQUENCE", sequence.to_string())])
        .env("PUBLISH_FROM", home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "started by other tests as a process of its own, to be killed"]
fn publishes_what_it_is_told() {
    let told = |name: &str| std::env::var(name).unwrap();
    let port = told("PUBLISH_TO_PORT").parse().unwrap();
    go(port, &PathBuf::from(told("PUBLISH_FROM")), told("PUBLISH_SEQUENCE").parse().unwrap()).unwrap();
}

/// A number in [0, 1), another one each time.
fn chance() -> f64 {
    f64::from(u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap()) / 4_294_967_296.0
}

/// Reads what the pointer leads to, over and over; gives how often, and the releases seen.
fn read_on(reader: &Reader, ends: &AtomicBool) -> (usize, Vec<u64>) {
    let (mut times, mut releases) = (0, Vec::new());
    while !ends.load(Ordering::Relaxed) {
        let sequence = seen(reader).unwrap_or_else(|fault| {
            // A reader who is slower than two publications is not promised anything; this one then begins anew.
            let newest = releases.last().copied().unwrap_or(0);
            let now = reader.get("latest.json").map(|got| String::from_utf8(got.content).unwrap()).unwrap_or_default();
            assert!((newest + 2..newest + 5).any(|later| now.contains(&name(later))), "{fault}; the pointer says {now}");
            newest
        });
        assert!(releases.last().is_none_or(|last| *last <= sequence), "the pointer went back");
        releases.push(sequence);
        times += 1;
    }
    releases.dedup();
    (times, releases)
}

#[test]
fn readers_see_whole_releases_while_publications_are_killed() {
    let Some(server) = Server::start() else { return };
    let (home, reader, port) = (tempfile::tempdir().unwrap(), server.reader(), server.port);
    let ends = AtomicBool::new(false);
    let (times, releases) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| read_on(&reader, &ends));
        let told = Ends(&ends);
        kill_ten_times(port, home.path(), &reader);
        drop(told);
        reading.join().unwrap()
    });
    assert!(times > 10 && releases.len() > 5, "{times} times, {releases:?}");
}

/// Tells the reader to end, whatever happens before.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Publishes ten releases after a first one; each publication is killed, one in each tenth of the time that it takes, and then completed.
fn kill_ten_times(port: u16, home: &Path, reader: &Reader) {
    write(home, 1);
    go(port, home, 1).unwrap();
    // How long one takes, with the start of its process.
    write(home, 2);
    let began = Instant::now();
    assert!(start(port, home, 2).wait().unwrap().success());
    let whole = began.elapsed();
    let (mut cut_short, mut before_the_pointer) = (0, 0);
    for number in 0..10_u32 {
        let sequence = u64::from(number) + 3;
        write(home, sequence);
        let mut process = start(port, home, sequence);
        std::thread::sleep(whole.mul_f64((f64::from(number) + chance()) / 10.0));
        process.kill().unwrap();
        cut_short += usize::from(!process.wait().unwrap().success());
        let shown = seen(reader).unwrap();
        assert!(shown == sequence || shown == sequence - 1, "{shown} at {sequence}");
        before_the_pointer += usize::from(shown < sequence);
        let report = go(port, home, sequence).unwrap();
        assert_eq!(report.uploaded + report.copied + report.skipped, FILES);
        assert_eq!(seen(reader), Ok(sequence));
    }
    assert!(cut_short >= 5 && before_the_pointer >= 3, "killed {cut_short}, {before_the_pointer} of them before the pointer moved");
}

#[test]
fn the_server_says_type_and_age_of_what_was_uploaded_copied_and_sent_in_parts() {
    let Some(server) = Server::start() else { return };
    let (home, reader) = (tempfile::tempdir().unwrap(), server.reader());
    for sequence in 1..=2 {
        write(home.path(), sequence);
    }
    let report = go(server.port, home.path(), 1).unwrap();
    assert_eq!((report.uploaded, report.copied), (FILES, 0));
    let report = go(server.port, home.path(), 2).unwrap();
    assert_eq!((report.uploaded, report.copied), (FILES - 30, 30));
    let immutable = "public, max-age=31536000, immutable";
    for (address, content_type, cache_control) in [
        ("releases/000002-2026-03-02/index.html", "text/html; charset=utf-8", immutable),
        ("releases/000002-2026-03-02/open/data/0.csv", "text/csv; charset=utf-8", immutable),
        ("releases/000002-2026-03-02/open/data/1.csv", "text/csv; charset=utf-8", immutable),
        ("releases/000002-2026-03-02/open/data/virs.parquet", "application/vnd.apache.parquet", immutable),
        ("releases/000002-2026-03-02/public/map.svg", "image/svg+xml", immutable),
        ("releases/000002-2026-03-02/public/virs/1.json", "application/json", immutable),
        ("releases/000002-2026-03-02/public/virsis.duckdb", "application/octet-stream", immutable),
        ("releases/000002-2026-03-02/manifest.json", "application/json", immutable),
        ("latest.json", "application/json", "no-cache"),
        ("latest.json.minisig", "text/plain; charset=utf-8", "no-cache"),
        ("index.html", "text/html; charset=utf-8", "no-cache"),
    ] {
        let got = reader.get(address).unwrap_or_else(|| panic!("{address} is missing"));
        assert_eq!((got.content_type.as_str(), got.cache_control.as_str()), (content_type, cache_control), "{address}");
    }
    assert_eq!(reader.status(".publishing/000002-2026-03-02.json"), 403, "what only publishing reads is closed to readers");
    let report = go(server.port, home.path(), 2).unwrap();
    assert_eq!(report, Report { skipped: FILES, ..Report::default() });
}

#[test]
fn old_releases_are_removed_and_others_are_whole_when_all_is_read_back() {
    let Some(server) = Server::start() else { return };
    let (home, reader) = (tempfile::tempdir().unwrap(), server.reader());
    for sequence in 1..=3 {
        write(home.path(), sequence);
        let (release, pointer) = release(home.path(), sequence);
        let options = Options { keep: Some(2), verification: Verification::All, ..Options::default() };
        let report = publish(&open(server.port, Duration::from_secs(20)), &release, Some(&pointer), &options, &|_| {}).unwrap();
        assert_eq!(report.expired, if sequence == 3 { vec![name(1)] } else { vec![] });
        assert_eq!(seen(&reader), Ok(sequence));
    }
    assert!(reader.get("releases/000001-2026-03-01/index.html").is_none());
    assert!(reader.get("releases/000002-2026-03-02/index.html").is_some());
    assert!(matches!(go(server.port, home.path(), 2), Err(Error::Older { .. })));
}

#[test]
fn of_two_publishers_at_once_readers_see_one_that_was_done() {
    let Some(server) = Server::start() else { return };
    let (home, reader, port) = (tempfile::tempdir().unwrap(), server.reader(), server.port);
    for sequence in 1..=3 {
        write(home.path(), sequence);
    }
    go(port, home.path(), 1).unwrap();
    let (slower, faster) = std::thread::scope(|scope| {
        let slower = scope.spawn(|| go(port, home.path(), 2));
        let faster = scope.spawn(|| go(port, home.path(), 3));
        (slower.join().unwrap(), faster.join().unwrap())
    });
    for result in [&slower, &faster] {
        assert!(matches!(result, Ok(_) | Err(Error::Overtaken { .. } | Error::Older { .. })), "{result:?}");
    }
    let shown = seen(&reader).unwrap();
    assert!(if shown == 3 { faster.is_ok() } else { shown == 2 && slower.is_ok() && faster.is_err() }, "{shown}: {slower:?}, {faster:?}");
}

#[test]
fn a_store_that_is_not_there_is_named_in_words_without_secrets() {
    let Some(server) = Server::start() else { return };
    let home = tempfile::tempdir().unwrap();
    write(home.path(), 1);
    let (release, pointer) = release(home.path(), 1);
    let said = |address: &str, port: u16| {
        let (_, environment) = place(port);
        let to = Target::open(address, environment, Duration::from_secs(1)).unwrap();
        publish(&to, &release, Some(&pointer), &Options::default(), &|_| {}).unwrap_err().to_string()
    };
    let no_bucket = said("s3://nera-tokio/portalas", server.port);
    assert!(no_bucket.contains("NoSuchBucket"), "{no_bucket}");
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = said("s3://kibiras/portalas", free);
    assert!(nobody.starts_with("cannot read s3://kibiras/portalas/latest.json: there is no connection to the store;"), "{nobody}");
    for said in [no_bucket, nobody] {
        assert!(!said.contains("paslaptis") && !said.contains("AKIA") && !said.contains("127.0.0.1"), "{said}");
    }
}

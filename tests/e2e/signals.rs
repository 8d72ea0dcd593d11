//! Asked to end within a night: `serve` finishes the night first. Whoever does not wait for that, or ends a `run`, gets no half release, and no lock
//! stays behind: the next night goes on.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::country::{Country, home};

/// What the log says, one after another, in the course of a night.
const POINTS: [&str; 4] = ["source read", "owners resolved", "release written", "release published"];
/// Exit code of `serve` that was asked twice.
const ENDED_AT_ONCE: Option<i32> = Some(2);

/// A country that `serve` has a missed night of.
fn never_published(seed: u64) -> Country {
    let country = Country::generate(seed, &home());
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    fs::write(country.path("virsis.toml"), format!("{settings}[serve]\naddress = '127.0.0.1:0'\n")).unwrap();
    country
}

/// The binary at this point of its night.
fn started(country: &Country, arguments: &[&str], point: &str) -> Child {
    let log = country.path("night.log");
    let child = country.command(arguments).stdout(Stdio::null()).stderr(File::create(&log).unwrap()).spawn().unwrap();
    let has_come = || String::from_utf8_lossy(&fs::read(&log).unwrap()).contains(point);
    let came = (0..6000).any(|_| {
        sleep(Duration::from_millis(10));
        has_come()
    });
    assert!(came, "{point}");
    child
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

/// What is there is whole, and the next night goes well.
fn assert_sound(country: &Country) {
    for next in [false, true] {
        if next {
            country.ok(&["run"]);
        }
        if next || country.path("portal/latest").exists() {
            let said = country.ok(&["verify"]);
            assert_eq!(said.lines().filter(|line| line.contains("is intact")).count(), 2, "{said}");
        }
    }
    let left: Vec<_> = fs::read_dir(country.path("portal")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".staging")), "{left:?}");
}

#[test]
fn serve_that_is_asked_to_end_within_a_night_publishes_it_first() {
    let country = never_published(71);
    let mut server = started(&country, &["serve"], POINTS[0]);
    terminate(&server);
    assert_eq!(server.wait().unwrap().code(), Some(0));
    assert!(country.ok(&["status"]).contains("published"));
    assert!(country.ok(&["run"]).starts_with("nothing changed since release 000001"), "the night was whole");
    assert_sound(&country);
}

#[test]
fn serve_that_is_asked_twice_leaves_its_night_and_no_half_release() {
    for (seed, point) in [(72, POINTS[0]), (73, POINTS[1])] {
        let country = never_published(seed);
        let mut server = started(&country, &["serve"], point);
        let ended = (0..200).find_map(|_| {
            terminate(&server);
            sleep(Duration::from_millis(20));
            server.try_wait().unwrap()
        });
        assert_eq!(ended.and_then(|status| status.code()), ENDED_AT_ONCE, "{point}");
        assert!(!country.path("portal/latest").exists());
        assert_sound(&country);
    }
}

#[test]
fn a_run_that_is_ended_leaves_what_was_published_and_no_lock() {
    let country = Country::generate(74, &home());
    country.ok(&["run"]);
    for point in POINTS {
        country.rewrite("lis_licencijos.v1.csv", |_, line| Some(line.replace("/licencijos/", "/licencijos/kita/")));
        let mut run = started(&country, &["run"], point);
        terminate(&run);
        let status = run.wait().unwrap();
        assert!(status.signal() == Some(15) || point == POINTS[3] && status.success(), "{point}: {status}");
        assert_sound(&country);
    }
}

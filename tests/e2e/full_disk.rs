//! A night on a disk that fills up: it fails with a clear word, the portal stays whole, and the next night goes on.

use std::fs;
use std::process::Output;

use crate::country::{Country, files, home};
use crate::small_disk::SmallDisk;

/// Portal, internal folder and state, on the disk.
const PATHS: &str = "[paths]\nextracts = 'extracts'\nportal = 'disk/portal'\ninternal = 'disk/internal'\nstate = 'disk/state'\n";
/// The disk is full at so many points of a night.
const POINTS: u64 = 9;

fn run(disk: &SmallDisk, country: &Country, arguments: &[&str]) -> Output {
    disk.command(country, arguments).output().unwrap()
}

#[test]
fn a_night_that_finds_no_room_leaves_the_portal_whole_and_the_next_one_goes_on() {
    let country = Country::generate(61, &home());
    let configuration = fs::read_to_string(country.path("virsis.toml")).unwrap();
    fs::write(country.path("virsis.toml"), format!("{configuration}{PATHS}")).unwrap();
    let Some(disk) = SmallDisk::over(&country.path("disk"), "320m") else { return };
    assert!(run(&disk, &country, &["run"]).status.success());
    let latest = || fs::read_link(disk.path("portal/latest")).unwrap();
    let size = |side: &str| -> u64 { files(&disk.path(side)).iter().map(|path| fs::symlink_metadata(path).unwrap().len()).sum() };
    // Files have two names each, one in a release and one among the objects.
    let need = (size("portal") + size("internal")) / 2;
    let (mut full, first) = (0, latest());
    for point in 0..POINTS {
        let before = latest();
        country.rewrite("lis_licencijos.v1.csv", |_, line| Some(line.replace("/licencijos/", &format!("/licencijos/{point}/"))));
        disk.leave(need * point / (POINTS - 1));
        let output = run(&disk, &country, &["run", "--full"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_full = !output.status.success();
        if is_full {
            full += 1;
            let error = said.split("error: ").last().unwrap();
            assert!(error.contains("No space left on device") && error.contains("disk/"), "what happened, and where: {error}");
        }
        disk.free();
        for side in ["disk/portal/latest", "disk/internal/latest"] {
            let verified = run(&disk, &country, &["verify", side]);
            assert!(verified.status.success(), "{side}: {}", String::from_utf8_lossy(&verified.stderr));
        }
        assert!(is_full || latest() != before, "a night that went well has made a release");
        let again = run(&disk, &country, &["run"]);
        assert!(again.status.success(), "with room again it goes on: {}", String::from_utf8_lossy(&again.stderr));
        assert!(
            fs::read_dir(disk.path("portal")).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().starts_with(".staging"))
        );
        assert_ne!(latest(), before, "what changed is published");
    }
    assert!(full >= 3, "the disk was full {full} times of {POINTS}");
    assert_ne!(latest(), first);
}

//! A run killed at any point leaves `latest` whole, and the next run succeeds.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::country::{Country, home};

/// How often the run is killed.
const KILLS: u32 = 20;

#[test]
fn a_run_killed_at_twenty_points_leaves_latest_whole_and_the_next_run_succeeds() {
    let country = Country::generate(2, &home());
    let begun = Instant::now();
    country.ok(&["run"]);
    // Every other night a register gives fewer rows, so that what is kept of it is rewritten, too.
    let changing = country.path("extracts/vrk_reklama.v1.csv");
    let all = std::fs::read_to_string(&changing).unwrap();
    let fewer: String = all.split_inclusive('\n').take(all.lines().count() - 3).collect();
    let mut whole = begun.elapsed();
    let mut random = 7_u32;
    let (mut killed, mut attempts) = (0, 0);
    while killed < KILLS {
        attempts += 1;
        assert!(attempts <= 10 * KILLS, "only {killed} of {attempts} runs were still going when they were to be killed");
        // A linear congruential step: any spread over the run's length will do.
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let wait = whole.mul_f64(f64::from(random >> 8) / f64::from(1 << 24));
        std::fs::write(&changing, if attempts % 2 == 0 { &all } else { &fewer }).unwrap();
        let begun = Instant::now();
        let mut run = country
            .command(if attempts % 4 < 2 { &["run"][..] } else { &["run", "--full"] })
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(wait.max(Duration::from_millis(5)));
        if run.try_wait().unwrap().is_some() {
            // The first run wrote everything anew, on a machine that may have been busy; this one was quicker.
            whole = whole.min(begun.elapsed()).mul_f64(0.9);
            continue;
        }
        run.kill().unwrap();
        run.wait().unwrap();
        killed += 1;
        let said = country.ok(&["verify"]);
        assert_eq!(said.lines().filter(|line| line.contains("is intact")).count(), 2, "{said}");
        let name = |side: &str| std::fs::read_link(country.path(&format!("{side}/latest"))).unwrap();
        country.ok(&["sql", "-c", "SELECT COUNT(*) FROM virs"]);
        let (portal, internal) = (name("portal"), name("internal"));
        assert!(portal.file_name() <= internal.file_name(), "the portal is never ahead of the internal tier");
    }
    std::fs::write(&changing, &all).unwrap();
    // The night after a kill brings nothing new, or builds on what the kill left.
    country.ok(&["run"]);
    country.ok(&["verify"]);
    let left: Vec<_> = std::fs::read_dir(country.path("portal")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".staging")), "leftovers of killed runs: {left:?}");
}

//! `virsis restore`: puts back what was lost, and says what the backup does not have.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::backup::{Backup, Lost, Plan, read_pointer};
use crate::config::Config;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::run::lock;
use crate::state::parts::Part;
use crate::state::serving;
use crate::withdrawal::withheld;

pub(crate) fn run(config: &Config, folder: &Path, pointer: Option<&PathBuf>, yes: bool) -> Result<()> {
    let backup = Backup::open(folder)?;
    let seen = pointer.map(|path| read_pointer(config, &backup, path)).transpose()?;
    let made = backup.made.made.format("%Y-%m-%d %H:%M UTC");
    println!(
        "the backup was made on {made}{}",
        backup.made.release.as_ref().map_or(String::new(), |name| format!(", with release {name} as the latest"))
    );
    if !yes {
        let files = backup.check(&backup.made.parts)?;
        println!("every file of it is sound ({})", counted(usize::try_from(files)?, "file", "files"));
    }
    // From here on nobody makes what is found missing.
    let _nobody_else = if yes {
        let serving = serving::take(&config.paths.state, "what it writes would be lost")?;
        Some((serving, lock::take_half(&config.paths.state)?))
    } else {
        None
    };
    let plan = Plan::of(config, &backup)?;
    for part in &plan.nowhere {
        println!("missing here and in the backup: {} ({})", part.said(), part.place(config).display());
    }
    let parts: Vec<String> = plan.parts.iter().map(|part| format!("{} to {}", part.said(), part.place(config).display())).collect();
    if !yes {
        let found = if parts.is_empty() { "nothing: nothing that it has is missing here".to_owned() } else { parts.join("; ") };
        println!("to be put back: {found}\nnothing was changed; stop `virsis serve`, and give --yes to put it back");
        return Ok(());
    }
    if plan.parts.is_empty() && seen.is_none() {
        return Err(Refusal::one(
            "nothing that the backup has is missing here. What is damaged is moved away first: a folder or file that is there is never overwritten",
        )
        .into());
    }
    let lost = plan.carry_out(seen.as_ref())?;
    println!("put back: {}", parts.join("; "));
    tell(config, &plan, &lost, seen.is_some(), &backup)
}

/// What is lost for good, part by part, and what to do about it.
fn tell(config: &Config, plan: &Plan<'_>, lost: &Lost, pointer_given: bool, backup: &Backup) -> Result<()> {
    let has = |part: Part| plan.parts.contains(&part);
    let made = backup.made.made.format("%Y-%m-%d %H:%M UTC");
    if has(Part::Store) {
        println!(
            "LOST  submissions, receipts, accounts and mandates of after {made}. The endpoint ends all sessions when it starts, and writes to the audit log \
             from which entry on it lacks what was there; ask those who have later receipts to submit again"
        );
    }
    if has(Part::State) {
        println!(
            "LOST  the ledger's lines, acceptances and alerts of after {made}. The next run reads every source again; what a statistic must not tell beside \
             releases since then is checked against the releases themselves, and a night that cannot be sure is refused"
        );
    }
    if has(Part::Internal) {
        println!("LOST  the internal tier of releases of after {made}; the next run makes today's again");
    }
    if has(Part::Portal) {
        match lost.releases.len() {
            0 => println!("LOST  no release that is known of here"),
            count => println!(
                "LOST  {}: {}. Readers find in their place that they are lost; the next run publishes after them",
                counted(count, "release", "releases"),
                lost.releases.join(", ")
            ),
        }
        if has(Part::State) && !pointer_given && config.secrets.signing_key_file.is_some() {
            println!(
                "WATCH the state was lost as well, so releases of after {made} are not known of: readers who saw one refuse what comes. If anybody has a later \
                 latest.json (a mirror, a reader), move the portal away again and restore it with --pointer FILE"
            );
        }
    }
    let withheld = withheld::since(&config.paths, backup.made.made)?;
    if withheld > 0 {
        println!(
            "WATCH {} withheld after the backup was made: later releases leave them out, but what was put back may have them. Give the commands `forget` and \
             `release withdraw` of since then again",
            counted(withheld, "text was", "texts were")
        );
    } else if has(Part::State) && has(Part::Internal) {
        println!(
            "WATCH if anything was forgotten or withdrawn after {made}, give these commands again now: what was put back has it, and nothing here knows of it"
        );
    }
    println!("next: `virsis doctor`, `virsis run`, then `virsis serve`");
    Ok(())
}

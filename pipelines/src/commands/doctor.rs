//! `virsis doctor`: is everything ready for a nightly run? Asks every source for its first rows, and changes nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use chrono::{DateTime, Utc};
use connectors::{CONNECTORS, Connector, Files, Term};

use crate::config::{Config, MandatesConfig};
use crate::endpoint::mandates;
use crate::expiry;
use crate::home;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::run::engine;
use crate::schedule::Schedule;
use crate::signing::Signing;
use crate::sources::probe::{Answer, Probes};
use crate::sources::unknown_files;
use crate::state::ledger;

/// Room needed for a release, in sizes of the last one.
const SIZES_NEEDED: u64 = 2;
/// And never less than this.
const LEAST_FREE: u64 = 256 * 1024 * 1024;
/// How long before its end a certificate is worth a warning: a register takes weeks to issue a new one.
const SOON: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Where an earlier version left data that did not fit into its memory.
const SPILLED: &str = ".tmp";

/// The findings so far; each is printed at once.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn say<E: std::fmt::Display>(&mut self, what: &str, found: Result<String, E>) {
        match found {
            Ok(said) => println!("ok     {what}: {said}"),
            Err(error) => {
                println!("WRONG  {what}: {error}");
                self.0.push(what.to_owned());
            }
        }
    }
}

pub(crate) fn run(config: &Config) -> Result<()> {
    let mut findings = Findings::default();
    // A wrong key would have been refused when the configuration was read.
    findings.say("configuration", Ok::<_, String>("every key is known".to_owned()));
    let catalog = home::load_catalog(config);
    findings.say("definitions", catalog.as_ref().map(|_| "no contradictions".to_owned()));
    if let (Ok(catalog), Some(_)) = (&catalog, &config.portal.boundaries) {
        let missing = home::load_boundaries(config, catalog).map(|read| read.map_or(0, |boundaries| boundaries.missing(catalog).len()));
        findings
            .say("boundaries", missing.map(|missing| format!("drawn; {} without one", counted(missing, "municipality", "municipalities"))));
    }
    findings.say("person key", home::person_key(&config.secrets.person_key_file).map(|_| "readable, private".to_owned()));
    let signing = Signing::load(config);
    findings.say(
        "signing",
        signing.map(|signing| {
            if signing.is_some() {
                "the key is readable, private, and named by the list of keys"
            } else {
                "off: secrets.signing_key_file is not set"
            }
            .to_owned()
        }),
    );
    for name in &config.serve.schedules {
        let next = Schedule::load(&config.home, name).and_then(|schedule| schedule.next(Utc::now()));
        findings.say(&format!("schedule {name}"), next.map(|next| format!("next run {}", next.format("%Y-%m-%d %H:%M UTC"))));
    }
    findings.say("clock", clock(config));
    for (what, path) in
        [("paths.portal", &config.paths.portal), ("paths.internal", &config.paths.internal), ("paths.state", &config.paths.state)]
    {
        findings.say(what, writable(path));
    }
    findings.say("disk", disk(config));
    findings.say("drop folder", unknown_files(config));
    findings.say("access to the drop folder", Files::new(&config.paths.extracts).closed());
    findings.say("scratch files", spilled());
    findings.say("engine", engine::probe(config).map_err(|error| format!("{error:#}")));
    if config.forms.enabled {
        findings.say("form endpoint", endpoint(config));
    }
    certificates(config, &mut findings);
    if let Ok(catalog) = &catalog {
        match Probes::new(config, catalog) {
            Ok(probes) => CONNECTORS.iter().for_each(|connector| findings.say(connector.source, source(&probes, connector))),
            Err(error) => findings.say("sources", Err::<String, _>(format!("{error:#}"))),
        }
    }
    if let Some(source) = &config.mandates {
        findings.say("mandates", mandates(config, source));
    }
    match findings.0.len() {
        0 => Ok(()),
        count => Err(Refusal::one(format!("{} found: {}", counted(count, "problem", "problems"), findings.0.join(", "))).into()),
    }
}

/// Whether the certificates that the settings name are in force.
fn certificates(config: &Config, findings: &mut Findings) {
    for file in expiry::certificate_files(config) {
        let what = format!("certificates {} ({})", file.path.display(), file.setting);
        let is_ours = file.is_ours;
        let in_force = |terms: Vec<Term>| in_force(if is_ours { &terms[..terms.len().min(1)] } else { &terms });
        findings.say(&what, file.terms.map_err(|error| error.to_string()).and_then(in_force));
    }
    if let Ok(Some((version, end))) = expiry::key_list_end(config) {
        let (now, day) = (Utc::now(), end.format("%Y-%m-%d"));
        let next = "publish the next one with `virsis signing renew --list-key FILE --until DAY`";
        let found = if end < now { Err(format!("ended on {day}; {next}")) } else { Ok(format!("holds until {day}")) };
        findings.say(&format!("list {version} of keys"), found);
    }
}

/// Reads the mandates from their source, and stores none.
fn mandates(config: &Config, source: &MandatesConfig) -> Result<String, String> {
    // No code is stored, so none needs to be hashed.
    let list = mandates::ask(config, source, |_| String::new()).map_err(|error| format!("{error:#}"))?;
    Ok(format!("{}, all valid, over {}", counted(list.len(), "mandate", "mandates"), source.name()))
}

/// Whether the form endpoint has every setting that a submission needs to get through, and none that is ambiguous.
fn endpoint(config: &Config) -> Result<String, String> {
    let forms = &config.forms;
    let missing = [
        forms.roots_file.is_none().then_some(
            "forms.roots_file is not set: no signature can be verified, so nothing can be submitted; name a PEM file of the trust anchors for signers' certificates",
        ),
        forms.mail.is_none().then_some("forms.mail is not set: notifications stay in the outbox; configure how they are delivered"),
        forms.doubt(),
    ];
    let doubts: Vec<&str> = missing.into_iter().flatten().collect();
    if doubts.is_empty() { Ok(format!("public address {}", forms.origin)) } else { Err(doubts.join("\n       ")) }
}

/// An earlier version wrote data that did not fit into memory to a folder that everybody could read, and left it there when it was killed.
fn spilled() -> Result<String, String> {
    let left = fs::read_dir(SPILLED)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("duckdb_temp_"));
    match left.count() {
        0 => Ok("none left by an earlier version".to_owned()),
        count => Err(format!(
            "an earlier version left {} in ./{SPILLED}, which may contain personal codes; remove that folder",
            counted(count, "file", "files")
        )),
    }
}

/// Whether a certificate of a file is valid today, and until when; a file of plain public keys has none. Beside one that is valid, older ones do no harm.
fn in_force(terms: &[Term]) -> Result<String, String> {
    let day = |time: SystemTime| DateTime::<Utc>::from(time).format("%Y-%m-%d").to_string();
    let now = SystemTime::now();
    let valid = terms.iter().filter(|term| (term.from..=term.until).contains(&now));
    match (valid.map(|term| term.until).min(), terms.last()) {
        (Some(until), _) => {
            Ok(format!("valid until {}{}", day(until), if until < now + SOON { ", which is soon; request a new one" } else { "" }))
        }
        (None, Some(term)) => {
            Err(format!("valid only from {} until {}; request a new one from its issuer", day(term.from), day(term.until)))
        }
        (None, None) => Ok("a public key, which has no end".to_owned()),
    }
}

/// Asks a source for the first rows of each of its extracts.
fn source(probes: &Probes<'_>, connector: &'static Connector) -> Result<String, String> {
    let (mut over, mut silent, mut troubles) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for extract in connector.extracts {
        let Ok(table) = probes.catalog.table(extract.table) else { continue };
        let first = probes.ask(connector, extract, table).and_then(|answer| match answer {
            Answer::Rows(mut rows) => Ok(rows.next().transpose().map(|_| None)?),
            Answer::NotAsked(why) => Ok(Some(why)),
        });
        match first {
            Ok(None) => drop(over.insert(probes.transports.of(table).name())),
            Ok(Some(why)) => drop(silent.insert(why)),
            Err(error) => troubles.push(format!("{error:#}")),
        }
    }
    if !troubles.is_empty() {
        return Err(troubles.join("\n       "));
    }
    let answered = (!over.is_empty()).then(|| format!("reached over {}", Vec::from_iter(over).join(", ")));
    let not_asked = silent.into_iter().map(|why| format!("not asked: {why}"));
    Ok(answered.into_iter().chain(not_asked).collect::<Vec<_>>().join("; "))
}

/// A clock that was set back would give releases and letters wrong dates.
fn clock(config: &Config) -> Result<String, String> {
    let last = ledger::read(&config.paths.state).map_err(|error| format!("{error:#}"))?.last().map(|run| run.finished);
    let now = Utc::now();
    match last {
        Some(last) if last > now => Err(format!("it shows {now}, which is before the end of the last run at {last}; set the clock")),
        _ => Ok(now.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
    }
}

/// Whether the folder, or the one it would be made in, can be written to.
fn writable(path: &Path) -> Result<String, String> {
    let existing = path.ancestors().find(|folder| folder.exists()).unwrap_or(path);
    match rustix::fs::access(existing, rustix::fs::Access::WRITE_OK) {
        Ok(()) => Ok(path.display().to_string()),
        Err(error) => Err(format!("{}: {error}; grant this user write permission", existing.display())),
    }
}

/// A file under a wrong name is never read, and personal codes in it are never removed.
fn unknown_files(config: &Config) -> Result<String, String> {
    let unknown = unknown_files::list(config).map_err(|error| format!("{error:#}"))?;
    if unknown.is_empty() {
        return Ok("no unknown files".to_owned());
    }
    let (files, folder) = (unknown_files::told_without_names(&unknown), config.paths.extracts.display());
    Err(format!(
        "unknown files in {folder}, which are neither read nor removed: {files}; docs/extract-format.md lists the expected names, remove what is not needed"
    ))
}

fn disk(config: &Config) -> Result<String, String> {
    let existing = config.paths.portal.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let space = rustix::fs::statvfs(existing).map_err(|error| format!("{}: {error}", existing.display()))?;
    let free = space.f_bavail * space.f_frsize;
    let release = fs::canonicalize(config.paths.portal.join("latest")).map_or(0, |folder| size(&folder));
    let needed = LEAST_FREE.max(release * SIZES_NEEDED);
    let mib = |bytes: u64| bytes / (1024 * 1024);
    if free < needed {
        return Err(format!(
            "{} MiB free, {} MiB needed for the next release; free up space under {}",
            mib(free),
            mib(needed),
            existing.display()
        ));
    }
    Ok(format!("{} MiB free, {} MiB needed", mib(free), mib(needed)))
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => size(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

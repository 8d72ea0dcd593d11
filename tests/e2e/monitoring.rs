//! What operators look at: `/metrics` and `/health` of `virsis serve`, whoever made the runs, alerts by mail and webhook, and
//! events of runs.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use connectors::CONNECTORS;
use forms::Store;
use forms::store::{Waiting, due};

use crate::commands::ENDED;
use crate::country::{Country, home};

/// `virsis serve` with the metrics on a port of the system's choice.
struct Watched {
    server: Child,
    address: String,
    /// Open as long as the server lives: it may still print, and would end if nobody read it.
    _printed: std::process::ChildStdout,
}

impl Watched {
    fn start(country: &Country) -> Self {
        let mut server = country.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut printed = BufReader::new(server.stdout.take().unwrap());
        let line = printed.by_ref().lines().map(Result::unwrap).find(|line| line.starts_with("metrics on ")).unwrap();
        let address = line.strip_prefix("metrics on http://").unwrap().split('/').next().unwrap().to_owned();
        Self { server, address, _printed: printed.into_inner() }
    }

    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// The values on the page, by name and labels.
    fn metrics(&self) -> Vec<(String, f64)> {
        let (status, page) = self.get("/metrics");
        assert_eq!(status, 200, "{page}");
        let values = page.lines().filter(|line| !line.starts_with('#')).map(|line| line.rsplit_once(' ').unwrap());
        values.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn set(country: &Country, settings: &str) {
    let path = country.path("virsis.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text + settings).unwrap();
}

/// Writes a file that only its owner may read.
fn keep_secret(country: &Country, name: &str, content: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(country.path(name), content).unwrap();
    std::fs::set_permissions(country.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Makes runs be refused: their key is away.
fn take_key(country: &Country) {
    std::fs::rename(country.path("secrets/person.key"), country.path("secrets/away")).unwrap();
}

fn put_key_back(country: &Country) {
    std::fs::rename(country.path("secrets/away"), country.path("secrets/person.key")).unwrap();
}

#[test]
fn runs_of_another_process_show_in_the_metrics_and_what_is_wrong_in_the_health_check() {
    let country = Country::generate(71, &home());
    set(&country, "[serve]\naddress = '127.0.0.1:0'\nschedules = []\n[metrics]\nlisten = '127.0.0.1:0'\nstale_days = 0\n");
    let watched = Watched::start(&country);
    let health = |status: u16, said: &str| {
        let (found, text) = watched.get("/health");
        assert!(found == status && text.contains(said), "{found} {text}, not {status} {said}");
    };
    let value = |name: &str| watched.metrics().into_iter().find(|(found, _)| found == name).map(|(_, value)| value);
    health(503, "no run yet");
    country.ok(&["run"]);
    health(200, "all is well");
    assert_eq!(value("virsis_runs_total{outcome=\"published\"}"), Some(1.0));
    assert_eq!(value("virsis_last_run_outcome{outcome=\"published\"}"), Some(1.0));
    assert_eq!(value("virsis_latest_release_number"), Some(1.0));
    assert!(value("virsis_last_run_stage_duration_seconds{stage=\"publish\"}").is_some());
    let table = CONNECTORS[0].extracts[0].table;
    let of = |metric: &str| format!("virsis_source_{metric}{{source=\"jar\",table=\"{table}\"}}");
    assert!(
        value(&of("rows")).unwrap() > 100.0 && value(&of("stale")) == Some(0.0) && value(&of("stale_since_timestamp_seconds")).is_none()
    );

    // A register whose files are gone is stale; the night is good all the same.
    country.rewrite("JAR_IREGISTRUOTI.csv", |number, line| (number == 0).then(|| line.to_owned()));
    country.ok(&["run"]);
    let stale = CONNECTORS[0]
        .extracts
        .iter()
        .find(|extract| value(&format!("virsis_source_stale{{source=\"jar\",table=\"{}\"}}", extract.table)) == Some(1.0));
    health(503, &format!("source jar is stale since {} ({})", chrono::Utc::now().format("%Y-%m-%d"), stale.unwrap().table));

    let before = value("virsis_last_good_run_end_timestamp_seconds").unwrap();
    take_key(&country);
    country.refused(&["run"]);
    health(503, "was refused; `virsis status` says why");
    assert_eq!(value("virsis_last_run_outcome{outcome=\"refused\"}"), Some(1.0));
    assert_eq!(value("virsis_last_good_run_end_timestamp_seconds"), Some(before), "and of the sources the last words stand");
    assert!(value(&of("rows")).is_some());
}

#[test]
fn no_label_of_a_metric_says_anything_but_names_of_the_program() {
    let country = Country::published("40", 72);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    set(
        &country,
        &format!(
            "[serve]\naddress = '127.0.0.1:0'\nschedules = []\n[metrics]\nlisten = '127.0.0.1:0'\n[forms]\nenabled = true\n\
             address = '127.0.0.1:{port}'\norigin = 'http://127.0.0.1:{port}'\n"
        ),
    );
    country.ok(&["forms", "import", "extracts"]);
    // What an edited ledger says is no label either.
    let ledger = country.path("state/ledger.jsonl");
    let text = std::fs::read_to_string(&ledger).unwrap();
    std::fs::write(&ledger, text.replace("\"raw_lis__licencijos\"", "\"38501010001\"").replace("\"checks\"", "\"38501010001\"")).unwrap();
    let watched = Watched::start(&country);
    let stages: Vec<String> = serde_json::from_str::<serde_json::Value>(text.lines().last().unwrap()).unwrap()["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["name"].as_str().unwrap().to_owned())
        .collect();
    let mut known: BTreeSet<String> = stages.into_iter().collect();
    known.extend(CONNECTORS.iter().map(|connector| connector.source.to_owned()));
    known.extend(CONNECTORS.iter().flat_map(|connector| connector.extracts).map(|extract| extract.table.to_owned()));
    known.extend(forms::state::State::ALL.map(|state| state.code().to_owned()));
    known.extend(std::fs::read_dir(home().join("data/forms")).unwrap().map(|file| {
        let path = file.unwrap().path();
        path.file_stem().unwrap().to_str().unwrap().to_owned()
    }));
    known.extend(["published", "unchanged", "refused", "failed", "accepted", env!("CARGO_PKG_VERSION")].map(str::to_owned));
    let metrics = watched.metrics();
    let sources = |name: &str| name.starts_with("virsis_build_info");
    let labels: Vec<&str> =
        metrics.iter().filter(|(name, _)| !sources(name)).flat_map(|(name, _)| name.split('"').skip(1).step_by(2)).collect();
    let unknown: Vec<&&str> = labels.iter().filter(|label| !known.contains(**label)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(labels.len() > 150, "{}", labels.len());
    assert!(metrics.iter().any(|(name, value)| name == "virsis_store_writable" && *value == 1.0));
    let (status, page) = watched.get("/metrics");
    assert!(status == 200 && !page.contains("38501010001") && page.contains("raw_gr__asmenys") && !page.contains("raw_lis__licencijos"));

    // Somebody who cannot sign in is counted, and not named.
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let form = "vardas=vardenis&slaptazodis=neteisingas&kodas=123456";
    write!(
        stream,
        "POST /prisijungti HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
    let refused =
        |metrics: &[(String, f64)]| metrics.iter().find(|(name, _)| name == "virsis_sign_ins_total{outcome=\"refused\"}").unwrap().1;
    assert_eq!((refused(&metrics), refused(&watched.metrics()), refused(&watched.metrics())), (0.0, 1.0, 1.0));
    assert!(!watched.get("/metrics").1.contains("vardenis"));
}

/// A web server that is told things; it answers with the status that is set.
struct Hook {
    address: String,
    status: Arc<AtomicU16>,
    told: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Hook {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/slaptas", listener.local_addr().unwrap());
        let hook = Self { address, status: Arc::new(AtomicU16::new(200)), told: Arc::default() };
        let (status, told) = (hook.status.clone(), hook.told.clone());
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut length = 0;
                let mut line = String::new();
                while reader.read_line(&mut line).unwrap() > 2 {
                    if let Some(said) = line.to_lowercase().strip_prefix("content-length:") {
                        length = said.trim().parse().unwrap();
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let status = status.load(Ordering::SeqCst);
                if status == 200 {
                    told.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
                }
                let _ = write!(stream, "HTTP/1.1 {status} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        hook
    }

    /// What was told since the last time, by one field.
    fn told(&self, field: &str) -> Vec<String> {
        self.told.lock().unwrap().drain(..).map(|message| message[field].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn what_went_wrong_is_told_once_and_once_that_it_is_over_and_a_webhook_that_is_down_hears_it_later() {
    let (country, hook) = (Country::generate(73, &home()), Hook::start());
    set(
        &country,
        "[forms]\nenabled = true\n[forms.mail]\ndelivery = 'file'\nfolder = 'letters'\nfrom = 'VIRSIS <virsis@example.invalid>'\n\
         [alerts]\nmail = 'budetojas@example.invalid'\nwebhook_file = 'webhook'\n",
    );
    keep_secret(&country, "webhook", &hook.address);
    country.ok(&["forms", "import", "extracts"]);
    let letters = || -> Vec<Waiting> {
        let store = Store::open(&country.path("state/forms.sqlite")).unwrap();
        store
            .read(|connection| due(connection, chrono::Utc::now(), 50))
            .unwrap()
            .into_iter()
            .filter(|letter| letter.id.starts_with("alert-"))
            .collect()
    };
    country.ok(&["run"]);
    assert_eq!((hook.told("title"), letters().len()), (vec![], 0), "all is well");

    take_key(&country);
    let reason = country.refused(&["run"]);
    assert_eq!(hook.told("title"), ["VIRSIS: the night was refused"]);
    let letter = letters().pop().unwrap();
    assert_eq!((letter.recipient.as_str(), letter.subject.as_str()), ("budetojas@example.invalid", "VIRSIS: the night was refused"));
    assert!(letter.body.contains(reason.trim()) && letter.body.contains("What to do:"), "{}", letter.body);
    country.refused(&["run"]);
    assert_eq!((hook.told("title"), letters().len()), (vec![], 1), "nothing new");

    // While the webhook is down, a night that is good again is good, and says so to whoever hears it.
    hook.status.store(500, Ordering::SeqCst);
    put_key_back(&country);
    country.ok(&["run"]);
    assert_eq!((hook.told("title"), letters().len()), (vec![], 2));
    hook.status.store(200, Ordering::SeqCst);
    country.rewrite("JAR_IREGISTRUOTI.csv", |number, line| (number == 0).then(|| line.to_owned()));
    country.ok(&["run"]);
    assert_eq!(hook.told("title"), ["VIRSIS: the night succeeded again", "VIRSIS: source jar is stale"]);
    country.ok(&["run"]);
    assert_eq!((hook.told("title"), letters().len()), (vec![], 3));
}

#[test]
fn a_certificate_that_has_ended_and_a_run_that_was_killed_are_told_once() {
    let (country, hook) = (Country::generate(74, &home()), Hook::start());
    set(
        &country,
        "[forms]\nroots_file = 'roots.pem'\n[alerts]\nwebhook_file = 'webhook'\n[serve]\naddress = '127.0.0.1:0'\nschedules = []\n[metrics]\nlisten = '127.0.0.1:0'\n",
    );
    keep_secret(&country, "webhook", &hook.address);
    std::fs::write(country.path("roots.pem"), ENDED).unwrap();
    country.ok(&["run"]);
    let texts = hook.told("text");
    assert!(texts.len() == 1 && texts[0].contains("VIRSIS: forms.roots_file (roots.pem) has ended on 2021-01-01"), "{texts:?}");
    assert!(
        String::from_utf8(country.run(&["doctor"]).stdout)
            .unwrap()
            .contains("(forms.roots_file): valid only from 2020-01-01 until 2021-01-01")
    );
    country.ok(&["run"]);
    assert_eq!(hook.told("title"), Vec::<String>::new(), "nothing new");

    let watched = Watched::start(&country);
    assert_eq!(watched.get("/health").0, 200);
    let mut killed = country.command(&["run", "--full"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !country.path("state/running.json").exists() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let (status, said) = watched.get("/health");
    assert!(status == 503 && said.contains("was killed, or the machine went down"), "{said}");
    country.ok(&["run"]);
    assert_eq!(hook.told("title"), ["VIRSIS: the night failed", "VIRSIS: the night succeeded again"]);
    assert_eq!(watched.get("/health").0, 200);
    assert!(country.ok(&["status"]).contains("failed"));

    // While it serves nothing is put back: what it writes would be lost.
    country.ok(&["backup", "--all", "copy"]);
    std::fs::remove_dir_all(country.path("internal")).unwrap();
    assert!(country.refused(&["restore", "copy", "--yes"]).contains("`virsis serve` is running"));
    assert!(!country.path("internal/latest").exists());
    drop(watched);
    country.ok(&["restore", "copy", "--yes"]);
    country.ok(&["verify"]);

    // Who reads no further has no reason to hear of a defect.
    let mut status = country.command(&["status"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(status.stdout.take());
    let ended = status.wait_with_output().unwrap();
    assert!(ended.status.success() && !String::from_utf8_lossy(&ended.stderr).contains("defect"));
}

/// The files of events of runs, the oldest first.
fn journals(country: &Country) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(country.path("state/lineage")).unwrap().map(|file| file.unwrap().path()).collect();
    // In one second several runs can begin: their files are told apart by chance, not in their order.
    files.sort_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap());
    files
}

fn events(file: &Path) -> Vec<serde_json::Value> {
    std::fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_events_of_runs_are_openlineage_and_name_what_was_read_and_made() {
    let (country, hook) = (Country::generate(75, &home()), Hook::start());
    set(&country, &format!("[lineage]\nurl = '{}'\n", hook.address));
    country.ok(&["run"]);
    country.ok(&["run"]);
    take_key(&country);
    country.refused(&["run"]);
    let files = journals(&country);
    assert_eq!(files.len(), 3);
    let [published, unchanged, refused] = [0, 1, 2].map(|run| events(&files[run]));
    let all: Vec<_> = [&published, &unchanged, &refused].into_iter().flatten().cloned().collect();
    assert_eq!(std::mem::take(&mut *hook.told.lock().unwrap()), all, "what is written is posted, in its order");

    let night = published.last().unwrap();
    let names = |list: &serde_json::Value| -> BTreeSet<String> {
        list.as_array().unwrap().iter().map(|dataset| dataset["name"].as_str().unwrap().to_owned()).collect()
    };
    let catalog = catalog::Catalog::load(&home()).unwrap();
    let tables = |layer| catalog.tables(layer).map(|table| table.name.clone()).collect::<BTreeSet<_>>();
    assert_eq!((night["job"]["name"].as_str(), night["eventType"].as_str()), (Some("night"), Some("COMPLETE")));
    assert_eq!(names(&night["outputs"]), tables(catalog::Layer::Out));
    let read = names(&night["inputs"]);
    assert!(read.is_subset(&tables(catalog::Layer::Raw)) && read.len() > 20, "{read:?}");
    let virs = night["outputs"].as_array().unwrap().iter().find(|dataset| dataset["name"] == "out_virs").unwrap();
    assert_eq!(virs["outputFacets"]["outputStatistics"]["rowCount"], country.table("internal", "virs").len());
    assert!(virs["facets"]["schema"]["fields"].as_array().unwrap().iter().any(|field| field["name"] == "ja_kodas"));
    let part = published.iter().find(|event| event["job"]["name"] == "night.out_virs" && event["eventType"] == "COMPLETE").unwrap();
    assert_eq!(part["run"]["facets"]["parent"]["run"]["runId"], night["run"]["runId"]);
    assert!(names(&part["inputs"]).contains("core_virs") && names(&part["outputs"]) == BTreeSet::from(["out_virs".to_owned()]));

    assert_eq!((unchanged.len(), unchanged[1]["outputs"].as_array().unwrap().len()), (2, 0));
    assert_eq!(refused[1]["eventType"], "FAIL");
    assert!(refused[1]["run"]["facets"]["errorMessage"]["message"].as_str().unwrap().contains("person.key"));

    let python = Command::new(home().join("tests/peers/metadata/python.sh")).output().unwrap();
    if python.status.code() == Some(77) {
        println!("SKIPPED: {}", String::from_utf8_lossy(&python.stderr));
        return;
    }
    let python = String::from_utf8(python.stdout).unwrap();
    let valid = Command::new(python.trim()).arg(home().join("tests/peers/lineage/validate.py")).args(&files).output().unwrap();
    let said = String::from_utf8(valid.stdout).unwrap();
    assert!(valid.status.success() && said.contains(&format!("{} events", all.len())), "{said}");
}

#[test]
fn where_nobody_takes_the_events_of_a_run_its_file_has_them_and_without_days_there_is_none() {
    let country = Country::generate(76, &home());
    set(&country, "[lineage]\nurl = 'http://127.0.0.1:9/lineage'\n");
    country.ok(&["run"]);
    assert!(events(&journals(&country)[0]).len() > 50);
    let path = country.path("virsis.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("url = 'http://127.0.0.1:9/lineage'", "keep_days = 0")).unwrap();
    country.ok(&["run"]);
    assert_eq!(journals(&country).len(), 0, "those of before go, too");
}

#[test]
fn the_address_of_a_webhook_is_in_no_log() {
    let country = Country::published("40", 74);
    set(&country, "[alerts]\nwebhook_file = 'webhook'\n");
    keep_secret(&country, "webhook", "http://127.0.0.1:9/slaptas");
    take_key(&country);
    let output = country.run(&["run"]);
    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert!(log.contains("an alert could not be told") && !log.contains("slaptas"), "{log}");
    assert!(std::fs::read_to_string(country.path("state/alerts.json")).unwrap().contains("the night was refused"));
}

//! The state data API client against the real server: Spinta 1.3.1 on PostgreSQL, started by `tests/peers/spinta.sh`.
//!
//! Between the two stands a wire that writes down what passes and can spoil a token.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use arrow::array::{Array, AsArray};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use catalog::Catalog;
use connectors::{CONNECTORS, Call, ClientSettings, Fetched, Format, Http, HttpSettings, Memory, Request, Transport, Uapi, UapiSettings};
use serde_json::{Value, json};

const ROWS: u32 = 20_000;
/// Rows in one request that loads them.
const LOADED_AT_ONCE: usize = 2_000;
const FORM: &str = "datasets/gov/rc/jar/formos_statusai/Forma";
const STATUS: &str = "datasets/gov/rc/jar/formos_statusai/Statusas";
const PERSON: &str = "datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo";
const FORMS: [u32; 3] = [310, 320, 570];
/// The script's word for a machine without Python or PostgreSQL.
const SKIPPED: i32 = 77;

#[test]
fn nights_with_the_real_server() {
    if std::env::var_os("SPINTA_ADDRESS").is_some() {
        return nights();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/spinta.sh");
    let this = std::env::current_exe().unwrap();
    let status = Command::new(script).arg(this).args(["--exact", "nights_with_the_real_server", "--nocapture"]).status().unwrap();
    match status.code() {
        Some(0) => {}
        Some(SKIPPED) => eprintln!("SKIPPED: no Spinta peer on this machine"),
        _ => panic!("the peer test failed: {status}"),
    }
}

fn nights() {
    let server = Spinta::connect();
    server.load();
    let wire = Wire::to(&server.address);
    let night = SpintaFixture::new(&wire);

    // The first night, in both formats: what was loaded is what is read.
    let mut memory = Memory::default();
    for format in [Format::Csv, Format::Jsonl] {
        let began = Instant::now();
        let (rows, remembered) = night.read(format, None).unwrap();
        let seconds = began.elapsed().as_secs_f64();
        println!("full read as {format:?}: {} rows in {seconds:.1} s, {:.0} rows/s", rows.len(), rows.len() as f64 / seconds);
        assert_eq!(rows, server.expected());
        memory = remembered;
    }

    // Nothing changed: one question, one 304.
    wire.forget();
    assert!(night.read(Format::Jsonl, Some(&memory)).is_none());
    assert_eq!(wire.passed().iter().map(|(_, status)| *status).collect::<Vec<_>>(), [200, 304], "a token, then: not modified");

    // A patch with an emptied cell and another form, an insert, a delete: they come through the log.
    server.change();
    wire.forget();
    let began = Instant::now();
    let (rows, memory) = night.read(Format::Jsonl, Some(&memory)).unwrap();
    println!("three changes: {:.1} s", began.elapsed().as_secs_f64());
    assert_eq!(rows, server.expected());
    assert!(!wire.read_pages(), "{:?}", wire.passed());

    // A spoilt token: the server refuses it, a new one is got.
    wire.forget();
    wire.spoil();
    server.change();
    let (rows, memory) = night.read(Format::Jsonl, Some(&memory)).unwrap();
    assert_eq!(rows, server.expected());
    let passed = wire.passed();
    assert_eq!(passed.iter().filter(|(_, status)| *status == 401).count(), 1, "{passed:?}");
    assert_eq!(passed.iter().filter(|(target, _)| target == "/auth/token").count(), 2, "{passed:?}");
    assert!(!wire.read_pages());

    // The log is purged: everything is read again.
    server.purge();
    server.change();
    wire.forget();
    let (rows, _) = night.read(Format::Jsonl, Some(&memory)).unwrap();
    assert_eq!(rows, server.expected());
    assert!(wire.read_pages());
}

/// Rows by entity code, cells by column.
type Rows = BTreeMap<String, Vec<Option<String>>>;

struct SpintaFixture {
    catalog: Catalog,
    settings: UapiSettings,
    folder: tempfile::TempDir,
}

impl SpintaFixture {
    fn new(wire: &Wire) -> Self {
        let client = ClientSettings {
            id: std::env::var("SPINTA_CLIENT").unwrap(),
            secret_file: PathBuf::from(std::env::var_os("SPINTA_SECRET_FILE").unwrap()),
            scope: "uapi:/:getall uapi:/:search uapi:/:changes".to_owned(),
            token_address: None,
        };
        let settings = UapiSettings { address: wire.address.clone(), client: Some(client), ..UapiSettings::default() };
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        Self { catalog, settings, folder: tempfile::tempdir().unwrap() }
    }

    fn read(&self, format: Format, memory: Option<&Memory>) -> Option<(Rows, Memory)> {
        let uapi = Uapi::new(&UapiSettings { format, ..self.settings.clone() }).unwrap();
        let extract = CONNECTORS[0].extracts.iter().find(|extract| extract.table == "raw_jar__iregistruoti").unwrap();
        let table = self.catalog.table(extract.table).unwrap();
        let deadline = Instant::now() + Duration::from_secs(600);
        let request = Request {
            source: "jar",
            extract,
            table,
            memory,
            rows_needed: false,
            codes: None,
            salt: &[7; 32],
            deadline,
            folder: self.folder.path(),
        };
        let Fetched::Rows(mut batches) = uapi.open(&request).unwrap() else { return None };
        let mut rows = Rows::new();
        for batch in batches.by_ref() {
            let batch = batch.unwrap().rows;
            let columns: Vec<_> = batch.columns().iter().map(|column| column.as_string::<i32>()).collect();
            for row in 0..batch.num_rows() {
                let cells: Vec<_> = columns.iter().map(|column| column.is_valid(row).then(|| column.value(row).to_owned())).collect();
                assert!(rows.insert(cells[0].clone().unwrap(), cells).is_none());
            }
        }
        Some((rows, batches.finish().unwrap()))
    }
}

/// The server, and what should be in it.
struct Spinta {
    address: String,
    http: Http,
    token: String,
    objects: Mutex<BTreeMap<u32, Value>>,
}

impl Spinta {
    fn connect() -> Self {
        let address = std::env::var("SPINTA_ADDRESS").unwrap();
        let http = Http::new(&HttpSettings { stall: Duration::from_secs(300), attempts: 1, ..HttpSettings::default() }).unwrap();
        let secret = std::fs::read_to_string(std::env::var_os("SPINTA_SECRET_FILE").unwrap()).unwrap();
        let credentials = BASE64_STANDARD.encode(format!("{}:{secret}", std::env::var("SPINTA_CLIENT").unwrap()));
        let scope = "uapi:/:getall+uapi:/:search+uapi:/:create+uapi:/:patch+uapi:/:delete+uapi:/:set_meta_fields";
        let token = format!("{address}/auth/token");
        let call = Call::post("jar", &token, far(), format!("grant_type=client_credentials&scope={scope}").into_bytes())
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", "application/x-www-form-urlencoded");
        let answer: Value = serde_json::from_slice(&http.fetch(&call).unwrap().bytes).unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Self { address, http, token, objects: Mutex::default() }
    }

    fn load(&self) {
        let classifier = |model: &str, code: u32| json!({"_op": "insert", "_type": model, "_id": id(model, code), "kodas": code, "pavadinimas": format!("Nr. {code}")});
        self.write(FORMS.map(|code| classifier(FORM, code)).into_iter().chain([0, 6].map(|code| classifier(STATUS, code))));
        let began = Instant::now();
        let persons: Vec<_> = (0..ROWS).map(person).collect();
        for some in persons.chunks(LOADED_AT_ONCE) {
            self.write(some.iter().map(|person| with(person, json!({"_op": "insert", "_type": PERSON}))));
        }
        println!("loaded {ROWS} rows in {:.1} s", began.elapsed().as_secs_f64());
        *self.objects.lock().unwrap() = (0..ROWS).zip(persons).collect();
    }

    /// Patches one object, inserts one, deletes one; others each time.
    fn change(&self) {
        let mut objects = self.objects.lock().unwrap();
        let (first, next) = (*objects.keys().next().unwrap(), *objects.keys().last().unwrap() + 1);
        let (patched, deleted) = (first + 1, first);
        let patch = json!({"ja_pavadinimas": "UAB \"Pakeista\" | \n ąčęė", "pilnas_adresas": null, "forma": {"_id": id(FORM, 570)}});
        let existing = |operation: &str, number: u32| {
            let (id, revision) = (id(PERSON, number), self.revision(number));
            json!({"_op": operation, "_type": PERSON, "_where": format!("_id='{id}'"), "_revision": revision})
        };
        let inserted = with(&person(next), json!({"_op": "insert", "_type": PERSON}));
        self.write([with(&existing("patch", patched), patch.clone()), inserted, existing("delete", deleted)].into_iter());
        let changed = with(&objects[&patched], patch);
        objects.insert(patched, changed);
        objects.insert(next, person(next));
        objects.remove(&deleted);
    }

    /// Empties the log of changes, as an operator does from time to time.
    fn purge(&self) {
        let names =
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname || tablename like '%JuridinisAsmuo%changelog%'";
        let names = psql(names);
        assert_eq!(names.lines().count(), 1, "{names}");
        psql(&format!("truncate {names}"));
    }

    fn revision(&self, number: u32) -> String {
        let address = format!("{}/{PERSON}/{}", self.address, id(PERSON, number));
        let answer: Value = serde_json::from_slice(&self.http.fetch(&Call::get("jar", &address, far())).unwrap().bytes).unwrap();
        answer["_revision"].as_str().unwrap().to_owned()
    }

    fn write(&self, operations: impl Iterator<Item = Value>) {
        let body: String = operations.map(|operation| format!("{operation}\n")).collect();
        let call = Call::post("jar", &self.address, far(), body.into_bytes())
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/x-ndjson");
        let answer: Value = serde_json::from_slice(&self.http.fetch(&call).unwrap().bytes).unwrap();
        assert_eq!(answer["_status"], "ok", "{answer}");
    }

    /// What the raw table should hold.
    fn expected(&self) -> Rows {
        let text = |value: &Value| match value {
            Value::String(text) => Some(catalog::tidy(text).into_owned()),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        let code = |reference: &Value| {
            reference["_id"].as_str().map(|id| id[24..].trim_start_matches('0').parse::<u32>().unwrap_or(0).to_string())
        };
        let row = |person: &Value| {
            let plain = ["ja_kodas", "ja_pavadinimas", "pilnas_adresas", "reg_data"].map(|name| text(&person[name]));
            let rest = [code(&person["forma"]), code(&person["statusas"]), text(&person["stat_data"]), None];
            (plain[0].clone().unwrap(), plain.into_iter().chain(rest).collect())
        };
        self.objects.lock().unwrap().values().map(row).collect()
    }
}

/// An object as it is loaded.
fn person(number: u32) -> Value {
    json!({
        "_id": id(PERSON, number),
        "ja_kodas": 300_000_000 + number,
        "ja_pavadinimas": format!("UAB \"Nr {number}\", ąžuolas"),
        "pilnas_adresas": if number.is_multiple_of(3) { Value::Null } else { json!(format!("Vilnius, Gedimino pr. {number}")) },
        "reg_data": format!("20{:02}-0{}-1{}", number % 25, number % 9 + 1, number % 10),
        "forma": {"_id": id(FORM, FORMS[number as usize % 3])},
        "statusas": {"_id": id(STATUS, if number.is_multiple_of(7) { 6 } else { 0 })},
        "stat_data": if number.is_multiple_of(7) { json!("2025-01-31") } else { Value::Null },
    })
}

fn id(model: &str, number: u32) -> String {
    let first = ["", FORM, STATUS, PERSON].iter().position(|known| *known == model).unwrap();
    format!("{first}0000000-1111-4111-8111-{number:012}")
}

fn with(object: &Value, more: Value) -> Value {
    let mut object = object.clone();
    let Value::Object(more) = more else { panic!() };
    object.as_object_mut().unwrap().extend(more);
    object
}

fn far() -> Instant {
    Instant::now() + Duration::from_secs(600)
}

fn psql(statement: &str) -> String {
    let output = Command::new("psql").args(["-qtA", "-c", statement]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Passes requests on, one for each connection, and writes down their targets and statuses.
struct Wire {
    address: String,
    passed: Arc<Mutex<Vec<(String, u16)>>>,
    spoils: Arc<Mutex<bool>>,
}

impl Wire {
    fn to(server: &str) -> Self {
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (passed, spoils) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(false)));
        let wire = Self { address, passed: passed.clone(), spoils: spoils.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = pass(stream.unwrap(), &server, &passed, &spoils);
            }
        });
        wire
    }

    fn forget(&self) {
        self.passed.lock().unwrap().clear();
    }

    fn passed(&self) -> Vec<(String, u16)> {
        self.passed.lock().unwrap().clone()
    }

    /// The next token that passes is spoilt.
    fn spoil(&self) {
        *self.spoils.lock().unwrap() = true;
    }

    fn read_pages(&self) -> bool {
        self.passed().iter().any(|(target, _)| target.contains("select("))
    }
}

fn pass(mut client: TcpStream, server: &str, passed: &Mutex<Vec<(String, u16)>>, spoils: &Mutex<bool>) -> std::io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?);
    let (mut head, mut target, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        if head.is_empty() {
            target = line.split(' ').nth(1).unwrap_or_default().to_owned();
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if line.starts_with("authorization: Bearer ") && std::mem::take(&mut *spoils.lock().unwrap()) {
            line = "authorization: Bearer spoilt\r\n".to_owned();
        }
        if line == "\r\n" || line.is_empty() {
            head.push_str("connection: close\r\n\r\n");
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    let mut upstream = TcpStream::connect(server)?;
    upstream.write_all(head.as_bytes())?;
    upstream.write_all(&body)?;
    let mut answer = BufReader::new(upstream);
    let mut status = String::new();
    answer.read_line(&mut status)?;
    passed.lock().unwrap().push((target, status.split(' ').nth(1).unwrap_or_default().parse().unwrap_or(0)));
    client.write_all(status.as_bytes())?;
    std::io::copy(&mut answer, &mut client)?;
    Ok(())
}

//! One served endpoint that many tests attack at the same time, each with people and organisations of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use forms::Store;

use super::client::Client;
use super::peer::{Person, Place, entity_code};
use crate::country::{Country, home};

/// The endpoint, as long as the tests run.
pub(crate) struct Ground {
    pub(crate) place: Place,
    pub(crate) port: u16,
    /// Opened beside the endpoint, to see what a request changed.
    pub(crate) store: Store,
    /// VIRS of the register, each given to one test.
    virs: Mutex<Vec<String>>,
    people: Mutex<u32>,
    /// A shell that ends the endpoint when its input is closed: so when this process ends, however that is.
    _leash: Child,
}

/// So many that each test has its own.
const VIRS: &str = "80";

static GROUND: LazyLock<Option<Ground>> = LazyLock::new(|| Place::prepare_in(|| Country::with_virs(VIRS, 31, &home())).map(Ground::new));

/// The endpoint; `None` where Python lacks what signing needs.
pub(crate) fn ground() -> Option<&'static Ground> {
    GROUND.as_ref()
}

/// Somebody who is signed in.
pub(crate) struct Visitor {
    pub(crate) person: Person,
    pub(crate) client: Client,
    /// The organisation.
    pub(crate) code: String,
}

impl Ground {
    fn new(place: Place) -> Self {
        let settings: toml::Table = std::fs::read_to_string(place.country.path("virsis.toml")).unwrap().parse().unwrap();
        let port = settings["forms"]["address"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
        let served = "\"$0\" --config virsis.toml --log json serve 2>serve.log & pid=$!; exec >&-; read -r _; kill -9 $pid";
        let mut leash = Command::new("sh")
            .args(["-c", served, env!("CARGO_BIN_EXE_virsis")])
            .env_clear()
            .env("VIRSIS_LOG", "trace")
            .current_dir(place.country.path("."))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(leash.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().starts_with("form endpoint")), "{}", log(&place));
        let virs = place.country.table("public", "virs");
        let outlets = place.country.table("public", "vip");
        let has_outlets = |row: &serde_json::Value| outlets.iter().any(|outlet| outlet["ja_kodas"] == row["ja_kodas"]);
        let virs = virs.iter().filter(|row| row["virs_iki"].is_null() && has_outlets(row));
        let virs = virs.map(|row| row["ja_kodas"].as_str().unwrap().to_owned()).collect();
        let store = Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
        Self { place, port, store, virs: Mutex::new(virs), people: Mutex::new(100), _leash: leash }
    }

    /// A VIRS that no other test has.
    pub(crate) fn virs(&self) -> String {
        self.virs.lock().unwrap().pop().expect("more tests than VIRS")
    }

    /// A broadcaster, whoever else may be at it.
    pub(crate) fn audiovisual(&self) -> String {
        let virs = self.place.country.table("public", "virs");
        virs.iter().find(|row| row["audiovizualinis"] == true).unwrap()["ja_kodas"].as_str().unwrap().to_owned()
    }

    /// Somebody new, who acts for an organisation of their own; of role `virs`, for a VIRS of the register.
    pub(crate) fn somebody(&self, role: &str) -> Visitor {
        let code = if role == "virs" { self.virs() } else { entity_code(500 + *self.people.lock().unwrap()) };
        self.somebody_of(role, &code)
    }

    /// Somebody new, who acts for this organisation.
    pub(crate) fn somebody_of(&self, role: &str, code: &str) -> Visitor {
        let person = self.stranger(role, code);
        let client = self.sign_in(&person);
        Visitor { person, client, code: code.to_owned() }
    }

    /// Somebody with an account who has not signed in yet.
    pub(crate) fn stranger(&self, role: &str, code: &str) -> Person {
        // One import of mandates after another: each brings in all there are.
        let mut number = self.people.lock().unwrap();
        *number += 1;
        self.place.person(*number, role, code, &format!("Organizacija {code}"))
    }

    /// Signs somebody in, once in half a minute.
    pub(crate) fn sign_in(&self, person: &Person) -> Client {
        let mut client = Client::new(self.port);
        let code = one_time_code(person);
        let answer = client.post("/prisijungti", &[("vardas", &person.login), ("slaptazodis", &person.password), ("kodas", &code)]);
        assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/pradzia")), "{}", answer.text());
        client
    }

    /// What the endpoint wrote to its log, everything included.
    pub(crate) fn log(&self) -> String {
        log(&self.place)
    }

    /// Everything that the store holds of an organisation's submissions; the same text means that nothing was changed.
    pub(crate) fn of_organisation(&self, code: &str) -> String {
        let sql = "SELECT coalesce(group_concat(line, char(10)), '') FROM (
            SELECT 's ' || id || ' ' || state || ' ' || version || ' ' || content || ' ' || changed || ' ' || coalesce(receipt, '') AS line
                FROM submission WHERE organisation_code = ?1
            UNION ALL SELECT 'a ' || attachment.id || ' ' || name FROM attachment JOIN submission ON submission.id = submission WHERE organisation_code = ?1
            UNION ALL SELECT 'c ' || clarification.id || ' ' || question FROM clarification JOIN submission ON submission.id = clarification.submission
                WHERE organisation_code = ?1
            ORDER BY 1)";
        self.store.read(|connection| Ok(connection.query_row(sql, [code], |row| row.get(0))?)).unwrap()
    }

    /// A number that the store answers with.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.store.read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?)).unwrap()
    }
}

impl Visitor {
    /// The token that forms of this session send along.
    pub(crate) fn csrf(&mut self) -> String {
        self.client.get("/pradzia").hidden("_csrf")
    }

    /// Sends a form of a submission with the right token and version.
    pub(crate) fn send(&mut self, id: i64, step: &str) -> u16 {
        let page = self.client.get(&format!("/pateiktis/{id}"));
        let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.client.post(&format!("/pateiktis/{id}/{step}"), &fields).status
    }
}

/// The code that somebody's telephone shows now.
pub(crate) fn one_time_code(person: &Person) -> String {
    person.totp.generate(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).to_string()
}

fn log(place: &Place) -> String {
    String::from_utf8_lossy(&std::fs::read(place.country.path("serve.log")).unwrap()).into_owned()
}

/// An address that the endpoint answers, as `router.rs` has it: its method, and its parts with names where something is to be put in.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    parts: Vec<String>,
}

/// All of them, read from the source: a new one is in every test from the start.
pub(crate) fn routes() -> Vec<Route> {
    let source = std::fs::read_to_string(crate::country::home().join("connectors/forms/src/web/router.rs")).unwrap();
    let mut routes = Vec::new();
    for (method, mark) in [("GET", "(Method::Get, ["), ("POST", "(Method::Post, [")] {
        for found in source.split(mark).skip(1) {
            let parts = found.split(']').next().unwrap().split(", ").filter(|part| !part.is_empty());
            routes.push(Route { method, parts: parts.map(str::to_owned).collect() });
        }
    }
    assert!(routes.len() >= 27, "router.rs is written in another way than this test reads it");
    routes
}

impl Route {
    /// The address about a submission and an attachment of it.
    pub(crate) fn about(&self, submission: i64, attachment: i64) -> String {
        let part = |part: &String| match part.as_str() {
            "id" => submission.to_string(),
            "attachment" => attachment.to_string(),
            "feed" => "lesos".to_owned(),
            "what" => "asmuo".to_owned(),
            "table" => "savininkas".to_owned(),
            "report" => "nezinomi_savininkai".to_owned(),
            "name" => "000000000000-stilius.css".to_owned(),
            fixed => fixed.trim_matches('"').to_owned(),
        };
        format!("/{}", self.parts.iter().map(part).collect::<Vec<_>>().join("/"))
    }

    /// Whether it names a submission.
    pub(crate) fn names_a_submission(&self) -> bool {
        self.parts.iter().any(|part| part == "id")
    }
}

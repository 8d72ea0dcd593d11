use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use arrow::array::{Array, AsArray};

use super::*;
use crate::http::Problem;
use crate::testing::{Asked, Reply, Server, http, request};

const PERSONS: &str = "/datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo";
const PAGE_1: &str = r#"{"_id":"93e22433-97c4-4788-ac3e-ce8a42956c66","_revision":"cc53414d-e3b6-47ba-9dff-48d88e25867e","ja_kodas":300000001,"ja_pavadinimas":"UAB \"Nr 1\"","pilnas_adresas":null,"reg_data":"2020-01-02","forma":{"_id":"11111111-1111-4111-8111-000000000310","kodas":310},"statusas":{"_id":"22222222-1111-4111-8111-000000000000","kodas":0},"stat_data":null}
{"_id":"14d0eec5-2cc8-4a93-ab1f-974fc3498e54","_revision":"1d9d5efc-8a84-4ace-a3fe-6cbf1f2be517","_page":{"next":"WzMwMDAwMDAwMiwgIjE0ZDBlZWM1Il0="},"ja_kodas":300000002,"ja_pavadinimas":"UAB \"Nr 2\"","pilnas_adresas":" Vilnius ","reg_data":"2020-01-03","forma":{"_id":"11111111-1111-4111-8111-000000000310","kodas":310},"statusas":{"_id":"22222222-1111-4111-8111-000000000000","kodas":0},"stat_data":"2021-02-03"}
"#;
const PAGE_2: &str = r#"{"_id":"6c0c0897-4878-472f-a607-d8fabd94a36b","_revision":"0d22b29c-391a-45fa-b7ee-275ddfbada96","_page":{"next":"WzMwMDAwMDAwMywgIjZjMGMwODk3Il0="},"ja_kodas":300000003,"ja_pavadinimas":"VšĮ Nr 3","pilnas_adresas":null,"reg_data":"2020-01-04","forma":{"_id":"11111111-1111-4111-8111-000000000570","kodas":570},"statusas":{"_id":"22222222-1111-4111-8111-000000000000","kodas":0},"stat_data":null}
"#;
const CHANGE_4: &str = r#"{"_cid":4,"_created":"2026-11-21T20:58:32.444942","_op":"insert","_id":"6c0c0897-4878-472f-a607-d8fabd94a36b","_txn":"bd4950f3-bee8-4cfa-84a7-6196ae529aba","_revision":"0d22b29c-391a-45fa-b7ee-275ddfbada96","ja_kodas":300000003,"ja_pavadinimas":"VšĮ Nr 3","reg_data":"2020-01-04","forma":{"_id":"11111111-1111-4111-8111-000000000570"}}
"#;
const CHANGE_5_PATCH: &str = r#"{"_cid":5,"_created":"2026-11-21T20:58:33.4","_op":"patch","_id":"14d0eec5-2cc8-4a93-ab1f-974fc3498e54","_txn":"2a66","_revision":"958b100f-ec91-43de-8c87-93e6d01114f7","ja_pavadinimas":"UAB \"Pakeista\"","pilnas_adresas":null,"forma":{"_id":"11111111-1111-4111-8111-000000000570"}}
"#;
const CHANGE_6_DELETE: &str = r#"{"_cid":6,"_created":"2026-11-21T20:58:33.5","_op":"delete","_id":"93e22433-97c4-4788-ac3e-ce8a42956c66","_txn":"2a67","_revision":"aa8b100f-ec91-43de-8c87-93e6d01114f7"}
"#;
const CHANGE_7_INSERT: &str = r#"{"_cid":7,"_created":"2026-11-21T20:58:33.6","_op":"insert","_id":"00000000-4878-472f-a607-d8fabd94a36b","_txn":"2a68","_revision":"bb8b100f-ec91-43de-8c87-93e6d01114f7","ja_kodas":300000007,"ja_pavadinimas":"UAB Nr 7","pilnas_adresas":"Kaunas","reg_data":"2026-01-04","isreg_data":null,"forma":{"_id":"11111111-1111-4111-8111-000000000310"},"statusas":{"_id":"22222222-1111-4111-8111-000000000000"},"stat_data":null}
"#;

/// A server that knows an answer for what a target begins or ends with; the answers can be changed.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<BTreeMap<String, Reply>>>);

/// What is asked, in words.
fn question(asked: &Asked) -> String {
    let target = asked.target.strip_prefix(PERSONS).unwrap_or(&asked.target);
    match target.split_once("?select(") {
        Some((_, rest)) => rest.split_once("&page").map_or("page 1".to_owned(), |(_, token)| format!("page{token}")),
        None => target.split_once("?limit").map_or(target, |(question, _)| question).to_owned(),
    }
}

impl Answers {
    /// Three objects on two pages, the last change is the insert of the third.
    fn whole() -> Self {
        let answers = Self::default();
        answers.set("?count()", "{\"count()\":3}\n");
        answers.reply("/:changes/-1", Reply::new(200, &[("etag", "0d22b29c-391a-45fa-b7ee-275ddfbada96")], CHANGE_4));
        answers.set("page 1", PAGE_1);
        answers.set("page(%22WzMwMDAwMDAwMiwgIjE0ZDBlZWM1Il0%3D%22)", PAGE_2);
        answers.set("page(%22WzMwMDAwMDAwMywgIjZjMGMwODk3Il0%3D%22)", "");
        answers
    }

    fn set(&self, question: &str, answer: &str) {
        self.reply(question, Reply::new(200, &[("content-type", "application/x-json-stream")], answer));
    }

    fn reply(&self, question: &str, reply: Reply) {
        self.0.lock().unwrap().insert(question.to_owned(), reply);
    }

    fn serve(&self) -> Server {
        let answers = self.clone();
        Server::start(move |asked, _| answers.get(asked))
    }

    fn get(&self, asked: &Asked) -> Reply {
        let question = question(asked);
        let reply = self.0.lock().unwrap().get(&question).cloned();
        reply.unwrap_or_else(|| Reply::new(418, &[], question))
    }
}

struct MirrorFixture {
    server: Server,
    settings: UapiSettings,
    folder: tempfile::TempDir,
}

impl MirrorFixture {
    fn new(server: Server) -> Self {
        let settings = UapiSettings { address: server.address.clone(), page_rows: 2, ..UapiSettings::default() };
        Self { server, settings, folder: tempfile::tempdir().unwrap() }
    }

    fn with_client(mut self, secret: &str, mode: u32) -> Self {
        let secret_file = self.folder.path().join("secret");
        fs::write(&secret_file, secret).unwrap();
        fs::set_permissions(&secret_file, fs::Permissions::from_mode(mode)).unwrap();
        self.settings.client = Some(ClientSettings { id: "virsis".to_owned(), secret_file, scope: "a b".to_owned(), token_address: None });
        self
    }

    /// The rows as text, one line each, and the memory; none if nothing changed.
    fn read(&self, memory: Option<&Memory>) -> Result<Option<(Vec<String>, Memory)>, Error> {
        self.answer(&request("raw_jar__iregistruoti", memory, self.folder.path()))
    }

    /// As [`MirrorFixture::read`], of a night that asks for other rows than the last.
    fn read_again(&self, memory: &Memory) -> (Vec<String>, Memory) {
        let request = Request { rows_needed: true, ..request("raw_jar__iregistruoti", Some(memory), self.folder.path()) };
        self.answer(&request).unwrap().unwrap()
    }

    fn answer(&self, request: &Request<'_>) -> Result<Option<(Vec<String>, Memory)>, Error> {
        let uapi = Uapi::with_http(&self.settings, http());
        let Fetched::Rows(mut rows) = uapi.open(request)? else { return Ok(None) };
        let mut lines = Vec::new();
        for batch in rows.by_ref() {
            let batch = batch?;
            for (row, number) in batch.row_numbers.iter().enumerate() {
                let cells = batch.rows.columns().iter().map(|column| {
                    let column = column.as_string::<i32>();
                    if column.is_null(row) { "-" } else { column.value(row) }
                });
                lines.push(format!("{number} {}", cells.collect::<Vec<_>>().join("|")));
            }
        }
        Ok(Some((lines, rows.finish()?)))
    }

    fn rows(&self) -> (Vec<String>, Memory) {
        self.read(None).unwrap().unwrap()
    }

    fn problem(&self) -> Problem {
        match self.read(None).unwrap_err() {
            Error::Network { source_name: "jar", problem, .. } => problem,
            other => panic!("{other}"),
        }
    }

    fn mirrors(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != "secret").collect()
    }

    fn questions(&self) -> Vec<String> {
        self.server.asked().iter().map(question).collect()
    }
}

const ROWS: [&str; 3] = [
    "1 300000002|UAB \"Nr 2\"|Vilnius|2020-01-03|310|0|2021-02-03|-",
    "2 300000003|VšĮ Nr 3|-|2020-01-04|570|0|-|-",
    "3 300000001|UAB \"Nr 1\"|-|2020-01-02|310|0|-|-",
];

#[test]
fn a_model_is_read_page_by_page() {
    let night = MirrorFixture::new(Answers::whole().serve());
    let (rows, memory) = night.rows();
    assert_eq!(rows, ROWS);
    assert_eq!((memory.get("change"), memory.get("etag")), (Some("4"), Some("0d22b29c-391a-45fa-b7ee-275ddfbada96")));
    assert_eq!(night.questions()[..3], ["/:changes/-1", "?count()", "page 1"]);
    assert_eq!(night.server.asked()[2].header("accept"), Some("application/x-json-stream"));
    let select = "?select(_id,_revision,ja_kodas,ja_pavadinimas,pilnas_adresas,reg_data,forma.kodas,statusas.kodas,stat_data,forma._id,statusas._id,_page)&limit(2)";
    assert_eq!(night.server.asked()[2].target, format!("{PERSONS}{select}"));
}

#[test]
fn csv_gives_the_same_rows_whatever_the_order_of_columns() {
    let heading = "_type,_revision,_id,_page.next,ja_kodas,ja_pavadinimas,stat_data,pilnas_adresas,reg_data,forma._id,forma.kodas,statusas._id,statusas.kodas\r\n";
    let answers = Answers::whole();
    let page_1 = "J,cc,93e22433,,300000001,\"UAB \"\"Nr 1\"\"\",,,2020-01-02,f310,310,s0,0\r\nJ,1d,14d0eec5,W2,300000002,\"UAB \"\"Nr 2\"\"\",2021-02-03,Vilnius,2020-01-03,f310,310,s0,0\r\n";
    let page_2 = "J,0d,6c0c0897,W3,300000003,VšĮ Nr 3,,,2020-01-04,f570,570,s0,0\r\n";
    answers.set("page 1", &format!("{heading}{page_1}"));
    answers.set("page(%22W2%22)", &format!("{heading}{page_2}"));
    answers.set("page(%22W3%22)", heading);
    let mut night = MirrorFixture::new(answers.serve());
    night.settings.format = Format::Csv;
    assert_eq!(night.rows().0, ROWS);
    assert_eq!(night.server.asked()[2].header("accept"), Some("text/csv"));

    // An error in the middle of the stream: status 200, and nothing in it.
    answers.set("page 1", "");
    assert!(matches!(night.problem(), Problem::Cut { .. }));
    answers.set("page 1", &format!("{heading}{}", &page_1[..page_1.len() - 12]));
    assert!(matches!(night.problem(), Problem::Cut { .. }));
    answers.set("page 1", &heading.replace(",ja_kodas", ""));
    assert!(matches!(night.problem(), Problem::Protocol { .. }));
}

#[test]
fn a_page_that_comes_twice_is_refused() {
    let answers = Answers::whole();
    answers.set("page(%22WzMwMDAwMDAwMiwgIjE0ZDBlZWM1Il0%3D%22)", PAGE_1);
    assert_eq!(MirrorFixture::new(answers.serve()).problem(), Problem::DuplicatePage { found: "an object came before" });

    // Other objects, but the way leads back.
    let answers = Answers::whole();
    answers.set(
        "page(%22WzMwMDAwMDAwMiwgIjE0ZDBlZWM1Il0%3D%22)",
        &PAGE_2.replace("WzMwMDAwMDAwMywgIjZjMGMwODk3Il0=", "WzMwMDAwMDAwMiwgIjE0ZDBlZWM1Il0="),
    );
    assert_eq!(MirrorFixture::new(answers.serve()).problem(), Problem::DuplicatePage { found: "its key came before" });
}

#[test]
fn a_cut_page_is_asked_for_again_and_then_refused() {
    for cut in [&PAGE_1[..PAGE_1.len() - 1], &PAGE_1[..700], "{\"errors\":[{\"code\":\"InternalError\"}]}\n", "{\"_id\":1}\n"] {
        let answers = Answers::whole();
        answers.set("page 1", cut);
        let night = MirrorFixture::new(answers.serve());
        assert!(matches!(night.problem(), Problem::Cut { .. }), "{cut}");
        assert_eq!(night.questions().iter().filter(|question| *question == "page 1").count(), 4);
    }
}

#[test]
fn another_number_of_objects_than_counted_is_read_once_more_and_then_refused() {
    let answers = Answers::whole();
    answers.set("?count()", "{\"count()\":4}\n");
    let night = MirrorFixture::new(answers.serve());
    assert!(matches!(night.problem(), Problem::Changed { .. }));
    assert_eq!(night.questions().iter().filter(|question| *question == "page 1").count(), 2);
    assert!(night.mirrors().is_empty());

    // It only happened to change: the second reading is good.
    let (answers, counted) = (Answers::whole(), Mutex::new(0));
    let night = MirrorFixture::new(Server::start(move |asked, _| {
        if question(asked) == "?count()" {
            *counted.lock().unwrap() += 1;
            let count = if *counted.lock().unwrap() == 1 { 2 } else { 3 };
            return Reply::ok(format!("{{\"count()\":{count}}}\n"));
        }
        answers.get(asked)
    }));
    assert_eq!(night.rows().0, ROWS);

    // An empty page where objects should be is no end.
    let answers = Answers::whole();
    answers.set("page(%22WzMwMDAwMDAwMiwgIjE0ZDBlZWM1Il0%3D%22)", "");
    assert!(matches!(MirrorFixture::new(answers.serve()).problem(), Problem::Changed { .. }));
}

#[test]
fn an_equal_entity_tag_means_unchanged() {
    let answers = Answers::whole();
    let routes = answers.clone();
    let night = MirrorFixture::new(Server::start(move |asked, _| match asked.header("if-none-match") {
        Some("0d22b29c-391a-45fa-b7ee-275ddfbada96") => Reply::new(304, &[], ""),
        _ => routes.get(asked),
    }));
    let (_, memory) = night.rows();
    let before = night.questions().len();
    assert!(night.read(Some(&memory)).unwrap().is_none());
    assert_eq!(night.questions().len(), before + 1);
}

#[test]
fn only_the_remembered_change_means_unchanged() {
    let answers = Answers::whole();
    answers.set("/:changes/4", CHANGE_4);
    let night = MirrorFixture::new(answers.serve());
    let (_, memory) = night.rows();
    let before = night.questions().len();
    assert!(night.read(Some(&memory)).unwrap().is_none());
    assert_eq!(night.questions()[before..], ["/:changes/-1", "/:changes/4"]);
}

#[test]
fn rows_that_are_needed_though_nothing_changed_come_from_the_mirror() {
    // With an entity tag, and without one, by the last change.
    for tagged in [true, false] {
        let answers = Answers::whole();
        answers.set("/:changes/4", CHANGE_4);
        let routes = answers.clone();
        let night = MirrorFixture::new(Server::start(move |asked, _| match asked.header("if-none-match") {
            Some(_) if tagged => Reply::new(304, &[], ""),
            _ => routes.get(asked),
        }));
        let (_, memory) = night.rows();
        let before = night.questions().len();
        assert_eq!(night.read_again(&memory), (ROWS.map(str::to_owned).to_vec(), memory.clone()));
        assert_eq!(night.questions().len(), before + if tagged { 1 } else { 2 }, "no page is asked for");
        // Without the mirror, everything is read.
        fs::remove_file(night.folder.path().join(&night.mirrors()[0])).unwrap();
        assert_eq!(night.read_again(&memory).0, ROWS);
        assert_eq!(night.questions().iter().filter(|question| *question == "page 1").count(), 2);
    }
}

/// The first night's memory, and answers of a second one with a patch, a delete and an insert.
fn changed() -> (Answers, MirrorFixture, Memory) {
    let answers = Answers::whole();
    let night = MirrorFixture::new(answers.serve());
    let (_, memory) = night.rows();
    answers.set("/:changes/4", &[CHANGE_4, CHANGE_5_PATCH].concat());
    answers.set("/:changes/5", &[CHANGE_5_PATCH, CHANGE_6_DELETE, CHANGE_7_INSERT].concat());
    answers.set("/:changes/7", CHANGE_7_INSERT);
    (answers, night, memory)
}

const CHANGED: [&str; 3] = [
    "1 300000007|UAB Nr 7|Kaunas|2026-01-04|310|0|-|-",
    "2 300000002|UAB \"Pakeista\"|-|2020-01-03|570|0|2021-02-03|-",
    "3 300000003|VšĮ Nr 3|-|2020-01-04|570|0|-|-",
];

#[test]
fn changes_are_applied_to_the_mirror() {
    let (answers, night, memory) = changed();
    let (rows, next) = night.read(Some(&memory)).unwrap().unwrap();
    assert_eq!(rows, CHANGED);
    assert_eq!((next.get("change"), night.questions().iter().filter(|question| *question == "page 1").count()), (Some("7"), 1));
    // The old mirror stays: the new memory may yet be refused. The night after that it goes.
    assert_eq!(night.mirrors().len(), 2);
    assert_eq!(night.read(Some(&memory)).unwrap().unwrap().0, CHANGED);
    answers.set("/:changes/7", CHANGE_7_INSERT);
    assert!(night.read(Some(&next)).unwrap().is_none());
    assert_eq!(night.mirrors(), [format!("mirror-{}.jsonl", next.get("mirror").unwrap())]);
    let mode = fs::metadata(night.folder.path().join(&night.mirrors()[0])).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// Whether the second night read everything.
fn reads_everything(night: &MirrorFixture, memory: &Memory) -> bool {
    let pages = || night.questions().iter().filter(|question| *question == "page 1").count();
    let before = pages();
    assert_eq!(night.read(Some(memory)).unwrap().unwrap().0, ROWS);
    pages() > before
}

#[test]
fn a_log_that_began_anew_means_a_full_read() {
    let (answers, night, memory) = changed();
    for purged in
        [String::new(), CHANGE_5_PATCH.to_owned(), CHANGE_4.replace("6c0c0897", "00000000"), CHANGE_4.replace("0d22b29c", "00000000")]
    {
        answers.set("/:changes/4", &purged);
        assert!(reads_everything(&night, &memory), "{purged}");
    }
}

#[test]
fn changes_that_do_not_fit_mean_a_full_read() {
    let (answers, night, memory) = changed();
    let with = |change: &str| {
        answers.set("/:changes/4", &[CHANGE_4, change].concat());
        answers.set("/:changes/5", change);
        reads_everything(&night, &memory)
    };
    assert!(with(&CHANGE_5_PATCH.replace("000000000570", "000000000999")), "a form nobody knows");
    assert!(with(&CHANGE_5_PATCH.replace("14d0eec5", "00000000")), "an object nobody knows");
    assert!(with(&CHANGE_5_PATCH.replace("\"patch\"", "\"move\"")), "an operation nobody knows");
    answers.set("/:changes/6", CHANGE_6_DELETE);
    answers.set("/:changes/4", &[CHANGE_4, CHANGE_6_DELETE].concat());
    assert!(reads_everything(&night, &memory), "two objects left, three counted");

    answers.set("/:changes/4", &[CHANGE_4, CHANGE_5_PATCH].concat());
    answers.set("/:changes/5", CHANGE_5_PATCH);
    assert!(night.read(Some(&memory)).unwrap().unwrap().0[0].contains("Pakeista"), "a change that fits");
}

#[test]
fn a_damaged_or_foreign_mirror_means_a_full_read() {
    let (_, night, memory) = changed();
    let path = night.folder.path().join(&night.mirrors()[0]);
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.replace("Vilnius", "Kaunas")).unwrap();
    assert!(reads_everything(&night, &memory));
    let mut stranger = memory.clone();
    stranger.0.insert("mirror".to_owned(), "../../etc/passwd".to_owned());
    assert!(reads_everything(&night, &stranger));
    let mut stranger = memory;
    stranger.0.insert("asked".to_owned(), "https://elsewhere.example/ ja_kodas".to_owned());
    assert!(reads_everything(&night, &stranger));
}

#[test]
fn rows_of_persons_are_never_mirrored() {
    let catalog = catalog::Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let allowed = |table| mirror::is_allowed(catalog.table(table).unwrap());
    assert!(allowed("raw_jar__iregistruoti"));
    assert!(!allowed("raw_gr__asmenys") && !allowed("raw_vrk__reklama") && !allowed("raw_jadis__dalyviai"));
}

/// A server that gives tokens t1, t2, … and takes only those `accepts` says.
fn guarded(accepts: fn(&str) -> bool, expires_in: u64) -> Server {
    let (answers, given) = (Answers::whole(), Mutex::new(0));
    Server::start(move |asked, _| {
        if asked.target == "/auth/token" {
            let mut given = given.lock().unwrap();
            *given += 1;
            assert_eq!(asked.header("authorization"), Some("Basic dmlyc2lzOnNsYXB0YXM="));
            assert_eq!((asked.method.as_str(), asked.body.as_str()), ("POST", "grant_type=client_credentials&scope=a+b"));
            return Reply::ok(format!(r#"{{"token_type":"Bearer","access_token":"t{given}","expires_in":{expires_in}}}"#));
        }
        match asked.header("authorization").and_then(|token| token.strip_prefix("Bearer ")) {
            Some(token) if accepts(token) => answers.get(asked),
            // As Spinta does when JSON Lines or CSV is asked for.
            _ => Reply::new(
                401,
                &[("content-type", "text/html; charset=utf-8"), ("www-authenticate", "Bearer error=\"invalid_token\"")],
                r#"{"errors":[{"code":"InvalidToken"}]}"#,
            ),
        }
    })
}

fn tokens_asked(night: &MirrorFixture) -> usize {
    night.questions().iter().filter(|question| *question == "/auth/token").count()
}

#[test]
fn a_token_is_kept_and_renewed_when_it_is_not_taken() {
    let night = MirrorFixture::new(guarded(|token| token == "t1", 864_000)).with_client("slaptas\n", 0o600);
    assert_eq!((night.rows().0.len(), tokens_asked(&night)), (3, 1));
    let night = MirrorFixture::new(guarded(|token| token == "t2", 864_000)).with_client("slaptas", 0o600);
    assert_eq!((night.rows().0.len(), tokens_asked(&night)), (3, 2));
    // Shortly before it expires a token is not used any more.
    let night = MirrorFixture::new(guarded(|_| true, 30)).with_client("slaptas", 0o600);
    assert_eq!((night.rows().0.len(), tokens_asked(&night)), (3, 6));
}

#[test]
fn a_token_that_is_never_taken_is_no_reason_to_go_on_and_on() {
    let night = MirrorFixture::new(guarded(|_| false, 864_000)).with_client("slaptas", 0o600);
    assert_eq!((night.problem(), tokens_asked(&night)), (Problem::Status { status: 401, retry_after: None }, 2));
    let night = MirrorFixture::new(Answers::whole().serve()).with_client("slaptas", 0o644);
    assert!(matches!(night.read(None), Err(Error::Unusable { .. })));
    let server = Server::start(|_, _| Reply::new(401, &[], r#"{"error":"invalid_client"}"#));
    let night = MirrorFixture::new(server).with_client("slaptas", 0o600);
    let error = night.read(None).unwrap_err().to_string();
    assert!(error.contains("/auth/token") && error.contains("credentials") && !error.contains("slaptas"), "{error}");
}

#[test]
fn a_client_that_the_server_does_not_know_is_to_be_corrected_in_the_settings() {
    let server = Server::start(|_, _| Reply::new(400, &[], r#"{"error":"invalid_client"}"#));
    let problem = MirrorFixture::new(server).with_client("slaptas", 0o600).problem();
    assert!(matches!(&problem, Problem::Request { reason } if reason.contains("scope")), "{problem}");
}

#[test]
fn an_extract_without_a_model_says_so() {
    let uapi = Uapi::with_http(&UapiSettings::default(), http());
    let error = uapi.open(&request("raw_gr__asmenys", None, Path::new("."))).unwrap_err();
    assert!(matches!(error, Error::NotOffered { source_name: "gr", .. }));
}

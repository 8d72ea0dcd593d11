//! JAR's open extracts over the state data API, through the whole run: Spinta on PostgreSQL, started by `tests/peers/spinta.sh` and
//! filled out of a generated country. Skipped with a word where this machine lacks one of them, unless `VIRSIS_PEERS_REQUIRED=1`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::country::{Country, differing, home};

/// The extracts that the state data API has, the files they would be read from, and what pages are written in.
const OFFERED: &[(&str, &str, &str)] = &[
    ("jar__iregistruoti", "JAR_IREGISTRUOTI.csv", "jsonl"),
    ("jar__formos", "JAR_TEI_FORM_KLASIFIKATORIUS.csv", "csv"),
    ("jar__statusai", "JAR_TEI_STATUSU_KLASIFIKATORIUS.csv", "jsonl"),
];
/// In the names of tables that are about the sources themselves: rows that no model can hold never reach the server.
const SOURCES: &[&str] = &["saltini", "kokyb"];
/// The script's word for a machine without Python or PostgreSQL.
const SKIPPED: i32 = 77;

#[test]
fn jar_over_the_state_data_api_gives_the_same_data_and_goes_stale_when_its_client_is_not_let_in() {
    if std::env::var_os("SPINTA_ADDRESS").is_some() {
        return nights();
    }
    let this = "state_data::jar_over_the_state_data_api_gives_the_same_data_and_goes_stale_when_its_client_is_not_let_in";
    let script = home().join("tests/peers/spinta.sh");
    let status = Command::new(script).arg(std::env::current_exe().unwrap()).args(["--exact", this, "--nocapture"]).status().unwrap();
    match status.code() {
        Some(0) => {}
        Some(SKIPPED) => eprintln!("SKIPPED: no Spinta peer on this machine"),
        _ => panic!("the peer test failed: {status}"),
    }
}

/// Fills the server, or changes what is in it.
fn load(arguments: &[&str]) {
    let script = home().join("tests/peers/spinta/load.py");
    assert!(Command::new("python3").arg(script).args(arguments).status().unwrap().success(), "{arguments:?}");
}

fn write_secret(path: &Path, secret: &str) {
    fs::write(path, secret).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// The sections of the extracts that come from the server; a page is much smaller than the register.
fn sections(client: &str) -> String {
    let address = std::env::var("SPINTA_ADDRESS").unwrap();
    let section = |(key, _, format): &(&str, &str, &str)| {
        format!(
            "[sources.{key}]\ntransport = 'uapi'\naddress = '{address}'\nformat = '{format}'\npage_rows = 100\nclient = {{ id = '{client}', secret_file = 'secrets/uapi.secret' }}\nhttp = {{ attempts = 1 }}\n"
        )
    };
    OFFERED.iter().map(section).collect()
}

/// Messages of the log about one table.
fn messages(said: &Output, table: &str) -> Vec<String> {
    let lines = String::from_utf8(said.stderr.clone()).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).filter(|line| line["table"] == table);
    lines.map(|line| line["message"].as_str().unwrap().to_owned()).collect()
}

fn nights() {
    let from_files = Country::generate(44, &home());
    load(&["load", from_files.path("extracts").to_str().unwrap()]);
    from_files.ok(&["run"]);
    let country = Country::generate(44, &home());
    fs::copy(from_files.path("secrets/person.key"), country.path("secrets/person.key")).unwrap();
    for (_, file, _) in OFFERED {
        fs::remove_file(country.path("extracts").join(file)).unwrap();
    }
    let secret = fs::read_to_string(std::env::var_os("SPINTA_SECRET_FILE").unwrap()).unwrap();
    let secret_file = country.path("secrets/uapi.secret");
    write_secret(&secret_file, &secret);
    let configuration = country.path("virsis.toml");
    let own = fs::read_to_string(&configuration).unwrap();
    let client = std::env::var("SPINTA_CLIENT").unwrap();
    fs::write(&configuration, own.clone() + &sections(&client)).unwrap();
    let run = || {
        let said = country.run(&["run"]);
        // The tests' logs are at trace level, the HTTP library's among them.
        let text = String::from_utf8([&said.stdout[..], &said.stderr[..]].concat()).unwrap();
        assert!(said.status.success() && text.len() > 1000, "{text}");
        assert!(!text.contains(&secret) && !text.contains("Bearer ey"), "the secret and the token are nobody's business");
        said
    };

    // The first night: the same data as from the files.
    run();
    assert_eq!(country.trouble(), []);
    assert_eq!(differing(&country.data(SOURCES), &from_files.data(SOURCES)), [""; 0]);
    assert!(country.ok(&["doctor"]).contains("files, uapi"));
    assert!(country.ok(&["fetch", "jar"]).contains("raw_jar__formos (uapi)"));
    assert!(country.ok(&["run"]).contains("nothing changed"));

    // An entity gets another name: it comes through the log of changes.
    let renamed = country.table("public", "virs").iter().find(|row| row["pavadinimas"] != "(JAR nerastas)").unwrap()["ja_kodas"].clone();
    let code = renamed.as_str().unwrap();
    load(&["rename", code, "UAB „Pervadinta“ | ąčę"]);
    let said = run();
    assert_eq!(country.trouble(), []);
    assert!(messages(&said, "raw_jar__iregistruoti").contains(&"applying changes".to_owned()));
    assert!(messages(&said, "raw_jar__formos").is_empty(), "nothing changed there");
    let names: Vec<Value> =
        country.table("public", "virs").iter().filter(|row| row["ja_kodas"] == code).map(|row| row["pavadinimas"].clone()).collect();
    assert_eq!(names, ["UAB „Pervadinta“ | ąčę"]);
    let good = country.data(SOURCES);

    // A VIRS leaves the list: other entities are asked for, and they come out of the mirror, page by page no more.
    let formos = fs::read_to_string(country.path("extracts/formos_virs.v1.csv")).unwrap();
    let licences = fs::read_to_string(country.path("extracts/lis_licencijos.v1.csv")).unwrap();
    country.rewrite("formos_virs.v1.csv", |row, line| {
        let by_licence = line.split('|').next().is_some_and(|code| licences.contains(code));
        (row == 0 || row > 8 || by_licence).then(|| line.to_owned())
    });
    let mirrored =
        |said: &Output| messages(said, "raw_jar__iregistruoti").contains(&"nothing changed, rows come out of the mirror".to_owned());
    let said = run();
    assert!(mirrored(&said), "{:?}", messages(&said, "raw_jar__iregistruoti"));
    assert_eq!(country.trouble(), []);
    assert_ne!(differing(&country.data(SOURCES), &good), [""; 0]);
    fs::write(country.path("extracts/formos_virs.v1.csv"), formos).unwrap();
    assert!(mirrored(&run()));
    assert_eq!(differing(&country.data(SOURCES), &good), [""; 0]);

    // A wrong secret, then a client that nobody knows: these three extracts are stale, all others are not.
    for (written, client, reason) in [("wrong", client.as_str(), "not_allowed"), (&secret, "nobody", "settings")] {
        write_secret(&secret_file, written);
        fs::write(&configuration, own.clone() + &sections(client)).unwrap();
        run();
        let mut expected: Vec<(String, String)> = OFFERED.iter().map(|(key, _, _)| (format!("raw_{key}"), reason.to_owned())).collect();
        let mut trouble = country.trouble();
        expected.sort();
        trouble.sort();
        assert_eq!(trouble, expected);
        country.ok(&["verify"]);
        assert_eq!(differing(&country.data(SOURCES), &good), [""; 0], "what came last stands in");
    }
    fs::write(&configuration, own + &sections(&client)).unwrap();
    run();
    assert_eq!(country.trouble(), []);
}

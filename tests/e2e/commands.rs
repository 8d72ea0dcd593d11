//! The commands an analyst uses: `sql`, `report`, `status`, `check`, `serve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::country::{Country, PUBLISHED, home};

#[test]
fn sql_answers_in_every_format() {
    let country = &PUBLISHED.country;
    let query = "SELECT ja_kodas, dalis FROM savininkas ORDER BY ja_kodas, eil_nr LIMIT 2";
    let ask = |format: &str| country.ok(&["sql", "-c", query, "--format", format]);
    assert!(ask("table").contains('┆') || ask("table").contains('│'));
    assert_eq!(ask("csv").lines().next(), Some("ja_kodas,dalis"));
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&ask("json")).unwrap().len(), 2);
    assert!(ask("markdown").starts_with("| ja_kodas"));
}

#[test]
fn sql_takes_statements_with_their_comments() {
    let country = &PUBLISHED.country;
    let ask = |statement: &str| country.ok(&["sql", "--format", "csv", "-c", statement]);
    for statement in ["-- kiek VIRS\nSELECT 7 AS n", "/* kiek */ SELECT 7 AS n;", "SELECT 7 AS n; -- tiek"] {
        assert_eq!(ask(statement), "n\n7\n", "{statement}");
    }
    assert_eq!(ask("SELECT 1 AS a; -- b\nSELECT 2 AS b;"), "a\n1\n\nb\n2\n");
    assert_eq!(country.ok(&["sql", "--format", "json", "-c", "SELECT 1 AS a; SELECT 2 AS b"]).matches('[').count(), 2);
    assert!(ask("SELECT TIMESTAMPTZ '2026-03-29 03:04:05+03' AS t").contains("2026-03-29T00:04:05Z"));
    assert!(ask("SELECT now() AS t").trim_end().ends_with('Z'));
}

#[test]
fn sql_shows_each_tier_its_own_columns() {
    let country = &PUBLISHED.country;
    let columns = |tier: &str| country.ok(&["sql", "--tier", tier, "--format", "csv", "-c", "DESCRIBE savininkas"]);
    assert!(columns("public").contains("asmens_id") && !columns("open").contains("asmens_id"));
    assert!(country.ok(&["sql", "--tier", "internal", "-c", "SELECT COUNT(asmens_kodas) FROM asmens_duomenys"]).contains("count"));
    assert!(country.refused(&["sql", "--tier", "public", "-c", "SELECT * FROM asmens_duomenys"]).contains("asmens_duomenys"));
    assert!(country.ok(&["sql", "--format", "csv", "-c", "SHOW TABLES"]).lines().count() > 30);
}

#[test]
fn sql_is_read_only_and_reaches_no_file() {
    let country = &PUBLISHED.country;
    let secret = country.path("virsis.toml").display().to_string();
    let target = country.path("state/stolen.csv").display().to_string();
    for statement in [
        format!("SELECT * FROM read_text('{secret}')"),
        format!("SELECT * FROM '{secret}'"),
        format!("SELECT 1; COPY (SELECT 1) TO '{target}'"),
        format!("COPY virs TO '{target}'"),
        "DROP VIEW virs".to_owned(),
        "ATTACH 'x.db'".to_owned(),
        "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')".to_owned(),
        "SELECT 1; SET enable_external_access = true".to_owned(),
        "EXPLAIN ANALYZE DROP VIEW bench.virs; SELECT * FROM virs".to_owned(),
        "WITH a AS (SELECT 1) DELETE FROM store.virs".to_owned(),
    ] {
        let output = country.run(&["sql", "-c", &statement]);
        assert!(output.status.code() == Some(1) && output.stdout.is_empty(), "{statement}: nothing runs, not even what stands before");
    }
    assert!(!country.path("state/stolen.csv").exists());
}

#[test]
fn the_prompt_takes_statements_over_several_lines_and_keeps_history() {
    let country = Country::generate(13, &home());
    country.ok(&["run"]);
    let mut prompt =
        country.command(&["sql", "--tier", "public"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    prompt.stdin.take().unwrap().write_all(b"\\d\nhelp\n\\d virs\nSELECT COUNT(*)\nAS kiek FROM virs;\nSELECT nothing;\nexit\n").unwrap();
    let output = prompt.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("kiek") && said.contains("savininkas"), "{said}");
    assert!(said.contains("Tab užbaigia") && said.contains("Juridinio asmens kodas") && !said.contains("Tokios komandos nėra"), "{said}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("klaida: stulpelio „nothing“"));
    assert!(std::fs::read_to_string(country.path("state/sql_history")).unwrap().contains("kiek"));
}

#[test]
fn every_report_runs_and_its_parameters_are_typed() {
    let country = &PUBLISHED.country;
    let list = country.ok(&["report", "list"]);
    let names: Vec<&str> = list.lines().filter(|line| !line.starts_with(' ')).map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(names.len() >= 6, "{list}");
    let virs = country.table("public", "virs")[0]["ja_kodas"].as_str().unwrap().to_owned();
    for name in &names {
        let mut arguments = vec!["report", "run", name, "--format", "csv"];
        let of_virs = format!("ja_kodas={virs}");
        match *name {
            "virs_pajamos" | "virs_savininkai" => arguments.extend(["--param", &of_virs]),
            "asmens_vaidmenys" => arguments.extend(["--param", "pavarde=Pavardenis"]),
            _ => {}
        }
        let output = country.ok(&arguments);
        assert!(output.lines().next().is_some_and(|headings| !headings.is_empty()), "{name}");
    }
    assert!(country.refused(&["report", "run", "didziausi_lesu_gavejai", "--param", "metai=šie"]).contains("metai, pvz., 2025"));
    assert!(country.refused(&["report", "run", "didziausi_lesu_gavejas"]).contains("Gal turėjote omenyje didziausi_lesu_gavejai?"));
    assert!(country.refused(&["report", "run", "nera_tokios"]).contains("report list"));
    assert!(country.refused(&["report", "run", "virs_savininkai"]).contains("ja_kodas"));
    let injected = format!("ja_kodas={virs}' OR '1'='1");
    let refused = country.refused(&["report", "run", "virs_savininkai", "--format", "csv", "--param", &injected]);
    assert!(refused.contains("tokio VIRS šiuose duomenyse nėra"), "a parameter is a value, never SQL: {refused}");
    let injected = ["report", "run", "asmens_vaidmenys", "--format", "csv", "--param", "pavarde=x' OR '1'='1"];
    assert_eq!(country.ok(&injected).lines().count(), 1, "a parameter is a value, never SQL");
}

#[test]
fn a_report_is_a_page_or_a_workbook() {
    let country = &PUBLISHED.country;
    let page = country.ok(&["report", "run", "duomenu_kokybe", "--format", "html"]);
    assert!(page.contains("<html lang=\"lt\">") && page.contains("<th scope=\"col\">"));
    let book = country.path("state/kokybe.xlsx");
    country.ok(&["report", "run", "duomenu_kokybe", "--format", "xlsx", "--out", &book.display().to_string()]);
    assert!(std::fs::read(&book).unwrap().starts_with(b"PK"));
    std::fs::remove_file(book).unwrap();
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_file_that_was_there() {
    let country = Country::generate(15, &home());
    country.rewrite("JAR_IREGISTRUOTI.csv", |number, line| {
        let Some((code, rest)) = line.split_once('|').filter(|_| number > 0) else { return Some(line.to_owned()) };
        let (_, rest) = rest.split_once('|').unwrap();
        Some(format!("{code}|{}|{rest}", "Ilgas ".repeat(6_000)))
    });
    country.ok(&["run"]);
    let file = country.path("ataskaita.xlsx");
    std::fs::write(&file, "buvusi").unwrap();
    let report = |format: &str| {
        let file = file.display().to_string();
        country.run(&["report", "run", "didziausi_lesu_gavejai", "--param", "metai=2025", "--format", format, "--out", &file])
    };
    let refused = report("xlsx");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(1) && said.contains("stulpelio ") && said.contains("32767"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "buvusi");
    assert!(report("csv").status.success());
    assert!(std::fs::read_to_string(&file).unwrap().contains("Ilgas Ilgas"));
}

#[test]
fn asked_to_end_serve_ends_and_says_that_all_is_well() {
    let country = Country::generate(16, &home());
    country.ok(&["run"]);
    let text = std::fs::read_to_string(country.path("virsis.toml")).unwrap();
    std::fs::write(country.path("virsis.toml"), format!("{text}[serve]\naddress = '127.0.0.1:0'\n")).unwrap();
    for signal in ["-TERM", "-INT"] {
        let mut server = country.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("portal on"), "{line}");
        assert!(std::process::Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap().success());
        assert_eq!(server.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn status_and_check_say_what_there_is() {
    let country = &PUBLISHED.country;
    let status = country.ok(&["status"]);
    assert!(status.contains("published") && status.contains("raw_jadis__dalyviai"), "{status}");
    assert!(country.ok(&["check"]).contains("no errors: "));
}

#[test]
fn serve_catches_up_a_missed_night_shows_the_portal_and_lets_nothing_else_out() {
    let country = Country::generate(14, &home());
    let text = std::fs::read_to_string(country.path("virsis.toml")).unwrap();
    std::fs::write(country.path("virsis.toml"), format!("{text}[serve]\naddress = '127.0.0.1:0'\n")).unwrap();
    let mut server = country.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    // Nothing was ever published: the missed night is made up for at once. It ends with its line in the ledger.
    let found = (0..600).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        country.path("portal/latest").exists() && country.ok(&["status"]).contains("published")
    });
    let (page, outside) = (get("/public/index.html"), get("/../virsis.toml"));
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(found, "serve did not catch up");
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("<html lang=\"lt\"") && page.to_lowercase().contains("content-security-policy")
    );
    assert!(!outside.contains("home ="), "a file outside the portal was shown");
}

/// Of a made-up name; it ended with the year 2020, and its key is thrown away.
pub(crate) const ENDED: &str = "-----BEGIN CERTIFICATE-----\n\
    MIIBLzCB16ADAgECAgEBMAoGCCqGSM49BAMCMCIxIDAeBgNVBAMMF2JhaWd0YS5w\n\
    YXZ5emR5cy5leGFtcGxlMB4XDTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFow\n\
    IjEgMB4GA1UEAwwXYmFpZ3RhLnBhdnl6ZHlzLmV4YW1wbGUwWTATBgcqhkjOPQIB\n\
    BggqhkjOPQMBBwNCAASchvG6wuNsi344PLwJ3vyopNfJVU/x1FCT7I58ecFfbglj\n\
    DMGFv8g3PKI5pkHIjnxDeCxPnDlezHowthO2yFtgMAoGCCqGSM49BAMCA0cAMEQC\n\
    IFpDzbhxFmp02ASo3q+VJCJCAT3Ke43AQb0e95cwy/uhAiBB9/T3/Zk3ZSZ0lCll\n\
    F0gwcFskswWNEtZcDYY/M6O4FA==\n\
    -----END CERTIFICATE-----\n";

#[test]
fn doctor_says_which_certificate_holds_no_more() {
    let country = Country::generate(60, &home());
    let path = country.path("virsis.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let section = "[sources.jar]\ntransport = 'bulk'\naddress = 'https://127.0.0.1:9/{file}'\nhttp = { attempts = 1, authorities_file = 'authorities.pem' }\n";
    std::fs::write(&path, text + section).unwrap();
    let doctor = |pem: &str| {
        std::fs::write(country.path("authorities.pem"), pem).unwrap();
        let output = country.run(&["doctor"]);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().find(|line| line.contains("certificates")).unwrap().to_owned()
    };
    let ended = doctor(ENDED);
    assert!(ended.starts_with("WRONG") && ended.contains("from 2020-01-01 until 2021-01-01"), "{ended}");
    assert!(doctor("nothing").contains("it holds no certificate"));
}

#[test]
fn doctor_says_what_a_form_endpoint_cannot_do_without() {
    let country = Country::generate(61, &home());
    let path = country.path("virsis.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let doctor = |settings: &str| {
        std::fs::write(&path, format!("{text}[forms]\nenabled = true\norigin = 'http://127.0.0.1:8000'\n{settings}")).unwrap();
        let said = String::from_utf8(country.run(&["doctor"]).stdout).unwrap();
        let (_, said) = said.split_once("form endpoint: ").unwrap();
        ["forms.roots_file is not set", "forms.mail is not set"].map(|missing| said.contains(missing))
    };
    let (roots, mail) = ("roots_file = 'x.pem'\n", "[forms.mail]\ndelivery = 'file'\nfolder = 'letters'\nfrom = 'a@example.invalid'\n");
    assert_eq!(doctor(""), [true, true]);
    assert_eq!(doctor(roots), [false, true]);
    assert_eq!(doctor(mail), [true, false]);
    assert_eq!(doctor(&format!("{roots}{mail}")), [false, false]);
}

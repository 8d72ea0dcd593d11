//! The pages on which a browser asks the database file of a tier.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use duckdb::Connection;
use serde_json::{Value, json};

use crate::country::{Country, PUBLISHED, home};
use crate::database_file::{read, texts};
use crate::endpoint::browser::{modules, run_script};
use crate::search::{Portal, text, without_marks};
use crate::workbooks::sheets;

/// What runs SQL in a browser. `None` where it cannot be made.
pub(crate) fn engine() -> Option<String> {
    let output = Command::new(home().join("tests/peers/browser/engine.sh")).output().unwrap();
    let reason = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(77) {
        println!("SKIPPED: {reason}");
        return None;
    }
    assert!(output.status.success(), "{reason}");
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

/// A country whose portal has the pages that it runs.
pub(crate) fn with_engine(engine: &str, virs: &str, seed: u64) -> Country {
    let country = Country::with_virs(virs, seed, &home()).whole();
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    let settings = settings.replace("[portal]\n", &format!("[portal]\nbrowser_engine = '{engine}'\n"));
    fs::write(country.path("virsis.toml"), settings).unwrap();
    country.ok(&["run"]);
    country
}

/// The portal as any web server of files has it.
struct Files(Child, String);

impl Files {
    fn serve(folder: &Path) -> Self {
        let mut server = Command::new("python3")
            .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port: u16 = line.split("port ").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
        Self(server, format!("http://127.0.0.1:{port}"))
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How a page writes a cell; `places` of a sum of money.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(yes) => if *yes { "taip" } else { "ne" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => money(number.as_f64().unwrap()),
        other => other.to_string(),
    }
}

fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

fn money(sum: f64) -> String {
    let printed = format!("{sum:.2}");
    let (whole, fraction) = printed.split_once('.').unwrap();
    format!("{},{fraction}", grouped(whole))
}

fn rows_in_words(count: usize) -> String {
    let noun = match (count % 10, count % 100) {
        (_, 11..=19) | (0, _) => "eilučių",
        (1, _) => "eilutė",
        _ => "eilutės",
    };
    format!("{count}\u{a0}{noun}")
}

/// A question about one table, and the cells that answer it.
struct Question {
    sql: String,
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

impl Question {
    fn new(sql: &str, columns: &[&'static str], rows: &[Value], sums: &[&str]) -> Self {
        // A sum of money is one even where JSON writes it without places.
        let cell = |row: &Value, column: &str| match (&row[column], sums.contains(&column)) {
            (Value::Number(number), true) => json!(number.as_f64().unwrap()),
            (value, _) => value.clone(),
        };
        let rows = rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect();
        Self { sql: sql.to_owned(), columns: columns.to_vec(), rows }
    }

    fn setting(&self) -> Value {
        json!({"sql": self.sql, "rows": self.rows.iter().map(|row| row.iter().map(shown).collect()).collect::<Vec<Vec<String>>>()})
    }
}

/// Cells as all formats may be compared: numbers to the cent, everything else as text.
fn plain(cells: &[Vec<Value>]) -> Vec<Vec<String>> {
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::Number(number) => format!("{:.2}", number.as_f64().unwrap()),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    cells.iter().map(|row| row.iter().map(cell).collect()).collect()
}

/// The cells of a workbook's first sheet, as another program reads them.
pub(crate) fn workbook(path: &Path) -> Vec<Vec<Value>> {
    sheets(path).remove(0).rows
}

/// Reads the files of a result back; each must hold these cells under these headings.
fn same_files(folder: &Path, name: &str, headings: &[String], cells: &[Vec<Value>]) {
    let file = |ending: &str| folder.join(format!("{name}.{ending}"));
    let expected = plain(cells);
    let numeric: Vec<bool> = (0..headings.len()).map(|place| cells.iter().any(|row| row[place].is_number())).collect();
    let number = |text: &str, place: usize| match numeric[place] && !text.is_empty() {
        true => format!("{:.2}", text.parse::<f64>().unwrap()),
        false => text.to_owned(),
    };
    for (ending, delimiter, comma) in [("csv", b',', "."), ("excel.csv", b';', ",")] {
        let bytes = fs::read(file(ending)).unwrap();
        assert_eq!(bytes.starts_with(b"\xef\xbb\xbf"), ending != "csv", "{ending}");
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        assert!(bytes.ends_with(b"\r\n"));
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), *headings, "{ending}");
        let read = reader.records().map(|row| {
            row.unwrap()
                .iter()
                .enumerate()
                .map(|(place, cell)| if numeric[place] { number(&cell.replace(comma, "."), place) } else { cell.to_owned() })
                .collect::<Vec<_>>()
        });
        assert_eq!(read.collect::<Vec<_>>(), expected, "{ending} of {name}");
    }
    let objects: Vec<Value> = serde_json::from_slice(&fs::read(file("json")).unwrap()).unwrap();
    let read: Vec<Vec<Value>> = objects.iter().map(|row| headings.iter().map(|heading| row[heading].clone()).collect()).collect();
    assert_eq!(plain(&read), expected, "JSON of {name}");
    let mut read = workbook(&file("xlsx"));
    let head: Vec<String> = read.remove(0).iter().map(|cell| cell.as_str().unwrap().to_owned()).collect();
    assert_eq!(head, headings);
    assert_eq!(plain(&read), expected, "XLSX of {name}: its cells have types");
    let database = Connection::open_in_memory().unwrap();
    for (place, heading) in headings.iter().enumerate() {
        let sql = format!("SELECT COALESCE(CAST(\"{heading}\" AS VARCHAR), '') FROM read_parquet('{}')", file("parquet").display());
        let read: Vec<String> = texts(&database, &sql).iter().map(|cell| number(cell, place)).collect();
        let expected: Vec<String> = expected.iter().map(|row| row[place].clone()).collect();
        assert_eq!(read, expected, "{heading} in the Parquet file of {name}");
    }
}

fn by_text(mut rows: Vec<Value>, column: &str) -> Vec<Value> {
    rows.sort_by(|one, other| text(one, column).cmp(text(other, column)));
    rows
}

/// Three questions: all kinds of cells; sums with the numbers that name them; sums by year.
fn questions(country: &Country) -> Vec<Question> {
    let virs = by_text(country.table("public", "virs"), "ja_kodas");
    let sums = country.table("public", "lesos");
    let mut by_year: BTreeMap<i64, (f64, i64)> = BTreeMap::new();
    for row in &sums {
        let year = by_year.entry(row["metai"].as_i64().unwrap()).or_default();
        *year = (year.0 + row["suma"].as_f64().unwrap(), year.1 + 1);
    }
    let by_year: Vec<Value> = by_year
        .iter()
        .map(|(metai, (suma, eilutes))| json!({"metai": metai, "suma": (suma * 100.0).round() / 100.0, "eilutes": eilutes}))
        .collect();
    vec![
        Question::new(
            "SELECT ja_kodas, pavadinimas, reg_data, isreg_data, audiovizualinis, vip_skaicius FROM virs ORDER BY ja_kodas",
            &["ja_kodas", "pavadinimas", "reg_data", "isreg_data", "audiovizualinis", "vip_skaicius"],
            &virs,
            &[],
        ),
        Question::new(
            "SELECT eil_nr, ja_kodas, institucija, metai, data, suma FROM lesos WHERE eil_nr <= 40 ORDER BY eil_nr",
            &["eil_nr", "ja_kodas", "institucija", "metai", "data", "suma"],
            &{
                let mut rows: Vec<Value> = sums.iter().filter(|row| row["eil_nr"].as_i64().unwrap() <= 40).cloned().collect();
                rows.sort_by_key(|row| row["eil_nr"].as_i64());
                rows
            },
            &["suma"],
        ),
        Question::new(
            "SELECT metai, SUM(suma) AS suma, COUNT(*) AS eilutes FROM lesos GROUP BY metai ORDER BY metai",
            &["metai", "suma", "eilutes"],
            &by_year,
            &["suma"],
        ),
    ]
}

/// Every standard report of the public tier, with what the command line answers.
fn standard(country: &Country) -> Vec<Value> {
    let virs = by_text(country.table("public", "virs"), "ja_kodas");
    let family = country.table("public", "valdymas").iter().find_map(|row| row["pavarde"].as_str().map(str::to_owned)).unwrap();
    let mut all = Vec::new();
    let mut paths: Vec<_> = fs::read_dir(home().join("sql/reports")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let head = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let mut values = serde_json::Map::new();
        for parameter in head.lines().filter_map(|line| line.strip_prefix("-- param: ")) {
            let words: Vec<&str> = parameter.split_whitespace().collect();
            match words[1] {
                "virs" => drop(values.insert(words[0].to_owned(), json!(text(&virs[3], "ja_kodas")))),
                "text" => drop(values.insert(words[0].to_owned(), json!(family))),
                _ => {}
            }
        }
        let given: Vec<String> =
            values.iter().flat_map(|(name, value)| ["--param".to_owned(), format!("{name}={}", value.as_str().unwrap())]).collect();
        let mut arguments = vec!["report", "run", name, "--tier", "public", "--format", "json"];
        arguments.extend(given.iter().map(String::as_str));
        let rows: Vec<Value> = serde_json::from_str(&country.ok(&arguments)).unwrap();
        let empty = head.lines().find_map(|line| line.strip_prefix("-- empty: ")).unwrap_or("Pagal nurodytus kriterijus nieko nerasta.");
        let said = if rows.is_empty() { empty.to_owned() } else { rows_in_words(rows.len()) };
        all.push(json!({"name": name, "values": values, "rows": said}));
    }
    let has_rows = |one: &&Value| text(one, "rows").starts_with(|first: char| first.is_ascii_digit());
    assert!(all.len() >= 14 && all.iter().filter(has_rows).count() >= 8, "{all:?}");
    all
}

#[test]
fn a_browser_asks_in_sql_and_without_it_and_what_it_saves_is_what_the_tables_hold() {
    let (Some(modules), Some(engine)) = (modules(), engine()) else { return };
    let country = with_engine(&engine, "60", 82);
    country.ok(&["verify"]);
    let questions = questions(&country);
    // Outlets of one kind in whose name one word stands, however it is typed.
    let outlets = country.table("public", "vip");
    let first = outlets.iter().find(|row| without_marks(text(row, "vip_pavadinimas")) != text(row, "vip_pavadinimas")).unwrap();
    let word = text(first, "vip_pavadinimas")
        .split(['„', '“', '"', ' '])
        .filter(|word| without_marks(word) != *word)
        .max_by_key(|word| word.len())
        .unwrap();
    let word = without_marks(word).to_lowercase();
    let fits =
        |row: &&Value| row["vip_rusis"] == first["vip_rusis"] && without_marks(text(row, "vip_pavadinimas")).to_lowercase().contains(&word);
    let found: Vec<Value> = outlets.iter().filter(fits).cloned().collect();
    let columns = ["vip_nr", "vip_pavadinimas", "registravimo_data"];
    let report = Question::new("", &columns, &found, &[]);
    let catalog = catalog::Catalog::load(&home()).unwrap();
    let vip = catalog.table("out_vip").unwrap();
    let headings: Vec<String> = columns.iter().map(|name| vip.column(name).unwrap().column.title.lt.clone()).collect();
    let mut groups = questions[2].rows.clone();
    groups.sort_by(|one, other| other[1].as_f64().unwrap().total_cmp(&one[1].as_f64().unwrap()));
    let portal = Files::serve(&country.path("portal/latest"));
    let preview = Portal::serve(&country);
    let downloads = tempfile::tempdir().unwrap();
    let settings = json!({
        "origin": portal.1,
        "preview": preview.1,
        "name": "sql",
        "downloads": downloads.path(),
        "questions": questions.iter().map(Question::setting).collect::<Vec<_>>(),
        "report": {
            "table": "vip",
            "where": [["vip_rusis", "is", first["vip_rusis"]], ["vip_pavadinimas", "has", word]],
            "columns": columns,
            "rows": report.setting()["rows"],
        },
        "groups": {
            "choice": {"table": "lesos", "group": ["metai"], "sums": ["suma"]},
            "rows": groups.iter().map(|row| row.iter().map(shown).collect()).collect::<Vec<Vec<String>>>(),
        },
        "standard": standard(&country),
    });
    run_script(&modules, "sql", settings, |_| panic!("nobody signs here"));
    for (place, question) in questions.iter().enumerate() {
        let headings: Vec<String> = question.columns.iter().map(|&column| column.to_owned()).collect();
        same_files(downloads.path(), &format!("question-{place}"), &headings, &question.rows);
    }
    same_files(downloads.path(), "report", &headings, &report.rows);
}

#[test]
fn the_engine_is_part_of_each_release_and_a_missing_one_is_named() {
    let Some(engine) = engine() else { return };
    let country = Country::generate(83, &home()).whole();
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    let with = |more: &str| {
        fs::write(country.path("virsis.toml"), settings.replace("[portal]\n", &format!("[portal]\n{more}\n"))).unwrap();
    };
    with("browser_engine = 'nowhere'");
    assert!(country.refused(&["run"]).contains("publish/browser/build.sh"));
    with("database = false");
    country.ok(&["run"]);
    assert!(!country.path("portal/latest/open/virsis.duckdb").exists());
    with(&format!("browser_engine = '{engine}'"));
    country.ok(&["run"]);
    let listed = country.listed("portal");
    for name in [
        "engine/duckdb-eh.wasm.gz",
        "engine/duckdb-eh.worker.js",
        "engine/engine.js",
        "engine/licences.txt",
        "open/sql/index.html",
        "public/ataskaita/index.html",
        "open/virsis.duckdb",
        "public/virsis.duckdb.gz",
    ] {
        assert!(listed.iter().any(|file| file["path"] == name), "{name} is not in the manifest");
    }
    assert!(!listed.iter().any(|file| file["path"].as_str().unwrap().starts_with("internal")));
    country.ok(&["verify"]);
    let open = fs::read_to_string(country.path("portal/latest/open/ataskaita/index.html")).unwrap();
    assert!(open.contains("data-name=\"didziausi_lesu_gavejai\"") && !open.contains("virs_savininkai"), "reports of the public tier alone");
    for page in ["open/sql/index.html", "public/sql/index.html", "open/ataskaita/index.html"] {
        let page = fs::read_to_string(country.path("portal/latest").join(page)).unwrap();
        assert!(
            page.contains("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'")
                && !page.contains("http://")
                && !page.contains("<script>")
        );
    }
}

/// Links of a page to rows behind its figures: whether the figure counts them, where the link leads, and the figure.
fn links_to_rows(html: &str) -> Vec<(bool, String, String)> {
    let parts: Vec<&str> = html.split("<a href=\"../ataskaita/index.html#").collect();
    let link = |pair: &[&str]| {
        let (address, rest) = pair[1].split_once("\">").unwrap();
        let is_count = pair[0].ends_with("<td class=\"number\">");
        assert!(is_count || pair[0].ends_with("<span class=\"value\">"), "{address}");
        (is_count, address.replace("&amp;", "&"), rest.split('<').next().unwrap().to_owned())
    };
    parts.windows(2).map(link).collect()
}

/// How many rows a link leads to.
fn rows_of(database: &Connection, catalog: &catalog::Catalog, address: &str) -> usize {
    let mut parts = address.split('&').map(|part| part.split_once('=').unwrap());
    let ("eilutes", table) = parts.next().unwrap() else { panic!("{address}") };
    let definition = catalog.table(&format!("out_{table}")).unwrap();
    let criteria = parts.map(|(column, value)| {
        assert!(!value.contains(['%', '\'']), "codes need no other spelling: {address}");
        match definition.column(column).unwrap().column.kind {
            _ if value.is_empty() => format!("{column} IS NULL"),
            catalog::Kind::Date => format!("year({column}) = {value}"),
            _ => format!("CAST({column} AS VARCHAR) = '{value}'"),
        }
    });
    let criteria: Vec<String> = criteria.collect();
    texts(database, &format!("SELECT CAST(COUNT(*) AS VARCHAR) FROM {table} WHERE {}", criteria.join(" AND ")))[0].parse().unwrap()
}

#[test]
fn the_rows_behind_a_figure_are_as_many_as_it_says() {
    let (Some(modules), Some(engine)) = (modules(), engine()) else { return };
    let country = with_engine(&engine, "60", 84);
    let catalog = catalog::Catalog::load(&home()).unwrap();
    let mut opened: Vec<Value> = Vec::new();
    for tier in ["public", "open"] {
        let folder = country.path("portal/latest").join(tier);
        let database = read(&folder.join("virsis.duckdb"));
        let (mut counts, mut bars) = (BTreeMap::new(), 0);
        for entry in fs::read_dir(folder.join("statistika")).unwrap().map(|entry| entry.unwrap().path()) {
            let Some(name) = entry.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".html")) else { continue };
            let html = fs::read_to_string(&entry).unwrap();
            for (is_count, address, figure) in links_to_rows(&html) {
                let rows = rows_of(&database, &catalog, &address);
                assert!(rows > 0 || tier == "open", "{tier}/{name}: nothing behind {address}");
                if !is_count {
                    bars += 1;
                    continue;
                }
                let said: usize = figure.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
                // The open tier has no rows about persons.
                assert!(rows == said || tier == "open" && rows < said, "{tier}/{name}: {rows} rows behind {said} at {address}");
                let table = address.split(['=', '&']).nth(1).unwrap().to_owned();
                if tier == "public" && counts.get(&table).is_none_or(|links| *links < 2) {
                    opened.push(json!({"page": format!("public/statistika/{name}"), "address": address, "rows": rows_in_words(rows)}));
                }
                *counts.entry(table).or_default() += 1;
            }
        }
        let tables: Vec<&str> = counts.keys().map(String::as_str).collect();
        let all = ["etika", "lesos", "licencija", "parama", "pazeidimas", "reklama", "vip", "virs", "virs_veikla"];
        assert!(tables.iter().all(|table| all.contains(table)) && (tables.len() == all.len() || tier == "open"), "{tier}: {tables:?}");
        assert!(counts.values().sum::<i32>() > 40 && bars > 10, "{tier}: {counts:?}, {bars} bars");
        let closed = fs::read_to_string(folder.join("statistika/nuosavybes-struktura.html")).unwrap();
        assert!(closed.contains("po vieną atverti negalima") && links_to_rows(&closed).is_empty());
    }
    let portal = Files::serve(&country.path("portal/latest"));
    run_script(&modules, "behind", json!({"origin": portal.1, "name": "behind", "opened": opened}), |_| panic!("nobody signs here"));
    let plain = PUBLISHED.country.path("portal/latest/public/statistika/viesojo-sektoriaus-lesos.html");
    assert!(!fs::read_to_string(plain).unwrap().contains("eilutes="), "where nothing shows rows, nothing leads to them");
}

//! The worst defect there can be, searched for: every personal code, every foreigner's birth date and, in the open tier, every
//! person's name and surrogate id, in every byte that the portal, the logs, the errors and the file names show.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use aho_corasick::AhoCorasick;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::country::{Country, PUBLISHED, copy_of_home, extract, files, home};

/// What nobody outside may see, read from the extracts themselves.
pub(crate) struct Secrets {
    pub(crate) codes: BTreeSet<String>,
    pub(crate) births: BTreeSet<String>,
    pub(crate) names: BTreeSet<String>,
}

pub(crate) fn secrets(country: &Country) -> Secrets {
    let mut secrets = Secrets { codes: BTreeSet::new(), births: BTreeSet::new(), names: BTreeSet::new() };
    for path in files(&country.path("extracts")).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "csv")) {
        let (headings, rows) = extract(&path);
        let find = |words: &[&str]| headings.iter().position(|heading| words.contains(&heading.as_str()));
        let code = find(&["asmens_kodas", "p_kamp_dal_asmens_kodas"]);
        let born = find(&["gimimo_data", "p_kamp_dal_gimimo_data"]);
        let (given, family) = (find(&["vardas", "p_kamp_dal_vardas"]), find(&["pavarde", "p_kamp_dal_pavarde"]));
        for row in rows {
            let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).filter(|text| !text.is_empty()).cloned();
            // Bad rows hold damaged codes too; those are as secret, unless they are too short to mean anything.
            secrets.codes.extend(cell(code).filter(|code| code.len() >= 8));
            secrets.births.extend(cell(born).filter(|date| date.starts_with("19") && date.len() == 10));
            if let (Some(given), Some(family)) = (cell(given), cell(family)) {
                secrets.names.insert(format!("{given} {family}"));
                secrets.names.insert(family);
            }
        }
    }
    assert!(secrets.codes.len() > 500 && secrets.births.len() > 5 && secrets.names.len() > 500, "the extracts hold persons");
    secrets
}

/// Every cell of every table of a database file.
fn cells_of_database(path: &Path) -> Vec<u8> {
    let settings = duckdb::Config::default().access_mode(duckdb::AccessMode::ReadOnly).unwrap();
    let database = duckdb::Connection::open_with_flags(path, settings).unwrap();
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap().filter_map(Result::unwrap).collect()
    };
    let columns =
        texts("SELECT 'SELECT CAST(\"' || column_name || '\" AS VARCHAR) FROM ' || table_name FROM duckdb_columns() WHERE NOT internal");
    assert!(columns.len() > 300, "{}", columns.len());
    columns.iter().flat_map(|sql| texts(sql)).flat_map(|cell| (cell + "\n").into_bytes()).collect()
}

/// A file as text to search: its bytes, and every cell as well of what is packed.
pub(crate) fn searchable(path: &Path) -> Vec<u8> {
    let mut text = fs::read(path).unwrap();
    if path.extension().is_some_and(|ending| ending == "duckdb") {
        text.extend(cells_of_database(path));
    }
    if path.extension().is_some_and(|ending| ending == "gz") {
        text.extend(std::process::Command::new("gzip").args(["-dc"]).arg(path).output().unwrap().stdout);
    }
    if path.extension().is_some_and(|ending| ending == "xlsx") {
        let mut book = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
        for place in 0..book.len() {
            std::io::Read::read_to_end(&mut book.by_index(place).unwrap(), &mut text).unwrap();
        }
    }
    if text.starts_with(b"PAR1") {
        let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
        for group in reader.metadata().row_groups() {
            for statistics in group.columns().iter().filter_map(|column| column.statistics()) {
                for bound in [statistics.min_bytes_opt(), statistics.max_bytes_opt()].into_iter().flatten() {
                    text.extend_from_slice(bound);
                    text.push(b'\n');
                }
            }
        }
        let options = FormatOptions::default();
        for batch in ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap().build().unwrap() {
            let batch = batch.unwrap();
            for column in batch.columns() {
                let formatter = ArrayFormatter::try_new(column, &options).unwrap();
                for row in 0..batch.num_rows() {
                    text.extend_from_slice(formatter.value(row).to_string().as_bytes());
                    text.push(b'\n');
                }
            }
        }
    }
    text
}

/// Files below `folder` in whose bytes or names one of the patterns stands; never which pattern, or the test would leak itself.
fn leaks(folder: &Path, patterns: &BTreeSet<String>) -> Vec<String> {
    let search = AhoCorasick::new(patterns).unwrap();
    let named = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    files(folder)
        .into_iter()
        .filter(|path| !path.is_symlink() && (search.is_match(&searchable(path)) || search.is_match(&named(path))))
        .map(|path| named(&path))
        .collect()
}

/// Everything searched for that must not be in `folder`.
fn personal(folder: &Path, secrets: &Secrets) -> Vec<String> {
    [&secrets.codes, &secrets.births].into_iter().flat_map(|patterns| leaks(folder, patterns)).collect()
}

impl Secrets {
    /// Nothing of them may stand in what a command said.
    pub(crate) fn assert_not_in(&self, said: &std::process::Output) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("log"), [&said.stdout[..], &said.stderr[..]].concat()).unwrap();
        for (what, patterns) in [("codes", &self.codes), ("births", &self.births), ("names", &self.names)] {
            assert_eq!(leaks(folder.path(), patterns), Vec::<String>::new(), "{what} in the log");
        }
    }
}

#[test]
fn no_code_and_no_birth_date_is_anywhere_in_the_portal_the_state_or_the_logs() {
    let published = &*PUBLISHED;
    let secrets = secrets(&published.country);
    assert_eq!(personal(&published.country.path("portal"), &secrets), Vec::<String>::new(), "portal");
    // What is kept of the extracts is closed: names stand there, and codes only of what people themselves handed in.
    let state = published.country.path("state");
    let (own, others): (Vec<_>, Vec<_>) =
        personal(&state, &secrets).into_iter().partition(|file| file.starts_with("kept/raw_formos__") && file.ends_with(".parquet"));
    assert_eq!(others, Vec::<String>::new(), "state");
    assert!(!own.is_empty(), "the search works");
    let logs = tempfile::tempdir().unwrap();
    fs::write(logs.path().join("log"), [&published.run.stdout[..], &published.run.stderr[..]].concat()).unwrap();
    assert!(published.run.stderr.len() > 1000, "the run logged at trace level");
    assert_eq!(personal(logs.path(), &secrets), Vec::<String>::new(), "log");
    assert_eq!(leaks(logs.path(), &secrets.names), Vec::<String>::new(), "names in the log");
    let named = leaks(&state, &secrets.names).into_iter().filter(|file| !file.starts_with("kept/") || !file.ends_with(".parquet"));
    assert_eq!(named.collect::<Vec<_>>(), Vec::<String>::new(), "names in the state folder");
}

#[test]
fn the_open_tier_names_nobody_and_links_to_nobody() {
    let country = &PUBLISHED.country;
    let secrets = secrets(country);
    let open = country.path("portal/latest/open").canonicalize().unwrap();
    assert_eq!(leaks(&open, &secrets.names), Vec::<String>::new(), "names");
    let ids: BTreeSet<String> = ["savininkas", "valdymas", "atsakingas", "parama", "reklama", "dalyvis"]
        .iter()
        .flat_map(|table| country.table("public", table))
        .filter_map(|row| row["asmens_id"].as_str().map(str::to_owned))
        .collect();
    assert!(ids.len() > 50);
    assert_eq!(leaks(&open, &ids), Vec::<String>::new(), "surrogate ids");
    let public = country.path("portal/latest/public").canonicalize().unwrap();
    assert!(
        !leaks(&public, &secrets.names).is_empty() && !leaks(&public, &ids).is_empty(),
        "the public tier names owners: the search works"
    );
    let internal = country.path("internal/latest").canonicalize().unwrap();
    assert!(!leaks(&internal, &secrets.codes).is_empty(), "the internal tier holds codes of submissions: the search works");
}

#[test]
fn errors_about_bad_sources_name_no_value() {
    let country = Country::generate(11, &home());
    let secrets = secrets(&country);
    // The heading line of the population register is lost: its first person must not be taken for headings and shown.
    let path = country.path("extracts/gr_asmenys.v1.csv");
    let bytes = fs::read(&path).unwrap();
    let heading = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    fs::write(&path, &bytes[heading + 1..]).unwrap();
    let output = country.run(&["run"]);
    assert_eq!(output.status.code(), Some(1));
    let logs = tempfile::tempdir().unwrap();
    fs::write(logs.path().join("log"), [&output.stdout[..], &output.stderr[..]].concat()).unwrap();
    for (what, patterns) in [("codes", &secrets.codes), ("births", &secrets.births), ("names", &secrets.names)] {
        assert_eq!(leaks(logs.path(), patterns), Vec::<String>::new(), "{what} in an error");
        assert_eq!(leaks(&country.path("state"), patterns), Vec::<String>::new(), "{what} in the state folder");
    }
}

/// Lets a model show something of the persons who stand in submissions.
fn with_leak(leaking: &str) -> (Country, tempfile::TempDir) {
    let changed = tempfile::tempdir().unwrap();
    copy_of_home(changed.path());
    let model = changed.path().join("sql/models/out_vip.sql");
    let sql = fs::read_to_string(&model).unwrap();
    let sql = sql.replacen("-- needs: ", "-- needs: core_asmens_duomenys, ", 1).replacen(
        "n.vip_pavadinimas",
        &format!("n.vip_pavadinimas || ' x' || (SELECT MIN({leaking}) FROM core_asmens_duomenys AS d) || 'x' AS vip_pavadinimas"),
        1,
    );
    fs::write(&model, sql).unwrap();
    (Country::generate(1, changed.path()), changed)
}

/// A leak planted past every definition, type and the gate's own search, which cannot know whose date a date is: the search must find it in each
/// format and page.
#[test]
fn a_planted_leak_is_found() {
    let (country, _home) = with_leak("CAST(d.gimimo_data AS VARCHAR)");
    let planted = Cell::new(false);
    country.rewrite("formos_dalyviai.v1.csv", |_, row| {
        let mut fields: Vec<&str> = row.split('|').collect();
        if fields.get(2) == Some(&"F") && !planted.replace(true) {
            (fields[2], fields[5], fields[6], fields[7]) = ("UF", "", "1907-05-03", "LV");
        }
        Some(fields.join("|"))
    });
    country.ok(&["run"]);
    let secrets = secrets(&country);
    let found = personal(&country.path("portal/latest").canonicalize().unwrap(), &secrets);
    let files = publish::PUBLISHERS.map(|publisher| format!("vip.{}", publisher.extension()));
    for wanted in files.iter().map(String::as_str).chain([".html"]) {
        assert!(found.iter().any(|path| path.ends_with(wanted)), "the leak in {wanted} was not found among {found:?}");
    }
    assert!(found.iter().any(|path| path.starts_with("open/")) && found.iter().any(|path| path.starts_with("public/")));
}

/// Letters stand before and after the code, and before that between its digits.
#[test]
fn the_gate_refuses_a_code_that_a_model_shows() {
    for leaking in ["d.asmens_kodas", "REPLACE(d.asmens_kodas, '0', '0x')"] {
        let (country, _home) = with_leak(leaking);
        let refused = country.refused(&["run"]);
        assert!(refused.contains("vip_pavadinimas hold a personal code"), "{refused}");
        assert!(!country.path("portal/latest").exists());
    }
}

/// When the register loses a firm, or gives it a form that nobody knows, its name may be a person's.
#[test]
fn a_sole_proprietor_that_the_register_lost_or_renamed_stays_out_of_the_open_tier() {
    let sole: Vec<String> = PUBLISHED
        .country
        .table("public", "virs")
        .iter()
        .filter(|row| row["forma"] == "810")
        .map(|row| row["ja_kodas"].as_str().unwrap().to_owned())
        .collect();
    assert!(sole.len() >= 2);
    let country = Country::generate(1, &home());
    country.rewrite("JAR_IREGISTRUOTI.csv", |_, row| match row.split('|').next() {
        Some(code) if code == sole[0] => None,
        Some(code) if code == sole[1] => Some(row.replace("|810|", "|813|")),
        _ => Some(row.to_owned()),
    });
    country.ok(&["run"]);
    let codes: BTreeSet<String> = sole.into_iter().collect();
    let open = country.path("portal/latest/open").canonicalize().unwrap();
    assert_eq!(leaks(&open, &codes), Vec::<String>::new());
    assert_eq!(leaks(&open, &secrets(&country).names), Vec::<String>::new());
}

/// Somebody writes a code where it does not belong: the row is set aside, nothing shows it.
#[test]
fn a_code_in_a_free_text_is_quarantined() {
    let country = Country::generate(1, &home());
    let code = "33309240064";
    country.rewrite("formos_vip.v1.csv", |number, row| {
        let mut fields: Vec<String> = row.split('|').map(str::to_owned).collect();
        if number == 1 {
            fields[2] = format!("Žinios {code}");
        }
        Some(fields.join("|"))
    });
    country.ok(&["run"]);
    let quarantine = fs::read_to_string(country.path("state/quarantine/raw_formos__vip.csv")).unwrap();
    assert!(quarantine.contains(",2,vip_pavadinimas,asmens_kodas_tekste"), "{quarantine}");
    for folder in ["portal", "state"] {
        assert_eq!(leaks(&country.path(folder), &BTreeSet::from([code.to_owned()])), Vec::<String>::new());
    }
}

/// Somebody writes a person's code where an entity's belongs, in whichever state: the row is set aside.
#[test]
fn a_code_in_the_place_of_an_entitys_is_set_aside_and_published_nowhere() {
    const CODE: &str = "33309240064";
    const STATES: [&str; 5] = ["", "LT", "EE", "DE", "LV"];
    let country = Country::generate(1, &home());
    let planted = Cell::new(0);
    let plant = |file: &str, code: usize, state: usize, only: &dyn Fn(&[&str]) -> bool| {
        country.rewrite(file, |number, row| {
            let mut fields: Vec<&str> = row.split('|').collect();
            if number > 0 && number % 3 == 0 && only(&fields) {
                fields[code] = CODE;
                fields[state] = STATES[planted.get() % STATES.len()];
                planted.set(planted.get() + 1);
            }
            Some(fields.join("|"))
        });
    };
    plant("jadis_dalyviai.v1.csv", 8, 7, &|fields| matches!(fields.get(2), Some(&("J" | "UJ"))));
    plant("imis_parama.v1.csv", 1, 3, &|fields| fields.len() > 6);
    plant("vrk_reklama.v1.csv", 8, 7, &|fields| fields.get(8).is_some_and(|code| !code.is_empty()));
    assert!(planted.get() > 50, "{} rows", planted.get());
    country.take_however_many_bad_rows();
    country.ok(&["run"]);
    assert_eq!(leaks(&country.path("portal"), &BTreeSet::from([CODE.to_owned()])), Vec::<String>::new());
    let aside = ["raw_jadis__dalyviai", "raw_imis__parama", "raw_vrk__reklama"].map(|table| {
        let rows = fs::read_to_string(country.path(&format!("state/quarantine/{table}.csv"))).unwrap();
        rows.lines().filter(|row| row.ends_with(",asmens_kodas_kode")).count()
    });
    // Some are the generator's bad rows, which are set aside for what cannot be read at all.
    assert!(aside.iter().all(|rows| *rows > 0) && aside.iter().sum::<usize>() + 6 >= planted.get(), "{aside:?} of {}", planted.get());
}

/// A definition that would let codes out is refused before anything is read.
#[test]
fn a_definition_that_shows_codes_is_refused() {
    let changed = tempfile::tempdir().unwrap();
    copy_of_home(changed.path());
    let path = changed.path().join("data/columns/asmenys.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("personal = \"code\"", "personal = \"none\"", 1)).unwrap();
    let country = Country::generate(12, changed.path());
    for command in [&["check"][..], &["run"][..]] {
        assert!(country.refused(command).contains("asmens_kodas"));
    }
}

//! Nights with bad sources: the source goes stale, the last good extract stands in, the others carry on.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::country::{Country, files, home};

/// What can happen to a file in the drop folder: the rule that must name it, and how to do it.
type Fault = (&'static str, fn(&Path));

const FAULTS: &[Fault] = &[
    ("missing", |path| fs::remove_file(path).unwrap()),
    ("truncated", |path| fs::write(path, "").unwrap()),
    ("truncated", |path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() - 1]).unwrap();
    }),
    ("no_headings", |path| fs::write(path, "<!doctype html>\n<html><body>Klaida 503</body></html>\n").unwrap()),
    ("changed_headings", |path| {
        let mut bytes = fs::read(path).unwrap();
        let first = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        bytes[first] = b'x';
        fs::write(path, bytes).unwrap();
    }),
];

/// What becomes of a line of an extract, by its number.
type Change = fn(usize, &str) -> Option<String>;

/// The manifest's sources by table.
fn sources(country: &Country) -> Vec<Value> {
    country.json("portal/latest/open/manifest.json")["sources"].as_array().unwrap().clone()
}

/// Raw tables for which an older extract stands in.
pub(crate) fn stale(country: &Country) -> BTreeSet<String> {
    let stale = sources(country).into_iter().filter(|source| source["state"] == "stale");
    stale.map(|source| source["table"].as_str().unwrap().to_owned()).collect()
}

/// The drop folder's files and the raw tables they fill, from the example that every installation has.
pub(crate) fn extracts(country: &Country) -> Vec<(String, String)> {
    let listed = country.ok(&["sources"]);
    let tables: Vec<String> = listed.lines().skip(1).filter_map(|line| line.split_whitespace().nth(2).map(str::to_owned)).collect();
    let truth = fs::read_dir(country.path("extracts")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found = Vec::new();
    for file in truth.filter(|file| file.ends_with(".csv")) {
        let table = match file.as_str() {
            "JAR_IREGISTRUOTI.csv" => "raw_jar__iregistruoti".to_owned(),
            "JAR_ISREGISTRUOTI.csv" => "raw_jar__isregistruoti".to_owned(),
            "JAR_TEI_FORM_KLASIFIKATORIUS.csv" => "raw_jar__formos".to_owned(),
            "JAR_TEI_STATUSU_KLASIFIKATORIUS.csv" => "raw_jar__statusai".to_owned(),
            other => format!("raw_{}", other.trim_end_matches(".v1.csv").replacen('_', "__", 1)),
        };
        assert!(tables.contains(&table), "{table} is not among {tables:?}");
        found.push((file, table));
    }
    assert_eq!(found.len(), tables.len());
    found.sort();
    found
}

#[test]
fn every_source_with_every_fault_goes_stale_and_the_others_carry_on() {
    let country = Country::generate(30, &home());
    country.ok(&["run"]);
    let all = extracts(&country);
    let good: Vec<Vec<u8>> = all.iter().map(|(file, _)| fs::read(country.path("extracts").join(file)).unwrap()).collect();
    let data = |country: &Country| -> Vec<(String, Vec<u8>)> {
        let root = country.path("portal/latest/public/data").canonicalize().unwrap();
        let kept = files(&root).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "csv"));
        let named = kept.map(|path| (path.strip_prefix(&root).unwrap().display().to_string(), path));
        // The table of sources is about the sources; it must change.
        named.filter(|(name, _)| !name.contains("saltini")).map(|(name, path)| (name, fs::read(path).unwrap())).collect()
    };
    let before = data(&country);
    for (rule, fault) in FAULTS {
        for half in 0..2 {
            let mut hit = BTreeSet::new();
            for (place, (file, table)) in all.iter().enumerate() {
                let path = country.path("extracts").join(file);
                fs::write(&path, &good[place]).unwrap();
                // The file that comes without its heading line cannot have another one.
                if place % 2 == half && (*rule != "changed_headings" || file != "JAR_ISREGISTRUOTI.csv") {
                    fault(&path);
                    hit.insert(table.clone());
                }
            }
            country.ok(&["run"]);
            country.ok(&["verify"]);
            assert_eq!(stale(&country), hit, "{rule}");
            for line in country.status()["sources"].as_array().unwrap() {
                let expected = if hit.contains(line["table"].as_str().unwrap()) { Value::from(*rule) } else { Value::Null };
                assert_eq!(line["reason"], expected, "{}", line["table"]);
            }
            assert!(data(&country) == before, "{rule}: the last good extracts give the same data");
        }
    }
    let page = fs::read_to_string(country.path("portal/latest/public/index.html")).unwrap();
    assert!(page.contains("Ankstesnės laidos duomenys"), "readers are told");
    for (place, (file, _)) in all.iter().enumerate() {
        fs::write(country.path("extracts").join(file), &good[place]).unwrap();
    }
    country.ok(&["run"]);
    assert!(stale(&country).is_empty(), "what is good again is fresh again");
}

fn reason(country: &Country, table: &str) -> Value {
    country.status()["sources"].as_array().unwrap().iter().find(|line| line["table"] == table).unwrap()["reason"].clone()
}

#[test]
fn a_shrunken_extract_is_refused_until_an_operator_lets_exactly_that_one_through() {
    let country = Country::generate(31, &home());
    country.ok(&["run"]);
    let rows = |country: &Country| country.table("public", "reklama").len();
    let before = rows(&country);
    country.rewrite("vrk_reklama.v1.csv", |row, line| (row % 2 == 0).then(|| line.to_owned()));
    country.ok(&["run"]);
    assert_eq!((reason(&country, "raw_vrk__reklama"), rows(&country)), (Value::from("fewer_rows"), before));
    let said = country.ok(&["sources"]);
    let hash = said.split("--extract ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    // The hash is another one each time: whatever its last digit is, this one's is not.
    let wrong = format!("{}{}", &hash[..63], if hash.ends_with('0') { '1' } else { '0' });
    for (source, extract) in [("vrk", wrong.as_str()), ("lis", hash.as_str()), ("nera", hash.as_str())] {
        country.refused(&["accept", source, "--extract", extract, "--why", "taip", "--who", "bandytoja"]);
    }
    assert!(country.refused(&["accept", "vrk", "--extract", &hash, "--why", " ", "--who", "bandytoja"]).contains("--why"));
    country.ok(&["accept", "vrk", "--extract", &hash, "--why", "archived by the register", "--who", "bandytoja"]);
    let shrunken = fs::read(country.path("extracts/vrk_reklama.v1.csv")).unwrap();
    country.rewrite("vrk_reklama.v1.csv", |row, line| (row % 3 != 1).then(|| line.to_owned()));
    country.ok(&["run"]);
    assert_eq!(reason(&country, "raw_vrk__reklama"), "fewer_rows", "another shrunken extract is refused all the same");
    fs::write(country.path("extracts/vrk_reklama.v1.csv"), shrunken).unwrap();
    country.ok(&["run"]);
    assert_eq!(reason(&country, "raw_vrk__reklama"), Value::Null);
    assert!(rows(&country) < before);
    let ledger = fs::read_to_string(country.path("state/acceptances.jsonl")).unwrap();
    assert!(ledger.contains("bandytoja") && ledger.contains("archived by the register"));
}

#[test]
fn drift_of_rows_columns_keys_and_dates_is_refused() {
    let country = Country::generate(32, &home());
    country.ok(&["run"]);
    let cases: [(&str, &str, &str, Change); 4] = [
        ("jar_kontaktai.v1.csv", "raw_jar__kontaktai", "emptier_column", |row, line| {
            let mut cells: Vec<&str> = line.split('|').collect();
            cells[1] = if row == 0 { cells[1] } else { "" };
            Some(cells.join("|"))
        }),
        ("vrk_reklama.v1.csv", "raw_vrk__reklama", "lost_keys", |row, line| {
            Some(if row == 0 { line.to_owned() } else { format!("9{line}") })
        }),
        ("jadis_dalyviai.v1.csv", "raw_jadis__dalyviai", "older_events", |_, line| {
            let mut cells: Vec<String> = line.split('|').map(str::to_owned).collect();
            let from = cells.len() - 2;
            if cells[from].starts_with("20") {
                cells[from] = format!("1999{}", &cells[from][4..]);
            }
            Some(cells.join("|"))
        }),
        // A small extract may lose rows, but not all of them to the quarantine.
        ("JAR_TEI_STATUSU_KLASIFIKATORIUS.csv", "raw_jar__statusai", "fewer_rows", |row, line| {
            Some(if row == 0 { line.to_owned() } else { line.trim_start_matches(|letter| letter != '|').to_owned() })
        }),
    ];
    for (file, table, rule, change) in cases {
        let good = fs::read(country.path("extracts").join(file)).unwrap();
        country.rewrite(file, change);
        country.ok(&["run"]);
        assert_eq!(reason(&country, table), rule, "{file}");
        fs::write(country.path("extracts").join(file), good).unwrap();
    }
}

/// Writes `day` into a column of the first good row in which nothing has ended.
fn misdate(country: &Country, bad: &BTreeSet<usize>, file: &str, column: &str, day: &str) {
    let (headings, rows) = crate::country::extract(&country.path("extracts").join(file));
    let place = |name: &str| headings.iter().position(|heading| heading == name);
    let (until, place) = (place("iki"), place(column).unwrap());
    let is_good = |(number, row): &(usize, &Vec<String>)| {
        !bad.contains(&(number + 2)) && !row[place].is_empty() && until.is_none_or(|until| row[until].is_empty())
    };
    let (row, _) = rows.iter().enumerate().find(is_good).unwrap();
    country.rewrite(file, |number, line| {
        let mut cells: Vec<&str> = line.split('|').collect();
        if number == row + 1 {
            cells[place] = day;
        }
        Some(cells.join("|"))
    });
}

#[test]
fn one_day_that_lies_ahead_decides_nothing_and_its_correction_gets_in() {
    let dates = [
        ("jar_kontaktai.v1.csv", "raw_jar__kontaktai", "formavimo_data", "extract_date_ahead"),
        ("JAR_IREGISTRUOTI.csv", "raw_jar__iregistruoti", "formavimo_data", "extract_date_ahead"),
        ("jar_valdymas.v1.csv", "raw_jar__valdymas", "nuo", "event_ahead"),
        ("jadis_dalyviai.v1.csv", "raw_jadis__dalyviai", "nuo", "event_ahead"),
        ("gypas_parama.v1.csv", "raw_gypas__parama", "data", "ahead"),
        ("imis_parama.v1.csv", "raw_imis__parama", "data", "ahead"),
        ("lis_licencijos.v1.csv", "raw_lis__licencijos", "isdavimo_data", "ahead"),
    ];
    let sound = Country::generate(42, &home());
    sound.ok(&["run"]);
    let bad = |table: &str| -> BTreeSet<usize> {
        let Ok(mut file) = csv::Reader::from_path(sound.path(&format!("state/quarantine/{table}.csv"))) else { return BTreeSet::new() };
        file.records().map(|row| row.unwrap()[2].parse().unwrap()).collect()
    };
    for day in ["2206-10-31", "9999-12-31"] {
        let country = Country::generate(42, &home());
        let good: Vec<_> = dates.map(|(file, ..)| fs::read(country.path("extracts").join(file)).unwrap()).into();
        for (file, table, column, _) in dates {
            misdate(&country, &bad(table), file, column, day);
        }
        country.ok(&["run"]);
        let latest = || fs::read_link(country.path("portal/latest")).unwrap().display().to_string();
        assert!(latest().ends_with("-2026-10-31"), "{}", latest());
        let page = fs::read_to_string(country.path("portal/latest/public/index.html")).unwrap();
        assert!(page.contains("2026-10-31") && !page.contains(day));
        let said = country.ok(&["sources"]);
        for (_, table, _, rule) in dates {
            assert!(said.lines().any(|line| line.contains(table) && line.contains(&format!("(rule {rule})"))), "{table} {rule}: {said}");
        }
        for ((file, ..), bytes) in dates.iter().zip(&good) {
            fs::write(country.path("extracts").join(file), bytes).unwrap();
        }
        country.ok(&["run"]);
        assert_eq!(country.trouble(), [], "what has been put right is taken without anybody's word");
        assert!(!country.ok(&["sources"]).contains("lies ahead"));
        assert!(latest().ends_with("-2026-10-31"));
    }
}

#[test]
fn a_release_of_a_day_that_was_none_gives_way_to_one_of_the_right_day() {
    let country = Country::generate(43, &home());
    country.ok(&["run"]);
    let index = country.path("state/kept/index.json");
    let latest = || fs::read_link(country.path("portal/latest")).unwrap().display().to_string();
    let first = latest();
    assert!(country.ok(&["run"]).contains("nothing changed"));
    // As a version that believed any day would have left it.
    let text = fs::read_to_string(&index).unwrap();
    assert!(text.contains("\"as_of\": \"2026-10-31\""), "{text}");
    fs::write(&index, text.replace("2026-10-31", "2206-10-31")).unwrap();
    country.ok(&["run"]);
    assert!(latest() != first && latest().ends_with("-2026-10-31"), "{}", latest());
    assert_eq!(country.trouble(), []);
}

#[test]
fn a_night_with_nothing_new_makes_no_release_unless_asked() {
    let country = Country::generate(33, &home());
    country.ok(&["run"]);
    assert!(country.ok(&["run"]).contains("nothing changed"));
    assert!(country.ok(&["run", "--full"]).contains("published"));
    // The register made its files anew, with nothing in them but the day changed.
    country.rewrite("JAR_ISREGISTRUOTI.csv", |_, line| Some(line.replace("2026-10-31", "2026-11-01")));
    assert!(country.ok(&["run"]).contains("nothing changed"));
    let line =
        country.status()["sources"].as_array().unwrap().iter().find(|line| line["table"] == "raw_jar__isregistruoti").unwrap().clone();
    assert_eq!((&line["result"], &line["extract_date"]), (&Value::from("unchanged"), &Value::from("2026-11-01")));
    assert!(country.ok(&["status"]).contains("unchanged"));
}

#[test]
fn what_is_kept_between_nights_is_closed_and_has_no_code_of_a_register() {
    use std::os::unix::fs::PermissionsExt;
    let country = Country::generate(34, &home());
    country.ok(&["run"]);
    let kept = country.path("state/kept");
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o700);
    for file in files(&kept) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

/// A VIRS that is new on a night on which JAR is down gets its name when JAR is back, although JAR's file is the old one.
#[test]
fn what_was_narrowed_to_an_older_question_is_read_again() {
    let country = Country::generate(39, &home());
    country.ok(&["run"]);
    let jar = "JAR_IREGISTRUOTI.csv";
    let kept = fs::read(country.path("extracts").join(jar)).unwrap();
    let others: Vec<String> = files(&country.path("extracts"))
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv") && !path.ends_with(jar))
        .map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())
        .collect();
    let (_, rows) = crate::country::extract(&country.path("extracts").join(jar));
    let is_new = |code: &&String| catalog::codes::is_legal_entity_code(code) && !others.iter().any(|text| text.contains(code.as_str()));
    let new = rows.iter().map(|row| &row[0]).find(is_new).unwrap();
    fs::remove_file(country.path("extracts").join(jar)).unwrap();
    let virs = country.path("extracts/formos_virs.v1.csv");
    let (headings, _) = crate::country::extract(&virs);
    let row: Vec<&str> = headings
        .iter()
        .map(|heading| match heading.as_str() {
            "ja_kodas" => new.as_str(),
            "virs_nuo" => "2020-01-01",
            "virs_saltinis" => "registracija",
            _ => "",
        })
        .collect();
    let text = fs::read_to_string(&virs).unwrap();
    fs::write(&virs, format!("{text}{}\n", row.join("|"))).unwrap();
    let name = |country: &Country| {
        let table = country.table("public", "virs");
        table.iter().find(|row| row["ja_kodas"] == new.as_str()).unwrap()["pavadinimas"].as_str().unwrap().to_owned()
    };
    country.ok(&["run"]);
    assert_eq!((name(&country).as_str(), country.trouble().len()), ("(JAR nerastas)", 1));
    fs::write(country.path("extracts").join(jar), kept).unwrap();
    country.ok(&["run"]);
    assert_ne!(name(&country), "(JAR nerastas)");
}

/// Other definitions clean the same extract otherwise: it is read again.
#[test]
fn an_unchanged_extract_is_cleaned_anew_when_its_definitions_change() {
    let changed = tempfile::tempdir().unwrap();
    crate::country::copy_of_home(changed.path());
    let terms = changed.path().join("data/classifiers/valdymo_organai.csv");
    let all = fs::read_to_string(&terms).unwrap();
    let fewer: String = all.split_inclusive('\n').take(all.lines().count() - 1).collect();
    fs::write(&terms, fewer).unwrap();
    let country = Country::generate(40, changed.path());
    let rows = |country: &Country| country.table("public", "valdymas").len();
    country.ok(&["run"]);
    let before = rows(&country);
    fs::write(&terms, all).unwrap();
    country.ok(&["run"]);
    assert!(rows(&country) > before, "rows that an older classifier refused are good now");
}

/// With another key every person has another id: what was kept under the old one must not stand in.
#[test]
fn what_was_kept_under_another_key_does_not_stand_in() {
    let country = Country::generate(41, &home());
    country.ok(&["run"]);
    fs::remove_file(country.path("secrets/person.key")).unwrap();
    country.ok(&["key"]);
    let jadis = country.path("extracts/jadis_dalyviai.v1.csv");
    let rows = fs::read(&jadis).unwrap();
    fs::remove_file(&jadis).unwrap();
    assert!(country.refused(&["run"]).contains("source jadis"));
    fs::write(&jadis, rows).unwrap();
    assert!(country.ok(&["run"]).contains("published"));
}

//! Nights with files that are not as their format says: what is published is what was written, or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::Value;

use crate::country::{Country, home};

const JAR: &str = "JAR_IREGISTRUOTI.csv";
const LIBIS: &str = "libis_numeriai.v1.csv";

fn rows_by(country: &Country, table: &str, key: &str) -> BTreeMap<String, Value> {
    country.table("public", table).into_iter().map(|row| (row[key].as_str().unwrap().to_owned(), row)).collect()
}

/// Rows of a raw table that were set aside, by row number.
fn aside(country: &Country, table: &str) -> BTreeMap<u64, String> {
    let Ok(mut reader) = csv::Reader::from_path(country.path(&format!("state/quarantine/{table}.csv"))) else { return BTreeMap::new() };
    reader.records().map(|row| row.unwrap()).map(|row| (row[2].parse().unwrap(), row[4].to_owned())).collect()
}

#[test]
fn a_lost_quotation_mark_gives_no_company_the_name_or_address_of_another() {
    let whole = Country::generate(41, &home());
    whole.ok(&["run"]);
    let (before, aside_before) = (rows_by(&whole, "virs", "ja_kodas"), aside(&whole, "raw_jar__iregistruoti"));
    let country = Country::generate(41, &home());
    let path = country.path("extracts").join(JAR);
    // One of its bad rows has a byte that is no letter.
    let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
    let of_virs = |line: &&str| before.contains_key(line.split('|').next().unwrap());
    let names: Vec<&str> = text.lines().filter(of_virs).filter(|line| line.contains("|\"")).collect();
    // One name loses its closing mark, one its opening one, and one has a mark too many.
    let damaged = [names[1].replacen("\"|", "|", 1), names[4].replacen("|\"", "|", 1), names[7].replacen("|\"", "|\"x\"", 1)];
    let mut changed = text.clone();
    for (name, damaged) in [names[1], names[4], names[7]].iter().zip(&damaged) {
        changed = changed.replacen(name, damaged, 1);
    }
    fs::write(&path, changed).unwrap();
    country.ok(&["run"]);
    for (code, row) in rows_by(&country, "virs", "ja_kodas") {
        assert!(row["pavadinimas"] == before[&code]["pavadinimas"] || row["pavadinimas"].as_str().unwrap().contains("nerastas"), "{code}");
        assert!(row["adresas"] == before[&code]["adresas"] || row["adresas"].is_null(), "{code}");
    }
    let aside: BTreeMap<u64, String> =
        aside(&country, "raw_jar__iregistruoti").into_iter().filter(|row| aside_before.get(&row.0) != Some(&row.1)).collect();
    for (number, line) in (1..).zip(text.lines()) {
        if [names[1], names[4], names[7]].contains(&line) {
            assert_eq!(aside.get(&number).map(String::as_str), Some("quotes"), "row {number}");
        }
    }
    assert!((3..=12).contains(&aside.len()) && aside.values().all(|rule| rule == "quotes"), "{aside:?}");
}

#[test]
fn titles_keep_their_letters_in_whatever_encoding_the_file_is_saved_again() {
    let country = Country::generate(42, &home());
    country.ok(&["run"]);
    let path = country.path("extracts").join(LIBIS);
    let baltic = fs::read(&path).unwrap();
    let titles = || {
        rows_by(&country, "numeris", "numeris")
            .into_iter()
            .map(|(number, row)| (number, row["leidinys"].clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let before = titles();
    assert!(before.values().any(|title| title.as_str().is_some_and(|title| !title.is_ascii())));
    // Letters of the code page that this file has, by the bytes they take there.
    let letter = |byte: &u8| match byte {
        0..0x80 => char::from(*byte),
        _ => BALTIC.iter().find(|(known, _)| known == byte).map(|(_, letter)| *letter).unwrap_or_else(|| panic!("{byte:x}")),
    };
    let text: String = baltic.iter().map(letter).collect();
    for mark in ["", "\u{feff}"] {
        fs::write(&path, format!("{mark}{text}")).unwrap();
        country.ok(&["run", "--full"]);
        assert_eq!(titles(), before, "mark {mark:?}");
    }
    fs::write(&path, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap();
    country.ok(&["run", "--full"]);
    assert_eq!((titles(), country.trouble()), (before, vec![("raw_libis__numeriai".to_owned(), "wrong_form".to_owned())]));
}

const BALTIC: &[(u8, char)] = &[
    (0x84, '„'),
    (0x93, '“'),
    (0x96, '–'),
    (0xc0, 'Ą'),
    (0xc1, 'Į'),
    (0xc6, 'Ę'),
    (0xc8, 'Č'),
    (0xcb, 'Ė'),
    (0xd0, 'Š'),
    (0xd8, 'Ų'),
    (0xdb, 'Ū'),
    (0xde, 'Ž'),
    (0xe0, 'ą'),
    (0xe1, 'į'),
    (0xe6, 'ę'),
    (0xe8, 'č'),
    (0xeb, 'ė'),
    (0xf0, 'š'),
    (0xf8, 'ų'),
    (0xfb, 'ū'),
    (0xfe, 'ž'),
];

#[test]
fn what_is_no_file_in_the_drop_folder_holds_up_no_night() {
    let country = Country::generate(43, &home());
    country.ok(&["run"]);
    let path = country.path("extracts/gr_asmenys.v1.csv");
    let made: [&dyn Fn(&Path); 2] =
        [&|path| mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap(), &|path| symlink("/dev/zero", path).unwrap()];
    for make in made {
        fs::remove_file(&path).unwrap();
        make(&path);
        let began = Instant::now();
        country.ok(&["run"]);
        assert!(began.elapsed() < Duration::from_secs(60));
        assert_eq!(country.trouble(), [("raw_gr__asmenys".to_owned(), "not_a_file".to_owned())]);
    }
    fs::set_permissions(country.path("extracts"), fs::Permissions::from_mode(0o777)).unwrap();
    let said = String::from_utf8(country.run(&["doctor"]).stdout).unwrap();
    assert!(said.lines().any(|line| line.starts_with("WRONG  access to the drop folder") && line.contains("chmod go-w")), "{said}");
}

//! Codes and birth dates of many spellings, planted in every column of every source, as the definitions list them: each such row is set aside, and
//! nothing that was planted stands in any byte that is published, logged or kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use aho_corasick::AhoCorasick;
use catalog::codes::personal_check_digit;
use catalog::{Catalog, Kind, Personal, Table};
use connectors::{CONNECTORS, Encoding, Extract};

use crate::country::{Country, files, home};
use crate::privacy::searchable;

/// Rows that get something planted in each column.
const EACH: usize = 3;

/// Stands for all columns of a table.
const ANY: &str = "*";

/// A code of nobody: the serial number tells where it was planted.
pub(crate) fn code(serial: usize) -> String {
    let body = format!("38501{:02}{:03}", 1 + serial / 1000, serial % 1000);
    let digits: Vec<u32> = body.chars().filter_map(|digit| digit.to_digit(10)).collect();
    format!("{body}{}", personal_check_digit(&digits.try_into().unwrap()))
}

/// One spelling after another; those with an ASCII letter only where a file has no others.
pub(crate) fn spelling(code: &str, number: usize, ascii: bool) -> String {
    let other = |zero: u32| code.chars().filter_map(|digit| char::from_u32(zero + digit.to_digit(10)?)).collect::<String>();
    let last = code.chars().last().and_then(|digit| digit.to_digit(10)).unwrap();
    let plain = [
        code.to_owned(),
        format!("{} {} {}", &code[..3], &code[3..7], &code[7..]),
        format!("{}-{}", &code[..7], &code[7..]),
        format!("ak{code}"),
        format!("{code}LT"),
        format!("{}.{}.{}", &code[..1], &code[1..7], &code[7..]),
        format!("x_{code}"),
        format!("1{code}"),
        format!("{}{}", &code[..10], (last + 1) % 10),
        format!("{}, {}", &code[..5], &code[5..]),
        format!("{}_{}", &code[..4], &code[4..]),
        code.chars().map(|digit| format!("{digit} ")).collect::<String>().trim_end().to_owned(),
    ];
    let wide = [
        other(0xff10),
        other(0x660),
        other(0x1d7ce),
        format!("{}\u{a0}{}", &code[..7], &code[7..]),
        format!("{}\u{ad}{}", &code[..7], &code[7..]),
        format!("{}\u{200b}{}", &code[..7], &code[7..]),
        format!("{}\u{2009}{}", &code[..3], &code[3..]),
        format!("Ž{code}ė"),
    ];
    let all = plain.len() + if ascii { 0 } else { wide.len() };
    plain.iter().chain(&wide).nth(number % all).unwrap().clone()
}

/// What was planted: in which column of which table how many rows, in all columns how many, and every text.
#[derive(Default)]
struct Planted {
    rows: BTreeMap<(String, String), usize>,
    count: usize,
    texts: BTreeSet<String>,
}

/// The generator's own row with a byte that no text has is set aside for that.
pub(crate) fn is_damaged(line: &[u8]) -> bool {
    String::from_utf8_lossy(line).contains("Netinkamas baitas")
}

/// Plants codes in copies of good rows about VIRS, which would be published, or of any where there are none.
fn plant(country: &Country, extract: &Extract, table: &Table, virs: &BTreeSet<String>, planted: &mut Planted) {
    let path = country.path("extracts").join(extract.file);
    let mut bytes = fs::read(&path).unwrap();
    let rows: Vec<Vec<Vec<u8>>> = bytes
        .split(|byte| *byte == b'\n')
        .skip(1)
        .filter(|line| !line.contains(&b'"') && !is_damaged(line))
        .map(|line| line.split(|byte| *byte == b'|').map(<[u8]>::to_vec).collect())
        .collect();
    let headings = extract.headings(table);
    let of_virs = |row: &&Vec<Vec<u8>>| row.iter().any(|cell| virs.contains(&*String::from_utf8_lossy(cell)));
    let whole: Vec<&Vec<Vec<u8>>> = rows.iter().filter(|row| row.len() == headings.len()).collect();
    let about: Vec<&Vec<Vec<u8>>> = whole.iter().copied().filter(of_virs).collect();
    let rows = if about.is_empty() { whole } else { about };
    let born = headings.iter().position(|(_, column)| column.as_deref() == Some("gimimo_data"));
    for (place, column) in headings.iter().enumerate().filter_map(|(place, (_, column))| Some((place, column.as_ref()?))) {
        let definition = &table.column(column).unwrap().column;
        for _ in 0..EACH {
            let serial = planted.count;
            let code = code(serial);
            let text = match definition.kind {
                Kind::Text if definition.personal != Personal::Code => spelling(&code, serial, extract.encoding != Encoding::Utf8),
                // What is right there cannot be wrong.
                Kind::Text => format!("{} {}", &code[..7], &code[7..]),
                _ => code,
            };
            let mut row = rows[serial % rows.len()].clone();
            row[place] = text.clone().into_bytes();
            // What is no date is set aside for that, or for what else is wrong in the row.
            let seen = !matches!(definition.kind, Kind::Date | Kind::Boolean) && definition.personal != Personal::Code;
            add(&mut bytes, &row, &text, (&table.name, seen.then_some(column)), planted);
        }
        // In a row of somebody who is known by birth date.
        let free = definition.is_free_text() && definition.check.is_none();
        if let Some((born, row)) = born.filter(|_| free).and_then(|born| Some((born, rows.iter().find(|row| !row[born].is_empty())?))) {
            for date in ["1907-05-{:02}", "1907 m. geguzes {} d.", "{:02}.05.1907", "190705{:02}"] {
                let day = 1 + planted.count % 28;
                let mut row = (*row).clone();
                row[born] = format!("1907-05-{day:02}").into_bytes();
                let text = format!("Atvykes {}", date.replace("{:02}", &format!("{day:02}")).replace("{}", &day.to_string()));
                row[place] = text.clone().into_bytes();
                add(&mut bytes, &row, &text, (&table.name, Some(column)), planted);
            }
        }
    }
    fs::write(path, bytes).unwrap();
}

fn add(bytes: &mut Vec<u8>, row: &[Vec<u8>], text: &str, (table, column): (&str, Option<&String>), planted: &mut Planted) {
    bytes.extend(row.join(&b'|'));
    bytes.push(b'\n');
    planted.count += 1;
    planted.texts.insert(text.to_owned());
    for column in column.map(String::as_str).into_iter().chain([ANY]) {
        *planted.rows.entry((table.to_owned(), column.to_owned())).or_default() += 1;
    }
}

#[test]
fn whatever_is_planted_in_any_column_is_set_aside_and_stands_nowhere_else() {
    let country = Country::generate(91, &home());
    let catalog = Catalog::load(&home()).unwrap();
    let virs: BTreeSet<String> = fs::read_to_string(country.path("extracts/formos_virs.v1.csv"))
        .unwrap()
        .lines()
        .skip(1)
        .filter_map(|line| Some(line.split('|').next()?.to_owned()))
        .collect();
    let mut planted = Planted::default();
    for extract in
        CONNECTORS.iter().flat_map(|connector| connector.extracts).filter(|extract| country.path("extracts").join(extract.file).exists())
    {
        plant(&country, extract, catalog.table(extract.table).unwrap(), &virs, &mut planted);
    }
    assert!(planted.rows.len() > 120 && planted.texts.len() > 450, "{} columns, {} texts", planted.rows.len(), planted.texts.len());
    // Names of files, too.
    fs::write(country.path("extracts").join(format!("{}.pdf", code(9000))), "").unwrap();
    planted.texts.insert(code(9000));
    country.take_however_many_bad_rows();
    let night = country.run(&["run"]);
    assert!(night.status.success(), "{:?}", String::from_utf8_lossy(&night.stderr).lines().last());

    let mut aside: BTreeMap<(String, String), usize> = BTreeMap::new();
    for path in files(&country.path("state/quarantine")) {
        let table = path.file_stem().unwrap().to_string_lossy().into_owned();
        for row in csv::Reader::from_path(&path).unwrap().records().map(Result::unwrap) {
            for column in [&row[3], ANY] {
                *aside.entry((table.clone(), column.to_owned())).or_default() += 1;
            }
        }
    }
    for (place, rows) in &planted.rows {
        assert!(
            aside.get(place).is_some_and(|found| found >= rows),
            "{}.{}: {:?} of {rows} rows are set aside",
            place.0,
            place.1,
            aside.get(place)
        );
    }

    let said = ["status", "sources", "doctor"].map(|command| country.run(&[command]));
    let logs: Vec<u8> = said.iter().chain([&night]).flat_map(|output| [&output.stdout[..], &output.stderr[..]].concat()).collect();
    assert!(night.stderr.len() > 1000, "the run logged at trace level");
    fs::write(country.path("logs"), logs).unwrap();
    let search = AhoCorasick::new(&planted.texts).unwrap();
    let extracts = country.path("extracts");
    let found: Vec<String> = files(&country.path("."))
        .into_iter()
        .filter(|path| !path.starts_with(&extracts) && !path.is_symlink())
        .filter(|path| search.is_match(&searchable(path)) || search.is_match(&path.display().to_string()))
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

//! Reads an extract as a pipeline would, by the rules of the catalog: the first rule that a row breaks names it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use catalog::{Catalog, Check, Kind, Table, unscaled};
use chrono::NaiveDate;
use encoding_rs::{UTF_8, WINDOWS_1257};

/// A good row: values by the catalog's column names.
pub(crate) type Row = BTreeMap<String, String>;

/// What a file holds.
pub(crate) struct Found {
    /// Rows that break no rule.
    pub(crate) good: Vec<Row>,
    /// How many rows break which rule first.
    pub(crate) bad: BTreeMap<String, usize>,
}

/// The project's own definitions.
pub(crate) fn catalog() -> Catalog {
    Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

/// Reads `path` as the extract of `table`.
pub(crate) fn read(catalog: &Catalog, table: &str, path: &Path) -> Found {
    let table = catalog.table(table).unwrap();
    let bytes = fs::read(path).unwrap();
    let file = path.file_name().unwrap().to_str().unwrap();
    let end: &[u8] = if file.starts_with("imis") { b"\r\n" } else { b"\n" };
    assert!(bytes.ends_with(end), "{file} must end in a line end");
    assert_eq!(bytes.contains(&b'\r'), file.starts_with("imis"), "{file}");
    assert_eq!(bytes.starts_with("\u{FEFF}".as_bytes()), file == "JAR_IREGISTRUOTI.csv", "{file}");
    let (encoding, bytes) = if file.starts_with("libis") {
        (WINDOWS_1257, bytes.as_slice())
    } else {
        (UTF_8, bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&bytes))
    };
    let mut lines = csv::ReaderBuilder::new().delimiter(b'|').has_headers(false).flexible(true).from_reader(bytes);
    let mut records = lines.byte_records().map(Result::unwrap);
    let headings: Vec<String> = if file == "JAR_ISREGISTRUOTI.csv" {
        ["ja_kodas", "ja_pavadinimas", "adresas", "ja_reg_data", "form_kodas", "form_pavadinimas", "isreg_data", "formavimo_data"]
            .map(str::to_owned)
            .to_vec()
    } else {
        records.next().unwrap().iter().map(|field| String::from_utf8(field.to_vec()).unwrap()).collect()
    };
    let columns: Vec<Option<&str>> = headings.iter().map(|heading| column(file, heading)).collect();
    if file.contains(".v1.") && !file.starts_with("vrk") {
        let names: Vec<_> = table.received().map(|column| column.column.name.as_str()).collect();
        assert_eq!(headings, names, "{file}");
    }
    for used in table.received() {
        assert!(columns.contains(&Some(used.column.name.as_str())), "{file} lacks {}", used.column.name);
    }
    let mut found = Found { good: Vec::new(), bad: BTreeMap::new() };
    let mut keys = BTreeSet::new();
    for record in records {
        let row = if record.len() == columns.len() {
            decode(&record, &columns, encoding)
                .ok_or("encoding")
                .and_then(|row| broken_rule(catalog, table, &row, &mut keys).map_or(Ok(row), Err))
        } else {
            Err("columns")
        };
        match row {
            Ok(row) => found.good.push(row),
            Err(rule) => *found.bad.entry(rule.to_owned()).or_default() += 1,
        }
    }
    found
}

/// The catalog's name of a heading; `None` for what no table takes.
fn column<'a>(file: &str, heading: &'a str) -> Option<&'a str> {
    let lower_case = heading.strip_prefix("STAT_").map(|_| "statusas");
    let own = match heading {
        _ if lower_case.is_some() => return lower_case,
        "ja_pavadinimas" => "pavadinimas",
        "ja_reg_data" => "reg_data",
        "form_kodas" => "forma",
        "stat_kodas" => "statusas",
        "form_pavadinimas" if file.contains("FORM_KLAS") => "forma_pavadinimas",
        "stat_pavadinimas" if file.contains("STATUSU_KLAS") => "statusas_pavadinimas",
        "form_pavadinimas" | "stat_pavadinimas" => return None,
        "stat_data_nuo" => "statusas_nuo",
        "reklamos_id" => "reklamos_nr",
        "p_kamp_rusis" => "kampanija",
        "dal_tipo_kodas" => "kampanijos_dalyvis",
        "p_kamp_dal_vardas" => "vardas",
        "p_kamp_dal_pavarde" => "pavarde",
        "p_kamp_dal_asmens_kodas" => "asmens_kodas",
        "p_kamp_dal_gimimo_data" => "gimimo_data",
        "p_kamp_dal_valstybe" => "valstybe",
        "p_kamp_dal_kodas" => "dal_kodas",
        "p_kamp_dal_pavad" => "dal_pavadinimas",
        "grupes_pavad" => "grupe",
        "virs_ja_kodas" => "ja_kodas",
        "reklamos_data_nuo" => "reklamos_nuo",
        "reklamos_data_iki" => "reklamos_iki",
        "reklamos_kaina" => "kaina",
        other => other,
    };
    Some(own)
}

fn decode(record: &csv::ByteRecord, columns: &[Option<&str>], encoding: &'static encoding_rs::Encoding) -> Option<Row> {
    let mut row = Row::new();
    for (column, field) in columns.iter().zip(record) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(field)?;
        if let Some(column) = column {
            row.insert((*column).to_owned(), text.into_owned());
        }
    }
    Some(row)
}

fn broken_rule(catalog: &Catalog, table: &Table, row: &Row, keys: &mut BTreeSet<Vec<String>>) -> Option<&'static str> {
    for used in table.received() {
        let value = row[&used.column.name].as_str();
        if value.is_empty() {
            if used.required {
                return Some("required");
            }
            continue;
        }
        let wrong_type = match used.column.kind {
            Kind::Integer => value.parse::<i64>().is_err().then_some("integer"),
            Kind::Money => unscaled(value, 2).is_none().then_some("money"),
            Kind::Date => NaiveDate::parse_from_str(value, "%Y-%m-%d").is_err().then_some("date"),
            Kind::Boolean => (!matches!(value, "0" | "1")).then_some("boolean"),
            _ => None,
        };
        let wrong_value = || {
            let check = used.column.check.as_ref()?;
            let meets = match check {
                Check::Classifier(name) => catalog.classifier(name).unwrap().contains(value),
                other => other.accepts(value),
            };
            (!meets).then_some(check.rule())
        };
        if let Some(rule) = wrong_type.or_else(wrong_value) {
            return Some(rule);
        }
    }
    if table.require_one.iter().any(|group| group.iter().all(|column| row[column].is_empty())) {
        return Some("require_one");
    }
    if table.order.iter().any(|(first, second)| !row[first].is_empty() && !row[second].is_empty() && row[first] > row[second]) {
        return Some("order");
    }
    let key: Vec<_> = table.key.iter().map(|column| row[column].clone()).collect();
    (!key.is_empty() && !keys.insert(key)).then_some("key")
}

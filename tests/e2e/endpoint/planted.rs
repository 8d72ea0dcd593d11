//! Codes of many spellings, planted in every column of every form: no form takes them; and of submissions that an older program had let in, such rows
//! are set aside and told, and nothing that was planted stands in any byte that is published, logged, mailed or kept outside of the store.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use aho_corasick::AhoCorasick;
use catalog::{Catalog, Kind, Personal};
use connectors::{CONNECTORS, Extract};
use forms::entry::Record;
use forms::feed::Section;
use forms::{Feed, Role};

use super::ministry::Ministry;
use super::peer::entity_code;
use crate::country::{Country, files, home};
use crate::planted::{code, is_damaged, spelling};
use crate::privacy::searchable;

/// Rows that get something planted in each column.
const EACH: usize = 3;

/// A good row of the history of a table, as a record.
fn good(country: &Country, catalog: &Catalog, section: &Section) -> Record {
    let table = &section.table;
    let of_table = |extract: &&Extract| extract.table == table.name;
    let extract = CONNECTORS.iter().flat_map(|connector| connector.extracts).find(of_table).unwrap();
    let headings = extract.headings(catalog.table(&table.name).unwrap());
    let bytes = fs::read(country.path("extracts").join(extract.file)).unwrap();
    let lines = bytes.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.contains(&b'"') && !is_damaged(line));
    let rows = lines.map(|line| String::from_utf8_lossy(line).split('|').map(str::to_owned).collect::<Vec<_>>());
    let row = rows.into_iter().find(|row| row.len() == headings.len()).unwrap();
    let cells = headings.iter().zip(row).filter_map(|((_, column), cell)| Some((column.clone()?, cell)));
    cells.filter(|(_, cell)| !cell.is_empty()).collect()
}

/// Whether something may be typed there in which no code belongs.
fn holds_no_code(section: &Section, column: &str) -> bool {
    section.field(column).is_some_and(|field| {
        field.given.is_none()
            && !matches!(field.column.kind, Kind::Date | Kind::Boolean | Kind::Share)
            && !matches!(field.column.personal, Personal::Code | Personal::BirthDate)
    })
}

#[test]
fn whatever_an_older_form_let_in_is_set_aside_and_stands_nowhere_else() {
    let ministry = Ministry::prepare(93);
    let country = &ministry.country;
    let catalog = Catalog::load(&home()).unwrap();
    let virs = ministry.not_in_jadis()[0].clone();
    let mut texts = BTreeSet::new();
    let mut planted: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (feed, place) in Feed::load_all(&home(), &catalog).unwrap().iter().zip(1..) {
        let mut sections = Vec::new();
        for section in &feed.sections {
            let good = good(country, &catalog, section);
            let mut records = Vec::new();
            for field in section.fields.iter().filter(|field| holds_no_code(section, field.name())) {
                for _ in 0..EACH {
                    let code = code(5000 + texts.len());
                    let text = if field.column.kind == Kind::Text { spelling(&code, texts.len(), false) } else { code };
                    let mut record = good.clone();
                    record.insert(field.name().to_owned(), text.clone());
                    records.push(record);
                    texts.insert(text);
                    *planted.entry((section.table.name.clone(), field.name().to_owned())).or_default() += 1;
                }
            }
            sections.push((section.name.clone(), records));
        }
        let sections: Vec<(&str, Vec<Record>)> = sections.iter().map(|(name, records)| (name.as_str(), records.clone())).collect();
        let organisation = if feed.role == Role::Virs { virs.clone() } else { entity_code(600 + place) };
        ministry.hand_in((feed.role, &organisation), &feed.name, &virs, &sections, false);
    }
    assert!(planted.len() > 30 && texts.len() > 90, "{} columns, {} texts", planted.len(), texts.len());
    let night = country.run(&["run"]);
    assert!(night.status.success(), "{:?}", String::from_utf8_lossy(&night.stderr).lines().last());

    let mut aside: BTreeMap<(String, String), usize> = BTreeMap::new();
    for path in files(&country.path("state/quarantine")) {
        let table = path.file_stem().unwrap().to_string_lossy().into_owned();
        for row in csv::Reader::from_path(&path).unwrap().records().map(Result::unwrap).filter(|row| row[1].starts_with("VIRSIS-")) {
            *aside.entry((table.clone(), row[3].to_owned())).or_default() += 1;
        }
    }
    for (place, rows) in &planted {
        assert!(aside.get(place).is_some_and(|found| found >= rows), "{}.{}: {:?} of {rows}", place.0, place.1, aside.get(place));
    }

    let said = [&["status"][..], &["doctor"], &["forms", "list"], &["sources"]].map(|command| country.run(command));
    let logs: Vec<u8> = said.iter().chain([&night]).flat_map(|output| [&output.stdout[..], &output.stderr[..]].concat()).collect();
    fs::write(country.path("logs"), logs).unwrap();
    let letters: Vec<String> = ministry
        .store
        .read(|connection| {
            let told = "SELECT subject || body FROM outbox UNION ALL SELECT action || object || detail FROM audit
                UNION ALL SELECT raw_table || column_name || rule FROM set_aside";
            Ok(connection.prepare(told)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .unwrap();
    assert!(letters.len() > planted.len(), "what was set aside is told");
    fs::write(country.path("letters-and-audit"), letters.join("\n")).unwrap();
    let search = AhoCorasick::new(&texts).unwrap();
    // The extracts hold what the generator made; the store is closed, and holds what was handed in.
    let own = [country.path("extracts"), country.path("forms")];
    let found: Vec<String> = files(&country.path("."))
        .into_iter()
        .filter(|path| !own.iter().any(|own| path.starts_with(own)) && !path.is_symlink())
        .filter(|path| search.is_match(&searchable(path)) || search.is_match(&path.display().to_string()))
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

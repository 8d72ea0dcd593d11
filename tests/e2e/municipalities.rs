//! Who runs the media in a municipality, and what its institutions pay: from the map to its page and on to each VIRS, in numbers that the tables have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::country::Country;
use crate::thing_pages::{cents, read, section, sum, text, tier};

const NOT_STATED: &str = "nenurodyta";

/// Where links that begin with this lead, without the end of a page's name.
fn led_to(part: &str, start: &str) -> BTreeSet<String> {
    let mark = format!("href=\"{start}");
    part.split(mark.as_str()).skip(1).map(|link| link.split(".html").next().unwrap().to_owned()).collect()
}

/// What tiles say by municipality: abbreviation, number, name.
fn tiles(page: &str) -> BTreeMap<String, (String, String, String)> {
    let map = page.split("<svg class=\"tiles\"").nth(1).unwrap().split("</svg>").next().unwrap();
    let texts = |tile: &str| -> Vec<String> {
        tile.split("<text").skip(1).map(|text| text.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
    };
    let tile = |tile: &str| {
        let [short, number]: [String; 2] = texts(tile).try_into().unwrap();
        let name = tile.split("<title>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(tile.contains(&format!("aria-label=\"{short} {number}: {name}\"")), "the label has what is seen: {tile}");
        (tile.split(".html").next().unwrap().to_owned(), (short, number, name))
    };
    map.split("<a href=\"").skip(1).map(tile).collect()
}

/// Rows of the table below the map: what each begins with, and the first number.
fn lines(page: &str) -> Vec<(String, String)> {
    let table = section(page, "lentele");
    let cell = |line: &str| line.split("<td class=\"number\">").nth(1).unwrap().split("</td>").next().unwrap().to_owned();
    table.split("<tr><th scope=\"row\">").skip(1).map(|line| (line.split("</th>").next().unwrap().to_owned(), cell(line))).collect()
}

/// A count as pages print it, and whether it says that there are more.
fn number(printed: &str) -> (i64, bool) {
    (printed.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap(), printed.ends_with('+'))
}

#[test]
fn the_map_leads_to_municipalities_and_these_to_whom_they_have() {
    let country = Country::published("90", 21);
    for of in ["public", "open"] {
        let root = tier(&country, of);
        let municipalities = country.table(of, "savivaldybe");
        let counts: BTreeMap<String, Value> =
            country.table(of, "stat_savivaldybes").into_iter().map(|row| (text(&row, "savivaldybe").to_owned(), row)).collect();
        let page = read(&root.join("savivaldybes/index.html"));
        let (tiles, lines) = (tiles(&page), lines(&page));
        assert_eq!((municipalities.len(), tiles.len(), lines.len()), (60, 60, 61), "{of}");
        let mut suppressed = 0;
        for row in &municipalities {
            let code = text(row, "savivaldybe");
            let (short, printed, name) = &tiles[code];
            assert_eq!((short.as_str(), name.as_str()), (text(row, "santrumpa"), text(row, "savivaldybe_pavadinimas")));
            let (_, line) = lines.iter().find(|(start, _)| start.contains(&format!("<a href=\"{code}.html\">{name}</a>"))).unwrap();
            let counted = counts.get(code);
            let expected = match counted {
                None => (0, false),
                Some(row) if row["virs_skaicius"].is_null() => (row["skaicius_be_asmenu"].as_i64().unwrap(), true),
                Some(row) => (row["virs_skaicius"].as_i64().unwrap(), false),
            };
            assert_eq!(number(printed), expected, "{of} {code}");
            assert!(if expected.1 { line.contains("konfidencialu") } else { line == printed }, "{of} {code}: {line}");
            suppressed += usize::from(expected.1);
        }
        assert!(suppressed > 0 && page.contains("„+“ – skelbiama ne viskas"), "{of}: nothing is suppressed");
        // Whoever is seated nowhere is counted, too.
        let (_, nobody) = lines.iter().find(|(start, _)| start == "Savivaldybė nenurodyta").unwrap();
        let expected = &counts[NOT_STATED]["virs_skaicius"];
        assert!(
            if expected.is_null() { nobody.contains("konfidencialu") } else { number(nobody).0 == expected.as_i64().unwrap() },
            "{nobody}"
        );
        municipality_pages(&country, of, &municipalities);
    }
}

/// Pages have exactly the VIRS, outlets and institutions of the tables, and what these paid; whom they name leads back.
fn municipality_pages(country: &Country, of: &str, municipalities: &[Value]) {
    let root = tier(country, of);
    let (virs, outlets) = (country.table(of, "virs"), country.table(of, "vip"));
    let (institutions, paid) = (country.table(of, "institucija"), country.table(of, "lesos"));
    let set = |rows: &[&Value], column: &str| -> BTreeSet<String> { rows.iter().map(|row| text(row, column).to_lowercase()).collect() };
    let mut met = [0; 4];
    for code in municipalities.iter().map(|row| text(row, "savivaldybe")) {
        let page = read(&root.join(format!("savivaldybes/{code}.html")));
        let has = |id: &str| page.contains(&format!("<h2 id=\"{id}\">"));
        let here: Vec<&Value> = virs.iter().filter(|row| text(row, "savivaldybe") == code && row["virs_iki"].is_null()).collect();
        let codes = set(&here, "ja_kodas");
        let run = |row: &&Value| codes.contains(text(row, "ja_kodas")) && row["isregistravimo_data"].is_null();
        let run: Vec<&Value> = outlets.iter().filter(run).collect();
        let seated: Vec<&Value> = institutions.iter().filter(|row| text(row, "savivaldybe") == code).collect();
        let payers = set(&seated, "institucijos_kodas");
        let lists = [
            ("virs", "../virs/", &here, "ja_kodas"),
            ("vip", "../priemones/", &run, "vip_nr"),
            ("institucija", "../institucijos/", &seated, "institucijos_kodas"),
        ];
        for (place, (id, folder, rows, column)) in lists.into_iter().enumerate() {
            assert_eq!(has(id), !rows.is_empty(), "{of} {code} {id}");
            if has(id) {
                let list = section(&page, id).split("<ul class=\"entities\">").nth(1).unwrap().split("</ul>").next().unwrap();
                assert_eq!(led_to(list, folder), set(rows, column), "{of} {code} {id}");
                met[place] += 1;
            }
        }
        for virs in &codes {
            let back = format!("<a href=\"../savivaldybes/{code}.html\">");
            assert!(read(&root.join(format!("virs/{virs}.html"))).contains(&back), "{of} {virs} leads back to {code}");
        }
        let all: i128 = paid.iter().filter(|row| payers.contains(text(row, "institucijos_kodas"))).map(|row| sum(row, "suma")).sum();
        assert_eq!(has("lesos"), all > 0, "{of} {code}");
        if has("lesos") {
            let totals = section(&page, "lesos").split("<table class=\"totals\">").nth(1).unwrap().split("</table>").next().unwrap();
            let year = |year: &str| cents(year.split("<td class=\"number\">").nth(1).unwrap().split('<').next().unwrap());
            assert_eq!(totals.split("<tr class=\"sum\">").skip(1).map(year).sum::<i128>(), all, "{of} {code}");
            assert!(page.contains("čia įsikūrusios institucijos VIRS skyrė <strong>"), "{of} {code}");
            met[3] += 1;
        }
    }
    assert!(met.iter().all(|met| *met > 3), "{of}: {met:?}");
}

#[test]
fn a_seat_is_in_the_municipality_with_which_its_address_begins() {
    let country = Country::published("90", 21);
    let (mut named, mut not) = (BTreeSet::new(), 0);
    for row in country.table("internal", "virs") {
        let (address, code) = (text(&row, "adresas"), text(&row, "savivaldybe"));
        assert_eq!(code.is_empty(), address.is_empty() || address.starts_with("Vilniaus g.") || address.starts_with("Ryga"), "{address}");
        assert!(!address.to_uppercase().starts_with("VILNIUS,") || code == "13", "{address}");
        if code.is_empty() {
            not += 1;
        } else {
            named.insert(code.to_owned());
        }
    }
    assert!(named.len() > 15 && not > 0, "{named:?}, {not}");
    // The open tier shows the municipality in the rows in which it shows the address, and in no others.
    for row in country.table("open", "virs") {
        assert!(!text(&row, "adresas").is_empty() || text(&row, "savivaldybe").is_empty());
    }
}

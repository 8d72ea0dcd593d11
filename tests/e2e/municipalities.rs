//! Who runs the media in a municipality, and what its institutions pay: from the map to its page and on to each VIRS, in numbers that the tables have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::country::{Country, differing, home, tells_of_releases};
use crate::endpoint::browser::{modules, run_script};
use crate::forget::forget;
use crate::search::Portal;
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

/// Boundaries of municipalities, all invented: a rectangle for each, where its tile is, but none for two of them, and a city that lies in its district as a small one.
fn invented_boundaries(municipalities: &[Value], wide: f64) -> String {
    let feature = |row: &Value| {
        let code = text(row, "savivaldybe");
        let is_there = !["21", "23"].contains(&code);
        let district = municipalities.iter().find(|row| text(row, "savivaldybe") == "41").unwrap();
        let of = |row: &Value| {
            let number = |column: &str| row[column].as_f64().unwrap();
            (20.0 + 0.5 * number("zemelapio_stulpelis"), 56.5 - 0.3 * number("zemelapio_eilute"))
        };
        let ((west, south), (across, along)) = match code {
            "13" => ((of(district).0 + 0.02, of(district).1 + 0.02), (0.04, 0.03)),
            _ => (of(row), (wide, 0.3)),
        };
        let ring = [[west, south], [west + across, south], [west + across, south + along], [west, south + along], [west, south]];
        is_there
            .then(|| json!({"type": "Feature", "properties": {"SAV_KODAS": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}))
    };
    json!({"type": "FeatureCollection", "features": municipalities.iter().filter_map(feature).collect::<Vec<_>>()}).to_string()
}

/// Areas of a map of boundaries, as they are drawn: code, label, whether something is written on it.
fn shapes(page: &str) -> Vec<(String, String, bool)> {
    let map = page.split("<svg class=\"tiles\"").nth(1).unwrap().split("</svg>").next().unwrap();
    let shape = |shape: &str| {
        assert!(shape.contains("<path class=\"tile\" d=\"M") && shape.contains(" fill-opacity=\""), "{shape}");
        let label = shape.split("aria-label=\"").nth(1).unwrap().split('"').next().unwrap();
        (shape.split(".html").next().unwrap().to_owned(), label.to_owned(), shape.contains("<text"))
    };
    map.split("<a href=\"").skip(1).map(shape).collect()
}

/// Every file of the portal's latest release, by path.
fn listed(country: &Country) -> BTreeMap<String, String> {
    let of = |file: &Value| (text(file, "path").to_owned(), text(file, "sha256").to_owned());
    country.listed("portal").iter().map(of).collect()
}

#[test]
fn the_map_draws_the_boundaries_that_the_operator_gives_and_says_the_same() {
    let country = Country::with_virs("60", 22, &home()).whole();
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    let with = |more: &str| {
        let settings = settings.replace("[portal]\n", &format!("[portal]\ndatabase = false\n{more}\n"));
        fs::write(country.path("virsis.toml"), settings).unwrap();
    };
    let page = |path: &str| read(&country.path("portal/latest").canonicalize().unwrap().join(path));
    with("");
    country.ok(&["run"]);
    let (before, municipalities) = (listed(&country), country.table("open", "savivaldybe"));
    let of_tiles = tiles(&page("open/savivaldybes/index.html"));

    let file = country.path("ribos.geojson");
    fs::write(&file, invented_boundaries(&municipalities, 0.5)).unwrap();
    with("boundaries = { file = 'ribos.geojson', source = 'Sugalvotos <ribos>' }");
    assert!(country.ok(&["check"]).contains("portal.boundaries lacks municipalities, which the map lists below it: 21 23\n"));
    assert!(country.ok(&["run"]).contains("published"));
    let drawn = page("open/savivaldybes/index.html");
    let shapes = shapes(&drawn);
    assert_eq!(shapes.len(), 58);
    for (code, label, is_written) in &shapes {
        let (short, number, name) = &of_tiles[code];
        assert_eq!((label, *is_written), (&format!("{short} {number}: {name}"), code != "13"), "{code}");
    }
    let place = |of: &str| shapes.iter().position(|(code, ..)| code == of).unwrap();
    assert!(place("13") > place("41"), "a city is drawn above the district around it");
    let rest = drawn.split("nes per mažos arba nėra jų ribų").nth(1).unwrap().split("</ul>").next().unwrap();
    assert_eq!(led_to(rest, ""), BTreeSet::from(["13", "21", "23"].map(str::to_owned)));
    assert!(rest.contains(&format!(">VIL {}<", of_tiles["13"].1)) && drawn.contains("Ribos: Sugalvotos &lt;ribos&gt;"));
    assert!(lines(&drawn).len() == 61 && drawn.len() < 70_000, "the table stands: {}", drawn.len());
    let english = page("public/en/savivaldybes/index.html");
    assert!(english.contains("aria-label=\"Boundaries of municipalities, north at the top\"") && !english.contains("Ribos:"));
    let changed = differing(&before, &listed(&country));
    let may_change = |path: &String| {
        ["savivaldybes/index.html", "assets/boundaries.json", "/index.html", "pokyciai/index.json"].iter().any(|end| path.ends_with(end))
    };
    let is_right = |path: &String| may_change(path) || tells_of_releases(path);
    assert!(changed.iter().all(is_right) && changed.iter().any(|path| path == "public/assets/boundaries.json"), "{changed:?}");
    assert!(!changed.iter().any(|path| path.contains("savivaldybes/13.html") || path.contains("virs/3")), "{changed:?}");

    nothing_else_changes_and_what_is_wrong_is_refused(&country, &municipalities);
    if let Some(modules) = modules() {
        let portal = Portal::serve(&country);
        let pages = ["public/savivaldybes/index.html", "public/en/savivaldybes/index.html"];
        run_script(&modules, "quality", json!({"origin": portal.1, "pages": pages, "kinds": []}), |_| {});
    }

    // Who is forgotten goes from the release, which is printed with its own boundaries: the settings name none any more.
    with("");
    let owners = country.table("public", "savininkas");
    let person = owners.iter().find_map(|row| row["asmens_id"].as_str()).unwrap().to_owned();
    let before = page("public/savivaldybes/index.html");
    forget(&country, &[&person], &["--yes"]);
    assert!(!country.ok(&["release", "list"]).contains("withdrawn"), "the releases stand");
    assert_eq!(self::shapes(&page("public/savivaldybes/index.html")).len(), self::shapes(&before).len());
    country.ok(&["verify"]);
    country.ok(&["run"]);
    assert_eq!(tiles(&page("open/savivaldybes/index.html")).len(), 60);
    assert!(!listed(&country).contains_key("open/assets/boundaries.json"));
}

/// A file that says the same is no news; one that cannot be drawn refuses the night, and what is published stands.
fn nothing_else_changes_and_what_is_wrong_is_refused(country: &Country, municipalities: &[Value]) {
    let file = country.path("ribos.geojson");
    let sound = fs::read_to_string(&file).unwrap();
    fs::write(&file, sound.replace(",\"", ",\n  \"")).unwrap();
    assert!(country.ok(&["run"]).contains("nothing changed"));
    let standing = listed(country);
    let codes = |from: &str, to: &str| sound.replacen(&format!("\"SAV_KODAS\":\"{from}\""), &format!("\"SAV_KODAS\":\"{to}\""), 1);
    let large = " ".repeat(70 << 20);
    for (text, said) in [
        (codes("11", "10").as_str(), "feature 1: its `SAV_KODAS` is no municipality of data/classifiers/savivaldybes.csv"),
        (&sound[..sound.len() / 2], "is not whole JSON"),
        ("{\"type\": \"Topology\"}", "its `type` is not FeatureCollection"),
        (&large, "has 70 MB, more than the 64 MB"),
        (&sound.replace("[2", "[12"), "neither in degrees"),
    ] {
        fs::write(&file, text).unwrap();
        for command in ["run", "check"] {
            let refused = country.refused(&[command]);
            assert!(refused.contains("ribos.geojson") && refused.contains(said), "{command}: {refused}");
        }
        assert_eq!(listed(country), standing);
    }
    let doctor = country.run(&["doctor"]);
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("WRONG  boundaries: "));
    // Other boundaries are news, and a whole run makes the same of them.
    fs::write(&file, invented_boundaries(municipalities, 0.48)).unwrap();
    country.ok(&["run"]);
    let built = listed(country);
    country.ok(&["run", "--full"]);
    let whole = listed(country);
    for path in ["open/savivaldybes/index.html", "public/en/savivaldybes/index.html", "public/assets/boundaries.json"] {
        assert!(built[path] != standing[path] && built[path] == whole[path], "{path}");
    }
}

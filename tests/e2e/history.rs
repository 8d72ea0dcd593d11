//! What a tier has shown over time: every past day can be asked for, and changes lead from one release to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::country::{Country, files, home};
use crate::forget::forget;

const TABLES: [&str; 6] = ["virs", "savininkas", "dalyvis", "lesos", "vip", "atsakingas"];
const TIERS: [&str; 1] = ["public"];

/// A country with a release of each of some nights, and the days that they show.
fn nights(count: u32) -> (Country, Vec<String>) {
    let country = Country::with_virs("50", 7, &home()).whole();
    let mut days = Vec::new();
    for night in 0..count {
        let extracts = country.path("extracts");
        fs::remove_dir_all(&extracts).unwrap();
        let (night, out) = (night.to_string(), extracts.display().to_string());
        country.ok(&["generate", "--seed", "7", "--virs", "50", "--entities", "600", "--night", &night, "--out", &out]);
        country.ok(&["run"]);
        days.push(country.json("portal/latest/manifest.json")["date"].as_str().unwrap().to_owned());
    }
    (country, days)
}

/// The answer of `virsis sql` as rows by column.
fn asked(country: &Country, more: &[&str], sql: &str) -> Vec<BTreeMap<String, String>> {
    let text = country.ok(&[&["sql", "--format", "csv"], more, &["-c", sql]].concat());
    rows(&text)
}

fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader.records().map(|row| names.iter().cloned().zip(row.unwrap().iter().map(str::to_owned)).collect()).collect()
}

/// Rows of these columns, in order.
fn lines(rows: &[BTreeMap<String, String>], columns: &[String]) -> Vec<String> {
    let mut lines: Vec<String> =
        rows.iter().map(|row| columns.iter().map(|name| row[name].clone()).collect::<Vec<_>>().join("|")).collect();
    lines.sort();
    lines
}

#[test]
fn every_past_day_can_be_asked_for_and_shows_what_its_release_showed() {
    let (country, days) = nights(6);
    for tier in TIERS {
        let mut changed = 0;
        for table in TABLES {
            let sql = format!("FROM {table}");
            let mut seen = Vec::new();
            for (release, day) in days.iter().enumerate() {
                let number = (release + 1).to_string();
                let then = asked(&country, &["--tier", tier, "--release", &number], &sql);
                let now = asked(&country, &["--tier", tier, "--as-of", day], &sql);
                let columns: Vec<String> = now[0].keys().cloned().collect();
                assert!(columns.len() > 3 && !columns.iter().any(|name| name.starts_with("zinoma") || name.starts_with("leidimas")));
                assert_eq!(lines(&now, &columns), lines(&then, &columns), "{tier} {table} {day}");
                seen.push(lines(&now, &columns));
            }
            changed += usize::from(seen.windows(2).any(|pair| pair[0] != pair[1]));
        }
        assert!(changed >= 3, "{tier}: hardly anything ever changed");
    }
    assert!(country.refused(&["sql", "--as-of", "2001-01-01", "-c", "FROM virs"]).contains("istorija kaupiama nuo"));
    assert!(country.refused(&["sql", "--as-of", "vakar", "-c", "FROM virs"]).contains("parašykite dieną"));
    assert!(country.refused(&["sql", "--as-of", &days[0], "--tier", "internal", "-c", "FROM virs"]).contains("istorijos nėra"));
    assert!(country.refused(&["sql", "--as-of", &days[0], "--tier", "open", "-c", "FROM virs"]).contains("istorijos nėra"));
    let history = asked(&country, &[], "FROM virs__istorija");
    assert!(history.iter().any(|row| row["leidimas_iki"].is_empty()) && history.iter().all(|row| !row["zinoma_nuo"].is_empty()));
    assert!(!country.ok(&["sql", "-c", "SHOW TABLES"]).contains("__istorija"));

    changes_lead_from_one_release_to_the_next(&country);
    pages_tell_who_owned_a_virs_before(&country);
    country.ok(&["verify"]);
}

/// Every owner who once was shown and is not any more stands on a page beside that of the VIRS, below the days on which he was.
fn pages_tell_who_owned_a_virs_before(country: &Country) {
    let virs = country.path("portal/latest").canonicalize().unwrap().join("public/virs");
    let former = asked(
        country,
        &["--tier", "public"],
        "SELECT ja_kodas, savininkas, zinoma_nuo, zinoma_iki FROM savininkas__istorija WHERE zinoma_iki > zinoma_nuo AND savininkas IS NOT NULL",
    );
    let mut told = BTreeSet::new();
    for row in &former {
        let (code, name) = (&row["ja_kodas"], row["savininkas"].replace('"', "&quot;"));
        // Of a VIRS that went there is no page at all.
        let Ok(page) = fs::read_to_string(virs.join(format!("{code}.html"))) else { continue };
        let past = fs::read_to_string(virs.join(format!("{code}-anksciau.html"))).unwrap();
        assert!(page.contains(&format!("{code}-anksciau.html")), "{code} leads to its past");
        assert!(past.contains("<meta name=\"robots\" content=\"noindex\">"), "{code}");
        let section = past.split("<section").find(|part| part.contains(&format!("id=\"nuo-{}\"", row["zinoma_nuo"])));
        assert!(section.is_some_and(|section| section.contains(&name)), "{code} since {}", row["zinoma_nuo"]);
        told.insert(code);
    }
    assert!(!told.is_empty(), "owners changed");
    let all = files(&virs).into_iter().filter(|path| path.to_str().unwrap().ends_with("-anksciau.html")).count();
    assert!(all >= told.len() && all < 50, "not every VIRS has a past");
    assert!(
        !files(&virs.join("../../open")).iter().any(|path| path.to_str().unwrap().contains("-anksciau")),
        "the open tier remembers nothing"
    );
}

/// What the files of the latest release say changed, applied to the table of an older one, gives its own.
fn changes_lead_from_one_release_to_the_next(country: &Country) {
    let mut applied = 0;
    for tier in TIERS {
        let index = country.json(&format!("portal/latest/{tier}/pokyciai/index.json"));
        for table in index["tables"].as_array().unwrap() {
            let name = table["table"].as_str().unwrap();
            let key: Vec<&str> = table["key"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
            for changes in table["changes"].as_array().unwrap() {
                // All nights lie within a year, so this leads from the first.
                let older = match changes["window"].as_str().unwrap() {
                    "release" => index["previous"].as_i64().unwrap().to_string(),
                    "365" => "1".to_owned(),
                    _ => continue,
                };
                let sql = format!("FROM {name}");
                let before = asked(country, &["--tier", tier, "--release", &older], &sql);
                let after = asked(country, &["--tier", tier], &sql);
                let Some(file) =
                    changes["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).find(|file| file.ends_with(".csv"))
                else {
                    let columns: Vec<String> =
                        after.iter().flat_map(|row| row.keys()).filter(|name| is_remembered(name)).cloned().collect();
                    assert_eq!(lines(&before, &columns), lines(&after, &columns), "{tier} {name}");
                    continue;
                };
                let text = fs::read_to_string(country.path(&format!("portal/latest/{tier}/{file}"))).unwrap();
                let changed = rows(&text);
                assert_eq!(
                    changed.len() as i64,
                    ["came", "changed", "went"].iter().map(|what| changes[what].as_i64().unwrap()).sum::<i64>()
                );
                let columns: Vec<String> =
                    changed[0].keys().filter(|name| !["pokytis", "pakeisti_stulpeliai"].contains(&name.as_str())).cloned().collect();
                let mut left: Vec<BTreeMap<String, String>> = before;
                for row in &changed {
                    let same = |one: &BTreeMap<String, String>, names: &[&str]| names.iter().all(|name| one[*name] == row[*name]);
                    let own: Vec<&str> = columns.iter().map(String::as_str).collect();
                    let place = match row["pokytis"].as_str() {
                        "pakeista" => left.iter().position(|one| same(one, &key)),
                        "pasalinta" => left.iter().position(|one| same(one, &own)),
                        _ => None,
                    };
                    assert_eq!(place.is_none(), row["pokytis"] == "prideta", "{tier} {name}");
                    place.map(|place| left.remove(place));
                    if row["pokytis"] != "pasalinta" {
                        left.push(row.clone());
                    }
                }
                assert_eq!(lines(&left, &columns), lines(&after, &columns), "{tier} {name} since {older}");
                applied += 1;
            }
        }
    }
    assert!(applied > 10, "{applied}");
}

fn is_remembered(column: &str) -> bool {
    !["eil_nr", "dokumento_failas"].contains(&column)
}

/// Somebody who must go is in no history either, and in none that is made later.
#[test]
fn who_is_forgotten_is_gone_from_histories_and_changes() {
    let (country, _) = nights(4);
    let history = asked(&country, &[], "FROM savininkas__istorija");
    let gone = history.iter().find(|row| row["savininko_rusis"] == "fizinis" && !row["leidimas_iki"].is_empty());
    let id = gone.expect("in these nights somebody stops being an owner")["asmens_id"].clone();
    let held = |folder: &str| -> usize {
        let sought = publish::Sought::new(std::slice::from_ref(&id)).unwrap();
        files(&country.path(folder)).iter().filter(|path| path.is_file() && sought.is_in_file(path).unwrap()).count()
    };
    assert!(held("portal/releases") > 0);
    let said = forget(&country, &[&id], &["--yes"]);
    assert!(!said.contains("withdrawn"), "{said}");
    assert_eq!(held("portal/releases"), 0, "{said}");
    for release in fs::read_dir(country.path("portal/releases")).unwrap() {
        country.ok(&["verify", release.unwrap().path().to_str().unwrap()]);
    }
    country.rewrite("lis_licencijos.v1.csv", |row, line| (row != 1).then(|| line.to_owned()));
    country.ok(&["run"]);
    assert_eq!(held("portal/releases"), 0);
    let left = asked(&country, &[], "FROM savininkas__istorija");
    assert!(left.len() > history.len() / 2, "the others are still remembered");
}

/// What stands in the `id` elements of a feed, which must be XML.
fn ids(feed: &str) -> Vec<String> {
    let (mut reader, mut ids, mut is_id) = (quick_xml::Reader::from_str(feed), Vec::new(), false);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => return ids,
            quick_xml::events::Event::Start(tag) => is_id = tag.name().as_ref() == "id",
            quick_xml::events::Event::Text(text) if is_id => ids.push(String::from(&*text)),
            quick_xml::events::Event::End(_) => is_id = false,
            _ => {}
        }
    }
}

/// What a reader sees: the page of changes, the page of a VIRS, and their feeds.
#[test]
fn pages_and_feeds_tell_what_changed() {
    let (country, days) = nights(3);
    let latest = country.path("portal/latest");
    let page = fs::read_to_string(latest.join("public/pokyciai/index.html")).unwrap();
    assert!(page.contains("Nuo praėjusios laidos") && page.contains(&days[2]) && page.contains("savininkas__istorija.parquet"));
    let index: Value = country.json("portal/latest/public/pokyciai/index.json");
    let owners = index["tables"].as_array().unwrap().iter().find(|table| table["table"] == "savininkas").unwrap();
    assert_eq!(owners["first_date"].as_str().unwrap(), days[0]);
    let feed = fs::read_to_string(latest.join("public/pokyciai/index.atom")).unwrap();
    let entries = feed.matches("<entry>").count();
    assert!(entries > 0 && feed.matches("<updated>").count() == entries + 1, "{feed}");
    let ids = ids(&feed);
    assert_eq!((ids.iter().collect::<BTreeSet<_>>().len(), ids.len()), (entries + 1, entries + 1), "every entry has an id of its own");
    let code = ids[1].split(':').nth(4).unwrap();
    let virs = fs::read_to_string(latest.join(format!("public/virs/{code}.html"))).unwrap();
    assert!(virs.contains("paskutinį kartą keitėsi") && virs.contains(&format!("{code}.atom")), "{virs}");
    assert!(fs::read_to_string(latest.join(format!("public/virs/{code}.atom"))).unwrap().contains("<entry>"));
    assert!(!country.path("internal/latest/pokyciai").exists() && !latest.join("open/pokyciai").exists());
}

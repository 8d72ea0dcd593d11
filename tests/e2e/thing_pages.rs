//! Pages of outlets, owners, institutions, municipalities and donors say what the tables say, name nobody where nobody may be named, and lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::country::{Country, PUBLISHED, files};
use crate::privacy::secrets;

const KINDS: [&str; 5] = ["priemones", "savininkai", "institucijos", "savivaldybes", "remejai"];

pub(crate) fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn tier(country: &Country, tier: &str) -> PathBuf {
    country.path("portal/latest").canonicalize().unwrap().join(tier)
}

/// Pages of a tier, without those of VIRS and datasets.
fn pages(country: &Country, of: &str) -> Vec<PathBuf> {
    let root = tier(country, of);
    KINDS.iter().flat_map(|kind| files(&root.join(kind))).collect()
}

/// A sum in cents, as tables and as pages print it.
pub(crate) fn cents(text: &str) -> i128 {
    let digits: String = text.chars().filter(|letter| letter.is_ascii_digit() || matches!(letter, ',' | '.')).collect();
    let (whole, fraction) = digits.split_once([',', '.']).unwrap_or((&digits, ""));
    whole.parse::<i128>().unwrap() * 100 + format!("{fraction:0<2}").parse::<i128>().unwrap()
}

pub(crate) fn sum(row: &Value, column: &str) -> i128 {
    match &row[column] {
        Value::Null => 0,
        Value::String(text) => cents(text),
        number => cents(&number.to_string()),
    }
}

/// The section with this id.
pub(crate) fn section<'a>(page: &'a str, id: &str) -> &'a str {
    page.split(&format!("<h2 id=\"{id}\">")).nth(1).unwrap_or_else(|| panic!("no section {id}")).split("</section>").next().unwrap()
}

#[test]
fn an_institutions_page_adds_up_to_what_the_table_says_it_paid() {
    let country = Country::published("60", 74);
    let today: i64 = country.json("portal/latest/manifest.json")["date"].as_str().unwrap()[..4].parse().unwrap();
    let mut added_up = 0;
    for of in ["public", "open"] {
        let mut paid: BTreeMap<String, BTreeMap<i64, (i128, BTreeSet<String>)>> = BTreeMap::new();
        for row in country.table(of, "lesos") {
            let year =
                paid.entry(text(&row, "institucijos_kodas").to_owned()).or_default().entry(row["metai"].as_i64().unwrap()).or_default();
            year.0 += sum(&row, "suma");
            year.1.insert(text(&row, "ja_kodas").to_owned());
        }
        let institutions = country.table(of, "institucija");
        for code in institutions.iter().map(|row| text(row, "institucijos_kodas")) {
            let page = read(&tier(&country, of).join(format!("institucijos/{code}.html")));
            let Some(years) = paid.get(code) else { continue };
            let totals = section(&page, "lesos").split("<table class=\"totals\">").nth(1).unwrap().split("</table>").next().unwrap();
            let shown: BTreeMap<i64, i128> = totals
                .split("<tr class=\"sum\">")
                .skip(1)
                .map(|year| {
                    let cell = |mark: &str| year.split(mark).nth(1).unwrap().split('<').next().unwrap();
                    let numbers: Vec<i128> =
                        year.split("<td class=\"number\">").skip(1).map(|rest| cents(rest.split('<').next().unwrap())).collect();
                    assert_eq!(numbers[0], numbers[1..].iter().sum::<i128>(), "{of} {code}: receivers make the total");
                    (cell("<th scope=\"rowgroup\">").parse().unwrap(), numbers[0])
                })
                .collect();
            assert_eq!(shown, years.iter().map(|(year, (paid, _))| (*year, *paid)).collect(), "{of} {code}");
            let (year, (newest, virs)) = years.last_key_value().unwrap();
            let said = page.split("<p class=\"summary\">").nth(1).unwrap().split("</p>").next().unwrap();
            let goes_on = if *year >= today { "(metai dar nesibaigė) " } else { "" };
            assert!(said.contains(&format!("{year}\u{a0}m. {goes_on}skyrė {}\u{a0}VIRS iš viso <strong>", virs.len())), "{said}");
            assert_eq!(cents(said.split("<strong>").nth(1).unwrap().split('<').next().unwrap()), *newest, "{said}");
            added_up += 1;
        }
    }
    assert!(added_up > 10, "{added_up} pages added up");
}

/// What addresses call an owner: a person's key, or a code that needs no other spelling.
fn stem(row: &Value) -> Option<String> {
    let (person, code, state) = (text(row, "asmens_id"), text(row, "dal_kodas"), text(row, "valstybe"));
    let plain = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()) && state.is_empty();
    if person.is_empty() { plain.then(|| code.to_owned()) } else { Some(person.to_owned()) }
}

#[test]
fn an_owners_page_lists_exactly_the_holdings_of_the_table_and_a_virs_page_leads_to_it() {
    let country = Country::published("60", 74);
    let mut checked = BTreeSet::new();
    for of in ["public", "open"] {
        let root = tier(&country, of);
        let mut holdings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in country.table(of, "savininkas").iter().filter(|row| text(row, "savininko_rusis") != "nezinomas") {
            let virs = text(row, "ja_kodas").to_owned();
            if let Some(stem) = stem(row) {
                let page = read(&root.join(format!("virs/{virs}.html")));
                assert!(page.contains(&format!("href=\"../savininkai/{stem}.html\"")), "{virs} names {stem}");
                holdings.entry(stem).or_default().insert(virs);
            }
        }
        for (stem, virs) in &holdings {
            let page = read(&root.join(format!("savininkai/{stem}.html")));
            let list = section(&page, "savininkas").split("<ul class=\"owners\">").nth(1).unwrap();
            let who = list.split("<span class=\"who\">").skip(1);
            let listed: BTreeSet<String> =
                who.map(|line| line.split("../virs/").nth(1).unwrap().split(".html").next().unwrap().to_owned()).collect();
            assert_eq!(listed, *virs, "{of} {stem}");
            checked.insert((of, stem.len()));
        }
        // Nobody else has a page, but for those whose codes cannot be names of files.
        let pages = files(&root.join("savininkai")).into_iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
        let others: Vec<String> = pages.filter(|name| !holdings.contains_key(name)).collect();
        assert!(
            others.iter().all(|name| ["index", "raide-", "x-"].iter().any(|start| name.starts_with(start)) || name.contains("--")),
            "{others:?}"
        );
    }
    assert!(checked.contains(&("public", 32)) && checked.contains(&("public", 9)) && checked.contains(&("open", 9)), "{checked:?}");
    assert!(!checked.contains(&("open", 32)), "a person in the open tier");
}

#[test]
fn every_donor_of_the_table_has_an_entry_with_the_sums_of_the_table() {
    let country = Country::published("60", 74);
    for of in ["public", "open"] {
        let all: String = files(&tier(&country, of).join("remejai")).iter().map(|path| read(path)).collect();
        let mut paid: BTreeMap<String, i128> = BTreeMap::new();
        for row in country.table(of, "parama") {
            let (person, code) = (text(&row, "asmens_id"), text(&row, "dav_kodas"));
            let plain = text(&row, "valstybe").is_empty() && !code.is_empty();
            let stem = if person.is_empty() { plain.then_some(code) } else { Some(person) };
            if let Some(stem) = stem {
                *paid.entry(stem.to_owned()).or_default() += sum(&row, "suma") + sum(&row, "turto_verte");
            }
        }
        assert!(paid.len() > 20, "{of}");
        for (stem, paid) in paid {
            let entries: Vec<&str> = all.split(&format!("<li id=\"{stem}\">")).skip(1).collect();
            assert_eq!(entries.len(), 1, "{of} {stem}");
            let entry = entries[0].split("</ul>").next().unwrap();
            let sums = entry.split("\u{a0}– ").skip(1).map(|rest| cents(rest.split("\u{a0}Eur").next().unwrap()));
            assert!(entry.contains("ir dar") || sums.sum::<i128>() == paid, "{of} {stem}: {entry}");
        }
    }
}

#[test]
fn no_open_page_names_a_natural_person_and_public_pages_of_persons_are_not_for_search_engines() {
    let country = &PUBLISHED.country;
    let secrets = secrets(country);
    let ids: BTreeSet<String> = ["savininkas", "parama"]
        .iter()
        .flat_map(|name| country.table("public", name))
        .filter_map(|row| row["asmens_id"].as_str().map(str::to_owned))
        .collect();
    let open = pages(country, "open");
    assert!(open.len() > 20);
    for path in &open {
        let page = read(path);
        assert!(!secrets.names.iter().any(|name| page.contains(name.as_str())), "{}", path.display());
        assert!(!page.contains("noindex") && !ids.iter().any(|id| page.contains(id.as_str())), "{}", path.display());
    }
    let (mut persons, mut others) = (0, 0);
    for path in pages(country, "public") {
        let page = read(&path);
        assert!(!secrets.codes.iter().chain(&secrets.births).any(|secret| page.contains(secret.as_str())), "a code or a birth date");
        // Outlets, institutions and municipalities are no persons, whoever is named beside them.
        if ["priemones", "institucijos", "savivaldybes"].iter().any(|kind| path.parent().unwrap().ends_with(kind)) {
            assert!(!page.contains("noindex"), "{}", path.display());
            others += 1;
            continue;
        }
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let names_persons = ids.contains(stem)
            || ids.iter().any(|id| page.contains(&format!("id=\"{id}\"")) || page.contains(&format!("<a href=\"{id}.html\"")));
        assert_eq!(page.contains("<meta name=\"robots\" content=\"noindex\">"), names_persons, "{}", path.display());
        assert_eq!(page.contains("22 ir 24 straipsnius"), names_persons, "{}", path.display());
        persons += usize::from(names_persons);
    }
    assert!(persons > 20 && others > 20, "{persons} pages of persons, {others} others");
    assert!(!country.path("internal/latest/savininkai").exists(), "the internal tier prints none");
}

#[test]
fn every_link_of_the_portal_leads_to_a_file_and_to_a_place_in_it() {
    let country = &PUBLISHED.country;
    let mut ids: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    let mut checked = 0;
    for of in ["public", "open"] {
        let root = tier(country, of);
        let html: Vec<PathBuf> = files(&root).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "html")).collect();
        let mut links: BTreeSet<(PathBuf, String)> = BTreeSet::new();
        for page in &html {
            let text = read(page);
            let folder = page.parent().unwrap();
            for link in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
                if !link.contains("://") && !link.starts_with("mailto:") {
                    links.insert((if path.is_empty() { page.clone() } else { folder.join(path) }, anchor.to_owned()));
                }
            }
        }
        for path in files(&root.join("paieska")) {
            let found: Value = serde_json::from_str(&read(&path)).unwrap();
            let pages = found["hits"].as_array().unwrap().iter().filter_map(|hit| hit["page"].as_str());
            links.extend(
                pages.map(|page| page.split_once('#').unwrap_or((page, ""))).map(|(path, anchor)| (root.join(path), anchor.to_owned())),
            );
        }
        for (path, anchor) in links {
            let target = path.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            if !anchor.is_empty() {
                let known = ids.entry(target).or_insert_with_key(|target| {
                    read(target).split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
                });
                assert!(known.contains(&anchor), "{}#{anchor}", path.display());
            }
            checked += 1;
        }
    }
    assert!(checked > 1000, "{checked} links");
}

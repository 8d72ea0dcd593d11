//! What pages say beside rows: how a statistic changed, answers to questions, what is missing of a VIRS, and the same for programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use catalog::{Catalog, Group};
use serde_json::Value;

use crate::country::{Country, home};

fn page(country: &Country, path: &str) -> String {
    let path = country.path(&format!("portal/latest/{path}"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// Digits of a Lithuanian number: of a sum its cents.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn lines_over_time_say_what_the_table_says_and_so_does_their_file() {
    let country = Country::published("60", 71);
    let rows = country.table("public", "stat_lesos");
    let html = page(&country, "public/statistika/viesojo-sektoriaus-lesos.html");
    let figure = html.split("id=\"raida\"").nth(1).unwrap().split("</figure>").next().unwrap();
    let lines = figure.split("<tbody>").nth(1).unwrap();
    let years: BTreeSet<i64> = rows.iter().map(|row| row["metai"].as_i64().unwrap()).collect();
    assert!(years.len() > 2 && lines.matches("<tr>").count() == years.len());
    for line in lines.split("<tr>").skip(1) {
        let year: i64 = digits(line.split("</th>").next().unwrap().split("m.").next().unwrap()).parse().unwrap();
        let cells = line.split("<td class=\"number\">").skip(1).map(|cell| cell.split('<').next().unwrap());
        // Where something is suppressed, what is known of it stands there.
        let said: i128 = cells.map(|cell| digits(cell).parse::<i128>().unwrap_or_default()).sum();
        let cents = |row: &Value| {
            let known = if row["suma"].is_null() { &row["suma_be_asmenu"] } else { &row["suma"] };
            digits(&format!("{:.2}", known.as_f64().unwrap())).parse::<i128>().unwrap()
        };
        assert_eq!(said, rows.iter().filter(|row| row["metai"] == year).map(cents).sum::<i128>(), "{year}");
    }
    let mut read = csv::Reader::from_path(country.path("portal/latest/public/statistika/viesojo-sektoriaus-lesos/raida.csv")).unwrap();
    assert_eq!(read.headers().unwrap(), vec!["institucijos_kodas", "pavadinimas", "laikotarpis", "suma", "neskelbiama"]);
    for record in read.records().map(Result::unwrap).filter(|record| !record[0].is_empty() && &record[4] == "false") {
        let is_it = |row: &&Value| text(row, "institucijos_kodas") == &record[0] && row["metai"].as_i64() == record[2].parse().ok();
        let row = rows.iter().find(is_it).unwrap_or_else(|| panic!("{record:?}"));
        assert_eq!(format!("{:.2}", row["suma"].as_f64().unwrap()), record[3]);
    }
}

#[test]
fn a_bar_says_what_it_was_a_year_before() {
    let country = Country::published("60", 71);
    let rows = country.table("public", "stat_lesos");
    let html = page(&country, "public/statistika/viesojo-sektoriaus-lesos.html");
    let bars = html.split("id=\"reiksmes\"").nth(1).unwrap().split("</figure>").next().unwrap();
    let mut compared = 0;
    for bar in bars.split("<li><span class=\"label\">").skip(1) {
        let (name, value) =
            (bar.split('<').next().unwrap(), bar.split("<span class=\"value\">").nth(1).unwrap().split('<').next().unwrap());
        let Some(change) = bar.split("<span class=\"change\">").nth(1) else { continue };
        let (year, before) = change.split_once("\u{a0}m. – ").unwrap();
        let of = |year: i64| rows.iter().find(|row| text(row, "institucija") == name && row["metai"] == year).unwrap();
        let year: i64 = year.parse().unwrap();
        let (was, is) = (of(year)["suma"].as_f64().unwrap(), of(year + 1)["suma"].as_f64().unwrap());
        assert_eq!(digits(before.split([' ', '<']).next().unwrap()), digits(&format!("{was:.2}")), "{name}");
        assert_eq!(digits(value), digits(&format!("{is:.2}")), "{name}");
        if let Some((_, percent)) = before.split_once('(') {
            assert_eq!(percent.starts_with('+'), is > was, "{name}: {percent}");
        }
        compared += 1;
    }
    assert!(compared > 2, "{compared} compared");
}

#[test]
fn every_statistic_says_how_it_is_made_and_how_to_cite_it() {
    let country = Country::published("60", 71);
    let catalog = Catalog::load(&home()).unwrap();
    let mut pages = 0;
    for dataset in catalog.datasets().filter(|dataset| dataset.group == Group::Statistika) {
        for tier in ["public", "open"] {
            let path = country.path(&format!("portal/latest/{tier}/statistika/{}.html", dataset.name));
            let Ok(html) = fs::read_to_string(&path) else { continue };
            for name in dataset.tables.iter().filter(|name| !country.table(tier, &name["out_".len()..]).is_empty()) {
                let sql = fs::read_to_string(home().join(format!("sql/models/{name}.sql"))).unwrap();
                let last = sql.trim_end().lines().last().unwrap();
                assert!(html.contains(&last.replace('\'', "&#x27;")) || html.contains(last), "{tier}/{}: {name}", dataset.name);
                let table = catalog.table(name).unwrap();
                let file = fs::read(country.path(&format!("portal/latest/{tier}/data/{}/{}.csv", dataset.name, table.subject()))).unwrap();
                use sha2::Digest;
                let sha256 = hex::encode(sha2::Sha256::digest(&file));
                let cited = html.split("@misc{").skip(1).any(|entry| entry.split("</pre>").next().unwrap().contains(&sha256));
                assert!(cited, "{tier}/{}: {name}", dataset.name);
                pages += 1;
            }
        }
    }
    assert!(pages > 30, "{pages}");
}

#[test]
fn the_start_page_answers_questions_with_the_greatest_of_each_table() {
    let country = Country::published("120", 74);
    let html = page(&country, "public/index.html");
    let answers = html.split("<ul class=\"answers\">").nth(1).unwrap().split("</ul>").next().unwrap();
    // Six are asked; one of which nothing is published has no answer.
    assert!((5..=6).contains(&answers.matches("<li>").count()), "{answers}");
    let rows = country.table("public", "stat_lesos");
    let asked = answers.split("<li>").find(|answer| answer.contains("viesojo-sektoriaus-lesos")).unwrap();
    let year: i64 = asked.split("\u{a0}m.").next().unwrap().rsplit('(').next().unwrap().parse().unwrap();
    let greatest = rows.iter().filter(|row| row["metai"] == year && !row["suma"].is_null());
    let greatest = greatest.max_by(|one, other| one["suma"].as_f64().partial_cmp(&other["suma"].as_f64()).unwrap()).unwrap();
    assert!(asked.contains(&format!("<strong>{}</strong>", text(greatest, "institucija"))), "{asked}");
}

/// What is missing, told anew from the tables that readers have: VIRS and kind, with the outlet.
fn missing(country: &Country) -> BTreeSet<(String, &'static str, String)> {
    let day = country.json("portal/latest/manifest.json")["date"].as_str().unwrap().to_owned();
    let (year, month): (i64, i64) = (day[..4].parse().unwrap(), day[5..7].parse().unwrap());
    let months = |date: &str| year * 12 + month - date[..4].parse::<i64>().unwrap() * 12 - date[5..7].parse::<i64>().unwrap();
    let virs = country.table("public", "virs");
    let current: BTreeMap<&str, &Value> = virs
        .iter()
        .filter(|row| row["virs_iki"].is_null() && row["isreg_data"].is_null())
        .map(|row| (text(row, "ja_kodas"), row))
        .collect();
    let (outlets, terms) = (country.table("public", "vip"), country.table("public", "atsakingas"));
    let (figures, accounts) = (country.table("public", "tirazas"), country.table("public", "finansai"));
    let running = |row: &&Value| row["isregistravimo_data"].is_null() && current.contains_key(text(row, "ja_kodas"));
    let running: Vec<&Value> = outlets.iter().filter(running).collect();
    let due = if month > 6 { year - 1 } else { year - 2 };
    let mut found = BTreeSet::new();
    for (code, row) in &current {
        let mut add = |what| found.insert(((*code).to_owned(), what, String::new()));
        if row["nezinoma_dalis"].as_f64().unwrap() > 0.0 {
            add("savininkai");
        }
        if !running.iter().any(|outlet| text(outlet, "ja_kodas") == *code) {
            add("vip");
        }
        let filed = accounts.iter().any(|row| text(row, "ja_kodas") == *code && row["metai"].as_i64().unwrap() >= due);
        let began = text(row, "reg_data");
        if !filed && text(row, "forma") != "950" && !began.is_empty() && began[..4].parse::<i64>().unwrap() <= due {
            add("ataskaita");
        }
    }
    for outlet in running {
        let number = text(outlet, "vip_nr");
        let mut add = |what| found.insert((text(outlet, "ja_kodas").to_owned(), what, number.to_owned()));
        let began = text(outlet, "registravimo_data");
        let now = |row: &Value| text(row, "nuo") <= day.as_str() && (row["iki"].is_null() || text(row, "iki") >= day.as_str());
        if began <= day.as_str() && !terms.iter().any(|row| text(row, "vip_nr") == number && now(row)) {
            add("atsakingas");
        }
        let last = figures.iter().filter(|row| text(row, "vip_nr") == number).max_by_key(|row| text(row, "data"));
        let must = last.is_none_or(|row| row["tirazas"].as_i64().unwrap() > 500 || row["su_reklama"] == "taip");
        if ["laikrastis", "zurnalas"].contains(&text(outlet, "vip_rusis"))
            && must
            && months(last.map_or(began, |row| text(row, "data"))) > 12
        {
            add("tirazas");
        }
    }
    found
}

#[test]
fn what_is_missing_of_a_virs_is_said_and_nothing_else() {
    let country = Country::with_virs("120", 74, &home());
    // Nobody answers for what every tenth outlet brings out: all generated ones have somebody.
    country.rewrite("formos_atsakingi.v1.csv", |_, line| (!line.split('|').next().unwrap().ends_with('0')).then(|| line.to_owned()));
    // And every tenth newspaper or magazine never handed its circulation in.
    country.rewrite("formos_tirazai.v1.csv", |_, line| (!line.split('|').next().unwrap().ends_with('3')).then(|| line.to_owned()));
    country.ok(&["run"]);
    let expected = missing(&country);
    let rows = country.table("public", "spraga");
    let said: BTreeSet<(String, &str, String)> =
        rows.iter().map(|row| (text(row, "ja_kodas").to_owned(), text(row, "spraga"), text(row, "vip_nr").to_owned())).collect();
    assert_eq!(said.len(), rows.len());
    let differ: Vec<_> = said.symmetric_difference(&expected).collect();
    assert!(differ.is_empty(), "{differ:?}");
    let kinds: BTreeSet<&str> = said.iter().map(|(_, what, _)| *what).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["ataskaita", "atsakingas", "savininkai", "tirazas", "vip"]);
    for row in &rows {
        let html = page(&country, &format!("public/virs/{}.html", text(row, "ja_kodas")));
        let section = html.split("<ul class=\"missing\">").nth(1).unwrap().split("</ul>").next().unwrap();
        assert!(section.contains(&format!("<strong>{}</strong>", text(row, "spraga_pavadinimas"))), "{row}");
    }
}

#[test]
fn a_virs_page_has_a_twin_for_programs_with_the_rows_of_its_tier_alone() {
    let country = Country::published("60", 72);
    for tier in ["public", "open"] {
        let virs = country.table(tier, "virs");
        for row in &virs {
            let twin = country.json(&format!("portal/latest/{tier}/virs/{}.json", text(row, "ja_kodas")));
            assert_eq!((&twin["ja_kodas"], &twin["portalo_dalis"]), (&row["ja_kodas"], &Value::from(tier)));
            for (name, table) in twin["lenteles"].as_object().unwrap() {
                let of_virs = |other: &&Value| other["ja_kodas"] == row["ja_kodas"];
                let all = country.table(tier, name);
                let of_virs: Vec<Value> = all.iter().filter(of_virs).map(without_number).collect();
                let shown = table["eilutes"].as_array().unwrap();
                assert_eq!(table["eiluciu"].as_u64().unwrap(), of_virs.len() as u64, "{tier} {name}");
                assert!(shown.len() == of_virs.len() || name != "grandis" && shown.len() == 50, "{tier} {name}");
                assert!(shown.iter().all(|row| of_virs.contains(row)), "{tier} {name}");
                let file = country.path(&format!("portal/latest/{tier}/virs/{}", table["visos"].as_str().unwrap()));
                assert!(file.exists(), "{}", file.display());
            }
        }
        assert!(virs.len() > 20);
    }
    assert!(!country.path("internal/latest/virs").join(format!("{}.json", text(&country.table("public", "virs")[0], "ja_kodas"))).exists());
}

fn without_number(row: &Value) -> Value {
    let mut row = row.clone();
    row.as_object_mut().unwrap().remove("eil_nr");
    row
}

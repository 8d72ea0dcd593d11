//! What pages say in figures is what their tables say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use catalog::{Catalog, Chart, Kind};
use serde_json::Value;

use crate::country::{Country, home};

/// The texts between a mark and the next tag.
fn texts<'a>(html: &'a str, mark: &str) -> Vec<&'a str> {
    html.split(mark).skip(1).map(|rest| rest.split('<').next().unwrap()).collect()
}

/// A Lithuanian number in hundredths; nothing of what is suppressed.
fn hundredths(text: &str) -> Option<i128> {
    let text = text.strip_prefix("bent ").unwrap_or(text);
    let digits: String = text.chars().filter(|letter| letter.is_ascii_digit() || *letter == ',').collect();
    let (whole, fraction) = digits.split_once(',').unwrap_or((&digits, "00"));
    Some(whole.parse::<i128>().ok()? * 100 + format!("{fraction:0<2}").parse::<i128>().ok()?)
}

fn cents(row: &Value, column: &str) -> i128 {
    let printed = match &row[column] {
        Value::Null => return 0,
        Value::String(text) => text.clone(),
        number => number.to_string(),
    };
    hundredths(&printed.replace('.', ",")).unwrap()
}

/// The rows of the last year, or half-year, that was over on the day of the data.
fn last_finished(rows: Vec<Value>, chart: &Chart, day: &str) -> Vec<Value> {
    let (year, month): (i64, u32) = (day[..4].parse().unwrap(), day[5..7].parse().unwrap());
    let span = |row: &Value| chart.latest.iter().map(|name| row[name].as_i64().unwrap()).collect::<Vec<_>>();
    let is_over = |span: &Vec<i64>| span[0] < year || span[0] == year && span.get(1) == Some(&1) && month > 6;
    let Some(last) = rows.iter().map(span).filter(|span| chart.latest.is_empty() || is_over(span)).max() else { return rows };
    rows.into_iter().filter(|row| span(row) == last).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_chart_is_drawn_each_bar_has_a_name_of_its_own_and_all_together_are_what_the_table_shows() {
    let country = Country::published("60", 71);
    let catalog = Catalog::load(&home()).unwrap();
    let day = country.json("portal/latest/manifest.json")["date"].as_str().unwrap().to_owned();
    let (mut drawn, mut added_up) = (0, 0);
    for (dataset, chart) in catalog.datasets().filter_map(|dataset| Some((dataset, dataset.chart.as_ref()?))) {
        let table = catalog.table(&dataset.tables[0]).unwrap();
        let rows = country.table("public", table.subject());
        if rows.is_empty() {
            continue;
        }
        let page = read(&country.path(&format!("portal/latest/public/statistika/{}.html", dataset.name)));
        let (labels, values) = (texts(&page, "<span class=\"label\">"), texts(&page, "<span class=\"value\">"));
        assert!(!labels.is_empty() && labels.len() == values.len(), "{}", dataset.name);
        assert_eq!(labels.iter().collect::<BTreeSet<_>>().len(), labels.len(), "{}: {labels:?}", dataset.name);
        drawn += 1;
        let adds_up = matches!(table.column(&chart.value).unwrap().column.kind, Kind::Integer | Kind::Money);
        if !adds_up || page.contains("Diagramoje – ") {
            continue;
        }
        let open = table.protect.iter().find_map(|rule| rule.open_part.get(&chart.value));
        let known =
            |row: &Value| if row[&chart.value].is_null() { open.map_or(0, |open| cents(row, open)) } else { cents(row, &chart.value) };
        let expected: i128 = last_finished(rows, chart, &day).iter().map(known).sum();
        assert_eq!(values.iter().filter_map(|value| hundredths(value)).sum::<i128>(), expected, "{}", dataset.name);
        added_up += 1;
    }
    assert!(drawn >= 16 && added_up >= 10, "{drawn} drawn, {added_up} added up");
}

#[test]
fn a_virs_page_begins_with_who_paid_how_much_by_year_the_newest_first() {
    let country = Country::published("60", 72);
    let (mut pages, mut summaries, mut marked) = (0, 0, 0);
    let today: i64 = country.json("portal/latest/manifest.json")["date"].as_str().unwrap()[..4].parse().unwrap();
    for (table, amounts, title) in [
        ("lesos", &["suma"][..], "Viešojo sektoriaus lėšos"),
        ("reklama", &["kaina"][..], "Politinė reklama"),
        ("parama", &["suma", "turto_verte"][..], "Parama"),
    ] {
        let mut years: BTreeMap<String, BTreeMap<i64, i128>> = BTreeMap::new();
        for row in country.table("public", table) {
            let code = row["ja_kodas"].as_str().unwrap().to_owned();
            let paid: i128 = amounts.iter().map(|name| cents(&row, name)).sum();
            *years.entry(code).or_default().entry(row["metai"].as_i64().unwrap()).or_default() += paid;
        }
        for (code, years) in years {
            let page = read(&country.path(&format!("portal/latest/public/virs/{code}.html")));
            let section = page.split(&format!(">{title}</h2>")).nth(1).unwrap().split("</section>").next().unwrap();
            let totals = section.split("<table class=\"totals\">").nth(1).unwrap().split("</table>").next().unwrap();
            let shown: Vec<(i64, i128)> = totals
                .split("<tr class=\"sum\">")
                .skip(1)
                .map(|line| {
                    let year: i64 = texts(line, "<th scope=\"rowgroup\">")[0].parse().unwrap();
                    assert_eq!(line.contains("(dar nesibaigė)"), year >= today, "{line}");
                    marked += i32::from(year >= today);
                    (year, hundredths(texts(line, "<td class=\"number\">")[0]).unwrap())
                })
                .collect();
            assert_eq!(shown, years.into_iter().rev().collect::<Vec<_>>(), "{table} of {code}");
            // Every year's payers make its total.
            for year in totals.split("<tr class=\"sum\">").skip(1) {
                let numbers: Vec<i128> = texts(year, "<td class=\"number\">").into_iter().filter_map(hundredths).collect();
                assert_eq!(numbers[0], numbers[1..].iter().sum::<i128>(), "{table} of {code}");
            }
            assert!(section.find("class=\"totals\"").unwrap() < section.find("<details>").unwrap());
            // The first sentences have the sums of the newest year that anybody paid in.
            let summary = page.split("<p class=\"summary\">").nth(1).unwrap().split("</p>").next().unwrap();
            if let Some(paid) = summary.split(&format!("{}\u{a0}– <strong>", title.to_lowercase())).nth(1) {
                let goes_on = if shown[0].0 >= today { " (metai dar nesibaigė)" } else { "" };
                assert!(summary.contains(&format!("Gauta {}\u{a0}m.{goes_on}: ", shown[0].0)), "{summary}");
                assert_eq!(hundredths(paid.split("\u{a0}Eur").next().unwrap()), Some(shown[0].1), "{table} of {code}");
                summaries += 1;
            }
            pages += 1;
        }
    }
    assert!(pages > 30 && summaries > 15 && marked > 0, "{pages}, {summaries}, {marked}");
}

#[test]
fn the_page_of_data_quality_speaks_in_words() {
    let country = Country::published("60", 73);
    for row in country.table("public", "stat_kokybe") {
        let (table, rule) = (row["lentele_pavadinimas"].as_str().unwrap(), row["taisykle_pavadinimas"].as_str().unwrap());
        assert!(!table.contains("raw_") && !table.contains("core_"), "{table} has no title");
        assert_ne!(rule, row["taisykle"].as_str().unwrap(), "{rule} has no title in classifier taisykles");
    }
    let page = read(&country.path("portal/latest/public/statistika/duomenu-kokybe.html"));
    // The SQL that makes it is folded away below.
    let shown = page.split("<details class=\"method\">").next().unwrap();
    assert!(!shown.contains("raw_") && !shown.contains("core_") && !shown.contains(">order<"));
}

/// Of each VIRS: what all holdings above it multiply to along every way, in hundredths of a per cent, by owner; none if entities own one another.
fn multiplied(links: &[&Value], virs: &str) -> Option<BTreeMap<String, f64>> {
    let mut waiting = vec![(virs.to_owned(), 1.0, BTreeSet::from([virs.to_owned()]))];
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    while let Some((held, part, seen)) = waiting.pop() {
        for link in links.iter().filter(|link| link["valdomas_kodas"] == *held) {
            let part = part * link["dalis"].as_f64().unwrap_or_default();
            if !link["savininko_rusis"].is_null() {
                *found.entry(owner(link)).or_default() += part;
                continue;
            }
            let company = link["dal_kodas"].as_str().unwrap().to_owned();
            let mut seen = seen.clone();
            if !seen.insert(company.clone()) {
                return None;
            }
            waiting.push((company, part, seen));
        }
    }
    Some(found)
}

fn owner(row: &Value) -> String {
    let unknown = row["savininko_rusis"] == "nezinomas";
    if unknown {
        "nezinomas".to_owned()
    } else {
        format!("{} {} {} {}", row["asmens_id"], row["valstybe"], row["dal_kodas"], row["savininkas"])
    }
}

/// How many nodes a drawing has: everybody once, what is unknown each by itself, and of each entity's own small owners the fifth and later as one.
fn nodes(links: &[&Value]) -> usize {
    let is_known_end = |link: &&&Value| !link["savininko_rusis"].is_null() && link["nezinojimo_priezastis"].is_null();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    links.iter().filter(is_known_end).for_each(|link| *times.entry(owner(link)).or_default() += 1);
    let companies: BTreeSet<&str> =
        links.iter().filter(|link| link["savininko_rusis"].is_null()).map(|link| link["dal_kodas"].as_str().unwrap()).collect();
    let unknown = links.iter().filter(|link| !link["nezinojimo_priezastis"].is_null() && !link["dalis"].is_null()).count();
    let mut small: BTreeMap<&str, usize> = BTreeMap::new();
    let own = links.iter().filter(is_known_end).filter(|link| times[&owner(link)] == 1 && !link["dalis"].is_null());
    own.for_each(|link| *small.entry(link["valdomas_kodas"].as_str().unwrap()).or_default() += 1);
    let together: usize = small.values().filter(|count| **count > 5).map(|count| count - 5).sum();
    1 + companies.len() + unknown + times.len() - together
}

#[test]
fn a_virs_page_says_through_whom_its_owners_own_it_with_the_arithmetic_and_why_what_is_unknown_is() {
    let country = Country::published("120", 72);
    let (links, owners) = (country.table("public", "grandis"), country.table("public", "savininkas"));
    let codes: BTreeSet<&str> = owners.iter().map(|row| row["ja_kodas"].as_str().unwrap()).collect();
    let (mut added_up, mut through, mut drawn, mut circles, mut reasons) = (0, 0, 0, 0, BTreeSet::new());
    for virs in codes {
        let of_virs: Vec<&Value> = links.iter().filter(|link| link["ja_kodas"] == virs).collect();
        let page = read(&country.path(&format!("portal/latest/public/virs/{virs}.html")));
        let section = page.split("<h2 id=\"grandis\">").nth(1).expect(virs).split("</section>").next().unwrap();
        let Some(found) = multiplied(&of_virs, virs) else {
            circles += 1;
            let closed = section.contains("įmonės priklauso tik viena kitai");
            assert!(closed || section.contains("ratu valdo viena kitą") || section.contains("turi savo pačios dalį"), "{virs}: {section}");
            continue;
        };
        for row in owners.iter().filter(|row| row["ja_kodas"] == virs) {
            let (said, share) = (found.get(&owner(row)).copied().unwrap_or_default(), row["dalis"].as_f64().unwrap());
            assert!((said - share).abs() < 1e-6, "{virs}: the ways lead to {said}, the share is {share}");
            added_up += 1;
        }
        for link in &of_virs {
            if let Some(reason) = link["nezinojimo_priezastis_pavadinimas"].as_str() {
                assert!(section.to_lowercase().contains(&reason.to_lowercase()), "{virs}: {reason}");
                reasons.insert(link["nezinojimo_priezastis"].as_str().unwrap().to_owned());
            }
        }
        let has_companies = of_virs.iter().any(|link| link["savininko_rusis"].is_null());
        assert_eq!(has_companies, section.contains(": ") && section.contains("per ") && section.contains(" × "), "{virs}: {section}");
        through += usize::from(has_companies);
        if let Some(drawing) = section.split("<svg class=\"graph\"").nth(1) {
            assert_eq!(drawing.matches("<g class=\"node ").count(), nodes(&of_virs), "{virs}");
            drawn += 1;
        }
    }
    assert!(added_up > 200 && through > 10 && circles > 0, "{added_up} shares, {through} with companies between, {circles} with circles");
    assert!(drawn > 10, "{drawn} drawings");
    assert!(reasons.contains("ne_visi") && reasons.contains("be_dalyviu"), "{reasons:?}");
    // The open tier does not name persons and has no such table.
    assert!(!country.path("portal/latest/open/data/savininkai/grandis.csv").exists());
}

//! What of a natural person stands where it is not looked for: contacts of firms that are somebody's own, names of outlets, foreign traders.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::country::{Country, PUBLISHED, files, home};
use crate::endpoint::peer::entity_code;

/// Files of a tier, or of the whole portal, in which a text stands. Parquet holds its pages packed; its rows are those of the others.
fn named_in(country: &Country, folder: &str, text: &str) -> Vec<String> {
    let root = country.path(folder).canonicalize().unwrap();
    let stands = |path: &std::path::PathBuf| !path.is_symlink() && String::from_utf8_lossy(&fs::read(path).unwrap()).contains(text);
    files(&root).into_iter().filter(stands).map(|path| path.strip_prefix(&root).unwrap().display().to_string()).collect()
}

fn codes(rows: &[Value], of: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    rows.iter().filter(|row| of(row)).map(|row| row["ja_kodas"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn contacts_of_firms_that_may_be_somebodys_own_are_internal() {
    let country = Country::generate(45, &home());
    country.ok(&["run"]);
    let before = country.table("internal", "virs");
    let has_mail = |row: &Value| !row["el_pastas"].is_null();
    let companies: Vec<String> = codes(&before, |row| row["forma"] == "310" && has_mail(row)).into_iter().collect();
    // One becomes a small partnership, one gets a form that nobody knows, one vanishes from the register.
    let (partnership, unknown, lost) = (&companies[0], &companies[1], &companies[2]);
    country.rewrite("JAR_TEI_FORM_KLASIFIKATORIUS.csv", |_, line| {
        let copy = |line: &str| line.replace("310|", "960|").replace("Uždaroji akcinė bendrovė", "Mažoji bendrija");
        Some(if line.starts_with("310|") { format!("{line}\n{}", copy(line)) } else { line.to_owned() })
    });
    country.rewrite("JAR_IREGISTRUOTI.csv", |_, line| match line.split('|').next() {
        Some(code) if code == partnership => Some(line.replace("|310|", "|960|")),
        Some(code) if code == unknown => Some(line.replace("|310|", "|813|")),
        Some(code) if code == lost => None,
        _ => Some(line.to_owned()),
    });
    country.ok(&["run"]);
    let (internal, public) = (country.table("internal", "virs"), country.table("public", "virs"));
    let own = |row: &Value| {
        let code = row["ja_kodas"].as_str().unwrap();
        ["210", "220", "810"].iter().any(|form| row["forma"] == *form) || [partnership, unknown, lost].iter().any(|own| *own == code)
    };
    let own = codes(&internal, own);
    assert!(own.len() >= 5, "the country has such firms");
    let mut withheld = 0;
    for (inside, outside) in internal.iter().zip(&public) {
        assert_eq!(inside["ja_kodas"], outside["ja_kodas"]);
        let is_own = own.contains(inside["ja_kodas"].as_str().unwrap());
        for column in ["el_pastas", "telefonas"] {
            assert_eq!(outside[column], if is_own { Value::Null } else { inside[column].clone() }, "{column} of {}", inside["ja_kodas"]);
            if let Some(contact) = inside[column].as_str().filter(|_| is_own) {
                withheld += 1;
                assert_eq!(named_in(&country, "portal/latest", contact), Vec::<String>::new());
                assert!(!named_in(&country, "extracts", contact).is_empty(), "the search works");
            }
        }
    }
    assert!(withheld >= 8, "{withheld} contacts");
    // A partnership that bears a name of its own is a legal person in the open tier all the same.
    assert!(codes(&country.table("open", "virs"), |_| true).contains(partnership));
}

#[test]
fn an_outlet_called_after_somebody_of_its_virs_is_open_without_its_name() {
    let country = Country::generate(1, &home());
    let companies = codes(&PUBLISHED.country.table("public", "virs"), |row| row["apie_asmeni"] == false);
    let outlets = PUBLISHED.country.table("public", "vip");
    let circulation = PUBLISHED.country.table("public", "tirazas");
    let heads = PUBLISHED.country.table("public", "valdymas");
    let (outlet, head) = outlets
        .iter()
        .filter(|outlet| companies.contains(outlet["ja_kodas"].as_str().unwrap()))
        .filter(|outlet| circulation.iter().any(|row| row["vip_nr"] == outlet["vip_nr"]))
        .find_map(|outlet| Some((outlet, heads.iter().find(|head| head["ja_kodas"] == outlet["ja_kodas"])?)))
        .unwrap();
    let text = |row: &Value, column: &str| row[column].as_str().unwrap().to_owned();
    let (number, given, family) = (text(outlet, "vip_nr"), text(head, "vardas"), text(head, "pavarde"));
    let stranger = heads.iter().find(|other| other["ja_kodas"] != outlet["ja_kodas"] && other["pavarde"] != head["pavarde"]).unwrap();
    let (other_given, other_family) = (text(stranger, "vardas"), text(stranger, "pavarde"));
    let rename = |name: &str| {
        let name = name.to_owned();
        country.rewrite("formos_vip.v1.csv", |place, line| {
            let mut fields: Vec<String> = line.split('|').map(str::to_owned).collect();
            if place > 0 && fields[0] == number && fields.len() == 8 {
                fields[2].clone_from(&name);
            }
            Some(fields.join("|"))
        });
        country.ok(&["run"]);
    };
    // The open tier has a pseudonym in the place of the number.
    let number_in = |tier: &str| {
        let told_by = ["ja_kodas", "ikurimo_data", "registravimo_data", "vip_rusis", "vip_kategorija"];
        let is_it = |row: &&Value| told_by.iter().all(|column| row[*column] == outlet[*column]);
        text(country.table(tier, "vip").iter().find(is_it).unwrap(), "vip_nr")
    };
    let named = |tier: &str, table: &str| -> Vec<Value> {
        let number = number_in(tier);
        country
            .table(tier, table)
            .into_iter()
            .filter(|row| row["vip_nr"] == number.as_str())
            .map(|row| row["vip_pavadinimas"].clone())
            .collect()
    };
    let title = format!("{} {} užrašai", family.to_uppercase(), given.to_lowercase());
    rename(&title);
    let mut rows = 0;
    for table in ["vip", "auditas", "etika", "lesos", "numeris", "pazeidimas", "tirazas"] {
        let (open, public) = (named("open", table), named("public", table));
        assert_eq!(open.len(), public.len(), "{table}: the rows are about a company and stay");
        assert!(open.iter().all(Value::is_null), "{table}");
        assert!(public.iter().all(|name| *name == title.as_str()), "{table}");
        rows += open.len();
    }
    assert!(rows > 1, "the outlet stands in several tables");
    assert_eq!(named_in(&country, "portal/latest/open", &family.to_uppercase()), Vec::<String>::new());
    assert!(!named_in(&country, "portal/latest/public", &family.to_uppercase()).is_empty(), "the search works");
    // On a night that builds on the last one, too: the name is somebody's who is not tied to this VIRS.
    let title = format!("{other_given} {other_family}: užrašai");
    rename(&title);
    assert_eq!(named("open", "vip"), [Value::from(title)]);
}

#[test]
fn a_foreign_trader_who_may_be_a_person_counts_as_one_in_the_open_tier() {
    const TRADER: &str = "Ivana Prčičova";
    const COMPANY: &str = "Ivana Prčičova Ltd";
    let country = Country::generate(46, &home());
    let called = |name: &'static str| {
        country.rewrite("jadis_dalyviai.v1.csv", |_, line| {
            let mut fields: Vec<&str> = line.split('|').collect();
            if fields.len() > 9 && fields[2] == "UJ" {
                fields[9] = name;
            }
            Some(fields.join("|"))
        });
        country.rewrite("imis_parama.v1.csv", |place, line| {
            let mut fields: Vec<&str> = line.split('|').collect();
            if place > 0 && fields.len() == 9 && !fields[3].is_empty() {
                (fields[2], fields[6]) = (name, "999999,00");
            }
            Some(fields.join("|"))
        });
        country.ok(&["run"]);
    };
    let rows = |tier: &str, table: &str, column: &str, name: &str| -> usize {
        country.table(tier, table).iter().filter(|row| row[column] == name).count()
    };
    let tables = [("dalyvis", "dal_pavadinimas"), ("savininkas", "dal_pavadinimas"), ("parama", "dav_pavadinimas")];
    called(TRADER);
    assert_eq!(named_in(&country, "portal/latest/open", TRADER), Vec::<String>::new());
    for (table, column) in tables {
        assert!(rows("public", table, column, TRADER) > 0, "{table}");
        assert_eq!(rows("open", table, column, TRADER), 0, "{table}");
    }
    // Donors of that kind stand in statistics as persons, behind whom nobody may be singled out.
    let cells: Vec<Value> = country.table("internal", "stat_parama").into_iter().filter(|row| row["davejo_rusis"] == "UJ").collect();
    assert!(!cells.is_empty() && cells.iter().all(|cell| cell["asmenu"].as_i64().unwrap() > 0), "{cells:?}");
    called(COMPANY);
    for (table, column) in tables {
        assert!(rows("open", table, column, COMPANY) > 0, "{table}");
    }
}

#[test]
fn institutions_are_called_as_the_register_has_it_and_nobody_who_may_be_a_person_is_among_them() {
    let country = Country::generate(48, &home());
    country.ok(&["run"]);
    let text = |row: &Value, column: &str| row[column].as_str().unwrap().to_owned();
    let all = country.table("public", "virs");
    let sole = all.iter().find(|row| row["forma"] == "810").unwrap();
    let sole = (text(sole, "ja_kodas"), text(sole, "pavadinimas"));
    let (stranger, newcomer) = (entity_code(1), entity_code(2));
    let before = country.table("public", "institucija");
    let giver = before.iter().find(|row| row["skiria_lesas"] == true).unwrap();
    let (giver, called) = (text(giver, "institucijos_kodas"), text(giver, "institucija"));
    // A sole proprietor and somebody unknown audit; the sole proprietor gives funds, too; an institution is called otherwise than in JAR, and
    // one that JAR does not know by two names.
    country.rewrite("formos_auditai.v1.csv", |number, line| {
        let mut fields: Vec<&str> = line.split('|').collect();
        match number {
            1 => (fields[2], fields[3]) = (&sole.1, &sole.0),
            2 => (fields[2], fields[3]) = ("Vardenis Pavardenis", &stranger),
            _ => {}
        }
        Some(fields.join("|"))
    });
    country.rewrite("formos_lesos.v1.csv", |number, line| {
        let mut fields: Vec<&str> = line.split('|').collect();
        match number {
            1 => (fields[0], fields[1]) = (&sole.1, &sole.0),
            2 => (fields[0], fields[1], fields[4]) = ("Sena įstaiga", &newcomer, "2021-01-05"),
            3 => (fields[0], fields[1], fields[4]) = ("Nauja įstaiga", &newcomer, "2026-01-05"),
            _ if fields[1] == giver => fields[0] = "Kitaip parašyta",
            _ => {}
        }
        Some(fields.join("|"))
    });
    country.ok(&["run"]);
    let public = country.table("public", "institucija");
    assert_eq!(public, country.table("open", "institucija"), "there is nothing to withhold");
    let named = |code: &str| public.iter().find(|row| row["institucijos_kodas"] == code).map(|row| text(row, "institucija"));
    assert_eq!([named(&sole.0), named(&stranger)], [None, None]);
    assert_eq!([named(&giver), named(&newcomer)], [Some(called), Some("Nauja įstaiga".to_owned())]);
    let audits = country.table("internal", "auditas");
    assert!([&sole.0, &stranger].iter().all(|code| audits.iter().any(|row| row["institucijos_kodas"] == code.as_str())), "they do audit");
    for (table, does) in [
        ("pazeidimas", "nustato_pazeidimus"),
        ("imoka", "nustato_imokas"),
        ("auditas", "tikrina_tirazus"),
        ("lesos", "skiria_lesas"),
        ("licencija", "isduoda_licencijas"),
    ] {
        let codes = |rows: &[Value]| rows.iter().map(|row| text(row, "institucijos_kodas")).collect::<BTreeSet<_>>();
        let who: Vec<Value> = public.iter().filter(|row| row[does] == true).cloned().collect();
        let mut said = codes(&country.table("public", table));
        said.retain(|code| ![&sole.0, &stranger].contains(&code));
        assert!(!said.is_empty() && codes(&who) == said, "{table}");
    }
    assert!(public.iter().all(|row| text(row, "institucijos_kodas").len() == 9));
}

//! Pages of a made-up release with more of everything than is good for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use catalog::{Catalog, Check, Evidence, Kind, Released, TableColumn, Tier};

use crate::store::sides::Store;
use crate::weight::PAGE_BUDGET;
use crate::{publish, sample};

/// What stands in a column of text; nothing: a word of its own, or an empty cell where there may be one.
type Texts<'a> = &'a dyn Fn(&str, usize) -> Option<String>;

/// A table of the project with so many rows.
fn made(catalog: &Catalog, name: &str, tier: Tier, rows: usize, texts: Texts<'_>) -> Released {
    let table = catalog.table(name).unwrap();
    let column = |used: &TableColumn| -> ArrayRef {
        let name = used.column.name.as_str();
        let all = 0..rows;
        match used.column.kind {
            Kind::Text => {
                let code = match &used.column.check {
                    Some(Check::Classifier(classifier)) => Some(catalog.classifier(classifier).unwrap().terms[0].code.clone()),
                    _ => None,
                };
                let other = |row: usize| used.required.then(|| code.clone().unwrap_or_else(|| format!("{name} {row}")));
                Arc::new(all.map(|row| texts(name, row).or_else(|| other(row))).collect::<StringArray>())
            }
            Kind::Integer if name == "metai" => Arc::new(all.map(|row| 2020 + row as i64 % 5).collect::<Int64Array>()),
            Kind::Integer => Arc::new(all.map(|row| row as i64).collect::<Int64Array>()),
            Kind::Date if name == "virs_iki" => Arc::new(all.map(|_| None).collect::<Date32Array>()),
            Kind::Date => Arc::new(all.map(|row| Some(19_000 + row as i32 % 1000)).collect::<Date32Array>()),
            Kind::Boolean => Arc::new(all.map(|_| Some(false)).collect::<BooleanArray>()),
            Kind::Share => Arc::new(
                all.map(|row| Some(1_000_000_000 * (1 + row as i128))).collect::<Decimal128Array>().with_data_type(Kind::Share.arrow()),
            ),
            kind => Arc::new(all.map(|row| Some(100 + row as i128)).collect::<Decimal128Array>().with_data_type(kind.arrow())),
        }
    };
    let columns: Vec<ArrayRef> = table.visible(tier).map(column).collect();
    let rows = RecordBatch::try_new(table.schema_for(tier), columns).unwrap();
    Released::admit(table.clone(), tier, rows, &Evidence::default()).unwrap()
}

fn code(place: usize) -> String {
    (300_000_000 + place).to_string()
}

const PERSON: &str = "abcdefabcdefabcdefabcdefabcdef01";

/// 500 VIRS in one municipality, all owned by one person but for the first, which nobody owns; one institution that paid 3 000 times, one that is called badly.
fn portal(home: &Path) -> PathBuf {
    let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let bad = format!("</script><b onclick=\"x()\">'\u{202e}{}", "ilgas ".repeat(400));
    let tables: Vec<Released> = [Tier::Public, Tier::Open]
        .into_iter()
        .flat_map(|tier| {
            let virs = |name: &str, row: usize| match name {
                "ja_kodas" => Some(code(row)),
                "pavadinimas" => Some(format!("UAB {row}")),
                "savivaldybe" => Some("13".to_owned()),
                _ => None,
            };
            let owner = |name: &str, row: usize| match name {
                "ja_kodas" | "pavadinimas" => virs(name, row + 1),
                "asmens_id" => Some(PERSON.to_owned()),
                "savininkas" => Some("Ona Pavyzdienė".to_owned()),
                _ => None,
            };
            let owned = if tier == Tier::Open { 0 } else { 499 };
            let institution = |name: &str, row: usize| match name {
                "institucijos_kodas" => Some(code(900 + row)),
                "institucija" => Some(if row == 0 { "Fondas".to_owned() } else { bad.clone() }),
                "savivaldybe" => Some("13".to_owned()),
                _ => None,
            };
            let place = |name: &str, _| match name {
                "savivaldybe" => Some("13".to_owned()),
                "savivaldybe_pavadinimas" => Some(bad.clone()),
                _ => None,
            };
            let paid = |name: &str, row: usize| match name {
                "ja_kodas" | "pavadinimas" => virs(name, row % 40),
                "institucijos_kodas" | "institucija" => institution(name, 0),
                _ => None,
            };
            let outlet = |name: &str, row: usize| match name {
                "ja_kodas" | "pavadinimas" => virs(name, row),
                "vip_nr" if tier == Tier::Public => Some(format!("VIP-{row}")),
                "vip_nr" => Some("abcdefghijklmno".to_owned() + if row == 0 { "a" } else { "b" }),
                "vip_pavadinimas" => Some(format!("Žinios {row}")),
                _ => None,
            };
            // The pages of text lead to their datasets.
            let nothing = |_: &str, _| None;
            let all: [(&str, usize, Texts<'_>); 9] = [
                ("out_emfa_lesos", 0, &nothing),
                ("out_emfa_reklama", 0, &nothing),
                ("out_savivaldybe", 1, &place),
                ("out_stat_savivaldybes", 1, &place),
                ("out_virs", 500, &virs),
                ("out_savininkas", owned, &owner),
                ("out_institucija", 2, &institution),
                ("out_lesos", 3000, &paid),
                ("out_vip", 2, &outlet),
            ];
            all.map(|(name, rows, texts)| made(&catalog, name, tier, rows, texts))
        })
        .collect();
    let info = sample::info();
    let staging = Store::open(&home.join("portal"), &home.join("internal")).unwrap().stage().unwrap();
    let context = sample::context(&info);
    publish(&staging, &catalog, &tables, None, &|_| None, &context).unwrap();
    staging.commit(&info).unwrap().portal
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn pages_stay_short_and_right_however_much_there_is() {
    let home = tempfile::tempdir().unwrap();
    let portal = portal(home.path());
    // 3 000 sums of 1,00 Eur, 1,01 Eur and so on; those of one year in five.
    let paid = read(portal.join("public/institucijos/300000900.html"));
    assert!(paid.contains("Rodoma 20\u{a0}eilučių iš 3000; visos") && paid.len() < PAGE_BUDGET, "{}", paid.len());
    let newest: i64 = (0..3000).filter(|row| row % 5 == 4).map(|row| 100 + row).sum();
    let sum = |point: &str| format!("<strong>{}\u{a0}{}{point}{:02}\u{a0}", newest / 100_000, newest / 100 % 1000, newest % 100);
    let said = format!("2024\u{a0}m. skyrė 8\u{a0}VIRS iš viso {}Eur", sum(","));
    assert!(paid.contains(&said), "{said}: {}", paid.split("<p class=\"summary\">").nth(1).unwrap().split("</p>").next().unwrap());
    assert!(paid.contains("<a href=\"../virs/300000004.html\">UAB 4</a>") && !paid.contains("noindex"));
    let english = read(portal.join("public/en/institucijos/300000900.html"));
    let said = format!("In 2024 it gave 8\u{a0}VIRS a total of {}EUR</strong>; the most\u{a0}– UAB ", sum("."));
    assert!(english.contains(&said) && english.len() < PAGE_BUDGET, "{said}: {english}");
    let called = read(portal.join("public/institucijos/300000901.html"));
    assert!(called.contains("<h1>&lt;/script&gt;&lt;b onclick=&quot;x()&quot;&gt;&#39;ilgas ") && !called.contains('\u{202e}'));
    assert!(called.len() < 20_000, "a long name is cut");
    let owner = read(portal.join(format!("public/savininkai/{PERSON}.html")));
    assert!(
        owner.len() < PAGE_BUDGET
            && owner.matches("<span class=\"who\">").count() == 100
            && owner.contains("Rodoma 100\u{a0}eilučių iš 499")
    );
    assert!(owner.contains("Turi dalį <strong>499\u{a0}VIRS</strong>; nė vieno nekontroliuoja.") && owner.contains("22 ir 24 straipsnius"));
    assert!(owner.contains("<meta name=\"robots\" content=\"noindex\">"));
    let english = read(portal.join(format!("public/en/savininkai/{PERSON}.html")));
    assert!(english.contains("Has a share in <strong>499\u{a0}VIRS</strong>; controls none of them."), "{english}");
    assert!(english.contains("<p class=\"lead\">Owner, natural person</p>") && english.matches("<span class=\"who\">").count() == 100);
    assert!(owner.find("UAB 499<").unwrap() < owner.find("UAB 498<").unwrap(), "the greatest share first");
    assert!(!portal.join(format!("open/savininkai/{PERSON}.html")).exists());
    let alone = read(portal.join("public/priemones/vip-0.html"));
    let said = "<p class=\"summary\">Leido <strong><a href=\"../virs/300000000.html\">UAB 0</a></strong>.</p>";
    assert!(alone.contains(said), "it has ended");
    assert!(!alone.contains("didžiausias savininkas"), "nobody owns it");
    let owned = read(portal.join("public/priemones/vip-1.html"));
    let greatest = format!("jos didžiausias savininkas\u{a0}– <strong><a href=\"../savininkai/{PERSON}.html\">Ona Pavyzdienė</a></strong>");
    assert!(owned.contains(&greatest), "{owned}");
    let municipality = read(portal.join("public/savivaldybes/13.html"));
    assert!(municipality.len() < PAGE_BUDGET, "{}", municipality.len());
    let listed = municipality.matches("<li><a href=\"../virs/3").count();
    assert!(listed >= 100 && municipality.contains(&format!("Rodoma {listed}\u{a0}eilučių iš 500")), "{listed}");
    assert!(municipality.contains("<li><a href=\"../institucijos/300000900.html\">Fondas</a>"));
    assert!(municipality.contains("čia įsikūrusios institucijos VIRS skyrė <strong>"), "not what it paid itself");
    for (page, to) in [(&municipality, "<h1>&lt;/script"), (&read(portal.join("open/savivaldybes/index.html")), "<title>&lt;/script")] {
        assert!(page.contains(to) && !page.contains('\u{202e}') && !page.contains("noindex"));
    }
    let virs = read(portal.join("public/virs/300000007.html"));
    assert!(virs.contains("<a href=\"../savivaldybes/13.html\">Vilniaus m. sav.</a>"), "by its code, not by what a row calls it");
}

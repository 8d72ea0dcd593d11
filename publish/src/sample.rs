//! A made-up catalog and tables for the tests of this crate; nobody in it exists.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray, new_null_array};
use arrow::record_batch::RecordBatch;
use catalog::{Catalog, Check, Evidence, Kind, Layer, PSEUDONYM_LETTERS, Personal, Released, Table, TableColumn, Tier};
use chrono::NaiveDate;

use crate::{Publication, ReleaseInfo, SiteContext, SourceEntry, SourceState, SqlAccess};

/// No table is made by SQL here.
pub(crate) static MODELS: BTreeMap<String, String> = BTreeMap::new();

const COLUMNS: &str = r#"
ja_kodas = { type = "text", title = { lt = "Juridinio asmens kodas", en = "Code" } }
pavadinimas = { type = "text", title = { lt = "Pavadinimas", en = "Name" } }
forma = { type = "text", title = { lt = "Teisinės formos kodas", en = "Form" } }
forma_pavadinimas = { type = "text", title = { lt = "Teisinė forma", en = "Form" } }
adresas = { type = "text", title = { lt = "Buveinės adresas", en = "Seat" } }
reg_data = { type = "date", title = { lt = "Įregistravimo data", en = "Registered" } }
isreg_data = { type = "date", title = { lt = "Išregistravimo data", en = "Deregistered" } }
audiovizualinis = { type = "boolean", title = { lt = "Audiovizualinė veikla", en = "Audiovisual" } }
apie_asmeni = { type = "boolean", title = { lt = "Eilutė apie fizinį asmenį", en = "About a person" } }
eil_nr = { type = "integer", title = { lt = "Eilės numeris", en = "Number" } }
savininko_rusis = { type = "text", title = { lt = "Savininko rūšis", en = "Kind" }, check = "classifier:savininku_rusys" }
savininkas = { type = "text", title = { lt = "Savininkas", en = "Owner" }, personal = "name" }
asmens_kodas = { type = "text", title = { lt = "Asmens kodas", en = "Personal code" }, check = "asmens_kodas", personal = "code" }
asmens_id = { type = "text", title = { lt = "Asmens identifikatorius", en = "Person" }, check = "asmens_id", personal = "name" }
dal_kodas = { type = "text", title = { lt = "Dalyvio kodas", en = "Code" } }
dal_pavadinimas = { type = "text", title = { lt = "Dalyvio pavadinimas", en = "Participant" } }
dalis = { type = "share", title = { lt = "Dalis", en = "Share" }, personal = "share" }
su_asmenimis = { type = "boolean", title = { lt = "Dalį turi fizinis asmuo", en = "With persons" } }
kontroliuoja = { type = "boolean", title = { lt = "Kontroliuoja", en = "Controls" } }
metai = { type = "integer", title = { lt = "Metai", en = "Year" } }
institucija = { type = "text", title = { lt = "Institucija", en = "Institution" } }
suma = { type = "money", title = { lt = "Suma", en = "Sum" }, unit = "EUR" }
dokumentas = { type = "text", title = { lt = "Dokumentas", en = "Document" } }
rusis = { type = "text", title = { lt = "VIP rūšis", en = "Kind" }, check = "classifier:rusys" }
rusis_pavadinimas = { type = "text", title = { lt = "VIP rūšies pavadinimas", en = "Title" } }
skaicius = { type = "integer", title = { lt = "VIRS skaičius", en = "Count" }, unit = "vnt." }
dydis = { type = "number", title = { lt = "Vidutinis tiražas", en = "Average" }, unit = "egz." }
galioja_nuo = { type = "date", title = { lt = "Galioja nuo", en = "Valid from" } }
galioja_iki = { type = "date", title = { lt = "Galioja iki", en = "Valid until" } }
zinoma_nuo = { type = "date", title = { lt = "Skelbiama nuo", en = "Shown since" } }
zinoma_iki = { type = "date", title = { lt = "Nebeskelbiama nuo", en = "No longer shown since" } }
leidimas_nuo = { type = "integer", title = { lt = "Pirmasis leidimas", en = "First release" } }
leidimas_iki = { type = "integer", title = { lt = "Paskutinis leidimas", en = "Last release" } }
pokytis = { type = "text", title = { lt = "Pokytis", en = "Change" } }
pakeisti_stulpeliai = { type = "text", title = { lt = "Pakeisti stulpeliai", en = "Changed columns" } }
konfidencialu = { type = "text", title = { lt = "Konfidencialu", en = "Confidential" } }
"#;

const TABLES: [(&str, &str, &str, &str, &str); 4] = [
    (
        "out_virs",
        "VIRS",
        r#"["ja_kodas"]"#,
        r#"["ja_kodas!", "pavadinimas!", "forma", "forma_pavadinimas", "adresas", "reg_data", "isreg_data", "audiovizualinis", "apie_asmeni"]"#,
        "[search]\nkind = { lt = \"VIRS\", en = \"VIRS\" }\nname = [[\"pavadinimas\"]]\nfound_by = [\"ja_kodas\"]\ntold_apart_by = [\"ja_kodas\"]\n\n[history]\nfrom = \"reg_data\"\nuntil = \"isreg_data\"",
    ),
    (
        "out_savininkai",
        "Galutiniai savininkai",
        r#"["ja_kodas", "eil_nr"]"#,
        r#"["ja_kodas!", "eil_nr!", "savininko_rusis", "savininkas", "asmens_id", "asmens_kodas", "dal_kodas", "dal_pavadinimas", "dalis", "kontroliuoja", "su_asmenimis", "apie_asmeni"]"#,
        "[search]\nkind = { lt = \"savininkas\", en = \"owner\" }\nname = [[\"savininkas\"], [\"dal_pavadinimas\"]]\nfound_by = [\"dal_kodas\"]\ntold_apart_by = [\"asmens_id\", \"dal_kodas\"]\nexcept = { savininko_rusis = \"nezinomas\" }\n\n[history]",
    ),
    (
        "out_lesos",
        "Viešojo sektoriaus lėšos",
        r#"["ja_kodas", "eil_nr"]"#,
        r#"["ja_kodas!", "eil_nr!", "metai", "institucija", "suma", "dokumentas", "apie_asmeni"]"#,
        "[search]\nkind = { lt = \"institucija\", en = \"institution\" }\nname = [[\"institucija\"]]\ndomains = [\"dokumentas\"]\ntold_apart_by = [\"institucija\"]\n\n[payments]\namounts = [\"suma\"]\nyear = \"metai\"\nday = \"reg_data\"\npayer = [[\"institucija\"]]\n\n[history]",
    ),
    (
        "out_rusiu_statistika",
        "Lėšos pagal VIP rūšį",
        r#"["metai", "rusis"]"#,
        r#"["metai!", "rusis!", "rusis_pavadinimas", "skaicius", "suma", "dydis", "konfidencialu"]"#,
        "protect = [{ values = [\"suma\"], persons = \"skaicius\" }]",
    ),
];

const DATASETS: [(&str, &str, &str, &str, &str); 3] = [
    ("virs", "VIRS ir jų savininkai", "duomenys", r#"["out_virs", "out_savininkai"]"#, ""),
    ("lesos", "Lėšos", "duomenys", r#"["out_lesos"]"#, ""),
    (
        "lesu_statistika",
        "Lėšų statistika",
        "statistika",
        r#"["out_rusiu_statistika"]"#,
        "chart = { label = \"rusis\", value = \"suma\", latest = [\"metai\"] }",
    ),
];

const PAGES: [(&str, &str); 2] = [
    (
        "savininkai",
        r#"
title = { lt = "Savininkai", en = "Owners" }
description = { lt = "Kam priklauso VIRS.", en = "d" }
place = 1
table = "out_savininkai"
tiers = ["public", "open"]
persons = { lt = "Skelbiama pagal įstatymą.", en = "p" }
"#,
    ),
    (
        "institucijos",
        r#"
title = { lt = "Institucijos", en = "Institutions" }
description = { lt = "Kas skiria lėšų.", en = "d" }
place = 2
table = "out_lesos"
tiers = ["public", "open"]
layout = "entry"
"#,
    ),
];

const KINDS: [(&str, &str); 6] = [
    ("laikrastis", "Laikraštis"),
    ("zurnalas", "Žurnalas"),
    ("radijo_programa", "Radijo programa"),
    ("televizijos_programa", "Televizijos programa"),
    ("interneto_svetaine", "Interneto svetainė, kurioje skelbiama viešoji informacija"),
    ("kita", "Kita <priemonė>"),
];

/// Writes the definitions under `home` and loads them.
pub(crate) fn catalog(home: &Path) -> Catalog {
    let data = home.join("data");
    for folder in ["columns", "tables", "datasets", "classifiers", "law", "pages"] {
        fs::create_dir_all(data.join(folder)).unwrap();
    }
    let law = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/law");
    for file in ["bsi.csv", "parameters.toml"] {
        fs::copy(law.join(file), data.join("law").join(file)).unwrap();
    }
    fs::write(data.join("columns/visi.toml"), COLUMNS).unwrap();
    for (name, text) in PAGES {
        fs::write(data.join(format!("pages/{name}.toml")), text).unwrap();
    }
    let about = "+++\ntitle = \"Apie pavyzdį\"\n+++\nKas tai, ir [šaltiniai](index.html#saltiniai).\n";
    fs::write(data.join("pages/apie.md"), about).unwrap();
    fs::write(data.join("pages/apie.en.md"), "+++\ntitle = \"About\"\n+++\n## What it is\n").unwrap();
    for (name, title, key, columns, more) in TABLES {
        let text = format!(
            "title = {{ lt = \"{title}\", en = \"{name}\" }}\ndescription = {{ lt = \"Viena eilutė – vienas įrašas.\", en = \"One row per record.\" }}\nkey = {key}\ncolumns = {columns}\ntiers = [\"internal\", \"public\", \"open\"]\n{more}\n"
        );
        fs::write(data.join(format!("tables/{name}.toml")), text).unwrap();
    }
    for (name, title, group, tables, more) in DATASETS {
        let text = format!(
            "title = {{ lt = \"{title}\", en = \"{name}\" }}\ndescription = {{ lt = \"Kam priklauso ir iš ko gauna lėšų viešosios informacijos rengėjai ir skleidėjai.\", en = \"d\" }}\ngroup = \"{group}\"\ntables = {tables}\n{more}\n"
        );
        fs::write(data.join(format!("datasets/{name}.toml")), text).unwrap();
    }
    let terms = |terms: &[(&str, &str)]| {
        let lines: String = terms.iter().map(|(code, title)| format!("{code},\"{title}\",x\n")).collect();
        format!("kodas,lt,en\n{lines}")
    };
    let classifiers: [(&str, &[(&str, &str)]); 4] = [
        ("rusys", &KINDS),
        ("savininku_rusys", &[("fizinis", "Fizinis asmuo"), ("juridinis", "Juridinis asmuo"), ("nezinomas", "Nežinoma")]),
        ("saltiniai", &[("jar", "Juridinių asmenų registras (JAR)"), ("jadis", "Juridinių asmenų dalyvių informacinė sistema (JADIS)")]),
        ("saltinio_busenos", &[("fresh", "Naujausi duomenys"), ("stale", "Ankstesnės laidos duomenys"), ("failed", "Nepavyko gauti")]),
    ];
    for (name, list) in classifiers {
        fs::write(data.join(format!("classifiers/{name}.csv")), terms(list)).unwrap();
    }
    Catalog::load(home).unwrap()
}

/// All tables of all tiers, for `virs` entities with `each` rows of funds.
pub(crate) fn tables(catalog: &Catalog, virs: usize, each: usize) -> Vec<Released> {
    let all = [registry(virs), owners(virs), funds(virs, each), statistics()];
    let admit = |tier: Tier, name: &str, columns: &[(&str, ArrayRef)]| {
        let table = catalog.table(name).unwrap().clone();
        let schema = table.schema_for(tier);
        // Shares are open in no row, as if a person were among the owners of every VIRS.
        let is_withheld = |name: &str| tier == Tier::Open && table.column(name).unwrap().column.personal == Personal::Share;
        let cells = |name: &String| columns.iter().find(|(known, _)| known == name).unwrap().1.clone();
        let arrays = schema.fields().iter().map(|field| match is_withheld(field.name()) {
            true => new_null_array(field.data_type(), cells(field.name()).len()),
            false => cells(field.name()),
        });
        let arrays = arrays.collect();
        let mut rows = RecordBatch::try_new(schema, arrays).unwrap();
        // The open tier has no row about a person.
        if let Some((_, about)) = columns.iter().find(|(name, _)| *name == "apie_asmeni" && tier == Tier::Open) {
            let keep = arrow::compute::not(arrow::array::AsArray::as_boolean(about.as_ref())).unwrap();
            rows = arrow::compute::filter_record_batch(&rows, &keep).unwrap();
        }
        Released::admit(table, tier, rows, &Evidence::default()).unwrap()
    };
    Tier::ALL.iter().flat_map(|&tier| all.iter().map(move |(name, columns)| admit(tier, name, columns))).collect()
}

/// Two rows for every table that the definitions of this project publish, whatever they say.
pub(crate) fn of_every_definition(catalog: &Catalog) -> Vec<Released> {
    let cell = |column: &TableColumn| -> ArrayRef {
        let name = column.column.name.as_str();
        let code = match &column.column.check {
            Some(Check::Classifier(classifier)) => catalog.classifier(classifier).unwrap().terms[0].code.clone(),
            _ => "Ąžuolas & Ko".to_owned(),
        };
        match column.column.kind {
            Kind::Text if column.column.personal == Personal::RecordNumber => {
                text(["a", "b"].map(|letter| Some(letter.repeat(PSEUDONYM_LETTERS))).into_iter())
            }
            Kind::Text if name == "ja_kodas" => text([code_of(1), code_of(2)].into_iter().map(Some)),
            Kind::Text if name == catalog::CONFIDENTIAL_MARK => text([None::<String>, None].into_iter()),
            Kind::Text if matches!(column.column.check, Some(Check::Classifier(_))) => text([Some(code.clone()), Some(code)].into_iter()),
            Kind::Text => text([Some(format!("{code} 1")), Some(format!("{code} 2"))].into_iter()),
            // Rounded already, where counts are.
            Kind::Integer => integer([2000, 2100].into_iter()),
            Kind::Date => Arc::new(Date32Array::from(vec![20_000, 20_001])),
            Kind::Boolean => Arc::new(BooleanArray::from(vec![false, true])),
            kind => decimal([Some(5), Some(70_000_000_000)].into_iter(), kind),
        }
    };
    let tables = catalog.tables(Layer::Out).flat_map(|table| table.tiers.iter().map(move |&tier| (table, tier)));
    tables
        .map(|(table, tier)| {
            let rows = RecordBatch::try_new(table.schema_for(tier), table.visible(tier).map(cell).collect()).unwrap();
            // A key of classifier codes alone is the same in both rows.
            let rows =
                if Released::admit(table.clone(), tier, rows.clone(), &Evidence::default()).is_ok() { rows } else { rows.slice(0, 1) };
            Released::admit(table.clone(), tier, rows, &Evidence::default()).unwrap()
        })
        .collect()
}

/// The gate, as the run has it.
fn admit_again(table: Arc<Table>, tier: Tier, rows: RecordBatch) -> Result<Released, String> {
    Released::admit(table, tier, rows, &Evidence::default()).map_err(|error| error.to_string())
}

/// What a release's site says beside its tables: nothing.
pub(crate) fn context(release: &ReleaseInfo) -> SiteContext<'_> {
    SiteContext {
        release,
        news: &[],
        audited: &[],
        models: &MODELS,
        notice: None,
        salt: [0; 32],
        admit: &admit_again,
        renew_ids: &|rows, _| Ok(rows.clone()),
        sql: SqlAccess::default(),
        boundaries: None,
        internal_pages: true,
    }
}

pub(crate) fn info() -> ReleaseInfo {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
    let source = |source: &str, table: &str, state, stale_since| SourceEntry {
        source: source.to_owned(),
        table: table.to_owned(),
        extract_date: day(3, 1),
        state,
        stale_since,
        rows: 12_345,
        quarantined: 2,
    };
    ReleaseInfo {
        date: day(3, 1).unwrap(),
        code_version: "0.1.0".to_owned(),
        definitions: "0f".repeat(32),
        rounded_to: Some(10),
        person_ids: None,
        publication: Some(Publication { contact: Some("duomenys@pavyzdys.lt".to_owned()), ..Publication::default() }),
        sources: vec![
            source("jar", "raw_jar__iregistruoti", SourceState::Fresh, None),
            source("jadis", "raw_jadis__dalyviai", SourceState::Stale, day(2, 27)),
        ],
    }
}

type Columns = (&'static str, Vec<(&'static str, ArrayRef)>);

fn text<T: Into<String>>(values: impl Iterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.map(|value| value.map(Into::into)).collect::<StringArray>())
}

fn decimal(values: impl Iterator<Item = Option<i128>>, kind: Kind) -> ArrayRef {
    Arc::new(values.collect::<Decimal128Array>().with_data_type(kind.arrow()))
}

fn integer(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(values.collect::<Int64Array>())
}

fn code_of(virs: usize) -> String {
    format!("{}", 300_000_000 + virs)
}

const NAMES: [&str; 6] =
    ["Ąžuolo žinios", "Baltijos bangos", "Čiurlionio studija", "Šiaurės naujienos", "Žemaičių krašto laikraštis", "15 akimirkų"];

fn registry(virs: usize) -> Columns {
    let all = || 0..virs;
    let name = |i: usize| match i {
        1 => "MB <script>alert(\"x\")</script> & Ko".to_owned(),
        _ => format!("{} „{} {i}“", if i.is_multiple_of(3) { "UAB" } else { "VšĮ" }, NAMES[i % NAMES.len()]),
    };
    let columns = vec![
        ("ja_kodas", text(all().map(|i| Some(code_of(i))))),
        ("pavadinimas", text(all().map(|i| Some(name(i))))),
        ("forma", text(all().map(|_| Some("310")))),
        ("forma_pavadinimas", text(all().map(|i| Some(if i.is_multiple_of(3) { "Uždaroji akcinė bendrovė" } else { "Viešoji įstaiga" })))),
        ("adresas", text(all().map(|i| (!i.is_multiple_of(5)).then(|| format!("Vilnius, Gedimino pr. {i}"))))),
        ("reg_data", Arc::new(all().map(|i| Some(10_000 + i as i32)).collect::<Date32Array>()) as ArrayRef),
        ("isreg_data", Arc::new(all().map(|i| (i % 10 == 4).then_some(20_000)).collect::<Date32Array>())),
        ("audiovizualinis", Arc::new(all().map(|i| Some(i % 2 == 0)).collect::<BooleanArray>())),
        ("apie_asmeni", Arc::new(all().map(|i| Some(i % 10 == 1)).collect::<BooleanArray>())),
    ];
    ("out_virs", columns)
}

fn owners(virs: usize) -> Columns {
    let rows: Vec<(usize, usize)> = (0..virs).flat_map(|i| (0..3).map(move |n| (i, n))).collect();
    let all = || rows.iter().copied();
    let columns = vec![
        ("ja_kodas", text(all().map(|(i, _)| Some(code_of(i))))),
        ("eil_nr", integer(all().map(|(_, n)| n as i64 + 1))),
        ("savininko_rusis", text(all().map(|(_, n)| Some(["fizinis", "juridinis", "nezinomas"][n])))),
        (
            "savininkas",
            text(all().map(|(i, n)| match n {
                0 => Some(format!("Vardenė Pavardenė {}", i / 2)),
                1 => None,
                _ => Some("Nežinomas".to_owned()),
            })),
        ),
        ("asmens_id", text(all().map(|(i, n)| (n == 0).then(|| format!("{}{:08x}", "f".repeat(24), i / 2))))),
        ("dal_kodas", text(all().map(|(i, n)| (n == 1).then(|| code_of(i + 500_000))))),
        ("asmens_kodas", text(all().map(|(_, n)| (n == 0).then_some("00000000000")))),
        ("dal_pavadinimas", text(all().map(|(i, n)| (n == 1).then(|| format!("UAB „Žiniasklaidos valdymo grupė {i}“"))))),
        ("dalis", decimal(all().map(|(_, n)| Some([333_333_333_333, 656_666_666_667, 10_000_000_000][n])), Kind::Share)),
        ("kontroliuoja", Arc::new(all().map(|(_, n)| Some(n == 1)).collect::<BooleanArray>())),
        ("su_asmenimis", Arc::new(all().map(|_| Some(true)).collect::<BooleanArray>())),
        ("apie_asmeni", Arc::new(all().map(|(_, n)| Some(n == 0)).collect::<BooleanArray>())),
    ];
    ("out_savininkai", columns)
}

fn funds(virs: usize, each: usize) -> Columns {
    let rows: Vec<(usize, usize)> = (0..virs).flat_map(|i| (0..each).map(move |n| (i, n))).collect();
    let all = || rows.iter().copied();
    let link = |n: usize| n.is_multiple_of(4).then(|| format!("https://example.lt/sutartis?nr={n}&m=1"));
    let columns = vec![
        ("ja_kodas", text(all().map(|(i, _)| Some(code_of(i))))),
        ("eil_nr", integer(all().map(|(_, n)| n as i64 + 1))),
        ("metai", integer(all().map(|(_, n)| 2026 - (n % 8) as i64))),
        ("institucija", text(all().map(|(_, n)| Some(["Vilniaus miesto savivaldybės administracija", "Medijų rėmimo fondas"][n % 2])))),
        ("suma", decimal(all().map(|(i, n)| Some((i * 7_919 + n * 1_234_567) as i128 % 9_876_543)), Kind::Money)),
        ("dokumentas", text(all().map(|(_, n)| link(n)))),
        ("apie_asmeni", Arc::new(all().map(|_| Some(false)).collect::<BooleanArray>())),
    ];
    ("out_lesos", columns)
}

fn statistics() -> Columns {
    let rows: Vec<(i64, usize)> = (2020..2026).flat_map(|year| (0..KINDS.len()).map(move |kind| (year, kind))).collect();
    let all = || rows.iter().copied();
    let hidden = |(year, kind): (i64, usize)| (year + kind as i64) % 7 == 3;
    let columns = vec![
        ("metai", integer(all().map(|(year, _)| year))),
        ("rusis", text(all().map(|(_, kind)| Some(KINDS[kind].0)))),
        ("rusis_pavadinimas", text(all().map(|(_, kind)| Some(KINDS[kind].1)))),
        ("skaicius", integer(all().map(|(_, kind)| 12 * kind as i64 + 3))),
        ("suma", decimal(all().map(|row| (!hidden(row)).then(|| (row.1 as i128 + 1) * 123_456_789)), Kind::Money)),
        ("dydis", decimal(all().map(|(_, kind)| Some(kind as i128 * 12_345_000)), Kind::Number)),
        ("konfidencialu", text(all().map(|row| hidden(row).then_some("suma")))),
    ];
    ("out_rusiu_statistika", columns)
}

/// Whether a file describes a tier and so says of which release it is, which files that has, or how many rows.
pub(crate) fn is_description(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| ["datapackage.json", "dsa.csv", "llms.txt", "openapi.json"].contains(&name))
}

//! The data sets of Articles 6 and 25 of the European Media Freedom Act against an independent calculation from the other published tables: sums and states
//! of funds, revenue from third countries, and what of it all is open. `emfa_owners.rs` has owners and business groups.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

use crate::country::{Country, extract, files, home};
use crate::identity::{JADIS, add, without_participants};
use crate::thing_pages::{sum, text};

const TIERS: [&str; 3] = ["internal", "public", "open"];
/// The first year in which the Regulation applies.
const APPLIES: i64 = 2025;

/// Advertising, what is unclear, and other funds, in cents.
type Funds = [i128; 3];

/// A country with what no generated one is sure to have.
pub(crate) struct Planted {
    pub(crate) country: Country,
    /// VIRS: one whose owner stands behind a company, two of one owner.
    pub(crate) virs: Vec<String>,
    /// An institution that gave funds in 2024 only.
    institution: String,
}

pub(crate) static PLANTED: LazyLock<Planted> = LazyLock::new(|| {
    let country = Country::generate(67, &home());
    let virs = without_participants(&country, 3);
    let (headings, rows) = extract(&country.path("extracts/JAR_IREGISTRUOTI.csv"));
    let place = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let (code, form) = (place("ja_kodas"), place("form_kodas"));
    let (_, held) = extract(&country.path("extracts").join(JADIS));
    let met: BTreeSet<&String> = held.iter().flatten().chain(&virs).collect();
    let mut free = rows.iter().filter(|row| row.len() == headings.len() && row[form] == "310" && !met.contains(&row[code]));
    let (company, institution) = (free.next().unwrap()[code].clone(), free.next().unwrap()[code].clone());
    let participant = |number: &str, entity: &str, shares: &str, of: &[(&str, &str)]| {
        let facts = [("dalyvio_nr", number), ("ja_kodas", entity), ("akcijos", shares), ("visos_akcijos", "100"), ("nuo", "2020-01-01")];
        add(&country, JADIS, &[&facts[..], of].concat());
    };
    let person = |number: &str, entity: &str, shares: &str, given: &str| {
        let of = [("dalyvio_rusis", "UF"), ("vardas", given), ("pavarde", "Išgalvota"), ("gimimo_data", "1970-01-02"), ("valstybe", "FI")];
        participant(number, entity, shares, &of);
    };
    // Ūla has 60 % of a company that has 30 % of the first: 18 % of it, and all of its 30 % in her hands.
    participant("T-1", &virs[0], "30", &[("dalyvio_rusis", "J"), ("dal_kodas", &company), ("dal_pavadinimas", "Išgalvota")]);
    person("T-2", &company, "60", "Ūla");
    person("T-3", &company, "40", "Onė");
    for (number, given, shares) in [("T-4", "Eglė", "25"), ("T-5", "Rūta", "25"), ("T-6", "Vita", "20")] {
        person(number, &virs[0], shares, given);
    }
    person("T-7", &virs[1], "100", "Daiva");
    person("T-8", &virs[2], "100", "Daiva");
    let funds = [("institucija", "Išgalvota taryba"), ("institucijos_kodas", institution.as_str()), ("ja_kodas", virs[0].as_str())];
    let paid = [("sutarties_rusis", "paslaugu_sutartis"), ("suma", "100.00"), ("data", "2024-03-01")];
    add(&country, "formos_lesos.v1.csv", &[&funds[..], &paid].concat());
    // A body of a third country pays for advertising, one of a Member State, and a person of the third country.
    let body = |state: &'static str| {
        [
            ("dal_tipo_kodas", "J"),
            ("p_kamp_dal_valstybe", state),
            ("p_kamp_dal_kodas", "700012345"),
            ("p_kamp_dal_pavad", "Išgalvota taryba"),
        ]
    };
    let named = [("dal_tipo_kodas", "F"), ("p_kamp_dal_vardas", "Vera"), ("p_kamp_dal_pavarde", "Išgalvota")];
    let person = [&named[..], &[("p_kamp_dal_gimimo_data", "1970-01-02"), ("p_kamp_dal_valstybe", "BY")]].concat();
    for (number, payer, price) in [("T-1", &body("BY")[..], "500.50"), ("T-2", &body("LV"), "10.00"), ("T-3", &person, "70.00")] {
        let of = [("reklamos_id", number), ("p_kamp_rusis", "SAV"), ("virs_ja_kodas", virs[0].as_str()), ("reklamos_kaina", price)];
        let days = [("reklamos_data_nuo", "2026-02-01"), ("reklamos_data_iki", "2026-02-05")];
        add(&country, "vrk_reklama.v1.csv", &[&of[..], payer, &days].concat());
    }
    country.ok(&["run"]);
    Planted { country, virs, institution }
});

fn year(row: &Value) -> i64 {
    row["metai"].as_i64().unwrap()
}

/// A sum in cents, or nothing where the cell is empty.
fn money(row: &Value, column: &str) -> Option<i128> {
    (!row[column].is_null()).then(|| sum(row, column))
}

/// The day of the newest extract.
fn day() -> String {
    let sources = PLANTED.country.table("internal", "saltinis");
    sources.iter().map(|row| text(row, "israso_data").to_owned()).max().unwrap()
}

/// Whether institutions have handed in what they gave in a year: they do twice a year.
fn is_handed_in(year: i64) -> bool {
    format!("{}-07-01", year + 1) <= day()
}

/// Years since the Regulation applies in which somebody gave something, and the one that goes on.
fn years() -> BTreeSet<i64> {
    let now: i64 = day()[..4].parse().unwrap();
    let given = PLANTED.country.table("internal", "lesos").iter().map(year).collect::<BTreeSet<_>>();
    given.into_iter().filter(|year| (APPLIES..now).contains(year)).chain([now]).collect()
}

/// Sums of public funds by whatever `key` says of their rows.
fn funds<K: Ord>(rows: &[Value], key: impl Fn(&Value) -> K) -> BTreeMap<K, Funds> {
    let mut sums: BTreeMap<K, Funds> = BTreeMap::new();
    for row in rows {
        let purpose = match text(row, "sutarties_rusis") {
            "paslaugu_sutartis" => 0,
            "dotacija" | "projekto_finansavimas" | "prenumerata" => 2,
            _ => 1,
        };
        sums.entry(key(row)).or_default()[purpose] += sum(row, "suma");
    }
    sums
}

/// What a sum is shown as: of a year that is not handed in, nothing means that nobody knows.
fn shown(sum: i128, year: i64) -> Option<i128> {
    Some(sum).filter(|sum| *sum > 0 || is_handed_in(year))
}

#[test]
fn funds_of_institutions_and_providers_are_what_the_rows_of_the_same_tier_add_up_to() {
    let country = &PLANTED.country;
    let mut states = BTreeMap::new();
    for tier in TIERS {
        let paid = country.table(tier, "lesos");
        let key = |row: &Value| (text(row, "institucijos_kodas").to_owned(), year(row), text(row, "ja_kodas").to_owned());
        let found: BTreeMap<_, Funds> = country
            .table(tier, "emfa_reklama")
            .iter()
            .map(|row| {
                let key = (text(row, "institucijos_kodas").to_owned(), year(row), text(row, "teikejo_kodas").to_owned());
                (key, ["valstybes_reklama", "neaiski_suma", "kitos_lesos"].map(|column| sum(row, column)))
            })
            .collect();
        assert!(found.len() > 30 && found == funds(&paid, key), "{tier}");

        let by_provider = funds(&paid, |row| (text(row, "ja_kodas").to_owned(), year(row)));
        let rows = country.table(tier, "emfa_lesos");
        for row in &rows {
            let key = (text(row, "teikejo_kodas").to_owned(), year(row));
            let given = by_provider.get(&key).copied().unwrap_or_default();
            let sums = ["valstybes_reklama", "neaiski_suma", "kitos_lesos", "viesosios_lesos"].map(|column| money(row, column));
            let all = given.iter().sum();
            assert_eq!(sums, [given[0], given[1], given[2], all].map(|sum| shown(sum, key.1)), "{tier} {key:?}");
            let state = match (given[0] > 0, given[1] > 0, is_handed_in(key.1)) {
                (_, true, _) | (true, false, false) => "is_dalies",
                (true, false, true) => "skelbiama",
                (false, false, true) => "nera",
                (false, false, false) => "nezinoma",
            };
            assert_eq!(text(row, "reklamos_busena"), state, "{tier} {key:?}");
            *states.entry((tier, state)).or_insert(0) += 1;
        }
        // Nobody is silent who was a VIRS since the Regulation applies.
        let mut expected: BTreeSet<(String, i64)> = by_provider.into_keys().collect();
        for virs in country.table(tier, "virs") {
            let of = |column: &str| text(&virs, column).get(..4).map(|year| year.parse::<i64>().unwrap());
            let (from, until) = (of("virs_nuo").unwrap(), of("virs_iki").unwrap_or(i64::MAX));
            expected.extend(
                years().into_iter().filter(|year| (from..=until).contains(year)).map(|year| (text(&virs, "ja_kodas").to_owned(), year)),
            );
        }
        assert_eq!(rows.iter().map(|row| (text(row, "teikejo_kodas").to_owned(), year(row))).collect::<BTreeSet<_>>(), expected, "{tier}");
    }
    assert_eq!(states.len(), 12, "every state is met in every tier: {states:?}");
}

#[test]
fn an_institution_without_funds_says_so_and_its_totals_leave_persons_out_in_every_tier() {
    let country = &PLANTED.country;
    let of = |row: &Value| (text(row, "institucijos_kodas").to_owned(), year(row));
    let (all, open) = (funds(&country.table("internal", "lesos"), of), funds(&country.table("open", "lesos"), of));
    assert!(all != open, "some funds went to sole proprietors");
    let mut expected: BTreeSet<(String, i64)> = all.keys().cloned().collect();
    for institution in all.keys().map(|(institution, _)| institution) {
        let first = all.keys().filter(|(other, _)| other == institution).map(|(_, year)| *year).min().unwrap();
        expected.extend(years().into_iter().filter(|year| first <= *year).map(|year| (institution.clone(), year)));
    }
    let mut rows_by_tier = TIERS.map(|tier| country.table(tier, "emfa_institucija"));
    for rows in &mut rows_by_tier {
        rows.sort_by_key(|row| of(row));
    }
    let [internal, public, open_rows] = &rows_by_tier;
    assert!(internal == public && public == open_rows);
    assert_eq!(internal.iter().map(of).collect::<BTreeSet<_>>(), expected);
    for row in internal {
        let key = of(row);
        let given = open.get(&key).copied().unwrap_or_default();
        let sums = ["reklama_be_asmenu", "neaiski_be_asmenu", "kitos_be_asmenu"].map(|column| money(row, column));
        assert_eq!(sums, given.map(|sum| shown(sum, key.1)), "{key:?}");
        let state = match (all.contains_key(&key), is_handed_in(key.1)) {
            (true, true) => "skelbiama",
            (true, false) => "is_dalies",
            (false, true) => "nera",
            (false, false) => "nezinoma",
        };
        assert_eq!(text(row, "lesu_busena"), state, "{key:?}");
    }
    let planted: Vec<&str> =
        internal.iter().filter(|row| text(row, "institucijos_kodas") == PLANTED.institution).map(|row| text(row, "lesu_busena")).collect();
    assert_eq!(planted, ["skelbiama", "nera", "nezinoma"], "2024, 2025 and the year that goes on");
}

#[test]
fn what_third_countries_paid_is_apart_and_nothing_known_is_never_nothing() {
    let country = &PLANTED.country;
    for tier in ["internal", "public"] {
        let rows = country.table(tier, "emfa_treciosios_salys");
        let known: Vec<&Value> = rows.iter().filter(|row| !row["treciuju_saliu_suma"].is_null()).collect();
        let [row] = known[..] else { panic!("{tier}: {known:?}") };
        let told = (text(row, "teikejo_kodas"), year(row), sum(row, "treciuju_saliu_suma"), text(row, "treciuju_saliu_busena"));
        assert_eq!(told, (PLANTED.virs[0].as_str(), 2026, 50_050, "is_dalies"));
        let others = rows.iter().filter(|row| row["treciuju_saliu_suma"].is_null());
        assert!(others.clone().count() > 40 && others.into_iter().all(|row| text(row, "treciuju_saliu_busena") == "nezinoma"));
    }
    let paid = country.table("public", "reklama");
    let planted = paid.iter().filter(|row| text(row, "ja_kodas") == PLANTED.virs[0] && text(row, "reklamos_nr").starts_with("T-"));
    assert_eq!(
        planted.map(|row| sum(row, "kaina")).sum::<i128>(),
        58_050,
        "a person of a third country and a body of a Member State paid, too"
    );
}

#[test]
fn the_open_tier_names_no_sole_proprietor_and_no_group_where_persons_have_a_part() {
    let country = &PLANTED.country;
    let virs = country.table("internal", "virs");
    let where_true =
        |column: &str| -> BTreeSet<&str> { virs.iter().filter(|row| row[column] != false).map(|row| text(row, "ja_kodas")).collect() };
    let (proprietors, with_persons) = (where_true("individuali"), where_true("su_asmenimis"));
    assert!(!proprietors.is_empty());
    for table in ["emfa_lesos", "emfa_reklama"] {
        let codes = |tier: &str| -> BTreeSet<String> {
            country.table(tier, table).iter().map(|row| text(row, "teikejo_kodas").to_owned()).collect()
        };
        let named = |tier: &str| codes(tier).iter().filter(|code| proprietors.contains(code.as_str())).count();
        assert!(named("public") > 0 && named("open") == 0, "{table}");
        assert!(
            codes("public").iter().filter(|code| !proprietors.contains(code.as_str())).cloned().collect::<BTreeSet<_>>() == codes("open")
        );
    }
    for row in country.table("open", "emfa_reklama") {
        let is_shown = ["grupes_busena", "grupes_busena_pavadinimas", "grupes_kodas", "grupes_pavadinimas", "grupes_valstybe"]
            .iter()
            .any(|column| !row[*column].is_null());
        assert!(!is_shown || !with_persons.contains(text(&row, "teikejo_kodas")), "{row}");
    }
    let open = files(&country.path("portal/latest/open").canonicalize().unwrap());
    let named = |table: &str| open.iter().any(|path| path.display().to_string().contains(table));
    assert!(named("emfa_lesos") && ["emfa_teikejas", "emfa_savininkas", "emfa_grupe", "emfa_treciosios"].iter().all(|table| !named(table)));
    // Whose undertaking a firm may be, that person's contacts it may have.
    let own = where_true("sava_imone");
    let contacts: Vec<Value> = country.table("public", "emfa_teikejas");
    let has_contact = |row: &&Value| ["el_pastas", "telefonas"].iter().any(|column| !row[*column].is_null());
    assert!(
        contacts.iter().any(|row| has_contact(&row))
            && contacts.iter().filter(has_contact).all(|row| !own.contains(text(row, "teikejo_kodas")))
    );
}

#[test]
fn pages_of_virs_do_not_repeat_what_these_data_sets_have_and_their_own_pages_name_the_articles() {
    let country = &PLANTED.country;
    let page = |path: &str| std::fs::read_to_string(country.path("portal/latest").join(path)).unwrap();
    assert!(!page(&format!("public/virs/{}.html", PLANTED.virs[0])).contains("emfa_"));
    for tier in ["public", "open"] {
        for (article, points) in
            [("6", ["6 straipsnio 1 dalies d punktas", "Nėra ką skelbti"]), ("25", ["25 straipsnio 2 dalies", "Valstybės reklama"])]
        {
            let page = page(&format!("{tier}/duomenys/emfa-{article}-straipsnis.html"));
            assert!(points.iter().all(|said| page.contains(said)), "{tier} {article}");
        }
    }
}

//! Licences, annual fees, violations and ethics findings.

use chrono::{Datelike, NaiveDate};

use crate::bad_rows::Fault;
use crate::country::Country;
use crate::draws::{Draws, date};
use crate::extract::Extract;
use crate::format::{Euros, Layout, Maybe};
use crate::virs::Virs;
use crate::{AS_OF, Error, names, roles};

const LICENCES: Layout<11> = Layout::new(
    "raw_lis__licencijos",
    "lis_licencijos.v1.csv",
    [
        "licencijos_nr",
        "ja_kodas",
        "veikla",
        "institucija",
        "institucijos_kodas",
        "isdavimo_data",
        "galioja_nuo",
        "galioja_iki",
        "licencijos_busena",
        "teritorija",
        "dokumentas",
    ],
    &[
        Fault::Classifier("licencijos_busena"),
        Fault::Order("galioja_nuo", "galioja_iki"),
        Fault::EntityCode("institucijos_kodas"),
        Fault::Required("licencijos_nr"),
    ],
);

const FEES: Layout<8> = Layout::new(
    "raw_formos__imokos",
    "formos_imokos.v1.csv",
    ["ja_kodas", "suma", "nustatymo_data", "galiojimo_data", "dokumento_nr", "institucija", "institucijos_kodas", "dokumentas"],
    &[Fault::Money("suma"), Fault::Negative("suma"), Fault::Order("nustatymo_data", "galiojimo_data")],
);

const VIOLATION_HEADINGS: [&str; 10] = [
    "vip_nr",
    "ja_kodas",
    "pazeidimas",
    "priemone",
    "sprendimo_data",
    "dokumento_nr",
    "galioja_iki",
    "institucija",
    "institucijos_kodas",
    "dokumentas",
];

const AUDIOVISUAL_VIOLATIONS: Layout<10> = Layout::new(
    "raw_formos__pazeidimai_lrtk",
    "formos_pazeidimai_lrtk.v1.csv",
    VIOLATION_HEADINGS,
    &[Fault::Classifier("pazeidimas"), Fault::Required("dokumento_nr")],
);

const OTHER_VIOLATIONS: Layout<10> = Layout::new(
    "raw_formos__pazeidimai_zeit",
    "formos_pazeidimai_zeit.v1.csv",
    VIOLATION_HEADINGS,
    &[Fault::Date("sprendimo_data", "2023-02-29"), Fault::Key("priemone", "bauda")],
);

const ETHICS: Layout<7> = Layout::new(
    "raw_formos__etika",
    "formos_etika.v1.csv",
    ["vip_nr", "ja_kodas", "etikos_kategorija", "pripazinimo_data", "dokumento_nr", "galioja_iki", "dokumentas"],
    &[Fault::Classifier("etikos_kategorija"), Fault::Required("pripazinimo_data")],
);

const LICENSED: [&str; 4] = ["tv_transliavimas", "radijo_transliavimas", "retransliavimas", "platinimas_internete"];
const VALID: &str = "galioja";
const PAST: [&str; 2] = ["panaikinta", "pasibaigusi"];
const VIOLATIONS: [&str; 3] = ["19_1", "19_2", "19_3"];
const MEASURES: [(&str, usize); 5] = [("ispejimas", 45), ("bauda", 35), ("paneigimas", 10), ("sustabdymas", 7), ("panaikinimas", 3)];

/// Writes all of it.
pub(crate) fn write(country: &mut Country) -> Result<(), Error> {
    write_licences(country)?;
    write_fees(country)?;
    let audiovisual: Vec<usize> = (0..country.virs.len()).filter(|&place| country.virs[place].is_audiovisual()).collect();
    let other: Vec<usize> = (0..country.virs.len()).filter(|&place| !country.virs[place].is_audiovisual()).collect();
    write_violations(country, true, &audiovisual)?;
    write_violations(country, false, &other)?;
    write_ethics(country)
}

fn write_licences(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("lis__licencijos");
    let holders: Vec<&Virs> = country.virs.iter().filter(|virs| virs.is_audiovisual()).collect();
    let by_licence = holders.iter().filter(|virs| virs.only_by_licence).count();
    let strangers: Vec<u64> = country.entities.all[country.entities.others.clone()]
        .iter()
        .take(2 * roles::copies(country.virs.len()))
        .map(|entity| entity.code)
        .collect();
    let mut file = country.extract(&LICENCES, holders.len())?;
    for virs in holders {
        let code = country.entities.all[virs.entity].code;
        // A VIRS that has ceased has no valid licence; one by licence only has one that is valid.
        if virs.until.is_none() && (virs.only_by_licence || draws.percent(90)) {
            write_licence(country, &mut file, code, virs.activities[0], Some(virs.since), &mut draws)?;
        }
        if virs.until.is_some() || draws.percent(30) {
            write_licence(country, &mut file, code, virs.activities[0], None, &mut draws)?;
        }
    }
    for &code in &strangers {
        write_licence(country, &mut file, code, "transliuotojas", None, &mut draws)?;
    }
    country.count("licence_only_virs", by_licence);
    country.count("licence_holders_not_virs", strangers.len());
    country.close(file)
}

/// A licence valid since a day, or one that has come to its end.
fn write_licence(
    country: &Country,
    file: &mut Extract<11>,
    code: u64,
    activity: &str,
    valid: Option<NaiveDate>,
    draws: &mut Draws,
) -> Result<(), Error> {
    let number = format!("L-{:05}", file.good_rows() + 1);
    let licensed = match activity {
        "retransliuotojas" => LICENSED[2],
        "tv_platintojas_internete" | "uzsakomosios_paslaugos" => LICENSED[3],
        _ => LICENSED[draws.below(2)],
    };
    let from = valid.unwrap_or_else(|| draws.day(date(2005, 1, 1), date(2019, 12, 31)));
    let issued = draws.day(from - chrono::Days::new(60), from);
    let until = match valid {
        Some(_) => draws.percent(40).then(|| draws.day(date(2027, 1, 1), date(2035, 12, 31))),
        None => Some(draws.day(date(2020, 1, 1), date(2026, 9, 30))),
    };
    let state = if valid.is_some() { VALID } else { draws.pick(&PAST) };
    let territory = if draws.percent(40) { "Lietuvos Respublika" } else { names::town(draws) };
    let document = draws.percent(70).then(|| format!("https://dokumentai.pavyzdys.example/licencijos/{number}.pdf"));
    let overseer = country.entities.broadcasting_overseer();
    file.row([
        &number,
        &code,
        &licensed,
        &overseer.name,
        &overseer.code,
        &issued,
        &from,
        &Maybe(until),
        &state,
        &Maybe(draws.percent(95).then_some(territory)),
        &Maybe(document),
    ])
}

/// Audiovisual VIRS pay a fee each year.
fn write_fees(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("formos__imokos");
    let ministry = country.entities.ministry();
    let payers: Vec<&Virs> =
        country.virs.iter().filter(|virs| virs.is_audiovisual() && !virs.only_by_licence && virs.until.is_none()).collect();
    let mut file = country.extract(&FEES, payers.len())?;
    for virs in payers {
        let code = country.entities.all[virs.entity].code;
        for year in virs.since.year().max(2022)..=AS_OF.year() {
            let number = format!("KM-{year}-{:05}", file.good_rows() + 1);
            let set = draws.day(date(year, 1, 10), date(year, 3, 31));
            let document = draws.percent(50).then(|| format!("https://dokumentai.pavyzdys.example/imokos/{number}.pdf"));
            let sum = Euros(draws.between(5_000, 1_500_000));
            file.row([&code, &sum, &set, &date(year, 12, 31), &number, &ministry.name, &ministry.code, &Maybe(document)])?;
        }
    }
    country.close(file)
}

fn write_violations(country: &mut Country, audiovisual: bool, among: &[usize]) -> Result<(), Error> {
    let (layout, prefix, institution) = if audiovisual {
        (&AUDIOVISUAL_VIOLATIONS, "KS", country.entities.broadcasting_overseer())
    } else {
        (&OTHER_VIOLATIONS, "EI", country.entities.ethics_overseer())
    };
    let mut draws = country.draws(if audiovisual { "pazeidimai_lrtk" } else { "pazeidimai_zeit" });
    let count = 3 + among.len() / 5;
    let mut file = country.extract(layout, count)?;
    for _ in 0..count {
        let place = *draws.pick(among);
        let decided = draws.day(date(2022, 1, 3), AS_OF);
        let number = format!("{prefix}-{}-{:04}", decided.year(), file.good_rows() + 1);
        let until = draws.percent(60).then(|| draws.day(decided, date(2028, 12, 31)));
        let document = draws.percent(60).then(|| format!("https://dokumentai.pavyzdys.example/sprendimai/{number}.pdf"));
        file.row([
            &Maybe(outlet(country, place, &mut draws)),
            &country.entities.all[country.virs[place].entity].code,
            draws.pick::<&str>(&VIOLATIONS),
            &draws.weighted(&MEASURES),
            &decided,
            &number,
            &Maybe(until),
            &institution.name,
            &institution.code,
            &Maybe(document),
        ])?;
    }
    country.close(file)
}

fn write_ethics(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("formos__etika");
    let count = 3 + country.virs.len() / 12;
    let mut file = country.extract(&ETHICS, count)?;
    for _ in 0..count {
        let place = draws.below(country.virs.len());
        let found = draws.day(date(2022, 1, 3), AS_OF);
        let number = format!("VE-{}-{:04}", found.year(), file.good_rows() + 1);
        let category = draws.weighted(&[("nesilaiko", 80), ("nepaneige", 20)]);
        let until = draws.percent(70).then(|| draws.day(found, date(2028, 12, 31)));
        let document = draws.percent(60).then(|| format!("https://dokumentai.pavyzdys.example/etika/{number}.pdf"));
        let code = country.entities.all[country.virs[place].entity].code;
        file.row([&Maybe(outlet(country, place, &mut draws)), &code, &category, &found, &number, &Maybe(until), &Maybe(document)])?;
    }
    country.close(file)
}

/// In most cases an outlet of the VIRS, if it has one.
fn outlet<'a>(country: &'a Country, virs: usize, draws: &mut Draws) -> Option<&'a str> {
    crate::money::outlet_of(country, virs, 80, draws)
}

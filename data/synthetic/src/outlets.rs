//! Outlets (VIP): what VIRS run, who answers for it, how many copies are printed, and the numbers that the library gave.

use chrono::{Datelike, NaiveDate};

use crate::bad_rows::Fault;
use crate::casting::Casting;
use crate::codes::Codes;
use crate::country::Country;
use crate::draws::{Draws, date};
use crate::format::{Encoding, Layout, Maybe};
use crate::outlet::Outlet;
use crate::{AS_OF, Error, names};

const OUTLETS: Layout<8> = Layout::new(
    "raw_formos__vip",
    "formos_vip.v1.csv",
    ["vip_nr", "ja_kodas", "vip_pavadinimas", "ikurimo_data", "registravimo_data", "isregistravimo_data", "vip_rusis", "vip_kategorija"],
    &[Fault::Classifier("vip_rusis"), Fault::Order("registravimo_data", "isregistravimo_data"), Fault::Required("vip_pavadinimas")],
);

const RESPONSIBLE: Layout<6> = Layout::new(
    "raw_formos__atsakingi",
    "formos_atsakingi.v1.csv",
    ["vip_nr", "vardas", "pavarde", "asmens_kodas", "nuo", "iki"],
    &[Fault::PersonalCode("asmens_kodas"), Fault::Order("nuo", "iki")],
);

const CIRCULATION: Layout<6> = Layout::new(
    "raw_formos__tirazai",
    "formos_tirazai.v1.csv",
    ["vip_nr", "data", "tirazas", "metrikos_tirazas", "su_reklama", "reklamos_pozymio_data"],
    &[Fault::Integer("tirazas"), Fault::Negative("metrikos_tirazas"), Fault::Classifier("su_reklama"), Fault::Key("tirazas", "9999999")],
);

const AUDITS: Layout<6> = Layout::new(
    "raw_formos__auditai",
    "formos_auditai.v1.csv",
    ["vip_nr", "data", "institucija", "institucijos_kodas", "isvada", "dokumentas"],
    &[Fault::Classifier("isvada")],
);

const NUMBERS: Layout<5> = Layout::new(
    "raw_libis__numeriai",
    "libis_numeriai.v1.csv",
    ["ja_kodas", "vip_nr", "leidinys", "numerio_tipas", "numeris"],
    &[Fault::StandardNumber("numeris"), Fault::Classifier("numerio_tipas"), Fault::Key("leidinys", "Pakartotas leidinys")],
)
.encoded(Encoding::Windows1257);

/// Number of the first outlet that a VIRS of one of the nights registers.
const FIRST_OF_NEWCOMERS: usize = 900_001;

const CATEGORIES: [(&str, usize); 5] = [("nacionaline", 20), ("regionine", 35), ("vietine", 25), ("specializuota", 15), ("kulturine", 5)];
const CONCLUSIONS: [(&str, usize); 3] = [("patvirtinta", 80), ("su_pastabomis", 15), ("nepatvirtinta", 5)];

/// All outlets, VIRS by VIRS. VIRS by licence only have not registered any.
pub(crate) fn found(country: &Country) -> Vec<Outlet> {
    let mut draws = country.draws("formos__vip");
    let mut outlets = Vec::new();
    for (place, virs) in country.virs.iter().enumerate().filter(|(_, virs)| !virs.only_by_licence) {
        for _ in 0..draws.between(1, 3) {
            let activity = *draws.pick(&virs.activities);
            let registered = draws.day(virs.since, virs.until.unwrap_or(date(2024, 12, 31)));
            let stopped = (virs.until.is_none() && draws.percent(8)).then(|| draws.day(registered, AS_OF));
            let number = outlets.len() + 1;
            outlets.push(Outlet {
                number: format!("VIP-{number:06}"),
                virs: place,
                name: names::outlet(number, &mut draws),
                kind: kind(activity, &mut draws),
                registered,
                closed: stopped.or(virs.until),
            });
        }
    }
    outlets
}

/// Writes everything about outlets.
pub(crate) fn write(country: &mut Country) -> Result<(), Error> {
    write_outlets(country)?;
    write_responsible(country)?;
    write_circulation(country)?;
    write_audits(country)?;
    write_numbers(country)
}

fn kind(activity: &str, draws: &mut Draws) -> &'static str {
    match activity {
        "transliuotojas" if draws.percent(60) => "radijo_programa",
        "transliuotojas" | "tv_platintojas_internete" => "tv_programa",
        "uzsakomosios_paslaugos" => "uzsakomoji_paslauga",
        "leidejas" => draws.weighted(&[("laikrastis", 50), ("zurnalas", 40), ("knyga", 10)]),
        "svetaines_valdytojas" => "svetaine",
        "naujienu_agentura" => "naujienu_agentura",
        _ => "kita",
    }
}

fn write_outlets(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("vip_kategorija");
    let mut file = country.extract(&OUTLETS, country.outlets.len())?;
    for outlet in &country.outlets {
        let code = country.entities.all[country.virs[outlet.virs].entity].code;
        let founded = draws.day(date(1990, 6, 1), outlet.registered);
        let category = draws.weighted(&CATEGORIES);
        let closed = Maybe(outlet.closed.or(country.virs[outlet.virs].left));
        file.row([&outlet.number, &code, &outlet.name, &founded, &outlet.registered, &closed, &outlet.kind, &category])?;
    }
    for (place, virs) in country.newcomers.iter().enumerate() {
        let number = FIRST_OF_NEWCOMERS + place;
        let (code, name) = (country.entities.all[virs.entity].code, names::outlet(number, &mut draws));
        let kind = kind(virs.activities[0], &mut draws);
        let category = draws.weighted(&CATEGORIES);
        file.row([&format!("VIP-{number:06}"), &code, &name, &virs.since, &virs.since, &Maybe(virs.left), &kind, &category])?;
    }
    country.close(file)
}

/// One person now, in three of ten cases another one before.
fn write_responsible(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("formos__atsakingi");
    let mut casting = Casting::default();
    let mut file = country.extract(&RESPONSIBLE, country.outlets.len())?;
    for outlet in &country.outlets {
        let mut from = outlet.registered;
        if draws.percent(30) {
            let until = draws.day(from, AS_OF);
            let id = casting.person(&mut country.people, &country.owners, &mut draws);
            let person = country.people.get(id);
            file.row([&outlet.number, &person.given, &person.family, &Maybe(person.code), &from, &until])?;
            from = until;
        }
        let id = casting.person(&mut country.people, &country.owners, &mut draws);
        let person = country.people.get(id);
        file.row([
            &outlet.number,
            &person.given,
            &person.family,
            &Maybe(person.code),
            &from,
            &Maybe(outlet.closed.filter(|&closed| closed >= from)),
        ])?;
    }
    country.close(file)
}

/// The last days of the half-years that circulation has been handed in for.
fn half_years() -> impl Iterator<Item = NaiveDate> {
    let days = (2022..=2026).flat_map(|year| [date(year, 6, 30), date(year, 12, 31)]);
    days.filter(|&day| day < AS_OF)
}

fn write_circulation(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("formos__tirazai");
    let printed: Vec<_> = country.outlets.iter().filter(|outlet| outlet.is_printed()).collect();
    let mut file = country.extract(&CIRCULATION, printed.len())?;
    for outlet in printed {
        let usual = draws.between(200, 30_000);
        let advertises = draws.percent(70);
        for day in half_years().filter(|&day| outlet.registered <= day && outlet.closed.is_none_or(|closed| day <= closed)) {
            let copies = usual * draws.between(80, 120) / 100;
            let stated = draws.percent(80).then_some(usual);
            let marked = (advertises && draws.percent(60)).then(|| draws.day(date(day.year(), 1, 1), day));
            file.row([&outlet.number, &day, &copies, &Maybe(stated), &if advertises { "taip" } else { "ne" }, &Maybe(marked)])?;
        }
    }
    country.close(file)
}

fn write_audits(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("formos__auditai");
    let printed: Vec<_> = country.outlets.iter().filter(|outlet| outlet.is_printed()).collect();
    let institution = country.entities.ministry();
    let mut file = country.extract(&AUDITS, printed.len() / 3)?;
    for (place, outlet) in printed.into_iter().enumerate() {
        // The first one always: even a small country has an audit.
        if place > 0 && !draws.percent(30) {
            continue;
        }
        let day = draws.day(outlet.registered, outlet.closed.unwrap_or(AS_OF));
        let conclusion = draws.weighted(&CONCLUSIONS);
        let document = draws.percent(70).then(|| format!("https://dokumentai.pavyzdys.example/auditai/{}.pdf", outlet.number));
        file.row([&outlet.number, &day, &institution.name, &institution.code, &conclusion, &Maybe(document)])?;
    }
    country.close(file)
}

fn write_numbers(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("libis__numeriai");
    let mut codes = Codes::default();
    let published: Vec<_> = country.outlets.iter().filter(|outlet| outlet.is_printed() || outlet.kind == "knyga").collect();
    let mut file = country.extract(&NUMBERS, published.len())?;
    for outlet in published {
        let code = country.entities.all[country.virs[outlet.virs].entity].code;
        if outlet.is_printed() {
            let known = draws.percent(90).then_some(&outlet.number);
            file.row([&code, &Maybe(known), &outlet.name, &"ISSN", &codes.issn(&mut draws)])?;
            continue;
        }
        for volume in 1..=draws.between(1, 4) {
            let title = format!("{}, „{volume} knyga“", outlet.name);
            file.row([&code, &outlet.number, &title, &"ISBN", &codes.isbn(&mut draws)])?;
        }
    }
    country.close(file)
}

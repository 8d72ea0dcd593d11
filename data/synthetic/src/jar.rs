//! The register of legal entities: the Centre of Registers' open data and the contract-only extract of contacts.

use chrono::Days;

use crate::bad_rows::Fault;
use crate::country::Country;
use crate::draws::date;
use crate::format::{Encoding, Layout, Maybe};
use crate::{AS_OF, Error, names, places};

const REGISTERED: Layout<10> = Layout::new(
    "raw_jar__iregistruoti",
    "JAR_IREGISTRUOTI.csv",
    [
        "ja_kodas",
        "ja_pavadinimas",
        "adresas",
        "ja_reg_data",
        "form_kodas",
        "form_pavadinimas",
        "stat_kodas",
        "stat_pavadinimas",
        "stat_data_nuo",
        "formavimo_data",
    ],
    &[
        Fault::MissingField,
        Fault::Encoding("ja_pavadinimas"),
        Fault::Required("ja_pavadinimas"),
        Fault::EntityCode("ja_kodas"),
        Fault::Date("ja_reg_data", "2001-02-30"),
        Fault::Date("stat_data_nuo", "2015.03.01"),
        Fault::Key("ja_pavadinimas", "UAB \"Pakartota\""),
    ],
)
.encoded(Encoding::Utf8WithMark);

const STRUCK_OFF: Layout<8> = Layout::new(
    "raw_jar__isregistruoti",
    "JAR_ISREGISTRUOTI.csv",
    ["ja_kodas", "ja_pavadinimas", "adresas", "ja_reg_data", "form_kodas", "form_pavadinimas", "isreg_data", "formavimo_data"],
    &[Fault::ExtraField, Fault::Required("isreg_data"), Fault::Order("ja_reg_data", "isreg_data"), Fault::EntityCode("ja_kodas")],
)
.without_heading();

const FORMS: Layout<7> = Layout::new(
    "raw_jar__formos",
    "JAR_TEI_FORM_KLASIFIKATORIUS.csv",
    ["form_kodas", "form_pavadinimas", "form_pav_ilgas", "form_name", "tipas", "type", "formavimo_data"],
    &[Fault::Required("form_pavadinimas")],
);

const STATUSES: Layout<4> = Layout::new(
    "raw_jar__statusai",
    "JAR_TEI_STATUSU_KLASIFIKATORIUS.csv",
    ["STAT_kodas", "stat_pavadinimas", "stat_name", "formavimo_data"],
    &[Fault::Key("stat_pavadinimas", "Pakartotas statusas")],
);

const CONTACTS: Layout<4> = Layout::new(
    "raw_jar__kontaktai",
    "jar_kontaktai.v1.csv",
    ["ja_kodas", "el_pastas", "telefonas", "formavimo_data"],
    &[Fault::EntityCode("ja_kodas"), Fault::Encoding("el_pastas"), Fault::Key("telefonas", "+370 0 00 00000")],
);

/// Code, short title, long title, English title, and whether the form is of public law.
const FORM_ROWS: [(u16, &str, &str, &str, bool); 8] = [
    (210, "Tikroji ūkinė bendrija", "Tikroji ūkinė bendrija (TŪB)", "General partnership", false),
    (220, "Komanditinė ūkinė bendrija", "Komanditinė ūkinė bendrija (KŪB)", "Limited partnership", false),
    (310, "Uždaroji akcinė bendrovė", "Uždaroji akcinė bendrovė (UAB)", "Private limited liability company", false),
    (320, "Akcinė bendrovė", "Akcinė bendrovė (AB)", "Public limited liability company", false),
    (570, "Viešoji įstaiga", "Viešoji įstaiga (VšĮ)", "Public establishment", true),
    (571, "Viešosios įstaigos filialas", "Viešosios įstaigos (VšĮ) filialas", "Branch of a public establishment", true),
    (810, "Individuali įmonė", "Individuali įmonė (IĮ)", "Individual enterprise", false),
    (950, "Biudžetinė įstaiga", "Biudžetinė įstaiga (BĮ)", "Budgetary institution", true),
];

/// Code, title, English title. The first is the ordinary one.
const STATUS_ROWS: [(u16, &str, &str); 13] = [
    (0, "Teisinis statusas neįregistruotas", "No legal status registered"),
    (1, "Reorganizuojamas", "Under reorganisation"),
    (2, "Dalyvaujantis reorganizavime", "Taking part in a reorganisation"),
    (3, "Pertvarkomas", "Under conversion"),
    (4, "Restruktūrizuojamas", "Under restructuring"),
    (5, "Bankrutuojantis", "In bankruptcy proceedings"),
    (6, "Bankrutavęs", "Bankrupt"),
    (7, "Likviduojamas", "Under liquidation"),
    (8, "Dalyvaujantis atskyrime", "Taking part in a division"),
    (9, "Inicijuojamas likvidavimas", "Liquidation initiated"),
    (11, "Likviduotas", "Liquidated"),
    (12, "Nepersiregistravęs", "Not re-registered"),
    (26, "Likviduojamas dėl bankroto", "Under liquidation because of bankruptcy"),
];

/// Writes all open-data files of the register and the contacts of VIRS.
pub(crate) fn write(country: &mut Country) -> Result<(), Error> {
    write_entities(country)?;
    let mut forms = country.extract(&FORMS, FORM_ROWS.len())?;
    for (code, title, long, english, public) in FORM_ROWS {
        let kind = if public { ("Viešasis", "Public") } else { ("Privatus", "Private") };
        forms.row([&code, &title, &long, &english, &kind.0, &kind.1, &country.day])?;
    }
    country.close(forms)?;
    let mut statuses = country.extract(&STATUSES, STATUS_ROWS.len())?;
    for (code, title, english) in STATUS_ROWS {
        statuses.row([&code, &title, &english, &country.day])?;
    }
    country.close(statuses)?;
    write_contacts(country)
}

/// The title of a legal form.
fn form_title(form: u16) -> &'static str {
    FORM_ROWS.iter().find(|row| row.0 == form).map_or("", |row| row.1)
}

fn write_entities(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("jar__iregistruoti");
    let places = places::beginnings();
    let all = &country.entities.all;
    let mut order: Vec<&_> = all.iter().collect();
    order.sort_by_key(|entity| entity.code);
    let struck_off = all.iter().filter(|entity| entity.closed.is_some()).count();
    let mut registered = country.extract(&REGISTERED, all.len() - struck_off)?;
    let mut former = country.extract(&STRUCK_OFF, struck_off)?;
    for entity in order {
        let address = names::address(&places, &mut draws);
        let form = form_title(entity.form);
        if let Some(closed) = entity.closed {
            former.row([&entity.code, &entity.name, &address, &entity.registered, &entity.form, &form, &closed, &country.day])?;
            continue;
        }
        let status = if draws.percent(94) { &STATUS_ROWS[0] } else { draws.pick(&STATUS_ROWS) };
        let since =
            if status.0 == 0 { entity.registered + Days::new(1) } else { draws.day(entity.registered.max(date(2015, 1, 1)), AS_OF) };
        registered.row([
            &entity.code,
            &entity.name,
            &Maybe(draws.percent(99).then_some(address)),
            &entity.registered,
            &entity.form,
            &form,
            &status.0,
            &status.1,
            &since,
            &country.day,
        ])?;
    }
    country.close(registered)?;
    country.close(former)
}

fn write_contacts(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("jar__kontaktai");
    let mut contacts = country.extract(&CONTACTS, country.virs.len())?;
    for virs in &country.virs {
        let code = country.entities.all[virs.entity].code;
        // No Lithuanian number begins with 0 after the country's prefix; with two of them, it has no month of a personal code in it either.
        let phone = format!("+370 0 {:02} {:05}", draws.between(0, 9), draws.between(0, 99_999));
        let mail = format!("redakcija-{code}@pavyzdys.example");
        contacts.row([&code, &Maybe(draws.percent(95).then_some(mail)), &Maybe(draws.percent(90).then_some(phone)), &country.day])?;
    }
    country.close(contacts)
}

//! Whether one value is of its field's type and passes its checks.

use catalog::{Check, Kind, codes, unscaled};
use chrono::NaiveDate;

use crate::entry::{LONGEST_VALUE, SEPARATOR};
use crate::feed::Field;
use crate::problem::Known;

/// No fact of this register is older (the first newspapers are).
const OLDEST_YEAR: i32 = 1800;

pub(super) const WRONG_ENTITY_CODE: &str = "Tokio juridinio asmens kodo nėra: patikrinkite, ar gerai perrašyti visi 9 skaitmenys.";

/// What has three digits after its only separator is refused, too: it may be thousands.
const WRONG_SUM: &str =
    "Rašykite sumą eurais: tūkstančių neskirkite nei tašku, nei kableliu, po kablelio – vienas ar du skaitmenys, pvz., 1000 arba 1250,50.";

/// What is wrong with a value; `None` when nothing is.
pub(super) fn wrong_value(field: &Field, value: &str, known: &Known<'_>) -> Option<String> {
    if value.len() > LONGEST_VALUE {
        return Some("Tekstas per ilgas: sutrumpinkite.".to_owned());
    }
    if let Some(classifier) = field.classifier() {
        let classifier = known.catalog.classifier(classifier).ok()?;
        let mut codes: Vec<&str> = if field.several.is_some() { value.split(SEPARATOR).collect() } else { vec![value] };
        return codes
            .iter()
            .any(|code| !classifier.contains(code))
            .then(|| "Tokio pasirinkimo nėra: pasirinkite iš sąrašo.".to_owned())
            .or_else(|| {
                let count = codes.len();
                codes.sort_unstable();
                codes.dedup();
                (codes.len() < count).then(|| "Tas pats pasirinkimas nurodytas du kartus.".to_owned())
            });
    }
    if field.is_outlet() {
        return (!known.outlets.iter().any(|number| number == value))
            .then(|| "Tokios priemonės šis VIRS neturi: pasirinkite iš sąrašo.".to_owned());
    }
    wrong_kind(field, value, known).or_else(|| wrong_code(field, value))
}

fn wrong_kind(field: &Field, value: &str, known: &Known<'_>) -> Option<String> {
    match field.column.kind {
        Kind::Date => {
            // A date in the one form that the night reads: `2026-3-1` and `+2026-03-01` are none.
            let Some(date) = value.parse::<NaiveDate>().ok().filter(|date| date.to_string() == value) else {
                return Some("Tokios datos nėra: rašykite metus, mėnesį ir dieną, pvz., 2026-03-31.".to_owned());
            };
            if chrono::Datelike::year(&date) < OLDEST_YEAR {
                return Some("Patikrinkite metus: data per sena.".to_owned());
            }
            if chrono::Datelike::year(&date) > chrono::Datelike::year(&known.today) + 100 {
                return Some("Patikrinkite metus: data per vėlyva.".to_owned());
            }
            (field.past && date > known.today).then(|| "Data negali būti vėlesnė už šiandieną: pataisykite.".to_owned())
        }
        Kind::Integer => match value.parse::<i64>() {
            Err(_) => Some("Rašykite sveiką skaičių, pvz., 1500.".to_owned()),
            Ok(number) => sign(field, number.signum() as i32),
        },
        Kind::Money => match unscaled(value, 2) {
            None => Some(WRONG_SUM.to_owned()),
            Some(cents) => sign(field, cents.signum() as i32),
        },
        Kind::Share | Kind::Number => unscaled(value, 4).is_none().then(|| "Rašykite skaičių, pvz., 12,5.".to_owned()),
        Kind::Boolean => (!matches!(value, "true" | "false")).then(|| "Pasirinkite „taip“ arba „ne“.".to_owned()),
        Kind::Text => None,
    }
}

fn sign(field: &Field, sign: i32) -> Option<String> {
    if field.positive && sign <= 0 {
        return Some("Skaičius turi būti didesnis už nulį.".to_owned());
    }
    (field.column.check == Some(Check::NotNegative) && sign < 0).then(|| "Skaičius negali būti neigiamas.".to_owned())
}

fn wrong_code(field: &Field, value: &str) -> Option<String> {
    if field.column.kind != Kind::Text {
        return None;
    }
    match &field.column.check {
        Some(Check::JaKodas) if !Check::JaKodas.accepts(value) => Some(WRONG_ENTITY_CODE.to_owned()),
        Some(Check::AsmensKodas) if !codes::is_personal_code(value) => {
            Some("Tokio asmens kodo nėra: patikrinkite, ar gerai perrašyti visi 11 skaitmenų.".to_owned())
        }
        Some(Check::Numeris) if !Check::Numeris.accepts(value) => Some("Tokio ISSN ar ISBN nėra: patikrinkite skaitmenis.".to_owned()),
        _ => None,
    }
}

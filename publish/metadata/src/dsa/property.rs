//! A property of a model, and its maturity (DSA, *Brandos lygiai*): what its type says, and whether that tells all that a machine must know.

use catalog::{Check, Column, Kind, Personal};

use super::access::access;
use super::row::Row;
use super::{dataset_name, model_name};
use crate::reference::references;
use crate::shown::Shown;
use crate::{Described, DescribedTable};

/// Written in another form than the type asks for (L202), without a language (L202), or codes without their list (L208).
const NOT_STANDARD: &str = "2";
/// Without a unit (L302), without a list of all codes (L304), or tied to another model by a code and not by `_id` (L301).
const NOT_IDENTIFIED: &str = "3";
/// Tied to no vocabulary (L401).
const NO_VOCABULARY: &str = "4";
/// Pieces, copies and persons are counted in units.
const COUNTED: [&str; 3] = ["vnt.", "egz.", "asm."];

/// What a property's type and `ref` say, and how mature that makes it.
struct Typed {
    kind: &'static str,
    reference: String,
    level: &'static str,
}

/// A column as a property, and what is to be said of it.
pub(super) fn rows(described: &Described<'_>, table: &DescribedTable<'_>, all: &[Shown<'_>], shown: &Shown<'_>) -> Vec<Row> {
    let column = shown.column;
    let is_title = is_title(table, all, shown);
    let refers = references(described, table.table).into_iter().find(|reference| reference.column == column.name);
    let typed = match refers {
        Some(reference) => {
            let to = format!("/{}/{}", dataset_name(reference.dataset), model_name(reference.to.table));
            Typed { kind: "ref", reference: to, level: NOT_IDENTIFIED }
        }
        None => typed(table, shown, is_title),
    };
    let property = Row {
        property: format!("{}{}", column.name, if is_title { "@lt" } else { "" }),
        kind: typed.kind.to_owned(),
        reference: typed.reference,
        source: table.file("csv").map(|_| column.name.clone()).unwrap_or_default(),
        level: typed.level.to_owned(),
        access: access(table.table, &column.name, described.tier).to_owned(),
        ..Row::titled(&column.title.lt, shown.description(|text| &text.lt))
    };
    [Some(property), (column.kind == Kind::Money).then(euros)].into_iter().flatten().collect()
}

fn typed(table: &DescribedTable<'_>, shown: &Shown<'_>, is_title: bool) -> Typed {
    let column = shown.column;
    let is_key = table.table.key.contains(&column.name);
    let plain = |kind, level| Typed { kind, reference: String::new(), level };
    match column.kind {
        Kind::Date => Typed { kind: "date", reference: "D".to_owned(), level: NO_VOCABULARY },
        // The type's own form is 0 and 1, the files have true and false.
        Kind::Boolean => plain("boolean", NOT_STANDARD),
        Kind::Integer | Kind::Number if column.unit.as_deref().is_some_and(|unit| COUNTED.contains(&unit)) => {
            Typed { kind: number(column.kind), reference: "U".to_owned(), level: NO_VOCABULARY }
        }
        // A number of a row is no quantity.
        Kind::Integer if is_key => plain("integer", NO_VOCABULARY),
        Kind::Integer | Kind::Number | Kind::Money | Kind::Share => plain(number(column.kind), NOT_IDENTIFIED),
        Kind::Text => match shown.codes {
            Some(codes) => Typed { kind: "string", reference: codes.name.clone(), level: NO_VOCABULARY },
            None if matches!(column.check, Some(Check::Classifier(_))) => plain("string", NOT_IDENTIFIED),
            None if is_title || is_key || is_identifier(column) => plain("string", NO_VOCABULARY),
            None => plain("string", NOT_STANDARD),
        },
    }
}

/// Spinta 1.3.1 knows no `money`.
fn number(kind: Kind) -> &'static str {
    if kind == Kind::Integer { "integer" } else { "number" }
}

/// Says of a sum what its type cannot.
fn euros() -> Row {
    Row {
        kind: "comment".to_owned(),
        reference: "type".to_owned(),
        prepare: "update(type: \"money\", ref: \"EUR\")".to_owned(),
        level: NO_VOCABULARY.to_owned(),
        access: "open".to_owned(),
        description: "Suma eurais, du skaitmenys po kablelio. Tipo „money“ priemonės dar nepažįsta, todėl nurodytas „number“ be vieneto."
            .to_owned(),
        ..Row::default()
    }
}

/// Names and identifiers need no unit and no list (DSA, *Kokybiniai duomenys*).
fn is_identifier(column: &Column) -> bool {
    column.check.is_some() || matches!(column.personal, Personal::Name | Personal::Title | Personal::RecordNumber)
}

/// Whether it has the Lithuanian titles of the codes in the column before it: the text right after these, if it is no part of the key.
fn is_title(table: &DescribedTable<'_>, all: &[Shown<'_>], shown: &Shown<'_>) -> bool {
    let column = shown.column;
    let is_text = column.kind == Kind::Text && column.check.is_none() && !table.table.key.contains(&column.name);
    let place = all.iter().position(|other| other.column.name == column.name);
    let before = place.and_then(|place| all.get(place.checked_sub(1)?));
    is_text && before.is_some_and(|before| matches!(before.column.check, Some(Check::Classifier(_))))
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use super::*;
    use crate::sample;
    use crate::shown::columns;

    /// Type, reference and maturity of a property of a table.
    fn said(tier: Tier, table: &str, column: &str) -> (String, String, String, String) {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, tier);
        let (dataset, table) = described.tables().find(|(_, found)| found.table.name == table).unwrap();
        let all = columns(&described, dataset, table.table);
        let shown = all.iter().find(|shown| shown.column.name == column).unwrap();
        let row = rows(&described, table, &all, shown).remove(0);
        (row.property, row.kind, row.reference, row.level)
    }

    #[test]
    fn maturity_follows_from_what_is_known_of_a_column() {
        let cases = [
            ("out_virs", "ja_kodas", "string", "", "4"),
            ("out_licencija", "ja_kodas", "ref", "/datasets/gov/km/virsis/virs/Virs", "3"),
            ("out_dalyvis", "ja_kodas", "string", "", "4"),
            ("out_licencija", "isdavimo_data", "date", "D", "4"),
            ("out_licencija", "veikla", "string", "licencijuojamos_veiklos", "4"),
            ("out_stat_licencijos", "veikla", "string", "", "3"),
            ("out_tirazas", "tirazas", "integer", "U", "4"),
            ("out_stat_tirazai", "vidutinis_tirazas", "number", "U", "4"),
            ("out_imoka", "suma", "number", "", "3"),
            ("out_lesos", "eil_nr", "integer", "", "4"),
            ("out_lesos", "metai", "integer", "", "3"),
            ("out_virs", "audiovizualinis", "boolean", "", "2"),
            ("out_virs", "adresas", "string", "", "2"),
            ("out_virs", "savivaldybe", "ref", "/datasets/gov/km/virsis/savivaldybes/Savivaldybe", "3"),
        ];
        for (table, column, kind, reference, level) in cases {
            let want = [column, kind, reference, level].map(str::to_owned);
            assert_eq!(<[String; 4]>::from(said(Tier::Open, table, column)), want, "{table}");
        }
    }

    #[test]
    fn a_title_of_a_code_says_its_language_and_a_sum_its_currency() {
        assert_eq!(said(Tier::Open, "out_licencija", "veikla_pavadinimas").0, "veikla_pavadinimas@lt");
        assert_eq!(said(Tier::Open, "out_licencija", "pavadinimas").0, "pavadinimas");
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Open);
        let (dataset, table) = described.tables().find(|(_, found)| found.table.name == "out_imoka").unwrap();
        let all = columns(&described, dataset, table.table);
        let sum = all.iter().find(|shown| shown.column.name == "suma").unwrap();
        let said = rows(&described, table, &all, sum);
        assert_eq!((said.len(), said[1].kind.as_str(), said[1].prepare.contains("EUR")), (2, "comment", true));
    }
}

//! What is wrong with a statement, in Lithuanian and with a hint: whoever writes queries is no programmer.

use std::collections::BTreeMap;

use super::{spelling, statement};

/// Words of SQL that people misspell.
const KEYWORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "group",
    "order",
    "having",
    "limit",
    "offset",
    "join",
    "left",
    "right",
    "inner",
    "outer",
    "full",
    "cross",
    "using",
    "union",
    "all",
    "distinct",
    "and",
    "not",
    "null",
    "like",
    "ilike",
    "between",
    "case",
    "when",
    "then",
    "else",
    "end",
    "with",
    "desc",
    "asc",
    "nulls",
    "first",
    "last",
    "over",
    "partition",
    "cast",
    "exists",
    "values",
    "show",
    "describe",
    "summarize",
    "explain",
    "tables",
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "interval",
    "extract",
    "year",
    "month",
    "date",
    "round",
    "lower",
    "upper",
];

/// Columns of each table that can be queried.
pub(crate) type Columns = BTreeMap<String, Vec<String>>;

/// An engine's words about a statement, in Lithuanian: what is wrong, where, and what may have been meant.
pub(crate) fn told(reason: &str, sql: &str, columns: &Columns) -> String {
    let (message, place) = reason.split_once("\n\nLINE ").unwrap_or((reason, ""));
    let (kind, rest) = message.split_once(": ").unwrap_or(("", message));
    let (what, hint) = match kind {
        "Parser Error" => syntax(rest, sql, columns),
        "Catalog Error" | "Binder Error" => names(rest, sql, columns),
        "Permission Error" => ("failai, tinklas ir nustatymai iš užklausos nepasiekiami".to_owned(), None),
        "Out of Memory Error" => ("užklausai nepakako atminties".to_owned(), Some("klauskite mažiau duomenų iš karto".to_owned())),
        _ if rest.contains("its details are withheld") => {
            (format!("užklausa neįvykdyta ({kind}); smulkmenos nerodomos, nes jose gali būti duomenų"), None)
        }
        _ => match between(message, "is of type ", ", which cannot be told") {
            Some(kind) => (format!("tipo {kind} reikšmių rodyti negalima"), Some("rašykite CAST(… AS VARCHAR)".to_owned())),
            None => (format!("užklausa neįvykdyta: {message}"), None),
        },
    };
    let hint = hint.map_or_else(String::new, |hint| format!("\nPatarimas: {hint}"));
    format!("{what}{}{hint}", pointed_at(place))
}

/// The line that the engine points at, with the mark below it.
fn pointed_at(place: &str) -> String {
    let Some((number, rest)) = place.split_once(": ") else { return String::new() };
    let (line, mark) = rest.split_once('\n').unwrap_or((rest, ""));
    let label = format!("{number} eilutė: ");
    let indent = " ".repeat(label.chars().count().saturating_sub("LINE : ".len() + number.len()));
    format!("\n{label}{line}\n{indent}{}", mark.trim_end())
}

fn syntax(rest: &str, sql: &str, columns: &Columns) -> (String, Option<String>) {
    let what = match between(rest, "at or near \"", "\"") {
        Some(word) => format!("sintaksės klaida ties „{word}“"),
        None if rest.contains("end of input") => "sintaksės klaida: sakinys nebaigtas".to_owned(),
        None if rest.contains("unterminated") => "sintaksės klaida: neuždarytos kabutės".to_owned(),
        None => format!("sintaksės klaida: {rest}"),
    };
    let is_known =
        |word: &str| KEYWORDS.contains(&word) || columns.contains_key(word) || columns.values().flatten().any(|column| column == word);
    let mut words = statement::words(sql).into_iter().map(|(word, _)| word.to_lowercase()).filter(|word| !is_known(word));
    let meant = words.find_map(|word| Some((spelling::closest(&word, KEYWORDS.iter().copied())?, word)));
    let hint = meant.map(|(meant, typed)| format!("„{}“ – gal turėjote omenyje {}?", typed.to_uppercase(), meant.to_uppercase()));
    (what, hint)
}

/// Names that are not there.
fn names(rest: &str, sql: &str, columns: &Columns) -> (String, Option<String>) {
    let meant = |name: &str| format!("gal turėjote omenyje {name}?");
    if let Some(name) = between(rest, "Table with name ", " does not exist") {
        let closest = spelling::closest(name, columns.keys().map(String::as_str)).map(meant);
        return (format!("lentelės „{name}“ nėra"), Some(closest.unwrap_or_else(|| "lenteles išvardija SHOW TABLES".to_owned())));
    }
    if let Some(name) = between(rest, "Function with name ", " does not exist") {
        return (format!("funkcijos „{name}“ nėra"), between(rest, "Did you mean \"", "\"").map(meant));
    }
    let missing = between(rest, "Referenced column \"", "\" ").or_else(|| between(rest, "does not have a column named \"", "\""));
    if let Some(name) = missing {
        let why = if rest.contains("FROM clause is missing") {
            " nėra kur ieškoti: nenurodyta lentelė (FROM)"
        } else {
            " nurodytose lentelėse nėra"
        };
        return (format!("stulpelio „{name}“{why}"), column_meant(name, sql, columns));
    }
    if let Some(name) = between(rest, "Ambiguous reference to column name \"", "\"") {
        return (format!("stulpelis „{name}“ yra keliose lentelėse"), Some(format!("parašykite lentelę prieš jį, pvz., virs.{name}")));
    }
    if let Some(name) = between(rest, "column \"", "\" must appear in the GROUP BY") {
        return (format!("stulpelis „{name}“ nei grupuojamas, nei sumuojamas"), Some(format!("įrašykite {name} po GROUP BY")));
    }
    if let Some(call) = between(rest, "argument types '", "'") {
        return (format!("tokio tipo reikšmėms netinka: {call}"), Some("pakeiskite tipą: CAST(… AS …)".to_owned()));
    }
    (format!("užklausa neįvykdyta: {rest}"), None)
}

/// The column that may have been meant, or the tables that have such a one.
fn column_meant(name: &str, sql: &str, columns: &Columns) -> Option<String> {
    if sql.contains(&format!("\"{name}\"")) {
        return Some(format!("tekstas rašomas viengubose kabutėse: '{name}'"));
    }
    let words: Vec<String> = statement::words(sql).into_iter().map(|(word, _)| word.to_lowercase()).collect();
    let named = columns.iter().filter(|(table, _)| words.contains(table));
    if let Some(closest) = spelling::closest(name, named.flat_map(|(_, columns)| columns.iter().map(String::as_str))) {
        return Some(format!("gal turėjote omenyje {closest}?"));
    }
    let having: Vec<&str> =
        columns.iter().filter(|(_, all)| all.iter().any(|column| column == name)).map(|(table, _)| table.as_str()).collect();
    match having.as_slice() {
        [] => words.iter().find(|word| columns.contains_key(*word)).map(|table| format!("stulpelius išvardija DESCRIBE {table}")),
        tables => Some(format!("tokį stulpelį turi: {}", tables.join(", "))),
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(reason: &str, sql: &str) -> String {
        let columns = [("virs", vec!["ja_kodas", "pavadinimas"]), ("valdymas", vec!["ja_kodas", "vardas"])];
        told(reason, sql, &columns.map(|(table, names)| (table.to_owned(), names.into_iter().map(str::to_owned).collect())).into())
    }

    #[test]
    fn a_syntax_error_points_at_the_word_and_guesses_the_keyword() {
        let reason = "Parser Error: syntax error at or near \"virs\"\n\nLINE 1: SELECT * FORM virs\n                      ^^^^";
        assert_eq!(
            said(reason, "SELECT * FORM virs"),
            "sintaksės klaida ties „virs“\n1 eilutė: SELECT * FORM virs\n                        ^^^^\nPatarimas: „FORM“ – gal turėjote omenyje FROM?"
        );
    }

    #[test]
    fn a_name_that_is_not_there_leads_to_the_one_that_is() {
        let table = said("Catalog Error: Table with name virss does not exist!\nDid you mean \"pg_views\"?", "SELECT * FROM virss");
        assert_eq!(table, "lentelės „virss“ nėra\nPatarimas: gal turėjote omenyje virs?");
        let column = |name: &str, sql: &str| {
            said(&format!("Binder Error: Referenced column \"{name}\" not found in FROM clause!\nCandidate bindings: \"x\""), sql)
        };
        assert!(column("pavadinmas", "SELECT pavadinmas FROM virs").ends_with("gal turėjote omenyje pavadinimas?"));
        assert!(column("vardas", "SELECT vardas FROM virs").ends_with("tokį stulpelį turi: valdymas"));
        assert!(column("UAB", "SELECT * FROM virs WHERE pavadinimas = \"UAB\"").ends_with("viengubose kabutėse: 'UAB'"));
        assert!(column("xyz", "SELECT xyz FROM virs").ends_with("DESCRIBE virs"));
    }

    #[test]
    fn details_that_may_quote_a_cell_stay_withheld() {
        let said = said("Conversion Error: its details are withheld, since they may quote data", "SELECT 1");
        assert!(said.contains("Conversion Error") && said.contains("nerodomos"), "{said}");
    }
}

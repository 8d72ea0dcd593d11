//! Reports that are built without SQL: from what was chosen of a table to a statement. Names come from the definitions alone, values are bound.
//!
//! The portal's page of reports does the same in the reader's browser (`publish/assets/sql/builder.js`).

use std::collections::BTreeMap;

use catalog::{Column, Kind, Table, TableColumn, Tier};
use chrono::NaiveDate;
use forms::{Choice, Comparison, Criterion};

use crate::refusal::Refusal;

/// A statement and its parameters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Built {
    pub(crate) sql: String,
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Built {
    /// The statement with its values in it, to be read and to be asked elsewhere.
    pub(crate) fn shown(&self) -> String {
        // The longest name first: $v10 begins with $v1.
        let quoted = |value: &String| format!("'{}'", value.replace('\'', "''"));
        self.parameters
            .iter()
            .rev()
            .fold(self.sql.clone(), |sql, (name, value)| sql.replace(&format!("${name} "), &format!("{} ", quoted(value))))
    }
}

/// Whether values of a column may be summed up: years and numbers of records are numbers that nobody adds.
pub(crate) fn is_summed(column: &Column) -> bool {
    let is_number = matches!(column.kind, Kind::Integer | Kind::Money | Kind::Number);
    is_number && !column.name.contains("metai") && !column.name.ends_with("_nr")
}

/// The statement of a choice.
///
/// # Errors
/// What was chosen cannot be asked: why, for whoever chose it.
pub(crate) fn statement(table: &Table, tier: Tier, choice: &Choice) -> Result<Built, Refusal> {
    let mut parameters = BTreeMap::new();
    let criteria = choice.criteria.iter().enumerate().map(|(number, one)| criterion(table, tier, number, one, &mut parameters));
    let criteria = criteria.collect::<Result<Vec<_>, _>>()?;
    let columns = |names: &[String]| names.iter().map(|name| column(table, tier, name)).collect::<Result<Vec<_>, _>>();
    let shown = |used: &&TableColumn| titled(&quoted(&used.column.name), &used.column.title.lt);
    let (group, sums) = (columns(&choice.group)?, columns(&choice.sums)?);
    let mut lines = vec!["SELECT".to_owned()];
    let mut expressions: Vec<String> = Vec::new();
    if group.is_empty() && sums.is_empty() {
        let chosen = if choice.columns.is_empty() { table.visible(tier).collect() } else { columns(&choice.columns)? };
        expressions.extend(chosen.iter().map(shown));
    } else {
        expressions.extend(group.iter().map(shown));
        expressions.extend(sums.iter().map(|used| sum(&used.column)).collect::<Result<Vec<_>, _>>()?);
        expressions.push(titled("COUNT(*)", "Eilučių skaičius"));
    }
    lines.push(format!("    {}", expressions.join(",\n    ")));
    lines.push(format!("FROM {}", quoted(table.subject())));
    if !criteria.is_empty() {
        lines.push(format!("WHERE {}", criteria.join("\n    AND ")));
    }
    if !group.is_empty() {
        lines.push(format!("GROUP BY {}", choice.group.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")));
        // By the largest sum; else in the order of the columns.
        let largest = (!sums.is_empty()).then(|| format!("{} DESC NULLS LAST", group.len() + 1));
        let others = (1..=group.len()).map(|place| place.to_string());
        lines.push(format!("ORDER BY {}", largest.into_iter().chain(others).collect::<Vec<_>>().join(", ")));
    }
    Ok(Built { sql: lines.join("\n"), parameters })
}

fn column<'a>(table: &'a Table, tier: Tier, name: &str) -> Result<&'a TableColumn, Refusal> {
    table.visible(tier).find(|used| used.column.name == name).ok_or_else(|| Refusal::one("tokio stulpelio šiuose duomenyse nėra"))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn titled(sql: &str, title: &str) -> String {
    format!("{sql} AS {}", quoted(title))
}

fn sum(column: &Column) -> Result<String, Refusal> {
    if !is_summed(column) {
        return Err(Refusal::one(format!("„{}“ nesumuojama", column.title.lt)));
    }
    let places = match column.kind {
        Kind::Money => 2,
        Kind::Number => 4,
        _ => 0,
    };
    let unit = column.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
    Ok(titled(&format!("CAST(SUM({}) AS DECIMAL(38,{places}))", quoted(&column.name)), &format!("Suma: {}{unit}", column.title.lt)))
}

fn criterion(
    table: &Table,
    tier: Tier,
    number: usize,
    criterion: &Criterion,
    parameters: &mut BTreeMap<String, String>,
) -> Result<String, Refusal> {
    let used = &column(table, tier, &criterion.column)?.column;
    let (name, title) = (quoted(&used.name), &used.title.lt);
    let fits = match criterion.comparison {
        Comparison::Is | Comparison::IsNot => used.kind != Kind::Boolean,
        Comparison::Has => used.kind == Kind::Text,
        Comparison::AtLeast | Comparison::AtMost => used.kind.is_numeric() || used.kind == Kind::Date,
        Comparison::Yes | Comparison::No => used.kind == Kind::Boolean,
        Comparison::Filled | Comparison::Empty => true,
    };
    if !fits {
        return Err(Refusal::one(format!("„{title}“ taip palyginti negalima: „{}“", criterion.comparison.title())));
    }
    let mut value = || -> Result<String, Refusal> {
        let (read, what) = read(used.kind, &criterion.value);
        let read = read.ok_or_else(|| Refusal::one(format!("„{title}“: įrašykite {what}")))?;
        let parameter = format!("v{number}");
        parameters.insert(parameter.clone(), read);
        Ok(format!("CAST(${parameter} AS {})", used.kind.sql()))
    };
    Ok(match criterion.comparison {
        Comparison::Is => format!("{name} = {}", value()?),
        Comparison::IsNot => format!("{name} IS DISTINCT FROM {}", value()?),
        Comparison::Has => format!("contains(lower(strip_accents({name})), lower(strip_accents({})))", value()?),
        Comparison::AtLeast => format!("{name} >= {}", value()?),
        Comparison::AtMost => format!("{name} <= {}", value()?),
        Comparison::Yes => name,
        Comparison::No => format!("NOT {name}"),
        Comparison::Filled => format!("{name} IS NOT NULL"),
        Comparison::Empty => format!("{name} IS NULL"),
    })
}

/// A typed value as a statement takes it, and what it should be.
fn read(kind: Kind, typed: &str) -> (Option<String>, &'static str) {
    let bare: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().replace(',', ".").replace('−', "-");
    let digits = |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = bare.split_once('.').unwrap_or((&bare, "0"));
    let is_whole = digits(whole.strip_prefix('-').unwrap_or(whole), 15);
    match kind {
        Kind::Text => ((!typed.trim().is_empty()).then(|| typed.trim().to_owned()), "reikšmę"),
        Kind::Date => (typed.trim().parse::<NaiveDate>().ok().map(|day| day.to_string()), "datą, pvz., 2025-06-30"),
        Kind::Integer => ((is_whole && !bare.contains('.')).then_some(bare), "sveikąjį skaičių, pvz., 2025"),
        _ => ((is_whole && digits(fraction, 12)).then_some(bare), "skaičių, pvz., 0,25"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use catalog::Catalog;

    use super::*;

    fn catalog() -> Catalog {
        Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
    }

    fn one(column: &str, comparison: Comparison, value: &str) -> Choice {
        let criterion = Criterion { column: column.to_owned(), comparison, value: value.to_owned() };
        Choice { criteria: vec![criterion], ..Choice::default() }
    }

    #[test]
    fn rows_are_grouped_and_summed_and_values_are_bound() {
        let catalog = catalog();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let choice =
            Choice { group: names(&["institucijos_kodas"]), sums: names(&["suma"]), ..one("data", Comparison::AtLeast, "2025-01-01") };
        let built = statement(catalog.table("out_lesos").unwrap(), Tier::Internal, &choice).unwrap();
        assert!(built.sql.contains("GROUP BY \"institucijos_kodas\"\nORDER BY 2 DESC NULLS LAST, 1"), "{}", built.sql);
        assert!(built.sql.contains("\"data\" >= CAST($v0 AS DATE)") && !built.sql.contains("2025"), "{}", built.sql);
        assert_eq!(built.parameters, BTreeMap::from([("v0".to_owned(), "2025-01-01".to_owned())]));
        assert!(built.shown().contains("CAST('2025-01-01' AS DATE)"), "{}", built.shown());
    }

    #[test]
    fn what_is_typed_never_becomes_sql() {
        let catalog = catalog();
        let typed = "'; DROP TABLE virs; --";
        let table = catalog.table("out_virs").unwrap();
        let built = statement(table, Tier::Internal, &one("pavadinimas", Comparison::Is, typed)).unwrap();
        assert!(!built.sql.contains("DROP") && built.parameters["v0"] == typed);
        assert!(built.shown().contains("'''; DROP TABLE virs; --'"), "shown, it is a text: {}", built.shown());
        assert!(statement(table, Tier::Internal, &one("pavadinimas\" FROM virs --", Comparison::Filled, "")).is_err());
    }

    #[test]
    fn what_cannot_be_compared_or_read_is_said() {
        let catalog = catalog();
        let table = catalog.table("out_lesos").unwrap();
        let said = |choice: Choice| statement(table, Tier::Internal, &choice).unwrap_err().to_string();
        assert!(said(one("suma", Comparison::Has, "a")).contains("taip palyginti negalima"));
        assert!(said(one("suma", Comparison::Is, "daug")).contains("skaičių, pvz., 0,25"));
        assert!(said(one("data", Comparison::Is, "vakar")).contains("datą, pvz., 2025-06-30"));
        assert!(said(Choice { sums: vec!["data".to_owned()], ..Choice::default() }).contains("nesumuojama"));
        assert!(statement(table, Tier::Internal, &one("suma", Comparison::AtLeast, "1 234,50")).is_ok());
    }
}

//! The VIRS that somebody means: by its code, or by its name or some words of it, with or without Lithuanian letters, quotes and legal form.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray, RecordBatch};

use crate::queries::released_tables::ReleasedTables;
use crate::queries::spelling::folded;
use crate::refusal::Refusal;

const ALL: &str = "SELECT ja_kodas, pavadinimas FROM virs ORDER BY pavadinimas NULLS LAST, ja_kodas NULLS LAST";

/// The code of the one VIRS that was meant. If several fit, it is refused.
pub(super) fn code(typed: &str, tables: &mut ReleasedTables) -> Result<String> {
    let all = tables.query("virs", ALL, &BTreeMap::new())?;
    let (codes, names) = (texts(&all, 0)?, texts(&all, 1)?);
    match fitting(typed, &codes, &names).as_slice() {
        [one] => Ok(codes[*one].clone()),
        [] => Err(Refusal::one("tokio VIRS šiuose duomenyse nėra: nei kodo, nei pavadinimo su šiais žodžiais; visus išvardija virsis sql -c 'SELECT ja_kodas, pavadinimas FROM virs'").into()),
        several => Err(Refusal::one(format!(
            "pavadinimas tinka keliems VIRS (jų {}); nurodykite kodą arba daugiau pavadinimo žodžių; visus išvardija virsis sql -c 'SELECT ja_kodas, pavadinimas FROM virs'",
            several.len()
        ))
        .into()),
    }
}

/// Rows of the VIRS that fit best: those with this code, else this name, else all these words in the name.
fn fitting(typed: &str, codes: &[String], names: &[String]) -> Vec<usize> {
    let (spoken, bare) = (folded(typed), typed.replace(char::is_whitespace, ""));
    let rows = |fits: &dyn Fn(usize) -> bool| (0..codes.len()).filter(|row| fits(*row)).collect::<Vec<_>>();
    let names: Vec<String> = names.iter().map(|name| folded(name)).collect();
    let has_all_words = |row: usize| spoken.split(' ').all(|word| names[row].split(' ').any(|part| part == word));
    let ways: [&dyn Fn(usize) -> bool; 3] = [&|row| codes[row] == bare, &|row| names[row] == spoken, &has_all_words];
    if spoken.is_empty() {
        return Vec::new();
    }
    ways.into_iter().map(rows).find(|found| !found.is_empty()).unwrap_or_default()
}

fn texts(rows: &RecordBatch, column: usize) -> Result<Vec<String>> {
    let texts = rows.column(column).as_string_opt::<i32>().context("table virs has no text where its code and name should be")?;
    Ok((0..texts.len()).map(|row| if texts.is_valid(row) { texts.value(row).to_owned() } else { String::new() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virs_is_found_by_its_code_or_by_words_of_its_name() {
        let codes = ["111", "222", "333"].map(str::to_owned);
        let names = ["UAB \"Žvaigždžių lapas\"", "UAB \"Žvaigždžių lapas 2\"", "VšĮ \"Rytų aidas\""].map(str::to_owned);
        for (typed, found) in [
            ("222", vec![1]),
            (" 2 2 2", vec![1]),
            ("uab zvaigzdziu lapas", vec![0]),
            ("zvaigzdziu lapas", vec![0, 1]),
            ("Rytu", vec![2]),
            ("vsi „Rytų aidas“", vec![2]),
            ("444", vec![]),
            ("111' OR '1'='1", vec![]),
            ("\"", vec![]),
        ] {
            assert_eq!(fitting(typed, &codes, &names), found, "{typed}");
        }
    }
}

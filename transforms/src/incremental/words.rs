//! The words of a statement: which columns of a table it may name, so that no others need be read back.

use std::collections::BTreeSet;

use arrow::array::{AsArray, RecordBatch, StringArray};
use sha2::{Digest, Sha256};

use crate::models::Models;

/// Words of a statement; names of columns may be among them.
pub type Words = BTreeSet<String>;

/// All words of a statement; `None` where a star may stand for columns.
pub(super) fn words(sql: &str) -> Option<Words> {
    let code: String = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let code = code.replace("COUNT(*)", "").to_lowercase();
    let may_be_columns = code.match_indices('*').any(|(place, _)| !is_times(&code[..place]));
    let words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty());
    (!may_be_columns).then(|| words.map(str::to_owned).collect())
}

/// Whether a star behind this multiplies: something stands before it that has a value.
fn is_times(before: &str) -> bool {
    let before = before.trim_end();
    let word = before.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
    before.ends_with(')') || !matches!(word, "" | "select" | "distinct" | "all")
}

/// What the statements that look something up may name of a table; `None`: anything.
pub(super) fn named_in_lookups(models: &Models, table: &str) -> Option<Words> {
    let looking = models.statements().filter(|statement| !statement.looks_up.is_empty());
    let naming = looking.filter(|statement| statement.needs.iter().any(|need| need == table));
    naming.map(|statement| words(&statement.sql)).try_fold(Words::new(), |all, some| Some(all.into_iter().chain(some?).collect()))
}

/// The columns of text that these words name, or all.
pub(super) fn named_texts(rows: &RecordBatch, words: Option<&Words>) -> Vec<StringArray> {
    let schema = rows.schema();
    let named = schema.fields().iter().zip(rows.columns()).filter(|(field, _)| words.is_none_or(|words| words.contains(field.name())));
    named.filter_map(|(_, column)| column.as_string_opt::<i32>().cloned()).collect()
}

/// Hash of the SQL of a statement.
pub(super) fn sql_hash(sql: &str) -> String {
    hex::encode(Sha256::digest(sql))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_all_columns_unless_it_counts_rows_or_multiplies() {
        let of = |sql: &str| words(sql).map(|words| words.into_iter().collect::<Vec<_>>());
        assert_eq!(of("SELECT a.Suma, COUNT(*) FROM x -- kaina.*"), Some(["a", "from", "select", "suma", "x"].map(str::to_owned).into()));
        for times in ["SELECT a * b FROM x", "SELECT 2*b FROM x", "SELECT CAST(1 AS DOUBLE) * (b) FROM x"] {
            assert!(of(times).is_some(), "{times}");
        }
        for columns in ["SELECT * FROM x", "SELECT x.* FROM x", "SELECT a, * FROM x", "SELECT DISTINCT\n* FROM x", "SELECT x. * FROM x"] {
            assert!(of(columns).is_none(), "{columns}");
        }
    }
}

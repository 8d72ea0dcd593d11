//! Completion of the names of tables and columns, and of the words of SQL.

use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};

use crate::queries::faults::Columns;
use crate::queries::statement;

/// After these words stands a table.
const BEFORE_TABLES: &[&str] = &["from", "join", "describe", "summarize", "table", "d", "schema"];

const KEYWORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "ORDER BY",
    "HAVING",
    "LIMIT",
    "JOIN",
    "LEFT JOIN",
    "USING",
    "UNION ALL",
    "DISTINCT",
    "BETWEEN",
    "LIKE",
    "ILIKE",
    "DESC",
    "NULLS LAST",
    "COUNT",
    "SUM",
    "AVG",
    "MIN",
    "MAX",
    "SHOW TABLES",
    "DESCRIBE",
    "SUMMARIZE",
    "EXPLAIN",
    "WITH",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "CAST",
];

/// All that can be completed.
#[derive(Debug)]
pub(super) struct Words {
    columns: Columns,
    /// The lines of the statement before this one.
    pub(super) before: String,
}

impl Words {
    pub(super) fn new(columns: Columns) -> Self {
        Self { columns, before: String::new() }
    }

    /// Where the word before the cursor begins, and what it may become.
    fn candidates(&self, line: &str, at: usize) -> (usize, Vec<String>) {
        let typed = &line[..at];
        let start = typed
            .rfind(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
            .map_or(0, |place| place + typed[place..].chars().next().map_or(1, char::len_utf8));
        let word = typed[start..].to_lowercase();
        let all = format!("{}{line}", self.before).to_lowercase();
        let all: Vec<&str> = statement::words(&all).into_iter().map(|(word, _)| word).collect();
        let earlier = format!("{}{}", self.before, &typed[..start]).to_lowercase();
        let mut found = if let Some(qualified) = earlier.strip_suffix('.') {
            let qualifier = qualified.rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next().unwrap_or_default();
            self.columns_of(qualifier, &all)
        } else if statement::words(&earlier).last().is_some_and(|(last, _)| BEFORE_TABLES.contains(last)) && !earlier.ends_with('(') {
            self.columns.keys().cloned().collect()
        } else if word.is_empty() {
            Vec::new()
        } else {
            self.anything(&all)
        };
        found.retain(|name| name.to_lowercase().starts_with(&word));
        found.sort();
        found.dedup();
        (start, found)
    }

    /// Columns of a table, or of the one that is called so in this statement (`FROM virs AS v`).
    fn columns_of(&self, qualifier: &str, words: &[&str]) -> Vec<String> {
        let renamed = words.windows(2).filter(|pair| pair[1] == qualifier).map(|pair| pair[0]);
        let with_as = words.windows(3).filter(|three| three[1] == "as" && three[2] == qualifier).map(|three| three[0]);
        let table = std::iter::once(qualifier).chain(renamed).chain(with_as).find(|name| self.columns.contains_key(*name));
        table.map(|name| self.columns[name].clone()).unwrap_or_default()
    }

    /// Columns of the tables that the statement names, or of all if it names none yet; tables; words of SQL.
    fn anything(&self, words: &[&str]) -> Vec<String> {
        let named: Vec<&Vec<String>> = words.iter().filter_map(|word| self.columns.get(*word)).collect();
        let columns: Vec<&String> =
            if named.is_empty() { self.columns.values().flatten().collect() } else { named.into_iter().flatten().collect() };
        let keywords = KEYWORDS.iter().map(|word| (*word).to_owned());
        columns.into_iter().chain(self.columns.keys()).cloned().chain(keywords).collect()
    }
}

impl Completer for Words {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.candidates(line, at))
    }
}

impl Hinter for Words {
    type Hint = String;
}
impl Highlighter for Words {}
impl Validator for Words {}
impl Helper for Words {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_columns_are_completed_where_they_belong() {
        let columns = [("virs", vec!["ja_kodas", "pavadinimas"]), ("vip", vec!["ja_kodas", "vip_nr"]), ("valdymas", vec!["vardas"])];
        let mut words = Words::new(columns.map(|(table, names)| (table.to_owned(), names.into_iter().map(str::to_owned).collect())).into());
        let complete = |words: &Words, line: &str| words.candidates(line, line.len()).1;
        assert_eq!(complete(&words, "SELECT * FROM vi"), ["vip", "virs"]);
        assert_eq!(complete(&words, "\\d val"), ["valdymas"]);
        assert_eq!(complete(&words, "SELECT v.p"), [""; 0]);
        assert_eq!(complete(&words, "SELECT pav"), ["pavadinimas"]);
        assert_eq!(complete(&words, "SEL"), ["SELECT"]);
        let line = "SELECT v.p FROM virs AS v";
        assert_eq!(words.candidates(line, 10), (9, vec!["pavadinimas".to_owned()]));
        words.before = "SELECT *\nFROM virs\n".to_owned();
        assert_eq!(complete(&words, "WHERE v"), ["valdymas", "vip", "virs"], "no column of another table");
        assert_eq!(complete(&words, "WHERE „ž“ ja"), ["ja_kodas"]);
    }
}

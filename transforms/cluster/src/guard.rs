//! What a statement may be made of, before the cluster sees it: it has functions and clauses that read files, run programs and call Java, and no
//! setting that takes all of them away.
//!
//! What may be called is a list, as in `tests/peers/portable`: the functions that statements of `sql/` use. Beside it the session does not read files
//! that a statement names, and is asked which files each would read.

use crate::trouble::Trouble;

/// Functions, and words of SQL that may stand before a bracket.
const MAY_STAND_BEFORE_A_BRACKET: &[&str] = &[
    "ALL",
    "AND",
    "AS",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "COALESCE",
    "COUNT",
    "DECIMAL",
    "DISTINCT",
    "ELSE",
    "EXCEPT",
    "EXISTS",
    "EXTRACT",
    "FLOOR",
    "FROM",
    "HAVING",
    "IN",
    "INTERSECT",
    "JOIN",
    "LENGTH",
    "LOWER",
    "MAX",
    "MIN",
    "NOT",
    "ON",
    "OR",
    "OVER",
    "ROW_NUMBER",
    "SELECT",
    "SUM",
    "THEN",
    "TRANSLATE",
    "UNION",
    "WHEN",
    "WHERE",
];

/// Words that make something else of a statement than a question about its tables.
const REFUSED: &[&str] = &[
    "ADD",
    "ALTER",
    "ANALYZE",
    "CACHE",
    "CALL",
    "CREATE",
    "DECLARE",
    "DELETE",
    "DIRECTORY",
    "DROP",
    "EXECUTE",
    "EXPLAIN",
    "IDENTIFIER",
    "INSERT",
    "LATERAL",
    "LOAD",
    "MAP",
    "MERGE",
    "OVERWRITE",
    "RECURSIVE",
    "REDUCE",
    "REFRESH",
    "REPLACE",
    "RESET",
    "SET",
    "SHOW",
    "STREAM",
    "TABLE",
    "TABLESAMPLE",
    "TRANSFORM",
    "UNCACHE",
    "UPDATE",
    "USE",
    "USING",
    "VALUES",
];

/// Signs between words.
const SIGNS: &str = "()+-*/=<>!|,.;";

#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Text,
    Sign(char),
}

/// The statement as it is sent.
pub(crate) fn checked(sql: &str) -> Result<&str, Trouble> {
    let tokens = tokens(sql)?;
    let refused = |what: String| Err(Trouble(format!("{what} may not be used on a cluster; docs/portable-sql.md says what may")));
    match tokens.first() {
        Some(Token::Word(word)) if ["SELECT", "WITH"].iter().any(|known| word.eq_ignore_ascii_case(known)) => {}
        _ => return refused("a statement that begins with another word than SELECT or WITH".to_owned()),
    }
    // Inside EXTRACT(… FROM …) no table follows.
    let mut brackets: Vec<bool> = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let next = tokens.get(place + 1);
        match token {
            Token::Word(word) => {
                let upper = word.to_ascii_uppercase();
                if REFUSED.contains(&upper.as_str()) {
                    return refused(upper);
                }
                if next == Some(&Token::Sign('(')) && !MAY_STAND_BEFORE_A_BRACKET.contains(&upper.as_str()) {
                    return refused(format!("function {upper}"));
                }
                let names_table = ["FROM", "JOIN"].contains(&upper.as_str()) && !brackets.last().is_some_and(|in_extract| *in_extract);
                if names_table && tokens.get(place + 2) == Some(&Token::Sign('.')) {
                    return refused("a table of another schema".to_owned());
                }
            }
            Token::Sign('(') => {
                let before = place.checked_sub(1).and_then(|before| tokens.get(before));
                brackets.push(matches!(before, Some(Token::Word(word)) if word.eq_ignore_ascii_case("EXTRACT")));
            }
            Token::Sign(')') => drop(brackets.pop()),
            Token::Sign(';') if next.is_some() => return refused("more than one statement".to_owned()),
            Token::Sign('|') if next == Some(&Token::Sign('>')) => return refused("|>".to_owned()),
            Token::Sign(_) | Token::Text => {}
        }
    }
    Ok(sql.trim().trim_end_matches(';'))
}

fn tokens(sql: &str) -> Result<Vec<Token<'_>>, Trouble> {
    let (mut tokens, mut rest) = (Vec::new(), sql);
    while let Some(letter) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.find('\n').map_or("", |end| &comment[end..]);
        } else if rest.starts_with("/*") {
            return Err(Trouble::new("a comment in /* */ may not be used on a cluster, which could take it for a hint; write --"));
        } else if letter == '\'' {
            let end = rest[1..].find('\'').ok_or_else(|| Trouble::new("a text has no end"))?;
            if rest[1..=end].contains('\\') {
                return Err(Trouble::new(
                    "a backslash in a text may not be used on a cluster, which would read the sign after it otherwise",
                ));
            }
            tokens.push(Token::Text);
            rest = &rest[end + 2..];
        } else if letter.is_ascii_alphanumeric() || letter == '_' {
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..end]));
            rest = &rest[end..];
            if rest.starts_with('\'') {
                return Err(Trouble::new("a word right before a text may not be used on a cluster, which could take it for part of it"));
            }
        } else if letter.is_whitespace() {
            rest = &rest[letter.len_utf8()..];
        } else if SIGNS.contains(letter) {
            tokens.push(Token::Sign(letter));
            rest = &rest[1..];
        } else {
            return Err(Trouble(format!("the sign {letter} may not be used on a cluster outside a text")));
        }
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_statement_of_this_project_may_be_sent() {
        let mut tried = 0;
        for folder in ["models", "checks"] {
            for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql").join(folder)).unwrap() {
                let path = entry.unwrap().path();
                // Cells of a check's table stand in their places.
                let sql: String = std::fs::read_to_string(&path).unwrap().replace('{', "").replace('}', "_");
                if let Err(refused) = checked(&sql) {
                    panic!("{}: {refused:?}", path.display());
                }
                tried += 1;
            }
        }
        assert!(tried > 70, "{tried}");
    }

    #[test]
    fn nothing_reads_files_runs_programs_or_calls_java() {
        for sql in [
            "SELECT * FROM csv.`/etc/passwd`",
            "SELECT * FROM text.\"/etc/passwd\"",
            "SELECT reflect('java.lang.System', 'getenv', 'HOME') AS x",
            "SELECT java_method ('java.nio.file.Files', 'readString', 'x') AS x",
            "SELECT input_file_name() AS x FROM core_a",
            "SELECT * FROM read_files('/etc/passwd')",
            "SELECT * FROM range(5)",
            "SELECT TRANSFORM (n) USING 'cat' AS (n STRING) FROM core_a",
            "SELECT * FROM (MAP n USING 'cat' FROM core_a)",
            "WITH t AS (SELECT 1 AS n) INSERT OVERWRITE DIRECTORY '/tmp/x' SELECT * FROM t",
            "WITH t AS (SELECT 1 AS n) FROM t INSERT INTO x SELECT n",
            "CREATE TEMPORARY VIEW v USING csv OPTIONS (path '/etc/passwd')",
            "SELECT 1 AS n; SELECT 2 AS n",
            "SELECT * FROM IDENTIFIER('core_a')",
            "SELECT * FROM default.core_a",
            "SELECT * FROM a JOIN spark_catalog.default.core_a AS b ON a.n = b.n",
            "SELECT ${env:HOME} AS x",
            "SELECT r'\\x' AS x",
            "SELECT '\\' || ' FROM x, csv.`/etc/passwd`",
            "SELECT /*+ BROADCAST(a) */ n FROM a",
            "FROM core_a |> SELECT n",
            "SELECT n FROM core_a |> SELECT n",
            "TABLE core_a",
            "SET spark.sql.ansi.enabled = false",
            "SELECT 'no end",
            "",
        ] {
            assert!(checked(sql).is_err(), "{sql}");
        }
        for sql in [
            "-- a comment; with `signs`\nSELECT EXTRACT(YEAR FROM p.diena) AS metai FROM core_a AS p;",
            "WITH a AS (SELECT COUNT(*) AS n FROM core_a) SELECT 'it''s; set' AS t, n FROM a ORDER BY n NULLS LAST",
        ] {
            assert!(checked(sql).is_ok(), "{sql}");
        }
    }
}

//! The SQL statements in what somebody typed, without surrounding comments and final semicolons.
//!
//! This scanner knows only what can hide a semicolon: string literals, quoted names, dollar quotes and comments. The engine still parses the
//! statements itself, and has nothing to write to.

use super::spelling;
use crate::refusal::Refusal;

/// Words that begin a statement that only reads.
const READING: &[&str] =
    &["select", "with", "from", "show", "describe", "desc", "summarize", "explain", "values", "table", "pivot", "unpivot"];

/// Words that begin a statement that does anything else.
const CHANGING: &[&str] = &[
    "alter",
    "analyze",
    "attach",
    "begin",
    "call",
    "checkpoint",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "delete",
    "detach",
    "drop",
    "execute",
    "export",
    "force",
    "import",
    "insert",
    "install",
    "load",
    "merge",
    "pragma",
    "prepare",
    "reset",
    "rollback",
    "set",
    "start",
    "truncate",
    "update",
    "use",
    "vacuum",
];

/// Every statement, from its first word to its last.
///
/// # Errors
/// There is none, or one of them is none that reads: then none of them may run.
pub(crate) fn all(text: &str) -> Result<Vec<&str>, Refusal> {
    let (statements, _) = split(text);
    if statements.is_empty() {
        return Err(Refusal::one("užklausos nėra: parašyti tik tarpai ar komentarai"));
    }
    statements.iter().try_for_each(|statement| reads(statement))?;
    Ok(statements)
}

/// Whether a text ends where a statement ends: with a semicolon, but for spaces and comments.
pub(crate) fn is_complete(text: &str) -> bool {
    !split(text).1
}

/// Words of a statement outside quotes and comments, and how deep in parentheses each stands.
pub(crate) fn words(statement: &str) -> Vec<(&str, usize)> {
    let (mut words, mut at, mut depth) = (Vec::new(), 0, 0_usize);
    while at < statement.len() {
        let rest = &statement[at..];
        let hidden = comment(rest).or_else(|| quoted(rest));
        let length = hidden.unwrap_or_else(|| word(rest));
        match &rest[..length] {
            _ if hidden.is_some() => {}
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            word if word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') => words.push((word, depth)),
            _ => {}
        }
        at += length;
    }
    words
}

/// Refuses a statement that may do anything but read.
fn reads(statement: &str) -> Result<(), Refusal> {
    let start = statement.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '(').to_lowercase();
    let words: Vec<(String, usize)> = words(statement).into_iter().map(|(word, depth)| (word.to_lowercase(), depth)).collect();
    let first = words.first().map(|(word, _)| word.clone()).filter(|word| start.starts_with(word)).unwrap_or_default();
    let is = |list: &[&str], word: &str| list.contains(&word);
    if !is(READING, &first) && !is(CHANGING, &first) {
        let hint = spelling::closest(&first, READING.iter().copied());
        let hint = hint.map_or_else(
            || "sakinys prasideda SELECT, WITH, FROM, SHOW, DESCRIBE, SUMMARIZE arba EXPLAIN".to_owned(),
            |word| format!("gal turėjote omenyje {}?", word.to_uppercase()),
        );
        return Err(Refusal::one(format!("sintaksės klaida: užklausa neprasideda jokiu SQL sakiniu\nPatarimas: {hint}")));
    }
    // What WITH and EXPLAIN stand before may do anything.
    let goes_on = is(&["with", "explain"], &first) && words.iter().any(|(word, depth)| *depth == 0 && changes(word, &first));
    if is(CHANGING, &first) || goes_on {
        return Err(Refusal::one(
            "paskelbtus duomenis galima tik skaityti: sakinys turi prasidėti SELECT, WITH, FROM, SHOW, DESCRIBE, SUMMARIZE arba EXPLAIN",
        ));
    }
    Ok(())
}

/// Whether a word after WITH or EXPLAIN begins a statement that does not only read.
fn changes(word: &str, first: &str) -> bool {
    CHANGING.contains(&word) && !(first == "explain" && word == "analyze")
}

/// What stands between semicolons, without the comments and spaces around it; and whether something stands after the last one.
fn split(text: &str) -> (Vec<&str>, bool) {
    let (mut statements, mut at) = (Vec::new(), 0);
    // The first and the last byte that are neither space nor comment.
    let mut bounds: Option<(usize, usize)> = None;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let comment = comment(rest);
        let length = comment.or_else(|| quoted(rest)).unwrap_or_else(|| word(rest));
        if comment.is_none() && letter == ';' {
            statements.extend(bounds.take().map(|(from, to)| &text[from..to]));
        } else if comment.is_none() && !letter.is_whitespace() {
            bounds = Some((bounds.map_or(at, |(from, _)| from), at + length));
        }
        at += length;
    }
    let is_open = bounds.is_some();
    statements.extend(bounds.map(|(from, to)| &text[from..to]));
    (statements, is_open)
}

/// How long a comment that begins here is. Comments between `/*` and `*/` may hold others.
pub(super) fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("--") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match rest.as_bytes().get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    Some(rest.len())
}

/// How long a text or a name in quotes is; one that stays open ends with all.
pub(super) fn quoted(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let to = |end: Option<usize>| Some(end.unwrap_or(rest.len()));
    match bytes[0] {
        // A doubled quote begins the next text at once, which comes to the same.
        quote @ (b'\'' | b'"') => to(bytes[1..].iter().position(|byte| *byte == quote).map(|at| at + 2)),
        // E'it\'s'
        b'e' | b'E' if bytes.get(1) == Some(&b'\'') => {
            let mut at = 2;
            while at < bytes.len() {
                match bytes[at] {
                    b'\\' => at += 2,
                    b'\'' => return Some(at + 1),
                    _ => at += 1,
                }
            }
            to(None)
        }
        b'$' => {
            let tag = &rest[..=rest[1..].find('$')? + 1];
            let is_tag = tag[1..tag.len() - 1]
                .chars()
                .enumerate()
                .all(|(place, letter)| letter == '_' || letter.is_alphabetic() || place > 0 && letter.is_ascii_digit());
            if is_tag { to(rest[tag.len()..].find(tag).map(|at| at + 2 * tag.len())) } else { None }
        }
        _ => None,
    }
}

/// How long a word, or a single mark, is. A word is taken whole: in `name'x'` the `e` begins no text.
pub(super) fn word(rest: &str) -> usize {
    let letters = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$')).unwrap_or(rest.len());
    if letters > 0 && !rest.starts_with('$') { letters } else { rest.chars().next().map_or(1, char::len_utf8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_may_begin_and_end_with_comments() {
        for text in [
            "SELECT 1",
            "-- kiek VIRS\nSELECT 1",
            "/* kiek */ SELECT 1;",
            "/* a /* b */ ; */\n-- c; d\n  SELECT 1 ; -- e\n",
            ";;SELECT 1;;",
            "SELECT 1--",
        ] {
            assert_eq!(all(text).unwrap(), ["SELECT 1"], "{text}");
        }
        assert_eq!(all("(SELECT 1) UNION (SELECT 2)").unwrap(), ["(SELECT 1) UNION (SELECT 2)"]);
        assert_eq!(all("WITH a AS (SELECT 1 /* ; */) FROM a").unwrap(), ["WITH a AS (SELECT 1 /* ; */) FROM a"]);
    }

    #[test]
    fn a_semicolon_in_a_text_or_a_name_ends_nothing() {
        for text in [
            "SELECT ';'",
            "SELECT 'it''s; a'",
            "SELECT E'it\\'s; a'",
            "SELECT 1 AS \"a;\"\"b\"",
            "SELECT $$ ; $$",
            "SELECT $a$ ; $$ ; $a$",
            "SELECT date'2026-01-01;'",
            "SELECT '--;', 2",
            "SELECT ';",
            "SELECT $1",
        ] {
            assert_eq!(all(text).unwrap(), [text]);
        }
    }

    #[test]
    fn several_statements_are_told_apart_and_none_runs_if_one_of_them_does_not_read() {
        for text in ["SELECT 1; SELECT 2", "SELECT 'a';-- b\nSELECT 'c'", "SELECT 1 AS e;TABLE b"] {
            assert_eq!(all(text).unwrap().len(), 2, "{text}");
        }
        let refused = |text: &str| all(text).unwrap_err().to_string();
        for text in ["", " ; ", "-- SELECT 1", "/* SELECT 1", "/* SELECT 1 */"] {
            assert!(refused(text).contains("užklausos nėra"), "{text}");
        }
        for text in [
            "/* a */ DROP VIEW virs",
            "COPY virs TO 'x'",
            "SET a = 1",
            "SELECT 1;DROP TABLE a;",
            "EXPLAIN ANALYZE DROP VIEW virs",
            "EXPLAIN DELETE FROM virs",
            "WITH a AS (SELECT 1) DELETE FROM store.virs",
        ] {
            assert!(refused(text).contains("galima tik skaityti"), "{text}");
        }
        for text in ["EXPLAIN ANALYZE SELECT 1", "WITH a AS (SELECT 1 AS \"delete\") SELECT * FROM a", "SELECT 'drop'"] {
            all(text).unwrap();
        }
    }

    #[test]
    fn a_misspelt_first_word_is_a_syntax_error_with_the_word_that_was_meant() {
        for (text, meant) in
            [("SELEC 1", "SELECT"), ("slect 1", "SELECT"), ("EXPALIN SELECT 1", "EXPLAIN"), ("SELECT 1; FORM virs", "FROM")]
        {
            let said = all(text).unwrap_err().to_string();
            assert!(said.contains("sintaksės klaida") && said.contains(&format!("gal turėjote omenyje {meant}?")), "{said}");
        }
        for text in ["'select'", "labas", "1 SELECT", "= 1"] {
            let said = all(text).unwrap_err().to_string();
            assert!(said.contains("sintaksės klaida") && said.contains("prasideda SELECT"), "{said}");
        }
    }

    #[test]
    fn a_statement_goes_on_until_its_semicolon() {
        for (text, is) in [
            ("SELECT 1;", true),
            ("SELECT 1; -- c", true),
            ("SELECT ';", false),
            ("SELECT 1", false),
            ("-- a;", true),
            ("SELECT 1; SELECT", false),
        ] {
            assert_eq!(is_complete(text), is, "{text}");
        }
    }
}

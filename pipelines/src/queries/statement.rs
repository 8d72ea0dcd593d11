//! Extracts the one SQL statement from what somebody typed, without surrounding comments and the final semicolon.
//!
//! This scanner knows only what can hide a semicolon: string literals, quoted names, dollar quotes and comments. The engine still parses the
//! statement itself, and has nothing to write to.

use crate::refusal::Refusal;

/// Statements that only read.
const READING: &[&str] = &["select", "with", "from", "show", "describe", "summarize", "explain", "values", "table", "pivot", "unpivot"];

/// The statement, from its first word to its last.
///
/// # Errors
/// There is none, or more than one, or it is none that reads.
pub(crate) fn only(text: &str) -> Result<&str, Refusal> {
    let mut statements = split(text);
    let first = statements.pop().ok_or_else(|| Refusal::one("there is no statement, only spaces or comments"))?;
    if !statements.is_empty() {
        return Err(Refusal::one(format!("these are {} statements; run one at a time", statements.len() + 1)));
    }
    let word = first.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '(');
    let word = word.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    if !READING.contains(&word.as_str()) {
        return Err(Refusal::one(
            "published data is read-only: a statement must begin with SELECT, WITH, FROM, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN",
        ));
    }
    Ok(first)
}

/// What stands between semicolons, without the comments and spaces around it.
fn split(text: &str) -> Vec<&str> {
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
    statements.extend(bounds.map(|(from, to)| &text[from..to]));
    statements
}

/// How long a comment that begins here is. Comments between `/*` and `*/` may hold others.
fn comment(rest: &str) -> Option<usize> {
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
fn quoted(rest: &str) -> Option<usize> {
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
fn word(rest: &str) -> usize {
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
            assert_eq!(only(text).unwrap(), "SELECT 1", "{text}");
        }
        assert_eq!(only("(SELECT 1) UNION (SELECT 2)").unwrap(), "(SELECT 1) UNION (SELECT 2)");
        assert_eq!(only("WITH a AS (SELECT 1 /* ; */) FROM a").unwrap(), "WITH a AS (SELECT 1 /* ; */) FROM a");
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
            assert_eq!(only(text).unwrap(), text);
        }
    }

    #[test]
    fn several_statements_are_refused_and_so_is_none_and_one_that_writes() {
        for text in ["SELECT 1; SELECT 2", "SELECT 1;DROP TABLE a;", "SELECT 'a';-- b\nSELECT 'c'", "SELECT 1 AS e;'SELECT 2"] {
            assert!(only(text).unwrap_err().to_string().contains("2 statements"), "{text}");
        }
        for text in ["", " ; ", "-- SELECT 1", "/* SELECT 1", "/* SELECT 1 */"] {
            assert!(only(text).unwrap_err().to_string().contains("no statement"), "{text}");
        }
        for text in ["/* a */ DROP VIEW virs", "COPY virs TO 'x'", "SET a = 1", "'select'", "selected"] {
            assert!(only(text).unwrap_err().to_string().contains("read-only"), "{text}");
        }
    }
}

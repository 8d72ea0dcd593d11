//! The English texts of `messages/en`, found by the Lithuanian ones.

use super::choice::{BEGIN, END, OR, both};

/// Files of lines `"Lithuanian" = "English"` (TOML), by where the texts are used.
const MESSAGES: [&str; 4] = [
    include_str!("../../messages/en/pages.toml"),
    include_str!("../../messages/en/drawings.toml"),
    include_str!("../../messages/en/templates.toml"),
    include_str!("../../messages/en/scripts.toml"),
];

/// What stands around a text that templates and scripts say.
const AROUND: [char; 2] = ['⟦', '⟧'];

/// Where in `bytes` the line of this text has its translation.
const fn find(bytes: &[u8], lithuanian: &[u8]) -> Option<(usize, usize)> {
    const BETWEEN: &[u8] = b"\" = \"";
    let mut line = 0;
    while line < bytes.len() {
        let mut end = line;
        while end < bytes.len() && bytes[end] != b'\n' {
            end += 1;
        }
        // `"`, the text, `" = "`, the translation, `"`.
        let translation = line + 1 + lithuanian.len() + BETWEEN.len();
        if translation < end
            && bytes[line] == b'"'
            && same(bytes, line + 1, lithuanian)
            && same(bytes, line + 1 + lithuanian.len(), BETWEEN)
            && bytes[end - 1] == b'"'
        {
            return Some((translation, end - 1));
        }
        line = end + 1;
    }
    None
}

const fn same(bytes: &[u8], start: usize, part: &[u8]) -> bool {
    let mut place = 0;
    while place < part.len() {
        if start + place >= bytes.len() || bytes[start + place] != part[place] {
            return false;
        }
        place += 1;
    }
    true
}

/// The file and the place in it of a translation.
const fn place_of(lithuanian: &str) -> Option<(usize, usize, usize)> {
    let mut file = 0;
    while file < MESSAGES.len() {
        if let Some((start, end)) = find(MESSAGES[file].as_bytes(), lithuanian.as_bytes()) {
            return Some((file, start, end));
        }
        file += 1;
    }
    None
}

/// The English text for a Lithuanian one.
fn english(lithuanian: &str) -> Option<&'static str> {
    let (file, start, end) = place_of(lithuanian)?;
    MESSAGES[file].get(start..end)
}

/// Bytes of the choice that [`choice_of`] gives.
///
/// # Panics
/// Without a translation; at compile time, from [`super::say!`].
pub(crate) const fn choice_length(lithuanian: &str) -> usize {
    match place_of(lithuanian) {
        Some((_, start, end)) => lithuanian.len() + (end - start) + 3,
        None => panic!("this text has no translation in publish/messages/en: add a line with it"),
    }
}

/// The choice between a text and its translation.
///
/// # Panics
/// Without a translation; at compile time, from [`super::say!`].
pub(crate) const fn choice_of<const LENGTH: usize>(lithuanian: &str) -> [u8; LENGTH] {
    let Some((file, start, end)) = place_of(lithuanian) else { panic!("this text has no translation in publish/messages/en") };
    let mut bytes = [BEGIN; LENGTH];
    let mut out = copy(lithuanian.as_bytes(), 0, lithuanian.len(), &mut bytes, 1);
    bytes[out] = OR;
    out = copy(MESSAGES[file].as_bytes(), start, end, &mut bytes, out + 1);
    bytes[out] = END;
    bytes
}

const fn copy(from: &[u8], start: usize, end: usize, into: &mut [u8], mut at: usize) -> usize {
    let mut place = start;
    while place < end {
        into[at] = from[place];
        at += 1;
        place += 1;
    }
    at
}

/// A template or script with every text between `⟦` and `⟧` as a choice.
///
/// # Errors
/// The line and the first text that has no translation, or does not end.
pub(crate) fn translated(source: &str) -> Result<String, String> {
    let mut out = String::with_capacity(source.len() * 2);
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(AROUND[0]) {
        out.push_str(before);
        let line = || 1 + source[..source.len() - after.len()].matches('\n').count();
        let (text, after) = after.split_once(AROUND[1]).ok_or_else(|| format!("line {}: a text does not end", line()))?;
        let english = english(text).ok_or_else(|| format!("line {}: no line in publish/messages/en for “{text}”", line()))?;
        out.push_str(&both(text, english));
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Lithuanian texts that no English page has: whole ones, long enough to stand in no data.
#[cfg(test)]
pub(crate) fn said_in_lithuanian() -> impl Iterator<Item = &'static str> {
    let lines = MESSAGES.iter().flat_map(|file| file.lines()).filter_map(|line| line.strip_prefix('"')?.split_once("\" = \""));
    lines.map(|(text, _)| text).filter(|text| text.chars().count() > 14 && !text.contains(['{', '$', '|']))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::language::{Language, in_language, said, say};

    #[test]
    fn a_text_is_found_as_a_whole_line_of_a_file() {
        let file = "# \"Kodas\" = \"no\"\n\"Kodas\" = \"Code\"\n\"Kodas ir\" = \"Code and\"\n";
        let found = |text: &str| find(file.as_bytes(), text.as_bytes()).map(|(start, end)| &file[start..end]);
        assert_eq!(
            [found("Kodas"), found("Kodas ir"), found("Koda"), found("no"), found("")],
            [Some("Code"), Some("Code and"), None, None, None]
        );
    }

    #[test]
    fn a_choice_is_made_at_compile_time() {
        const LANGUAGE: &str = say!("lt");
        assert_eq!([Language::Lithuanian, Language::English].map(|language| in_language(LANGUAGE, language).into_owned()), ["lt", "en"]);
        assert_eq!(in_language(&said!("lt", 1), Language::English), "en");
    }

    #[test]
    fn a_text_without_translation_is_named_with_its_line() {
        assert_eq!(translated("<html lang=\"⟦lt⟧\">").unwrap(), "<html lang=\"\u{1}lt\u{2}en\u{3}\">");
        assert_eq!(translated("a\n⟦Tokio nėra⟧").unwrap_err(), "line 2: no line in publish/messages/en for “Tokio nėra”");
        assert_eq!(translated("⟦lt").unwrap_err(), "line 1: a text does not end");
    }

    /// Every file under a folder of this crate.
    fn sources(folder: &str) -> String {
        let mut all = String::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                match path.is_dir() {
                    true => folders.push(path),
                    false => all.push_str(&fs::read_to_string(path).unwrap_or_default()),
                }
            }
        }
        all
    }

    #[test]
    fn files_of_messages_are_toml_with_every_text_once_and_used() {
        let all = ["src", "templates", "assets"].map(sources).concat();
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for file in MESSAGES {
            let parsed: BTreeMap<String, String> = toml::from_str(file).unwrap();
            for (text, translation) in parsed {
                assert!(english(&text) == Some(translation.as_str()), "“{text}” is not found as it is written");
                assert!(!translation.is_empty(), "“{text}” has an empty translation");
                let places = |of: &str| (0..10).map(|place| of.matches(&format!("{{{place}}}")).count()).collect::<Vec<_>>();
                assert_eq!(places(&text), places(&translation), "arguments of “{text}”");
                let is_used = [format!("⟦{text}⟧"), format!("\"{text}\"")].iter().any(|wanted| all.contains(wanted.as_str()));
                assert!(is_used, "“{text}” is said nowhere");
                assert!(seen.insert(text.clone(), translation).is_none(), "“{text}” is translated twice");
            }
        }
    }
}

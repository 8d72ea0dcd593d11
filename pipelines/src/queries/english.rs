//! Reports and examples in English: the words that their statements say to readers, headings of columns and texts, from `sql/english.toml`. What they say
//! of themselves stands in their own first lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::iter;
use std::path::Path;

use catalog::Text;
use serde::Deserialize;
use transforms::Header;

use super::statement::{comment, quoted, word};
use crate::refusal::Refusal;

const FILE: &str = "sql/english.toml";

/// English words by the Lithuanian ones that stand in statements.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct English {
    /// Names in double quotes.
    headings: BTreeMap<String, String>,
    /// Texts in single quotes.
    texts: BTreeMap<String, String>,
}

impl English {
    /// Reads the file.
    pub(crate) fn load(home: &Path) -> Result<Self, Refusal> {
        let path = home.join(FILE);
        let text = fs::read_to_string(&path).map_err(|error| Refusal::one(format!("cannot read {}: {error}", path.display())))?;
        toml::from_str(&text).map_err(|error| Refusal::one(format!("{FILE}: {}", error.to_string().trim_end())))
    }

    /// The statement below a header, as it reads in each language.
    ///
    /// # Errors
    /// Words that have no line in `sql/english.toml`, or two headings that say the same in English; with the file that says them.
    pub(super) fn statement(&self, header: &Header, text: &str) -> Result<Text, Refusal> {
        let lt = text.lines().skip_while(|line| line.starts_with("--")).collect::<Vec<_>>().join("\n");
        let (mut en, mut without) = (String::with_capacity(lt.len()), BTreeSet::new());
        let mut headings: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for part in parts(&lt) {
            let quote = &part[..part.chars().next().map_or(0, char::len_utf8)];
            let inside = part.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            let (words, section, said) = match (quote, inside) {
                ("\"", Some(name)) => (&self.headings, "headings", name),
                ("'", Some(text)) if is_read(text) => (&self.texts, "texts", text),
                _ => {
                    en.push_str(part);
                    continue;
                }
            };
            let doubled = quote.repeat(2);
            let Some(english) = words.get(&said.replace(&doubled, quote)) else {
                without.insert(format!("{part} has no English; add it to [{section}] of {FILE}"));
                continue;
            };
            if section == "headings" {
                headings.entry(english.as_str()).or_default().insert(part);
            }
            en.extend([quote, english.replace(quote, &doubled).as_str(), quote]);
        }
        let same = headings.into_iter().filter(|(_, names)| names.len() > 1);
        without.extend(same.map(|(english, names)| {
            format!("{} are all “{english}” in English; tell them apart in {FILE}", names.into_iter().collect::<Vec<_>>().join(" and "))
        }));
        let problems: Vec<String> = without.into_iter().map(|reason| header.wrong(reason).to_string()).collect();
        if problems.is_empty() { Ok(Text { lt, en }) } else { Err(Refusal(problems)) }
    }
}

/// What a header says under `key`, and under `key_en` in English.
pub(super) fn said(header: &Header, key: &str) -> Result<Text, Refusal> {
    let one = |key: &str| header.one(key).map(str::to_owned).map_err(Refusal::one);
    Ok(Text { lt: one(key)?, en: one(&format!("{key}_en"))? })
}

/// All that is wrong with several files, or what they are.
pub(super) fn all<T>(read: impl Iterator<Item = anyhow::Result<T>>) -> anyhow::Result<Vec<T>> {
    let (mut whole, mut problems) = (Vec::new(), Vec::new());
    for one in read {
        match one.map_err(anyhow::Error::downcast::<Refusal>) {
            Ok(one) => whole.push(one),
            Err(Ok(Refusal(reasons))) => problems.extend(reasons),
            Err(Err(other)) => return Err(other),
        }
    }
    if problems.is_empty() { Ok(whole) } else { Err(Refusal(problems).into()) }
}

/// Whether people read a text: words, not codes, which are of small letters or of capitals alone.
fn is_read(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let spaced = |pair: &[char]| pair[0] == ' ' && pair[1].is_alphabetic() || pair[0].is_alphabetic() && pair[1] == ' ';
    letters.windows(2).any(|pair| spaced(pair) || pair[0].is_uppercase() && pair[1].is_lowercase())
}

/// A statement in parts: comments, whole quoted texts and names, words, single marks.
fn parts(sql: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    iter::from_fn(move || {
        let rest = sql.get(at..).filter(|rest| !rest.is_empty())?;
        let length = comment(rest).or_else(|| whole(rest)).unwrap_or_else(|| word(rest));
        at += length;
        Some(&rest[..length])
    })
}

/// How long a quoted text or name is, with the doubled quotes in it.
fn whole(rest: &str) -> Option<usize> {
    let mut length = quoted(rest)?;
    while rest.starts_with(['\'', '"']) && rest[length..].starts_with(&rest[..1]) {
        length += quoted(&rest[length..])?;
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queries::examples;
    use crate::queries::report::Report;

    fn home() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn english() -> English {
        toml::from_str("[headings]\n\"Rūšis\" = \"Kind\"\n\"Klasė\" = \"Kind\"\n[texts]\n\"Dalis \" = \"Owner's share \"\n").unwrap()
    }

    fn statement(sql: &str) -> Result<Text, Refusal> {
        english().statement(&Header::parse(Path::new("sql/reports/a.sql"), sql), sql)
    }

    #[test]
    fn what_readers_read_is_in_english_and_nothing_else_changes() {
        let sql = "-- title: Kas?\n-- tier: open\nSELECT 'Dalis ' || a AS \"Rūšis\", '-01-01', 'LT', 'galioja', $metai -- \"Rūšis\"\nORDER BY b.\"Rūšis\"";
        let said = statement(sql).unwrap();
        assert_eq!(said.lt, sql.split_once("open\n").unwrap().1, "without its header");
        assert_eq!(
            said.en,
            "SELECT 'Owner''s share ' || a AS \"Kind\", '-01-01', 'LT', 'galioja', $metai -- \"Rūšis\"\nORDER BY b.\"Kind\""
        );
    }

    #[test]
    fn words_without_english_are_named_with_their_file() {
        let Err(Refusal(reasons)) = statement("SELECT 'Tai''p', 'taip' AS \"Data\", ', kontroliuoja'") else { panic!("accepted") };
        assert_eq!(
            reasons,
            [
                "sql/reports/a.sql: \"Data\" has no English; add it to [headings] of sql/english.toml",
                "sql/reports/a.sql: ', kontroliuoja' has no English; add it to [texts] of sql/english.toml",
                "sql/reports/a.sql: 'Tai''p' has no English; add it to [texts] of sql/english.toml",
            ]
        );
        let same = statement("SELECT 1 AS \"Rūšis\", 2 AS \"Klasė\"").unwrap_err().to_string();
        assert!(same.contains("“Kind”"), "{same}");
    }

    /// Whether it has letters that English does not.
    fn is_lithuanian(text: &str) -> bool {
        text.contains(['ą', 'č', 'ę', 'ė', 'į', 'š', 'ų', 'ū', 'ž', 'Ž', 'Š', 'Č', '„'])
    }

    #[test]
    fn every_report_and_example_is_in_english_and_every_english_word_is_said() {
        let (reports, examples) = (Report::load_all(&home()).unwrap(), examples::load_all(&home()).unwrap());
        let parameters = reports.iter().flat_map(|report| &report.parameters).map(|parameter| &parameter.label);
        let texts = reports.iter().flat_map(|report| [&report.title, &report.description, &report.empty]);
        for text in texts.chain(parameters).chain(examples.iter().map(|example| &example.title)) {
            assert!(!text.en.is_empty() && !is_lithuanian(&text.en) && (text.lt != text.en || text.lt.len() < 9), "{text:?}");
        }
        let statements: Vec<&Text> =
            reports.iter().map(|report| &report.statement).chain(examples.iter().map(|example| &example.sql)).collect();
        assert!(statements.len() >= 22);
        let english = English::load(&home()).unwrap();
        for (lithuanian, said) in english.headings.iter().chain(&english.texts) {
            assert!(!said.is_empty() && !is_lithuanian(said), "“{lithuanian}” is “{said}” in English");
            let is_said = [format!("\"{lithuanian}\""), format!("'{lithuanian}'")];
            assert!(
                statements.iter().any(|text| is_said.iter().any(|said| text.lt.contains(said.as_str()))),
                "“{lithuanian}” is said nowhere"
            );
        }
    }
}

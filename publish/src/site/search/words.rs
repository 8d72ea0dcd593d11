//! Words by which things are found: small letters without marks, and digits. `assets/search.js` makes the same words, of what is typed
//! and of what it found; `words.json` holds examples that both must meet.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::site::text::beginning;

/// Letters of a word that tell it from others; also keeps names of files short.
const LONGEST: usize = 24;
/// What web addresses begin with.
const OF_ADDRESSES: [&str; 3] = ["http", "https", "www"];

/// The words of a text, each once. What is written in one piece is one word more without its signs: `1234-5678`, `zinios.lt`.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in text.split_whitespace() {
        let letters = letters(piece);
        let parts: Vec<&str> = letters.split(|letter: char| !letter.is_alphanumeric()).filter(|part| is_word(part)).collect();
        let whole = parts.concat();
        for word in parts.iter().copied().chain((parts.len() > 1).then_some(whole.as_str())) {
            let word = beginning(word, LONGEST);
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
    }
    words
}

/// The domain of a web or e-mail address, without `www.`.
pub(super) fn domain(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().trim();
    host.strip_prefix("www.").unwrap_or(host)
}

/// A word in letters that may stand in the name of a file; what a word begins with is what it begins with when spelled so.
pub(super) fn spelled(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut spelled = String::with_capacity(word.len());
    for letter in word.chars() {
        match letter {
            'a'..='z' | '0'..='9' => spelled.push(letter),
            _ => spelled.push_str(&format!("u{:x}", u32::from(letter))),
        }
    }
    spelled
}

fn is_word(part: &str) -> bool {
    !part.is_empty() && !OF_ADDRESSES.contains(&part)
}

fn letters(text: &str) -> String {
    // What most codes and many names are: nothing in it has a mark.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let small = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    let all = small.flat_map(|letter| {
        let (first, second) = plain(letter);
        [Some(first), second].into_iter().flatten()
    });
    all.collect()
}

/// Letters that have no mark to take away, and are typed as others all the same.
fn plain(letter: char) -> (char, Option<char>) {
    match letter {
        'ł' => ('l', None),
        'ø' => ('o', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ı' => ('i', None),
        'ς' => ('σ', None),
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        other => (other, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_the_script_makes() {
        let examples: Vec<(String, Vec<String>)> = serde_json::from_str(include_str!("words.json")).unwrap();
        for (text, expected) in examples {
            assert_eq!(words(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_domain_is_that_of_an_address_of_whatever_kind() {
        for address in ["https://www.zinios.lt/naujiena?a=b", "redakcija@zinios.lt", "www.zinios.lt", "zinios.lt:8080", " zinios.lt"] {
            assert_eq!(domain(address), "zinios.lt", "{address}");
        }
        assert_eq!(domain(""), "");
    }

    #[test]
    fn a_spelled_word_has_plain_letters_and_begins_as_its_beginning_does() {
        assert_eq!([spelled("zinios15"), spelled("нo")], ["zinios15", "u43do"]);
        assert!(spelled("новости").starts_with(&spelled("нов")));
    }
}

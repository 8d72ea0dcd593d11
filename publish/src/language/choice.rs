//! Choices between two languages inside a text, and taking one of them.

use std::borrow::Cow;
use std::fmt::{Display, Write};

use catalog::Text;
use memchr::memchr3_iter;

use super::Language;

/// A choice begins: the Lithuanian text follows.
pub(super) const BEGIN: u8 = 1;
/// The English text follows.
pub(super) const OR: u8 = 2;
/// The choice is over.
pub(super) const END: u8 = 3;

const MARKS: [char; 3] = [BEGIN as char, OR as char, END as char];

/// A choice between the two.
pub(crate) fn both(lithuanian: &str, english: &str) -> String {
    format!("{}{lithuanian}{}{english}{}", MARKS[0], MARKS[1], MARKS[2])
}

/// A defined text as a choice, not escaped; itself where both languages say the same.
pub(crate) fn in_both(text: &Text) -> String {
    if text.lt == text.en { text.lt.clone() } else { both(&text.lt, &text.en) }
}

/// A text with `{0}`, `{1}`… filled in.
pub(crate) fn fill(text: &str, arguments: &[&dyn Display]) -> String {
    let mut out = String::with_capacity(text.len() + 32 * arguments.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let argument =
            rest[at + 1..].split_once('}').and_then(|(place, after)| Some((arguments.get(place.parse::<usize>().ok()?)?, after)));
        match argument {
            Some((argument, after)) => {
                let _ = write!(out, "{argument}");
                rest = after;
            }
            None => {
                out.push('{');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The text as it reads in one language.
pub(crate) fn in_language(text: &str, language: Language) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut marks = memchr3_iter(BEGIN, OR, END, bytes).peekable();
    if marks.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    // For each choice that is open here: whether it is at the text that is wanted.
    let mut open: Vec<bool> = Vec::new();
    // How many of them are not.
    let mut elsewhere = 0_usize;
    let mut begin = 0;
    for at in marks {
        if elsewhere == 0 {
            out.push_str(&text[begin..at]);
        }
        begin = at + 1;
        match bytes[at] {
            BEGIN => {
                open.push(language == Language::Lithuanian);
                elsewhere += usize::from(language != Language::Lithuanian);
            }
            OR => {
                let Some(is_here) = open.last_mut() else { continue };
                elsewhere -= usize::from(!*is_here);
                *is_here = language == Language::English;
                elsewhere += usize::from(!*is_here);
            }
            _ => elsewhere -= usize::from(!open.pop().unwrap_or(true)),
        }
    }
    out.push_str(&text[begin..]);
    Cow::Owned(out)
}

/// Bytes of the page in the language in which it is longer.
///
/// Costs two readings: whoever only asks for a limit compares the page itself first, which is longer than either.
pub(crate) fn heavier(page: &str) -> usize {
    [Language::Lithuanian, Language::English].map(|language| in_language(page, language).len()).into_iter().max().unwrap_or_default()
}

/// The text with something done to it in each language.
pub(crate) fn in_each<'a>(text: &'a str, change: impl Fn(&str) -> String) -> Cow<'a, str> {
    if !text.bytes().any(is_mark) {
        return Cow::Owned(change(text));
    }
    let [lithuanian, english] = [Language::Lithuanian, Language::English].map(|language| change(&in_language(text, language)));
    Cow::Owned(both(&lithuanian, &english))
}

/// Whether every choice in the text is whole; what a stranger wrote may have any characters.
pub(crate) fn balanced(text: &str) -> bool {
    let mut open: Vec<bool> = Vec::new();
    for mark in text.bytes().filter(|byte| is_mark(*byte)) {
        let right = match mark {
            BEGIN => {
                open.push(false);
                true
            }
            OR => open.last_mut().is_some_and(|has_or| !std::mem::replace(has_or, true)),
            _ => open.pop().is_some_and(|has_or| has_or),
        };
        if !right {
            return false;
        }
    }
    open.is_empty()
}

/// Whether this is one of the three characters.
pub(super) fn is_mark(byte: u8) -> bool {
    (BEGIN..=END).contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> [String; 2] {
        [Language::Lithuanian, Language::English].map(|language| in_language(text, language).into_owned())
    }

    #[test]
    fn a_reader_meets_one_language_also_inside_another_choice() {
        let share = format!("60{}5 %", both(",", "."));
        let text = format!("<p>{}</p>", both(&format!("Turi {share}"), &format!("Has {share}")));
        assert_eq!(read(&text), ["<p>Turi 60,5 %</p>", "<p>Has 60.5 %</p>"]);
        assert_eq!(read("UAB Rasa"), ["UAB Rasa", "UAB Rasa"]);
    }

    #[test]
    fn arguments_stand_where_each_language_has_them() {
        let text = both("{1} yra {0} {nieko}", "{0} of {1} {nieko}");
        assert_eq!(read(&fill(&text, &[&1, &"a{0}"])), ["a{0} yra 1 {nieko}", "1 of a{0} {nieko}"]);
    }

    #[test]
    fn what_is_done_in_each_language_is_done_to_what_it_says() {
        let cut = |text: &str| text.chars().take(3).collect();
        assert_eq!(read(&in_each(&format!("{}: A", both("Savininkai", "Owners")), cut)), ["Sav", "Own"]);
        assert_eq!(in_each("abcd", cut), "abc");
    }

    #[test]
    fn the_budget_is_that_of_the_longer_language() {
        assert_eq!((heavier("\u{1}ne\u{2}not\u{3}"), heavier("\u{1}taip\u{2}yes\u{3}"), heavier("ne")), (3, 4, 2));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it_and_whole_choices_leave_no_mark(text in "[a\u{1}\u{2}\u{3}ž]{0,12}") {
            let whole = balanced(&text);
            for said in read(&text) {
                prop_assert!(!said.bytes().any(is_mark));
            }
            // What stands around whole choices is never lost.
            if whole {
                let around = format!("x{text}y");
                prop_assert!(read(&around).iter().all(|said| said.starts_with('x') && said.ends_with('y')));
            }
        }
    }
}

//! Pages in two languages, of one rendering: Lithuanian, and English for navigation and labels. What registers say stays as they say it.
//!
//! A text that differs is written as a choice, Lithuanian first: `\u{1}Savininkai\u{2}Owners\u{3}`. Only when a page is written to its file
//! does [`in_language`] take one of the two; so both pages say the same of the same rows, and what costs time (rows, sums, drawings) is
//! made once. Choices may stand in each other. The three characters are control characters, which no text of the pipeline has
//! ([`catalog`] tidies them away as it reads) and no HTML may have.
//!
//! English texts are in `messages/en`, under the Lithuanian ones. One that is missing stops the build: [`say!`] looks it up at compile time,
//! and templates and scripts are put through [`translated`], which names it.

mod choice;
mod escape;
mod messages;

pub(crate) use choice::{both, fill, heavier, in_both, in_each, in_language};
pub(crate) use escape::{push_both, push_escaped};
#[cfg(test)]
pub(crate) use messages::said_in_lithuanian;
pub(crate) use messages::{choice_length, choice_of, translated};

/// In which a page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Lithuanian,
    English,
}

/// A choice between a Lithuanian text and its English translation, as `&'static str`. Without one in `messages/en` the build stops here.
macro_rules! say {
    ($lithuanian:expr) => {{
        const LENGTH: usize = $crate::language::choice_length($lithuanian);
        const BYTES: [u8; LENGTH] = $crate::language::choice_of($lithuanian);
        const TEXT: &str = match core::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => panic!("a translation is not UTF-8"),
        };
        TEXT
    }};
}

/// The same with arguments, which stand where the text of each language has `{0}`, `{1}`…
macro_rules! said {
    ($lithuanian:expr $(, $argument:expr)+ $(,)?) => {
        $crate::language::fill($crate::language::say!($lithuanian), &[$(&$argument as &dyn core::fmt::Display),+])
    };
}

pub(crate) use {said, say};

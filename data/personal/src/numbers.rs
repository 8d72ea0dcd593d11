//! Personal codes among the numbers of a text.

use std::ops::Range;

use crate::codes::{PERSONAL_DIGITS, is_isbn, is_legal_entity_code, is_personal_code, personal_birth_date};
use crate::dates;
use crate::reading::{Gap, Piece};

/// Letters and digits of an identifier such as ends the addresses of legal acts.
const IDENTIFIER: usize = 32;
/// Digits of a Lithuanian telephone number as it is dialled at home.
const PHONE_DIGITS: usize = 9;
/// Most groups that those are written in.
const PHONE_GROUPS: usize = 5;
const POST_CODE_DIGITS: usize = 5;
/// Letters of a word that is not just put between digits.
const REAL_WORD: usize = 3;

/// Whether a personal code stands somewhere among the numbers.
pub(crate) fn hold_code(pieces: &[Piece]) -> bool {
    let digits: usize = pieces.iter().filter_map(Piece::number).map(str::len).sum();
    if digits < PERSONAL_DIGITS {
        return is_mistyped(pieces);
    }
    let identifiers: Vec<Range<usize>> = identifiers(pieces).into_iter().chain(document_numbers(pieces)).collect();
    if stands_alone(pieces, &identifiers) || is_mistyped(pieces) {
        return true;
    }
    // Most that stands by itself is found by now; the rest is looked for in texts with many digits only.
    let known: Vec<Range<usize>> = dates::full(pieces).into_iter().chain(known_numbers(pieces)).collect();
    fills_numbers(pieces, &known, &identifiers) || is_among_digits(pieces, known.iter().chain(&identifiers))
}

/// Whether 11 digits that stand by themselves, in one piece or parted by one mark as one number is, look like a code.
fn stands_alone(pieces: &[Piece], identifiers: &[Range<usize>]) -> bool {
    let inside = |place: usize| identifiers.iter().any(|range| range.contains(&place));
    let whole = pieces.iter().enumerate().any(|(place, piece)| match piece.number() {
        Some(digits) if inside(place) => may_live(digits) && is_personal_code(digits),
        Some(digits) => looks_like_code(digits, piece.plus),
        None => false,
    });
    let mut parted = runs(pieces, |gap| gap < Gap::Loose).filter(|run| !run.clone().any(inside) && marks(&pieces[run.clone()]) < 2);
    whole || parted.any(|run| looks_like_code(&joined(&pieces[run.clone()]), pieces[run.start].plus))
}

/// Whether letters stand in a code for the digits that they look like: `333O924OO64`.
fn is_mistyped(pieces: &[Piece]) -> bool {
    let mut texts: Vec<String> = Vec::new();
    for piece in pieces {
        let text = piece.number().or(piece.word()).unwrap_or_default();
        match texts.last_mut().filter(|_| piece.gap == Gap::Nothing) {
            Some(last) => last.push_str(text),
            None => texts.push(text.to_owned()),
        }
    }
    texts.iter().filter(|text| text.chars().any(char::is_alphabetic)).any(|text| {
        let digits: String = text.chars().map(looks_like).collect();
        may_live(&digits) && is_personal_code(&digits)
    })
}

/// The digit that a small letter looks like.
fn looks_like(letter: char) -> char {
    match letter {
        'o' | 'о' | 'ο' => '0',
        'l' | 'i' | 'і' | 'ı' | 'ι' => '1',
        'з' => '3',
        other => other,
    }
}

/// Eleven digits that nothing but a code is written with: a right one, or one of somebody who may live with any control digit. After a plus most are
/// telephone numbers: those must be right.
pub(crate) fn looks_like_code(digits: &str, plus: bool) -> bool {
    // What begins with 20 is a date of this century, or a number that begins with one, rather than the code of a woman born before 1810.
    let right = is_personal_code(digits) && !digits.starts_with("20");
    right || !plus && may_live(digits) && personal_birth_date(digits).is_some()
}

/// Whether a right code begins where a number begins and ends where one ends, whatever marks stand between. It may hold what could be a date, but ends
/// within nothing that is known.
fn fills_numbers(pieces: &[Piece], known: &[Range<usize>], identifiers: &[Range<usize>]) -> bool {
    let cuts = |from: usize, until: usize| {
        let overlaps = |range: &&Range<usize>| range.start < until && from < range.end;
        identifiers.iter().any(|range| overlaps(&range))
            || known.iter().filter(overlaps).any(|range| range.start < from || until < range.end)
    };
    runs(pieces, |_| true).any(|run| {
        run.clone().any(|first| {
            let mut digits = String::new();
            (first..run.end).any(|last| {
                digits.push_str(pieces[last].number().unwrap_or_default());
                may_live(&digits) && is_personal_code(&digits) && !cuts(first, last + 1)
            })
        })
    })
}

/// Whether eleven of all digits one after another are a right code, wherever they begin and whatever stands between. What is known parts the digits, or
/// else every hundredth pair of two numbers would make a code.
fn is_among_digits<'a>(pieces: &[Piece], known: impl Iterator<Item = &'a Range<usize>>) -> bool {
    let mut parts = vec![false; pieces.len()];
    known.for_each(|range| parts[range.clone()].fill(true));
    let mut digits = String::new();
    for (piece, parts) in pieces.iter().zip(parts) {
        match piece.number() {
            _ if parts && has_right_window(&digits) => return true,
            _ if parts => digits.clear(),
            Some(number) => digits.push_str(number),
            None => {}
        }
    }
    has_right_window(&digits)
}

/// Whether all digits together look like one code.
pub(crate) fn look_like_one_code(pieces: &[Piece]) -> bool {
    looks_like_code(&joined(pieces), false)
}

/// Whether all digits together are one right code of somebody who may live.
pub(crate) fn are_one_code(pieces: &[Piece]) -> bool {
    let digits = joined(pieces);
    may_live(&digits) && is_personal_code(&digits)
}

/// Whether eleven digits one after another, of all there are, are a right code.
pub(crate) fn hold_right_code(pieces: &[Piece]) -> bool {
    has_right_window(&joined(pieces))
}

fn has_right_window(digits: &str) -> bool {
    let mut windows = (PERSONAL_DIGITS..=digits.len()).map(|end| &digits[end - PERSONAL_DIGITS..end]);
    windows.any(|window| may_live(window) && is_personal_code(window))
}

/// Whether the first digit is that of somebody born from 1900 to 2099.
fn may_live(digits: &str) -> bool {
    digits.len() == PERSONAL_DIGITS && matches!(digits.as_bytes()[0], b'3'..=b'6')
}

/// Ranges of numbers between which only such gaps stand.
fn runs<'a>(pieces: &'a [Piece], within: impl Fn(Gap) -> bool + 'a) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut next = 0;
    std::iter::from_fn(move || {
        let start = (next..pieces.len()).find(|&place| pieces[place].number().is_some())?;
        let end = (start + 1..pieces.len()).find(|&place| pieces[place].number().is_none() || !within(pieces[place].gap));
        next = end.unwrap_or(pieces.len());
        Some(start..next)
    })
}

/// How many different marks stand between the numbers.
fn marks(run: &[Piece]) -> usize {
    let mut marks: Vec<Gap> = run[1..].iter().map(|piece| piece.gap).filter(|gap| *gap > Gap::Nothing).collect();
    marks.sort_unstable();
    marks.dedup();
    marks.len()
}

fn joined(pieces: &[Piece]) -> String {
    pieces.iter().filter_map(Piece::number).collect()
}

/// Numbers that are no part of a code: ISBN and Lithuanian codes of legal entities by their control digits, Lithuanian telephone numbers and post codes
/// by how they are written.
fn known_numbers(pieces: &[Piece]) -> Vec<Range<usize>> {
    let mut known = Vec::new();
    for run in runs(pieces, |gap| gap < Gap::Loose) {
        let (first, digits) = (&pieces[run.start], joined(&pieces[run.clone()]));
        let abroad = first.plus && digits.len() == PERSONAL_DIGITS && digits.starts_with("370");
        let at_home = digits.len() == PHONE_DIGITS && run.len() <= PHONE_GROUPS && matches!(first.number(), Some("8" | "0"));
        let book = (digits.starts_with("978") || digits.starts_with("979")) && is_isbn(&digits);
        let entity = run.len() == 1 && is_legal_entity_code(&digits) && is_parted_by_words(pieces, run.start);
        if abroad || at_home || book || entity {
            known.push(run.clone());
        }
        let after_lt = run.start > 0 && pieces[run.start - 1].word() == Some("lt") && first.gap < Gap::Loose;
        if after_lt && first.number().is_some_and(|number| number.len() == POST_CODE_DIGITS) {
            known.push(run.start..run.start + 1);
        }
    }
    known
}

/// Whether a real word stands between a number and the ones before and after it.
fn is_parted_by_words(pieces: &[Piece], place: usize) -> bool {
    let before = pieces[..place].iter().rev().map_while(Piece::word).collect::<Vec<_>>();
    let after = pieces[place + 1..].iter().map_while(Piece::word).collect::<Vec<_>>();
    let real = |words: &[&str]| words.iter().any(|word| word.chars().count() >= REAL_WORD);
    (before.len() == place || real(&before)) && (after.len() == pieces.len() - place - 1 || real(&after))
}

/// Numbers of documents with their year, `30-12345/2026`.
fn document_numbers(pieces: &[Piece]) -> impl Iterator<Item = Range<usize>> {
    let is_year = |number: &str| number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    runs(pieces, |gap| gap < Gap::Loose).filter(move |run| {
        let last = &pieces[run.end - 1];
        last.gap == Gap::Tight('/') && last.number().is_some_and(is_year) && marks(&pieces[run.clone()]) > 1
    })
}

/// Identifiers of 32 hexadecimal digits, or of as many with hyphens after the eighth, twelfth, sixteenth and twentieth.
fn identifiers(pieces: &[Piece]) -> Vec<Range<usize>> {
    let hexadecimal = |piece: &Piece| piece.word().is_none_or(|word| word.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let length = |piece: &Piece| piece.word().or(piece.number()).map_or(0, str::len);
    let mut found = Vec::new();
    let mut start = 0;
    while start < pieces.len() {
        let joins = |&place: &usize| pieces[place].gap == Gap::Nothing || pieces[place].gap == Gap::Tight('-');
        let end = (start + 1..pieces.len()).find(|place| !joins(place)).unwrap_or(pieces.len());
        let all = &pieces[start..end];
        let hyphens = all[1..].iter().filter(|piece| piece.gap != Gap::Nothing).count();
        let mixed = all.iter().any(|piece| piece.word().is_some());
        if mixed && matches!(hyphens, 0 | 4) && all.iter().all(hexadecimal) && all.iter().map(length).sum::<usize>() == IDENTIFIER {
            found.push(start..end);
        }
        start = end;
    }
    found
}

//! Text as it can be printed: what is invisible goes, lines are broken to a width.

use std::ops::Range;

use crate::face::Face;

/// Letters of Lithuanian with the mark written as a character of its own (some keyboards and systems do so) and as one character.
const COMPOSED: [(char, char, char); 18] = [
    ('a', '\u{328}', 'ą'),
    ('c', '\u{30C}', 'č'),
    ('e', '\u{328}', 'ę'),
    ('e', '\u{307}', 'ė'),
    ('i', '\u{328}', 'į'),
    ('s', '\u{30C}', 'š'),
    ('u', '\u{328}', 'ų'),
    ('u', '\u{304}', 'ū'),
    ('z', '\u{30C}', 'ž'),
    ('A', '\u{328}', 'Ą'),
    ('C', '\u{30C}', 'Č'),
    ('E', '\u{328}', 'Ę'),
    ('E', '\u{307}', 'Ė'),
    ('I', '\u{328}', 'Į'),
    ('S', '\u{30C}', 'Š'),
    ('U', '\u{328}', 'Ų'),
    ('U', '\u{304}', 'Ū'),
    ('Z', '\u{30C}', 'Ž'),
];

/// One line of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
    /// Whether white space separates it from what follows; a broken word has none.
    pub(crate) spaced: bool,
}

/// Appends a text without what cannot be seen, line breaks as `\n`, Lithuanian letters as one character each, and tells where.
///
/// Dropped are control characters and those that only steer how others look: they could make a document read otherwise than it is.
pub(crate) fn append(target: &mut String, text: &str) -> Range<usize> {
    let start = append_part(target, text).start;
    target.truncate(start + target[start..].trim_end().len());
    start..target.len()
}

/// Like [`append`], with white space at the end: more of the same text follows.
pub(crate) fn append_part(target: &mut String, text: &str) -> Range<usize> {
    let start = target.len();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => {
                letters.next_if_eq(&'\n');
                target.push('\n');
            }
            '\n' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => target.push('\n'),
            '\u{A0}' | '\u{2007}' | '\u{202F}' => target.push('\u{A0}'),
            '\t' => target.push(' '),
            _ if is_invisible(letter) => {}
            _ if letter.is_whitespace() => target.push(' '),
            '\u{304}' | '\u{307}' | '\u{30C}' | '\u{328}' => {
                let base = target[start..].chars().next_back();
                match COMPOSED.iter().find(|(plain, mark, _)| Some(*plain) == base && *mark == letter) {
                    Some((_, _, composed)) => {
                        target.pop();
                        target.push(*composed);
                    }
                    None => target.push(letter),
                }
            }
            _ => target.push(letter),
        }
    }
    start..target.len()
}

/// Like [`append`], with spaces for line breaks.
pub(crate) fn append_line(target: &mut String, text: &str) -> Range<usize> {
    let mut own = String::with_capacity(text.len());
    append(&mut own, text);
    let start = target.len();
    target.extend(own.trim_start().chars().map(|letter| if letter == '\n' { ' ' } else { letter }));
    start..target.len()
}

/// Control and format characters, variation selectors, tags and noncharacters (Unicode 16: categories Cc, Cf; `Variation_Selector`).
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
        || letter as u32 & 0xFFFE == 0xFFFE
}

/// A place where a line can end.
struct Chance {
    /// The line would end here, ...
    end: usize,
    /// ... the next one start here, ...
    next: usize,
    /// ... this wide a part of the line being behind it.
    used: u32,
    spaced: bool,
}

/// Breaks a part of a text to lines no wider than `width` points: at line breaks, else at spaces and after hyphens and slashes inside
/// words, else anywhere. Always gives a line, if an empty one.
pub(crate) fn wrap(text: &str, part: Range<usize>, face: &Face, size: f32, width: f32) -> Vec<Line> {
    wrap_mixed(text, part, |_| face, size, width)
}

/// The same for a text of several faces, which `face` tells by the byte where a letter begins.
pub(crate) fn wrap_mixed<'a>(text: &str, part: Range<usize>, face: impl Fn(usize) -> &'a Face, size: f32, width: f32) -> Vec<Line> {
    let limit = (width * 1000.0 / size) as u32;
    let mut lines = Vec::new();
    let mut offset = part.start;
    for paragraph in text[part.clone()].split('\n') {
        wrap_paragraph(text, offset..offset + paragraph.len(), &face, limit, &mut lines);
        offset += paragraph.len() + 1;
    }
    if let Some(last) = lines.last_mut() {
        last.spaced = false;
    }
    lines
}

fn wrap_paragraph<'a>(text: &str, part: Range<usize>, face: &impl Fn(usize) -> &'a Face, limit: u32, lines: &mut Vec<Line>) {
    let mut start = part.start;
    let mut used = 0;
    let mut chance: Option<Chance> = None;
    let mut before = ' ';
    let mut letters = text[part.clone()].char_indices().map(|(at, letter)| (part.start + at, letter)).peekable();
    while let Some((at, letter)) = letters.next() {
        let width = u32::from(face(at).glyph(letter).width);
        let next = at + letter.len_utf8();
        if letter == ' ' {
            // Spaces hang over the edge: they are dropped where a line ends, and the last ones of a text are not there.
            used += width;
            let end = chance.as_ref().filter(|chance| chance.next == at && chance.spaced).map_or(at, |chance| chance.end);
            chance = Some(Chance { end, next, used, spaced: true });
        } else {
            while used + width > limit && at > start {
                let Chance { end, next, used: behind, spaced } = chance.take().unwrap_or(Chance { end: at, next: at, used, spaced: false });
                if end > start {
                    lines.push(Line { range: start..end, spaced });
                }
                start = next;
                used -= behind;
            }
            used += width;
            let follows = letters.peek().is_some_and(|(_, after)| after.is_alphabetic());
            if matches!(letter, '-' | '/') && before.is_alphabetic() && follows {
                chance = Some(Chance { end: next, next, used, spaced: false });
            }
        }
        before = letter;
    }
    let end = part.start + text[part].trim_end_matches(' ').len();
    lines.push(Line { range: start..end.max(start), spaced: true });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::face::Weight;

    fn cleaned(text: &str) -> String {
        let mut target = String::new();
        append(&mut target, text);
        target
    }

    /// Lines of 100 points in size 10: some twenty letters.
    fn lines(text: &str) -> Vec<String> {
        wrap(text, 0..text.len(), Weight::Regular.face(), 10.0, 100.0).into_iter().map(|line| text[line.range].to_owned()).collect()
    }

    #[test]
    fn what_cannot_be_seen_is_dropped_and_lithuanian_letters_are_one_character() {
        assert_eq!(cleaned("a\u{0}b\u{200B}c\u{202E}d\u{FEFF}e\u{AD}f\u{FE0F}\u{FFFF}"), "abcdef");
        assert_eq!(cleaned("1\r\n2\r3\n4\u{2028}5\t6\u{3000}7\u{202F}8 \n "), "1\n2\n3\n4\n5 6 7\u{A0}8");
        assert_eq!(cleaned("s\u{30C}u\u{304}du\u{328} z\u{30C}E\u{307} x\u{30C}"), "šūdų žĖ x\u{30C}");
    }

    #[test]
    fn a_mark_is_not_joined_with_a_letter_of_another_text() {
        let mut target = "s".to_owned();
        assert_eq!(append(&mut target, "\u{30C}"), 1..3);
    }

    #[test]
    fn lines_end_at_spaces_and_inside_words_only_where_they_must() {
        assert_eq!(lines("Žemaitijos ir Aukštaitijos krašto laikraščiai"), ["Žemaitijos ir", "Aukštaitijos krašto", "laikraščiai"]);
        assert_eq!(lines("pirma\n\nantra"), ["pirma", "", "antra"]);
        assert_eq!(lines("pirmasis du trys-keturiolika"), ["pirmasis du trys-", "keturiolika"]);
        assert_eq!(lines("adresas Gedimino LT-01103"), ["adresas Gedimino", "LT-01103"]);
        assert_eq!(lines(""), [""]);
        let long = "ilgasžodis".repeat(9);
        assert!(lines(&long).len() > 3);
        assert_eq!(lines(&long).concat(), long);
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_letter_and_every_line_within_the_width(text in "[ -/a-zĄ-ž漢\n]{0,200}", width in 5f32..300.0) {
            let text = cleaned(&text);
            let face = Weight::Regular.face();
            let lines = wrap(&text, 0..text.len(), face, 10.0, width);
            let mut printed = String::new();
            for line in &lines {
                let shown = &text[line.range.clone()];
                prop_assert!(face.width(shown, 10.0) <= width + 0.02 || shown.chars().count() == 1, "{shown:?} is too wide");
                printed.push_str(shown);
            }
            let visible = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            prop_assert_eq!(visible(&printed), visible(&text));
        }
    }
}

//! Lines of pages, and whether something personal stands in them: in a line, across the end of one, in digits that nothing but marks parts on
//! a whole page, from top to bottom.

use catalog::personal;

use crate::content::Piece;

/// So much may letters of one line stand higher or lower.
const SAME: f64 = 2.0;
/// Bytes looked at together, so that a long text costs no more than many short ones.
const WINDOW: usize = 600;
/// Bytes that two windows share: more than a code or a date in words has.
const SHARED: usize = 120;
/// Digits of a code.
const DIGITS: usize = 11;

/// Whether something personal stands in a text of any length.
pub(crate) fn is_personal(text: &str) -> bool {
    let mut from = 0;
    loop {
        let end = text.floor_char_boundary(from + WINDOW);
        if personal::stands_in(&text[from..end]) {
            return true;
        }
        if end == text.len() {
            return false;
        }
        from = text.floor_char_boundary(end - SHARED);
    }
}

/// Whether something personal stands on pages.
pub(crate) fn are_personal(pages: &[&[Piece]]) -> bool {
    let rows: Vec<Vec<&Piece>> = pages.iter().flat_map(|pieces| rows(pieces)).collect();
    let painted: Vec<Vec<&Piece>> = pages.iter().flat_map(|pieces| painted(pieces)).collect();
    let views = [lines(&rows, true), lines(&rows, false), lines(&painted, true)];
    let in_lines = views.iter().enumerate().any(|(place, lines)| {
        let seen = views[..place].iter().any(|other| other == lines);
        !seen && (lines.iter().any(|line| is_personal(line)) || lines.windows(2).any(|two| is_personal(&two.join(" "))))
    });
    in_lines || among_marks(&views[0].join("\n")) || pages.iter().any(|pieces| columns(pieces).iter().any(|column| is_personal(column)))
}

/// The text of pages, line by line.
pub(crate) fn text(pages: &[&[Piece]]) -> String {
    let rows: Vec<Vec<&Piece>> = pages.iter().flat_map(|pieces| rows(pieces)).collect();
    lines(&rows, true).join("\n")
}

/// Digits of a whole page that no letter parts.
fn among_marks(text: &str) -> bool {
    let parts = text.split(char::is_alphabetic).filter(|part| part.chars().filter(|letter| letter.is_numeric()).count() >= DIGITS);
    parts.into_iter().any(is_personal)
}

/// Pieces as they stand below each other, each line from left to right.
fn rows(pieces: &[Piece]) -> Vec<Vec<&Piece>> {
    let mut sorted: Vec<&Piece> = pieces.iter().collect();
    sorted.sort_by(|left, right| right.y.total_cmp(&left.y));
    let mut rows = grouped(sorted, |first, next| (first.y - next.y).abs() <= SAME);
    rows.iter_mut().for_each(|row| row.sort_by(|left, right| left.x.total_cmp(&right.x)));
    rows
}

/// Pieces in the order in which they are painted.
fn painted(pieces: &[Piece]) -> Vec<Vec<&Piece>> {
    grouped(pieces.iter().collect(), |first, next| (first.y - next.y).abs() <= SAME)
}

/// Letters that stand by themselves, read from top to bottom.
fn columns(pieces: &[Piece]) -> Vec<String> {
    let mut sorted: Vec<&Piece> = pieces.iter().filter(|piece| piece.text.chars().count() <= 2).collect();
    sorted.sort_by(|left, right| left.x.total_cmp(&right.x));
    let mut columns = grouped(sorted, |first, next| (first.x - next.x).abs() <= SAME);
    columns.iter_mut().for_each(|column| column.sort_by(|left, right| right.y.total_cmp(&left.y)));
    columns.iter().map(|column| column.iter().map(|piece| piece.text.as_str()).collect()).collect()
}

fn grouped(pieces: Vec<&Piece>, same: impl Fn(&Piece, &Piece) -> bool) -> Vec<Vec<&Piece>> {
    let mut groups: Vec<Vec<&Piece>> = Vec::new();
    for piece in pieces {
        match groups.last_mut().filter(|group| group.first().is_some_and(|first| same(first, piece))) {
            Some(group) => group.push(piece),
            None => groups.push(vec![piece]),
        }
    }
    groups
}

/// Pieces of a line as one text: with a space between any two, or only where one can be seen.
fn lines(groups: &[Vec<&Piece>], closely: bool) -> Vec<String> {
    let line = |group: &Vec<&Piece>| {
        let mut line = String::new();
        for (place, piece) in group.iter().enumerate() {
            let touches = closely && place > 0 && piece.x <= group[place - 1].reach;
            if place > 0 && !touches {
                line.push(' ');
            }
            line.push_str(&piece.text);
        }
        line
    };
    groups.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, x: f64, y: f64) -> Piece {
        Piece { text: text.to_owned(), x, y, reach: x + text.len() as f64 * 5.0 }
    }

    #[test]
    fn a_code_is_found_however_it_is_divided_on_a_page() {
        let digits: Vec<(f64, String)> =
            "33309240064".chars().enumerate().map(|(place, digit)| (place as f64, digit.to_string())).collect();
        let single: Vec<Piece> = digits.iter().map(|(place, digit)| piece(digit, 50.0, 700.0 - place * 12.0)).collect();
        let shuffled: Vec<Piece> = digits.iter().rev().map(|(place, digit)| piece(digit, 50.0 + place * 5.0, 700.0)).collect();
        let cases: [&[Piece]; 7] = [
            &[piece("Kodas 33309240064.", 0.0, 0.0)],
            &[piece("Kodas 33309", 0.0, 0.0), piece("240064", 55.0, 0.5)],
            &[piece("Kodas 33309", 0.0, 20.0), piece("240064", 0.0, 0.0)],
            &[piece("240064", 55.0, 0.0), piece("Kodas 33309", 0.0, 0.0)],
            &[piece("33309", 0.0, 100.0), piece("…", 0.0, 80.0), piece("–", 0.0, 60.0), piece("240064", 0.0, 40.0)],
            &single,
            &shuffled,
        ];
        for pieces in cases {
            assert!(are_personal(&[pieces]), "{pieces:?}");
        }
        assert!(are_personal(&[&cases[1][..1], &cases[1][1..]]), "across two pages");
        assert!(!are_personal(&[&[piece("2026-11-26 Nr. 12-345 (UAB, kodas 302000015)", 0.0, 0.0)]]));
        assert!(are_personal(&[&[piece("gi", 0.0, 0.0), piece("m. 1950-03-04", 10.0, 0.0)]]));
    }

    #[test]
    fn long_texts_are_looked_through_to_their_end() {
        for before in [0, 500, 515, 599, 600, 100_000] {
            assert!(is_personal(&format!("{} 33309240064", "ė".repeat(before))), "{before}");
        }
        assert!(!is_personal(&"ė 1 ".repeat(10_000)));
    }
}

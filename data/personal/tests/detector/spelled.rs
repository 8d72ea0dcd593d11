//! Codes, and every spelling of one that is tried here and in the columns of all tables (tests of the catalog).

use personal::codes::personal_check_digit;

/// A code of somebody who may live: sex and century, day of birth, serial number.
pub(crate) fn code(first: u32, year: u32, month: u32, day: u32, serial: u32) -> String {
    let body = format!("{first}{:02}{month:02}{day:02}{serial:03}", year % 100);
    let digits: Vec<u32> = body.chars().filter_map(|digit| digit.to_digit(10)).collect();
    format!("{body}{}", personal_check_digit(&digits.try_into().unwrap()))
}

/// The code with another control digit.
pub(crate) fn mistyped(code: &str) -> String {
    let last = code.chars().last().and_then(|digit| digit.to_digit(10)).unwrap();
    format!("{}{}", &code[..10], (last + 1) % 10)
}

fn in_digits_from(code: &str, zero: u32) -> String {
    code.chars().map(|digit| char::from_u32(zero + digit.to_digit(10).unwrap()).unwrap()).collect()
}

fn between_all(code: &str, mark: &str) -> String {
    code.chars().map(String::from).collect::<Vec<_>>().join(mark)
}

pub(crate) fn grouped(code: &str, lengths: &[usize], mark: &str) -> String {
    let mut start = 0;
    let parts = lengths.iter().map(|length| {
        start += length;
        &code[start - length..start]
    });
    parts.collect::<Vec<_>>().join(mark)
}

/// Marks and blanks that people put between digits, and characters that nobody sees.
pub(crate) const SEPARATORS: &[&str] = &[
    " ",
    "  ",
    "\u{a0}",
    "\u{2009}",
    "\u{202f}",
    "\u{3000}",
    "\t",
    "\n",
    "-",
    "–",
    "—",
    " - ",
    ".",
    "_",
    "/",
    "\\",
    ":",
    "·",
    "•",
    "*",
    "'",
    "’",
    "\u{ad}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{202e}",
    "\u{301}",
    "\u{fe0f}\u{20e3}",
    "\u{7}",
    "\u{e0020}",
    ", ",
    "; ",
    " | ",
    "<b>",
    "--",
    "...",
    "(",
    "+",
    "x",
    " ir ",
];
/// How the digits of a code are grouped.
pub(crate) const GROUPS: &[&[usize]] = &[
    &[1, 6, 4],
    &[3, 4, 4],
    &[7, 4],
    &[1, 2, 2, 2, 4],
    &[1, 2, 2, 2, 3, 1],
    &[3, 3, 3, 2],
    &[4, 4, 3],
    &[2, 3, 3, 3],
    &[5, 6],
    &[6, 5],
    &[10, 1],
    &[1, 10],
    &[9, 2],
    &[2, 9],
];

/// Spellings of a right code, each of which must be found.
pub(crate) fn spellings(code: &str) -> Vec<String> {
    let mut all = vec![code.to_owned()];
    for &mark in SEPARATORS {
        all.push(between_all(code, mark));
        all.extend(GROUPS.iter().map(|lengths| grouped(code, lengths, mark)));
    }
    for zero in [0xff10, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0x17e0, 0x1810, 0x1d7ce, 0x1d7ec, 0x1d7f6, 0x2080, 0x1fbf0] {
        all.push(in_digits_from(code, zero));
    }
    let mixed = code
        .chars()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit.to_string() } else { in_digits_from(&digit.to_string(), 0xff10) });
    all.push(mixed.collect());
    all.push(code.chars().map(|digit| "⓪①②③④⑤⑥⑦⑧⑨".chars().nth(digit.to_digit(10).unwrap() as usize).unwrap()).collect());
    all.push(code.chars().map(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10).unwrap() as usize).unwrap()).collect());
    all.extend(SURROUNDED.iter().map(|around| around.replace('#', code)));
    all
}

/// What may stand right beside a code.
const SURROUNDED: &[&str] = &[
    "ak#",
    "AK#",
    "a/k#",
    "#LT",
    "LT#",
    "x_#",
    "#_x",
    "a.k.:#",
    "ą#ž",
    "№#",
    "(#)",
    "„#“",
    "#,",
    "#.",
    "+#",
    "#@pavyzdys.lt",
    "https://pavyzdys.lt/?k=#&m=1",
    "1#",
    "#1",
    "0000#",
    "#0000",
    "305123456#",
    "#305123456",
    "9789955123456#",
    "Nr. 12 #",
    "# 12",
    "2021-03-04 #",
    "# 2021-03-04",
    "12345, # ir 6789",
    "+370 612 34567, #",
    "LT-01103 #",
    "#33309240064",
];

//! Dates in a text, in figures and words, and whether they are said to be somebody's birth date.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use crate::reading::{Gap, Piece};

/// Years of a date that stands by itself.
const YEARS: Range<i32> = 1870..2100;
/// After words of one or two letters, which mean other things as well, only years in which adults are born count.
const YEARS_OF_ADULTS: Range<i32> = 1870..2011;
/// Words between a birth marker and its date: „gimė Vilniuje, Lietuvoje, 1950 m. …“.
const WORDS_BETWEEN: usize = 5;
/// Words between the parts of a date.
const WORDS_WITHIN: usize = 2;

/// The beginnings of names of months as they are read (small, without marks): Lithuanian, English and German, Polish, Latvian, Estonian, Finnish, French,
/// Russian, Ukrainian. Of two that fit, the longer one counts.
const MONTHS: [&[&str]; 12] = [
    &["saus", "jan", "jaan", "stycz", "tammik", "январ", "січ", "янв"],
    &["vasar", "feb", "fev", "veebr", "lut", "helmik", "феврал", "фев", "лют"],
    &["kov", "mar", "maerz", "maalisk", "март", "мар", "берез"],
    &["baland", "apr", "avr", "kwie", "huhtik", "апрел", "апр", "квіт"],
    &["geguz", "may", "mai", "maj", "toukok", "мая", "маи", "трав"],
    &["birzel", "jun", "juin", "juun", "czerw", "kesak", "июн", "черв"],
    &["liep", "jul", "juil", "juul", "lip", "heinak", "июл", "лип"],
    &["rugpj", "aug", "aout", "sierp", "elok", "авг", "серп"],
    &["rugsej", "sep", "wrze", "syysk", "сент", "верес"],
    &["spal", "oct", "okt", "pazdz", "lokak", "окт", "жовт"],
    &["lapkr", "nov", "listop", "marrask", "нояб", "листоп"],
    &["gruod", "dec", "dez", "dets", "grud", "jouluk", "дек", "груд"],
];
const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// What stands between the parts of a date.
const WITHIN: &[&str] = &[
    "m", "metu", "metai", "metais", "men", "menesio", "menuo", "d", "diena", "dienos", "dien", "г", "года", "году", "год", "gada", "gadu",
    "aasta", "a", "the", "of", "th", "st", "nd", "rd", "de", "den", "r", "roku", "року", "р", "vuonna", "ta", "oji", "osios", "aja",
];

/// Words that say that somebody was born, whole.
const BORN: &[&str] = &[
    "gim",
    "gimes",
    "gimusi",
    "gimus",
    "gime",
    "gimusio",
    "gimusios",
    "gimusiam",
    "gimusiai",
    "geb",
    "born",
    "birth",
    "birthdate",
    "birthday",
    "dob",
    "род",
    "dzim",
    "dzimis",
    "sund",
    "synt",
    "fodd",
    "fodt",
    "født",
    "naissance",
    "narozen",
    "narozena",
];
/// Their beginnings.
const BORN_STEMS: &[&str] = &[
    "gimim",
    "gimtadien",
    "geboren",
    "geburts",
    "urodzon",
    "urodzen",
    "narodz",
    "nacid",
    "nascid",
    "родил",
    "рожден",
    "dzimus",
    "dzimsan",
    "sundin",
    "sunni",
    "syntyn",
    "syntym",
    "народив",
    "народил",
    "народжен",
];
/// Words that mean so only right before a date.
const BORN_SHORT: &[&str] = &["g", "b", "s", "f", "ur", "ne", "nee", "nar", "нар", "n", "р", "dz"];
/// Two words that mean so right before a date.
const BORN_BEFORE: &[[&str; 2]] = &[["ne", "le"], ["nee", "le"], ["nato", "il"], ["nata", "il"]];
/// Words that mean so only right after a date: „г. р.“, „д. р.“.
const BORN_AFTER: &[[&str; 2]] = &[["г", "р"], ["д", "р"], ["g", "d"]];
/// The same as one word, where no number follows: that would be a street's.
const BORN_LAST: &str = "g";

/// A part of a date.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Number(&'a str),
    Month(u32),
}

/// How years may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Years {
    Full,
    FullOrShort,
}

/// Whether a date stands beside a word that says that somebody was born then.
pub(crate) fn tell_birth(pieces: &[Piece]) -> bool {
    (0..pieces.len()).any(|first| {
        let short = read_date(pieces, first, Years::FullOrShort);
        let Some((dates, end)) = short else { return false };
        let full = read_date(pieces, first, Years::Full).is_some();
        let adult = full && dates.iter().any(|date| YEARS_OF_ADULTS.contains(&date.year()));
        says_born_before(&pieces[..first]) || says_born_after(&pieces[end..]) || adult && says_born_shortly(pieces, first, end)
    })
}

/// Whether a birth date is told, however it is written.
pub(crate) fn tell(pieces: &[Piece], born: NaiveDate) -> bool {
    let written =
        (0..pieces.len()).any(|first| read_date(pieces, first, Years::FullOrShort).is_some_and(|(dates, _)| dates.contains(&born)));
    if written {
        return true;
    }
    // With anything at all between the digits; in small numbers without zeros, or by the day of the year (ISO 8601).
    let numbers: Vec<&str> = pieces.iter().filter_map(Piece::number).collect();
    let digits = numbers.concat();
    let joined = ["%Y%m%d", "%d%m%Y", "%m%d%Y", "%Y%j"].map(|form| born.format(form).to_string());
    let parts = ["%Y %-m %-d", "%-d %-m %Y", "%-m %-d %Y"].map(|form| born.format(form).to_string());
    let plain = |number: &&str| if number.len() == 2 { number.trim_start_matches('0').to_owned() } else { (*number).to_owned() };
    let in_parts = |three: &[&str]| parts.contains(&three.iter().map(plain).collect::<Vec<_>>().join(" "));
    joined.iter().any(|date| digits.contains(date)) || numbers.windows(3).any(in_parts)
}

/// The pieces of each date with its four-digit year, parted by single marks.
pub(crate) fn full(pieces: &[Piece]) -> Vec<Range<usize>> {
    let dates = (0..pieces.len()).filter_map(|first| Some(first..read_date(pieces, first, Years::Full)?.1));
    // Eight digits in one piece may be part of anything.
    dates.filter(|range| range.len() > 1).collect()
}

/// The dates that the pieces from `first` may be read as, and where they end.
fn read_date(pieces: &[Piece], first: usize, years: Years) -> Option<(Vec<NaiveDate>, usize)> {
    let (part, mut end) = part(pieces, first)?;
    if let Part::Number(digits) = part {
        let dates = in_one(digits, years);
        if !dates.is_empty() {
            return Some((dates, end));
        }
    }
    let mut parts = [part; 3];
    for next in &mut parts[1..] {
        let skipped = pieces[end..].iter().take(WORDS_WITHIN).take_while(|piece| is_within(piece)).count();
        // A word may be a month before it is a word between.
        let place = (end..=end + skipped).find(|&place| self::part(pieces, place).is_some())?;
        (*next, end) = self::part(pieces, place)?;
    }
    let dates = readings(parts, years);
    (!dates.is_empty()).then_some((dates, end))
}

fn is_within(piece: &Piece) -> bool {
    piece.word().is_some_and(|word| WITHIN.contains(&word))
}

fn part(pieces: &[Piece], place: usize) -> Option<(Part<'_>, usize)> {
    let piece = pieces.get(place)?;
    match piece.number() {
        Some(digits) => Some((Part::Number(digits), place + 1)),
        None => piece.word().and_then(|word| month(word, piece.gap)).map(|month| (Part::Month(month), place + 1)),
    }
}

/// The month that a word names, or a Roman number that stands apart.
fn month(word: &str, gap: Gap) -> Option<u32> {
    let named = |stems: &[&str]| stems.iter().filter(|stem| word.starts_with(**stem)).map(|stem| stem.len()).max();
    let best = (1..).zip(MONTHS).filter_map(|(number, stems)| Some((named(stems)?, number))).max();
    let roman = || (1..).zip(ROMAN).find(|(_, roman)| gap != Gap::Nothing && *roman == word).map(|(number, _)| number);
    best.map(|(_, number)| number).or_else(roman)
}

/// Eight digits, or six: year first or last.
fn in_one(digits: &str, years: Years) -> Vec<NaiveDate> {
    let cut = |lengths: [usize; 3]| {
        let (first, rest) = digits.split_at(lengths[0]);
        let (second, third) = rest.split_at(lengths[1]);
        [first, second, third].map(Part::Number)
    };
    match (digits.len(), years) {
        (8, _) => readings(cut([4, 2, 2]), Years::Full).into_iter().chain(readings(cut([2, 2, 4]), Years::Full)).collect(),
        (6, Years::FullOrShort) => readings(cut([2, 2, 2]), years),
        _ => Vec::new(),
    }
}

/// Three parts as dates: year, month, day; day, month, year; month, day, year; and year, day, month where the month is a word.
fn readings([first, second, third]: [Part<'_>; 3], years: Years) -> Vec<NaiveDate> {
    let orders = [(first, second, third), (third, second, first), (third, first, second)];
    let last = matches!(third, Part::Month(_)).then_some((first, third, second));
    let mut dates = Vec::new();
    for (year, month, day) in orders.into_iter().chain(last) {
        let (Part::Number(year), Part::Number(day)) = (year, day) else { continue };
        let month = match month {
            Part::Month(month) => Some(month),
            Part::Number(digits) => small(digits),
        };
        let (Some(month), Some(day)) = (month, small(day)) else { continue };
        let written = year.parse::<i32>().unwrap_or(0);
        let meant: &[i32] = match (year.len(), years) {
            (4, _) => &[0],
            (2, Years::FullOrShort) => &[1900, 2000],
            _ => &[],
        };
        dates.extend(
            meant
                .iter()
                .map(|century| century + written)
                .filter(|year| YEARS.contains(year))
                .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)),
        );
    }
    dates
}

/// A number of one or two digits.
fn small(digits: &str) -> Option<u32> {
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten()
}

fn says_born(piece: &Piece) -> bool {
    piece.word().is_some_and(|word| BORN.contains(&word) || BORN_STEMS.iter().any(|stem| word.starts_with(stem)))
}

fn says_born_before(before: &[Piece]) -> bool {
    before.iter().rev().take_while(|piece| piece.word().is_some()).take(WORDS_BETWEEN).any(says_born)
}

fn says_born_after(after: &[Piece]) -> bool {
    after.iter().take_while(|piece| piece.word().is_some()).find(|piece| !is_within(piece)).is_some_and(says_born)
}

/// Whether an abbreviation that means other things as well stands right before the date, or one right after it.
fn says_born_shortly(pieces: &[Piece], first: usize, end: usize) -> bool {
    let dotted = matches!(pieces[first].gap, Gap::Tight('.' | ':' | '*'));
    let before = first.checked_sub(1).and_then(|place| pieces[place].word()).is_some_and(|word| dotted && BORN_SHORT.contains(&word));
    let words = |pieces: &[Piece]| pieces.iter().filter_map(Piece::word).map(str::to_owned).collect::<Vec<_>>();
    let two_before = words(&pieces[first.saturating_sub(2)..first]);
    let after = words(&pieces[end..pieces.len().min(end + 2)]);
    let last = after.first().is_some_and(|word| word == BORN_LAST) && pieces.get(end + 1).is_none_or(|piece| piece.number().is_none());
    before
        || last
        || pieces[first].star
        || BORN_BEFORE.iter().any(|words| two_before == words)
        || BORN_AFTER.iter().any(|words| after == words)
}

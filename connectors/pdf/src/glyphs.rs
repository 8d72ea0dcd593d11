//! Names of letters in fonts (Adobe Glyph List): those of Latin letters, digits and usual signs. Of a letter with a mark the letter alone is
//! told: that is enough to look for what is personal, which is compared without marks.

const DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/// Kinds of digits, all the same number.
const KINDS: [&str; 5] = ["", "oldstyle", "superior", "inferior", "small"];
const MARKS: [&str; 14] = [
    "acute",
    "grave",
    "circumflex",
    "tilde",
    "dieresis",
    "caron",
    "ogonek",
    "macron",
    "dotaccent",
    "cedilla",
    "commaaccent",
    "ring",
    "breve",
    "hungarumlaut",
];
const SIGNS: [(&str, &str); 66] = [
    ("space", " "),
    ("nbspace", " "),
    ("nonbreakingspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("sfthyphen", "-"),
    ("softhyphen", "-"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("section", "§"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("degree", "°"),
    ("plusminus", "±"),
    ("periodcentered", "·"),
    ("middot", "·"),
    ("bullet", "•"),
    ("ellipsis", "…"),
    ("endash", "–"),
    ("emdash", "—"),
    ("quoteleft", "‘"),
    ("quoteright", "’"),
    ("quotesinglbase", "‚"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotedblbase", "„"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("Euro", "€"),
    ("dotlessi", "i"),
    ("germandbls", "ss"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
];

/// The letters that a name stands for.
pub(crate) fn letters(name: &str) -> Option<String> {
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    if let [letter] = name.as_bytes() {
        return letter.is_ascii_alphabetic().then(|| char::from(*letter).to_string());
    }
    if let Some((_, sign)) = SIGNS.iter().find(|(known, _)| *known == name) {
        return Some((*sign).to_owned());
    }
    for (value, digit) in (0_u32..).zip(DIGITS) {
        if name.strip_prefix(digit).is_some_and(|kind| KINDS.contains(&kind)) {
            return char::from_digit(value, 10).map(String::from);
        }
    }
    let (letter, mark) = name.split_at_checked(1)?;
    if letter.bytes().all(|byte| byte.is_ascii_alphabetic()) && MARKS.contains(&mark) {
        return Some(letter.to_owned());
    }
    let number = |digits: &str| char::from_u32(u32::from_str_radix(digits, 16).ok()?);
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| !digits.is_empty() && digits.len() % 4 == 0 && digits.is_ascii()) {
        return (0..digits.len() / 4).map(|place| number(&digits[place * 4..place * 4 + 4])).collect();
    }
    name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())).and_then(number).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn names_are_letters_and_digits() {
        let known = ["a", "zero", "nine.alt", "oneoldstyle", "aogonek", "uni0031", "uni00660069", "u00117", "parenleft"];
        assert_eq!(known.map(|name| letters(name).unwrap()), ["a", "0", "9", "1", "a", "1", "fi", "ė", "("]);
        for unknown in ["g12", "", ".notdef", "uni00", "cid34", "ė"] {
            assert_eq!(letters(unknown), None, "{unknown}");
        }
    }
}

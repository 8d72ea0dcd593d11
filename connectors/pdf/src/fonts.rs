//! Which letters the codes of a font are (ISO 32000-2, 9.6 to 9.10).

use std::collections::HashMap;

use crate::Refusal;
use crate::file::File;
use crate::glyphs;
use crate::object::{Dict, Object, Reader};

/// Letters that codes may be given one by one.
const MOST_LETTERS: usize = 70_000;
/// What it costs to read one, in operators.
const COST: usize = 500;
/// Letters of old fonts of signs, where a code stands for itself (bullets, mostly).
const SIGNS: std::ops::RangeInclusive<u32> = 0xf020..=0xf0ff;

/// A font, as far as letters go.
#[derive(Debug)]
pub(crate) struct Font {
    /// Bytes of one code.
    width: usize,
    /// By the names of its letters, of a font with codes of one byte.
    by_name: Vec<Option<String>>,
    /// By what the font itself says.
    told: Option<HashMap<u32, String>>,
}

impl Font {
    pub(crate) fn read(file: &File<'_>, dict: &Dict) -> Result<Self, Refusal> {
        file.budget.work(COST)?;
        let name = |key: &str| file.value(dict, key).and_then(Object::name);
        let told = match dict.get("ToUnicode") {
            Some(Object::Ref(number)) => Some(letters(&file.stream(*number)?.1)?),
            Some(Object::Name(identity)) if identity.starts_with("Identity") => None,
            Some(_) => return Err(Refusal::Unclear),
            None => None,
        };
        match name("Subtype") {
            Some("Type0") => match (name("Encoding"), told) {
                (Some("Identity-H" | "Identity-V"), Some(told)) => Ok(Self { width: 2, by_name: Vec::new(), told: Some(told) }),
                _ => Err(Refusal::Unreadable),
            },
            Some("Type1" | "TrueType" | "MMType1") => Ok(Self { width: 1, by_name: by_name(file, dict)?, told }),
            // Letters that are drawn one by one may look like anything.
            _ => Err(Refusal::Unreadable),
        }
    }

    /// A text of this font. A code that is no known letter cannot be read; one that is called a digit in one place and something else in
    /// another is not believed.
    pub(crate) fn text(&self, bytes: &[u8]) -> Result<String, Refusal> {
        let mut text = String::new();
        for code in bytes.chunks(self.width) {
            let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
            let named = self.by_name.get(code as usize).and_then(Option::as_deref);
            let told = self.told.as_ref().and_then(|told| told.get(&code)).map(String::as_str);
            let is_digit = |letters: &str| letters.chars().any(char::is_numeric);
            let letters = match (told, named) {
                (Some(told), Some(named)) if told != named && (is_digit(told) || is_digit(named)) => return Err(Refusal::Unreadable),
                (Some(letters), _) | (None, Some(letters)) => letters,
                (None, None) => return Err(Refusal::Unreadable),
            };
            for letter in letters.chars() {
                let letter = match u32::from(letter) {
                    sign if SIGNS.contains(&sign) => char::from_u32(sign - 0xf000).unwrap_or(letter),
                    0xe000..=0xf8ff | 0xf_0000.. | 0xfffd => return Err(Refusal::Unreadable),
                    _ => letter,
                };
                text.push(letter);
            }
        }
        Ok(text)
    }
}

/// Letters of a font with codes of one byte, by name.
fn by_name(file: &File<'_>, dict: &Dict) -> Result<Vec<Option<String>>, Refusal> {
    let is_embedded = file
        .value(dict, "FontDescriptor")
        .and_then(Object::dict)
        .is_some_and(|font| ["FontFile", "FontFile2", "FontFile3"].iter().any(|key| font.contains_key(*key)));
    // An embedded font may have an order of its own.
    let unnamed = || if is_embedded { Ok(vec![None; 256]) } else { Ok(base("StandardEncoding")?) };
    let encoding = match file.value(dict, "Encoding") {
        None => return unnamed(),
        Some(Object::Name(name)) => return base(name),
        Some(Object::Dict(encoding)) => encoding,
        Some(_) => return Err(Refusal::Unreadable),
    };
    let mut names = match file.value(encoding, "BaseEncoding").and_then(Object::name) {
        Some(name) => base(name)?,
        None => unnamed()?,
    };
    let mut code = 0_usize;
    for one in file.value(encoding, "Differences").and_then(Object::array).unwrap_or_default() {
        file.budget.work(1)?;
        match file.resolve(one) {
            Object::Name(name) => {
                *names.get_mut(code).ok_or(Refusal::Unclear)? = glyphs::letters(name);
                code += 1;
            }
            number => code = number.count().ok_or(Refusal::Unclear)?,
        }
    }
    Ok(names)
}

/// An encoding that everybody knows.
fn base(name: &str) -> Result<Vec<Option<String>>, Refusal> {
    let table = match name {
        "WinAnsiEncoding" => Some(encoding_rs::WINDOWS_1252),
        "MacRomanEncoding" => Some(encoding_rs::MACINTOSH),
        "StandardEncoding" => None,
        _ => return Err(Refusal::Unreadable),
    };
    let letter = |code: u8| match (code, table) {
        (0..=0x1f | 0x7f, _) => None,
        (0x20..=0x7e, _) => Some(char::from(code).to_string()),
        (_, Some(table)) => table.decode_without_bom_handling_and_without_replacement(&[code]).map(|text| text.into_owned()),
        (_, None) => None,
    };
    Ok((0..=u8::MAX).map(letter).collect())
}

/// Reads what a font says its codes are (ISO 32000-2, 9.10.3).
fn letters(bytes: &[u8]) -> Result<HashMap<u32, String>, Refusal> {
    let mut told = HashMap::new();
    let mut reader = Reader::new(bytes);
    let mut put = |code: u32, letters: String| {
        told.insert(code, letters);
        if told.len() > MOST_LETTERS { Err(Refusal::TooLarge) } else { Ok(()) }
    };
    while let Some(object) = reader.next()? {
        if object.is("usecmap") {
            return Err(Refusal::Unreadable);
        }
        let is_range = object.is("beginbfrange");
        if !is_range && !object.is("beginbfchar") {
            continue;
        }
        while let Object::Text(first) = reader.object()? {
            let first = number(&first)?;
            if !is_range {
                let Object::Text(letters) = reader.object()? else { return Err(Refusal::Unclear) };
                put(first, utf16(&letters))?;
                continue;
            }
            let Object::Text(last) = reader.object()? else { return Err(Refusal::Unclear) };
            let codes = first..=number(&last)?;
            match reader.object()? {
                Object::Array(all) => {
                    for (code, letters) in codes.zip(all) {
                        let Object::Text(letters) = letters else { return Err(Refusal::Unclear) };
                        put(code, utf16(&letters))?;
                    }
                }
                Object::Text(letters) => {
                    for (code, further) in codes.zip(0..) {
                        let mut units = units(&letters);
                        let end = units.last_mut().ok_or(Refusal::Unclear)?;
                        *end = end.wrapping_add(further);
                        put(code, String::from_utf16_lossy(&units))?;
                    }
                }
                _ => return Err(Refusal::Unclear),
            }
        }
    }
    Ok(told)
}

fn number(bytes: &[u8]) -> Result<u32, Refusal> {
    if bytes.is_empty() || bytes.len() > 2 {
        Err(Refusal::Unclear)
    } else {
        Ok(bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte)))
    }
}

fn units(bytes: &[u8]) -> Vec<u16> {
    match bytes {
        [byte] => vec![u16::from(*byte)],
        _ => bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
    }
}

fn utf16(bytes: &[u8]) -> String {
    String::from_utf16_lossy(&units(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_says_what_its_codes_are() {
        let told = letters(
            b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <01> <0117> <02> <00660069> \
              endbfchar 2 beginbfrange <0010> <0012> <0030> <20> <21> [<0041> <0042>] endbfrange end",
        )
        .unwrap();
        let of = |code: u32| told.get(&code).map(String::as_str);
        assert_eq!([1, 2, 0x10, 0x12, 0x21, 0x22].map(of), [Some("ė"), Some("fi"), Some("0"), Some("2"), Some("B"), None]);
        assert!(letters(b"/Other usecmap").is_err());
    }

    #[test]
    fn a_digit_under_two_names_is_not_believed() {
        let told = |letters: &str| Some(HashMap::from([(65, letters.to_owned())]));
        let font = |told| Font { width: 1, by_name: base("WinAnsiEncoding").unwrap(), told };
        assert_eq!(font(None).text(b"A\xe0"), Ok("Aà".to_owned()));
        assert_eq!(font(told("Ą")).text(b"A"), Ok("Ą".to_owned()));
        assert_eq!(font(told("1")).text(b"A"), Err(Refusal::Unreadable));
        assert_eq!(font(None).text(b"\x01"), Err(Refusal::Unreadable));
        assert_eq!(font(told("\u{f0b7}")).text(b"A"), Ok("·".to_owned()));
        assert_eq!(font(told("\u{e000}")).text(b"A"), Err(Refusal::Unreadable));
    }
}

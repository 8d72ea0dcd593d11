//! Objects of a PDF as they are written (ISO 32000-2, 7.2 and 7.3), in files and in what pages are painted with.

use std::collections::BTreeMap;

use crate::Refusal;

/// Objects inside of each other; nobody's document has so many, and each costs a call.
const DEEPEST: usize = 48;
/// A number of as many digits may be a code.
const LONG: usize = 11;
/// What may be read one after another: each costs memory, a dictionary as much as twenty others.
const VALUES: usize = 2_000_000;
const OF_DICTIONARY: usize = 20;
/// Comments and long numbers that are kept to be looked through.
const ASIDE: usize = 20_000;
/// Digits of the shortest text in which a birth date could be.
const DIGITS: usize = 5;

/// A dictionary. Names are read byte by byte, as Latin-1.
pub(crate) type Dict = BTreeMap<String, Object>;

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Object {
    Null,
    Bool(bool),
    Number(f64),
    Text(Vec<u8>),
    Name(String),
    Array(Vec<Object>),
    Dict(Dict),
    /// Another object, by its number.
    Ref(u32),
    /// A word of the language: an operator, `obj`, `endobj`.
    Word(String),
}

impl Object {
    pub(crate) fn name(&self) -> Option<&str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// A number that counts something or says where it is.
    pub(crate) fn count(&self) -> Option<usize> {
        let number = self.number()?;
        (number.fract() == 0.0 && (0.0..=1e10).contains(&number)).then_some(number as usize)
    }

    pub(crate) fn dict(&self) -> Option<&Dict> {
        if let Self::Dict(dict) = self { Some(dict) } else { None }
    }

    pub(crate) fn array(&self) -> Option<&[Self]> {
        if let Self::Array(array) = self { Some(array) } else { None }
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found == word)
    }
}

/// Reads one object after another.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
    /// What nobody is shown and still stands in the file: comments, and long numbers as they are written.
    pub(crate) aside: Vec<String>,
    /// How much more may be read.
    pub(crate) left: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, aside: Vec::new(), left: VALUES }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over white space and comments.
    pub(crate) fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let start = self.at;
                while self.peek().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {
                    self.at += 1;
                }
                let comment = latin(&self.bytes[start..self.at]);
                self.aside.extend(Some(comment).filter(|comment| is_worth_looking(comment)));
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The next object; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Object>, Refusal> {
        self.read(0)
    }

    /// The next object, which must be there.
    pub(crate) fn object(&mut self) -> Result<Object, Refusal> {
        self.next()?.ok_or(Refusal::Unclear)
    }

    /// The next object, which must be a count.
    pub(crate) fn count(&mut self) -> Result<usize, Refusal> {
        self.object()?.count().ok_or(Refusal::Unclear)
    }

    fn read(&mut self, depth: usize) -> Result<Option<Object>, Refusal> {
        self.skip();
        if depth > DEEPEST || self.aside.len() > ASIDE {
            return Err(Refusal::TooLarge);
        }
        self.spend(1)?;
        let Some(byte) = self.peek() else { return Ok(None) };
        let object = match byte {
            b'/' => Object::Name(self.name()?),
            b'(' => Object::Text(self.literal()?),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                Object::Dict(self.dict(depth)?)
            }
            b'<' => Object::Text(self.hexadecimal()?),
            b'[' => {
                self.at += 1;
                let mut array = Vec::new();
                loop {
                    self.skip();
                    if self.peek() == Some(b']') {
                        self.at += 1;
                        break Object::Array(array);
                    }
                    match self.read(depth + 1)?.ok_or(Refusal::Unclear)? {
                        Object::Word(_) => return Err(Refusal::Unclear),
                        object => array.push(object),
                    }
                }
            }
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number_or_ref()?,
            b')' | b'>' | b']' | b'{' | b'}' => return Err(Refusal::Unclear),
            _ => match self.regular() {
                b"null" => Object::Null,
                b"true" => Object::Bool(true),
                b"false" => Object::Bool(false),
                word => Object::Word(latin(word)),
            },
        };
        Ok(Some(object))
    }

    fn spend(&mut self, values: usize) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(values).ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    /// Everything up to white space or a delimiter.
    fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    fn number(&mut self) -> Result<f64, Refusal> {
        let text = latin(self.regular());
        let plain = text.strip_prefix(['+', '-']).unwrap_or(&text);
        if plain.is_empty() || plain == "." || !plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return Err(Refusal::Unclear);
        }
        let number = text.parse().map_err(|_| Refusal::Unclear)?;
        if text.len() >= LONG {
            self.aside.push(text);
        }
        Ok(number)
    }

    fn number_or_ref(&mut self) -> Result<Object, Refusal> {
        let number = self.number()?;
        let after = self.at;
        if let Some(target) = self.rest_of_ref(number) {
            return Ok(Object::Ref(target));
        }
        self.at = after;
        Ok(Object::Number(number))
    }

    /// After `7`: the rest of `7 0 R`.
    fn rest_of_ref(&mut self, number: f64) -> Option<u32> {
        let target = Object::Number(number).count().and_then(|number| u32::try_from(number).ok())?;
        let spaces = |reader: &mut Self| {
            let start = reader.at;
            while reader.peek().is_some_and(is_space) {
                reader.at += 1;
            }
            reader.at > start
        };
        if !spaces(self) || !self.peek()?.is_ascii_digit() {
            return None;
        }
        let generation = self.regular();
        let is_generation = generation.len() <= 5 && generation.iter().all(u8::is_ascii_digit);
        (is_generation && spaces(self) && self.regular() == b"R").then_some(target)
    }

    fn name(&mut self) -> Result<String, Refusal> {
        self.at += 1;
        let raw = self.regular();
        let mut name = String::with_capacity(raw.len());
        let mut rest = raw;
        while let [byte, after @ ..] = rest {
            rest = after;
            match (*byte, after) {
                (b'#', [high, low, further @ ..]) => {
                    name.push(char::from(digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low).ok_or(Refusal::Unclear)?));
                    rest = further;
                }
                (b'#', _) => return Err(Refusal::Unclear),
                (byte, _) => name.push(char::from(byte)),
            }
        }
        Ok(name)
    }

    fn dict(&mut self, depth: usize) -> Result<Dict, Refusal> {
        self.spend(OF_DICTIONARY)?;
        let mut dict = Dict::new();
        loop {
            self.skip();
            if self.bytes[self.at..].starts_with(b">>") {
                self.at += 2;
                return Ok(dict);
            }
            let Some(Object::Name(key)) = self.read(depth + 1)? else { return Err(Refusal::Unclear) };
            let value = self.read(depth + 1)?.filter(|value| !matches!(value, Object::Word(_))).ok_or(Refusal::Unclear)?;
            // Of two values readers take either.
            if dict.insert(key, value).is_some() {
                return Err(Refusal::Unclear);
            }
        }
    }

    fn hexadecimal(&mut self) -> Result<Vec<u8>, Refusal> {
        self.at += 1;
        let mut digits = Vec::new();
        loop {
            let byte = self.peek().ok_or(Refusal::Unclear)?;
            self.at += 1;
            match byte {
                b'>' => break,
                _ if is_space(byte) => {}
                _ => digits.push(digit(byte).ok_or(Refusal::Unclear)?),
            }
        }
        Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect())
    }

    fn literal(&mut self) -> Result<Vec<u8>, Refusal> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_usize);
        loop {
            let byte = self.peek().ok_or(Refusal::Unclear)?;
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    self.escaped(&mut text)?;
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Ok(text);
            }
            text.push(byte);
        }
    }

    fn escaped(&mut self, text: &mut Vec<u8>) -> Result<(), Refusal> {
        let byte = self.peek().ok_or(Refusal::Unclear)?;
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u16::from(byte - b'0');
                for _ in 0..2 {
                    if let Some(next @ b'0'..=b'7') = self.peek() {
                        self.at += 1;
                        value = value << 3 | u16::from(next - b'0');
                    }
                }
                text.push((value & 0xff) as u8);
            }
            other => text.push(other),
        }
        Ok(())
    }
}

/// Whether a text may hold anything that is looked for.
pub(crate) fn is_worth_looking(text: &str) -> bool {
    !text.is_ascii() || text.bytes().filter(u8::is_ascii_digit).count() >= DIGITS
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

/// Bytes as letters of Latin-1: none is lost, and digits are digits.
pub(crate) fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Object>, Refusal> {
        Reader::new(text.as_bytes()).next()
    }

    #[test]
    fn objects_are_read_as_they_are_written() {
        let text = |text: &str| Object::Text(text.as_bytes().to_vec());
        assert_eq!(read("% a\n(a\\(b\\051(c)\\\nd\\53)"), Ok(Some(text("a(b)(c)d+"))));
        assert_eq!(read("<61 6 2 7>"), Ok(Some(text("abp"))));
        assert_eq!(read("/A#20b"), Ok(Some(Object::Name("A b".into()))));
        assert_eq!(read("7 0 R"), Ok(Some(Object::Ref(7))));
        assert_eq!(read("7 0 obj"), Ok(Some(Object::Number(7.0))));
        let array = vec![Object::Number(1.0), Object::Number(-0.5), Object::Ref(3), Object::Null, Object::Bool(true)];
        assert_eq!(read("[1 -.5 3 0 R null true]"), Ok(Some(Object::Array(array))));
        assert_eq!(read("<< /A << /B [] >> >>").unwrap().unwrap().dict().unwrap()["A"].dict().unwrap()["B"], Object::Array(Vec::new()));
        assert_eq!(read("endobj"), Ok(Some(Object::Word("endobj".into()))));
        assert_eq!(read(" "), Ok(None));
    }

    #[test]
    fn what_can_be_read_in_two_ways_or_not_at_all_is_refused() {
        for wrong in ["<< /A 1 /A 2 >>", "<< /A >>", "(a", "<6z>", "[1", "1-2", "--1", ">>", "/A#g0", "<< 1 2 >>", "[ a ]"] {
            assert_eq!(read(wrong), Err(Refusal::Unclear), "{wrong}");
        }
        assert_eq!(read(&"[".repeat(100_000)), Err(Refusal::TooLarge));
    }
}

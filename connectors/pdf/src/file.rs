//! The file: every object that stands in it, whether anything leads to it or not.
//!
//! Readers find objects by a table of places and mend a damaged one each in its own way. Here the file is read from its beginning to its end
//! instead, and the tables must say the same: nobody then sees an object that was not looked at. What is written twice, or stands where no
//! object does, is refused.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::Refusal;
use crate::budget::{Budget, OBJECTS};
use crate::object::{Dict, Object, Reader, is_space};

/// Tables of places in one file.
const TABLES: usize = 64;
const END: &[u8] = b"endstream";

/// One object of the file.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) object: Object,
    /// Bytes of its stream, if it is one.
    pub(crate) stream: Option<Range<usize>>,
    place: Place,
}

/// Where an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At this byte.
    At(usize),
    /// In another object, a stream of objects.
    In(usize),
}

/// A document, read.
#[derive(Debug)]
pub(crate) struct File<'a> {
    bytes: &'a [u8],
    pub(crate) objects: BTreeMap<u32, Entry>,
    pub(crate) trailers: Vec<Dict>,
    pub(crate) aside: Vec<String>,
    pub(crate) budget: Budget,
    /// How many more objects may be read.
    left: usize,
}

/// What the file says of where its objects are.
#[derive(Debug, Default)]
struct Tables {
    entries: Vec<(u32, Place)>,
    /// Where tables begin.
    begin: Vec<usize>,
    /// Where the file says that one begins.
    said: Vec<usize>,
    /// Streams whose length stands in another object.
    lengths: Vec<(u32, u32)>,
}

impl<'a> File<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let mut file = Self { bytes, objects: BTreeMap::new(), trailers: Vec::new(), aside: Vec::new(), budget: Budget::new(), left: 0 };
        let mut tables = Tables::default();
        let mut reader = Reader::new(bytes);
        loop {
            reader.skip();
            let start = reader.at;
            match reader.next()? {
                None => break,
                Some(_) if tables.begin.len().max(tables.said.len()) > TABLES => return Err(Refusal::TooLarge),
                Some(Object::Number(number)) => file.indirect(&mut reader, start, number, &mut tables)?,
                Some(word) if word.is("xref") => {
                    tables.begin.push(start);
                    let trailer = table(&mut reader, &mut tables.entries)?;
                    // A file of both kinds has the newer table besides.
                    tables.said.extend(trailer.get("XRefStm").and_then(Object::count));
                    file.trailers.push(trailer);
                }
                Some(word) if word.is("startxref") => tables.said.push(reader.count()?),
                Some(_) => return Err(Refusal::Unclear),
            }
        }
        file.left = reader.left;
        file.aside.extend(reader.aside);
        file.settle_lengths(&tables.lengths)?;
        file.unpack_objects(&mut tables)?;
        file.agree(&tables)?;
        Ok(file)
    }

    /// Reads `7 0 obj … endobj`, its number being read already.
    fn indirect(&mut self, reader: &mut Reader<'_>, start: usize, number: f64, tables: &mut Tables) -> Result<(), Refusal> {
        let number = Object::Number(number).count().and_then(|number| u32::try_from(number).ok()).ok_or(Refusal::Unclear)?;
        reader.count()?;
        if !reader.object()?.is("obj") {
            return Err(Refusal::Unclear);
        }
        let object = reader.object()?;
        if matches!(object, Object::Word(_)) {
            return Err(Refusal::Unclear);
        }
        let mut stream = None;
        let mut word = reader.object()?;
        if word.is("stream") {
            let dict = object.dict().ok_or(Refusal::Unclear)?;
            // What lies in another file is looked through by nobody.
            if ["F", "FFilter", "FDecodeParms"].iter().any(|key| dict.contains_key(*key)) {
                return Err(Refusal::Files);
            }
            let after = &self.bytes[reader.at..];
            let begin = reader.at + if after.starts_with(b"\r\n") { 2 } else { usize::from(after.starts_with(b"\n")) };
            let end = match dict.get("Length").ok_or(Refusal::Unclear)? {
                Object::Ref(other) => {
                    tables.lengths.push((number, *other));
                    let rest = self.bytes.get(begin..).ok_or(Refusal::Unclear)?;
                    begin + rest.windows(END.len()).position(|window| window == END).ok_or(Refusal::Unclear)?
                }
                length => begin.checked_add(length.count().ok_or(Refusal::Unclear)?).ok_or(Refusal::Unclear)?,
            };
            if begin == reader.at || end > self.bytes.len() {
                return Err(Refusal::Unclear);
            }
            stream = Some(begin..end);
            reader.at = end;
            while reader.bytes.get(reader.at).copied().is_some_and(is_space) {
                reader.at += 1;
            }
            if !reader.object()?.is("endstream") {
                return Err(Refusal::Unclear);
            }
            word = reader.object()?;
        }
        if !word.is("endobj") {
            return Err(Refusal::Unclear);
        }
        if stream.is_some() && object.dict().and_then(|dict| dict.get("Type")).and_then(Object::name) == Some("XRef") {
            tables.begin.push(start);
        }
        self.add(number, Entry { object, stream, place: Place::At(start) })
    }

    fn add(&mut self, number: u32, entry: Entry) -> Result<(), Refusal> {
        if self.objects.len() >= OBJECTS {
            return Err(Refusal::TooLarge);
        }
        // A file that was changed by adding to it keeps what it was before.
        if self.objects.insert(number, entry).is_some() { Err(Refusal::Unclear) } else { Ok(()) }
    }

    /// Holds lengths that stand elsewhere against where the streams were found to end.
    fn settle_lengths(&mut self, lengths: &[(u32, u32)]) -> Result<(), Refusal> {
        for (number, other) in lengths {
            let length = self.get(*other).and_then(Object::count).ok_or(Refusal::Unclear)?;
            let bytes = self.bytes;
            let found = self.objects.get_mut(number).and_then(|entry| entry.stream.as_mut()).ok_or(Refusal::Unclear)?;
            let end = found.start.checked_add(length).filter(|end| *end <= found.end).ok_or(Refusal::Unclear)?;
            if !bytes[end..found.end].iter().copied().all(is_space) {
                return Err(Refusal::Unclear);
            }
            found.end = end;
        }
        Ok(())
    }

    /// Reads streams of objects and of places.
    fn unpack_objects(&mut self, tables: &mut Tables) -> Result<(), Refusal> {
        let of_type = |file: &Self, wanted: &str| -> Vec<u32> {
            let is = |entry: &Entry| {
                entry.stream.is_some() && entry.object.dict().and_then(|dict| dict.get("Type")).and_then(Object::name) == Some(wanted)
            };
            file.objects.iter().filter(|(_, entry)| is(entry)).map(|(number, _)| *number).collect()
        };
        for holder in of_type(self, "ObjStm") {
            let (count, first, bytes) = {
                let (dict, bytes) = self.stream(holder)?;
                let number_of = |key: &str| dict.get(key).and_then(Object::count).ok_or(Refusal::Unclear);
                (number_of("N")?, number_of("First")?, bytes)
            };
            let head = bytes.get(..first).ok_or(Refusal::Unclear)?;
            if count > head.len() {
                return Err(Refusal::Unclear);
            }
            let mut numbers = Reader::new(head);
            let mut heads = Vec::new();
            for _ in 0..count {
                heads.push((numbers.count()?, numbers.count()?));
            }
            let mut reader = Reader::new(&bytes);
            (reader.at, reader.left) = (first, self.left);
            for (number, offset) in heads {
                reader.skip();
                // One after another and nothing between: nothing is read twice or left out.
                if first.checked_add(offset).is_none_or(|begin| begin > reader.at || !bytes[begin..reader.at].iter().copied().all(is_space))
                {
                    return Err(Refusal::Unclear);
                }
                let object = reader.object()?;
                if matches!(object, Object::Word(_)) {
                    return Err(Refusal::Unclear);
                }
                let number = u32::try_from(number).map_err(|_| Refusal::Unclear)?;
                self.add(number, Entry { object, stream: None, place: Place::In(holder as usize) })?;
            }
            reader.skip();
            if reader.at < bytes.len() || numbers.next()?.is_some() {
                return Err(Refusal::Unclear);
            }
            self.left = reader.left;
            self.aside.extend(reader.aside);
            self.aside.extend(numbers.aside);
        }
        for number in of_type(self, "XRef") {
            let (dict, bytes) = self.stream(number)?;
            places(dict, &bytes, &mut tables.entries)?;
            let dict = dict.clone();
            self.trailers.push(dict);
        }
        Ok(())
    }

    /// Whether tables say the same as the file.
    fn agree(&self, tables: &Tables) -> Result<(), Refusal> {
        if tables.begin.is_empty() || self.trailers.is_empty() {
            return Err(Refusal::Unclear);
        }
        // The first of two tables in a file made for reading over a network says 0.
        if tables.said.iter().any(|said| *said != 0 && !tables.begin.iter().any(|begin| self.is_at(*said, *begin))) {
            return Err(Refusal::Unclear);
        }
        for (number, said) in &tables.entries {
            let found = self.objects.get(number).ok_or(Refusal::Unclear)?.place;
            let same = match (*said, found) {
                (Place::At(said), Place::At(found)) => self.is_at(said, found),
                (said, found) => said == found,
            };
            if !same {
                return Err(Refusal::Unclear);
            }
        }
        Ok(())
    }

    /// Whether nothing but white space lies between a place that is said and the one that was found.
    fn is_at(&self, said: usize, found: usize) -> bool {
        said <= found && self.bytes[said..found].iter().copied().all(is_space)
    }

    pub(crate) fn get(&self, number: u32) -> Option<&Object> {
        self.objects.get(&number).map(|entry| &entry.object)
    }

    /// The object itself where another is named; a name of a name is none.
    pub(crate) fn resolve<'o>(&'o self, object: &'o Object) -> &'o Object {
        match object {
            Object::Ref(number) => self.get(*number).filter(|object| !matches!(object, Object::Ref(_))).unwrap_or(&Object::Null),
            object => object,
        }
    }

    /// A value of a dictionary, wherever it stands.
    pub(crate) fn value<'o>(&'o self, dict: &'o Dict, key: &str) -> Option<&'o Object> {
        dict.get(key).map(|object| self.resolve(object)).filter(|object| **object != Object::Null)
    }

    /// Bytes of a stream as they lie in the file.
    pub(crate) fn packed(&self, number: u32) -> Option<&[u8]> {
        self.bytes.get(self.objects.get(&number)?.stream.clone()?)
    }

    /// Filters of a stream, in their order.
    pub(crate) fn filters<'o>(&'o self, dict: &'o Dict) -> Result<Vec<&'o str>, Refusal> {
        match self.value(dict, "Filter") {
            None => Ok(Vec::new()),
            Some(Object::Name(name)) => Ok(vec![name]),
            Some(Object::Array(names)) => names.iter().map(|name| self.resolve(name).name().ok_or(Refusal::Unclear)).collect(),
            Some(_) => Err(Refusal::Unclear),
        }
    }

    /// A stream's dictionary and its content.
    pub(crate) fn stream(&self, number: u32) -> Result<(&Dict, Vec<u8>), Refusal> {
        let dict = self.get(number).and_then(Object::dict).ok_or(Refusal::Unclear)?;
        let packed = self.packed(number).ok_or(Refusal::Unclear)?;
        let bytes = match self.filters(dict)?.as_slice() {
            [] => self.budget.copy(packed)?,
            ["FlateDecode" | "Fl"] => self.budget.inflate(packed)?,
            _ => return Err(Refusal::Unclear),
        };
        Ok((dict, self.undo_differences(dict, bytes)?))
    }

    /// Rows packed as differences to the row above (ISO 32000-2, 7.4.4.4): tables of places are.
    fn undo_differences(&self, dict: &Dict, bytes: Vec<u8>) -> Result<Vec<u8>, Refusal> {
        let how = match self.value(dict, "DecodeParms") {
            None => return Ok(bytes),
            Some(Object::Dict(how)) => how,
            Some(Object::Array(all)) => match all.as_slice() {
                [one] => match self.resolve(one) {
                    Object::Dict(how) => how,
                    Object::Null => return Ok(bytes),
                    _ => return Err(Refusal::Unclear),
                },
                _ => return Err(Refusal::Unclear),
            },
            Some(_) => return Err(Refusal::Unclear),
        };
        let number = |key: &str, otherwise: usize| self.value(how, key).map_or(Some(otherwise), Object::count).ok_or(Refusal::Unclear);
        if number("Predictor", 1)? == 1 {
            return Ok(bytes);
        }
        let width = number("Columns", 1)?;
        let usual = number("Predictor", 1)? >= 10 && number("Colors", 1)? == 1 && number("BitsPerComponent", 8)? == 8;
        if !usual || !(1..=64).contains(&width) || !bytes.len().is_multiple_of(width + 1) {
            return Err(Refusal::Unclear);
        }
        let mut plain: Vec<u8> = Vec::with_capacity(bytes.len());
        let mut above = vec![0; width];
        for row in bytes.chunks(width + 1) {
            let mut now = row[1..].to_vec();
            match row[0] {
                0 => {}
                2 => now.iter_mut().zip(&above).for_each(|(byte, above)| *byte = byte.wrapping_add(*above)),
                _ => return Err(Refusal::Unclear),
            }
            plain.extend_from_slice(&now);
            above = now;
        }
        Ok(plain)
    }
}

/// A table of places in words, with its trailer.
fn table(reader: &mut Reader<'_>, entries: &mut Vec<(u32, Place)>) -> Result<Dict, Refusal> {
    loop {
        let object = reader.object()?;
        if object.is("trailer") {
            return match reader.object()? {
                Object::Dict(dict) => Ok(dict),
                _ => Err(Refusal::Unclear),
            };
        }
        let first = object.count().ok_or(Refusal::Unclear)?;
        for place in 0..reader.count()? {
            if entries.len() >= OBJECTS {
                return Err(Refusal::TooLarge);
            }
            let (at, _) = (reader.count()?, reader.count()?);
            let word = reader.object()?;
            if word.is("n") {
                entries.push((u32::try_from(first + place).map_err(|_| Refusal::Unclear)?, Place::At(at)));
            } else if !word.is("f") {
                return Err(Refusal::Unclear);
            }
        }
    }
}

/// A table of places as a stream.
fn places(dict: &Dict, bytes: &[u8], entries: &mut Vec<(u32, Place)>) -> Result<(), Refusal> {
    let numbers = |key: &str| -> Option<Vec<usize>> { dict.get(key)?.array()?.iter().map(Object::count).collect() };
    let widths = numbers("W").filter(|widths| widths.len() == 3 && widths.iter().all(|width| *width <= 8)).ok_or(Refusal::Unclear)?;
    let width: usize = widths.iter().sum();
    if width == 0 {
        return Err(Refusal::Unclear);
    }
    let size = dict.get("Size").and_then(Object::count).ok_or(Refusal::Unclear)?;
    let index = if dict.contains_key("Index") { numbers("Index").ok_or(Refusal::Unclear)? } else { vec![0, size] };
    let mut rows = bytes.chunks_exact(width);
    for part in index.chunks(2) {
        let [first, count] = part else { return Err(Refusal::Unclear) };
        for number in *first..first.checked_add(*count).ok_or(Refusal::Unclear)? {
            let row = rows.next().ok_or(Refusal::Unclear)?;
            if entries.len() >= OBJECTS {
                return Err(Refusal::TooLarge);
            }
            let (kind, rest) = row.split_at(widths[0]);
            let value = |bytes: &[u8]| bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
            let second = usize::try_from(value(&rest[..widths[1]])).map_err(|_| Refusal::Unclear)?;
            let place = match if kind.is_empty() { 1 } else { value(kind) } {
                0 => continue,
                1 => Place::At(second),
                2 => Place::In(second),
                _ => return Err(Refusal::Unclear),
            };
            entries.push((u32::try_from(number).map_err(|_| Refusal::Unclear)?, place));
        }
    }
    Ok(())
}

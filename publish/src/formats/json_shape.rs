//! Reading JSON back: the keys of every object, and how many there are.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::publisher::Shape;

/// The shape of a file with one object per line, be it JSON Lines or an array.
pub(super) fn shape(path: &Path, expected: &[&str]) -> Result<Shape, String> {
    let file = BufReader::with_capacity(256 * 1024, File::open(path).map_err(|error| error.to_string())?);
    let mut rows = 0;
    for line in file.split(b'\n') {
        let line = line.map_err(|error| error.to_string())?;
        let object = line.strip_suffix(b",").unwrap_or(&line);
        if !object.is_empty() && !matches!(object, b"[" | b"]") {
            // Not the parser's own words: they may quote a value.
            let keys = serde_json::Deserializer::from_slice(object)
                .deserialize_map(Keys(expected))
                .map_err(|error| format!("line {} is not an object ({:?} error)", rows + 1, error.classify()))?;
            rows += 1;
            if let Some(columns) = keys {
                return Ok(Shape { columns, rows });
            }
        }
    }
    Ok(Shape { columns: expected.iter().map(|&name| name.to_owned()).collect(), rows })
}

/// Reads the keys of one object; gives them back only where they are not the expected ones.
struct Keys<'a>(&'a [&'a str]);

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = Option<Vec<String>>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut seen, mut other) = (0, None::<Vec<String>>);
        while let Some(key) = map.next_key::<&str>()? {
            if other.is_none() && self.0.get(seen) != Some(&key) {
                other = Some(self.0[..seen.min(self.0.len())].iter().map(|&name| name.to_owned()).collect());
            }
            if let Some(keys) = &mut other {
                keys.push(key.to_owned());
            }
            seen += 1;
            map.next_value::<IgnoredAny>()?;
        }
        if other.is_none() && seen < self.0.len() {
            other = Some(self.0[..seen].iter().map(|&name| name.to_owned()).collect());
        }
        Ok(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_planted_in_one_later_object_is_found() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[\n{\"a\":1},\n{\"a\":1,\"kodas\":2}\n]\n").unwrap();
        assert_eq!(shape(file.path(), &["a"]).unwrap().columns, ["a", "kodas"]);
        std::fs::write(file.path(), "[\n{\"a\":1},\n{}\n]\n").unwrap();
        assert!(shape(file.path(), &["a"]).unwrap().columns.is_empty());
    }
}

//! JSON whose keys stand in the order in which they were said, so that people can read it and columns keep their order.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::Error;

/// A JSON value.
#[derive(Debug, Clone)]
pub(crate) enum Json {
    /// One without an object in it whose order matters.
    Value(Value),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Object),
}

/// A JSON object with its keys in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object(Vec<(String, Json)>);

impl Object {
    /// An empty object.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The object with one more key.
    pub(crate) fn with(mut self, key: impl Into<String>, value: impl Into<Json>) -> Self {
        self.0.push((key.into(), value.into()));
        self
    }

    /// The object with one more key, if there is something to say.
    pub(crate) fn with_some(self, key: &str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// The object with one more key, if its value has anything in it.
    pub(crate) fn with_any(self, key: &str, value: impl Into<Json>) -> Self {
        let value = value.into();
        let is_empty = match &value {
            Json::Value(_) => false,
            Json::List(items) => items.is_empty(),
            Json::Object(object) => object.0.is_empty(),
        };
        if is_empty { self } else { self.with(key, value) }
    }

    /// The bytes of a file with this object.
    ///
    /// # Errors
    /// [`Error::Print`] for what JSON cannot say.
    pub(crate) fn print(&self, path: &str) -> Result<Vec<u8>, Error> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(Error::print(path))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

impl FromIterator<(String, Json)> for Object {
    fn from_iter<T: IntoIterator<Item = (String, Json)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        Self::Value(text.as_str().into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Value(text.into())
    }
}

impl From<bool> for Json {
    fn from(is: bool) -> Self {
        Self::Value(is.into())
    }
}

impl From<u64> for Json {
    fn from(number: u64) -> Self {
        Self::Value(number.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_what_is_empty_is_not_said() {
        let object = Object::new().with("b", "1").with("a", vec![2_u64]).with_any("c", Vec::<String>::new()).with_some("d", None::<bool>);
        assert_eq!(serde_json::to_string(&object).unwrap(), r#"{"b":"1","a":[2]}"#);
    }
}

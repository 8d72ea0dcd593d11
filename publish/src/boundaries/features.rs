//! What is read of a GeoJSON file (RFC 7946): the code and the rings of each feature.
//!
//! Coordinates are read straight into numbers, so that a file of the largest size takes no more memory than itself; a document of values, as crates of
//! GeoJSON make one first, takes some ten times as much.

use std::fmt;

use catalog::Classifier;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::{Map, Value};

/// Names of the property with the code, if the settings name none; letters of any size.
const NAMES: [&str; 6] = ["sav_kodas", "savivaldybes_kodas", "savivaldybe", "sav_kod", "kodas", "code"];

/// Easting or longitude, then northing or latitude.
pub(super) type Position = [f64; 2];

/// Rings of a polygon: what is around it, then what is cut out.
pub(super) type Polygon = Vec<Vec<Position>>;

/// An area.
#[derive(Debug)]
pub(super) struct Feature {
    /// Its place in the file, from 1.
    pub(super) number: usize,
    pub(super) code: String,
    pub(super) polygons: Vec<Polygon>,
}

#[derive(Debug, Deserialize)]
struct CollectionFile {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<FeatureFile>,
}

#[derive(Debug, Deserialize)]
struct FeatureFile {
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(default)]
    geometry: Option<GeometryFile>,
}

#[derive(Debug, Deserialize)]
struct GeometryFile {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Option<Coordinates>,
}

/// Numbers in lists in lists, as deep as a geometry needs.
#[derive(Debug)]
enum Coordinates {
    Number(f64),
    /// Whatever comes after the second number, such as a height, is passed over.
    Position(Position),
    Ring(Vec<Position>),
    Polygon(Polygon),
    Polygons(Vec<Polygon>),
}

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(CoordinatesVisitor)
    }
}

struct CoordinatesVisitor;

impl<'de> Visitor<'de> for CoordinatesVisitor {
    type Value = Coordinates;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("numbers in lists")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Coordinates, A::Error> {
        /// The rest of a list whose first member is `first`, all members being of one depth.
        macro_rules! rest {
            ($first:expr, $depth:path) => {{
                let mut all = vec![$first];
                while let Some(next) = list.next_element()? {
                    let $depth(next) = next else { return Err(A::Error::custom("lists of several depths")) };
                    all.push(next);
                }
                all
            }};
        }
        Ok(match list.next_element()? {
            // An empty list surrounds nothing, whatever it should be.
            None => Coordinates::Ring(Vec::new()),
            Some(Coordinates::Number(first)) => {
                let numbers = rest!(first, Coordinates::Number);
                let [first, second, ..] = numbers[..] else { return Err(A::Error::custom("a position of one number")) };
                Coordinates::Position([first, second])
            }
            Some(Coordinates::Position(first)) => Coordinates::Ring(rest!(first, Coordinates::Position)),
            Some(Coordinates::Ring(first)) => Coordinates::Polygon(rest!(first, Coordinates::Ring)),
            Some(Coordinates::Polygon(first)) => Coordinates::Polygons(rest!(first, Coordinates::Polygon)),
            Some(Coordinates::Polygons(_)) => return Err(A::Error::custom("lists that are too deep")),
        })
    }
}

/// Reads the features; `code` names the property with their codes, which must be areas of the classifier.
///
/// # Errors
/// All that is wrong, without a word of what stands in the file.
pub(super) fn read(bytes: &[u8], code: Option<&str>, areas: &Classifier) -> Result<Vec<Feature>, Vec<String>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: CollectionFile = serde_json::from_slice(bytes).map_err(|error| vec![unreadable(&error)])?;
    if file.kind != "FeatureCollection" {
        return Err(vec!["its `type` is not FeatureCollection; export it as GeoJSON (RFC 7946)".to_owned()]);
    }
    if file.features.is_empty() {
        return Err(vec!["it has no features; export the municipalities, one feature each".to_owned()]);
    }
    let name = property(&file.features, code).map_err(|problem| vec![problem])?;
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for (number, feature) in (1..).zip(file.features) {
        match of(number, feature, &name, areas) {
            Ok(feature) => found.push(feature),
            Err(problem) => problems.push(format!("feature {number}: {problem}")),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// Where a file breaks off from what it should be; the reader's own words might hold what stands there.
fn unreadable(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Data => "is JSON, but not GeoJSON with polygons",
        _ => "is not whole JSON",
    };
    format!("{what} (line {}, column {}); export it again as GeoJSON (RFC 7946), in UTF-8", error.line(), error.column())
}

/// The property that has the codes.
fn property(features: &[FeatureFile], code: Option<&str>) -> Result<String, String> {
    let names = || features.iter().filter_map(|feature| feature.properties.as_ref()).flat_map(Map::keys);
    let found = match code {
        Some(code) => names().find(|name| *name == code),
        None => NAMES.iter().find_map(|usual| names().find(|name| name.to_lowercase() == *usual)),
    };
    found.cloned().ok_or_else(|| match code {
        Some(code) => format!("no feature has the property `{code}` that portal.boundaries.code names"),
        None => format!("no feature has one of the properties {}; name the one with the code in portal.boundaries.code", NAMES.join(", ")),
    })
}

fn of(number: usize, feature: FeatureFile, name: &str, areas: &Classifier) -> Result<Feature, String> {
    let value = feature.properties.as_ref().and_then(|properties| properties.get(name));
    let code = value.and_then(code_of).ok_or_else(|| format!("it has no code in `{name}`; give it one, or leave it out"))?;
    if !areas.areas().any(|(term, _)| term.code == code) {
        return Err(format!(
            "its `{name}` is no municipality of data/classifiers/{}.csv; correct it there or here, or leave the feature out",
            areas.name
        ));
    }
    let no_area = || "it is no Polygon and no MultiPolygon; export areas, not lines or points".to_owned();
    let geometry = feature.geometry.ok_or_else(no_area)?;
    let polygons = match (geometry.kind.as_str(), geometry.coordinates) {
        ("Polygon", Some(Coordinates::Polygon(polygon))) => vec![polygon],
        ("MultiPolygon", Some(Coordinates::Polygons(polygons))) => polygons,
        _ => return Err(no_area()),
    };
    let is_ring = |ring: &Vec<Position>| ring.len() > 3 && ring.first() == ring.last();
    match polygons.iter().all(|rings| !rings.is_empty() && rings.iter().all(is_ring)) {
        true => Ok(Feature { number, code, polygons }),
        false => Err("one of its rings is not closed or has fewer than four positions; export it again".to_owned()),
    }
}

/// A code, as text or as a whole number.
fn code_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => {
            let whole = number.as_i64().or_else(|| number.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64));
            whole.map(|number| number.to_string())
        }
        _ => None,
    }
}

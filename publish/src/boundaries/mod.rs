//! Boundaries of municipalities that an operator gives as GeoJSON, drawn for the map: projected, fitted to its width, simplified together so that neighbours
//! still share their borders. The drawing is part of each release, so that the release can be printed anew without the operator's file.

mod crossing;
mod features;
mod label;
mod outlines;
mod projection;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use catalog::{Catalog, Check, Classifier, Tier};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::crossing::crosses;
use self::features::{Feature, Position};
use self::label::{Placed, placed};
use self::outlines::{Outline, Simplified};
use self::projection::Fitted;
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::paths::BOUNDARIES;

/// A file larger than this is not read.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// What all shapes together may weigh on a page, in bytes.
const BUDGET: usize = 26_000;
/// Problems that one refusal tells.
const TOLD: usize = 5;

/// The boundaries as the map draws them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boundaries {
    /// Units of the drawing, which are pixels where the map has its full width.
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// Whose they are, for readers.
    pub(crate) source: Option<String>,
    /// By code of the classifier.
    pub(crate) shapes: BTreeMap<String, Shape>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shape {
    /// The `d` of an SVG path, to be filled by the even-odd rule.
    pub(crate) path: String,
    /// The middle of the widest place in it, if something can be written there.
    pub(crate) at: Option<(i32, i32)>,
    /// How many other areas are drawn below it.
    pub(crate) inside: usize,
}

impl Boundaries {
    /// Reads a GeoJSON file whose features are the areas of the map: their codes are in the property `code`, or in one of the usual names.
    ///
    /// # Errors
    /// [`Error::Boundaries`] with what is wrong and what to do: the file is missing, too large, no GeoJSON, in another coordinate system; a feature has
    /// an unknown code, is no area, or its boundary crosses itself.
    pub fn load(file: &Path, code: Option<&str>, source: Option<&str>, catalog: &Catalog) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Boundaries { path: file.to_owned(), reason };
        let areas = areas(catalog).ok_or_else(|| wrong("no file of data/pages has a [map] whose areas have boundaries".to_owned()))?;
        let bytes = read(file).map_err(wrong)?;
        let features = features::read(&bytes, code, areas).map_err(|problems| wrong(told(&problems)))?;
        drop(bytes);
        Self::draw(features, source).map_err(|problems| wrong(told(&problems)))
    }

    fn draw(features: Vec<Feature>, source: Option<&str>) -> Result<Self, Vec<String>> {
        let crossing: Vec<String> = features
            .iter()
            .filter(|feature| feature.polygons.iter().any(|polygon| crosses(polygon)))
            .map(|feature| format!("feature {}: its boundary crosses itself; mend it, as with `ogr2ogr -makevalid`", feature.number))
            .collect();
        if !crossing.is_empty() {
            return Err(crossing);
        }
        let fitted = Fitted::of(&features).map_err(|problem| vec![problem])?;
        let mut rings: BTreeMap<String, Vec<Outline>> = BTreeMap::new();
        for feature in features {
            let drawn = feature.polygons.iter().flatten().map(|ring: &Vec<Position>| fitted.outline(ring));
            rings.entry(feature.code).or_default().extend(drawn);
        }
        let simplified = outlines::simplify(&rings, BUDGET);
        let Simplified { shapes, mut paths } = simplified.ok_or_else(|| {
            vec!["its boundaries are too intricate for a page; simplify them, as with `ogr2ogr -simplify 500`".to_owned()]
        })?;
        let shape =
            |(code, Placed { at, inside }): (&String, Placed)| Some((code.clone(), Shape { path: paths.remove(code)?, at, inside }));
        let shapes: BTreeMap<String, Shape> = placed(&shapes).into_iter().filter_map(shape).collect();
        Ok(Self { width: fitted.width, height: fitted.height, source: source.map(str::to_owned), shapes })
    }

    /// Areas of the map that have no boundary here, by code; pages list them below it.
    #[must_use]
    pub fn missing<'a>(&self, catalog: &'a Catalog) -> Vec<&'a str> {
        let all = areas(catalog).into_iter().flat_map(Classifier::areas).map(|(term, _)| term.code.as_str());
        all.filter(|code| !self.shapes.contains_key(*code)).collect()
    }

    /// Tells whether two runs draw the same.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(self.bytes()))
    }

    /// The file of a release.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The boundaries that a release was printed with.
    ///
    /// # Errors
    /// [`Error::LastRelease`] if its file cannot be read.
    pub(crate) fn of_release(last: &LastRelease) -> Result<Option<Self>, Error> {
        let read = |bytes: Vec<u8>| {
            let failed = |error: serde_json::Error| Error::LastRelease { path: BOUNDARIES.into(), reason: error.to_string() };
            serde_json::from_slice(&bytes).map_err(failed)
        };
        last.bytes(Tier::Public, BOUNDARIES)?.map(read).transpose()
    }
}

/// The classifier whose areas the map of the portal shows.
fn areas(catalog: &Catalog) -> Option<&Classifier> {
    let kind = catalog.page_kinds().find(|kind| kind.map.is_some())?;
    let table = catalog.table(&kind.table).ok()?;
    match &table.column(table.key.first()?)?.column.check {
        Some(Check::Classifier(name)) => catalog.classifier(name).ok(),
        _ => None,
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let refused = |error: std::io::Error| format!("cannot be read: {error}; name a GeoJSON file, or leave portal.boundaries out");
    let found = fs::metadata(file).map_err(refused)?;
    if !found.is_file() {
        return Err("is no file; name a GeoJSON file, or leave portal.boundaries out".to_owned());
    }
    if found.len() > MOST_BYTES {
        return Err(format!(
            "has {} MB, more than the {} MB that are read; simplify the boundaries, as with `ogr2ogr -simplify 50`",
            found.len() >> 20,
            MOST_BYTES >> 20
        ));
    }
    fs::read(file).map_err(refused)
}

/// Problems in one line, each once.
fn told(problems: &[String]) -> String {
    let mut seen = BTreeSet::new();
    let once: Vec<&str> = problems.iter().map(String::as_str).filter(|problem| seen.insert(*problem)).collect();
    let more = once.len().saturating_sub(TOLD);
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{rest}", once[..once.len() - more].join("; "))
}

#[cfg(test)]
mod tests;

//! Files as operators give them, with squares for municipalities.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::*;

fn catalog() -> Catalog {
    Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
}

/// A square whose south-western corner lies there.
fn square(x: f64, y: f64, size: f64) -> Value {
    json!([[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]])
}

fn feature(code: &Value, geometry: &str, coordinates: &Value) -> Value {
    json!({"type": "Feature", "properties": {"KODAS": code, "pavadinimas": "Slaptas vardas"}, "geometry": {"type": geometry, "coordinates": coordinates}})
}

fn polygon(code: &str, x: f64, y: f64) -> Value {
    feature(&json!(code), "Polygon", &json!([square(x, y, 1.0)]))
}

fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "name": "savivaldybes", "bbox": [20, 53, 27, 57], "features": features}).to_string()
}

fn load(text: &[u8], code: Option<&str>) -> Result<Boundaries, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ribos.geojson");
    fs::write(&file, text).unwrap();
    let read = Boundaries::load(&file, code, Some("Sugalvota"), &catalog());
    read.map_err(|error| {
        let error = error.to_string();
        assert!(error.contains("ribos.geojson") && error.contains("portal.boundaries") && !error.contains("Slaptas"), "{error}");
        error
    })
}

#[test]
fn squares_in_degrees_and_in_metres_are_drawn_with_north_at_the_top() {
    let text = collection(&[
        polygon("11", 23.0, 54.0),
        polygon("13", 24.0, 54.0),
        feature(&json!(15), "MultiPolygon", &json!([[square(23.0, 55.0, 1.0)]])),
    ]);
    let drawn = load(text.as_bytes(), None).unwrap();
    assert_eq!((drawn.shapes.len(), drawn.height, drawn.source.as_deref()), (3, 736, Some("Sugalvota")));
    assert!((400..440).contains(&drawn.width), "a degree is shorter from west to east: {}", drawn.width);
    let at = |code: &str| drawn.shapes[code].at.unwrap();
    assert!(at("11").0 < at("13").0 && at("15").1 < at("11").1 && at("15").0 == at("11").0, "{drawn:?}");
    assert_eq!(drawn.missing(&catalog()).len(), 57);
    let metres = |code: &str, x: f64, y: f64| feature(&json!(code), "Polygon", &json!([square(x, y, 50_000.0)]));
    let drawn = load(collection(&[metres("11", 400_000.0, 6_000_000.0), metres("13", 450_000.0, 6_000_000.0)]).as_bytes(), None).unwrap();
    assert_eq!((drawn.width, drawn.height), (736, 370));
    assert!(drawn.shapes["11"].path.starts_with('M') && drawn.shapes["11"].inside == 0);
}

#[test]
fn a_city_is_drawn_above_the_district_around_it_also_if_that_has_no_hole() {
    let around = |rings: &Value| {
        collection(&[feature(&json!("13"), "Polygon", &json!([square(24.4, 54.4, 0.2)])), feature(&json!("41"), "Polygon", rings)])
    };
    let inside = |text: &str| ["13", "41"].map(|code| load(text.as_bytes(), None).unwrap().shapes[code].inside);
    assert_eq!(inside(&around(&json!([square(24.0, 54.0, 1.0)]))), [1, 0]);
    assert_eq!(inside(&around(&json!([square(24.0, 54.0, 1.0), square(24.4, 54.4, 0.2)]))), [0, 0]);
}

#[test]
fn features_of_one_code_are_one_area_and_heights_are_passed_over() {
    let high = json!([[[24.0, 54.0, 100], [25.0, 54.0, 100], [25.0, 55.0, 100.5], [24.0, 54.0, 100]]]);
    let drawn = load(collection(&[feature(&json!(" 13 "), "Polygon", &high), polygon("13", 22.0, 54.0)]).as_bytes(), None).unwrap();
    assert_eq!((drawn.shapes.len(), drawn.shapes["13"].path.matches('M').count()), (1, 2));
}

#[test]
fn the_same_boundaries_are_the_same_drawing_and_a_release_gives_it_back() {
    let text = collection(&[polygon("11", 23.0, 54.0), polygon("13", 24.0, 54.0)]);
    let (one, other) = (load(text.as_bytes(), None).unwrap(), load(format!("\u{feff}{text}\n").as_bytes(), Some("KODAS")).unwrap());
    assert_eq!(one.fingerprint(), other.fingerprint());
    let moved = load(collection(&[polygon("11", 23.0, 54.0), polygon("13", 24.5, 54.0)]).as_bytes(), None).unwrap();
    assert_ne!(one.fingerprint(), moved.fingerprint());
    assert_eq!(serde_json::from_slice::<Boundaries>(&one.bytes()).unwrap(), one);
}

#[test]
fn what_is_wrong_is_said_with_the_feature_and_what_to_do() {
    let ring = |coordinates: Value| collection(&[feature(&json!("13"), "Polygon", &coordinates)]);
    let bow = json!([[[24.0, 54.0], [25.0, 55.0], [25.0, 54.0], [24.0, 55.0], [24.0, 54.0]]]);
    let other_system = json!([square(2_670_000.0, 7_300_000.0, 1000.0)]);
    let swapped = json!([square(54.0, 24.0, 1.0)]);
    for (text, expected) in [
        (
            collection(&[polygon("13", 24.0, 54.0), polygon("99", 25.0, 54.0)]),
            "feature 2: its `KODAS` is no municipality of data/classifiers/savivaldybes.csv",
        ),
        (collection(&[polygon("nenurodyta", 25.0, 54.0)]), "is no municipality"),
        (collection(&[feature(&json!(null), "Polygon", &json!([square(24.0, 54.0, 1.0)]))]), "feature 1: it has no code in `KODAS`"),
        (collection(&[feature(&json!("13"), "Point", &json!([24.0, 54.0]))]), "feature 1: it is no Polygon"),
        (collection(&[feature(&json!("13"), "Polygon", &json!([[square(24.0, 54.0, 1.0)]]))]), "feature 1: it is no Polygon"),
        (collection(&[json!({"type": "Feature", "properties": {"kodas": "13"}, "geometry": null})]), "feature 1: it is no Polygon"),
        (ring(json!([[[24.0, 54.0], [25.0, 54.0], [25.0, 55.0], [24.0, 55.0]]])), "feature 1: one of its rings is not closed"),
        (ring(json!([[]])), "one of its rings is not closed"),
        (ring(bow), "feature 1: its boundary crosses itself; mend it"),
        (ring(other_system), "neither in degrees (WGS 84, longitude first) nor in metres (LKS-94"),
        (ring(swapped), "longitude first"),
        (ring(json!([[[24.0, 54.0], "25", [25.0, 55.0], [24.0, 54.0]]])), "is JSON, but not GeoJSON with polygons (line 1, column"),
        (ring(json!([[[24.0, 54.0], [25.0], [25.0, 55.0], [24.0, 54.0]]])), "is JSON, but not GeoJSON with polygons"),
        (collection(&[]), "it has no features"),
        (json!({"type": "Topology", "objects": {}}).to_string(), "its `type` is not FeatureCollection"),
        (json!({"13": "Slaptas"}).to_string(), "is JSON, but not GeoJSON"),
        (collection(&[polygon("13", 24.0, 54.0)])[..60].to_owned(), "is not whole JSON (line 1, column"),
        ("kodas;Slaptas\n".to_owned(), "is not whole JSON (line 1, column"),
        (String::new(), "is not whole JSON"),
        ("[".repeat(100_000), "is"),
    ] {
        let error = load(text.as_bytes(), None).unwrap_err();
        assert!(error.contains(expected), "{error} should say {expected}");
    }
    assert!(load(&[0xff, 0xfe, 0x7b], None).unwrap_err().contains("in UTF-8"));
    let named = load(collection(&[polygon("13", 24.0, 54.0)]).as_bytes(), Some("SAV")).unwrap_err();
    assert!(named.contains("no feature has the property `SAV` that portal.boundaries.code names"), "{named}");
    let unnamed =
        json!({"type": "Feature", "properties": {"ID": 13}, "geometry": {"type": "Polygon", "coordinates": [square(24.0, 54.0, 1.0)]}});
    assert!(load(collection(std::slice::from_ref(&unnamed)).as_bytes(), None).unwrap_err().contains("portal.boundaries.code"));
    load(collection(&[unnamed]).as_bytes(), Some("ID")).unwrap();
    let many: Vec<Value> = (0..9).map(|_| polygon("99", 24.0, 54.0)).collect();
    let error = load(collection(&many).as_bytes(), None).unwrap_err();
    assert!(error.contains("feature 5:") && !error.contains("feature 6:") && error.ends_with("; and 4 more"), "{error}");
}

#[test]
fn a_file_that_is_not_there_or_too_large_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |file: &Path| Boundaries::load(file, None, None, &catalog()).unwrap_err().to_string();
    assert!(refused(&folder.path().join("nera.geojson")).contains("nera.geojson: cannot be read"));
    assert!(refused(folder.path()).contains("is no file"));
    let large = folder.path().join("didelis.geojson");
    fs::File::create(&large).unwrap().set_len(100 << 20).unwrap();
    let error = refused(&large);
    assert!(error.contains("has 100 MB, more than the 64 MB that are read; simplify"), "{error}");
}

#[test]
fn boundaries_of_many_points_keep_the_budget() {
    let areas = catalog();
    let codes: Vec<String> = super::areas(&areas).unwrap().areas().map(|(term, _)| term.code.clone()).collect();
    // A grid of cells with ragged borders that neighbours share.
    let ragged = |step: usize| ((step * 7919) % 101) as f64 / 1000.0;
    let cell = |place: usize| {
        let (column, row) = ((place % 10) as f64, (place / 10) as f64);
        let at = |x: f64, y: f64| json!([21.0 + x * 0.5, 54.0 + y * 0.4]);
        let along = (0..1000).map(|step| step as f64 / 1000.0);
        let south = along.clone().enumerate().map(|(step, part)| at(column + part, row + ragged(step)));
        let north = along.enumerate().map(|(step, part)| at(column + part, row + 1.0 + ragged(step)));
        let mut ring: Vec<Value> =
            south.chain([at(column + 1.0, row), at(column + 1.0, row + 1.0)]).chain(north.collect::<Vec<_>>().into_iter().rev()).collect();
        ring.push(ring[0].clone());
        feature(&json!(codes[place]), "Polygon", &json!([ring]))
    };
    let features: Vec<Value> = (0..codes.len()).map(cell).collect();
    let drawn = load(collection(&features).as_bytes(), None).unwrap();
    let bytes: usize = drawn.shapes.values().map(|shape| shape.path.len()).sum();
    assert!(drawn.shapes.len() == 60 && bytes <= BUDGET && bytes > BUDGET / 20, "{bytes}");
    assert!(drawn.missing(&areas).is_empty() && drawn.shapes.values().all(|shape| shape.at.is_some()));
}

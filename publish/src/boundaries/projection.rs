//! From degrees or metres to the drawing: north is at the top, and a kilometre is as long in every direction.

use super::features::{Feature, Position};
use super::outlines::{FINE, Outline, Point};

/// The longer side of the drawing, as wide as the map is on a screen.
const SIZE: f64 = 736.0;
/// Room for lines at the edge.
const MARGIN: f64 = 2.0;

/// Systems of coordinates: bounds from west to east and from south to north, of Lithuania with what is near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    /// WGS 84, longitude first, as RFC 7946 wants it.
    Degrees,
    /// LKS-94 (EPSG:3346), easting first.
    Metres,
}

impl System {
    fn has(self, [x, y]: Position) -> bool {
        let (across, along) = match self {
            Self::Degrees => (19.0..=29.0, 52.0..=58.0),
            Self::Metres => (200_000.0..=800_000.0, 5_850_000.0..=6_350_000.0),
        };
        across.contains(&x) && along.contains(&y)
    }
}

/// How positions become points of the drawing.
#[derive(Debug)]
pub(super) struct Fitted {
    /// How much shorter a degree of longitude is than one of latitude, in the middle of the map (equirectangular projection).
    across: f64,
    west: f64,
    north: f64,
    scale: f64,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Fitted {
    /// Fits all features into the drawing.
    ///
    /// # Errors
    /// The first feature with a position that no system has, or that everything lies on one line.
    pub(super) fn of(features: &[Feature]) -> Result<Self, String> {
        let all = || features.iter().flat_map(|feature| feature.polygons.iter().flatten().flatten().map(move |at| (feature.number, *at)));
        let system = if all().next().is_some_and(|(_, at)| System::Metres.has(at)) { System::Metres } else { System::Degrees };
        if let Some((number, _)) = all().find(|(_, at)| !system.has(*at)) {
            return Err(format!(
                "feature {number} has a position that is neither in degrees (WGS 84, longitude first) nor in metres (LKS-94, EPSG:3346, easting first) in \
                 Lithuania; export all features in one of them, as with `ogr2ogr -t_srs EPSG:4326`"
            ));
        }
        let bounds = |axis: usize| all().fold((f64::MAX, f64::MIN), |(least, most), (_, at)| (least.min(at[axis]), most.max(at[axis])));
        let ((west, east), (south, north)) = (bounds(0), bounds(1));
        let across = if system == System::Degrees { f64::midpoint(south, north).to_radians().cos() } else { 1.0 };
        let (wide, high) = ((east - west) * across, north - south);
        if wide.min(high) <= 0.0 {
            return Err("all of it lies on one line; export areas".to_owned());
        }
        let scale = (SIZE - 2.0 * MARGIN) / wide.max(high);
        let side = |length: f64| (length * scale + 2.0 * MARGIN).ceil() as i32;
        Ok(Self { across, west, north, scale, width: side(wide), height: side(high) })
    }

    /// A ring in parts of a unit of the drawing ([`FINE`]): what neighbours share stays the same.
    pub(super) fn outline(&self, ring: &[Position]) -> Outline {
        let part = |length: f64| ((length * self.scale + MARGIN) * f64::from(FINE)).round() as i32;
        let point = |[x, y]: &Position| -> Point { (part((x - self.west) * self.across), part(self.north - y)) };
        Outline::new(ring.iter().map(point))
    }
}

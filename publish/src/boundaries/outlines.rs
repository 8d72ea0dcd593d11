//! Outlines in the drawing, simplified all together: a border that two areas share is simplified once, so that they still share it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use simplify_polyline::{Point as Vertex, simplify as simplify_line};

/// A point of the drawing, from the left and from the top.
pub(super) type Point = (i32, i32);

/// Parts of a unit of the drawing in which borders are compared: fine enough that points apart from each other stay apart.
pub(super) const FINE: i32 = 32;
/// How far lines may be moved at first, and by how much more each time that they are still too long, in units of the drawing.
const FIRST: f64 = 0.75;
const MORE: f64 = 1.4;
/// How often that is tried.
const TRIES: usize = 16;
/// An island or a hole smaller than this is not seen.
const LEAST_AREA: f64 = 4.0;

/// A closed line; its first point does not come again as the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outline(pub(super) Vec<Point>);

impl Outline {
    /// Without points that come twice in a row, and without ways to a point and back.
    pub(super) fn new(points: impl Iterator<Item = Point>) -> Self {
        let mut kept: Vec<Point> = Vec::new();
        for point in points {
            if kept.len() > 1 && kept[kept.len() - 2] == point {
                kept.pop();
            } else if kept.last() != Some(&point) {
                kept.push(point);
            }
        }
        loop {
            match kept.as_slice() {
                [first, .., last] if first == last => drop(kept.pop()),
                [first, .., before, _] if first == before => kept.truncate(kept.len() - 2),
                [_, second, .., last] if second == last && kept.len() > 2 => drop(kept.remove(0)),
                _ => return Self(kept),
            }
        }
    }

    /// In whole units of the drawing.
    fn in_units(&self) -> Self {
        let unit = |part: i32| (part + FINE / 2).div_euclid(FINE);
        Self::new(self.0.iter().map(|(x, y)| (unit(*x), unit(*y))))
    }

    /// Whether it surrounds anything.
    fn is_area(&self) -> bool {
        self.0.len() > 2 && self.double_area() > 0
    }

    /// Twice what it surrounds.
    pub(super) fn double_area(&self) -> i64 {
        let next = self.0.iter().cycle().skip(1);
        let sum: i64 =
            self.0.iter().zip(next).map(|(one, other)| i64::from(one.0) * i64::from(other.1) - i64::from(one.1) * i64::from(other.0)).sum();
        sum.abs()
    }
}

/// Outlines that are short enough, in whole units, and the paths that draw them.
pub(super) struct Simplified {
    pub(super) shapes: BTreeMap<String, Vec<Outline>>,
    pub(super) paths: BTreeMap<String, String>,
}

/// Simplifies outlines, which are in parts of a unit ([`FINE`]), until all paths together have at most `budget` bytes; an area of which nothing is left in
/// the drawing is left out.
///
/// `None` if there is too much of them however they are simplified.
pub(super) fn simplify(shapes: &BTreeMap<String, Vec<Outline>>, budget: usize) -> Option<Simplified> {
    let junctions = Junctions::of(shapes.values().flatten());
    let mut tolerance = FIRST;
    for _ in 0..TRIES {
        let within = |(code, outlines): (&String, &Vec<Outline>)| (code.clone(), junctions.within(outlines, tolerance));
        let mut shapes: BTreeMap<String, Vec<Outline>> = shapes.iter().map(within).collect();
        shapes.retain(|_, outlines| !outlines.is_empty());
        let paths: BTreeMap<String, String> = shapes.iter().map(|(code, outlines)| (code.clone(), path(outlines))).collect();
        if paths.values().map(String::len).sum::<usize>() <= budget {
            return Some(Simplified { shapes, paths });
        }
        tolerance *= MORE;
    }
    None
}

/// How many neighbours each point has, and up to two of them: borders begin and end where there are others than two.
struct Junctions(HashMap<Point, (u8, [Point; 2])>);

impl Junctions {
    fn of<'a>(outlines: impl Iterator<Item = &'a Outline>) -> Self {
        let mut points: HashMap<Point, (u8, [Point; 2])> = HashMap::new();
        let mut meet = |one: Point, other: Point| {
            let (count, known) = points.entry(one).or_insert((0, [one; 2]));
            if !known[..usize::from(*count).min(2)].contains(&other) {
                if let Some(place) = known.get_mut(usize::from(*count)) {
                    *place = other;
                }
                *count = count.saturating_add(1);
            }
        };
        for Outline(ring) in outlines {
            for (one, other) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                meet(*one, *other);
                meet(*other, *one);
            }
        }
        Self(points)
    }

    fn has(&self, point: &Point) -> bool {
        self.0.get(point).is_none_or(|(neighbours, _)| *neighbours != 2)
    }

    /// Outlines of an area in whole units, none of whose points is moved further than `tolerance` and half a unit: without islands and holes that are too small to
    /// be seen or smaller than its square, but always with the largest.
    fn within(&self, outlines: &[Outline], tolerance: f64) -> Vec<Outline> {
        let least = 2.0 * (tolerance * tolerance).max(LEAST_AREA) * f64::from(FINE) * f64::from(FINE);
        let largest = outlines.iter().map(Outline::double_area).max().unwrap_or_default();
        let kept = outlines.iter().filter(|outline| outline.double_area() >= largest.min(least as i64));
        kept.map(|outline| self.simplified(outline, tolerance)).filter(Outline::is_area).collect()
    }

    /// The outline with each of its borders simplified, in whole units; only the latter where nothing would be left.
    fn simplified(&self, outline: &Outline, tolerance: f64) -> Outline {
        let mut points = outline.0.clone();
        let ends = if points.iter().any(|point| self.has(point)) { None } else { ends(&points) };
        let is_cut = |point: &Point| ends.map_or_else(|| self.has(point), |ends| ends.contains(point));
        let Some(start) = points.iter().position(is_cut) else { return outline.in_units() };
        points.rotate_left(start);
        points.push(points[0]);
        let (mut simple, mut begin) = (Vec::new(), 0);
        for at in 1..points.len() {
            if at + 1 == points.len() || is_cut(&points[at]) {
                let border = border(&points[begin..=at], tolerance * f64::from(FINE));
                simple.extend_from_slice(&border[..border.len() - 1]);
                begin = at;
            }
        }
        let simple = Outline::new(simple.into_iter()).in_units();
        if simple.is_area() { simple } else { outline.in_units() }
    }
}

/// Where an outline that meets no other is cut: at its first point from the left and at the one farthest from that, the same whoever has it.
fn ends(points: &[Point]) -> Option<[Point; 2]> {
    let first = points.iter().min().copied()?;
    let distance = |point: &Point| (i64::from(point.0) - i64::from(first.0)).pow(2) + (i64::from(point.1) - i64::from(first.1)).pow(2);
    let farthest = points.iter().max_by_key(|point| (distance(point), **point)).copied()?;
    Some([first, farthest])
}

/// A border simplified in the direction that both of its sides agree on.
fn border(points: &[Point], tolerance: f64) -> Vec<Point> {
    let is_backwards = points.iter().rev().lt(points.iter());
    let vertex = |point: &Point| Vertex { vec: [f64::from(point.0), f64::from(point.1)] };
    let mut line: Vec<Vertex<2, f64>> = points.iter().map(vertex).collect();
    if is_backwards {
        line.reverse();
    }
    let mut simple: Vec<Point> = simplify_line(&line, tolerance, true).iter().map(|at| (at.vec[0] as i32, at.vec[1] as i32)).collect();
    if is_backwards {
        simple.reverse();
    }
    simple
}

/// The `d` of an SVG path: after its first point, how far each lies from the one before.
fn path(outlines: &[Outline]) -> String {
    let mut out = String::new();
    for Outline(points) in outlines {
        let Some(first) = points.first() else { continue };
        let _ = write!(out, "M{} {}l", first.0, first.1);
        let steps = points.windows(2).flat_map(|pair| [pair[1].0 - pair[0].0, pair[1].1 - pair[0].1]);
        for (place, step) in steps.enumerate() {
            // A sign parts numbers as a space does.
            out.push_str(if place == 0 || step < 0 { "" } else { " " });
            let _ = write!(out, "{step}");
        }
        out.push('z');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_a_point_and_back_are_no_part_of_an_outline() {
        let outline = |points: &[Point]| Outline::new(points.iter().copied()).0;
        assert_eq!(outline(&[(0, 0), (4, 0), (4, 4), (9, 9), (4, 4), (0, 4), (0, 4), (0, 0)]), [(0, 0), (4, 0), (4, 4), (0, 4)]);
        assert_eq!(outline(&[(9, 9), (0, 0), (4, 0), (4, 4), (0, 0), (9, 9)]), [(0, 0), (4, 0), (4, 4)]);
        assert!(outline(&[(0, 0), (4, 0), (0, 0)]).len() < 3);
    }

    fn fine(points: impl Iterator<Item = Point>) -> Outline {
        Outline::new(points.map(|(x, y)| (x * FINE, y * FINE)))
    }

    fn sorted(outline: &Outline) -> Vec<Point> {
        let mut points = outline.0.clone();
        points.sort_unstable();
        points
    }

    #[test]
    fn neighbours_still_share_a_border_that_was_simplified() {
        // Two areas beside each other; their border is jagged, and each has it in its own direction. Many of its points are equally far from any line.
        let jagged: Vec<Point> = (0..=100).map(|y| (50 + [0, 5][y as usize % 2], y)).collect();
        let left = [(0, 100), (0, 0)].into_iter().chain(jagged.iter().copied());
        let right = [(100, 0), (100, 100)].into_iter().chain(jagged.iter().rev().copied());
        let shapes = BTreeMap::from([("1".to_owned(), vec![fine(left)]), ("2".to_owned(), vec![fine(right)])]);
        let mut lengths = Vec::new();
        for budget in (60..900).step_by(20) {
            let Some(Simplified { shapes: simple, paths }) = simplify(&shapes, budget) else { continue };
            let border = |code: &str| sorted(&simple[code][0]).into_iter().filter(|point| (1..100).contains(&point.0)).collect::<Vec<_>>();
            assert_eq!(border("1"), border("2"));
            assert!(paths.values().map(String::len).sum::<usize>() <= budget);
            let double: i64 = simple.values().flatten().map(Outline::double_area).sum();
            assert_eq!(double, 20_000, "nothing between them, nothing twice");
            lengths.push(border("1").len());
        }
        lengths.dedup();
        assert!(lengths.len() > 2 && lengths.is_sorted(), "{lengths:?}");
    }

    #[test]
    fn an_area_within_another_fills_the_hole_of_that_exactly() {
        let on_circle = |place: i32| {
            let angle = f64::from(place % 90 * 4).to_radians();
            ((1600.0 + 960.0 * angle.cos()) as i32, (1600.0 + 960.0 * angle.sin()) as i32)
        };
        let city = Outline::new((0..90).map(on_circle));
        let hole = Outline::new((17..107).rev().map(on_circle));
        let square = fine([(0, 0), (100, 0), (100, 100), (0, 100)].into_iter());
        let shapes = BTreeMap::from([("city".to_owned(), vec![city]), ("district".to_owned(), vec![square, hole])]);
        let simple = simplify(&shapes, 150).unwrap().shapes;
        assert_eq!(sorted(&simple["city"][0]), sorted(&simple["district"][1]));
        assert!((4..40).contains(&simple["city"][0].0.len()), "{simple:?}");
    }

    #[test]
    fn what_is_too_small_to_be_seen_goes_and_what_cannot_be_short_is_said() {
        let square =
            |from: i32, size: i32| fine([(from, from), (from + size, from), (from + size, from + size), (from, from + size)].into_iter());
        let shapes = BTreeMap::from([
            ("1".to_owned(), vec![square(0, 90), square(200, 1)]),
            ("2".to_owned(), vec![square(300, 0)]),
            ("3".to_owned(), vec![square(310, 1)]),
        ]);
        let simple = simplify(&shapes, 1000).unwrap();
        let paths = ["M0 0l90 0 0 90-90 0z", "M310 310l1 0 0 1-1 0z"].map(str::to_owned);
        assert_eq!(simple.paths.into_values().collect::<Vec<_>>(), paths);
        assert!(simplify(&shapes, 10).is_none());
    }
}

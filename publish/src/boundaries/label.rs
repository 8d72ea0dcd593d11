//! Where in an area something is written, and which areas are drawn above others.

use std::collections::BTreeMap;

use super::outlines::{Outline, Point};

/// How far from the boundary two short lines of text begin, in units of the drawing.
const ROOM: f64 = 17.0;
/// Points that are tried in each direction.
const STEPS: i32 = 32;
/// How much room is given up for each unit that a point is nearer to the middle.
const OFF_MIDDLE: f64 = 0.15;

/// Where something is written on an area, and how many others it lies in that have no hole for it.
pub(super) struct Placed {
    pub(super) at: Option<Point>,
    pub(super) inside: usize,
}

/// All areas, by code.
pub(super) fn placed(shapes: &BTreeMap<String, Vec<Outline>>) -> BTreeMap<&String, Placed> {
    let size = |outlines: &[Outline]| outlines.iter().map(Outline::double_area).sum::<i64>();
    let known: Vec<(&String, &Vec<Outline>, i64, Option<Point>)> =
        shapes.iter().map(|(code, outlines)| (code, outlines, size(outlines), roomiest(outlines).map(|(at, _)| at))).collect();
    let place = |(code, outlines, size, within): (_, &Vec<Outline>, _, Option<Point>)| {
        let inside = known.iter().filter(|(_, other, larger, _)| *larger > size && within.is_some_and(|at| is_within(at, other))).count();
        let above = known.iter().filter(|(_, _, smaller, at)| *smaller < size && at.is_some_and(|at| is_within(at, outlines)));
        let seen: Vec<Outline> = outlines.iter().chain(above.flat_map(|(_, other, _, _)| other.iter())).cloned().collect();
        let at = roomiest(&seen).and_then(|(at, has_room)| has_room.then_some(at));
        (code, Placed { at, inside })
    };
    known.iter().copied().map(place).collect()
}

/// The point within the outlines that is farthest from them, of those that are tried, and whether there is room for text around it. Where an area is long, the
/// point stands near its middle.
fn roomiest(outlines: &[Outline]) -> Option<(Point, bool)> {
    let all = || outlines.iter().flat_map(|outline| &outline.0);
    let bounds = |axis: fn(&Point) -> i32| Some((all().map(axis).min()?, all().map(axis).max()?));
    let ((left, right), (top, bottom)) = (bounds(|point| point.0)?, bounds(|point| point.1)?);
    let places = |from: i32, to: i32| (from..=to).step_by(((to - from) / STEPS).max(1) as usize);
    let from_middle = |(x, y): Point| f64::from(2 * x - left - right).hypot(f64::from(2 * y - top - bottom)) / 2.0;
    let mut best: Option<(Point, f64, f64)> = None;
    for at in places(top, bottom).flat_map(|y| places(left, right).map(move |x| (x, y))) {
        let far = distance(at, outlines);
        let worth = far - OFF_MIDDLE * from_middle(at);
        if best.is_none_or(|(_, _, most)| worth > most) && is_within(at, outlines) {
            best = Some((at, far, worth));
        }
    }
    best.map(|(at, far, _)| (at, far >= ROOM))
}

/// Whether a point lies within outlines, by the even-odd rule.
fn is_within(at: Point, outlines: &[Outline]) -> bool {
    let (x, y) = (f64::from(at.0), f64::from(at.1));
    let passes = |((x1, y1), (x2, y2)): ((f64, f64), (f64, f64))| (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1;
    outlines.iter().flat_map(edges).filter(|edge| passes(*edge)).count() % 2 == 1
}

/// How far a point lies from the nearest edge.
fn distance(at: Point, outlines: &[Outline]) -> f64 {
    let (x, y) = (f64::from(at.0), f64::from(at.1));
    let to_edge = |((x1, y1), (x2, y2)): ((f64, f64), (f64, f64))| {
        let (wide, high) = (x2 - x1, y2 - y1);
        let along = (((x - x1) * wide + (y - y1) * high) / (wide * wide + high * high)).clamp(0.0, 1.0);
        (x - x1 - along * wide).hypot(y - y1 - along * high)
    };
    outlines.iter().flat_map(edges).map(to_edge).fold(f64::MAX, f64::min)
}

fn edges(outline: &Outline) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    let point = |point: &Point| (f64::from(point.0), f64::from(point.1));
    outline.0.iter().zip(outline.0.iter().cycle().skip(1)).map(move |(one, other)| (point(one), point(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(from: Point, size: i32) -> Outline {
        Outline::new([(from.0, from.1), (from.0 + size, from.1), (from.0 + size, from.1 + size), (from.0, from.1 + size)].into_iter())
    }

    #[test]
    fn text_stands_in_the_widest_place_and_in_no_hole() {
        assert_eq!(roomiest(&[square((0, 0), 64)]), Some(((32, 32), true)));
        let ((x, y), has_room) = roomiest(&[square((0, 0), 100), square((10, 10), 50)]).unwrap();
        assert!(has_room && (x > 70 || y > 70), "{x} {y}");
        assert_eq!(roomiest(&[square((0, 0), 20)]).map(|(_, has_room)| has_room), Some(false));
        assert_eq!(roomiest(&[]), None);
        let long = Outline::new([(0, 0), (300, 0), (300, 60), (0, 60)].into_iter());
        let ((x, y), _) = roomiest(&[long]).unwrap();
        assert!((145..155).contains(&x) && (28..33).contains(&y), "in its middle: {x} {y}");
    }

    #[test]
    fn a_city_in_a_district_without_a_hole_is_drawn_above_it_and_leaves_its_text_alone() {
        let (city, district) = (vec![square((20, 20), 60)], square((0, 0), 140));
        let of = |district: Vec<Outline>| {
            let shapes = BTreeMap::from([("13".to_owned(), city.clone()), ("41".to_owned(), district)]);
            placed(&shapes).into_values().map(|placed| (placed.inside, placed.at.unwrap())).collect::<Vec<_>>()
        };
        let with_hole = of(vec![district.clone(), city[0].clone()]);
        let without = of(vec![district]);
        assert_eq!((without[0].0, without[1].0, with_hole[0].0, with_hole[1].0), (1, 0, 0, 0));
        assert_eq!((without[0].1, without[1].1), (with_hole[0].1, with_hole[1].1));
        assert!(without[1].1.0 > 90 || without[1].1.1 > 90);
    }

    #[test]
    fn a_hole_is_not_within() {
        let ring = [square((0, 0), 100), square((10, 10), 50)];
        assert!(is_within((5, 5), &ring) && !is_within((30, 30), &ring) && !is_within((120, 30), &ring));
    }
}

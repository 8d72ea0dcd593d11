//! Whether the boundary of a polygon crosses itself.

use robust::{Coord, orient2d};

use super::features::Position;

/// Whether any two edges of a polygon's rings cross; edges that only touch do not.
///
/// Edges are compared with those that begin before they end, from west to east: of a boundary of many short edges these are few.
pub(super) fn crosses(rings: &[Vec<Position>]) -> bool {
    let pairs = rings.iter().flat_map(|ring| ring.windows(2));
    let mut edges: Vec<(Position, Position)> =
        pairs.map(|pair| if pair[0][0] <= pair[1][0] { (pair[0], pair[1]) } else { (pair[1], pair[0]) }).collect();
    edges.sort_by(|one, other| one.0[0].total_cmp(&other.0[0]));
    edges.iter().enumerate().any(|(place, one)| {
        let beside = edges[place + 1..].iter().take_while(|other| other.0[0] <= one.1[0]);
        beside.into_iter().any(|other| are_level(*one, *other) && cross(*one, *other))
    })
}

/// Whether two edges are at the same height somewhere.
fn are_level(one: (Position, Position), other: (Position, Position)) -> bool {
    let (top, bottom) = (one.0[1].max(one.1[1]), one.0[1].min(one.1[1]));
    other.0[1].min(other.1[1]) <= top && other.0[1].max(other.1[1]) >= bottom
}

/// Whether each edge has the ends of the other strictly on its two sides.
fn cross(one: (Position, Position), other: (Position, Position)) -> bool {
    let side = |(from, to): (Position, Position), of: Position| {
        let [from, to, of] = [from, to, of].map(|[x, y]| Coord { x, y });
        orient2d(from, to, of)
    };
    side(one, other.0) * side(one, other.1) < 0.0 && side(other, one.0) * side(other, one.1) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_that_touches_itself_is_sound_and_one_that_crosses_itself_is_not() {
        let square = vec![[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]];
        let hole = |from: f64| vec![[from, 1.0], [from + 2.0, 1.0], [from + 2.0, 2.0], [from, 2.0], [from, 1.0]];
        assert!(!crosses(&[square.clone(), hole(1.0)]) && !crosses(&[square.clone(), hole(2.0)]), "a hole may touch what is around it");
        assert!(crosses(&[square, hole(3.0)]), "but not reach beyond it");
        let bow = [[0.0, 0.0], [4.0, 4.0], [4.0, 0.0], [0.0, 4.0], [0.0, 0.0]];
        assert!(crosses(&[bow.to_vec()]));
        let pinched = [[0.0, 0.0], [2.0, 2.0], [4.0, 0.0], [4.0, 4.0], [2.0, 2.0], [0.0, 4.0], [0.0, 0.0]];
        assert!(!crosses(&[pinched.to_vec()]), "two parts that meet in a point");
    }

    #[test]
    fn long_boundaries_take_no_long_time() {
        let round = |place: usize| {
            let angle = place as f64 * std::f64::consts::TAU / 200_000.0;
            [angle.cos(), angle.sin()]
        };
        let mut ring: Vec<Position> = (0..200_000).map(round).collect();
        ring.push(ring[0]);
        assert!(!crosses(&[ring.clone()]));
        ring[100_000] = [0.5, -1.5];
        assert!(crosses(&[ring]));
    }
}

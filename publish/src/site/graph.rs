//! Who holds what, drawn in layers: what is looked at stands at the bottom, whoever holds it above. An SVG without a style of its own; the list
//! beside it says the same in words.
//!
//! Layers are the longest ways from the bottom. Holdings that lead back down, as in a circle, are dashed. Where a line passes a layer, an invisible
//! node keeps room for it, and the crate `rust-sugiyama` places all of them so that few lines cross (Sugiyama, Tagawa and Toda 1981).

use std::fmt::Write;

use rust_sugiyama::configure::Config;
use rust_sugiyama::from_vertices_and_edges;

use super::text::push_escaped;
use crate::language::in_each;

/// More nodes than this nobody takes in at a glance.
const NODES: usize = 40;

const NODE_WIDTH: f64 = 190.0;
const NODE_HEIGHT: f64 = 48.0;
/// From one layer to the next.
const LAYER: f64 = 120.0;
const GAP: f64 = 24.0;
const MARGIN: f64 = 8.0;
/// Room at the right side for lines that lead back down, and for what is written on them.
const SWING: f64 = 70.0;

/// Letters in a line of a node.
const LETTERS: usize = 23;

/// Who holds or is held.
pub(super) struct Node {
    pub(super) label: String,
    /// Its page.
    pub(super) href: Option<String>,
    pub(super) class: &'static str,
}

/// Who holds how much of whom, by the places of the nodes.
pub(super) struct Edge {
    pub(super) held: usize,
    pub(super) holder: usize,
    pub(super) share: String,
    pub(super) is_majority: bool,
}

/// What is drawn; the first node is what the others stand above.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// A line from who is held up to who holds: the points that it passes.
struct Line {
    points: Vec<usize>,
    /// Whether it leads back down.
    is_back: bool,
}

impl Graph {
    /// The drawing, named `title`; nothing if there is too much to draw, or if it could not be laid out.
    pub(super) fn draw(&self, title: &str) -> Option<String> {
        if self.nodes.len() > NODES {
            return None;
        }
        let backs = self.back_edges();
        let layers = self.layers(&backs);
        let (lines, layers) = self.lines(&backs, layers);
        let Some((places, width)) = place(&lines, &layers) else {
            tracing::warn!(nodes = self.nodes.len(), "a graph of owners could not be laid out; its page has the list alone");
            return None;
        };
        let top = layers.iter().copied().max().unwrap_or_default();
        let at = |point: usize| (places[point] + MARGIN, (top - layers[point]) as f64 * LAYER + MARGIN + NODE_HEIGHT / 2.0);
        let swing = if backs.iter().any(|back| *back) { SWING } else { 0.0 };
        let right = width + MARGIN;
        let (width, height) = (right + MARGIN + swing, top as f64 * LAYER + NODE_HEIGHT + 2.0 * MARGIN);
        let mut out = String::with_capacity(8 * 1024);
        let _ = write!(
            out,
            "<svg class=\"graph\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"group\" aria-label=\""
        );
        push_escaped(title, &mut out);
        out.push_str("\">\n");
        for (edge, line) in self.edges.iter().zip(&lines) {
            push_line(edge, line, (&at, right), &mut out);
        }
        for (place, node) in self.nodes.iter().enumerate() {
            push_node(node, at(place), &mut out);
        }
        out.push_str("</svg>\n");
        Some(out)
    }

    /// Edges that lead back to where a way has been.
    fn back_edges(&self) -> Vec<bool> {
        let mut backs = vec![false; self.edges.len()];
        let (mut on_way, mut done) = (vec![false; self.nodes.len()], vec![false; self.nodes.len()]);
        for root in 0..self.nodes.len() {
            self.find_back_edges(root, &mut on_way, &mut done, &mut backs);
        }
        backs
    }

    fn find_back_edges(&self, node: usize, on_way: &mut [bool], done: &mut [bool], backs: &mut [bool]) {
        if done[node] {
            return;
        }
        on_way[node] = true;
        for (place, edge) in self.edges.iter().enumerate().filter(|(_, edge)| edge.held == node) {
            match on_way[edge.holder] {
                true => backs[place] = true,
                false => self.find_back_edges(edge.holder, on_way, done, backs),
            }
        }
        on_way[node] = false;
        done[node] = true;
    }

    /// The longest way from the bottom to each node.
    fn layers(&self, backs: &[bool]) -> Vec<usize> {
        let mut layers = vec![0; self.nodes.len()];
        // Without the edges that lead back no way is longer than there are nodes.
        for _ in 0..self.nodes.len() {
            for (edge, _) in self.edges.iter().zip(backs).filter(|(_, is_back)| !**is_back) {
                layers[edge.holder] = layers[edge.holder].max(layers[edge.held] + 1);
            }
        }
        layers
    }

    /// The line of each edge, and the layers of all points: the nodes first, then those where lines pass a layer.
    fn lines(&self, backs: &[bool], mut layers: Vec<usize>) -> (Vec<Line>, Vec<usize>) {
        let mut lines = Vec::with_capacity(self.edges.len());
        for (edge, &is_back) in self.edges.iter().zip(backs) {
            let mut points = vec![edge.held];
            if !is_back {
                for layer in layers[edge.held] + 1..layers[edge.holder] {
                    points.push(layers.len());
                    layers.push(layer);
                }
            }
            points.push(edge.holder);
            lines.push(Line { points, is_back });
        }
        (lines, layers)
    }
}

/// How far from the left the middle of each point is, and how wide all of them are together.
fn place(lines: &[Line], layers: &[usize]) -> Option<(Vec<f64>, f64)> {
    let is_node = |point: usize| !lines.iter().any(|line| line.points[1..line.points.len() - 1].contains(&point));
    let width = |point: usize| if is_node(point) { NODE_WIDTH } else { GAP };
    let vertices: Vec<(u32, (f64, f64))> =
        (0..layers.len()).map(|point| Some((u32::try_from(point).ok()?, (width(point), NODE_HEIGHT)))).collect::<Option<_>>()?;
    let upright = lines.iter().filter(|line| !line.is_back);
    let steps = upright.flat_map(|line| line.points.windows(2).map(|pair| (pair[1], pair[0])));
    let edges: Vec<(u32, u32)> =
        steps.map(|(above, below)| Some((u32::try_from(above).ok()?, u32::try_from(below).ok()?))).collect::<Option<_>>()?;
    let config = Config { vertex_spacing: GAP, dummy_vertices: false, ..Config::default() };
    let mut places = vec![None; layers.len()];
    let mut right = 0.0;
    // Parts that hang together by lines that lead back alone stand side by side.
    for (part, ..) in from_vertices_and_edges(&vertices, &edges, &config) {
        let left = part.iter().map(|(point, (x, _))| x - width(*point) / 2.0).reduce(f64::min)?;
        let start = if right > 0.0 { right + GAP } else { 0.0 };
        for (point, (x, _)) in part {
            let middle = start + x - left;
            *places.get_mut(point)? = Some(middle);
            right = f64::max(right, middle + width(point) / 2.0);
        }
    }
    Some((places.into_iter().collect::<Option<_>>()?, right))
}

/// `places` are the middle of each point, and where the last node ends.
fn push_line(edge: &Edge, line: &Line, places: (&dyn Fn(usize) -> (f64, f64), f64), out: &mut String) {
    let (at, right) = places;
    let class = match (line.is_back, edge.is_majority) {
        (true, _) => " class=\"back\"",
        (false, true) => " class=\"majority\"",
        (false, false) => "",
    };
    let half = NODE_HEIGHT / 2.0;
    let (x, y) = at(edge.held);
    let (end_x, end_y) = at(edge.holder);
    let label = if line.is_back {
        // From the right side of the one, around everything else, to the right side of the other.
        let (from, to) = (x + NODE_WIDTH / 2.0, end_x + NODE_WIDTH / 2.0);
        let around = right + SWING / 3.0;
        // A curve reaches three quarters of the way to where it is drawn to.
        let drawn_to = |side: f64| side + (around - side) / 0.75;
        let (first, second) = (drawn_to(from), drawn_to(to));
        // Where an entity holds a part of itself, the line leaves above and comes back below.
        let (y, end_y) = if edge.held == edge.holder { (y - half / 2.0, end_y + half / 2.0) } else { (y, end_y) };
        let _ = writeln!(out, "<path{class} d=\"M{from:.0} {y:.0}C{first:.0} {y:.0} {second:.0} {end_y:.0} {to:.0} {end_y:.0}\"/>");
        (around, (y + end_y) / 2.0 + 5.0)
    } else {
        let _ = write!(out, "<path{class} d=\"M{x:.0} {:.0}", y - half);
        let mut before = (x, y - half);
        for &point in &line.points[1..] {
            let (x, y) = at(point);
            let y = if point == edge.holder { y + half } else { y };
            let bend = (before.1 + y) / 2.0;
            let _ = write!(out, "C{:.0} {bend:.0} {x:.0} {bend:.0} {x:.0} {y:.0}", before.0);
            before = (x, y);
        }
        out.push_str("\"/>\n");
        (end_x, end_y + half + 18.0)
    };
    let _ = write!(out, "<text class=\"part\" x=\"{:.0}\" y=\"{:.0}\">", label.0, label.1);
    push_escaped(&edge.share, out);
    out.push_str("</text>\n");
}

fn push_node(node: &Node, (x, y): (f64, f64), out: &mut String) {
    if let Some(href) = &node.href {
        out.push_str("<a href=\"");
        push_escaped(href, out);
        out.push_str("\">");
    }
    let (left, top) = (x - NODE_WIDTH / 2.0, y - NODE_HEIGHT / 2.0);
    let _ = write!(out, "<g class=\"node {}\"><title>", node.class);
    push_escaped(&node.label, out);
    let _ = write!(out, "</title><rect x=\"{left:.0}\" y=\"{top:.0}\" width=\"{NODE_WIDTH}\" height=\"{NODE_HEIGHT}\" rx=\"6\"/>");
    // Each language has lines of its own.
    out.push_str(&in_each(&node.label, |label| label_lines(label, (x, y))));
    out.push_str(if node.href.is_some() { "</g></a>\n" } else { "</g>\n" });
}

/// A label in one language, around the middle of its node.
fn label_lines(label: &str, (x, y): (f64, f64)) -> String {
    let mut out = String::new();
    let lines = two_lines(label);
    let first = if lines.len() == 1 { y + 5.0 } else { y - 4.0 };
    for (place, line) in lines.iter().enumerate() {
        let _ = write!(out, "<text x=\"{x:.0}\" y=\"{:.0}\">", first + 18.0 * place as f64);
        push_escaped(line, &mut out);
        out.push_str("</text>");
    }
    out
}

/// A name in one or two lines, cut if it does not fit.
fn two_lines(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let is_cut = lines.len() > 2;
    lines.truncate(2);
    if is_cut && let Some(last) = lines.last_mut() {
        last.push('…');
    }
    for line in &mut lines {
        if line.chars().count() > LETTERS {
            *line = line.chars().take(LETTERS - 1).chain(['…']).collect();
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, both, in_language};

    fn graph(names: &[&str], edges: &[(usize, usize)]) -> Graph {
        let node = |name: &&str| Node { label: (*name).to_owned(), href: None, class: "owner" };
        let edge = |&(held, holder): &(usize, usize)| Edge { held, holder, share: format!("{held}-{holder}"), is_majority: false };
        Graph { nodes: names.iter().map(node).collect(), edges: edges.iter().map(edge).collect() }
    }

    /// The left upper corner of each node.
    fn corners(svg: &str) -> Vec<(f64, f64)> {
        let number = |text: &str, name: &str| text.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        svg.split("<rect ").skip(1).map(|rect| (number(rect, "x"), number(rect, "y"))).collect()
    }

    #[test]
    fn holders_stand_above_what_they_hold_and_no_two_nodes_touch() {
        // 0 is held by 1, 2 and 3; 1 by 2; 2 by 4 and 5; so 2 stands above 1, and its line to 0 passes a layer.
        let edges = [(0, 1), (0, 2), (0, 3), (1, 2), (2, 4), (2, 5)];
        let svg = graph(&["a", "b", "c", "d", "e", "f"], &edges).draw("Kas ką valdo").unwrap();
        let corners = corners(&svg);
        assert_eq!(corners.len(), 6);
        for (held, holder) in edges {
            assert!(corners[holder].1 < corners[held].1, "{holder} over {held}: {corners:?}");
        }
        for (place, one) in corners.iter().enumerate() {
            for other in &corners[place + 1..] {
                assert!((one.0 - other.0).abs() >= NODE_WIDTH || (one.1 - other.1).abs() >= NODE_HEIGHT, "{corners:?}");
            }
        }
        assert!(edges.iter().all(|(held, holder)| svg.contains(&format!(">{held}-{holder}</text>"))) && !svg.contains("class=\"back\""));
        assert_eq!(svg, graph(&["a", "b", "c", "d", "e", "f"], &edges).draw("Kas ką valdo").unwrap(), "the same every time");
    }

    #[test]
    fn a_circle_is_dashed_and_everything_is_inside_the_picture() {
        for edges in [&[(0, 1), (1, 2), (2, 0), (1, 3)][..], &[(0, 0), (0, 1), (1, 2), (0, 3)], &[(0, 1), (1, 2), (2, 1), (0, 3)]] {
            let svg = graph(&["a", "b", "c", "d"], edges).draw("x").unwrap();
            assert_eq!(svg.matches("class=\"back\"").count(), 1);
            let size: Vec<f64> = svg
                .split("viewBox=\"0 0 ")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .split(' ')
                .map(|size| size.parse().unwrap())
                .collect();
            for (x, y) in corners(&svg) {
                assert!(x >= 0.0 && y >= 0.0 && x + NODE_WIDTH <= size[0] && y + NODE_HEIGHT <= size[1], "{svg}");
            }
        }
    }

    #[test]
    fn a_label_has_its_own_lines_in_each_language() {
        let label = both("Labai daug kitų savininkų", "Many owners");
        let svg = graph(&["a", &label], &[(0, 1)]).draw("x").unwrap();
        let [lithuanian, english] = [Language::Lithuanian, Language::English].map(|language| in_language(&svg, language).into_owned());
        assert!(lithuanian.contains(">Labai daug kitų</text>") && lithuanian.contains(">savininkų</text>"), "{lithuanian}");
        assert!(english.contains(">Many owners</text>") && english.matches("<text x=").count() == 2, "{english}");
        assert_eq!(english, graph(&["a", "Many owners"], &[(0, 1)]).draw("x").unwrap());
    }

    #[test]
    fn names_are_cut_and_escaped_and_too_many_nodes_are_not_drawn() {
        let long = "<script>".repeat(300);
        let svg = graph(&["a", &long], &[(0, 1)]).draw("\"><b>").unwrap();
        assert!(!svg.contains("<script>") && !svg.contains("<b>"));
        assert_eq!(two_lines("UAB Gana ilgas pavadinimas kuris netelpa niekaip"), ["UAB Gana ilgas", "pavadinimas kuris…"]);
        assert_eq!(two_lines(&long)[0].chars().count(), LETTERS);
        let names = vec!["a"; NODES + 1];
        let edges: Vec<(usize, usize)> = (1..=NODES).map(|holder| (0, holder)).collect();
        assert!(graph(&names, &edges).draw("x").is_none());
        assert!(graph(&names[1..], &edges[..NODES - 1]).draw("x").is_some());
    }
}

//! A map of equal tiles, one for each area of the country, with a figure on each: the shade only repeats the number. An SVG without a style of its own; the
//! table below it says the same.

use std::fmt::Write;

use super::text::{number, push_escaped};
use crate::language::said;

/// From one tile to the next.
const STEP: i64 = 48;
const SIZE: i64 = 44;

/// From how many a tile is darker, and how dark: text on the darkest still has a contrast of 4.5 to 1 in both schemes.
const SHADES: [(u64, &str); 5] = [(0, "0"), (1, ".1"), (5, ".2"), (20, ".35"), (100, ".5")];

/// An area of the country.
pub(super) struct Area {
    /// Three letters.
    pub(super) label: String,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) figure: Figure,
}

/// Its tile.
pub(super) struct Tile {
    /// From the west and from the north, from 1.
    pub(super) column: i64,
    pub(super) row: i64,
    pub(super) area: Area,
}

/// A number, and whether more is counted than is published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) known: u64,
    pub(super) lacks: bool,
}

impl Figure {
    pub(super) fn print(self) -> String {
        format!("{}{}", number(self.known), if self.lacks { "+" } else { "" })
    }
}

/// Appends the map, named `title`.
pub(super) fn push(tiles: &[Tile], title: &str, out: &mut String) {
    let right = tiles.iter().map(|tile| tile.column).max().unwrap_or_default();
    let bottom = tiles.iter().map(|tile| tile.row).max().unwrap_or_default();
    push_start((right * STEP, bottom * STEP), title, out);
    for Tile { column, row, area } in tiles {
        let (left, top) = ((column - 1) * STEP + 2, (row - 1) * STEP + 2);
        let square = format!("rect class=\"tile\" x=\"{left}\" y=\"{top}\" width=\"{SIZE}\" height=\"{SIZE}\"");
        push_area(area, &square, Some((left + SIZE / 2, top + SIZE / 2)), out);
    }
    out.push_str("</svg>\n");
}

/// Appends the start of a map, named `title`.
pub(super) fn push_start((width, height): (i64, i64), title: &str, out: &mut String) {
    let _ = write!(out, "<svg class=\"tiles\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"");
    push_escaped(title, out);
    out.push_str("\">\n");
}

/// Appends an area as a link: the element that `shape` begins, and around `at` its letters and its number.
pub(super) fn push_area(area: &Area, shape: &str, at: Option<(i64, i64)>, out: &mut String) {
    let figure = area.figure.print();
    let _ = write!(out, "<a href=\"{}\" aria-label=\"", area.href);
    push_escaped(&area.label, out);
    let _ = write!(out, " {figure}: ");
    push_escaped(&area.name, out);
    out.push_str("\"><title>");
    push_escaped(&area.name, out);
    let _ = write!(out, "</title><{shape} fill-opacity=\"{}\"/>", shade(area.figure.known));
    if let Some((middle, centre)) = at {
        let _ = write!(out, "<text x=\"{middle}\" y=\"{}\">", centre - 4);
        push_escaped(&area.label, out);
        let _ = write!(out, "</text> <text x=\"{middle}\" y=\"{}\">{figure}</text>", centre + 14);
    }
    out.push_str("</a>\n");
}

/// Appends what the shades mean.
pub(super) fn push_legend(out: &mut String) {
    out.push_str("<ul class=\"legend\">\n");
    for (place, (from, shade)) in SHADES.iter().enumerate() {
        let range = match SHADES.get(place + 1) {
            Some((next, _)) if next - 1 == *from => number(*from),
            Some((next, _)) => format!("{}–{}", number(*from), number(next - 1)),
            None => said!("{0} ir daugiau", number(*from)),
        };
        let _ = writeln!(
            out,
            "<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect class=\"tile\" width=\"14\" height=\"14\" fill-opacity=\"{shade}\"/></svg> {range}</li>"
        );
    }
    out.push_str("</ul>\n");
}

fn shade(known: u64) -> &'static str {
    SHADES.iter().rev().find(|(from, _)| *from <= known).map_or("0", |(_, shade)| shade)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, in_language};

    #[test]
    fn every_tile_is_a_link_with_its_number_and_what_is_more_is_darker() {
        let tile = |column, known, lacks| {
            let (label, name, href) = ("A&B".to_owned(), "<Sav>".to_owned(), format!("{column}.html"));
            Tile { column, row: 2, area: Area { label, name, href, figure: Figure { known, lacks } } }
        };
        let mut out = String::new();
        push(&[tile(1, 0, false), tile(3, 1234, true)], "\"Žemėlapis\"", &mut out);
        assert!(
            out.starts_with("<svg class=\"tiles\" viewBox=\"0 0 144 96\" role=\"group\" aria-label=\"&quot;Žemėlapis&quot;\">"),
            "{out}"
        );
        assert!(out.contains("<a href=\"1.html\" aria-label=\"A&amp;B 0: &lt;Sav&gt;\"><title>&lt;Sav&gt;</title>"), "{out}");
        assert!(out.contains("x=\"98\" y=\"50\"") && out.contains(">1\u{a0}234+</text></a>"), "{out}");
        let shades: Vec<&str> = [0, 1, 4, 5, 19, 20, 99, 100, 5000].map(shade).to_vec();
        assert_eq!(shades, ["0", ".1", ".1", ".2", ".2", ".35", ".35", ".5", ".5"]);
        let mut legend = String::new();
        push_legend(&mut legend);
        for range in ["> 0<", "> 1–4<", "> 5–19<", "> 20–99<", "> 100 ir daugiau<"] {
            assert!(in_language(&legend, Language::Lithuanian).contains(range), "{legend}");
        }
        assert!(in_language(&legend, Language::English).contains("> 100 or more<"), "{legend}");
    }
}

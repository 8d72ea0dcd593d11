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
pub(super) struct Tile {
    /// From the west and from the north, from 1.
    pub(super) column: i64,
    pub(super) row: i64,
    /// Three letters.
    pub(super) label: String,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) figure: Figure,
}

/// A number, and whether more is counted than is published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) known: u64,
    pub(super) lacks: bool,
}

impl Figure {
    fn print(self) -> String {
        format!("{}{}", number(self.known), if self.lacks { "+" } else { "" })
    }
}

/// Appends the map, named `title`.
pub(super) fn push(tiles: &[Tile], title: &str, out: &mut String) {
    let right = tiles.iter().map(|tile| tile.column).max().unwrap_or_default();
    let bottom = tiles.iter().map(|tile| tile.row).max().unwrap_or_default();
    let _ = write!(out, "<svg class=\"tiles\" viewBox=\"0 0 {} {}\" role=\"group\" aria-label=\"", right * STEP, bottom * STEP);
    push_escaped(title, out);
    out.push_str("\">\n");
    for tile in tiles {
        push_tile(tile, out);
    }
    out.push_str("</svg>\n");
}

fn push_tile(tile: &Tile, out: &mut String) {
    let (left, top) = ((tile.column - 1) * STEP + 2, (tile.row - 1) * STEP + 2);
    let (middle, figure) = (left + SIZE / 2, tile.figure.print());
    let _ = write!(out, "<a href=\"{}\" aria-label=\"", tile.href);
    push_escaped(&tile.label, out);
    let _ = write!(out, " {figure}: ");
    push_escaped(&tile.name, out);
    out.push_str("\"><title>");
    push_escaped(&tile.name, out);
    let shade = shade(tile.figure.known);
    let _ =
        write!(out, "</title><rect class=\"tile\" x=\"{left}\" y=\"{top}\" width=\"{SIZE}\" height=\"{SIZE}\" fill-opacity=\"{shade}\"/>");
    let _ = write!(out, "<text x=\"{middle}\" y=\"{}\">", top + 18);
    push_escaped(&tile.label, out);
    let _ = writeln!(out, "</text> <text x=\"{middle}\" y=\"{}\">{figure}</text></a>", top + 36);
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
        let tile = |column, known, lacks| Tile {
            column,
            row: 2,
            label: "A&B".to_owned(),
            name: "<Sav>".to_owned(),
            href: format!("{column}.html"),
            figure: Figure { known, lacks },
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

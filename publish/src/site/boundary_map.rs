//! A map of real boundaries, where an operator gave them: what a map of tiles says, of the same links, letters and numbers. Below it is a list of areas that
//! are too small to write on, or of which no boundary is known.

use std::fmt::Write;

use super::text::{push_escaped, push_linked};
use super::tile_map::{Area, push_area, push_start};
use crate::boundaries::{Boundaries, Shape};
use crate::language::{said, say};

/// Appends the map, named `title`, of areas by their codes.
pub(super) fn push(boundaries: &Boundaries, areas: &[(&str, Area)], title: &str, out: &mut String) {
    let mut drawn: Vec<(&Shape, &Area)> = areas.iter().filter_map(|(code, area)| Some((boundaries.shapes.get(*code)?, area))).collect();
    // What lies in another area is drawn above it; else the order is that of the table.
    drawn.sort_by_key(|(shape, _)| shape.inside);
    push_start((boundaries.width.into(), boundaries.height.into()), title, out);
    for (Shape { path, at, .. }, area) in drawn {
        push_area(area, &format!("path class=\"tile\" d=\"{path}\""), at.map(|(x, y)| (x.into(), y.into())), out);
    }
    out.push_str("</svg>\n");
}

/// Appends the list of areas on which nothing is written, and whose the boundaries are.
pub(super) fn push_rest(boundaries: &Boundaries, areas: &[(&str, Area)], out: &mut String) {
    let is_written = |code: &str| boundaries.shapes.get(code).is_some_and(|shape| shape.at.is_some());
    let rest: Vec<&Area> = areas.iter().filter(|(code, _)| !is_written(code)).map(|(_, area)| area).collect();
    if !rest.is_empty() {
        let _ = writeln!(out, "<p>{}</p>\n<ul class=\"entities\">", say!("Žemėlapyje neužrašytos, nes per mažos arba nėra jų ribų:"));
        for Area { label, name, href, figure } in rest {
            out.push_str("<li>");
            push_linked(name, Some(href), out);
            out.push_str(" <span class=\"minor\">");
            push_escaped(label, out);
            let _ = writeln!(out, " {}</span></li>", figure.print());
        }
        out.push_str("</ul>\n");
    }
    if let Some(source) = &boundaries.source {
        let mut escaped = String::new();
        push_escaped(source, &mut escaped);
        let _ = writeln!(out, "<p class=\"minor\">{}</p>", said!("Ribos: {0}", escaped));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::language::{Language, in_language};
    use crate::site::tile_map::Figure;

    fn area(name: &str, known: u64) -> Area {
        let (label, href) = (name[..3].to_uppercase(), format!("{name}.html"));
        Area { label, name: format!("{name} & <sav.>"), href, figure: Figure { known, lacks: known == 5 } }
    }

    fn drawn() -> (Boundaries, [(&'static str, Area); 4]) {
        let shape = |path: &str, at, inside| Shape { path: path.to_owned(), at, inside };
        let shapes = BTreeMap::from([
            ("11".to_owned(), shape("M0 0l9 0 0 9z", None, 1)),
            ("12".to_owned(), shape("M0 0l90 0 0 90z", Some((40, 30)), 0)),
            ("99".to_owned(), shape("M0 0l9 0 0 9z", None, 0)),
        ]);
        let boundaries = Boundaries { width: 736, height: 500, source: Some("A & B".to_owned()), shapes };
        (boundaries, [("11", area("pirma", 1)), ("12", area("antra", 5)), ("13", area("trecia", 0)), ("15", area("ketvirta", 100))])
    }

    #[test]
    fn an_area_is_a_link_with_its_shape_and_what_lies_in_another_is_drawn_above_it() {
        let ((boundaries, areas), mut out) = (drawn(), String::new());
        push(&boundaries, &areas, "Ribos", &mut out);
        assert_eq!(
            out,
            "<svg class=\"tiles\" viewBox=\"0 0 736 500\" role=\"group\" aria-label=\"Ribos\">\n\
             <a href=\"antra.html\" aria-label=\"ANT 5+: antra &amp; &lt;sav.&gt;\"><title>antra &amp; &lt;sav.&gt;</title>\
             <path class=\"tile\" d=\"M0 0l90 0 0 90z\" fill-opacity=\".2\"/><text x=\"40\" y=\"26\">ANT</text> <text x=\"40\" y=\"44\">5+</text></a>\n\
             <a href=\"pirma.html\" aria-label=\"PIR 1: pirma &amp; &lt;sav.&gt;\"><title>pirma &amp; &lt;sav.&gt;</title>\
             <path class=\"tile\" d=\"M0 0l9 0 0 9z\" fill-opacity=\".1\"/></a>\n</svg>\n"
        );
    }

    #[test]
    fn what_the_map_does_not_say_is_listed_below_it() {
        let ((boundaries, areas), mut out) = (drawn(), String::new());
        push_rest(&boundaries, &areas, &mut out);
        let listed = ["pirma", "trecia", "ketvirta"].map(|name| out.find(&format!("<li><a href=\"{name}.html\">")).unwrap());
        assert!(listed.is_sorted() && !out.contains("antra"), "{out}");
        assert!(out.contains("<span class=\"minor\">KET 100</span>"), "{out}");
        assert!(in_language(&out, Language::English).contains("<p class=\"minor\">Boundaries: A &amp; B</p>"), "{out}");
    }
}

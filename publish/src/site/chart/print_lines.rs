//! Lines over time as HTML: a drawing in SVG, what its lines are, and the table that says the same in text.

use std::fmt::Write;

use catalog::{Chart, Kind};

use super::lines::{Line, Lines, Point};
use super::period::Span;
use super::print::{AT_LEAST, push_axis};
use crate::incremental::tier_table::TierRows;
use crate::language::{in_both, said, say};
use crate::site::rows::CONFIDENTIAL;
use crate::site::text::{LONGEST_NAME, push_escaped, push_rounded, push_units, shortened};

/// The drawing, in units of its own; the style sheet gives it the width of the page, and no more than lets its letters be of the size of the text.
const WIDTH: usize = 420;
const HEIGHT: usize = 220;
/// Left, right, upper and lower end of the lines.
const LEFT: f64 = 76.0;
const RIGHT: f64 = 404.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 190.0;
/// Periods that are named below the drawing; more of them would run into one another.
const NAMED: usize = 6;

/// Drawing, legend and table.
pub(super) fn html(table: &TierRows, chart: &Chart, lines: &Lines) -> String {
    let mut out = String::new();
    let Some(value) = table.table().column(&chart.value).map(|used| &used.column) else { return out };
    push_axis(value, &mut out);
    push_legend(&lines.lines, &mut out);
    let title = in_both(&value.title);
    push_drawing(lines, value.kind, &title, &mut out);
    push_table(lines, value.kind, &title, &mut out);
    out
}

fn push_legend(lines: &[Line], out: &mut String) {
    out.push_str("<ul class=\"legend\">\n");
    for (number, line) in lines.iter().enumerate() {
        let _ = write!(out, "<li><svg width=\"30\" height=\"14\" aria-hidden=\"true\"><path class=\"l{number}\" d=\"M0 7H30\"/></svg> ");
        push_escaped(&shortened(&line.title, LONGEST_NAME), out);
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn push_drawing(lines: &Lines, kind: Kind, title: &str, out: &mut String) {
    let drawn = |point: &Point| if let Point::Known(value) = point { Some(*value) } else { None };
    let greatest = lines.lines.iter().flat_map(|line| &line.points).filter_map(drawn).max().unwrap_or_default();
    let top = round_up(greatest);
    let _ = write!(out, "<svg class=\"lines\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"");
    push_escaped(&said!("{0}: linijinė diagrama; reikšmės – lentelėje po ja", title), out);
    out.push_str("\">\n");
    for part in 0..=2 {
        let (y, value) = (height(top * part / 2, top), top * part / 2);
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/><text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">",
            LEFT - 8.0,
            y + 4.0
        );
        push_rounded(value, kind, out);
        out.push_str("</text>\n");
    }
    let count = lines.spans.len();
    let step = count.div_ceil(NAMED);
    for (at, span) in lines.spans.iter().enumerate().filter(|(at, _)| (count - 1 - at).is_multiple_of(step)) {
        let _ =
            writeln!(out, "<text x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>", place(at, count), BOTTOM + 20.0, short(*span));
    }
    for (number, line) in lines.lines.iter().enumerate() {
        push_line(line, number, lines.goes_on, top, out);
    }
    out.push_str("</svg>\n");
}

/// A path that breaks off where a value is not wholly known, and a dot for each that is.
fn push_line(line: &Line, number: usize, goes_on: bool, top: i128, out: &mut String) {
    let count = line.points.len();
    let at = |at: usize| match line.points[at] {
        Point::Known(value) => Some((place(at, count), height(value, top))),
        _ => None,
    };
    let (mut path, mut unfinished) = (String::new(), String::new());
    for end in 1..count {
        let (Some((x1, y1)), Some((x2, y2))) = (at(end - 1), at(end)) else { continue };
        let segment = if goes_on && end == count - 1 { &mut unfinished } else { &mut path };
        let _ = write!(segment, "M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}");
    }
    for (path, class) in [(path, ""), (unfinished, " going")] {
        if !path.is_empty() {
            let _ = write!(out, "<path class=\"l{number}{class}\" d=\"{path}\"/>");
        }
    }
    for (x, y) in (0..count).filter_map(at) {
        let _ = write!(out, "<circle class=\"s{number}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"/>");
    }
    out.push('\n');
}

fn push_table(lines: &Lines, kind: Kind, title: &str, out: &mut String) {
    let caption = said!("{0} pagal laikotarpius", title);
    out.push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    push_escaped(&caption, out);
    out.push_str("\">\n<table>\n<caption class=\"quiet\">");
    push_escaped(&caption, out);
    let _ = write!(out, "</caption>\n<thead><tr><th scope=\"col\">{}</th>", say!("Laikotarpis"));
    for line in &lines.lines {
        out.push_str("<th scope=\"col\" class=\"number\">");
        push_escaped(&shortened(&line.title, LONGEST_NAME), out);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (at, span) in lines.spans.iter().enumerate().rev() {
        let goes_on = lines.goes_on && at == lines.spans.len() - 1;
        let title = if goes_on { said!("{0} (dar nesibaigė)", span.title()) } else { span.title() };
        let _ = write!(out, "<tr><th scope=\"row\">{title}</th>");
        for line in &lines.lines {
            out.push_str("<td class=\"number\">");
            push_point(line.points[at], kind, out);
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

fn push_point(point: Point, kind: Kind, out: &mut String) {
    match point {
        Point::Nothing => out.push('–'),
        Point::Suppressed => out.push_str(CONFIDENTIAL),
        Point::AtLeast(value) => {
            out.push_str(AT_LEAST);
            push_units(value, kind, out);
        }
        Point::Known(value) => push_units(value, kind, out),
    }
}

fn short(span: Span) -> String {
    match span.half {
        Some(1) => format!("{} I", span.year),
        Some(_) => format!("{} II", span.year),
        None => span.year.to_string(),
    }
}

/// The next number of one significant digit, or of two where that is a quarter: 1, 2, 2.5, 5, 10, …; even, so that half of it is whole.
fn round_up(value: i128) -> i128 {
    let mut ten = 10;
    while ten * 10 <= value {
        ten *= 10;
    }
    [ten, ten * 2, ten * 5 / 2, ten * 5, ten * 10].into_iter().find(|round| *round >= value).unwrap_or(value)
}

/// For drawing only; the table is exact.
#[expect(clippy::cast_precision_loss, reason = "a place in a drawing")]
fn height(value: i128, top: i128) -> f64 {
    BOTTOM - (BOTTOM - TOP) * value.max(0) as f64 / top as f64
}

#[expect(clippy::cast_precision_loss, reason = "a place in a drawing")]
fn place(at: usize, count: usize) -> f64 {
    LEFT + 16.0 + (RIGHT - LEFT - 32.0) * at as f64 / (count - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_number_not_below_the_greatest_value() {
        assert_eq!([0, 3, 10, 11, 21, 26, 99, 260].map(round_up), [10, 10, 10, 20, 25, 50, 100, 500]);
    }

    #[test]
    fn a_line_breaks_off_where_a_value_is_not_published_and_ends_dashed_while_a_period_goes_on() {
        let points = [Point::Known(0), Point::Known(50), Point::Suppressed, Point::Known(100), Point::Known(20)];
        let line = Line { code: "a".to_owned(), title: "A".to_owned(), points: points.to_vec() };
        let mut out = String::new();
        push_line(&line, 0, true, 100, &mut out);
        assert_eq!(out.matches("<circle").count(), 4);
        let paths: Vec<&str> = out.split("<path").skip(1).map(|path| path.split("/>").next().unwrap()).collect();
        assert_eq!(paths.iter().map(|path| path.matches('L').count()).collect::<Vec<_>>(), [1, 1], "{out}");
        assert!(!paths[0].contains("going") && paths[1].contains("class=\"l0 going\""), "{out}");
        assert!(paths[0].contains("M92.0 190.0L166.0 102.0"), "{out}");
    }
}

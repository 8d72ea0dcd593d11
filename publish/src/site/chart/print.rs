//! A chart as HTML.

use std::fmt::Write;

use catalog::{Chart, Column, Kind};

use super::bars::{Bar, Bars};
use super::period::Span;
use crate::incremental::tier_table::TierRows;
use crate::language::{push_both, say};
use crate::site::rows::CONFIDENTIAL;
use crate::site::shown::PIECES;
use crate::site::text::{LONGEST_NAME, percent, push_escaped, push_units, shortened};

/// Height of a bar, in pixels.
const HEIGHT: usize = 14;

/// What stands before a value of which a part is suppressed.
pub(super) const AT_LEAST: &str = say!("bent ");

/// The list of bars, with what the parts of bars are, and what each was a year before; `rows` says where the rows behind a bar are seen.
pub(super) fn html(table: &TierRows, chart: &Chart, bars: &Bars, before: Option<Span>, rows: &dyn Fn(&Bar) -> Option<String>) -> String {
    let mut out = String::new();
    let Some(value) = table.table().column(&chart.value).map(|used| &used.column) else { return out };
    push_axis(value, &mut out);
    if bars.series.len() > 1 {
        push_legend(&bars.series, &mut out);
    }
    out.push_str("<ol class=\"bars\">\n");
    let longest = bars.bars.iter().map(Bar::total).max().unwrap_or_default();
    for bar in &bars.bars {
        out.push_str("<li><span class=\"label\">");
        push_escaped(&shortened(&bar.label, LONGEST_NAME), &mut out);
        out.push_str("</span> <span class=\"value\">");
        let rows = rows(bar);
        if let Some(address) = &rows {
            out.push_str("<a href=\"");
            push_escaped(address, &mut out);
            out.push_str("\">");
        }
        push_value(bar, value.kind, &mut out);
        out.push_str(if rows.is_some() { "</a></span>" } else { "</span>" });
        push_bar(bar, &bars.series, longest, value.kind, &mut out);
        if let (Some(before), Some(span)) = (bar.before, before) {
            push_change(bar.total(), before, span, value.kind, &mut out);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
    out
}

/// The list of bars, each part a bar of its own, so that parts can be compared.
pub(super) fn grouped(table: &TierRows, chart: &Chart, bars: &Bars) -> String {
    let mut out = String::new();
    let Some(value) = table.table().column(&chart.value).map(|used| &used.column) else { return out };
    push_axis(value, &mut out);
    out.push_str("<ol class=\"groups\">\n");
    let longest = bars.bars.iter().flat_map(|bar| &bar.parts).copied().max().unwrap_or_default();
    for bar in &bars.bars {
        out.push_str("<li><span class=\"group\">");
        push_escaped(&shortened(&bar.label, LONGEST_NAME), &mut out);
        out.push_str("</span>\n<ol class=\"bars\">\n");
        for (number, (part, title)) in bar.parts.iter().zip(&bars.series).enumerate().filter(|(_, (part, _))| **part != 0) {
            out.push_str("<li><span class=\"part\">");
            push_escaped(&shortened(title, LONGEST_NAME), &mut out);
            out.push_str("</span> <span class=\"number\">");
            out.push_str(if bar.lacks { AT_LEAST } else { "" });
            push_units(*part, value.kind, &mut out);
            let _ = write!(out, "</span><svg class=\"bar\" width=\"100%\" height=\"{HEIGHT}\" aria-hidden=\"true\">");
            push_part(number, "0", &format!("{:.2}%", per_cent(*part, longest)), &mut out);
            out.push_str("</svg></li>\n");
        }
        if !bar.is_known {
            let _ = writeln!(out, "<li><span class=\"part\">{CONFIDENTIAL}</span></li>");
        }
        out.push_str("</ol></li>\n");
    }
    out.push_str("</ol>\n");
    out
}

/// What the values are, and their unit.
pub(super) fn push_axis(value: &Column, out: &mut String) {
    out.push_str("<p class=\"axis\">");
    push_both(&value.title, out);
    if let Some(unit) = value.unit.as_deref().filter(|unit| *unit != PIECES) {
        out.push_str(", ");
        push_escaped(unit, out);
    }
    out.push_str("</p>\n");
}

/// What it was a year before, and by how many per cent it changed.
fn push_change(now: i128, before: i128, span: Span, kind: Kind, out: &mut String) {
    out.push_str("<span class=\"change\">");
    out.push_str(&span.title());
    out.push_str(" – ");
    push_units(before, kind, out);
    if before > 0 && now != before {
        // As a share, in units of 10⁻¹².
        let change = (now - before) * 1_000_000_000_000 / before;
        let _ = write!(out, " ({}{})", if change > 0 { "+" } else { "" }, percent(change));
    }
    out.push_str("</span>");
}

/// What is drawn over the colours of parts after the first, each in its own way.
const PATTERNS: [&str; 5] = ["M0 6 6 0", "M0 0 6 6", "M0 3H6", "M3 0V6", "M0 6 6 0M0 0 6 6"];

fn push_legend(series: &[String], out: &mut String) {
    out.push_str("<svg class=\"patterns\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>");
    for (number, path) in PATTERNS.iter().enumerate().take(series.len() - 1) {
        let number = number + 1;
        let _ = write!(
            out,
            "<pattern id=\"p{number}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><path d=\"{path}\"/></pattern>"
        );
    }
    out.push_str("</defs></svg>\n");
    out.push_str("<ul class=\"legend\">\n");
    for (number, title) in series.iter().enumerate() {
        out.push_str("<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\">");
        push_part(number, "0", "14", out);
        out.push_str("</svg> ");
        push_escaped(&shortened(title, LONGEST_NAME), out);
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn push_value(bar: &Bar, kind: Kind, out: &mut String) {
    match bar {
        Bar { is_known: false, .. } => out.push_str(CONFIDENTIAL),
        Bar { lacks, .. } => {
            out.push_str(if *lacks { AT_LEAST } else { "" });
            push_units(bar.total(), kind, out);
        }
    }
}

/// The bar, and below it what its parts are.
fn push_bar(bar: &Bar, series: &[String], longest: i128, kind: Kind, out: &mut String) {
    let _ = write!(out, "<svg class=\"bar\" width=\"100%\" height=\"{HEIGHT}\" aria-hidden=\"true\">");
    let mut before = 0;
    for (number, part) in bar.parts.iter().enumerate().filter(|(_, part)| **part > 0) {
        let (start, width) = (per_cent(before, longest), per_cent(*part, longest));
        push_part(number, &format!("{start:.2}%"), &format!("{width:.2}%"), out);
        before += part;
    }
    out.push_str("</svg>");
    if series.len() > 1 {
        out.push_str("<span class=\"parts\">");
        let known = bar.parts.iter().zip(series).filter(|(part, _)| **part != 0);
        for (number, (part, title)) in known.enumerate() {
            out.push_str(if number > 0 { "; " } else { "" });
            push_escaped(&shortened(title, LONGEST_NAME), out);
            out.push(' ');
            push_units(*part, kind, out);
        }
        out.push_str("</span>");
    }
}

/// A part of a bar: in its colour, and with a pattern over it, so that it can be told without colours, too.
fn push_part(number: usize, start: &str, width: &str, out: &mut String) {
    let _ = write!(out, "<rect class=\"s{number}\" x=\"{start}\" width=\"{width}\" height=\"{HEIGHT}\"/>");
    if number > 0 {
        let _ = write!(out, "<rect fill=\"url(#p{number})\" x=\"{start}\" width=\"{width}\" height=\"{HEIGHT}\"/>");
    }
}

/// For the length of a bar only; the text beside it is exact.
#[expect(clippy::cast_precision_loss, reason = "a length")]
fn per_cent(part: i128, whole: i128) -> f64 {
    if whole > 0 { part as f64 / whole as f64 * 100.0 } else { 0.0 }
}

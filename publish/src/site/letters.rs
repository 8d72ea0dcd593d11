//! A list in alphabetical order as pages: one page, or a page for each letter where one would be too long, or several for a long letter.

use std::fmt::Write;
use std::ops::Range;

use super::alphabet::heading_file;
use super::text::{number, push_escaped};
use crate::language::{said, say};

/// One page of a list: what stands under one letter, or a part of it.
pub(super) struct Part {
    pub(super) heading: String,
    /// Its file, beside the list itself.
    pub(super) file: String,
    /// Which of the list it has.
    pub(super) places: Range<usize>,
}

/// A page for each heading, of which each line has one, or several where there are more than `most`; numbered from the second.
pub(super) fn numbered(headings: &[String], most: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut start = 0;
    for same in headings.chunk_by(|one, other| one == other) {
        for (number, lines) in same.chunks(most).enumerate() {
            let letter = heading_file(&same[0]);
            let file = if number == 0 { format!("raide-{letter}.html") } else { format!("raide-{letter}-{}.html", number + 1) };
            parts.push(Part { heading: same[0].clone(), file, places: start..start + lines.len() });
            start += lines.len();
        }
    }
    parts
}

/// A list and its pages.
pub(super) struct List<'a> {
    pub(super) parts: &'a [Part],
    /// Whether all of it stands on one page.
    pub(super) is_whole: bool,
    /// Class of the elements that the lines make.
    pub(super) class: &'static str,
    /// Appends the lines of these places.
    pub(super) push: &'a (dyn Fn(Range<usize>, &mut String) + Sync),
}

impl List<'_> {
    /// The start page of the list.
    pub(super) fn start(&self) -> String {
        let mut out = String::new();
        self.push_letters(None, &mut out);
        for (place, part) in self.parts.iter().enumerate().filter(|_| self.is_whole) {
            self.push_section(part, &id(place), None, &mut out);
        }
        out
    }

    /// The page of one part.
    pub(super) fn part(&self, place: usize) -> String {
        let part = &self.parts[place];
        let of_letter: Vec<&Part> = self.parts.iter().filter(|other| other.heading == part.heading).collect();
        let number = of_letter.iter().position(|other| other.file == part.file).unwrap_or_default();
        let mut out = String::new();
        self.push_letters(Some(&part.heading), &mut out);
        self.push_section(part, &id(0), (of_letter.len() > 1).then_some((number, of_letter.len())), &mut out);
        if of_letter.len() > 1 {
            push_parts(&of_letter, number, &mut out);
        }
        out
    }

    /// Links to all letters, with how many stand under each.
    fn push_letters(&self, current: Option<&str>, out: &mut String) {
        let _ = writeln!(out, "<nav class=\"letters\" aria-label=\"{}\">\n<ul>", say!("Raidės"));
        let mut place = 0;
        for of_letter in self.parts.chunk_by(|one, other| one.heading == other.heading) {
            let heading = &of_letter[0].heading;
            let href = if self.is_whole { format!("#{}", id(place)) } else { of_letter[0].file.clone() };
            place += of_letter.len();
            let _ = write!(out, "<li><a href=\"{href}\"");
            out.push_str(if current == Some(heading) { " aria-current=\"page\">" } else { ">" });
            push_escaped(heading, out);
            if current.is_none() && !self.is_whole {
                let count: usize = of_letter.iter().map(|part| part.places.len()).sum();
                let _ = write!(out, " <span class=\"minor\">{}</span>", number(count as u64));
            }
            out.push_str("</a></li>\n");
        }
        out.push_str("</ul>\n</nav>\n");
    }

    fn push_section(&self, part: &Part, id: &str, number: Option<(usize, usize)>, out: &mut String) {
        let _ = write!(out, "<section class=\"letter\" aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">");
        push_escaped(&part.heading, out);
        if let Some((number, of)) = number {
            let which = said!("({0} puslapis iš {1})", number + 1, of);
            let _ = write!(out, " <span class=\"minor\">{which}</span>");
        }
        let _ = writeln!(out, "</h2>\n<ul class=\"{}\">", self.class);
        (self.push)(part.places.clone(), out);
        out.push_str("</ul>\n</section>\n");
    }
}

/// Links to all pages of one letter.
fn push_parts(of_letter: &[&Part], current: usize, out: &mut String) {
    let _ = writeln!(out, "<nav class=\"parts\" aria-label=\"{}\">\n<ul>", say!("Raidės puslapiai"));
    if let Some(before) = current.checked_sub(1).and_then(|before| of_letter.get(before)) {
        let _ = writeln!(out, "<li><a rel=\"prev\" href=\"{}\">{}</a></li>", before.file, say!("Ankstesnis puslapis"));
    }
    for (place, part) in of_letter.iter().enumerate() {
        let mark = if place == current { " aria-current=\"true\"" } else { "" };
        let _ = writeln!(out, "<li><a href=\"{}\"{mark}>{}</a></li>", part.file, place + 1);
    }
    if let Some(after) = of_letter.get(current + 1) {
        let _ = writeln!(out, "<li><a rel=\"next\" href=\"{}\">{}</a></li>", after.file, say!("Kitas puslapis"));
    }
    out.push_str("</ul>\n</nav>\n");
}

fn id(place: usize) -> String {
    format!("raide-{}", place + 1)
}

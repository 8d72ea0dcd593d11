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

/// Bytes of the lines on one page, whatever stands in them; what is around them has the rest of a page's budget.
const LINES: usize = 48_000;
/// Pages of one letter to which a page has links, on either side of itself; to the first and the last of them always.
const BESIDE: usize = 4;

/// Whether a list of these lines, in which there are at most `most`, fits one page.
pub(super) fn fits(lines: &[String], most: usize) -> bool {
    lines.len() <= most && lines.iter().map(String::len).sum::<usize>() <= LINES
}

/// A page for each heading, of which each line has one, or several where there are more than `most` or where they are too long; numbered from the second.
pub(super) fn numbered(headings: &[String], lines: &[String], most: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut number, mut bytes) = (0, 0);
    for (place, (heading, line)) in headings.iter().zip(lines).enumerate() {
        let last = parts.last_mut().filter(|part| part.heading == *heading);
        let is_same = last.is_some();
        match last {
            Some(part) if part.places.len() < most && bytes + line.len() <= LINES => {
                part.places.end = place + 1;
                bytes += line.len();
            }
            _ => {
                number = if is_same { number + 1 } else { 1 };
                bytes = line.len();
                let letter = heading_file(heading);
                let file = if number == 1 { format!("raide-{letter}.html") } else { format!("raide-{letter}-{number}.html") };
                parts.push(Part { heading: heading.clone(), file, places: place..place + 1 });
            }
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

/// Links to pages of one letter: the first, the last, and those around the current one.
fn push_parts(of_letter: &[&Part], current: usize, out: &mut String) {
    let _ = writeln!(out, "<nav class=\"parts\" aria-label=\"{}\">\n<ul>", say!("Raidės puslapiai"));
    if let Some(before) = current.checked_sub(1).and_then(|before| of_letter.get(before)) {
        let _ = writeln!(out, "<li><a rel=\"prev\" href=\"{}\">{}</a></li>", before.file, say!("Ankstesnis puslapis"));
    }
    let mut shown_before = None;
    for (place, part) in of_letter.iter().enumerate() {
        if place > 0 && place + 1 < of_letter.len() && place.abs_diff(current) > BESIDE {
            continue;
        }
        if shown_before.is_some_and(|before| before + 1 < place) {
            out.push_str("<li>…</li>\n");
        }
        shown_before = Some(place);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(lines: &[String], most: usize) -> Vec<Part> {
        let headings: Vec<String> = (0..lines.len()).map(|place| if place < 3 { "A" } else { "Š" }.to_owned()).collect();
        numbered(&headings, lines, most)
    }

    #[test]
    fn a_page_has_as_many_lines_as_it_may_and_as_fit() {
        let short = vec!["<li></li>".to_owned(); 10];
        let found = parts(&short, 4);
        let files: Vec<(&str, Range<usize>)> = found.iter().map(|part| (part.file.as_str(), part.places.clone())).collect();
        assert_eq!(files, [("raide-a.html", 0..3), ("raide-sh.html", 3..7), ("raide-sh-2.html", 7..10)]);
        assert!(fits(&short, 10) && !fits(&short, 9));

        let long: Vec<String> = (0..10).map(|_| "ž".repeat(LINES / 5)).collect();
        let found = parts(&long, 250);
        let bytes = |part: &Part| long[part.places.clone()].iter().map(String::len).sum::<usize>();
        assert!(found.iter().all(|part| bytes(part) <= LINES) && !fits(&long, 250));
        assert_eq!(found.iter().map(|part| part.places.len()).collect::<Vec<_>>(), [2, 1, 2, 2, 2, 1]);
        assert_eq!(found.last().unwrap().file, "raide-sh-4.html");
    }

    #[test]
    fn a_letter_with_ten_thousand_pages_has_links_to_few_of_them() {
        let lines = vec![String::new(); 10_003];
        let parts = parts(&lines, 1);
        let push = |_: Range<usize>, _: &mut String| {};
        let list = List { parts: &parts, is_whole: false, class: "", push: &push };
        let page = list.part(5_003);
        assert!(page.len() < 3_000, "{}", page.len());
        for file in ["raide-sh.html", "raide-sh-5000.html", "raide-sh-5001.html", "raide-sh-5005.html", "raide-sh-10000.html"] {
            assert!(page.contains(&format!("href=\"{file}\"")), "{file}: {page}");
        }
        assert_eq!(page.matches("<li>…</li>").count(), 2);
    }
}

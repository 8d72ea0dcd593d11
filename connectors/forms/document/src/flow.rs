//! Rows of text and how they come to stand on pages: together where they fit, never a heading without what it heads.

use std::ops::Range;

use crate::structure::Tag;
use crate::style::{BODY, Rule, SHRUNK, SMALL, Style};
use crate::text::{Line, append};

/// Less room than this is left empty rather than filled with the beginning of something that is too long for a page anyway.
const WORTH_FILLING: f32 = BODY / 5.0;
/// What is higher than this is not kept together: a heading, the text under it and a picture are.
const TOGETHER: f32 = 0.7 * BODY;

/// Part of a line of text.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) line: Line,
    /// Left edge.
    pub(crate) x: f32,
    /// Baseline, from the top of its row.
    pub(crate) drop: f32,
    pub(crate) style: &'static Style,
    pub(crate) tag: Tag,
    /// Number of the link that it is.
    pub(crate) link: Option<usize>,
    /// Whether there is a tint behind it, as behind code.
    pub(crate) tinted: bool,
}

impl Span {
    /// A part that is neither a link nor code.
    pub(crate) fn new(line: Line, x: f32, drop: f32, style: &'static Style, tag: Tag) -> Self {
        Self { line, x, drop, style, tag, link: None, tinted: false }
    }
}

/// A picture in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shown {
    /// Which one.
    pub(crate) picture: usize,
    /// Left edge.
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) tag: Tag,
}

/// What no page break goes through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// White above, dropped at the top of a page.
    pub(crate) space: f32,
    pub(crate) height: f32,
    pub(crate) spans: Vec<Span>,
    /// A rule at this distance from the top of the row.
    pub(crate) rule: Option<(f32, Rule)>,
    /// At the top of the row.
    pub(crate) picture: Option<Shown>,
    /// Number of the heading that begins here.
    pub(crate) heading: Option<usize>,
    /// Whether the next row has to stand on the same page.
    pub(crate) sticky: bool,
}

impl Row {
    /// How high it is at least.
    fn least(&self) -> f32 {
        self.height - self.picture.map_or(0.0, |shown| shown.height * (1.0 - SHRUNK))
    }

    /// Makes its picture smaller, where it is too high for this room.
    fn fit(&mut self, room: f32) {
        if let Some(shown) = &mut self.picture
            && self.height > room
            && self.height - shown.height * (1.0 - SHRUNK) <= room
        {
            let height = shown.height - (self.height - room);
            shown.width *= height / shown.height;
            shown.height = height;
            self.height = room;
        }
    }
}

/// A row on a page.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) row: Row,
    /// From the upper edge of the text of the page.
    pub(crate) top: f32,
}

/// Text, and the pages it has come to stand on.
#[derive(Debug)]
pub(crate) struct Flow {
    /// All text; spans are parts of it.
    pub(crate) text: String,
    pub(crate) pages: Vec<Vec<Placed>>,
    /// Rows that have no place yet.
    pub(crate) waiting: Vec<Row>,
    /// Where the next row goes on the last page.
    top: f32,
}

impl Flow {
    /// One empty page.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { text: String::with_capacity(capacity), pages: vec![Vec::new()], waiting: Vec::new(), top: 0.0 }
    }

    /// Gives the waiting rows their places: on this page, else on the next one, else over several, on which `title` is repeated.
    pub(crate) fn place(&mut self, title: Option<Range<usize>>) {
        let rows = std::mem::take(&mut self.waiting);
        let height: f32 = rows.iter().map(|row| row.space + row.height).sum();
        let first = rows.first().map_or(0.0, |row| row.space);
        if self.needs_page(height) && (height - first <= BODY || BODY - self.top < WORTH_FILLING) {
            self.turn();
        }
        let spread = self.needs_page(height);
        let mut ends = ends_of_runs(&rows);
        let mut begun = false;
        for mut row in rows {
            let run = ends.next().unwrap_or_default();
            if spread && self.needs_page(row.space + row.least() + run) {
                self.turn();
                if let Some(title) = title.clone().filter(|title| begun && !title.is_empty()) {
                    self.repeat(title);
                }
            }
            begun = true;
            row.fit(BODY - self.top - row.space - run);
            self.put(row);
        }
    }

    fn needs_page(&self, height: f32) -> bool {
        // Sums of fractions differ in their last digits by the order of adding.
        self.top + height > BODY + 0.01
    }

    fn turn(&mut self) {
        if self.top > 0.0 {
            self.pages.push(Vec::new());
            self.top = 0.0;
        }
    }

    fn put(&mut self, row: Row) {
        if self.top > 0.0 {
            self.top += row.space;
        }
        let top = self.top;
        self.top += row.height;
        if let Some(page) = self.pages.last_mut() {
            page.push(Placed { row, top });
        }
    }

    /// Says on a new page what goes on there.
    fn repeat(&mut self, title: Range<usize>) {
        let title = format!("{} (tęsinys)", &self.text[title]);
        let range = append(&mut self.text, &title);
        let line = Line { range, spaced: false };
        let span = Span::new(line, crate::style::LEFT, SMALL.size, &SMALL, Tag::ARTIFACT);
        self.put(Row { height: SMALL.leading + 5.0, spans: vec![span], ..Row::default() });
    }
}

/// For each row the height of what has to stand under it on the same page.
fn ends_of_runs(rows: &[Row]) -> std::vec::IntoIter<f32> {
    let mut runs = vec![0.0; rows.len()];
    for index in (0..rows.len().saturating_sub(1)).rev() {
        if rows[index].sticky {
            let run = rows[index + 1].space + rows[index + 1].least() + runs[index + 1];
            // What could not stand on one page at all is not kept together.
            runs[index] = if run > TOGETHER { 0.0 } else { run };
        }
    }
    runs.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(height: f32) -> Row {
        Row { height, space: 10.0, ..Row::default() }
    }

    fn flow(groups: &[Vec<Row>]) -> Vec<Vec<f32>> {
        let mut flow = Flow::new(0);
        for group in groups {
            flow.waiting = group.clone();
            flow.place(None);
        }
        flow.pages.iter().map(|page| page.iter().map(|placed| placed.row.height).collect()).collect()
    }

    #[test]
    fn rows_of_a_group_stand_together_where_a_page_takes_them() {
        let group = || vec![row(BODY / 4.0), row(BODY / 4.0)];
        assert_eq!(flow(&[group(), group()]).len(), 2);
        assert_eq!(flow(&[vec![row(100.0)], vec![row(BODY)]]), [vec![100.0], vec![BODY]]);
    }

    #[test]
    fn a_group_longer_than_a_page_begins_where_there_is_room_and_goes_on() {
        let long = vec![row(90.0); 20];
        let pages = flow(&[vec![row(100.0)], long]);
        assert!(pages.len() == 3 && pages[0].len() > 2, "{pages:?}");
    }

    #[test]
    fn a_picture_is_made_smaller_where_it_then_stands_on_the_page_and_no_further() {
        let shown = Shown { picture: 0, x: 0.0, width: 400.0, height: 300.0, tag: Tag::ARTIFACT };
        let picture = Row { height: 300.0, picture: Some(shown), ..Row::default() };
        let heights = |room: f32| {
            let text = Row { height: BODY - room, sticky: true, ..Row::default() };
            let mut flow = Flow::new(0);
            flow.waiting = vec![text, picture.clone(), row(10.0)];
            flow.place(None);
            flow.pages.iter().map(|page| page.iter().filter_map(|placed| placed.row.picture).next_back()).collect::<Vec<_>>()
        };
        let [Some(first), None] = heights(240.0)[..] else { panic!("{:?}", heights(240.0)) };
        assert!((first.height - 240.0).abs() < 0.1 && (first.width - 320.0).abs() < 0.1, "{first:?}");
        assert_eq!(heights(300.0)[0], Some(shown), "as it is, where there is room");
        assert_eq!(heights(100.0).last(), Some(&Some(shown)), "on the next page, where there is too little");
    }

    #[test]
    fn a_sticky_row_is_not_the_last_one_of_a_page() {
        let mut rows = vec![row(90.0); 20];
        let fits = ((BODY + 10.0) / 100.0) as usize;
        rows[fits - 1].sticky = true;
        assert_eq!(flow(&[rows])[0].len(), fits - 1);
    }
}

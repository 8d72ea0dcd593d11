//! From what was entered to rows of text: which part looks how, and what it is in the structure.

use std::ops::Range;

use pdf_writer::types::StructRole;

use crate::flow::{Flow, Row, Span};
use crate::structure::{Structure, Tag};
use crate::style::{
    HAIR, HEADING, LABEL, LABELS, LEFT, MEDIUM, NOTE, NUMBER, PADDING, RECORD, RIGHT, Rule, STRONG, Style, TITLE, VALUE, VALUES,
};
use crate::text::{append, append_line, wrap};
use crate::{Document, Record, Section};

/// A heading of more lines than this is no heading any more: it may stand on another page than what it heads.
const LINES_OF_A_HEADING: usize = 6;

/// A document with everything in its place.
pub(crate) struct Composed {
    pub(crate) flow: Flow,
    pub(crate) structure: Structure,
    /// Where links lead, by their numbers.
    pub(crate) links: Vec<Target>,
    /// Headings, by their numbers.
    pub(crate) headings: Vec<Heading>,
}

/// A heading that readers can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// 0 for the title.
    pub(crate) depth: u8,
    pub(crate) text: Range<usize>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To an address on the web.
    Address(String),
    /// To the heading with this number.
    Heading(usize),
}

/// Sets the whole document.
pub(crate) fn compose(document: &Document) -> Composed {
    let mut composed = Composed::new();
    composed.head(document);
    for section in &document.sections {
        composed.section(section);
    }
    composed.closing(&document.closing);
    composed
}

impl Composed {
    /// Nothing on one page.
    pub(crate) fn new() -> Self {
        Self { flow: Flow::new(8192), structure: Structure::new(), links: Vec::new(), headings: Vec::new() }
    }

    fn head(&mut self, document: &Document) {
        let root = self.structure.document();
        self.heading(StructRole::P, &document.notice, &RECORD, 0.0);
        self.heading(StructRole::P, &document.number, &NUMBER, if document.notice.is_empty() { 0.0 } else { 8.0 });
        self.heading(StructRole::H1, &document.title, &TITLE, 2.0);
        self.rule(STRONG, 10.0, 5.0);
        self.table(root, &document.facts, false);
        self.rule(STRONG, 5.0, 0.0);
        self.flow.place(None);
    }

    fn section(&mut self, section: &Section) {
        let root = self.structure.document();
        let part = self.structure.element(StructRole::Sect, root);
        self.heading_in(part, StructRole::H2, &section.title, &HEADING, 24.0);
        self.rule(MEDIUM, 4.0, 2.0);
        if let Some(note) = &section.note {
            // The heading stands with the first lines of its note, the note itself may go over a page.
            self.paragraph(part, note, &NOTE, 5.0);
            if let Some(last) = self.flow.waiting.last_mut() {
                last.sticky = !section.records.is_empty();
            }
        } else if section.records.is_empty() {
            self.flow.waiting.iter_mut().for_each(|row| row.sticky = false);
        }
        if section.records.is_empty() {
            self.flow.place(None);
        }
        for (index, record) in section.records.iter().enumerate() {
            let title = self.record(part, record, index == 0 && section.note.is_none());
            self.flow.place(Some(title));
        }
    }

    /// Gives the title, to be repeated where the record goes over a page; `ruled` tells that right above is the rule of the heading.
    fn record(&mut self, part: Tag, record: &Record, ruled: bool) -> Range<usize> {
        let title = self.heading_in(part, StructRole::H3, &record.title, &RECORD, 14.0);
        if !title.is_empty()
            && let Some(last) = self.flow.waiting.last_mut()
        {
            last.height += 4.0;
        }
        let begin = self.flow.waiting.len();
        self.table(part, &record.fields, !ruled || !title.is_empty());
        if let Some(first) = self.flow.waiting.get_mut(begin).filter(|_| title.is_empty() && !ruled) {
            first.space = 12.0;
        }
        title
    }

    fn closing(&mut self, closing: &str) {
        if closing.trim().is_empty() {
            return;
        }
        self.rule(MEDIUM, 26.0, 2.0);
        let root = self.structure.document();
        self.paragraph(root, closing, &VALUE, 5.0);
        self.flow.place(None);
    }

    fn heading(&mut self, role: StructRole, text: &str, style: &'static Style, space: f32) -> Range<usize> {
        self.heading_in(self.structure.document(), role, text, style, space)
    }

    /// Lines over the whole width that stay with what follows; nothing for a text without letters.
    pub(crate) fn heading_in(&mut self, parent: Tag, role: StructRole, text: &str, style: &'static Style, space: f32) -> Range<usize> {
        let range = append_line(&mut self.flow.text, text);
        if range.is_empty() {
            return range;
        }
        let tag = self.structure.element(role, parent);
        let begin = self.flow.waiting.len();
        self.lines(range.clone(), tag, style, LEFT, RIGHT - LEFT);
        let rows = &mut self.flow.waiting[begin..];
        rows[0].space = space;
        let short = rows.len() <= LINES_OF_A_HEADING;
        rows.iter_mut().for_each(|row| row.sticky = short);
        range
    }

    pub(crate) fn paragraph(&mut self, parent: Tag, text: &str, style: &'static Style, space: f32) {
        let range = append(&mut self.flow.text, text);
        let tag = self.structure.element(StructRole::P, parent);
        let begin = self.flow.waiting.len();
        self.lines(range, tag, style, LEFT, RIGHT - LEFT);
        let rows = &mut self.flow.waiting[begin..];
        rows[0].space = space;
        keep_ends(rows);
    }

    fn lines(&mut self, range: Range<usize>, tag: Tag, style: &'static Style, x: f32, width: f32) {
        for line in wrap(&self.flow.text, range, style.weight.face(), style.size, width) {
            let span = Span::new(line, x, baseline(style), style, tag);
            self.flow.waiting.push(Row { height: style.leading, spans: vec![span], ..Row::default() });
        }
    }

    /// A rule with white above and below; stays with what follows.
    pub(crate) fn rule(&mut self, rule: Rule, above: f32, below: f32) {
        self.flow.waiting.push(Row { height: above + below, rule: Some((above, rule)), sticky: true, ..Row::default() });
    }

    /// Labels and values side by side, with hairlines above the rows: all of them, or those between rows only.
    fn table(&mut self, parent: Tag, fields: &[(String, String)], ruled_above: bool) {
        if fields.is_empty() {
            return;
        }
        let table = self.structure.element(StructRole::Table, parent);
        for (index, (label, value)) in fields.iter().enumerate() {
            let row = self.structure.element(StructRole::TR, table);
            let labels = append_line(&mut self.flow.text, label);
            let labels = wrap(&self.flow.text, labels, LABEL.weight.face(), LABEL.size, LABELS);
            let values = append(&mut self.flow.text, value);
            let values = wrap(&self.flow.text, values, VALUE.weight.face(), VALUE.size, RIGHT - VALUES);
            let heading = self.structure.element(StructRole::TH, row);
            let cell = self.structure.element(StructRole::TD, row);

            let begin = self.flow.waiting.len();
            let count = labels.len().max(values.len());
            self.flow.waiting.resize_with(begin + count, || Row { height: VALUE.leading, ..Row::default() });
            let rows = &mut self.flow.waiting[begin..];
            for (lines, style, x, tag) in [(labels, &LABEL, LEFT, heading), (values, &VALUE, VALUES, cell)] {
                for (row, line) in rows.iter_mut().zip(lines) {
                    row.spans.push(Span::new(line, x, baseline(&VALUE), style, tag));
                }
            }
            let first = &mut rows[0];
            first.height += PADDING;
            first.spans.iter_mut().for_each(|span| span.drop += PADDING);
            first.rule = (ruled_above || index > 0).then_some((0.0, HAIR));
            rows[count - 1].height += PADDING;
            keep_ends(rows);
        }
    }
}

/// From the top of a line to its baseline: the letters stand in the middle of the leading.
pub(crate) fn baseline(style: &Style) -> f32 {
    // Capitals of the font are 0.66 of its size high; descenders need a little more room than the accents above.
    (style.leading + 0.64 * style.size) / 2.0
}

/// Neither the first nor the last line of several stands alone on a page.
pub(crate) fn keep_ends(rows: &mut [Row]) {
    let count = rows.len();
    if count > 1 {
        rows[0].sticky = true;
        rows[count - 2].sticky = true;
    }
}

//! From an article to rows: text of mixed looks, lists with their marks, pictures, and a list of what it has.

use std::ops::Range;

use pdf_writer::types::{ListNumbering, StructRole};

use crate::article::{Article, Block, Inline};
use crate::compose::{Composed, Heading, Target, baseline, keep_ends};
use crate::flow::{Row, Shown, Span};
use crate::picture::Picture;
use crate::structure::Tag;
use crate::style::{BOLD, DOT, HEADING, HIGHEST, INDENT, LEAD, LEFT, MEDIUM, RECORD, RIGHT, STRONG, Style, TEXT, TITLE};
use crate::text::{Line, append, append_line, append_part, wrap, wrap_mixed};

/// A paragraph of so few lines stays with the picture that follows it.
const SHORT: usize = 4;
/// Before an item that is not numbered.
const BULLET: &str = "•";
/// Between a title on the list of parts and the number of its page.
const GAP: f32 = 28.0;

/// Sets the whole article, with pictures as large as they may be, or a little smaller where it then takes fewer pages; gives the pictures by their
/// numbers, too.
pub(crate) fn typeset(article: &Article) -> (Composed, Vec<&Picture>) {
    let [largest, smaller @ ..] = HIGHEST;
    let mut best = set(article, largest);
    if !best.1.is_empty() {
        for highest in smaller {
            let other = set(article, highest);
            if other.0.flow.pages.len() < best.0.flow.pages.len() {
                best = other;
            }
        }
    }
    best
}

fn set(article: &Article, highest: f32) -> (Composed, Vec<&Picture>) {
    let mut setter = Setter { composed: Composed::new(), pictures: Vec::new(), contents: Vec::new(), highest };
    setter.head(article);
    let root = setter.composed.structure.document();
    let mut part = root;
    for block in &article.blocks {
        if let Block::Heading { level: ..=2, .. } = block {
            part = setter.composed.structure.element(StructRole::Sect, root);
        }
        setter.block(block, part, LEFT);
    }
    setter.closing(&article.closing);
    setter.composed.flow.place(None);
    setter.number_contents();
    (setter.composed, setter.pictures)
}

/// Part of a paragraph as it stands in the text of all.
struct Run {
    range: Range<usize>,
    style: &'static Style,
    tag: Tag,
    link: Option<usize>,
    tinted: bool,
}

struct Setter<'a> {
    composed: Composed,
    pictures: Vec<&'a Picture>,
    /// Of each line on the list of parts: its element, number of its link and that of its heading.
    contents: Vec<(Tag, usize, usize)>,
    /// How high a picture may be.
    highest: f32,
}

impl<'a> Setter<'a> {
    fn head(&mut self, article: &Article) {
        let root = self.composed.structure.document();
        self.composed.heading_in(root, StructRole::P, &article.notice, &RECORD, 0.0);
        let begin = self.composed.flow.waiting.len();
        let title = self.composed.heading_in(root, StructRole::H1, &article.title, &TITLE, 8.0);
        self.number_heading(begin, 0, title);
        if !article.lead.trim().is_empty() {
            self.composed.paragraph(root, &article.lead, &LEAD, 6.0);
        }
        self.rows_from(0).iter_mut().for_each(|row| row.sticky = true);
        self.composed.rule(STRONG, 10.0, 8.0);
        self.contents(article);
    }

    /// The list of parts; which pages they are on is known once all have their places.
    fn contents(&mut self, article: &Article) {
        let titles: Vec<&str> = article
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Heading { level: ..=2, text } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        if titles.len() < 2 {
            return;
        }
        let root = self.composed.structure.document();
        let list = self.composed.structure.element(StructRole::TOC, root);
        // The title of the whole is the first heading.
        let mut heading = 1;
        for block in &article.blocks {
            let Block::Heading { level, text } = block else { continue };
            if *level <= 2 {
                let item = self.composed.structure.element(StructRole::TOCI, list);
                let tag = self.composed.structure.element(StructRole::Link, item);
                let link = self.link(Target::Heading(heading));
                let range = append_line(&mut self.composed.flow.text, text);
                let begin = self.composed.flow.waiting.len();
                for mut line in wrap(&self.composed.flow.text, range, TEXT.weight.face(), TEXT.size, RIGHT - LEFT - GAP) {
                    // The number of the page follows.
                    line.spaced = true;
                    let span = Span { link: Some(link), ..Span::new(line, LEFT, baseline(&TEXT), &TEXT, tag) };
                    self.composed.flow.waiting.push(Row { height: TEXT.leading + 1.0, spans: vec![span], ..Row::default() });
                }
                keep_ends(self.rows_from(begin));
                self.contents.push((tag, link, heading));
            }
            heading += 1;
        }
        self.composed.rule(MEDIUM, 9.0, 0.0);
        if let Some(last) = self.composed.flow.waiting.last_mut() {
            last.sticky = false;
        }
    }

    /// Says on the list of parts where each of them begins.
    fn number_contents(&mut self) {
        let flow = &mut self.composed.flow;
        for (tag, link, heading) in &self.contents {
            let begins = flow.pages.iter().position(|page| page.iter().any(|placed| placed.row.heading == Some(*heading)));
            let Some(page) = begins else { continue };
            let range = append(&mut flow.text, &(page + 1).to_string());
            let width = TEXT.weight.face().width(&flow.text[range.clone()], TEXT.size);
            let line = Line { range, spaced: false };
            let number = Span { link: Some(*link), ..Span::new(line, RIGHT - width, baseline(&TEXT), &TEXT, *tag) };
            let mut rows = flow.pages.iter_mut().flatten().map(|placed| &mut placed.row);
            if let Some(row) = rows.rfind(|row| row.spans.iter().any(|span| span.tag == *tag)) {
                row.spans.push(number);
            }
        }
    }

    fn block(&mut self, block: &'a Block, parent: Tag, x: f32) {
        match block {
            Block::Heading { level, text } => {
                let (role, style, space) = match level {
                    ..=2 => (StructRole::H2, &HEADING, 20.0),
                    3 => (StructRole::H3, &RECORD, 14.0),
                    4 => (StructRole::H4, &RECORD, 12.0),
                    5 => (StructRole::H5, &BOLD, 10.0),
                    _ => (StructRole::H6, &BOLD, 10.0),
                };
                let begin = self.composed.flow.waiting.len();
                let range = self.composed.heading_in(parent, role, text, style, space);
                // What is inside an item of a list is no part of the whole.
                if x <= LEFT {
                    self.number_heading(begin, level.clamp(&2, &6) - 1, range);
                }
                if let Some(last) = self.composed.flow.waiting.last_mut() {
                    last.height += 1.0;
                }
            }
            Block::Paragraph(inlines) => self.paragraph(inlines, parent, x, 6.0),
            Block::List { first, items } => self.list(*first, items, parent, x),
            Block::Picture { picture, alternative } => self.picture(picture, alternative, parent, x),
        }
    }

    fn paragraph(&mut self, inlines: &[Inline], parent: Tag, x: f32, space: f32) {
        let tag = self.composed.structure.element(StructRole::P, parent);
        let has_links = inlines.iter().any(|inline| inline.link.is_some());
        let start = self.composed.flow.text.len();
        let mut runs: Vec<Run> = Vec::new();
        for inline in inlines {
            let range = append_part(&mut self.composed.flow.text, &inline.text);
            let style = if inline.strong { &BOLD } else { &TEXT };
            let link = inline.link.as_ref().map(|address| self.link(Target::Address(address.clone())));
            // Beside a link all is an element, so that they are read in their order.
            let own = match (link, has_links, runs.last()) {
                (Some(_), ..) => self.composed.structure.element(StructRole::Link, tag),
                (None, true, Some(last)) if last.link.is_none() => last.tag,
                (None, true, _) => self.composed.structure.element(StructRole::Span, tag),
                (None, false, _) => tag,
            };
            runs.push(Run { range, style, tag: own, link, tinted: inline.code });
        }
        let text = &self.composed.flow.text;
        let end = start + text[start..].trim_end().len();
        let face = |at: usize| runs.iter().find(|run| run.range.contains(&at)).map_or(&TEXT, |run| run.style).weight.face();
        let begin = self.composed.flow.waiting.len();
        for line in wrap_mixed(text, start..end, face, TEXT.size, RIGHT - x) {
            let mut row = Row { height: TEXT.leading, ..Row::default() };
            let mut left = x;
            for run in &runs {
                let range = line.range.start.max(run.range.start)..line.range.end.min(run.range.end);
                if range.is_empty() {
                    continue;
                }
                let width = run.style.weight.face().width(&text[range.clone()], run.style.size);
                let part = Line { spaced: line.spaced && range.end == line.range.end, range };
                let span = Span::new(part, left, baseline(&TEXT), run.style, run.tag);
                row.spans.push(Span { link: run.link, tinted: run.tinted, ..span });
                left += width;
            }
            self.composed.flow.waiting.push(row);
        }
        let rows = self.rows_from(begin);
        rows[0].space = space;
        keep_ends(rows);
    }

    fn list(&mut self, first: Option<u64>, items: &'a [Vec<Block>], parent: Tag, x: f32) {
        let structure = &mut self.composed.structure;
        let list = structure.element(StructRole::L, parent);
        structure.set_numbering(list, if first.is_some() { ListNumbering::Decimal } else { ListNumbering::Disc });
        let is_nested = x > LEFT;
        for (number, blocks) in (first.unwrap_or_default()..).zip(items) {
            let structure = &mut self.composed.structure;
            let item = structure.element(StructRole::LI, list);
            let (label, body) = (structure.element(StructRole::Lbl, item), structure.element(StructRole::LBody, item));
            let begin = self.composed.flow.waiting.len();
            for block in blocks {
                self.block(block, body, x + INDENT);
            }
            if self.composed.flow.waiting.len() == begin {
                self.composed.flow.waiting.push(Row { height: TEXT.leading, ..Row::default() });
            }
            let mark = if first.is_some() { format!("{number}.") } else { BULLET.to_owned() };
            let range = append(&mut self.composed.flow.text, &mark);
            let left = if first.is_some() { x } else { x + 5.0 };
            let span = Span::new(Line { range, spaced: true }, left, baseline(&TEXT), &TEXT, label);
            let rows = self.rows_from(begin);
            rows[0].spans.insert(0, span);
            rows[0].space = if is_nested { 2.0 } else { 4.0 };
        }
    }

    fn picture(&mut self, picture: &'a Picture, alternative: &str, parent: Tag, x: f32) {
        let [dots, lines] = picture.size().map(|side| side as f32);
        let scale = DOT.min((RIGHT - x) / dots).min(self.highest / lines);
        let (width, height) = (dots * scale, lines * scale);
        let tag = self.composed.structure.element(StructRole::Figure, parent);
        let mut told = String::new();
        append_line(&mut told, alternative);
        self.composed.structure.set_alternative(tag, told);
        let number = self.pictures.len();
        self.pictures.push(picture);
        // A short text stays with what it speaks of.
        let waiting = &mut self.composed.flow.waiting;
        let begin = waiting.iter().rposition(|row| row.space > 0.0).unwrap_or_default();
        if waiting.len() - begin <= SHORT && waiting[begin..].iter().all(|row| row.picture.is_none()) {
            waiting[begin..].iter_mut().for_each(|row| row.sticky = true);
        }
        let shown = Shown { picture: number, x, width, height, tag };
        waiting.push(Row { space: 7.0, height: height + 5.0, picture: Some(shown), ..Row::default() });
    }

    fn closing(&mut self, closing: &[Inline]) {
        if closing.iter().all(|inline| inline.text.trim().is_empty()) {
            return;
        }
        let root = self.composed.structure.document();
        self.composed.rule(MEDIUM, 22.0, 0.0);
        self.paragraph(closing, root, LEFT, 5.0);
    }

    fn link(&mut self, target: Target) -> usize {
        self.composed.links.push(target);
        self.composed.links.len() - 1
    }

    /// Takes note that a heading begins with the row at `begin`.
    fn number_heading(&mut self, begin: usize, depth: u8, text: Range<usize>) {
        let number = self.composed.headings.len();
        self.composed.headings.push(Heading { depth, text });
        if let Some(row) = self.composed.flow.waiting.get_mut(begin) {
            row.heading = Some(number);
        }
    }

    fn rows_from(&mut self, begin: usize) -> &mut [Row] {
        &mut self.composed.flow.waiting[begin..]
    }
}

//! From placed rows to the content of a page: text in the order of reading, each part marked as what it is.

use pdf_writer::types::{ArtifactSubtype, ArtifactType};
use pdf_writer::{Content, Name, Str, TextStr};

use crate::compose::Composed;
use crate::face::Weight;
use crate::flow::Span;
use crate::structure::{Structure, Tag};
use crate::style::{FOOT, HAIR, HEAD, LEFT, PAGE_HEIGHT, RIGHT, Rule, SMALL, Style, TOP};

/// Room between the two parts of the running head.
const HEAD_GAP: f32 = 24.0;

/// The texts that stand on every page.
pub(crate) struct Running<'a> {
    pub(crate) number: &'a str,
    pub(crate) title: &'a str,
    pub(crate) notice: &'a str,
}

/// Content of a page and the fonts it uses.
pub(crate) struct Painted {
    pub(crate) content: Vec<u8>,
    pub(crate) regular: bool,
    pub(crate) semibold: bool,
}

struct Painter<'a> {
    content: Content,
    structure: &'a mut Structure,
    page: usize,
    /// What the text belongs to; none for what is not of the document.
    tag: Option<Tag>,
    /// Whether a mark of `tag` is open.
    marked: bool,
    style: Option<&'static Style>,
    /// Where the last line began; lines are placed relative to each other.
    last: (f32, f32),
    /// What is to be shown next.
    glyphs: Vec<u8>,
    regular: bool,
    semibold: bool,
}

/// Paints the page with this index, and tells the structure where its elements are.
pub(crate) fn paint(composed: &mut Composed, index: usize, running: &Running) -> Painted {
    let Composed { flow, structure } = composed;
    let page = &flow.pages[index];
    let mut painter = Painter::new(structure, index);
    for placed in page {
        if let Some((drop, rule)) = placed.row.rule.filter(|_| placed.top > 0.0) {
            painter.rule(TOP + placed.top + drop, rule);
        }
    }

    let mut spans: Vec<(&Span, f32)> =
        page.iter().flat_map(|placed| placed.row.spans.iter().map(|span| (span, TOP + placed.top + span.drop))).collect();
    spans.sort_by_key(|(span, _)| span.tag);
    for element in spans.chunk_by(|(one, _), (other, _)| one.tag == other.tag) {
        let tag = element[0].0.tag;
        if tag == Tag::ARTIFACT {
            painter.begin_artifact(None);
        } else {
            painter.begin(tag);
        }
        for (span, y) in element {
            painter.line(&flow.text[span.line.range.clone()], span.line.spaced, span.x, *y, span.style);
        }
        painter.end();
    }
    painter.running(running, flow.pages.len());
    Painted { content: painter.content.finish().into_vec(), regular: painter.regular, semibold: painter.semibold }
}

impl<'a> Painter<'a> {
    fn new(structure: &'a mut Structure, page: usize) -> Self {
        Self {
            content: Content::new(),
            structure,
            page,
            tag: None,
            marked: false,
            style: None,
            last: (0.0, 0.0),
            glyphs: Vec::new(),
            regular: false,
            semibold: false,
        }
    }

    /// What stands on every page: number and title above (the first page has them in large), notice and number of the page below.
    fn running(&mut self, running: &Running, pages: usize) {
        let face = SMALL.weight.face();
        if self.page > 0 {
            let number = fit(running.number, (RIGHT - LEFT) / 2.0);
            let room = RIGHT - LEFT - HEAD_GAP - face.width(&number, SMALL.size);
            let title = fit(running.title, room);
            self.begin_artifact(Some(ArtifactSubtype::Header));
            self.line(&number, false, LEFT, HEAD, &SMALL);
            self.line(&title, false, RIGHT - face.width(&title, SMALL.size), HEAD, &SMALL);
            self.end();
            self.rule(HEAD + 6.0, HAIR);
        }
        let foot = format!("{} psl. iš {pages}", self.page + 1);
        let notice = fit(running.notice, RIGHT - LEFT - HEAD_GAP - face.width(&foot, SMALL.size));
        self.begin_artifact(Some(ArtifactSubtype::Footer));
        // The first page has it at its top.
        if self.page > 0 && !notice.is_empty() {
            self.line(&notice, false, LEFT, FOOT, &SMALL);
        }
        self.line(&foot, false, RIGHT - face.width(&foot, SMALL.size), FOOT, &SMALL);
        self.end();
    }

    /// Begins text of an element; its marks are opened as it is shown.
    fn begin(&mut self, tag: Tag) {
        self.content.begin_text();
        self.last = (0.0, 0.0);
        self.tag = Some(tag);
    }

    fn begin_artifact(&mut self, subtype: Option<ArtifactSubtype>) {
        self.content.begin_text();
        self.last = (0.0, 0.0);
        self.tag = None;
        let mut mark = self.content.begin_marked_content_with_properties(Name(b"Artifact"));
        let mut artifact = mark.properties().artifact();
        artifact.kind(ArtifactType::Pagination);
        if let Some(subtype) = subtype {
            artifact.subtype(subtype);
        }
        drop(artifact);
        drop(mark);
        self.marked = true;
    }

    fn end(&mut self) {
        self.unmark();
        self.content.end_text();
    }

    fn unmark(&mut self) {
        if std::mem::take(&mut self.marked) {
            self.content.end_marked_content();
        }
    }

    fn rule(&mut self, y: f32, rule: Rule) {
        let y = up(y);
        self.content.begin_marked_content(Name(b"Artifact"));
        self.content.set_line_width(rule.thickness).set_stroke_gray(rule.gray).move_to(round(LEFT), y).line_to(round(RIGHT), y).stroke();
        self.content.end_marked_content();
    }

    /// A line of text with its baseline at `y` from the top of the page.
    fn line(&mut self, text: &str, spaced: bool, x: f32, y: f32, style: &'static Style) {
        let face = style.weight.face();
        if self.style != Some(style) {
            self.content.set_font(face.name, style.size).set_fill_gray(style.gray);
            self.style = Some(style);
            self.regular |= style.weight == Weight::Regular;
            self.semibold |= style.weight == Weight::Semibold;
        }
        let (x, y) = (round(x), up(y));
        self.content.next_line(round(x - self.last.0), round(y - self.last.1));
        self.last = (x, y);

        // Letters that the font lacks are told in words: what is copied and read aloud is what was entered.
        let mut unknown = String::new();
        for letter in text.chars() {
            let glyph = face.glyph(letter);
            if glyph.found != unknown.is_empty() {
                self.show(&mut unknown);
            }
            if !glyph.found {
                unknown.push(letter);
            }
            self.glyphs.extend(glyph.id.to_be_bytes());
        }
        if spaced {
            if !unknown.is_empty() {
                self.show(&mut unknown);
            }
            self.glyphs.extend(face.glyph(' ').id.to_be_bytes());
        }
        self.show(&mut unknown);
    }

    /// Shows the glyphs that are waiting, as the letters `unknown` if there are any. Marks stand side by side, never in each other:
    /// programs that read the structure aloud or print it lose what comes after an inner one.
    fn show(&mut self, unknown: &mut String) {
        if self.glyphs.is_empty() {
            return;
        }
        if let Some(tag) = self.tag {
            if !unknown.is_empty() {
                self.unmark();
            }
            if !self.marked {
                // ISO 32000-1 (14.9.4) has the text behind the glyphs at marks called `Span`.
                let name = if unknown.is_empty() { self.structure.role(tag).to_name() } else { Name(b"Span") };
                let mut mark = self.content.begin_marked_content_with_properties(name);
                let mut properties = mark.properties();
                properties.identify(self.structure.mark(tag, self.page));
                if !unknown.is_empty() {
                    properties.actual_text(TextStr(unknown));
                }
                self.marked = true;
            }
        }
        self.content.show(Str(&self.glyphs));
        if self.tag.is_some() && !unknown.is_empty() {
            self.unmark();
        }
        unknown.clear();
        self.glyphs.clear();
    }
}

/// The text, or as much of its beginning as fits, with an ellipsis.
fn fit(text: &str, width: f32) -> String {
    let face = SMALL.weight.face();
    if face.width(text, SMALL.size) <= width {
        return text.to_owned();
    }
    let mut room = width - face.width("…", SMALL.size);
    let shown = text.chars().take_while(|letter| {
        room -= f32::from(face.glyph(*letter).width) * SMALL.size / 1000.0;
        room >= 0.0
    });
    shown.collect::<String>().trim_end().to_owned() + "…"
}

/// From the top of the page to the bottom, where PDF counts from.
fn up(y: f32) -> f32 {
    round(PAGE_HEIGHT - y)
}

/// To twentieths of a point: finer than any printer, and short to write.
fn round(length: f32) -> f32 {
    (length * 20.0).round() / 20.0
}

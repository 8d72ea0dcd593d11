//! From placed rows to the content of a page: text in the order of reading, each part marked as what it is.

use pdf_writer::types::{ArtifactSubtype, ArtifactType};
use pdf_writer::{Content, Name, Rect, Str, TextStr};

use crate::compose::{Composed, Target};
use crate::face::Weight;
use crate::flow::{Shown, Span};
use crate::structure::{Structure, Tag};
use crate::style::{FOOT, FRAME, HAIR, HEAD, LEFT, PAGE_HEIGHT, RIGHT, Rule, SMALL, Style, TINT, TOP, UNDERLINE};

/// Room between the two parts of the running head.
const HEAD_GAP: f32 = 24.0;

/// The texts that stand on every page.
pub(crate) struct Running<'a> {
    /// Above, on the left and on the right.
    pub(crate) head: [&'a str; 2],
    /// Below.
    pub(crate) notice: &'a str,
}

/// Content of a page and what it uses.
pub(crate) struct Painted {
    pub(crate) content: Vec<u8>,
    pub(crate) regular: bool,
    pub(crate) semibold: bool,
    /// Numbers of pictures.
    pub(crate) pictures: Vec<usize>,
    pub(crate) links: Vec<Linked>,
}

impl Painted {
    /// Each weight, and whether there is text of it.
    pub(crate) fn weights(&self) -> [(Weight, bool); 2] {
        [(Weight::Regular, self.regular), (Weight::Semibold, self.semibold)]
    }
}

/// Where on a page a link can be followed.
pub(crate) struct Linked {
    pub(crate) link: usize,
    pub(crate) tag: Tag,
    pub(crate) bounds: Rect,
    /// What is written there.
    pub(crate) text: String,
}

/// Something of the document on a page.
enum Item<'a> {
    Text(&'a Span, f32),
    Picture(&'a Shown, f32),
}

impl Item<'_> {
    fn tag(&self) -> Tag {
        match self {
            Self::Text(span, _) => span.tag,
            Self::Picture(shown, _) => shown.tag,
        }
    }
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
    let Composed { flow, structure, links, .. } = composed;
    let page = &flow.pages[index];
    let mut painter = Painter::new(structure, index);
    for placed in page {
        if let Some((drop, rule)) = placed.row.rule.filter(|_| placed.top > 0.0) {
            painter.rule(TOP + placed.top + drop, rule);
        }
    }

    let mut items = Vec::new();
    for placed in page {
        let top = TOP + placed.top;
        items.extend(placed.row.spans.iter().map(|span| Item::Text(span, top + span.drop)));
        items.extend(placed.row.picture.iter().map(|shown| Item::Picture(shown, top)));
    }
    items.sort_by_key(Item::tag);
    for item in &items {
        if let Item::Text(span, y) = item {
            let is_underlined = span.link.is_some_and(|link| matches!(links[link], Target::Address(_)));
            painter.beneath(span, is_underlined, *y, &flow.text);
        }
    }
    let mut pictures = Vec::new();
    for element in items.chunk_by(|one, other| one.tag() == other.tag()) {
        let tag = element[0].tag();
        if let Item::Picture(shown, y) = &element[0] {
            painter.picture(shown, *y);
            pictures.push(shown.picture);
            continue;
        }
        if tag == Tag::ARTIFACT {
            painter.begin_artifact(None);
        } else {
            painter.begin(tag);
        }
        for item in element {
            if let Item::Text(span, y) = item {
                painter.line(&flow.text[span.line.range.clone()], span.line.spaced, span.x, *y, span.style);
            }
        }
        painter.end();
    }
    painter.running(running, flow.pages.len());
    let links = page.iter().flat_map(|placed| linked(&placed.row.spans, TOP + placed.top, &flow.text)).collect();
    Painted { content: painter.content.finish().into_vec(), regular: painter.regular, semibold: painter.semibold, pictures, links }
}

/// The name of a picture in the resources of a page.
pub(crate) fn picture_name(number: usize) -> String {
    format!("P{number}")
}

/// The links of a row, each once.
fn linked(spans: &[Span], top: f32, text: &str) -> Vec<Linked> {
    let mut found: Vec<Linked> = Vec::new();
    for span in spans {
        let Some(link) = span.link else { continue };
        let shown = &text[span.line.range.clone()];
        let (left, right) = (span.x, span.x + width_of(span, text));
        let baseline = up(top + span.drop);
        let (low, high) = (round(baseline - 0.28 * span.style.size), round(baseline + 0.85 * span.style.size));
        match found.iter_mut().find(|one| one.link == link) {
            Some(one) => {
                one.bounds.x2 = round(right);
                one.text = format!("{} {shown}", one.text);
            }
            None => {
                found.push(Linked { link, tag: span.tag, bounds: Rect::new(round(left), low, round(right), high), text: shown.to_owned() })
            }
        }
    }
    found
}

fn width_of(span: &Span, text: &str) -> f32 {
    span.style.weight.face().width(&text[span.line.range.clone()], span.style.size)
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
            let [left, right] = running.head;
            let left = fit(left, if right.is_empty() { RIGHT - LEFT } else { (RIGHT - LEFT) / 2.0 });
            let right = fit(right, RIGHT - LEFT - HEAD_GAP - face.width(&left, SMALL.size));
            self.begin_artifact(Some(ArtifactSubtype::Header));
            self.line(&left, false, LEFT, HEAD, &SMALL);
            self.line(&right, false, RIGHT - face.width(&right, SMALL.size), HEAD, &SMALL);
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

    /// What is under a text: the tint of code, the line of a link to the web.
    fn beneath(&mut self, span: &Span, is_underlined: bool, y: f32, text: &str) {
        if !span.tinted && !is_underlined {
            return;
        }
        let (x, width, size) = (span.x, width_of(span, text), span.style.size);
        self.content.begin_marked_content(Name(b"Artifact"));
        if span.tinted {
            self.content
                .set_fill_gray(TINT)
                .rect(round(x - 1.0), up(y + 0.28 * size), round(width + 2.0), round(1.16 * size))
                .fill_nonzero();
        } else {
            let y = up(y + 1.6);
            self.content.set_line_width(UNDERLINE.thickness).set_stroke_gray(UNDERLINE.gray);
            self.content.move_to(round(x), y).line_to(round(x + width), y).stroke();
        }
        self.content.end_marked_content();
    }

    /// A picture with its upper edge at `y` from the top of the page, and a line around it.
    fn picture(&mut self, shown: &Shown, y: f32) {
        let (x, y, width, height) = (round(shown.x), up(y + shown.height), round(shown.width), round(shown.height));
        let mut mark = self.content.begin_marked_content_with_properties(self.structure.role(shown.tag).to_name());
        mark.properties().identify(self.structure.mark(shown.tag, self.page));
        drop(mark);
        self.content.save_state().transform([width, 0.0, 0.0, height, x, y]);
        self.content.x_object(Name(picture_name(shown.picture).as_bytes())).restore_state().end_marked_content();
        self.structure.set_bounds(shown.tag, Rect::new(x, y, x + width, y + height));
        self.content.begin_marked_content(Name(b"Artifact"));
        self.content.set_line_width(FRAME.thickness).set_stroke_gray(FRAME.gray).rect(x, y, width, height).stroke();
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

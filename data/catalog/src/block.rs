//! The parts of a page of text, for whoever prints it otherwise than as HTML. Read from the same Markdown by the same reader, so that both say the same.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A part of a page of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// 2 to 6.
        level: u8,
        /// What it says.
        text: String,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// Number of the first item, where items are numbered.
        first: Option<u64>,
        /// What each item consists of.
        items: Vec<Vec<Block>>,
    },
    /// A picture.
    Picture {
        /// The name of its file.
        name: String,
        /// What it shows, for those who do not see it.
        alternative: String,
    },
}

/// A part of a paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inline {
    /// What it says; a line break ends the line.
    pub text: String,
    /// Whether it is bold.
    pub strong: bool,
    /// Whether it is a command or other code.
    pub code: bool,
    /// Where it leads.
    pub link: Option<String>,
}

/// What is being read: one for each list and each item that is not over yet, and the page.
enum Frame {
    Blocks(Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
}

/// All parts of a text in Markdown.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut reader = Reader { frames: vec![Frame::Blocks(Vec::new())], ..Reader::default() };
    for event in Parser::new_ext(markdown, Options::empty()) {
        reader.take(event);
    }
    reader.end_paragraph();
    match reader.frames.pop() {
        Some(Frame::Blocks(blocks)) => blocks,
        _ => Vec::new(),
    }
}

#[derive(Default)]
struct Reader {
    frames: Vec<Frame>,
    line: Vec<Inline>,
    strong: usize,
    code: bool,
    link: Option<String>,
    /// Name of a picture, and what was said of it so far.
    picture: Option<(String, String)>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => self.say(&text, self.code),
            Event::Code(text) => self.say(&text, true),
            Event::SoftBreak if self.picture.is_some() || !self.line.is_empty() => self.say(" ", false),
            Event::HardBreak if self.picture.is_some() || !self.line.is_empty() => self.say("\n", false),
            Event::Start(Tag::Strong) => self.strong += 1,
            Event::End(TagEnd::Strong) => self.strong = self.strong.saturating_sub(1),
            Event::Start(Tag::Link { dest_url, .. }) => self.link = Some(dest_url.into_string()),
            Event::End(TagEnd::Link) => self.link = None,
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.end_paragraph();
                self.picture = Some((dest_url.into_string(), String::new()));
            }
            Event::End(TagEnd::Image) => {
                if let Some((name, alternative)) = self.picture.take() {
                    self.push(Block::Picture { name, alternative });
                }
            }
            Event::End(TagEnd::Heading(level)) => {
                let text = std::mem::take(&mut self.line).into_iter().map(|inline| inline.text).collect();
                self.push(Block::Heading { level: level as u8, text });
            }
            Event::Start(Tag::List(first)) => {
                self.end_paragraph();
                self.frames.push(Frame::List(first, Vec::new()));
            }
            Event::Start(Tag::Item) => self.frames.push(Frame::Blocks(Vec::new())),
            Event::End(TagEnd::Item) => {
                self.end_paragraph();
                if let Some(Frame::Blocks(blocks)) = self.frames.pop()
                    && let Some(Frame::List(_, items)) = self.frames.last_mut()
                {
                    items.push(blocks);
                }
            }
            Event::End(TagEnd::List(_)) => {
                if let Some(Frame::List(first, items)) = self.frames.pop() {
                    self.push(Block::List { first, items });
                }
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.end_paragraph();
                self.code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                self.end_paragraph();
                self.code = false;
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_))
            | Event::End(TagEnd::Paragraph | TagEnd::BlockQuote(_)) => {
                self.end_paragraph();
            }
            _ => {}
        }
    }

    /// Goes on with the paragraph, or with what a picture shows.
    fn say(&mut self, text: &str, code: bool) {
        if let Some((_, alternative)) = &mut self.picture {
            alternative.push_str(text);
            return;
        }
        let inline = Inline { text: text.to_owned(), strong: self.strong > 0, code, link: self.link.clone() };
        match self.line.last_mut() {
            Some(last) if (last.strong, last.code, &last.link) == (inline.strong, inline.code, &inline.link) => last.text.push_str(text),
            _ => self.line.push(inline),
        }
    }

    fn end_paragraph(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.iter().any(|inline| !inline.text.trim().is_empty()) {
            self.push(Block::Paragraph(line));
        }
    }

    fn push(&mut self, block: Block) {
        if let Some(Frame::Blocks(blocks)) = self.frames.last_mut() {
            blocks.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Inline {
        Inline { text: text.to_owned(), ..Inline::default() }
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(vec![plain(text)])
    }

    #[test]
    fn a_page_of_text_is_read_part_by_part() {
        let text = "Įžanga\nir toliau.\n\n## Kaip **tai** daroma\n\n3. Spauskite **Toliau**, tada `virsis run` ([čia](a.html)).\n\n   ![Langas „A“, \
                    jame *B*](langas.png)\n4. Laukite:\n   - kol bus;\n   - arba ne.\n\n> Pastaba\\\nkita.\n\n    kodas\n";
        let strong = Inline { strong: true, ..plain("Toliau") };
        let code = Inline { code: true, ..plain("virsis run") };
        let link = Inline { link: Some("a.html".to_owned()), ..plain("čia") };
        let steps = vec![
            vec![
                Block::Paragraph(vec![plain("Spauskite "), strong, plain(", tada "), code, plain(" ("), link, plain(").")]),
                Block::Picture { name: "langas.png".to_owned(), alternative: "Langas „A“, jame B".to_owned() },
            ],
            vec![paragraph("Laukite:"), Block::List { first: None, items: vec![vec![paragraph("kol bus;")], vec![paragraph("arba ne.")]] }],
        ];
        let expected = vec![
            paragraph("Įžanga ir toliau."),
            Block::Heading { level: 2, text: "Kaip tai daroma".to_owned() },
            Block::List { first: Some(3), items: steps },
            paragraph("Pastaba\nkita."),
            Block::Paragraph(vec![Inline { code: true, ..plain("kodas\n") }]),
        ];
        assert_eq!(blocks(text), expected);
    }

    #[test]
    fn text_beside_a_picture_is_a_paragraph_of_its_own() {
        let picture = Block::Picture { name: "b.png".to_owned(), alternative: "b".to_owned() };
        assert_eq!(blocks("a ![b](b.png)\nc"), [paragraph("a "), picture, paragraph("c")]);
    }
}

//! What is read rather than signed: text with headings, lists, links and pictures, such as a guide.

use std::sync::Arc;

use crate::picture::Picture;

/// A text in parts, ready to be printed. It says no day: the same text gives the same file.
///
/// Every text may hold anything, as in a [`crate::Document`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Heading of the first page, and the title that viewers show.
    pub title: String,
    /// What it is about, in a sentence; empty for nothing.
    pub lead: String,
    /// All else, in order.
    pub blocks: Vec<Block>,
    /// Last paragraph, such as where the newest version lies.
    pub closing: Vec<Inline>,
    /// What every page says of the whole, as in [`crate::Document::notice`].
    pub notice: String,
}

/// A part of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; those of level 2 are listed on the first page with their pages.
    Heading {
        /// 2 to 6; the title is of level 1.
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
    /// A picture, as wide as the text but no higher than half a page.
    Picture {
        /// What is shown.
        picture: Arc<Picture>,
        /// What it shows, for those who do not see it.
        alternative: String,
    },
}

/// A part of a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inline {
    /// What it says; a line break ends the line.
    pub text: String,
    /// Whether it is bold.
    pub strong: bool,
    /// Whether it is a command or other code.
    pub code: bool,
    /// The address that it leads to, with its scheme.
    pub link: Option<String>,
}

impl Inline {
    /// Neither bold, nor code, nor a link.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

//! How the pages look: measures and type styles. All lengths are in points, 1/72 inch.

use crate::face::Weight;

/// A4, ISO 216.
pub(crate) const PAGE_WIDTH: f32 = 595.28;
/// A4, ISO 216.
pub(crate) const PAGE_HEIGHT: f32 = 841.89;
const MILLIMETRE: f32 = 72.0 / 25.4;
/// Left edge of the text: 30 mm, as Lithuanian rules for preparing documents have it.
pub(crate) const LEFT: f32 = 30.0 * MILLIMETRE;
/// Right edge of the text; those rules ask for 10 mm of margin at least.
pub(crate) const RIGHT: f32 = PAGE_WIDTH - 16.0 * MILLIMETRE;
/// Upper edge of the text, from the top of the page; those rules ask for 20 mm at least.
pub(crate) const TOP: f32 = 24.0 * MILLIMETRE;
/// Height that the text can take on a page; leaves 24 mm at the bottom.
pub(crate) const BODY: f32 = PAGE_HEIGHT - TOP - 24.0 * MILLIMETRE;
/// Baseline of the running head, from the top of the page.
pub(crate) const HEAD: f32 = 14.5 * MILLIMETRE;
/// Baseline of the page number, from the top of the page.
pub(crate) const FOOT: f32 = PAGE_HEIGHT - 13.0 * MILLIMETRE;

/// Width of the labels of a table.
pub(crate) const LABELS: f32 = 148.0;
/// Left edge of the values of a table.
pub(crate) const VALUES: f32 = LEFT + LABELS + 14.0;
/// White above and below the text of a row of a table.
pub(crate) const PADDING: f32 = 2.8;

/// A way to set type.
#[derive(Debug, PartialEq)]
pub(crate) struct Style {
    pub(crate) weight: Weight,
    /// Size of the letters.
    pub(crate) size: f32,
    /// From one baseline to the next.
    pub(crate) leading: f32,
    /// 0 is black, 1 is white. Text stays at 0.4 or darker, which WCAG 2.1 asks of text this small (1.4.3).
    pub(crate) gray: f32,
}

pub(crate) static NUMBER: Style = Style { weight: Weight::Regular, size: 11.0, leading: 15.0, gray: 0.35 };
pub(crate) static TITLE: Style = Style { weight: Weight::Semibold, size: 20.0, leading: 24.5, gray: 0.0 };
pub(crate) static HEADING: Style = Style { weight: Weight::Semibold, size: 14.0, leading: 18.0, gray: 0.0 };
pub(crate) static RECORD: Style = Style { weight: Weight::Semibold, size: 11.0, leading: 14.5, gray: 0.0 };
pub(crate) static LABEL: Style = Style { weight: Weight::Regular, size: 10.0, leading: 14.0, gray: 0.35 };
pub(crate) static VALUE: Style = Style { weight: Weight::Regular, size: 10.5, leading: 14.0, gray: 0.0 };
pub(crate) static NOTE: Style = Style { weight: Weight::Regular, size: 10.0, leading: 14.0, gray: 0.25 };
/// What an article says first of itself.
pub(crate) static LEAD: Style = Style { weight: Weight::Regular, size: 12.0, leading: 17.0, gray: 0.25 };
pub(crate) static TEXT: Style = Style { weight: Weight::Regular, size: 10.5, leading: 15.0, gray: 0.0 };
/// Of the same size as [`TEXT`], as they stand in the same lines.
pub(crate) static BOLD: Style = Style { weight: Weight::Semibold, size: 10.5, leading: 15.0, gray: 0.0 };
pub(crate) static SMALL: Style = Style { weight: Weight::Regular, size: 8.5, leading: 12.0, gray: 0.4 };

/// A horizontal line over the width of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) thickness: f32,
    pub(crate) gray: f32,
}

/// Under the title, under the running head.
pub(crate) const STRONG: Rule = Rule { thickness: 0.9, gray: 0.0 };
/// Under headings.
pub(crate) const MEDIUM: Rule = Rule { thickness: 0.6, gray: 0.45 };
/// Between the rows of a table.
pub(crate) const HAIR: Rule = Rule { thickness: 0.35, gray: 0.75 };

/// Behind commands and other code.
pub(crate) const TINT: f32 = 0.92;
/// Under links.
pub(crate) const UNDERLINE: Rule = Rule { thickness: 0.4, gray: 0.35 };
/// Around pictures, whose edges are as white as the page.
pub(crate) const FRAME: Rule = Rule { thickness: 0.5, gray: 0.6 };
/// From the edge of a list to the text of its items.
pub(crate) const INDENT: f32 = 20.0;
/// No picture is higher: with what it is about it must fit on a page. The lower ones are for articles that then take fewer pages.
pub(crate) const HIGHEST: [f32; 4] = [0.44 * BODY, 0.42 * BODY, 0.4 * BODY, 0.38 * BODY];
/// How much of its size a picture has at least where it is made smaller to stand on the page on which there is room for it.
pub(crate) const SHRUNK: f32 = 0.68;
/// Points for each dot of a picture, at most: 96 dots are an inch on a screen.
pub(crate) const DOT: f32 = 0.75;

//! The two fonts: which glyph a letter has, how wide it is, and the PDF objects that embed them. Read, and compressed, once per process.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Filter, Name, Rect, Ref, Settings, Str};

use crate::compress;

/// Letters above this code are not in the fonts (and checked by a test), so that one flat table answers for every other.
const LETTERS: usize = 0x2800;
/// WHITE SQUARE, printed for a letter that the font lacks. PDF/A forbids the glyph `.notdef` (ISO 19005-2, 6.2.11.8).
const REPLACEMENT: char = '□';
/// PDF objects of one font.
const OBJECTS: i32 = 5;

/// How bold the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Semibold,
}

/// What a letter looks like in a font.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    /// Number of the glyph in the font.
    pub(crate) id: u16,
    /// Advance width, in thousandths of the size.
    pub(crate) width: u16,
    /// Whether the glyph shows the letter; otherwise it is the replacement.
    pub(crate) found: bool,
}

/// One font.
pub(crate) struct Face {
    glyphs: Vec<Glyph>,
    replacement: Glyph,
    /// How it is called in the resources of a page.
    pub(crate) name: Name<'static>,
    /// The object a page refers to.
    pub(crate) reference: Ref,
    /// All objects of the font.
    pub(crate) objects: Chunk,
}

/// First object that is not one of a font; these come first, so that they are the same in every file.
pub(crate) const AFTER_FONTS: i32 = 1 + 2 * OBJECTS;

static REGULAR: LazyLock<Face> = LazyLock::new(|| {
    let file = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/fonts/VirsisSans-Regular.ttf"));
    Face::read(file, Name(b"R"), Name(b"VirsisSans-Regular"), Ref::new(1))
});
static SEMIBOLD: LazyLock<Face> = LazyLock::new(|| {
    let file = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/fonts/VirsisSans-Semibold.ttf"));
    Face::read(file, Name(b"S"), Name(b"VirsisSans-Semibold"), Ref::new(1 + OBJECTS))
});

impl Weight {
    /// The font of this weight.
    pub(crate) fn face(self) -> &'static Face {
        match self {
            Self::Regular => &REGULAR,
            Self::Semibold => &SEMIBOLD,
        }
    }
}

impl Face {
    /// The glyph of a letter, or the replacement.
    pub(crate) fn glyph(&self, letter: char) -> Glyph {
        self.glyphs.get(letter as usize).copied().unwrap_or(self.replacement)
    }

    /// Width of a text in points.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        let thousandths: u32 = text.chars().map(|letter| u32::from(self.glyph(letter).width)).sum();
        thousandths as f32 * size / 1000.0
    }

    fn read(file: &[u8], name: Name<'static>, full_name: Name<'static>, reference: Ref) -> Self {
        let Ok(font) = ttf_parser::Face::parse(file, 0) else {
            unreachable!("the fonts in data/fonts are part of this program, which its tests would not have let pass without them");
        };
        let glyph = |letter: char| {
            let id = font.glyph_index(letter).filter(|id| id.0 != 0)?;
            Some(Glyph { id: id.0, width: font.glyph_hor_advance(id).unwrap_or(0), found: true })
        };
        let replacement = Glyph { found: false, ..glyph(REPLACEMENT).unwrap_or(Glyph { id: 0, width: 0, found: false }) };
        let letters = (0..LETTERS as u32).map(|code| char::from_u32(code).and_then(glyph).unwrap_or(replacement));
        let glyphs: Vec<Glyph> = letters.collect();
        let objects = embed(file, &font, &glyphs, full_name, reference.get());
        Self { glyphs, replacement, name, reference, objects }
    }
}

/// A composite font whose character codes are glyph numbers (ISO 32000-1, 9.7), with the way back to letters (9.10.3).
fn embed(file: &[u8], font: &ttf_parser::Face, glyphs: &[Glyph], name: Name, first: i32) -> Chunk {
    let [composite, descendant, descriptor, program, to_unicode] = [0, 1, 2, 3, 4].map(|step| Ref::new(first + step));
    let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
    let mut chunk = Chunk::with_settings(Settings { pretty: false });

    chunk.type0_font(composite).base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(descendant).to_unicode(to_unicode);

    let mut cid_font = chunk.cid_font(descendant);
    cid_font
        .subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(system)
        .font_descriptor(descriptor)
        .default_width(0.0)
        .cid_to_gid_map_predefined(Name(b"Identity"));
    let advance = |id| f32::from(font.glyph_hor_advance(ttf_parser::GlyphId(id)).unwrap_or(0));
    cid_font.widths().consecutive(0, (0..font.number_of_glyphs()).map(advance));
    drop(cid_font);

    let bounds = font.global_bounding_box();
    chunk
        .font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(bounds.x_min.into(), bounds.y_min.into(), bounds.x_max.into(), bounds.y_max.into()))
        .italic_angle(0.0)
        .ascent(font.ascender().into())
        .descent(font.descender().into())
        .cap_height(font.capital_height().unwrap_or_default().into())
        // Required, and used by nobody when the font itself is there; this is the usual estimate from the weight.
        .stem_v(10.0 + 220.0 * (f32::from(font.weight().to_number()) - 50.0) / 900.0)
        .font_file2(program);

    let compressed = compress::well(file);
    chunk.stream(program, &compressed).filter(Filter::FlateDecode).pair(Name(b"Length1"), file.len() as i32);

    // Of the letters that share a glyph the first one stands for all: the space for the fixed one, the hyphen for its like.
    let mut letters = BTreeMap::new();
    for (code, glyph) in (0..).zip(glyphs).filter(|(_, glyph)| glyph.found) {
        letters.entry(glyph.id).or_insert(char::from_u32(code).unwrap_or(REPLACEMENT));
    }
    let mut map = UnicodeCmap::new(Name(b"Adobe-Identity-UCS"), system);
    for (glyph, letter) in letters {
        map.pair(glyph, letter);
    }
    let compressed = compress::well(map.finish().as_slice());
    chunk.stream(to_unicode, &compressed).filter(Filter::FlateDecode);
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fonts_have_every_letter_that_lithuanian_texts_need() {
        for weight in [Weight::Regular, Weight::Semibold] {
            for letter in "ąčęėįšųūžĄČĘĖĮŠŲŪŽ„“”‚‘’–—−-…•·€§№°±²³½×≤≥≠√∞%‰→✓□ łńśźżőűßñçğøåæœþāēīōģķļņäöüЙйЖжЩщЫыЭэЯяЇїЄєҐґЎў".chars()
            {
                assert!(weight.face().glyph(letter).found, "{weight:?} has no {letter}");
            }
            assert!(!weight.face().glyph('漢').found);
            assert!(('\0'..=char::MAX).all(|letter| weight.face().glyph(letter).id != 0), "PDF/A forbids the glyph .notdef");
        }
    }

    #[test]
    fn no_letter_of_the_fonts_lies_beyond_the_table() {
        for name in ["Regular", "Semibold"] {
            let path = format!("{}/../../../data/fonts/VirsisSans-{name}.ttf", env!("CARGO_MANIFEST_DIR"));
            let file = std::fs::read(path).unwrap();
            let font = ttf_parser::Face::parse(&file, 0).unwrap();
            assert_eq!(font.units_per_em(), 1000, "widths are taken for thousandths of the size");
            assert!(
                (LETTERS as u32..=0x10_FFFF).filter_map(char::from_u32).all(|letter| font.glyph_index(letter).is_none_or(|id| id.0 == 0))
            );
        }
    }
}

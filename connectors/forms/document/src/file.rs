//! The file: fonts, pages, structure, metadata and what holds them together.

use std::sync::LazyLock;

use pdf_writer::types::OutputIntentSubtype;
use pdf_writer::{Chunk, Filter, Finish, Name, Pdf, Rect, Ref, Settings, TextStr};

use crate::compose::compose;
use crate::face::{AFTER_FONTS, Weight};
use crate::metadata::{LANGUAGE, Metadata};
use crate::paint::{Running, paint};
use crate::style::{PAGE_HEIGHT, PAGE_WIDTH};
use crate::text::append_line;
use crate::{Document, compress};

const CATALOG: Ref = Ref::new(AFTER_FONTS);
const PAGES: Ref = Ref::new(AFTER_FONTS + 1);
const INFORMATION: Ref = Ref::new(AFTER_FONTS + 2);
const XMP: Ref = Ref::new(AFTER_FONTS + 3);
const STRUCTURE: Ref = Ref::new(AFTER_FONTS + 4);
const PROFILE: Ref = Ref::new(AFTER_FONTS + 5);
/// The first page; its content is the next object, then comes the next page.
const FIRST_PAGE: i32 = AFTER_FONTS + 6;

/// What the numbers of gray mean (ISO 19005-2, 6.2.4.3).
static COLOURS: LazyLock<Chunk> = LazyLock::new(|| {
    let compressed = compress::well(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/fonts/sRGB-v2-magic.icc")));
    let mut chunk = Chunk::with_settings(Settings { pretty: false });
    chunk.icc_profile(PROFILE, &compressed).n(3).filter(Filter::FlateDecode);
    chunk
});

/// Forms the file.
pub(crate) fn write(document: &Document) -> Vec<u8> {
    let mut composed = compose(document);
    let (mut number, mut title, mut notice) = (String::new(), String::new(), String::new());
    append_line(&mut number, &document.number);
    append_line(&mut title, &document.title);
    append_line(&mut notice, &document.notice);
    let running = Running { number: &number, title: &title, notice: &notice };

    let mut pdf = Pdf::with_settings_and_capacity(Settings { pretty: false }, 96 * 1024);
    pdf.set_version(1, 7);
    let page_at = |index: usize| Ref::new(FIRST_PAGE + 2 * index as i32);
    let count = composed.flow.pages.len();
    let mut used = [(Weight::Regular, false), (Weight::Semibold, false)];
    for index in 0..count {
        let painted = paint(&mut composed, index, &running);
        let (reference, content) = (page_at(index), Ref::new(page_at(index).get() + 1));
        let mut page = pdf.page(reference);
        page.parent(PAGES).media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT)).contents(content).struct_parents(index as i32);
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        used[0].1 |= painted.regular;
        used[1].1 |= painted.semibold;
        for weight in [(Weight::Regular, painted.regular), (Weight::Semibold, painted.semibold)].iter().filter(|(_, here)| *here) {
            let face = weight.0.face();
            fonts.pair(face.name, face.reference);
        }
        fonts.finish();
        resources.finish();
        page.finish();
        pdf.stream(content, &compress::quickly(&painted.content)).filter(Filter::FlateDecode);
    }
    pdf.pages(PAGES).kids((0..count).map(page_at)).count(count as i32);

    composed.structure.write(&mut pdf, STRUCTURE, page_at(count).get(), page_at);
    Metadata::new(&title, &number, document.formed).write(&mut pdf, INFORMATION, XMP);

    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).metadata(XMP).lang(TextStr(LANGUAGE));
    catalog.pair(Name(b"StructTreeRoot"), STRUCTURE);
    catalog.mark_info().marked(true);
    catalog.viewer_preferences().display_doc_title(true);
    let mut intents = catalog.output_intents();
    let mut intent = intents.push();
    intent.subtype(OutputIntentSubtype::PDFA).output_condition_identifier(TextStr("sRGB")).info(TextStr("sRGB IEC61966-2.1"));
    intent.dest_output_profile(PROFILE);
    intent.finish();
    intents.finish();
    catalog.finish();

    // Of everything but fonts and colours, which are the same in all files.
    let identifier = fingerprint(pdf.as_bytes()).to_vec();
    pdf.set_file_id((identifier.clone(), identifier));
    pdf.extend(&COLOURS);
    for (weight, _) in used.iter().filter(|(_, used)| *used) {
        pdf.extend(&weight.face().objects);
    }
    pdf.finish()
}

/// FNV-1a of 128 bits. It tells files apart (ISO 32000-1, 14.4) and protects nothing: that is what the signature does.
fn fingerprint(data: &[u8]) -> [u8; 16] {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    data.iter().fold(BASIS, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME)).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_the_published_function() {
        // Of the list of test vectors of FNV, for the texts "" and "a".
        assert_eq!(fingerprint(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128.to_be_bytes());
        assert_eq!(fingerprint(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964_u128.to_be_bytes());
    }
}

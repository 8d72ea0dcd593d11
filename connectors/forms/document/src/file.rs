//! The file: fonts, pages, structure, metadata and what holds them together.

use std::sync::LazyLock;

use pdf_writer::types::{ActionType, AnnotationFlags, AnnotationType, OutputIntentSubtype, PageMode, TabOrder};
use pdf_writer::{Chunk, Filter, Finish, Name, Pdf, Rect, Ref, Settings, Str, TextStr};

use crate::compose::{Composed, Target};
use crate::compress;
use crate::face::{AFTER_FONTS, Weight};
use crate::metadata::{LANGUAGE, Metadata};
use crate::outline::{self, Place};
use crate::paint::{Linked, Painted, Running, paint, picture_name};
use crate::picture::Picture;
use crate::style::{PAGE_HEIGHT, PAGE_WIDTH};

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

/// A document that has been set, and what its file says of it.
pub(crate) struct Sheets<'a> {
    pub(crate) composed: Composed,
    /// By their numbers.
    pub(crate) pictures: &'a [&'a Picture],
    pub(crate) running: Running<'a>,
    pub(crate) metadata: Metadata<'a>,
    /// Whether its headings are listed beside the pages.
    pub(crate) outlined: bool,
}

/// Forms the file.
pub(crate) fn write(sheets: Sheets) -> Vec<u8> {
    let Sheets { mut composed, pictures, running, metadata, outlined } = sheets;
    let mut pdf = Pdf::with_settings_and_capacity(Settings { pretty: false }, 96 * 1024);
    pdf.set_version(1, 7);
    let page_at = |index: usize| Ref::new(FIRST_PAGE + 2 * index as i32);
    let count = composed.flow.pages.len();
    let painted: Vec<Painted> = (0..count).map(|index| paint(&mut composed, index, &running)).collect();
    // After the pages come the structure, pictures, annotations and headings.
    let structure = page_at(count).get();
    let first_picture = structure + composed.structure.objects();
    let picture_at = |number: usize| Ref::new(first_picture + number as i32);
    let mut free = first_picture + pictures.len() as i32;
    let places: Vec<Place> = (0..composed.headings.len()).map(|number| Place::of(&composed.flow, number, page_at)).collect();

    for (index, painted) in painted.iter().enumerate() {
        let (reference, content) = (page_at(index), Ref::new(page_at(index).get() + 1));
        let annotations: Vec<Ref> = (free..).take(painted.links.len()).map(Ref::new).collect();
        free += painted.links.len() as i32;
        let mut page = pdf.page(reference);
        page.parent(PAGES).media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT)).contents(content).struct_parents(index as i32);
        if !annotations.is_empty() {
            page.annotations(annotations.iter().copied()).tab_order(TabOrder::StructureOrder);
        }
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        for (weight, _) in painted.weights().iter().filter(|(_, here)| *here) {
            let face = weight.face();
            fonts.pair(face.name, face.reference);
        }
        fonts.finish();
        if !painted.pictures.is_empty() {
            let mut objects = resources.x_objects();
            for number in &painted.pictures {
                objects.pair(Name(picture_name(*number).as_bytes()), picture_at(*number));
            }
        }
        resources.finish();
        page.finish();
        pdf.stream(content, &compress::quickly(&painted.content)).filter(Filter::FlateDecode);
        for (annotation, link) in annotations.into_iter().zip(&painted.links) {
            let key = composed.structure.annotate(link.tag, index, annotation);
            annotate(&mut pdf, annotation, link, key, &composed.links[link.link], &places);
        }
    }
    pdf.pages(PAGES).kids((0..count).map(page_at)).count(count as i32);
    for (number, picture) in pictures.iter().enumerate() {
        picture.write(&mut pdf, picture_at(number));
    }
    composed.structure.write(&mut pdf, STRUCTURE, structure, page_at);
    metadata.write(&mut pdf, INFORMATION, XMP);
    let outline = outlined.then(|| outline::write(&mut pdf, free, &composed, &places));

    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).metadata(XMP).lang(TextStr(LANGUAGE));
    if let Some(outline) = outline {
        catalog.outlines(outline).page_mode(PageMode::UseOutlines);
    }
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
    for weight in [Weight::Regular, Weight::Semibold] {
        if painted.iter().any(|painted| painted.weights().contains(&(weight, true))) {
            pdf.extend(&weight.face().objects);
        }
    }
    pdf.finish()
}

/// Makes a part of a page lead where its link does.
fn annotate(pdf: &mut Pdf, reference: Ref, link: &Linked, key: i32, target: &Target, places: &[Place]) {
    let mut annotation = pdf.annotation(reference);
    annotation.subtype(AnnotationType::Link).rect(link.bounds).contents(TextStr(&link.text));
    annotation.flags(AnnotationFlags::PRINT).border(0.0, 0.0, 0.0, None).struct_parent(key);
    match target {
        Target::Address(address) => {
            annotation.action().action_type(ActionType::Uri).uri(Str(encoded(address).as_bytes()));
        }
        Target::Heading(number) => {
            let place = &places[*number];
            annotation.action().action_type(ActionType::GoTo).destination().page(place.page).xyz(0.0, place.top, None);
        }
    }
}

/// An address in the seven bits that PDF has for it (ISO 32000-1, 12.6.4.7).
fn encoded(address: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_graphic() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
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
    fn an_address_has_letters_of_seven_bits_only() {
        assert_eq!(encoded("https://a.lt/ąb c?d=%20#e"), "https://a.lt/%C4%85b%20c?d=%20#e");
    }

    #[test]
    fn the_fingerprint_is_the_published_function() {
        // Of the list of test vectors of FNV, for the texts "" and "a".
        assert_eq!(fingerprint(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128.to_be_bytes());
        assert_eq!(fingerprint(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964_u128.to_be_bytes());
    }
}

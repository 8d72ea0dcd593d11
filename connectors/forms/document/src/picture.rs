//! Pictures: PNG files (ISO/IEC 15948) whose packed rows go into the PDF as they are, as both formats pack alike (ISO 32000-1, 7.4.4.4).
//!
//! Nothing is unpacked but to see that it is whole. What PDF would have to be told otherwise is refused: transparency, which PDF/A restricts and
//! paper does not have, and rows in the order of a picture that appears bit by bit.

use std::io::Read;

use flate2::read::ZlibDecoder;
use pdf_writer::types::Predictor;
use pdf_writer::{Filter, Finish, Name, Pdf, Ref};

const BEGINNING: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Dots that a side may have.
const LONGEST: u32 = 10_000;
/// The greatest number of a filter of a row.
const LAST_FILTER: u8 = 4;

/// Why a picture cannot be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Another format.
    #[error("it is no PNG file")]
    NoPng,
    /// Cut off or damaged.
    #[error("the file is damaged or not whole")]
    Damaged,
    /// Alpha, or a colour that is not seen.
    #[error("parts of it are transparent; save it without transparency")]
    Transparent,
    /// Saved in seven passes.
    #[error("it is interlaced; save it without interlacing")]
    Interlaced,
    /// No dots, or more than a page could show.
    #[error("it has no dots, or more than {LONGEST} on a side")]
    Size,
}

/// How dots tell their colours.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Colours {
    Gray,
    Rgb,
    /// Red, green and blue of each colour that the picture has.
    Palette(Vec<u8>),
}

/// A picture that can be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    depth: u8,
    colours: Colours,
    /// Rows, filtered and packed.
    rows: Vec<u8>,
}

impl Picture {
    /// Reads a PNG file.
    ///
    /// # Errors
    /// Why it cannot be printed.
    pub fn of_png(file: &[u8]) -> Result<Self, PictureError> {
        let mut rest = file.strip_prefix(BEGINNING).ok_or(PictureError::NoPng)?;
        let (mut head, mut palette, mut rows) = (None, Vec::new(), Vec::new());
        loop {
            let (name, data) = chunk(&mut rest).ok_or(PictureError::Damaged)?;
            match name {
                b"IHDR" => head = Some(Head::read(data)?),
                b"PLTE" => palette = data.to_vec(),
                b"tRNS" => return Err(PictureError::Transparent),
                b"IDAT" => rows.extend_from_slice(data),
                b"IEND" => break,
                _ => {}
            }
        }
        let Head { width, height, depth, kind } = head.ok_or(PictureError::Damaged)?;
        let colours = match kind {
            0 => Colours::Gray,
            2 => Colours::Rgb,
            3 if !palette.is_empty() && palette.len().is_multiple_of(3) && palette.len() <= 3 << depth.min(8) => Colours::Palette(palette),
            _ => return Err(PictureError::Damaged),
        };
        let picture = Self { width, height, depth, colours, rows };
        if picture.is_whole() { Ok(picture) } else { Err(PictureError::Damaged) }
    }

    /// Width and height in dots.
    pub(crate) fn size(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    fn channels(&self) -> u8 {
        if self.colours == Colours::Rgb { 3 } else { 1 }
    }

    /// Whether the rows are all there, each with a filter that there is.
    fn is_whole(&self) -> bool {
        let bits = self.width as usize * usize::from(self.channels()) * usize::from(self.depth);
        let row = 1 + bits.div_ceil(8);
        let mut unpacked = Vec::with_capacity(row * self.height as usize);
        let most = (row * self.height as usize + 1) as u64;
        let read = ZlibDecoder::new(self.rows.as_slice()).take(most).read_to_end(&mut unpacked);
        read.is_ok() && unpacked.len() == row * self.height as usize && unpacked.chunks(row).all(|row| row[0] <= LAST_FILTER)
    }

    /// Writes it as the object `reference`.
    pub(crate) fn write(&self, pdf: &mut Pdf, reference: Ref) {
        let [width, height] = self.size().map(|dots| dots as i32);
        let (channels, depth) = (i32::from(self.channels()), i32::from(self.depth));
        let mut image = pdf.image_xobject(reference, &self.rows);
        image.width(width).height(height).bits_per_component(depth).filter(Filter::FlateDecode);
        image.decode_parms().predictor(Predictor::PngOptimum).colors(channels).bits_per_component(depth).columns(width);
        match &self.colours {
            Colours::Gray => image.color_space().device_gray(),
            Colours::Rgb => image.color_space().device_rgb(),
            Colours::Palette(colours) => image.color_space().indexed(Name(b"DeviceRGB"), (colours.len() / 3) as i32 - 1, colours),
        }
        image.finish();
    }
}

/// What a PNG file says of itself first.
struct Head {
    width: u32,
    height: u32,
    depth: u8,
    kind: u8,
}

impl Head {
    fn read(data: &[u8]) -> Result<Self, PictureError> {
        let (Some(width), Some(height), [depth, kind, 0, 0, interlace]) =
            (number(data), number(data.get(4..).unwrap_or_default()), data.get(8..).unwrap_or_default())
        else {
            return Err(PictureError::Damaged);
        };
        match (kind, depth) {
            (4 | 6, 8 | 16) => return Err(PictureError::Transparent),
            (0, 1 | 2 | 4 | 8 | 16) | (2, 8 | 16) | (3, 1 | 2 | 4 | 8) => {}
            _ => return Err(PictureError::Damaged),
        }
        if *interlace != 0 {
            return Err(PictureError::Interlaced);
        }
        let sides = 1..=LONGEST;
        if !sides.contains(&width) || !sides.contains(&height) {
            return Err(PictureError::Size);
        }
        Ok(Self { width, height, depth: *depth, kind: *kind })
    }
}

/// The next chunk: its name and what it holds.
fn chunk<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let length = number(rest)? as usize;
    let whole = rest.get(4..length.checked_add(12)?)?;
    *rest = &rest[length + 12..];
    Some((&whole[..4], &whole[4..4 + length]))
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|four| u32::from_be_bytes(*four))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress;

    fn chunk_of(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        // Nobody reads the sum at the end.
        [&(data.len() as u32).to_be_bytes(), name.as_slice(), data, &[0; 4]].concat()
    }

    fn png(head: [u8; 5], before: &[Vec<u8>], rows: &[u8]) -> Vec<u8> {
        let header = [&3_u32.to_be_bytes(), &2_u32.to_be_bytes(), head.as_slice()].concat();
        let rows = chunk_of(b"IDAT", &compress::well(rows));
        [BEGINNING, &chunk_of(b"IHDR", &header), &before.concat(), &rows, &chunk_of(b"IEND", b"")].concat()
    }

    #[test]
    fn a_picture_is_taken_as_it_is_or_refused_for_what_pdf_would_not_show_alike() {
        let palette = chunk_of(b"PLTE", &[0, 0, 0, 255, 255, 255]);
        let rows = [0, 0, 1, 0, 2, 1, 0, 1];
        let good = png([8, 3, 0, 0, 0], std::slice::from_ref(&palette), &rows);
        let picture = Picture::of_png(&good).unwrap();
        assert_eq!((picture.size(), picture.channels()), ([3, 2], 1));
        assert!(
            Picture::of_png(&png([8, 0, 0, 0, 0], &[], &rows)).is_ok()
                && Picture::of_png(&png([1, 0, 0, 0, 0], &[], &[0, 7, 0, 7])).is_ok()
        );
        let wrong = |file: &[u8]| Picture::of_png(file).unwrap_err();
        assert_eq!(wrong(b"GIF89a"), PictureError::NoPng);
        assert_eq!(wrong(&good[..good.len() - 20]), PictureError::Damaged, "cut off");
        assert_eq!(wrong(&png([8, 6, 0, 0, 0], &[], &rows)), PictureError::Transparent);
        let hidden = [palette.clone(), chunk_of(b"tRNS", &[0])];
        assert_eq!(wrong(&png([8, 3, 0, 0, 0], &hidden, &rows)), PictureError::Transparent);
        assert_eq!(wrong(&png([8, 3, 0, 0, 1], &[palette], &rows)), PictureError::Interlaced);
        assert_eq!(wrong(&png([8, 3, 0, 0, 0], &[], &rows)), PictureError::Damaged, "no palette");
        assert_eq!(wrong(&png([8, 0, 0, 0, 0], &[], &rows[1..])), PictureError::Damaged, "a row too short");
        assert_eq!(wrong(&png([8, 0, 0, 0, 0], &[], &[5, 0, 0, 0, 0, 0, 0, 0])), PictureError::Damaged, "no such filter");
        let huge = [BEGINNING, &chunk_of(b"IHDR", &[0xff, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0])].concat();
        assert_eq!(wrong(&huge), PictureError::Size);
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_refused_and_never_more() {
        let good = png([8, 0, 0, 0, 0], &[], &[0, 1, 2, 3, 0, 4, 5, 6]);
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x81;
            let _ = Picture::of_png(&bad);
            let _ = Picture::of_png(&good[..at]);
        }
    }
}

//! Pictures of guides: PNG files beside their texts.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a PNG file begins with (ISO/IEC 15948, 5.2), its header's length and name, then width, height, depth, kind of colours, compression, filter and
/// the order of rows.
const BEGINNING: [u8; 16] = *b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
/// Of these, what stands before the first part.
const SIGNATURE: usize = 8;
/// Where in it the kind of colours stands, and the order of rows.
const KIND: usize = BEGINNING.len() + 9;
const ORDER: usize = BEGINNING.len() + 12;
/// Kinds of colours that tell of each dot how much of it is seen.
const TRANSPARENT: [u8; 2] = [4, 6];
/// Bytes that a picture may have: pages with many of them must reach people on slow lines.
const HEAVIEST: u64 = 60_000;

/// How the tag of a picture begins that lies in `folder`: with its size, so that nothing moves on the page when it comes, and it comes only when it
/// is nearly seen.
///
/// # Errors
/// In words, why it cannot be shown.
pub(crate) fn tag(folder: &Path, name: &str) -> Result<String, String> {
    let plain =
        |stem: &str| !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !name.strip_suffix(".png").is_some_and(plain) {
        return Err("a picture is a PNG file beside the text; its name has small letters without marks, digits and hyphens only".to_owned());
    }
    let [width, height] = size(&folder.join(name)).map_err(|reason| format!("the picture {name} {reason}"))?;
    Ok(format!("<img src=\"{name}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" "))
}

fn size(path: &Path) -> Result<[u32; 2], String> {
    let file = File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
    let length = file.metadata().map_or(0, |known| known.len());
    if length > HEAVIEST {
        return Err(format!("has {length} bytes, more than {HEAVIEST}; show less of the page, or with fewer colours"));
    }
    let mut bytes = Vec::new();
    file.take(HEAVIEST).read_to_end(&mut bytes).map_err(|error| format!("cannot be read: {error}"))?;
    let head = bytes.get(..BEGINNING.len() + 13).filter(|head| head.starts_with(&BEGINNING)).ok_or("is no PNG file")?;
    let chunks = chunks(&bytes[SIGNATURE..]).ok_or("is damaged or not whole; save it anew")?;
    if TRANSPARENT.contains(&head[KIND]) || head[ORDER] != 0 || chunks.contains(&b"tRNS".as_slice()) {
        return Err("is transparent or interlaced, and could not be printed; save it without that".to_owned());
    }
    let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    Ok([number(BEGINNING.len()), number(BEGINNING.len() + 4)])
}

/// Names of the parts of a PNG file behind its signature; none if it ends before the part that ends it (ISO/IEC 15948, 5.3).
fn chunks(mut rest: &[u8]) -> Option<Vec<&[u8]>> {
    let mut names = Vec::new();
    while names.last() != Some(&b"IEND".as_slice()) {
        let (length, after) = rest.split_at_checked(4)?;
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        let (name, after) = after.split_at_checked(4)?;
        // Behind its content stands a checksum.
        rest = after.get(length.checked_add(4)?..)?;
        names.push(name);
    }
    Some(names)
}

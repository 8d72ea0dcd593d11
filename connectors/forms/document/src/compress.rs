//! Compression of streams (`FlateDecode`; ISO 32000-1, 7.4.4). The same bytes always compress to the same bytes.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Compresses what is compressed once per process: fonts and the colour profile.
pub(crate) fn well(data: &[u8]) -> Vec<u8> {
    deflate(data, Compression::best())
}

/// Compresses the content of a page, while somebody waits for it.
pub(crate) fn quickly(data: &[u8]) -> Vec<u8> {
    deflate(data, Compression::fast())
}

fn deflate(data: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(data.len() / 2), level);
    match encoder.write_all(data).and_then(|()| encoder.finish()) {
        Ok(compressed) => compressed,
        Err(_) => unreachable!("writing to a vector never fails"),
    }
}

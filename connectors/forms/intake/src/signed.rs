//! Whether a document that somebody attached may hold an electronic signature, and with it the personal code in the signer's certificate.
//!
//! Told by the content and with doubt on the side of the code: what cannot be looked into counts as signed. A signed container always is. A
//! PDF is if it has a signature, an attached file or another file behind its end (either may be a signed container in turn), or parts that
//! are encrypted or packed so that nobody looks into them here.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use flate2::{Decompress, FlushDecompress, Status};

use crate::{PDF, media_type};

/// What a signature, something attached or something closed is written with, anywhere in a PDF (ISO 32000-2, 7.6, 7.11, 12.8).
const MARKS: &[&str] = &[
    "/ByteRange",
    "/Sig",
    "/DocTimeStamp",
    "/DSS",
    "/Encrypt",
    "/EmbeddedFile",
    "/FileAttachment",
    "/AFRelationship",
    "/Collection",
    "adbe.pkcs7",
    "ETSI.CAdES",
    "adbe.x509",
    "PNOLT-",
    "PNOEE-",
    "PNOLV-",
];
/// The same in so few letters that it stands by chance in any large picture: looked for outside of streams, and in those that were
/// unpacked.
const SHORT_MARKS: &[&str] = &["/EF ", "/EF<", "/EF\n", "/EF\r", "/EF\t", "/EF[", "/EF/", "/EF%"];
/// Ways of packing that are not looked into, with their short names.
const CLOSED: &[&str] =
    &["/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx", "/LZWDecode", "/LZW", "/RunLengthDecode", "/Crypt", "/JBIG2Decode"];
/// Pictures hold nothing but pictures.
const PICTURE: &str = "/Image";
/// Rows of a table packed as differences; only the table of objects' places is packed so in good faith.
const DIFFERENCES: &str = "/Predictor";
const PLACES: &str = "/XRef";

/// Bytes unpacked of one document.
const MOST_UNPACKED: usize = 64 << 20;
/// Bytes before a stream in which its dictionary is looked for.
const LONGEST_DICTIONARY: usize = 4096;
/// Bytes from the end in which the record of a ZIP file would lie.
const ZIP_TAIL: usize = (1 << 16) + 64;
const ZIP_END: &[u8] = b"PK\x05\x06";
const STREAM: &[u8] = b"stream";
const END: &[u8] = b"endstream";

static ANYWHERE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(MARKS).ok());
static INSIDE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(MARKS.iter().chain(SHORT_MARKS)).ok());

/// Whether a signature may be in it.
#[must_use]
pub fn may_be_signed(bytes: &[u8]) -> bool {
    if media_type(bytes) != Some(PDF) {
        return true;
    }
    let has = |marks: &LazyLock<Option<AhoCorasick>>, bytes: &[u8]| marks.as_ref().is_none_or(|marks| marks.is_match(bytes));
    let tail = &bytes[bytes.len().saturating_sub(ZIP_TAIL)..];
    if has(&ANYWHERE, &plain_names(bytes)) || tail.windows(ZIP_END.len()).any(|window| window == ZIP_END) {
        return true;
    }
    let (mut rest, mut outside, mut unpacked) = (bytes, Vec::new(), 0);
    while let Some(at) = find(rest, STREAM) {
        let (before, from) = (&rest[..at], &rest[at + STREAM.len()..]);
        outside.extend_from_slice(before);
        outside.push(b'\n');
        let packed = [b"\r\n".as_slice(), b"\n", b"\r"].iter().find_map(|end| from.strip_prefix(*end));
        // Otherwise the word in a text, or an end without its beginning.
        let Some(packed) = packed.filter(|_| !before.ends_with(b"end")) else {
            rest = from;
            continue;
        };
        let dictionary = plain_names(&before[before.len().saturating_sub(LONGEST_DICTIONARY)..]);
        let dictionary = String::from_utf8_lossy(&dictionary).into_owned();
        let dictionary = dictionary.rsplit(" obj").next().unwrap_or_default();
        let is = |word: &str| dictionary.contains(word);
        let length = find(packed, END).unwrap_or(packed.len());
        if !is(PICTURE) {
            if CLOSED.iter().any(|word| is(word)) || is(DIFFERENCES) && !is(PLACES) {
                return true;
            }
            let Some(inside) = unpack(&packed[..length], MOST_UNPACKED - unpacked) else { return true };
            unpacked += inside.len();
            let is_file = inside.starts_with(b"PK\x03\x04") || inside.starts_with(b"%PDF-");
            if is_file || has(&INSIDE, &plain_names(&inside)) {
                return true;
            }
        }
        rest = packed.get(length + END.len()..).unwrap_or_default();
    }
    outside.extend_from_slice(rest);
    has(&INSIDE, &plain_names(&outside))
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = word[0];
    let mut from = 0;
    loop {
        let at = from + bytes[from..].iter().position(|byte| *byte == first)?;
        if bytes[at..].starts_with(word) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// A stream's content as far as it can be unpacked; as it is where it is not packed; `None` if it is too large.
fn unpack(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut inflate = Decompress::new(true);
    let (mut out, mut buffer) = (Vec::new(), vec![0; 32 * 1024]);
    loop {
        let (read, written) = (inflate.total_in(), inflate.total_out());
        let rest = usize::try_from(read).ok().and_then(|read| packed.get(read..)).unwrap_or_default();
        let done = inflate.decompress(rest, &mut buffer, FlushDecompress::None);
        let new = usize::try_from(inflate.total_out() - written).unwrap_or_default();
        out.extend_from_slice(buffer.get(..new)?);
        if out.len() > most {
            return None;
        }
        match done {
            Ok(Status::Ok | Status::BufError) if new > 0 || inflate.total_in() > read => {}
            // Its end, or damage: another reader may still make something of what came before.
            _ if out.is_empty() => return (packed.len() <= most).then(|| packed.to_vec()),
            _ => return Some(out),
        }
    }
}

/// Names may have any letter as `#` and two hexadecimal digits.
fn plain_names(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (mut plain, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    while let [byte, after @ ..] = rest {
        rest = after;
        if let (b'#', [high, low, further @ ..]) = (*byte, after)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            plain.push(high << 4 | low);
            rest = further;
        } else {
            plain.push(*byte);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;
    use crate::{ADOC, ASIC_E};

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
        [format!("7 0 obj << {dictionary} /Length {} >>\nstream\r\n", content.len()).as_bytes(), content, b"\nendstream\nendobj\n"].concat()
    }

    fn pdf(parts: &[&[u8]]) -> Vec<u8> {
        [b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >>\nendobj\n", parts.concat().as_slice(), b"trailer << /Root 1 0 R >>\n%%EOF\n"]
            .concat()
    }

    fn container(kind: &str) -> Vec<u8> {
        let mut header = vec![0; 30];
        header[..4].copy_from_slice(b"PK\x03\x04");
        for size in [18, 22] {
            header[size] = u8::try_from(kind.len()).unwrap();
        }
        header[26] = 8;
        [&header, b"mimetype".as_slice(), kind.as_bytes()].concat()
    }

    #[test]
    fn a_document_without_a_signature_is_one_for_everybody() {
        let page = stream("/Filter /FlateDecode", &packed(b"BT (Sutartis su parasu: Jonas) Tj ET"));
        let objects = stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &packed(b"5 0 << /Type /Page /Parent 2 0 R >>"));
        let places = stream("/Type /XRef /Filter /FlateDecode /DecodeParms << /Predictor 12 >>", &packed(&[0; 40]));
        let picture = stream("/Subtype /Image /Filter /DCTDecode", b"/EF \xff\xd8 picture");
        assert!(!may_be_signed(&pdf(&[&page, &objects, &places, &picture])));
        assert!(!may_be_signed(&pdf(&[])));
        assert!(!may_be_signed(&pdf(&[b"9 0 obj (a stream of words)\nendobj\n"])));
    }

    #[test]
    fn a_signature_is_found_wherever_a_pdf_can_have_it() {
        let field = b"5 0 obj << /FT /Sig /V 6 0 R >>\nendobj\n";
        let dictionary = b"6 0 obj << /ByteRange [0 10 20 30] /Contents <30> >>\nendobj\n";
        let escaped = b"6 0 obj << /By#74eR#61nge [0 10 20 30] >>\nendobj\n";
        let in_objects = stream("/Type /ObjStm /Filter /FlateDecode", &packed(b"5 0 << /FT /Sig /V 6 0 R >>"));
        let short_name = stream("/Type/ObjStm/Filter[/Fl]", &packed(b"5 0 << /FT /S#69g >>"));
        for part in [field.as_slice(), dictionary, escaped, &in_objects, &short_name, b"8 0 obj << /DSS 9 0 R >>\nendobj\n"] {
            assert!(may_be_signed(&pdf(&[part])), "{}", String::from_utf8_lossy(part));
        }
    }

    #[test]
    fn what_is_attached_to_a_pdf_counts_as_signed_for_it_may_be() {
        let named = b"5 0 obj << /F (a.asice) /EF << /F 6 0 R >> >>\nendobj\n";
        let in_objects = stream("/Type /ObjStm /Filter /FlateDecode", &packed(b"5 0 << /F (a.adoc) /EF<</F 6 0 R>> >>"));
        let unnamed = stream("/Filter /FlateDecode", &packed(&container(ASIC_E)));
        let plain = stream("", &container(ADOC));
        for part in [named.as_slice(), &in_objects, &unnamed, &plain] {
            assert!(may_be_signed(&pdf(&[part])));
        }
        assert!(may_be_signed(&[pdf(&[]), container(ASIC_E), ZIP_END.to_vec(), vec![0; 18]].concat()), "a ZIP file behind its end");
    }

    #[test]
    fn what_cannot_be_looked_into_counts_as_signed() {
        for dictionary in
            ["/Filter /ASCII85Decode", "/Filter [/LZWDecode /FlateDecode]", "/Filter /Crypt", "/DecodeParms << /Predictor 12 >>"]
        {
            assert!(may_be_signed(&pdf(&[&stream(dictionary, b"x")])), "{dictionary}");
        }
        assert!(may_be_signed(&pdf(&[b"trailer << /Encrypt 5 0 R >>"])));
        assert!(may_be_signed(&pdf(&[&stream("/Filter /FlateDecode", &packed(&vec![0; MOST_UNPACKED + 1]))])), "a bomb");
    }

    #[test]
    fn containers_are_signed_and_so_is_whatever_is_no_document_that_can_be_attached() {
        for bytes in [container(ASIC_E), container(ADOC), b"MZ".to_vec(), Vec::new()] {
            assert!(may_be_signed(&bytes));
        }
    }
}

//! What a file is, by its content; its name and what the browser says of it prove nothing.

/// Media type of a PDF.
pub const PDF: &str = "application/pdf";
/// Media type of a signed container (ETSI EN 319 162-1).
pub const ASIC_E: &str = "application/vnd.etsi.asic-e+zip";
/// Media type of a Lithuanian signed document.
pub const ADOC: &str = "application/vnd.lt.archyvai.adoc-2008";

/// Name of the first entry of a signed container, which says what it is.
const NAME: &[u8] = b"mimetype";
/// Bytes before that name.
const HEADER: usize = 30;

/// What a file is, if it is something that may be attached: a PDF, or a signed container (ADOC, ASiC-E).
#[must_use]
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"%PDF-") { Some(PDF) } else { container(bytes) }
}

/// A signed container is a zip whose first entry says what it is, neither compressed nor encrypted and with nothing between its name and its
/// content (ETSI EN 319 162-1, A.1): readers that go by the header find the same then as those that go by the place.
fn container(bytes: &[u8]) -> Option<&'static str> {
    let (header, rest) = bytes.split_at_checked(HEADER)?;
    // APPNOTE, clause 4.3.7: flags, method, checksum, two sizes, lengths of the name and of what follows it.
    let number = |at: usize| header[at..at + 2].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte));
    let (flags, method, name, extra) = (number(6), number(8), number(26), number(28));
    let (is_encrypted, is_streamed) = (flags & 1 != 0, flags & 8 != 0);
    if !header.starts_with(b"PK\x03\x04") || is_encrypted || (method, name, extra) != (0, NAME.len(), 0) {
        return None;
    }
    let content = rest.strip_prefix(NAME)?;
    // Whoever writes without going back puts the sizes behind the content.
    let is_long = |length: usize| is_streamed || (number(18), number(20), number(22), number(24)) == (length, 0, length, 0);
    [ASIC_E, ADOC].into_iter().find(|known| content.starts_with(known.as_bytes()) && is_long(known.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first entry of a zip as its header should be.
    fn zip(name: &str, content: &str) -> Vec<u8> {
        let mut header = [0; HEADER];
        header[..4].copy_from_slice(b"PK\x03\x04");
        for size in [18, 22] {
            header[size] = u8::try_from(content.len()).unwrap();
        }
        header[26] = u8::try_from(name.len()).unwrap();
        [&header, name.as_bytes(), content.as_bytes(), b"PK\x03\x04"].concat()
    }

    #[test]
    fn a_document_is_known_by_its_content_and_not_by_its_name() {
        assert_eq!(media_type(b"%PDF-1.7 ..."), Some(PDF));
        assert_eq!((media_type(&zip("mimetype", ASIC_E)), media_type(&zip("mimetype", ADOC))), (Some(ASIC_E), Some(ADOC)));
        let cut = zip("mimetype", ASIC_E)[..60].to_vec();
        let longer = zip("mimetype", &format!("{ADOC}x"));
        let others = [zip("mimetype", "application/zip"), zip("a.html", ADOC), zip("mimetypes", ADOC), cut, longer];
        for other in
            others.into_iter().chain([b" %PDF-1.7".to_vec(), b"<html>".to_vec(), b"MZ".to_vec(), Vec::new(), b"PK\x03\x04".to_vec()])
        {
            assert_eq!(media_type(&other), None);
        }
    }

    /// What the place of the content says and the header denies: another reader would find another file there.
    #[test]
    fn a_container_is_one_for_readers_that_go_by_the_header_too() {
        let with = |at: usize, byte: u8| {
            let mut bytes = zip("mimetype", ASIC_E);
            bytes[at] = byte;
            media_type(&bytes)
        };
        assert_eq!(with(6, 0), Some(ASIC_E));
        // Encrypted, compressed, a shorter name, something after the name, a shorter content, one of 16 MiB, a longer one.
        for (at, byte) in [(6, 1), (8, 8), (26, 7), (28, 1), (22, 30), (24, 1), (18, 32)] {
            assert_eq!(with(at, byte), None, "byte {at}");
        }
        // With the sizes behind the content, which Java's tools write.
        let mut streamed = zip("mimetype", ADOC);
        (streamed[6], streamed[18], streamed[22]) = (8, 0, 0);
        assert_eq!(media_type(&streamed), Some(ADOC));
    }
}

//! PDFs made for the tests, by hand: as plain as they can be, or with whatever a test puts in.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// The objects of a file: a page with one font, and more.
#[derive(Clone)]
pub(crate) struct Made {
    objects: Vec<(u32, Vec<u8>)>,
    pub(crate) trailer: String,
}

pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes everything")
}

pub(crate) fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    [format!("<< {dictionary} /Length {} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
}

/// A page that says this, in operators.
pub(crate) fn page(content: &str) -> Made {
    let objects: [(u32, &[u8]); 5] = [
        (1, b"<< /Type /Catalog /Pages 2 0 R >>"),
        (2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>"),
        (3, b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>"),
        (4, &stream("/Filter /FlateDecode", &packed(content.as_bytes()))),
        (5, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"),
    ];
    Made { objects: objects.map(|(number, body)| (number, body.to_vec())).to_vec(), trailer: String::new() }
}

/// A page with one line of text.
pub(crate) fn line(text: &str) -> Made {
    page(&format!("BT /F 12 Tf 50 700 Td ({text}) Tj ET"))
}

impl Made {
    /// Puts an object in, or another one in its place.
    pub(crate) fn with(mut self, number: u32, body: impl AsRef<[u8]>) -> Self {
        self.objects.retain(|(other, _)| *other != number);
        self.objects.push((number, body.as_ref().to_vec()));
        self
    }

    pub(crate) fn with_trailer(mut self, more: &str) -> Self {
        self.trailer.push_str(more);
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::new();
        for (number, body) in &self.objects {
            places.push((*number, bytes.len()));
            bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let table = bytes.len();
        bytes.extend_from_slice(b"xref\n0 1\n0000000000 65535 f \n");
        for (number, place) in places {
            bytes.extend_from_slice(format!("{number} 1\n{place:010} 00000 n \n").as_bytes());
        }
        let more = &self.trailer;
        bytes.extend_from_slice(format!("trailer\n<< /Size 99 /Root 1 0 R {more} >>\nstartxref\n{table}\n%%EOF\n").as_bytes());
        bytes
    }
}

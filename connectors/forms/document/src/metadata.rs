//! What the file says about itself, twice, as ISO 19005-2 asks (6.6): the document information and the same as XMP.

use chrono::{DateTime, Datelike, SecondsFormat, Timelike, Utc};
use pdf_writer::{Date, Pdf, Ref, TextStr};

/// Program that wrote the file.
const PRODUCER: &str = "Virsis";
/// ISO 19005-2 (6.1.13) allows strings of 32 767 bytes; a title is never that long, and an entered text could be.
const LONGEST: usize = 4000;

/// Title, number and time of a document.
pub(crate) struct Metadata<'a> {
    title: &'a str,
    number: &'a str,
    formed: DateTime<Utc>,
}

impl<'a> Metadata<'a> {
    /// Takes texts that are free of control characters.
    pub(crate) fn new(title: &'a str, number: &'a str, formed: DateTime<Utc>) -> Self {
        Self { title: beginning(title), number: beginning(number), formed }
    }

    /// Writes both forms.
    pub(crate) fn write(&self, pdf: &mut Pdf, information: Ref, xmp: Ref) {
        let (day, time) = (self.formed.date_naive(), self.formed.time());
        let date = Date::new(u16::try_from(day.year()).unwrap_or_default())
            .month(day.month() as u8)
            .day(day.day() as u8)
            .hour(time.hour() as u8)
            .minute(time.minute() as u8)
            .second(time.second() as u8)
            .utc_offset_hour(0)
            .utc_offset_minute(0);
        pdf.document_info(information)
            .title(TextStr(self.title))
            .subject(TextStr(self.number))
            .producer(TextStr(PRODUCER))
            .creation_date(date)
            .modified_date(date);
        pdf.metadata(xmp, self.xmp().as_bytes());
    }

    fn xmp(&self) -> String {
        let time = self.formed.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (title, number) = (escaped(self.title), escaped(self.number));
        format!(
            r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{number}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{time}</xmp:CreateDate>
<xmp:ModifyDate>{time}</xmp:ModifyDate>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#,
            bom = '\u{FEFF}',
        )
    }
}

/// Language of the document, RFC 3066.
pub(crate) const LANGUAGE: &str = "lt-LT";

fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

//! What the file says about itself, twice, as ISO 19005-2 asks (6.6): the document information and the same as XMP.

use chrono::{DateTime, Datelike, SecondsFormat, Timelike, Utc};
use pdf_writer::{Date, Finish, Pdf, Ref, TextStr};

/// Program that wrote the file.
const PRODUCER: &str = "Virsis";
/// ISO 19005-2 (6.1.13) allows strings of 32 767 bytes; a title is never that long, and an entered text could be.
const LONGEST: usize = 4000;

/// By which rules the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// PDF/A-2u: what is written can be copied and searched.
    Unicode,
    /// PDF/A-2a: all that it consists of is told, too; and PDF/UA-1 (ISO 14289-1), which says how.
    Accessible,
}

/// Title, number and time of a document.
pub(crate) struct Metadata<'a> {
    title: &'a str,
    number: &'a str,
    formed: Option<DateTime<Utc>>,
    rules: Rules,
}

impl<'a> Metadata<'a> {
    /// Takes texts that are free of control characters.
    pub(crate) fn new(title: &'a str, number: &'a str, formed: Option<DateTime<Utc>>, rules: Rules) -> Self {
        Self { title: beginning(title), number: beginning(number), formed, rules }
    }

    /// Writes both forms.
    pub(crate) fn write(&self, pdf: &mut Pdf, information: Ref, xmp: Ref) {
        let mut written = pdf.document_info(information);
        written.title(TextStr(self.title)).subject(TextStr(self.number)).producer(TextStr(PRODUCER));
        if let Some(formed) = self.formed {
            let (day, time) = (formed.date_naive(), formed.time());
            let date = Date::new(u16::try_from(day.year()).unwrap_or_default())
                .month(day.month() as u8)
                .day(day.day() as u8)
                .hour(time.hour() as u8)
                .minute(time.minute() as u8)
                .second(time.second() as u8)
                .utc_offset_hour(0)
                .utc_offset_minute(0);
            written.creation_date(date).modified_date(date);
        }
        written.finish();
        pdf.metadata(xmp, self.xmp().as_bytes());
    }

    fn xmp(&self) -> String {
        let times = self.formed.map_or_else(String::new, |formed| {
            let time = formed.to_rfc3339_opts(SecondsFormat::Secs, true);
            format!("\n<xmp:CreateDate>{time}</xmp:CreateDate>\n<xmp:ModifyDate>{time}</xmp:ModifyDate>")
        });
        let (conformance, accessible) = match self.rules {
            Rules::Unicode => ("U", ""),
            Rules::Accessible => ("A", ACCESSIBLE),
        };
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
<pdf:Producer>{PRODUCER}</pdf:Producer>{times}
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>{conformance}</pdfaid:conformance>
</rdf:Description>{accessible}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#,
            bom = '\u{FEFF}',
        )
    }
}

/// That it is PDF/UA-1, and the description of this very statement, as PDF/A does not know it (ISO 19005-2, 6.6.2.3).
const ACCESSIBLE: &str = r#"
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"#;

/// Language of the document, RFC 3066.
pub(crate) const LANGUAGE: &str = "lt-LT";

fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

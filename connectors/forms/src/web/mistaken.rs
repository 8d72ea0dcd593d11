//! What was uploaded in place of a signed container: recognised by its content, since names prove nothing, so that the message can name it.

/// Bytes at the beginning that tell what a file is.
const BEGINNING: usize = 1024;
/// What the Lithuanian format is called inside, in all its versions.
const ADOC: &[u8] = b"application/vnd.lt.archyvai.adoc";
const ASIC_S: &[u8] = b"application/vnd.etsi.asic-s+zip";
const BDOC: &[u8] = b"application/vnd.bdoc";
/// Object identifier of signed data (CMS, RFC 5652), as DER writes it.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// The same of enveloped data.
const ENVELOPED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";

/// What came, and what is to be done; `None` of something that nobody has a name for. `is_unsigned` says that it is what should
/// have been signed.
pub(super) fn told(bytes: &[u8], is_unsigned: bool) -> Option<String> {
    let what = came(bytes, is_unsigned)?;
    Some(format!("{what} Čia reikia ASiC-E failo (jo vardas baigiasi „.asice“). Kuo ir kaip jį sukurti, parašyta 2 žingsnyje."))
}

fn came(bytes: &[u8], is_unsigned: bool) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(BEGINNING)];
    let begins = |mark: &[u8]| head.starts_with(mark);
    let text = head.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let is_xml = text.starts_with(b"<");
    // Readers of PDF pass over what stands before its mark; a container may hold a PDF as it is.
    let is_pdf = !begins(b"PK") && holds(head, b"%PDF-");
    Some(match () {
        () if bytes.is_empty() => "Įkeltas failas tuščias.",
        () if is_unsigned => "Įkėlėte patį dokumentą, jis dar nepasirašytas.",
        () if is_pdf && is_signed_pdf(bytes) => {
            "Įkėlėte pasirašytą PDF: parašas yra pačiame PDF faile (taip pasirašo, pvz., „GoSign“), o toks čia netinka."
        }
        () if is_pdf => "Įkėlėte PDF be parašo.",
        () if begins(b"PK") && holds(head, ADOC) => {
            "Įkėlėte ADOC dokumentą. Jame pasirašoma ne tik tai, ką suformavo ši sistema, bet ir kita, ko ji nepatikrina, todėl toks čia netinka."
        }
        () if begins(b"PK") && holds(head, ASIC_S) => "Įkėlėte ASiC-S failą.",
        () if begins(b"PK") && holds(head, BDOC) => "Įkėlėte BDOC failą.",
        () if begins(b"PK") && (holds(head, b"[Content_Types].xml") || holds(head, b"vnd.oasis.opendocument")) => {
            "Įkėlėte teksto redaktoriaus dokumentą, ne pasirašytą failą."
        }
        () if begins(b"PK") && !holds(head, b"application/vnd.etsi.asic-e+zip") => "Įkėlėte ZIP archyvą, ne pasirašytą failą.",
        () if begins(b"CDOC") || is_xml && holds(head, b"EncryptedData") => {
            "Įkėlėte užšifruotą failą (CDOC): jis užšifruotas, bet nepasirašytas."
        }
        () if is_xml && holds(head, b"SignedDoc") => "Įkėlėte seno formato DDOC failą.",
        () if is_xml && holds(head, b"xmldsig#") => "Įkėlėte vien parašą, be paties dokumento.",
        () if holds(&head[..head.len().min(64)], SIGNED_DATA) || holds(head, b"BEGIN PKCS7") || holds(head, b"BEGIN CMS") => {
            "Įkėlėte CAdES (CMS) parašą, pvz., „.p7m“ ar „.p7s“ failą."
        }
        () if holds(head, b"pkcs7") && holds(head, b"MIME") => "Įkėlėte pasirašytą el. laišką (S/MIME).",
        () if holds(&head[..head.len().min(64)], ENVELOPED_DATA) => "Įkėlėte užšifruotą failą: jis užšifruotas, bet nepasirašytas.",
        () if begins(b"\xff\xd8\xff") || begins(b"\x89PNG") || begins(b"II*\0") || begins(b"MM\0*") || head.get(4..8) == Some(b"ftyp") => {
            "Įkėlėte paveikslėlį: ranka pasirašyto dokumento nuotrauka nėra elektroninis parašas."
        }
        () => return None,
    })
}

/// A signature of PDF has a range of bytes that it is over (ISO 32000-1, clause 12.8.1).
fn is_signed_pdf(bytes: &[u8]) -> bool {
    holds(bytes, b"/ByteRange") && (holds(bytes, b"/SubFilter") || holds(bytes, b"/Sig"))
}

fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip(content: &str) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend([0; 26]);
        bytes.extend(content.as_bytes());
        bytes
    }

    #[test]
    fn whatever_comes_in_place_of_a_container_is_named_and_what_is_needed_is_said() {
        let document = b"%PDF-1.7 VIRSIS";
        let cms = [b"\x30\x82\x01\x00".as_slice(), SIGNED_DATA].concat();
        for (bytes, name) in [
            (document.to_vec(), "patį dokumentą"),
            (b"%PDF-1.7 other".to_vec(), "PDF be parašo"),
            (b"\n%PDF-1.7 /Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]".to_vec(), "pasirašytą PDF"),
            (zip("mimetypeapplication/vnd.lt.archyvai.adoc-2008"), "ADOC"),
            (zip("mimetypeapplication/vnd.lt.archyvai.adoc-2014"), "ADOC"),
            (zip("mimetypeapplication/vnd.etsi.asic-s+zip"), "ASiC-S"),
            (zip("mimetypeapplication/vnd.bdoc-1.0"), "BDOC"),
            (zip("[Content_Types].xml"), "teksto redaktoriaus"),
            (zip("mimetypeapplication/vnd.oasis.opendocument.text"), "teksto redaktoriaus"),
            (zip("dokumentas.pdf"), "ZIP"),
            (b"CDOC\x02".to_vec(), "CDOC"),
            (b"<?xml version=\"1.0\"?><denc:EncryptedData/>".to_vec(), "CDOC"),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?><SignedDoc/>".to_vec(), "DDOC"),
            (b"<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>".to_vec(), "vien parašą"),
            (cms, ".p7m"),
            (b"-----BEGIN PKCS7-----\nMII".to_vec(), ".p7s"),
            (b"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime".to_vec(), "S/MIME"),
            (b"\xff\xd8\xff\xe0".to_vec(), "paveikslėlį"),
            (b"\0\0\0\x18ftypheic".to_vec(), "paveikslėlį"),
            (Vec::new(), "tuščias"),
        ] {
            let told = told(&bytes, bytes == document).unwrap();
            assert!(told.contains(name) && told.contains(".asice") && told.contains("2 žingsnyje"), "{told}");
        }
    }

    #[test]
    fn a_container_and_what_nobody_knows_get_no_name() {
        for bytes in [zip("mimetypeapplication/vnd.etsi.asic-e+zip dokumentas.pdf %PDF-1.7"), b"kita".to_vec(), vec![0; 9]] {
            assert_eq!(told(&bytes, false), None);
        }
    }
}

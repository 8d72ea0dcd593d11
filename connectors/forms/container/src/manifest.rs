//! `META-INF/manifest.xml` (OpenDocument 1.2, part 3). Nothing signs it, so nothing is taken from it: it only must not contradict.

use crate::{Flaw, signature, xml};

const NAMESPACE: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";
const ASIC_E: &str = "application/vnd.etsi.asic-e+zip";

/// Checks that a manifest lists the container with its type, each of its data files once, and nothing that is not in the container.
pub(crate) fn check(bytes: &[u8], data: &[&[u8]], names: &[Vec<u8>]) -> Result<(), Flaw> {
    let text = xml::decoded(bytes)?;
    let document = xml::parse(text)?;
    let root = document.document_element().filter(|root| xml::is(&document, *root, NAMESPACE, "manifest")).ok_or(Flaw::Manifest)?;
    let (mut containers, mut listed) = (0, vec![0; data.len()]);
    for entry in xml::children(&document, root) {
        let attribute = |name: &str| xml::attribute(&document, entry, Some(NAMESPACE), name);
        let path = attribute("full-path").filter(|_| xml::is(&document, entry, NAMESPACE, "file-entry")).ok_or(Flaw::Manifest)?;
        if path == "/" {
            containers += 1;
            if attribute("media-type") != Some(ASIC_E) {
                return Err(Flaw::Manifest);
            }
        } else if let Some(place) = data.iter().position(|name| signature::names(path, name)) {
            listed[place] += 1;
        } else if !names.iter().any(|name| name == path.as_bytes()) {
            return Err(Flaw::Manifest);
        }
    }
    if containers == 1 && listed.iter().all(|times| *times == 1) { Ok(()) } else { Err(Flaw::Manifest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(entries: &[(&str, &str)]) -> Result<(), Flaw> {
        let entry = |(path, kind): &(&str, &str)| format!("<m:file-entry m:full-path=\"{path}\" m:media-type=\"{kind}\"/>");
        let entries: String = entries.iter().map(entry).collect();
        let names = ["mimetype", "a b.pdf", "META-INF/signatures0.xml"].map(|name| name.as_bytes().to_vec());
        check(format!("<m:manifest xmlns:m=\"{NAMESPACE}\">{entries}</m:manifest>").as_bytes(), &[b"a b.pdf"], &names)
    }

    #[test]
    fn a_manifest_lists_the_container_and_the_document() {
        let (container, document) = (("/", ASIC_E), ("a b.pdf", "application/pdf"));
        assert_eq!(checked(&[container, document]), Ok(()));
        assert_eq!(checked(&[container, ("a%20b.pdf", "application/pdf"), ("META-INF/signatures0.xml", "")]), Ok(()));
        for wrong in [
            &[container][..],
            &[document],
            &[container, document, document],
            &[container, container, document],
            &[container, document, ("other.pdf", "application/pdf")],
            &[("/", "application/zip"), document],
        ] {
            assert_eq!(checked(wrong), Err(Flaw::Manifest), "{wrong:?}");
        }
        assert_eq!(check(b"<manifest/>", &[b""], &[]), Err(Flaw::Manifest));
        assert_eq!(check(b"<manifest>", &[b""], &[]), Err(Flaw::NotXml));
        assert_eq!(check(b"<!DOCTYPE manifest><manifest/>", &[b""], &[]), Err(Flaw::DocumentType));
    }
}

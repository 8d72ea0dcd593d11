//! Signed documents among the attachments: the certificate in them holds the signer's code, which not every role may see.

use super::ground::{Ground, Visitor, ground};
use super::safety::FUNDS;
use super::way::{draft, fill};

const CODE: &str = "38501010002";

/// A document of this kind, with the signer's code in clear wherever there is a signature.
fn document(ground: &Ground, signer: &Visitor, kind: &str) -> Vec<u8> {
    let plain = b"%PDF-1.7\n1 0 obj << /Type /Catalog >>\nendobj\n%%EOF\n".to_vec();
    let with = |part: &str| [b"%PDF-1.7\n".as_slice(), part.as_bytes(), b"\n%%EOF\n"].concat();
    let first_entry = |content: &str| {
        let mut header = vec![0; 30];
        header[..4].copy_from_slice(b"PK\x03\x04");
        for size in [18, 22] {
            header[size] = u8::try_from(content.len()).unwrap();
        }
        header[26] = 8;
        [&header, b"mimetype".as_slice(), content.as_bytes(), format!("serialNumber={CODE}").as_bytes()].concat()
    };
    match kind {
        "asice" => ground.place.sign(&signer.person.code, &plain),
        "adoc" => first_entry("application/vnd.lt.archyvai.adoc-2008"),
        "pdf" => plain,
        "signed pdf" => with(&format!("5 0 obj << /Type /Sig /ByteRange [0 1 2 3] /Contents ({CODE}) >> endobj")),
        "escaped names" => with(&format!("5 0 obj << /B#79teRange [0 1 2 3] /Contents ({CODE}) >> endobj")),
        "pdf with a container in it" => {
            let inner = first_entry("application/vnd.etsi.asic-e+zip");
            [
                with("5 0 obj << /F (a.asice) /EF << /F 6 0 R >> >> endobj\n6 0 obj << >>\nstream\n"),
                inner,
                b"\nendstream\nendobj\n".to_vec(),
            ]
            .concat()
        }
        other => unreachable!("{other}"),
    }
}

#[test]
fn a_signed_attachment_is_only_for_roles_that_see_codes_and_for_whoever_attached_it() {
    let Some(ground) = ground() else { return };
    let mut giver = ground.somebody("istaiga");
    let virs = ground.somebody("virs");
    let person = giver.person.clone();
    let mut attached = Vec::new();
    for kinds in [["asice", "adoc", "pdf"], ["signed pdf", "escaped names", "pdf with a container in it"]] {
        let id = draft(&mut giver.client, "lesos", &virs.code);
        for kind in kinds {
            let bytes = document(ground, &giver, kind);
            let page = giver.client.get(&format!("/pateiktis/{id}"));
            let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija")), ("veiksmas", "saugoti".to_owned())];
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            // A name that says something else than the content.
            let answer = giver.client.upload(&format!("/pateiktis/{id}"), &fields, ("priedas", "sutartis.pdf", &bytes)).unwrap();
            assert_eq!(answer.status, 200, "{kind}: {}", super::way::problems(&answer));
            let sql = format!("SELECT max(id) FROM attachment WHERE submission = {id}");
            attached.push((kind, format!("/pateiktis/{id}/priedas/{}", ground.count(&sql)), bytes));
        }
        fill(&ground.place, &mut giver.client, &person, id, &[], FUNDS);
    }
    let mut visitors = vec![("whoever attached it", giver, true), ("virs", virs, true)];
    let colleague = visitors[0].1.code.clone();
    visitors.push(("colleague", ground.somebody_of("istaiga", &colleague), false));
    for role in ["istaiga", "analitikas", "administratorius"] {
        visitors.push((role, ground.somebody(role), false));
    }
    for role in ["km", "lrtk", "zeit", "viea"] {
        visitors.push((role, ground.somebody(role), true));
    }
    for (role, visitor, sees_codes) in &mut visitors {
        for (kind, path, bytes) in &attached {
            let answer = visitor.client.get(path);
            let may = *sees_codes || *kind == "pdf";
            assert_eq!(answer.status, if may { 200 } else { 403 }, "{role}: {kind}");
            assert!(if may { answer.body == *bytes } else { answer.text().contains("Dokumentas pasirašytas") }, "{role}: {kind}");
            let page = visitor.client.get(path.split("/priedas").next().unwrap()).text();
            if !may && matches!(*kind, "asice" | "adoc") {
                assert!(!page.replace("&#x2f;", "/").contains(path.as_str()), "{role}: no link to what is refused");
            }
        }
    }
}

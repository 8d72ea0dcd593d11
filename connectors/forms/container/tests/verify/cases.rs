//! Containers as tools make them: good ones, and ones with something wrong in what is signed or in who signed.

use chrono::{DateTime, TimeDelta, Utc};
use container::{Flaw, Formed, Signed, Trust};

use crate::peer::{ONE, TWO, formed, now, peer};

/// Verifies a container of one document.
fn verify(container: &[u8], document: &[u8], trust: &Trust, now: DateTime<Utc>, formed: DateTime<Utc>) -> Result<Signed, Flaw> {
    container::verify(container, &[Formed { bytes: document, at: formed }], trust, now)
}

#[test]
fn what_independent_tools_sign_is_believed() {
    let Some(peer) = peer() else { return };
    let cases = peer.cases("good-");
    assert_eq!(cases.len(), 20, "{cases:?}");
    for case in cases {
        let signed = peer.believe(&peer.case(&case)).unwrap_or_else(|flaw| panic!("{case}: {flaw:?}"));
        assert_eq!(signed.signer.reveal(), ONE, "{case}");
        let minutes = match case.as_str() {
            "good-slow-clock" => -4,
            "good-fast-clock" => 64,
            _ => 20,
        };
        assert_eq!(signed.signed_at, formed() + TimeDelta::minutes(minutes), "{case}");
    }
}

#[test]
fn another_person_is_named_as_such() {
    let Some(peer) = peer() else { return };
    let signed = peer.believe(&peer.case("other-person")).unwrap();
    assert_eq!(signed.signer.reveal(), TWO);
    assert!(!format!("{signed:?}").contains(TWO));
}

#[test]
fn a_chain_leads_over_certificates_inside_the_container() {
    let Some(peer) = peer() else { return };
    let root = Trust::from_pem(&peer.pem("root.pem")).unwrap();
    let believed = |case: &str, trust: &Trust| verify(&peer.case(case), &peer.document, trust, now(), formed()).map(|_| ());
    assert_eq!(believed("issuer-beside", &root), Ok(()));
    assert_eq!(believed("issuer-in-values", &root), Ok(()));
    assert_eq!(believed("good-p256", &root), Err(Flaw::Chain));
    let issuer = Trust::from_pem(&peer.pem("issuer.pem")).unwrap();
    assert_eq!(believed("good-p256", &issuer), Ok(()));
    // What the container holds is a step at most, never a root.
    let stranger = Trust::from_pem(&peer.pem("stranger.pem")).unwrap();
    assert_eq!(believed("issuer-beside", &stranger), Err(Flaw::Chain));
    assert_eq!(believed("good-p256", &stranger.with_intermediates(&peer.pem("issuer.pem")).unwrap()), Err(Flaw::Chain));
}

#[test]
fn what_is_signed_is_our_document_and_the_properties() {
    let Some(peer) = peer() else { return };
    assert_eq!(peer.refusal("other-document"), Flaw::OtherDocument);
    assert_eq!(peer.refusal("signature-of-other-document"), Flaw::Altered);
    assert_eq!(peer.refusal("three-references"), Flaw::Profile("there is a reference to each file in the container, and to nothing else"));
    assert_eq!(peer.refusal("other-name"), Flaw::Profile("a reference leads to another file than one in the container"));
    // A file of such a name could be taken for an element of the signature, or the other way round.
    let one_each = Flaw::Profile("one reference leads to the signed properties, all others to documents");
    assert_eq!(peer.refusal("name-like-reference"), one_each);
    assert_eq!(peer.refusal("extra-file"), Flaw::ExtraFile);
    // Whoever signs the other document signs no less well: only the document decides.
    let other = peer.document.iter().map(|byte| if *byte == b'!' { b'?' } else { *byte }).collect::<Vec<_>>();
    assert_eq!(verify(&peer.case("good-p256"), &other, &peer.trust, now(), formed()), Err(Flaw::OtherDocument));
    assert_eq!(verify(&peer.case("good-p256"), b"", &peer.trust, now(), formed()), Err(Flaw::OtherDocument));
}

#[test]
fn several_documents_are_signed_at_once_and_nothing_else_with_them() {
    let Some(peer) = peer() else { return };
    let documents = ["document.pdf", "second.pdf", "third.pdf"].map(|name| peer.file(name));
    let believed = |case: &str, places: &[usize], formed: DateTime<Utc>| {
        let documents: Vec<Formed<'_>> = places.iter().map(|place| Formed { bytes: &documents[*place], at: formed }).collect();
        container::verify(&peer.case(case), &documents, &peer.trust, now()).map(|signed| signed.documents)
    };
    let at = |case: &str, places: &[usize]| believed(case, places, formed());
    // Which of those that might be there are there, in whatever order they lie.
    assert_eq!(at("several", &[0, 1]), Ok(vec![0, 1]));
    assert_eq!(at("several", &[1, 2, 0]), Ok(vec![0, 2]));
    assert_eq!(at("good-p256", &[2, 0]), Ok(vec![1]));
    // A file that is none of them refuses all.
    assert_eq!(at("several", &[0]), Err(Flaw::ExtraFile));
    assert_eq!(at("several", &[0, 2]), Err(Flaw::ExtraFile));
    assert_eq!(at("several", &[2, 2]), Err(Flaw::OtherDocument));
    assert_eq!(at("several", &[]), Err(Flaw::ExtraFile));
    // One document is not two, however often it lies there.
    assert_eq!(at("several-twice", &[0, 1]), Err(Flaw::ExtraFile));
    assert_eq!(at("several-twice", &[0, 0]), Ok(vec![0, 1]));
    // Each file is signed, and each reference leads to a file of its own.
    let each = Err(Flaw::Profile("there is a reference to each file in the container, and to nothing else"));
    assert_eq!(at("several-one-unsigned", &[0, 1]), each);
    assert_eq!(at("several-one-missing", &[0, 1]), each);
    let another = Err(Flaw::Profile("a reference leads to another file than one in the container"));
    assert_eq!(at("several-one-signed-twice", &[0, 1]), another);
    assert_eq!(at("several-names-escaped", &[0, 1]), another);
    assert_eq!(at("several-swapped", &[0, 1]), Err(Flaw::Altered));
    // Nobody signed one of them before it was made.
    let late = [Formed { bytes: &documents[0], at: formed() }, Formed { bytes: &documents[1], at: now() }];
    assert_eq!(container::verify(&peer.case("several"), &late, &peer.trust, now()), Err(Flaw::SigningTime));
}

#[test]
fn there_is_one_signature() {
    let Some(peer) = peer() else { return };
    assert_eq!(peer.refusal("no-signature"), Flaw::NoSignature);
    for case in ["two-signatures", "two-in-one-file", "countersigned"] {
        assert_eq!(peer.refusal(case), Flaw::SeveralSignatures, "{case}");
    }
}

#[test]
fn only_a_living_person_certified_by_our_authorities_is_believed() {
    let Some(peer) = peer() else { return };
    for (case, flaw) in [
        ("stranger", Flaw::Chain),
        ("self-signed", Flaw::Chain),
        ("expired-at-signing", Flaw::Expired),
        ("expired-since", Flaw::Expired),
        ("not-yet-valid", Flaw::Expired),
        ("login", Flaw::KeyUsage),
        ("foreigner", Flaw::NotAPerson),
        ("seal", Flaw::NotAPerson),
        ("nobody", Flaw::NotAPerson),
        ("two-codes", Flaw::NotAPerson),
        ("swapped-certificate", Flaw::WrongSigner),
    ] {
        assert_eq!(peer.refusal(case), flaw, "{case}");
    }
}

#[test]
fn weak_and_unknown_algorithms_are_refused() {
    let Some(peer) = peer() else { return };
    for case in ["sha1-signature", "sha1-digest", "sha1-certificate", "p384-with-256", "with-comments"] {
        assert_eq!(peer.refusal(case), Flaw::Algorithm, "{case}");
    }
    // The signature is sound, but nobody computes it: ring refuses keys of fewer than 2048 bits.
    assert_eq!(peer.refusal("short-key"), Flaw::Altered);
}

#[test]
fn the_signing_time_lies_between_forming_and_now() {
    let Some(peer) = peer() else { return };
    for case in ["early", "late", "no-zone", "no-time"] {
        assert_eq!(peer.refusal(case), Flaw::SigningTime, "{case}");
    }
    let at = |now, formed| verify(&peer.case("good-p256"), &peer.document, &peer.trust, now, formed).map(|_| ());
    assert_eq!(at(now() + TimeDelta::days(299), formed()), Ok(()));
    // Nothing proves that it was signed while the certificate was valid.
    assert_eq!(at(now() + TimeDelta::days(301), formed()), Err(Flaw::Expired));
    assert_eq!(at(formed(), formed()), Err(Flaw::SigningTime));
    assert_eq!(at(now(), now()), Err(Flaw::SigningTime));
    assert_eq!(at(chrono::DateTime::<chrono::Utc>::MAX_UTC, chrono::DateTime::<chrono::Utc>::MIN_UTC), Err(Flaw::Expired));
}

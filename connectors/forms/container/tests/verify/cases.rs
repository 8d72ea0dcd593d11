//! Containers as tools make them: good ones, and ones with something wrong in what is signed or in who signed.

use chrono::TimeDelta;
use container::{Flaw, Trust, verify};

use crate::peer::{ONE, TWO, formed, now, peer};

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
    assert_eq!(peer.refusal("three-references"), Flaw::Profile("SignedInfo holds its two methods and two references"));
    assert_eq!(peer.refusal("other-name"), Flaw::Profile("a reference leads to another file than the one in the container"));
    // A file of such a name could be taken for an element of the signature, or the other way round.
    let one_each = Flaw::Profile("one reference leads to the document, the other to the signed properties");
    assert_eq!(peer.refusal("name-like-reference"), one_each);
    assert_eq!(peer.refusal("extra-file"), Flaw::ExtraFile);
    // Whoever signs the other document signs no less well: only the document decides.
    let other = peer.document.iter().map(|byte| if *byte == b'!' { b'?' } else { *byte }).collect::<Vec<_>>();
    assert_eq!(verify(&peer.case("good-p256"), &other, &peer.trust, now(), formed()), Err(Flaw::OtherDocument));
    assert_eq!(verify(&peer.case("good-p256"), b"", &peer.trust, now(), formed()), Err(Flaw::OtherDocument));
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
